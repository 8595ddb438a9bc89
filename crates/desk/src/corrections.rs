//! Corrections by people: made, found again, and tried without being made.
//!
//! In:  what an operator asks for, with who and why. Out: a correction, and what follows from it.
//! Invariant: nothing is edited: a correction is a row of its own, and stands beside or above what was wrong. The same
//! under the same id changes nothing; something else under it is a conflict.
//! Rules: R-COR-1, R-SET-5.

pub mod ask;
pub mod bills;
pub mod one_price;
pub mod preview;
pub mod prices;
mod readings;

use super::facts::{self, Fact};
use super::{At, Refusal};
pub use ask::{Ask, Made};
use billing::correction::{self, Correction};
use serde_json::{Map, Value};
use store::{StoreError, Tx, corrections};
use units::AccountId;

/// Makes a correction.
///
/// Errors: `Reason`, `Id`; `Differs` when the id was used for something else; `NotFound` of the field that names what is not
/// there, or is another account's; those of each kind.
pub fn make(tx: &mut Tx<'_>, at: At<'_>, ask: &Ask) -> Result<Made, Refusal> {
    correction::id(&ask.id).map_err(|it| Refusal::from(it).of("id"))?;
    correction::reason(&ask.reason).map_err(|it| Refusal::from(it).of("reason"))?;
    if let Some(before) = corrections::get(tx, &ask.id)? {
        return match same(&before, ask) {
            true => Ok(Made::default()),
            false => Err(Refusal::from(StoreError::Differs(format!("correction {}", ask.id))).of("id")),
        };
    }
    let number = corrections::next_number(tx)?;
    let made = match &ask.what {
        Correction::Void { source, event } => {
            readings::correct(tx, at, &readings::Wish { ask, number, source, event, quantity: None })?
        }
        Correction::Replace { source, event, quantity } => {
            let quantity = Some(*quantity);
            readings::correct(tx, at, &readings::Wish { ask, number, source, event, quantity })?
        }
        Correction::Credit(aim) => {
            bills::correct(tx, at, &bills::Wish { ask, number, aim, way: bills::Way::Credit })?
        }
        Correction::Debit(aim) => {
            bills::correct(tx, at, &bills::Wish { ask, number, aim, way: bills::Way::Debit })?
        }
        Correction::Rerate(rerate) => prices::correct(tx, at, &prices::Wish { ask, number, rerate })?,
    };
    let row = row(ask, number, made.account, at);
    corrections::add(tx, &row)?;
    facts::note(tx, &[Fact::correction(&row)], at.now)?;
    Ok(made)
}

/// The same was asked for before: by whomever.
fn same(before: &corrections::Correction, ask: &Ask) -> bool {
    before.kind == ask.what.as_str() && before.reason == ask.reason && before.body == body(&ask.what)
}

fn row(ask: &Ask, number: i64, account: Option<AccountId>, at: At<'_>) -> corrections::Correction {
    corrections::Correction {
        number,
        id: ask.id.clone(),
        account,
        kind: ask.what.as_str().to_string(),
        actor: ask.actor.clone(),
        reason: ask.reason.clone(),
        at: at.now,
        body: body(&ask.what),
    }
}

/// What a correction says, as its row keeps it.
fn body(what: &Correction) -> String {
    let figures = what.figures().into_iter().map(|(name, value)| (name.to_string(), Value::from(value)));
    Value::Object(figures.collect::<Map<_, _>>()).to_string()
}
