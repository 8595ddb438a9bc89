//! Statements and receipts: what they say, once, in the language that was asked for.

use super::*;
use crate::support::stores;
use billing::document::Content;

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
        let (desk, shop, now) = shop_with(&store, "51.00");
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
