//! Documents on both engines: what may be invoiced, numbers without a gap, credit notes, and how they look on paper.
//!
//! In:  the demo book, customers who pay in cash and bonus. Out: documents whose figures were worked out by hand.
//! Source: R-INV-1, R-MON-2, R-MON-7, R-SET-7.

use crate::support::{root, stores};
use billing::account::{Account, Verified};
use billing::document::party::Party;
use billing::document::{Content, Document, Kind};
use billing::language::Language;
use billing::quote::Wish;
use billing::voucher::choose::Choice;
use billing::voucher::{Scope, Window};
use billing::wallet::Purse;
use desk::accounts::TopUp;
use desk::documents::invoices::{self, NewInvoice, NewNote};
use desk::documents::{self, sellers};
use desk::jobs::{self, Turn};
use desk::lists::documents::{self as list, Filter};
use desk::orders::{self, Item, Payment};
use desk::page::Part;
use desk::purchases::{Pay, Purchase};
use desk::{Desk, Refusal, accounts, books, vouchers};
use server::cli::files;
use std::path::PathBuf;
use std::process::Command;
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

/// R-INV-1: 507.96, paid as 150.00 that was granted and 357.96 in cash. 357.96 may be invoiced, with a tax of
/// 357.96 x 6/106 = 20.26 inside of it.
#[test]
fn only_cash_that_was_consumed_is_invoiced_and_once() {
    for (engine, store, _server) in stores() {
        let (desk, now) = (desk(&store), at("2026-06-10 09:00:00"));
        let shop = account(&store, "shop");
        pay_in(&store, &desk, &shop, Purse::Bonus, "150.00", "gift", now);
        pay_in(&store, &desk, &shop, Purse::Cash, "1000.00", "wire", now);
        assert_eq!(to_invoice(&store, &desk, &shop, now), yuan("0.00"), "{engine}: unspent money");
        assert_eq!(
            invoice(&store, &desk, &shop, "a", now).unwrap_err().code(),
            "nothing_to_invoice",
            "{engine}"
        );
        buy(&store, &desk, &shop, 12, now);
        assert_eq!(to_invoice(&store, &desk, &shop, now), yuan("357.96"), "{engine}");
        assert_eq!(
            invoice(&store, &desk, &shop, "a", now).unwrap_err().code(),
            "billing_details_missing",
            "{engine}"
        );
        complete(&store, &shop, "CN", "91110000DEMO000002");

        let other = NewInvoice { account: shop.id, expected: Some(yuan("507.96")), token: "a" };
        let refused = store.write(|tx| invoices::invoice(tx, desk.at(now), other)).unwrap_err();
        assert_eq!(refused.code(), "invoiceable_changed", "{engine}");
        let first = invoice(&store, &desk, &shop, "a", now).unwrap();
        assert_eq!(sums(&first), ["337.70", "20.26", "357.96", "357.96"], "{engine}");
        assert_eq!(first.number, "INV-2026-000001", "{engine}: what was refused took no number");
        assert_eq!(invoice(&store, &desk, &shop, "a", now).unwrap(), first, "{engine}: the same again");
        let other = NewInvoice { account: shop.id, expected: Some(yuan("1.00")), token: "a" };
        let refused = store.write(|tx| invoices::invoice(tx, desk.at(now), other)).unwrap_err();
        assert_eq!(refused.code(), "token_reused", "{engine}");
        assert_eq!(to_invoice(&store, &desk, &shop, now), yuan("0.00"), "{engine}");
        assert_eq!(
            invoice(&store, &desk, &shop, "b", now).unwrap_err().code(),
            "nothing_to_invoice",
            "{engine}"
        );
    }
}

/// 1.00 owed counts when cash pays it, and not before: nobody invoices what was not paid.
#[test]
fn a_debt_is_invoiced_when_cash_pays_it() {
    for (engine, store, _server) in stores() {
        let (desk, now) = (desk(&store), at("2026-06-10 09:00:00"));
        let shop = account(&store, "shop");
        complete(&store, &shop, "CN", "");
        pay_in(&store, &desk, &shop, Purse::Cash, "51.00", "wire", now);
        buy(&store, &desk, &shop, 1, now);
        let bill = store.read(|tx| store::bills::of_account(tx, shop.id)).unwrap().remove(0);
        let debit = desk::corrections::Ask {
            id: "t1".into(),
            reason: "the disk was not billed".into(),
            actor: "test".into(),
            account: None,
            what: billing::correction::Correction::Debit(billing::correction::Aim {
                bill: bill.id,
                line: None,
                total: yuan("10.00"),
            }),
        };
        store.write(|tx| desk::corrections::make(tx, desk.at(now), &debit)).unwrap();
        assert_eq!(to_invoice(&store, &desk, &shop, now), yuan("51.00"), "{engine}: owed");
        pay_in(&store, &desk, &shop, Purse::Bonus, "4.00", "gift", now);
        assert_eq!(
            invoice(&store, &desk, &shop, "a", now).unwrap().content.total(),
            yuan("51.00"),
            "{engine}"
        );
        let now = at("2026-06-14 09:00:00");
        pay_in(&store, &desk, &shop, Purse::Cash, "20.00", "wire-2", now);
        assert_eq!(
            to_invoice(&store, &desk, &shop, now),
            yuan("6.00"),
            "{engine}: of 10.00 the gift paid 4.00"
        );
        let second = invoice(&store, &desk, &shop, "b", now).unwrap();
        assert_eq!(second.content.days(), Some(("2026-06-14", "2026-06-14")), "{engine}: when cash paid it");
        // 6.00 x 6/106 = 0.3396.
        assert_eq!(sums(&second), ["5.66", "0.34", "6.00", "6.00"], "{engine}");
    }
}

/// 100.00 taken back of 357.96: 100.00 x 20.26/357.96 = 5.6598; then the rest, so that both are the invoice.
#[test]
fn credit_notes_mirror_their_invoice_and_never_exceed_it() {
    for (engine, store, _server) in stores() {
        let (desk, now) = (desk(&store), at("2026-06-10 09:00:00"));
        let shop = account(&store, "shop");
        complete(&store, &shop, "CN", "");
        // Money that comes in before is consumed by nothing: its day is none of the invoice.
        pay_in(&store, &desk, &shop, Purse::Bonus, "150.00", "gift", at("2026-06-02"));
        pay_in(&store, &desk, &shop, Purse::Cash, "1000.00", "wire", at("2026-06-03"));
        buy(&store, &desk, &shop, 12, now);
        pay_in(&store, &desk, &shop, Purse::Cash, "1.00", "wire-2", at("2026-06-12"));
        let of = invoice(&store, &desk, &shop, "a", at("2026-06-12")).unwrap();
        let part = credit(&store, &desk, &of, Some("100.00"), "n1", now).unwrap();
        assert_eq!(sums(&part), ["94.34", "5.66", "100.00", "100.00"], "{engine}");
        assert_eq!(part.number, "CN-2026-000001", "{engine}");
        assert_eq!(
            credit(&store, &desk, &of, Some("100.00"), "n1", now).unwrap(),
            part,
            "{engine}: the same again"
        );
        assert_eq!(
            credit(&store, &desk, &of, Some("50.00"), "n1", now).unwrap_err().code(),
            "token_reused",
            "{engine}"
        );
        assert_eq!(
            to_invoice(&store, &desk, &shop, now),
            yuan("100.00"),
            "{engine}: it may be invoiced once more"
        );
        assert_eq!(
            credit(&store, &desk, &of, Some("257.97"), "n2", now).unwrap_err().code(),
            "credit_too_large",
            "{engine}"
        );
        assert_eq!(
            credit(&store, &desk, &part, None, "n2", now).unwrap_err().code(),
            "document_kind_refused",
            "{engine}"
        );
        let rest = credit(&store, &desk, &of, None, "n2", now).unwrap();
        assert_eq!(sums(&rest), ["243.36", "14.60", "257.96", "257.96"], "{engine}");
        let Content::CreditNote(note) = &rest.content else { panic!("{engine}") };
        assert_eq!((&note.original_number, note.original), (&of.number, of.id), "{engine}");
        assert_eq!(
            credit(&store, &desk, &of, None, "n3", now).unwrap_err().code(),
            "amount_invalid",
            "{engine}"
        );
        let later = at("2026-07-20 09:00:00");
        let again = invoice(&store, &desk, &shop, "b", later).unwrap();
        assert_eq!(sums(&again), sums(&of), "{engine}");
        let days = Some(("2026-06-10", "2026-06-10"));
        assert_eq!(
            [&note_days(&part), &of.content.days(), &again.content.days()],
            [&days; 3],
            "{engine}: what was consumed on one day is of that day"
        );
        assert_eq!(to_invoice(&store, &desk, &shop, now), yuan("0.00"), "{engine}");
    }
}

#[test]
fn taxes_follow_the_country_and_the_number_of_the_buyer() {
    for (engine, store, _server) in stores() {
        let (desk, now) = (desk(&store), at("2026-06-10 09:00:00"));
        for (country, number, expected) in [
            // 51.00 x 20/120 = 8.50; a number abroad moves the tax to the buyer; elsewhere there is none.
            ("FR", "", ["42.50", "8.50", "51.00", "51.00"]),
            ("FR", "FR12345678901", ["51.00", "0.00", "51.00", "51.00"]),
            ("US", "", ["51.00", "0.00", "51.00", "51.00"]),
            // 51.00 x 19/119 = 8.1429.
            ("DE", "DE123456789", ["42.86", "8.14", "51.00", "51.00"]),
        ] {
            let shop = account(&store, &format!("shop {country} {number}"));
            complete(&store, &shop, country, number);
            pay_in(&store, &desk, &shop, Purse::Cash, "51.00", "wire", now);
            buy(&store, &desk, &shop, 1, now);
            let it = invoice(&store, &desk, &shop, "a", now).unwrap();
            assert_eq!(sums(&it), expected, "{engine} {country} {number}");
            assert!(it.number.starts_with("EINV-2026-"), "{engine}: {}", it.number);
        }
    }
}

/// Twelve threads issue receipts and invoices, every third transaction is given up after it took its number.
#[test]
fn numbers_have_no_gap_however_many_ask_at_once() {
    const EACH: usize = 12;
    for (engine, store, _server) in stores() {
        let (desk, now) = (desk(&store), at("2026-06-10 09:00:00"));
        let shops: Vec<Account> = (0..EACH).map(|it| account(&store, &format!("shop {it}"))).collect();
        for shop in &shops {
            complete(&store, shop, "CN", "");
            pay_in(&store, &desk, shop, Purse::Cash, "51.00", "wire", now);
            buy(&store, &desk, shop, 1, now);
        }
        std::thread::scope(|scope| {
            for (at, shop) in shops.iter().enumerate() {
                let (store, desk) = (&store, &desk);
                scope.spawn(move || {
                    if at % 3 == 0 {
                        let given_up: Result<(), Refusal> = store.write(|tx| {
                            documents::receipt(tx, desk.at(now), documents::Asked::new(shop.id, "wire"))?;
                            Err(Refusal::Sum("given up"))
                        });
                        assert_eq!(given_up.unwrap_err().code(), "amount_invalid", "{engine}");
                    }
                    store
                        .write(|tx| {
                            documents::receipt(tx, desk.at(now), documents::Asked::new(shop.id, "wire"))
                        })
                        .unwrap();
                    invoice(store, desk, shop, "a", now).unwrap();
                });
            }
        });
        let all = store.read(|tx| list::page(tx, Filter::default(), &Part::first(100))).unwrap().items;
        for kind in [Kind::Receipt, Kind::Invoice] {
            let mut numbers: Vec<i64> = all.iter().filter(|it| it.kind == kind).map(|it| it.number).collect();
            numbers.sort_unstable();
            assert_eq!(numbers, (1..=EACH as i64).collect::<Vec<_>>(), "{engine} {}", kind.as_str());
        }
        for it in store.read(list::series).unwrap() {
            assert_eq!((it.last, it.documents, it.highest), (12, 12, 12), "{engine} {}", it.series);
        }
    }
}

/// Twelve ask for the invoice of one account: one gets it, the others find nothing left.
#[test]
fn one_sum_is_invoiced_once_however_many_ask_at_once() {
    for (engine, store, _server) in stores() {
        let (desk, now) = (desk(&store), at("2026-06-10 09:00:00"));
        let shop = account(&store, "shop");
        complete(&store, &shop, "CN", "");
        pay_in(&store, &desk, &shop, Purse::Cash, "51.00", "wire", now);
        buy(&store, &desk, &shop, 1, now);
        let answers: Vec<Result<Document, Refusal>> = std::thread::scope(|scope| {
            let ask = |number: usize| {
                let (store, desk, shop) = (&store, &desk, &shop);
                scope.spawn(move || invoice(store, desk, shop, &format!("t{number}"), now))
            };
            let asked: Vec<_> = (0..12).map(ask).collect();
            asked.into_iter().map(|it| it.join().unwrap()).collect()
        });
        assert_eq!(answers.iter().filter(|it| it.is_ok()).count(), 1, "{engine}");
        let codes: Vec<&str> =
            answers.iter().filter_map(|it| it.as_ref().err()).map(|it| it.code()).collect();
        assert_eq!(codes, ["nothing_to_invoice"; 11], "{engine}");
    }
}

#[test]
fn a_statement_says_what_the_month_came_to_and_is_issued_once() {
    for (engine, store, _server) in stores() {
        let (desk, now) = (desk(&store), at("2026-06-10 09:00:00"));
        let shop = account(&store, "shop");
        pay_in(&store, &desk, &shop, Purse::Cash, "600.00", "wire", now);
        buy(&store, &desk, &shop, 12, now);
        let ask = |month: &str, now: Timestamp| {
            store.write(|tx| documents::statement(tx, desk.at(now), documents::Asked::new(shop.id, month)))
        };
        assert_eq!(
            ask("2026-06", at("2026-07-02 23:59:59")).unwrap_err().code(),
            "statement_not_final",
            "{engine}"
        );
        let ready = at("2026-07-03 00:00:00");
        assert_eq!(ask("2026-05", ready).unwrap_err().code(), "statement_empty", "{engine}");
        for text in ["2026-06-15T00:00:00", "2026-6", "+002026-06", "2026-13", ""] {
            assert_eq!(ask(text, ready).unwrap_err().code(), "time_invalid", "{engine}: {text}");
        }
        let first = ask("2026-06", ready).unwrap();
        let Content::Statement(said) = &first.content else { panic!("{engine}") };
        assert_eq!((said.total, said.cash, said.bills), (yuan("507.96"), yuan("507.96"), 1), "{engine}");
        assert_eq!(
            (first.number.as_str(), first.buyer.name.as_str()),
            ("ST-2026-000001", "shop"),
            "{engine}"
        );
        assert_eq!(ask("2026-06", at("2026-08-01 00:00:00")).unwrap(), first, "{engine}: the same again");

        // More is billed for June: another statement takes the place of the first, which stays.
        let bill = store.read(|tx| store::bills::of_account(tx, shop.id)).unwrap().remove(0);
        let credit = desk::corrections::Ask {
            id: "t1".into(),
            reason: "too slow".into(),
            actor: "test".into(),
            account: None,
            what: billing::correction::Correction::Credit(billing::correction::Aim {
                bill: bill.id,
                line: None,
                total: yuan("7.96"),
            }),
        };
        store.write(|tx| desk::corrections::make(tx, desk.at(at("2026-06-30 12:00:00")), &credit)).unwrap();
        let second = ask("2026-06", at("2026-08-01 00:00:00")).unwrap();
        let Content::Statement(said) = &second.content else { panic!("{engine}") };
        assert_eq!(
            (said.total, said.replaces.as_deref()),
            (yuan("500.00"), Some("ST-2026-000001")),
            "{engine}"
        );
        assert_eq!(store.read(|tx| documents::one(tx, Some(shop.id), first.id)).unwrap(), first, "{engine}");
    }
}

#[test]
fn a_receipt_is_of_money_that_was_paid() {
    for (engine, store, _server) in stores() {
        let (desk, now) = (desk(&store), at("2026-06-10 09:00:00"));
        let (shop, other) = (account(&store, "shop"), account(&store, "other"));
        pay_in(&store, &desk, &shop, Purse::Cash, "600.00", "wire", now);
        pay_in(&store, &desk, &shop, Purse::Bonus, "5.00", "gift", now);
        let ask = |of: &Account, reference: &str| {
            store.write(|tx| {
                documents::receipt(tx, desk.at(at("2026-06-11")), documents::Asked::new(of.id, reference))
            })
        };
        assert_eq!(ask(&shop, "gift").unwrap_err().code(), "document_kind_refused", "{engine}");
        assert_eq!(ask(&other, "wire").unwrap_err().code(), "not_found", "{engine}");
        let first = ask(&shop, "wire").unwrap();
        let Content::Receipt(said) = &first.content else { panic!("{engine}") };
        assert_eq!(
            (said.money, said.day.as_str(), first.day.as_str()),
            (yuan("600.00"), "2026-06-10", "2026-06-11")
        );
        assert_eq!(ask(&shop, "wire").unwrap(), first, "{engine}: the same again");
        let hidden = store.read(|tx| documents::one(tx, Some(other.id), first.id)).unwrap_err();
        assert_eq!(hidden.code(), "not_found", "{engine}");
    }
}

/// The details say Chinese; who asks may choose another language, and the same again is the one that is there.
#[test]
fn who_asks_for_a_document_chooses_its_language() {
    for (engine, store, _server) in stores() {
        let (desk, now) = (desk(&store), at("2026-06-10 09:00:00"));
        let shop = account(&store, "shop");
        complete(&store, &shop, "CN", "");
        pay_in(&store, &desk, &shop, Purse::Cash, "51.00", "wire", now);
        pay_in(&store, &desk, &shop, Purse::Cash, "52.00", "wire-2", now);
        let ask = |asked: documents::Asked<'_>| {
            store.write(|tx| documents::receipt(tx, desk.at(now), asked)).unwrap()
        };
        assert_eq!(ask(documents::Asked::new(shop.id, "wire")).language, Language::Chinese, "{engine}");
        let english = documents::Asked {
            language: Some(Language::English),
            ..documents::Asked::new(shop.id, "wire-2")
        };
        let made = ask(english);
        assert_eq!(made.language, Language::English, "{engine}");
        assert_eq!(ask(documents::Asked::new(shop.id, "wire-2")), made, "{engine}: the same again");
    }
}

#[test]
fn who_changes_a_document_is_found() {
    for (engine, store, _server) in stores() {
        let (desk, now) = (desk(&store), at("2026-06-10 09:00:00"));
        let shop = account(&store, "shop");
        complete(&store, &shop, "CN", "");
        pay_in(&store, &desk, &shop, Purse::Cash, "51.00", "wire", now);
        buy(&store, &desk, &shop, 1, now);
        let made = invoice(&store, &desk, &shop, "a", now).unwrap();
        store
            .write(|tx| documents::receipt(tx, desk.at(now), documents::Asked::new(shop.id, "wire")))
            .unwrap();
        let differences = || store.read(|tx| desk::audit::audit(tx, &desk)).unwrap().differences;
        assert_eq!(differences(), Vec::<String>::new(), "{engine}");
        // An invoice that ends elsewhere than where it was issued is of other cash.
        let ends = |sql: &'static str| store.write(|tx| tx.exec(sql, &[])).unwrap();
        ends("update invoiced set before_number = before_number - 1000000000");
        let found = differences().join("\n");
        assert!(found.contains("they say 51.00 of server, its movements nothing"), "{engine}: {found}");
        ends("update invoiced set before_number = before_number + 1000000000");
        assert_eq!(differences(), Vec::<String>::new(), "{engine}");
        let id = made.id.to_string();
        store
            .write(|tx| {
                tx.exec(
                    "update documents set body = replace(body, '51.00', '50.00') where id = $1",
                    &[id.as_str().into()],
                )
            })
            .unwrap();
        store.write(|tx| tx.exec("delete from documents where kind = 'receipt'", &[])).unwrap();
        let found = differences().join("\n");
        assert!(
            found.contains("document INV-2026-000001: its body is not what its digest says"),
            "{engine}: {found}"
        );
        assert!(
            found.contains("series RCT-2026 of demo-cn: 1 numbers were given, 0 documents are there"),
            "{engine}: {found}"
        );
    }
}

/// What is credited and asked for again, in parts and twice, and a debt that is open where an invoice ends.
#[test]
fn invoices_are_held_against_the_movements() {
    for (engine, store, _server) in stores() {
        let (desk, now) = (desk(&store), at("2026-06-10 09:00:00"));
        let shop = account(&store, "shop");
        complete(&store, &shop, "CN", "");
        pay_in(&store, &desk, &shop, Purse::Cash, "102.00", "wire", now);
        let clean = |step: &str| {
            let found = store.read(|tx| desk::audit::audit(tx, &desk)).unwrap().differences;
            assert_eq!(found, Vec::<String>::new(), "{engine}: {step}");
        };
        buy(&store, &desk, &shop, 1, now);
        let first = invoice(&store, &desk, &shop, "a", now).unwrap();
        clean("invoiced");
        credit(&store, &desk, &first, Some("20.00"), "n1", now).unwrap();
        clean("a part may be invoiced once more");
        buy(&store, &desk, &shop, 1, at("2026-06-11 09:00:00"));
        let bill = store.read(|tx| store::bills::of_account(tx, shop.id)).unwrap().remove(0);
        let what = billing::correction::Aim { bill: bill.id, line: None, total: yuan("10.00") };
        let debit = desk::corrections::Ask {
            id: "t1".into(),
            reason: "the disk was not billed".into(),
            actor: "test".into(),
            account: None,
            what: billing::correction::Correction::Debit(what),
        };
        let now = at("2026-06-12");
        store.write(|tx| desk::corrections::make(tx, desk.at(now), &debit)).unwrap();
        let second = invoice(&store, &desk, &shop, "b", now).unwrap();
        assert_eq!(sums(&second)[3], "71.00", "{engine}: 20.00 again, and 51.00");
        clean("a debt is open where the invoice ends");
        credit(&store, &desk, &second, None, "n2", now).unwrap();
        let now = at("2026-06-13");
        pay_in(&store, &desk, &shop, Purse::Cash, "20.00", "wire-2", now);
        let third = invoice(&store, &desk, &shop, "c", now).unwrap();
        assert_eq!(sums(&third)[3], "81.00", "{engine}: all of it again, and 10.00 that was owed");
        clean("all of it");
        let note = credit(&store, &desk, &third, Some("1.00"), "n3", now).unwrap();
        store.write(|tx| tx.exec("delete from uninvoiced", &[])).unwrap();
        let found = store.read(|tx| desk::audit::audit(tx, &desk)).unwrap().differences.join("\n");
        assert!(found.contains("they say 111.00 of server, its movements 112.00"), "{engine}: {found}");
        assert_eq!(note.content.days(), third.content.days(), "{engine}");
    }
}

/// Credit notes are issued by the entity of their invoice: it stays in the file.
#[test]
fn an_entity_that_has_issued_documents_stays() {
    for (engine, store, _server) in stores() {
        let (desk, now) = (desk(&store), at("2026-06-10 09:00:00"));
        let shop = account(&store, "shop");
        complete(&store, &shop, "CN", "");
        pay_in(&store, &desk, &shop, Purse::Cash, "51.00", "wire", now);
        let without = |entity: &str| {
            let (head, rest) =
                example().split_once(&format!("[[entity]]\nid = \"{entity}\"")).map(owned).unwrap();
            let (_, rest) = rest.split_once("\n[[").unwrap();
            format!("{head}[[{rest}")
        };
        let apply = |text: &str| store.write(|tx| sellers::apply(tx, desk.at(now), text, "test"));
        apply(&without("demo-cn")).unwrap();
        apply(&example()).unwrap();
        store
            .write(|tx| documents::receipt(tx, desk.at(now), documents::Asked::new(shop.id, "wire")))
            .unwrap();
        let refused = apply(&without("demo-cn")).unwrap_err();
        assert_eq!(refused.code(), "seller_invalid", "{engine}");
        assert!(refused.to_string().contains("`demo-cn` has issued documents"), "{engine}: {refused}");
        apply(&without("demo-eu")).unwrap();
    }
}

fn owned((one, other): (&str, &str)) -> (String, String) {
    (one.to_string(), other.to_string())
}

#[test]
fn a_file_of_the_sellers_with_a_mistake_says_where() {
    let problems = |from: &str, to: &str| {
        let text = example().replacen(from, to, 1);
        assert_ne!(text, example(), "{from}");
        let found = pricebook::sellers(&text).unwrap_err();
        found.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
    };
    for (from, to, said) in [
        ("rate = \"6\"", "rate = \"six\"", "`six` is no rate"),
        ("rate = \"6\"", "rate = \"0\"\ncategory = \"standard\"", "a standard tax of 0 %"),
        ("mode = \"inside\"", "mode = \"beside\"", "`beside` is not known here"),
        ("to = \"2020-07-01\"", "to = \"2020-07-02\"", "hold on the same days"),
        ("to = \"2021-01-01\"", "to = \"2020-01-01\"", "ends before it begins"),
        ("credit_note = \"CN\"", "credit_note = \"INV\"", "begin with INV"),
        ("id = \"demo-eu\"", "id = \"demo-cn\"", "two entities"),
        ("country = \"DE\"", "country = \"Germany\"", "two letters"),
        ("zh = \"增值税\"", "fr = \"TVA\"", "fr"),
        ("from = \"2016-05-01\"", "from = \"1 May\"", "`1 May` is no day"),
        ("en = \"VAT\"", "en = \"V\\uFFFFAT\"", "a letter that no document can hold"),
        ("city = \"Berlin\"", "city = \"Ber\\u2028lin\"", "on one line"),
    ] {
        let found = problems(from, to);
        assert!(found.contains(said) && found.contains("seller.toml:"), "{to}: {found}");
    }
    pricebook::sellers(&example()).unwrap();
}

/// Where PDFs and pictures of pages stand, to be looked at.
fn folder() -> PathBuf {
    let folder = root().join("target/documents");
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// The text of a PDF, as Debian's poppler-utils reads it.
fn text_of(name: &str, bytes: &[u8]) -> String {
    let path = folder().join(format!("{name}.pdf"));
    std::fs::write(&path, bytes).unwrap();
    let read = Command::new("pdftotext").args(["-layout"]).arg(&path).arg("-").output();
    let read = read.expect("pdftotext of poppler-utils: `cargo xtask` installs it");
    assert!(read.status.success(), "{}", String::from_utf8_lossy(&read.stderr));
    let drawn =
        Command::new("pdftoppm").args(["-png", "-r", "80"]).arg(&path).arg(folder().join(name)).status();
    assert!(drawn.unwrap().success());
    String::from_utf8(read.stdout).unwrap()
}

fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn printed(name: &str, it: &Document, language: Language) -> String {
    let bytes = paper::pdf(it, language, &[], &paper::attachments(it).unwrap()).unwrap();
    assert_eq!(
        paper::pdf(it, language, &[], &paper::attachments(it).unwrap()).unwrap(),
        bytes,
        "the same is the same file"
    );
    words(&text_of(&format!("{name}-{}", language.as_str()), &bytes))
}

#[test]
fn documents_on_paper_say_what_they_say_as_data() {
    let store = Store::memory().unwrap();
    let (desk, now) = (desk(&store), at("2026-06-10 09:00:00"));
    let shop = account(&store, "studio");
    complete(&store, &shop, "CN", "91110000DEMO000002");
    pay_in(&store, &desk, &shop, Purse::Bonus, "150.00", "gift", now);
    pay_in(&store, &desk, &shop, Purse::Cash, "5000.00", "wire-17", now);
    buy(&store, &desk, &shop, 12, now);
    let of = invoice(&store, &desk, &shop, "a", now).unwrap();
    let note = credit(&store, &desk, &of, Some("100.00"), "n", now).unwrap();
    let receipt = store
        .write(|tx| documents::receipt(tx, desk.at(now), documents::Asked::new(shop.id, "wire-17")))
        .unwrap();
    // Enough for four pages.
    for minute in 1..60 {
        buy(&store, &desk, &shop, 1, at(&format!("2026-06-10 10:{minute:02}:00")));
    }
    let ready = at("2026-07-03 00:00:00");
    let statement = store
        .write(|tx| documents::statement(tx, desk.at(ready), documents::Asked::new(shop.id, "2026-06")))
        .unwrap();
    let has = |it: &Document, name: &str, language: Language, said: &[&str]| {
        let text = printed(name, it, language);
        for said in [it.number.as_str(), "演示云科技有限公司", "北京示例科技有限公司"].iter().chain(said)
        {
            assert!(text.contains(said), "{name}: `{said}` is not in\n{text}");
        }
    };
    let (english, chinese) = (Language::English, Language::Chinese);
    has(
        &of,
        "invoice",
        english,
        &["Invoice", "10 June 2026", "357.96 CNY", "337.70", "20.26", "6%", "Tax number 91110000DEMO000002"],
    );
    has(
        &of,
        "invoice",
        chinese,
        &[
            "发票",
            "2026年6月10日",
            "357.96 元",
            "337.70",
            "20.26",
            "价格已含增值税，税率 6%。",
            "税号 91110000DEMO000002",
        ],
    );
    has(
        &note,
        "credit-note",
        english,
        &["Credit note", "INV-2026-000001", "100.00 CNY", "5.66", "94.34", "名称有误"],
    );
    has(&note, "credit-note", chinese, &["红字发票", "100.00 元", "5.66", "原因：名称有误"]);
    has(&receipt, "receipt", english, &["Receipt", "5,000.00 CNY", "wire-17"]);
    has(&receipt, "receipt", chinese, &["收款凭证", "5,000.00 元", "wire-17"]);
    // 507.96 + 59 x 51.00 = 3516.96, of which 150.00 were granted.
    let sums =
        ["3,516.96 CNY", "3,366.96 CNY", "150.00 CNY", "Page 4 of 4", "June 2026", "Product or resource"];
    has(&statement, "statement", english, &sums);
    has(&statement, "statement", chinese, &["月结单", "3,516.96 元", "2026年6月", "第 4 页，共 4 页"]);
    let text = printed("statement", &statement, english);
    assert_eq!(text.matches("Product or resource").count(), 4, "the head is repeated on every page");
}

/// A server of 51.00 of which a voucher pays 7.77, so that cash pays 43.23. Source: R-BIL-4, R-VOU-5.
#[test]
fn a_statement_on_paper_says_what_vouchers_paid() {
    let store = Store::memory().unwrap();
    let (desk, now) = (desk(&store), at("2026-06-10 09:00:00"));
    let shop = account(&store, "studio");
    complete(&store, &shop, "CN", "91110000DEMO000002");
    pay_in(&store, &desk, &shop, Purse::Cash, "100.00", "wire-1", now);
    let scope = Scope::of_orders(Currency::CNY);
    let window = Window { from: now, until: at("2026-07-10 00:00:00") };
    let (account, face) = (shop.id, yuan("7.77"));
    let new = vouchers::New { account, name: "spring", face, scope: &scope, window, token: "spring" };
    store.write(|tx| vouchers::issue(tx, desk.at(now), new)).unwrap();
    buy_with(&store, &desk, &shop, (1, Choice::Automatic), now);
    let ready = at("2026-07-03 00:00:00");
    let statement = store
        .write(|tx| documents::statement(tx, desk.at(ready), documents::Asked::new(account, "2026-06")))
        .unwrap();
    for (language, said) in [
        (Language::English, ["From vouchers", "7.77 CNY", "43.23 CNY"]),
        (Language::Chinese, ["代金券支付", "7.77 元", "43.23 元"]),
    ] {
        let text = printed("statement-vouchers", &statement, language);
        for said in said {
            assert!(text.contains(said), "`{said}` is not in\n{text}");
        }
    }
}
