//! The cost of a resource or of an account so far: what was billed, and what open cycles have come to.
//!
//! In:  a resource or an account at an instant. Out: bills added, and the bills that open cycles would close with.
//! Invariant: what is open is settled by the settlement itself, as if everything ended now, and is not written.
//! What is added up over several resources has no share of one: of a resource it is shown alone, before packs.

use super::lists::bills::{self, InMonth};
use super::{At, Desk, Refusal};
use billing::account::Account;
use billing::bill::{Bill, Kind, Line, Sum};
use billing::book::Scope;
use billing::plan::{ConfigRef, Configs};
use billing::resource::State;
use billing::segment::{Change, Opening};
use billing::settle::{self, AccountCycle, Run};
use billing::used::{AggregateError, Sample};
use billing::wallet::Wallet;
use std::collections::BTreeMap;
use store::accounts;
use store::meters::{MeterFilter, MetersFilter};
use store::{Tx, meters, usage};
use units::calendar::whole_second;
use units::{AccountId, Currency, Cycle, CycleKind, Money, ResourceId, Timestamp};

/// A bill that an open cycle would close with.
#[derive(Clone, Debug)]
pub struct OpenBill {
    pub kind: Kind,
    pub product: String,
    /// `None` for a sum over several resources.
    pub resource: Option<ResourceId>,
    pub from: Timestamp,
    pub to: Timestamp,
    /// `Account` for a sum over several resources: then this is what the one resource would cost alone, before packs.
    pub scope: Scope,
    pub amount_e8: i64,
    pub total: Money,
    pub lines: Vec<Line<'static>>,
}

/// What a resource has cost so far.
#[derive(Clone, Debug)]
pub struct Cost {
    pub currency: Currency,
    /// Up to this second, which is not in it.
    pub until: Timestamp,
    pub billed: Money,
    /// Whether its product is billed in sums over several resources.
    pub scope: Scope,
    /// The bills to come, or why they cannot be computed.
    pub open: Result<Vec<OpenBill>, AggregateError>,
}

/// What a resource has cost up to `now`. Errors: `NotFound`.
pub fn so_far(tx: &mut Tx<'_>, at: At<'_>, account: AccountId, id: ResourceId) -> Result<Cost, Refusal> {
    let resource = store::resources::get(tx, account, id)?.resource;
    let owner = accounts::get(tx, account)?;
    let until = whole_second(at.now);
    let billed = store::resources::billed(tx, account, id)?;
    let mut open = Ok(Vec::new());
    for kind in CycleKind::ALL {
        let found = of_kind(tx, at.desk, (&owner, id), kind, until)?;
        open = open.and_then(|mut all: Vec<OpenBill>| {
            all.extend(found?);
            Ok(all)
        });
    }
    let product = at.product(&resource.product).ok();
    let summed = product.is_some_and(|it| it.components.iter().any(|it| it.scope == Scope::Account));
    let scope = if summed { Scope::Account } else { Scope::Resource };
    Ok(Cost { currency: owner.currency, until, billed, scope, open })
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
}

/// What an account has come to up to `now`, packs taken into account. Errors: `NotFound`.
pub fn of_account(tx: &mut Tx<'_>, at: At<'_>, account: AccountId) -> Result<AccountCost, Refusal> {
    let owner = accounts::get(tx, account)?;
    let (until, month) = (whole_second(at.now), at.desk.calendar.month(at.now));
    let billed = bills::of_month(tx, at, &InMonth { account, month: month.clone(), product: None })?;
    let open = to_be_billed(tx, at, &owner)?;
    Ok(AccountCost { currency: owner.currency, until, month, billed, open })
}

/// The bills that all open cycles of an account would close with if everything ended now, packs taken into account; or why
/// they cannot be computed.
pub fn to_be_billed(
    tx: &mut Tx<'_>,
    at: At<'_>,
    owner: &Account,
) -> Result<Result<Vec<OpenBill>, AggregateError>, Refusal> {
    let (account, until, mut open) = (owner.id, whole_second(at.now), Ok(Vec::new()));
    for kind in CycleKind::ALL {
        let Some(from) = usage::settled_to(tx, account, kind)? else { continue };
        let mut configs = Configs::default();
        let filter = MetersFilter { account, kind, from, to: until };
        let meters = meters::look_at_all(tx, filter, &at.desk.books, &mut configs)?;
        let mut read = AccountCycle::new(Wallet::empty(account, owner.currency), owner.terms);
        read.openings = meters.openings;
        read.recounts = meters.recounts;
        read.carries = meters.carries;
        if kind == CycleKind::Month {
            read.packs = store::packs::of_account(tx, account)?;
            read.packs.retain(|it| it.left > 0 && it.effective < until);
            read.packs.sort_by_key(|it| it.id);
        }
        let unsettled = Unsettled { kind, from, until, changes: meters.changes, samples: meters.samples };
        let found = to_come(at.desk, read, &unsettled, &configs)?;
        open = open.and_then(|mut all: Vec<OpenBill>| {
            all.extend(found?);
            Ok(all)
        });
    }
    Ok(open)
}

/// What happened since the last settlement of one kind.
struct Unsettled {
    kind: CycleKind,
    from: Timestamp,
    until: Timestamp,
    changes: Vec<Change>,
    samples: Vec<Sample>,
}

/// The bills of all cycles of one kind that are not settled yet.
fn of_kind(
    tx: &mut Tx<'_>,
    desk: &Desk,
    (owner, id): (&Account, ResourceId),
    kind: CycleKind,
    until: Timestamp,
) -> Result<Result<Vec<OpenBill>, AggregateError>, Refusal> {
    let Some(from) = usage::settled_to(tx, owner.id, kind)? else { return Ok(Ok(Vec::new())) };
    let mut configs = Configs::default();
    let filter = MeterFilter { account: owner.id, resource: id, kind, from, to: until };
    let meter = meters::look(tx, filter, &desk.books, &mut configs)?;
    let mut read = AccountCycle::new(Wallet::empty(owner.id, owner.currency), owner.terms);
    read.openings = meter.opening.into_iter().collect();
    read.recounts = meter.recounts;
    let unsettled = Unsettled { kind, from, until, changes: meter.changes, samples: meter.samples };
    to_come(desk, read, &unsettled, &configs)
}

/// The bills of all cycles that are not settled yet, as if everything ended at `of.until`.
fn to_come(
    desk: &Desk,
    mut read: AccountCycle,
    of: &Unsettled,
    configs: &Configs,
) -> Result<Result<Vec<OpenBill>, AggregateError>, Refusal> {
    if read.openings.is_empty() && of.changes.is_empty() && read.recounts.is_empty() {
        return Ok(Ok(Vec::new()));
    }
    let mut bills = Vec::new();
    let mut cycle = desk.calendar.cycle(of.kind, of.from)?;
    loop {
        // What happened in cycles that were closed by then is seen by the first that is open.
        let first = cycle.from == of.from;
        let seen = |at: i64| within(&cycle, at) || first && at < cycle.from.as_second();
        read.changes = of.changes.iter().filter(|it| seen(it.at)).copied().collect();
        read.samples = of.samples.iter().filter(|it| within(&cycle, it.at)).cloned().collect();
        if of.until < cycle.to {
            let ends = ended(&read.openings, &read.changes, of.until);
            read.changes.extend(ends);
            read.changes.sort_by_key(|it| it.resource);
        }
        let run = Run { cycle, posted: of.until, watermark: of.until };
        let settled = match settle::account(&read, configs, run) {
            Ok(settled) => settled,
            Err(error) => return Ok(Err(error)),
        };
        let (openings, packs, carries) = (settled.openings, settled.packs, settled.carries);
        bills.extend(settled.bills.into_iter().filter(|it| it.kind.is_post_paid()).map(open_bill));
        if of.until <= cycle.to {
            return Ok(Ok(bills));
        }
        read.recounts.clear();
        read.carries.retain(|it| carries.iter().all(|changed| changed.product != it.product));
        read.carries.extend(carries);
        (read.openings, read.packs) = (openings, packs);
        cycle = desk.calendar.next(&cycle)?;
    }
}

fn within(cycle: &Cycle, second: i64) -> bool {
    cycle.from.as_second() <= second && second < cycle.to.as_second()
}

/// The changes that end at `until` what has not ended before.
fn ended(openings: &[Opening], changes: &[Change], until: Timestamp) -> Vec<Change> {
    let openings = openings.iter().map(|it| (it.resource, (it.state, it.config)));
    let changes = changes.iter().map(|it| (it.resource, (it.state, it.config)));
    let last: BTreeMap<ResourceId, (State, ConfigRef)> = openings.chain(changes).collect();
    let living = last.into_iter().filter(|it| !it.1.0.is_over());
    let at = until.as_second();
    living.map(|(resource, (_, config))| Change { resource, at, state: State::Released, config }).collect()
}

fn open_bill(bill: Bill<'_>) -> OpenBill {
    OpenBill {
        kind: bill.kind,
        product: bill.product.into_owned(),
        resource: bill.resource,
        from: bill.from,
        to: bill.to,
        scope: if bill.resource.is_some() { Scope::Resource } else { Scope::Account },
        amount_e8: bill.amount_e8,
        total: bill.total,
        lines: bill.lines.into_iter().map(Line::into_owned).collect(),
    }
}
