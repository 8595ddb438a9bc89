//! Notices: what a customer is told, each subject, kind, threshold and occasion once.
//!
//! In:  what fell due. Out: a notice whose id follows from what it says.
//! Invariant: the words of kinds are stored and shown; they are never renamed.
//! Rules: R-PKG-15, R-WAL-5, R-ARR-1, R-EXP-2, R-REN-2, R-REN-3; budgets: docs/budgets.md. What they say to people: `notice/words.rs`.

pub mod agreed;
pub mod current;
pub mod prices;
pub mod renewals;
pub mod words;

use units::{AccountId, NoticeId, Timestamp};

/// What a customer is told of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NoticeKind {
    BalanceLow,
    InArrears,
    PackLow,
    PackExhausted,
    PackExpiring,
    /// A month has come to a share of a budget.
    BudgetReached,
    /// A month is heading for a share of a budget.
    BudgetForecast,
    /// An operator made an offer.
    OfferMade,
    /// An operator agreed what is to be spent in each month, or that nothing is any more. Source: R-PRC-26.
    CommitmentAgreed,
    /// An operator agreed how much may be owed, or that nothing may any more. Source: R-ARR-9.
    CreditAgreed,
    /// An operator gave a voucher, or a promotion code was redeemed.
    VoucherIssued,
    /// A voucher of which something is left ends in so many days.
    VoucherEnding,
    /// A card did not take back what was refunded to it. Source: R-REF-4.
    CardRefundFailed,
    /// Other prices hold from a date on for something that the customer has. Source: R-PRC-6.
    PriceChange,
    /// They do not after all.
    PriceChangeUndone,
    /// What is prepaid ends in so many days.
    ResourceExpiring,
    /// The same of what is renewed by itself.
    RenewalAhead,
    /// Something was renewed by itself.
    RenewalDone,
    /// Something was to be renewed by itself, and was not.
    RenewalFailed,
    /// What was prepaid has passed its deadline.
    ResourceExpired,
}

impl NoticeKind {
    pub const ALL: [NoticeKind; 20] = [
        NoticeKind::BalanceLow,
        NoticeKind::InArrears,
        NoticeKind::PackLow,
        NoticeKind::PackExhausted,
        NoticeKind::PackExpiring,
        NoticeKind::BudgetReached,
        NoticeKind::BudgetForecast,
        NoticeKind::OfferMade,
        NoticeKind::CommitmentAgreed,
        NoticeKind::CreditAgreed,
        NoticeKind::VoucherIssued,
        NoticeKind::VoucherEnding,
        NoticeKind::CardRefundFailed,
        NoticeKind::PriceChange,
        NoticeKind::PriceChangeUndone,
        NoticeKind::ResourceExpiring,
        NoticeKind::RenewalAhead,
        NoticeKind::RenewalDone,
        NoticeKind::RenewalFailed,
        NoticeKind::ResourceExpired,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            NoticeKind::BalanceLow => "balance_low",
            NoticeKind::InArrears => "in_arrears",
            NoticeKind::PackLow => "pack_low",
            NoticeKind::PackExhausted => "pack_exhausted",
            NoticeKind::PackExpiring => "pack_expiring",
            NoticeKind::BudgetReached => "budget_reached",
            NoticeKind::BudgetForecast => "budget_forecast",
            NoticeKind::OfferMade => "offer_made",
            NoticeKind::CommitmentAgreed => "commitment_agreed",
            NoticeKind::CreditAgreed => "credit_agreed",
            NoticeKind::VoucherIssued => "voucher_issued",
            NoticeKind::VoucherEnding => "voucher_ending",
            NoticeKind::CardRefundFailed => "card_refund_failed",
            NoticeKind::PriceChange => "price_change",
            NoticeKind::PriceChangeUndone => "price_change_undone",
            NoticeKind::ResourceExpiring => "resource_expiring",
            NoticeKind::RenewalAhead => "renewal_ahead",
            NoticeKind::RenewalDone => "renewal_done",
            NoticeKind::RenewalFailed => "renewal_failed",
            NoticeKind::ResourceExpired => "resource_expired",
        }
    }

    pub fn parse(text: &str) -> Option<NoticeKind> {
        NoticeKind::ALL.into_iter().find(|it| it.as_str() == text)
    }
}

/// Something that a customer is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    pub account: AccountId,
    pub subject: String,
    pub kind: NoticeKind,
    /// Percent of a capacity or of a budget, days to an end, the number of the message, of a proposal or of what was agreed.
    pub threshold: i64,
    /// What tells one from a later one of the same kind, such as a day or a month; empty where it is told once for ever.
    pub occasion: String,
    pub at: Timestamp,
}

impl Notice {
    /// Follows from what it says.
    pub fn id(&self) -> NoticeId {
        let Notice { account, subject, kind, threshold, occasion, at } = self;
        let kind = kind.as_str();
        NoticeId::named(*at, &format!("{account} {kind} {threshold} {occasion} {subject}"))
    }
}
