//! Who did what to a resource and when, and what will happen to it when.
//!
//! In:  a resource of an account. Out: its events with who made them happen; steps that time will take.
//! Invariant: events are those that its charges follow from; who did them is whoever did just that to it by the audit log in that second.
//! Rules: R-TIM-3, R-TIM-11, R-EXP-1, R-ARR-1.

mod deed;

use super::page::{Page, Part};
use super::resources::Own;
use super::{At, Refusal, steps};
use billing::refund::Way;
use billing::resource::{EndedBy, MeterEvent, State};
use billing::story::{self, Ahead, Changed, What};
use store::journal::{self, Entry};
use store::refunds::{self, Subject};
use store::resources::{self, LifeFilter};
use store::{Tx, orders};
use units::Timestamp;

/// Who made something happen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum By {
    /// Whom the audit log names: a key, or whoever ran the program.
    Actor(String),
    /// The cloud, which delivers and releases.
    Cloud,
    /// The till itself, when the time had come.
    Time,
    /// Nobody whom the audit log names, such as who wrote into the books at their first beginning.
    Unnamed,
}

/// Something that happened to a resource.
#[derive(Clone, Debug)]
pub struct Event {
    /// Of the meter event, from 0; -1 for the order.
    pub number: i64,
    pub at: Timestamp,
    pub what: What,
    pub by: By,
    pub changed: Vec<Changed>,
}

/// The cursor of the order, which has no meter event.
const ORDER: i64 = -1;

/// What happened to a resource, the oldest first.
///
/// Errors: `NotFound`, also for a resource of another account.
pub fn page(tx: &mut Tx<'_>, own: Own, part: &Part) -> Result<Page<Event>, Refusal> {
    let Own { account, id } = own;
    let resource = resources::get(tx, account, id)?.resource;
    let after = part.cursor()?;
    // The event before the first of the page says what changed.
    let wanted = LifeFilter { account, resource: id, after: after.map_or(ORDER, |it: i64| it - 1) };
    let found = resources::life(tx, wanted, part.reach() + 1)?;
    let mut happened = Vec::new();
    if after.is_none() {
        let created = orders::get(tx, account, resource.order)?.order.created;
        happened.push(Happened { number: ORDER, at: created, what: What::Ordered, changed: Vec::new() });
    }
    if after.is_none() && found.is_empty() && resource.state == State::Failed {
        happened.push(Happened { number: 0, at: resource.since, what: What::Failed, changed: Vec::new() });
    }
    happened.extend(events(&found).into_iter().filter(|it| after.is_none_or(|after| it.number > after)));
    happened.truncate(part.reach());
    // What is paid by use is never renewed: it was changed into what it was.
    if resource.deadline.is_none() {
        let since = by_use_since(tx, own)?;
        let by_use = |at: Timestamp| since.is_none_or(|since| at >= since);
        let renewed = happened.iter_mut().filter(|it| it.what == What::Renewed && by_use(it.at));
        renewed.for_each(|it| it.what = What::Changed);
    }
    // Time puts things into the bin too: the refund says when it did.
    let refund = match resource.ended_by {
        Some(EndedBy::Refund) => refunds::of_subject(tx, account, Subject::Resource(resource.id))?.pop(),
        Some(EndedBy::Owner | EndedBy::Service | EndedBy::Deadline | EndedBy::Arrears) | None => None,
    };
    let refunded = refund.map(|it| it.refund.at.as_second());
    let by_refund = |it: &&mut Happened| it.what == What::Recycled && Some(it.at.as_second()) == refunded;
    happened.iter_mut().filter(by_refund).for_each(|it| it.what = What::Refunded);
    let events = by_whom(tx, own, &resource.product, happened)?;
    Ok(Page::of(events, part, |it| it.number.to_string()))
}

/// Since when something is paid by use that was prepaid before. Source: R-CNV-2.
fn by_use_since(tx: &mut Tx<'_>, own: Own) -> Result<Option<Timestamp>, Refusal> {
    let all = refunds::of_subject(tx, own.account, Subject::Resource(own.id))?;
    Ok(all.into_iter().map(|it| it.refund).filter(|it| it.way == Way::Converted).map(|it| it.at).max())
}

/// An event of which nobody knows yet who did it.
struct Happened {
    number: i64,
    at: Timestamp,
    what: What,
    changed: Vec<Changed>,
}

fn events(found: &[(i64, MeterEvent)]) -> Vec<Happened> {
    let event = |at: usize| {
        let (number, event) = &found[at];
        let before = at.checked_sub(1).map(|it| &found[it].1);
        Happened {
            number: *number,
            at: event.happened(),
            what: What::of(before, event),
            changed: before.map_or_else(Vec::new, |it| story::changed(it, event)),
        }
    };
    (0..found.len()).map(event).collect()
}

/// Who did each, by the audit log of the account. One read, however many.
fn by_whom(tx: &mut Tx<'_>, own: Own, product: &str, happened: Vec<Happened>) -> Result<Vec<Event>, Refusal> {
    let chain = own.account.to_string();
    let seconds: Vec<i64> = happened.iter().map(|it| it.at.as_second()).collect();
    let entries = journal::in_seconds(tx, &chain, &seconds)?;
    let id = own.id.to_string();
    let event = |it: Happened| {
        let then = entries.iter().filter(|entry| entry.at.as_second() == it.at.as_second());
        let fitting: Vec<&Entry> = then.filter(|entry| deed::is_of(entry, &id, it.what)).collect();
        // Of several purchases in one second it is the one that names the product, where one does.
        let named = fitting.iter().find(|it| it.body.contains(product) || it.operation.contains(product));
        // Before all that it is the one that names the resource.
        let of_it = fitting.iter().find(|it| it.target.contains(&id) || it.body.contains(&id));
        let actor = of_it.or(named).or(fitting.first()).map(|it| it.actor.clone());
        let by = actor.map_or_else(|| without_entry(it.what), By::Actor);
        Event { number: it.number, at: it.at, what: it.what, by, changed: it.changed }
    };
    Ok(happened.into_iter().map(event).collect())
}

/// Who does something that stands in no log of writes.
const fn without_entry(what: What) -> By {
    match what {
        What::Delivered | What::Failed | What::Released => By::Cloud,
        What::Ordered => By::Unnamed,
        What::Changed
        | What::Started
        | What::Resumed
        | What::Restored
        | What::Stopped
        | What::StoppedFree
        | What::Limited
        | What::ArrearsStopped
        | What::Expired
        | What::Recycled
        | What::Refunded
        | What::Renewed
        | What::RenewalDue
        | What::ReleaseAsked => By::Time,
    }
}

/// What will happen to a resource if nobody does anything.
///
/// Errors: `NotFound`, also for a resource of another account. Source: R-EXP-1, R-ARR-1.
pub fn ahead(tx: &mut Tx<'_>, at: At<'_>, own: Own) -> Result<Vec<Ahead>, Refusal> {
    let resource = resources::get(tx, own.account, own.id)?.resource;
    if resource.state.is_over() {
        return Ok(Vec::new());
    }
    let standing = steps::standing(tx, own.account)?;
    let product = at.life_of(&resource)?;
    Ok(story::ahead(&resource, product, standing, &at.desk.calendar)?)
}
