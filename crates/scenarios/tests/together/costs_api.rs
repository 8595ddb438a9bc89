//! What an owner is told of costs: so far, to come, by project and tag, on both engines.

use crate::support::plays::*;
use crate::support::stores;
use billing::book::Scope;
use billing::notice::NoticeKind;
use desk::cost::{self, Cost};
use desk::labels::{self, Change};
use desk::lists::bills::{self, InMonth};
use desk::lists::costs::{self, Cut};
use desk::page::Part;
use desk::{Refusal, cost_tags, outlook, projects};
use play::Player;
use std::collections::{BTreeMap, BTreeSet};
use store::resources::ResourceFilter;
use units::{AccountId, ResourceId, Timestamp};

fn cost(player: &Player<'_>, account: AccountId, id: ResourceId) -> Cost {
    player.store.read(|tx| cost::so_far(tx, player.desk.at(player.now), account, id)).unwrap()
}

/// Kind, beginning and sums of each bill to come.
type Sums = BTreeSet<(&'static str, Timestamp, i64, i64)>;

fn to_come(cost: &Cost) -> Sums {
    let open = cost.open.as_ref().unwrap();
    open.iter().map(|it| (it.kind.as_str(), it.from, it.amount_e8, it.total.minor())).collect()
}

/// Post-paid bills of a resource (or of a spec) that were made after `now`.
fn made(player: &Player<'_>, account: AccountId, now: Timestamp, about: Result<ResourceId, &str>) -> Sums {
    let bills = player.store.read(|tx| store::bills::of_account(tx, account)).unwrap();
    let fits = |it: &billing::bill::Bill<'_>| match about {
        Ok(id) => it.resource == Some(id),
        Err(spec) => it.resource.is_none() && it.spec == spec,
    };
    let after = bills.iter().filter(|it| it.posted > now && it.kind.is_post_paid() && fits(it));
    after.map(|it| (it.kind.as_str(), it.from, it.amount_e8, it.total.minor())).collect()
}

/// Kind, product, beginning and total of each bill to come.
fn bills_of(cost: &cost::AccountCost) -> BTreeSet<(&str, &str, Timestamp, i64)> {
    let open = cost.open.as_ref().unwrap();
    open.iter().map(|it| (it.kind.as_str(), it.product.as_str(), it.from, it.total.minor())).collect()
}

const EVERYTHING: &str = "
2026-06-01 09:00:00 account all
                    topup all 9000.00
                    settle delay=10m
                    buy all web server charge=payg region=guangzhou zone=guangzhou-1 type=S1.SMALL1 network=traffic bandwidth=5
                    buy all vol disk charge=payg region=guangzhou zone=guangzhou-1 type=premium size=100
                    buy all bp bandwidth-package region=guangzhou
                    buy all net server charge=payg region=guangzhou zone=guangzhou-1 type=S1.SMALL1 network=bandwidth bandwidth=6
                    buy all c1 container region=guangzhou spec=1U1G
                    buy all old server charge=prepaid region=guangzhou zone=guangzhou-1 type=S1.SMALL1 months=1
2026-06-03 10:10:00 use web traffic_out 2GB at=2026-06-03T10:05:00 id=t1
                    use bp bandwidth 120Mbps at=2026-06-02T10:05:00
                    use web traffic_out 1GB at=2026-06-02T10:05:00 id=late
2026-06-03 10:20:00 resize net bandwidth=2
                    stop net free
2026-06-03 11:05:30 use web traffic_out 1GB at=2026-06-03T11:04:00 id=t2
";

/// Over a month in which everything runs: the dearest are the top of all that the statement lists, each resource once, however
/// few are asked for.
#[test]
fn what_cost_most_is_the_top_of_all_that_cost_anything() {
    for (engine, store, _server) in stores() {
        let mut player = player(&store);
        play(&mut player, EVERYTHING);
        play(&mut player, "2026-07-01 03:00:00 settle\n");
        let (account, now) = (owner(&store, "all"), player.now);
        let of = InMonth { account, month: "2026-06".into(), product: None };
        let all = store.read(|tx| bills::resources(tx, player.desk.at(now), &of, &Part::first(100)));
        let all = all.unwrap().items;
        // One sum for each resource, whatever was charged for it, and for each spec that is added up over the account.
        let mut each: BTreeMap<[String; 3], i64> = BTreeMap::new();
        for it in &all {
            let subject = it.subject.clone();
            let own = if subject.resource.is_empty() { subject.spec } else { String::new() };
            *each.entry([subject.product, subject.resource, own]).or_default() += it.sum.total.minor();
        }
        assert!(each.len() < all.len(), "{engine}: some are charged in more than one way: {all:?}");
        let mut sums: Vec<i64> = each.values().copied().filter(|it| *it > 0).collect();
        sums.sort_unstable();
        sums.reverse();
        assert!(sums.len() > 4, "{engine}: {sums:?}");
        for most in [1, 3, 100] {
            let found = store.read(|tx| bills::dearest(tx, player.desk.at(now), &of, most)).unwrap();
            let totals: Vec<i64> = found.iter().map(|it| it.total.minor()).collect();
            assert_eq!(totals, sums[..most.min(sums.len())], "{engine}");
        }
    }
}

/// At 11:05:30 the hour from 10 is over and not settled, that from 11 has lasted 330 s.
///
/// web: 3600 s and 330 s x 0.42/h are 0.42 and 0.0385; traffic of 2 GB, 1 GB late and 1 GB at 0.80 each.
/// c1: 2 d 2 h 5 min 30 s = 180 330 s x 0.17/h = 8.51558333.
#[test]
fn the_cost_so_far_is_what_is_billed_when_it_ends_now() {
    for (engine, store, _server) in stores() {
        let mut player = player(&store);
        play(&mut player, EVERYTHING);
        let account = owner(&store, "all");
        let ids = ids(&store, account);
        let now = player.now;
        let before: BTreeMap<&str, Cost> =
            ids.iter().map(|(name, id)| (name.as_str(), cost(&player, account, *id))).collect();

        let ten = at("2026-06-03 10:00:00");
        let eleven = at("2026-06-03 11:00:00");
        let web = to_come(&before["web"]);
        let expected = [
            ("hourly", ten, 42_000_000 + 160_000_000, 202),
            ("adjustment", ten, 80_000_000, 80),
            ("hourly", eleven, 3_850_000 + 80_000_000, 84),
        ];
        assert_eq!(web, BTreeSet::from(expected), "{engine}");
        assert_eq!((before["old"].billed.minor(), to_come(&before["old"]).len()), (5_100, 0), "{engine}");
        let june = at("2026-06-01 00:00:00");
        assert_eq!(to_come(&before["c1"]), BTreeSet::from([("monthly", june, 851_558_333, 852)]), "{engine}");
        assert_eq!(before["c1"].scope, Scope::Account, "{engine}");
        assert_eq!(before["c1"].billed.minor(), 0, "{engine}");

        let whole = player.store.read(|tx| cost::of_account(tx, player.desk.at(now), account)).unwrap();
        let all_to_come: BTreeSet<(&str, &str, Timestamp, i64)> = bills_of(&whole);

        play(
            &mut player,
            "2026-06-03 11:05:30 release web\n release vol\n release bp\n release net\n release c1\n",
        );
        play(&mut player, "2026-07-01 01:00:00 settle\n");
        for name in ["web", "vol", "bp", "net"] {
            let found = made(&player, account, now, Ok(ids[name]));
            assert_eq!(found, to_come(&before[name]), "{engine}: {name}");
            assert!(!found.is_empty(), "{engine}: {name}");
            let after = cost(&player, account, ids[name]);
            let open: i64 = to_come(&before[name]).iter().map(|it| it.3).sum();
            assert_eq!(after.billed.minor(), before[name].billed.minor() + open, "{engine}: {name}");
            assert_eq!(to_come(&after), BTreeSet::new(), "{engine}: {name}");
        }
        assert_eq!(made(&player, account, now, Err("1U1G")), to_come(&before["c1"]), "{engine}");

        // The account: the month before it ended has the month's bills but for those that came after, all of which it foresaw.
        let bills = player.store.read(|tx| store::bills::of_account(tx, account)).unwrap();
        let after: BTreeSet<(&str, &str, Timestamp, i64)> = bills
            .iter()
            .filter(|it| it.posted > now && it.kind.is_post_paid())
            .map(|it| (it.kind.as_str(), it.product.as_ref(), it.from, it.total.minor()))
            .collect();
        assert_eq!(after, all_to_come, "{engine}");
        let before: i64 = bills.iter().filter(|it| it.posted <= now).map(|it| it.total.minor()).sum();
        assert_eq!(whole.billed.values().map(|it| it.total.minor()).sum::<i64>(), before, "{engine}");
        assert_eq!(whole.month, "2026-06", "{engine}");
    }
}

/// Use of June that comes late in July is billed then, and stands in June: the forecast of July is as before.
#[test]
fn use_of_a_month_before_that_comes_late_is_in_no_forecast_of_this_one() {
    for (engine, store, _server) in stores() {
        let mut player = player(&store);
        play(&mut player, EVERYTHING);
        play(&mut player, "2026-07-02 10:20:00 settle\n");
        let account = owner(&store, "all");
        let forecast = |player: &Player<'_>| {
            let read = |tx: &mut store::Tx<'_>| cost::of_account(tx, player.desk.at(player.now), account);
            let cost = player.store.read(read).unwrap();
            (cost.forecast.total().unwrap().unwrap().minor(), cost.open.unwrap().len())
        };
        let before = forecast(&player);
        play(&mut player, "2026-07-02 10:20:00 use web traffic_out 50GB at=2026-06-30T10:05:00 id=june\n");
        let after = forecast(&player);
        assert_eq!((after.0, after.1), (before.0, before.1 + 1), "{engine}: it is open, and June's");
    }
}

/// The end of each pack by name, as told now.
fn ends(player: &Player<'_>, account: AccountId) -> BTreeMap<String, Option<Timestamp>> {
    let all = player.store.read(|tx| outlook::all(tx, player.desk.at(player.now), account)).unwrap();
    all.into_iter().map(|it| (it.pack.name, it.empty)).collect()
}

/// june: 720 h by two containers last 15 days. From June 3 12:00:00 one is left: 720 - 2 x 60 h = 600 h, 25 days more.
/// over: two containers of 1U2G from June 20, 15 days, into July. idle: nothing takes from it.
#[test]
fn a_pack_ends_when_it_was_said_to() {
    for (engine, store, _server) in stores() {
        let mut player = player(&store);
        play(
            &mut player,
            "
2026-06-01 00:00:00 account qing
                    topup qing 3000.00
                    buy qing june container-pack spec=1U1G hours=720 month=2026-06
                    buy qing idle container-pack spec=2U4G hours=720 month=2026-06
                    buy qing c container region=guangzhou spec=1U1G quantity=2
2026-06-03 00:00:00 settle
",
        );
        let account = owner(&store, "qing");
        assert_eq!(ends(&player, account)["june"], Some(at("2026-06-16 00:00:00")), "{engine}");
        let all = store.read(|tx| outlook::all(tx, player.desk.at(player.now), account)).unwrap();
        let june = all.iter().find(|it| it.pack.name == "june").unwrap();
        assert_eq!((june.used, june.left, june.lost), (345_600, 2_246_400, 0), "{engine}");
        assert_eq!(june.unit.map(|it| it.as_str()), Some("s"), "{engine}");

        play(&mut player, "2026-06-03 12:00:00 release c-1\n");
        assert_eq!(ends(&player, account)["june"], Some(at("2026-06-28 12:00:00")), "{engine}");
        play(
            &mut player,
            "
2026-06-20 00:00:00 buy qing over container-pack-at-purchase spec=1U2G hours=720
                    buy qing d container region=guangzhou spec=1U2G quantity=2
2026-06-21 00:00:00 settle
",
        );
        assert_eq!(ends(&player, account)["over"], Some(at("2026-07-05 00:00:00")), "{engine}");
        play(&mut player, "2026-07-02 00:00:00 settle\n");
        let july = ends(&player, account);
        assert_eq!(july["june"], Some(at("2026-06-28 12:00:00")), "{engine}: as the closed month says");
        assert_eq!(july["over"], Some(at("2026-07-05 00:00:00")), "{engine}");
        assert_eq!(july["idle"], None, "{engine}");
        play(&mut player, "2026-08-01 00:00:00 settle\n");
        assert_eq!(ends(&player, account)["over"], Some(at("2026-07-05 00:00:00")), "{engine}");
        let told = store.read(|tx| store::notices::of_account(tx, account)).unwrap();
        let exhausted: BTreeSet<Timestamp> =
            told.iter().filter(|it| it.kind == NoticeKind::PackExhausted).map(|it| it.at).collect();
        let expected = BTreeSet::from([at("2026-06-28 12:00:00"), at("2026-07-05 00:00:00")]);
        assert_eq!(exhausted, expected, "{engine}");
    }
}

/// A resource of somebody else has no cost, and one whose price is gone says why it has none.
#[test]
fn a_cost_that_cannot_be_said_is_not_said() {
    for (engine, store, _server) in stores() {
        let mut player = player(&store);
        play(&mut player, SHOP);
        let account = owner(&store, "shop");
        let web = ids(&store, account)["web"];
        let theirs = owner(&store, "other");
        let strange = store.read(|tx| -> Result<Cost, Refusal> {
            cost::so_far(tx, player.desk.at(player.now), theirs, web)
        });
        assert_eq!(strange.unwrap_err().code(), "not_found", "{engine}");

        let mut broken = store.read(|tx| store::resources::get(tx, account, web)).unwrap();
        let options = broken.resource.options.to_string().replace("S1.SMALL1", "S1.GONE");
        broken.resource.options = billing::options::Options::parse(&options).unwrap();
        let event = broken.resource.metered(at("2026-06-01 00:10:00"));
        store
            .write(|tx| {
                let (mut writes, events) = (store::Writes::default(), [(event.clone(), 50)]);
                store::resources::add_events(&mut writes, &events);
                tx.write(writes)
            })
            .unwrap();
        player.now = at("2026-06-01 00:20:00");
        let open = cost(&player, account, web).open;
        assert!(open.as_ref().is_err_and(|it| it.to_string().contains("S1.GONE")), "{engine}: {open:?}");
    }
}

/// A server at 0.42 an hour moves into a project at 10:30: the bill of 10:00 to 11:00 is the first of the project (R-ALC-1).
/// Of twelve hours 5.04, two are the project's: 0.84. Its tag changes at 11:30: one hour for each value.
#[test]
fn costs_go_to_the_project_and_tags_at_their_deduction() {
    for (engine, store, _server) in stores() {
        let mut player = player(&store);
        let options = "charge=payg region=guangzhou zone=guangzhou-1 type=S1.SMALL1";
        play(
            &mut player,
            &format!(
                "
2026-06-01 00:00:00 account acme
                    topup acme 100.00
                    buy acme web server {options}
2026-06-01 10:30:00 settle
"
            ),
        );
        let account = owner(&store, "acme");
        let web = ids(&store, account)["web"];
        let opening = projects::Opening { account, name: "shop", token: "t" };
        let project = store.write(|tx| projects::open(tx, opening, player.now)).unwrap();
        let change = Change {
            at: player.now,
            project: Some(Some(project.id)),
            tags: tags(&[("team", "red")]),
            ..Change::default()
        };
        store.write(|tx| labels::change(tx, account, web, change.clone())).unwrap();
        let changed = player.now;
        play(&mut player, "2026-06-01 11:30:00 settle\n");
        let change = Change { at: player.now, tags: tags(&[("team", "blue")]), ..Change::default() };
        store.write(|tx| labels::change(tx, account, web, change.clone())).unwrap();
        let since = |at| {
            let filter = ResourceFilter { updated_since: Some(at), ..NO_FILTER };
            store.read(|tx| store::resources::page(tx, account, &filter, 10)).unwrap().len()
        };
        assert_eq!((since(changed), since(player.now)), (1, 1), "{engine}");
        play(&mut player, "2026-06-01 12:00:00 settle\n");
        assert_eq!(since(player.now), 0, "{engine}: a bill changes no resource");

        let of = InMonth { account, month: "2026-06".to_string(), product: None };
        let cut = |by: Cut| {
            let at = player.desk.at(player.now);
            let page =
                store.read(|tx| costs::page(tx, at, &of, &by.clone().used(), &Part::first(10))).unwrap();
            let shown = |it: costs::Group| (it.value, it.name, it.sum.total.minor());
            page.items.into_iter().map(shown).collect::<Vec<_>>()
        };
        let id = project.id.to_string();
        let some = |text: &str| Some(text.to_string());
        assert_eq!(cut(Cut::Project), [(None, None, 420), (some(&id), some("shop"), 84)], "{engine}");
        assert_eq!(cut(Cut::Tag("team".to_string())), [(None, None, 504)], "{engine}: no cost tag yet");
        let keys = ["team".to_string()];
        store.write(|tx| cost_tags::set(tx, player.desk.at(player.now), account, &keys)).unwrap();
        let teams = [(None, None, 420), (some("blue"), None, 42), (some("red"), None, 42)];
        assert_eq!(cut(Cut::Tag("team".to_string())), teams, "{engine}");
        assert_eq!(cut(Cut::Tag("other".to_string())), [(None, None, 504)], "{engine}");
        assert_eq!(cut(Cut::Day), [(some("2026-06-01"), None, 504)], "{engine}");
        assert_eq!(cut(Cut::Region), [(some("guangzhou"), None, 504)], "{engine}");
    }
}

/// A pack of 720 hours covers a container's first two days: nothing is open. With a second one it is empty after 16 days.
#[test]
fn the_cost_of_an_account_knows_its_packs() {
    for (engine, store, _server) in stores() {
        let mut player = player(&store);
        play(
            &mut player,
            "
2026-06-01 00:00:00 account acme
                    topup acme 500.00
                    buy acme june container-pack spec=1U1G hours=720 month=2026-06
                    buy acme c container spec=1U1G
2026-06-03 00:00:00 settle
",
        );
        let account = owner(&store, "acme");
        let cost = |player: &Player<'_>| {
            let at = player.desk.at(player.now);
            let found = store.read(|tx| cost::of_account(tx, at, account)).unwrap();
            let open = found.open.unwrap();
            (open.iter().map(|it| it.total.minor()).sum::<i64>(), found.billed.len())
        };
        assert_eq!(cost(&player), (0, 1), "{engine}: the pack was bought and covers what runs");
        // 48 hours of the pack are used, 672 are left for 28 days of two containers: 14 days.
        play(&mut player, "2026-06-03 00:00:00 buy acme d container spec=1U1G\n2026-06-18 00:00:00 settle\n");
        // From the 17th on both pay 0.17 an hour: 48 hours are 8.16.
        assert_eq!(cost(&player), (816, 1), "{engine}");
    }
}

/// What is forecast of an account, and of its resources by name where it can be said of each alone.
fn forecasts(player: &Player<'_>, account: AccountId) -> (i64, BTreeMap<String, i64>) {
    let at = player.desk.at(player.now);
    let minor = |it: &desk::forecast::Forecast| it.total().unwrap().unwrap().minor();
    let whole = player.store.read(|tx| cost::of_account(tx, at, account)).unwrap();
    let each = ids(player.store, account).into_iter().map(|(name, id)| {
        let found = cost(player, account, id);
        (name, minor(&found.forecast))
    });
    (minor(&whole.forecast), each.collect())
}

/// By the hour and by the month, and paid ahead.
///
/// On 29 June at 12:00 June has 36 hours left. web: 36 h x 0.42 = 15.12. c: 36 h x 0.17 = 6.12. old: 51.00, paid ahead.
#[test]
fn a_forecast_is_what_the_month_comes_to_if_all_goes_on() {
    for (engine, store, _server) in stores() {
        let mut player = player(&store);
        play(
            &mut player,
            "
2026-06-29 12:00:00 account acme
                    topup acme 9000.00
                    settle delay=10m
                    buy acme web server charge=payg region=guangzhou zone=guangzhou-1 type=S1.SMALL1 network=traffic bandwidth=5
                    buy acme vol disk charge=payg region=guangzhou zone=guangzhou-1 type=premium size=100
                    buy acme c container region=guangzhou spec=1U1G
                    buy acme old server charge=prepaid region=guangzhou zone=guangzhou-1 type=S1.SMALL1 months=1
",
        );
        let account = owner(&store, "acme");
        // In the very second of buying nothing is open, and what was bought goes on from it.
        let bought = forecasts(&player, account);
        let at = player.desk.at(player.now);
        let open = store.read(|tx| cost::of_account(tx, at, account)).unwrap().open.unwrap();
        assert_eq!(open.iter().map(|it| it.total.minor()).sum::<i64>(), 0, "{engine}");
        play(&mut player, "2026-06-29 12:00:10 settle\n");
        let (whole, each) = forecasts(&player, account);
        assert_eq!(bought, (whole, each.clone()), "{engine}");
        assert_eq!((each["web"], each["c"], each["old"]), (1_512, 612, 5_100), "{engine}");
        assert_eq!(whole, 1_512 + each["vol"] + 612 + 5_100, "{engine}");

        // It stays what it is while time goes by and nothing changes, and is what the month comes to.
        for now in ["2026-06-29 12:25:10", "2026-06-29 13:05:00", "2026-06-30 23:30:00"] {
            play(&mut player, &format!("{now} settle\n"));
            assert_eq!(forecasts(&player, account), (whole, each.clone()), "{engine}: {now}");
        }
        // A reading counts from when it is there: 2 GB at 0.80.
        play(&mut player, "2026-06-30 23:40:00 use web traffic_out 2GB at=2026-06-30T23:39:00\n");
        assert_eq!(forecasts(&player, account).0, whole + 160, "{engine}");
        // In the first minutes of the next month June is not settled; it is not in the forecast of July.
        play(&mut player, "2026-07-01 00:05:00 settle\n");
        let july = forecasts(&player, account);
        play(&mut player, "2026-07-01 01:00:00 settle\n");
        let june = |tx: &mut store::Tx<'_>| {
            let of = InMonth { account, month: "2026-06".into(), product: None };
            desk::lists::bills::of_month(tx, player.desk.at(player.now), &of)
        };
        let billed: i64 = store.read(june).unwrap().values().map(|it| it.total.minor()).sum();
        assert_eq!(billed, whole + 160, "{engine}");
        // July has 744 hours. The tier clock of web shows 36 of them: 60 h x 0.42, 264 h x 0.21 and 420 h x 0.1428 are 25.20,
        // 55.44 and 59.976, together 140.62. c: 744 h x 0.17 = 126.48.
        assert_eq!((july.1["web"], july.1["c"], july.1["old"]), (14_062, 12_648, 0), "{engine}");
        assert_eq!(forecasts(&player, account), july, "{engine}");
    }
}
