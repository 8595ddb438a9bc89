//! Views: what an account has, owes and was charged, as lines of text.
//!
//! In:  a transaction and what to look at. Out: lines, in a stable order. `expect` compares them.

use super::budgets;
use super::cards;
use super::changes;
use super::conversions;
use super::costs;
use super::forecast;
use super::impact;
use super::offer;
use super::offers;
use super::player::{Player, Quoted};
use super::proposals;
use super::refunds;
use super::renewals;
use super::step::View;
use super::{contracts, vouchers};
use billing::bill::Bill;
use billing::explain::bare;
use billing::language::Language;
use desk::lists::bills::{self, InMonth};
use desk::page::Part;
use desk::resources::Own;
use desk::{Refusal, explain, history, packs};
use std::collections::HashMap;
use store::corrections::CorrectionFilter;
use store::{StoreError, Tx};
use units::{AccountId, Amount, Currency, Money, ResourceId};

/// The lines of `view`.
pub fn lines(tx: &mut Tx<'_>, player: &Player<'_>, view: &View) -> Result<Vec<String>, Refusal> {
    match view.what.as_str() {
        "quote" => return Ok(quote(player)),
        "quarantine" => return quarantine(tx),
        "renewal" => return renewals::lines(tx, player, view),
        "refund" => return refunds::quoted(tx, player, view),
        "vouched" => return vouchers::parts(tx, player, view),
        "change" => return changes::lines(tx, player, view),
        "conversion" => return conversions::lines(tx, player, view),
        "byuse" => return conversions::back(tx, player, view),
        "impact" => return impact::lines(tx, player, view),
        "proposal" => return of_proposal(tx, player, view),
        what if offer::is_of_offer(what) => return offer::lines(tx, player, view),
        "resource" | "life" | "history" | "ahead" | "option" => return of_resource(tx, player, view),
        _ => {}
    }
    let Some(name) = view.args.first() else {
        return Err(Refusal::Sum("a view says whose: name the account"));
    };
    let (account, currency) = player.of(name)?;
    let filter = &view.args[1..];
    let wallet = store::ledger::get(tx, account, currency)?.wallet;
    match view.what.as_str() {
        "balance" => Ok(vec![wallet.balance().to_string()]),
        "wallet" => {
            let [bonus, cash, income] = wallet.kinds();
            let (frozen, owed, available) = (wallet.frozen().total(), wallet.owed(), wallet.available());
            let cash = cash.checked_add(income)?;
            Ok(vec![format!("cash {cash} bonus {bonus} frozen {frozen} owed {owed} available {available}")])
        }
        "bills" => bill_sums(tx, player, account, filter),
        "lines" => bill_lines(tx, player, account, filter),
        "costs" => costs::lines(tx, player, (account, currency), filter),
        "statement" => statement(tx, player, (account, currency), filter),
        "months" => months(tx, player, account, filter),
        "packs" => pack_lines(tx, player, account),
        "resources" => resources(tx, player, account),
        "orders" => orders(tx, account),
        "payments" => cards::lines(tx, account),
        "notices" => notices(tx, player, account),
        "texts" => texts(tx, player, account),
        "movements" => movements(tx, player, (account, currency)),
        "explain" => explained(tx, player, account, filter),
        "corrections" => corrections(tx, player, account),
        "refunds" => refunds::lines(tx, player, account),
        "vouchers" => vouchers::lines(tx, player, account),
        "contracts" => contracts::lines(tx, player, account),
        "credit" => contracts::credit(tx, player, account),
        "commitment" => contracts::commitment(tx, player, account),
        "budgets" => budgets::lines(tx, player, account, filter),
        "offers" => offers::lines(tx, player, account),
        "forecast" => forecast::lines(tx, player, account),
        other => Err(StoreError::NotFound(format!("view {other}")).into()),
    }
}

/// Names of an account's resources by id.
pub fn names(tx: &mut Tx<'_>, account: AccountId) -> Result<HashMap<ResourceId, String>, Refusal> {
    let mut names: HashMap<ResourceId, String> = store::resources::of_account(tx, account)?
        .into_iter()
        .map(|it| (it.resource.id, it.resource.name))
        .collect();
    for read in store::orders::of_account(tx, account)? {
        for piece in read.order.pieces {
            names.entry(piece.resource).or_insert_with(|| read.order.name.clone());
        }
    }
    Ok(names)
}

/// What a bill is about: its resource, the spec that was added up, or the product.
pub fn subject(bill: &Bill<'_>, names: &HashMap<ResourceId, String>) -> String {
    match bill.resource {
        Some(id) => names.get(&id).cloned().unwrap_or_else(|| id.to_string()),
        None if bill.spec.is_empty() => "-".into(),
        None => bill.spec.to_string(),
    }
}

/// Every word of the filter is a word of the line, or begins its time.
fn fits(line: &str, filter: &[String]) -> bool {
    filter.iter().all(|it| line.split_whitespace().any(|word| word == it) || line.starts_with(it.as_str()))
}

fn bill_sums(
    tx: &mut Tx<'_>,
    player: &Player<'_>,
    account: AccountId,
    filter: &[String],
) -> Result<Vec<String>, Refusal> {
    let names = names(tx, account)?;
    let line = |bill: &Bill<'_>| {
        let (from, total) = (player.desk.calendar.print(bill.from), bill.total);
        format!("{from} {} {} {} {total}", bill.kind.as_str(), bill.product, subject(bill, &names))
    };
    let all = store::bills::of_account(tx, account)?;
    Ok(all.iter().map(line).filter(|it| fits(it, filter)).collect())
}

fn bill_lines(
    tx: &mut Tx<'_>,
    player: &Player<'_>,
    account: AccountId,
    filter: &[String],
) -> Result<Vec<String>, Refusal> {
    let names = names(tx, account)?;
    let mut found = Vec::new();
    for bill in store::bills::of_account(tx, account)? {
        for line in &bill.lines {
            let (from, subject) = (player.desk.calendar.print(bill.from), subject(&bill, &names));
            let cost = Amount::from_e8(line.cost_e8.into(), bill.currency());
            let text = format!(
                "{from} {} {subject} {} {} {cost}",
                bill.product,
                line.component,
                bare(line.measured)
            );
            found.push(text);
        }
    }
    found.retain(|it| fits(it, filter));
    Ok(found)
}

/// L1 of a month: product and total; the last line is L0. Source: R-BIL-1.
fn months(
    tx: &mut Tx<'_>,
    player: &Player<'_>,
    account: AccountId,
    filter: &[String],
) -> Result<Vec<String>, Refusal> {
    let at = player.desk.at(player.now);
    let mut found = Vec::new();
    for month in bills::months(tx, at, account, &Part::first(u16::MAX))?.items.into_iter().rev() {
        let name = &month.name;
        let of = InMonth { account, month: name.clone(), product: None };
        for (product, sum) in bills::of_month(tx, at, &of)? {
            found.push(format!("{name} {product} {}", sum.total));
        }
        found.push(format!("{name} total {}", month.sum.total));
    }
    found.retain(|it| fits(it, filter));
    Ok(found)
}

/// `statement ACCOUNT 2026-05`: the total of a month, and whether it is final. Source: R-SET-7.
fn statement(
    tx: &mut Tx<'_>,
    player: &Player<'_>,
    (account, currency): (AccountId, Currency),
    filter: &[String],
) -> Result<Vec<String>, Refusal> {
    let Some(month) = filter.first() else {
        return Err(Refusal::Sum("a statement says of which month, like 2026-05"));
    };
    let cycle = bills::month(&player.desk, month)?;
    let of = InMonth { account, month: month.clone(), product: None };
    let sums = bills::of_month(tx, player.desk.at(player.now), &of)?;
    let total = billing::bill::Sum::of(sums.values(), currency)?.total;
    let estimate = billing::bill::is_estimate(&cycle, player.now, &player.desk.calendar);
    let state = if estimate { "estimate" } else { "final" };
    Ok(vec![format!("{month} {total} {state}")])
}

fn pack_lines(tx: &mut Tx<'_>, player: &Player<'_>, account: AccountId) -> Result<Vec<String>, Refusal> {
    let (calendar, now) = (&player.desk.calendar, player.now);
    let outlook = packs::look(tx, player.desk.at(now), account)?;
    let line = |it: &billing::pack::Pack| {
        let left = outlook.left.get(&it.id).copied().unwrap_or(it.left);
        let over = now >= it.expires;
        let (rest, lost) = if over { (0, it.lost + left) } else { (left, it.lost) };
        format!(
            "{} {} used {} left {rest} lost {lost} from {} to {}",
            it.name,
            it.state(left, now).as_str(),
            it.capacity - left - it.lost,
            calendar.print(it.effective),
            calendar.print(it.expires)
        )
    };
    Ok(outlook.packs.iter().map(line).collect())
}

fn of_proposal(tx: &mut Tx<'_>, player: &Player<'_>, view: &View) -> Result<Vec<String>, Refusal> {
    match view.args.first() {
        Some(id) => proposals::lines(tx, player, id),
        None => Err(Refusal::Sum("a view says of what: name the proposal")),
    }
}

fn resources(tx: &mut Tx<'_>, player: &Player<'_>, account: AccountId) -> Result<Vec<String>, Refusal> {
    let all = store::resources::of_account(tx, account)?;
    Ok(all.iter().map(|it| resource_line(player, &it.resource)).collect())
}

fn resource_line(player: &Player<'_>, it: &billing::resource::Resource) -> String {
    let deadline =
        it.deadline.map_or_else(String::new, |at| format!(" deadline {}", player.desk.calendar.print(at)));
    format!("{} {} {}{deadline}", it.name, it.product, it.state.as_str())
}

fn of_resource(tx: &mut Tx<'_>, player: &Player<'_>, view: &View) -> Result<Vec<String>, Refusal> {
    let Some(name) = view.args.first() else {
        return Err(Refusal::Sum("a view says of what: name the resource"));
    };
    let (account, id) = player.resource(name)?;
    let read = store::resources::get(tx, account, id)?;
    match (view.what.as_str(), view.args.get(1)) {
        ("resource", _) => Ok(vec![resource_line(player, &read.resource)]),
        ("option", Some(option)) => Ok(vec![read.resource.options.get(option).unwrap_or("-").to_string()]),
        ("option", None) => Ok(vec![read.resource.options.to_string()]),
        ("history", _) => history_lines(tx, player, Own { account, id }),
        ("ahead", _) => ahead_lines(tx, player, Own { account, id }),
        _ => {
            let line = |it: &billing::resource::MeterEvent| {
                format!("{} {}", player.desk.calendar.print(it.at), it.state.as_str())
            };
            Ok(store::resources::events(tx, account, id)?.iter().map(line).collect())
        }
    }
}

/// What happened and what changed by it. Scenarios write no audit log, so nobody is named.
fn history_lines(tx: &mut Tx<'_>, player: &Player<'_>, own: Own) -> Result<Vec<String>, Refusal> {
    let part = Part { after: None, most: 200 };
    let events = history::page(tx, own, &part)?.items;
    let line = |it: &history::Event| {
        let changed = it.changed.iter().map(|it| {
            let said = |it: &Option<String>| it.clone().unwrap_or_else(|| "-".into());
            format!(" {} {}→{}", it.option, said(&it.before), said(&it.after))
        });
        let text = it.what.text();
        let at = player.desk.calendar.print(it.at);
        format!("{at} {}{} | {} {}", it.what.as_str(), changed.collect::<String>(), text.en, text.zh)
    };
    Ok(events.iter().map(line).collect())
}

/// What will happen if nobody does anything.
fn ahead_lines(tx: &mut Tx<'_>, player: &Player<'_>, own: Own) -> Result<Vec<String>, Refusal> {
    let steps = history::ahead(tx, player.desk.at(player.now), own)?;
    let line = |it: &billing::story::Ahead| {
        let by = it.ended_by.map_or_else(String::new, |it| format!(" by {}", it.as_str()));
        format!("{} {}{by}", player.desk.calendar.print(it.at), it.what.as_str())
    };
    Ok(steps.iter().map(line).collect())
}

fn orders(tx: &mut Tx<'_>, account: AccountId) -> Result<Vec<String>, Refusal> {
    let line = |it: &store::orders::StoredOrder| {
        let order = &it.order;
        let (state, result, total) = (order.state.as_str(), order.result().as_str(), order.total);
        format!("{} {} {state} {result} {total}", order.name, order.product)
    };
    Ok(store::orders::of_account(tx, account)?.iter().map(line).collect())
}

fn notices(tx: &mut Tx<'_>, player: &Player<'_>, account: AccountId) -> Result<Vec<String>, Refusal> {
    let mut named: HashMap<String, String> =
        store::packs::of_account(tx, account)?.into_iter().map(|it| (it.id.to_string(), it.name)).collect();
    named.extend(store::budgets::names(tx, account)?);
    named.extend(player.offers.iter().map(|it| (it.1.1.to_string(), it.0.clone())));
    named.extend(player.desk.books.all().iter().map(|it| (it.id.to_string(), it.name.clone())));
    named.extend(store::proposals::all(tx)?.into_iter().map(|it| (it.book.to_string(), it.id)));
    let vouchers = store::vouchers::all(tx)?.into_iter().filter(|it| it.account == account);
    named.extend(vouchers.map(|it| (it.id.to_string(), it.name)));
    let resources = store::resources::of_account(tx, account)?.into_iter();
    named.extend(resources.map(|it| (it.resource.id.to_string(), it.resource.name)));
    let line = |it: &billing::notice::Notice| {
        let subject = named.get(&it.subject).unwrap_or(&it.subject);
        format!("{} {} {subject} {}", player.desk.calendar.print(it.at), it.kind.as_str(), it.threshold)
    };
    Ok(store::notices::of_account(tx, account)?.iter().map(line).collect())
}

/// What the notices of an account say, in English and then in Chinese.
fn texts(tx: &mut Tx<'_>, player: &Player<'_>, account: AccountId) -> Result<Vec<String>, Refusal> {
    let notices = store::notices::of_account(tx, account)?;
    let at = player.desk.at(player.now);
    let read = desk::lists::notices::in_words(tx, at, account, notices)?;
    Ok(read.iter().flat_map(|it| Language::ALL.map(|language| it.said.line(language))).collect())
}

/// Every movement with the balance after it: freezes move money without changing it. Source: R-WAL-3.
fn movements(
    tx: &mut Tx<'_>,
    player: &Player<'_>,
    (account, currency): (AccountId, Currency),
) -> Result<Vec<String>, Refusal> {
    let mut balance = Money::zero(currency);
    let mut found = Vec::new();
    for it in store::ledger::movements(tx, account)? {
        balance = balance.checked_add(it.change()?)?;
        found.push(format!(
            "{} {} {}→{} {} balance {}",
            player.desk.calendar.print(it.at),
            it.kind,
            it.debit.as_str(),
            it.credit.as_str(),
            it.money,
            balance
        ));
    }
    Ok(found)
}

fn quote(player: &Player<'_>) -> Vec<String> {
    let Some(Quoted { quote, .. }) = &player.quote else { return vec!["no quote".into()] };
    let mut found = vec![format!("total {} list {} freeze {}", quote.total, quote.list, quote.freeze)];
    let amount = |e8: i64| Amount::from_e8(e8.into(), quote.total.currency()).short();
    found.extend(
        quote
            .lines
            .iter()
            .map(|it| format!("{} {} {}", it.component, amount(it.list_e8), amount(it.cost_e8))),
    );
    found.extend(quote.unit_prices.iter().map(|it| format!("{} {}", it.component, it.text)));
    found
}

fn quarantine(tx: &mut Tx<'_>) -> Result<Vec<String>, Refusal> {
    let all = store::quarantine::all(tx)?;
    Ok(all.iter().map(|it| format!("{} {} {}", it.reason, it.sent.meter, it.sent.quantity)).collect())
}

/// Who corrected what of the account, when and why, the oldest first.
fn corrections(tx: &mut Tx<'_>, player: &Player<'_>, account: AccountId) -> Result<Vec<String>, Refusal> {
    let all =
        store::corrections::page(tx, CorrectionFilter::of(Some(account)), i64::MAX, i64::from(u16::MAX))?;
    let line = |it: &store::corrections::Correction| {
        let (at, by) = (player.desk.calendar.print(it.at), &it.actor);
        format!("{at} {} {} by {by}: {}", it.kind, it.id, it.reason)
    };
    Ok(all.iter().rev().map(line).collect())
}

/// `explain ACCOUNT SUBJECT COMPONENT [from]`: the sentences of the first line that fits; a correction has none but
/// its own, and is found by its kind.
fn explained(
    tx: &mut Tx<'_>,
    player: &Player<'_>,
    account: AccountId,
    filter: &[String],
) -> Result<Vec<String>, Refusal> {
    let names = names(tx, account)?;
    for bill in store::bills::of_account(tx, account)? {
        let without_lines = bill.lines.is_empty().then_some(bill.kind.as_str());
        let components = bill.lines.iter().map(|it| it.component.as_ref()).chain(without_lines);
        for (number, component) in components.enumerate() {
            let from = player.desk.calendar.print(bill.from);
            let text = format!("{from} {} {} {component}", bill.product, subject(&bill, &names));
            if fits(&text, filter) {
                let question = explain::Question::of(account, bill.id, number);
                return Ok(explain::line(tx, &player.desk, question)?.sentences());
            }
        }
    }
    Err(StoreError::NotFound(format!("line {}", filter.join(" "))).into())
}
