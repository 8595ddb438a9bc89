//! What is charged after use, as it was chosen: how far its price goes, and from where on.
//!
//! In:  a quote taken apart, a part of it. Out: a few words in a language.
//! Invariant: no price is named that what was chosen cannot come to.
//! Rules: R-DDS-2, R-DDS-3, R-DDS-11, R-DDS-12.

use crate::signed::Signed;
use crate::tariff;
use billing::book::{Component, Due, Meter};
use billing::breakdown::Breakdown;
use billing::language::Language;
use billing::plan::Part;
use billing::price::Pricing;
use billing::readable;
use units::{CycleKind, Unit};

/// What it costs: of bands those that are reached, of a rate the cycle for which it is.
pub(crate) fn price(parts: &Breakdown, part: &Part, language: Language) -> String {
    let (component, item) = (parts.component(part), parts.item(part));
    match parts.reach(part) {
        Some(it) if !it.amounts.is_empty() => {
            tariff::timed(tariff::span(it.amounts.into_iter(), language), component, language)
        }
        Some(_) | None => {
            let is_plain = matches!(item.pricing, Pricing::PerUnit(_));
            let cycle = if is_plain { of_cycle(component, language) } else { String::new() };
            format!("{}{cycle}", tariff::steps(component, item, language))
        }
    }
}

/// Of a rate that is measured once for a cycle: the cycle.
fn of_cycle(component: &Component, language: Language) -> String {
    let is_rate = matches!(
        component.meter,
        Meter::PeakAbove { .. } | Meter::Percentile { .. } | Meter::TopMean { .. } | Meter::DayPeaks { .. }
    );
    let (english, chinese) = match component.due {
        Due::Cycle(CycleKind::Hour) => (" and hour", "·小时"),
        Due::Cycle(CycleKind::Day) => (" and day", "·天"),
        Due::Cycle(CycleKind::Month) => (" and month", "·月"),
        Due::Order => return String::new(),
    };
    if is_rate { language.say(english.into(), chinese.into()) } else { String::new() }
}

/// From where on it is charged, and what it comes to at most.
pub(crate) fn limits(signed: &Signed, parts: &Breakdown, part: &Part) -> Vec<String> {
    let (texts, language) = (signed.visit.texts(), signed.visit.language);
    let component = parts.component(part);
    let rate = |quantity: u128| readable::quantity(quantity, Unit::BitPerSecond, language);
    let free = match &component.meter {
        Meter::PeakAbove { free, .. } | Meter::VolumeAbove { free, .. } if *free > 0 => Some(*free),
        Meter::PeakAbove { .. }
        | Meter::VolumeAbove { .. }
        | Meter::Attack { .. }
        | Meter::Months
        | Meter::Once
        | Meter::Held
        | Meter::HeldSum
        | Meter::HeldHighest
        | Meter::HeldMean
        | Meter::Clock
        | Meter::Sum { .. }
        | Meter::Events { .. }
        | Meter::Percentile { .. }
        | Meter::TopMean { .. }
        | Meter::DayPeaks { .. } => None,
    };
    let above = free.map(|it| texts.charged_above(rate(it.into())));
    let most = parts.reach(part).and_then(|it| {
        let most = *it.amounts.iter().max_by_key(|it| it.e8())?;
        let price = tariff::timed(tariff::short(most), component, language);
        Some(texts.charged_at_most(price, rate(it.most)))
    });
    above.into_iter().chain(most).collect()
}
