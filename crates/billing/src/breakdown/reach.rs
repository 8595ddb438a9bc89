//! How far an attack is charged as its protection was chosen.
//!
//! In:  a part that is metered by attacks, the options that hold its base and its cap. Out: the bands that a day may cost, and the most
//! that is charged for.
//! Invariant: a band is one of these if and only if some attack costs it; none is where the cap is not above the base.
//! Rules: R-DDS-2, R-DDS-3, R-DDS-9.

use super::Breakdown;
use crate::book::AttackMode;
use crate::meter::Meter;
use crate::plan::Part;
use crate::price::{Bands, Edge, Pricing};
use units::Amount;

/// Bits per second of a Gbps, in which options of protection are.
const GBPS: u128 = 1_000_000_000;

/// What a day of attacks may cost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reach {
    /// In bits per second.
    pub most: u128,
    /// The price of each band that is reached, in the order of the book.
    pub amounts: Vec<Amount>,
}

impl Breakdown {
    /// How far `part` can be charged; `None` where it is not metered by attacks, or has no bands. Source: R-DDS-2, R-DDS-3.
    pub fn reach(&self, part: &Part) -> Option<Reach> {
        let component = self.component(part);
        let Meter::Attack { base, cap, mode, .. } = &component.meter else { return None };
        let Pricing::Band(bands) = &self.item(part).pricing else { return None };
        let number = |option: &str| Some(u128::from(self.plan.number(component, option).ok()?) * GBPS);
        let (base, cap) = (number(base)?, number(cap)?);
        let (above, most) = match mode {
            AttackMode::ExcessOverBase => (0, cap.saturating_sub(base)),
            AttackMode::AbsolutePeak => (base, cap),
        };
        Some(Reach { most, amounts: reached(bands, above, most) })
    }
}

/// The prices of the bands into which any quantity falls that is more than `above` and at most `most`.
fn reached(bands: &Bands, above: u128, most: u128) -> Vec<Amount> {
    let ends = bands.bands.iter().skip(1).map(|it| Some(it.0)).chain([bands.up_to]);
    let holds_any = |from: u128, to: Option<u128>| match bands.edge {
        // (from, to] and (above, most]
        Edge::Upper => from.max(above) < to.map_or(most, |to| to.min(most)),
        // [from, to) and (above, most]
        Edge::Lower => from.max(above + 1) <= to.map_or(most, |to| to.saturating_sub(1).min(most)),
    };
    let all = bands.bands.iter().zip(ends);
    all.filter(|(band, to)| holds_any(band.0, *to)).map(|(band, _)| band.1).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use units::{Currency, Unit};

    fn said(edge: Edge, above: u128, most: u128) -> Vec<String> {
        let amount = |text: &str| Amount::parse(text, Currency::CNY).unwrap();
        let bands = [(0, "1000"), (10, "2200"), (20, "3500"), (30, "4800")];
        let bands = bands.map(|it| (it.0, amount(it.1))).to_vec();
        let bands = Bands { unit: Unit::BitPerSecond, edge, bands, up_to: Some(40) };
        reached(&bands, above, most).into_iter().map(Amount::short).collect()
    }

    /// Base 20, elastic 50: an attack exceeds the base by at most 30, which costs 3500 and no more.
    #[test]
    fn only_bands_that_an_attack_can_reach_are_named() {
        assert_eq!(said(Edge::Upper, 0, 30), ["1000.00", "2200.00", "3500.00"]);
        // The lower edge belongs to its band: 30 is in the fourth.
        assert_eq!(said(Edge::Lower, 0, 30).len(), 4);
        assert_eq!(said(Edge::Upper, 0, 31).len(), 4);
        // By the peak itself: more than the base of 20, up to 30.
        assert_eq!(said(Edge::Upper, 20, 30), ["3500.00"]);
        assert_eq!(said(Edge::Lower, 20, 30), ["3500.00", "4800.00"]);
        assert!(said(Edge::Upper, 0, 0).is_empty() && said(Edge::Upper, 30, 20).is_empty());
    }
}
