//! A simulated gateway: cards that behave as they are told to.
//!
//! In:  a payment and what is asked of it. Out: what a gateway would say.
//! Invariant: the same question of the same payment has the same answer; nothing leaves the process.

use billing::card_refund::{self, CardRefund};
use billing::payment::{Answer, Call, Payment, Said, State, Status};
use std::collections::BTreeMap;

/// How a card behaves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Manner {
    #[default]
    Pays,
    Declines,
    /// Its holder is asked for a proof.
    Asks,
    /// Its bank agrees, and does not keep the sum until it is to be taken.
    Forgets,
    /// The gateway says nothing, and asks no bank.
    Away,
    /// It pays, and takes nothing back.
    Keeps,
}

impl Manner {
    pub const ALL: [Manner; 6] =
        [Manner::Pays, Manner::Declines, Manner::Asks, Manner::Forgets, Manner::Away, Manner::Keeps];

    pub const fn as_str(self) -> &'static str {
        match self {
            Manner::Pays => "pays",
            Manner::Declines => "declines",
            Manner::Asks => "asks",
            Manner::Forgets => "forgets",
            Manner::Away => "away",
            Manner::Keeps => "keeps",
        }
    }

    pub fn parse(text: &str) -> Option<Manner> {
        Manner::ALL.into_iter().find(|it| it.as_str() == text)
    }
}

/// A gateway in memory.
#[derive(Clone, Debug, Default)]
pub struct Simulated {
    /// How cards behave, by what the gateway calls them; others pay.
    pub manners: BTreeMap<String, Manner>,
    /// Whether holders gave the proof that they were asked for, by payment.
    pub proofs: BTreeMap<String, Proof>,
}

/// What became of a proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    Given,
    Failed,
}

impl Simulated {
    /// What a gateway would say.
    pub fn ask(&self, payment: &Payment, call: Call) -> Answer {
        let manner = self.manners.get(&payment.method).copied().unwrap_or_default();
        let said = |status, reason: Option<&str>| {
            Answer::Said(Said {
                intent: format!("simulated {}", payment.id),
                status,
                money: payment.money,
                reason: reason.map(str::to_string),
            })
        };
        match (call, manner) {
            (Call::Find, _) => Answer::Nothing,
            (Call::Authorise, Manner::Pays | Manner::Forgets | Manner::Keeps) => {
                said(Status::Authorised, None)
            }
            (Call::Authorise, Manner::Declines) => said(Status::Refused, Some("card_declined")),
            (Call::Authorise, Manner::Asks) => said(Status::Challenged, None),
            (Call::Authorise, Manner::Away) => Answer::Silent("it is away".into()),
            (Call::Capture(_), Manner::Forgets) => said(Status::Cancelled, None),
            (
                Call::Capture(_),
                Manner::Pays | Manner::Declines | Manner::Asks | Manner::Away | Manner::Keeps,
            ) => said(Status::Paid, None),
            (Call::Cancel, _) => said(Status::Cancelled, None),
            (Call::Look, _) => match (payment.state, self.proofs.get(&payment.id.to_string())) {
                (State::Challenged, None) => said(Status::Challenged, None),
                (State::Challenged, Some(Proof::Given)) => said(Status::Authorised, None),
                (State::Challenged, Some(Proof::Failed)) => {
                    said(Status::Refused, Some("payment_intent_authentication_failure"))
                }
                (_, _) => said(Status::Open, None),
            },
        }
    }

    /// What a gateway would say of what goes back to a card by `payment`.
    pub fn give_back(
        &self,
        it: &CardRefund,
        payment: &Payment,
        call: card_refund::Call,
    ) -> card_refund::Answer {
        let manner = self.manners.get(&payment.method).copied().unwrap_or_default();
        match (call, manner) {
            (card_refund::Call::Find, _) => card_refund::Answer::Nothing,
            (card_refund::Call::Send, Manner::Keeps) => {
                card_refund::Answer::Refused("charge_not_refundable".into())
            }
            (
                card_refund::Call::Send,
                Manner::Pays | Manner::Declines | Manner::Asks | Manner::Forgets | Manner::Away,
            ) => card_refund::Answer::Sent(format!("simulated {}", it.id)),
        }
    }
}
