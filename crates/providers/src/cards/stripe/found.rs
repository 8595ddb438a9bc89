//! Payments as Stripe tells of them.
//!
//! In:  JSON. Out: what it says of one of ours.
//! Invariant: a currency or a status that we do not know is no answer.

use super::counted;
use billing::payment::reconcile::Listed;
use billing::payment::{Answer, Said, Status};
use serde::Deserialize;
use std::collections::BTreeMap;
use units::{Currency, Money, PaymentId};

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Intent {
    pub id: String,
    status: String,
    amount: i64,
    currency: String,
    #[serde(default)]
    pub created: i64,
    pub client_secret: Option<String>,
    #[serde(default)]
    metadata: BTreeMap<String, String>,
    last_payment_error: Option<Trouble>,
    amount_received: Option<i64>,
    latest_charge: Option<Charged>,
}

/// A charge, or only its name.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
enum Charged {
    Whole {
        amount: i64,
        amount_refunded: i64,
        captured: bool,
    },
    #[expect(dead_code, reason = "what a charge is called is not looked at")]
    Name(String),
}

/// Why a card did not pay.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Trouble {
    code: Option<String>,
    decline_code: Option<String>,
}

impl Trouble {
    /// The gateway's word for it, the narrowest that it has.
    pub fn word(self) -> Option<String> {
        let is_plain = |it: &char| it.is_ascii_alphanumeric() || *it == '_';
        self.decline_code.or(self.code).map(|it| it.chars().filter(is_plain).take(60).collect())
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct Intents {
    pub data: Vec<Intent>,
    pub has_more: bool,
}

impl Intents {
    /// Whether it begins with the newest.
    pub fn runs_back(&self) -> bool {
        match (self.data.first(), self.data.last()) {
            (Some(first), Some(last)) => first.created > last.created,
            (_, _) => false,
        }
    }
}

impl Intent {
    pub fn is_of(&self, payment: PaymentId) -> bool {
        self.metadata.get("till_payment").is_some_and(|it| *it == payment.to_string())
    }

    /// What a list says of it; `None` of what is not ours.
    pub fn listed(self) -> Option<Listed> {
        let ours = self.metadata.get("till_payment")?.parse().ok()?;
        // In the version that is asked for, what a capture leaves is given back like a refund, while what was received stays what it
        // was when some of it is given back: only the charge says what is left of both.
        let taken = match &self.latest_charge {
            Some(Charged::Whole { amount, amount_refunded, captured: true }) => {
                amount.checked_sub(*amount_refunded)?
            }
            Some(Charged::Whole { .. } | Charged::Name(_)) | None => self.amount_received.unwrap_or(0),
        };
        let currency = Currency::parse(&self.currency.to_ascii_uppercase()).ok()?;
        match self.answer(Money::zero(currency)) {
            Answer::Said(Said { intent, status, money, .. }) => {
                Some(Listed { intent, ours, status, money, taken: counted::money(taken, currency)? })
            }
            Answer::Nothing | Answer::Refused(_) | Answer::Silent(_) => None,
        }
    }

    /// What it says. The sum is told in the currency that it names, whatever ours is.
    pub fn answer(self, ours: Money) -> Answer {
        let status = match self.status.as_str() {
            "requires_confirmation" | "processing" => Status::Open,
            "requires_action" => Status::Challenged,
            "requires_capture" => Status::Authorised,
            "requires_payment_method" => Status::Refused,
            "succeeded" => Status::Paid,
            "canceled" => Status::Cancelled,
            other => return Answer::Silent(format!("a status that is not known: {other:.60}")),
        };
        let currency = match ours.currency().as_str().eq_ignore_ascii_case(&self.currency) {
            true => Ok(ours.currency()),
            false => Currency::parse(&self.currency.to_ascii_uppercase()),
        };
        let Ok(currency) = currency else {
            return Answer::Silent(format!("another currency: {:.10}", self.currency));
        };
        let Some(money) = counted::money(self.amount, currency) else {
            return Answer::Silent(format!("{} is no sum of {currency}", self.amount));
        };
        let reason = self.last_payment_error.and_then(Trouble::word);
        Answer::Said(Said { intent: self.id, status, money, reason })
    }
}

#[cfg(test)]
mod tests;
