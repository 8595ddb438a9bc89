//! Choices: what may still be chosen of a product, given what was chosen so far, and why the rest may not.
//!
//! In:  a product, some of its options. Out: for each option its values, each with the reason that bars it.
//! Invariant: a value that is not barred can be bought with what was chosen before it; one that is barred is refused by
//! an order. Options are asked in the order of the book, and only those before bar a value.
//! Rules: R-ORD-8, R-ORD-9, R-CAT-1.

mod words;

use crate::book::{Book, Component, Conditions, OptionKind, OptionRule, Product, Sale};
use crate::meter::Meter;
use crate::options::{self, OptionError, Options};
use crate::price::FULL_RATE_E8;

/// Why a value cannot be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Barred {
    /// There is no such value, here or at all.
    NotOnSale,
    /// It does not lie on the steps of its range.
    OffStep { from: u64, to: u64, step: u64 },
    /// It is sold with other values of these options, which were chosen before. Source: R-ORD-9.
    NotWith { chosen: Vec<(String, String)> },
    /// It is neither 0 nor as much as the other option. Source: R-ORD-9.
    Below { other: String, least: u64 },
    /// Who has it keeps it. Source: R-CAT-1.
    Retired,
    /// The choice is sold for so many months or more. Source: R-ORD-9.
    FewerMonths { least: u32 },
}

/// A value, and what bars it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueChoice {
    pub value: String,
    pub barred: Option<Barred>,
}

/// Whether an option is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    Yes,
    /// Only with other values of options before it.
    With(Conditions),
}

/// What may be chosen of one option.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OptionChoice {
    pub option: String,
    pub asked: Asked,
    /// What holds: what was chosen, or the default. `None`: something must be chosen.
    pub value: Option<String>,
    /// What was chosen and cannot be, with the reason.
    pub refused: Option<ValueChoice>,
    /// Every value; none for a range.
    pub values: Vec<ValueChoice>,
    /// Of a range that must not be below another option: 0, or this and more.
    pub least: Option<u64>,
}

/// A number of months, its rate (in 1e-8) and what bars it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MonthsChoice {
    pub months: u32,
    /// The lowest rate that any component gets for so many months, before contracts. Source: R-PRC-4.
    pub rate_e8: u64,
    pub barred: Option<Barred>,
}

/// What may be chosen of a product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choices {
    pub options: Vec<OptionChoice>,
    /// None where nothing is paid by the month.
    pub months: Vec<MonthsChoice>,
    /// What holds so far, defaults included.
    pub chosen: Options,
    pub state: Completeness,
}

/// Whether something is left to choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Completeness {
    Complete,
    Open,
}

/// What may be chosen of `product`, where `asked` was chosen so far.
///
/// Errors: `Unknown` for an option that the product does not have. Source: R-ORD-8, R-ORD-9.
pub fn choices(book: &Book, product: &Product, asked: &[(String, String)]) -> Result<Choices, OptionError> {
    options::known(product, asked)?;
    let mut chosen = Options::default();
    let mut found = Vec::with_capacity(product.options.len());
    let mut state = Completeness::Complete;
    for rule in &product.options {
        let asked = asked.iter().rev().find(|it| it.0 == rule.name).map(|it| it.1.as_str());
        if !chosen.hold(&rule.when) {
            found.push(absent(rule));
            continue;
        }
        let shelf = Shelf { book, product, chosen: &chosen, rule };
        let choice = shelf.choice(asked);
        match &choice.value {
            Some(value) => chosen.put(&rule.name, value),
            None => state = Completeness::Open,
        }
        found.push(choice);
    }
    let months = months(book, product, &chosen);
    Ok(Choices { options: found, months, chosen, state })
}

fn absent(rule: &OptionRule) -> OptionChoice {
    let (option, asked) = (rule.name.clone(), Asked::With(rule.when.clone()));
    OptionChoice { option, asked, value: None, refused: None, values: Vec::new(), least: None }
}

/// One option, where those before it are chosen.
struct Shelf<'a> {
    book: &'a Book,
    product: &'a Product,
    chosen: &'a Options,
    rule: &'a OptionRule,
}

impl Shelf<'_> {
    fn choice(&self, asked: Option<&str>) -> OptionChoice {
        let values: Vec<ValueChoice> = options::choices(self.book, self.chosen, self.rule)
            .into_iter()
            .map(|value| ValueChoice { barred: self.barred(&value), value })
            .collect();
        let only = match (values.as_slice(), &self.rule.kind) {
            ([one], OptionKind::Zone) => Some(one.value.as_str()),
            _ => None,
        };
        let wanted = asked.or(self.rule.default.as_deref()).or(only);
        let tried = wanted.map(|it| self.tried(it));
        let (value, refused) = match tried {
            None => (None, None),
            Some(Ok(value)) => (Some(value), None),
            Some(Err(refused)) => (None, Some(refused)),
        };
        OptionChoice {
            option: self.rule.name.clone(),
            asked: Asked::Yes,
            value,
            refused,
            least: self.least(),
            values,
        }
    }

    /// The value in its one spelling, or why it cannot be had.
    fn tried(&self, value: &str) -> Result<String, ValueChoice> {
        let refused = |barred| ValueChoice { value: value.chars().take(60).collect(), barred: Some(barred) };
        let canonical = options::value_of(self.book, self.chosen, self.rule, Some(value)).map_err(|_| {
            refused(match self.rule.kind {
                OptionKind::Range { from, to, step, .. } => Barred::OffStep { from, to, step },
                OptionKind::Region | OptionKind::Zone | OptionKind::Choice(_) | OptionKind::Spec(_) => {
                    Barred::NotOnSale
                }
            })
        })?;
        self.barred(&canonical).map_or(Ok(canonical), |it| Err(refused(it)))
    }

    /// What bars a value that is on the list.
    fn barred(&self, value: &str) -> Option<Barred> {
        if let Err(OptionError::Below { other, least, .. }) =
            options::check_least(self.chosen, self.rule, value)
        {
            return Some(Barred::Below { other, least });
        }
        let mut with = self.chosen.clone();
        with.put(&self.rule.name, value);
        let own = self.product.offers.iter().filter(|it| it.columns.contains(&self.rule.name));
        for offer in own {
            if !options::may_become(offer, &with) {
                let before = offer.columns.iter().filter(|it| **it != self.rule.name);
                let pair = |it: &String| Some((it.clone(), self.chosen.get(it)?.to_string()));
                return Some(Barred::NotWith { chosen: before.filter_map(pair).collect() });
            }
        }
        let was = is_retired(self.product, self.chosen);
        (!was && is_retired(self.product, &with)).then_some(Barred::Retired)
    }

    fn least(&self) -> Option<u64> {
        let is_range = matches!(self.rule.kind, OptionKind::Range { .. });
        let other = self.rule.at_least.as_ref().filter(|_| is_range)?;
        self.chosen.get(other)?.parse().ok().filter(|it| *it > 0)
    }
}

/// Whether what was chosen leads to something that is not sold any more. Source: R-CAT-1.
fn is_retired(product: &Product, chosen: &Options) -> bool {
    let sold =
        product.components.iter().filter(|it| chosen.hold(&it.when) && is_counted(product, it, chosen));
    sold.into_iter().any(|component| {
        let fits = |keys: &Conditions| keys.iter().all(|it| fits(it, chosen));
        let mut rows = component.prices.iter().filter(|it| fits(&it.keys)).peekable();
        component.sale == Sale::Retired || (rows.peek().is_some() && rows.all(|it| it.sale == Sale::Retired))
    })
}

/// Whether something is left of what it counts when what is free is taken off: of the least that may be chosen, where
/// nothing is chosen yet.
fn is_counted(product: &Product, component: &Component, chosen: &Options) -> bool {
    let rule = &component.quantity;
    let count = match &rule.option {
        None => Some(rule.fixed),
        Some(option) => match chosen.get(option) {
            Some(value) => value.parse().ok(),
            None => product.option(option).and_then(least_of),
        },
    };
    count.is_some_and(|it| it > rule.less)
}

/// The least number that an option may be.
fn least_of(rule: &OptionRule) -> Option<u128> {
    match &rule.kind {
        OptionKind::Range { from, .. } => Some((*from).into()),
        OptionKind::Choice(values) => values.iter().filter_map(|it| it.parse().ok()).min(),
        OptionKind::Region | OptionKind::Zone | OptionKind::Spec(_) => None,
    }
}

/// Whether a condition holds, or may still come to hold.
fn fits((option, values): &(String, Vec<String>), chosen: &Options) -> bool {
    chosen.get(option).is_none_or(|it| values.iter().any(|value| value == it))
}

/// The months on sale with these options, where something is paid by the month.
pub fn months(book: &Book, product: &Product, chosen: &Options) -> Vec<MonthsChoice> {
    let may = |it: &&Component| it.when.iter().all(|it| fits(it, chosen));
    let monthly: Vec<&Component> =
        product.components.iter().filter(|it| it.meter == Meter::Months).filter(may).collect();
    if monthly.is_empty() {
        return Vec::new();
    }
    let rate_e8 = |months| {
        let rows =
            monthly.iter().flat_map(|it| &it.prices).filter(|row| row.keys.iter().all(|it| fits(it, chosen)));
        let tables = rows.filter_map(|row| book.discounts.get(row.item.discount.as_ref()?));
        tables.map(|it| it.rate_e8(months)).min().unwrap_or(FULL_RATE_E8)
    };
    let barred = |months: u32| {
        let held = product.limits.least_months.iter().find(|it| chosen.hold(&it.0) && months < it.1);
        held.map(|it| Barred::FewerMonths { least: it.1 })
    };
    let choice =
        |months: &u32| MonthsChoice { months: *months, rate_e8: rate_e8(*months), barred: barred(*months) };
    product.limits.months.iter().map(choice).collect()
}
