//! What somebody is choosing: the options of a product, as an address holds them.
//!
//! In:  the query of an address, or a form. Out: what is chosen, with what most people take where nothing was chosen yet.
//! Invariant: what was chosen and can be had stays; what cannot is named with its reason; an address says all of it.

use crate::choice;
use crate::field_names::OPTION;
use crate::fields::Fields;
use billing::book::{OptionKind, Product};
use billing::choices::{Asked, Choices, OptionChoice};
use billing::options::{self, OptionError};
use billing::order::Item;
use billing::quote::Wish;
use billing::user::UserError;
use desk::catalogue::{Offer, Prices};
use desk::choices::{self, Chosen};
use desk::{At, Refusal};
use web::problem::Problem;

/// What a filter of a table of values is called.
const FILTER: &str = "f.";
/// What tells one purchase from the next, in an address.
pub(crate) const PURCHASE: &str = "purchase";
/// More fields than any product has are not looked at.
const MOST: usize = 200;

/// What was chosen, as it was sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sent {
    pub options: Vec<(String, String)>,
    /// As it was typed; `None` where nothing was sent.
    pub months: Option<String>,
    /// As it was typed.
    pub quantity: String,
    pub name: String,
    /// The month that a pack is to begin in.
    pub start: Option<String>,
    /// What is looked for among values: names of filters and values.
    pub filters: Vec<(String, String)>,
    /// The item of the cart that is being changed.
    pub cart: Option<String>,
}

impl Sent {
    /// The choices as the query of an address.
    pub(crate) fn query(&self) -> String {
        let options = self.options.iter().map(|it| (field(&it.0), it.1.as_str()));
        let rest = [("months", self.months.as_deref()), ("start", self.start.as_deref())];
        let rest = rest.into_iter().filter_map(|it| Some((it.0, it.1?)));
        let rest = rest.chain([("quantity", self.quantity.as_str()), ("name", self.name.as_str())]);
        let rest = rest.filter(|it| !it.1.is_empty()).map(|it| (it.0.to_string(), it.1));
        form_urlencoded::Serializer::new(String::new()).extend_pairs(options.chain(rest)).finish()
    }

    /// Reads what an address or a form holds; what is nothing of it is not looked at.
    pub(crate) fn read<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Sent {
        let mut sent = Sent::default();
        for (key, value) in pairs.into_iter().take(MOST) {
            let value = value.trim();
            match key {
                "months" => sent.months = (!value.is_empty()).then(|| value.to_string()),
                "quantity" => sent.quantity = value.to_string(),
                "name" => sent.name = value.to_string(),
                "start" => sent.start = (!value.is_empty()).then(|| value.to_string()),
                "cart" => sent.cart = (!value.is_empty()).then(|| value.to_string()),
                key if key.starts_with(FILTER) => {
                    sent.filters.extend((!value.is_empty()).then(|| (key.to_string(), value.to_string())));
                }
                key => {
                    if let Some(option) = key.strip_prefix(OPTION).filter(|_| !value.is_empty()) {
                        sent.options.push((option.to_string(), value.to_string()));
                    }
                }
            }
        }
        sent
    }

    /// The same of a form that does something. Errors: of the field, for what is no number.
    pub(crate) fn of(form: &Fields) -> Result<Sent, Problem> {
        for name in ["months", "quantity"] {
            choice::number::<u32>(form, name)?;
        }
        Ok(Sent::read(form.pairs()))
    }
}

/// What an option's field is called.
pub(crate) fn field(option: &str) -> String {
    format!("{OPTION}{option}")
}

/// What the filter of an attribute of an option's values is called.
pub(crate) fn filter(option: &str, attribute: &str) -> String {
    format!("{FILTER}{option}.{attribute}")
}

/// What is chosen, and what of it can be had.
pub(crate) struct Settled<'a> {
    pub chosen: Chosen<'a>,
    pub item: Item,
    /// Options whose value was taken away, since it does not go with what was chosen before: with that value.
    pub dropped: Vec<(String, String)>,
    /// Options with a value that there is not: with that value. Nothing takes its place.
    pub unknown: Vec<(String, String)>,
    /// Whether everything is chosen that has to be.
    pub is_whole: bool,
    /// The quantity as it was typed, which may be no number.
    pub quantity: String,
    /// Whether the name is longer than names are.
    pub wrong_name: bool,
    pub filters: Vec<(String, String)>,
    /// The item of the cart that is being changed.
    pub cart: Option<String>,
}

/// Characters of a name.
pub(crate) const LONGEST_NAME: usize = 60;

impl Settled<'_> {
    pub(crate) fn choices(&self) -> &Choices {
        &self.chosen.choices
    }

    pub(crate) fn product(&self) -> &Product {
        self.chosen.offer.product
    }

    /// Every field with its value: what makes the same page again.
    pub(crate) fn fields(&self) -> Vec<(String, String)> {
        let options = self.choices().chosen.iter().map(|it| (field(it.0), it.1.to_string()));
        let (wish, start) = (&self.item.wish, &self.item.month);
        let months = (wish.months > 0).then(|| ("months".to_string(), wish.months.to_string()));
        let start = start.iter().map(|it| ("start".to_string(), it.clone()));
        let rest = [
            ("quantity".to_string(), wish.quantity.to_string()),
            ("name".to_string(), self.item.name.clone()),
        ];
        options.chain(months).chain(start).chain(rest).filter(|it| !it.1.is_empty()).collect()
    }

    /// The same as the query of an address.
    pub(crate) fn query(&self) -> String {
        form_urlencoded::Serializer::new(String::new()).extend_pairs(self.fields()).finish()
    }
}

impl Settled<'_> {
    /// The item as it was chosen: what is put into a cart, ordered or offered.
    ///
    /// Errors: a name that is too long; a choice that is open, or cannot be had and was replaced on the page by another one.
    pub(crate) fn exactly(&self) -> Result<Item, Refusal> {
        if self.wrong_name {
            return Err(Refusal::from(UserError::Name).of("name"));
        }
        if let Some(wrong) = self.unknown.first().or(self.dropped.first()) {
            return Err(self.not_on_sale(wrong).into());
        }
        let is_open = |it: &&OptionChoice| it.asked == Asked::Yes && it.value.is_none();
        match self.choices().options.iter().find(is_open) {
            Some(it) => {
                let (option, choices) = (it.option.clone(), self.open(&it.option));
                Err(OptionError::Missing { option, choices }.into())
            }
            None => Ok(self.item.clone()),
        }
    }

    /// Why an option does not have a value that was chosen: it is none, or cannot be had.
    pub(crate) fn not_on_sale(&self, wrong: &(String, String)) -> OptionError {
        let (option, value) = wrong;
        let (choices, value) = (self.open(option), value.chars().take(60).collect());
        OptionError::NotOnSale { option: option.clone(), value, choices }
    }

    /// The values that an option may have, in a line.
    fn open(&self, option: &str) -> String {
        let found = self.choices().options.iter().find(|it| it.option == option);
        let values = found.iter().flat_map(|it| &it.values).filter(|it| it.barred.is_none());
        values.map(|it| it.value.as_str()).collect::<Vec<_>>().join(", ")
    }
}

/// What is chosen of product `id`, at whose prices it is sold, filled up with what is recommended, or comes first.
///
/// Errors: `NotFound` for a product that there is not.
pub(crate) fn settled<'a>(
    at: At<'a>,
    prices: impl Into<Prices>,
    id: &str,
    sent: &Sent,
) -> Result<Settled<'a>, Refusal> {
    let prices = prices.into();
    let Offer { book, product } = desk::catalogue::product(at, prices, id)?;
    let rule = |it: &&(String, String)| product.option(&it.0).is_some();
    // No value of any option is written with these marks.
    let is_value = |(option, value): &(String, String)| {
        !value.contains(['=', ' '])
            && product.option(option).is_some_and(|rule| options::exists(book, rule, value))
    };
    let (mut chosen, unknown): (Vec<_>, Vec<_>) =
        sent.options.iter().filter(rule).cloned().partition(is_value);
    let mut dropped = Vec::new();
    // Each turn settles one option for good.
    for _ in 0..=product.options.len() {
        let found = choices::of(at, prices, id, &written(&chosen))?;
        let mut open =
            found.choices.options.iter().filter(|it| !unknown.iter().any(|wrong| wrong.0 == it.option));
        let Some((option, value)) = open.find_map(|it| next(product, it)) else {
            return Ok(whole(found, sent, Replaced { dropped, unknown }));
        };
        let was = chosen.iter().find(|it| it.0 == option).map(|it| it.1.clone());
        dropped.extend(was.map(|it| (option.clone(), it)));
        chosen.retain(|it| it.0 != option);
        chosen.push((option, value));
    }
    Ok(whole(choices::of(at, prices, id, &written(&chosen))?, sent, Replaced { dropped, unknown }))
}

/// What of that which was sent does not hold: what another value took the place of, and what there is not.
struct Replaced {
    dropped: Vec<(String, String)>,
    unknown: Vec<(String, String)>,
}

/// As the catalogue reads it.
fn written(options: &[(String, String)]) -> String {
    options.iter().map(|it| format!("{}={}", it.0, it.1)).collect::<Vec<_>>().join(" ")
}

/// An option for which something is to be chosen, and what. A number that somebody typed stays, also when it cannot be had.
fn next(product: &Product, it: &OptionChoice) -> Option<(String, String)> {
    let rule = product.option(&it.option)?;
    let is_range = matches!(rule.kind, OptionKind::Range { .. });
    if it.asked != Asked::Yes || it.value.is_some() || (is_range && it.refused.is_some()) {
        return None;
    }
    let can =
        |value: &&String| it.values.iter().any(|choice| choice.value == **value && choice.barred.is_none());
    let first = || it.values.iter().find(|it| it.barred.is_none()).map(|it| it.value.clone());
    let least = || match rule.kind {
        OptionKind::Range { from, .. } => Some(it.least.unwrap_or(from).to_string()),
        OptionKind::Region | OptionKind::Zone | OptionKind::Choice(_) | OptionKind::Spec(_) => None,
    };
    let recommended = rule.look.recommended.as_ref().filter(|value| is_range || can(value)).cloned();
    Some((it.option.clone(), recommended.or_else(first).or_else(least)?))
}

fn whole<'a>(chosen: Chosen<'a>, sent: &Sent, Replaced { dropped, unknown }: Replaced) -> Settled<'a> {
    let choices = &chosen.choices;
    let open = choices.months.iter().filter(|it| it.barred.is_none()).map(|it| it.months);
    let quantity = if sent.quantity.is_empty() { "1" } else { &sent.quantity };
    // On a page what is no number is refused as 0 is, by the bounds of the product; no deed begins with one.
    let number = |text: &str| text.parse().unwrap_or(0);
    let months = sent.months.as_deref().map_or_else(|| open.min().unwrap_or(0), number);
    let starts = chosen.starts.iter().find(|it| it.period.is_ok()).map(|it| it.month.clone());
    let is_whole =
        unknown.is_empty() && choices.options.iter().all(|it| it.asked != Asked::Yes || it.value.is_some());
    let wish = Wish {
        product: chosen.offer.product.id.clone(),
        options: choices.chosen.pairs(),
        months: if choices.months.is_empty() { 0 } else { months },
        quantity: number(quantity),
    };
    let month = if chosen.starts.is_empty() { None } else { sent.start.clone().or(starts) };
    let item =
        Item { wish, month, name: sent.name.clone(), service: None, quoted_minor: None, offered: None };
    let (quantity, wrong_name) = (quantity.to_string(), sent.name.chars().count() > LONGEST_NAME);
    let (filters, cart) = (sent.filters.clone(), sent.cart.clone());
    Settled { chosen, item, dropped, unknown, is_whole, quantity, wrong_name, filters, cart }
}

#[cfg(test)]
mod tests;
