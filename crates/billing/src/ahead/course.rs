//! The course of an account: everything that time brings, one instant after another, if nobody does anything.
//!
//! In:  its money, meters, resources, as they stand. Out: what happens when, and what is left of the money then.
//! Invariant: at one instant in the order of the rules: hour, day and month runs, renewals, arrears, lives. Each is decided by what
//! decides it when it happens; between two instants nothing happens.
//! Rules: R-SET-6, R-FRZ-2, R-REN-2, R-EXP-1 to R-EXP-5, R-ARR-1 to R-ARR-8.

mod broken;
mod leap;

pub use broken::Broken;

use super::track::{Meters, Taken, Track};
use super::{Coming, Step};
use crate::arrears;
use crate::book::Product;
use crate::life::{self, Standing};
use crate::renewal::{self, Failure, PaidTerm, RenewalError, Still, Term};
use crate::resource::{EndedBy, Event, Resource, ResourceError, State};
use crate::story::What;
use crate::used::AggregateError;
use std::collections::BTreeSet;
use units::calendar::{CalendarError, seconds_after, whole_second};
use units::{Calendar, Currency, CycleKind, Money, MoneyError, ResourceId, Timestamp};

/// Why a course cannot be told.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CourseError {
    #[error(transparent)]
    Calendar(#[from] CalendarError),
    #[error(transparent)]
    Resource(#[from] ResourceError),
    #[error(transparent)]
    Renewal(#[from] RenewalError),
    #[error(transparent)]
    Money(#[from] MoneyError),
}

/// More happens to an account than is told.
const MOST: usize = 20_000;
/// So many instants are looked at, however little happens at each.
const MOST_INSTANTS: usize = 50_000;
/// So many resources are charged, each for a cycle: about a second of work.
const MOST_CHARGED: u64 = 2_000_000;

/// The money of an account.
#[derive(Clone, Copy, Debug)]
pub struct Purse {
    /// All of it, less what is owed, and less what paid orders take when they are delivered.
    pub balance: Money,
    /// How much may be owed: it lasts like money, and is none. Source: R-ARR-9.
    pub credit: Money,
    /// What is held for resources.
    pub held: Money,
    pub arrears_since: Option<Timestamp>,
}

/// A resource as it stands.
#[derive(Clone, Debug)]
pub struct Living<'a> {
    pub resource: Resource,
    /// As the book says by which it lives.
    pub product: &'a Product,
    /// What is to be held for it.
    pub target: Money,
    /// Until when an order that renews or changes it waits for its payment: until then nothing is renewed by itself.
    pub open_until: Option<Timestamp>,
}

/// What a renewal by itself would cost, and for how long it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Price {
    pub total: Money,
    pub term: Term,
}

/// What a renewal costs at an instant; `None` where that cannot be said.
pub type Prices<'a> = dyn FnMut(&Resource, Timestamp) -> Result<Option<Price>, RenewalError> + 'a;

/// Where a course begins.
#[derive(Debug)]
pub struct Begin<'a> {
    pub now: Timestamp,
    /// Nothing at it or later is told.
    pub until: Timestamp,
    pub calendar: &'a Calendar,
    /// How long after its end a cycle closes.
    pub delay_seconds: u64,
    /// The day of the deadlines of the account. Source: R-PRE-3.
    pub fixed: Option<u8>,
    pub purse: Purse,
    pub lives: Vec<Living<'a>>,
    pub meters: Vec<Meters>,
}

/// What is ahead of an account.
#[derive(Clone, Debug)]
pub struct Course {
    /// All that lies before is told: the end that was asked for, or where it could not be gone on.
    pub until: Timestamp,
    /// Why it ends before it was to.
    pub broken: Option<Broken>,
    pub steps: Vec<Step>,
    /// When a bill takes more than there is for the first time.
    pub gone: Option<Timestamp>,
    /// What a day costs as everything stands, in 1e-8; or why that cannot be said.
    pub a_day_e8: Result<i128, AggregateError>,
    /// What is left at the end, without the credit.
    pub balance: Money,
    /// The resources as they stand at the end.
    pub resources: Vec<Resource>,
}

/// Tells what is ahead. Errors: an instant or a sum that cannot be written.
pub fn run(begin: Begin<'_>, prices: &mut Prices<'_>) -> Result<Course, CourseError> {
    let Begin { now, until, calendar, delay_seconds, fixed, purse, mut lives, meters } = begin;
    let mut a_day_e8 = Ok(0);
    let mut tracks = Vec::with_capacity(meters.len());
    let mut broken = None;
    for it in meters {
        let kind = it.kind;
        match Track::new(it, calendar, now) {
            Ok(track) => tracks.push(track),
            Err(error) => broken = Some(Broken::Price(error)),
        }
        let track = tracks.last().filter(|it| it.kind() == kind);
        let own = track.map_or(Ok(0), |it| it.a_day_e8(calendar, now));
        a_day_e8 = a_day_e8.and_then(|sum| Ok(sum + own?));
    }
    let held: i128 = lives.iter().map(|it| i128::from(it.target.minor())).sum();
    let mut walk = Walk {
        calendar,
        delay_seconds,
        fixed,
        currency: purse.balance.currency(),
        balance: i128::from(purse.balance.minor()) + i128::from(purse.credit.minor()),
        credit: purse.credit.minor().into(),
        held: purse.held.minor().into(),
        targets: held,
        since: purse.arrears_since,
        lives: Vec::with_capacity(lives.len()),
        due: BTreeSet::new(),
        attempts: BTreeSet::new(),
        tracks,
        halted: 0,
        steps: Vec::new(),
        gone: None,
    };
    // By their ids: so they come at one instant.
    lives.sort_by_key(|it| it.resource.id);
    for it in lives {
        walk.enter(it, now)?;
    }
    let end = match broken {
        Some(_) => now,
        None => match walk.go(whole_second(now), until, prices)? {
            Some((at, why)) => {
                broken = Some(why);
                at
            }
            None => until,
        },
    };
    walk.steps.retain(|it| it.at < end);
    let balance = walk.own()?;
    let gone = walk.gone.filter(|it| *it < end);
    let resources = walk.lives.into_iter().map(|it| it.resource).collect();
    Ok(Course { until: end, broken, steps: walk.steps, gone, a_day_e8, balance, resources })
}

/// A resource on its way.
struct Life<'a> {
    resource: Resource,
    product: &'a Product,
    due: Option<Timestamp>,
    attempt: Option<Timestamp>,
    /// Attempts behind that one, the next last.
    later: Vec<Timestamp>,
    target: i128,
    open_until: Option<Timestamp>,
}

struct Walk<'a> {
    calendar: &'a Calendar,
    delay_seconds: u64,
    fixed: Option<u8>,
    currency: Currency,
    /// With what may be owed.
    balance: i128,
    credit: i128,
    /// What is held for resources, and what is to be.
    held: i128,
    targets: i128,
    since: Option<Timestamp>,
    /// Sorted by resource.
    lives: Vec<Life<'a>>,
    /// Next steps and attempts, in the order in which they happen, by the place of the resource.
    due: BTreeSet<(Timestamp, usize)>,
    attempts: BTreeSet<(Timestamp, usize)>,
    tracks: Vec<Track>,
    /// How many resources arrears hold up.
    halted: usize,
    steps: Vec<Step>,
    gone: Option<Timestamp>,
}

/// Whether a balance above zero would let it go on.
const fn is_halted(state: State) -> bool {
    matches!(state, State::Limited | State::ArrearsStopped)
}

impl<'a> Walk<'a> {
    fn enter(&mut self, it: Living<'a>, now: Timestamp) -> Result<(), CourseError> {
        let later = match it.resource.renew.due {
            Some(from) => renewal::attempts(&it.resource, it.product, Still { from, now }, self.calendar)?,
            None => Vec::new(),
        };
        let at = self.lives.len();
        self.halted += usize::from(is_halted(it.resource.state));
        self.lives.push(Life {
            resource: it.resource,
            product: it.product,
            due: None,
            attempt: None,
            later,
            target: it.target.minor().into(),
            open_until: it.open_until,
        });
        self.try_next(at);
        self.look(at)
    }

    /// What decides on arrears: money and what may be owed. Source: R-ARR-9.
    fn money(&self) -> Result<Money, MoneyError> {
        let minor = i64::try_from(self.balance).map_err(|_| MoneyError::Overflow)?;
        Ok(Money::from_minor(minor, self.currency))
    }

    /// All money less what is owed. Source: R-WAL-2.
    fn own(&self) -> Result<Money, MoneyError> {
        let minor = i64::try_from(self.balance - self.credit).map_err(|_| MoneyError::Overflow)?;
        Ok(Money::from_minor(minor, self.currency))
    }

    fn standing(&self) -> Result<Standing, MoneyError> {
        Ok(Standing { arrears_since: self.since, balance: self.money()? })
    }

    /// When the next step of a resource falls due.
    fn look(&mut self, at: usize) -> Result<(), CourseError> {
        let standing = self.standing()?;
        let it = &mut self.lives[at];
        let next = match it.resource.state.is_over() {
            true => None,
            false => {
                let step = life::next(&it.resource, it.product, standing, self.calendar)?.map(|it| it.at);
                step.into_iter().chain(it.resource.next_raise()).min()
            }
        };
        if next != it.due {
            self.due.extend(next.map(|due| (due, at)));
            if let Some(due) = std::mem::replace(&mut it.due, next) {
                self.due.remove(&(due, at));
            }
        }
        Ok(())
    }

    /// The next attempt of a resource is its next one.
    fn try_next(&mut self, at: usize) {
        let it = &mut self.lives[at];
        let next = it.later.pop();
        if let Some(before) = std::mem::replace(&mut it.attempt, next) {
            self.attempts.remove(&(before, at));
        }
        self.attempts.extend(next.map(|due| (due, at)));
    }

    fn closes(&self, track: &Track) -> Result<Timestamp, CalendarError> {
        seconds_after(track.cycle.to, self.delay_seconds)
    }

    /// Goes on to the end. Gives where it stops before that, and why.
    fn go(
        &mut self,
        now: Timestamp,
        until: Timestamp,
        prices: &mut Prices<'_>,
    ) -> Result<Option<(Timestamp, Broken)>, CourseError> {
        let mut last = now;
        for _ in 0..MOST_INSTANTS {
            let charged: u64 = self.tracks.iter().map(|it| it.charged).sum();
            if self.steps.len() > MOST || charged > MOST_CHARGED {
                return Ok(Some((last, Broken::TooMuch)));
            }
            if let Err(error) = self.leap(until)? {
                return Ok(Some((last, Broken::Price(error))));
            }
            let Some(next) = self.next()?.map(|it| it.max(now)).filter(|it| *it < until) else {
                return Ok(None);
            };
            last = next;
            if let Err(error) = self.settle(next)? {
                return Ok(Some((next, Broken::Price(error))));
            }
            self.renew(next, prices)?;
            self.evaluate(next)?;
            self.live(next)?;
        }
        Ok(Some((last, Broken::TooMuch)))
    }

    /// The next instant at which anything happens.
    fn next(&self) -> Result<Option<Timestamp>, CalendarError> {
        let mut all: Vec<Timestamp> = Vec::new();
        for it in &self.tracks {
            all.push(self.closes(it)?);
        }
        all.extend(self.due.first().map(|it| it.0));
        all.extend(self.attempts.first().map(|it| it.0));
        Ok(all.into_iter().min())
    }

    fn settle(&mut self, now: Timestamp) -> Result<Result<(), AggregateError>, CourseError> {
        for kind in CycleKind::ALL {
            let Some(at) = self.tracks.iter().position(|it| it.kind() == kind) else { continue };
            while self.closes(&self.tracks[at])? <= now {
                match self.tracks[at].close(self.calendar) {
                    Ok(taken) => self.take(kind, &taken),
                    Err(error) => return Ok(Err(error)),
                }
            }
        }
        Ok(Ok(()))
    }

    /// Money of a run goes, and what is held for resources is taken anew, up to what is there. Source: R-FRZ-2.
    fn take(&mut self, kind: CycleKind, taken: &Taken) {
        self.balance -= taken.minor;
        self.held = self.targets.min(self.balance.max(0));
        if kind != CycleKind::Month
            && let Some(month) = self.tracks.iter_mut().find(|it| it.kind() == CycleKind::Month)
        {
            month.note(taken);
        }
    }

    /// Tries what is to be renewed by itself. Source: R-REN-2.
    fn renew(&mut self, now: Timestamp, prices: &mut Prices<'_>) -> Result<(), CourseError> {
        while let Some((tried, at)) = self.attempts.first().copied().filter(|it| it.0 <= now) {
            let it = &self.lives[at];
            let id = it.resource.id;
            let available = self.balance - self.held;
            let is_open = it.open_until.is_some_and(|end| now < end);
            let price = if is_open { None } else { prices(&it.resource, now)? };
            let outcome = match price {
                _ if is_open => Err(Failure::OpenOrder),
                None => Err(Failure::Price),
                Some(it) if i128::from(it.total.minor()) > available => Err(Failure::Balance),
                Some(it) => Ok(it),
            };
            match outcome {
                Ok(Price { total, term }) => {
                    self.balance -= i128::from(total.minor());
                    let it = &mut self.lives[at];
                    let before = it.resource.state;
                    let paid = PaidTerm { term, fixed: self.fixed, at: now };
                    it.resource = renewal::longer(it.resource.clone(), paid, self.calendar)?;
                    let after = it.resource.state;
                    let next = renewal::attempt_after(&it.resource, it.product, tried, self.calendar)?;
                    it.later = match next {
                        Some(from) => {
                            renewal::attempts(&it.resource, it.product, Still { from, now }, self.calendar)?
                        }
                        None => Vec::new(),
                    };
                    if before != after {
                        self.metered(id, now, after);
                    }
                    self.step(now, Coming::Resource { id, what: What::Renewed }, Some(total))?;
                    self.look(at)?;
                }
                Err(why) => self.step(now, Coming::RenewalFails(id, why), price.map(|it| it.total))?,
            }
            self.try_next(at);
        }
        Ok(())
    }

    /// Arrears begin or end, and what they stopped goes on. Source: R-ARR-1 to R-ARR-4.
    fn evaluate(&mut self, now: Timestamp) -> Result<(), CourseError> {
        let since = arrears::since(self.since, self.money()?, now);
        let changed = since != self.since;
        if changed {
            self.since = since;
            let coming = if since.is_some() { Coming::MoneyGone } else { Coming::MoneyBack };
            self.gone = self.gone.or(since.map(|_| now));
            self.step(now, coming, None)?;
        }
        if !changed && (self.halted == 0 || !arrears::may_resume(self.money()?)) {
            return Ok(());
        }
        let standing = self.standing()?;
        for at in 0..self.lives.len() {
            let it = &self.lives[at];
            if it.resource.state.is_over() {
                continue;
            }
            if let Some(event) = life::resume(&it.resource, standing) {
                self.happen(at, now, (event, None))?;
            } else if changed {
                self.look(at)?;
            }
        }
        Ok(())
    }

    /// What time does to resources. Source: R-EXP-1, R-ARR-1.
    fn live(&mut self, now: Timestamp) -> Result<(), CourseError> {
        while let Some((_, at)) = self.due.first().copied().filter(|it| it.0 <= now) {
            let it = &self.lives[at];
            if it.resource.next_raise().is_some_and(|it| it <= now) {
                self.raise(at, now)?;
                continue;
            }
            let next = life::next(&it.resource, it.product, self.standing()?, self.calendar)?;
            match next.filter(|it| it.at <= now) {
                Some(step) => self.happen(at, now, (step.event, step.ended_by))?,
                None => self.look(at)?,
            }
        }
        Ok(())
    }

    /// A raise for some days begins or ends. Source: R-NET-3.
    fn raise(&mut self, at: usize, now: Timestamp) -> Result<(), CourseError> {
        let it = &mut self.lives[at];
        let id = it.resource.id;
        let raised = it.resource.clone().raised_at(now);
        let is_another = raised.options != it.resource.options;
        it.resource = raised;
        if is_another {
            self.step(now, Coming::Resource { id, what: What::Changed }, None)?;
        }
        self.look(at)
    }

    /// One step of a resource. What is asked of the cloud is done at once.
    fn happen(
        &mut self,
        at: usize,
        now: Timestamp,
        (event, ended_by): (Event, Option<EndedBy>),
    ) -> Result<(), CourseError> {
        let it = &mut self.lives[at];
        let before = it.resource.state;
        let is_wish = event == Event::AskRelease;
        let event = if is_wish { it.resource.release_event(it.product, self.since)? } else { event };
        it.resource.advance(event, now)?;
        if it.resource.state == State::Releasing {
            it.resource.advance(Event::Release, now)?;
        }
        it.resource.ended_by = ended_by.or(it.resource.ended_by);
        let (id, after) = (it.resource.id, it.resource.state);
        if before.is_held_for() && !after.is_held_for() {
            self.targets -= it.target;
            self.held = self.held.min(self.targets);
        }
        self.halted = self.halted + usize::from(is_halted(after)) - usize::from(is_halted(before));
        self.metered(id, now, after);
        if after.is_over() {
            self.lives[at].later.clear();
            self.try_next(at);
        }
        let coming = Coming::Resource { id, what: What::into(before, after) };
        let balance = Some(self.own()?);
        self.steps.push(Step { at: now, coming, sum: None, balance, ended_by });
        self.look(at)
    }

    fn metered(&mut self, resource: ResourceId, at: Timestamp, state: State) {
        for it in &mut self.tracks {
            it.change(resource, at, state);
        }
    }

    fn step(&mut self, at: Timestamp, coming: Coming, sum: Option<Money>) -> Result<(), MoneyError> {
        let balance = Some(self.own()?);
        self.steps.push(Step { at, coming, sum, balance, ended_by: None });
        Ok(())
    }
}
