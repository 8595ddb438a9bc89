//! What a scenario says of vouchers.

use billing::order::Action;
use billing::voucher::{Modes, Uses};
use units::Timestamp;

/// Which vouchers pay for something.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Vouchers {
    #[default]
    None,
    Automatic,
    /// By their names.
    These(Vec<String>),
}

/// What a voucher pays for, and when; what is left out is as it is by itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VoucherTerms {
    pub from: Option<Timestamp>,
    pub until: Option<Timestamp>,
    pub products: Vec<String>,
    pub regions: Vec<String>,
    pub modes: Option<Modes>,
    pub actions: Vec<Action>,
    pub min_spend: Option<String>,
    pub most_months: Option<u32>,
    pub uses: Option<Uses>,
}

/// What is done with vouchers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VoucherVerb {
    Issue {
        account: String,
        name: String,
        amount: String,
        terms: VoucherTerms,
    },
    TakeBack {
        name: String,
    },
    /// So many an order takes.
    Limit {
        account: String,
        count: u32,
    },
    /// A promotion code, and how many vouchers it gives; `days`: for how long they last.
    Code {
        word: String,
        amount: String,
        times: u32,
        days: Option<u32>,
        terms: VoucherTerms,
    },
    Redeem {
        account: String,
        word: String,
        name: String,
    },
}
