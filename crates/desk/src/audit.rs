//! Auditing: the books derived again from the append-only tables, and whatever differs.
//!
//! Source: R-WAL-1, R-BIL-1, the properties of conservation.

mod card_refunds;
mod carries;
mod commitments;
mod events;
mod finding;
mod late;
mod refunds;
mod vouchers;

use super::{Desk, Refusal, documents, explain, facts, journal, kept, revenue};
use billing::bill::{Bill, Kind, RULE_VERSION};
use billing::evened;
use billing::rate::{self, Cost};
use billing::wallet::Purse;
use std::collections::BTreeMap;
use store::{Tx, accounts, bills, verify};
use units::{Amount, OrderId};

pub use finding::Audit;

/// The purses in the order in which wallet rows list them.
const PURSES: [Purse; 7] = [
    Purse::Cash,
    Purse::Bonus,
    Purse::Income,
    Purse::FrozenCash,
    Purse::FrozenBonus,
    Purse::FrozenIncome,
    Purse::Owed,
];

/// Checks everything that can be derived again.
pub fn audit(tx: &mut Tx<'_>, desk: &Desk) -> Result<Audit, Refusal> {
    let mut audit = Audit::default();
    ledger(tx, &mut audit)?;
    for account in accounts::all(tx)? {
        audit.accounts += 1;
        let id = account.id.to_string();
        let rules: BTreeMap<String, i64> = verify::rules(tx, &id)?.into_iter().collect();
        let bills = bills::of_account(tx, account.id)?;
        money(tx, &id, &bills, &mut audit)?;
        let mut spent = vouchers::Spent::of(tx, account.id)?;
        let offered: BTreeMap<OrderId, u64> = store::offers::rates(tx, account.id)?.into_iter().collect();
        for bill in &bills {
            audit.bills += 1;
            paid(bill, spent.take(bill), &mut audit);
            if rules.get(&bill.id.to_string()) == Some(&RULE_VERSION) {
                sums(bill, &mut audit);
                let rate_e8 = bill.order.and_then(|it| offered.get(&it).copied());
                lines(desk, bill, rate_e8, &mut audit);
            } else {
                audit.older.push(bill.id.to_string());
            }
        }
        spent.rest(&mut audit);
        precision(&bills, &mut audit);
        carries::compare(tx, &id, &bills, &mut audit)?;
        refunds::compare(tx, account.id, &bills, &mut audit)?;
        events::compare(tx, desk, &account, &bills, &mut audit)?;
        late::compare(tx, desk, &account, &bills, &mut audit)?;
        commitments::compare(tx, desk, &account, &bills, &mut audit)?;
        audit.differences.extend(kept::differences(tx, desk, account.id)?);
    }
    audit.differences.extend(revenue::differences(tx, desk)?);
    card_refunds::compare(tx, &mut audit)?;
    packs(tx, &mut audit)?;
    vouchers::compare(tx, &mut audit)?;
    income(tx, &mut audit)?;
    offers(tx, &mut audit)?;
    audit.differences.extend(documents::audit::differences(tx)?);
    log(tx, &mut audit)?;
    Ok(audit)
}

/// The audit log follows from entry to entry, and says what stands in the books.
fn log(tx: &mut Tx<'_>, audit: &mut Audit) -> Result<(), Refusal> {
    let (mut entries, mut said, mut log) = (0, 0, facts::Log::default());
    let broken = journal::check(tx, |it| {
        match facts::is_chain(&it.chain) {
            true => said += 1,
            false => entries += 1,
        }
        if facts::is_chain(&it.chain) { log.take(&it.chain, &it.body) } else { Ok(()) }
    })?;
    audit.journal = entries;
    audit.facts = said;
    audit.differences.extend(broken);
    audit.differences.extend(log.differences(tx)?);
    Ok(())
}

/// Ledger sums to zero; wallets are their transfers; what is frozen is what somebody holds.
fn ledger(tx: &mut Tx<'_>, audit: &mut Audit) -> Result<(), Refusal> {
    let (debits, credits) = (verify::debits(tx)?, verify::credits(tx)?);
    let mut sums: BTreeMap<(String, Purse), i128> = BTreeMap::new();
    for it in &debits {
        *sums.entry((it.account.clone(), it.purse)).or_default() -= i128::from(it.minor);
    }
    for it in &credits {
        *sums.entry((it.account.clone(), it.purse)).or_default() += i128::from(it.minor);
    }
    let total: i128 = sums.values().sum();
    if total != 0 {
        audit.differences.push(format!("the ledger does not sum to zero: {total}"));
    }
    let mut frozen: BTreeMap<String, i64> = BTreeMap::new();
    for (account, held) in verify::held(tx)? {
        *frozen.entry(account).or_default() += held;
    }
    for (account, row) in verify::wallets(tx)? {
        for (purse, minor) in PURSES.into_iter().zip(row) {
            let posted = sums.get(&(account.clone(), purse)).copied().unwrap_or(0);
            let posted = if purse == Purse::Owed { -posted } else { posted };
            if posted != i128::from(minor) {
                audit.differences.push(format!(
                    "wallet of {account}: {} is {minor}, its transfers say {posted}",
                    purse.as_str()
                ));
            }
        }
        let (rows, holds) = (row[3] + row[4] + row[5], frozen.get(&account).copied().unwrap_or(0));
        if rows != holds {
            audit
                .differences
                .push(format!("wallet of {account}: {rows} is frozen, orders and resources hold {holds}"));
        }
    }
    on_credit(tx, audit)
}

/// The credit of wallets is what was agreed and is not withheld, and what of it is taken is what orders take. Source: R-ARR-9.
fn on_credit(tx: &mut Tx<'_>, audit: &mut Audit) -> Result<(), Refusal> {
    for it in verify::on_credit(tx)? {
        let account = &it.account;
        if it.limit != it.agreed {
            let (limit, agreed) = (it.limit, it.agreed);
            audit
                .differences
                .push(format!("wallet of {account}: its credit is {limit}, and {agreed} was agreed"));
        }
        if it.pledged != it.taken {
            let (pledged, taken) = (it.pledged, it.taken);
            audit
                .differences
                .push(format!("wallet of {account}: {pledged} of its credit is taken, orders take {taken}"));
        }
    }
    Ok(())
}

/// A bill is the rounded sum of its lines.
fn sums(bill: &Bill<'_>, audit: &mut Audit) {
    let id = bill.id;
    let without_lines = bill.kind.is_correction();
    let rounded =
        |e8: i64| Amount::from_e8(e8.into(), bill.currency()).round().map_or(i64::MIN, |it| it.minor());
    let total = if bill.kind == Kind::PrecisionWaiver { 0 } else { rounded(bill.amount_e8) };
    let sum: i128 = bill.lines.iter().map(|it| i128::from(it.cost_e8)).sum();
    if !without_lines && sum != i128::from(bill.amount_e8) {
        audit
            .differences
            .push(format!("bill {id}: its lines add up to {sum} e-8, it says {}", bill.amount_e8));
    }
    let says = bill.total.minor();
    // A credit is at most what was paid.
    let less = bill.kind == Kind::Adjustment && total < says && says <= 0;
    if total != says && !less {
        audit
            .differences
            .push(format!("bill {id}: {} e-8 rounds to {total}, it says {says}", bill.amount_e8));
    }
}

/// A bill is paid by vouchers and the wallet, or owed, in full.
fn paid(bill: &Bill<'_>, vouchers: i64, audit: &mut Audit) {
    let (id, says) = (bill.id, bill.total.minor());
    let paid = bill.paid.total().minor().saturating_add(vouchers);
    if paid != says {
        audit
            .differences
            .push(format!("bill {id}: {paid} was paid or owed of {says}, {vouchers} of it by vouchers"));
    }
}

/// Every line, priced again from what it stores; those of an offered piece may come to its agreed sum.
fn lines(desk: &Desk, bill: &Bill<'_>, offered_e8: Option<u64>, audit: &mut Audit) {
    let is_evened = offered_e8.is_some_and(|rate_e8| evened::is_out(bill, rate_e8) == Ok(true));
    for (number, line) in bill.lines.iter().enumerate() {
        audit.lines += 1;
        // What bills a difference follows from its closed cycle: `events` rates that once more. What is taken over from
        // an earlier bill follows from that: `carries`. What a refund gives back follows from what was paid: `refunds`.
        if line.billed_e8.is_some() || line.is_sum() {
            continue;
        }
        let priced = explain::item(desk, bill, line)
            .map_err(|error| error.to_string())
            .and_then(|(_, item)| rate::again(line, item).map_err(|error| error.to_string()));
        match priced {
            Ok(it) if it.list_e8 == line.list_e8 && (it.cost_e8 == line.cost_e8 || is_evened) => {}
            Ok(Cost { cost_e8: cost, .. }) => audit.differences.push(format!(
                "line {number} of bill {}: recomputed {cost} e-8, stored {}",
                bill.id, line.cost_e8
            )),
            Err(error) => audit.differences.push(format!("line {number} of bill {}: {error}", bill.id)),
        }
    }
}

/// What moved for a bill is what the bill says was paid.
fn money(tx: &mut Tx<'_>, account: &str, bills: &[Bill<'_>], audit: &mut Audit) -> Result<(), Refusal> {
    let mut moved: BTreeMap<String, i64> = BTreeMap::new();
    for (subject, debit, credit, minor) in verify::paid(tx, account)? {
        let sum = moved.entry(subject).or_default();
        *sum += match (debit, credit) {
            (_, Purse::Revenue) => minor,
            (Purse::Revenue, _) => -minor,
            _ => 0,
        };
    }
    for bill in bills {
        let moved = moved.remove(&bill.id.to_string()).unwrap_or(0);
        let says = bill.total.minor();
        if moved != says {
            audit.differences.push(format!("bill {}: transfers moved {moved}, it says {says}", bill.id));
        }
    }
    audit.differences.extend(
        moved
            .into_iter()
            .map(|(subject, minor)| format!("{minor} was deducted for {subject}, which is no bill")),
    );
    Ok(())
}

/// Monthly differences of rounding are what the bills of the month say. Source: R-MON-4.
fn precision(bills: &[Bill<'_>], audit: &mut Audit) {
    for bill in bills.iter().filter(|it| matches!(it.kind, Kind::PrecisionCredit | Kind::PrecisionWaiver)) {
        let counted = |it: &&Bill<'_>| {
            it.kind.is_post_paid() && it.product == bill.product && it.from >= bill.from && it.to <= bill.to
        };
        let left =
            |it: &Bill<'_>| i128::from(it.amount_e8) - i128::from(it.carried_e8) - it.total.to_amount().e8();
        let sum: i128 = bills.iter().filter(counted).map(left).sum();
        if sum != i128::from(bill.amount_e8) {
            audit.differences.push(format!(
                "bill {}: the month differs by {sum} e-8, it says {}",
                bill.id, bill.amount_e8
            ));
        }
    }
}

/// What came in is what was paid in, and orders are their pieces.
fn income(tx: &mut Tx<'_>, audit: &mut Audit) -> Result<(), Refusal> {
    let income = verify::income(tx)?;
    if income.transfers != income.payments {
        let (moved, paid) = (income.transfers, income.payments);
        audit.differences.push(format!("payments say {paid:?} came in, transfers say {moved:?}"));
    }
    for (id, total, pieces) in verify::orders(tx)? {
        audit.differences.push(format!("order {id}: its pieces add up to {pieces}, it says {total}"));
    }
    Ok(())
}

/// What was bought by an offer is priced as the offer says: its orders, and the lines of their bills.
fn offers(tx: &mut Tx<'_>, audit: &mut Audit) -> Result<(), Refusal> {
    for (order, offer, number) in store::offers::otherwise(tx)? {
        let difference = format!("order {order}: its price is not that of item {number} of offer {offer}");
        audit.differences.push(difference);
    }
    for offer in store::offers::without_orders(tx)? {
        audit
            .differences
            .push(format!("offer {offer}: it was accepted, and its orders are not those of its items"));
    }
    for (bill, number, offer) in store::offers::other_lines(tx)? {
        audit
            .differences
            .push(format!("line {number} of bill {bill}: its rate is not that of offer {offer}"));
    }
    Ok(())
}

/// Used + left + lost = capacity, and the uses are what each month took.
fn packs(tx: &mut Tx<'_>, audit: &mut Audit) -> Result<(), Refusal> {
    for it in verify::packs(tx)? {
        if it.used + it.left + it.lost != it.capacity {
            audit.differences.push(format!(
                "pack {}: {} used + {} left + {} lost is not {}",
                it.id, it.used, it.left, it.lost, it.capacity
            ));
        }
        if it.used != it.uses || it.lost != it.losses {
            audit.differences.push(format!(
                "pack {}: months took {} and lost {}, it says {} and {}",
                it.id, it.uses, it.losses, it.used, it.lost
            ));
        }
    }
    Ok(())
}
