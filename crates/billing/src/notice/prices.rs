//! Prices that change, as a notice keeps them: which components of which products, and what one unit costs before and after.
//!
//! In:  the plans of what somebody has in two books. Out: the occasion of a notice; what it says, by name.
//! Invariant: what was told stands in the notice itself, so that it says the same whatever becomes of prices and resources.
//! Rules: R-PRC-6.

use crate::alike;
use crate::book::{Book, Component};
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
    /// What a unit costs before and after, as it is read; `None` where that is not one amount.
    pub prices: Option<[String; 2]>,
}

impl Moved {
    /// A product as a whole.
    pub fn whole(product: &str) -> Moved {
        Moved { product: product.to_string(), component: String::new(), prices: None }
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
            prices: it.prices.map(|it| it.map(|amount| amount.short())),
        };
        let all: Vec<Moved> = alike::changed(before, after).into_iter().map(moved).collect();
        // What rounding leaves is no component's.
        if all.is_empty() { vec![Moved::whole(product)] } else { all }
    }

    fn write(&self) -> String {
        let prices = self.prices.as_ref().map_or_else(String::new, |[was, is]| format!("={was}>{is}"));
        format!("{}/{}{prices}", self.product, self.component)
    }

    fn read(word: &str) -> Option<Moved> {
        let (of, prices) = word.split_once('=').map_or((word, None), |it| (it.0, Some(it.1)));
        let (product, component) = of.split_once('/')?;
        let pair = |it: &str| it.split_once('>').map(|(was, is)| [was.to_string(), is.to_string()]);
        Some(Moved {
            product: product.to_string(),
            component: component.to_string(),
            prices: prices.and_then(pair),
        })
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
    /// The first of `all`, and how many more there are.
    pub fn of(from: Timestamp, all: &BTreeSet<Moved>) -> Kept {
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
