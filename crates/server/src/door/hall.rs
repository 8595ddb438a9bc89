//! Who is connected, and who has to go when there is no room.
//!
//! In:  connections as they come, are served and end. Out: a seat, or none; connections that are sent away.
//! Invariant: nobody who has shown a key is sent away for somebody who has shown none, and nobody in the middle of a
//! request that has shown one is sent away at all.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::Notify;
use web::guest::Guest;
use web::telemetry;

/// How long a connection on which no key was shown may do nothing.
const IDLE_OF_STRANGERS: Duration = Duration::from_secs(20);
/// How long one on which a key was shown may do nothing.
pub(super) const IDLE_OF_KNOWN: Duration = Duration::from_secs(120);
/// Of so many, one goes at once when there is no room, so that the next do not have to look for one each.
const AT_ONCE: usize = 32;
/// How often it is said that there is little room.
const SAID: Duration = Duration::from_secs(60);

/// Those who are connected, by the number of their seat, the oldest first.
pub(super) struct Hall {
    most: usize,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    next: u64,
    seats: BTreeMap<u64, Arc<Place>>,
    said: Option<Instant>,
}

/// What is known of a connection.
#[derive(Debug)]
struct Place {
    guest: Guest,
    doing: Mutex<Doing>,
    away: Notify,
}

/// What it does, and since when.
#[derive(Clone, Copy, Debug)]
struct Doing {
    /// Requests that are worked at.
    asked: usize,
    /// Answers that are on their way out.
    told: usize,
    since: Instant,
}

impl Doing {
    fn nothing() -> Doing {
        Doing { asked: 0, told: 0, since: Instant::now() }
    }

    const fn is_nothing(&self) -> bool {
        self.asked == 0 && self.told == 0
    }
}

/// The seat of a connection; it is free when this is dropped.
pub(super) struct Seat {
    hall: Arc<Hall>,
    number: u64,
    place: Arc<Place>,
}

/// Who goes before whom, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    IdleStranger,
    BusyStranger,
    IdleKnown,
}

impl Place {
    fn doing(&self) -> MutexGuard<'_, Doing> {
        self.doing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn does(&self, change: impl FnOnce(&mut Doing)) {
        let mut doing = self.doing();
        change(&mut doing);
        doing.since = Instant::now();
    }

    /// Its rank among those who may have to go; `None` for one that stays.
    fn rank(&self) -> Option<Rank> {
        match (self.guest.is_stranger(), self.doing().is_nothing()) {
            (true, true) => Some(Rank::IdleStranger),
            (true, false) => Some(Rank::BusyStranger),
            (false, true) => Some(Rank::IdleKnown),
            (false, false) => None,
        }
    }

    /// Whether it did nothing for too long, or takes no more of its answer.
    fn is_over(&self) -> bool {
        let longest = if self.guest.is_stranger() { IDLE_OF_STRANGERS } else { IDLE_OF_KNOWN };
        let doing = *self.doing();
        doing.asked == 0 && doing.since.elapsed() > longest
    }
}

impl Hall {
    pub fn new(most: usize) -> Hall {
        metrics::gauge!(telemetry::CONNECTIONS_MOST).set(most as f64);
        Hall { most, state: Mutex::default() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A seat for somebody new; `None` where everybody who is here is served and has shown a key.
    pub fn enter(self: &Arc<Hall>) -> Option<Seat> {
        if self.state().seats.len() >= self.most && self.make_room() == 0 {
            closed("no_room", 1);
            return None;
        }
        let doing = Mutex::new(Doing::nothing());
        let place = Arc::new(Place { guest: Guest::default(), doing, away: Notify::new() });
        let mut state = self.state();
        let number = state.next;
        state.next += 1;
        state.seats.insert(number, place.clone());
        Some(Seat { hall: self.clone(), number, place })
    }

    /// Sends away some of those who have to go first; gives how many.
    pub fn make_room(&self) -> usize {
        let mut state = self.state();
        let mut may_go: Vec<(Rank, Instant, u64)> = Vec::new();
        for (number, place) in &state.seats {
            let since = place.doing().since;
            may_go.extend(place.rank().map(|rank| (rank, since, *number)));
        }
        may_go.sort_unstable();
        let first = may_go.first().map(|it| it.0);
        // Many idle strangers go together, of the others one.
        let many = if first == Some(Rank::IdleStranger) { (self.most / AT_ONCE).max(1) } else { 1 };
        let go: Vec<u64> = may_go.iter().filter(|it| Some(it.0) == first).map(|it| it.2).take(many).collect();
        send_away(&mut state, &go, "room");
        self.say(&mut state);
        go.len()
    }

    /// Sends away those who did nothing for too long, and counts the others.
    pub fn look_around(&self) {
        let mut state = self.state();
        let over: Vec<u64> = state.seats.iter().filter(|it| it.1.is_over()).map(|it| *it.0).collect();
        send_away(&mut state, &over, "idle");
        let strangers = state.seats.values().filter(|it| it.guest.is_stranger()).count();
        let known = state.seats.len() - strangers;
        for (key, count) in [("none", strangers), ("valid", known)] {
            metrics::gauge!(telemetry::CONNECTIONS, "key" => key).set(count as f64);
        }
        if state.seats.len() * 5 >= self.most * 4 {
            self.say(&mut state);
        }
    }

    /// Says that there is little room, now and then.
    fn say(&self, state: &mut State) {
        if state.said.is_some_and(|it| it.elapsed() < SAID) {
            return;
        }
        state.said = Some(Instant::now());
        let (open, most) = (state.seats.len(), self.most);
        tracing::warn!(
            open,
            most,
            "connections: there is little room; idle ones without a key are closed first. Raise the limit of open files \
             (ulimit -n), or let a proxy keep connections apart"
        );
    }
}

fn send_away(state: &mut State, numbers: &[u64], reason: &'static str) {
    for place in numbers.iter().filter_map(|it| state.seats.remove(it)) {
        place.away.notify_one();
    }
    closed(reason, numbers.len());
}

fn closed(reason: &'static str, many: usize) {
    metrics::counter!(telemetry::CONNECTIONS_CLOSED, "reason" => reason).increment(many as u64);
}

impl Seat {
    /// Whoever sits here.
    pub fn guest(&self) -> Guest {
        self.place.guest.clone()
    }

    /// A request came.
    pub fn begins(&self) {
        self.place.does(|it| it.asked += 1);
    }

    /// A request is answered; the answer is on its way out.
    pub fn answers(&self) {
        self.place.does(|it| {
            it.asked -= 1;
            it.told += 1;
        });
    }

    /// The client takes more of an answer.
    pub fn goes_on(&self) {
        self.place.does(|_| {});
    }

    /// The client has the answer, or takes no more of it.
    pub fn ends(&self) {
        self.place.does(|it| it.told -= 1);
    }

    /// Waits until the connection has to go.
    pub async fn sent_away(&self) {
        self.place.away.notified().await;
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.hall.state().seats.remove(&self.number);
    }
}

#[cfg(test)]
mod tests;
