//! Usage samples: placed, deduplicated, kept in quarantine, or billed late.

use super::{Desk, Refusal};
use billing::aggregate::Sample;
use billing::book::{Component, Due, Meter};
use billing::plan::{Part, Plan};
use billing::resource::{MeterEvent, State};
use store::usage::{self, Added, Origin};
use store::{StoreError, Tx};
use units::{ResourceId, Timestamp};

/// What became of a sample. Every case has a stable name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    Accepted,
    /// The same sample came before.
    Duplicate,
    /// Its cycle was closed; the next close bills it. Source: R-SET-5.
    Late,
    /// Kept aside with a reason, never lost.
    Quarantined(&'static str),
}

impl Taken {
    pub const fn as_str(self) -> &'static str {
        match self {
            Taken::Accepted => "accepted",
            Taken::Duplicate => "duplicate",
            Taken::Late => "late",
            Taken::Quarantined(reason) => reason,
        }
    }
}

/// A reading as it is reported: of a resource by name of its id, which may not exist.
#[derive(Clone, Debug)]
pub struct Reading<'a> {
    pub resource: &'a str,
    pub event: &'a str,
    pub usage: &'a str,
    pub at: Timestamp,
    pub quantity: u64,
    pub key: &'a str,
}

/// Records one reading. The same again changes nothing.
///
/// Errors: `InTheFuture`, and `conflict` when the id was used for something else.
/// Source: R-NET-1, R-SET-5, section 20 (R-DDS-2).
pub fn record(
    tx: &mut Tx<'_>,
    desk: &Desk,
    reading: &Reading<'_>,
    origin: &Origin,
) -> Result<Taken, Refusal> {
    if reading.at > origin.received {
        return Err(Refusal::InTheFuture(reading.at.to_string()));
    }
    if i64::try_from(reading.quantity).is_err() {
        return Err(units::MoneyError::Overflow.into());
    }
    let known = match reading.resource.parse::<ResourceId>() {
        Ok(id) => store::resources::by_id(tx, id),
        Err(_) => Err(StoreError::NotFound(reading.resource.to_string())),
    };
    let resource = match known {
        Ok(read) => read.resource,
        Err(StoreError::NotFound(_)) => return aside(tx, reading, "unknown_resource", origin),
        Err(error) => return Err(error.into()),
    };
    let sample = Sample {
        event: reading.event.to_string(),
        resource: resource.id,
        usage: reading.usage.to_string(),
        at: units::calendar::whole_second(reading.at).as_second(),
        quantity: reading.quantity,
        key: reading.key.to_string(),
    };
    if !desk.product(&resource.product, origin.received)?.reads(reading.usage) {
        return aside(tx, reading, "unknown_meter", origin);
    }
    let Some(held) = usage::state_at(tx, resource.account, &sample)? else {
        return aside(tx, reading, "not_delivered", origin);
    };
    let plan = plan_of(desk, &held, reading.at)?;
    let charged = plan.parts.iter().find(|it| plan.component(it).meter.usage() == Some(reading.usage));
    if let Some(reason) = not_running(charged.map(|it| plan.component(it)), held.state) {
        return aside(tx, reading, reason, origin);
    }
    if matches!(charged.map(|it| &plan.component(it).meter), Some(Meter::Attack { .. })) {
        match usage::same_second(tx, resource.account, &sample)?.first() {
            Some(quantity) if *quantity == i64::try_from(sample.quantity).unwrap_or(i64::MAX) => {
                return Ok(Taken::Duplicate);
            }
            Some(_) => return aside(tx, reading, "conflict", origin),
            None => {}
        }
    }
    let closed =
        charged.map(|part| closed(tx, desk, &held, (&plan, part), &sample, origin)).transpose()?.flatten();
    let adds_up = |part: &Part| {
        matches!(
            plan.component(part).meter,
            Meter::Sum { .. } | Meter::Events { .. } | Meter::VolumeAbove { .. }
        )
    };
    if closed.is_some() && !charged.is_some_and(adds_up) {
        return aside(tx, reading, "late_for_peak", origin);
    }
    if usage::add(tx, resource.account, &sample, origin)? == Added::Same {
        return Ok(Taken::Duplicate);
    }
    let Some(original) = closed else { return Ok(Taken::Accepted) };
    usage::late(tx, &sample, origin, &held, &original)?;
    let now = desk.calendar.cycle(original.kind, origin.received)?;
    store::resources::open_due(tx, resource.account, &now)?;
    Ok(Taken::Late)
}

fn aside(tx: &mut Tx<'_>, it: &Reading<'_>, reason: &'static str, origin: &Origin) -> Result<Taken, Refusal> {
    usage::quarantine(tx, it.resource, (it.event, it.usage, it.at.as_second(), it.quantity), reason, origin)?;
    Ok(Taken::Quarantined(reason))
}

fn plan_of(desk: &Desk, held: &MeterEvent, at: Timestamp) -> Result<Plan, Refusal> {
    Ok(Plan::resolve(desk.book(at)?, &held.product, &held.options)?)
}

/// What is reported while the resource does not run is kept aside; what arrears cut is simply not charged.
fn not_running(charged: Option<&Component>, state: State) -> Option<&'static str> {
    let running = matches!(state, State::Running | State::Limited);
    let billed = charged.is_some_and(|it| it.billed_while.contains(&state));
    (!running && !billed).then_some("not_running")
}

/// The cycle that the sample belongs to, if it is closed already.
fn closed(
    tx: &mut Tx<'_>,
    desk: &Desk,
    held: &MeterEvent,
    (plan, part): (&Plan, &Part),
    sample: &Sample,
    origin: &Origin,
) -> Result<Option<units::Cycle>, Refusal> {
    let Due::Cycle(kind) = plan.component(part).due else { return Ok(None) };
    let at = Timestamp::from_second(sample.at).unwrap_or(origin.received);
    let cycle = desk.calendar.cycle(kind, at)?;
    let settled = usage::settled_to(tx, held.account, kind)?;
    let over = match settled {
        Some(to) => cycle.to <= to,
        None => cycle.to <= origin.received,
    };
    Ok(over.then_some(cycle))
}
