//! Taxes: what a country takes of what is sold there, from when to when.
//!
//! In:  a dated table, where the buyer is, what is sold, on which day. Out: the one tax that applies; net, tax and gross of a sum.
//! Invariant: periods are half-open by day; of one country and kind at most one row holds on a day. A sum is rounded once.
//! Rules: R-INV-1, R-MON-2.

use super::party::Party;
use crate::text::Text;
use std::collections::BTreeSet;
use units::decimal::div_half_up;
use units::{Money, MoneyError};

/// How a tax stands to the prices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mode {
    /// The prices contain it.
    Inside,
    /// It comes on top of them.
    OnTop,
}

impl Mode {
    pub const ALL: [Mode; 2] = [Mode::Inside, Mode::OnTop];

    pub const fn as_str(self) -> &'static str {
        match self {
            Mode::Inside => "inside",
            Mode::OnTop => "on_top",
        }
    }

    pub fn parse(text: &str) -> Option<Mode> {
        Mode::ALL.into_iter().find(|it| it.as_str() == text)
    }
}

/// What kind of tax it is. Source: EN 16931, the codes of UNTDID 5305.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Category {
    Standard,
    Zero,
    Exempt,
    /// The buyer owes it.
    ReverseCharge,
    /// Outside of the scope of the tax.
    Outside,
}

impl Category {
    pub const ALL: [Category; 5] =
        [Category::Standard, Category::Zero, Category::Exempt, Category::ReverseCharge, Category::Outside];

    pub const fn as_str(self) -> &'static str {
        match self {
            Category::Standard => "standard",
            Category::Zero => "zero",
            Category::Exempt => "exempt",
            Category::ReverseCharge => "reverse_charge",
            Category::Outside => "outside",
        }
    }

    pub fn parse(text: &str) -> Option<Category> {
        Category::ALL.into_iter().find(|it| it.as_str() == text)
    }

    /// Its code in structured invoices.
    pub const fn code(self) -> &'static str {
        match self {
            Category::Standard => "S",
            Category::Zero => "Z",
            Category::Exempt => "E",
            Category::ReverseCharge => "AE",
            Category::Outside => "O",
        }
    }
}

/// Parts of a whole: 60 000 is 6 %.
pub const WHOLE_PPM: u32 = 1_000_000;

/// A tax as it stands on a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tax {
    pub name: Text,
    pub category: Category,
    /// In parts of a million.
    pub rate_ppm: u32,
    pub mode: Mode,
    /// Why there is none, where there is none.
    pub reason: Option<Text>,
}

/// Net, tax and gross of one sum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parts {
    pub net: Money,
    pub tax: Money,
    pub gross: Money,
}

impl Tax {
    /// The percents, such as `6` or `7.7`.
    pub fn percent(&self) -> String {
        units::decimal::print_short(self.rate_ppm.into(), 4, 0)
    }

    /// What a price comes to, rounded once. Errors: a sum that does not fit. Source: R-INV-1, R-MON-2.
    pub fn parts(&self, price: Money) -> Result<Parts, MoneyError> {
        let (minor, rate) = (i128::from(price.minor()), i128::from(self.rate_ppm));
        let whole = i128::from(WHOLE_PPM);
        let of = |minor: i128| {
            let minor = i64::try_from(minor).map_err(|_| MoneyError::Overflow)?;
            Ok::<Money, MoneyError>(Money::from_minor(minor, price.currency()))
        };
        match self.mode {
            Mode::Inside => {
                let tax = of(div_half_up(minor * rate, whole + rate))?;
                Ok(Parts { net: price.checked_sub(tax)?, tax, gross: price })
            }
            Mode::OnTop => {
                let tax = of(div_half_up(minor * rate, whole))?;
                Ok(Parts { net: price, tax, gross: price.checked_add(tax)? })
            }
        }
    }
}

/// A tax, where and for what and when it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Where the buyer is: two letters, or `*` for wherever no row says otherwise.
    pub country: String,
    /// What is sold, or `*`.
    pub kind: String,
    /// `[from, to)`, in days such as `2026-06-18`.
    pub from: String,
    pub to: Option<String>,
    pub tax: Tax,
    /// What holds instead for a buyer of another country than the seller's who has a tax number.
    pub reverse: Option<Tax>,
}

impl Row {
    fn holds(&self, day: &str) -> bool {
        self.from.as_str() <= day && self.to.as_deref().is_none_or(|to| day < to)
    }

    /// Whether both hold on one day, of the same country and kind.
    pub fn meets(&self, other: &Row) -> bool {
        let before = |one: &Row, other: &Row| one.to.as_deref().is_some_and(|to| to <= other.from.as_str());
        self.country == other.country
            && self.kind == other.kind
            && !before(self, other)
            && !before(other, self)
    }
}

/// What is sold on a day to somebody.
#[derive(Clone, Copy, Debug)]
pub struct Sale<'a> {
    pub seller: &'a Party,
    pub buyer: &'a Party,
    pub kind: &'a str,
    pub day: &'a str,
}

/// The tax of a sale: the row of its country before `*`, of its kind before `*`.
pub fn of<'a>(rows: &'a [Row], sale: Sale<'_>) -> Option<&'a Tax> {
    let Sale { seller, buyer, kind, day } = sale;
    let found = [buyer.country.as_str(), "*"].into_iter().find_map(|country| {
        let find =
            |kind: &str| rows.iter().find(|it| it.country == country && it.kind == kind && it.holds(day));
        find(kind).or_else(|| find("*"))
    })?;
    let is_abroad = buyer.country != seller.country && !buyer.tax_number.is_empty();
    Some(found.reverse.as_ref().filter(|_| is_abroad).unwrap_or(&found.tax))
}

/// The days on which some row begins or ends, in order: between two of them nothing changes.
pub fn changes(rows: &[Row]) -> BTreeSet<&str> {
    rows.iter().flat_map(|it| [Some(it.from.as_str()), it.to.as_deref()]).flatten().collect()
}
