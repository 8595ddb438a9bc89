//! Charts: bars by day, and meters of what is left.
//!
//! In:  figures. Out: SVG with its geometry in attributes and its colours in classes.
//! Invariant: a chart says in a sentence what it shows, and the figures stand in a table nearby; nothing is billed by it, so
//! that its geometry alone may be rounded.

use crate::show;
use billing::language::Language;
use maud::{Markup, html};
use units::Money;

/// Heights of the plot in pixels: all of it, where its ground is, where its top is, with room for a figure above.
pub(crate) const HEIGHT: i64 = 212;
pub(crate) const GROUND: i64 = 188;
pub(crate) const TOP: i64 = 20;

/// A bar: what stands below it, what it is called in full, and its figure.
pub(crate) struct Bar {
    pub short: String,
    pub long: String,
    pub money: Money,
}

/// Bars beside each other; what is below zero hangs below the ground.
pub(crate) fn bars(all: &[Bar], caption: &str, language: Language) -> Markup {
    let currency = all.first().map(|it| it.money.currency());
    let label =
        |minor: i64| currency.map_or_else(String::new, |it| show::money(Money::from_minor(minor, it)));
    let level = |it: &Bar| Level { short: it.short.clone(), long: it.long.clone(), value: it.money.minor() };
    let (all, caption) = (all.iter().map(level).collect(), caption.to_string());
    levels(&Levels { all, marks: Vec::new(), caption, label: &label }, language)
}

/// A bar of a height: what stands below it, and what it is called in full.
pub(crate) struct Level {
    pub short: String,
    pub long: String,
    pub value: i64,
}

/// A line across all bars: its class, what it is called, how high it lies.
pub(crate) struct Mark {
    pub class: &'static str,
    pub text: String,
    pub value: i64,
}

/// Bars beside each other, and lines that they are measured against.
pub(crate) struct Levels<'a> {
    pub all: Vec<Level>,
    pub marks: Vec<Mark>,
    pub caption: String,
    /// How a height is written.
    pub label: &'a dyn Fn(i64) -> String,
}

/// A number of hundredths as it is read: `1,024.5`.
pub(crate) fn hundredths(value: i64) -> String {
    let text = units::decimal::print_short(value.into(), 2, 0);
    let (whole, rest) = text.split_once('.').map_or((text.as_str(), None), |it| (it.0, Some(it.1)));
    rest.map_or_else(|| show::thousands(whole), |rest| format!("{}.{rest}", show::thousands(whole)))
}

/// How figures become heights: lines at multiples of a round step, some of them below zero where a figure is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Scale {
    step: i64,
    /// Steps above zero, and below it.
    up: i64,
    down: i64,
}

impl Scale {
    fn of(lowest: i64, highest: i64) -> Scale {
        let (above, below) = (highest.max(0), lowest.min(0).saturating_neg());
        let step = nice((above.saturating_add(below).max(1).saturating_add(3)) / 4);
        let steps = |of: i64| of / step + i64::from(of % step > 0);
        let down = steps(below);
        Scale { step, up: if down == 0 { 4 } else { steps(above) }, down }
    }

    /// How far down from the top a number of steps above zero lies, in pixels.
    fn line(self, steps: i64) -> i64 {
        TOP + (GROUND - TOP) * (self.up - steps) / (self.up + self.down)
    }

    /// How long a bar of a figure is, in pixels.
    fn length(self, value: i64) -> i64 {
        let whole = i128::from(self.step) * i128::from(self.up + self.down);
        let length = i128::from(GROUND - TOP) * i128::from(value).abs() / whole.max(1);
        i64::try_from(length).unwrap_or(GROUND - TOP)
    }

    /// How far down from the top a figure lies, in pixels.
    fn place(self, value: i64) -> i64 {
        self.line(0) - self.length(value) * value.signum()
    }
}

/// Bars beside each other, with lines across them. What is highest says its figure, where no line has a name there.
pub(crate) fn levels(it: &Levels<'_>, language: Language) -> Markup {
    let values = || it.all.iter().map(|it| it.value).chain(it.marks.iter().map(|it| it.value));
    let scale = Scale::of(values().min().unwrap_or(0), values().max().unwrap_or(0));
    let sentence = it
        .all
        .iter()
        .map(|it| it.long.as_str())
        .chain(it.marks.iter().map(|it| it.text.as_str()))
        .collect::<Vec<_>>()
        .join(language.say(", ".into(), "，".into()).as_str());
    let highest = it.all.iter().enumerate().max_by_key(|it| it.1.value);
    let highest = highest.filter(|bar| bar.1.value > 0 && it.marks.is_empty());
    html! {
        figure.chart {
            figcaption.hint { (it.caption) }
            svg.y width="72" height=(HEIGHT) aria-hidden="true" {
                @for at in -scale.down..=scale.up { text x="70" y=(scale.line(at) + 4) text-anchor="end" { ((it.label)(scale.step.saturating_mul(at))) } }
            }
            svg.plot height=(HEIGHT) role="img" aria-label=(sentence) {
                @for at in -scale.down..=scale.up {
                    @let y = scale.line(at);
                    line.zero[at == 0].grid[at != 0] x1="0" x2="100%" y1=(y) y2=(y) {}
                }
                @for (index, bar) in it.all.iter().enumerate() { (one(bar, Slot { index, of: it.all.len() }, scale)) }
                @for mark in &it.marks { (across(mark, &it.all, scale)) }
                @if let Some((index, bar)) = highest { (above(&(it.label)(bar.value), Slot { index, of: it.all.len() }, scale.place(bar.value))) }
            }
        }
    }
}

/// The name of a line takes one part of so many of its length, also on a telephone.
const NAME_PART: usize = 4;

/// A line with its name above it, as far to its right end as no bar reaches into the name.
fn across(mark: &Mark, bars: &[Level], scale: Scale) -> Markup {
    let y = scale.place(mark.value);
    let x = percent(name_ends(bars, y, scale));
    html! {
        line class=(mark.class) x1="0" x2="100%" y1=(y) y2=(y) {}
        text class=(format!("t{}", mark.class)) x=(x) y=(y - 5) text-anchor="end" { (mark.text) }
    }
}

/// Where the name of a line that lies at `y` ends, in hundredths of a percent; at its right end where bars leave no room for it.
fn name_ends(bars: &[Level], y: i64, scale: Scale) -> usize {
    let wide = bars.len().div_ceil(NAME_PART).max(1);
    let is_free = |some: &[Level]| some.iter().all(|it| scale.place(it.value) >= y);
    let found = bars.windows(wide).rposition(is_free);
    found.map_or(10_000, |first| 10_000 * (first + wide) / bars.len().max(1))
}

/// The place of a bar among all of them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Slot {
    pub index: usize,
    pub of: usize,
}

impl Slot {
    /// Where its bar begins and how wide it is, in hundredths of a percent of the width.
    pub(crate) fn bar(self) -> [usize; 2] {
        let slot = 10_000 / self.of.max(1);
        [slot * self.index + slot / 5, slot * 3 / 5]
    }
}

/// Hundredths of a percent, as SVG has them.
pub(crate) fn percent(hundredths: usize) -> String {
    format!("{}.{:02}%", hundredths / 100, hundredths % 100)
}

/// The figure of a bar above its top; at the ends of the plot it keeps within it.
pub(crate) fn above(figure: &str, slot: Slot, top: i64) -> Markup {
    let [left, wide] = slot.bar();
    let (at, anchor) = match left + wide / 2 {
        ..2_000 => (left, "start"),
        8_000.. => (left + wide, "end"),
        middle => (middle, "middle"),
    };
    html! { text.strong x=(percent(at)) y=(top - 5) text-anchor=(anchor) { (figure) } }
}

fn one(bar: &Level, slot: Slot, scale: Scale) -> Markup {
    let (Slot { index, of }, [left, wide]) = (slot, slot.bar());
    let (ground, height) = (scale.line(0), scale.length(bar.value));
    let y = if bar.value < 0 { ground } else { ground - height };
    // Of many bars, each fifth and the first have room for what stands below.
    let is_said = of <= 16 || index == 0 || (index + 1).is_multiple_of(5);
    html! {
        g {
            title { (bar.long) }
            rect.c1 x=(percent(left)) width=(percent(wide)) y=(y) height=(height) {}
        }
        @if is_said { text x=(percent(left + wide / 2)) y=(HEIGHT - 6) text-anchor="middle" { (bar.short) } }
    }
}

/// The next number that is 1, 2 or 5 and zeros, or 25 and zeros.
pub(crate) fn nice(least: i64) -> i64 {
    let mut unit = 1_i64;
    loop {
        for it in [unit, unit.saturating_mul(2), unit / 10 * 25, unit.saturating_mul(5)] {
            if it >= least {
                return it;
            }
        }
        unit = unit.saturating_mul(10);
    }
}

/// How much of something is left, as a bar.
pub(crate) fn meter(left: u64, whole: u64, sentence: &str) -> Markup {
    let hundredths = u128::from(left) * 10_000 / u128::from(whole.max(1));
    html! {
        svg.meter role="img" aria-label=(sentence) {
            rect width=(format!("{}.{:02}%", hundredths / 100, hundredths % 100)) {}
        }
    }
}

/// What a month has come to of a budget.
pub(crate) struct Spent<'a> {
    pub spent: Money,
    pub forecast: Option<Money>,
    pub amount: Money,
    /// In percent of the amount.
    pub marks: &'a [u32],
}

/// Spent, forecast behind it, and a stroke at each mark, as a bar of the largest of them.
pub(crate) fn budget(it: &Spent<'_>, sentence: &str) -> Markup {
    let most =
        [Some(it.spent), it.forecast, Some(it.amount)].into_iter().flatten().map(|it| it.minor()).max();
    let whole = i128::from(most.unwrap_or(1).max(1));
    let percent = |minor: i128| {
        let hundredths = (minor.clamp(0, whole) * 10_000) / whole;
        format!("{}.{:02}%", hundredths / 100, hundredths % 100)
    };
    let is_over = it.spent.minor() >= it.amount.minor();
    let mark = |share: u32| percent(i128::from(it.amount.minor()) * i128::from(share) / 100);
    html! {
        svg.meter role="img" aria-label=(sentence) {
            @if let Some(forecast) = it.forecast { rect.ahead width=(percent(forecast.minor().into())) {} }
            rect.bad[is_over] width=(percent(it.spent.minor().into())) {}
            @for share in it.marks { line x1=(mark(*share)) x2=(mark(*share)) y1="0" y2="100%" {} }
        }
    }
}

#[cfg(test)]
mod tests;
