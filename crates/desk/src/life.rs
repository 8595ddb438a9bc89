//! What time does to resources: the step that is due, taken.

use super::{Desk, Refusal, resources};
use billing::life::{self, Standing};
use billing::resource::{Event, Resource, State};
use store::Tx;
use units::Timestamp;

/// When the next step of `resource` falls due.
pub fn due(
    desk: &Desk,
    resource: &Resource,
    standing: Standing,
    now: Timestamp,
) -> Result<Option<Timestamp>, Refusal> {
    if resource.state.is_over() {
        return Ok(None);
    }
    let product = desk.product(&resource.product, now)?;
    Ok(life::next(resource, product, standing, &desk.calendar)?.map(|it| it.at))
}

/// Writes down when the next step falls due, after the standing of the account changed.
pub fn refresh(
    tx: &mut Tx<'_>,
    desk: &Desk,
    read: store::resources::Read,
    standing: Standing,
    now: Timestamp,
) -> Result<(), Refusal> {
    let due = due(desk, &read.resource, standing, now)?;
    if due == read.resource.due {
        return Ok(());
    }
    Ok(store::resources::save(tx, &Resource { due, ..read.resource }, read.version)?)
}

/// Takes the step of a resource that is due. Source: R-EXP-1, R-ARR-1, R-ARR-5, R-ARR-6, R-ARR-8.
pub fn step(
    tx: &mut Tx<'_>,
    desk: &Desk,
    read: store::resources::Read,
    now: Timestamp,
) -> Result<(), Refusal> {
    let standing = super::arrears::standing(tx, read.resource.account)?;
    let product = desk.product(&read.resource.product, now)?;
    let Some(step) = life::next(&read.resource, product, standing, &desk.calendar)?.filter(|it| it.at <= now)
    else {
        return refresh(tx, desk, read, standing, now);
    };
    let ended = Resource { ended_by: step.ended_by.or(read.resource.ended_by), ..read.resource };
    let read = store::resources::Read { resource: ended, version: read.version };
    match step.event {
        Event::AskRelease => resources::ask_release_for_arrears(tx, desk, read, now),
        event => {
            let after = resources::step(tx, desk, read, event, now)?;
            if after.state == State::Released {
                resources::free(tx, desk, &after, now)?;
            }
            Ok(())
        }
    }
}
