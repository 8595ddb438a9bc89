//! Each refusal in its turn: mending the first shows the next.

use super::*;
use crate::book::Limits;
use crate::made;
use crate::wallet::Purses;
use units::{BookId, Money};

const NOW: Timestamp = Timestamp::UNIX_EPOCH;

/// A product without price, of which two are given to a verified account in one zone.
fn product() -> Product {
    let plain = made::product("server", Vec::new());
    let (pay_per_use_per_zone, real_name) = (Some(2), RealName::Needed);
    Product { limits: Limits { quantity: 5, pay_per_use_per_zone, real_name, ..plain.limits }, ..plain }
}

fn book(name: &str) -> Arc<Book> {
    Arc::new(Book { id: BookId::named(NOW, name), ..made::book(NOW, vec![product()]) })
}

fn wallet(owed: i64, currency: Currency) -> Wallet {
    let none = Purses::none(currency);
    let account = AccountId::named(NOW, "shop");
    Wallet::new(account, none, none, Money::from_minor(owed, currency)).unwrap()
}

fn item(quantity: u32, quoted: i64) -> Item {
    let wish = Wish { product: "server".into(), quantity, ..Wish::default() };
    Item { wish, quoted_minor: Some(quoted), ..Item::default() }
}

/// What a purchase of these items comes to.
fn bought(
    wallet: &Wallet,
    verified: Verified,
    items: &[Item],
    in_use: i64,
) -> Result<Vec<Order>, PurchaseError> {
    let (book, calendar) = (book("one"), Calendar::settlement());
    let shop = Shop { book: &book, calendar: &calendar, now: NOW };
    let (account, currency) = (wallet.account(), wallet.currency());
    let buyer = Buyer { account, currency, terms: Terms::default(), verified, wallet };
    let wanted = items.iter().map(|item| {
        let counts = QuotaCounts { in_use, bought: 0 };
        Wanted { item, quote: quote::quote(&book, &item.wish, Terms::default()), counts }
    });
    orders(shop, &buyer, "token", wanted.collect())
}

fn of_item(index: usize, error: impl Into<PurchaseError>) -> PurchaseError {
    PurchaseError::OfItem { index, error: Box::new(error.into()) }
}

/// Source: R-ARR-2, R-ORD-1, R-ORD-8, R-ORD-9.
#[test]
fn refusals_come_in_one_order() {
    let unknown = Item { wish: Wish { product: "cloud".into(), ..Wish::default() }, ..Item::default() };
    let dollars = wallet(0, Currency::USD);
    let yuan = wallet(0, Currency::CNY);

    let refused = bought(&wallet(1, Currency::USD), Verified::No, std::slice::from_ref(&unknown), 9);
    assert_eq!(refused, Err(OrderError::InArrears.into()));
    let refused = bought(&dollars, Verified::No, std::slice::from_ref(&unknown), 9);
    assert_eq!(refused, Err(MoneyError::Currency(Currency::USD, Currency::CNY).into()));
    let refused = bought(&yuan, Verified::No, &[item(1, 1), unknown], 9);
    assert_eq!(refused, Err(of_item(0, OrderError::NotVerified)), "the first item, before the second");
    let refused = bought(&yuan, Verified::No, &[item(9, 1)], 9);
    assert_eq!(refused, Err(of_item(0, QuoteError::Quantity { asked: 9, most: 5 })));
    let refused = bought(&yuan, Verified::Yes, &[item(1, 1)], 2);
    assert_eq!(refused, Err(of_item(0, OrderError::Quota { used: 2, most: 2 })));
    let refused = bought(&yuan, Verified::Yes, &[item(1, 1)], 1);
    let (quoted, now) = (Money::from_minor(1, Currency::CNY), Money::zero(Currency::CNY));
    assert_eq!(refused, Err(of_item(0, OrderError::PriceChanged { quoted, now })));
    assert_eq!(bought(&yuan, Verified::Yes, &[item(1, 0)], 1).unwrap().len(), 1);
}

/// Source: R-ORD-8.
#[test]
fn what_stands_in_the_cart_counts_too() {
    let yuan = wallet(0, Currency::CNY);
    assert_eq!(bought(&yuan, Verified::Yes, &[item(1, 0), item(1, 0)], 0).unwrap().len(), 2);
    let refused = bought(&yuan, Verified::Yes, &[item(1, 0), item(2, 0)], 0);
    assert_eq!(refused, Err(of_item(1, OrderError::Quota { used: 1, most: 2 })));
}

/// Source: R-ORD-3, R-PRC-6.
#[test]
fn an_order_is_unchanged_while_its_price_is() {
    let yuan = wallet(0, Currency::CNY);
    let order = bought(&yuan, Verified::Yes, &[item(2, 0)], 0).unwrap().pop().unwrap();
    let later = book("two");
    assert_eq!(unchanged(&later, &order), Ok(()), "a later book with the same price");
    let other = Order { total: Money::from_minor(1, Currency::CNY), ..order };
    let (quoted, now) = (other.total, Money::zero(Currency::CNY));
    assert_eq!(unchanged(&later, &other), Err(OrderError::PriceChanged { quoted, now }.into()));
    assert_eq!(unchanged(&book("one"), &other), Ok(()), "the book that it was placed by");
    let paid = Order { state: order::State::Paid, ..other };
    assert_eq!(unchanged(&later, &paid), Ok(()), "what is paid has its price");
}
