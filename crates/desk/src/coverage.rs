//! Coverage: what lives and is not measured, not priced, or has fallen silent.
//!
//! In:  how long silence is usual. Out: lists for an operator.
//! Invariant: the number of statements does not grow with the fleet; one call looks at a bounded part of it.

use super::page::Part;
use super::{At, Refusal};
use billing::options::Options;
use billing::plan::Plan;
use billing::resource::State;
use std::collections::HashMap;
use store::Tx;
use store::coverage::{self, RunningResource, SoldAlike};
use units::{Currency, ResourceId, Timestamp};

pub use store::coverage::WithoutLife;

/// How many resources one call looks at for silent meters.
pub const SCANNED: u16 = 10_000;

/// Resources that the book of now of their currency cannot price, or for which nothing is charged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unpriced {
    pub group: SoldAlike,
    /// The code of the refusal, or `nothing_charged`.
    pub reason: &'static str,
    pub detail: String,
}

/// A meter that should report and does not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Silent {
    pub account: String,
    pub resource: String,
    pub product: String,
    pub meter: String,
    /// Its last reading, if it ever had one.
    pub last: Option<Timestamp>,
    pub running_since: Timestamp,
}

/// The report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coverage {
    pub unpriced: Vec<Unpriced>,
    /// Resources that live and have no life line, so that nothing measures them.
    pub unmetered: Vec<WithoutLife>,
    pub silent: Vec<Silent>,
    /// The resource up to which silence was looked for, if there are more.
    pub next: Option<String>,
}

/// What counts as silence, and where to go on.
#[derive(Clone, Debug)]
pub struct Filter {
    /// A meter without a reading for so long is silent.
    pub hours: u32,
    /// The `next` of the call before.
    pub after: Option<String>,
}

/// The meters by which the resources that were sold alike are charged: by currency, product and options.
type Meters = HashMap<(Currency, String, String), Vec<String>>;

/// Looks. Errors: `NotFound` for an `after` that cannot be.
pub fn report(tx: &mut Tx<'_>, at: At<'_>, of: &Filter) -> Result<Coverage, Refusal> {
    let part = Part { after: of.after.clone(), most: SCANNED };
    let after = part.cursor::<ResourceId>()?.map_or_else(String::new, |it| it.to_string());
    let (meters, unpriced) = plans(tx, at)?;
    let unmetered = coverage::without_life(tx, i64::from(SCANNED))?;
    let hours = jiff::SignedDuration::from_hours(i64::from(of.hours));
    let before = at.now.checked_sub(hours).unwrap_or(Timestamp::MIN);
    let running = coverage::running_since_before(tx, before, &after, i64::from(SCANNED))?;
    let next = running.last().filter(|_| running.len() >= usize::from(SCANNED)).map(|it| it.resource.clone());
    let silent = silent(tx, &meters, running, before)?;
    Ok(Coverage { unpriced, unmetered, silent, next })
}

/// The meters of what lives and can be priced, and what cannot be.
fn plans(tx: &mut Tx<'_>, at: At<'_>) -> Result<(Meters, Vec<Unpriced>), Refusal> {
    let mut meters = Meters::new();
    let mut unpriced = Vec::new();
    for group in coverage::groups(tx)? {
        let Some(options) = Options::parse(&group.options) else {
            let detail = "the options cannot be read".to_string();
            unpriced.push(Unpriced { group, reason: "data_corrupt", detail });
            continue;
        };
        let plan =
            at.book(group.currency).and_then(|book| Ok(Plan::resolve(book, &group.product, &options)?));
        match plan {
            Ok(plan) if plan.parts.is_empty() => {
                let detail = "no component of the product applies".to_string();
                unpriced.push(Unpriced { group, reason: "nothing_charged", detail });
            }
            Ok(plan) => {
                let key = (group.currency, group.product.clone(), group.options.clone());
                meters.insert(key, expected(&plan));
            }
            Err(error) => {
                let detail = error.to_string();
                unpriced.push(Unpriced { group, reason: error.code(), detail });
            }
        }
    }
    Ok((meters, unpriced))
}

/// The meters that a running resource of this plan is charged by.
fn expected(plan: &Plan) -> Vec<String> {
    let running = plan.parts.iter().filter(|it| it.billed_while.contains(State::Running));
    let mut meters: Vec<String> =
        running.filter_map(|it| plan.component(it).meter.usage()).map(str::to_string).collect();
    meters.sort_unstable();
    meters.dedup();
    meters
}

/// The meters of running resources that had no reading since `before`.
fn silent(
    tx: &mut Tx<'_>,
    meters: &Meters,
    running: Vec<RunningResource>,
    before: Timestamp,
) -> Result<Vec<Silent>, Refusal> {
    let mut asked = Vec::new();
    for it in running {
        let key = (it.currency, it.product, it.options);
        let expected = meters.get(&key).map_or(&[][..], Vec::as_slice);
        asked.extend(expected.iter().map(|meter| Silent {
            account: it.account.clone(),
            resource: it.resource.clone(),
            product: key.1.clone(),
            meter: meter.clone(),
            last: None,
            running_since: it.since,
        }));
    }
    let keys: Vec<(&str, &str)> = asked.iter().map(|it| (it.resource.as_str(), it.meter.as_str())).collect();
    let last: HashMap<(String, String), Timestamp> =
        coverage::last_readings(tx, &keys)?.into_iter().map(|it| ((it.resource, it.meter), it.at)).collect();
    for it in &mut asked {
        it.last = last.get(&(it.resource.clone(), it.meter.clone())).copied();
    }
    asked.retain(|it| it.last.is_none_or(|last| last < before));
    Ok(asked)
}
