//! The difference: what other options of something prepaid cost for the time that is left.
//!
//! In:  a book, the options that it had and is to have, the days that are left. Out: a quote with a line for what is new and a line
//! below zero for what it replaces.
//! Invariant: what is not changed has no line; an order is priced by this same function.
//! Rules: R-CHG-1, R-CHG-2, R-CHG-5, R-NET-5, R-TIM-7, R-TIM-8, section 20 (R-NET-3). Examples: scenarios/data/change/.

use crate::bill::{Bill, Line};
use crate::book::{Book, ChangeDiscount, Meter};
use crate::options::{OptionError, Options};
use crate::plan::{Part, Plan};
use crate::price::FULL_RATE_E8;
use crate::quote::{self, Agreed, Becomes, Quote, QuoteError, Rates};
use crate::rate::{self, Cost, Terms};
use crate::switch;
use crate::used::AggregateError;
use std::cmp::Ordering;
use std::sync::Arc;
use units::{Amount, Measured, Money};

/// Months of a year, and its days: a day of a change costs 12/365 of a month. Source: R-TIM-8.
pub const YEAR_MONTHS: u64 = 12;
pub const YEAR_DAYS: u64 = 365;

/// How something prepaid is changed, and for how many days.
#[derive(Clone, Copy, Debug)]
pub struct Change<'a> {
    pub product: &'a str,
    pub had: &'a Options,
    /// All that it is to have.
    pub options: &'a [(String, String)],
    /// Started days up to its deadline. Source: R-TIM-7.
    pub days: u32,
}

/// The whole months in so many days: the discount of a change is that of these. Source: R-CHG-1.
pub fn months(days: u32) -> u32 {
    u32::try_from(u64::from(days) * YEAR_MONTHS / YEAR_DAYS).unwrap_or(u32::MAX)
}

/// A component that costs something else after a change: which, and how much of it there was and is.
struct Changed<'a> {
    had: Option<&'a Part>,
    has: Option<&'a Part>,
}

/// Prices a change by `book`. Its sum is below zero where it costs less than before.
///
/// Errors: options that are not on sale, or not any more; each names the field. Source: R-CHG-1, R-CHG-2, R-CAT-1.
pub fn quote(book: &Arc<Book>, change: Change<'_>, terms: Terms) -> Result<Quote, QuoteError> {
    let Change { product, had, options, days } = change;
    let found = book.product(product).ok_or_else(|| QuoteError::UnknownProduct {
        product: product.chars().take(60).collect(),
        known: book.products.iter().map(|it| it.id.as_str()).collect::<Vec<_>>().join(", "),
    })?;
    let options = Options::check(book, found, options)?;
    let (before, after) = (Plan::resolve(book, product, had)?, Plan::resolve(book, product, &options)?);
    on_sale(&before, &after)?;
    let by = match switch::of(found, had, &options.pairs()) {
        Some(_) => By::Switch,
        None => By::Change,
    };
    let lines = lines([&before, &after], Span { days, terms, by })?;
    let (_, total) = Bill::sum(&lines, book.currency)?;
    let list = Amount::from_e8(lines.iter().map(|it| i128::from(it.list_e8)).sum(), book.currency).round()?;
    Ok(Quote {
        product: found.id.clone(),
        months: 0,
        days,
        quantity: 1,
        becomes: Becomes::of(found),
        piece: total,
        list,
        total,
        freeze: Money::zero(book.currency),
        unit_prices: quote::unit_prices(&after),
        lines,
        options,
        offered: None,
    })
}

/// Whether a change costs more than before, less, or nothing, exact. Source: R-CHG-2.
pub fn direction(quote: &Quote) -> Ordering {
    quote.lines.iter().map(|it| i128::from(it.cost_e8)).sum::<i128>().cmp(&0)
}

/// What is not sold anew any more is kept by who has it, and nobody changes into it. Source: R-CAT-1.
fn on_sale(before: &Plan, after: &Plan) -> Result<(), OptionError> {
    let is_new =
        |it: &&Part| !before.parts.iter().any(|had| (had.component, had.price) == (it.component, it.price));
    let retired = after.parts.iter().filter(is_new).find_map(|it| after.retired_part(it));
    retired.map_or(Ok(()), |what| Err(OptionError::Retired { what }))
}

fn lines(plans: [&Plan; 2], span: Span) -> Result<Vec<Line<'static>>, QuoteError> {
    let [before, after] = plans;
    let is_monthly = |it: usize| after.product().components[it].meter == Meter::Months;
    fn part(plan: &Plan, component: usize) -> Option<&Part> {
        plan.parts.iter().find(|it| it.component == component)
    }
    let all = (0..after.product().components.len()).filter(|it| is_monthly(*it));
    let all = all.map(|it| Changed { had: part(before, it), has: part(after, it) });
    let all: Vec<Changed<'_>> = all.filter(|it| it.had != it.has).collect();
    let mut lines = Vec::with_capacity(2 * all.len());
    for it in &all {
        let is_alone = all.len() == 1;
        // One rate for both, that of what is new: it is their difference that is discounted.
        let Some((plan, own)) = it.has.map(|it| (after, it)).or_else(|| it.had.map(|it| (before, it))) else {
            continue;
        };
        let rate_e8 = span.rate_e8(plan, own, is_alone).map_err(|error| error.of_part(plan, own))?;
        if let Some(has) = it.has {
            let line = span.line(after, has, rate_e8).map_err(|error| error.of_part(after, has))?;
            lines.push(line);
        }
        if let Some(had) = it.had {
            let line = span.line(before, had, rate_e8).map_err(|error| error.of_part(before, had))?;
            let given_back = Cost { list_e8: line.list_e8, rate_e8, cost_e8: line.cost_e8 }.given_back();
            lines.push(Line { list_e8: given_back.list_e8, cost_e8: given_back.cost_e8, ..line });
        }
    }
    Ok(lines)
}

/// How a day of it is counted, and whether months have a discount.
#[derive(Clone, Copy, PartialEq, Eq)]
enum By {
    /// A day is 12/365 of a month. Source: R-CHG-1.
    Change,
    /// A day is a thirtieth of a month, and there is no discount. Source: R-NET-5.
    Switch,
}

/// For how many days, and what was agreed.
#[derive(Clone, Copy)]
struct Span {
    days: u32,
    terms: Terms,
    by: By,
}

impl Span {
    /// The rate of the months that are left, where the component has it, and what was agreed with the customer. Source: R-CHG-2.
    fn rate_e8(&self, plan: &Plan, part: &Part, is_alone: bool) -> Result<u64, AggregateError> {
        let found = quote::rates(plan, part, months(self.days), Agreed::from(self.terms));
        let has_months = match (self.by, plan.component(part).change_discount) {
            (By::Switch, _) | (By::Change, ChangeDiscount::Never) => false,
            (By::Change, ChangeDiscount::Months) => true,
            (By::Change, ChangeDiscount::WithOthers) => !is_alone,
        };
        let months_e8 = if has_months { found.months_e8 } else { FULL_RATE_E8 };
        Ok(Rates { months_e8, ..found }.product_e8()?)
    }

    /// So many days of a part.
    fn line(&self, plan: &Plan, part: &Part, rate_e8: u64) -> Result<Line<'static>, AggregateError> {
        let (component, item) = (plan.component(part), plan.item(part));
        let measured = Measured::of(part.quantity, component.quantity.unit);
        let days = u64::from(self.days);
        let measured = match self.by {
            By::Change => measured.part(days * YEAR_MONTHS, YEAR_DAYS),
            By::Switch => measured.part(days, quote::MONTH_DAYS.into()),
        };
        let list = item.cost(measured)?;
        Ok(Line { measured, ..rate::line_of(plan, part, Cost::new(list, rate_e8)?).into_owned() })
    }
}

#[cfg(test)]
mod tests;
