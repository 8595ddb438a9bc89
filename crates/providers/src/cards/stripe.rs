//! Stripe, by a handful of calls of our own.
//!
//! In:  payments and cards. Out: what Stripe says of them.
//! Invariant: every call ends within a time, follows no redirect, and reads so many bytes at most; what is done is done under an
//! Idempotency-Key, and nothing depends on Stripe's keeping to it.
//! Source: Stripe's API of the version that is named in every call.

mod ask;
mod back;
mod counted;
mod found;

use ask::{AskError, Line};
use billing::payment::reconcile::Listed;
use billing::payment::{Answer, Call, CardError, Payment, Said, Status};
use found::Intent;
use serde::Deserialize;
use std::fmt;
use units::{AccountId, Money, Timestamp};

/// Pages of payments that are looked through for one of ours at most, each of a hundred.
const PAGES: usize = 100;
/// So many seconds before one of ours was written down, nothing under its id was begun.
const BEFORE_SECONDS: i64 = 600;

/// How the till is known at Stripe.
#[derive(Clone)]
pub struct Account {
    /// Where Stripe is, without a slash at its end.
    pub url: String,
    /// The secret key.
    pub key: String,
    /// The key that pages show.
    pub publishable: String,
    /// The address of Stripe's own script.
    pub script: String,
    /// With which webhooks are signed; without one none is believed.
    pub webhook_secret: Option<String>,
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Account").field("url", &self.url).finish_non_exhaustive()
    }
}

/// Stripe cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum StripeError {
    #[error("no client for HTTP: {0}")]
    Client(#[from] reqwest::Error),
    #[error("{0} is no address of a gateway; write it like https://api.stripe.com")]
    Address(String),
    #[error("the secret key begins with sk_ or rk_, the publishable one with pk_")]
    Keys,
}

/// Stripe.
#[derive(Debug)]
pub struct Stripe {
    account: Account,
    line: Line,
}

/// A card as Stripe knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownCard {
    pub method: String,
    pub brand: String,
    pub last4: String,
    pub exp_month: i64,
    pub exp_year: i64,
}

#[derive(Deserialize)]
struct Named {
    id: String,
}

#[derive(Deserialize)]
struct Setup {
    id: String,
    client_secret: Option<String>,
    status: String,
    customer: Option<String>,
    payment_method: Option<String>,
}

#[derive(Deserialize)]
struct KnownMethod {
    id: String,
    customer: Option<String>,
    card: Option<Face>,
}

#[derive(Deserialize)]
struct Face {
    brand: String,
    last4: String,
    exp_month: i64,
    exp_year: i64,
}

/// What a page needs to have a card added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form {
    pub setup: String,
    pub secret: String,
}

/// Sums are multiples of the gateway's step when a payment begins (`limits`); what is none is not asked for.
fn between(sum: Money) -> Answer {
    Answer::Silent(format!("{sum} {} is no sum that Stripe charges", sum.currency()))
}

impl Stripe {
    /// Errors: an address that is none, keys that are none.
    pub fn new(account: Account) -> Result<Stripe, StripeError> {
        let url = account.url.trim_end_matches('/').to_string();
        let is_address = reqwest::Url::parse(&url).is_ok_and(|it| matches!(it.scheme(), "http" | "https"));
        if !is_address {
            return Err(StripeError::Address(url.chars().take(200).collect()));
        }
        let secret = account.key.starts_with("sk_") || account.key.starts_with("rk_");
        if !secret || !account.publishable.starts_with("pk_") {
            return Err(StripeError::Keys);
        }
        let line = Line::new(&url, &account.key)?;
        Ok(Stripe { account: Account { url, ..account }, line })
    }

    pub fn account(&self) -> &Account {
        &self.account
    }

    /// Asks what `call` says of `payment`.
    pub async fn ask(&self, payment: &Payment, call: Call) -> Answer {
        let intent = payment.intent.as_deref().unwrap_or("");
        // What was looked at and is still to be done is done under a name of its own: under the old one Stripe gives its old answer,
        // also one that says that it failed.
        let (id, tries) = (payment.id, payment.tries);
        match call {
            Call::Find => self.find(payment).await,
            Call::Authorise => self.authorise(payment).await,
            Call::Look => answer(payment, self.line.get(&format!("/v1/payment_intents/{intent}"), &[]).await),
            Call::Capture(sum) => {
                let path = format!("/v1/payment_intents/{intent}/capture");
                let Some(counted) = counted::of_money(sum) else { return between(sum) };
                let form = [("amount_to_capture", counted.to_string())];
                answer(payment, self.line.post(&path, &form, &format!("{id} capture {tries}")).await)
            }
            Call::Cancel => {
                let path = format!("/v1/payment_intents/{intent}/cancel");
                answer(payment, self.line.post(&path, &[], &format!("{id} cancel {tries}")).await)
            }
        }
    }

    async fn authorise(&self, payment: &Payment) -> Answer {
        let currency = payment.money.currency().as_str().to_ascii_lowercase();
        let Some(counted) = counted::of_money(payment.money) else { return between(payment.money) };
        let mut form = vec![
            ("amount", counted.to_string()),
            ("currency", currency),
            ("customer", payment.customer.clone()),
            ("payment_method", payment.method.clone()),
            ("confirm", "true".to_string()),
            ("capture_method", "manual".to_string()),
            ("metadata[till_payment]", payment.id.to_string()),
        ];
        if !payment.kind.is_attended() {
            form.push(("off_session", "true".to_string()));
        }
        let said = self.line.post("/v1/payment_intents", &form, &format!("{} authorise", payment.id)).await;
        match said {
            // What is wrong with what was sent does not become right by sending it again.
            Err(AskError::Refused { status: 400 | 404, reason, .. }) => {
                Answer::Refused(reason.unwrap_or_else(|| "gateway_refused".into()))
            }
            said => answer(payment, said),
        }
    }

    /// Looks for what stands under our id. Pages begin with the newest; where they do not, all are read.
    async fn find(&self, payment: &Payment) -> Answer {
        let since = payment.created.as_second() - BEFORE_SECONDS;
        let mut after: Option<String> = None;
        for _ in 0..PAGES {
            let mut query = vec![("limit", "100".to_string())];
            query.extend(after.take().map(|it| ("starting_after", it)));
            let page: found::Intents = match self.line.get("/v1/payment_intents", &query).await {
                Ok(page) => page,
                Err(error) => return Answer::Silent(error.to_string()),
            };
            let ours = page.data.iter().find(|it| it.is_of(payment.id));
            if let Some(ours) = ours {
                return ours.clone().answer(payment.money);
            }
            let is_past = page.runs_back() && page.data.last().is_some_and(|it| it.created < since);
            match page.data.last() {
                Some(last) if page.has_more && !is_past => after = Some(last.id.clone()),
                Some(_) | None => return Answer::Nothing,
            }
        }
        Answer::Silent(format!("payment {} is not among the newest {PAGES}00", payment.id))
    }

    /// Every payment of ours that Stripe has since an instant. Errors: `Silent`.
    pub async fn list(&self, since: Timestamp) -> Result<Vec<Listed>, CardError> {
        let (mut all, mut after) = (Vec::new(), None::<String>);
        for _ in 0..PAGES {
            let mut query =
                vec![("limit", "100".to_string()), ("expand[]", "data.latest_charge".to_string())];
            query.extend(after.take().map(|it| ("starting_after", it)));
            let page: found::Intents = self.line.get("/v1/payment_intents", &query).await?;
            let is_past =
                page.runs_back() && page.data.last().is_some_and(|it| it.created < since.as_second());
            let last = page.data.last().map(|it| it.id.clone());
            let recent = page.data.into_iter().filter(|it| it.created >= since.as_second());
            all.extend(recent.filter_map(Intent::listed));
            match last {
                Some(last) if page.has_more && !is_past => after = Some(last),
                Some(_) | None => return Ok(all),
            }
        }
        Err(CardError::Silent(format!("it has more than {PAGES}00 payments in this time")))
    }

    /// The secret by which a page asks a card's holder for a proof. Errors: `Silent`.
    pub async fn challenge(&self, intent: &str) -> Result<String, CardError> {
        let said: Intent = self.line.get(&format!("/v1/payment_intents/{intent}"), &[]).await?;
        said.client_secret.ok_or_else(|| CardError::Silent("it names no secret for the page".into()))
    }

    /// Makes an account known. Errors: `Silent`.
    pub async fn customer(&self, account: AccountId) -> Result<String, CardError> {
        let form = [("metadata[till_account]", account.to_string())];
        let made: Named = self.line.post("/v1/customers", &form, &format!("{account} customer")).await?;
        Ok(made.id)
    }

    /// Begins to add a card. Errors: `Silent`.
    pub async fn form(&self, account: AccountId, customer: &str, token: &str) -> Result<Form, CardError> {
        let form = [("customer", customer.to_string()), ("metadata[till_account]", account.to_string())];
        // An Idempotency-Key is one of its account: others may use the same.
        let once = format!("{account} form {token}");
        let made: Setup = self.line.post("/v1/setup_intents", &form, &once).await?;
        let secret = made.client_secret.ok_or_else(|| CardError::Silent("it names no secret".into()))?;
        Ok(Form { setup: made.id, secret })
    }

    /// The card that `token` names, added to `customer`: `seti_...` of a form that was filled in, or `pm_...`.
    ///
    /// Errors: `Token`, `OfAnother`, `Declined`, `Silent`.
    pub async fn card(&self, token: &str, customer: &str) -> Result<KnownCard, CardError> {
        let shown = || token.chars().take(60).collect::<String>();
        if !token.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_') {
            return Err(CardError::Token(shown()));
        }
        let method = match token.split_once('_') {
            Some(("pm", _)) => token.to_string(),
            Some(("seti", _)) => self.filled_in(token, customer).await?,
            Some(_) | None => return Err(CardError::Token(shown())),
        };
        let found = self.line.get::<KnownMethod>(&format!("/v1/payment_methods/{method}"), &[]).await;
        let found = found.map_err(|error| error.of_token(&method))?;
        match found.customer.as_deref() {
            Some(of) if of != customer => return Err(CardError::OfAnother),
            Some(_) => {}
            None => {
                let path = format!("/v1/payment_methods/{}/attach", found.id);
                let form = [("customer", customer.to_string())];
                let attached = self.line.post::<Named>(&path, &form, &format!("{} attach", found.id)).await;
                attached.map_err(|error| error.of_token(&method))?;
            }
        }
        let face = found.card.ok_or_else(|| CardError::Token(shown()))?;
        let Face { brand, last4, exp_month, exp_year } = face;
        Ok(KnownCard { method: found.id, brand, last4, exp_month, exp_year })
    }

    /// The card of a form that was filled in.
    async fn filled_in(&self, setup: &str, customer: &str) -> Result<String, CardError> {
        let found = self.line.get::<Setup>(&format!("/v1/setup_intents/{setup}"), &[]).await;
        let found = found.map_err(|error| error.of_token(setup))?;
        if found.customer.as_deref() != Some(customer) {
            return Err(CardError::OfAnother);
        }
        match (found.status.as_str(), found.payment_method) {
            ("succeeded", Some(method)) => Ok(method),
            ("canceled", _) => Err(CardError::Declined("setup_canceled".into())),
            (_, _) => Err(CardError::Token("the card form is not filled in yet".into())),
        }
    }

    /// Takes a card away. Errors: `Silent`. One that is gone already is gone.
    pub async fn forget(&self, method: &str) -> Result<(), CardError> {
        let path = format!("/v1/payment_methods/{method}/detach");
        match self.line.post::<Named>(&path, &[], &format!("{method} detach")).await {
            Ok(_) | Err(AskError::Refused { status: 400 | 404, .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

/// What a payment's call was answered with.
fn answer(payment: &Payment, said: Result<Intent, AskError>) -> Answer {
    match said {
        Ok(intent) => intent.answer(payment.money),
        Err(AskError::Refused { intent: Some(intent), reason, .. }) => match intent.answer(payment.money) {
            // Some errors say why the card did not pay, and not the payment that comes with them.
            Answer::Said(said) if said.status == Status::Refused => {
                Answer::Said(Said { reason: said.reason.or(reason), ..said })
            }
            said @ (Answer::Said(_) | Answer::Nothing | Answer::Refused(_) | Answer::Silent(_)) => said,
        },
        Err(AskError::Refused { status: 402, reason, .. }) => {
            Answer::Refused(reason.unwrap_or_else(|| "card_declined".into()))
        }
        Err(error) => Answer::Silent(error.to_string()),
    }
}
