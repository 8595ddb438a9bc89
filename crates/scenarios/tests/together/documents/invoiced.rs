//! Invoices and credit notes: only cash that was consumed, once, with numbers that have no gap.

use super::*;
use crate::support::stores;
use billing::document::Content;
use desk::lists::documents::{self as list, Filter};
use desk::page::Part;

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
        let (desk, shop, now) = shop_with(&store, "51.00");
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
        let (desk, shop, now) = shop_with(&store, "51.00");
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
