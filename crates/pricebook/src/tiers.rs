//! Tiers and bands: steps that meet.
//!
//! In:  the steps of one price, from a table or from beside the component. Out: its pricing.
//! Invariant: steps neither overlap nor leave a gap, and only the last is open; tiers begin at 0, bands say where.
//! Rules: R-PRC-1, R-PRC-3, R-PRC-15, R-DDS-2, R-DDS-4.

use crate::basis::Basis;
use crate::format::Format;
use crate::kind::TierKind;
use crate::problem::Place;
use crate::reader::Reader;
use billing::price::{Bands, Edge, Pricing, Tier, Tiers};
use units::Amount;

/// One tier or band: where it is written, where it begins and ends, its price and its flat part.
pub(crate) struct Step<'a> {
    pub place: Place<'a>,
    pub above: u128,
    pub up_to: Option<u128>,
    pub amount: Amount,
    pub flat: Amount,
}

const EDGES: [(&str, Edge); 2] = [("upper", Edge::Upper), ("lower", Edge::Lower)];

/// The pricing of `kind` that `steps` say, in any order.
pub(crate) fn pricing(
    reader: &mut Reader<'_>,
    basis: &Basis<'_>,
    kind: TierKind,
    mut steps: Vec<Step<'_>>,
) -> Option<Pricing> {
    if steps.is_empty() {
        reader.refuse("there is no tier", "Write at least one, from above = 0");
        return None;
    }
    if count_upside_down(reader, &steps) > 0 {
        return None;
    }
    steps.sort_by_key(|it| it.above);
    for pair in steps.windows(2) {
        joint(reader, basis, &pair[0], &pair[1]);
    }
    beginning(reader, kind, &steps[0]);
    let tiers = tiers(basis, edge(reader, basis, kind)?, &steps);
    match kind {
        TierKind::Graduated => Some(Pricing::Graduated(tiers)),
        TierKind::Volume => Some(Pricing::Volume(tiers)),
        TierKind::Band => Some(Pricing::Band(bands(tiers))),
    }
}

/// Adds a problem for each step that ends before it starts, and says how many there are.
fn count_upside_down(reader: &mut Reader<'_>, steps: &[Step<'_>]) -> usize {
    let steps = steps.iter().filter(|it| it.up_to.is_some_and(|end| end <= it.above));
    let refuse = |it: &Step<'_>| {
        let what = format!("the tier ends before it starts, above {}", it.above);
        reader.at(it.place).refuse(what, "Write the smaller edge as `above`");
    };
    steps.map(refuse).count()
}

/// Two steps, one behind the other, meet at one edge. Beside a component the end of a step may be left out.
fn joint(reader: &mut Reader<'_>, basis: &Basis<'_>, before: &Step<'_>, after: &Step<'_>) {
    let end = before.up_to.unwrap_or(after.above);
    let open = before.up_to.is_none() && basis.raw().table.is_some();
    let mut here = reader.at(after.place);
    if end > after.above || before.above == after.above || open {
        let what = format!("the tier above {} overlaps the one above {}", after.above, before.above);
        here.refuse(what, "Let each tier end where the next begins");
    } else if end < after.above {
        let what = format!("nothing is priced above {end} and up to {}", after.above);
        here.refuse(what, "Let each tier begin where the one before ends");
    }
}

fn beginning(reader: &mut Reader<'_>, kind: TierKind, first: &Step<'_>) {
    let anywhere = match kind {
        TierKind::Graduated | TierKind::Volume => false,
        TierKind::Band => true,
    };
    if first.above != 0 && !anywhere {
        let what = format!("nothing is priced up to {}", first.above);
        reader.at(first.place).refuse(what, "Begin the first tier above 0");
    }
}

/// Which side an edge belongs to. Of tiers it matters where all is charged at the one that is reached.
///
/// Source: R-DDS-4, R-PRC-19. Tiers of the first format had no other edge than the upper one.
fn edge(reader: &mut Reader<'_>, basis: &Basis<'_>, kind: TierKind) -> Option<Edge> {
    let said = match (kind, reader.format) {
        (TierKind::Graduated | TierKind::Volume, Format::First) => None,
        (TierKind::Graduated | TierKind::Volume, Format::Second) | (TierKind::Band, _) => {
            basis.raw().edge.as_deref()
        }
    };
    reader.word(said.unwrap_or("upper"), &EDGES)
}

fn tiers(basis: &Basis<'_>, edge: Edge, steps: &[Step<'_>]) -> Tiers {
    let tier = |it: &Step<'_>| Tier { above: it.above, amount: it.amount, flat: it.flat };
    let up_to = steps.last().and_then(|it| it.up_to);
    Tiers { per: basis.per.quantity, tiers: steps.iter().map(tier).collect(), edge, up_to }
}

fn bands(tiers: Tiers) -> Bands {
    let bands = tiers.tiers.into_iter().map(|it| (it.above, it.amount)).collect();
    Bands { unit: tiers.per.unit, edge: tiers.edge, bands, up_to: tiers.up_to }
}
