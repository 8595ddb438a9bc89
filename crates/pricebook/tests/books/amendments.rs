//! Amendments: tiers, rows for several values, and the same book whether it is read anew or amended as it stands.

use crate::{book, only, read, text};
use billing::book::{Book, Conditions};
use billing::contract_price::ContractPrice;
use billing::price::Pricing;
use pricebook::{Amended, Files, Format, Reading, amended, diff, laid_over, laid_over_id, load};
use units::{AccountId, Amount, Currency, Timestamp};

fn amendment(product: &str, component: &str, rest: &str) -> String {
    format!("\n[[price]]\nproduct = \"{product}\"\ncomponent = \"{component}\"\nsource = \"demo\"\n{rest}\n")
}

/// The book with an amendment, checked to be the same as one that is read anew.
#[track_caller]
fn amend(files: &Files, before: &Book, amendment: &str) -> Amended {
    let reading = Reading { from: None, format: Format::NEWEST };
    let after = amended(before, files, amendment, reading).unwrap_or_else(|it| panic!("{}", text(&it)));
    let anew = load(&after.files, None).unwrap_or_else(|it| panic!("{}", text(&it)));
    assert_eq!(anew, after.book, "read anew");
    after
}

#[track_caller]
fn changes(files: &Files, amendment: &str) -> Vec<String> {
    let before = book(files);
    let after = amend(files, &before, amendment);
    diff(&before, &after.book).iter().map(ToString::to_string).collect()
}

/// Source: issue 10, section 4.4: without `above`, every tier; with it, the one that begins there.
#[test]
fn tiers_are_amended_all_or_one() {
    let kinds = read("kinds");
    let price = "~ product lookups / component lookups / price / tier";
    let all = changes(&kinds, &amendment("lookups", "lookups", "amount = \"0.03\""));
    let expected = [
        format!("{price} 1 / amount: 0.00 → 0.03"),
        format!("{price} 2 / amount: 0.02 → 0.03"),
        format!("{price} 3 / amount: 0.01 → 0.03"),
    ];
    assert_eq!(all, expected);
    let one = changes(&kinds, &amendment("lookups", "lookups", "amount = \"0.03\"\nabove = \"1000\""));
    assert_eq!(one, expected[2..]);
    let hours = amendment("server", "compute", "amount = \"0.03\"\nabove = \"96 h\"");
    let servers = only(&["server"]);
    assert!(
        changes(&servers, &hours).iter().all(|it| it.contains("tier 2")),
        "the second tier of each price"
    );
}

/// What a book adds to the amendments of another, where nothing else differs: only whole amendments behind those there.
#[test]
fn what_is_added_is_known() {
    let stored = |files: &Files| Files::from_text(&files.to_text());
    let kinds = stored(&read("kinds"));
    let with = |text: &str| {
        let mut files = kinds.clone();
        files.add("amendments.toml", text);
        stored(&files)
    };
    let one = amendment("lookups", "lookups", "amount = \"0.03\"");
    let (first, second) = (with(&one), with(&format!("{one}{one}")));
    assert_eq!(pricebook::added(&kinds, &first), Some(one.as_str()));
    assert_eq!(pricebook::added(&first, &second), Some(one.as_str()));
    assert_eq!(pricebook::added(&first, &first), None, "nothing is added");
    assert_eq!(pricebook::added(&second, &first), None, "something is taken away");
    let goes_on = with(&format!("{one}above = \"1000\"\n"));
    assert_eq!(pricebook::added(&first, &goes_on), None, "the last amendment is another");
    let mut other = first.clone();
    other.add("prices/more.csv", "a,b\n");
    assert_eq!(pricebook::added(&kinds, &other), None, "another file differs too");
}

/// A row for several values is parted: the values that nobody named keep their price.
#[test]
fn a_row_for_several_values_is_parted() {
    let files = only(&["high-defence-ip"]);
    let before = book(&files);
    let when = "amount = \"1.00\"\nwhen = { line = [\"unicom\"] }";
    let after = amend(&files, &before, &amendment("high-defence-ip", "forwarding-traffic", when));
    let prices = |book: &Book| {
        let components = &book.product("high-defence-ip").unwrap().components;
        let component = components.iter().find(|it| it.id == "forwarding-traffic").unwrap();
        let price = |row: &billing::book::PriceRow| {
            let Pricing::PerUnit(price) = &row.item.pricing else { panic!("{:?}", row.item.pricing) };
            (row.keys[0].1.join(" "), price.amount.e8() / 1_000_000)
        };
        component.prices.iter().map(price).collect::<Vec<_>>()
    };
    assert!(prices(&before).contains(&("telecom unicom mobile".into(), 40)), "{:?}", prices(&before));
    let found = prices(&after.book);
    assert!(
        found.contains(&("unicom".into(), 100)) && found.contains(&("telecom mobile".into(), 40)),
        "{found:?}"
    );
}

/// One after another, as a scenario does it.
#[test]
fn amendments_add_up() {
    let mut at = Amended { files: read("kinds"), book: Book::clone(&book(&read("kinds"))) };
    for amount in ["0.03", "0.04", "0.05"] {
        at = amend(&at.files, &at.book, &amendment("lookups", "lookups", &format!("amount = \"{amount}\"")));
    }
    assert_eq!(at.files.get("amendments.toml").unwrap().matches("[[price]]").count(), 3);
}

#[test]
fn an_amendment_that_fits_nothing_is_refused() {
    let files = read("kinds");
    let before = book(&files);
    let refused = |rest: &str| {
        let text = amendment("lookups", "lookups", rest);
        amended(&before, &files, &text, Reading { from: None, format: Format::NEWEST }).unwrap_err()[0]
            .to_string()
    };
    assert!(refused("amount = \"0.03\"\nabove = \"999\"").contains("no price per unit fits this amendment"));
    assert!(refused("amount = \"0.03\"\nwhen = { region = [\"mars\"] }").contains("no price per unit fits"));
    assert!(refused("amount = \"-1\"").contains("negative"));
}

fn contract_price(id: &str, component: &str, amount: &str) -> ContractPrice {
    let at = Timestamp::UNIX_EPOCH;
    ContractPrice {
        account: AccountId::named(at, "acme"),
        id: id.into(),
        number: 1,
        product: "disk".into(),
        component: component.into(),
        when: vec![("region".into(), vec!["hongkong".into()]), ("type".into(), vec!["premium".into()])],
        above: None,
        amount: Amount::parse(amount, Currency::CNY).unwrap(),
        from: at,
        until: None,
        reason: "agreed".into(),
        made: at,
        revision: 1,
    }
}

/// A contract price changes what it names, and what it leaves alone is the same price as before, under the same key: one row of the demo
/// book is for hongkong and siliconvalley. Source: R-PRC-22.
#[test]
fn a_contract_price_changes_what_it_names_and_nothing_else() {
    let listed = book(&only(&["disk"]));
    let one = contract_price("c-17", "storage-hour", "0.0004");
    let (made, unfit) = laid_over(&listed, &[&one]);
    assert_eq!(unfit, None);
    assert_eq!((made.id, made.from), (laid_over_id(&listed, &[&one]), listed.from));
    let item = |book: &Book, region: &str| {
        let component = book.products[0].components.iter().find(|it| it.id == "storage-hour").unwrap();
        let is_for = |name: &str, value: &str, keys: &Conditions| {
            keys.iter().all(|it| it.0 != name || it.1.iter().any(|it| it == value))
        };
        let mut rows = component.prices.iter();
        let row = rows.find(|it| is_for("region", region, &it.keys) && is_for("type", "premium", &it.keys));
        row.unwrap().item.clone()
    };
    let here = item(&made, "hongkong");
    assert_eq!((here.source.as_str(), here.contract.as_deref()), ("contract c-17", Some("c-17")));
    assert_ne!(here, item(&listed, "hongkong"));
    for elsewhere in ["siliconvalley", "guangzhou", "shanghai"] {
        assert_eq!(item(&made, elsewhere), item(&listed, elsewhere), "{elsewhere}");
    }

    let other = contract_price("c-18", "storage-hour", "0.0004");
    assert_ne!(laid_over_id(&listed, &[&other]), made.id, "of another contract");
    let nothing = contract_price("c-19", "nothing", "0.0004");
    let (both, unfit) = laid_over(&listed, &[&one, &nothing]);
    assert_eq!(
        (item(&both, "hongkong"), both.products == made.products),
        (here, true),
        "the other still holds"
    );
    assert!(unfit.unwrap().contains("`nothing`"));
}
