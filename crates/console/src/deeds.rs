//! What was done, as a sentence: writes by the API and by forms of these pages.
//!
//! In:  the operation as the audit log has it. Out: what people call it; nothing for what only the command
//! line does, which is shown as it is written.
//! Invariant: the same deed has one name, whichever face it came by.

use texts::Texts;

/// A name of a deed.
type Name = fn(&Texts) -> String;

/// The operations of each deed; `*` is for one part of a path, whatever it is.
const DEEDS: &[(&[&str], Name)] = &[
    (&["POST /v1/orders", "form /buy/*/review", "form /cart/pay"], |it| it.deed_ordered()),
    (&["form /cart"], |it| it.deed_cart()),
    (&["form /cart/remove"], |it| it.deed_cart_removed()),
    (&["form /cart/count"], |it| it.deed_cart_counted()),
    (&["POST /v1/card-payments"], |it| it.deed_card_payment()),
    (&["POST /v1/payments", "POST /v1/orders/*/pay", "form /orders/*/pay"], |it| it.deed_paid()),
    (&["POST /v1/orders/*/cancel", "form /orders/*/cancel"], |it| it.deed_order_cancelled()),
    (&["POST /v1/renewals", "form /renew/review"], |it| it.deed_renewed()),
    (&["PUT /v1/resources/*/renewal", "form /resources/*/renewal"], |it| it.deed_renewal_set()),
    (&["POST /v1/changes", "POST /v1/resources/*/resize", "form /resources/*/resize"], |it| {
        it.deed_resized()
    }),
    (&["POST /v1/conversions", "form /resources/*/convert"], |it| it.deed_converted()),
    (&["POST /v1/conversions/by-use", "form /resources/*/by-use"], |it| it.deed_by_use()),
    (&["POST /v1/resources/*/start", "POST /v1/resources/*/stop", "form /resources/*/switch"], |it| {
        it.deed_switched()
    }),
    (&["POST /v1/resources/*/release", "form /resources/*/release"], |it| it.deed_released()),
    (&["POST /v1/resource-actions", "form /resources/act"], |it| it.deed_several()),
    (&["PATCH /v1/resources/*", "form /resources/*/labels"], |it| it.deed_labelled()),
    (&["POST /v1/refunds", "form /refund"], |it| it.deed_refunded()),
    (&["POST /v1/accounts/*/top-ups", "form /operator/customers/*/top-ups"], |it| it.deed_topped_up()),
    (&["POST /v1/accounts", "form /operator/customers/new"], |it| it.deed_opened()),
    (&["PATCH /v1/accounts/*", "form /operator/customers/*/terms"], |it| it.deed_terms()),
    (&["POST /v1/accounts/*/contract-prices", "form /operator/customers/*/contract-prices"], |it| {
        it.deed_contract_price()
    }),
    (&["PUT /v1/accounts/*/credit", "form /operator/customers/*/credit"], |it| it.deed_credit_line()),
    (&["PUT /v1/accounts/*/commitment", "form /operator/customers/*/commitment"], |it| it.deed_commitment()),
    (
        &["POST /v1/accounts/*/contract-prices/*/end", "form /operator/customers/*/contract-prices/*/end"],
        |it| it.deed_contract_price_ended(),
    ),
    (&["POST /v1/corrections", "form /operator/customers/*/correct", "till correct"], |it| {
        it.deed_corrected()
    }),
    (&["POST /v1/vouchers", "form /operator/customers/*/vouchers"], |it| it.deed_voucher()),
    (&["POST /v1/vouchers/*/withdraw", "form /operator/vouchers/*/withdraw"], |it| {
        it.deed_voucher_withdrawn()
    }),
    (&["POST /v1/vouchers/redeem", "form /vouchers/redeem"], |it| it.deed_redeemed()),
    (&["POST /v1/promotion-codes", "form /operator/promotion-codes"], |it| it.deed_code()),
    (&["POST /v1/promotion-codes/*/withdraw", "form /operator/promotion-codes/*/withdraw"], |it| {
        it.deed_code_withdrawn()
    }),
    (&["PUT /v1/orders/*/vouchers", "form /orders/*/vouchers"], |it| it.deed_vouchers_chosen()),
    (&["POST /v1/price-books", "form /operator/books/apply", "till pricebook apply"], |it| it.deed_book()),
    (&["DELETE /v1/price-books/*", "form /operator/books/*/undo"], |it| it.deed_book_undone()),
    (&["POST /v1/price-proposals", "form /operator/price-proposals"], |it| it.deed_proposed()),
    (&["POST /v1/price-proposals/*/compute", "form /operator/price-proposals/*/compute"], |it| {
        it.deed_proposal_computed()
    }),
    (&["POST /v1/price-proposals/*/agree", "form /operator/price-proposals/*/agree"], |it| {
        it.deed_proposal_agreed()
    }),
    (&["POST /v1/price-proposals/*/reject", "form /operator/price-proposals/*/reject"], |it| {
        it.deed_proposal_rejected()
    }),
    (&["POST /v1/price-proposals/*/withdraw", "form /operator/price-proposals/*/withdraw"], |it| {
        it.deed_proposal_withdrawn()
    }),
    (&["POST /v1/price-proposals/*/apply", "form /operator/price-proposals/*/apply"], |it| {
        it.deed_proposal_applied()
    }),
    (&["POST /v1/price-proposals/*/undo", "form /operator/price-proposals/*/undo"], |it| {
        it.deed_proposal_undone()
    }),
    (&["POST /v1/keys", "form /keys", "form /operator/keys/make", "till key create"], |it| it.deed_key()),
    (&["POST /v1/keys/*/revoke", "form /keys/end", "form /operator/keys/revoke", "till key revoke"], |it| {
        it.deed_key_ended()
    }),
    (&["POST /v1/keys/*/rotate", "form /keys/rotate", "form /operator/keys/rotate"], |it| {
        it.deed_key_rotated()
    }),
    (&["form /members", "form /operator/customers/*/invite", "till user create"], |it| it.deed_invited()),
    (&["form /members/role", "till user role"], |it| it.deed_role()),
    (&["form /members/end", "till user end"], |it| it.deed_member_ended()),
    (&["form /operator/act", "acts for the account"], |it| it.deed_acting()),
    (&["form /operator/stop", "acts no more"], |it| it.deed_acting_ended()),
    (&["POST /v1/offers", "form /buy/*/offer"], |it| it.deed_offered()),
    (&["POST /v1/offers/*/withdraw", "form /operator/offers/*/withdraw"], |it| it.deed_offer_withdrawn()),
    (&["POST /v1/offers/*/accept", "form /offers/*/accept"], |it| it.deed_offer_accepted()),
    (&["POST /v1/projects", "form /projects"], |it| it.deed_project()),
    (&["DELETE /v1/projects/*", "form /projects/remove"], |it| it.deed_project_removed()),
    (&["PUT /v1/cost-tags", "form /cost/tags", "form /cost/tags/remove"], |it| it.deed_cost_tags()),
    (&["POST /v1/budgets", "form /budgets"], |it| it.deed_budget()),
    (&["POST /v1/webhooks", "form /webhooks"], |it| it.deed_webhook()),
    (&["DELETE /v1/webhooks/*", "form /webhooks/*/remove"], |it| it.deed_webhook_removed()),
    (&["POST /v1/cards", "form /cards"], |it| it.deed_card()),
    (&["DELETE /v1/cards/*", "form /cards/*/remove"], |it| it.deed_card_removed()),
    (&["POST /v1/card-top-ups", "form /cards/top-up"], |it| it.deed_card_top_up()),
    (&["POST /v1/bank-entries/*/confirm", "form /operator/bank/*/confirm"], |it| it.deed_bank_confirmed()),
    (&["POST /v1/bank-entries/*/set-aside", "form /operator/bank/*/aside"], |it| it.deed_bank_aside()),
    (&["POST /v1/documents/invoices", "form /documents/invoices", "till document invoice"], |it| {
        it.deed_invoice()
    }),
    (&["POST /v1/quarantine/replay", "form /operator/quarantine/replay"], |it| it.deed_replayed()),
    (&["POST /v1/tasks/*/retry", "form /operator/tasks/*/retry"], |it| it.deed_task_retried()),
    (&["POST /v1/tasks/*/give-up", "form /operator/tasks/*/give-up"], |it| it.deed_task_given_up()),
    (&["POST /v1/settlements/retry", "form /operator/settlement/retry"], |it| it.deed_settlement_retried()),
    (&["POST /v1/sales-requests", "form /requests"], |it| it.deed_requested()),
    (&["POST /v1/sales-requests/*/withdraw", "form /requests/*/withdraw"], |it| it.deed_request_withdrawn()),
    (&["POST /v1/sales-requests/*/decline", "form /operator/requests/*/decline"], |it| {
        it.deed_request_declined()
    }),
    (&["POST /v1/offers/*/decline", "form /offers/*/decline"], |it| it.deed_offer_declined()),
    (&["POST /v1/authorize"], |it| it.deed_authorized()),
    (&["POST /v1/services/*/start", "POST /v1/services/*/stop"], |it| it.deed_service_switched()),
    (&["POST /v1/card-payments/*/cancel", "form /payments/*/cancel"], |it| it.deed_card_payment_cancelled()),
    (&["PUT /v1/card-rule", "form /cards/rule"], |it| it.deed_card_rule()),
    (&["DELETE /v1/card-rule", "form /cards/rule/end"], |it| it.deed_card_rule_ended()),
    (&["POST /v1/card-differences"], |it| it.deed_cards_compared()),
    (&["POST /v1/bank-statements", "form /operator/bank"], |it| it.deed_bank_read()),
    (&["PATCH /v1/budgets/*", "form /budgets/*"], |it| it.deed_budget_changed()),
    (&["DELETE /v1/budgets/*", "form /budgets/*/delete"], |it| it.deed_budget_deleted()),
    (&["PATCH /v1/projects/*", "form /projects/rename"], |it| it.deed_project_renamed()),
    (&["PATCH /v1/webhooks/*", "form /webhooks/*"], |it| it.deed_webhook_changed()),
    (&["POST /v1/webhooks/*/rotate-secret", "form /webhooks/*/rotate", "till webhook rotate"], |it| {
        it.deed_webhook_rotated()
    }),
    (&["POST /v1/webhooks/*/ping", "POST /v1/webhooks/*/test", "form /webhooks/*/test"], |it| {
        it.deed_webhook_tested()
    }),
    (&["POST /v1/webhook-messages/*/resend", "form /webhooks/*/resend"], |it| it.deed_message_resent()),
    (&["POST /v1/tasks/*/done"], |it| it.deed_task_done()),
    (&["POST /v1/tasks/*/failed"], |it| it.deed_task_failed()),
    (&["POST /v1/clock/advance"], |it| it.deed_clock()),
    (&["POST /v1/corrections/price-books"], |it| it.deed_book_kept()),
    (&["POST /v1/documents/statements", "form /documents/statements", "till document statement"], |it| {
        it.deed_statement()
    }),
    (&["POST /v1/documents/receipts", "form /documents/receipts", "till document receipt"], |it| {
        it.deed_receipt()
    }),
    (
        &[
            "POST /v1/documents/*/credit-notes",
            "form /operator/documents/*/credit-notes",
            "till document credit",
        ],
        |it| it.deed_credit_note(),
    ),
    (&["PUT /v1/billing-details", "form /documents/details"], |it| it.deed_details()),
    (&["PUT /v1/sellers", "form /operator/sellers", "till document seller"], |it| it.deed_sellers()),
    (&["PATCH /v1/account", "form /account"], |it| it.deed_account_changed()),
    (&["PUT /v1/account/expiry-day", "form /account/expiry-day"], |it| it.deed_expiry_day()),
    (&["POST /v1/account/mail-addresses", "form /mail/addresses"], |it| it.deed_mail_address()),
    (&["DELETE /v1/account/mail-addresses/*", "form /mail/addresses/remove"], |it| {
        it.deed_mail_address_removed()
    }),
    (&["PUT /v1/account/mail-language", "form /mail/language"], |it| it.deed_mail_language()),
    (&["form /mail", "form /mail/leave/*"], |it| it.deed_mail_chosen()),
    (&["POST /v1/mails/*/resend", "form /operator/mails/resend", "till mail resend"], |it| {
        it.deed_mail_resent()
    }),
    (&["form /members/link", "till user link"], |it| it.deed_member_link()),
    (&["form /invitation/*"], |it| it.deed_invitation_taken()),
    (&["form /security/password"], |it| it.deed_password()),
    (&["form /security/second", "form /security/second/confirm"], |it| it.deed_second()),
    (&["form /security/second/end"], |it| it.deed_second_ended()),
    (&["form /security/sessions"], |it| it.deed_session_ended()),
];

/// What an operation is called, where it has a name.
pub(crate) fn name(texts: &Texts, operation: &str) -> Option<String> {
    let found = DEEDS.iter().find(|it| it.0.iter().any(|pattern| fits(pattern, operation)));
    found.map(|it| (it.1)(texts))
}

fn fits(pattern: &str, operation: &str) -> bool {
    let (mut wanted, mut there) = (pattern.split('/'), operation.split('/'));
    loop {
        match (wanted.next(), there.next()) {
            (None, None) => return true,
            (Some(wanted), Some(there)) if wanted == "*" || wanted == there => {}
            (Some(_) | None, Some(_)) | (Some(_), None) => return false,
        }
    }
}

#[cfg(test)]
mod tests;
