//! What a letter tells, read when a mail of it is written.
//!
//! In:  a letter. Out: the facts that it says, of any kind of letter.
//! Invariant: nothing is decided here; what a letter tells of does not change after it, so a mail that is sent twice says
//! the same twice.

use super::purpose;
use crate::lists::bills::{self, InMonth, ProductSum};
use crate::lists::{notices, orders};
use crate::page::Part;
use crate::{At, Refusal, later};
use billing::bill::Sum;
use billing::letter::{Letter, LetterKind};
use billing::notice::words::Said;
use billing::order::{Order, PieceState};
use billing::resource::Resource;
use billing::user::{INVITATION_SECONDS, Role, UserError};
use providers::installation;
use store::refunds::Seen;
use store::{StoreError, Tx};
use units::{AccountId, Money, MoneyError, OrderId, ResourceId, Timestamp};

/// Products of a statement: more than any price book has.
const PRODUCTS: u16 = 500;

/// What a letter tells.
#[derive(Clone, Debug)]
pub enum Told {
    Notice(Said),
    /// What money paid, and how much of it by card; vouchers paid the rest of the orders. Where a card paid, of each order what came.
    Receipt {
        orders: Vec<Order>,
        total: Money,
        card: Option<Money>,
    },
    /// Resources that came, and the money of pieces that did not, if some did not.
    Delivered {
        order: Order,
        resources: Vec<Resource>,
        back: Option<Back>,
    },
    Failed {
        order: Order,
        back: Back,
    },
    /// What was given back.
    Refund(Box<Seen>),
    /// A downgrade, and what came back of it.
    Lowered {
        order: Order,
        back: Money,
    },
    /// Resources that were stopped or limited then, since what is owed was not paid.
    Stopped {
        at: Timestamp,
    },
    /// What went into the bin or was released then; `None` for all that it was done to since what is owed was not paid.
    Ended {
        at: Timestamp,
        resource: Option<Box<Resource>>,
    },
    /// A month such as `2026-06`.
    Statement {
        month: String,
        sum: Sum,
        products: Vec<ProductSum>,
    },
    SignIn {
        at: Timestamp,
        address: String,
        agent: String,
    },
    /// `house` is the account's name; `None` for the operator's house.
    Invitation {
        house: Option<String>,
        role: Role,
        link: String,
        until: Timestamp,
    },
    Test,
}

/// The money of pieces that did not come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Back {
    /// What was frozen for them, and is free again.
    pub free: Money,
    /// What a card would have paid of them, and is not charged.
    pub card: Money,
}

/// What `letter` tells.
///
/// Errors: `NotFound` for what is gone, `Invitation` for a link that holds no more.
pub fn told(tx: &mut Tx<'_>, at: At<'_>, letter: &Letter) -> Result<Told, Refusal> {
    match letter.kind {
        LetterKind::BalanceLow
        | LetterKind::InArrears
        | LetterKind::PackLow
        | LetterKind::PackExhausted
        | LetterKind::PackExpiring
        | LetterKind::BudgetReached
        | LetterKind::BudgetForecast
        | LetterKind::OfferMade
        | LetterKind::CommitmentAgreed
        | LetterKind::CreditAgreed
        | LetterKind::VoucherIssued
        | LetterKind::VoucherEnding
        | LetterKind::CardRefundFailed
        | LetterKind::PriceChange
        | LetterKind::PriceChangeUndone
        | LetterKind::ResourceExpiring
        | LetterKind::RenewalAhead
        | LetterKind::RenewalDone
        | LetterKind::RenewalFailed
        | LetterKind::ResourceExpired => notice(tx, at, letter),
        LetterKind::OrderReceipt => receipt(tx, account(letter)?, &letter.subject),
        LetterKind::OrderDelivered => delivered(tx, account(letter)?, &letter.subject),
        LetterKind::OrderFailed => {
            let order = order(tx, account(letter)?, &letter.subject)?;
            Ok(Told::Failed { back: back(&order)?, order })
        }
        LetterKind::Refund => {
            let id = letter.subject.parse();
            let id = id.map_err(|_| StoreError::Corrupt(format!("refund {}", letter.subject)))?;
            Ok(Told::Refund(Box::new(store::refunds::get(tx, account(letter)?, id)?)))
        }
        LetterKind::DowngradeDone => lowered(tx, account(letter)?, &letter.subject),
        LetterKind::ResourceStopped => Ok(Told::Stopped { at: letter.at }),
        LetterKind::ResourceRecycled | LetterKind::ResourceReleased => {
            // What arrears did has no resource of its own.
            let id = letter.subject.parse::<ResourceId>().ok();
            let read = |id| store::resources::get(tx, account(letter)?, id).map_err(Refusal::from);
            let resource = id.map(read).transpose()?.map(|it| Box::new(it.resource));
            Ok(Told::Ended { at: letter.at, resource })
        }
        LetterKind::Statement => statement(tx, at, account(letter)?, &letter.subject),
        LetterKind::SignIn => Ok(Told::SignIn {
            at: letter.at,
            address: letter.subject.clone(),
            agent: letter.occasion.clone(),
        }),
        LetterKind::Invitation => invitation(tx, at, letter),
        LetterKind::Test => Ok(Told::Test),
    }
}

fn account(letter: &Letter) -> Result<AccountId, Refusal> {
    letter.house.account().ok_or_else(|| Refusal::corrupt(format!("the house of letter {}", letter.id)))
}

fn notice(tx: &mut Tx<'_>, at: At<'_>, letter: &Letter) -> Result<Told, Refusal> {
    let notice = letter.notice().ok_or_else(|| Refusal::corrupt(format!("letter {}", letter.id)))?;
    let read = notices::in_words(tx, at, notice.account, vec![notice])?.into_iter().next();
    let read = read.ok_or_else(|| Refusal::corrupt(format!("letter {}", letter.id)))?;
    Ok(Told::Notice(read.said))
}

fn receipt(tx: &mut Tx<'_>, account: AccountId, group: &str) -> Result<Told, Refusal> {
    let found = store::orders::of_batch(tx, account, group)?;
    let mut orders: Vec<Order> =
        found.into_iter().map(|it| it.order).filter(|it| it.state.was_paid()).collect();
    let taken = store::card_payments::taken_of_batch(tx, account, group)?.map(|it| it.payment.taken);
    if taken.is_some() {
        orders = orders.into_iter().filter_map(|it| came(it).transpose()).collect::<Result<_, _>>()?;
    }
    let first = orders.first().ok_or_else(|| Refusal::missing(format!("purchase {group}")))?;
    let none = Money::zero(first.total.currency());
    let total = orders.iter().try_fold(none, |sum, it| sum.checked_add(it.due()?))?;
    // What was charged for a renewal that did not come stays in the balance.
    let card = match taken {
        Some(taken) if taken.checked_cmp(total)?.is_gt() => Some(total),
        Some(_) | None => taken,
    };
    Ok(Told::Receipt { orders, total, card: card.filter(|it| it.is_positive()) })
}

/// An order with those of its pieces that came; `None` when none did. Of what did not come a card is charged nothing.
fn came(mut order: Order) -> Result<Option<Order>, MoneyError> {
    order.pieces.retain(|it| it.state != PieceState::Failed);
    order.total = Money::sum(order.pieces.iter().map(|it| it.total), order.currency())?;
    Ok((!order.pieces.is_empty()).then_some(order))
}

fn order(tx: &mut Tx<'_>, account: AccountId, id: &str) -> Result<Order, Refusal> {
    let id: OrderId = id.parse().map_err(|_| StoreError::Corrupt(format!("order {id}")))?;
    Ok(store::orders::get(tx, account, id)?.order)
}

fn lowered(tx: &mut Tx<'_>, account: AccountId, id: &str) -> Result<Told, Refusal> {
    let id: OrderId = id.parse().map_err(|_| StoreError::Corrupt(format!("order {id}")))?;
    let found = orders::delivery(tx, account, id)?;
    let back = found.lowered.ok_or_else(|| Refusal::corrupt(format!("downgrade {id}")))?;
    Ok(Told::Lowered { order: found.order, back: back.total })
}

fn delivered(tx: &mut Tx<'_>, account: AccountId, id: &str) -> Result<Told, Refusal> {
    let order = order(tx, account, id)?;
    let came = order.pieces.iter().filter(|it| it.state == PieceState::Delivered);
    let keys: Vec<_> = came.map(|it| (account, it.resource)).collect();
    let resources = store::resources::get_all(tx, &keys)?.into_iter().map(|it| it.resource).collect();
    let failed = order.pieces.iter().any(|it| it.state == PieceState::Failed);
    let back = failed.then(|| back(&order)).transpose()?;
    Ok(Told::Delivered { order, resources, back })
}

/// What was frozen for pieces that did not come, and what a card was to pay of them.
fn back(order: &Order) -> Result<Back, MoneyError> {
    let none = Money::zero(order.currency());
    let mut back = Back { free: none, card: none };
    for it in order.pieces.iter().filter(|it| it.state == PieceState::Failed) {
        let own = it.total.checked_sub(it.voucher)?.checked_sub(it.card)?.checked_add(order.freeze)?;
        (back.free, back.card) = (back.free.checked_add(own)?, back.card.checked_add(it.card)?);
    }
    Ok(back)
}

fn statement(tx: &mut Tx<'_>, at: At<'_>, account: AccountId, month: &str) -> Result<Told, Refusal> {
    let of = InMonth { account, month: month.to_string(), product: None };
    let products = bills::products(tx, at, &of, &Part::first(PRODUCTS))?.items;
    let currency = store::accounts::get(tx, account)?.currency;
    let sum = Sum::of(products.iter().map(|it| &it.sum), currency)?;
    Ok(Told::Statement { month: month.to_string(), sum, products })
}

fn invitation(tx: &mut Tx<'_>, at: At<'_>, letter: &Letter) -> Result<Told, Refusal> {
    let user = letter.user.ok_or_else(|| Refusal::corrupt(format!("letter {}", letter.id)))?;
    let kept = letter.sealed.as_ref().ok_or(UserError::Invitation)?;
    let link = installation::open(at.desk.key.as_deref(), &purpose(user), kept)?;
    let role = store::users::get(tx, user)?.user.role;
    let house = letter.house.account().map(|it| store::accounts::get(tx, it)).transpose()?;
    let until = later(letter.at, INVITATION_SECONDS);
    Ok(Told::Invitation { house: house.map(|it| it.name), role, link, until })
}
