//! Documents that somebody changed, invoices against the movements, and the file of those who issue them.

use super::*;
use crate::support::stores;

#[test]
fn who_changes_a_document_is_found() {
    for (engine, store, _server) in stores() {
        let (desk, shop, now) = shop_with(&store, "51.00");
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
        let (desk, shop, now) = shop_with(&store, "102.00");
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
        let (desk, shop, now) = shop_with(&store, "51.00");
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
