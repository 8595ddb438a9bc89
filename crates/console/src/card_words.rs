//! What pages say of cards and payments by card.
//!
//! In:  a card, a payment, the gateway's word for a decline. Out: what people read.
//! Invariant: a word that is not known is shown as it is, never taken for another.

use billing::payment::reconcile::Kind as Differs;
use billing::payment::{Kind, Payment, State};
use desk::cards::Card;
use texts::Texts;

/// A card, by what is on it.
pub(crate) fn card(it: &Card) -> String {
    format!("{} ···· {}", brand(&it.brand), it.last4)
}

/// A brand as it writes itself; the gateway's word where it is none of these.
fn brand(word: &str) -> &str {
    const BRANDS: [(&str, &str); 8] = [
        ("visa", "Visa"),
        ("mastercard", "Mastercard"),
        ("amex", "American Express"),
        ("unionpay", "UnionPay"),
        ("jcb", "JCB"),
        ("diners", "Diners Club"),
        ("discover", "Discover"),
        ("link", "Link"),
    ];
    BRANDS.iter().find(|it| it.0 == word).map_or(word, |it| it.1)
}

/// Until when a card is good.
pub(crate) fn good_until(it: &Card) -> String {
    format!("{:02}/{}", it.exp_month, it.exp_year)
}

pub(crate) fn kind(texts: &Texts, it: Kind) -> String {
    match it {
        Kind::Order => texts.card_for_order(),
        Kind::TopUp => texts.card_for_top_up(),
        Kind::Automatic => texts.card_for_automatic(),
        Kind::Arrears => texts.card_for_arrears(),
    }
}

/// How a payment stands.
pub(crate) fn stands(texts: &Texts, it: &Payment) -> String {
    match it.state {
        State::Created => texts.card_created(),
        State::Challenged => texts.card_challenged(),
        State::Held => texts.card_held(),
        State::Capturing => texts.card_capturing(),
        State::Captured => texts.card_captured(),
        State::Releasing | State::Released => texts.card_released(),
        State::Declined | State::Failed => texts.card_failed(),
        State::Lost => match it.kind {
            Kind::Order => texts.card_lost(),
            Kind::TopUp | Kind::Automatic | Kind::Arrears => texts.card_lost_top_up(),
        },
    }
}

/// Whether a payment goes on by itself.
pub(crate) const fn is_under_way(it: State) -> bool {
    match it {
        State::Created
        | State::Challenged
        | State::Held
        | State::Capturing
        | State::Releasing
        | State::Declined => true,
        State::Captured | State::Released | State::Failed | State::Lost => false,
    }
}

/// In what the gateway and the books differ.
pub(crate) fn difference(texts: &Texts, it: Differs) -> String {
    match it {
        Differs::Unknown => texts.differs_unknown(),
        Differs::Missing => texts.differs_missing(),
        Differs::Sum => texts.differs_sum(),
        Differs::State => texts.differs_state(),
        Differs::Twice => texts.differs_twice(),
    }
}

/// Why a card did not pay, and what to do. Source: Stripe, "decline codes".
pub(crate) fn decline(texts: &Texts, reason: &str) -> String {
    match reason {
        "insufficient_funds" | "withdrawal_count_limit_exceeded" | "card_velocity_exceeded" => {
            texts.declined_funds()
        }
        "expired_card" | "invalid_expiry_month" | "invalid_expiry_year" => texts.declined_expired(),
        "incorrect_cvc" | "invalid_cvc" | "incorrect_number" | "invalid_number" | "incorrect_zip" => {
            texts.declined_typed()
        }
        "authentication_required"
        | "payment_intent_authentication_failure"
        | "authentication_not_handled" => texts.declined_proof(),
        "processing_error" | "try_again_later" | "issuer_not_available" => texts.declined_later(),
        "amount_too_large" | "amount_too_small" => texts.declined_sum(),
        "card_not_supported" | "currency_not_supported" => texts.declined_kind(),
        "card_declined"
        | "generic_decline"
        | "do_not_honor"
        | "call_issuer"
        | "lost_card"
        | "stolen_card"
        | "pickup_card"
        | "fraudulent"
        | "transaction_not_allowed" => texts.declined_by_bank(),
        other => texts.declined_otherwise(other),
    }
}
