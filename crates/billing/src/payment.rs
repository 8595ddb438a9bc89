//! Payments by card: where one stands, what is asked of the gateway next, what follows from what it says.
//!
//! In:  payments, what the gateway says of them. Out: the payment after that, the next call, why it is refused.
//! Invariant: an authorisation is a state of the payment, never money. Every payment is authorised first and captured by
//! the gateway's own id after that, so no call that is made twice can charge twice.
//! Rules: R-PAY-2, the payment states of section 6, R-ORD-3.

pub mod automatic;
pub mod limits;
pub mod reconcile;
pub mod split;
mod states;

pub use states::{Event, State, StepError};

use units::{AccountId, CardId, Money, MoneyError, PaymentId, Timestamp};

/// Seconds in which a card has agreed, with the proof of its holder where its bank wants one; then the payment is given up.
///
/// Whoever asked for it does not wait longer, and may have paid otherwise: a gateway that comes back later charges nothing any more.
pub const CHALLENGE_SECONDS: u64 = 15 * 60;
/// Seconds for which nobody else makes a call that somebody began.
pub const CLAIM_SECONDS: u64 = 30;
/// Seconds after which whoever makes a call gives it up: before anybody else begins.
pub const CALL_SECONDS: u64 = 25;
/// Seconds between two looks at a payment whose holder is asked for a proof.
pub const LOOK_SECONDS: u64 = 5;
/// Waits before a call that got no answer is made again, in seconds; the last one goes on.
const WAITS: [u64; 6] = [2, 5, 15, 60, 300, 900];

/// What a payment is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A purchase, or the rest of it.
    Order,
    /// Money for the wallet, because its owner asks for it.
    TopUp,
    /// Money for the wallet, because little is left. Its owner is not there.
    Automatic,
    /// What is owed. Its owner is not there.
    Arrears,
}

impl Kind {
    pub const ALL: [Kind; 4] = [Kind::Order, Kind::TopUp, Kind::Automatic, Kind::Arrears];

    pub const fn as_str(self) -> &'static str {
        match self {
            Kind::Order => "order",
            Kind::TopUp => "top_up",
            Kind::Automatic => "automatic",
            Kind::Arrears => "arrears",
        }
    }

    pub fn parse(text: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|it| it.as_str() == text)
    }

    /// Whether the card's holder is there and may be asked for a proof.
    pub const fn is_attended(self) -> bool {
        match self {
            Kind::Order | Kind::TopUp => true,
            Kind::Automatic | Kind::Arrears => false,
        }
    }
}

/// One payment by card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payment {
    pub id: PaymentId,
    pub account: AccountId,
    pub kind: Kind,
    /// The token of the purchase that it pays for; empty where it pays for none.
    pub group: String,
    pub card: CardId,
    /// The gateway's names of the account and the card.
    pub customer: String,
    pub method: String,
    /// What the card is to pay at most.
    pub money: Money,
    /// What of it is taken; 0 until that is known.
    pub taken: Money,
    /// What of that was given back to the card.
    pub refunded: Money,
    pub state: State,
    /// The gateway's name of it, once it is known.
    pub intent: Option<String>,
    /// Why the card did not pay, as the gateway says it.
    pub reason: Option<String>,
    /// How often its next call was begun.
    pub tries: u32,
    /// When it is looked at next; `None` where nothing is to be asked.
    pub due: Option<Timestamp>,
    pub created: Timestamp,
    pub changed: Timestamp,
}

/// What is asked of the gateway next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    /// Whether there is something under our id already.
    Find,
    Authorise,
    Look,
    Capture(Money),
    Cancel,
}

/// How something stands at the gateway.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It is at work, or waits for a call of ours.
    Open,
    /// Its holder is to prove that the card is its own.
    Challenged,
    Authorised,
    Refused,
    Paid,
    Cancelled,
}

/// What the gateway says of a payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    pub intent: String,
    pub status: Status,
    pub money: Money,
    /// Why the card did not pay.
    pub reason: Option<String>,
}

/// What a call led to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    Said(Said),
    /// There is nothing under our id.
    Nothing,
    /// The card does not pay, and the gateway does not say under which name it knows that.
    Refused(String),
    /// It cannot be asked, or what it answers says nothing.
    Silent(String),
}

/// The gateway says something of a payment that cannot be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unheard {
    #[error("the gateway says {said}, payment {payment} is over {money}")]
    Sum { payment: PaymentId, money: Money, said: Money },
    #[error("the gateway says {said}, payment {payment} is known there as {known}")]
    Name { payment: PaymentId, known: String, said: String },
}

/// Why a card is not taken, or does not pay. Each is a different answer to the customer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CardError {
    #[error("no gateway for cards is set up here; pay by bank transfer, or ask the operator")]
    Off,
    #[error("card {0} was taken away; choose another")]
    Ended(CardId),
    #[error("this card belongs to another account; use one of your own")]
    OfAnother,
    #[error("this card is there already; a card is added once")]
    TokenUsed,
    #[error("the gateway knows no such card: {0}; add it once more, from the card form")]
    Token(String),
    #[error("the card was declined ({0}); use another card")]
    Declined(String),
    #[error(
        "a card pays {least} at least, this would be {sum}; pay more by card, or all of it out of the balance"
    )]
    Minimum { sum: Money, least: Money },
    #[error("a card pays multiples of {step}, this would be {sum}; choose another sum")]
    Fraction { sum: Money, step: Money },
    #[error("{1}")]
    Rule(&'static str, &'static str),
    #[error("{there} cards are there, and an account may have {most}; take one away first")]
    TooMany { there: usize, most: usize },
    #[error(transparent)]
    Step(#[from] StepError),
    #[error(transparent)]
    Unheard(#[from] Unheard),
    #[error("the gateway for cards does not answer: {0}; try again in a moment")]
    Silent(String),
    #[error("the signature is not the gateway's; check the secret of the webhook")]
    Signature,
    #[error("the signature is {0} s old, which is too old; nothing is believed of it")]
    OldSignature(i64),
    #[error(transparent)]
    Money(#[from] MoneyError),
}

/// Cards that one account may have at once.
pub const MOST_CARDS: usize = 10;

impl Payment {
    /// The call that comes next, if any. What was begun before is looked at before it is done again.
    pub fn next(&self) -> Option<Call> {
        let again = self.tries > 0;
        match (self.state, &self.intent) {
            (State::Created, None) => Some(if again { Call::Find } else { Call::Authorise }),
            (State::Created | State::Challenged, Some(_)) => Some(Call::Look),
            (State::Capturing, Some(_)) if again => Some(Call::Look),
            (State::Capturing, Some(_)) => Some(Call::Capture(self.taken)),
            (State::Releasing | State::Declined, Some(_)) if again => Some(Call::Look),
            (State::Releasing | State::Declined, Some(_)) => Some(Call::Cancel),
            (State::Capturing | State::Releasing | State::Declined | State::Challenged, None) => {
                Some(Call::Find)
            }
            (State::Held | State::Captured | State::Released | State::Failed | State::Lost, _) => None,
        }
    }

    /// What is asked at once after an answer that changes nothing: what was looked at is done.
    pub fn resumed(&self, answer: &Answer) -> Option<Call> {
        match (self.state, answer) {
            (State::Created, Answer::Nothing) => Some(Call::Authorise),
            (State::Capturing, Answer::Said(said)) => {
                (said.status == Status::Authorised).then_some(Call::Capture(self.taken))
            }
            (State::Releasing | State::Declined, Answer::Said(said)) => match said.status {
                Status::Open | Status::Challenged | Status::Authorised | Status::Refused => {
                    Some(Call::Cancel)
                }
                Status::Paid | Status::Cancelled => None,
            },
            (_, Answer::Said(_) | Answer::Nothing | Answer::Refused(_) | Answer::Silent(_)) => None,
        }
    }

    /// What follows from an answer; `None` where nothing does. Source: the payment states of section 6.
    pub fn event(&self, answer: &Answer) -> Option<Event> {
        match answer {
            Answer::Said(said) => self.event_of(said.status),
            Answer::Nothing => match self.state {
                State::Releasing | State::Declined => Some(Event::Void),
                State::Created
                | State::Challenged
                | State::Held
                | State::Capturing
                | State::Captured
                | State::Released
                | State::Failed
                | State::Lost => None,
            },
            Answer::Refused(_) => (self.state == State::Created).then_some(Event::Decline),
            Answer::Silent(_) => None,
        }
    }

    fn event_of(&self, status: Status) -> Option<Event> {
        match (self.state, status) {
            (State::Created, Status::Challenged) if self.kind.is_attended() => Some(Event::Challenge),
            (State::Created, Status::Challenged) => Some(Event::Decline),
            (State::Created | State::Challenged, Status::Authorised | Status::Paid) => Some(Event::Authorise),
            (State::Created | State::Challenged, Status::Refused | Status::Cancelled) => Some(Event::Decline),
            (State::Capturing, Status::Paid) => Some(Event::Capture),
            (State::Capturing, Status::Cancelled | Status::Refused) => Some(Event::Lose),
            (State::Releasing | State::Declined, Status::Cancelled) => Some(Event::Void),
            (State::Challenged, Status::Challenged)
            | (
                State::Created | State::Challenged | State::Capturing | State::Releasing | State::Declined,
                _,
            )
            | (State::Held | State::Captured | State::Released | State::Failed | State::Lost, _) => None,
        }
    }

    /// Whether it had time enough to be agreed to, and was not.
    pub fn is_over(&self, now: Timestamp) -> bool {
        let since = now.duration_since(self.created).as_secs();
        let waits = match self.state {
            State::Created | State::Challenged => true,
            State::Held
            | State::Capturing
            | State::Captured
            | State::Releasing
            | State::Released
            | State::Declined
            | State::Failed
            | State::Lost => false,
        };
        waits && since >= i64::try_from(CHALLENGE_SECONDS).unwrap_or(i64::MAX)
    }

    /// Seconds before it is looked at after `event`.
    ///
    /// What was asked for and not answered may get there after it was given up: it is looked for when that must have ended, or its
    /// sum would be kept by the bank and let go of by nobody.
    pub fn pause_after(&self, event: Event) -> u64 {
        match (self.state, event) {
            (State::Created, Event::Release) if self.tries > 0 => CLAIM_SECONDS,
            (State::Created, Event::Challenge) => LOOK_SECONDS,
            (_, _) => 0,
        }
    }

    /// What is remembered of an answer. Errors: another sum or another name than ours; then nothing of it is believed.
    pub fn noted(&self, answer: &Answer) -> Result<Payment, Unheard> {
        match answer {
            Answer::Said(said) => {
                if said.money != self.money {
                    let (payment, money, said) = (self.id, self.money, said.money);
                    return Err(Unheard::Sum { payment, money, said });
                }
                let known = self.intent.as_ref().filter(|it| **it != said.intent);
                if let Some(known) = known {
                    let (payment, known, said) = (self.id, known.clone(), said.intent.clone());
                    return Err(Unheard::Name { payment, known, said });
                }
                let reason = said.reason.clone().or_else(|| self.reason.clone());
                Ok(Payment { intent: Some(said.intent.clone()), reason, ..self.clone() })
            }
            Answer::Refused(reason) => Ok(Payment { reason: Some(reason.clone()), ..self.clone() }),
            Answer::Nothing | Answer::Silent(_) => Ok(self.clone()),
        }
    }

    /// Under what it stands among the top-ups.
    pub fn reference(&self) -> String {
        format!("card {}", self.id)
    }

    /// What stands on the card still and may be given back to it.
    pub fn refundable(&self) -> Money {
        match self.state {
            State::Captured => {
                self.taken.checked_sub(self.refunded).unwrap_or(Money::zero(self.money.currency()))
            }
            State::Created
            | State::Challenged
            | State::Held
            | State::Capturing
            | State::Releasing
            | State::Released
            | State::Declined
            | State::Failed
            | State::Lost => Money::zero(self.money.currency()),
        }
    }
}

/// How long to wait before a call that got no answer is made for the `tries`th time, in seconds.
pub fn wait_seconds(tries: u32) -> u64 {
    let at = usize::try_from(tries.saturating_sub(1)).unwrap_or(usize::MAX);
    WAITS[at.min(WAITS.len() - 1)]
}

#[cfg(test)]
mod tests;
