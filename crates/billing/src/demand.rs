//! Demands: what packs may cover of the segments, and what they do cover.
//!
//! In:  segments, packs of the account. Out: units per segment and part, of all packs or of each, what is left of each, crossings.
//! Invariant: nothing is closed here; the same may be looked at again and again.
//! Rules: R-PKG-7, R-PKG-8, R-PKG-12, R-PKG-13.

use crate::book::Due;
use crate::cover::{self, Crossing, Demand};
use crate::pack::Pack;
use crate::plan::Configs;
use crate::segment::Segment;
use crate::used::AggregateError;
use std::collections::BTreeMap;
use units::{CycleKind, PackId};

/// A demand, and the segment and part that it comes from.
struct Wanted {
    segment: usize,
    part: usize,
    demand: Demand,
}

/// Demands by pack family and spec.
type Groups = BTreeMap<(String, Option<String>), Vec<Wanted>>;

/// Per family and spec, who needs how much when. Source: R-PKG-7, R-PKG-8.
fn demands(
    segments: &[Segment],
    configs: &Configs,
    packs: &[Pack],
    kind: CycleKind,
) -> Result<Groups, AggregateError> {
    let mut groups = Groups::new();
    for (index, segment) in segments.iter().enumerate() {
        let plan = configs.get(segment.config).plan(segment.version)?;
        for (number, part) in plan.parts.iter().enumerate() {
            let component = plan.component(part);
            let Some(family) = &component.pack else { continue };
            if component.due != Due::Cycle(kind) || !component.billed_while.contains(&segment.state) {
                continue;
            }
            let Some(pack) = packs.iter().find(|it| it.family == *family) else { continue };
            let spec = pack.spec.as_ref().map(|_| part.spec.clone());
            let rate =
                u64::try_from(part.quantity).map_err(|_| AggregateError::Overflow(component.id.clone()))?;
            let Segment { created, resource, from, to, .. } = *segment;
            let demand = Demand { created, resource, from, to, rate };
            let wanted = Wanted { segment: index, part: number, demand };
            groups.entry((family.clone(), spec)).or_default().push(wanted);
        }
    }
    Ok(groups)
}

/// Units by segment and part, both by their index.
pub type Units = BTreeMap<(usize, usize), u64>;

/// What packs cover, if nothing else comes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Covered {
    pub units: Units,
    /// Units left of each pack that something asked for.
    pub left: BTreeMap<PackId, u64>,
    pub crossings: Vec<Crossing>,
}

/// Serves all demands from `packs`, without closing anything. Source: R-PKG-13.
pub fn serve(
    segments: &[Segment],
    configs: &Configs,
    packs: &[Pack],
    kind: CycleKind,
) -> Result<Covered, AggregateError> {
    let mut covered = Covered::default();
    if packs.is_empty() {
        return Ok(covered);
    }
    for ((family, spec), group) in demands(segments, configs, packs, kind)? {
        let own: Vec<&Pack> = packs.iter().filter(|it| it.family == family && it.spec == spec).collect();
        let supplies: Vec<cover::Supply> = own.iter().map(|it| it.supply()).collect();
        let demands: Vec<Demand> = group.iter().map(|it| it.demand.clone()).collect();
        let found = cover::cover(&demands, &supplies);
        for (it, taken) in group.iter().zip(&found.covered) {
            covered.units.insert((it.segment, it.part), *taken);
        }
        covered.left.extend(own.iter().map(|it| it.id).zip(found.left));
        covered.crossings.extend(found.crossings);
    }
    Ok(covered)
}

/// What each pack covers of what `serve` says that all of them do; of several in one second the oldest resource has the first.
///
/// A pack takes what those before its turn leave: it covers what is covered with it and not without it, and those after it.
/// Errors: as `serve`. Source: R-PKG-11, R-PKG-12.
pub fn by_pack(
    segments: &[Segment],
    configs: &Configs,
    packs: &[Pack],
    kind: CycleKind,
) -> Result<BTreeMap<PackId, Units>, AggregateError> {
    let mut found = BTreeMap::new();
    if packs.is_empty() {
        return Ok(found);
    }
    for ((family, spec), group) in demands(segments, configs, packs, kind)? {
        let own = packs.iter().filter(|it| it.family == family && it.spec == spec);
        let supplies: Vec<cover::Supply> = own.map(Pack::supply).collect();
        let demands: Vec<Demand> = group.iter().map(|it| it.demand.clone()).collect();
        for (pack, covered) in supplies.iter().zip(cover::by_pack(&demands, &supplies)) {
            let of = group.iter().zip(covered).filter(|it| it.1 > 0);
            found.insert(pack.id, of.map(|(it, units)| ((it.segment, it.part), units)).collect());
        }
    }
    Ok(found)
}
