//! What happened behind a line: the spans in which a resource was held, and the readings that it reported.
//!
//! In:  a stored line. Out: a sentence for each. Made again from the append-only tables.
//! Invariant: what came after the cycle was closed is not listed; it was not in the bill.

use super::{Desk, Refusal};
use billing::bill::{Bill, Kind, Line};
use billing::book::{AttackMode, Meter};
use billing::plan::{Configs, Part, Plan};
use billing::resource::Resource;
use billing::segment::{self, Change, Segment};
use billing::used::AggregateError;
use std::collections::HashMap;
use store::Tx;
use units::{Cycle, CycleKind, ResourceId, Timestamp};

/// One sentence for each span or reading that the line adds up; for a prepaid line, its order.
pub(super) fn sentences(
    tx: &mut Tx<'_>,
    desk: &Desk,
    bill: &Bill<'_>,
    line: &Line<'_>,
) -> Result<Vec<String>, Refusal> {
    let print = |at: Timestamp| desk.calendar.print(at);
    if let Some(order) = bill.order {
        let read = store::orders::get(tx, bill.account, order)?;
        let (created, months) = (print(read.order.created), read.order.months);
        let bought = if months == 0 { String::new() } else { format!(" for {months} month(s)") };
        return Ok(vec![format!("Ordered {created} as {order}{bought}, delivered {}.", print(bill.from))]);
    }
    let all = match bill.resource {
        Some(id) => vec![store::resources::get(tx, bill.account, id)?],
        None => store::resources::of_account(tx, bill.account)?,
    };
    let resources: HashMap<ResourceId, Resource> =
        all.into_iter().map(|it| (it.resource.id, it.resource)).collect();
    let mut text = spans(tx, desk, bill, line, &resources)?;
    text.extend(readings(tx, desk, bill, line, &resources)?);
    Ok(text)
}

/// The segments behind a line, made again from the whole life of the account's resources.
fn spans(
    tx: &mut Tx<'_>,
    desk: &Desk,
    bill: &Bill<'_>,
    line: &Line<'_>,
    resources: &HashMap<ResourceId, Resource>,
) -> Result<Vec<String>, Refusal> {
    let mut configs = Configs::default();
    let mut changes: Vec<Change> = Vec::new();
    let events = match bill.resource {
        Some(id) => store::resources::events(tx, bill.account, id)?,
        None => store::resources::events_of_account(tx, bill.account)?,
    };
    for it in events {
        if it.product == bill.product {
            let config = configs.intern(&desk.books, &it.product, &it.options.to_string());
            changes.push(Change { resource: it.resource, at: it.at.as_second(), state: it.state, config });
        }
    }
    let born = changes.iter().map(|it| it.at).min().and_then(|it| Timestamp::from_second(it).ok());
    let life = Cycle { kind: CycleKind::Month, from: born.unwrap_or(bill.from), to: bill.to };
    let (all, _) = segment::segments(&[], &changes, life, &configs).map_err(AggregateError::Plan)?;
    let mut text = Vec::new();
    for mut segment in all {
        segment.from = segment.from.max(bill.from.as_second());
        segment.to = segment.to.min(bill.to.as_second());
        let plan = configs.get(segment.config).plan(segment.version).map_err(AggregateError::Plan)?;
        let part = plan.parts.iter().find(|part| is_of(plan, part, &segment, bill, line));
        if let Some(part) = part.filter(|_| segment.from < segment.to) {
            text.push(span(desk, &segment, plan, part, resources));
        }
    }
    Ok(text)
}

/// Whether a segment's part is what the line prices.
fn is_of(plan: &Plan, part: &Part, segment: &Segment, bill: &Bill<'_>, line: &Line<'_>) -> bool {
    let component = plan.component(part);
    component.id == line.component
        && component.meter.usage().is_none()
        && component.billed_while.contains(&segment.state)
        && (plan.book.id, plan.item(part).key.as_str()) == (line.book, line.price.as_ref())
        && (bill.resource.is_some() || part.spec == bill.spec)
}

fn span(
    desk: &Desk,
    segment: &Segment,
    plan: &Plan,
    part: &Part,
    resources: &HashMap<ResourceId, Resource>,
) -> String {
    let print = |second: i64| {
        Timestamp::from_second(second).map_or_else(|_| second.to_string(), |it| desk.calendar.print(it))
    };
    let unit = plan.component(part).quantity.unit;
    let held = if part.quantity == 1 { String::new() } else { format!("{} {unit} for ", part.quantity) };
    format!(
        "{} was {} from {} to {}: {held}{} s.",
        name(resources, segment.resource),
        segment.state.as_str(),
        print(segment.from),
        print(segment.to),
        segment.seconds()
    )
}

fn name(resources: &HashMap<ResourceId, Resource>, id: ResourceId) -> String {
    resources.get(&id).map_or_else(|| id.to_string(), |it| it.name.clone())
}

/// The readings of the line's meter by the resources that it stands for.
fn readings(
    tx: &mut Tx<'_>,
    desk: &Desk,
    bill: &Bill<'_>,
    line: &Line<'_>,
    resources: &HashMap<ResourceId, Resource>,
) -> Result<Vec<String>, Refusal> {
    let product = desk.books.get(line.book).and_then(|it| it.product(&bill.product));
    let component = product.and_then(|it| it.components.iter().find(|it| it.id == line.component));
    let Some(component) = component else { return Ok(Vec::new()) };
    let Some(usage) = component.meter.usage() else { return Ok(Vec::new()) };
    let mine = |id: ResourceId| match bill.resource {
        Some(own) => own == id,
        None => resources.get(&id).is_some_and(|it| it.product == bill.product),
    };
    let mut text = Vec::new();
    let cycle = CycleKind::ALL.into_iter().find(|it| Kind::of_cycle(*it) == bill.kind);
    for it in store::usage::between(tx, bill.account, line.from..line.to, cycle)? {
        if it.usage == usage && mine(it.resource) {
            let at = desk.calendar.print(Timestamp::from_second(it.at).unwrap_or_default());
            let who = name(resources, it.resource);
            let unit = component.quantity.unit;
            text.push(format!(
                "{who} reported {} {unit} of {usage} at {at} (event {}).",
                it.quantity, it.event
            ));
        }
    }
    text.extend(what_counts(&component.meter, bill.resource.and_then(|it| resources.get(&it))));
    Ok(text)
}

/// What of a reading counts, where it is not all of it.
fn what_counts(meter: &Meter, resource: Option<&Resource>) -> Option<String> {
    let of = |name: &str| resource.and_then(|it| it.options.get(name)).unwrap_or("0").to_string();
    match meter {
        Meter::Attack { base, cap, mode, .. } => {
            let counted = match mode {
                AttackMode::ExcessOverBase => format!("what exceeds the base of {} Gbps counts", of(base)),
                AttackMode::AbsolutePeak => {
                    format!("all of it counts once it exceeds the base of {} Gbps", of(base))
                }
            };
            Some(format!(
                "Up to the elastic limit of {} Gbps, {counted}; the dearest attack of the day is charged.",
                of(cap)
            ))
        }
        Meter::PeakAbove { free, .. } => {
            Some(format!("Of the highest reading of the day, what exceeds {free} bit/s counts."))
        }
        Meter::VolumeAbove { free, slots, .. } => {
            let seconds = slots.seconds;
            Some(format!("What exceeds {free} bit/s counts, for the {seconds} s of each slot."))
        }
        _ => None,
    }
}
