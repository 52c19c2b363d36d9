//! How many requests a cluster gets at once: fewer when it says that it has too many, and slowly more again.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Successes in a row, for each request that is allowed at once, before one more is.
const PATIENCE: usize = 10;

/// Lets a changing number of requests through.
pub(super) struct Gate {
    places: Arc<Semaphore>,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    most: usize,
    allowed: usize,
    /// Places that are still taken and do not come back.
    owed: usize,
    successes: usize,
    /// How often it got narrower, so that answers to requests from before do not count twice.
    narrowed: u64,
}

/// A place, given back by `Place::leave` or when dropped.
pub(super) struct Place<'a> {
    gate: &'a Gate,
    permit: Option<OwnedSemaphorePermit>,
    narrowed: u64,
}

/// What the server said of its load.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Load {
    /// It did what it was asked.
    Fine,
    /// It has too much to do.
    TooMuch,
    /// Nothing that tells.
    Unknown,
}

impl Gate {
    pub(super) fn new(most: usize) -> Self {
        let most = most.max(1);
        Self {
            places: Arc::new(Semaphore::new(most)),
            state: Mutex::new(State { most, allowed: most, owed: 0, successes: 0, narrowed: 0 }),
        }
    }

    /// Waits for a place.
    pub(super) async fn enter(&self) -> Place<'_> {
        // The semaphore is never closed; were it, nobody would be kept out.
        let permit = Arc::clone(&self.places).acquire_owned().await.ok();
        Place { gate: self, permit, narrowed: self.state().narrowed }
    }

    /// How many requests may be under way at once.
    #[cfg(test)]
    pub(super) fn allowed(&self) -> usize {
        self.state().allowed
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Place<'_> {
    /// Gives the place back and draws the conclusion from the answer.
    pub(super) fn leave(self, load: Load) {
        let mut state = self.gate.state();
        match load {
            Load::TooMuch if state.narrowed == self.narrowed => state.narrow(&self.gate.places),
            Load::Fine => state.succeed(&self.gate.places),
            Load::TooMuch | Load::Unknown => {}
        }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut state = self.gate.state();
        if state.owed > 0
            && let Some(permit) = self.permit.take()
        {
            state.owed -= 1;
            permit.forget();
        }
    }
}

impl State {
    fn narrow(&mut self, places: &Semaphore) {
        let allowed = (self.allowed / 2).max(1);
        let fewer = self.allowed - allowed;
        self.owed += fewer - places.forget_permits(fewer);
        self.allowed = allowed;
        self.successes = 0;
        self.narrowed += 1;
    }

    fn succeed(&mut self, places: &Semaphore) {
        if self.allowed >= self.most {
            return;
        }
        self.successes += 1;
        if self.successes < PATIENCE * self.allowed {
            return;
        }
        self.successes = 0;
        self.allowed += 1;
        if self.owed > 0 {
            self.owed -= 1;
        } else {
            places.add_permits(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn halves_once_for_answers_to_the_same_moment() {
        let gate = Gate::new(8);
        let places = [gate.enter().await, gate.enter().await, gate.enter().await];
        for place in places {
            place.leave(Load::TooMuch);
        }
        assert_eq!(gate.allowed(), 4);
        assert_eq!(gate.places.available_permits(), 4);
    }

    #[tokio::test]
    async fn places_that_are_taken_do_not_come_back() {
        let gate = Gate::new(4);
        let mut places = Vec::new();
        for _ in 0..4 {
            places.push(gate.enter().await);
        }
        places.pop().unwrap().leave(Load::TooMuch);
        assert_eq!(gate.allowed(), 2);
        drop(places);
        assert_eq!(gate.places.available_permits(), 2);
    }

    #[tokio::test]
    async fn never_below_one_and_slowly_back() {
        let gate = Gate::new(4);
        for _ in 0..5 {
            gate.enter().await.leave(Load::TooMuch);
        }
        assert_eq!(gate.allowed(), 1);
        for _ in 0..PATIENCE {
            gate.enter().await.leave(Load::Fine);
        }
        assert_eq!(gate.allowed(), 2);
        for _ in 0..PATIENCE * 100 {
            gate.enter().await.leave(Load::Fine);
        }
        assert_eq!(gate.allowed(), 4);
        assert_eq!(gate.places.available_permits(), 4);
    }
}
