//! Steps as pages say them: quantities in the units that people speak of, no figure that says nothing.
//!
//! In:  a step. Out: a sentence; what the line comes to stands beside it.
//! Invariant: what is said more shortly than a step has it is said exactly by `sentence`.
//! Rules: R-BIL-2.

use super::words::{self, each};
use super::{BoughtBy, Chosen, ChosenSlot, Reason, Step, TierPart};
use crate::difference::YEAR_DAYS;
use crate::language::Language;
use crate::price::Edge;
use crate::quote::MONTH_DAYS;
use crate::readable::{self, amount, quantity};
use crate::tag::Per;
use crate::text::Text;
use units::{Measured, Price, Quantity, Unit};

impl Reason {
    /// The step as a page says it.
    pub fn readable(&self, language: Language) -> String {
        let text = counted(&self.step, language)
            .or_else(|| priced(&self.step, language))
            .unwrap_or_else(|| words::words(&self.step, language));
        language.say(format!("{text}."), format!("{text}。"))
    }

    /// How a quantity makes a price, for the time that it is for: `2 Mbps × 20.00 per Mbps and month`. `None` of one unit,
    /// whose price says all, and of what goes by no quantity.
    pub fn by_quantity(&self, language: Language) -> Option<String> {
        let one = |quantity: u128, count: u64, per: Quantity| match (per.unit, per.value) {
            (Unit::Piece | Unit::Event, _) | (_, 2..) => times_mean(quantity, (per, count)),
            (unit, _) => readable::measured(Measured { count, ..Measured::of(quantity, unit) }, language),
        };
        let (sum, per) = match &self.step {
            Step::Units { used, price, .. } if used.quantity == u128::from(used.count) * price.per.value => {
                return None;
            }
            Step::Units { price, per, used, .. } => {
                (format!("{} × {}", one(used.quantity, used.count, price.per), amount(price.amount)), per)
            }
            Step::Tiers { per, of, parts, used } => {
                let said =
                    |it: &TierPart| format!("{} × {}", one(it.quantity, used.count, *per), amount(it.amount));
                let parts: Vec<String> = parts.iter().map(said).collect();
                let sum = parts.join(" + ");
                // Several parts come to a sum for the time alone.
                match (parts.len(), of.time(language)) {
                    (2.., Some(time)) => {
                        return Some(language.say(format!("({sum}) per {time}"), format!("({sum})/{time}")));
                    }
                    (2.., None) => (format!("({sum})"), of),
                    (..2, _) => (sum, of),
                }
            }
            Step::Reached { per, of, part, used, .. } => {
                (format!("{} × {}", one(part.quantity, used.count, *per), amount(part.amount)), of)
            }
            Step::Priced { .. }
            | Step::Measured { .. }
            | Step::Chosen(_)
            | Step::Bought { .. }
            | Step::AtLeast { .. }
            | Step::AtMost { .. }
            | Step::FreeTier { .. }
            | Step::Covered { .. }
            | Step::After { .. }
            | Step::Started { .. }
            | Step::Free { .. }
            | Step::Blocks { .. }
            | Step::Share { .. }
            | Step::Band { .. }
            | Step::Nothing { .. }
            | Step::Minimum { .. }
            | Step::Rate { .. }
            | Step::Evened { .. }
            | Step::GivenBack
            | Step::Recounted { .. }
            | Step::Billed { .. } => return None,
        };
        let per = per.words(language);
        Some(language.say(format!("{sum} per {per}"), format!("{sum}/{per}")))
    }
}

/// Who set the price; where that is the price book, not where its figure comes from.
fn priced_by(name: &Text, of: (Option<&str>, bool), language: Language) -> String {
    match of {
        (Some(contract), has_steps) => words::agreed(name, (contract, has_steps), language),
        (None, _) => language
            .say(format!("{} costs what the price book says", name.en), format!("{}按价目表计价", name.zh)),
    }
}

/// The steps that say what counts.
fn counted(step: &Step, language: Language) -> Option<String> {
    match step {
        Step::Priced { name, contract, has_steps, .. } => {
            Some(priced_by(name, (contract.as_deref(), *has_steps), language))
        }
        Step::Measured { used } => Some(words::measured(&readable::measured(*used, language), language)),
        Step::Chosen(it) => Some(chosen(it, language)),
        Step::Bought { used, meter } => Some(words::was_bought(&bought(*used, *meter, language), language)),
        Step::AtLeast { seconds } => Some(words::at_least(&time(*seconds, language), language)),
        Step::AtMost { seconds } => Some(words::at_most(&time(*seconds, language), language)),
        Step::FreeTier { units, unit } => {
            Some(words::free_tier(&quantity((*units).into(), *unit, language), language))
        }
        Step::Covered { units, unit } => {
            Some(words::covered(&quantity((*units).into(), *unit, language), language))
        }
        Step::After { before, used } => {
            let before = readable::measured(
                Measured { quantity: (*before).into(), num: 1, den: 1, ..*used },
                language,
            );
            Some(words::after(&before, language))
        }
        Step::Started { size, counted } => {
            let (size, all) =
                (quantity(*size, counted.unit, language), readable::measured(*counted, language));
            Some(words::started(&size, &all, language))
        }
        Step::Free { free, counted } => {
            let (free, all) =
                (quantity(*free, counted.unit, language), readable::measured(*counted, language));
            Some(words::free(&free, &all, language))
        }
        Step::Recounted { .. } => Some(language.say(
            "The whole cycle, with all that is known by now".into(),
            "按目前已知的全部用量计算的整个周期费用".into(),
        )),
        Step::Units { .. }
        | Step::Tiers { .. }
        | Step::Reached { .. }
        | Step::Blocks { .. }
        | Step::Share { .. }
        | Step::Band { .. }
        | Step::Nothing { .. }
        | Step::Minimum { .. }
        | Step::Rate { .. }
        | Step::Evened { .. }
        | Step::GivenBack
        | Step::Billed { .. } => None,
    }
}

fn time(seconds: u64, language: Language) -> String {
    quantity(seconds.into(), Unit::PieceSecond, language)
}

/// The steps that price a quantity.
fn priced(step: &Step, language: Language) -> Option<String> {
    let say = |english: String, chinese: String| Some(language.say(english, chinese));
    match step {
        Step::Units { price, per, used, meter } => Some(by_unit(*price, *per, (*used, *meter), language)),
        Step::Tiers { per, of, parts, used } => {
            let parts: Vec<String> = parts.iter().map(|it| tier(it, (*per, used.count), language)).collect();
            let (sum, of) = (bracketed(&parts, *used, language), of.words(language));
            say(format!("By tiers, per {of}: {sum}"), format!("按{}阶梯计价：{sum}", each(&of)))
        }
        Step::Reached { per, of, whole, part, used } => {
            let of = of.words(language);
            let (whole, all) = (readable::times(*whole, *per), product(*used, *per, language));
            let (tier, price) = (tier_span(part, *per, language), amount(part.amount));
            let flat = if part.flat.e8() == 0 { String::new() } else { format!(" + {}", amount(part.flat)) };
            say(
                format!(
                    "The cycle's {whole} reach the tier {tier} at {price} per {of}: {all} × {price}{flat}"
                ),
                format!("周期用量 {whole} 达到阶梯（{tier}），单价 {price}/{of}：{all} × {price}{flat}"),
            )
        }
        Step::Blocks { size, blocks, price } => {
            let (size, price) = (quantity(size.value, size.unit, language), amount(*price));
            say(
                format!("{blocks} started blocks of {size} at {price} each"),
                format!("每 {size} 为一份，共 {blocks} 份，每份 {price}"),
            )
        }
        Step::Band { used, from, up_to, edge, amount: price } => {
            let (unit, price) = (used.unit, amount(*price));
            let (used, said) = (readable::measured(*used, language), |it| quantity(it, unit, language));
            let span = bounds(said(*from), (*from == 0, up_to.map(said)), *edge, language);
            say(format!("{used}, in the band {span}: {price}"), format!("{used}，档位{span}，价格 {price}"))
        }
        Step::Priced { .. }
        | Step::Measured { .. }
        | Step::Chosen(_)
        | Step::Bought { .. }
        | Step::AtLeast { .. }
        | Step::AtMost { .. }
        | Step::FreeTier { .. }
        | Step::Covered { .. }
        | Step::After { .. }
        | Step::Started { .. }
        | Step::Free { .. }
        | Step::Share { .. }
        | Step::Nothing { .. }
        | Step::Minimum { .. }
        | Step::Rate { .. }
        | Step::Evened { .. }
        | Step::GivenBack
        | Step::Recounted { .. }
        | Step::Billed { .. } => None,
    }
}

/// `20.00 per Mbps and month × 2 Mbps × 1 month`, `0.80 per GB × 150`.
fn by_unit(price: Price, per: Per, used: (Measured, Option<BoughtBy>), language: Language) -> String {
    let (amount, per) = (amount(price.amount), per.words(language));
    let times = match used {
        (used, Some(BoughtBy::Month)) => bought(used, BoughtBy::Month, language),
        (used, Some(BoughtBy::Once) | None) => product(used, price.per, language),
    };
    language.say(format!("{amount} per {per} × {times}"), format!("{} {amount} × {times}", each(&per)))
}

/// What was bought so many months of, or anything else as it was measured.
fn bought(used: Measured, meter: BoughtBy, language: Language) -> String {
    let whole = |used: Measured| readable::measured(used, language);
    let is_of_days = [1, MONTH_DAYS.into(), YEAR_DAYS].contains(&used.den);
    match meter {
        BoughtBy::Once => whole(used),
        BoughtBy::Month if is_of_days => words::of_months(used, language, &whole),
        BoughtBy::Month => {
            // The share of its whole time that has passed. Source: R-REF-6.
            let months = readable::times(used.num.into(), Quantity::new(used.den.into(), Unit::Piece));
            let noun = if months == "1" { "month" } else { "months" };
            let months = language.say(format!("{months} {noun}"), format!("{months} 个月"));
            match (used.unit, used.quantity) {
                (Unit::Piece, 1) => months,
                _ => format!("{} × {months}", whole(Measured::of(used.quantity, used.unit))),
            }
        }
    }
}

/// So many times what a price is for, and the part of a time for which it was held.
fn product(used: Measured, per: Quantity, language: Language) -> String {
    let part = readable::factor(used, language);
    match (used.quantity == u128::from(used.count) * per.value, part.is_empty()) {
        // Once, for a part of the time: the part alone.
        (true, false) => part,
        (_, true) => times_mean(used.quantity, (per, used.count)),
        (false, false) => format!("{} × {part}", times_mean(used.quantity, (per, used.count))),
    }
}

/// A sum of so many times what a price is for, as the mean of `count`.
fn times_mean(value: u128, (per, count): (Quantity, u64)) -> String {
    readable::times(value, Quantity::new(per.value.saturating_mul(count.into()), per.unit))
}

/// Parts in brackets where something follows them.
fn bracketed(parts: &[String], used: Measured, language: Language) -> String {
    let (sum, part) = (parts.join(" + "), readable::factor(used, language));
    if part.is_empty() { sum } else { format!("({sum}) × {part}") }
}

fn tier(it: &TierPart, of: (Quantity, u64), language: Language) -> String {
    let (units, span) =
        (format!("{} × {}", times_mean(it.quantity, of), amount(it.amount)), tier_span(it, of.0, language));
    let units = language.say(format!("{units} ({span})"), format!("{units}（{span}）"));
    words::with_flat(units, (it.flat.e8() != 0).then(|| amount(it.flat)), language)
}

/// The bounds of a tier in what its price is for.
fn tier_span(it: &TierPart, per: Quantity, language: Language) -> String {
    let said = |it: u128| readable::times(it, per);
    bounds(said(it.from), (it.from == 0, it.up_to.map(said)), Edge::Upper, language)
}

/// `up to 10 Gbps`, `above 10 Gbps up to 20 Gbps`, `from 10 to below 15`.
fn bounds(from: String, (is_first, up_to): (bool, Option<String>), edge: Edge, language: Language) -> String {
    let say = |english: String, chinese: String| language.say(english, chinese);
    match (up_to, edge) {
        (Some(to), Edge::Upper) if is_first => say(format!("up to {to}"), format!("不超过 {to}")),
        (Some(to), Edge::Upper) => {
            say(format!("above {from} up to {to}"), format!("超过 {from}、不超过 {to}"))
        }
        (Some(to), Edge::Lower) if is_first => say(format!("below {to}"), format!("低于 {to}")),
        (Some(to), Edge::Lower) => {
            say(format!("from {from} to below {to}"), format!("不低于 {from}、低于 {to}"))
        }
        (None, Edge::Upper) => say(format!("above {from}"), format!("超过 {from}")),
        (None, Edge::Lower) => say(format!("from {from}"), format!("不低于 {from}")),
    }
}

/// Which slots the price goes by.
fn chosen(it: &Chosen, language: Language) -> String {
    let said = |slot: &ChosenSlot| readable::measured(slot.value, language);
    words::choice(it, language, &said)
}
