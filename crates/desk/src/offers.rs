//! Offers: made by an operator; accepted or declined by the customer; withdrawn.
//!
//! In:  items with a price, for one customer; what is done with an offer. Out: the offer; of one that is accepted, orders.
//! Invariant: what is ordered goes the way of every purchase, priced by the offer; an offer is ordered once, however often
//! it is accepted.
//! Source: S3, R-PKG-18, R-ORD-1, R-ORD-7; docs/sales.md.

use super::events;
use super::facts::{self, Fact};
use super::orders;
use super::purchases::{Pay, Purchase};
use super::{At, Refusal, letters, sales};
use billing::notice::{Notice, NoticeKind};
use billing::offer::{self, Event, NotMade, Offer, Price, State, Wanted};
use billing::order::{Item, Order};
use billing::voucher::choose::Choice;
use store::{Tx, accounts, offers};
use units::{AccountId, OfferId, SalesRequestId, Timestamp};

/// An offer that is to be made.
#[derive(Clone, Debug)]
pub struct New<'a> {
    pub account: AccountId,
    /// What it answers.
    pub request: Option<SalesRequestId>,
    pub items: &'a [(Item, Price)],
    pub note: &'a str,
    pub until: Timestamp,
    /// What tells it from others.
    pub token: &'a str,
}

/// Makes an offer by what the account pays by the book of now; the customer is told.
///
/// Errors: what a quote of an item refuses, of that item; a price that cannot be had; `NotFound` for the account, or for a
/// request that is not its.
pub fn make(tx: &mut Tx<'_>, at: At<'_>, new: New<'_>) -> Result<Offer, Refusal> {
    let New { account, request, items, note, until, token } = new;
    let owner = accounts::get(tx, account)?;
    let id = OfferId::named(at.now, &format!("{account} {token}"));

    let wanted = Wanted { id, account, currency: owner.currency, request, items, note, until };
    let made = offer::make(at.book_of(account, owner.currency)?, wanted, at.now).map_err(not_made)?;

    if let Some(request) = request {
        sales::answered(tx, at, account, request)?;
    }
    offers::add(tx, &made)?;
    tell(tx, at, &made)?;
    facts::note(tx, &[Fact::offer(&made)], at.now)?;
    Ok(made)
}

fn not_made(NotMade { item, why }: NotMade) -> Refusal {
    match item {
        Some(index) => Refusal::from(why).of_item(index),
        None => why.into(),
    }
}

fn tell(tx: &mut Tx<'_>, at: At<'_>, it: &Offer) -> Result<(), Refusal> {
    let notice = Notice {
        account: it.account,
        subject: it.id.to_string(),
        kind: NoticeKind::OfferMade,
        threshold: 0,
        occasion: String::new(),
        at: at.now,
    };
    letters::notice(tx, at, &notice)?;
    events::emit(tx, events::offer(it, at.now)?, at.now)
}

/// An offer, and to whom it was made.
#[derive(Clone, Copy, Debug)]
pub struct Own {
    pub account: AccountId,
    pub id: OfferId,
}

/// What accepting an offer came to.
#[derive(Clone, Debug)]
pub struct Accepted {
    pub offer: Offer,
    pub orders: Vec<Order>,
    /// Whether anything was ordered or paid; not where it had been before.
    pub did: bool,
}

/// Accepts an offer: what it says is ordered at its price, and paid as it says. Accepted once more it gives the same orders;
/// one that is not paid yet is paid.
///
/// Errors: `NotFound`; an offer that ended otherwise; what a purchase refuses, also what is not on sale any more.
pub fn accept(tx: &mut Tx<'_>, at: At<'_>, own: Own, pay: Pay) -> Result<Accepted, Refusal> {
    let read = offers::hold(tx, own.account, own.id)?;
    let after = match read.state_at(at.now) {
        State::Accepted => read.clone(),
        State::Open | State::Declined | State::Withdrawn | State::Expired => {
            read.clone().on(Event::Accept, at.now)?
        }
    };

    let (token, items) = (after.token(), after.items());
    let before = match after == read {
        true => store::orders::of_batch(tx, own.account, &token)?,
        false => Vec::new(),
    };
    let purchase =
        Purchase { account: own.account, token: &token, items: &items, pay, vouchers: Choice::None };
    let orders = orders::one(tx, at, purchase)?;

    if after != read {
        offers::save(tx, &after)?;
        events::emit(tx, events::offer(&after, at.now)?, at.now)?;
    }
    let did = orders.iter().any(|it| !before.iter().any(|before| before.order == *it));
    Ok(Accepted { offer: after, orders, did })
}

/// Declines an offer, perhaps with a reason. Errors: `NotFound`; one that ended.
pub fn decline(tx: &mut Tx<'_>, at: At<'_>, own: Own, reason: &str) -> Result<Offer, Refusal> {
    end(tx, at, own, (Event::Decline, reason))
}

/// Takes an offer back, perhaps with a reason. Errors: `NotFound`; one that ended.
pub fn withdraw(tx: &mut Tx<'_>, at: At<'_>, id: OfferId, reason: &str) -> Result<Offer, Refusal> {
    let account = offers::find(tx, id)?.account;
    end(tx, at, Own { account, id }, (Event::Withdraw, reason))
}

fn end(tx: &mut Tx<'_>, at: At<'_>, own: Own, (event, reason): (Event, &str)) -> Result<Offer, Refusal> {
    let read = offers::hold(tx, own.account, own.id)?;

    let after = Offer { reason: offer::note(reason)?, ..read.on(event, at.now)? };

    offers::save(tx, &after)?;
    events::emit(tx, events::offer(&after, at.now)?, at.now)?;
    Ok(after)
}
