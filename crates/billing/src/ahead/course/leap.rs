//! Leaps over hours that are alike, which are closed together.
//!
//! In:  a course at an instant. Out: the same behind such hours.
//! Invariant: nothing else happens within a leap, and the balance keeps its sign.
//! Rules: R-SET-6.

use super::{CourseError, Walk};
use crate::used::AggregateError;
use units::{CycleKind, Timestamp};

impl Walk<'_> {
    /// Closes hours that are alike and at whose ends nothing else happens, all but the last that leaves the sign of the balance as
    /// it is.
    pub(super) fn leap(&mut self, until: Timestamp) -> Result<Result<(), AggregateError>, CourseError> {
        let Some(at) = self.tracks.iter().position(|it| it.kind() == CycleKind::Hour) else {
            return Ok(Ok(()));
        };
        let mut others = vec![until];
        for it in self.tracks.iter().filter(|it| it.kind() != CycleKind::Hour) {
            others.push(self.closes(it)?);
        }
        others.extend(self.due.first().map(|it| it.0));
        others.extend(self.attempts.first().map(|it| it.0));
        let track = &self.tracks[at];
        let (first, end) = (self.closes(track)?, others.into_iter().min().unwrap_or(until));
        let Some((alike, taken)) = track.alike() else { return Ok(Ok(())) };
        if end <= first || taken.minor < 0 {
            return Ok(Ok(()));
        }
        // Closes at `first`, an hour later, and so on: those before `end`.
        let before = u64::try_from((end.as_second() - first.as_second() + 3_599) / 3_600).unwrap_or(0);
        let paid = match (self.since, taken.minor) {
            (Some(_), _) | (None, 0) => u64::MAX,
            (None, each) => u64::try_from(self.balance.max(0) / each).unwrap_or(u64::MAX),
        };
        let cycles = alike.min(before).min(paid);
        if cycles == 0 {
            return Ok(Ok(()));
        }
        match self.tracks[at].skip(cycles, self.calendar) {
            Ok(taken) => self.take(CycleKind::Hour, &taken),
            Err(error) => return Ok(Err(error)),
        }
        Ok(Ok(()))
    }
}
