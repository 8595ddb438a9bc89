//! "Why was I charged": one stored line, recomputed and said in sentences, down to the events.

use super::{Desk, Refusal};
use billing::aggregate::PartRef;
use billing::bill::{Bill, Line};
use billing::plan::{Config, Configs};
use billing::price::PriceItem;
use billing::segment::{self, Change, Opening};
use store::{StoreError, Tx, accounts, bills};
use units::{Amount, BillId, Currency, Timestamp};

/// The price item that a line names. Errors: `NotFound` when its book or price is gone.
pub fn item<'a>(desk: &'a Desk, bill: &Bill<'_>, line: &Line<'_>) -> Result<&'a PriceItem, Refusal> {
    let gone = || StoreError::NotFound(format!("price `{}` in book {}", line.price, line.book));
    let product = desk.books.get(line.book).and_then(|it| it.product(&bill.product)).ok_or_else(gone)?;
    let mut rows = product.components.iter().filter(|it| it.id == line.component).flat_map(|it| &it.prices);
    Ok(rows.find(|it| it.item.key == line.price).map(|it| &it.item).ok_or_else(gone)?)
}

/// The sentences of line `number` of a bill, and before them what the bill is for.
pub fn line(tx: &mut Tx<'_>, desk: &Desk, id: BillId, number: usize) -> Result<Vec<String>, Refusal> {
    let account = bills::owner(tx, id)?;
    let all = bills::of_account(tx, account)?;
    let bill = all.iter().find(|it| it.id == id).ok_or_else(|| StoreError::NotFound(format!("bill {id}")))?;
    let customer = accounts::get(tx, account)?;
    let mut text = vec![format!(
        "Bill {id} of {}: {} of {}{}, for {} to {}, {} {}.",
        customer.name,
        bill.kind.as_str(),
        bill.product,
        if bill.spec.is_empty() { String::new() } else { format!(" {}", bill.spec) },
        desk.calendar.print(bill.from),
        desk.calendar.print(bill.to),
        units::Money::from_minor(bill.total_minor, bill.currency),
        bill.currency,
    )];
    if let Some((from, to)) = bill.original {
        let (from, to) = (desk.calendar.print(from), desk.calendar.print(to));
        text.push(format!("It was reported after its cycle, {from} to {to}, had been settled."));
    }
    if bill.lines.is_empty() {
        text.extend(adjustment(bill, &all));
        return Ok(text);
    }
    let line = bill
        .lines
        .get(number)
        .ok_or_else(|| StoreError::NotFound(format!("line {number} of {id}; it has {}", bill.lines.len())))?;
    text.extend(events(tx, desk, bill, line)?);
    let item = item(desk, bill, line)?;
    text.extend(
        billing::explain::line(line, item, bill.currency)
            .map_err(billing::aggregate::AggregateError::Price)?,
    );
    text.push(total(bill));
    Ok(text)
}

fn total(bill: &Bill<'_>) -> String {
    let amount = |e8: i64, currency: Currency| Amount::from_e8(e8.into(), currency).to_string();
    let lines: Vec<String> = bill.lines.iter().map(|it| amount(it.cost_e8, bill.currency)).collect();
    let money = |minor: i64| units::Money::from_minor(minor, bill.currency);
    let paid = bill.paid;
    format!(
        "The bill adds {} line(s), {} = {}, and is rounded once to {}; paid from bonus {}, cash {}, owed {}.",
        lines.len(),
        lines.join(" + "),
        amount(bill.amount_e8, bill.currency),
        money(bill.total_minor),
        money(paid.purses.bonus),
        money(paid.purses.cash),
        money(paid.owed),
    )
}

/// A precision credit or waiver has no line: it is a difference of the month.
fn adjustment(bill: &Bill<'_>, all: &[Bill<'_>]) -> Vec<String> {
    let counted = |it: &&Bill<'_>| {
        it.kind.is_post_paid() && it.product == bill.product && it.from >= bill.from && it.to <= bill.to
    };
    let (mut e8, mut minor) = (0_i128, 0_i64);
    for it in all.iter().filter(counted) {
        e8 += i128::from(it.amount_e8);
        minor += it.total_minor;
    }
    vec![
        format!(
            "The post-paid bills of {} in this month were deducted as {}; their lines add up to {}.",
            bill.product,
            units::Money::from_minor(minor, bill.currency),
            Amount::from_e8(e8, bill.currency)
        ),
        format!(
            "The difference of {} is settled here.",
            Amount::from_e8(bill.amount_e8.into(), bill.currency)
        ),
    ]
}

/// The spans or readings that the line adds up, one sentence each.
fn events(tx: &mut Tx<'_>, desk: &Desk, bill: &Bill<'_>, line: &Line<'_>) -> Result<Vec<String>, Refusal> {
    let mut text = Vec::new();
    if let Some(order) = bill.order {
        let read = store::orders::get(tx, bill.account, order)?;
        text.push(format!(
            "Ordered {} as {order}, {} month(s), delivered {}.",
            desk.calendar.print(read.order.created),
            read.order.months,
            desk.calendar.print(bill.from)
        ));
        return Ok(text);
    }
    let names: std::collections::HashMap<_, _> = store::resources::of_account(tx, bill.account)?
        .into_iter()
        .map(|it| (it.resource.id, it.resource.name))
        .collect();
    let name = |id: &units::ResourceId| names.get(id).cloned().unwrap_or_else(|| id.to_string());
    let mut configs = Configs::default();
    for (at, config, segment) in spans(tx, desk, bill, line, &mut configs)? {
        let (plan, part) = at.resolve(&config).map_err(billing::aggregate::AggregateError::Plan)?;
        let print = |second: i64| desk.calendar.print(Timestamp::from_second(second).unwrap_or_default());
        let held = if part.quantity == 1 {
            String::new()
        } else {
            format!("{} {} for ", part.quantity, plan.component(part).quantity.unit)
        };
        text.push(format!(
            "{} was {} from {} to {}: {held}{} s.",
            name(&segment.resource),
            segment.state.as_str(),
            print(segment.from),
            print(segment.to),
            segment.seconds()
        ));
    }
    for reading in store::usage::between(tx, bill.account, (line.from, line.to), bill.watermark)? {
        let mine = bill.resource.is_none_or(|it| it == reading.resource);
        let (plan_line, usage) = (line.component.as_ref(), reading.usage.as_str());
        if mine && component_reads(desk, bill, plan_line, usage) {
            let at = Timestamp::from_second(reading.at).unwrap_or_default();
            text.push(format!(
                "{} reported {} {} at {} (event {}).",
                name(&reading.resource),
                reading.quantity,
                usage,
                desk.calendar.print(at),
                reading.event
            ));
        }
    }
    Ok(text)
}

fn component_reads(desk: &Desk, bill: &Bill<'_>, component: &str, usage: &str) -> bool {
    let product = desk.books.at(bill.from).and_then(|it| it.product(&bill.product));
    product.is_some_and(|it| {
        it.components.iter().any(|it| it.id == component && it.meter.usage() == Some(usage))
    })
}

/// The segments behind a line, made again from the whole life of the account's resources.
fn spans(
    tx: &mut Tx<'_>,
    desk: &Desk,
    bill: &Bill<'_>,
    line: &Line<'_>,
    configs: &mut Configs,
) -> Result<Vec<(PartRef, Configs, segment::Segment)>, Refusal> {
    let mut changes: Vec<Change> = Vec::new();
    for event in store::resources::events_of_account(tx, bill.account)? {
        let wanted = event.product == bill.product && bill.resource.is_none_or(|it| it == event.resource);
        if wanted {
            let config = configs.intern(&desk.books, &event.product, &event.options);
            changes.push(Change {
                resource: event.resource,
                at: event.at.as_second(),
                state: event.state,
                config,
            });
        }
    }
    let first = changes.iter().map(|it| it.at).min().unwrap_or(0);
    let cycle = units::Cycle {
        kind: units::CycleKind::Month,
        from: Timestamp::from_second(first).unwrap_or_default(),
        to: bill.to,
    };
    let none: [Opening; 0] = [];
    let (all, _) = segment::segments(&none, &changes, cycle, configs)
        .map_err(billing::aggregate::AggregateError::Plan)?;
    let mut found = Vec::new();
    for mut segment in all {
        segment.from = segment.from.max(bill.from.as_second());
        segment.to = segment.to.min(bill.to.as_second());
        if segment.from >= segment.to {
            continue;
        }
        let config: &Config = configs.get(segment.config);
        let plan = config.plan(segment.version).map_err(billing::aggregate::AggregateError::Plan)?;
        let part = plan.parts.iter().position(|part| {
            let component = plan.component(part);
            component.id == line.component
                && plan.book.id == line.book
                && plan.item(part).key == line.price
                && component.meter.usage().is_none()
                && component.billed_while.contains(&segment.state)
        });
        let same_spec = |part: usize| bill.resource.is_some() || plan.parts[part].spec == bill.spec;
        if let Some(part) = part.filter(|it| same_spec(*it)) {
            found.push((
                PartRef { config: segment.config, version: segment.version, part },
                configs.clone(),
                segment,
            ));
        }
    }
    Ok(found)
}
