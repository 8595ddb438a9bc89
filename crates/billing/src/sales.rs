//! Requests of customers to the operator's sales: what is wanted, how much, from when.
//!
//! In:  what a customer asks for; what becomes of it. Out: the request after it.
//! Invariant: a request orders nothing and holds no money; an offer answers it once.
//! Source: S3, "to buy resource packs, contact sales"; docs/sales.md.

use units::{AccountId, Calendar, Money, SalesRequestId, Timestamp};

/// Where a request stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// It waits for an offer.
    Open,
    /// An offer was made.
    Answered,
    /// The operator makes none.
    Declined,
    /// The customer took it back.
    Withdrawn,
}

/// What can happen to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    Answer,
    Decline,
    Withdraw,
}

impl Event {
    pub const ALL: [Event; 3] = [Event::Answer, Event::Decline, Event::Withdraw];

    const fn refused(self) -> &'static str {
        match self {
            Event::Answer => "gets no offer",
            Event::Decline => "is not declined",
            Event::Withdraw => "is not withdrawn",
        }
    }
}

impl State {
    pub const ALL: [State; 4] = [State::Open, State::Answered, State::Declined, State::Withdrawn];

    pub const fn as_str(self) -> &'static str {
        match self {
            State::Open => "open",
            State::Answered => "answered",
            State::Declined => "declined",
            State::Withdrawn => "withdrawn",
        }
    }

    pub fn parse(text: &str) -> Option<State> {
        State::ALL.into_iter().find(|it| it.as_str() == text)
    }

    /// Every allowed step. What is not listed is refused.
    pub fn on(self, event: Event) -> Result<State, SalesError> {
        match (self, event) {
            // A second offer may take the place of one that was not accepted.
            (State::Open | State::Answered, Event::Answer) => Ok(State::Answered),
            (State::Open, Event::Decline) => Ok(State::Declined),
            (State::Open, Event::Withdraw) => Ok(State::Withdrawn),
            (state, event) => Err(SalesError::Step { state, event }),
        }
    }
}

/// What a customer asks of sales.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    pub id: SalesRequestId,
    pub account: AccountId,
    /// Of which product, where one is named.
    pub product: Option<String>,
    pub quantity: Option<u32>,
    /// The day from which it is wanted, such as `2026-08-01`.
    pub from: Option<String>,
    /// What the customer would like to pay for all of it.
    pub price: Option<Money>,
    pub message: String,
    pub state: State,
    pub created: Timestamp,
    pub ended: Option<Timestamp>,
    /// Why it was declined; may be empty.
    pub reason: String,
}

/// Why something about requests is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SalesError {
    #[error("a request that is {} {}", .state.as_str(), .event.refused())]
    Step { state: State, event: Event },
    #[error("say in 1 to {LONGEST} characters what is wanted")]
    Message,
    #[error("`{0}` is no day; write it like 2026-08-01")]
    Day(String),
    #[error("a quantity is 1 or more")]
    Quantity,
    #[error("there are {0} open requests already; withdraw one first")]
    TooMany(usize),
}

/// Characters of a message.
pub const LONGEST: usize = 2_000;
/// Open requests of one account.
pub const MOST: usize = 20;

/// A message as it is kept. Errors: `Message`.
pub fn message(text: &str) -> Result<String, SalesError> {
    let text = text.trim();
    if (1..=LONGEST).contains(&text.chars().count()) {
        Ok(text.to_string())
    } else {
        Err(SalesError::Message)
    }
}

/// A request that is to be made.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    pub id: SalesRequestId,
    pub account: AccountId,
    /// One of the price book.
    pub product: Option<&'a str>,
    pub quantity: Option<u32>,
    /// A day, such as `2026-08-01`.
    pub from: Option<&'a str>,
    pub price: Option<Money>,
    pub message: &'a str,
}

/// A request of an account of which `waiting` others wait.
///
/// Errors: a quantity of nothing, a day that is none, a message without a word, too many that wait.
pub fn ask(
    wanted: Wanted<'_>,
    waiting: usize,
    calendar: &Calendar,
    now: Timestamp,
) -> Result<Request, SalesError> {
    let Wanted { id, account, product, quantity, from, price, message: text } = wanted;
    let (quantity, from) = (pieces(quantity)?, from.map(|it| day(it, calendar)).transpose()?);
    let message = message(text)?;
    if waiting >= MOST {
        return Err(SalesError::TooMany(waiting));
    }
    Ok(Request {
        id,
        account,
        product: product.map(str::to_string),
        quantity,
        from,
        price,
        message,
        state: State::Open,
        created: now,
        ended: None,
        reason: String::new(),
    })
}

/// How many are asked for, where it is said. Errors: `Quantity` for none.
pub const fn pieces(quantity: Option<u32>) -> Result<Option<u32>, SalesError> {
    match quantity {
        Some(0) => Err(SalesError::Quantity),
        Some(_) | None => Ok(quantity),
    }
}

/// A day as it is kept. Errors: `Day`.
pub fn day(text: &str, calendar: &Calendar) -> Result<String, SalesError> {
    match calendar.parse(&format!("{text} 00:00:00")) {
        Ok(_) if text.len() == 10 => Ok(text.to_string()),
        Ok(_) | Err(_) => Err(SalesError::Day(text.chars().take(20).collect())),
    }
}

impl Request {
    /// The request after a step. Errors: `Step`.
    pub fn on(self, event: Event, now: Timestamp) -> Result<Request, SalesError> {
        Ok(Request { state: self.state.on(event)?, ended: Some(now), ..self })
    }
}

#[cfg(test)]
mod tests;
