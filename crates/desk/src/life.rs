//! What time does to resources: the step that is due, taken.

use super::{At, Refusal, resources};
use billing::life::{self, Standing};
use billing::resource::{Event, Resource, State};
use store::Tx;
use units::Timestamp;

/// When the next step of `resource` falls due.
pub fn due(at: At<'_>, resource: &Resource, standing: Standing) -> Result<Option<Timestamp>, Refusal> {
    if resource.state.is_over() {
        return Ok(None);
    }
    let product = at.product(&resource.product)?;
    Ok(life::next(resource, product, standing, &at.desk.calendar)?.map(|it| it.at))
}

/// Writes down when the next step falls due, after the standing of the account changed.
pub fn refresh(
    tx: &mut Tx<'_>,
    at: At<'_>,
    read: store::resources::StoredResource,
    standing: Standing,
) -> Result<(), Refusal> {
    let due = due(at, &read.resource, standing)?;
    if due == read.resource.due {
        return Ok(());
    }
    Ok(store::resources::save(tx, &Resource { due, ..read.resource }, read.version)?)
}

/// Takes the step of a resource that is due. Source: R-EXP-1, R-ARR-1, R-ARR-5, R-ARR-6, R-ARR-8.
pub fn step(tx: &mut Tx<'_>, at: At<'_>, read: store::resources::StoredResource) -> Result<(), Refusal> {
    let standing = super::arrears::standing(tx, read.resource.account)?;
    let product = at.product(&read.resource.product)?;
    let Some(step) =
        life::next(&read.resource, product, standing, &at.desk.calendar)?.filter(|it| it.at <= at.now)
    else {
        return refresh(tx, at, read, standing);
    };
    let ended = Resource { ended_by: step.ended_by.or(read.resource.ended_by), ..read.resource };
    let read = store::resources::StoredResource { resource: ended, version: read.version };
    match step.event {
        Event::AskRelease => resources::ask_release_for_arrears(tx, at, read),
        event => {
            let after = resources::step(tx, at, read, event)?;
            if after.state == State::Released {
                resources::free(tx, at, &after)?;
            }
            Ok(())
        }
    }
}
