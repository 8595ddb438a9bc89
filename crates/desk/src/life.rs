//! What time does to resources: the step that is due, taken.

use super::act::Act;
use super::{At, Refusal, after, renewals, services, steps};
use billing::life;
use billing::resource::{EndedBy, Event, Resource};
use store::Tx;
use store::resources::StoredResource;

/// Takes the step of a resource that is due. Source: R-EXP-1, R-ARR-1, R-ARR-5, R-ARR-6, R-ARR-8, R-NET-3.
pub fn step(tx: &mut Tx<'_>, at: At<'_>, read: StoredResource) -> Result<(), Refusal> {
    let account = read.resource.account;
    let standing = steps::standing(tx, account)?;
    let product = at.life_of(&read.resource)?;
    let next = life::next(&read.resource, product, standing, &at.desk.calendar)?;

    let mut act = Act::on(tx, at, [account])?;
    // Before all else: what ends at its deadline is what it was by then.
    if read.resource.next_raise().is_some_and(|it| it <= at.now) {
        steps::raise(&mut act, &read, standing)?;
        return after::finish(tx, act);
    }
    match next.filter(|it| it.at <= at.now) {
        None => steps::refresh(&mut act, &read, standing)?,
        Some(step) if step.event == Event::AskRelease => {
            services::stop_for_arrears(tx, &mut act, &read.resource)?;
            steps::release(&mut act, read, EndedBy::Arrears, standing)?;
        }
        Some(step) => {
            let ended = Resource { ended_by: step.ended_by.or(read.resource.ended_by), ..read.resource };
            let read = StoredResource { resource: ended, version: read.version };
            let resource = steps::take(&mut act, read, step.event, standing)?;
            if step.event == Event::Expire {
                renewals::expired(&mut act, &resource)?;
            }
        }
    }
    after::finish(tx, act)
}
