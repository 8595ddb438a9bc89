//! Auditing against the events: every cycle settled once more from the life lines and readings alone.
//!
//! In:  an account and its bills. Out: what the bills say otherwise than the events do.
//! Invariant: this is the settlement that made the bills, on an account that owns nothing but its events, with the
//! readings that came before each close; nothing is written. What came after it is settled again in `late`.

use super::finding::Audit;
use crate::{Desk, Refusal};
use billing::account::Account;
use billing::bill::{Bill, Kind, Line};
use billing::books::{Books, Series};
use billing::pack::Pack;
use billing::plan::{Config, ConfigRef, Configs};
use billing::resource::MeterEvent;
use billing::segment::{Change, Opening};
use billing::settle::{self, AccountCycle, Run};
use billing::wallet::Wallet;
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use store::Tx;
use store::corrections::prices;
use units::{BillId, Cycle, CycleKind, Timestamp};

/// Compares all bills of settled cycles with what the events of the account come to.
pub(super) fn compare(
    tx: &mut Tx<'_>,
    desk: &Desk,
    account: &Account,
    bills: &[Bill<'_>],
    audit: &mut Audit,
) -> Result<(), Refusal> {
    let mut configs = Configs::default();
    let events = store::resources::events_of_account(tx, account.id)?;
    let Some(born) = events.iter().map(|it| it.happened().as_second()).min() else { return Ok(()) };
    let rerates = prices::of_account(tx, account.id)?;
    let packs = store::packs::of_account(tx, account.id)?;
    let used = store::packs::uses(tx, account.id)?;
    for kind in CycleKind::ALL {
        let mine: Vec<&Bill<'_>> = bills.iter().filter(|it| it.kind == Kind::of_cycle(kind)).collect();
        // Up to where cycles are closed: a due says so; without one, all that ended before the newest bill.
        let closed = store::usage::settled_to(tx, account.id, kind)?;
        let Some(last) = closed.or(bills.iter().map(|it| it.posted).max()) else { continue };
        let mut openings: Vec<Opening> = Vec::new();
        let mut cycle = desk.calendar.cycle(kind, Timestamp::from_second(born).unwrap_or(last))?;
        while cycle.to <= last {
            let stored: HashMap<BillId, &Bill<'_>> =
                mine.iter().filter(|it| it.from == cycle.from).map(|it| (it.id, *it)).collect();
            let run = run_of(cycle, &stored);
            let books = seen(&desk.books, account, &rerates, &cycle)?;
            if !rerates.is_empty() {
                openings.iter_mut().for_each(|it| it.config = again(&mut configs, &books, it.config));
            }
            let wallet = Wallet::empty(account.id, account.currency);
            let terms = store::accounts::terms_before(tx, account, cycle.to)?;
            let mut read = AccountCycle { openings, ..AccountCycle::new(wallet, terms) };
            read.changes = changes(&events, &cycle, &books, &mut configs);
            read.samples = store::usage::between(tx, account.id, seconds(&cycle), Some(kind))?;
            read.samples.sort_by_key(|it| it.resource);
            read.packs = packs.iter().filter_map(|it| at_start(it, &used, &cycle)).collect();
            let made = match settle::account(&read, &configs, run) {
                Ok(made) => made,
                Err(error) => {
                    audit
                        .differences
                        .push(format!("account {}: cannot be settled again: {error}", account.id));
                    return Ok(());
                }
            };
            differ(kind, &made.bills, stored, audit);
            let homeless = made.homeless.iter();
            audit.differences.extend(homeless.map(|it| {
                format!(
                    "reading {} of {} at {}: it was taken and nothing takes it",
                    it.event, it.resource, it.at
                )
            }));
            openings = made.openings;
            cycle = desk.calendar.next(&cycle)?;
        }
    }
    Ok(())
}

/// The books as the close of a cycle saw them: with what people had said by then of prices within it. What they said later is
/// rated once more in `late`; what they said of other times is no price of this cycle, and cuts no version of one.
fn seen<'b>(
    books: &'b Books,
    of: &Account,
    rerates: &[prices::Rerate],
    cycle: &Cycle,
) -> Result<Cow<'b, Series>, Refusal> {
    let open = |it: &&prices::Rerate| cycle.to > it.closed.of(cycle.kind);
    // As `Shelves::of_range` reads them for a close: the id of a sum follows from when its price version began.
    let meets = |it: &&prices::Rerate| it.until > cycle.from && it.from < cycle.to;
    let above: Vec<prices::Rerate> = rerates.iter().filter(open).filter(meets).copied().collect();
    match above.is_empty() {
        true => Ok(Cow::Borrowed(books.of_account(of.id, of.currency))),
        false => Ok(Cow::Owned(prices::corrected(books, of.id, of.currency, &above)?)),
    }
}

/// The same configuration, resolved by other books.
fn again(configs: &mut Configs, books: &Series, config: ConfigRef) -> ConfigRef {
    let Config { product, options, .. } = configs.get(config).clone();
    configs.intern(books, &product, &options.to_string())
}

/// What its run saw of changes, each with when it happened.
fn changes(events: &[MeterEvent], cycle: &Cycle, books: &Series, configs: &mut Configs) -> Vec<Change> {
    let own = events.iter().filter(|it| within(cycle, it.seen_at(cycle.kind).as_second()));
    let change = |it: &MeterEvent| Change {
        resource: it.resource,
        at: it.happened().as_second(),
        state: it.state,
        config: configs.intern(books, &it.product, &it.options.to_string()),
    };
    own.map(change).collect()
}

/// The run as it was: what had been received is kept on the bills.
fn run_of(cycle: Cycle, stored: &HashMap<BillId, &Bill<'_>>) -> Run {
    let watermark = stored.values().map(|it| it.watermark).max().unwrap_or(cycle.to);
    Run { cycle, posted: watermark, watermark }
}

fn within(cycle: &Cycle, second: i64) -> bool {
    seconds(cycle).contains(&second)
}

fn seconds(cycle: &Cycle) -> Range<i64> {
    cycle.from.as_second()..cycle.to.as_second()
}

/// A pack as it stood when the cycle began: its capacity less what months before took or lost, all of it as used.
fn at_start(pack: &Pack, used: &BTreeMap<String, Vec<(Timestamp, u64)>>, cycle: &Cycle) -> Option<Pack> {
    let before = used.get(&pack.id.to_string()).into_iter().flatten().filter(|it| it.0 < cycle.from);
    let gone: u64 = before.map(|it| it.1).sum();
    let left = pack.capacity.saturating_sub(gone);
    let settled_to = if gone > 0 { cycle.from } else { pack.effective.min(cycle.from) };
    (pack.effective < cycle.to && left > 0).then(|| Pack {
        left,
        used: pack.capacity - left,
        lost: 0,
        settled_to,
        ..pack.clone()
    })
}

fn differ(kind: CycleKind, made: &[Bill<'_>], mut stored: HashMap<BillId, &Bill<'_>>, audit: &mut Audit) {
    for bill in made.iter().filter(|it| it.kind == Kind::of_cycle(kind)) {
        match stored.remove(&bill.id) {
            Some(it) if same(it, bill) || audit.older.contains(&it.id.to_string()) => {}
            Some(it) => audit.differences.push(format!(
                "bill {}: its events come to {} e-8, it says {}",
                it.id,
                own_e8(bill),
                own_e8(it)
            )),
            None => {
                audit.differences.push(format!("events of {} e-8 have no bill {}", own_e8(bill), bill.id))
            }
        }
    }
    audit.differences.extend(stored.keys().map(|it| format!("bill {it}: no events say so")));
}

/// What its own lines cost.
fn own_e8(it: &Bill<'_>) -> i128 {
    it.own_lines().map(|it| i128::from(it.cost_e8)).sum()
}

fn same(one: &Bill<'_>, other: &Bill<'_>) -> bool {
    let lines = |it: &Bill<'_>| {
        let line = |it: &Line<'_>| (it.measured, it.covered, it.free, it.position(), it.cost_e8);
        it.own_lines().map(line).collect::<Vec<_>>()
    };
    // What they take over from earlier bills is looked at in `carries`.
    own_e8(one) == own_e8(other) && one.to == other.to && lines(one) == lines(other)
}
