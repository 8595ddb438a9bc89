//! `amendments.toml`: single prices that change from the book before.
//!
//! In:  the book as its products say it. Out: the same with other amounts, or problems at the amendments.
//! Invariant: an amendment changes at least one price, and nothing but amount and source. A row that is for more choices
//! than the amendment is parted: the rest of them keep their price.
//! Rules: R-PRC-6.

use crate::basis::price_key;
use crate::files::Files;
use crate::format::{Format, Reading};
use crate::problem::{Place, Problem, Problems};
use crate::raw::{RawAmendment, RawAmendments, conditions};
use crate::reader::Reader;
use crate::words;
use billing::book::{Book, Component, Conditions, PriceRow};
use billing::contract_price::ContractPrice;
use billing::price::{Pricing, Tiers};
use units::{Amount, BookId, Unit};

const AMENDMENTS: Place<'static> = Place { file: "amendments.toml", line: 1 };

/// A book and its files.
#[derive(Clone, Debug, PartialEq)]
pub struct Amended {
    pub book: Book,
    pub files: Files,
}

/// `book`, which `files` say, with an amendment behind those that it has: as `load` would read it, but without reading
/// the rest again.
///
/// Errors: every problem of the amendment. Source: R-PRC-6.
pub fn amended(
    book: &Book,
    files: &Files,
    amendment: &str,
    reading: Reading,
) -> Result<Amended, Vec<Problem>> {
    let mut one = Files::default();
    one.add(AMENDMENTS.file, amendment);
    let (mut book, mut problems) = (book.clone(), Problems::default());
    amend(&one, &mut book, reading.format, &mut problems);
    if !problems.is_empty() {
        return Err(problems.into_list());
    }
    let mut files = files.clone();
    let text = format!("{}{amendment}", files.get(AMENDMENTS.file).unwrap_or(""));
    files.add(AMENDMENTS.file, &text);
    book.from = reading.from.unwrap_or(book.from);
    book.id = BookId::named(book.from, &files.to_text());
    Ok(Amended { book, files })
}

/// What `after` adds behind the amendments of `before`, where nothing else of it differs: what `amended` makes it from.
///
/// Source: R-PRC-6.
pub fn added<'a>(before: &Files, after: &'a Files) -> Option<&'a str> {
    let same = others_of(before).eq(others_of(after));
    let before = before.get(AMENDMENTS.file).unwrap_or("");
    let added = after.get(AMENDMENTS.file)?.strip_prefix(before)?;
    // A key would belong to the last amendment of those before.
    let is_apart = before.is_empty() || before.ends_with('\n');
    (same && is_apart && added.trim_start().starts_with("[[price]]")).then_some(added)
}

fn others_of(files: &Files) -> impl Iterator<Item = (&str, &str)> {
    let others = files.paths().filter(|it| *it != AMENDMENTS.file);
    others.filter_map(|it| Some((it, files.get(it)?)))
}

/// Applies the amendments, if there are any. Source: R-PRC-6.
pub(crate) fn amend(files: &Files, book: &mut Book, format: Format, problems: &mut Problems) {
    if files.get(AMENDMENTS.file).is_none() {
        return;
    }
    let mut reader = Reader::new(files, AMENDMENTS, problems).reading(format);
    let remedy = "Write [[price]] with product, component, when, above, amount, source";
    let Some(raw) = reader.toml::<RawAmendments>(remedy) else { return };
    for it in &raw.price {
        apply(&mut reader.of(it), it.get_ref(), book);
    }
}

fn apply(reader: &mut Reader<'_>, raw: &RawAmendment, book: &mut Book) {
    let Some(amount) = reader.amount(&raw.amount, book.currency) else { return };
    let change =
        Change { wanted: conditions(&raw.when), above: raw.above.as_deref(), amount, raw, contract: None };
    let Some(changed) = change.in_book(book, reader.format) else {
        let what = format!("there is no component `{}` of `{}`", raw.component, raw.product);
        reader.refuse(what, "Mend the names");
        return;
    };
    if changed == 0 {
        let remedy =
            "Name option values of a row of its table, and with `above` where one of its tiers begins";
        reader.refuse("no price per unit fits this amendment, and no block, tier or band", remedy);
    }
}

/// `book` with the prices of one account in place of its own, the later above the earlier, and the first that fits no price of it.
///
/// It holds for the account from the same instant as `book` holds for others; its id follows from both. Source: R-PRC-22.
pub fn laid_over(book: &Book, prices: &[&ContractPrice]) -> (Book, Option<String>) {
    let (mut made, mut unfit) = (book.clone(), None);
    for it in prices {
        let raw = RawAmendment {
            product: it.product.clone(),
            component: it.component.clone(),
            when: it.when.iter().cloned().collect(),
            above: it.above.clone(),
            amount: it.amount.to_string(),
            source: it.source(),
        };
        let change = Change {
            wanted: it.when.clone(),
            above: it.above.as_deref(),
            amount: it.amount,
            raw: &raw,
            contract: Some(&it.id),
        };
        let why = match change.in_book(&mut made, Format::NEWEST) {
            Some(changed) if changed > 0 => None,
            Some(_) => {
                Some("no price of the component is for these options and this tier or band".to_string())
            }
            None => Some(format!("there is no component `{}` of `{}`", it.component, it.product)),
        };
        unfit = unfit.or(why);
    }
    made.id = laid_over_id(book, prices);
    (made, unfit)
}

/// The id of what `laid_over` makes.
pub fn laid_over_id(book: &Book, prices: &[&ContractPrice]) -> BookId {
    let name = prices.iter().fold(book.id.to_string(), |name, it| name + &said(it));
    BookId::named(book.from, &name)
}

/// What a contract price changes, and what it is called: what the id of a book with it follows from.
fn said(it: &ContractPrice) -> String {
    let ContractPrice { id, product, component, when, above, amount, .. } = it;
    format!("\n{id:?} {product:?} {component:?} {when:?} {above:?} {}", amount.e8())
}

/// One amendment.
struct Change<'a> {
    wanted: Conditions,
    above: Option<&'a str>,
    amount: Amount,
    raw: &'a RawAmendment,
    /// The contract that it is from, if it is one of an account.
    contract: Option<&'a str>,
}

impl Change<'_> {
    /// Changes the prices of its component, and says how many those were; `None` when there is no such component.
    fn in_book(&self, book: &mut Book, format: Format) -> Option<usize> {
        let product = book.products.iter_mut().find(|it| it.id == self.raw.product)?;
        let component = product.components.iter_mut().find(|it| it.id == self.raw.component)?;
        let name = format!("{}/{}", product.id, component.id);
        let mut changed = 0;
        let mut rest = Vec::new();
        for row in &mut component.prices {
            let parted = match format {
                Format::First => lies_within(row, &self.wanted).then(Vec::new),
                Format::Second => part(row, &self.wanted, &name),
            };
            let Some((mut changes, mut others)) = parted.map(|others| (row.clone(), others)) else {
                continue;
            };
            // What a contract leaves alone is the same price as before, and no new version of it.
            if let (Some(_), [other]) = (self.contract, others.as_mut_slice()) {
                other.item.key.clone_from(&row.item.key);
            }
            if !others.is_empty() {
                changes.keys = meet(&row.keys, &self.wanted);
                changes.item.key = price_key(&name, &changes.keys);
            }
            if self.price(&mut changes.item.pricing, format) {
                changes.item.source.clone_from(&self.raw.source);
                changes.item.contract = self.contract.map(str::to_string);
                *row = changes;
                rest.extend(others);
                changed += 1;
            }
        }
        component.prices.append(&mut rest);
        Some(changed)
    }

    /// Changes a price, if it has an amount that the amendment is for.
    fn price(&self, pricing: &mut Pricing, format: Format) -> bool {
        match pricing {
            Pricing::PerUnit(price) if self.above.is_none() => {
                price.amount = self.amount;
                true
            }
            Pricing::Package { price, .. } if self.above.is_none() && format >= Format::Second => {
                *price = self.amount;
                true
            }
            Pricing::Graduated(tiers) | Pricing::Volume(tiers) if format >= Format::Second => {
                self.tiers(tiers)
            }
            Pricing::Band(bands) if format >= Format::Second => {
                let edges: Vec<u128> = bands.bands.iter().map(|it| it.0).collect();
                let ones = self.which(&edges, bands.unit, 1);
                ones.iter().for_each(|at| bands.bands[*at].1 = self.amount);
                !ones.is_empty()
            }
            Pricing::PerUnit(_)
            | Pricing::Package { .. }
            | Pricing::Graduated(_)
            | Pricing::Volume(_)
            | Pricing::Band(_)
            | Pricing::Percentage(_) => false,
        }
    }

    fn tiers(&self, tiers: &mut Tiers) -> bool {
        let edges: Vec<u128> = tiers.tiers.iter().map(|it| it.above).collect();
        let ones = self.which(&edges, tiers.per.unit, tiers.per.value);
        ones.iter().for_each(|at| tiers.tiers[*at].amount = self.amount);
        !ones.is_empty()
    }

    /// Which tiers it is for: all, or the one that begins where it says. A bare number is an edge as it is kept, or in
    /// the unit of the price.
    fn which(&self, edges: &[u128], unit: Unit, per: u128) -> Vec<usize> {
        match self.above {
            Some(text) => place_of(text, edges, unit, per).into_iter().collect(),
            None => (0..edges.len()).collect(),
        }
    }
}

/// Which of `edges` a text names.
fn place_of(text: &str, edges: &[u128], unit: Unit, per: u128) -> Option<usize> {
    let edge = words::scaled(text, unit);
    let scales = [1, per, words::level(unit)];
    let scales = if text.trim().parse::<u128>().is_ok() { scales.as_slice() } else { &scales[..1] };
    let begins = |scale: &u128| {
        let edge = edge?.checked_mul(*scale)?;
        edges.iter().position(|it| *it == edge)
    };
    scales.iter().find_map(begins)
}

/// Whether a tier or a band of any price of a component begins there, as the `above` of an amendment says it.
pub fn begins(component: &Component, above: &str) -> bool {
    component.prices.iter().any(|row| match &row.item.pricing {
        Pricing::Graduated(tiers) | Pricing::Volume(tiers) => {
            let edges: Vec<u128> = tiers.tiers.iter().map(|it| it.above).collect();
            place_of(above, &edges, tiers.per.unit, tiers.per.value).is_some()
        }
        Pricing::Band(bands) => {
            let edges: Vec<u128> = bands.bands.iter().map(|it| it.0).collect();
            place_of(above, &edges, bands.unit, 1).is_some()
        }
        Pricing::PerUnit(_) | Pricing::Package { .. } | Pricing::Percentage(_) => false,
    })
}

/// Whether the row is only for values that `wanted` has.
fn lies_within(row: &PriceRow, wanted: &Conditions) -> bool {
    wanted
        .iter()
        .all(|want| row.keys.iter().any(|key| key.0 == want.0 && key.1.iter().all(|it| want.1.contains(it))))
}

/// The choices that both are for, where `keys` names every option that is wanted.
fn meet(keys: &Conditions, wanted: &Conditions) -> Conditions {
    let values = |name: &str, values: &[String]| match wanted.iter().find(|it| it.0 == name) {
        Some((_, wanted)) => values.iter().filter(|it| wanted.contains(it)).cloned().collect(),
        None => values.to_vec(),
    };
    keys.iter().map(|(name, list)| (name.clone(), values(name, list))).collect()
}

/// The rows for what `row` is for and the amendment is not: one for each option of which some values are not wanted.
///
/// `None` where the row is for nothing that is wanted, or for every value of an option that is.
fn part(row: &PriceRow, wanted: &Conditions, name: &str) -> Option<Vec<PriceRow>> {
    let both = meet(&row.keys, wanted);
    let names_all = wanted.iter().all(|want| row.keys.iter().any(|it| it.0 == want.0));
    if !names_all || both.iter().any(|it| it.1.is_empty()) {
        return None;
    }
    let mut others = Vec::new();
    for at in 0..both.len() {
        let rest: Vec<String> =
            row.keys[at].1.iter().filter(|it| !both[at].1.contains(it)).cloned().collect();
        if rest.is_empty() {
            continue;
        }
        // Before this option as wanted, in it not, behind it all: no choice is in two of these rows.
        let mut keys = [&both[..at], &row.keys[at..]].concat();
        keys[at].1 = rest;
        let mut other = PriceRow { keys, ..row.clone() };
        other.item.key = price_key(name, &other.keys);
        others.push(other);
    }
    Some(others)
}
