//! Late is the same as on time: readings of every sampled product, delayed over the close, shuffled and split.
//!
//! In:  a seed. Out: how many cases over which products and kinds of price agree to 1e-8.
//! Invariant: for each closed cycle and component the lines of its bills and of the adjustments that name it add up to what
//! the lines add up to when everything comes in time. Source: R-SET-5 in section 22.

use crate::support::parse;
use crate::support::tried::{self, Life, Splits, Tried};
use billing::bill::{Bill, Kind};
use desk::Desk;
use server::cli::files;
use server::cli::simulate::play;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use store::{Store, bills};
use units::{Calendar, CycleKind, Timestamp};

/// Cases of each product. More are tried with `LATE_CASES=200`.
const CASES: u64 = 12;

/// Numbers that look random and are the same on every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % sides
    }

    fn one_in(&mut self, sides: u64) -> bool {
        self.roll(sides) == 0
    }
}

/// One reading as it is used, and when it is delivered when it is not delivered in time.
struct Use {
    name: usize,
    /// Of two that are alike: what is summed over the account is of both.
    resource: &'static str,
    at: i64,
    quantity: u64,
    key: &'static str,
    late: Option<i64>,
}

/// When things happen in a case.
struct Times {
    bought: i64,
    /// Use happens from here to there, over two cycles.
    from: i64,
    to: i64,
    /// When late readings come: in the next cycles after the end.
    late: [i64; 2],
    last: i64,
}

fn at(text: &str) -> i64 {
    Calendar::settlement().parse(text).unwrap().as_second()
}

fn times(tried: &Tried) -> Times {
    let of = |[bought, from, to, one, two, last]: [&str; 6]| Times {
        bought: at(bought),
        from: at(from),
        to: at(to),
        late: [at(one), at(two)],
        last: at(last),
    };
    if tried.life == Life::Brief {
        return of([
            "2026-05-31 23:00:00",
            "2026-05-31 23:05:00",
            "2026-06-01 01:00:00",
            "2026-06-10 10:00:00",
            "2026-07-10 10:00:00",
            "2026-10-01 00:00:00",
        ]);
    }
    match tried.kind {
        CycleKind::Hour => of([
            "2026-06-05 09:00:00",
            "2026-06-05 10:10:00",
            "2026-06-05 12:00:00",
            "2026-06-05 12:20:00",
            "2026-06-05 13:20:00",
            "2026-06-05 15:00:00",
        ]),
        CycleKind::Day => of([
            "2026-06-04 09:00:00",
            "2026-06-05 03:00:00",
            "2026-06-07 00:00:00",
            "2026-06-07 10:00:00",
            "2026-06-08 10:00:00",
            "2026-06-10 00:00:00",
        ]),
        CycleKind::Month => of([
            "2026-05-02 09:00:00",
            "2026-05-05 03:00:00",
            "2026-07-01 00:00:00",
            "2026-07-10 10:00:00",
            "2026-08-10 10:00:00",
            "2026-10-01 00:00:00",
        ]),
    }
}

/// What is used. Readings crowd into few slots, and some have a second in common.
fn uses(tried: &Tried, times: &Times, dice: &mut Dice) -> Vec<Use> {
    let span = u64::try_from(times.to - times.from).unwrap();
    let spots: Vec<i64> =
        (0..4).map(|_| times.from + i64::try_from(dice.roll(span - 900)).unwrap()).collect();
    let one = |name: usize, dice: &mut Dice| {
        let near = i64::try_from(dice.roll(800)).unwrap();
        let spot = spots[usize::try_from(dice.roll(4)).unwrap()];
        Use {
            name,
            resource: if dice.one_in(4) { "s" } else { "r" },
            at: if dice.one_in(5) { spot } else { spot + near },
            quantity: tried.unit * (1 + dice.roll(tried.most)),
            key: tried.keys[usize::try_from(dice.roll(tried.keys.len() as u64)).unwrap()],
            late: (!dice.one_in(3)).then(|| times.late[usize::try_from(dice.roll(2)).unwrap()]),
        }
    };
    let count = match tried.life {
        Life::Long => 2 + usize::try_from(dice.roll(9)).unwrap(),
        Life::Brief => 30,
    };
    let mut all: Vec<Use> = (0..count).map(|it| one(it, dice)).collect();
    // Two values of one second and key would contradict each other where only one can stand.
    all.sort_by_key(|it| (it.at, it.resource, it.key, it.name));
    all.dedup_by_key(|it| (it.at, it.resource, it.key));
    all
}

/// The instant as scenarios write it, behind `at=`.
fn local(second: i64) -> String {
    Calendar::settlement().print(Timestamp::from_second(second).unwrap())
}

/// A line that reports a reading, or some that report its parts.
fn reports(tried: &Tried, it: &Use, dice: Option<&mut Dice>) -> Vec<String> {
    let splits = tried.splits == Splits::AddsUp && it.quantity > 2;
    let first = dice.filter(|_| splits).map_or(0, |dice| dice.roll(it.quantity));
    let parts: Vec<u64> = [first, it.quantity - first].into_iter().filter(|it| *it > 0).collect();
    let line = |(part, quantity): (usize, &u64)| {
        let key = if it.key.is_empty() { String::new() } else { format!(" key={}", it.key) };
        let (at, meter) = (local(it.at).replace(' ', "T"), tried.meter);
        format!("use {} {meter} {quantity} at={at} id=e{:02}-{part}{key}", it.resource, it.name)
    };
    parts.iter().enumerate().map(line).collect()
}

/// When each reading comes in a telling of a case.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Telling {
    OnTime,
    Late,
    /// In time, but many with a wrong quantity, and some that never were; people put them right, before the close or after.
    Wrong,
}

/// What is told beside the readings: the same in both tellings, but for prices.
#[derive(Default)]
struct Aside {
    reprice: Option<i64>,
    /// From when to when the first resource is stopped.
    pause: Option<[i64; 2]>,
    release: Option<i64>,
    /// Prices that are others from the beginning on.
    prices: Vec<String>,
    /// Prices that are put right later: when, and what is said.
    corrected: Vec<(i64, String)>,
}

fn story(
    tried: &Tried,
    times: &Times,
    uses: &[Use],
    aside: &Aside,
    telling: Telling,
    dice: &mut Dice,
) -> String {
    let mut steps: Vec<(i64, u64, String)> = Vec::new();
    for it in uses {
        let (when, order) = match (telling, it.late) {
            (Telling::Late, Some(late)) => (late, dice.roll(1_000)),
            (Telling::Wrong, _) => {
                steps.extend(put_right(tried, it, uses, dice));
                continue;
            }
            (Telling::Late | Telling::OnTime, _) => (it.at, 0),
        };
        let split = (telling == Telling::Late).then_some(&mut *dice);
        for line in reports(tried, it, split) {
            steps.push((when, order, line));
        }
    }
    if let (Some(when), Some(reprice)) = (aside.reprice, tried.reprice) {
        steps.push((when, 1, format!("reprice {reprice}")));
    }
    if let Some([from, to]) = aside.pause {
        steps.push((from, 1, "stop r".to_string()));
        steps.push((to, 1, "start r".to_string()));
    }
    if let Some(when) = aside.release {
        steps.push((when, 2, "release r".to_string()));
    }
    steps.extend(aside.corrected.iter().map(|(when, line)| (*when, 2_000, line.clone())));
    steps.sort_by_key(|it| (it.0, it.1));
    let mut text = format!("book {}\n{} account demo\n", tried.book, local(times.bought));
    aside.prices.iter().for_each(|it| writeln!(text, "reprice {it}").unwrap());
    writeln!(text, "topup demo 5000000.00\nbuy demo r {0}\nbuy demo s {0}", tried.buys).unwrap();
    for (when, _, line) in steps {
        writeln!(text, "{} {line}", local(when)).unwrap();
    }
    writeln!(text, "{} settle", local(times.last)).unwrap();
    text
}

/// A reading as it was wrong, one that never was beside it, and what people say of them: what they say last is right.
fn put_right(tried: &Tried, it: &Use, uses: &[Use], dice: &mut Dice) -> Vec<(i64, u64, String)> {
    let (fixed, name) = (it.late.unwrap_or(it.at + 30), it.name);
    let mut steps = Vec::new();
    let wrong = |quantity: u64| Use { quantity, ..*it };
    let reported =
        |it: &Use| reports(tried, it, None).into_iter().map(|line| (it.at, 0, line)).collect::<Vec<_>>();
    if dice.one_in(4) {
        return reported(it);
    }
    steps.extend(reported(&wrong(it.quantity + tried.unit * (1 + dice.roll(tried.most)))));
    if dice.one_in(3) {
        let line = if dice.one_in(2) { "void e{}-0" } else { "replace e{}-0 1" };
        steps.push((
            fixed,
            1,
            format!("correct {} reason=a_guess", line.replace("{}", &format!("{name:02}"))),
        ));
    }
    steps.push((fixed, 2, format!("correct replace e{name:02}-0 {} reason=it_was_wrong", it.quantity)));
    let never = Use { at: it.at + 1, name: name + 500, ..wrong(tried.unit * 3) };
    let is_free = |at: i64| {
        !uses.iter().any(|other| (other.at, other.resource, other.key) == (at, it.resource, it.key))
    };
    // One reading at most is beside another: two of one second would contradict each other.
    if is_free(it.at + 1) && is_free(it.at + 2) && dice.one_in(3) {
        steps.extend(reported(&never));
        steps.push((fixed + 1, 2, format!("correct void e{}-0 reason=it_never_was", name + 500)));
    }
    steps
}

/// Sampled components, by product and id.
type Components = BTreeSet<(String, String)>;

/// What a telling came to.
struct Told {
    costs: Costs,
    adjustments: usize,
    components: Components,
}

/// Costs in 1e-8 by the begin of the cycle of use and by component; what comes to nothing is left out.
type Costs = BTreeMap<(Timestamp, String), i128>;

/// What the cycles cost in the end.
fn told(text: &str, kind: CycleKind) -> Told {
    let store = Store::memory().unwrap();
    let scenario = parse("late", text);
    let (_, played) = play(&store, &scenario).unwrap();
    for (step, at) in played.steps.iter().zip(&scenario.steps) {
        assert_eq!(step.code, "ok", "{at:?}\n{text}");
    }
    let account = store.read(|tx| store::accounts::by_name(tx, "demo")).unwrap();
    let all: Vec<Bill<'_>> = store.read(|tx| bills::of_account(tx, account.id)).unwrap();
    let (mut costs, mut components) = (Costs::new(), Components::new());
    let mut adjustments = 0;
    for bill in &all {
        let from = match (bill.kind, bill.original) {
            (Kind::Adjustment, Some((from, _))) => from,
            (found, None) if found == Kind::of_cycle(kind) => bill.from,
            _ => continue,
        };
        adjustments += usize::from(bill.original.is_some());
        for line in &bill.lines {
            components.insert((bill.product.to_string(), line.component.to_string()));
            *costs.entry((from, line.component.to_string())).or_default() += i128::from(line.cost_e8);
        }
    }
    costs.retain(|_, it| *it != 0);
    Told { costs, adjustments, components }
}

/// How many cases of a product agreed, and how many adjustments they took.
fn agree(tried: &Tried, cases: u64, components: &mut Components) -> (u64, usize) {
    let times = times(tried);
    let mut adjustments = 0;
    for case in 0..cases {
        let mut dice = Dice(case.wrapping_mul(1_000_003).wrapping_add(tried.buys.len() as u64 * 77));
        let uses = uses(tried, &times, &mut dice);
        let third = times.from + (times.to - times.from) / 3;
        let aside = Aside {
            reprice: dice.one_in(3).then_some(third),
            pause: (tried.buys.starts_with("server") && dice.one_in(3)).then_some([third - 900, third + 600]),
            release: (tried.life == Life::Brief || (!tried.buys.contains("months=") && dice.one_in(4)))
                .then_some(times.to - 1),
            ..Aside::default()
        };
        let on_time = story(tried, &times, &uses, &aside, Telling::OnTime, &mut dice);
        let late = story(tried, &times, &uses, &aside, Telling::Late, &mut dice);
        let expected = told(&on_time, tried.kind);
        assert_eq!(expected.adjustments, 0, "on time there is nothing to adjust\n{on_time}");
        let found = told(&late, tried.kind);
        assert_eq!(
            found.costs, expected.costs,
            "{} ({}), case {case}\n{on_time}\n--- late:\n{late}",
            tried.buys, tried.priced
        );
        adjustments += found.adjustments;
        components.extend(expected.components);
    }
    (cases, adjustments)
}

/// How many random cases of each product are tried.
fn cases() -> u64 {
    std::env::var("LATE_CASES").map_or(CASES, |it| it.parse().expect("LATE_CASES is a number"))
}

/// Compares a story with one in which something was wrong and is put right; how many adjustments that took.
#[track_caller]
fn put_right_costs_the_same(tried: &Tried, case: u64, right: &str, wrong: &str) -> usize {
    let (expected, found) = (told(right, tried.kind), told(wrong, tried.kind));
    let Tried { buys, priced, .. } = tried;
    assert_eq!(
        found.costs, expected.costs,
        "{buys} ({priced}), case {case}\n{right}\n--- put right:\n{wrong}"
    );
    found.adjustments
}

/// R-COR-1: what was wrong and is put right costs what it would have cost had it been right from the start.
#[test]
fn wrong_readings_that_are_put_right_cost_what_right_ones_cost() {
    let cases = cases();
    let all = tried::all();
    let (mut total, mut adjustments) = (0, 0);
    for tried in &all {
        let (times, before) = (times(tried), adjustments);
        for case in 0..cases {
            let mut dice = Dice(case.wrapping_mul(7_000_003).wrapping_add(tried.buys.len() as u64 * 91));
            let uses = uses(tried, &times, &mut dice);
            let third = times.from + (times.to - times.from) / 3;
            let aside = Aside { reprice: dice.one_in(3).then_some(third), ..Aside::default() };
            let right = story(tried, &times, &uses, &aside, Telling::OnTime, &mut dice);
            let wrong = story(tried, &times, &uses, &aside, Telling::Wrong, &mut dice);
            adjustments += put_right_costs_the_same(tried, case, &right, &wrong);
            total += 1;
        }
        assert!(adjustments > before, "{}: nothing was put right after the close", tried.buys);
    }
    println!("{total} cases over {} products and kinds agree, {adjustments} adjustments", all.len());
}

/// The components that charge for the meter, as `reprice` names them. What takes a share of events has no price per unit.
fn charged(tried: &Tried) -> Vec<String> {
    let store = Store::memory().unwrap();
    let book = files::book(tried.book).unwrap();
    let now = Timestamp::from_second(at("2026-05-01")).unwrap();
    store.write(|tx| desk::books::apply(tx, &book, None, now)).unwrap();
    let desk = store.read(Desk::open).unwrap();
    let product = tried.buys.split(' ').next().unwrap();
    let own = desk.at(now).product(units::Currency::CNY, product).unwrap().components.iter();
    own.filter(|it| it.meter.usage() == Some(tried.meter)).map(|it| format!("{product} {}", it.id)).collect()
}

/// R-COR-1: prices that were wrong and are put right cost what they would have cost had they been right from the start.
#[test]
fn wrong_prices_that_are_put_right_cost_what_right_ones_cost() {
    let cases = cases();
    let mut all = tried::all();
    all.retain(|it| it.buys != "payments");
    let (mut total, mut adjustments) = (0, 0);
    for tried in &all {
        let (times, before, components) = (times(tried), adjustments, charged(tried));
        for case in 0..cases {
            let mut dice = Dice(case.wrapping_mul(5_000_011).wrapping_add(tried.buys.len() as u64 * 31));
            let uses = uses(tried, &times, &mut dice);
            let amount = ["0.37", "2.50", "11.00"][usize::try_from(dice.roll(3)).unwrap()];
            let prices: Vec<String> = components.iter().map(|it| format!("{it} {amount}")).collect();
            let put_right = |(number, it): (usize, &String)| {
                let when = times.late[number % 2];
                let (from, until) = (local(times.bought).replace(' ', "T"), local(when).replace(' ', "T"));
                let whose = if case % 2 == 0 { " account=demo" } else { "" };
                (when, format!("correct price {it} from={from} until={until}{whose} reason=a_slip"))
            };
            // One component after the other: what is corrected later leaves what was corrected before.
            let corrected = prices.iter().enumerate().map(put_right).collect();
            let right = Aside { prices, ..Aside::default() };
            let wrong = Aside { corrected, ..Aside::default() };
            let right = story(tried, &times, &uses, &right, Telling::Late, &mut dice);
            let wrong = story(tried, &times, &uses, &wrong, Telling::Late, &mut dice);
            adjustments += put_right_costs_the_same(tried, case, &right, &wrong);
            total += 1;
        }
        assert!(adjustments > before, "{}: nothing was put right", tried.buys);
    }
    assert!(total > 0, "something was put right");
    println!("{total} cases over {} products and kinds agree, {adjustments} adjustments", all.len());
}

#[test]
fn late_is_the_same_as_on_time() {
    let cases = cases();
    let all = tried::all();
    let mut report = String::new();
    let (mut total, mut adjustments, mut components) = (0, 0, Components::new());
    for tried in &all {
        let (agreed, adjusted) = agree(tried, cases, &mut components);
        assert!(adjusted > 0, "{}: nothing came late that costs anything", tried.buys);
        let product = tried.buys.split(' ').next().unwrap_or("");
        writeln!(report, "{product} ({}): {agreed} cases, {adjusted} adjustments", tried.priced).unwrap();
        total += agreed;
        adjustments += adjusted;
    }
    println!("{report}{total} cases over {} products and kinds agree, {adjustments} adjustments", all.len());
    let untried: Vec<_> = sampled().difference(&components).cloned().collect();
    assert_eq!(untried, [], "name a product above that has these");
}

/// Every sampled component of both books.
fn sampled() -> Components {
    let mut all = Components::new();
    for name in ["kinds", "demo"] {
        let store = Store::memory().unwrap();
        let book = files::book(name).unwrap();
        let now = Timestamp::from_second(at("2026-05-01")).unwrap();
        store.write(|tx| desk::books::apply(tx, &book, None, now)).unwrap();
        let desk = store.read(Desk::open).unwrap();
        for product in &desk.book(units::Currency::CNY, now).unwrap().products {
            let own = product.components.iter().filter(|it| it.meter.usage().is_some());
            all.extend(own.map(|it| (product.id.clone(), it.id.clone())));
        }
    }
    all
}
