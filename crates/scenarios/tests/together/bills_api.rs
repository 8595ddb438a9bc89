//! What the API reads of bills, movements and notices: levels add up, pages hold everything once, nobody sees another's.

use crate::support::stores;
use billing::bill::{Kind, Sum};
use billing::notice::{Notice, NoticeKind};
use billing::quote::Becomes;
use billing::wallet::Purse;
use desk::lists::bills::{self as statements, InMonth};
use desk::lists::costs::{self, AllFilter, Cut, RevenueFilter};
use desk::lists::wallet::{self, Entry};
use desk::page::Part;
use desk::{Desk, Refusal, explain};
use server::cli::simulate::play;
use std::collections::BTreeSet;
use store::bills::{self, Begin, BillFilter, NamedBill, NamedLine, Span, Subject, SubjectFilter, SubjectSum};
use store::ledger::{self, TopUp};
use store::notices::{self, NoticeFilter};
use store::sort::Age;
use store::{Store, StoreError, Tx};
use units::{AccountId, BillId, Calendar, Currency, Money, NoticeId, Timestamp};

/// June: web and its bandwidth for one hour 0.42 + 0.063 = 0.48, an address 0.20, a month of a server 51.00, ten hours
/// of another web 4.80 (exactly 4.83); server 56.28, in all 56.48. The 0.033 that rounding took too little is waived.
/// July: two hours, 0.96.
const STORY: &str = "
2026-06-01 10:00:00 account acme
                    account other
                    topup acme 100.00
                    topup other 100.00
2026-06-01 10:00:01 topup acme 10.00 to=bonus
2026-06-01 10:00:02 topup acme 20.00
2026-06-01 11:00:00 buy acme web server charge=payg region=guangzhou zone=guangzhou-1 type=S1.SMALL1 network=bandwidth bandwidth=1
                    buy acme ip eip region=guangzhou
                    buy other mine server charge=payg region=guangzhou zone=guangzhou-1 type=S1.SMALL1
2026-06-01 12:00:00 release web
                    release ip
                    release mine
2026-06-01 13:00:00 buy acme big server charge=prepaid region=guangzhou zone=guangzhou-1 type=S1.SMALL1 months=1
2026-06-30 14:00:00 buy acme late server charge=payg region=guangzhou zone=guangzhou-1 type=S1.SMALL1 network=bandwidth bandwidth=1
2026-07-01 02:00:00 release late
2026-07-01 02:30:00 settle
";

/// A month in which rounding takes too much: 720 hours of 0.565 are 406.80, deducted as 720 × 0.57 = 410.40, and 3.60
/// come back. A server for six months, paid ahead: 51.00 × 6 × 0.88 = 269.28. A pack of 720 hours, 97.92, covers the
/// first thirty days of a container that lives through the 31 days of July: the last day is 24 × 0.17 = 4.08.
const CREDIT: &str = "
2026-06-01 00:00:00 account acme
                    topup acme 5000.00
                    buy acme net server charge=payg region=guangzhou zone=guangzhou-1 type=S1.SMALL1 network=bandwidth bandwidth=6
                    stop net free
                    buy acme half server charge=prepaid region=guangzhou zone=guangzhou-1 type=S1.SMALL1 months=6
2026-07-01 00:00:00 settle
                    release net
                    buy acme june container-pack spec=1U1G hours=720 month=2026-07
                    buy acme c container spec=1U1G
2026-08-01 settle
";

struct Played {
    store: Store,
    desk: Desk,
    now: Timestamp,
    acme: AccountId,
    other: AccountId,
}

impl Played {
    fn new(store: Store) -> Played {
        let it = Played::of(store, STORY);
        let other = it.store.read(|tx| store::accounts::by_name(tx, "other")).unwrap().id;
        Played { other, ..it }
    }

    /// Plays a story of the account `acme`.
    fn of(store: Store, story: &str) -> Played {
        let (desk, now) = {
            let (player, played) = play(&store, &crate::support::parse("bills", story)).unwrap();
            for step in &played.steps {
                assert_eq!(step.code, "ok", "{}: {:?}", step.text, step.message);
            }
            (player.desk, player.now)
        };
        let acme = store.read(|tx| store::accounts::by_name(tx, "acme")).unwrap().id;
        Played { store, desk, now, acme, other: acme }
    }

    fn read<T>(&self, mut work: impl FnMut(&mut Tx<'_>) -> Result<T, Refusal>) -> T {
        self.store.read(|tx| work(tx)).unwrap()
    }

    fn products(&self, month: &str) -> Vec<(String, Sum)> {
        let of = InMonth { account: self.acme, month: month.to_string(), product: None };
        let found = self.read(|tx| statements::of_month(tx, self.desk.at(self.now), &of));
        found.into_iter().collect()
    }

    fn span(&self, month: &str) -> Span {
        let cycle = statements::month(&self.desk, month).unwrap();
        Span { from: cycle.from, to: cycle.to }
    }
}

fn part(after: Option<&str>, most: u16) -> Part {
    Part { after: after.map(str::to_string), most }
}

/// What sums of yuan add up to.
fn sum_of<'a>(all: impl IntoIterator<Item = &'a Sum>) -> Sum {
    Sum::of(all, Currency::CNY).unwrap()
}

/// Walks a list in pages of two: everything that `page` gives for the last of the page before.
fn walk<T: Clone>(engine: &str, mut page: impl FnMut(Option<&T>) -> Vec<T>) -> Vec<T> {
    let mut all: Vec<T> = Vec::new();
    loop {
        let found = page(all.last());
        assert!(found.len() <= 2, "{engine}");
        let end = found.len() < 2;
        all.extend(found);
        assert!(all.len() < 1_000, "{engine}: the pages do not end");
        if end {
            return all;
        }
    }
}

fn subjects(it: &Played, month: &str) -> Vec<SubjectSum> {
    let filter = SubjectFilter { account: it.acme, span: it.span(month), product: "" };
    it.read(|tx| Ok(bills::subjects(tx, filter, &Subject::default(), 1_000)?))
}

#[test]
fn levels_add_up() {
    for (engine, store, _server) in stores() {
        let it = Played::new(store);
        let of = |now: Timestamp, after: Option<&str>| {
            it.read(|tx| statements::months(tx, it.desk.at(now), it.acme, &part(after, 10))).items
        };
        let months = of(it.now, None);
        let shown: Vec<(&str, i64, u64)> =
            months.iter().map(|it| (it.name.as_str(), it.sum.total.minor(), it.sum.bills)).collect();
        assert_eq!(shown, [("2026-07", 96, 2), ("2026-06", 5_648, 14)], "{engine}");
        // Lines: eip 0.20, server 51.00 + 5.313; rounding took 0.033 too little, which is waived and is no line.
        let june = &months[1].sum;
        assert_eq!((june.amount_e8, june.correction.minor()), (5_651_300_000, 0), "{engine}");
        assert!(months.iter().all(|it| it.estimate), "{engine}: final on the third at 00:00");
        let third = Calendar::settlement().parse("2026-07-03").unwrap();
        let later = of(third, Some("2026-07"));
        assert_eq!((later.len(), later[0].estimate), (1, false), "{engine}");

        let june = it.products("2026-06");
        let shown: Vec<(&str, i64)> = june.iter().map(|it| (it.0.as_str(), it.1.total.minor())).collect();
        assert_eq!(shown, [("eip", 20), ("server", 5_628)], "{engine}");
        for month in &months {
            let products = it.products(&month.name);
            let resources = subjects(&it, &month.name);
            assert_eq!(sum_of(products.iter().map(|it| &it.1)), month.sum, "{engine}: L1 is L0");
            assert_eq!(sum_of(resources.iter().map(|it| &it.sum)), month.sum, "{engine}: L2 is L0");
            for (product, sum) in &products {
                let own = resources.iter().filter(|it| it.subject.product == *product).map(|it| &it.sum);
                assert_eq!(sum_of(own), *sum, "{engine}: {product}");
            }
        }
        let names: BTreeSet<String> = subjects(&it, "2026-06").into_iter().map(|it| it.name).collect();
        assert_eq!(names, ["", "big", "ip", "late", "web"].map(str::to_string).into(), "{engine}");
        lines_round_to_bills(&it, engine);
        assert!(it.products("2026-05").is_empty(), "{engine}");
    }
}

fn lines_round_to_bills(it: &Played, engine: &str) {
    let all = it.read(|tx| Ok(bills::lines_page(tx, &BillFilter::of(it.acme, Span::EVER), None, 1_000)?));
    for bill in it.read(|tx| Ok(bills::of_account(tx, it.acme)?)) {
        let own: Vec<&NamedLine> = all.iter().filter(|it| it.bill == bill.id).collect();
        let e8: i64 = own.iter().map(|it| it.line.cost_e8).sum();
        if bill.kind == Kind::PrecisionWaiver {
            assert_eq!((own.len(), bill.amount_e8, bill.total.minor()), (0, 3_300_000, 0), "{engine}");
            continue;
        }
        let rounded = units::Amount::from_e8(e8.into(), bill.currency()).round().unwrap();
        assert_eq!(rounded.minor(), bill.total.minor(), "{engine}: {}", bill.id);
        let whole = it.read(|tx| Ok(bills::get(tx, it.acme, bill.id)?));
        assert_eq!(whole.bill, bill, "{engine}");
    }
}

#[test]
fn pages_of_bills_hold_everything_once() {
    for (engine, store, _server) in stores() {
        let it = Played::new(store);
        let of_account = it.read(|tx| Ok(bills::of_account(tx, it.acme)?));
        let mut newest: Vec<BillId> = of_account.iter().map(|it| it.id).collect();
        newest.sort_by(|one, two| two.cmp(one));
        let page = |filter: BillFilter<'_>, last: Option<&NamedBill>| {
            let after = last.map_or("zzz".to_string(), |it| it.bill.id.to_string());
            it.read(|tx| Ok(bills::page(tx, &filter, Begin { age: Age::Newest, after: &after }, 2)?))
        };
        let oldest = |filter: BillFilter<'_>, last: Option<&NamedBill>| {
            let after = last.map_or(String::new(), |it| it.bill.id.to_string());
            it.read(|tx| Ok(bills::page(tx, &filter, Begin { age: Age::Oldest, after: &after }, 2)?))
        };
        let ids = |found: Vec<NamedBill>| found.iter().map(|it| it.bill.id).collect::<Vec<BillId>>();
        assert_eq!(
            ids(walk(engine, |last| page(BillFilter::of(it.acme, Span::EVER), last))),
            newest,
            "{engine}"
        );
        let backward = ids(walk(engine, |last| oldest(BillFilter::of(it.acme, Span::EVER), last)));
        assert!(backward.iter().eq(newest.iter().rev()), "{engine}");
        let july = ids(walk(engine, |last| page(BillFilter::of(it.acme, it.span("2026-07")), last)));
        assert_eq!(july, newest[..2], "{engine}");
        let june = ids(walk(engine, |last| page(BillFilter::of(it.acme, it.span("2026-06")), last)));
        assert_eq!(june, newest[2..], "{engine}: without those that ended at 02:00 of July");
        let hourly =
            BillFilter { product: "server", kind: "hourly", ..BillFilter::of(it.acme, it.span("2026-06")) };
        assert_eq!(walk(engine, |last| page(hourly, last)).len(), 11, "{engine}");
        let late =
            of_account.iter().rfind(|it| it.kind == Kind::Hourly).unwrap().resource.unwrap().to_string();
        let of_late = BillFilter { resource: &late, ..BillFilter::of(it.acme, Span::EVER) };
        assert_eq!(walk(engine, |last| page(of_late, last)).len(), 12, "{engine}");

        let lines = |filter: BillFilter<'_>, last: Option<&NamedLine>| {
            let after = last.map(|it| (it.bill, it.number));
            it.read(|tx| Ok(bills::lines_page(tx, &filter, after, 2)?))
        };
        let all = walk(engine, |last| lines(BillFilter::of(it.acme, Span::EVER), last));
        let expected: usize = of_account.iter().map(|it| it.lines.len()).sum();
        let places: BTreeSet<(BillId, i64)> = all.iter().map(|it| (it.bill, it.number)).collect();
        assert_eq!((all.len(), places.len()), (expected, expected), "{engine}");
        assert!(all.windows(2).all(|it| (it[0].bill, it[0].number) < (it[1].bill, it[1].number)), "{engine}");
        let june = BillFilter { component: "bandwidth-hour", ..BillFilter::of(it.acme, it.span("2026-06")) };
        assert_eq!(walk(engine, |last| lines(june, last)).len(), 11, "{engine}: web and ten hours of late");

        let paged = walk(engine, |last: Option<&SubjectSum>| {
            let after = last.map_or_else(Subject::default, |it| it.subject.clone());
            it.read(|tx| {
                Ok(bills::subjects(
                    tx,
                    SubjectFilter { account: it.acme, span: it.span("2026-06"), product: "" },
                    &after,
                    2,
                )?)
            })
        });
        assert_eq!((paged.len(), paged), (5, subjects(&it, "2026-06")), "{engine}");
    }
}

/// June of acme is 56.48: 51.68 on the first, 4.80 on the last day; other had one hour for 0.42. July: 0.96.
#[test]
fn the_revenue_is_what_all_bills_come_to() {
    for (engine, store, _server) in stores() {
        let it = Played::new(store);
        let at = it.desk.at(it.now);
        let of = InMonth { account: it.acme, month: "2026-06".to_string(), product: None };
        let days = it.read(|tx| costs::page(tx, at, &of, &Cut::Day.used(), &Part::first(40))).items;
        let shown: Vec<(&str, i64)> =
            days.iter().map(|it| (it.value.as_deref().unwrap(), it.sum.total.minor())).collect();
        assert_eq!(shown, [("2026-06-01", 5_168), ("2026-06-30", 480)], "{engine}");
        let second =
            it.read(|tx| costs::page(tx, at, &of, &Cut::Day.used(), &part(Some("=2026-06-01"), 40))).items;
        assert_eq!(second, days[1..], "{engine}");

        let of = RevenueFilter { from: "2026-05".to_string(), months: 3, product: None, region: None };
        let all = it.read(|tx| costs::revenue(tx, at, &of, &Part::first(100))).items;
        let total = |month: &str, product: &str| -> i64 {
            let own = all.iter().filter(|it| it.month == month && it.of.product == product);
            own.map(|it| it.sum.total.minor()).sum()
        };
        assert_eq!(total("2026-06", "server"), 5_628 + 42, "{engine}");
        assert_eq!((total("2026-06", "eip"), total("2026-07", "server")), (20, 96), "{engine}");
        assert!(all.iter().all(|it| it.month != "2026-05" && it.of.currency == "CNY"), "{engine}");
        let eip = RevenueFilter { product: Some("eip".to_string()), ..of };
        assert_eq!(it.read(|tx| costs::revenue(tx, at, &eip, &Part::first(100))).items.len(), 1, "{engine}");

        let bills = |of: &AllFilter, after: Option<&str>| {
            it.read(|tx| costs::all_bills(tx, at, of, &part(after, 200)))
        };
        let every = bills(&AllFilter::default(), None).items;
        let owners: BTreeSet<AccountId> = every.iter().map(|it| it.bill.account).collect();
        assert_eq!(owners, BTreeSet::from([it.acme, it.other]), "{engine}");
        assert!(every.windows(2).all(|it| it[0].bill.id > it[1].bill.id), "{engine}: the newest first");
        let third = every[2].bill.id.to_string();
        assert_eq!(bills(&AllFilter::default(), Some(&third)).items, every[3..], "{engine}");
        let july = AllFilter { month: Some("2026-07".to_string()), ..AllFilter::default() };
        assert_eq!(bills(&july, None).items.len(), 2, "{engine}");
    }
}

#[test]
fn pages_of_the_wallet_hold_everything_once() {
    for (engine, store, _server) in stores() {
        let it = Played::new(store);
        let mut expected = Vec::new();
        let mut balance = Money::zero(Currency::CNY);
        for movement in it.read(|tx| Ok(ledger::movements(tx, it.acme)?)) {
            balance = balance.checked_add(movement.change().unwrap()).unwrap();
            expected.push(Entry { movement, balance });
        }
        expected.reverse();
        assert_eq!(expected[0].balance.minor(), 13_000 - 5_648 - 96, "{engine}");
        let page = |kind: &str, last: Option<&Entry>| {
            let before = last.map(|it| it.movement.id.as_str());
            let of = wallet::Filter { kind, ..wallet::Filter::EVERY };
            it.read(|tx| wallet::movements(tx, it.acme, of, &part(before, 2))).items
        };
        assert_eq!(walk(engine, |last| page("", last)), expected, "{engine}");
        let deducted: Vec<Entry> =
            expected.iter().filter(|it| it.movement.kind == "deduct").cloned().collect();
        assert_eq!(walk(engine, |last| page("deduct", last)), deducted, "{engine}");
        // [12:00, 13:00) of the first day: the hour of web and that of the address, each with its balance after it.
        let hour = |text: &str| Calendar::settlement().parse(text).unwrap();
        let of =
            wallet::Filter { kind: "deduct", from: hour("2026-06-01 12:00"), to: hour("2026-06-01 13:00") };
        let noon: Vec<Entry> = it.read(|tx| wallet::movements(tx, it.acme, of, &Part::first(10))).items;
        let money: Vec<i64> = noon.iter().map(|it| it.movement.money.minor()).collect();
        assert_eq!(money.iter().sum::<i64>(), 48 + 20, "{engine}");
        assert!(noon.iter().all(|it| expected.contains(it)), "{engine}");
        let of_acme = part(Some(&expected[0].movement.id), 2);
        let strange = it.store.read(|tx| wallet::movements(tx, it.other, wallet::Filter::EVERY, &of_acme));
        assert_eq!(strange.unwrap_err().code(), "not_found", "{engine}");

        let top_ups = walk(engine, |last: Option<&TopUp>| {
            let after = last.map(|it| it.reference.clone());
            it.read(|tx| Ok(ledger::top_ups(tx, it.acme, after.as_deref(), 2)?))
        });
        let sums: Vec<(i64, Purse)> = top_ups.iter().map(|it| (it.money.minor(), it.purse)).collect();
        let by_hand = [(2_000, Purse::Cash), (1_000, Purse::Bonus), (10_000, Purse::Cash)];
        assert_eq!(sums, by_hand, "{engine}");
    }
}

#[test]
fn movements_name_what_came_in_also_where_a_page_ends_amid_one_instant() {
    for (engine, store, _server) in stores() {
        let it = Played::new(store);
        let at = it.desk.at(it.now);
        for reference in ["a", "b", "c", "d", "e"] {
            let money = Money::from_minor(100, Currency::CNY);
            let new = desk::accounts::TopUp { money, purse: Purse::Cash, reference };
            it.store.write(|tx| desk::accounts::top_up(tx, at, it.acme, new)).unwrap();
            // Of somebody else at the same instant, with the same references: theirs are not named.
            it.store.write(|tx| desk::accounts::top_up(tx, at, it.other, new)).unwrap();
        }
        let told = walk(engine, |last: Option<&wallet::Told>| {
            let before = last.map(|it| it.entry.movement.id.as_str());
            it.read(|tx| {
                let page = wallet::movements(tx, it.acme, wallet::Filter::EVERY, &part(before, 2))?;
                wallet::told(tx, it.acme, page)
            })
            .items
        });
        let came_in = told.iter().filter(|it| it.entry.movement.kind == "recharge");
        let named: Vec<_> = came_in.map(|it| it.reference.as_deref()).collect();
        let paid = it.read(|tx| Ok(ledger::top_ups(tx, it.acme, None, 100)?));
        let expected: Vec<_> = paid.iter().map(|it| Some(it.reference.as_str())).collect();
        assert_eq!(named[..5], ["e", "d", "c", "b", "a"].map(Some), "{engine}: the newest first");
        assert_eq!(named, expected, "{engine}");
        let others = told.iter().filter(|it| it.entry.movement.kind != "recharge");
        assert!(others.clone().count() > 0 && others.clone().all(|it| it.reference.is_none()), "{engine}");
    }
}

#[test]
fn pages_of_notices_hold_everything_once() {
    for (engine, store, _server) in stores() {
        let it = Played::new(store);
        let notice = |number: i64| Notice {
            account: it.acme,
            subject: format!("subject with words {}", number % 2),
            kind: [NoticeKind::PackLow, NoticeKind::BalanceLow][usize::from(number % 3 == 0)],
            threshold: number / 2,
            occasion: String::new(),
            at: Timestamp::from_microsecond(1_780_000_000_000_000 + number / 4).unwrap(),
        };
        let mut all: Vec<Notice> = (0..12).map(notice).collect();
        it.store.write(|tx| notices::add(tx, &all, it.now)).unwrap();
        // What was played has told of a deadline on four days.
        let told = NoticeFilter { kind: "resource_expiring", after: None };
        all.extend(it.read(|tx| Ok(notices::page(tx, it.acme, told, 9)?)));
        let page = |kind: &str, after: Option<NoticeId>| {
            it.read(|tx| Ok(notices::page(tx, it.acme, NoticeFilter { kind, after }, 2)?))
        };
        let found = walk(engine, |last: Option<&Notice>| page("", last.map(Notice::id)));
        let ids = |found: &[Notice]| found.iter().map(Notice::id).collect::<BTreeSet<NoticeId>>();
        assert_eq!((found.len(), ids(&found)), (16, ids(&all)), "{engine}");
        assert!(found.windows(2).all(|it| it[0].at >= it[1].at), "{engine}");
        let low = walk(engine, |last: Option<&Notice>| page("balance_low", last.map(Notice::id)));
        assert_eq!(low.len(), 4, "{engine}");
        let gone = NoticeId::named(it.now, "nothing");
        let refused = it
            .store
            .read(|tx| notices::page(tx, it.acme, NoticeFilter { kind: "", after: Some(gone) }, 2))
            .unwrap_err();
        assert!(matches!(refused, StoreError::NotFound(_)), "{engine}");
    }
}

#[test]
fn nobody_reads_or_explains_the_bill_of_another() {
    for (engine, store, _server) in stores() {
        let it = Played::new(store);
        let all = it.read(|tx| Ok(bills::of_account(tx, it.acme)?));
        let why = |account: AccountId, bill: BillId, line: usize| {
            it.store.read(|tx| {
                explain::line(tx, &it.desk, explain::Question::of(account, bill, line))
                    .map(|it| it.sentences())
            })
        };
        for bill in &all {
            assert!(!why(it.acme, bill.id, 0).unwrap().is_empty(), "{engine}");
            assert_eq!(why(it.other, bill.id, 0).unwrap_err().code(), "not_found", "{engine}");
            let got = it.store.read(|tx| bills::get(tx, it.other, bill.id));
            assert!(matches!(got, Err(StoreError::NotFound(_))), "{engine}");
        }
        let hourly = all.iter().find(|it| it.kind == Kind::Hourly).unwrap();
        assert_eq!(why(it.acme, hourly.id, 9).unwrap_err().code(), "not_found", "{engine}");
        let waiver = all.iter().find(|it| it.kind == Kind::PrecisionWaiver).unwrap();
        let text = why(it.acme, waiver.id, 0).unwrap().join(" ");
        assert!(text.contains("deducted as 5.28; their lines add up to 5.31300000"), "{engine}: {text}");
        assert!(text.contains("0.03300000 is waived") && !text.contains("given back"), "{engine}: {text}");
        let theirs = it.read(|tx| {
            Ok(bills::page(
                tx,
                &BillFilter::of(it.other, Span::EVER),
                Begin { age: Age::Newest, after: "zzz" },
                100,
            )?)
        });
        assert_eq!(theirs.len(), 1, "{engine}");
    }
}

fn explained(it: &Played, fits: impl Fn(&billing::bill::Bill<'_>) -> bool) -> String {
    let all = it.read(|tx| Ok(bills::of_account(tx, it.acme)?));
    let bill = all.iter().find(|it| fits(it)).unwrap().id;
    it.read(|tx| explain::line(tx, &it.desk, explain::Question::of(it.acme, bill, 0))).sentences().join("\n")
}

#[test]
fn corrections_are_no_lines_and_explanations_say_units_zone_and_packs() {
    for (engine, store, _server) in stores() {
        let it = Played::of(store, CREDIT);
        let june = it.products("2026-06").into_iter().find(|it| it.0 == "server").unwrap().1;
        // 406.80 by use and 269.28 ahead; what came back is in the total, and a figure of its own.
        let sums = (june.amount_e8, june.total.minor(), june.correction.minor());
        assert_eq!(sums, (67_608_000_000, 67_608, -360), "{engine}");
        let l2 = subjects(&it, "2026-06");
        let credit = &l2.iter().find(|it| it.kind == Kind::PrecisionCredit).unwrap().sum;
        let sums = (credit.amount_e8, credit.total.minor(), credit.correction.minor());
        assert_eq!(sums, (0, -360, -360), "{engine}");

        let why = explained(&it, |it| it.kind == Kind::PrecisionCredit);
        assert!(why.contains("deducted as 410.40; their lines add up to 406.80000000"), "{engine}: {why}");
        assert!(why.contains("-3.60000000 is rounded to -3.60 CNY and given back."), "{engine}: {why}");
        let why = explained(&it, |it| it.kind == Kind::PrepaidNew);
        let said = "for 2026-06-01 00:00:00 to 2026-12-01 00:00:00 (times here are UTC+08:00), 269.28 CNY.";
        assert!(why.contains(said), "{engine}: {why}");
        assert!(
            why.contains("Bought: 6 months.\n51.00 / month: 51.00 × 6 months: 306.00000000.\n"),
            "{engine}: {why}"
        );
        assert!(why.contains("paid from cash 269.28."), "{engine}: {why}");
        let why = explained(&it, |it| it.kind == Kind::PackPurchase);
        assert!(
            why.contains("resource pack, for 2026-07-01 00:00:00 to 2026-07-31 00:00:00 (times"),
            "{engine}: {why}"
        );
        let pack = it.read(|tx| Ok(store::packs::of_account(tx, it.acme)?)).remove(0);
        let why = explained(&it, |it| it.kind == Kind::Monthly);
        let said = format!("Packs gave that month: 2592000 s from june ({}).", pack.id);
        assert!(why.contains(&said) && why.contains("Packs covered 2592000 s of it"), "{engine}: {why}");
        assert!(why.contains(": 4.08000000."), "{engine}: {why}");
    }
}

/// The order of a pack, its bill and the sums of its month name the pack, also when it was paid later than ordered.
#[test]
fn a_pack_has_one_id_everywhere() {
    const LATER: &str = "
2026-06-01 00:00:00 account acme
                    topup acme 500.00
                    order acme june container-pack spec=1U1G hours=720 month=2026-06
2026-06-01 05:00:00 pay june
2026-06-01 06:00:00 settle
";
    for (engine, store, _server) in stores() {
        let it = Played::of(store, LATER);
        let pack = it.read(|tx| Ok(store::packs::of_account(tx, it.acme)?)).remove(0).id;
        let order = it.read(|tx| Ok(store::orders::of_account(tx, it.acme)?)).remove(0).order;
        assert!(order.becomes == Becomes::Pack, "{engine}");
        assert_eq!(billing::pack::Pack::id_of(order.pieces[0].resource), pack, "{engine}");
        let bill = it.read(|tx| Ok(bills::of_account(tx, it.acme)?)).remove(0);
        assert_eq!((bill.kind, bill.pack()), (Kind::PackPurchase, Some(pack)), "{engine}");
    }
}

#[test]
fn absurd_months_are_empty_or_refused() {
    let it = Played::new(Store::memory().unwrap());
    for month in ["0000-01", "0001-01", "2199-12", "9998-12"] {
        assert!(it.products(month).is_empty(), "{month}");
        assert!(subjects(&it, month).is_empty(), "{month}");
    }
    assert_eq!(statements::month(&it.desk, "9999-12").unwrap_err().code(), "time_invalid");
    let before = |month: &'static str| {
        it.read(|tx| statements::months(tx, it.desk.at(it.now), it.acme, &part(Some(month), 10))).items
    };
    assert_eq!((before("0000-01").len(), before("2026-06").len(), before("9998-12").len()), (0, 0, 2));
}
