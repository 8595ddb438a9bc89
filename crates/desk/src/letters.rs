//! Letters: what happened is noted to be told by mail, addressed, and read again when a mail of it is written.
//!
//! In:  notices, orders, sessions, invitations. Out: letters in the transaction of what they tell; mails; what they say.
//! Invariant: where no mail goes out, nothing is noted; a link stands in a letter sealed, and no longer than it holds.
//! Rules: R-PKG-15, R-ARR-1; docs/mail.md.

mod addressed;
mod told;

pub(crate) use addressed::unreadable;
pub use addressed::{Addressed, address, stands, waits};
pub use told::{Back, Told, told};

use super::refunds::Refund;
use super::{At, Refusal};
use billing::letter::{Letter, LetterKind};
use billing::notice::Notice;
use billing::order::{Order, PieceState, State};
use billing::user::{House, INVITATION_SECONDS, Session, User};
use providers::installation::InstallationKey;
use std::net::IpAddr;
use store::letters::{self as rows, Mailing};
use store::{Tx, mails, notices, sessions};
use units::{Timestamp, UserId};

/// For so long a place from where somebody signed in is known.
const PLACE_KEPT: jiff::SignedDuration = jiff::SignedDuration::from_hours(24 * 180);

/// Tells a customer something, and by mail where mail goes out. Gives whether it is new.
pub(crate) fn notice(tx: &mut Tx<'_>, at: At<'_>, it: &Notice) -> Result<bool, Refusal> {
    if notices::add(tx, std::slice::from_ref(it), at.now)? == 0 {
        return Ok(false);
    }
    if at.desk.mail == Mailing::On {
        rows::add_one(tx, &Letter::of(it), at.now)?;
    }
    Ok(true)
}

/// A letter about an order, which is told once.
fn of_order(at: At<'_>, it: &Order, kind: LetterKind, subject: &str) -> Option<Letter> {
    let letter =
        || Letter { at: at.now, ..Letter::once(House::Account(it.account), kind, subject, it.created) };
    (at.desk.mail == Mailing::On).then(letter)
}

/// The receipt of the purchase that an order is of: one, however many orders. What is paid by use has none, nor has what did not
/// come. Where a card pays, it is made when that is charged.
pub(crate) fn paid(at: At<'_>, it: &Order) -> Option<Letter> {
    let receipt = || of_order(at, it, LetterKind::OrderReceipt, &it.group);
    if it.total.is_positive() && it.state != State::DeliveryFailed { receipt() } else { None }
}

/// What is told of something that was given back.
pub(crate) fn refunded(at: At<'_>, it: &Refund) -> Option<Letter> {
    let (house, subject) = (House::Account(it.account), it.id.to_string());
    let letter = || Letter { at: at.now, ..Letter::once(house, LetterKind::Refund, &subject, it.at) };
    (at.desk.mail == Mailing::On).then(letter)
}

/// What is told of an order when nothing is waited for any more: where its pieces are, or that none came. That packs came
/// the receipt says, and until when what was renewed lives.
pub(crate) fn ended(at: At<'_>, it: &Order) -> Option<Letter> {
    let waits = it.pieces.iter().any(|it| it.state == PieceState::Waiting);
    let kind = match it.state {
        State::Delivered if !waits && !it.comes_when_paid() => LetterKind::OrderDelivered,
        State::DeliveryFailed => LetterKind::OrderFailed,
        State::Delivered
        | State::Unpaid
        | State::Paying
        | State::Paid
        | State::Delivering
        | State::Closed
        | State::Expired
        | State::Invalid
        | State::Refunded => return None,
    };
    of_order(at, it, kind, &it.id.to_string())
}

/// What the link of an invitation is sealed for.
fn purpose(id: UserId) -> String {
    format!("invitation of {id}")
}

/// Sends somebody the link with which a password is set, where mail goes out.
pub fn invitation(
    tx: &mut Tx<'_>,
    at: At<'_>,
    user: &User,
    link: &str,
    now: Timestamp,
) -> Result<(), Refusal> {
    let Some(key) = at.desk.key.as_ref().filter(|_| at.desk.mail == Mailing::On) else { return Ok(()) };
    let sealed = Some(key.seal(&purpose(user.id), link)?);
    let letter = Letter::once(user.house, LetterKind::Invitation, &user.id.to_string(), now);
    rows::add_one(tx, &Letter { user: Some(user.id), sealed, ..letter }, at.now)?;
    Ok(())
}

/// The network of an address: what stays the same where a provider hands out another address.
fn place(address: &str) -> Option<String> {
    match address.parse::<IpAddr>().ok()?.to_canonical() {
        IpAddr::V4(it) => {
            let [a, b, c, _] = it.octets();
            Some(format!("{a}.{b}.{c}.0/24"))
        }
        IpAddr::V6(it) => {
            let [a, b, c, ..] = it.segments();
            Some(format!("{a:x}:{b:x}:{c:x}::/48"))
        }
    }
}

/// Somebody signed in: from a network that is new for this person, it is told. The first one ever is nothing new.
pub(crate) fn signed_in(tx: &mut Tx<'_>, user: &User, it: &Session, now: Timestamp) -> Result<(), Refusal> {
    let Some(place) = place(&it.address) else { return Ok(()) };
    let known = sessions::places(tx, user.id)?;
    let since = now.checked_sub(PLACE_KEPT).unwrap_or(Timestamp::MIN);
    sessions::note_place(tx, user.id, &place, now, since)?;
    if known.is_empty() || known.contains(&place) || rows::mailing(tx)? == Mailing::Off {
        return Ok(());
    }
    let letter = Letter::once(user.house, LetterKind::SignIn, &it.address, now);
    let letter = Letter { user: Some(user.id), occasion: it.agent.clone(), ..letter };
    // It waits by the clock of the till, which may be one for tests: from the beginning, so that it is due at once.
    rows::add_one(tx, &letter, Timestamp::UNIX_EPOCH)?;
    Ok(())
}

/// Forgets mails and letters from before `old`, and links that hold no more.
pub(crate) fn forget(tx: &mut Tx<'_>, old: Timestamp, now: Timestamp) -> Result<(), Refusal> {
    let seconds = i64::try_from(INVITATION_SECONDS).unwrap_or(i64::MAX);
    rows::unseal_before(tx, now.checked_sub(jiff::SignedDuration::from_secs(seconds)).unwrap_or(old))?;
    mails::drop_before(tx, old)?;
    Ok(rows::drop_before(tx, old)?)
}

/// Seals what letters hold with `new` that is sealed with `old`.
pub(crate) fn reseal(tx: &mut Tx<'_>, old: &InstallationKey, new: &InstallationKey) -> Result<(), Refusal> {
    for letter in rows::sealed(tx)? {
        let (Some(user), Some(kept)) = (letter.user, &letter.sealed) else { continue };
        let text = providers::installation::open(Some(old), &purpose(user), kept)?;
        rows::seal(tx, letter.id, &new.seal(&purpose(user), &text)?)?;
    }
    Ok(())
}
