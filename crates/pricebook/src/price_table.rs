//! A table that prices are read from: which columns choose a row, and what a row says of its price.
//!
//! In:  a table, what its prices stand on. Out: the keys of its rows, and price rows at their place.
//! Invariant: no two prices are for the same choice.
//! Rules: R-PRC-1, R-ORD-9.

use crate::basis::{Basis, Draft};
use crate::format::Format;
use crate::lookup;
use crate::reader::Reader;
use crate::table::{Row, Table};
use crate::words::first_line;
use billing::book::{Conditions, OptionKind, PriceRow, Sale};
use billing::options::canonical_spec;
use billing::price::Pricing;
use std::collections::HashMap;

/// A table that prices of a component are read from.
pub(crate) struct PriceTable<'a> {
    pub basis: &'a Basis<'a>,
    pub table: &'a Table,
    keys: Vec<KeyColumn<'a>>,
}

/// The column that says of a row that nobody gets it anew.
const RETIRED: &str = "retired";

/// A column that chooses a row, and the option that it stands for.
struct KeyColumn<'a> {
    column: &'a str,
    option: &'a str,
    spelling: Spelling,
}

/// How the values of an option are written.
#[derive(Clone, Copy)]
enum Spelling {
    AsItStands,
    Spec,
}

fn key_columns<'a>(basis: &Basis<'a>, table: &'a Table) -> Vec<KeyColumn<'a>> {
    let key = |column: &'a String| {
        let option = basis.raw().keys.get(column);
        let option = option.or_else(|| basis.product.option(column).map(|_| column))?;
        let spelling = match basis.product.option(option).map(|it| &it.kind) {
            Some(OptionKind::Spec(_)) => Spelling::Spec,
            Some(
                OptionKind::Region | OptionKind::Zone | OptionKind::Choice(_) | OptionKind::Range { .. },
            )
            | None => Spelling::AsItStands,
        };
        Some(KeyColumn { column, option, spelling })
    };
    table.columns.iter().filter_map(key).collect()
}

impl KeyColumn<'_> {
    /// The values of a row that it is for; nothing where it is for every value.
    fn values(&self, row: &Row) -> Option<Vec<String>> {
        let value = |text: &str| match self.spelling {
            Spelling::AsItStands => text.to_string(),
            Spelling::Spec => canonical_spec(text),
        };
        match row.cell(self.column) {
            "" | "*" => None,
            _ => Some(row.values(self.column).map(value).collect()),
        }
    }
}

impl<'a> PriceTable<'a> {
    /// `table` as the prices of a component.
    pub(crate) fn new(basis: &'a Basis<'a>, table: &'a Table) -> PriceTable<'a> {
        PriceTable { basis, table, keys: key_columns(basis, table) }
    }

    /// The options that choose `row`.
    pub(crate) fn keys(&self, row: &Row) -> Conditions {
        self.keys.iter().filter_map(|it| Some((it.option.to_string(), it.values(row)?))).collect()
    }

    /// The column that holds the price.
    pub(crate) fn price_column(&self) -> &'a str {
        self.basis.raw().column.as_deref().unwrap_or("price")
    }

    /// What `row` says of its price, which is `pricing`.
    pub(crate) fn draft<'b>(&self, row: &'b Row, pricing: Pricing) -> Draft<'b> {
        let raw = self.basis.raw();
        let discount = match &raw.discount_column {
            Some(column) => Some(row.cell(column).to_string()),
            None => raw.discount.clone(),
        };
        Draft { keys: self.keys(row), pricing, source: row.cell("source"), discount, sale: self.sale(row) }
    }

    /// Whether the price of `row` is for those who have it only. Source: R-CAT-1.
    pub(crate) fn sale(&self, row: &Row) -> Sale {
        let is_option = self.keys.iter().any(|it| it.column == RETIRED);
        if !is_option && row.cell(RETIRED) == "true" { Sale::Retired } else { Sale::Open }
    }

    /// A problem for each row whose column `retired` says neither that it is nor that it is not.
    pub(crate) fn sales(&self, reader: &mut Reader<'_>) {
        let is_option = self.keys.iter().any(|it| it.column == RETIRED);
        if is_option || reader.format == Format::First {
            return;
        }
        for row in &self.table.rows {
            if !matches!(row.cell(RETIRED), "" | "true" | "false") {
                let what = format!("`{}` is no word for retired", first_line(row.cell(RETIRED)));
                reader.at(self.table.place(row)).refuse(what, "Write true, or leave the cell empty");
            }
        }
    }

    /// The rows whose price is not empty.
    pub(crate) fn rows_on_sale(&self) -> impl Iterator<Item = &'a Row> {
        let column = self.price_column();
        self.table.rows.iter().filter(move |it| !it.cell(column).is_empty())
    }

    /// A problem for each row that could be for the same choice as one before it.
    pub(crate) fn overlaps(&self, reader: &mut Reader<'_>, rows: &[PriceRow]) {
        let Some(pairs) = lookup::overlaps(rows) else {
            let what = format!("the table has more than {} ways to choose a price", lookup::MOST_WAYS);
            reader.at(self.table.head()).refuse(what, "Use fewer key columns, or fewer values in one cell");
            return;
        };
        if pairs.is_empty() {
            return;
        }
        let places: HashMap<Conditions, &Row> =
            self.table.rows.iter().map(|it| (self.keys(it), it)).collect();
        for (row, other) in pairs.iter().map(|it| (&rows[it.0], &rows[it.1])) {
            let what = format!("`{}` and `{}` are prices of the same thing", other.item.key, row.item.key);
            let place = places.get(&row.keys).map_or(self.table.head(), |it| self.table.place(it));
            reader.at(place).refuse(what, "Keep one of them, or tell them apart by an option");
        }
    }
}
