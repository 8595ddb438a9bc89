//! What is asked for as a correction, and what it led to.

use crate::Refusal;
use billing::bill::Bill;
use billing::correction::Correction;
use store::recounts::Waiting;
use units::{AccountId, Cycle};

/// A correction that is asked for.
#[derive(Clone, Debug)]
pub struct Ask {
    /// What tells it from others: the same again changes nothing.
    pub id: String,
    pub reason: String,
    /// Who asks: a key, or the command line.
    pub actor: String,
    /// Whose thing it is, where that is said: of another's it is refused.
    pub account: Option<AccountId>,
    pub what: Correction,
}

/// What a correction led to.
#[derive(Debug, Default)]
pub struct Made {
    /// The account that it is of; `None` for all, and where it had been made before.
    pub account: Option<AccountId>,
    /// The bill of a credit or a debit.
    pub bill: Option<Bill<'static>>,
    /// Closed cycles that the next close of their kind rates once more.
    pub closed: Vec<Waiting>,
    /// Open cycles, whose close takes it into account.
    pub open: Vec<Cycle>,
}

/// That the thing is of the account that was named. Errors: `NotFound` of the field `account`.
pub(super) fn is_of(ask: &Ask, owner: AccountId, what: &str) -> Result<(), Refusal> {
    match ask.account {
        Some(named) if named != owner => {
            Err(Refusal::missing(format!("{what} of account {named}")).of("account"))
        }
        Some(_) | None => Ok(()),
    }
}
