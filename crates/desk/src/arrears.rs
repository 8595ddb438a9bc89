//! Arrears: after money moved, whether the account is in arrears, and what its resources do next.

use super::{At, Refusal, events, life, resources};
use billing::life::Standing;
use billing::notice::{Notice, NoticeKind};
use store::{Tx, accounts, ledger};
use units::{AccountId, Timestamp};

/// How the account stands towards its resources.
pub fn standing(tx: &mut Tx<'_>, id: AccountId) -> Result<Standing, Refusal> {
    let account = accounts::get(tx, id)?;
    let wallet = ledger::get(tx, id, account.currency)?.wallet;
    Ok(Standing { arrears_since: account.arrears_since, balance: wallet.balance() })
}

/// Begins or ends the arrears of an account, lets resources resume, and notes what falls due next.
///
/// Source: R-ARR-1 to R-ARR-4.
pub fn evaluate(tx: &mut Tx<'_>, at: At<'_>, id: AccountId) -> Result<(), Refusal> {
    let before = standing(tx, id)?;

    let since = billing::arrears::since(before.arrears_since, before.balance, at.now);
    let standing = Standing { arrears_since: since, ..before };

    if since != before.arrears_since {
        accounts::set_arrears(tx, id, since)?;
        if let Some(since) = since {
            tell(tx, id, since)?;
        }
        events::arrears(tx, id, since, at.now)?;
    }
    for read in store::resources::of_account(tx, id)? {
        match billing::life::resume(&read.resource, standing) {
            Some(event) => resources::step(tx, at, read, event).map(drop)?,
            None if since != before.arrears_since => life::refresh(tx, at, read, standing)?,
            None => {}
        }
    }
    Ok(())
}

/// Tells the customer that the account fell into arrears. Source: R-ARR-8.
fn tell(tx: &mut Tx<'_>, id: AccountId, since: Timestamp) -> Result<(), Refusal> {
    let subject = accounts::get(tx, id)?.name;
    let (kind, occasion) = (NoticeKind::InArrears, since.to_string());
    store::notices::add(
        tx,
        &[Notice { account: id, subject, kind, threshold: 0, occasion, at: since }],
        since,
    )?;
    Ok(())
}
