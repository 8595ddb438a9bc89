//! "May this start?": whether a purchase would go through now, down to the last fen, without making it.
//!
//! In:  items, as an order takes them. Out: yes, or the refusal that the order would get.
//! Invariant: the same checks and the same payment as the order itself, on a wallet that is not written.

use super::orders::Item;
use super::{Desk, Refusal, purchases};
use billing::order::{self, OrderError};
use billing::pack::Pack;
use billing::wallet::Till;
use store::{Tx, accounts, packs};
use units::{AccountId, Money, Timestamp};

/// What would come of it.
#[derive(Debug)]
pub struct Verdict {
    /// Paid with the order. Known even when it is refused, unless there is no price.
    pub total: Money,
    /// Held as long as the resources live.
    pub freeze: Money,
    pub available: Money,
    /// Packs in force that what was asked for may use, as the last closed month left them.
    pub packs: Vec<Pack>,
    pub refused: Option<Refusal>,
}

/// Answers whether `items` may be bought and started now.
///
/// Errors: `NotFound` for an account that is not there, and what the database says; every refusal of the purchase is in
/// the verdict.
pub fn may_start(
    tx: &mut Tx<'_>,
    desk: &Desk,
    id: AccountId,
    items: &[Item],
    now: Timestamp,
) -> Result<Verdict, Refusal> {
    let (account, wallet) = accounts::with_wallet(tx, id)?;
    let zero = Money::zero(account.currency);
    let available = Money::from_minor(wallet.available(), account.currency);
    let mut verdict = Verdict { total: zero, freeze: zero, available, packs: Vec::new(), refused: None };
    let quotes = purchases::quotes(desk, &account, items, now)?;
    let places = purchases::counted(desk, id, &quotes, now)?;
    let counts = store::orders::counts(tx, &places.into_iter().collect::<Vec<_>>())?;
    let asked = ("authorize", items);
    let placed = match purchases::prepared(desk, (&account, &wallet), asked, (quotes, &counts), now) {
        Ok(placed) => placed,
        Err(refusal) => return Ok(Verdict { refused: Some(refusal), ..verdict }),
    };
    let mut till = Till::new(wallet, now);
    for order in placed {
        let pieces = i64::try_from(order.pieces.len()).unwrap_or(i64::MAX);
        let held = order.freeze_minor.checked_mul(pieces).ok_or(units::MoneyError::Overflow)?;
        verdict.total = verdict.total.checked_add(Money::from_minor(order.total_minor, account.currency))?;
        verdict.freeze = verdict.freeze.checked_add(Money::from_minor(held, account.currency))?;
        verdict.packs.extend(usable(tx, desk, &order, now)?);
        if verdict.refused.is_none() {
            verdict.refused = order::pay(order, &mut till, now).err().map(|it: OrderError| it.into());
        }
    }
    Ok(verdict)
}

/// Packs in force that would cover a component of what is ordered.
fn usable(tx: &mut Tx<'_>, desk: &Desk, order: &order::Order, now: Timestamp) -> Result<Vec<Pack>, Refusal> {
    let product = desk.product(&order.product, now)?;
    let families: Vec<&str> = product.components.iter().filter_map(|it| it.pack.as_deref()).collect();
    if families.is_empty() {
        return Ok(Vec::new());
    }
    let fits = |it: &Pack| {
        let spec = it.spec.as_deref();
        families.contains(&it.family.as_str())
            && it.left > 0
            && it.effective <= now
            && now < it.expires
            && spec.is_none_or(|spec| order.options.iter().any(|option| option.1 == spec))
    };
    Ok(packs::of_account(tx, order.account)?.into_iter().filter(fits).collect())
}
