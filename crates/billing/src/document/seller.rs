//! Sellers: the legal entities that sell, what their numbers look like, and the taxes.
//!
//! In:  the operator's file as `pricebook` read it. Out: who sells to a country; the number of a document.
//! Invariant: no two series of one entity have one prefix, so that no two documents of it have one number.

use super::Kind;
use super::party::Party;
use super::tax::Row;
use std::collections::BTreeMap;

/// A legal entity that sells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entity {
    /// A word that is never used again for another.
    pub id: String,
    pub party: Party,
    /// Countries of those it sells to; `*` for all.
    pub sells_to: Vec<String>,
    pub prefixes: Prefixes,
}

/// What the numbers of each kind begin with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prefixes {
    pub statement: String,
    pub receipt: String,
    pub invoice: String,
    pub credit_note: String,
}

impl Prefixes {
    pub const fn of(&self, kind: Kind) -> &String {
        match kind {
            Kind::Statement => &self.statement,
            Kind::Receipt => &self.receipt,
            Kind::Invoice => &self.invoice,
            Kind::CreditNote => &self.credit_note,
        }
    }
}

impl Entity {
    /// The series of documents of a kind that are issued in a year: each year has its own.
    pub fn series(&self, kind: Kind, year: i16) -> String {
        format!("{}-{year:04}", self.prefixes.of(kind))
    }
}

/// The number of a document within its series: six digits, more where there are more.
pub fn number(series: &str, number: i64) -> String {
    format!("{series}-{number:06}")
}

/// Who sells, and the taxes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sellers {
    /// In the order in which they are asked whether they sell to a country.
    pub entities: Vec<Entity>,
    pub taxes: Vec<Row>,
    /// The products of each kind; those that stand nowhere are of the kind `service`.
    pub kinds: BTreeMap<String, Vec<String>>,
}

/// The kind of a product of which nothing is said.
pub const SERVICE: &str = "service";

impl Sellers {
    /// Who sells to a country: the first that names it, otherwise the first that sells to all, otherwise the first; the first
    /// also to whoever did not say a country.
    pub fn to(&self, country: &str) -> Option<&Entity> {
        if country.is_empty() {
            return self.entities.first();
        }
        let names = |word: &str| self.entities.iter().find(|it| it.sells_to.iter().any(|it| it == word));
        names(country).or_else(|| names("*")).or_else(|| self.entities.first())
    }

    /// What a product is for taxes.
    pub fn kind(&self, product: &str) -> &str {
        let found = self.kinds.iter().find(|it| it.1.iter().any(|it| it == product));
        found.map_or(SERVICE, |it| it.0.as_str())
    }
}
