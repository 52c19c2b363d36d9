//! Whether to try again, and when. Everything that decides is an argument, so that it can be tested without a clock.

use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

/// How patient to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// How long an operation may take with all its retries.
    pub timeout: Duration,
    /// The wait after the first attempt; it doubles with each.
    pub first_wait: Duration,
    /// The longest wait that is chosen here; a server may ask for a longer one.
    pub longest_wait: Duration,
    /// The most attempts of one operation, whatever time is left.
    pub most_attempts: u32,
}

impl Policy {
    /// The usual waits within a time.
    pub fn within(timeout: Duration) -> Self {
        Self {
            timeout,
            first_wait: Duration::from_millis(250),
            longest_wait: Duration::from_secs(10),
            most_attempts: 30,
        }
    }

    /// What to do after attempt number `attempt`, counted from 1, failed in a way that may pass.
    ///
    /// `elapsed` is the time since the operation began, `retry_after` what the server asked for, `chance` anything from 0
    /// to 1, so that many clients do not come back at the same moment. A wait is never shorter than the server asked for:
    /// when that is more than what is left, there is no sense in trying.
    pub fn decide(&self, attempt: u32, retry_after: Option<Duration>, elapsed: Duration, chance: f64) -> Decision {
        let left = self.timeout.saturating_sub(elapsed);
        if attempt >= self.most_attempts || left.is_zero() {
            return Decision::GiveUp;
        }
        let chance = if chance.is_finite() { chance.clamp(0.0, 1.0) } else { 0.0 };
        let doubled = self.first_wait.saturating_mul(1 << attempt.saturating_sub(1).min(16));
        let own = doubled.min(self.longest_wait).mul_f64(0.5 + chance / 2.0);
        match retry_after {
            Some(asked) if asked > left => Decision::GiveUp,
            Some(asked) => Decision::Wait(own.max(asked.saturating_add(own.min(asked / 4))).min(left).max(asked)),
            // The last attempt is made when time is up rather than not at all.
            None => Decision::Wait(own.min(left)),
        }
    }
}

/// See [`Policy::decide`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Try again after this.
    Wait(Duration),
    /// It is enough.
    GiveUp,
}

/// Anything from 0 to 1, different from program to program and from call to call.
pub fn chance() -> f64 {
    f64::from(u16::try_from(RandomState::new().hash_one(0u8) & 0xffff).unwrap_or(0)) / f64::from(u16::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn wait(decision: Decision) -> Duration {
        match decision {
            Decision::Wait(time) => time,
            Decision::GiveUp => panic!("gave up"),
        }
    }

    #[test]
    fn waits_double_up_to_the_longest() {
        let policy = Policy::within(SECOND * 600);
        let waits = (1..=9).map(|attempt| wait(policy.decide(attempt, None, SECOND, 1.0)).as_millis());
        assert_eq!(Vec::from_iter(waits), [250, 500, 1000, 2000, 4000, 8000, 10000, 10000, 10000]);
    }

    #[test]
    fn chance_takes_off_up_to_half() {
        let policy = Policy::within(SECOND * 600);
        assert_eq!(wait(policy.decide(3, None, SECOND, 0.0)).as_millis(), 500);
        assert_eq!(wait(policy.decide(3, None, SECOND, 0.5)).as_millis(), 750);
        assert_eq!(wait(policy.decide(3, None, SECOND, f64::NAN)).as_millis(), 500);
    }

    #[test]
    fn never_comes_back_earlier_than_asked() {
        let policy = Policy::within(SECOND * 60);
        for chance in [0.0, 0.3, 1.0] {
            for attempt in 1..5 {
                let time = wait(policy.decide(attempt, Some(SECOND * 3), SECOND, chance));
                assert!(time >= SECOND * 3 && time < SECOND * 4, "{time:?}");
            }
        }
        assert_eq!(wait(policy.decide(1, Some(SECOND * 3), SECOND * 57, 1.0)), SECOND * 3);
    }

    #[test]
    fn gives_up_when_the_server_asks_for_more_than_is_left() {
        let policy = Policy::within(SECOND * 10);
        assert_eq!(policy.decide(1, Some(SECOND * 11), Duration::ZERO, 0.5), Decision::GiveUp);
        assert_eq!(policy.decide(1, Some(SECOND * 3), SECOND * 8, 0.5), Decision::GiveUp);
        assert_eq!(policy.decide(1, Some(Duration::MAX), SECOND * 8, 0.5), Decision::GiveUp);
    }

    #[test]
    fn gives_up_when_time_or_attempts_are_used_up() {
        let policy = Policy::within(SECOND * 10);
        assert_eq!(policy.decide(5, None, SECOND * 10, 0.5), Decision::GiveUp);
        assert_eq!(policy.decide(5, None, SECOND * 11, 0.5), Decision::GiveUp);
        assert_eq!(wait(policy.decide(9, None, SECOND * 9, 1.0)), SECOND, "the last attempt is made when time is up");
        assert_eq!(Policy::within(SECOND * 9999).decide(30, None, SECOND, 0.5), Decision::GiveUp);
        assert_eq!(policy.decide(u32::MAX, None, Duration::ZERO, 0.5), Decision::GiveUp);
    }

    #[test]
    fn asked_for_nothing_is_no_busy_loop() {
        let policy = Policy::within(SECOND * 10);
        let mut elapsed = Duration::ZERO;
        let mut attempt = 1;
        while let Decision::Wait(time) = policy.decide(attempt, Some(Duration::ZERO), elapsed, 0.0) {
            elapsed += time;
            attempt += 1;
        }
        assert!(attempt <= 10, "{attempt}");
    }
}
