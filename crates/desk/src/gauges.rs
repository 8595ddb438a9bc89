//! Gauges: how much waits for somebody to look after it.
//!
//! In:  a transaction. Out: counts by state or reason, those of nothing too.

use super::Refusal;
use super::usage::Reason;
use billing::provision::State;
use store::Tx;

/// What waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gauges {
    /// Accounts that a settlement set aside.
    pub set_aside: usize,
    /// Tasks that are not over.
    pub tasks: Vec<(State, i64)>,
    /// Readings in quarantine.
    pub quarantined: Vec<(Reason, i64)>,
}

/// Counts what waits now.
pub fn read(tx: &mut Tx<'_>) -> Result<Gauges, Refusal> {
    let set_aside = store::settlements::aside(tx)?.len();
    let counts = store::tasks::counts(tx)?;
    let tasks = [State::Open, State::Waiting, State::Failed];
    let tasks = tasks.map(|state| (state, counts.iter().find(|it| it.0 == state).map_or(0, |it| it.1)));
    let counts = store::quarantine::reasons(tx)?;
    let count =
        |reason: Reason| counts.iter().find(|it| it.reason == reason.as_str()).map_or(0, |it| it.count);
    let quarantined = Reason::ALL.map(|reason| (reason, count(reason)));
    Ok(Gauges { set_aside, tasks: tasks.into(), quarantined: quarantined.into() })
}
