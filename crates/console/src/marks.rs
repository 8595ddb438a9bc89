//! The resources that are selected of a list.
//!
//! In:  a form, or an address. Out: their ids.
//! Invariant: each once, and no more than are done at once.

use crate::fields::Fields;
use desk::bulk::MOST;
use units::ResourceId;
use web::problem::Problem;

/// The resources that are selected. Errors: what is no resource, more than are done at once.
pub(crate) fn of(form: &Fields) -> Result<Vec<ResourceId>, Problem> {
    let mut found: Vec<ResourceId> = Vec::new();
    for (_, text) in form.pairs().filter(|it| it.0 == "mark") {
        let id = text.parse().map_err(|_| Problem::not_found("such resource"))?;
        if !found.contains(&id) {
            found.push(id);
        }
    }
    if found.len() > MOST {
        let detail = format!("{} resources are selected; at most {MOST} are done at once", found.len());
        return Err(Problem::malformed(Some("mark".into()), detail));
    }
    Ok(found)
}
