//! Notices that hold: each kind while what it says is so, and not a moment longer.

use super::*;
use crate::account::Verified;
use crate::alert::Told;
use crate::rate::Terms;
use units::{AccountId, Currency, Timestamp};

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_780_243_200 + second).unwrap()
}

fn yuan(fen: i64) -> Money {
    Money::from_minor(fen, Currency::CNY)
}

fn account(arrears_since: Option<Timestamp>) -> Account {
    Account {
        id: AccountId::named(at(0), "acme"),
        name: "acme".into(),
        currency: Currency::CNY,
        terms: Terms::default(),
        verified: Verified::Yes,
        arrears_since,
        created: at(0),
        alert: yuan(1_000),
        told: Told::default(),
        expiry_day: None,
        no_stop_days: 0,
        vouchers_per_order: 1,
    }
}

fn notice(kind: NoticeKind, subject: &str, threshold: i64) -> Notice {
    let (account, occasion) = (AccountId::named(at(0), "acme"), "2026-06".to_string());
    Notice { account, subject: subject.into(), kind, threshold, occasion, at: at(1) }
}

#[track_caller]
fn holds(present: &Present<'_>, notice: Notice, expected: bool) {
    let kind = notice.kind;
    assert_eq!(current(vec![notice], present).unwrap().len() == 1, expected, "{kind:?}");
}

#[test]
fn each_kind_holds_while_it_is_so() {
    let (pack, offer) = (PackId::named(at(0), "p"), OfferId::named(at(0), "o"));
    let (in_arrears, free) = (account(Some(at(1))), account(None));
    let full = [InForce { id: pack, left: 5 }];
    let empty = [InForce { id: pack, left: 0 }];
    let open = [offer];
    let low = Present {
        account: &in_arrears,
        available: yuan(999),
        packs: &full,
        offers: &open,
        prepaid: &[],
        month: "2026-06",
        now: at(0),
    };
    let well = Present {
        account: &free,
        available: yuan(1_000),
        packs: &empty,
        offers: &[],
        prepaid: &[],
        month: "2026-07",
        now: at(0),
    };
    let (pack, offer) = (pack.to_string(), offer.to_string());
    for (kind, subject) in [
        (NoticeKind::InArrears, "acme"),
        (NoticeKind::BalanceLow, "acme"),
        (NoticeKind::PackLow, pack.as_str()),
        (NoticeKind::PackExpiring, &pack),
        (NoticeKind::BudgetReached, "b"),
        (NoticeKind::BudgetForecast, "b"),
        (NoticeKind::OfferMade, &offer),
    ] {
        holds(&low, notice(kind, subject, 1), true);
        holds(&well, notice(kind, subject, 1), false);
    }
    holds(&low, notice(NoticeKind::PackExhausted, &pack, 0), false);
    holds(&well, notice(NoticeKind::PackExhausted, &pack, 0), true);
    holds(&well, notice(NoticeKind::PackExhausted, "gone", 0), false);
}

#[test]
fn of_what_is_told_day_after_day_the_newest_holds_alone() {
    let it = account(Some(at(1)));
    let present = Present {
        account: &it,
        available: yuan(0),
        packs: &[],
        offers: &[],
        prepaid: &[],
        month: "2026-06",
        now: at(0),
    };
    let days = (1..=5).rev().map(|day| notice(NoticeKind::BalanceLow, "acme", day)).collect();
    let found = current(days, &present).unwrap();
    assert_eq!(found.iter().map(|it| it.threshold).collect::<Vec<_>>(), [5]);
}

#[test]
fn without_a_limit_no_balance_is_low() {
    let it = Account { alert: yuan(0), ..account(None) };
    let present = Present {
        account: &it,
        available: yuan(0),
        packs: &[],
        offers: &[],
        prepaid: &[],
        month: "2026-06",
        now: at(0),
    };
    holds(&present, notice(NoticeKind::BalanceLow, "acme", 1), false);
}

#[test]
fn notices_of_a_deadline_hold_for_that_deadline() {
    let (it, id) = (account(None), ResourceId::named(at(0), "r"));
    let present = |deadline: i64, state: State| [Prepaid { id, deadline: at(deadline), state }];
    let (before, after) = (present(9, State::Running), present(9, State::Expired));
    let renewed = present(99, State::Running);
    let kinds = [
        (NoticeKind::ResourceExpiring, [true, false, false]),
        (NoticeKind::RenewalAhead, [true, false, false]),
        (NoticeKind::RenewalFailed, [true, true, false]),
        (NoticeKind::ResourceExpired, [false, true, false]),
        (NoticeKind::RenewalDone, [false, false, false]),
    ];
    for (kind, expected) in kinds {
        for (prepaid, expected) in [&before, &after, &renewed].into_iter().zip(expected) {
            let present = Present {
                account: &it,
                available: yuan(0),
                packs: &[],
                offers: &[],
                prepaid,
                month: "2026-06",
                now: at(0),
            };
            let occasion = format!("{} more", at(9));
            holds(&present, Notice { occasion, ..notice(kind, &id.to_string(), 0) }, expected);
        }
    }
}

/// Source: R-PRC-6.
#[test]
fn a_change_of_prices_holds_until_its_date_or_until_it_is_undone() {
    let it = account(None);
    let present = |now: i64| Present {
        account: &it,
        available: yuan(0),
        packs: &[],
        offers: &[],
        prepaid: &[],
        month: "2026-06",
        now: at(now),
    };
    let of = |kind: NoticeKind, number: i64| Notice {
        occasion: at(9).to_string(),
        ..notice(kind, "boo_1", number)
    };
    let (told, undone) = (of(NoticeKind::PriceChange, 1), of(NoticeKind::PriceChangeUndone, 1));
    assert_eq!(current(vec![told.clone()], &present(8)).unwrap(), std::slice::from_ref(&told));
    assert!(current(vec![told.clone()], &present(9)).unwrap().is_empty());
    assert!(current(vec![undone.clone(), told], &present(8)).unwrap().is_empty());
    // The same book is proposed once more.
    let again = of(NoticeKind::PriceChange, 2);
    assert_eq!(current(vec![again.clone(), undone], &present(8)).unwrap(), [again]);
}
