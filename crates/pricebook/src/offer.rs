//! The combinations on sale of a product, from its tables.
//!
//! In:  a reader at the product, its options. Out: offers, each combination once and in order.
//! Rules: R-ORD-9.

use crate::raw::{RawOffers, RawProduct};
use crate::reader::Reader;
use crate::table::{Row, Table};
use billing::book::{Offer, Product};

/// Adds the offers of `raw` to `product`.
pub(crate) fn read(reader: &mut Reader<'_>, raw: &RawProduct, product: &mut Product) {
    for it in &raw.offers {
        let offer = offer(&mut reader.of(it), it.get_ref(), product);
        product.offers.extend(offer);
    }
}

fn offer(reader: &mut Reader<'_>, raw: &RawOffers, product: &Product) -> Option<Offer> {
    let table = Table::read(reader, &raw.table)?;
    let all = raw.columns.iter().all(|it| table.has(it, reader));
    for column in raw.columns.iter().filter(|it| product.option(it).is_none()) {
        reader.refuse(format!("the product has no option `{column}`"), "Name columns after options");
    }
    if !all {
        return None;
    }
    let mut rows: Vec<Vec<String>> =
        table.rows.iter().flat_map(|it| combinations(it, &raw.columns)).collect();
    rows.sort();
    rows.dedup();
    Some(Offer { columns: raw.columns.clone(), rows })
}

/// Every combination of the values in the cells of one row.
fn combinations(row: &Row, columns: &[String]) -> Vec<Vec<String>> {
    let longer = |rows: Vec<Vec<String>>, column: &String| -> Vec<Vec<String>> {
        let with = |before: &Vec<String>| {
            row.values(column).map(|it| [before.as_slice(), &[it.to_string()]].concat()).collect::<Vec<_>>()
        };
        rows.iter().flat_map(with).collect()
    };
    columns.iter().fold(vec![Vec::new()], longer)
}
