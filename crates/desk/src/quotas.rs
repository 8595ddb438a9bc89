//! Quotas of purchases: read for all of them at once, and laid beside what each wants when that is decided.
//!
//! In:  purchases with their quotes. Out: the orders that each would be, or why not.
//! Invariant: one read, however many purchases; a place without a quota is not counted.
//! Rules: R-ORD-8.

use super::quotes::Quotes;
use super::{At, Refusal};
use billing::account::Account;
use billing::order::{Item, Order};
use billing::purchase::{self, Buyer, QuotaCounts, Shop, Wanted};
use billing::quote::Quote;
use billing::wallet::Wallet;
use std::collections::{BTreeMap, BTreeSet};
use store::orders::QuotaPlace;
use store::{Tx, orders};
use units::{AccountId, CycleKind};

/// What counts against the quotas of the places that purchases go to.
#[derive(Debug)]
pub struct Quotas(BTreeMap<QuotaPlace, QuotaCounts>);

/// Items of one account with their quotes, and the wallet that would pay for them.
#[derive(Debug)]
pub struct Cart<'a> {
    pub account: &'a Account,
    pub wallet: &'a Wallet,
    pub items: &'a [Item],
    pub quotes: Quotes,
}

impl Quotas {
    /// Counts wherever a quota limits what is quoted for an account.
    pub fn read<'a>(
        tx: &mut Tx<'_>,
        at: At<'_>,
        quoted: impl IntoIterator<Item = (AccountId, &'a Quotes)>,
    ) -> Result<Quotas, Refusal> {
        let mut places = BTreeSet::new();
        for (account, quotes) in quoted {
            for quote in quotes.iter().flatten().filter(|it| is_limited(at, it)) {
                places.insert(place(at, account, quote)?);
            }
        }
        Ok(Quotas(orders::counts(tx, &places.into_iter().collect::<Vec<_>>())?))
    }

    /// The orders that a purchase would be, or the first refusal. Source: R-ORD-1, R-ORD-8, R-ORD-9, R-ARR-2.
    pub fn orders(&self, at: At<'_>, token: &str, cart: Cart<'_>) -> Result<Vec<Order>, Refusal> {
        let Cart { account, wallet, items, quotes } = cart;
        let mut wanted = Vec::with_capacity(items.len());
        for (item, quote) in items.iter().zip(quotes) {
            let counts = match &quote {
                Ok(quote) => self.0.get(&place(at, account.id, quote)?).copied().unwrap_or_default(),
                Err(_) => QuotaCounts::default(),
            };
            wanted.push(Wanted { item, quote, counts });
        }
        let Account { id, currency, terms, verified, .. } = *account;
        let buyer = Buyer { account: id, currency, terms, verified, wallet };
        let shop = Shop { book: at.book_of(id, currency)?, calendar: &at.desk.calendar, now: at.now };
        Ok(purchase::orders(shop, &buyer, token, wanted)?)
    }
}

fn is_limited(at: At<'_>, quote: &Quote) -> bool {
    let limits = at.product(quote.total.currency(), &quote.product).ok().map(|it| &it.limits);
    limits.is_some_and(|it| it.prepaid_per_zone_and_month.is_some() || it.pay_per_use_per_zone.is_some())
}

fn place(at: At<'_>, account: AccountId, quote: &Quote) -> Result<QuotaPlace, Refusal> {
    let month = at.desk.calendar.cycle(CycleKind::Month, at.now)?;
    Ok(QuotaPlace {
        account,
        product: quote.product.clone(),
        zone: quote.options.place().to_string(),
        month: (month.from, month.to),
    })
}
