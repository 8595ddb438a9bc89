//! Price rows by the option values that choose them: found without looking at every row.
//!
//! In:  price rows with their keys. Out: whether a choice has one, and which rows are for one choice.
//! Invariant: the time is that of the rows, times the few sets of options that choose them.
//! Rules: R-PRC-1, R-ORD-9.

use billing::book::{Conditions, PriceRow};
use std::collections::{BTreeMap, HashMap};

/// More ways to choose a row than any table needs, and few enough to keep.
pub(crate) const MOST_WAYS: usize = 2_000_000;

/// The rows that are chosen by the same options: the number of the first for each way to choose one.
struct Group<'a> {
    options: Vec<&'a str>,
    rows: HashMap<Vec<&'a str>, usize>,
}

/// Rows by what chooses them.
pub(crate) struct Lookup<'a> {
    groups: Vec<Group<'a>>,
}

impl<'a> Lookup<'a> {
    /// The rows by those of their keys whose option `counts`; any value will do for the others.
    ///
    /// `None` when there are more ways to choose a row than `MOST_WAYS`.
    pub(crate) fn new(rows: &'a [PriceRow], counts: impl Fn(&str) -> bool) -> Option<Lookup<'a>> {
        let mut found: BTreeMap<Vec<&'a str>, Group<'a>> = BTreeMap::new();
        let mut count = 0_usize;
        for (number, row) in rows.iter().enumerate() {
            let options: Vec<&str> = names(&row.keys).filter(|it| counts(it)).collect();
            let ways = ways(&row.keys, &options)?;
            count = count.checked_add(ways.len()).filter(|it| *it <= MOST_WAYS)?;
            let group = found.entry(options).or_insert_with_key(|it| Group::new(it));
            for way in ways {
                group.rows.entry(way).or_insert(number);
            }
        }
        Some(Lookup { groups: found.into_values().collect() })
    }

    /// Whether a row is for this choice: `value` says what is chosen for an option.
    pub(crate) fn has(&self, value: impl Fn(&str) -> &'a str) -> bool {
        self.groups.iter().any(|it| it.find(&value).is_some())
    }
}

impl<'a> Group<'a> {
    fn new(options: &[&'a str]) -> Group<'a> {
        Group { options: options.to_vec(), rows: HashMap::new() }
    }

    fn find(&self, value: impl Fn(&str) -> &'a str) -> Option<usize> {
        let way: Vec<&str> = self.options.iter().map(|it| value(it)).collect();
        self.rows.get(&way).copied()
    }
}

fn names(keys: &Conditions) -> impl Iterator<Item = &str> {
    keys.iter().map(|it| it.0.as_str())
}

/// Every way to choose one value for each of `options`. `None` for too many.
fn ways<'a>(keys: &'a Conditions, options: &[&str]) -> Option<Vec<Vec<&'a str>>> {
    let mut ways: Vec<Vec<&str>> = vec![Vec::new()];
    for (_, values) in keys.iter().filter(|it| options.contains(&it.0.as_str())) {
        ways.len().checked_mul(values.len()).filter(|it| *it <= MOST_WAYS)?;
        let longer = |way: &Vec<&'a str>| -> Vec<Vec<&'a str>> {
            values.iter().map(|it| [way.as_slice(), &[it.as_str()]].concat()).collect()
        };
        ways = ways.iter().flat_map(longer).collect();
    }
    Some(ways)
}

/// For each row that is for a choice which an earlier row is for, too, its number and that of the first of those.
///
/// `None` when there are more ways to choose a row than `MOST_WAYS`.
pub(crate) fn overlaps(rows: &[PriceRow]) -> Option<Vec<(usize, usize)>> {
    let mut sets: BTreeMap<Vec<&str>, Vec<usize>> = BTreeMap::new();
    for (number, row) in rows.iter().enumerate() {
        sets.entry(names(&row.keys).collect()).or_default().push(number);
    }
    let mut first: BTreeMap<usize, usize> = BTreeMap::new();
    let mut count = 0_usize;
    for (one, numbers) in &sets {
        for (other, others) in &sets {
            let common: Vec<&str> = one.iter().filter(|it| other.contains(it)).copied().collect();
            let mut taken: HashMap<Vec<&str>, usize> = HashMap::new();
            for number in others {
                let ways = ways(&rows[*number].keys, &common)?;
                count = count.checked_add(ways.len()).filter(|it| *it <= MOST_WAYS)?;
                for way in ways {
                    taken.entry(way).or_insert(*number);
                }
            }
            for number in numbers {
                let ways = ways(&rows[*number].keys, &common)?;
                let before = ways.iter().filter_map(|it| taken.get(it)).filter(|it| *it < number).min();
                if let Some(before) = before {
                    first.entry(*number).and_modify(|it| *it = *before.min(it)).or_insert(*before);
                }
            }
        }
    }
    Some(first.into_iter().collect())
}
