//! What a resource used, day by day: a chart for each meter that something was reported to.
//!
//! In:  sums and peaks of days. Out: charts with the figures in a table, peaks against base and cap.
//! Invariant: what counts is said by the price book: sums where use is added up, the largest reading where a peak counts.

use crate::chart::{self, Level, Levels, Mark};
use crate::signed::Signed;
use billing::book::{Component, Product};
use billing::meter::{AttackMode, Meter, Tally};
use billing::resource::Resource;
use billing::when;
use desk::lists::usage::{self as list, Filter, Window, WindowFilter};
use desk::page::Part;
use desk::resources::Own;
use desk::{At, Refusal, Tx};
use maud::{Markup, html};
use std::collections::{BTreeMap, BTreeSet};
use units::calendar::{CalendarError, second_at};
use units::{Calendar, Cycle, CycleKind, Timestamp, Unit};

/// Days that are looked at: today and those before.
const DAYS: u16 = 31;
/// Base units of what a chart counts in.
const GIGABYTE: u128 = 1 << 30;
const MEGABIT: u128 = 1_000_000;
const GIGABIT: u128 = 1_000_000_000;

/// The first of the days that are looked at.
fn first_day(calendar: &Calendar, now: Timestamp) -> Result<Cycle, CalendarError> {
    let today = calendar.cycle(CycleKind::Day, now)?;
    // From noon to noon, so that a clock that is set in between makes no day too many.
    let noon = today.from.as_second() + 43_200 - i64::from(DAYS - 1) * 86_400;
    calendar.cycle(CycleKind::Day, second_at(noon)?)
}

/// The dates that are looked at, the oldest first.
fn dates(calendar: &Calendar, now: Timestamp) -> Vec<String> {
    let date = |it: &Cycle| calendar.print(it.from).chars().take(10).collect::<String>();
    let first = first_day(calendar, now).ok();
    let all = std::iter::successors(first, |it| calendar.next(it).ok().filter(|next| next.from <= now));
    all.map(|it| date(&it)).collect()
}

/// The last days in which something was reported of a resource.
pub(crate) fn read(tx: &mut Tx<'_>, at: At<'_>, own: Own) -> Result<Vec<Window>, Refusal> {
    let readings = Filter {
        account: own.account,
        resource: Some(own.id.to_string()),
        meter: None,
        from: Some(first_day(&at.desk.calendar, at.now)?.from),
        to: None,
    };
    let of = WindowFilter { readings, by: CycleKind::Day };
    Ok(list::windows(tx, at, &of, &Part { after: None, most: DAYS })?.items)
}

/// A chart for each meter that something was reported to.
pub(crate) fn charts(signed: &Signed, it: &Resource, days: &[Window]) -> Markup {
    let desk = signed.visit.node.desk();
    let product = desk.at(signed.visit.now).product_of(it).ok();
    let meters: BTreeSet<&str> = days.iter().map(|it| it.sum.meter.as_str()).collect();
    html! { @for meter in meters { (Usage::new(signed, it, (product, meter)).show(days)) } }
}

/// One meter of a resource.
struct Usage<'a> {
    signed: &'a Signed,
    resource: &'a Resource,
    meter: &'a str,
    /// What reads it; `None` where nothing charges it.
    component: Option<&'a Component>,
}

impl<'a> Usage<'a> {
    fn new(
        signed: &'a Signed,
        resource: &'a Resource,
        (product, meter): (Option<&'a Product>, &'a str),
    ) -> Usage<'a> {
        let reads = |it: &&Component| it.meter.usage() == Some(meter) && resource.options.hold(&it.when);
        let component = product.and_then(|it| it.components.iter().find(reads));
        Usage { signed, resource, meter, component }
    }

    fn is_peak(&self) -> bool {
        match self.component.map_or(Tally::Kept, |it| it.meter.tally()) {
            Tally::Attack | Tally::Highest => true,
            Tally::Kept | Tally::Sum | Tally::Each => false,
        }
    }

    fn name(&self) -> String {
        let language = self.signed.visit.language;
        match self.component {
            Some(it) => it.label.or(&it.name).get(language).to_string(),
            // No price book names what nothing charges.
            None => {
                let texts = self.signed.visit.texts();
                texts.not_charged(crate::words::meter(texts, self.meter))
            }
        }
    }

    /// In what it is counted, and how many base units that is.
    fn scale(&self, most: u128) -> (&'static str, u128) {
        let unit = self.component.map_or(Unit::Byte, |it| it.quantity.unit);
        match unit {
            Unit::Byte => ("GB", GIGABYTE),
            Unit::BitPerSecond if most >= GIGABIT => ("Gbps", GIGABIT),
            Unit::BitPerSecond => ("Mbps", MEGABIT),
            Unit::Piece
            | Unit::Gigabyte
            | Unit::Mbps
            | Unit::Gbps
            | Unit::PieceSecond
            | Unit::GigabyteSecond
            | Unit::MbpsSecond
            | Unit::Event
            | Unit::ValueE8 => (crate::words::unit(unit, self.signed.visit.language), 1),
        }
    }

    /// Lines that peaks are measured against: name and base units.
    fn bounds(&self) -> Vec<(&'static str, String, u128)> {
        let texts = self.signed.visit.texts();
        let number = |option: &str| self.resource.options.get(option).and_then(|it| it.parse::<u128>().ok());
        match self.component.map(|it| &it.meter) {
            Some(Meter::Attack { base, cap, mode, .. }) => {
                let low = match mode {
                    AttackMode::ExcessOverBase => texts.base_peak(),
                    AttackMode::AbsolutePeak => texts.covered_peak(),
                };
                let base = number(base).map(|it| ("base", low, it * GIGABIT));
                let cap = number(cap).map(|it| ("cap", texts.cap_peak(), it * GIGABIT));
                base.into_iter().chain(cap).collect()
            }
            Some(Meter::PeakAbove { free, .. }) => vec![("free", texts.free_peak(), u128::from(*free))],
            Some(
                Meter::Months
                | Meter::Once
                | Meter::Held
                | Meter::HeldSum
                | Meter::HeldHighest
                | Meter::HeldMean
                | Meter::Clock
                | Meter::Sum { .. }
                | Meter::Events { .. }
                | Meter::VolumeAbove { .. }
                | Meter::Percentile { .. }
                | Meter::TopMean { .. }
                | Meter::DayPeaks { .. },
            )
            | None => Vec::new(),
        }
    }

    fn show(&self, days: &[Window]) -> Markup {
        let visit = &self.signed.visit;
        let of_day = |it: &Window| {
            let value = if self.is_peak() { u128::from(it.sum.highest.unsigned_abs()) } else { it.sum.sum };
            let day: String = visit.calendar.print(it.from).chars().take(10).collect();
            (day, value)
        };
        let used: BTreeMap<String, u128> =
            days.iter().filter(|it| it.sum.meter == self.meter).map(of_day).collect();
        let most = used.values().copied().max().unwrap_or(0);
        let (unit, scale) = self.scale(most.max(self.bounds().iter().map(|it| it.2).max().unwrap_or(0)));
        let hundredths = |it: u128| i64::try_from(it.saturating_mul(100) / scale).unwrap_or(i64::MAX);
        let bar = |date: &String| {
            let value = hundredths(used.get(date).copied().unwrap_or(0));
            let short = date.rsplit('-').next().unwrap_or("").trim_start_matches('0').to_string();
            Level { short, long: format!("{date}: {} {unit}", chart::hundredths(value)), value }
        };
        let marks = self.bounds().into_iter().map(|(class, name, value)| {
            let value = hundredths(value);
            Mark { class, text: format!("{name} {}", chart::hundredths(value)), value }
        });
        let texts = visit.texts();
        let rule = if self.is_peak() { texts.largest_by_day(unit) } else { texts.sum_by_day(unit) };
        let dates = dates(&visit.calendar, visit.now);
        let of =
            [dates.first(), dates.last()].map(|it| when::day(it.map_or("", String::as_str), visit.language));
        let levels = Levels {
            all: dates.iter().map(bar).collect(),
            marks: marks.collect(),
            caption: visit
                .language
                .say(format!("{rule}, {}", of.join(" – ")), format!("{rule}，{}", of.join(" – "))),
            label: &chart::hundredths,
        };
        let id = format!("h-use-{}", self.meter);
        html! {
            section aria-labelledby=(id) {
                div.sect { h2 id=(id) { (self.name()) } }
                (chart::levels(&levels, visit.language))
                (figures(self.signed, &used, (unit, &hundredths)))
            }
        }
    }
}

/// The same figures as a table, for who does not see the chart.
fn figures(
    signed: &Signed,
    used: &BTreeMap<String, u128>,
    (unit, hundredths): (&str, &dyn Fn(u128) -> i64),
) -> Markup {
    let texts = signed.visit.texts();
    html! {
        details.gap {
            summary { (texts.figures_of_chart()) }
            table.table.tight {
                thead { tr { th scope="col" { (texts.day()) } th.n scope="col" { (unit) } } }
                tbody { @for (day, value) in used { tr { th scope="row" { (day) } td.n { (chart::hundredths(hundredths(*value))) } } } }
            }
        }
    }
}
