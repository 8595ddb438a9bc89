//! A past month rated once more by another price book: by its own books it is what was billed, by others what a correction
//! of prices would come to; who pays more, for what, and what keeps its price. Nothing is written.

use crate::support::served::program;
use crate::support::{parse, read, stores, stories};
use billing::bill::{Bill, Kind};
use billing::book::{Book, Component, PriceRow, Product};
use billing::correction::{Correction, Rerate};
use billing::impact::{Asked, Impact, Month, Sides};
use billing::price::{Bands, Pricing, Tiers};
use desk::corrections::{self, Ask, preview};
use desk::{Desk, Refusal, books, impact};
use play::Player;
use server::cli::files;
use server::cli::simulate::play;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use store::Store;
use store::books::BookText;
use store::corrections::prices::{self, CorrectionBook};
use units::calendar::second_at;
use units::{AccountId, Amount, BookId, CycleKind, Timestamp};

/// All customers of a month by another book.
fn rated(store: &Store, desk: &Desk, asked: &Asked) -> Impact {
    let (mut found, mut after) = (Impact::none(asked), String::new());
    while let Some(part) = store.report(|tx| impact::part(tx, desk, asked, &after)).unwrap() {
        found.merge(part.impact);
        after = part.after;
    }
    found
}

fn asked(desk: &Desk, month: &str, after: Arc<Book>) -> Asked {
    let month = Month::of(&desk.calendar, desk.calendar.parse(&format!("{month}-01")).unwrap()).unwrap();
    Asked { month, before: None, after, most: 100 }
}

/// The demo book, changed.
fn demo(changes: &[(&str, &str, &str)]) -> Arc<Book> {
    let mut files = files::book("demo").unwrap();
    for (path, from, to) in changes {
        let text = files.get(path).unwrap();
        let changed = text.replacen(from, to, 1);
        assert_ne!(text, changed, "{path} has {from}");
        files.add(path, &changed);
    }
    Arc::new(pricebook::load(&files, None).unwrap())
}

/// What an account was billed after use in a month, by product and component: cycles of the month, and what came late for them.
fn billed(store: &Store, month: &Month, account: AccountId) -> BTreeMap<(String, String), i128> {
    let (from, to) = (month.cycle.from, month.cycle.to);
    let mut sums: BTreeMap<(String, String), i128> = BTreeMap::new();
    for bill in store.read(|tx| store::bills::of_account(tx, account)).unwrap() {
        let own = bill.kind.is_post_paid().then_some((bill.from, bill.to));
        let cycle = if bill.kind == Kind::Adjustment { bill.original } else { own };
        if cycle.is_some_and(|it| from <= it.0 && it.1 <= to) {
            for line in bill.lines.iter().filter(|it| !it.is_sum()) {
                let key = (bill.product.to_string(), line.component.to_string());
                *sums.entry(key).or_default() += i128::from(line.cost_e8);
            }
        }
    }
    sums.retain(|_, sum| *sum != 0);
    sums
}

/// Whether all that is known of the months up to `to` is billed.
fn is_closed(store: &Store, account: AccountId, to: Timestamp) -> bool {
    CycleKind::ALL.into_iter().all(|kind| {
        let settled = store.read(|tx| store::usage::settled_to(tx, account, kind)).unwrap();
        let waiting = store.read(|tx| store::recounts::of_account(tx, account, kind)).unwrap();
        settled.is_none_or(|it| it >= to) && waiting.is_empty()
    })
}

/// The same book, every price of it a tenth more.
fn a_tenth_more(book: &Book) -> Arc<Book> {
    let more = |it: Amount| Amount::from_e8(it.e8() * 11 / 10, it.currency());
    let tiers = |it: &Tiers| {
        let mut it = it.clone();
        it.tiers.iter_mut().for_each(|it| (it.amount, it.flat) = (more(it.amount), more(it.flat)));
        it
    };
    let row = |it: &PriceRow| {
        let mut it = it.clone();
        it.item.pricing = match &it.item.pricing {
            Pricing::PerUnit(price) => {
                Pricing::PerUnit(units::Price { amount: more(price.amount), ..*price })
            }
            Pricing::Graduated(it) => Pricing::Graduated(tiers(it)),
            Pricing::Volume(it) => Pricing::Volume(tiers(it)),
            Pricing::Package { size, price } => Pricing::Package { size: *size, price: more(*price) },
            Pricing::Percentage(it) => Pricing::Percentage(billing::price::Percentage {
                rate_e8: it.rate_e8 * 11 / 10,
                ..it.clone()
            }),
            Pricing::Band(it) => Pricing::Band(Bands {
                bands: it.bands.iter().map(|it| (it.0, more(it.1))).collect(),
                ..it.clone()
            }),
        };
        it.item.minimum = it.item.minimum.map(more);
        it
    };
    let component = |it: &Component| Component { prices: it.prices.iter().map(row).collect(), ..it.clone() };
    let product =
        |it: &Product| Product { components: it.components.iter().map(component).collect(), ..it.clone() };
    let products = book.products.iter().map(product).collect();
    Arc::new(Book { id: BookId::named(book.from, "a tenth more"), products, ..book.clone() })
}

/// By how much a correction of prices would bill an account more, product by product: the path of late use.
fn corrected(player: &Player<'_>, asked: &Asked, account: AccountId) -> BTreeMap<String, i128> {
    let book = asked.after.clone();
    let desk = Desk { books: books::keeping(&player.desk.books, book.clone()), ..player.desk.clone() };
    let (from, until) = (asked.month.cycle.from, asked.month.cycle.to);
    let rerate = Rerate { book: book.id, account: Some(account), from, until };
    let ask = Ask {
        id: "tried".into(),
        reason: "to compare".into(),
        actor: "a test".into(),
        account: None,
        what: Correction::Rerate(rerate),
    };
    let bills = player.store.rehearse(|tx| -> Result<Vec<(String, i128)>, Refusal> {
        let text = BookText { body: String::new(), format: 1 };
        let kept = CorrectionBook { id: book.id, name: book.name.clone(), from: book.from, text };
        prices::keep_book(tx, &kept)?;
        let made = corrections::make(tx, desk.at(player.now), &ask)?;
        let bills = preview::bills(tx, &desk, &made)?;
        // Its lines: what rounding left is carried on by the bills themselves.
        let own = |it: &Bill<'_>| it.own_lines().map(|it| i128::from(it.cost_e8)).sum();
        Ok(bills.iter().map(|it| (it.product.to_string(), own(it))).collect())
    });
    let mut sums: BTreeMap<String, i128> = BTreeMap::new();
    for (product, e8) in bills.unwrap() {
        *sums.entry(product).or_default() += e8;
    }
    sums.retain(|_, sum| *sum != 0);
    sums
}

/// What an impact moves, product by product.
fn moved(found: &Impact) -> BTreeMap<String, i128> {
    let more = |it: &BTreeMap<String, Sides>| it.values().map(|it| it.after_e8 - it.before_e8).sum::<i128>();
    found.products.iter().map(|it| (it.0.clone(), more(it.1))).filter(|it| it.1 != 0).collect()
}

/// What is wrong with the months of a story, rated once more; and how many accounts and months were compared.
fn wrong_with(path: &Path) -> (String, usize, usize) {
    let (mut wrong, mut own, mut other) = (String::new(), 0, 0);
    let store = Store::memory().unwrap();
    let scenario = read(path);
    let (mut player, _) = play(&store, &scenario).unwrap();
    let calendar = player.desk.calendar.clone();
    let last = second_at(player.now.as_second() - 1).unwrap();
    let end = Month::of(&calendar, last).unwrap().cycle.to;
    player.advance(calendar.add_days(end, 1, end).unwrap()).unwrap();
    let mut month = Month::of(&calendar, scenario.steps[0].at).unwrap();
    while month.cycle.to <= player.now {
        let to = month.cycle.to;
        for account in store.read(store::accounts::all).unwrap() {
            let book = player.desk.books.of(account.currency).at(last);
            let Some(book) = book.filter(|_| is_closed(&store, account.id, to)) else { continue };
            let after = a_tenth_more(book);
            let asked = Asked { month: month.clone(), before: None, after, most: 100 };
            let name = format!("{}: {} {}", path.display(), asked.month.name, account.name);
            // One account alone: what stands behind it is not looked at.
            let found = alone(&store, &player.desk, &asked, account.id);
            // Whoever has prices of its own in the month is named, and counts on neither side.
            let own_prices = player.desk.books.of_account(account.id, account.currency);
            if own_prices.agrees_within(month.cycle.from, to) {
                if found.failed != 1 || found.hit() > 0 {
                    wrong += &format!("{name}: contract prices count in it\n");
                }
                continue;
            }
            if found.failed > 0 {
                wrong += &format!("{name}: {:?}\n", found.failures);
                continue;
            }
            let before = before(&found);
            let billed = billed(&store, &asked.month, account.id);
            own += usize::from(!billed.is_empty());
            if before != billed {
                wrong += &format!("{name}: by its own books {before:?}, it was billed {billed:?}\n");
            }
            let itself = Asked { before: Some(asked.after.clone()), ..asked.clone() };
            let itself = alone(&store, &player.desk, &itself, account.id);
            if itself.hit() > 0 || itself.sides.before_e8 != found.sides.after_e8 {
                wrong += &format!("{name}: a book moves something against itself\n");
            }
            if calendar.add_months(asked.month.cycle.from, desk::LATE_MONTHS).unwrap() < player.now {
                continue;
            }
            let (moved, corrected) = (moved(&found), corrected(&player, &asked, account.id));
            other += usize::from(!moved.is_empty());
            if moved != corrected {
                wrong += &format!("{name}: it moves {moved:?}, a correction {corrected:?}\n");
            }
        }
        month = Month::of(&calendar, to).unwrap();
    }
    (wrong, own, other)
}

/// What something came to before, without what came to nothing.
fn before(found: &Impact) -> BTreeMap<(String, String), i128> {
    let components = found.products.iter().flat_map(|(product, all)| {
        all.iter().map(move |(component, it)| ((product.clone(), component.clone()), it.before_e8))
    });
    components.filter(|it| it.1 != 0).collect()
}

/// One account of those that a part holds: the tests have few.
fn alone(store: &Store, desk: &Desk, asked: &Asked, account: AccountId) -> Impact {
    let behind = store.read(store::accounts::all).unwrap().into_iter().map(|it| it.id.to_string());
    let after = behind.filter(|it| *it < account.to_string()).max().unwrap_or_default();
    let one = |tx: &mut desk::Tx<'_>| impact::some(tx, desk, asked, (&after, 1));
    store.report(one).unwrap().unwrap().impact
}

/// Source: R-PRC-6. For every story, month and account: by its own books the month is what was billed, to 1e-8; by a book a
/// tenth dearer it moves what a correction of prices to that book bills, which is another path; a book moves nothing
/// against itself.
#[test]
fn every_month_of_every_story_is_what_was_billed_and_moves_what_a_correction_would() {
    let (stories, next) = (stories(), AtomicUsize::new(0));
    let found = Mutex::new((String::new(), 0, 0));
    let cores = std::thread::available_parallelism().map_or(2, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(|| {
                while let Some(path) = stories.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let (wrong, own, other) = wrong_with(path);
                    let mut sum = found.lock().unwrap();
                    *sum = (format!("{}{wrong}", sum.0), sum.1 + own, sum.2 + other);
                }
            });
        }
    });
    let (wrong, own, other) = found.into_inner().unwrap();
    println!("{own} months of accounts compared with their bills, {other} with corrections");
    assert!(wrong.is_empty(), "\n{wrong}");
    assert!(own >= 100 && other >= 100, "only {own} and {other} months had something to compare");
}

/// Four customers in June.
///
/// `full` has one container 1U1G: 720 h. `terms` has the same at 0.9. `packed` has two, and a pack of 720 h that is empty on
/// the 16th. `server` has an S1.SMALL1 by the hour: 96 h at 0.42, 264 h at 0.21, 360 h at 0.1428.
const JUNE: &str = "2026-06-01 00:00:00 account full
account terms contract=0.9
account packed
account server
topup full 1000.00
topup terms 1000.00
topup packed 1000.00
topup server 1000.00
buy full c1 container region=guangzhou spec=1U1G
buy terms c2 container region=guangzhou spec=1U1G
buy packed p container-pack spec=1U1G hours=720 month=2026-06
buy packed c3 container region=guangzhou spec=1U1G quantity=2
buy server web server charge=payg region=guangzhou zone=guangzhou-1 type=S1.SMALL1
2026-07-01 00:10:00 settle
";

/// Before and after of a customer that moves.
fn of<'f>(found: &'f Impact, name: &str) -> Option<(i128, i128)> {
    let movers: Vec<&'f billing::impact::Mover> = found.rising.iter().chain(&found.falling).collect();
    movers.iter().find(|it| it.name == name).map(|it| (it.sides.before_e8, it.sides.after_e8))
}

/// Source: R-PRC-6, R-PRC-5, R-PKG-13. 1U1G from 0.17 to 0.187: `full` 720 h × 0.17 = 122.40 and × 0.187 = 134.64; `terms`
/// 110.16 and 121.176; `packed` has 720 h left that no pack took, 122.40 and 134.64; `server` is not hit. Together 354.96
/// and 390.456, which is 35.496 more: 10.0 %.
#[test]
fn a_price_a_tenth_higher_moves_what_one_works_out_by_hand() {
    for (engine, store, _server) in stores() {
        let (player, _) = play(&store, &parse("june", JUNE)).unwrap();
        let after = demo(&[("tables/containers.csv", "\n1U1G,0.17,", "\n1U1G,0.187,")]);
        let found = rated(&store, &player.desk, &asked(&player.desk, "2026-06", after));
        let e8 = |before: i128, after: i128| Some((before * 10_000, after * 10_000));
        assert_eq!(of(&found, "full"), e8(1_224_000, 1_346_400), "{engine}");
        assert_eq!(of(&found, "terms"), e8(1_101_600, 1_211_760), "{engine}");
        assert_eq!(of(&found, "packed"), e8(1_224_000, 1_346_400), "{engine}");
        assert_eq!(of(&found, "server"), None, "{engine}");
        assert_eq!((found.customers, found.charged, found.more, found.less), (4, 4, 3, 0), "{engine}");
        let container = found.products["container"]["compute"];
        assert_eq!((container.before_e8, container.after_e8), (35_496_000_000, 39_045_600_000), "{engine}");
        assert_eq!(container.percent().as_deref(), Some("+10.0"), "{engine}");
        // The server: 40.32 + 55.44 + 51.408 = 147.168 on both sides.
        let server = found.products["server"]["compute"];
        assert_eq!((server.before_e8, server.after_e8), (14_716_800_000, 14_716_800_000), "{engine}");
        assert_eq!((found.failed, found.kept.len()), (0, 0), "{engine}");
    }
}

/// Source: R-PRC-3. The second tier of the clock, hours 97 to 360, from 0.21 to 0.11: 264 h × 0.10 = 26.40 less, 147.168
/// to 120.768; and down is down.
#[test]
fn tiers_of_the_clock_are_those_that_held() {
    let store = Store::memory().unwrap();
    let (player, _) = play(&store, &parse("june", JUNE)).unwrap();
    let after =
        demo(&[("tables/server_types.csv", "S1.SMALL1,51.00,0.42,0.21,", "S1.SMALL1,51.00,0.42,0.11,")]);
    let found = rated(&store, &player.desk, &asked(&player.desk, "2026-06", after));
    assert_eq!(of(&found, "server"), Some((14_716_800_000, 12_076_800_000)));
    assert_eq!((found.more, found.less), (0, 1));
    assert_eq!(found.sides.after_e8 - found.sides.before_e8, -2_640_000_000);
}

/// Source: R-CAT-1. A book without load balancers by the hour and without 1U1G: what they cost stays on both sides, and how
/// many there are is said. Two load balancers from the 30th 22:00: two hours at 0.02 each, 0.08.
#[test]
fn what_a_book_has_no_price_for_keeps_the_one_that_it_had() {
    let store = Store::memory().unwrap();
    let text = JUNE.replace(
        "2026-07-01 00:10:00",
        "2026-06-30 22:00:00 buy full lb load-balancer-hourly region=guangzhou quantity=2\n2026-07-01 00:10:00",
    );
    let (player, _) = play(&store, &parse("june", &text)).unwrap();
    let mut files = files::book("demo").unwrap();
    files.add("products/load-balancer-hourly.toml", "");
    let paths: Vec<String> = files.paths().map(str::to_string).collect();
    let kept = paths.iter().filter(|it| *it != "products/load-balancer-hourly.toml");
    let kept = pricebook::Files::sent(kept.map(|it| (it.as_str(), files.get(it).unwrap()))).unwrap();
    let after = Arc::new(pricebook::load(&kept, None).unwrap());
    let found = rated(&store, &player.desk, &asked(&player.desk, "2026-06", after));
    let key =
        ("load-balancer-hourly".to_string(), "the price book has no product `load-balancer-hourly`".into());
    let kept = &found.kept[&key];
    assert_eq!(kept.example, "region=guangzhou");
    assert_eq!((kept.resources, kept.before_e8, found.kept.len()), (2, 8_000_000, 1));
    assert_eq!((found.hit(), found.failed), (0, 0));

    // A value that goes: four containers of 1U1G are summed up over their accounts, and nothing of them is told alone.
    let mut book = (*demo(&[])).clone();
    for component in
        book.products.iter_mut().filter(|it| it.id == "container").flat_map(|it| &mut it.components)
    {
        component.prices.retain(|row| row.keys.iter().all(|key| key.1 != ["1U1G"]));
    }
    let found = rated(&store, &player.desk, &asked(&player.desk, "2026-06", Arc::new(book)));
    let key = ("container".to_string(), "`compute` of container has no price for these options".into());
    let kept = &found.kept[&key];
    assert_eq!((kept.resources, kept.before_e8, kept.example.contains("spec=1U1G")), (4, 0, true));
    assert_eq!(found.hit(), 0);

    // A component that goes: what it came to stays.
    let changes = [("products/load-balancer-hourly.toml", "id = \"instance\"", "id = \"other\"")];
    let found = rated(&store, &player.desk, &asked(&player.desk, "2026-06", demo(&changes)));
    let key =
        ("load-balancer-hourly".to_string(), "the price book has no component `instance` for it".into());
    assert_eq!((found.kept[&key].resources, found.hit()), (2, 0));
}

/// With a book before, both sides are priced by books: 0.20 to 0.187 is less by 720 h × 0.013 = 9.36 for `full`.
#[test]
fn two_books_are_compared_whatever_was_billed() {
    let store = Store::memory().unwrap();
    let (player, _) = play(&store, &parse("june", JUNE)).unwrap();
    let price = |it: &str| demo(&[("tables/containers.csv", "\n1U1G,0.17,", &format!("\n1U1G,{it},"))]);
    let asked = Asked { before: Some(price("0.20")), ..asked(&player.desk, "2026-06", price("0.187")) };
    let found = rated(&store, &player.desk, &asked);
    assert_eq!(of(&found, "full"), Some((14_400_000_000, 13_464_000_000)));
    assert_eq!((found.more, found.less), (0, 3));
}

/// A book of another zone has other cycles, one of another currency other wallets: both are refused.
#[test]
fn a_book_of_another_zone_is_refused() {
    let store = Store::memory().unwrap();
    let (player, _) = play(&store, &parse("june", JUNE)).unwrap();
    let after = Arc::new(Book { zone: "+00:00".into(), ..(*demo(&[])).clone() });
    let asked = asked(&player.desk, "2026-06", after);
    let refused = store.read(|tx| impact::check(tx, &asked)).unwrap_err();
    assert_eq!(refused.code(), "book_incompatible");
}

/// Most that move come first, however the customers come; only so many are kept.
#[test]
fn those_that_move_most_are_named() {
    let store = Store::memory().unwrap();
    let mut text = String::from("2026-06-01 00:00:00 account a0\ntopup a0 9000.00\n");
    for it in 1..=5 {
        text += &format!("account a{it}\ntopup a{it} 9000.00\n");
        text += &format!("buy a{it} c{it} container region=guangzhou spec=1U1G quantity={it}\n");
    }
    text += "2026-07-01 00:10:00 settle\n";
    let (player, _) = play(&store, &parse("june", &text)).unwrap();
    let after = demo(&[("tables/containers.csv", "\n1U1G,0.17,", "\n1U1G,0.27,")]);
    let asked = Asked { most: 2, ..asked(&player.desk, "2026-06", after) };
    let (mut found, mut behind) = (Impact::none(&asked), String::new());
    while let Some(part) = store.report(|tx| impact::some(tx, &player.desk, &asked, (&behind, 1))).unwrap() {
        found.merge(part.impact);
        behind = part.after;
    }
    let names: Vec<&str> = found.rising.iter().map(|it| it.name.as_str()).collect();
    assert_eq!((names, found.more, found.customers, found.charged), (vec!["a5", "a4"], 5, 6, 5));
}

/// The command prints it, as text and as JSON, and writes nothing; what it cannot do it says.
#[test]
fn the_command_compares_a_month() {
    let folder = crate::support::served::Folder::new("impact");
    let data = folder.0.join("data");
    std::fs::create_dir_all(&data).unwrap();
    {
        let store = Store::embedded(&files::database(&data)).unwrap();
        play(&store, &parse("june", JUNE)).unwrap();
    }
    let dearer = folder.0.join("dearer");
    let book = files::book("demo").unwrap();
    for path in book.paths() {
        let file = dearer.join(path);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, book.get(path).unwrap().replace("\n1U1G,0.17,", "\n1U1G,0.187,")).unwrap();
    }
    let (dearer, data) = (dearer.to_str().unwrap(), data.to_str().unwrap());
    let run = |args: &[&str]| {
        let output = Command::new(program()).args([&["pricebook", "diff"], args].concat()).output().unwrap();
        let text = |it: &[u8]| String::from_utf8_lossy(it).into_owned();
        (output.status.success(), text(&output.stdout), text(&output.stderr))
    };
    let before = std::fs::read(files::database(Path::new(data))).unwrap();
    let (good, text, said) = run(&[dearer, "--on", data, "--month", "2026-06"]);
    assert!(good, "{said}");
    for part in [
        "502.13 → 537.62 CNY (+35.50, +7.1 %)",
        "354.96 ┆ 390.46 ┆ +35.50 ┆ +10.0",
        "3 pay more, 0 less",
        "Pays more",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    // Without a month it is the last that these books have whole, whatever the clock says.
    assert_eq!(run(&[dearer, "--on", data]), (true, text, said));
    let (good, text, said) = run(&["demo", dearer, "--on", data, "--month", "2026-06", "--json"]);
    assert!(good, "{said}");
    let told: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!((&told["sum"]["change"], &told["more"]), (&"35.49600000".into(), &3.into()), "{told}");
    assert_eq!(std::fs::read(files::database(Path::new(data))).unwrap(), before, "nothing is written");
    let (good, _, said) = run(&[dearer]);
    assert!(!good && said.contains("--on"), "{said}");
    let (good, _, said) = run(&[dearer, "--month", "2026-06"]);
    assert!(!good && said.contains("--on"), "{said}");
    let (good, _, said) = run(&[dearer, "--on", data, "--month", "June"]);
    assert!(!good && said.contains("`June` is no month"), "{said}");
    // The clock of these books stands in 2026.
    let (good, _, said) = run(&[dearer, "--on", data, "--month", "2099-01"]);
    assert!(!good && said.contains("2099-01 is not over"), "{said}");
}
