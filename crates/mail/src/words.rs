//! What kinds and roles are called.
//!
//! In:  a kind. Out: its name, and when it is sent.

use billing::letter::LetterKind;
use billing::user::Role;
use texts::Texts;

/// What a kind is called.
pub fn kind(texts: &Texts, kind: LetterKind) -> String {
    match kind {
        LetterKind::BalanceLow => texts.mail_kind_balance_low(),
        LetterKind::InArrears => texts.mail_kind_in_arrears(),
        LetterKind::PackLow => texts.mail_kind_pack_low(),
        LetterKind::PackExhausted => texts.mail_kind_pack_exhausted(),
        LetterKind::PackExpiring => texts.mail_kind_pack_expiring(),
        LetterKind::BudgetReached => texts.mail_kind_budget_reached(),
        LetterKind::BudgetForecast => texts.mail_kind_budget_forecast(),
        LetterKind::OfferMade => texts.mail_kind_offer_made(),
        LetterKind::CommitmentAgreed => texts.mail_kind_commitment_agreed(),
        LetterKind::CreditAgreed => texts.mail_kind_credit_agreed(),
        LetterKind::VoucherIssued => texts.mail_kind_voucher_issued(),
        LetterKind::VoucherEnding => texts.mail_kind_voucher_ending(),
        LetterKind::CardRefundFailed => texts.mail_kind_card_refund_failed(),
        LetterKind::PriceChange => texts.mail_kind_price_change(),
        LetterKind::PriceChangeUndone => texts.mail_kind_price_change_undone(),
        LetterKind::ResourceExpiring => texts.mail_kind_resource_expiring(),
        LetterKind::RenewalAhead => texts.mail_kind_renewal_ahead(),
        LetterKind::RenewalDone => texts.mail_kind_renewal_done(),
        LetterKind::RenewalFailed => texts.mail_kind_renewal_failed(),
        LetterKind::ResourceExpired => texts.mail_kind_resource_expired(),
        LetterKind::OrderReceipt => texts.mail_kind_order_receipt(),
        LetterKind::OrderDelivered => texts.mail_kind_order_delivered(),
        LetterKind::OrderFailed => texts.mail_kind_order_failed(),
        LetterKind::Refund => texts.mail_kind_refund(),
        LetterKind::DowngradeDone => texts.mail_kind_downgrade_done(),
        LetterKind::ResourceStopped => texts.mail_kind_resource_stopped(),
        LetterKind::ResourceRecycled => texts.mail_kind_resource_recycled(),
        LetterKind::ResourceReleased => texts.mail_kind_resource_released(),
        LetterKind::Statement => texts.mail_kind_statement(),
        LetterKind::SignIn => texts.mail_kind_sign_in(),
        LetterKind::Invitation => texts.mail_kind_invitation(),
        LetterKind::Test => texts.mail_kind_test(),
    }
}

/// When a kind is sent, in a sentence.
pub fn when(texts: &Texts, kind: LetterKind) -> String {
    match kind {
        LetterKind::BalanceLow => texts.mail_when_balance_low(),
        LetterKind::InArrears => texts.mail_when_in_arrears(),
        LetterKind::PackLow => texts.mail_when_pack_low(),
        LetterKind::PackExhausted => texts.mail_when_pack_exhausted(),
        LetterKind::PackExpiring => texts.mail_when_pack_expiring(),
        LetterKind::BudgetReached => texts.mail_when_budget_reached(),
        LetterKind::BudgetForecast => texts.mail_when_budget_forecast(),
        LetterKind::OfferMade => texts.mail_when_offer_made(),
        LetterKind::CommitmentAgreed => texts.mail_when_commitment_agreed(),
        LetterKind::CreditAgreed => texts.mail_when_credit_agreed(),
        LetterKind::VoucherIssued => texts.mail_when_voucher_issued(),
        LetterKind::VoucherEnding => texts.mail_when_voucher_ending(),
        LetterKind::CardRefundFailed => texts.mail_when_card_refund_failed(),
        LetterKind::PriceChange => texts.mail_when_price_change(),
        LetterKind::PriceChangeUndone => texts.mail_when_price_change_undone(),
        LetterKind::ResourceExpiring => texts.mail_when_resource_expiring(),
        LetterKind::RenewalAhead => texts.mail_when_renewal_ahead(),
        LetterKind::RenewalDone => texts.mail_when_renewal_done(),
        LetterKind::RenewalFailed => texts.mail_when_renewal_failed(),
        LetterKind::ResourceExpired => texts.mail_when_resource_expired(),
        LetterKind::OrderReceipt => texts.mail_when_order_receipt(),
        LetterKind::OrderDelivered => texts.mail_when_order_delivered(),
        LetterKind::OrderFailed => texts.mail_when_order_failed(),
        LetterKind::Refund => texts.mail_when_refund(),
        LetterKind::DowngradeDone => texts.mail_when_downgrade_done(),
        LetterKind::ResourceStopped => texts.mail_when_resource_stopped(),
        LetterKind::ResourceRecycled => texts.mail_when_resource_recycled(),
        LetterKind::ResourceReleased => texts.mail_when_resource_released(),
        LetterKind::Statement => texts.mail_when_statement(),
        LetterKind::SignIn => texts.mail_when_sign_in(),
        LetterKind::Invitation => texts.mail_when_invitation(),
        LetterKind::Test => texts.mail_when_test(),
    }
}

/// What a role is called.
pub fn role(texts: &Texts, role: Role) -> String {
    match role {
        Role::Owner => texts.role_owner(),
        Role::Buyer => texts.role_buyer(),
        Role::Finance | Role::Treasurer => texts.role_finance(),
        Role::Reader => texts.role_read_only(),
        Role::Administrator => texts.role_administrator(),
        Role::Sales => texts.role_sales(),
        Role::Support => texts.role_support(),
    }
}
