//! Packs: delivered at payment, looked at ahead of the month's close, and the reminders they give.

use super::act::Act;
use super::{At, Refusal, quotes};
use billing::cover::Crossing;
use billing::notice::Notice;
use billing::order::{self, Delivery, Order};
use billing::pack::{self, Pack, Period};
use billing::passbook::Passbook;
use billing::{demand, segment};
use std::collections::BTreeMap;
use store::{StoreError, Tx, accounts, settlements};
use units::{AccountId, Cycle, CycleKind, PackId, Timestamp};

/// Delivers every piece of a pack order: it is active from its own instant, however the cloud stands.
///
/// Source: R-PKG-1 to R-PKG-5, R-PKG-18.
pub(super) fn deliver(act: &mut Act<'_>, order: Order, passbook: &mut Passbook) -> Result<Order, Refusal> {
    let at = act.at;
    let rule = at.product(order.currency(), &order.product)?.pack.as_ref();
    let rule = rule.ok_or_else(|| StoreError::NotFound(format!("pack `{}`", order.product)))?;
    let quote = quotes::of_order(at.desk, &order)?;
    let Period { capacity, effective, expires } =
        pack::period(rule, &quote.options, order.month.as_deref(), at.now, &at.desk.calendar)?;
    let month = at.desk.calendar.cycle(CycleKind::Month, at.now)?;
    let spec = rule.spec.as_deref().and_then(|it| quote.options.get(it)).map(str::to_string);
    let pieces: Vec<_> = order.pieces.iter().map(|it| it.resource).collect();
    let mut order = order;
    let (mut packs, mut made) = (Vec::new(), Vec::new());
    for (number, piece) in (1..).zip(pieces) {
        let (after, bill) = order::deliver(
            order,
            Delivery { piece, from: at.now, to: at.now, at: at.now },
            &quote,
            passbook,
        )?;
        order = after;
        made.extend(bill);
        packs.push(Pack {
            id: Pack::id_of(piece),
            account: order.account,
            order: order.id,
            family: rule.family.clone(),
            spec: spec.clone(),
            name: order.piece_name(number),
            capacity,
            effective,
            expires,
            bought: at.now,
            left: capacity,
            settled_to: effective.min(month.from),
            used: 0,
            lost: 0,
            notices_percent: rule.notices_percent.clone(),
            refunded: None,
        });
    }
    act.sheet.news.extend(made.iter().filter_map(|it| act.ears.bought(it)));
    act.sheet.news.extend(packs.iter().filter_map(|it| act.ears.pack(it)));
    act.sheet.bills.append(&mut made);
    act.sheet.packs.append(&mut packs);
    act.sheet.owners.insert(order.account);
    act.sheet.lives.dues.push((order.account, month));
    Ok(order)
}

/// How packs stand now: what the open month has taken so far is provisional. Source: R-PKG-13.
#[derive(Clone, Debug)]
pub struct Outlook {
    pub packs: Vec<Pack>,
    /// Units left of each pack at `now`.
    pub left: BTreeMap<PackId, u64>,
    pub crossings: Vec<Crossing>,
}

/// Serves the open month up to now, without writing anything.
pub fn look(tx: &mut Tx<'_>, at: At<'_>, account: AccountId) -> Result<Outlook, Refusal> {
    look_until(tx, at, account, at.now)
}

/// The same up to `to`, if everything goes on as it is now.
pub fn look_until(
    tx: &mut Tx<'_>,
    at: At<'_>,
    account: AccountId,
    to: Timestamp,
) -> Result<Outlook, Refusal> {
    look_with(tx, at, account, Ahead { to, more: &[] })
}

/// How far one looks, and packs that there might be as well.
#[derive(Clone, Copy, Debug)]
pub struct Ahead<'a> {
    pub to: Timestamp,
    pub more: &'a [Pack],
}

/// The same, as if the account had `more` packs.
pub fn look_with(
    tx: &mut Tx<'_>,
    at: At<'_>,
    account: AccountId,
    ahead: Ahead<'_>,
) -> Result<Outlook, Refusal> {
    let (At { desk, now, .. }, Ahead { to, more }) = (at, ahead);
    let currency = accounts::get(tx, account)?.currency;
    let month = desk.calendar.cycle(CycleKind::Month, now)?;
    let from = store::usage::settled_to(tx, account, CycleKind::Month)?.unwrap_or(month.from).min(now);
    let cycle = Cycle { kind: CycleKind::Month, from, to };
    let wallet = store::ledger::get(tx, account, currency)?;
    let read = settlements::look(tx, &desk.books, wallet, &cycle)?;
    let mut all = store::packs::of_account(tx, account)?;
    all.extend_from_slice(more);
    let mut left: BTreeMap<PackId, u64> = all.iter().map(|it| (it.id, it.left)).collect();
    let mut crossings = Vec::new();
    for (account, _) in &read.accounts {
        let (segments, _) = segment::segments(&account.openings, &account.changes, cycle, &read.configs)
            .map_err(billing::used::AggregateError::Plan)?;
        let packs = [account.packs.as_slice(), more].concat();
        let covered = demand::serve(&segments, &read.configs, &packs, CycleKind::Month)?;
        left.extend(covered.left);
        crossings.extend(covered.crossings);
    }
    Ok(Outlook { packs: all, left, crossings })
}

/// Tells the owner what packs give notice of up to now. Source: R-PKG-15.
pub fn remind(tx: &mut Tx<'_>, act: &mut Act<'_>, account: AccountId) -> Result<(), Refusal> {
    if store::packs::of_account(tx, account)?.is_empty() {
        return Ok(());
    }
    let outlook = look(tx, act.at, account)?;
    act.sheet.notices.extend(notices(act.at, &outlook)?);
    Ok(())
}

/// The notices of an outlook, also those that were given before.
fn notices(at: At<'_>, outlook: &Outlook) -> Result<Vec<Notice>, Refusal> {
    let mut due = Vec::new();
    for it in &outlook.packs {
        let left = outlook.left.get(&it.id).copied().unwrap_or(0);
        for found in pack::notices(it, &outlook.crossings, left, at.now, &at.desk.calendar)? {
            let (subject, kind) = (found.pack.to_string(), found.kind);
            due.push(Notice {
                account: it.account,
                subject,
                kind,
                threshold: found.threshold,
                occasion: String::new(),
                at: found.at,
            });
        }
    }
    Ok(due)
}

/// The notices of marks that a closing month crossed.
pub fn notices_at_close(
    at: At<'_>,
    packs: Vec<Pack>,
    crossings: Vec<Crossing>,
) -> Result<Vec<Notice>, Refusal> {
    let left = packs.iter().map(|it| (it.id, it.left)).collect();
    notices(at, &Outlook { packs, left, crossings })
}
