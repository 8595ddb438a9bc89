//! The options of a purchase: checked against the product, kept in one canonical text.
//!
//! In:  names and values as somebody wrote them. Out: `name=value` pairs, sorted, complete.
//! Invariant: two spellings of the same choice have the same text.
//! Rules: R-ORD-8, R-ORD-9, R-QCS-5.

use crate::book::{Book, Conditions, Offer, OptionKind, OptionRule, Product};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Why a choice is not on sale. Every variant names the option.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OptionError {
    #[error("{product} has no option `{option}`; it has: {known}")]
    Unknown { product: String, option: String, known: String },
    #[error("option `{option}` is missing; choose one of: {choices}")]
    Missing { option: String, choices: String },
    #[error("option `{option}` cannot be `{value}`; choose one of: {choices}")]
    NotOnSale { option: String, value: String, choices: String },
    #[error("option `{option}` is {value}; it goes from {from} to {to} in steps of {step}")]
    OutOfRange { option: String, value: String, from: u64, to: u64, step: u64 },
    #[error("option `{option}` is {value}; it is 0 or not below {other}, which is {least}")]
    Below { option: String, value: String, other: String, least: u64 },
    #[error("option `{option}` goes only with {needs}")]
    DoesNotGoWith { option: String, needs: String },
    #[error("{columns} = {values} is not on sale; on sale are: {choices}")]
    Combination { columns: String, values: String, choices: String },
    /// Source: R-CAT-1.
    #[error("{what} is not sold any more; who has it keeps it, whoever has not chooses something else")]
    Retired { what: String },
}

/// Canonical options: sorted pairs, which copies share.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Options(Arc<BTreeMap<String, String>>);

impl Options {
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The same as somebody would ask for them.
    pub fn pairs(&self) -> Vec<(String, String)> {
        self.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect()
    }

    /// Where it is: the zone, or the region of what has none. Quotas are counted there. Source: R-ORD-8.
    pub fn place(&self) -> &str {
        self.get("zone").or(self.get("region")).unwrap_or("")
    }

    /// Reads what `Display` wrote.
    pub fn parse(text: &str) -> Option<Options> {
        let pair = |it: &str| it.split_once('=').map(|(name, value)| (name.to_string(), value.to_string()));
        text.split_whitespace().map(pair).collect::<Option<_>>().map(|it| Options(Arc::new(it)))
    }

    /// The same with other values of some.
    pub fn with(&self, pairs: &BTreeMap<String, String>) -> Options {
        let mut other = self.clone();
        pairs.iter().for_each(|(name, value)| other.put(name, value));
        other
    }

    pub fn hold(&self, conditions: &Conditions) -> bool {
        conditions
            .iter()
            .all(|(name, values)| self.get(name).is_some_and(|it| values.iter().any(|one| one == it)))
    }

    /// Chooses `value` for an option.
    pub(crate) fn put(&mut self, name: &str, value: &str) {
        Arc::make_mut(&mut self.0).insert(name.to_string(), value.to_string());
    }

    /// Leaves an option out.
    pub(crate) fn take(&mut self, name: &str) {
        Arc::make_mut(&mut self.0).remove(name);
    }

    /// Checks `asked` against `product` and fills in what it leaves to the defaults.
    pub fn check(book: &Book, product: &Product, asked: &[(String, String)]) -> Result<Options, OptionError> {
        known(product, asked)?;
        let mut options = Options::default();
        for rule in &product.options {
            let asked = asked.iter().rev().find(|it| it.0 == rule.name).map(|it| it.1.as_str());
            if !options.hold(&rule.when) {
                match asked {
                    Some(_) => return Err(does_not_go_with(rule)),
                    None => continue,
                }
            }
            let value = value_of(book, &options, rule, asked)?;
            check_least(&options, rule, &value)?;
            options.put(&rule.name, &value);
        }
        check_offers(product, &options)?;
        Ok(options)
    }
}

impl std::fmt::Display for Options {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (at, (name, value)) in self.0.iter().enumerate() {
            let space = if at == 0 { "" } else { " " };
            write!(f, "{space}{name}={value}")?;
        }
        Ok(())
    }
}

/// Errors: `Unknown` for an option that the product does not have.
pub(crate) fn known(product: &Product, asked: &[(String, String)]) -> Result<(), OptionError> {
    let Some((option, _)) = asked.iter().find(|it| product.option(&it.0).is_none()) else { return Ok(()) };
    let known: Vec<&str> = product.options.iter().map(|it| it.name.as_str()).collect();
    let (product, option) = (product.id.clone(), shorten(option));
    Err(OptionError::Unknown { product, option, known: known.join(", ") })
}

fn shorten(text: &str) -> String {
    text.chars().take(60).collect()
}

fn does_not_go_with(rule: &OptionRule) -> OptionError {
    let needs: Vec<String> =
        rule.when.iter().map(|(name, values)| format!("{name}={}", values.join("|"))).collect();
    OptionError::DoesNotGoWith { option: rule.name.clone(), needs: needs.join(" and ") }
}

/// The values that may be chosen for `rule`, given what was chosen before it.
pub(crate) fn choices(book: &Book, chosen: &Options, rule: &OptionRule) -> Vec<String> {
    match &rule.kind {
        OptionKind::Region => book.regions.iter().map(|it| it.id.clone()).collect(),
        OptionKind::Zone => {
            let here = |id: &str| chosen.get("region").is_none_or(|region| region == id);
            book.regions.iter().filter(|it| here(&it.id)).flat_map(|it| it.zones.clone()).collect()
        }
        OptionKind::Choice(values) | OptionKind::Spec(values) => values.clone(),
        OptionKind::Range { .. } => Vec::new(),
    }
}

/// The value that holds for `rule`, in its one spelling: what is asked, or the default.
///
/// Errors: `Missing`, `NotOnSale`, `OutOfRange`.
pub(crate) fn value_of(
    book: &Book,
    chosen: &Options,
    rule: &OptionRule,
    asked: Option<&str>,
) -> Result<String, OptionError> {
    if let OptionKind::Range { from, to, step, .. } = rule.kind {
        let value = asked.or(rule.default.as_deref()).ok_or_else(|| OptionError::Missing {
            option: rule.name.clone(),
            choices: format!("{from} to {to} in steps of {step}"),
        })?;
        let range = Range { from, to, step };
        return number_in(&range, value).ok_or_else(|| out_of(&range, rule, value));
    }
    let choices = choices(book, chosen, rule);
    let Some(value) = asked.or(rule.default.as_deref()) else {
        if let ([only], OptionKind::Zone) = (choices.as_slice(), &rule.kind) {
            return Ok(only.clone());
        }
        return Err(OptionError::Missing { option: rule.name.clone(), choices: choices.join(", ") });
    };
    let is_spec = matches!(rule.kind, OptionKind::Spec(_));
    let canonical = if is_spec { canonical_spec(value) } else { value.trim().to_string() };
    if choices.contains(&canonical) {
        return Ok(canonical);
    }
    let (option, value) = (rule.name.clone(), shorten(value));
    Err(OptionError::NotOnSale { option, value, choices: choices.join(", ") })
}

/// Whether there is such a value of an option at all, wherever it may be chosen. A range says its bounds by itself.
pub fn exists(book: &Book, rule: &OptionRule, value: &str) -> bool {
    let is_range = matches!(rule.kind, OptionKind::Range { .. });
    is_range || value_of(book, &Options::default(), rule, Some(value)).is_ok()
}

/// Numbers on sale.
struct Range {
    from: u64,
    to: u64,
    step: u64,
}

/// The number in `value`, in its one spelling, if it is on sale.
fn number_in(range: &Range, value: &str) -> Option<String> {
    let number: u64 = value.parse().ok()?;
    let inside = range.from <= number && number <= range.to;
    (inside && (number - range.from).is_multiple_of(range.step.max(1))).then(|| number.to_string())
}

fn out_of(range: &Range, rule: &OptionRule, value: &str) -> OptionError {
    let Range { from, to, step } = *range;
    OptionError::OutOfRange { option: rule.name.clone(), value: shorten(value), from, to, step }
}

/// Whether what is chosen so far is a part of a combination on sale, or all of one. Source: R-ORD-9.
pub(crate) fn may_become(offer: &Offer, chosen: &Options) -> bool {
    let is_same = |(column, value): (&String, &String)| chosen.get(column).is_none_or(|it| it == value);
    offer.rows.iter().any(|row| offer.columns.iter().zip(row).all(is_same))
}

/// Errors: `Combination` when what was chosen is none of the combinations on sale.
fn check_offers(product: &Product, options: &Options) -> Result<(), OptionError> {
    for offer in &product.offers {
        let chosen: Vec<&str> = offer.columns.iter().filter_map(|it| options.get(it)).collect();
        let whole = chosen.len() == offer.columns.len();
        if !whole || may_become(offer, options) {
            continue;
        }
        let same_start = |row: &&Vec<String>| row.first().map(String::as_str) == chosen.first().copied();
        let choices: Vec<String> = offer.rows.iter().filter(same_start).map(|row| row.join(" ")).collect();
        return Err(OptionError::Combination {
            columns: offer.columns.join(" "),
            values: chosen.join(" "),
            choices: if choices.is_empty() { "other values of the first".into() } else { choices.join(", ") },
        });
    }
    Ok(())
}

/// An option that names another is 0 or not below it. Source: R-ORD-9.
pub(crate) fn check_least(options: &Options, rule: &OptionRule, value: &str) -> Result<(), OptionError> {
    let number = |text: &str| text.parse::<u64>().unwrap_or(0);
    let Some(other) = &rule.at_least else { return Ok(()) };
    let least = options.get(other).map_or(0, number);
    if number(value) == 0 || number(value) >= least {
        return Ok(());
    }
    let (option, value) = (rule.name.clone(), value.to_string());
    Err(OptionError::Below { option, value, other: other.clone(), least })
}

/// One spelling for a container spec: `1u1g1p4`, `1U1G，1P4` and `1U1G, 1P4` are `1U1G,1P4`.
///
/// Source: R-QCS-5.
pub fn canonical_spec(text: &str) -> String {
    let plain: String = text.chars().filter(|it| !it.is_whitespace() && !matches!(it, ',' | '，')).collect();
    let plain = plain.to_uppercase();
    let Some(after_cores) = plain.find('U') else { return plain };
    match plain[after_cores..].find('G').map(|it| after_cores + it + 1) {
        Some(cut) if cut < plain.len() => format!("{},{}", &plain[..cut], &plain[cut..]),
        _ => plain,
    }
}

#[cfg(test)]
mod tests;
