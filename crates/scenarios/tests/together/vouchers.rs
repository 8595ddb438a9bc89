//! Vouchers at any worth, number, order and outcome of delivery: no more is spent than there is, every bill is paid in full, and an audit
//! finds nothing; and what somebody changes in the books beside them is found.
//!
//! In:  vouchers, a purchase of several orders, how it ends. Out: the books.
//! Source: R-VOU-2 to R-VOU-5, R-PAY-1, R-BIL-4; issue 14, properties.

use crate::support::served::Folder;
use crate::support::{parse, root};
use desk::audit;
use desk::documents::{invoices, sellers};
use play::step::View;
use play::{Played, Player};
use proptest::prelude::*;
use server::cli::simulate::play;
use store::Store;
use units::{Currency, Money};

const DISK: &str = "disk charge=prepaid region=guangzhou zone=guangzhou-1 type=ssd months=1";

fn look(player: &Player<'_>, text: &str) -> Vec<String> {
    let mut words = text.split(' ').map(str::to_string);
    let view = View { what: words.next().unwrap(), args: words.collect() };
    player.look(&view).unwrap_or_else(|refusal| panic!("{text}: {refusal}"))
}

fn differences(store: &Store, player: &Player<'_>) -> Vec<String> {
    store.read(|tx| audit::audit(tx, &player.desk)).unwrap().differences
}

fn story<'a>(store: &'a Store, text: &str) -> (Player<'a>, Played) {
    play(store, &parse("vouchers", text)).unwrap()
}

/// The figure behind a word of a line.
fn figure(line: &str, word: &str) -> i64 {
    let mut words = line.split(' ').skip_while(|it| *it != word);
    let text = words.nth(1).unwrap_or_else(|| panic!("no {word} in {line}"));
    Money::parse(text, Currency::CNY).unwrap().minor()
}

fn yuan(minor: i64) -> String {
    Money::from_minor(minor, Currency::CNY).to_string()
}

/// Vouchers, then disks that are bought together, of which some do not come.
fn text(vouchers: &[(i64, u32, bool)], orders: &[(u32, u32, u32)], limit: u32, end: &str) -> String {
    let mut text =
        format!("2026-06-01 10:00:00 account acme\ntopup acme 5000.00\nvoucherlimit acme {limit}\n");
    for (number, (minor, day, is_many)) in vouchers.iter().enumerate() {
        let uses = if *is_many { "many" } else { "once" };
        text += &format!("voucher acme v{number} {} until=2026-07-{day:02} uses={uses}\n", yuan(*minor));
    }
    let items: Vec<String> = orders
        .iter()
        .enumerate()
        .map(|(number, (tens, pieces, failing))| {
            let failing =
                if *failing > 0 { format!(" failing={}", failing.min(pieces)) } else { String::new() };
            format!("{DISK} size={} quantity={pieces} name=d{number}{failing}", tens * 10)
        })
        .collect();
    text += &format!("order acme set {} vouchers=auto\n{end}\n+1h settle\n", items.join(" and "));
    text
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn no_more_is_spent_than_there_is_and_the_books_say_so(
        vouchers in prop::collection::vec((1_i64..30_000, 1_u32..20, any::<bool>()), 0..5),
        orders in prop::collection::vec((1_u32..8, 1_u32..4, 0_u32..4), 1..4),
        limit in 1_u32..11, end in prop::sample::select(vec!["pay set", "cancel set", "pay set vouchers=none", "pay set vouchers=auto"]),
    ) {
        let store = Store::memory().unwrap();
        let (player, played) = story(&store, &text(&vouchers, &orders, limit, end));
        prop_assert!(played.steps.iter().all(|it| it.code == "ok"), "{:?}", played.steps);
        let shown = look(&player, "vouchers acme");
        let mut spent = 0;
        for line in &shown {
            let [face, held, of_it, left] = ["face", "held", "spent", "left"].map(|it| figure(line, it));
            prop_assert!(held == 0 && of_it + left <= face, "{line}");
            spent += of_it;
        }
        let paid = figure(&look(&player, "wallet acme")[0], "cash");
        let billed: i64 = look(&player, "bills acme")
            .iter()
            .map(|it| Money::parse(it.split(' ').next_back().unwrap(), Currency::CNY).unwrap().minor())
            .sum();
        prop_assert_eq!(500_000 - paid + spent, billed, "{:?}", shown);
        let found = differences(&store, &player);
        prop_assert!(found.is_empty(), "{found:?}");
    }
}

/// Source: R-VOU-5, R-BIL-4.
#[test]
fn what_is_changed_beside_the_books_is_found() {
    let changes = [
        ("update vouchers set spent_minor = spent_minor - 1 where spent_minor > 0", "its parts say"),
        ("update voucher_parts set minor = minor - 1 where state = 'spent'", "its parts say"),
        ("update vouchers set until_us = until_us + 1", "audit log"),
        ("update pieces set voucher_minor = voucher_minor + 1", "their parts say"),
        ("update bills set cash_minor = cash_minor - 1 where cash_minor > 0", "was paid or owed"),
        ("delete from transfers where debit = 'vouchers'", "transfers say"),
        ("update promotion_codes set redeemed = redeemed + 1", "came of it"),
    ];
    for (sql, said) in changes {
        let folder = Folder::new("vouchers");
        let file = folder.0.join("till.db");
        let store = Store::embedded(&file).unwrap();
        let mut text = text(&[(5_000, 9, true), (700, 3, false)], &[(3, 2, 1)], 2, "pay set");
        text += "code SPRING 5.00 times=9\nredeem acme SPRING mine\n";
        let (player, played) = story(&store, &text);
        assert!(played.steps.iter().all(|it| it.code == "ok"), "{:?}", played.steps);
        assert_eq!(differences(&store, &player), [""; 0]);
        let now = player.now;
        drop(player);
        drop(store);
        let changed = rusqlite::Connection::open(&file).unwrap().execute(sql, []).unwrap();
        assert!(changed > 0, "{sql}");
        let store = Store::embedded(&file).unwrap();
        let player = Player::new(&store, now).unwrap();
        let found = differences(&store, &player);
        assert!(found.iter().any(|it| it.contains(said)), "{sql}: {found:?}");
    }
}

/// 507.96, paid as a voucher of 100.00, 50.00 that was granted and 357.96 in cash: 357.96 may be invoiced, with a tax of
/// 357.96 x 6/106 = 20.26 inside of it. Source: R-INV-1.
#[test]
fn neither_a_voucher_nor_what_was_granted_is_invoiced() {
    let store = Store::memory().unwrap();
    let (player, _) = story(
        &store,
        "2026-06-10 09:00:00 account shop
topup shop 50.00 to=bonus
topup shop 1000.00
voucher shop spring 100.00
buy shop web server charge=prepaid region=guangzhou zone=guangzhou-1 type=S1.SMALL1 months=12 vouchers=spring
",
    );
    let shop = store.read(|tx| store::accounts::by_name(tx, "shop")).unwrap().id;
    let at = player.desk.at(player.now);
    let text = std::fs::read_to_string(root().join("examples/seller.toml")).unwrap();
    store.write(|tx| sellers::apply(tx, at, &text, "test")).unwrap();
    let found = store.read(|tx| invoices::to_invoice(tx, at, shop)).unwrap();
    assert_eq!(found.total.to_string(), "357.96");
    assert!(differences(&store, &player).is_empty());
}
