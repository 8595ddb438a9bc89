//! What is foretold is what happens: an account is left alone, and its clock goes on.
//!
//! In:  accounts with all kinds of products, little money or much, flags, use. Out: steps of a forecast and the life lines, arrears
//! and balance after as much time; and the same books however often the clock stops on the way.
//! Source: R-ARR-1 to R-ARR-8, R-EXP-1, R-EXP-4, R-EXP-5, R-REN-2; issue 14, point 4.

use crate::support::parse;
use crate::support::plays::{at, ids, owner, play as plays, player};
use crate::support::stores;
use billing::ahead::Coming;
use billing::story::What;
use desk::ahead::{self, Ahead, Look, Reach};
use desk::jobs::{self, Turn};
use desk::lists::packs;
use desk::outlook::Standing;
use desk::page::Part;
use desk::{Desk, audit, books, overview};
use play::Player;
use play::step::View;
use proptest::prelude::*;
use server::cli::files;
use server::cli::simulate::play;
use std::collections::BTreeMap;
use store::Store;
use units::{AccountId, ResourceId, Timestamp};

/// What may be bought, and how it is called.
const WARES: [(&str, &str); 10] = [
    ("web", "server charge=payg region=guangzhou zone=guangzhou-1 type=S1.SMALL1"),
    (
        "big",
        "server charge=payg region=guangzhou zone=guangzhou-1 type=S2.MEDIUM4 data_disk=70 network=bandwidth bandwidth=3",
    ),
    (
        "net",
        "server charge=prepaid region=guangzhou zone=guangzhou-1 type=S1.SMALL1 months=1 network=traffic bandwidth=5",
    ),
    ("old", "server charge=prepaid region=guangzhou zone=guangzhou-1 type=S1.SMALL1 months=1"),
    ("vol", "disk charge=payg region=guangzhou zone=guangzhou-1 type=premium size=130"),
    ("pre", "disk charge=prepaid region=guangzhou zone=guangzhou-1 type=premium size=20 months=1"),
    ("box", "container spec=1U1G service=shop"),
    ("data", "volume size=30"),
    ("lb", "load-balancer"),
    ("lbh", "load-balancer-hourly region=guangzhou"),
];

/// What an account has and does before it is left alone.
#[derive(Clone, Debug)]
struct Life {
    money: u32,
    /// Which wares, after so many minutes each, and whether they are renewed by themselves or stopped.
    wares: Vec<(usize, u32, bool)>,
    /// When it is left alone, in minutes.
    alone: u32,
    no_stop: u32,
    delay_minutes: u32,
}

fn life() -> impl Strategy<Value = Life> {
    let ware = (0..WARES.len(), 0_u32..3_000, any::<bool>());
    (100_u32..40_000, prop::collection::vec(ware, 1..6), 1_u32..4_000, 0_u32..3, 0_u32..2).prop_map(
        |(money, wares, alone, no_stop, delay)| {
            let money = money + 6_000 * u32::try_from(wares.len()).unwrap();
            Life { money, wares, alone, no_stop: no_stop * 3, delay_minutes: delay * 10 }
        },
    )
}

impl Life {
    /// The story up to the instant at which nobody does anything any more.
    fn story(&self) -> String {
        let mut lines = vec![(0, format!("topup acme {}.{:02}", self.money / 100, self.money % 100))];
        lines.push((0, format!("nostop acme {}", self.no_stop)));
        lines.push((0, format!("settle delay={}m", self.delay_minutes)));
        for (number, (ware, minute, flag)) in self.wares.iter().enumerate() {
            let (name, item) = WARES[*ware];
            let minute = minute % self.alone;
            lines.push((minute, format!("buy acme {name}{number} {item}")));
            let is_prepaid = item.contains("months=");
            match (is_prepaid, flag) {
                (true, true) => lines.push((minute, format!("renewal {name}{number} auto"))),
                (false, true) if name == "web" => lines.push((minute + 7, format!("stop {name}{number}"))),
                _ => {}
            }
            if name == "net" {
                lines.push((minute + 1, format!("traffic {name}{number} out 3GB")));
            }
        }
        lines.push((self.alone + 8, "settle".to_string()));
        lines.sort_by_key(|it| it.0);
        let mut text = String::from("2026-05-17 09:20:11 account acme\n");
        let mut before = 0;
        for (minute, line) in lines {
            text += &format!("+{}m {line}\n", minute - before);
            before = minute;
        }
        text
    }
}

fn alone<'a>(store: &'a Store, life: &Life) -> Player<'a> {
    // What there is too little money for is refused, and what follows from it too.
    play(store, &parse("foretold", &life.story())).unwrap().0
}

fn account(store: &Store) -> AccountId {
    store.read(|tx| store::accounts::by_name(tx, "acme")).unwrap().id
}

/// What happened to resources behind `since`, each with its instant; a release that was asked for is done at once.
fn happened(
    store: &Store,
    account: AccountId,
    since: Timestamp,
) -> BTreeMap<ResourceId, Vec<(Timestamp, What)>> {
    let events = store.read(|tx| store::resources::events_of_account(tx, account)).unwrap();
    let mut found: BTreeMap<ResourceId, Vec<(Timestamp, What)>> = BTreeMap::new();
    for own in events.chunk_by(|one, other| one.resource == other.resource) {
        for (at, event) in own.iter().enumerate() {
            let what = What::of(at.checked_sub(1).and_then(|it| own.get(it)), event);
            if event.at > since && what != What::ReleaseAsked {
                found.entry(event.resource).or_default().push((event.at, what));
            }
        }
    }
    found
}

fn foretold(it: &Ahead) -> BTreeMap<ResourceId, Vec<(Timestamp, What)>> {
    let mut found: BTreeMap<ResourceId, Vec<(Timestamp, What)>> = BTreeMap::new();
    for step in &it.steps {
        if let Coming::Resource { id, what } = step.coming {
            found.entry(id).or_default().push((step.at, what));
        }
    }
    found
}

/// Since when the account is in arrears at the end, as it was foretold.
fn arrears(it: &Ahead) -> Option<Timestamp> {
    let change = it.steps.iter().rev().find_map(|step| match step.coming {
        Coming::MoneyGone => Some(Some(step.at)),
        Coming::MoneyBack => Some(None),
        Coming::Resource { .. } | Coming::RenewalFails(..) | Coming::PackEmpty(_) | Coming::PackEnds(_) => {
            None
        }
    });
    change.unwrap_or(it.arrears_since)
}

/// The demo book keeps what arrears stop for 24 h; a later one keeps it for fifteen days. What was bought before is gone after a day.
///
/// 0.74 at 08:00: T0 at 10:00, stopped at 12:00. The same at 09:00: an hour later, each.
#[test]
fn a_resource_lives_by_the_book_of_its_purchase() {
    const SERVER: &str = "web server charge=payg region=guangzhou zone=guangzhou-1 type=S1.SMALL1";
    for (engine, store, _server) in stores() {
        let mut player = player(&store);
        plays(&mut player, &format!("2026-06-01 08:00:00 account old\ntopup old 0.74\nbuy old {SERVER}\n"));
        let demo = files::book("demo").unwrap();
        let mut later = pricebook::Files::default();
        for path in demo.paths() {
            let text = demo.get(path).unwrap();
            let is_server = path == "products/server.toml";
            let text = if is_server {
                text.replace("reclaim = \"24 h\"", "reclaim = \"15 d\"")
            } else {
                text.to_string()
            };
            later.add(path, &text);
        }
        store.write(|tx| books::apply(tx, &later, Some(at("2026-06-01 09:00:00")), player.now)).unwrap();
        player.desk = store.read(Desk::open).unwrap();
        plays(&mut player, &format!("2026-06-01 09:00:00 account new\ntopup new 0.74\nbuy new {SERVER}\n"));
        let released = |name: &str| {
            let account = owner(&store, name);
            let told =
                store.read(|tx| ahead::alone(tx, player.desk.at(player.now), account, Look::forecast(9)));
            told.unwrap().steps.last().map(|it| (player.desk.calendar.print(it.at), it.coming.word()))
        };
        assert_eq!(released("old"), Some(("2026-06-02 12:00:00".to_string(), "released")), "{engine}");
        assert_eq!(released("new"), Some(("2026-06-16 13:00:00".to_string(), "released")), "{engine}");
    }
}

/// 51.74 at 08:00, of which 51.00 go for a month of `old`: `web` is stopped at 12:00 and gone a day later. `old` is cut off at its
/// deadline and gone days after it, whatever is owed.
#[test]
fn arrears_take_what_they_stop_and_not_what_ends_at_its_deadline() {
    const SERVER: &str = "region=guangzhou zone=guangzhou-1 type=S1.SMALL1";
    for (engine, store, _server) in stores() {
        let mut player = player(&store);
        let bought = format!(
            "2026-06-01 08:00:00 account acme\ntopup acme 51.74\nbuy acme old server charge=prepaid {SERVER} months=1\n\
             buy acme web server charge=payg {SERVER}\n"
        );
        plays(&mut player, &bought);
        let account = owner(&store, "acme");
        let web = ids(&store, account)["web"];
        let told = |player: &Player<'_>, look: Look| {
            store.read(|tx| ahead::alone(tx, player.desk.at(player.now), account, look)).unwrap()
        };
        let taken = |player: &Player<'_>, told: &Ahead| {
            told.taken.map(|it| (player.desk.calendar.print(it.at), it.coming.word()))
        };
        let stops = Some(("2026-06-01 12:00:00".to_string(), "arrears_stopped"));
        // Only the money's end is listed: what follows from it is known all the same, with its name.
        let first = told(&player, Look::forecast(1));
        assert_eq!(first.steps.iter().map(|it| it.coming.word()).collect::<Vec<_>>(), ["money_gone"]);
        assert_eq!(taken(&player, &first), stops, "{engine}");
        assert_eq!(first.resources[&web].name, "web", "{engine}");
        plays(&mut player, "2026-06-01 11:00:00 settle\n");
        let seen = store.read(|tx| overview::of_account(tx, player.desk.at(player.now), account)).unwrap();
        assert_eq!(taken(&player, &seen.ahead), stops, "{engine}");

        plays(&mut player, "2026-06-01 13:00:00 settle\n");
        let gone = Some(("2026-06-02 12:00:00".to_string(), "released"));
        assert_eq!(taken(&player, &told(&player, Look::forecast(9))), gone, "{engine}");

        plays(&mut player, "2026-06-02 13:00:00 settle\n");
        let later = told(&player, Look::forecast(9));
        assert!(later.arrears_since.is_some(), "{engine}");
        assert_eq!(later.steps.last().map(|it| it.coming.word()), Some("released"), "{engine}");
        assert_eq!(taken(&player, &later), None, "{engine}");
    }
}

/// What an account is told, one line of text for each.
fn texts(player: &Player<'_>, account: &str) -> Vec<String> {
    player.look(&View { what: "texts".to_string(), args: vec![account.to_string()] }).unwrap()
}

/// A server stands still from 06-20 to 11-01 09:00. Months that are renewed by themselves are made up for in the order of time, with the
/// money that there is: 260.00 - 51.00 = 209.00; 07-10 158.00, 08-10 107.00, 09-10 56.00, 10-10 5.00, paid until 11-10 15:00.
/// 111.00 - 51.00 = 60.00; 07-10 9.00, 08-10 too little: gone. Of two of one day the first is paid: 162.00 - 2 x 51.00 = 60.00, 9.00.
/// What nobody renews is gone. The forecast says that before.
#[test]
fn what_was_missed_is_made_up_for_and_foretold() {
    const SERVER: &str = "server charge=prepaid region=guangzhou zone=guangzhou-1 type=S1.SMALL1 months=1";
    for (engine, store, _server) in stores() {
        let mut player = player(&store);
        let story = format!(
            "2026-06-10 15:00:00 account acme\ntopup acme 260.00\nbuy acme web {SERVER}\nrenewal web auto\n\
             account beta\ntopup beta 111.00\nbuy beta site {SERVER}\nrenewal site auto\n\
             account gamma\ntopup gamma 51.00\nbuy gamma job {SERVER}\n\
             account delta\ntopup delta 162.00\nbuy delta first {SERVER}\nrenewal first auto\n\
             2026-06-10 16:00:00 buy delta second {SERVER}\nrenewal second auto\n2026-06-20 00:00:00 settle\n"
        );
        plays(&mut player, &story);
        let (since, now) = (player.now, at("2026-11-01 09:00:00"));
        let names = ["acme", "beta", "gamma", "delta"];
        let told = names.map(|name| {
            let account = owner(&store, name);
            store.read(|tx| ahead::alone(tx, player.desk.at(now), account, Look::forecast(50))).unwrap()
        });
        // Each turn takes one step of each resource.
        for _ in 0..4 {
            jobs::run_due(&Turn::alone(&store, player.desk.at(now), since), &mut Err).unwrap();
        }
        for (name, told) in names.iter().zip(&told) {
            let mut by_now = foretold(told);
            by_now.values_mut().for_each(|it| it.retain(|it| it.0 <= now));
            assert_eq!(by_now, happened(&store, owner(&store, name), since), "{engine}: {name}");
        }
        let words = |name: &str| -> Vec<&'static str> {
            let account = owner(&store, name);
            let happened = happened(&store, account, since).into_values().flatten();
            happened.map(|it| it.1.as_str()).collect()
        };
        assert_eq!(words("acme"), ["renewed"; 4], "{engine}");
        assert_eq!(words("beta"), ["renewed", "expired", "released"], "{engine}");
        assert_eq!(words("gamma"), ["expired", "released"], "{engine}");
        let left = names.map(|name| {
            let account = owner(&store, name);
            store.read(|tx| desk::lists::accounts::one(tx, account)).unwrap().wallet.balance().to_string()
        });
        assert_eq!(left, ["5.00", "9.00", "0.00", "9.00"], "{engine}");
        assert_eq!(words("delta"), ["renewed", "expired", "released", "expired", "released"], "{engine}");

        // Nothing that is told is over by then.
        let (failed, gone) = (
            "site with the deadline 10 August 2026, 15:00 could not be renewed by itself: too little is available. Its time is over, \
             and it is released.",
            "job passed its deadline on 10 July 2026, 15:00 and could be renewed until 18 July 2026, 00:00. It is released, with \
             what is on it.",
        );
        assert!(texts(&player, "beta").iter().any(|it| it.ends_with(failed)), "{engine}");
        assert!(texts(&player, "gamma").iter().any(|it| it.ends_with(gone)), "{engine}");
        let promises = names.iter().flat_map(|it| texts(&player, it)).filter(|it| it.contains("kept until"));
        assert_eq!(promises.count(), 0, "{engine}");
        let audit = store.read(|tx| audit::audit(tx, &player.desk)).unwrap();
        assert!(audit.differences.is_empty(), "{engine}: {:?}", audit.differences);
    }
}

/// Bought in another order than they begin, four packs come page by page as they come at once: the one that begins last first.
#[test]
fn packs_are_in_the_order_of_their_beginning_over_all_pages() {
    for (engine, store, _server) in stores() {
        let mut player = player(&store);
        let months = ["2026-08", "2026-06", "2026-09", "2026-07"];
        let buys = months
            .map(|it| format!("buy acme p{it} container-pack spec=1U1G hours=720 month={it}\n"))
            .concat();
        plays(&mut player, &format!("2026-06-01 08:00:00 account acme\ntopup acme 1000.00\n{buys}"));
        let account = owner(&store, "acme");
        let page = |part: &Part| {
            store.read(|tx| packs::by_begin(tx, player.desk.at(player.now), account, part)).unwrap()
        };
        let begins = |it: &Standing| player.desk.calendar.month(it.pack.effective);
        let at_once: Vec<String> = page(&Part::first(9)).items.iter().map(begins).collect();
        assert_eq!(at_once, ["2026-09", "2026-08", "2026-07", "2026-06"], "{engine}");
        let (mut paged, mut part) = (Vec::new(), Part::first(1));
        loop {
            let found = page(&part);
            paged.extend(found.items.iter().map(begins));
            let Some(next) = found.next else { break };
            part.after = Some(next);
        }
        assert_eq!(paged, at_once, "{engine}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn what_is_foretold_happens(life in life(), days in 20_u64..75) {
        let store = Store::memory().unwrap();
        let mut player = alone(&store, &life);
        let account = account(&store);
        let now = player.now;
        let look = Look { reach: Reach::Days(days), most: usize::MAX };
        let told = store.read(|tx| ahead::alone(tx, player.desk.at(now), account, look)).unwrap();
        prop_assert_eq!(&told.broken, &None);
        let seconds = days * 86_400 - 1;
        player.play(&parse("later", &format!("{} settle\n+{seconds} settle\n", player.desk.calendar.print(now))), &mut |_, _| {}).unwrap();
        let customer = store.read(|tx| desk::lists::accounts::one(tx, account)).unwrap();
        prop_assert_eq!(foretold(&told), happened(&store, account, now), "{}", life.story());
        prop_assert_eq!(arrears(&told), customer.account.arrears_since, "{}", life.story());
        prop_assert_eq!(told.left, customer.wallet.balance(), "{}", life.story());
        let audit = store.read(|tx| audit::audit(tx, &player.desk)).unwrap();
        prop_assert!(audit.differences.is_empty(), "{:?}", audit.differences);
    }

    #[test]
    fn a_clock_that_stops_more_often_changes_nothing(life in life(), stops in prop::collection::vec(1_u64..3_000_000, 0..9)) {
        let end = 3_000_000;
        let books = |stops: &[u64]| {
            let store = Store::memory().unwrap();
            let mut player = alone(&store, &life);
            let mut all: Vec<u64> = stops.iter().copied().chain([end]).collect();
            all.sort_unstable();
            let mut text = format!("{} settle\n", player.desk.calendar.print(player.now));
            let mut before = 0;
            for second in all {
                text += &format!("+{} settle\n", second - before);
                before = second;
            }
            player.play(&parse("later", &text), &mut |_, _| {}).unwrap();
            let account = account(&store);
            let bills = store.read(|tx| store::bills::of_account(tx, account)).unwrap();
            let moved = store.read(|tx| store::ledger::movements(tx, account)).unwrap();
            (happened(&store, account, Timestamp::MIN), format!("{bills:?}"), format!("{moved:?}"))
        };
        prop_assert_eq!(books(&stops), books(&[]));
    }
}
