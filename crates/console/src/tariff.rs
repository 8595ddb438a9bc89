//! Prices in words: what something costs, per what.
//!
//! In:  a component and its price. Out: a few words in a language.
//! Invariant: figures are those of the price book.

use crate::show;
use billing::book::{Component, Due, Meter};
use billing::language::Language;
use billing::price::{PriceItem, Pricing, Tier};
use billing::{readable, tag};
use texts::Texts;
use units::{Amount, CycleKind, Unit};

/// Steps of a price that are said in a line; of more, the least and the most are.
const FEW: usize = 4;

/// An amount without zeros that say nothing, as price books write it.
pub(crate) fn short(amount: Amount) -> String {
    let text = amount.short();
    let (whole, rest) = text.split_once('.').map_or((text.as_str(), ""), |it| it);
    let point = if rest.is_empty() { "" } else { "." };
    format!("{}{point}{rest}", show::thousands(whole))
}

/// What a price is: `0.17 an hour`, `0.40 to 0.25 a GB by tiers`, `1,000.00 to 100,000.00 by bands`.
pub(crate) fn words(component: &Component, item: &PriceItem, language: Language) -> String {
    let per = |quantity| tag::per(component, quantity, item.per_seconds).words(language);
    match &item.pricing {
        Pricing::PerUnit(price) => one(&short(price.amount), &per(price.per), language),
        Pricing::Package { size, price } => {
            one(&short(*price), &readable::quantity(size.value, size.unit, language), language)
        }
        Pricing::Percentage(it) => {
            let share = units::decimal::print_short(it.rate_e8.into(), 6, 0);
            format!("{share}% + {}", short(it.fixed))
        }
        Pricing::Graduated(tiers) | Pricing::Volume(tiers) => {
            let amounts = tiers.tiers.iter().map(|it| it.amount);
            one(&span(amounts, language), &per(tiers.per), language)
        }
        Pricing::Band(bands) => timed(span(bands.bands.iter().map(|it| it.1), language), component, language),
    }
}

/// The same with what each step costs: `0.32 per hour, above 240 hours 0.21, above 480 hours 0.1088`.
pub(crate) fn steps(component: &Component, item: &PriceItem, language: Language) -> String {
    let tiers = match &item.pricing {
        Pricing::Graduated(tiers) | Pricing::Volume(tiers) if tiers.tiers.len() <= FEW => tiers,
        Pricing::Graduated(_)
        | Pricing::Volume(_)
        | Pricing::PerUnit(_)
        | Pricing::Package { .. }
        | Pricing::Percentage(_)
        | Pricing::Band(_) => return words(component, item, language),
    };
    let per = tag::per(component, tiers.per, item.per_seconds).words(language);
    let step = |it: &Tier| match it.above {
        0 => one(&short(it.amount), &per, language),
        least => format!("{} {}", above(least, tiers.per.unit, language), short(it.amount)),
    };
    let all: Vec<String> = tiers.tiers.iter().map(step).collect();
    all.join(&language.say(", ".into(), "，".into()))
}

/// Above how much something holds.
pub(crate) fn above(quantity: u128, unit: Unit, language: Language) -> String {
    let quantity = readable::quantity(quantity, unit, language);
    language.say(format!("above {quantity}"), format!("超过 {quantity}"))
}

/// An amount for a span of time, where it is for one.
fn timed(amount: String, component: &Component, language: Language) -> String {
    let (english, chinese) = match component.due {
        Due::Order if component.meter == Meter::Months => ("month", "月"),
        Due::Order => return amount,
        Due::Cycle(CycleKind::Hour) => ("hour", "小时"),
        Due::Cycle(CycleKind::Day) => ("day", "天"),
        Due::Cycle(CycleKind::Month) => ("month", "月"),
    };
    one(&amount, &language.say(english.into(), chinese.into()), language)
}

/// Per what a price is, such as `per hour`; nothing for one that is not by quantity.
pub(crate) fn per(component: &Component, item: &PriceItem, language: Language) -> Option<String> {
    let quantity = match &item.pricing {
        Pricing::PerUnit(price) => price.per,
        Pricing::Graduated(tiers) | Pricing::Volume(tiers) => tiers.per,
        Pricing::Package { .. } | Pricing::Percentage(_) | Pricing::Band(_) => return None,
    };
    let per = tag::per(component, quantity, item.per_seconds).words(language);
    Some(language.say(format!("per {per}"), format!("每{per}")))
}

/// The same of the first step alone, with its currency: what something begins at.
pub(crate) fn least(component: &Component, item: &PriceItem, language: Language) -> String {
    let per = |quantity| tag::per(component, quantity, item.per_seconds).words(language);
    let said = |amount: Amount| format!("{} {}", short(amount), show::currency(amount.currency(), language));
    match &item.pricing {
        Pricing::Graduated(tiers) | Pricing::Volume(tiers) => {
            let first = tiers.tiers.first();
            first.map_or_else(String::new, |it| one(&said(it.amount), &per(tiers.per), language))
        }
        Pricing::Band(bands) => {
            bands.bands.first().map_or_else(String::new, |it| timed(said(it.1), component, language))
        }
        Pricing::PerUnit(price) => one(&said(price.amount), &per(price.per), language),
        Pricing::Package { .. } | Pricing::Percentage(_) => words(component, item, language),
    }
}

fn one(amount: &str, per: &str, language: Language) -> String {
    language.say(format!("{amount} per {per}"), format!("{amount}/{per}"))
}

/// The least and the most of several amounts.
fn span(amounts: impl Iterator<Item = Amount>, language: Language) -> String {
    let mut all: Vec<Amount> = amounts.collect();
    all.sort_by_key(|it| it.e8());
    match (all.first(), all.last()) {
        (Some(least), Some(most)) if least != most => language.say(
            format!("{} to {}", short(*least), short(*most)),
            format!("{} 至 {}", short(*least), short(*most)),
        ),
        (Some(only), _) => short(*only),
        (None, _) => String::new(),
    }
}

/// When something is settled, by what it goes, what of a life counts whole, what of a month counts at most and what is free.
pub(crate) fn when(texts: &Texts, component: &Component, language: Language) -> String {
    let due = match component.due {
        Due::Order => texts.due_order(),
        Due::Cycle(CycleKind::Hour) => texts.due_hour(),
        Due::Cycle(CycleKind::Day) => texts.due_day(),
        Due::Cycle(CycleKind::Month) => texts.due_month(),
    };
    let due = if component.meter.usage().is_some() { texts.when_used(due) } else { due };
    let time = |seconds: u64| readable::quantity(seconds.into(), Unit::PieceSecond, language);
    let due = match component.least_seconds {
        0 => due,
        least => texts.when_at_least(due, time(least)),
    };
    let due = match component.month_seconds {
        None => due,
        Some(most) => texts.when_at_most(due, time(most)),
    };
    match &component.free_tier {
        None => due,
        Some(it) => texts.when_free(due, readable::quantity(it.units.into(), component.counted(), language)),
    }
}

/// What is done to the quantity of a cycle before it is priced, and what the cycle costs at least: each of it that the price says.
pub(crate) fn besides(
    texts: &Texts,
    component: &Component,
    item: &PriceItem,
    language: Language,
) -> Vec<String> {
    let said = |value, unit| readable::quantity(value, unit, language);
    let started = item.started.map(|it| texts.price_started(said(it, tag::started_in(component, item))));
    let free = (item.free > 0).then(|| {
        let quantity = said(item.free, component.counted());
        match component.due {
            Due::Cycle(CycleKind::Hour) => texts.price_free_hour(quantity),
            Due::Cycle(CycleKind::Day) => texts.price_free_day(quantity),
            Due::Cycle(CycleKind::Month) => texts.price_free_month(quantity),
            Due::Order => texts.price_free_order(quantity),
        }
    });
    let least = item.minimum.map(|it| {
        let sum = format!("{} {}", short(it), show::currency(it.currency(), language));
        match component.due {
            Due::Cycle(CycleKind::Hour) => texts.price_least_hour(sum),
            Due::Cycle(CycleKind::Day) => texts.price_least_day(sum),
            Due::Cycle(CycleKind::Month) => texts.price_least_month(sum),
            Due::Order => texts.price_least_order(sum),
        }
    });
    [started, free, least].into_iter().flatten().collect()
}
