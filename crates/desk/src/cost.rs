//! The cost of one resource so far: what was billed, and what its open cycles have come to.
//!
//! In:  a resource at an instant. Out: its bills added, and the bills that its open cycles would close with.
//! Invariant: what is open is settled by the settlement itself, as if the resource ended now, and is not written.
//! What is added up over several resources has no share of one: it is shown alone, before packs.

use super::{At, Desk, Refusal};
use billing::account::Account;
use billing::bill::{Bill, Kind, Line};
use billing::book::Scope;
use billing::plan::Configs;
use billing::resource::State;
use billing::segment::{Change, Opening};
use billing::settle::{self, AccountCycle, Run};
use billing::used::AggregateError;
use billing::wallet::Wallet;
use store::accounts;
use store::meters::MeterFilter;
use store::{Tx, meters, usage};
use units::calendar::whole_second;
use units::{AccountId, Currency, Cycle, CycleKind, Money, ResourceId, Timestamp};

/// A bill that an open cycle would close with.
#[derive(Clone, Debug)]
pub struct OpenBill {
    pub kind: Kind,
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
    if read.openings.is_empty() && meter.changes.is_empty() && read.recounts.is_empty() {
        return Ok(Ok(Vec::new()));
    }
    let mut bills = Vec::new();
    let mut cycle = desk.calendar.cycle(kind, from)?;
    loop {
        // What happened in cycles that were closed by then is seen by the first that is open.
        let first = cycle.from == from;
        let seen = |at: i64| within(&cycle, at) || first && at < cycle.from.as_second();
        read.changes = meter.changes.iter().filter(|it| seen(it.at)).copied().collect();
        read.samples = meter.samples.iter().filter(|it| within(&cycle, it.at)).cloned().collect();
        if until < cycle.to {
            let end = ended(&read.openings, &read.changes, until);
            read.changes.extend(end);
        }
        let run = Run { cycle, posted: until, watermark: until };
        match settle::account(&read, &configs, run) {
            Ok(settled) => {
                bills.extend(settled.bills.into_iter().filter(|it| it.kind.is_post_paid()).map(open_bill));
                read.openings = settled.openings;
            }
            Err(error) => return Ok(Err(error)),
        }
        if until <= cycle.to {
            return Ok(Ok(bills));
        }
        read.recounts.clear();
        cycle = desk.calendar.next(&cycle)?;
    }
}

fn within(cycle: &Cycle, second: i64) -> bool {
    cycle.from.as_second() <= second && second < cycle.to.as_second()
}

/// The change that ends a meter at `until`, if it has not ended before.
fn ended(openings: &[Opening], changes: &[Change], until: Timestamp) -> Option<Change> {
    let opening = openings.last().map(|it| (it.resource, it.state, it.config));
    let last = changes.last().map(|it| (it.resource, it.state, it.config));
    let (resource, _, config) = last.or(opening).filter(|it| !it.1.is_over())?;
    Some(Change { resource, at: until.as_second(), state: State::Released, config })
}

fn open_bill(bill: Bill<'_>) -> OpenBill {
    OpenBill {
        kind: bill.kind,
        from: bill.from,
        to: bill.to,
        scope: if bill.resource.is_some() { Scope::Resource } else { Scope::Account },
        amount_e8: bill.amount_e8,
        total: bill.total,
        lines: bill.lines.into_iter().map(Line::into_owned).collect(),
    }
}
