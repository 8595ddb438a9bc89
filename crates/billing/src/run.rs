//! A run over one account and cycle: what it reads, and what it writes.
//!
//! In:  rows, read before. Out: the same as values, sorted as the stages of settlement want them.
//! Invariant: all money of an account is of one currency, that of its wallet.
//! Rules: R-SET-*, R-MON-4.

use crate::bill::Bill;
use crate::cover::Crossing;
use crate::pack::Pack;
use crate::passbook::Transfer;
use crate::rate::Terms;
use crate::segment::{Change, Opening};
use crate::used::Sample;
use crate::voucher::Voucher;
use crate::wallet::{Freeze, Paid, Purses, Wallet};
use std::collections::BTreeMap;
use units::{AccountId, BillId, BookId, Cycle, Money, ResourceId, Timestamp, VoucherId};

/// A closed cycle of a resource, or of the sums over the account, that is rated once more because something came late.
///
/// Source: R-SET-5.
#[derive(Clone, Debug)]
pub struct Recount {
    pub original: Cycle,
    /// `None`: the sums over the account.
    pub resource: Option<ResourceId>,
    /// What was agreed when the cycle closed.
    pub terms: Terms,
    /// What changed from birth on to the end of the cycle, sorted by resource and time; for sums, of all resources of the account.
    pub life: Vec<Change>,
    /// All readings of the cycle that are known by now, sorted by resource.
    pub samples: Vec<Sample>,
    pub billed: Vec<Billed>,
    /// Of sums: the packs that served the cycle when it closed; what is left of each is what the cycle took of it.
    pub packs: Vec<Pack>,
}

/// What a closed cycle came to so far, adjustments included: of the resource, or of one sum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Billed {
    pub product: String,
    pub region: String,
    /// Of a sum; empty for a resource.
    pub spec: String,
    /// By component, in 1e-8.
    pub costs_e8: BTreeMap<String, i64>,
    /// What packs took when the cycle closed: it stays taken. Source: R-PKG-13.
    pub covered: Vec<Covered>,
    /// How its bills and adjustments were paid, credits taken off.
    pub paid: Paid,
    /// What adjustments held back, since no money had paid it, in 1e-8.
    pub kept_e8: i64,
}

/// Units that packs took of a component by a price of a book.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Covered {
    pub component: String,
    pub price: String,
    pub book: BookId,
    /// When what they took some of was used, in seconds.
    pub from: i64,
    pub to: i64,
    pub units: u64,
}

/// What rounding left of the bills of a product, for the next one to take. Source: R-MON-9.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Carry {
    pub product: String,
    /// Also below zero, and 0 where nothing is left.
    pub amount_e8: i64,
}

/// What post-paid bills of a product came to in the month so far. Source: R-MON-4.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProductSum {
    pub product: String,
    /// Less what was carried on.
    pub amount_e8: i128,
    pub total: Money,
}

/// What is to be spent in a month that a run closes, and what was spent of it before the run. Source: R-PRC-26.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Committed {
    pub agreed: Money,
    pub spent: Money,
    /// Whether hours or days of the month are not settled yet: the account is set aside in them.
    pub waits: bool,
    /// The price book of the month, which the line names as every line does.
    pub book: BookId,
}

/// One account as a run reads it.
#[derive(Clone, Debug)]
pub struct AccountCycle {
    pub wallet: Wallet,
    /// What granted money paid of its debts; nothing where no credit needs it. Source: R-REF-4.
    pub granted: Purses,
    pub terms: Terms,
    /// Sorted by resource.
    pub openings: Vec<Opening>,
    /// Sorted by resource and time.
    pub changes: Vec<Change>,
    /// Sorted by resource.
    pub samples: Vec<Sample>,
    /// Closed cycles of the same kind that something came late for, in order.
    pub recounts: Vec<Recount>,
    pub packs: Vec<Pack>,
    /// Sorted by resource.
    pub freezes: Vec<Freeze>,
    pub sums: Vec<ProductSum>,
    pub carries: Vec<Carry>,
    /// Those that pay for what is paid after use, and so many of them a bill at most. Source: section 22 (R-PAY-1).
    pub vouchers: Vec<Voucher>,
    pub voucher_limit: u32,
    /// What was agreed to be spent in the month that is closed. Source: R-PRC-26.
    pub commitment: Option<Committed>,
}

impl AccountCycle {
    /// An account with nothing to settle yet.
    pub fn new(wallet: Wallet, terms: Terms) -> AccountCycle {
        AccountCycle {
            wallet,
            granted: Purses::none(wallet.currency()),
            terms,
            openings: Vec::new(),
            changes: Vec::new(),
            samples: Vec::new(),
            recounts: Vec::new(),
            packs: Vec::new(),
            freezes: Vec::new(),
            sums: Vec::new(),
            carries: Vec::new(),
            vouchers: Vec::new(),
            voucher_limit: 1,
            commitment: None,
        }
    }
}

/// What a voucher paid of a bill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Redeemed {
    pub voucher: VoucherId,
    pub bill: BillId,
    pub money: Money,
}

/// What a run writes for one account.
#[derive(Clone, Debug)]
pub struct Settled<'a> {
    pub account: AccountId,
    pub wallet: Wallet,
    pub bills: Vec<Bill<'a>>,
    pub transfers: Vec<Transfer>,
    /// The openings of the next cycle: all that live on.
    pub openings: Vec<Opening>,
    pub packs: Vec<Pack>,
    pub crossings: Vec<Crossing>,
    pub freezes: Vec<Freeze>,
    /// Vouchers of which something was used, and what of which bill.
    pub vouchers: Vec<Voucher>,
    pub redeemed: Vec<Redeemed>,
    /// Those that changed.
    pub carries: Vec<Carry>,
    /// Samples that were accepted and that no component takes after all: they are kept aside. Source: R-TIM-9.
    pub homeless: Vec<Sample>,
}

/// When a run happens, and what it had.
#[derive(Clone, Copy, Debug)]
pub struct Run {
    pub cycle: Cycle,
    pub posted: Timestamp,
    pub watermark: Timestamp,
}
