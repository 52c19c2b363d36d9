//! One operation: attempts until it is done, fails for good, or patience ends.
//!
//! The difference between reads and writes is made here. A read that got no answer is sent again. A write that got none may
//! have taken place: it ends as [`Failure::Unknown`], so that whoever asked reads before deciding. Where an answer leaves the
//! same doubt (504 and the like) only a write that would be refused the second time is sent again.

use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, sleep};

use super::answer::{Ill, Sent, Trouble, Verdict, judge};
use super::failure::Failure;
use super::policy::{Decision, Policy, chance};
use super::request::{Effect, Request};

/// One attempt, and how long it had to wait for its turn.
pub(super) struct Attempt {
    pub sent: Sent,
    pub queued: Duration,
}

/// What an operation that is done has led to.
#[derive(Debug)]
pub(super) struct Reply {
    /// The body of the answer; nothing when there is no such object.
    pub body: Option<Vec<u8>>,
    pub attempts: u32,
    pub waited: Duration,
}

/// Whether writes have stopped.
pub(super) struct Stop(watch::Sender<bool>);

impl Stop {
    pub(super) fn new() -> Self {
        Self(watch::Sender::new(false))
    }

    pub(super) fn set(&self) {
        self.0.send_replace(true);
    }

    pub(super) fn is_set(&self) -> bool {
        *self.0.borrow()
    }

    /// Ends when writes have stopped.
    async fn happens(&self) {
        // It fails when the sender is gone, which is this.
        let _ = self.0.subscribe().wait_for(|is_set| *is_set).await;
    }
}

/// Sends a request until it is done, fails, or it is enough.
pub(super) async fn persist<F>(
    request: &Request,
    policy: &Policy,
    stop: &Stop,
    mut send: impl FnMut() -> F,
) -> Result<Reply, Failure>
where
    F: Future<Output = Attempt>,
{
    let start = Instant::now();
    let mut queued = Duration::ZERO;
    let mut doubt = None;
    let mut last: Option<Trouble> = None;
    let mut attempts = 0;
    loop {
        if request.is_write() && stop.is_set() {
            return Err(unknown_or(doubt, request, Failure::Stopped { object: request.object.clone() }));
        }
        attempts += 1;
        let attempt = send().await;
        queued += attempt.queued;
        let trouble = match judge(request, attempt.sent) {
            Verdict::Done(body) => return Ok(Reply { body: Some(body), attempts, waited: start.elapsed() }),
            Verdict::Absent => return Ok(Reply { body: None, attempts, waited: start.elapsed() }),
            // It was not sent, so that what became of an attempt before is still open.
            Verdict::Failed(failure @ (Failure::Unreachable { .. } | Failure::Stopped { .. })) => {
                // What went wrong when it was sent says more than that nobody sends it any more.
                let failure = match (failure, last) {
                    (Failure::Unreachable { .. }, Some(last)) => {
                        last.into_failure(request, attempts - 1, start.elapsed())
                    }
                    (failure, _) => failure,
                };
                return Err(unknown_or(doubt, request, failure));
            }
            Verdict::Failed(failure) => return Err(failure),
            Verdict::Later(trouble) => trouble,
        };
        if trouble.is_ambiguous && request.is_write() {
            let cause = trouble.cause();
            if request.effect == Effect::Unguarded || trouble.had_no_answer() {
                return Err(Failure::Unknown { object: request.object.clone(), cause });
            }
            doubt = Some(cause);
        }
        let spent = start.elapsed().saturating_sub(queued);
        match policy.decide(attempts, trouble.retry_after, spent, chance()) {
            Decision::GiveUp => {
                let failure = trouble.into_failure(request, attempts, start.elapsed());
                return Err(unknown_or(doubt, request, failure));
            }
            Decision::Wait(time) if request.is_write() => tokio::select! {
                () = sleep(time) => {}
                () = stop.happens() => {}
            },
            Decision::Wait(time) => sleep(time).await,
        }
        last = Some(trouble);
    }
}

impl Trouble {
    fn had_no_answer(&self) -> bool {
        matches!(self.kind, Ill::Unreachable(_) | Ill::TooSlow)
    }
}

fn unknown_or(doubt: Option<String>, request: &Request, failure: Failure) -> Failure {
    match doubt {
        Some(cause) => Failure::Unknown { object: request.object.clone(), cause },
        None => failure,
    }
}

#[cfg(test)]
mod tests;
