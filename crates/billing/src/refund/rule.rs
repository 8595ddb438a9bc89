//! What a price book says of giving back a product.
//!
//! In:  a price book. Out: how early all of it goes back, how what was used is counted, how often in a year.
//! Invariant: a product without such a rule is not refunded.
//! Rules: R-CHG-3, R-REF-1 to R-REF-3, R-REF-5, R-REF-6, R-PKG-14; T-24 and section 20 of the rules.

use std::collections::BTreeMap;

/// What goes back of a product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefundRule {
    /// `None`: never all of it.
    pub whole: Option<WholeRefund>,
    pub rest: RefundRest,
    /// Refunds of an account in a calendar year, but for those of all of it. Source: R-REF-2.
    pub most_per_year: u32,
    /// Seconds for which it is kept in the bin. Source: R-REF-5.
    pub bin_seconds: u64,
}

/// All that was paid for a new purchase goes back, without a reason. Source: R-REF-1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WholeRefund {
    /// From the delivery on.
    pub within_seconds: u64,
    /// How many of an account.
    pub most: u32,
    pub per: RefundSpan,
}

/// The time in which whole refunds of an account are counted. Source: T-24, section 20 (R-REF-1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefundSpan {
    /// A calendar year of the settlement zone.
    Year,
    /// As long as the account is there.
    Account,
}

/// What goes back when not all of it does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RefundRest {
    /// Nothing.
    Kept,
    /// What was paid less what was used, at the prices of use. Source: R-REF-2.
    Used(UsedRefund),
    /// What was paid less the share of the time that has passed, so early. Source: R-REF-6.
    Share { within_seconds: u64 },
    /// All of it, of a pack that has not begun. Source: R-PKG-14.
    Unused,
}

/// How what was used is counted: full months at their price, the rest of the time as what is paid by use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsedRefund {
    /// Options with which the product is paid by use, such as `charge` and `payg`.
    pub options: BTreeMap<String, String>,
    pub floor: RefundFloor,
    pub until: UsedUntil,
    /// How often a resource is lowered; 0: never. Source: R-CHG-3.
    pub downgrades: u32,
}

/// Until when use of the order that runs counts where it was changed for a fee, of which the share that is left goes back.
/// Source: R-REF-3.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UsedUntil {
    /// Until the refund, as what it was before.
    Refund,
    /// Only until it was changed: what comes after is not billed.
    Upgrade,
}

/// What is at least zero. Source: section 20 (R-REF-2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefundFloor {
    /// What is left of the order that runs: those that have not begun go back in full.
    Order,
    /// What is left of all orders together.
    Sum,
}
