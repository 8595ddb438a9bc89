//! Reasons: why something was refused, for a face that says it in words of its own.
//!
//! In:  a refusal of the desk, or what is wrong with a field. Out: the reason with its values.
//! Invariant: it says nothing that the detail of the problem does not say.

use super::rule::Rule;
use billing::change::ChangeError;
use billing::conversion::ConversionError;
use billing::impact::MonthError;
use billing::options::OptionError;
use billing::order::OrderError;
use billing::order::open::Open;
use billing::quote::QuoteError;
use billing::renewal::RenewalError;
use billing::user::UserError;
use desk::Refusal;
use units::calendar::CalendarError;
use units::{Money, OrderId};

/// Why something was refused.
#[derive(Clone, Debug)]
pub enum Reason {
    /// A word that is none of those that can be chosen.
    NotAmong {
        word: String,
        words: Vec<String>,
    },
    /// A text that is no whole number.
    NoNumber(String),
    /// A field that has to be filled in, and is empty.
    Empty,
    /// Another price than the one that was agreed to; the same where what is held beside it is another.
    Price {
        quoted: Money,
        now: Money,
    },
    /// An order about the same did not come out yet.
    OpenOrder(Open),
    Change(ChangeError),
    Conversion(ConversionError),
    Renewal(RenewalError),
    Option(OptionError),
    Quote(QuoteError),
    Month(MonthError),
    Calendar(CalendarError),
    /// What the field may hold.
    Rule(Rule),
}

impl Reason {
    /// The reason of a refusal; `None` where its detail is all there is.
    pub fn of(refusal: &Refusal) -> Option<Reason> {
        if let Refusal::Of { refusal, .. } | Refusal::OfItem { refusal, .. } = refusal {
            return Reason::of(refusal);
        }
        if let Some(open) = refusal.open_order() {
            return Some(Reason::OpenOrder(open));
        }
        if let Refusal::Order(OrderError::PriceChanged { quoted, now }) = refusal {
            return Some(Reason::Price { quoted: *quoted, now: *now });
        }
        if let Refusal::User(UserError::Role(word, words)) = refusal {
            let words = words.split(", ").map(str::to_string).collect();
            return Some(Reason::NotAmong { word: word.clone(), words });
        }
        if let Some(rule) = Rule::of(refusal) {
            return Some(Reason::Rule(rule));
        }
        if let Refusal::Change(it) = refusal {
            return Some(Reason::Change(it.clone()));
        }
        if let Refusal::Conversion(it) = refusal {
            return Some(Reason::Conversion(it.clone()));
        }
        if let Refusal::Renewal(it) = refusal {
            return Some(Reason::Renewal(it.clone()));
        }
        if let Refusal::Option(it) = refusal {
            return Some(Reason::Option(it.clone()));
        }
        if let Refusal::Quote(it) = refusal {
            return Some(Reason::Quote(it.clone()));
        }
        if let Refusal::Month(it) = refusal {
            return Some(Reason::Month(it.clone()));
        }
        if let Refusal::Calendar(it) = refusal {
            return Some(Reason::Calendar(it.clone()));
        }
        None
    }

    /// The order that stands in the way, where one does.
    pub const fn order(&self) -> Option<OrderId> {
        match self {
            Reason::OpenOrder(open) => Some(open.order),
            Reason::NotAmong { .. }
            | Reason::NoNumber(_)
            | Reason::Empty
            | Reason::Price { .. }
            | Reason::Change(_)
            | Reason::Conversion(_)
            | Reason::Renewal(_)
            | Reason::Option(_)
            | Reason::Quote(_)
            | Reason::Month(_)
            | Reason::Calendar(_)
            | Reason::Rule(_) => None,
        }
    }
}
