//! Everything that a scenario came to, as JSON for other programs. The shape: docs/scenarios.md.

use super::outcome::{Played, StepOutcome};
use super::player::Player;
use super::view;
use billing::account::Account;
use billing::bill::{Bill, Sum};
use billing::order::Order;
use billing::pack::Pack;
use billing::quote::Becomes;
use billing::wallet::{Paid, Wallet};
use desk::lists::bills::{self, InMonth};
use desk::page::Part;
use desk::{Refusal, packs};
use serde_json::{Value, json};
use store::Tx;
use units::{Amount, Currency, Money, MoneyError, Timestamp};

fn money(it: Money) -> String {
    it.to_string()
}

fn amount(e8: i64, currency: Currency) -> String {
    Amount::from_e8(e8.into(), currency).to_string()
}

/// An instant as RFC 3339 in UTC.
fn time(at: Timestamp) -> String {
    at.to_string()
}

/// The whole report of one scenario.
pub fn report(player: &Player<'_>, played: &Played) -> Result<Value, Refusal> {
    let steps: Vec<Value> = played.steps.iter().map(step).collect();
    let failures: Vec<Value> = played
        .failures
        .iter()
        .map(|it| json!({"file": it.file, "line": it.line, "expect": it.text, "expected": it.expected, "found": it.found}))
        .collect();
    let accounts = player.store.read(|tx| -> Result<Vec<Value>, Refusal> {
        let all = store::accounts::all(tx)?;
        all.iter().map(|it| account(tx, player, it)).collect()
    })?;
    let quarantine = player.store.read(|tx| store::quarantine::all(tx).map_err(Refusal::from))?;
    let quarantine: Vec<Value> = quarantine
        .iter()
        .map(|it| json!({"event": it.sent.event, "reason": it.reason, "resource": it.sent.resource, "meter": it.sent.meter, "quantity": it.sent.quantity.to_string()}))
        .collect();
    let aside = player.store.read(|tx| store::settlements::aside(tx).map_err(Refusal::from))?;
    let aside: Vec<Value> = aside
        .iter()
        .map(|it| json!({"account": it.account.to_string(), "cycle": it.kind.as_str(), "from": time(it.from), "reason": it.reason}))
        .collect();
    Ok(json!({
        "now": time(player.now),
        "ok": played.failures.is_empty(),
        "steps": steps,
        "failures": failures,
        "accounts": accounts,
        "quarantine": quarantine,
        "set_aside": aside,
    }))
}

fn wallet(wallet: &Wallet) -> Value {
    let [bonus, cash, income] = wallet.kinds().map(money);
    json!({
        "currency": wallet.currency().as_str(),
        "cash": cash,
        "bonus": bonus,
        "income": income,
        "frozen": money(wallet.frozen().total()),
        "owed": money(wallet.owed()),
        "available": money(wallet.available()),
        "balance": money(wallet.balance()),
    })
}

fn step(it: &StepOutcome) -> Value {
    let wallets: serde_json::Map<String, Value> =
        it.wallets.iter().map(|(name, it)| (name.clone(), wallet(it))).collect();
    json!({
        "file": it.file,
        "line": it.line,
        "at": time(it.at),
        "text": it.text,
        "outcome": it.code,
        "message": it.message,
        "usage": it.taken,
        "shown": it.shown,
        "wallets": wallets,
    })
}

/// One account with all that it has.
pub fn account(tx: &mut Tx<'_>, player: &Player<'_>, account: &Account) -> Result<Value, Refusal> {
    let names = view::names(tx, account.id)?;
    let read = store::ledger::get(tx, account.id, account.currency)?;
    let orders: Vec<Value> =
        store::orders::of_account(tx, account.id)?.iter().map(|it| order(&it.order)).collect();
    let all = store::bills::of_account(tx, account.id)?;
    let shown = all.iter().map(|it| bill(it, &view::subject(it, &names))).collect::<Result<Vec<_>, _>>()?;
    let mut balance = Money::zero(account.currency);
    let mut movements = Vec::new();
    for it in store::ledger::movements(tx, account.id)? {
        let before = balance;
        balance = balance.checked_add(it.change()?)?;
        movements.push(json!({
            "id": it.id, "at": time(it.at), "kind": it.kind, "debit": it.debit.as_str(), "credit": it.credit.as_str(),
            "amount": money(it.money), "for": it.subject,
            "balance_before": money(before), "balance_after": money(balance),
        }));
    }
    let mut resources = Vec::new();
    for read in store::resources::of_account(tx, account.id)? {
        let it = read.resource;
        let life: Vec<Value> = store::resources::events(tx, account.id, it.id)?
            .iter()
            .map(|event| json!({"at": time(event.at), "state": event.state.as_str(), "options": event.options.to_string()}))
            .collect();
        resources.push(json!({
            "id": it.id.to_string(), "name": it.name, "product": it.product, "options": it.options.to_string(), "service": it.service,
            "state": it.state.as_str(), "address": it.address, "created": time(it.created), "delivered": it.delivered.map(time),
            "deadline": it.deadline.map(time), "renewal": it.renew.flag.as_str(), "ended_by": it.ended_by.map(|it| it.as_str()), "life": life,
        }));
    }
    let notices: Vec<Value> = store::notices::of_account(tx, account.id)?
        .iter()
        .map(|it| json!({"at": time(it.at), "kind": it.kind.as_str(), "subject": it.subject, "threshold": it.threshold}))
        .collect();
    Ok(json!({
        "id": account.id.to_string(),
        "name": account.name,
        "currency": account.currency.as_str(),
        "arrears_since": account.arrears_since.map(time),
        "wallet": wallet(&read.wallet),
        "orders": orders,
        "resources": resources,
        "packs": pack_values(tx, player, account)?,
        "bills": shown,
        "statements": statements(tx, player, account)?,
        "movements": movements,
        "notices": notices,
    }))
}

fn order(it: &Order) -> Value {
    let pieces: Vec<Value> = it
        .pieces
        .iter()
        .map(|piece| {
            let pack = (it.becomes == Becomes::Pack).then(|| Pack::id_of(piece.resource).to_string());
            let resource = pack.is_none().then(|| piece.resource.to_string());
            json!({"resource": resource, "pack": pack, "state": piece.state.as_str(), "total": money(piece.total)})
        })
        .collect();
    json!({
        "id": it.id.to_string(), "purchase": it.group, "name": it.name, "action": it.action.as_str(), "product": it.product,
        "options": it.options.to_string(), "months": it.months, "days": it.days, "state": it.state.as_str(), "result": it.result().as_str(),
        "created": time(it.created), "expires": time(it.expires), "list": money(it.list),
        "total": money(it.total), "opening_freeze": money(it.freeze), "pieces": pieces,
    })
}

fn paid_value(it: &Paid) -> Value {
    let [bonus, cash, income] = it.purses().kinds().map(money);
    json!({"bonus": bonus, "cash": cash, "income": income, "owed": money(it.owed())})
}

/// Months with their products: L0 and L1. Source: R-BIL-1, R-SET-7.
fn statements(tx: &mut Tx<'_>, player: &Player<'_>, account: &Account) -> Result<Vec<Value>, Refusal> {
    let at = player.desk.at(player.now);
    let mut found = Vec::new();
    for it in bills::months(tx, at, account.id, &Part::first(u16::MAX))?.items.into_iter().rev() {
        let of = InMonth { account: account.id, month: it.name.clone(), product: None };
        let sums = bills::of_month(tx, at, &of)?;
        let total = |it: (String, Sum)| (it.0, json!(money(it.1.total)));
        let products: serde_json::Map<String, Value> = sums.into_iter().map(total).collect();
        let total = money(it.sum.total);
        found.push(json!({"month": it.name, "total": total, "products": products, "estimate": it.estimate}));
    }
    Ok(found)
}

/// A bill with its lines to 1e-8.
pub fn bill(it: &Bill<'_>, subject: &str) -> Result<Value, MoneyError> {
    let lines: Vec<Value> = it
        .lines
        .iter()
        .zip(it.spread()?)
        .map(|(line, paid)| {
            json!({
                "component": line.component, "name": line.name, "price": line.price, "book": line.book.to_string(),
                "quantity": line.measured.quantity.to_string(), "count": line.measured.count, "num": line.measured.num, "den": line.measured.den,
                "unit": line.measured.unit.as_str(), "tier_clock": line.offset, "covered_by_packs": line.covered.to_string(),
                "free_tier": line.free.to_string(),
                "list": amount(line.list_e8, it.currency()), "rate": units::decimal::print_short(line.rate_e8.into(), 8, 2),
                "cost": amount(line.cost_e8, it.currency()),
                "paid": paid_value(&paid),
            })
        })
        .collect();
    Ok(json!({
        "id": it.id.to_string(), "kind": it.kind.as_str(), "product": it.product, "subject": subject,
        "resource": it.resource.filter(|_| it.pack().is_none()).map(|it| it.to_string()),
        "pack": it.pack().map(|it| it.to_string()), "spec": it.spec, "region": it.region,
        "order": it.order.map(|it| it.to_string()), "from": time(it.from), "to": time(it.to), "posted": time(it.posted),
        "original_cycle": it.original.map(|it| json!({"from": time(it.0), "to": time(it.1)})),
        "currency": it.currency().as_str(), "amount": amount(it.amount_e8, it.currency()), "total": money(it.total), "carried": amount(it.carried_e8, it.currency()),
        "paid": paid_value(&it.paid),
        "lines": lines,
    }))
}

fn pack_values(tx: &mut Tx<'_>, player: &Player<'_>, account: &Account) -> Result<Vec<Value>, Refusal> {
    let outlook = packs::look(tx, player.desk.at(player.now), account.id)?;
    let value = |it: &billing::pack::Pack| {
        let left = outlook.left.get(&it.id).copied().unwrap_or(it.left);
        let over = player.now >= it.expires;
        let (rest, lost) = if over { (0, it.lost + left) } else { (left, it.lost) };
        json!({
            "id": it.id.to_string(), "name": it.name, "family": it.family, "spec": it.spec, "state": it.state(left, player.now).as_str(),
            "capacity": it.capacity.to_string(), "used": (it.capacity - left - it.lost).to_string(), "left": rest.to_string(),
            "lost": lost.to_string(), "effective": time(it.effective), "expires": time(it.expires), "bought": time(it.bought),
        })
    };
    Ok(outlook.packs.iter().map(value).collect())
}
