//! Which vouchers are told of before they end, and when.

use super::*;
use crate::voucher::issue::{New, issue};
use crate::voucher::{Scope, Window};
use units::{AccountId, Calendar, Currency, Money, VoucherId};

fn at(text: &str) -> Timestamp {
    Calendar::settlement().parse(text).unwrap()
}

/// A voucher of 10.00 for every order, issued then and good until then.
fn voucher(issued: &str, until: &str) -> Voucher {
    let (from, scope) = (at(issued), Scope::of_orders(Currency::CNY));
    let account = AccountId::named(from, "shop");
    let new = New {
        id: VoucherId::named(from, "V"),
        account,
        currency: Currency::CNY,
        name: "V",
        face: Money::from_minor(1_000, Currency::CNY),
        scope: &scope,
        window: Window { from, until: at(until) },
        code: None,
    };
    issue(new, from).unwrap()
}

#[test]
fn the_end_is_told_from_a_week_before_it_on() {
    let it = voucher("2026-06-01", "2026-07-01");
    assert_eq!(notice(&it, at("2026-06-23 23:59:59")).unwrap(), None);
    let told = notice(&it, at("2026-06-24")).unwrap().unwrap();
    assert_eq!((told.kind, told.threshold, told.at), (NoticeKind::VoucherEnding, 7, at("2026-06-24")));
    // The same whenever it is looked for.
    let later = notice(&it, at("2026-06-30 23:59:59")).unwrap().unwrap();
    assert_eq!(later.id(), told.id());
    assert_eq!(notice(&it, at("2026-07-01")).unwrap(), None);
}

#[test]
fn what_was_issued_for_a_week_or_is_gone_is_not_told() {
    assert_eq!(notice(&voucher("2026-06-24", "2026-07-01"), at("2026-06-25")).unwrap(), None);
    let gone = voucher("2026-06-01", "2026-07-01").withdraw(at("2026-06-02")).unwrap();
    assert_eq!(notice(&gone, at("2026-06-25")).unwrap(), None);
}
