//! Orders as they stand.

use super::accounts::{Owned, currency, owned};
use crate::Refusal;
use crate::page::{self, Page, Part, place};
use billing::order::{self, Order};
use billing::pack::Pack;
use billing::quote::Becomes;
use billing::resource::Resource;
use billing::voucher::Voucher;
use std::collections::BTreeMap;
use store::cards::{self, Card};
use store::orders::StoredOrder;
use store::{Tx, bills, downgrades, orders, packs, vouchers};
use units::{AccountId, BillId, Money, OrderId, PackId, PaymentId, Timestamp, VoucherId};

pub use store::sort::Age;

/// Which orders.
#[derive(Clone, Debug)]
pub struct Filter {
    pub account: AccountId,
    pub state: Option<order::State>,
    pub result: Option<order::Outcome>,
    pub product: Option<String>,
    /// Changed then or later.
    pub updated_since: Option<Timestamp>,
    pub age: Age,
}

/// Orders of an account, in the order that is asked for.
pub fn page(tx: &mut Tx<'_>, of: &Filter, part: &Part) -> Result<Page<Order>, Refusal> {
    currency(tx, of.account)?;
    let after = place(of.age.into(), part, |id| page::there(orders::get(tx, of.account, id)))?;
    let state = of.state.map(order::State::as_str);
    let filter = orders::OrderFilter {
        state,
        result: of.result.map(order::Outcome::as_str),
        product: of.product.as_deref(),
        updated_since: of.updated_since,
        age: of.age,
        after: &after,
    };
    let found = orders::page(tx, of.account, &filter, part.reach())?;
    Ok(Page::of(found, part, |it| it.order.id.to_string()).map(|it| it.order))
}

/// Which orders of all accounts.
#[derive(Clone, Debug, Default)]
pub struct AllFilter {
    /// Only those of this account.
    pub account: Option<AccountId>,
    pub state: Option<order::State>,
    pub result: Option<order::Outcome>,
    pub product: Option<String>,
    pub age: Age,
}

/// Orders of all accounts, in the order that is asked for, each with what its account is called.
pub fn of_all(tx: &mut Tx<'_>, of: &AllFilter, part: &Part) -> Result<Page<Owned<Order>>, Refusal> {
    let page = match of.account {
        Some(account) => {
            let AllFilter { state, result, product, age, .. } = of.clone();
            page(tx, &Filter { account, state, result, product, updated_since: None, age }, part)?
        }
        None => {
            let after = place(of.age.into(), part, |id| page::there(orders::owner(tx, id)))?;
            let state = of.state.map_or("", order::State::as_str);
            let result = of.result.map_or("", order::Outcome::as_str);
            let product = of.product.as_deref().unwrap_or("");
            let filter = orders::AllOrdersFilter { age: of.age, after: &after, state, result, product };
            let found = orders::page_of_all(tx, filter, part.reach())?;
            Page::of(found, part, |it| it.order.id.to_string()).map(|it| it.order)
        }
    };
    owned(tx, page, |it| it.account)
}

/// One order. Errors: `NotFound`, also for an order of another account.
pub fn one(tx: &mut Tx<'_>, account: AccountId, id: OrderId) -> Result<Order, Refusal> {
    currency(tx, account)?;
    Ok(orders::get(tx, account, id)?.order)
}

/// An order with what its pieces became.
#[derive(Clone, Debug)]
pub struct Delivery {
    pub order: Order,
    /// When the order was changed last.
    pub updated: Timestamp,
    /// Those that are there; none of a pack.
    pub resources: Vec<Resource>,
    /// The packs that they became.
    pub packs: Vec<Pack>,
    /// The card that was charged for its purchase, if one was.
    pub card: Option<CardShare>,
    /// What each voucher pays of it, or did before it was given back.
    pub vouchers: Vec<(Voucher, Money)>,
    /// What a downgrade gave back; `None` for every other order.
    pub lowered: Option<GaveBack>,
}

/// What a downgrade gave back. Source: R-CHG-3.
#[derive(Clone, Copy, Debug)]
pub struct GaveBack {
    pub bill: BillId,
    /// Never below zero.
    pub total: Money,
    /// What counts as paid of its order.
    pub counted: Money,
}

/// What a card was charged of a purchase.
#[derive(Clone, Debug)]
pub struct CardShare {
    pub payment: PaymentId,
    pub card: Card,
    pub taken: Money,
    /// Orders of the purchase.
    pub orders: usize,
}

fn card_share(tx: &mut Tx<'_>, order: &Order) -> Result<Option<CardShare>, Refusal> {
    let found = store::card_payments::taken_of_batch(tx, order.account, &order.group)?;
    let Some(it) = found.map(|it| it.payment).filter(|it| it.taken.is_positive()) else { return Ok(None) };
    let orders = orders::of_batch(tx, order.account, &order.group)?.len();
    let card = cards::get(tx, order.account, it.card)?;
    Ok(Some(CardShare { payment: it.id, card, taken: it.taken, orders }))
}

/// What a downgrade gave back, by its bill.
fn gave_back(tx: &mut Tx<'_>, order: &Order) -> Result<Option<GaveBack>, Refusal> {
    let resource = order.subject().filter(|_| order.action == order::Action::Downgrade);
    let Some(resource) = resource else { return Ok(None) };
    let all = downgrades::of_resource(tx, order.account, resource)?;
    let Some(it) = all.into_iter().map(|it| it.downgrade).find(|it| it.order == order.id) else {
        return Ok(None);
    };
    let total = bills::get(tx, order.account, it.bill)?.bill.total.checked_neg()?;
    Ok(Some(GaveBack { bill: it.bill, total, counted: it.counted.total() }))
}

/// What moved for downgrades by their orders, below zero or nothing.
pub type Moved = BTreeMap<OrderId, Money>;

/// What moved for the downgrades among some orders.
pub fn moved<'a>(tx: &mut Tx<'_>, all: impl IntoIterator<Item = &'a Order>) -> Result<Moved, Refusal> {
    let lowered = all.into_iter().filter(|it| it.action == order::Action::Downgrade);
    let keys: Vec<_> = lowered.filter_map(|it| Some((it.account, it.subject()?, it.id))).collect();
    Ok(downgrades::moved(tx, &keys)?.into_iter().collect())
}

/// The vouchers that pay for an order, each with what it pays of all pieces.
fn vouchers_of(tx: &mut Tx<'_>, order: &Order) -> Result<Vec<(Voucher, Money)>, Refusal> {
    let mut sums: BTreeMap<VoucherId, Money> = BTreeMap::new();
    for part in vouchers::parts_of_order(tx, order.account, order.id)? {
        let sum = sums.entry(part.voucher).or_insert(Money::zero(part.money.currency()));
        *sum = sum.checked_add(part.money)?;
    }
    let keys: Vec<_> = sums.keys().map(|id| (order.account, *id)).collect();
    let found = vouchers::get_all(tx, &keys)?.into_iter().map(|it| it.voucher);
    Ok(found.filter_map(|it| sums.get(&it.id).map(|sum| (it.clone(), *sum))).collect())
}

/// One order, and its resources or packs as they stand. Errors: `NotFound`, also for an order of another account.
pub fn delivery(tx: &mut Tx<'_>, account: AccountId, id: OrderId) -> Result<Delivery, Refusal> {
    currency(tx, account)?;
    let StoredOrder { order, updated, .. } = orders::get(tx, account, id)?;
    let (card, vouchers) = (card_share(tx, &order)?, vouchers_of(tx, &order)?);
    let lowered = gave_back(tx, &order)?;
    if order.becomes == Becomes::Pack {
        let ids: Vec<PackId> = order.pieces.iter().map(|it| Pack::id_of(it.resource)).collect();
        return Ok(Delivery {
            packs: packs::get_all(tx, account, &ids)?,
            resources: Vec::new(),
            order,
            updated,
            card,
            vouchers,
            lowered,
        });
    }
    let keys: Vec<_> = order.pieces.iter().map(|it| (account, it.resource)).collect();
    let found = store::resources::get_all(tx, &keys)?;
    let resources = found.into_iter().map(|it| it.resource).collect();
    Ok(Delivery { order, updated, resources, packs: Vec::new(), card, vouchers, lowered })
}

/// The purchase that an order is of. Errors: `NotFound`, also for an order of another account.
pub fn purchase(tx: &mut Tx<'_>, account: AccountId, id: OrderId) -> Result<String, Refusal> {
    Ok(orders::get(tx, account, id)?.order.group)
}

/// All orders of the purchase that an order is of, in their order. Errors: `NotFound`.
pub fn together(tx: &mut Tx<'_>, account: AccountId, id: OrderId) -> Result<Vec<Order>, Refusal> {
    let group = purchase(tx, account, id)?;
    Ok(orders::of_batch(tx, account, &group)?.into_iter().map(|it| it.order).collect())
}

/// The first order of a purchase, if there is any.
pub fn first_of(tx: &mut Tx<'_>, account: AccountId, group: &str) -> Result<Option<OrderId>, Refusal> {
    Ok(orders::of_batch(tx, account, group)?.first().map(|it| it.order.id))
}
