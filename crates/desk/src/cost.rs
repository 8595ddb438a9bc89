//! The cost of a resource or of an account so far: what was billed, and what open cycles have come to.
//!
//! In:  a resource or an account at an instant. Out: bills added, and the bills that open cycles would close with.
//! Invariant: what is open is settled by the settlement itself, as if everything ended now, and is not written.
//! What is added up over several resources has no share of one: of a resource it is shown alone, before packs.

use super::forecast::{Coming, Course, Forecast, Onward};
use super::lists::bills::{self, InMonth};
use super::to_come::{self, Unsettled};
use super::{At, Desk, Refusal};
use billing::account::Account;
use billing::bill::Sum;
use billing::book::Scope;
use billing::plan::Configs;
use billing::settle::AccountCycle;
use billing::used::AggregateError;
use billing::wallet::Wallet;
use std::collections::BTreeMap;
use store::accounts;
use store::bills::Span;
use store::meters::{MeterFilter, MetersFilter};
use store::{Tx, meters, usage};
use units::calendar::{CalendarError, seconds_after, whole_second};
use units::{AccountId, Amount, Currency, Cycle, CycleKind, Money, ResourceId, Timestamp};

pub use super::to_come::OpenBill;

/// What is known of bills to come: those that open cycles would close with, and what the month still brings.
struct ToCome {
    open: Result<Vec<OpenBill>, AggregateError>,
    onward: Result<Onward, AggregateError>,
}

impl ToCome {
    const NOTHING: ToCome =
        ToCome { open: Ok(Vec::new()), onward: Ok(Onward { coming: Vec::new(), a_day_e8: Ok(0) }) };

    /// The same with what another kind of cycle brings.
    fn with(self, other: ToCome) -> ToCome {
        ToCome { open: both(self.open, other.open), onward: further(self.onward, other.onward) }
    }
}

fn both<T, E>(one: Result<Vec<T>, E>, other: Result<Vec<T>, E>) -> Result<Vec<T>, E> {
    let mut all = one?;
    all.extend(other?);
    Ok(all)
}

fn further<E>(one: Result<Onward, E>, other: Result<Onward, E>) -> Result<Onward, E> {
    Ok(one?.with(other?))
}

/// What a resource has cost so far.
#[derive(Clone, Debug)]
pub struct Cost {
    pub currency: Currency,
    /// Up to this second, which is not in it.
    pub until: Timestamp,
    pub billed: Money,
    /// Such as `2026-06`.
    pub month: String,
    /// Whether its product is billed in sums over several resources.
    pub scope: Scope,
    /// The bills to come, or why they cannot be computed.
    pub open: Result<Vec<OpenBill>, AggregateError>,
    /// What it will have cost in the month of now when that ends.
    pub forecast: Forecast,
}

/// What a resource has cost up to `now`. Errors: `NotFound`.
pub fn so_far(tx: &mut Tx<'_>, at: At<'_>, account: AccountId, id: ResourceId) -> Result<Cost, Refusal> {
    let resource = store::resources::get(tx, account, id)?.resource;
    let owner = accounts::get(tx, account)?;
    let until = whole_second(at.now);
    let month = at.desk.calendar.cycle(CycleKind::Month, at.now)?;
    let billed = store::bills::of_resource(tx, account, id, Span::EVER)?;
    let in_month = store::bills::of_resource(tx, account, id, Span { from: month.from, to: month.to })?;
    let (known, mut found) = (Known { desk: at.desk, until, month }, ToCome::NOTHING);
    for kind in CycleKind::ALL {
        found = found.with(known.of_kind(tx, (&owner, id), kind)?);
    }
    let product = at.product_of(&resource).ok();
    let summed = product.is_some_and(|it| it.components.iter().any(|it| it.scope == Scope::Account));
    let scope = if summed { Scope::Account } else { Scope::Resource };
    let forecast = Forecast { month, billed: in_month, coming: found.onward.map(|it| it.coming) };
    let name = at.desk.calendar.month(at.now);
    Ok(Cost { currency: owner.currency, until, billed, month: name, scope, open: found.open, forecast })
}

/// What an account has come to in the month of `now`, and in what is not settled yet.
#[derive(Clone, Debug)]
pub struct AccountCost {
    pub currency: Currency,
    /// Up to this second, which is not in it.
    pub until: Timestamp,
    /// Such as `2026-06`.
    pub month: String,
    /// What the bills of the month come to, by product.
    pub billed: BTreeMap<String, Sum>,
    /// The bills to come if everything ended now, or why they cannot be computed.
    pub open: Result<Vec<OpenBill>, AggregateError>,
    /// What the month will have come to when it ends.
    pub forecast: Forecast,
    /// What a day costs if all that runs goes on as it is, packs taken into account; or why that cannot be computed.
    pub a_day: Result<Amount, AggregateError>,
    /// How its meters stand, for whoever looks further.
    pub(super) looked: Vec<Looked>,
}

/// How all meters of an account stand.
pub(super) fn look(tx: &mut Tx<'_>, at: At<'_>, owner: &Account) -> Result<Vec<Looked>, Refusal> {
    let (until, month) = (whole_second(at.now), at.desk.calendar.cycle(CycleKind::Month, at.now)?);
    look_known(tx, &Known { desk: at.desk, until, month }, owner)
}

fn look_known(tx: &mut Tx<'_>, known: &Known<'_>, owner: &Account) -> Result<Vec<Looked>, Refusal> {
    let mut found = Vec::new();
    for kind in CycleKind::ALL {
        found.extend(known.look(tx, owner, kind)?);
    }
    Ok(found)
}

/// What an account has come to up to `now`, packs taken into account. Errors: `NotFound`.
pub fn of_account(tx: &mut Tx<'_>, at: At<'_>, account: AccountId) -> Result<AccountCost, Refusal> {
    let owner = accounts::get(tx, account)?;
    let (until, month) = (whole_second(at.now), at.desk.calendar.cycle(CycleKind::Month, at.now)?);
    let name = at.desk.calendar.month(at.now);
    let billed = bills::of_month(tx, at, &InMonth { account, month: name.clone(), product: None })?;
    let (known, mut found) = (Known { desk: at.desk, until, month }, ToCome::NOTHING);
    let looked = look_known(tx, &known, &owner)?;
    for it in &looked {
        found = found.with(known.both_ways(it.read.clone(), &it.since, &it.configs)?);
    }
    let sum = Money::sum(billed.values().map(|it| it.total), owner.currency)?;
    let (a_day, coming) = match found.onward {
        Ok(it) => (it.a_day_e8.map(|e8| Amount::from_e8(e8, owner.currency)), Ok(it.coming)),
        Err(error) => (Err(error.clone()), Err(error)),
    };
    let forecast = Forecast { month, billed: sum, coming };
    Ok(AccountCost {
        currency: owner.currency,
        until,
        month: name,
        billed,
        open: found.open,
        forecast,
        a_day,
        looked,
    })
}

/// What one kind of cycle still brings of the month of now, and how its meters stand, with the packs that count in the month.
pub(super) struct Brought {
    pub looked: Looked,
    pub coming: Vec<Coming>,
}

/// What is still to be billed of the month of now if all that runs goes on as it is, packs taken into account; or why that
/// cannot be computed.
pub(super) fn coming(
    tx: &mut Tx<'_>,
    at: At<'_>,
    owner: &Account,
) -> Result<Result<Vec<Brought>, AggregateError>, Refusal> {
    let (until, month) = (whole_second(at.now), at.desk.calendar.cycle(CycleKind::Month, at.now)?);
    let (known, mut found) = (Known { desk: at.desk, until, month }, Vec::new());
    for kind in CycleKind::ALL {
        let Some(mut looked) = known.look(tx, owner, kind)? else { continue };
        looked.read.packs.retain(|it| it.effective < month.to);
        let course = Course { desk: at.desk, configs: &looked.configs, month };
        match course.rest(looked.read.clone(), &looked.since)? {
            Ok(onward) => found.push(Brought { coming: onward.coming, looked }),
            Err(error) => return Ok(Err(error)),
        }
    }
    Ok(Ok(found))
}

/// An account as it stands at the last settlement of a kind, and what happened since.
#[derive(Clone, Debug)]
pub(super) struct Looked {
    /// With all packs of which something is left.
    pub read: AccountCycle,
    pub since: Unsettled,
    pub configs: Configs,
}

/// Up to when costs are known, in which month.
#[derive(Clone, Copy, Debug)]
struct Known<'a> {
    desk: &'a Desk,
    until: Timestamp,
    month: Cycle,
}

impl Known<'_> {
    /// Up to when is read: what happens in the second of now has cost nothing yet, and things go on from it.
    fn read_to(&self) -> Result<Timestamp, CalendarError> {
        seconds_after(self.until, 1)
    }

    /// The bills of one kind of cycle if everything ended now, and what the month brings if everything goes on.
    fn both_ways(&self, read: AccountCycle, of: &Unsettled, configs: &Configs) -> Result<ToCome, Refusal> {
        let mut ending = read.clone();
        ending.packs.retain(|it| it.effective < of.until);
        let open = to_come::bills(self.desk, &mut ending, of, configs)?;
        let mut read = read;
        read.packs.retain(|it| it.effective < self.month.to);
        let course = Course { desk: self.desk, configs, month: self.month };
        Ok(ToCome { open, onward: course.rest(read, of)? })
    }

    /// All of an account, with the packs that count in the month. `None` where it has no cycles of this kind.
    fn look(&self, tx: &mut Tx<'_>, owner: &Account, kind: CycleKind) -> Result<Option<Looked>, Refusal> {
        let (account, until) = (owner.id, self.until);
        let Some(from) = usage::settled_to(tx, account, kind)? else { return Ok(None) };
        let mut configs = Configs::default();
        let filter = MetersFilter { account, kind, from, to: self.read_to()? };
        let meters = meters::look_at_all(tx, filter, &self.desk.books, &mut configs)?;
        let mut read = AccountCycle::new(Wallet::empty(account, owner.currency), owner.terms);
        read.openings = meters.openings;
        read.recounts = meters.recounts;
        read.carries = meters.carries;
        if kind == CycleKind::Month {
            read.packs = store::packs::of_account(tx, account)?;
            read.packs.retain(|it| it.left > 0);
            read.packs.sort_by_key(|it| it.id);
        }
        let since = Unsettled { kind, from, until, changes: meters.changes, samples: meters.samples };
        Ok(Some(Looked { read, since, configs }))
    }

    /// The bills to come of one resource.
    fn of_kind(
        &self,
        tx: &mut Tx<'_>,
        (owner, id): (&Account, ResourceId),
        kind: CycleKind,
    ) -> Result<ToCome, Refusal> {
        let Some(from) = usage::settled_to(tx, owner.id, kind)? else { return Ok(ToCome::NOTHING) };
        let mut configs = Configs::default();
        let filter = MeterFilter { account: owner.id, resource: id, kind, from, to: self.read_to()? };
        let meter = meters::look(tx, filter, &self.desk.books, &mut configs)?;
        let mut read = AccountCycle::new(Wallet::empty(owner.id, owner.currency), owner.terms);
        read.openings = meter.opening.into_iter().collect();
        read.recounts = meter.recounts;
        let (changes, samples) = (meter.changes, meter.samples);
        self.both_ways(read, &Unsettled { kind, from, until: self.until, changes, samples }, &configs)
    }
}
