//! Balance alerts: the customer is told that little is left.
//!
//! In:  an account whose money moved, or whose threshold changed. Out: what it is told, noted on the sheet.
//! Invariant: an account without a threshold is never told.
//! Rules: R-WAL-5.

use super::Refusal;
use super::act::Act;
use super::events;
use billing::notice::{Notice, NoticeKind};
use store::{StoreError, Tx, accounts};
use units::AccountId;

/// Tells the customer that little is left, if it is time to. Source: R-WAL-5.
pub fn test(tx: &mut Tx<'_>, act: &mut Act<'_>, id: AccountId) -> Result<(), Refusal> {
    let mut found = accounts::with_wallets(tx, [id])?;
    let (account, wallet) = found.remove(&id).ok_or_else(|| StoreError::NotFound(format!("account {id}")))?;
    if account.alert.is_zero() {
        return Ok(());
    }
    let today = act.at.desk.calendar.midnight_after(act.at.now, 0)?;

    let (told, message) = billing::alert::test(account.alert, wallet.available(), account.told, today)?;

    if told != account.told {
        act.sheet.told.push((id, told));
    }
    if let Some(threshold) = message {
        act.sheet.news.push(events::low(&wallet, account.alert));
        let (subject, kind, occasion) = (account.name, NoticeKind::BalanceLow, today.to_string());
        act.sheet.notices.push(Notice { account: id, subject, kind, threshold, occasion, at: act.at.now });
    }
    Ok(())
}
