//! What is on sale of some options: every combination of their values, and which of them are offered.
//!
//! In:  a product, the options that are looked at. Out: combinations, one value for each of the options.
//! Invariant: a combination is looked up in the offers, whatever their length; all are never held at once.
//! Rules: R-ORD-9.

use crate::shelf::Shelf;
use std::collections::HashSet;

/// More combinations than anybody sells, and few enough to look at each.
const MOST: usize = 2_000_000;

/// An option and the values that it may have.
pub(crate) struct Values<'a> {
    pub option: &'a str,
    pub values: Vec<&'a str>,
}

impl<'a> Values<'a> {
    /// The values that are listed for an option.
    pub(crate) fn of(option: &'a str, list: &'a [String]) -> Values<'a> {
        Values { option, values: list.iter().map(String::as_str).collect() }
    }
}

/// The combinations that are offered, of some options.
pub(crate) struct OnSale<'a> {
    offers: Vec<Offered<'a>>,
    /// Where region and zone stand, and which zones are in which region.
    zones: Option<Zones<'a>>,
}

/// The rows of one offer, as far as its columns are looked at.
struct Offered<'a> {
    columns: Vec<usize>,
    rows: HashSet<Vec<&'a str>>,
}

struct Zones<'a> {
    region: usize,
    zone: usize,
    pairs: HashSet<(&'a str, &'a str)>,
}

impl<'a> OnSale<'a> {
    /// What is on sale of `options`.
    pub(crate) fn new(shelf: Shelf<'a>, options: &[&str]) -> OnSale<'a> {
        let position = |name: &str| options.iter().position(|it| *it == name);
        let offered = |offer: &'a billing::book::Offer| {
            let cells: Vec<(usize, usize)> =
                (0..).zip(&offer.columns).filter_map(|(cell, it)| Some((cell, position(it)?))).collect();
            let row = |row: &'a Vec<String>| cells.iter().map(|it| row[it.0].as_str()).collect();
            Offered {
                columns: cells.iter().map(|it| it.1).collect(),
                rows: offer.rows.iter().map(row).collect(),
            }
        };
        let zones = position("region").zip(position("zone")).map(|(region, zone)| {
            let regions = shelf.book.regions.iter();
            let pairs = regions.flat_map(|it| it.zones.iter().map(|zone| (it.id.as_str(), zone.as_str())));
            Zones { region, zone, pairs: pairs.collect() }
        });
        OnSale { offers: shelf.product.offers.iter().map(offered).collect(), zones }
    }

    /// Whether a combination is one of every offer, and its zone one of its region.
    pub(crate) fn sells(&self, chosen: &[&'a str]) -> bool {
        let offered = |it: &Offered<'a>| {
            let cells: Vec<&str> = it.columns.iter().map(|at| chosen[*at]).collect();
            it.rows.contains(&cells)
        };
        let in_region = |it: &Zones<'a>| it.pairs.contains(&(chosen[it.region], chosen[it.zone]));
        self.offers.iter().all(offered) && self.zones.as_ref().is_none_or(in_region)
    }
}

/// One value of each option, in every way, the last option first to change. `None` when there are too many.
pub(crate) fn combinations<'a>(options: &[Values<'a>]) -> Option<impl Iterator<Item = Vec<&'a str>>> {
    let count = options.iter().try_fold(1_usize, |count, it| count.checked_mul(it.values.len()))?;
    let number = |mut number: usize| {
        let mut chosen: Vec<&str> = Vec::with_capacity(options.len());
        for it in options.iter().rev() {
            chosen.push(it.values[number % it.values.len()]);
            number /= it.values.len();
        }
        chosen.reverse();
        chosen
    };
    (count <= MOST).then(|| (0..count).map(number))
}
