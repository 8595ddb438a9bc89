//! Prices from a table: one per row, one with all its tiers per row, or a tier per row.
//!
//! In:  a reader at the price, what it stands on, a table. Out: price rows.
//! Invariant: a row whose price is empty is not on sale, and no price comes of it.
//! Rules: R-PRC-1, R-ORD-9.

use crate::basis::Basis;
use crate::kind::{FlatKind, PRICE_KINDS, PriceKind, TierKind};
use crate::price_table::PriceTable;
use crate::reader::Reader;
use crate::table::{Row, Table};
use crate::tiers::{self, Step};
use billing::book::{Conditions, PriceRow, Sale};
use billing::price::Pricing;
use std::collections::HashMap;
use units::Price;

/// The prices of one component that `table` holds.
pub(crate) fn rows(reader: &mut Reader<'_>, basis: &Basis<'_>, table: &Table) -> Vec<PriceRow> {
    if !columns(reader, basis, table) {
        return Vec::new();
    }
    let raw = basis.raw();
    let Some(kind) = reader.word(&raw.kind, &PRICE_KINDS) else { return Vec::new() };
    let prices = PriceTable::new(basis, table);
    prices.sales(reader);
    let rows = match (kind, raw.columns.is_empty()) {
        (PriceKind::Flat(kind), true) => flat_rows(reader, &prices, kind),
        (PriceKind::Tiers(kind @ (TierKind::Graduated | TierKind::Volume)), false) => {
            tier_columns(reader, &prices, kind)
        }
        (PriceKind::Tiers(kind), true) => tier_rows(reader, &prices, kind),
        // No table holds these; `reach` tells what has no price then.
        (PriceKind::Flat(_) | PriceKind::Tiers(TierKind::Band), false) | (PriceKind::Percentage, _) => {
            Vec::new()
        }
    };
    prices.overlaps(reader, &rows);
    rows
}

/// Whether the table has the columns that the price names; those of the product have to be options, too.
fn columns(reader: &mut Reader<'_>, basis: &Basis<'_>, table: &Table) -> bool {
    let raw = basis.raw();
    let columns = raw.columns.iter().chain(&raw.column).chain(&raw.discount_column).map(String::as_str);
    if !columns.chain(["source"]).all(|it| table.has(it, reader)) {
        return false;
    }
    for option in raw.keys.values().filter(|it| basis.product.option(it).is_none()) {
        let what = format!("keys names option `{option}`, which the product does not have");
        reader.refuse(what, "Mend the name");
    }
    true
}

/// One price per row.
fn flat_rows(reader: &mut Reader<'_>, prices: &PriceTable<'_>, kind: FlatKind) -> Vec<PriceRow> {
    let (basis, table, column) = (prices.basis, prices.table, prices.price_column());
    let mut rows = Vec::new();
    if !table.has(column, reader) {
        return rows;
    }
    for row in prices.rows_on_sale() {
        let amount = reader.at(table.place(row)).amount(row.cell(column), basis.currency);
        let Some(amount) = amount else { continue };
        let pricing = match kind {
            FlatKind::PerUnit => Pricing::PerUnit(Price { amount, per: basis.per.quantity }),
            FlatKind::Package => {
                let Some(size) = basis.size(reader) else { return rows };
                Pricing::Package { size, price: amount }
            }
        };
        rows.push(basis.row(&mut reader.at(table.place(row)), prices.draft(row, pricing)));
    }
    rows
}

/// One row holds all tiers: a column each, the edges in `tiers`.
fn tier_columns(reader: &mut Reader<'_>, prices: &PriceTable<'_>, kind: TierKind) -> Vec<PriceRow> {
    let (basis, table) = (prices.basis, prices.table);
    let raw = basis.raw();
    let edges = raw.tiers.iter().filter_map(|it| reader.edge(it, &basis.per));
    let edges: Vec<u128> = edges.collect();
    if edges.len() + 1 != raw.columns.len() {
        let remedy = "Write tiers = [\"96 h\", \"360 h\"] for three columns";
        reader.refuse("there must be one edge less than there are columns", remedy);
        return Vec::new();
    }
    let mut rows = Vec::new();
    for row in table.rows.iter().filter(|row| raw.columns.iter().any(|it| !row.cell(it).is_empty())) {
        let steps = column_steps(reader, prices, row, &edges);
        let Some(pricing) = tiers::pricing(reader, basis, kind, steps) else { continue };
        rows.push(basis.row(&mut reader.at(table.place(row)), prices.draft(row, pricing)));
    }
    rows
}

/// The tiers in the columns of one row. One whose price cannot be read is left out.
fn column_steps<'a>(
    reader: &mut Reader<'_>,
    prices: &PriceTable<'a>,
    row: &Row,
    edges: &[u128],
) -> Vec<Step<'a>> {
    let place = prices.table.place(row);
    let mut here = reader.at(place);
    let mut steps = Vec::new();
    for (number, column) in prices.basis.raw().columns.iter().enumerate() {
        let above = number.checked_sub(1).map_or(0, |before| edges[before]);
        let amount = here.amount(row.cell(column), prices.basis.currency);
        let up_to = edges.get(number).copied();
        steps.extend(amount.map(|amount| Step { place, above, up_to, amount, flat: prices.basis.zero() }));
    }
    steps
}

/// A row per tier; rows with the same keys are one price. Columns `above`, `up_to` and the price.
fn tier_rows(reader: &mut Reader<'_>, prices: &PriceTable<'_>, kind: TierKind) -> Vec<PriceRow> {
    let needed = ["above", "up_to", prices.price_column()];
    if !needed.iter().all(|it| prices.table.has(it, reader)) {
        return Vec::new();
    }
    let groups = groups(prices);
    groups.iter().filter_map(|it| group_price(reader, prices, kind, it)).collect()
}

/// Rows of one price: the first, and those with the same keys.
struct Group<'a> {
    first: &'a Row,
    rows: Vec<&'a Row>,
}

/// The rows on sale by their keys, in the order of the first of each.
fn groups<'a>(prices: &PriceTable<'a>) -> Vec<Group<'a>> {
    let mut groups: Vec<Group<'a>> = Vec::new();
    let mut known: HashMap<Conditions, usize> = HashMap::new();
    for row in prices.rows_on_sale() {
        let number = *known.entry(prices.keys(row)).or_insert(groups.len());
        match groups.get_mut(number) {
            Some(group) => group.rows.push(row),
            None => groups.push(Group { first: row, rows: vec![row] }),
        }
    }
    groups
}

fn group_price(
    reader: &mut Reader<'_>,
    prices: &PriceTable<'_>,
    kind: TierKind,
    group: &Group<'_>,
) -> Option<PriceRow> {
    let steps = group.rows.iter().filter_map(|it| row_step(reader, prices, it)).collect();
    let pricing = tiers::pricing(reader, prices.basis, kind, steps)?;
    let mut draft = prices.draft(group.first, pricing);
    if group.rows.iter().any(|it| prices.sale(it) == Sale::Retired) {
        draft.sale = Sale::Retired;
    }
    // A price has a source when every row of it has one.
    if group.rows.iter().any(|it| it.cell("source").is_empty()) {
        draft.source = "";
    }
    Some(prices.basis.row(&mut reader.at(prices.table.place(group.first)), draft))
}

/// The tier of one row. One of which something cannot be read is left out.
fn row_step<'a>(reader: &mut Reader<'_>, prices: &PriceTable<'a>, row: &'a Row) -> Option<Step<'a>> {
    let basis = prices.basis;
    let place = prices.table.place(row);
    let mut here = reader.at(place);
    let up_to = match row.cell("up_to") {
        "" => Some(None),
        text => here.edge(text, &basis.per).map(Some),
    };
    let amount = here.amount(row.cell(prices.price_column()), basis.currency);
    let flat = match row.cell("flat") {
        "" => Some(basis.zero()),
        text => here.amount(text, basis.currency),
    };
    let above = here.edge(row.cell("above"), &basis.per);
    Some(Step { place, above: above?, up_to: up_to?, amount: amount?, flat: flat? })
}
