//! Cash of a refund on its way back to a card: what is asked of the gateway next, what follows from what it says.
//!
//! In:  a row with what is to go back, what the gateway says. Out: the row after that.
//! Invariant: what was asked and got no answer is looked for before it is asked again; it ends once, at the card or in the wallet.
//! Rules: R-REF-4.

use crate::payment::{CLAIM_SECONDS, wait_seconds};
use units::calendar::seconds_after;
use units::{AccountId, CardRefundId, Money, PaymentId, RefundId, Timestamp};

/// So long the gateway is asked for it. After that it is only looked for, and where it is not there the wallet has the money.
///
/// Longer than a gateway keeps what was said under an Idempotency-Key.
pub const SEND_SECONDS: i64 = 3 * 86_400;

/// Where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    /// It is to be sent, or was and got no answer.
    ToSend,
    /// The gateway has it.
    Sent,
    /// The card takes nothing back: the money is in the wallet.
    Failed,
}

impl State {
    pub const ALL: [State; 3] = [State::ToSend, State::Sent, State::Failed];

    pub const fn as_str(self) -> &'static str {
        match self {
            State::ToSend => "to_send",
            State::Sent => "sent",
            State::Failed => "failed",
        }
    }

    pub fn parse(text: &str) -> Option<State> {
        State::ALL.into_iter().find(|it| it.as_str() == text)
    }
}

/// What of a refund goes back to one card. Its id is the name under which the gateway is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CardRefund {
    pub id: CardRefundId,
    pub account: AccountId,
    pub refund: RefundId,
    /// The payment by which the card paid.
    pub payment: PaymentId,
    /// Above zero.
    pub money: Money,
    pub state: State,
    /// The gateway's name of it, once it is known.
    pub name: Option<String>,
    /// Why the card takes nothing back, or why the gateway said nothing last.
    pub reason: Option<String>,
    /// How often its next call was begun.
    pub tries: u32,
    /// When it is looked at next; `None` where nothing is to be asked.
    pub due: Option<Timestamp>,
    pub created: Timestamp,
    pub changed: Timestamp,
}

/// What is asked of the gateway.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    /// Whether there is something under our id already.
    Find,
    Send,
}

/// What a call led to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It is there, under this name.
    Sent(String),
    /// There is nothing under our id.
    Nothing,
    /// It is not done, there is nothing under our id, and asking again changes nothing.
    Refused(String),
    /// It cannot be asked, or what it answers says nothing.
    Silent(String),
}

impl CardRefund {
    /// The call that comes next: what was begun before is looked for.
    pub const fn next(&self) -> Call {
        if self.tries > 0 { Call::Find } else { Call::Send }
    }

    /// What is asked at once after an answer: what is not there is sent, while it is still asked for.
    pub fn resumed(&self, answer: &Answer, now: Timestamp) -> Option<Call> {
        match answer {
            Answer::Nothing if !self.is_over(now) => Some(Call::Send),
            Answer::Nothing | Answer::Sent(_) | Answer::Refused(_) | Answer::Silent(_) => None,
        }
    }

    /// The same in the hand of whoever makes its next call: nobody else makes it for a while. `None` where none is due.
    pub fn claimed(&self, now: Timestamp) -> Option<CardRefund> {
        let is_due = self.state == State::ToSend && self.due.is_some_and(|it| it <= now);
        let (tries, due) = (self.tries.saturating_add(1), seconds_after(now, CLAIM_SECONDS).ok());
        is_due.then(|| CardRefund { tries, due, ..self.clone() })
    }

    /// How it stands after an answer. What is over stays as it is.
    pub fn heard(&self, answer: &Answer, now: Timestamp) -> CardRefund {
        let it = self.clone();
        if self.state != State::ToSend {
            return it;
        }
        match answer {
            Answer::Sent(name) => {
                let (state, name) = (State::Sent, Some(name.clone()));
                CardRefund { state, name, reason: None, due: None, changed: now, ..it }
            }
            Answer::Refused(reason) => it.failed(reason, now),
            Answer::Nothing if self.is_over(now) => {
                let reason = self.reason.clone().unwrap_or_else(|| "not_answered".to_string());
                it.failed(&reason, now)
            }
            Answer::Nothing => CardRefund { due: later(now, wait_seconds(self.tries)), ..it },
            Answer::Silent(why) => {
                let reason = Some(why.clone());
                CardRefund { reason, due: later(now, wait_seconds(self.tries)), ..it }
            }
        }
    }

    fn failed(self, reason: &str, now: Timestamp) -> CardRefund {
        let (state, reason) = (State::Failed, Some(reason.to_string()));
        CardRefund { state, reason, due: None, changed: now, ..self }
    }

    fn is_over(&self, now: Timestamp) -> bool {
        now.duration_since(self.created).as_secs() >= SEND_SECONDS
    }
}

fn later(now: Timestamp, seconds: u64) -> Option<Timestamp> {
    Some(seconds_after(now, seconds).unwrap_or(now))
}

#[cfg(test)]
mod tests;
