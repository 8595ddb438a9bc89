//! Bills to come: what cycles that are not settled yet would close with.
//!
//! In:  meters, changes and samples of one kind of cycle. Out: the bills, and how the cycle after them would find things.
//! Invariant: the settlement itself settles them; what has not ended by the end of an open cycle ends there.

use super::{Desk, Refusal};
use billing::allocation::{Priced, SumLine, SumOf};
use billing::bill::{Bill, Kind, Line};
use billing::book::Scope;
use billing::plan::{ConfigRef, Configs};
use billing::resource::State;
use billing::segment::{Change, Opening};
use billing::settle::{self, AccountCycle, Run};
use billing::used::{AggregateError, Sample};
use std::collections::BTreeMap;
use units::{Cycle, CycleKind, Money, ResourceId, Timestamp};

/// A bill that an open cycle would close with.
#[derive(Clone, Debug)]
pub struct OpenBill {
    pub kind: Kind,
    pub product: String,
    pub from: Timestamp,
    pub to: Timestamp,
    /// When its use began: of an adjustment, in a cycle that was closed before.
    pub used_from: Timestamp,
    /// `None` for a sum over several resources.
    pub resource: Option<ResourceId>,
    /// `Account` for a sum over several resources: then this is what the one resource would cost alone, before packs.
    pub scope: Scope,
    pub amount_e8: i64,
    pub total: Money,
    pub lines: Vec<Line<'static>>,
    /// What the lines of sums cost; empty for a resource.
    pub(super) charged: Vec<(SumOf, SumLine)>,
}

/// What happened since the last settlement of one kind, in the second from `until` on too.
#[derive(Clone, Debug)]
pub(super) struct Unsettled {
    pub kind: CycleKind,
    pub from: Timestamp,
    pub until: Timestamp,
    pub changes: Vec<Change>,
    pub samples: Vec<Sample>,
}

/// The bills of all cycles that are not settled yet, as if everything ended at `of.until`: what happened from then on is not in it.
///
/// Leaves `read` as the cycle behind the last of them would find it.
pub(super) fn bills(
    desk: &Desk,
    read: &mut AccountCycle,
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
        let known = |at: i64| at < of.until.as_second();
        let seen = |at: i64| known(at) && (within(&cycle, at) || first && at < cycle.from.as_second());
        read.changes = of.changes.iter().filter(|it| seen(it.at)).copied().collect();
        read.samples =
            of.samples.iter().filter(|it| known(it.at) && within(&cycle, it.at)).cloned().collect();
        if of.until < cycle.to {
            let ends = ended(&read.openings, &read.changes, of.until);
            read.changes.extend(ends);
            read.changes.sort_by_key(|it| it.resource);
        }
        let run = Run { cycle, posted: of.until, watermark: of.until };
        let settled = match settle::account(read, configs, run) {
            Ok(settled) => settled,
            Err(error) => return Ok(Err(error)),
        };
        let (openings, packs, carries) = (settled.openings, settled.packs, settled.carries);
        bills.extend(settled.bills.into_iter().filter(|it| it.kind.is_post_paid()).map(open_bill));
        read.recounts.clear();
        read.carries.retain(|it| carries.iter().all(|changed| changed.product != it.product));
        read.carries.extend(carries);
        (read.openings, read.packs) = (openings, packs);
        if of.until <= cycle.to {
            return Ok(Ok(bills));
        }
        cycle = desk.calendar.next(&cycle)?;
    }
}

/// The bills of one cycle in which everything goes on as it stands.
pub(super) fn in_cycle(
    mut read: AccountCycle,
    configs: &Configs,
    cycle: Cycle,
) -> Result<Vec<OpenBill>, AggregateError> {
    read.changes.clear();
    read.samples.clear();
    let settled = settle::account(&read, configs, Run { cycle, posted: cycle.to, watermark: cycle.to })?;
    Ok(settled.bills.into_iter().filter(|it| it.kind.is_post_paid()).map(open_bill).collect())
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
        used_from: bill.used_from(),
        charged: if bill.resource.is_some() { Vec::new() } else { charged(&bill) },
        kind: bill.kind,
        product: bill.product.into_owned(),
        from: bill.from,
        to: bill.to,
        resource: bill.resource,
        scope: if bill.resource.is_some() { Scope::Resource } else { Scope::Account },
        amount_e8: bill.amount_e8,
        total: bill.total,
        lines: bill.lines.into_iter().map(Line::into_owned).collect(),
    }
}

/// What the lines of a sum cost.
fn charged(bill: &Bill<'_>) -> Vec<(SumOf, SumLine)> {
    let charged = bill.lines.iter().filter(|it| !it.is_sum()).map(|line| {
        let of = SumOf {
            product: bill.product.to_string(),
            region: bill.region.to_string(),
            spec: bill.spec.to_string(),
            component: line.component.to_string(),
        };
        let priced = Priced { price: line.price.to_string(), book: line.book, from: line.from, to: line.to };
        let line = SumLine {
            component: of.component.clone(),
            priced,
            is_difference: line.billed_e8.is_some(),
            size_e8: line.cost_e8.unsigned_abs(),
        };
        (of, line)
    });
    charged.collect()
}
