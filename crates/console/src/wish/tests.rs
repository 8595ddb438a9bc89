//! What is chosen, and what is chosen for somebody.

use super::*;
use desk::Desk;
use units::Currency;

fn desk() -> Desk {
    let book = pricebook::bundled("demo").unwrap();
    let store = store::Store::memory().unwrap();
    store.write(|tx| desk::books::apply(tx, &book, None, at())).unwrap();
    store.read(Desk::open).unwrap()
}

fn at() -> units::Timestamp {
    "2026-06-01T00:00:00Z".parse().unwrap()
}

#[test]
fn every_product_can_be_bought_as_it_is_shown_first() {
    let desk = desk();
    let book = desk.book(Currency::CNY, at()).unwrap();
    for product in &book.products {
        let settled = settled(desk.at(at()), Currency::CNY, &product.id, &Sent::default()).unwrap();
        assert!(settled.is_whole, "{}: {:?}", product.id, settled.choices());
        let quote = billing::quote::quote(book, &settled.item.wish, billing::rate::Terms::default());
        assert!(quote.is_ok(), "{}: {:?}", product.id, quote.err());
        // The address of a page makes the same page.
        let fields = settled.fields();
        let sent = Sent::read(fields.iter().map(|it| (it.0.as_str(), it.1.as_str())));
        let again = super::settled(desk.at(at()), Currency::CNY, &product.id, &sent).unwrap();
        assert_eq!((again.item, again.dropped), (settled.item, Vec::new()), "{}", product.id);
    }
}

#[test]
fn what_does_not_go_together_is_replaced_and_named() {
    let desk = desk();
    let sent = Sent::read([
        ("o.region", "shanghai"),
        ("o.zone", "guangzhou-1"),
        ("o.nothing", "x"),
        ("quantity", "2"),
    ]);
    let settled = settled(desk.at(at()), Currency::CNY, "server", &sent).unwrap();
    assert_eq!(settled.dropped, [("zone".to_string(), "guangzhou-1".to_string())]);
    assert_eq!(settled.choices().chosen.get("zone"), Some("shanghai-1"));
    assert_eq!(settled.item.wish.quantity, 2);
}

#[test]
fn only_what_was_chosen_is_ordered() {
    let desk = desk();
    let of = |pairs: &[(&str, &str)]| {
        let sent = Sent::read(pairs.iter().copied());
        settled(desk.at(at()), Currency::CNY, "server", &sent).unwrap().exactly()
    };
    let all = [("o.region", "guangzhou"), ("o.zone", "guangzhou-1"), ("quantity", "2")];
    assert_eq!(of(&all).unwrap().wish.quantity, 2);
    for wrong in ["shanghai-1", "nowhere", "guangzhou 1", "a=b"] {
        let refused = of(&[("o.region", "guangzhou"), ("o.zone", wrong)]).unwrap_err().to_string();
        assert!(refused.contains(&format!("`zone` cannot be `{wrong}`")), "{refused}");
        assert!(refused.contains("guangzhou-1"), "{refused}");
    }
    assert!(of(&[("name", &"x".repeat(LONGEST_NAME + 1))]).is_err());
}

#[test]
fn no_deed_begins_with_what_is_no_number() {
    for (field, text) in [("months", "one"), ("quantity", "many"), ("quantity", "-1")] {
        let wrong = Sent::of(&Fields::of([(field, text)])).unwrap_err();
        assert_eq!(wrong.field.as_deref(), Some(field), "{text}");
    }
    assert_eq!(Sent::of(&Fields::of([("months", "3")])).unwrap().months.as_deref(), Some("3"));
}
