//! Steps as named figures, for programs.
//!
//! In:  a step. Out: its word and its figures by name, as decimal text.
//! Invariant: names and words are never changed; docs/api.md lists them.
//! Rules: R-BIL-2.

use super::{BoughtBy, Chosen, Step, TierPart};
use units::decimal::print_short;
use units::{Amount, Measured};

/// A figure by its name.
pub type Figure = (String, String);

fn figure(name: &str, value: impl ToString) -> Figure {
    (name.to_string(), value.to_string())
}

fn price(name: &str, amount: Amount) -> Figure {
    figure(name, amount.short())
}

fn measured(used: Measured) -> Vec<Figure> {
    let mut figures = vec![figure("quantity", used.quantity), figure("unit", used.unit)];
    let rest = [("count", used.count), ("num", used.num), ("den", used.den)];
    figures.extend(rest.into_iter().filter(|it| it.1 != 1).map(|it| figure(it.0, it.1)));
    figures
}

/// The bounds, units, price and fee of a tier, by its place among those of the step.
fn tier(at: usize, it: &TierPart) -> Vec<Figure> {
    let name = |what: &str| format!("tier_{at}_{what}");
    let mut figures = vec![
        figure(&name("from"), it.from),
        figure(&name("quantity"), it.quantity),
        price(&name("price"), it.amount),
    ];
    figures.extend(it.up_to.map(|to| figure(&name("up_to"), to)));
    figures.extend((it.flat.e8() != 0).then(|| price(&name("flat"), it.flat)));
    figures
}

/// When each slot begins and its value, by its place; of a percentile which of how many it is.
fn chosen(it: &Chosen) -> Vec<Figure> {
    let place = it.position.map(|(position, of)| [figure("position", position), figure("slots", of)]);
    let mut figures: Vec<Figure> = place.into_iter().flatten().collect();
    figures.push(figure("seconds", it.seconds));
    for (at, slot) in it.slots.iter().enumerate() {
        figures.push(figure(&format!("slot_{at}_from"), slot.from));
        let value = measured(slot.value).into_iter();
        figures.extend(value.map(|(name, value)| (format!("slot_{at}_{name}"), value)));
    }
    figures
}

impl Step {
    /// The word of the step.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Step::Priced { .. } => "priced",
            Step::Measured { .. } => "measured",
            Step::Chosen(_) => "chosen",
            Step::Bought { .. } => "bought",
            Step::AtLeast { .. } => "at_least",
            Step::AtMost { .. } => "at_most",
            Step::FreeTier { .. } => "free_tier",
            Step::Covered { .. } => "covered",
            Step::After { .. } => "after",
            Step::Started { .. } => "started",
            Step::Free { .. } => "free",
            Step::Units { .. } => "units",
            Step::Tiers { .. } => "tiers",
            Step::Reached { .. } => "reached",
            Step::Blocks { .. } => "blocks",
            Step::Share { .. } => "share",
            Step::Band { .. } => "band",
            Step::Nothing { .. } => "nothing",
            Step::Minimum { .. } => "minimum",
            Step::Rate { .. } => "rate",
            Step::Evened { .. } => "evened",
            Step::GivenBack => "given_back",
            Step::Recounted { .. } => "recounted",
            Step::Billed { .. } => "billed",
        }
    }

    /// All figures of the step by their names.
    pub fn figures(&self) -> Vec<Figure> {
        match self {
            Step::Priced { key, source, .. } => vec![figure("price_key", key), figure("source", source)],
            Step::Measured { used } => measured(*used),
            Step::Chosen(it) => chosen(it),
            Step::Bought { used, meter } => {
                let by = match meter {
                    BoughtBy::Month => "month",
                    BoughtBy::Once => "once",
                };
                with(measured(*used), [figure("by", by)])
            }
            Step::AtLeast { seconds } | Step::AtMost { seconds } => vec![figure("seconds", seconds)],
            Step::FreeTier { units, unit } | Step::Covered { units, unit } => {
                vec![figure("quantity", units), figure("unit", unit)]
            }
            Step::After { before, used } => vec![figure("before", before), figure("unit", used.unit)],
            Step::Started { size, counted } => with(measured(*counted), [figure("size", size)]),
            Step::Free { free, counted } => with(measured(*counted), [figure("free", free)]),
            Step::Units { price: it, used, .. } => {
                with(measured(*used), [price("price", it.amount), figure("per", it.per.value)])
            }
            Step::Tiers { per, parts, used, .. } => {
                let tiers = parts.iter().enumerate().flat_map(|(at, it)| tier(at, it));
                with(with(measured(*used), [figure("per", per.value)]), tiers)
            }
            Step::Reached { per, whole, part, used, .. } => {
                let own = [figure("per", per.value), figure("whole", whole)];
                with(with(measured(*used), own), tier(0, part))
            }
            Step::Blocks { size, blocks, price: it } => {
                let size = [figure("size", size.value), figure("unit", size.unit)];
                with(size.to_vec(), [figure("blocks", blocks), price("price", *it)])
            }
            Step::Share { share, value } => {
                let bounds =
                    [share.least.map(|it| price("least", it)), share.most.map(|it| price("most", it))];
                let rate = figure("percent", print_short(share.rate_e8.into(), 6, 0));
                let own = [rate, price("fixed", share.fixed)];
                with(with(measured(*value), own), bounds.into_iter().flatten())
            }
            Step::Band { used, from, up_to, amount, .. } => {
                let own = [figure("from", from), price("price", *amount)];
                with(with(measured(*used), own), up_to.map(|to| figure("up_to", to)))
            }
            Step::Nothing { .. } | Step::GivenBack => Vec::new(),
            Step::Minimum { least, earlier } => vec![price("least", *least), price("earlier", *earlier)],
            Step::Rate { rate_e8 } => vec![figure("rate", print_short((*rate_e8).into(), 8, 2))],
            Step::Evened { by } => vec![price("by", *by)],
            Step::Recounted { cost } => vec![price("cost", *cost)],
            Step::Billed { before } => vec![price("before", *before)],
        }
    }
}

fn with(mut figures: Vec<Figure>, more: impl IntoIterator<Item = Figure>) -> Vec<Figure> {
    figures.extend(more);
    figures
}
