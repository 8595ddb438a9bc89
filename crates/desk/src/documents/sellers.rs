//! Who sells, and the taxes: the operator's file.
//!
//! In:  the text of a file. Out: what holds from now on for what is issued.
//! Invariant: a file with a problem is not applied; documents that were issued keep what they said, and their entity stays.

use crate::{At, Refusal, journal};
use billing::document::error::DocumentError;
use billing::document::party::Party;
use billing::document::seller::Sellers;
use store::Tx;
use store::documents::{self as rows, AppliedSellers};
use units::AccountId;

/// Reads a file. Errors: `Seller` with every problem.
pub fn read(text: &str) -> Result<Sellers, Refusal> {
    let told =
        |all: Vec<pricebook::Problem>| DocumentError::Seller(all.iter().map(ToString::to_string).collect());
    Ok(pricebook::sellers(text).map_err(told)?)
}

/// Who sells now. Errors: `NoSeller`.
pub fn now(tx: &mut Tx<'_>) -> Result<Sellers, Refusal> {
    read(&rows::sellers(tx)?.ok_or(DocumentError::NoSeller)?.body)
}

/// Whose account the money of a customer goes to: who sells to it. `None` where nobody sells yet, or has no account.
pub fn payee(tx: &mut Tx<'_>, account: AccountId) -> Result<Option<Party>, Refusal> {
    let Some(file) = rows::sellers(tx)? else { return Ok(None) };
    let country = rows::details(tx, account)?.party.country;
    let payee = read(&file.body)?.to(&country).map(|it| it.party.clone());
    Ok(payee.filter(|it| !it.bank_account.is_empty()))
}

/// The file that holds, if one was applied.
pub fn applied(tx: &mut Tx<'_>) -> Result<Option<AppliedSellers>, Refusal> {
    Ok(rows::sellers(tx)?)
}

/// Applies a file: it holds from now on. The one that holds, applied again, changes nothing.
///
/// Errors: `Seller` with every problem of it, such as an entity that is gone though it has issued documents.
pub fn apply(tx: &mut Tx<'_>, at: At<'_>, text: &str, by: &str) -> Result<AppliedSellers, Refusal> {
    stays(tx, &read(text)?)?;
    let (before, id) = (rows::sellers(tx)?, journal::digest(text.as_bytes()));
    if let Some(before) = before.as_ref().filter(|it| it.id == id) {
        return Ok(before.clone());
    }
    let number = before.map_or(1, |it| it.number + 1);
    let new = AppliedSellers { number, id, body: text.to_string(), applied: at.now, by: by.to_string() };
    rows::apply_sellers(tx, &new)?;
    Ok(new)
}

/// Whether every entity that has issued documents is still there: credit notes are issued by the entity of their invoice.
fn stays(tx: &mut Tx<'_>, sellers: &Sellers) -> Result<(), Refusal> {
    let issued = rows::entities(tx)?.into_iter();
    let gone = issued.filter(|id| sellers.entities.iter().all(|it| it.id != *id));
    let told =
        |id| format!("the entity `{id}` has issued documents and is not in this file. Keep its [[entity]].");
    let gone: Vec<String> = gone.map(told).collect();
    if gone.is_empty() { Ok(()) } else { Err(DocumentError::Seller(gone).into()) }
}
