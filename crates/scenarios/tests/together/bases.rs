//! Months by use, by payment and by consumption: on each basis, however it is cut, all months together are all that was charged.
//!
//! In:  something prepaid, by the hour and by the month, at a price that changes, two packs, money of two kinds, perhaps a refund. Out: three views that add up.
//! Source: R-BIL-1, R-TIM-5, R-AMO-1 to R-AMO-3; issue 14, properties.

use crate::support::people::signed_in;
use crate::support::plays::{at, owner, play, player};
use crate::support::served::Served;
use crate::support::stores;
use billing::bill::Sum;
use billing::consumption::Basis;
use desk::lists::bills::InMonth;
use desk::lists::costs::{self, By, Cut};
use desk::page::Part;
use play::Player;
use proptest::prelude::*;
use serde_json::json;
use store::Store;
use units::{AccountId, Currency};

const SERVER: &str = "region=guangzhou zone=guangzhou-1 type=S1.SMALL1";

/// Fen in all, and of it vouchers, bonus, cash, income and debt.
type Figures = [i64; 6];

fn figures(all: &[Sum]) -> Figures {
    let sum = Sum::of(all, Currency::CNY).unwrap();
    let [bonus, cash, income] = sum.paid.purses().kinds();
    [sum.total, sum.vouchers(), bonus, cash, income, sum.paid.owed()].map(|it| it.minor())
}

/// What the months from May 2026 on come to, a year of them.
fn months(player: &Player<'_>, account: AccountId, by: &By) -> Vec<Sum> {
    let month = |it: i32| format!("{:04}-{:02}", 2026 + it / 12, it % 12 + 1);
    let mut found = Vec::new();
    for month in (4..16).map(month) {
        let of = InMonth { account, month, product: None };
        let now = player.desk.at(player.now);
        let page = player.store.read(|tx| costs::page(tx, now, &of, by, &Part::first(500))).unwrap();
        assert!(page.next.is_none());
        found.extend(page.items.into_iter().map(|it| it.sum));
    }
    found
}

/// Every basis, in every cut, comes to what the bills of the account come to.
#[track_caller]
fn adds_up(player: &Player<'_>, account: AccountId) {
    let bills = player.store.read(|tx| store::bills::of_account(tx, account)).unwrap();
    let sums: Vec<Sum> = bills.iter().map(|it| Sum::new(1, it.lines_e8(), it.total, it.paid)).collect();
    let charged = figures(&sums);
    assert!(charged[0] > 0 && charged[1] == 777, "{charged:?}");
    for basis in Basis::ALL {
        for cut in
            [Cut::Day, Cut::Product, Cut::Kind, Cut::Region, Cut::Project, Cut::Tag("team".to_string())]
        {
            let by = By { cut, basis };
            let found = months(player, account, &by);
            assert_eq!(figures(&found), charged, "{by:?}");
            if basis != Basis::Consumed {
                let bills: u64 = found.iter().map(|it| it.bills).sum();
                assert_eq!(bills, sums.len() as u64, "{by:?}");
            }
        }
    }
}

/// From 20 June 2026 on. Until November all of it is over.
fn story(months: u32, bonus: u32, refunded: Option<u32>, late: bool) -> String {
    let mut text = "
2026-06-20 09:30:07 account acme
topup acme 5000.00
"
    .to_string();
    if bonus > 0 {
        text += &format!("topup acme {}.{:02} to=bonus\n", bonus / 100, bonus % 100);
    }
    text += &format!(
        "voucher acme spring 7.77
buy acme web server charge=prepaid {SERVER} months={months} vouchers=spring
buy acme p container-pack spec=1U1G hours=720 month=2026-07
buy acme run server charge=payg {SERVER} network=traffic bandwidth=5
buy acme c container region=guangzhou spec=1U1G
buy acme d container region=guangzhou spec=1U1G quantity=2
project acme site c run
tag c team=red
tag d-1 team=blue
costtags acme team
2026-06-25 00:00:00 reprice container compute 0.20 spec=1U1G
2026-06-30 22:10:00 use run traffic_out 2GB
2026-07-01 03:00:00 release run
"
    );
    if late {
        text += "2026-07-03 12:00:00 use run traffic_out 1GB at=2026-06-30T23:30:00\n";
    }
    text += "2026-07-10 10:11:12 buy acme q container-pack-at-purchase spec=1U1G hours=720\n";
    text += "2026-07-18 07:08:09 release d-2\n2026-07-20 00:00:00 release c\nrelease d-1\n";
    // What is for a month is over soon after.
    if let Some(days) = refunded.filter(|_| months > 1) {
        text += &format!("+{days}d refund web\n");
    }
    text + "2026-11-01 00:00:00 settle\n"
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn every_basis_adds_up_to_what_was_charged(
        months in prop::sample::select(vec![1_u32, 3]), bonus in 0_u32..30_000, refunded in prop::option::of(0_u32..60), late in any::<bool>(),
    ) {
        let store = Store::memory().unwrap();
        let mut player = player(&store);
        play(&mut player, &story(months, bonus, refunded, late));
        adds_up(&player, owner(&store, "acme"));
    }
}

/// On both engines; and what came late is of the month in which it was paid.
#[test]
fn every_basis_adds_up_on_both_engines() {
    for (engine, store, _server) in stores() {
        let mut player = player(&store);
        play(&mut player, &story(3, 1_234, Some(10), true));
        let account = owner(&store, "acme");
        adds_up(&player, account);
        let late = late_fee(&store, account);
        assert!(late > 0, "{engine}: what came late was billed");
        assert_eq!(player.now, at("2026-11-01 00:00:00"), "{engine}");
    }
}

/// What adjustments come to that were paid in July.
fn late_fee(store: &Store, account: AccountId) -> i64 {
    let span = store::bills::Span { from: at("2026-07-01 00:00:00"), to: at("2026-08-01 00:00:00") };
    let found = store.read(|tx| store::bills::basis::paid(tx, account, span)).unwrap();
    let adjusted = found.iter().filter(|it| it.kind == billing::bill::Kind::Adjustment);
    adjusted.map(|it| it.sum.total.minor()).sum()
}

/// A server of 51.00 for the 30 days from 11 June on: 1.70 a day, 34.00 in June and 17.00 in July. Source: R-AMO-1.
#[test]
fn the_api_and_the_page_say_what_is_consumed() {
    let served = Served::start(&[
        "--rate-limit",
        "0",
        "--cloud-delay-seconds",
        "0",
        "--test-clock",
        "2026-06-11 00:00:00",
    ]);
    let shop = served.customer("shop", "100.00");
    let options =
        json!({ "charge": "prepaid", "region": "guangzhou", "zone": "guangzhou-1", "type": "S1.SMALL1" });
    let item = json!({ "product": "server", "name": "web", "months": 1, "options": options });
    served.post(&shop.key, "/v1/orders", &json!({ "pay": true, "items": [item] })).good();
    served.post(&served.operator, "/v1/clock/advance", &json!({ "to": "2026-06-10T17:00:00Z" })).good();

    let groups = |query: &str| -> Vec<(String, String)> {
        let list = served.get(&shop.key, &format!("/v1/bills/costs?{query}")).good();
        let text = |it: &serde_json::Value| it.as_str().unwrap().to_string();
        let group = |it: &serde_json::Value| (text(&it["value"]), text(&it["total"]));
        list["items"].as_array().unwrap().iter().map(group).collect()
    };
    let group = |value: &str, total: &str| (value.to_string(), total.to_string());
    assert_eq!(groups("month=2026-06&by=kind&basis=consumed"), [group("prepaid_new", "34.00")]);
    assert_eq!(groups("month=2026-07&by=product&basis=consumed"), [group("server", "17.00")]);
    let days = groups("month=2026-06&by=day&basis=consumed");
    assert_eq!(
        (days.len(), &days[0], &days[19]),
        (20, &group("2026-06-11", "1.70"), &group("2026-06-30", "1.70"))
    );
    assert_eq!(groups("month=2026-06&by=kind&basis=paid"), [group("prepaid_new", "51.00")]);
    assert_eq!(groups("month=2026-06&by=kind"), [group("prepaid_new", "51.00")]);
    assert!(served.get(&shop.key, "/v1/bills/costs?month=2026-06&basis=dull").status >= 400);

    let mut ann = signed_in(&served, "ann@example.com", "owner", Some("shop"));
    let page = ann.get("/cost?month=2026-06&by=kind&basis=consumed");
    page.has("34.00").has("Consumed").has("basis=paid");
    ann.get("/cost?month=2026-06&by=product&basis=paid").has("51.00");
}
