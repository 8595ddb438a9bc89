//! Taxes, what may be invoiced, and credit notes: the rule's example, edges, and what always adds up.

use super::invoiced::{Item, Taxed};
use super::note;
use super::party::Party;
use super::spent::{self, Debt, DebtMove, Spent, Step, Title};
use super::tax::{self, Category, Mode, Row, Sale, Tax};
use crate::text::Text;
use crate::wallet::Purse;
use proptest::prelude::*;
use units::{Currency, Money};

const CNY: Currency = Currency::CNY;

fn money(minor: i64) -> Money {
    Money::from_minor(minor, CNY)
}

fn vat(percent: &str, mode: Mode) -> Tax {
    let rate_ppm = u32::try_from(units::decimal::parse(percent, 4).unwrap()).unwrap();
    Tax { name: Text::new("VAT", "增值税"), category: Category::Standard, rate_ppm, mode, reason: None }
}

fn title(product: &str) -> Title {
    Title { since: "2026-01-01".into(), product: product.into() }
}

fn item(product: &str, minor: i64, tax: &Tax) -> Item {
    Item { title: title(product), name: Text::same(product), tax: tax.clone(), money: money(minor) }
}

// Source: R-INV-1: 357.96 x 6/106 = 20.26.
#[test]
fn the_tax_inside_of_the_rules_example() {
    let parts = vat("6", Mode::Inside).parts(money(35_796)).unwrap();
    assert_eq!((parts.net.minor(), parts.tax.minor(), parts.gross.minor()), (33_770, 2_026, 35_796));
}

#[test]
fn a_tax_on_top_comes_on_top() {
    // 100.01 x 7.7 % = 7.70077.
    let parts = vat("7.7", Mode::OnTop).parts(money(10_001)).unwrap();
    assert_eq!((parts.net.minor(), parts.tax.minor(), parts.gross.minor()), (10_001, 770, 10_771));
    assert_eq!(vat("7.7", Mode::OnTop).percent(), "7.7");
}

// 0.03 three times: 0.00 each by itself (0.03 x 6/106 = 0.0017), 0.01 on the sum of 0.09 (0.0051).
#[test]
fn a_tax_is_rounded_once_on_its_sum() {
    let tax = vat("6", Mode::Inside);
    let items = [item("a", 3, &tax), item("b", 3, &tax), item("c", 3, &tax)];
    let taxed = Taxed::of(&items, CNY).unwrap();
    assert_eq!((taxed.net.minor(), taxed.tax.minor(), taxed.gross.minor()), (8, 1, 9));
    assert_eq!(taxed.lines.iter().map(|it| it.tax.minor()).collect::<Vec<_>>(), [1, 0, 0]);
}

#[test]
fn a_tax_holds_from_its_first_day_to_the_day_before_its_last() {
    let row = |country: &str, kind: &str, from: &str, to: Option<&str>, percent: &str| Row {
        country: country.into(),
        kind: kind.into(),
        from: from.into(),
        to: to.map(Into::into),
        tax: vat(percent, Mode::Inside),
        reverse: None,
    };
    let rows = [
        row("CN", "*", "2016-05-01", Some("2026-07-01"), "6"),
        row("CN", "*", "2026-07-01", None, "7"),
        row("CN", "goods", "2016-05-01", None, "13"),
        row("*", "*", "2016-05-01", None, "1"),
    ];
    let party = |country: &str| Party { country: country.into(), ..Party::default() };
    let of = |country: &str, kind: &str, day: &str| {
        let (seller, buyer) = (party("CN"), party(country));
        tax::of(&rows, Sale { seller: &seller, buyer: &buyer, kind, day }).map(Tax::percent)
    };
    assert_eq!(of("CN", "service", "2026-06-30").as_deref(), Some("6"));
    assert_eq!(of("CN", "service", "2026-07-01").as_deref(), Some("7"));
    assert_eq!(of("CN", "goods", "2026-07-01").as_deref(), Some("13"));
    assert_eq!(of("DE", "service", "2026-07-01").as_deref(), Some("1"));
    assert_eq!(of("CN", "service", "2016-04-30"), None);
    assert!(!rows[0].meets(&rows[1]) && rows[0].meets(&rows[0]) && !rows[0].meets(&rows[2]));
}

#[test]
fn a_buyer_abroad_with_a_tax_number_owes_the_tax_itself() {
    let reverse = Tax { category: Category::ReverseCharge, ..vat("0", Mode::OnTop) };
    let rows = [Row {
        country: "FR".into(),
        kind: "*".into(),
        from: "2020-01-01".into(),
        to: None,
        tax: vat("20", Mode::OnTop),
        reverse: Some(reverse),
    }];
    let of = |seller: &str, number: &str| {
        let seller = Party { country: seller.into(), ..Party::default() };
        let buyer = Party { country: "FR".into(), tax_number: number.into(), ..Party::default() };
        tax::of(&rows, Sale { seller: &seller, buyer: &buyer, kind: "service", day: "2026-01-01" })
            .unwrap()
            .category
    };
    assert_eq!(of("DE", "FR123"), Category::ReverseCharge);
    assert_eq!(of("DE", ""), Category::Standard);
    assert_eq!(of("FR", "FR123"), Category::Standard);
}

#[test]
fn a_debt_counts_when_cash_pays_it() {
    let go = |step, product: &str, minor| DebtMove { step, title: title(product), money: money(minor) };
    let moves = [
        go(Step::Grows, "a", 100),
        go(Step::Grows, "b", 50),
        go(Step::PaidOtherwise, "", 30),
        go(Step::Forgiven, "b", 20),
        go(Step::PaidInCash, "", 80),
    ];
    let (paid, open) = spent::pay_debts(Vec::new(), &moves).unwrap();
    let paid: Vec<(String, i64)> = paid.into_iter().map(|it| (it.title.product, it.money.minor())).collect();
    assert_eq!(paid, [("a".to_string(), 70), ("b".to_string(), 10)]);
    assert_eq!(open, [Debt { product: "b".into(), money: money(20) }]);
    assert!(spent::pay_debts(Vec::new(), &[go(Step::PaidInCash, "", 1)]).is_err());
}

#[test]
fn what_a_movement_is_to_the_debts() {
    assert_eq!(Step::of(Purse::Owed, Purse::Revenue), Some(Step::Grows));
    assert_eq!(Step::of(Purse::Bank, Purse::Owed), Some(Step::PaidInCash));
    assert_eq!(Step::of(Purse::Cash, Purse::Owed), Some(Step::PaidInCash));
    assert_eq!(Step::of(Purse::Grants, Purse::Owed), Some(Step::PaidOtherwise));
    assert_eq!(Step::of(Purse::Revenue, Purse::Owed), Some(Step::Forgiven));
    assert_eq!(Step::of(Purse::Cash, Purse::Revenue), None);
}

#[test]
fn a_note_never_takes_back_more_than_is_left() {
    let tax = vat("6", Mode::Inside);
    let invoice = Taxed::of(&[item("a", 10_600, &tax), item("b", 5_300, &tax)], CNY).unwrap();
    let first = note::mirror(&invoice, &[], Some(money(5_000))).unwrap();
    assert!(note::mirror(&invoice, &[&first], Some(money(10_901))).is_err());
    assert!(note::mirror(&invoice, &[], Some(money(0))).is_err());
    let rest = note::mirror(&invoice, &[&first], None).unwrap();
    assert_eq!(rest.gross.minor(), 10_900);
    assert_eq!(first.tax.checked_add(rest.tax).unwrap(), invoice.tax);
    assert!(note::mirror(&invoice, &[&first, &rest], None).is_err());
    assert_eq!(note::mirror(&invoice, &[], None).unwrap(), invoice);
}

// 10.00 of the first tax is made of 100.00 and -90.00: a note of 50.00 takes no more than 10.00 x 50/60 of it.
#[test]
fn a_note_never_takes_more_of_a_tax_than_there_is() {
    let (one, other) = (vat("6", Mode::Inside), vat("13", Mode::Inside));
    let items = [item("a", 10_000, &one), item("b", -9_000, &one), item("c", 5_000, &other)];
    let invoice = Taxed::of(&items, CNY).unwrap();
    let note = note::mirror(&invoice, &[], Some(money(5_000))).unwrap();
    assert_eq!(note.taxes.iter().map(|it| it.gross.minor()).collect::<Vec<_>>(), [833, 4_167]);
    assert_eq!(note.lines.iter().map(|it| it.gross.minor()).collect::<Vec<_>>(), [833, 0, 4_167]);
    let rest = note::mirror(&invoice, &[&note], None).unwrap();
    assert_eq!(rest.lines.iter().map(|it| it.gross.minor()).collect::<Vec<_>>(), [9_167, -9_000, 833]);
}

#[test]
fn what_no_document_can_hold_is_refused() {
    for text in ["a\u{ffff}", "\u{fffe}", "a\u{1fffe}", "\u{fdd0}", "a\u{2028}b", "a\nb", "\u{85}"] {
        assert!(note::reason(text).is_err(), "{text:?}");
        let party = Party { name: format!("x{text}x"), country: "CN".into(), ..Party::default() };
        assert!(party.checked().is_err(), "{text:?}");
    }
    assert_eq!(note::reason(" 名称有误 \u{1f600} ").unwrap(), "名称有误 \u{1f600}");
}

fn taxes() -> impl Strategy<Value = Tax> {
    (prop::sample::select(vec!["0.0001", "6", "100"]), any::<bool>())
        .prop_map(|(percent, inside)| vat(percent, if inside { Mode::Inside } else { Mode::OnTop }))
}

fn items() -> impl Strategy<Value = Vec<Item>> {
    let money = prop_oneof![3 => 0_i64..1_000_000, 1 => -400_000_i64..0];
    let one = (0..6_usize, money, taxes());
    prop::collection::vec(one, 1..8).prop_map(|all| {
        let named = |(at, (_, minor, tax)): (usize, (usize, i64, Tax))| item(&format!("p{at}"), minor, &tax);
        all.into_iter().enumerate().map(named).collect()
    })
}

proptest! {
    // The sum of the rates' taxes is the document's tax, and that of its lines; net and tax are the gross.
    #[test]
    fn everything_on_an_invoice_adds_up(items in items()) {
        let it = Taxed::of(&items, CNY).unwrap();
        let sum = |all: Vec<Money>| Money::sum(all, CNY).unwrap();
        prop_assert_eq!(sum(it.taxes.iter().map(|it| it.amount).collect()), it.tax);
        prop_assert_eq!(sum(it.lines.iter().map(|it| it.tax).collect()), it.tax);
        prop_assert_eq!(sum(it.lines.iter().map(|it| it.net).collect()), it.net);
        prop_assert_eq!(sum(it.lines.iter().map(|it| it.gross).collect()), it.gross);
        prop_assert_eq!(it.net.checked_add(it.tax).unwrap(), it.gross);
        for line in &it.lines {
            prop_assert_eq!(line.net.checked_add(line.tax).unwrap(), line.gross);
        }
        for (line, item) in it.lines.iter().zip(&items) {
            prop_assert_eq!(line.price(&item.tax), item.money);
        }
    }

    // However an invoice is credited, all notes together mirror it to the fen, and none goes beyond.
    #[test]
    fn notes_mirror_their_invoice(items in items(), parts in prop::collection::vec(1_i64..300_000, 0..6)) {
        let invoice = Taxed::of(&items, CNY).unwrap();
        prop_assume!(invoice.gross.is_positive());
        let mut notes: Vec<Taxed> = Vec::new();
        for part in parts {
            let before: Vec<&Taxed> = notes.iter().collect();
            if let Ok(note) = note::mirror(&invoice, &before, Some(money(part))) {
                prop_assert_eq!(note.gross, money(part));
                notes.push(note);
                let by_now: Vec<&Taxed> = notes.iter().collect();
                let left = note::left(&invoice, &by_now).unwrap();
                for (left, whole) in left.taxes.iter().zip(&invoice.taxes) {
                    prop_assert!(left.gross.minor() >= whole.gross.minor().min(0));
                    prop_assert!(left.amount.minor() >= whole.amount.minor().min(0));
                    prop_assert!(left.net.minor() >= whole.net.minor().min(0));
                }
                for (left, whole) in left.lines.iter().zip(&invoice.lines) {
                    prop_assert!(left.gross.minor() >= whole.gross.minor().min(0));
                }
            }
        }
        let before: Vec<&Taxed> = notes.iter().collect();
        if let Ok(rest) = note::mirror(&invoice, &before, None) {
            notes.push(rest);
        }
        let all: Vec<&Taxed> = notes.iter().collect();
        let left = note::left(&invoice, &all).unwrap();
        prop_assert!(left.gross.is_zero() && left.tax.is_zero() && left.net.is_zero() && left.paid.is_zero());
        prop_assert!(left.lines.iter().all(|it| it.gross.is_zero() && it.tax.is_zero() && it.net.is_zero()));
    }

    // What may be invoiced is what was spent, whatever the order in which it is added up.
    #[test]
    fn nothing_is_lost_when_it_is_added_up(all in prop::collection::vec((0..4_usize, -1_000_i64..1_000), 0..20)) {
        let all: Vec<Spent> =
            all.into_iter().map(|(product, minor)| Spent { title: title(&format!("p{product}")), money: money(minor) }).collect();
        let (kept, total) = spent::add_up(&all, CNY).unwrap();
        let sum = |all: &[Spent]| all.iter().map(|it| it.money.minor()).sum::<i64>();
        prop_assert_eq!(sum(&kept), total.minor());
        prop_assert_eq!(sum(&all), total.minor());
        prop_assert!(kept.iter().all(|it| !it.money.is_zero()));
    }
}
