//! Operations against a script of answers, on a clock that only the operation moves.

use std::cell::RefCell;
use std::collections::VecDeque;

use super::super::object::Object;
use super::*;
use crate::upload::Edit;

const SECOND: Duration = Duration::from_secs(1);
const TIMEOUT: Duration = Duration::from_secs(60);

fn object() -> Object {
    Object { cluster: "build01".into(), namespace: "ci".into(), name: "config".into() }
}

fn read() -> Request {
    Request::get(object()).unwrap()
}

fn guarded() -> Request {
    let body = br#"{"metadata":{"resourceVersion":"7"}}"#.to_vec();
    Request::write(object(), Edit::Replace { body }, "m").unwrap()
}

fn unguarded() -> Request {
    Request::write(object(), Edit::Apply { manager: "m".into(), force: false, body: b"{}".into() }, "m").unwrap()
}

fn answer(code: u16) -> Sent {
    Sent::Answer { code, retry_after: None, body: b"hunter2".into() }
}

fn later(seconds: u64) -> Sent {
    Sent::Answer { code: 429, retry_after: Some(SECOND * u32::try_from(seconds).unwrap()), body: b"busy".into() }
}

fn refused() -> Sent {
    Sent::NoConnection("connection refused".into())
}

fn reset() -> Sent {
    Sent::Lost("connection reset by peer".into())
}

/// What an operation comes to, how many attempts it makes and how long it takes. The last answer is given for ever.
async fn outcome(request: &Request, answers: Vec<Sent>) -> (Result<Reply, Failure>, u32, Duration) {
    let answers = RefCell::new(VecDeque::from(answers));
    let attempts = RefCell::new(0);
    let start = Instant::now();
    let result = persist(request, &Policy::within(TIMEOUT), &Stop::new(), || {
        *attempts.borrow_mut() += 1;
        let mut answers = answers.borrow_mut();
        let sent = if answers.len() > 1 { answers.pop_front().unwrap() } else { answers[0].clone() };
        async { Attempt { sent, queued: Duration::ZERO } }
    })
    .await;
    (result, attempts.into_inner(), start.elapsed())
}

#[tokio::test(start_paused = true)]
async fn waits_as_long_as_asked() {
    let (result, attempts, time) = outcome(&guarded(), vec![later(3), later(3), answer(200)]).await;
    let reply = result.unwrap();
    assert_eq!((reply.attempts, attempts), (3, 3));
    assert!(time >= SECOND * 6 && time < SECOND * 8 && reply.waited == time, "{time:?}");
}

#[tokio::test(start_paused = true)]
async fn gives_up_in_time_with_a_bounded_number_of_requests() {
    for request in [read(), guarded()] {
        let (result, attempts, time) = outcome(&request, vec![later(1)]).await;
        assert!(matches!(result.unwrap_err(), Failure::Overloaded { .. }));
        assert!(attempts <= 30 && time <= TIMEOUT + SECOND, "{attempts} {time:?}");
        let (result, attempts, time) = outcome(&request, vec![refused()]).await;
        let failure = result.unwrap_err();
        assert!(matches!(failure, Failure::Unreachable { .. }) && failure.class().exit_status() == 8);
        assert!(attempts <= 30 && time <= TIMEOUT + SECOND && time > TIMEOUT - SECOND, "{attempts} {time:?}");
        let (result, attempts, _) = outcome(&request, vec![later(3600)]).await;
        assert!(matches!(result.unwrap_err(), Failure::Overloaded { attempts: 1, .. }) && attempts == 1);
    }
}

#[tokio::test(start_paused = true)]
async fn what_does_not_pass_is_tried_once() {
    for code in [400, 401, 403, 404, 409, 413, 422, 500] {
        let (result, attempts, time) = outcome(&guarded(), vec![answer(code)]).await;
        assert!(result.is_err() && attempts == 1 && time.is_zero(), "{code}");
    }
}

#[tokio::test(start_paused = true)]
async fn reads_are_repeated_whatever_happened() {
    let answers = vec![reset(), Sent::TooSlow, refused(), answer(504), answer(502), answer(503), answer(200)];
    let (result, attempts, _) = outcome(&read(), answers).await;
    assert!(result.is_ok() && attempts == 7);
    let (result, _, _) = outcome(&read(), vec![Sent::TooSlow]).await;
    assert!(matches!(result.unwrap_err(), Failure::TimedOut { .. }));
}

#[tokio::test(start_paused = true)]
async fn a_write_without_an_answer_is_not_repeated() {
    for request in [guarded(), unguarded()] {
        for lost in [reset(), Sent::TooSlow] {
            let (result, attempts, _) = outcome(&request, vec![answer(503), lost]).await;
            let failure = result.unwrap_err();
            assert!(matches!(failure, Failure::Unknown { .. }) && failure.asks_to_read_again() && attempts == 2);
        }
        let (result, attempts, _) = outcome(&request, vec![refused(), answer(503), later(1), answer(200)]).await;
        assert!(result.is_ok() && attempts == 4);
    }
}

#[tokio::test(start_paused = true)]
async fn doubtful_answers_are_repeated_only_where_a_second_write_is_refused() {
    let (result, attempts, _) = outcome(&unguarded(), vec![answer(504), answer(200)]).await;
    assert!(matches!(result.unwrap_err(), Failure::Unknown { .. }) && attempts == 1);
    let (result, attempts, _) = outcome(&guarded(), vec![answer(504), answer(409)]).await;
    assert!(matches!(result.unwrap_err(), Failure::Changed { .. }) && attempts == 2);
    // Whatever came last: the first may have taken place.
    let (result, _, _) = outcome(&guarded(), vec![answer(504), answer(503)]).await;
    assert!(matches!(result.unwrap_err(), Failure::Unknown { .. }));
}

#[tokio::test(start_paused = true)]
async fn waiting_for_a_turn_is_not_counted() {
    let count = RefCell::new(0);
    let result = persist(&guarded(), &Policy::within(TIMEOUT), &Stop::new(), || {
        *count.borrow_mut() += 1;
        let code = if *count.borrow() < 3 { 503 } else { 200 };
        async move {
            sleep(TIMEOUT * 5).await;
            Attempt { sent: answer(code), queued: TIMEOUT * 5 }
        }
    })
    .await;
    assert_eq!(result.unwrap().attempts, 3);
}

#[tokio::test(start_paused = true)]
async fn when_stopped_nothing_is_written_and_reads_go_on() {
    let stop = Stop::new();
    let send = || async { Attempt { sent: answer(200), queued: Duration::ZERO } };
    stop.set();
    let failure = persist(&guarded(), &Policy::within(TIMEOUT), &stop, send).await.unwrap_err();
    assert!(matches!(failure, Failure::Stopped { .. }));
    assert!(persist(&read(), &Policy::within(TIMEOUT), &stop, send).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn a_stop_ends_waiting_at_once() {
    for (code, is_known) in [(503, true), (504, false)] {
        let (stop, request, policy, start) = (Stop::new(), guarded(), Policy::within(TIMEOUT), Instant::now());
        let send = || async move {
            let sent = Sent::Answer { code, retry_after: Some(SECOND * 30), body: Vec::new() };
            Attempt { sent, queued: Duration::ZERO }
        };
        let (result, ()) = tokio::join!(persist(&request, &policy, &stop, send), async {
            sleep(SECOND).await;
            stop.set();
        });
        let failure = result.unwrap_err();
        assert_eq!(matches!(failure, Failure::Stopped { .. }), is_known, "{failure:?}");
        assert_eq!(start.elapsed(), SECOND);
    }
}

#[test]
fn chances_differ() {
    let chances: Vec<f64> = (0..50).map(|_| chance()).collect();
    assert!(chances.iter().all(|chance| (0.0..=1.0).contains(chance)));
    assert!(chances.iter().any(|chance| *chance != chances[0]));
}
