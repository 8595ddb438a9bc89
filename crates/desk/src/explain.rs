//! "Why was I charged": one stored line, recomputed and said in sentences, down to the events.

mod events;

use super::{Desk, Refusal};
use billing::bill::{Bill, Kind, Line, Sum};
use billing::book::Component;
use billing::price::PriceItem;
use store::{StoreError, Tx, accounts, bills};
use units::{AccountId, Amount, BillId, Currency};

/// The price item that a line names, and its component. Errors: `NotFound` when its book or price is gone.
pub fn item<'a>(
    desk: &'a Desk,
    bill: &Bill<'_>,
    line: &Line<'_>,
) -> Result<(&'a Component, &'a PriceItem), Refusal> {
    let gone = || StoreError::NotFound(format!("price `{}` in book {}", line.price, line.book));
    let product = desk.books.get(line.book).and_then(|it| it.product(&bill.product)).ok_or_else(gone)?;
    let own = product.components.iter().filter(|it| it.id == line.component);
    let mut rows = own.flat_map(|component| component.prices.iter().map(move |it| (component, &it.item)));
    Ok(rows.find(|it| it.1.key == line.price).ok_or_else(gone)?)
}

/// Which line: of whose bill, and its number from 0.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    pub account: AccountId,
    pub bill: BillId,
    pub number: usize,
}

/// The sentences of a line, and before them what its bill is for. Errors: `NotFound`.
pub fn line(tx: &mut Tx<'_>, desk: &Desk, place: Place) -> Result<Vec<String>, Refusal> {
    let Place { account, bill: id, number } = place;
    let bill = &bills::get(tx, account, id)?.bill;
    let customer = accounts::get(tx, account)?;
    let mut text = vec![head(desk, bill, &customer.name)];
    if let Some((from, to)) = bill.original {
        let (from, to) = (desk.calendar.print(from), desk.calendar.print(to));
        text.push(format!("It was reported after its cycle, {from} to {to}, had been settled."));
    }
    if bill.lines.is_empty() {
        let sum = super::lists::bills::post_paid(tx, bill)?;
        text.extend(adjustment(bill, &sum));
        return Ok(text);
    }
    let line = bill
        .lines
        .get(number)
        .ok_or_else(|| StoreError::NotFound(format!("line {number} of {id}; it has {}", bill.lines.len())))?;
    if line.is_carried() {
        text.push(carried(line, bill));
        text.push(total(bill));
        return Ok(text);
    }
    text.extend(events::sentences(tx, desk, bill, line)?);
    let item = item(desk, bill, line)?;
    if line.covered > 0 {
        text.extend(packs(tx, bill, line, item.0)?);
    }
    let why = billing::explain::line(line, item.0, item.1, bill.currency());
    text.extend(why.map_err(billing::used::AggregateError::Price)?);
    text.push(total(bill));
    Ok(text)
}

/// What the bill is for. Every time of an explanation is of the settlement zone, which is said here, once.
fn head(desk: &Desk, bill: &Bill<'_>, customer: &str) -> String {
    let (from, to, zone) =
        (desk.calendar.print(bill.from), desk.calendar.print(bill.to), desk.calendar.zone());
    let period = if bill.from == bill.to { format!("at {from}") } else { format!("for {from} to {to}") };
    format!(
        "Bill {} of {customer}: {} of {}{}, {period} (times here are {zone}), {} {}.",
        bill.id,
        bill.kind.as_str(),
        bill.product,
        if bill.spec.is_empty() { String::new() } else { format!(" {}", bill.spec) },
        bill.total,
        bill.currency(),
    )
}

/// What a bill takes over from earlier ones of its product. Source: R-MON-9.
fn carried(line: &Line<'_>, bill: &Bill<'_>) -> String {
    let amount = Amount::from_e8(line.cost_e8.into(), bill.currency());
    format!(
        "Rounding left {amount} {} of earlier bills of {}; this one takes it.",
        bill.currency(),
        bill.product
    )
}

/// The packs that covered a part of the line, as far as the month's close wrote down what it took of each.
fn packs(
    tx: &mut Tx<'_>,
    bill: &Bill<'_>,
    line: &Line<'_>,
    component: &Component,
) -> Result<Option<String>, Refusal> {
    let Some(family) = &component.pack else { return Ok(None) };
    let from = bill.original.map_or(bill.from, |it| it.0);
    let mut taken = store::packs::taken(tx, bill.account, from, family)?;
    taken.retain(|it| it.spec.as_ref().is_none_or(|it| *it == bill.spec));
    let unit = line.measured.unit;
    let each: Vec<String> =
        taken.iter().map(|it| format!("{} {unit} from {} ({})", it.units, it.name, it.id)).collect();
    Ok((!each.is_empty()).then(|| format!("Packs gave that month: {}.", each.join(", "))))
}

fn total(bill: &Bill<'_>) -> String {
    let amount = |e8: i64, currency: Currency| Amount::from_e8(e8.into(), currency).to_string();
    let lines: Vec<String> = bill.lines.iter().map(|it| amount(it.cost_e8, bill.currency())).collect();
    let (paid, [bonus, cash, income]) = (bill.paid, bill.paid.purses().kinds());
    format!(
        "The bill adds {} line(s), {} = {}, and is rounded once to {}; paid from bonus {bonus}, cash {cash}, income {income}, owed {}.",
        lines.len(),
        lines.join(" + "),
        amount(bill.amount_e8, bill.currency()),
        bill.total,
        paid.owed(),
    )
}

/// A precision credit or waiver has no line: it is a difference of the month.
fn adjustment(bill: &Bill<'_>, post_paid: &Sum) -> Vec<String> {
    vec![
        format!(
            "The post-paid bills of {} in this month were deducted as {}; their lines add up to {}.",
            bill.product,
            post_paid.total,
            Amount::from_e8(post_paid.amount_e8, bill.currency())
        ),
        settled(bill),
    ]
}

/// What becomes of the difference.
fn settled(bill: &Bill<'_>) -> String {
    let difference = Amount::from_e8(bill.amount_e8.into(), bill.currency());
    match bill.kind {
        Kind::PrecisionWaiver => {
            format!("The difference of {difference} is waived: it is recorded, and nobody pays it.")
        }
        _ => format!(
            "The difference of {difference} is rounded to {} {} and given back.",
            bill.total,
            bill.currency()
        ),
    }
}
