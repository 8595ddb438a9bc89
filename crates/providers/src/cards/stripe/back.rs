//! What goes back to a card, by Stripe.
//!
//! In:  a refund to a card and the payment that it is of. Out: what Stripe says of it.
//! Invariant: ours is known by our id in its metadata; what is refused was looked for after that, so nothing of ours is there.
//! Source: Stripe's API of the version that is named in every call.

use super::ask::AskError;
use super::{PAGES, Stripe, counted};
use billing::card_refund::{Answer, Call, CardRefund};
use billing::payment::CardError;
use billing::payment::reconcile::back::ListedBack;
use serde::Deserialize;
use std::collections::BTreeMap;
use units::{Currency, Timestamp};

#[derive(Debug, Deserialize)]
struct Refund {
    id: String,
    status: Option<String>,
    #[serde(default)]
    metadata: BTreeMap<String, String>,
    failure_reason: Option<String>,
    amount: i64,
    currency: String,
    #[serde(default)]
    created: i64,
}

#[derive(Debug, Deserialize)]
struct Refunds {
    data: Vec<Refund>,
    has_more: bool,
}

impl Refund {
    fn is_of(&self, it: &CardRefund) -> bool {
        self.metadata.get("till_refund").is_some_and(|id| *id == it.id.to_string())
    }

    /// What a list says of it; `None` of what is not ours.
    fn listed(self) -> Option<ListedBack> {
        let ours = self.metadata.get("till_refund")?.parse().ok()?;
        let payment = self.metadata.get("till_payment")?.parse().ok()?;
        let currency = Currency::parse(&self.currency.to_ascii_uppercase()).ok()?;
        let is_good = !matches!(self.status.as_deref(), Some("failed" | "canceled"));
        Some(ListedBack {
            name: self.id,
            ours,
            payment,
            money: counted::money(self.amount, currency)?,
            is_good,
        })
    }

    fn answer(self) -> Answer {
        match self.status.as_deref() {
            // It takes the bank some days; what comes of it later shows where sums are compared.
            Some("succeeded" | "pending" | "requires_action") | None => Answer::Sent(self.id),
            Some("failed" | "canceled") => {
                Answer::Refused(self.failure_reason.unwrap_or_else(|| "refund_failed".into()))
            }
            Some(other) => Answer::Silent(format!("a status that is not known: {other:.60}")),
        }
    }
}

impl Stripe {
    /// Asks what `call` says of what goes back to the card of `intent`.
    pub async fn give_back(&self, it: &CardRefund, intent: &str, call: Call) -> Answer {
        match call {
            Call::Find => self.find_back(it, intent).await,
            Call::Send => self.send_back(it, intent).await,
        }
    }

    /// Sends it. What is wrong with what was sent does not become right by sending it again; whether it is there already is
    /// looked at before that is believed.
    async fn send_back(&self, it: &CardRefund, intent: &str) -> Answer {
        let Some(counted) = counted::of_money(it.money) else {
            return Answer::Silent(format!("{} is no sum that Stripe gives back", it.money));
        };
        let form = [
            ("payment_intent", intent.to_string()),
            ("amount", counted.to_string()),
            ("metadata[till_refund]", it.id.to_string()),
            ("metadata[till_payment]", it.payment.to_string()),
        ];
        match self.line.post::<Refund>("/v1/refunds", &form, &format!("{} refund", it.id)).await {
            Ok(made) => made.answer(),
            Err(AskError::Refused { status: 400 | 402 | 404, reason, .. }) => {
                let reason = reason.unwrap_or_else(|| "gateway_refused".into());
                match self.find_back(it, intent).await {
                    Answer::Nothing => Answer::Refused(reason),
                    found @ (Answer::Sent(_) | Answer::Refused(_) | Answer::Silent(_)) => found,
                }
            }
            Err(error) => Answer::Silent(error.to_string()),
        }
    }

    /// Looks for what stands under our id among everything that went back of the payment.
    async fn find_back(&self, it: &CardRefund, intent: &str) -> Answer {
        let mut after: Option<String> = None;
        for _ in 0..PAGES {
            let mut query = vec![("payment_intent", intent.to_string()), ("limit", "100".to_string())];
            query.extend(after.take().map(|it| ("starting_after", it)));
            let page: Refunds = match self.line.get("/v1/refunds", &query).await {
                Ok(page) => page,
                Err(error) => return Answer::Silent(error.to_string()),
            };
            let last = page.data.last().map(|it| it.id.clone());
            if let Some(found) = page.data.into_iter().find(|other| other.is_of(it)) {
                return found.answer();
            }
            match last {
                Some(last) if page.has_more => after = Some(last),
                Some(_) | None => return Answer::Nothing,
            }
        }
        Answer::Silent(format!("payment {intent} has more than {PAGES}00 refunds"))
    }

    /// Everything of ours that went back to cards since an instant. Errors: `Silent`.
    pub async fn list_back(&self, since: Timestamp) -> Result<Vec<ListedBack>, CardError> {
        let (mut all, mut after) = (Vec::new(), None::<String>);
        for _ in 0..PAGES {
            let mut query = vec![("limit", "100".to_string())];
            query.extend(after.take().map(|it| ("starting_after", it)));
            let page: Refunds = self.line.get("/v1/refunds", &query).await?;
            // Pages begin with the newest.
            let is_past = page.data.last().is_some_and(|it| it.created < since.as_second());
            let last = page.data.last().map(|it| it.id.clone());
            let recent = page.data.into_iter().filter(|it| it.created >= since.as_second());
            all.extend(recent.filter_map(Refund::listed));
            match last {
                Some(last) if page.has_more && !is_past => after = Some(last),
                Some(_) | None => return Ok(all),
            }
        }
        Err(CardError::Silent(format!("it has more than {PAGES}00 refunds in this time")))
    }
}
