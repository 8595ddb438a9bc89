//! Prices that change, as a notice keeps them: which components of which products, and what one unit costs before and after.
//!
//! In:  the plans of what somebody has in two books. Out: the occasion of a notice; what it says, by name.
//! Invariant: what was told stands in the notice itself, so that it says the same whatever becomes of prices and resources.
//! Rules: R-PRC-6.

use crate::alike;
use crate::book::{Book, Component};
use crate::control::value_name;
use crate::language::Language;
use crate::plan::Plan;
use crate::price::Pricing;
use crate::tag;
use crate::text::Text;
use crate::when;
use std::collections::BTreeSet;
use units::Timestamp;

/// So many are named in a notice; of more it is said how many they are.
pub const MOST: usize = 5;

/// A component of a product that is charged otherwise.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moved {
    pub product: String,
    /// Empty for the product as a whole.
    pub component: String,
    /// The options that its price goes by, with their values: what tells prices of one component apart.
    pub of: Vec<(String, String)>,
    /// What a unit costs before and after, as it is read; `None` where that is not one amount.
    pub prices: Option<[String; 2]>,
}

impl Moved {
    /// A product as a whole.
    pub fn whole(product: &str) -> Moved {
        Moved { product: product.to_string(), component: String::new(), of: Vec::new(), prices: None }
    }

    /// What `after` charges otherwise than `before`: nothing where they charge alike.
    pub fn between(before: &Plan, after: &Plan) -> Vec<Moved> {
        if alike::charges_alike(before, after) {
            return Vec::new();
        }
        let product = after.product().id.as_str();
        let moved = |it: alike::Changed<'_>| Moved {
            product: product.to_string(),
            component: it.component.to_string(),
            of: goes_by(after, it.component),
            prices: it.prices.map(|it| it.map(|amount| amount.short())),
        };
        let all: Vec<Moved> = alike::changed(before, after).into_iter().map(moved).collect();
        // What rounding leaves is no component's.
        if all.is_empty() { vec![Moved::whole(product)] } else { all }
    }

    fn write(&self) -> String {
        let prices = self.prices.as_ref().map_or_else(String::new, |[was, is]| format!("={was}>{is}"));
        let of: String = self.of.iter().map(|(option, value)| format!("@{option}:{value}")).collect();
        format!("{}/{}{of}{prices}", self.product, self.component)
    }

    fn read(word: &str) -> Option<Moved> {
        let (of, prices) = word.split_once('=').map_or((word, None), |it| (it.0, Some(it.1)));
        let (product, rest) = of.split_once('/')?;
        let mut parts = rest.split('@');
        let component = parts.next()?;
        let option = |it: &str| it.split_once(':').map(|it| (it.0.to_string(), it.1.to_string()));
        let of = parts.map(option).collect::<Option<_>>()?;
        let pair = |it: &str| it.split_once('>').map(|(was, is)| [was.to_string(), is.to_string()]);
        Some(Moved {
            product: product.to_string(),
            component: component.to_string(),
            of,
            prices: prices.and_then(pair),
        })
    }

    /// Whether it is the same but for the options that its price goes by.
    fn is_like(&self, other: &Moved) -> bool {
        self.is_beside(other) && self.prices == other.prices
    }

    fn is_beside(&self, other: &Moved) -> bool {
        self.product == other.product && self.component == other.component
    }

    /// The options that it goes by, by the names of a book: ` (S1.SMALL1)`; nothing where it is told apart by none.
    fn going_by(&self, book: Option<&Book>) -> Text {
        let product = book.and_then(|it| it.product(&self.product));
        let value = |(option, value): &(String, String)| {
            let rule = product.and_then(|it| it.option(option));
            book.zip(rule).map_or_else(|| Text::same(value), |(book, rule)| value_name(book, rule, value))
        };
        let all: Vec<Text> = self.of.iter().map(value).collect();
        let joined =
            |language, between: &str| all.iter().map(|it| it.get(language)).collect::<Vec<_>>().join(between);
        match all.is_empty() {
            true => Text::same(""),
            false => Text::new(
                format!(" ({})", joined(Language::English, ", ")),
                format!("（{}）", joined(Language::Chinese, "、")),
            ),
        }
    }

    /// The same by the names of a book: `Container, run time: 0.17 → 0.19 CNY per hour`. Ids stand in for what it lacks.
    pub fn named(&self, book: Option<&Book>) -> Text {
        let product = book.and_then(|it| it.product(&self.product));
        let component = product.and_then(|it| it.components.iter().find(|it| it.id == self.component));
        let name = product.map_or_else(|| Text::same(&self.product), |it| it.look.label.or(&it.name));
        let part = component.map_or_else(|| Text::same(&self.component), |it| it.label.or(&it.name));
        // What has one component is often called as that is.
        let name = if self.component.is_empty() || part == name {
            name
        } else {
            Text::new(format!("{}, {}", name.en, part.en), format!("{}·{}", name.zh, part.zh))
        };
        let going_by = self.going_by(book);
        let name = Text::new(format!("{}{}", name.en, going_by.en), format!("{}{}", name.zh, going_by.zh));
        let Some([was, is]) = &self.prices else { return name };
        let unit = |language| book.map_or("", |it| when::unit(it.currency, language));
        let per = |language| component.and_then(|it| per(it, language));
        let [en, zh] = [Language::English, Language::Chinese].map(per);
        let en = en.map_or_else(String::new, |it| format!(" per {it}"));
        let zh = zh.map_or_else(String::new, |it| format!("/{it}"));
        Text::new(
            format!("{}: {was} → {is} {}{en}", name.en, unit(Language::English)),
            format!("{}：{was} → {is} {}{zh}", name.zh, unit(Language::Chinese)),
        )
    }
}

/// The options that the price of a component goes by in a plan, with their values; none where the plan has it several times.
fn goes_by(plan: &Plan, component: &str) -> Vec<(String, String)> {
    let mut parts = plan.parts.iter().filter(|it| plan.component(it).id == component);
    let (Some(part), None) = (parts.next(), parts.next()) else { return Vec::new() };
    let row = plan.component(part).prices.get(part.price);
    let value =
        |(option, _): &(String, Vec<String>)| Some((option.clone(), plan.options.get(option)?.to_string()));
    row.map_or_else(Vec::new, |it| it.keys.iter().filter_map(value).collect())
}

/// Per what all prices per unit of a component are; `None` where they are per several things.
fn per(component: &Component, language: Language) -> Option<String> {
    let mut all = component.prices.iter().filter_map(|row| match &row.item.pricing {
        Pricing::PerUnit(price) => Some(tag::per(component, price.per, row.item.per_seconds).words(language)),
        Pricing::Graduated(_)
        | Pricing::Volume(_)
        | Pricing::Package { .. }
        | Pricing::Percentage(_)
        | Pricing::Band(_) => None,
    });
    let first = all.next()?;
    all.all(|it| it == first).then_some(first)
}

/// What the occasion of a notice of changed prices holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    pub from: Timestamp,
    /// At most `MOST`.
    pub moved: Vec<Moved>,
    /// How many there are beside those.
    pub more: usize,
}

impl Kept {
    /// The first of `all`, and how many more there are. By which options a price goes is kept where prices of one component move
    /// otherwise, and only one of them moves like that.
    pub fn of(from: Timestamp, all: &BTreeSet<Moved>) -> Kept {
        let is_told_apart = |it: &Moved| {
            let moves_otherwise = all.iter().any(|that| that.is_beside(it) && that.prices != it.prices);
            moves_otherwise && all.iter().filter(|that| that.is_like(it)).count() == 1
        };
        let told = |it: &Moved| match is_told_apart(it) {
            true => it.clone(),
            false => Moved { of: Vec::new(), ..it.clone() },
        };
        let all: BTreeSet<Moved> = all.iter().map(told).collect();
        let moved: Vec<Moved> = all.iter().take(MOST).cloned().collect();
        Kept { from, more: all.len() - moved.len(), moved }
    }

    /// Words with spaces between them: the time, what moved, and `+2` for two more.
    pub fn write(&self) -> String {
        let mut words = vec![self.from.to_string()];
        words.extend(self.moved.iter().map(Moved::write));
        words.extend((self.more > 0).then(|| format!("+{}", self.more)));
        words.join(" ")
    }

    /// The same read again. Of older notices there is the time alone.
    pub fn read(occasion: &str) -> Option<Kept> {
        let mut words = occasion.split(' ');
        let from = words.next()?.parse().ok()?;
        let mut kept = Kept { from, moved: Vec::new(), more: 0 };
        for word in words {
            match word.strip_prefix('+') {
                Some(more) => kept.more = more.parse().ok()?,
                None => kept.moved.push(Moved::read(word)?),
            }
        }
        Some(kept)
    }
}

#[cfg(test)]
mod tests;
