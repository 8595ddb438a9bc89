//! "May this start?": whether a purchase would go through now, down to the last fen, without making it.
//!
//! In:  items, as an order takes them. Out: yes, or the refusal that the order would get.
//! Invariant: the same checks and the same payment as the order itself, on a wallet that is not written.

use super::orders;
use super::purchases::Purchase;
use super::quotas::{Cart, Quotas};
use super::quotes::{self, Quotes};
use super::{At, Refusal};
use billing::order::{self, Item, Order, OrderError};
use billing::pack::Pack;
use billing::passbook::Passbook;
use billing::quote::Quote;
use store::accounts::Patience;
use store::{StoreError, Tx, accounts, packs};
use units::{AccountId, Currency, Money};

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

/// Answers for each account whether its items may be bought and started now; as many as are asked at the same time.
///
/// Errors: for one, `NotFound` for an account that is not there; for all, what the database says. Every refusal of the
/// purchase is in the verdict.
pub fn may_start(
    tx: &mut Tx<'_>,
    at: At<'_>,
    asked: &[(AccountId, &[Item])],
) -> Result<Vec<Result<Verdict, Refusal>>, Refusal> {
    let accounts = accounts::with_wallets(tx, asked.iter().map(|it| it.0))?;
    let mut quoted = Vec::new();
    for (id, items) in asked {
        let quotes = match accounts.get(id) {
            Some((account, _)) => quotes::of_items(at, account, items)?,
            None => Vec::new(),
        };
        quoted.push(quotes);
    }
    let quotas = Quotas::read(tx, at, asked.iter().map(|it| it.0).zip(&quoted))?;
    let owners = asked.iter().zip(&quoted).filter(|it| may_use_packs(at, it.1)).map(|it| it.0.0);
    let packs = packs::of_accounts(tx, owners)?;
    let verdict = |((id, items), quotes): (&(AccountId, &[Item]), Quotes)| {
        let missing = || StoreError::NotFound(format!("account {id}"));
        let (account, wallet) = accounts.get(id).ok_or_else(missing)?;
        let own = packs.get(id).map_or(&[] as &[Pack], Vec::as_slice);
        verdict(at, Cart { account, wallet, items, quotes }, own, &quotas)
    };
    Ok(asked.iter().zip(quoted).map(verdict).collect())
}

/// What came of asking for something to be held.
#[derive(Debug)]
pub struct Held {
    pub verdict: Verdict,
    /// The orders, paid; `None` when it may not start.
    pub orders: Option<Vec<Order>>,
}

/// Asks under the wallet's lock, so that what is granted is there to be taken, and takes it. A refusal writes nothing.
pub fn hold(tx: &mut Tx<'_>, at: At<'_>, purchase: Purchase<'_>) -> Result<Held, Refusal> {
    accounts::lock(tx, [purchase.account], Patience::Wait)?;
    let mut verdicts = may_start(tx, at, &[(purchase.account, purchase.items)])?;
    let verdict = verdicts.pop().ok_or_else(|| Refusal::missing("such account"))??;
    let orders = match verdict.refused {
        Some(_) => None,
        None => Some(orders::one(tx, at, purchase)?),
    };
    Ok(Held { verdict, orders })
}

fn verdict(at: At<'_>, cart: Cart<'_>, packs: &[Pack], quotas: &Quotas) -> Result<Verdict, Refusal> {
    let (account, wallet) = (cart.account, cart.wallet);
    let zero = Money::zero(account.currency);
    let available = wallet.available();
    let mut verdict = Verdict { total: zero, freeze: zero, available, packs: Vec::new(), refused: None };
    let placed = match quotas.orders(at, "authorize", cart) {
        Ok(placed) => placed,
        Err(refusal) => return Ok(Verdict { refused: Some(refusal), ..verdict }),
    };
    let mut passbook = Passbook::new(*wallet, at.now);
    for order in placed {
        verdict.total = verdict.total.checked_add(order.total)?;
        verdict.freeze = verdict.freeze.checked_add(order.freezes()?)?;
        verdict.packs.extend(usable(at, &order, packs)?);
        if verdict.refused.is_none() {
            verdict.refused = order::pay(order, &mut passbook, at.now).err().map(|it: OrderError| it.into());
        }
    }
    Ok(verdict)
}

/// Families of packs that cover a component of a product.
fn families<'a>(at: At<'a>, currency: Currency, product: &str) -> Result<Vec<&'a str>, Refusal> {
    let product = at.product(currency, product)?;
    Ok(product.components.iter().filter_map(|it| it.pack.as_deref()).collect())
}

fn may_use_packs(at: At<'_>, quotes: &Quotes) -> bool {
    let covered = |it: &Quote| families(at, it.total.currency(), &it.product).is_ok_and(|it| !it.is_empty());
    quotes.iter().flatten().any(covered)
}

/// Packs in force that would cover a component of what is ordered.
fn usable(at: At<'_>, order: &order::Order, packs: &[Pack]) -> Result<Vec<Pack>, Refusal> {
    let families = families(at, order.currency(), &order.product)?;
    let fits = |it: &&Pack| {
        let spec = it.spec.as_deref();
        families.contains(&it.family.as_str())
            && it.left > 0
            && it.effective <= at.now
            && at.now < it.expires
            && spec.is_none_or(|spec| order.options.iter().any(|option| option.1 == spec))
    };
    Ok(packs.iter().filter(fits).cloned().collect())
}
