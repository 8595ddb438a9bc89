//! What is still to come of a month, by the projects that it will be for.
//!
//! In:  what each kind of cycle still brings, the projects that resources are in. Out: its parts.
//! Invariant: the parts are all that comes, to 1e-8. A sum over several resources is split as its bill will be if all that runs goes
//! on: by what each of them uses until the month ends. Who shares what is asked where something is shared and in a project.
//! Rules: R-ALC-1, R-ALC-2, R-QCS-3.

use super::cost::{Brought, Looked};
use super::forecast::Coming;
use billing::allocation::{self, Charged, Priced, Shared, Shares, SumOf};
use billing::budget::Ahead;
use billing::segment;
use billing::used::AggregateError;
use std::collections::BTreeMap;
use units::{Cycle, MoneyError, ProjectId, ResourceId, money};

/// The projects that resources are in now; one that is in none is left out.
type Projects = BTreeMap<ResourceId, ProjectId>;

/// What is still to come of a month, a part for each project. Errors: those of a settlement of what is open.
pub(super) fn by_project(
    brought: Vec<Brought>,
    month: Cycle,
    projects: &Projects,
) -> Result<Vec<Ahead>, AggregateError> {
    let mut found = Vec::new();
    for Brought { looked, coming } in brought {
        let is_shared = !projects.is_empty() && coming.iter().any(|it| it.resource.is_none());
        let shared = if is_shared { sharing(looked, month)? } else { Shared::default() };
        let lines = lines(&coming);
        for it in coming {
            let parts = match it.resource {
                Some(resource) => vec![(projects.get(&resource).copied(), it.amount_e8)],
                None => split(&it, (&shared, &lines), projects)?,
            };
            let part = |(project, amount_e8)| Ahead { product: it.product.clone(), project, amount_e8 };
            found.extend(parts.into_iter().map(part));
        }
    }
    Ok(found)
}

/// What resources share from the begin of a month, or from what is settled of it, until it ends.
fn sharing(looked: Looked, month: Cycle) -> Result<Shared, AggregateError> {
    let Looked { mut read, since, configs } = looked;
    (read.changes, read.samples) = (since.changes, since.samples);
    let (kind, begin) = (since.kind, since.from.max(month.from));
    if since.from < begin {
        // The month before is not closed yet.
        let second = begin.as_second();
        let (earlier, later) = read.changes.into_iter().partition::<Vec<_>, _>(|it| it.at < second);
        let before = Cycle { kind, from: since.from, to: begin };
        read.openings = segment::segments(&read.openings, &earlier, before, &configs)?.1;
        read.changes = later;
        read.samples.retain(|it| it.at >= second);
    }
    allocation::sharing(&read, &Cycle { kind, from: begin, to: month.to }, &configs)
}

/// The lines of each sum, those of differences left out: what tells its versions apart.
type Lines = BTreeMap<SumOf, Vec<Priced>>;

fn lines(coming: &[Coming]) -> Lines {
    let mut found = Lines::new();
    for (of, line) in coming.iter().flat_map(|it| &it.charged).filter(|it| !it.1.is_difference) {
        found.entry(of.clone()).or_default().push(line.priced.clone());
    }
    found
}

/// The parts of a sum; all of it in no project where nobody has any of it.
fn split(
    it: &Coming,
    (shared, lines): (&Shared, &Lines),
    projects: &Projects,
) -> Result<Vec<(Option<ProjectId>, i128)>, AggregateError> {
    let charged = it.charged.iter().map(|(of, line)| {
        let lines = lines.get(of).map_or(&[][..], Vec::as_slice);
        Charged { size: line.size_e8, shares: in_projects(&shared.used(of, line, lines), projects) }
    });
    let weights = allocation::weights(&charged.collect::<Vec<_>>());
    if weights.is_empty() {
        return Ok(vec![(None, it.amount_e8)]);
    }
    let amount_e8 = i64::try_from(it.amount_e8).map_err(|_| MoneyError::Overflow)?;
    let over: Vec<u64> = weights.values().copied().collect();
    let parts = money::split(amount_e8, &over).into_iter().map(i128::from);
    Ok(weights.into_keys().zip(parts).collect())
}

/// Shares of resources as shares of the projects that they are in.
fn in_projects(shares: &Shares, projects: &Projects) -> BTreeMap<Option<ProjectId>, u128> {
    let mut found: BTreeMap<Option<ProjectId>, u128> = BTreeMap::new();
    for (resource, units) in shares {
        *found.entry(projects.get(resource).copied()).or_default() += *units;
    }
    found
}
