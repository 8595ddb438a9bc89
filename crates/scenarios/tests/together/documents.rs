//! Documents on both engines: what may be invoiced, numbers without a gap, credit notes, and how they look on paper.
//!
//! In:  the demo book, customers who pay in cash and bonus. Out: documents whose figures were worked out by hand.
//! Source: R-INV-1, R-MON-2, R-MON-7, R-SET-7.

mod invoiced;
mod paper;
mod sound;
mod statements;

use crate::support::root;
use billing::account::{Account, Verified};
use billing::document::party::Party;
use billing::document::{Document, Kind};
use billing::language::Language;
use billing::quote::Wish;
use billing::voucher::choose::Choice;
use billing::wallet::Purse;
use desk::accounts::TopUp;
use desk::documents::invoices::{self, NewInvoice, NewNote};
use desk::documents::{self, sellers};
use desk::jobs::{self, Turn};
use desk::orders::{self, Item, Payment};
use desk::purchases::{Pay, Purchase};
use desk::{Desk, Refusal, accounts, books};
use server::cli::files;
use store::Store;
use store::documents::Details;
use units::{Calendar, Currency, Money, OrderId, Timestamp};

fn at(text: &str) -> Timestamp {
    Calendar::settlement().parse(text).unwrap()
}

fn yuan(text: &str) -> Money {
    Money::parse(text, Currency::CNY).unwrap()
}

/// The file of the sellers that comes with the program.
fn example() -> String {
    std::fs::read_to_string(root().join("examples/seller.toml")).unwrap()
}

/// A desk over the demo book and the example of the sellers.
fn desk(store: &Store) -> Desk {
    let book = files::book("demo").unwrap();
    store.write(|tx| books::apply(tx, &book, None, at("2026-06-01"))).unwrap();
    let desk = store.read(Desk::open).unwrap();
    let text = example();
    store.write(|tx| sellers::apply(tx, desk.at(at("2026-06-01")), &text, "test")).unwrap();
    desk
}

fn account(store: &Store, name: &str) -> Account {
    store
        .write(|tx| {
            let terms = billing::rate::Terms::default();
            let opening =
                accounts::Opening { currency: Currency::CNY, terms, verified: Verified::Yes, alert: None };
            accounts::open(tx, name, opening, at("2026-06-01"))
        })
        .unwrap()
}

fn pay_in(
    store: &Store,
    desk: &Desk,
    account: &Account,
    purse: Purse,
    amount: &str,
    reference: &str,
    now: Timestamp,
) {
    let new = TopUp { money: yuan(amount), purse, reference };
    store.write(|tx| accounts::top_up(tx, desk.at(now), account.id, new)).unwrap();
}

/// On 2026-06-10, a shop whose details are complete, with so much cash paid in.
fn shop_with(store: &Store, cash: &str) -> (Desk, Account, Timestamp) {
    let (desk, now) = (desk(store), at("2026-06-10 09:00:00"));
    let shop = account(store, "shop");
    complete(store, &shop, "CN", "");
    pay_in(store, &desk, &shop, Purse::Cash, cash, "wire", now);
    (desk, shop, now)
}

fn complete(store: &Store, account: &Account, country: &str, tax_number: &str) {
    let party = Party {
        name: "北京示例科技有限公司".into(),
        tax_number: tax_number.into(),
        country: country.into(),
        city: "北京".into(),
        street: "示例街 8 号".into(),
        ..Party::default()
    };
    let said = Details { party, language: Language::Chinese };
    store.write(|tx| documents::set_details(tx, account.id, said.clone())).unwrap();
}

/// Buys a prepaid server and has it delivered.
fn buy(store: &Store, desk: &Desk, account: &Account, months: u32, now: Timestamp) {
    buy_with(store, desk, account, (months, Choice::None), now);
}

/// The same with vouchers.
fn buy_with(
    store: &Store,
    desk: &Desk,
    account: &Account,
    (months, vouchers): (u32, Choice<'_>),
    now: Timestamp,
) {
    let pairs =
        [("charge", "prepaid"), ("region", "guangzhou"), ("zone", "guangzhou-1"), ("type", "S1.SMALL1")];
    let options = pairs.map(|it| (it.0.to_string(), it.1.to_string())).to_vec();
    let wish = Wish { product: "server".into(), options, months, quantity: 1 };
    let item = Item { wish, name: "web".into(), ..Item::default() };
    let token = format!("buy {months} {now}");
    let purchase = Purchase { account: account.id, token: &token, items: &[item], pay: Pay::Later, vouchers };
    let placed = store.write(|tx| orders::one(tx, desk.at(now), purchase)).unwrap();
    let ids: Vec<OrderId> = placed.iter().map(|it| it.id).collect();
    let payment = Payment { account: account.id, token: &token, orders: &ids };
    store.write(|tx| orders::pay(tx, desk.at(now), payment)).unwrap();
    pass(store, desk, now);
}

/// Does what is due up to `now`.
fn pass(store: &Store, desk: &Desk, now: Timestamp) {
    jobs::run_due(&Turn::alone(store, desk.at(now), now), &mut Err).unwrap();
}

fn to_invoice(store: &Store, desk: &Desk, account: &Account, now: Timestamp) -> Money {
    store.read(|tx| invoices::to_invoice(tx, desk.at(now), account.id)).unwrap().total
}

fn invoice(
    store: &Store,
    desk: &Desk,
    account: &Account,
    token: &str,
    now: Timestamp,
) -> Result<Document, Refusal> {
    store.write(|tx| {
        invoices::invoice(tx, desk.at(now), NewInvoice { account: account.id, expected: None, token })
    })
}

fn credit(
    store: &Store,
    desk: &Desk,
    of: &Document,
    amount: Option<&str>,
    token: &str,
    now: Timestamp,
) -> Result<Document, Refusal> {
    let new = NewNote { invoice: of.id, amount: amount.map(yuan), reason: "名称有误", token };
    store.write(|tx| invoices::credit_note(tx, desk.at(now), new))
}

fn note_days(it: &Document) -> Option<(&str, &str)> {
    assert_eq!(it.kind(), Kind::CreditNote);
    it.content.days()
}

fn sums(it: &Document) -> [String; 4] {
    let taxed = it.content.taxed().unwrap();
    [taxed.net, taxed.tax, taxed.gross, taxed.paid].map(|it| it.to_string())
}
