//! Corrections by people, on both engines: what is kept, what is only looked at, what is told of them. The stories of
//! `corrections` have the figures.

use crate::support::{files, parse, stores};
use billing::bill::{Bill, Kind};
use billing::correction::{Aim, Correction, Rerate};
use billing::explain::Language;
use desk::corrections::{self, Ask, preview};
use desk::explain::{self, Question, ToldTo};
use desk::{Desk, Refusal, audit, books, lists};
use proptest::prelude::*;
use server::cli::simulate::play;
use store::Store;
use store::corrections::CorrectionFilter;
use units::{AccountId, Calendar, Money, Timestamp};

fn at(text: &str) -> Timestamp {
    Calendar::settlement().parse(text).unwrap()
}

const HOUR: &str =
    "book kinds\n2026-06-05 10:00:00 account acme\ntopup acme 100.00\nbuy acme e egress-minimum
2026-06-05 10:10:00 traffic e out 5GB id=e1\ntraffic e out 2GB id=e2\n2026-06-05 11:10:00 settle\n";

fn void(event: &str, id: &str) -> Ask {
    Ask {
        id: id.into(),
        reason: "the meter counted twice".into(),
        actor: "key_of_somebody".into(),
        account: None,
        what: Correction::Void { source: "scenario".into(), event: event.into() },
    }
}

fn acme(store: &Store) -> AccountId {
    store.read(|tx| store::accounts::by_name(tx, "acme")).unwrap().id
}

fn bills(store: &Store) -> Vec<Bill<'static>> {
    let account = acme(store);
    store.read(|tx| store::bills::of_account(tx, account)).unwrap()
}

#[track_caller]
fn is_sound(store: &Store, desk: &Desk) {
    let audit = store.read(|tx| audit::audit(tx, desk)).unwrap();
    assert_eq!(audit.differences, Vec::<String>::new());
}

/// What would follow is said, and nothing of it is kept.
#[test]
fn a_preview_keeps_nothing() {
    for (engine, store, _server) in stores() {
        let (player, _) = play(&store, &parse("hour", HOUR)).unwrap();
        let (desk, now) = (&player.desk, at("2026-06-05 11:20:00"));
        let follows = |ask: &Ask| {
            store.rehearse(|tx| -> Result<Vec<i64>, Refusal> {
                let made = corrections::make(tx, desk.at(now), ask)?;
                let bills = preview::bills(tx, desk, &made)?;
                Ok(bills.iter().map(|it| it.total.minor()).collect())
            })
        };
        assert_eq!(follows(&void("e1", "c1")).unwrap(), [-400], "{engine}");
        assert_eq!(follows(&void("e2", "c1")).unwrap(), [-160], "{engine}");
        let bill = bills(&store)[0].id;
        let total = Money::parse("1.25", units::Currency::CNY).unwrap();
        let credit = Ask { what: Correction::Credit(Aim { bill, line: Some(0), total }), ..void("", "c2") };
        assert_eq!(follows(&credit).unwrap(), [-125], "{engine}");
        let kept =
            store.read(|tx| store::corrections::page(tx, CorrectionFilter::of(None), i64::MAX, 10)).unwrap();
        assert_eq!((kept.len(), bills(&store).len()), (0, 1), "{engine}");
        is_sound(&store, desk);
    }
}

/// The explanation of an adjustment says that it is a correction, by whom and why; that of late use says what it did.
#[test]
fn an_adjustment_says_which_correction_it_settles() {
    for (engine, store, _server) in stores() {
        let (mut player, _) = play(&store, &parse("hour", HOUR)).unwrap();
        let ask = void("e1", "ticket-1");
        store.write(|tx| corrections::make(tx, player.desk.at(at("2026-06-05 11:20:00")), &ask)).unwrap();
        player.advance(at("2026-06-05 12:00:00")).unwrap();
        let adjustment = bills(&store).into_iter().find(|it| it.kind == Kind::Adjustment).unwrap();
        assert_eq!(adjustment.total.minor(), -400, "{engine}");
        let question = Question::of(acme(&store), adjustment.id, 0);
        let told = store.read(|tx| explain::line(tx, &player.desk, question)).unwrap().sentences().join("\n");
        for part in [
            "rated once more after a correction",
            "Correction ticket-1 of 2026-06-05 11:20:00 by key_of_somebody voids the reading e1",
            "the meter counted twice",
        ] {
            assert!(told.contains(part), "{engine}: {told}");
        }
        is_sound(&store, &player.desk);
    }
}

/// Who corrected what, when and why, and the bill that was made: the newest first.
#[test]
fn corrections_are_listed() {
    for (engine, store, _server) in stores() {
        let text = format!(
            "{HOUR}correct void e1 id=c1 reason=counted_twice\n2026-06-05 11:20:00 correct credit acme 1 1.00 id=c2 reason=an_outage\n"
        );
        let (player, played) = play(&store, &parse("list", &text)).unwrap();
        assert!(played.steps.iter().all(|it| it.code == "ok"), "{engine}");
        let (account, part) = (acme(&store), desk::page::Part::first(1));
        let first = store
            .read(|tx| lists::corrections::page(tx, CorrectionFilter::of(Some(account)), &part))
            .unwrap();
        let credit = &first.items[0];
        assert_eq!((credit.row.id.as_str(), credit.row.reason.as_str()), ("c2", "an outage"), "{engine}");
        let made = bills(&store).into_iter().find(|it| it.kind == Kind::Correction).unwrap();
        assert_eq!(credit.made, Some(made.id), "{engine}");
        let told =
            store.read(|tx| explain::line(tx, &player.desk, Question::of(made.account, made.id, 0))).unwrap();
        assert!(
            told.sentences().join("\n").contains("credits 1.00 CNY against bil_"),
            "{:?}",
            told.sentences()
        );
        let part = desk::page::Part { after: first.next, most: 1 };
        let second =
            store.read(|tx| lists::corrections::page(tx, CorrectionFilter::of(None), &part)).unwrap();
        assert_eq!(second.items[0].says["event"], "e1", "{engine}");
        assert_eq!(second.next, None, "{engine}");
        is_sound(&store, &player.desk);
    }
}

/// What is told of a bill that a correction made.
fn told_of(text: &str, store: &Store, told_to: ToldTo, language: Language) -> String {
    let (player, _) = play(store, &parse("told", &format!("{HOUR}2026-06-05 11:20:00 {text}\n"))).unwrap();
    let made = bills(store).into_iter().find(|it| it.kind == Kind::Correction).unwrap();
    let question = Question { told_to, language, ..Question::of(made.account, made.id, 0) };
    store.read(|tx| explain::line(tx, &player.desk, question)).unwrap().sentences().join("\n")
}

/// A credit says what went back, in one language at a time; customers read that it was the operator, operators who it was.
#[test]
fn a_credit_is_told_to_whom_it_concerns() {
    let (credit, debit) =
        ("correct credit acme 1 1.00 id=c2 reason=outage", "correct debit acme 1 0.50 id=c3 reason=more");
    let told = |text: &str, told_to: ToldTo, language: Language| {
        told_of(text, &Store::memory().unwrap(), told_to, language)
    };
    let who = desk::journal::COMMAND_LINE;
    let english = told(credit, ToldTo::Customer, Language::English);
    assert!(english.contains("by the operator credits 1.00 CNY against bil_"), "{english}");
    assert!(english.contains("1.00 CNY went back: cash 1.00."), "{english}");
    assert!(!english.contains(who) && !english.contains("in all"), "{english}");
    assert!(told(credit, ToldTo::Operator, Language::English).contains(&format!("by {who} credits")));
    let chinese = told(credit, ToldTo::Customer, Language::Chinese);
    assert!(chinese.contains("退还 1.00 CNY：现金 1.00。"), "{chinese}");
    assert!(chinese.contains(" 退还 1.00 CNY：outage"), "{chinese}");
    assert!(!chinese.contains("credit") && !chinese.contains(who), "{chinese}");
    assert!(told(debit, ToldTo::Customer, Language::English).contains("0.50 CNY were charged: cash 0.50."));
    assert!(told(debit, ToldTo::Customer, Language::Chinese).contains(" 补收 0.50 CNY：more"));
}

/// A correction of prices of all accounts is done by a job, so many accounts in each transaction; how far it is, is seen.
#[test]
fn prices_of_all_accounts_are_corrected_account_after_account() {
    for (engine, store, _server) in stores() {
        let others: String = (0..60).map(|it| format!("account a{it}\n")).collect();
        let text = format!(
            "2026-01-31 00:00:00 account acme\n{others}topup acme 1000.00\nbuy acme ep endpoint region=guangzhou billing=traffic
2026-02-01 00:00:00 reprice endpoint traffic 8.00\n2026-02-10 12:00:00 traffic ep out 100GB\n2026-03-05 00:00:00 settle\n"
        );
        let (mut player, _) = play(&store, &parse("all", &text)).unwrap();
        let (from, until) = (at("2026-02-01"), at("2026-03-01"));
        let amendment = "\n[[price]]\nproduct = \"endpoint\"\ncomponent = \"traffic\"\namount = \"0.80\"\nsource = \"demo\"\n";
        let kept = store.write(|tx| -> Result<_, Refusal> {
            let wrong = player.desk.book(units::Currency::CNY, from)?;
            let prepared = books::amended(tx, wrong, from, amendment)?;
            corrections::prices::keep(tx, &prepared)?;
            Ok(prepared.book)
        });
        let book = kept.unwrap();
        player.desk.books = books::keeping(&player.desk.books, book.clone());
        let rerate = Rerate { book: book.id, account: None, from, until };
        let ask = Ask { what: Correction::Rerate(rerate), ..void("", "march-5") };
        let now = at("2026-03-05 00:00:00");
        let follows = store.rehearse(|tx| -> Result<Vec<i64>, Refusal> {
            let made = corrections::make(tx, player.desk.at(now), &ask)?;
            let bills = preview::all_bills(tx, player.desk.at(now), &made)?;
            Ok(bills.iter().map(|it| it.total.minor()).collect())
        });
        assert_eq!(follows.unwrap(), [-72_000], "{engine}");
        store.write(|tx| corrections::make(tx, player.desk.at(now), &ask)).unwrap();
        let progress = |store: &Store| {
            let one = store.read(|tx| lists::corrections::one(tx, "march-5")).unwrap();
            one.progress.map(|it| (it.accounts, it.cycles, it.done.is_some())).unwrap()
        };
        assert_eq!(progress(&store), (0, 0, false), "{engine}");
        let closed = store.write(|tx| corrections::prices::part(tx, player.desk.at(now))).unwrap().unwrap();
        assert_eq!((progress(&store).0, closed.len() <= 1), (50, true), "{engine}");
        player.advance(at("2026-04-01 00:00:00")).unwrap();
        let (accounts, cycles, done) = progress(&store);
        // January is not touched, and nobody else has anything to put right.
        assert_eq!((accounts, cycles, done), (61, 1, true), "{engine}");
        let adjustment = bills(&store).into_iter().find(|it| it.kind == Kind::Adjustment).unwrap();
        assert_eq!(adjustment.total.minor(), -72_000, "{engine}");
        assert_eq!(adjustment.lines[0].book, book.id, "{engine}");
        let question = Question::of(adjustment.account, adjustment.id, 0);
        let told = store.read(|tx| explain::line(tx, &player.desk, question)).unwrap().sentences().join("\n");
        assert!(
            told.contains("Correction march-5 of 2026-03-05 00:00:00 by key_of_somebody prices"),
            "{told}"
        );
        assert!(told.contains(&format!("by the price book {}", book.id)), "{told}");
        is_sound(&store, &player.desk);
        // Whoever reads the books anew finds the book of the correction.
        let desk = store.read(Desk::open).unwrap();
        is_sound(&store, &desk);
    }
}

/// Prices of what is charged by the hour, by the day and by the month, for single resources and for sums over the account.
const WRONG: [&str; 5] = [
    "server compute 0.30",
    "disk storage-hour 0.01",
    "load-balancer instance 0.01",
    "container compute 0.10 spec=1U1G",
    "endpoint traffic 0.40",
];

/// R-COR-1, R-SET-2: whatever past period is corrected, and when, the cycles that close before and after verify.
#[test]
fn what_closes_after_a_correction_of_prices_verifies() {
    let periods = [
        ("2026-05-30", "2026-06-01", "2026-06-02 00:00:00", "2026-07-03"),
        ("2026-05-31T12:00", "2026-06-01T12:00", "2026-06-01 13:10:00", "2026-07-03"),
        ("2026-06-01T10:00", "2026-06-01T11:00", "2026-06-01 11:30:00", "2026-07-03"),
        ("2026-06-01T10:20", "2026-06-02T10:40", "2026-06-02 10:40:00", "2026-07-03"),
        ("2026-06-01", "2026-06-30T12:00", "2026-07-01 00:00:00", "2026-08-03"),
        ("2026-05-31", "2026-07-01", "2026-07-02 09:30:00", "2026-08-03"),
    ];
    for ((from, until, when, end), whose) in periods.iter().flat_map(|it| [(*it, ""), (*it, " account=acme")])
    {
        let mut text = String::from(
            "2026-05-30 00:00:00 account acme\naccount beta\ntopup acme 5000.00\ntopup beta 5000.00
buy acme web server charge=payg region=guangzhou zone=guangzhou-1 type=S1.SMALL1
buy acme vol disk charge=payg region=guangzhou zone=guangzhou-1 type=premium size=100
buy acme lb load-balancer region=guangzhou\nbuy acme c container region=guangzhou spec=1U1G
buy acme ep endpoint region=guangzhou billing=traffic\nbuy beta lb2 load-balancer region=guangzhou
2026-05-31 13:00:00 traffic ep out 10GB\n",
        );
        for (at, wrong) in WRONG.iter().enumerate() {
            let on = if at == 0 { format!("{when} ") } else { String::new() };
            text += &format!("{on}correct price {wrong} from={from} until={until}{whose} reason=a_slip\n");
        }
        text += &format!("{end} 00:00:00 settle\n");
        let store = Store::memory().unwrap();
        let (player, played) = play(&store, &parse("after", &text)).unwrap();
        assert!(played.steps.iter().all(|it| it.code == "ok"), "{text}");
        assert!(bills(&store).iter().any(|it| it.kind == Kind::Adjustment), "nothing was put right:\n{text}");
        is_sound(&store, &player.desk);
    }
}

/// The stories of corrections hold on PostgreSQL as they do in memory.
#[test]
fn stories_of_corrections_hold_on_postgres() {
    let server = store::testing::postgres();
    for path in files(&crate::support::data().join("corrections"), "till") {
        let store = Store::postgres(&server.fresh_database()).unwrap();
        let (player, played) = play(&store, &crate::support::read(&path)).unwrap();
        assert!(played.failures.is_empty(), "{}: {:?}", path.display(), played.failures);
        is_sound(&store, &player.desk);
    }
}

/// What the lines of all bills cost, in 1e-8, behind these steps.
fn costs(steps: &str) -> i64 {
    let store = Store::memory().unwrap();
    let (player, played) = play(&store, &parse("packs", steps)).unwrap();
    let refused = played.steps.iter().find(|it| it.code != "ok");
    assert!(refused.is_none(), "{refused:?}");
    is_sound(&store, &player.desk);
    bills(&store).iter().flat_map(|it| it.lines.iter()).map(|it| it.cost_e8).sum()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    /// Prices of some days of a month that are put right after its close come to what they would have come to in time, whatever
    /// packs covered of those days and of the others. Source: R-COR-1, R-PKG-13, R-SET-5.
    #[test]
    fn beside_packs_a_price_put_right_is_as_if_it_had_been_right(
        pieces in prop::collection::vec((1_u32..20, 1_u32..4), 1..3),
        packs in prop::collection::vec(("[1-9]|1[0-9]", any::<bool>()), 0..3),
        days in (1_u32..28, 1_u32..10),
        cheaper in any::<bool>(),
    ) {
        let mut steps: Vec<(u32, String)> = Vec::new();
        for (number, (day, quantity)) in pieces.iter().enumerate() {
            steps.push((*day, format!("buy acme c{number} container region=guangzhou spec=1U1G quantity={quantity}")));
        }
        for (number, (day, is_at_purchase)) in packs.iter().enumerate() {
            let product = if *is_at_purchase { "container-pack-at-purchase" } else { "container-pack" };
            steps.push((day.parse().unwrap(), format!("buy acme p{number} {product} spec=1U1G hours=720")));
        }
        let (from, until) = (days.0, (days.0 + days.1).min(30));
        let price = if cheaper { "0.02" } else { "0.34" };
        let mut in_time = steps.clone();
        in_time.push((from, format!("reprice container compute {price} spec=1U1G")));
        in_time.push((until, "reprice container compute 0.17 spec=1U1G".into()));
        let story = |mut steps: Vec<(u32, String)>, after: &str| {
            steps.sort_by_key(|it| it.0);
            let lines = steps.iter().map(|(day, it)| format!("2026-06-{day:02} 00:00:00 {it}\n"));
            let gone = pieces.iter().enumerate().flat_map(|(number, (_, quantity))| match quantity {
                1 => vec![format!("2026-07-01 00:00:00 release c{number}\n")],
                more => (1..=*more).map(|it| format!("2026-07-01 00:00:00 release c{number}-{it}\n")).collect(),
            });
            let begin = "2026-05-31 00:00:00 account acme\ntopup acme 9000.00\n".to_string();
            let all = std::iter::once(begin).chain(lines).chain(gone);
            all.collect::<String>() + after + "2026-09-02 00:00:00 settle\n"
        };
        let right = format!(
            "2026-07-02 00:00:00 correct price container compute {price} spec=1U1G from=2026-06-{from:02} until=2026-06-{until:02} reason=so id=c\n"
        );
        let (in_time, put_right) = (story(in_time, ""), story(steps, &right));
        prop_assert_eq!(costs(&put_right), costs(&in_time), "{}", put_right);
    }
}
