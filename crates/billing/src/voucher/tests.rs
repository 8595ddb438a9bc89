//! Which vouchers pay, how much each, what is held, spent and left: the worked figures of the rules, and what always holds.

use super::choose::{Choice, Due, choose};
use super::hold::{Part, PartState, outcome, spread};
use super::issue::{Draft, New, faults, issue};
use super::*;
use crate::options::Options;
use crate::order::{self, Item, Order, PieceState, Placement};
use crate::quote::{Becomes, Quote};
use crate::rate::Terms;
use proptest::prelude::*;
use units::{BookId, Calendar};

fn at(text: &str) -> Timestamp {
    Calendar::settlement().parse(text).unwrap()
}

fn now() -> Timestamp {
    at("2026-03-01 12:00:00")
}

fn yuan(minor: i64) -> Money {
    Money::from_minor(minor, Currency::CNY)
}

fn shop() -> AccountId {
    AccountId::named(now(), "shop")
}

/// A voucher for every order, of so much, up to a day of March.
fn voucher(name: &str, minor: i64, day: u8) -> Voucher {
    let scope = Scope { uses: Uses::Many, ..Scope::of_orders(Currency::CNY) };
    let window = Window { from: at("2026-01-01"), until: at(&format!("2026-03-{day:02}")) };
    let id = VoucherId::named(now(), name);
    let new = New {
        id,
        account: shop(),
        currency: Currency::CNY,
        name,
        face: yuan(minor),
        scope: &scope,
        window,
        code: None,
    };
    issue(new, at("2026-01-01")).unwrap()
}

fn spending(minor: i64) -> Spend<'static> {
    Spend {
        product: "server",
        regions: Regions::One("guangzhou"),
        mode: Mode::Prepaid,
        action: Some(Action::New),
        months: 12,
        total: yuan(minor),
        orders: 1,
    }
}

fn due(minor: i64, limit: u32) -> Due<'static> {
    Due { spend: spending(minor), now: now(), limit }
}

/// A 8 (9 March), B 5 (9 March), C 4 (9 March), D 5 (8 March), E 10 (10 March).
fn sample() -> Vec<Voucher> {
    let all = [("A", 800, 9), ("B", 500, 9), ("C", 400, 9), ("D", 500, 8), ("E", 1000, 10)];
    all.map(|it| voucher(it.0, it.1, it.2)).to_vec()
}

fn paid(all: &[Voucher], due: Due<'_>) -> Vec<(String, i64)> {
    let name = |id| all.iter().find(|it| it.id == id).unwrap().name.clone();
    let shares = choose(all, Choice::Automatic, due).unwrap();
    shares.iter().map(|it| (name(it.voucher), it.money.minor())).collect()
}

fn said(all: &[(&str, i64)]) -> Vec<(String, i64)> {
    all.iter().map(|it| (it.0.to_string(), it.1)).collect()
}

/// Source: R-VOU-2: D 5 → 10 left; A 8 → 2 left; B and C both give 2, C has the smaller balance.
#[test]
fn what_can_pay_more_of_what_is_left_pays_first() {
    assert_eq!(paid(&sample(), due(1_500, 10)), said(&[("D", 500), ("A", 800), ("C", 200)]));
}

/// Source: R-VOU-3.
#[test]
fn an_order_takes_one_voucher_unless_more_is_agreed() {
    assert_eq!(paid(&sample(), due(1_500, 1)), said(&[("D", 500)]));
    assert_eq!(per_order(10), Ok(10));
    assert_eq!([per_order(0), per_order(11)], [0, 11].map(|it| Err(VoucherError::PerOrder(it))));
}

/// An order of pieces that cost so much.
fn order(number: usize, pieces: &[i64]) -> Order {
    let quote = Quote {
        product: "server".into(),
        options: Options::default(),
        months: 1,
        days: 0,
        quantity: u32::try_from(pieces.len()).unwrap(),
        list: yuan(0),
        total: yuan(0),
        piece: yuan(0),
        freeze: yuan(0),
        lines: Vec::new(),
        unit_prices: Vec::new(),
        becomes: Becomes::Resource,
        offered: None,
    };
    let item = Item::default();
    let place = Placement { account: shop(), terms: Terms::default(), token: "first", number, item: &item };
    let mut order = order::place(&quote, place, BookId::named(now(), "book"), now()).unwrap();
    for (piece, minor) in order.pieces.iter_mut().zip(pieces) {
        piece.total = yuan(*minor);
    }
    order.total = yuan(pieces.iter().sum());
    order
}

fn vouched(orders: &[Order]) -> Vec<i64> {
    orders.iter().map(|it| it.vouchers().unwrap().minor()).collect()
}

/// Source: R-VOU-4: 90 over orders of 100 and 200.
#[test]
fn a_voucher_is_spread_over_a_batch() {
    let mut orders = [order(0, &[10_000]), order(1, &[20_000])];
    let all = [voucher("V", 9_000, 9)];
    let shares = choose(&all, Choice::Automatic, due(30_000, 1)).unwrap();
    let parts = spread(&mut orders, &shares).unwrap();
    assert_eq!(vouched(&orders), [3_000, 6_000]);
    assert_eq!(parts.iter().map(|it| it.money.minor()).collect::<Vec<_>>(), [3_000, 6_000]);
}

/// Each reason in its turn: mending the first shows the next. Source: R-VOU-1, section 22.
#[test]
fn refusals_come_in_one_order() {
    let scope = Scope {
        products: vec!["disk".into()],
        regions: vec!["beijing".into()],
        modes: Modes::PostPaid,
        actions: vec![Action::Renew],
        min_spend: yuan(10_000),
        most_months: Some(6),
        uses: Uses::Once,
    };
    let it = Voucher { scope, state: State::Used, ..voucher("V", 100, 9) };
    let late = at("2026-03-09");
    let spend = Spend { total: yuan(9_999), orders: 101, ..spending(0) };
    assert_eq!(it.fit(&spend, late), Err(Unfit::Used));
    assert_eq!(Voucher { state: State::Withdrawn, ..it.clone() }.fit(&spend, late), Err(Unfit::Withdrawn));
    assert_eq!(Voucher { state: State::Frozen, ..it.clone() }.fit(&spend, late), Err(Unfit::Frozen));
    let it = Voucher { state: State::Unused, ..it };
    // The end is out, to the second.
    assert_eq!(it.fit(&spend, late), Err(Unfit::Late(late)));
    assert_eq!(it.fit(&spend, at("2025-12-31 23:59:59")), Err(Unfit::Early(at("2026-01-01"))));
    let in_time = at("2026-03-08 23:59:59");
    let dollars = Spend { total: Money::from_minor(9_999, Currency::USD), ..spend };
    assert_eq!(it.fit(&dollars, in_time), Err(Unfit::Currency(Currency::CNY)));
    assert_eq!(it.fit(&spend, in_time), Err(Unfit::Mode(Modes::PostPaid)));
    let it = Voucher { scope: Scope { modes: Modes::Any, ..it.scope.clone() }, ..it };
    assert_eq!(it.fit(&spend, in_time), Err(Unfit::Product(vec!["disk".into()])));
    let spend = Spend { product: "disk", ..spend };
    assert_eq!(it.fit(&spend, in_time), Err(Unfit::Region(vec!["beijing".into()])));
    let spend = Spend { regions: Regions::One("beijing"), ..spend };
    assert_eq!(it.fit(&spend, in_time), Err(Unfit::Action(vec![Action::Renew])));
    let bill = Spend { action: None, mode: Mode::PostPaid, ..spend };
    assert_eq!(it.fit(&bill, in_time), Err(Unfit::Action(vec![Action::Renew])));
    let spend = Spend { action: Some(Action::Renew), ..spend };
    assert_eq!(it.fit(&spend, in_time), Err(Unfit::Duration(6)));
    let spend = Spend { months: 6, ..spend };
    assert_eq!(it.fit(&Spend { total: yuan(0), ..spend }, in_time), Err(Unfit::Nothing));
    let (least, total) = (yuan(10_000), yuan(9_999));
    assert_eq!(it.fit(&spend, in_time), Err(Unfit::Minimum { least, total }));
    let spend = Spend { total: yuan(10_000), ..spend };
    assert_eq!(it.fit(&spend, in_time), Err(Unfit::Batch(101)));
    assert_eq!(it.fit(&Spend { orders: 100, ..spend }, in_time), Ok(()));
}

/// Source: R-VOU-1, R-VOU-3.
#[test]
fn vouchers_that_are_named_are_taken_or_refused() {
    let all = sample();
    let [a, b] = [all[0].id, all[1].id];
    let chosen = |ids: &[VoucherId], limit| choose(&all, Choice::These(ids), due(1_500, limit));
    assert_eq!(chosen(&[a, b], 1), Err(VoucherError::TooMany { chosen: 2, most: 1 }));
    assert_eq!(chosen(&[a, a], 2), Err(VoucherError::Twice(a)));
    let other = VoucherId::named(now(), "nobody's");
    assert_eq!(chosen(&[other], 2), Err(VoucherError::Missing(other)));
    let shares = chosen(&[b, a], 2).unwrap();
    assert_eq!(shares.iter().map(|it| it.money.minor()).collect::<Vec<_>>(), [800, 500]);
    // What is not needed is not held.
    let small = choose(&all, Choice::These(&[a, b]), due(300, 2)).unwrap();
    assert_eq!(small.iter().map(|it| (it.voucher, it.money.minor())).collect::<Vec<_>>(), [(b, 300)]);
}

/// A voucher that pays for orders, as it stands after they came out so; `None` for a piece that is waited for.
fn after(it: Voucher, orders: &mut [Order], came: &[Option<PieceState>]) -> Voucher {
    let total = orders.iter().map(|it| it.total.minor()).sum();
    let shares = choose(std::slice::from_ref(&it), Choice::Automatic, due(total, 1)).unwrap();
    let Some(share) = shares.first() else { return it };
    let held = it.freeze(share.money, "first").unwrap();
    let mut parts: Vec<(PartState, Part)> =
        spread(orders, &shares).unwrap().into_iter().map(|it| (it.state, it)).collect();
    let pieces: Vec<ResourceOf> =
        orders.iter().flat_map(|it| it.pieces.iter().map(|piece| (it.id, piece.resource))).collect();
    let mut voucher = held;
    for ((order, resource), state) in pieces.into_iter().zip(came) {
        let Some(state) = state else { continue };
        let order = orders.iter_mut().find(|it| it.id == order).unwrap();
        order.state = order::State::Delivering;
        order.pieces.iter_mut().find(|it| it.resource == resource).unwrap().state = *state;
        for it in parts.iter_mut().filter(|it| it.1.order == order.id && it.1.piece == resource) {
            it.1.state = outcome(order, resource);
        }
        if parts.iter().any(|it| it.0 == PartState::Held && it.0 != it.1.state) {
            voucher = voucher.follow(&parts).unwrap();
        }
        assert!(voucher.is_sound(), "{voucher:?}");
        for it in &mut parts {
            it.0 = it.1.state;
        }
    }
    voucher
}

type ResourceOf = (units::OrderId, units::ResourceId);

fn once(minor: i64) -> Voucher {
    let it = voucher("V", minor, 9);
    Voucher { scope: Scope { uses: Uses::Once, ..it.scope.clone() }, ..it }
}

fn sums(it: &Voucher) -> (State, i64, i64, i64) {
    (it.state, it.spent.minor(), it.lapsed.minor(), it.balance().unwrap().minor())
}

/// Source: section 6: a single-use 100 voucher on a 60.00 order: 60 used, 40 lapsed; for many uses 40 stay.
#[test]
fn what_a_single_use_leaves_lapses() {
    let came = [Some(PieceState::Delivered)];
    let done = after(once(10_000), &mut [order(0, &[6_000])], &came);
    assert_eq!(sums(&done), (State::Used, 6_000, 4_000, 0));
    let done = after(voucher("V", 10_000, 9), &mut [order(0, &[6_000])], &came);
    assert_eq!(sums(&done), (State::Unused, 6_000, 0, 4_000));
    let failed = after(once(10_000), &mut [order(0, &[6_000])], &[Some(PieceState::Failed)]);
    assert_eq!(sums(&failed), (State::Unused, 0, 0, 10_000));
}

/// Source: section 20 (R-PAY-3): the share of a failed piece is usable again, also of a single use: 100 over 60 and 60, one of which came.
#[test]
fn the_share_of_what_failed_is_usable() {
    let came = [Some(PieceState::Delivered), Some(PieceState::Failed)];
    let done = after(once(10_000), &mut [order(0, &[6_000, 6_000])], &came);
    assert_eq!(sums(&done), (State::Unused, 5_000, 0, 5_000));
    // 100 over 40 and 40: 20 lapse with the use.
    let done = after(once(10_000), &mut [order(0, &[4_000, 4_000])], &came);
    assert_eq!(sums(&done), (State::Unused, 4_000, 2_000, 4_000));
}

fn came() -> impl Strategy<Value = Vec<Option<PieceState>>> {
    let one = prop_oneof![
        Just(None),
        Just(Some(PieceState::Delivered)),
        Just(Some(PieceState::Failed)),
        Just(Some(PieceState::Arrived))
    ];
    proptest::collection::vec(one, 12)
}

proptest! {
    /// Hold and spend never exceed the face, however pieces come out. Source: R-VOU-5.
    #[test]
    fn no_more_is_held_and_spent_than_there_is(
        face in 1_i64..50_000,
        is_once in any::<bool>(),
        pieces in proptest::collection::vec(proptest::collection::vec(0_i64..9_000, 1..4), 1..4),
        came in came(),
    ) {
        let it = if is_once { once(face) } else { voucher("V", face, 9) };
        let mut orders: Vec<Order> = pieces.iter().enumerate().map(|(at, it)| order(at, it)).collect();
        let done = after(it, &mut orders, &came);
        prop_assert!(done.is_sound());
        let gone = done.held.minor() + done.spent.minor() + done.lapsed.minor();
        prop_assert!(gone <= face);
    }

    /// A spread sums exactly, and no piece is paid more than it costs. Source: R-VOU-4, R-MON-7.
    #[test]
    fn a_spread_adds_up(
        faces in proptest::collection::vec(1_i64..20_000, 1..10),
        pieces in proptest::collection::vec(proptest::collection::vec(0_i64..9_000, 1..4), 1..5),
    ) {
        let all: Vec<Voucher> =
            faces.iter().enumerate().map(|(at, it)| voucher(&format!("v{at}"), *it, 9)).collect();
        let mut orders: Vec<Order> = pieces.iter().enumerate().map(|(at, it)| order(at, it)).collect();
        let total: i64 = orders.iter().map(|it| it.total.minor()).sum();
        let shares = choose(&all, Choice::Automatic, due(total, 10)).unwrap();
        let parts = spread(&mut orders, &shares).unwrap();
        let sum: i64 = shares.iter().map(|it| it.money.minor()).sum();
        prop_assert_eq!(sum, total.min(faces.iter().sum()));
        prop_assert_eq!(vouched(&orders).iter().sum::<i64>(), sum);
        for share in &shares {
            let own = parts.iter().filter(|it| it.voucher == share.voucher);
            prop_assert_eq!(own.map(|it| it.money.minor()).sum::<i64>(), share.money.minor());
        }
        for piece in orders.iter().flat_map(|it| &it.pieces) {
            prop_assert!(piece.voucher.minor() >= 0 && piece.voucher.minor() <= piece.total.minor());
        }
    }

    /// The order in which vouchers are given does not matter. Source: R-VOU-2.
    #[test]
    fn vouchers_are_chosen_whatever_their_order(
        of in proptest::collection::vec((1_i64..2_000, 2_u8..28), 1..12),
        minor in 1_i64..5_000,
        limit in 1_u32..11,
        seed in any::<u64>(),
    ) {
        let all: Vec<Voucher> =
            of.iter().enumerate().map(|(at, it)| voucher(&format!("v{at}"), it.0, it.1)).collect();
        let mut shuffled = all.clone();
        shuffled.sort_by_key(|it| it.id.bits().wrapping_mul(u128::from(seed) | 1));
        let due = due(minor, limit);
        prop_assert_eq!(choose(&all, Choice::Automatic, due), choose(&shuffled, Choice::Automatic, due));
    }
}

/// Source: issue 14: how often in all, once per account, its window.
#[test]
fn a_code_is_redeemed_in_its_time_once_by_each() {
    use super::code::{Code, CodeError, Lasts, Redeemer, make};
    let window = Window { from: at("2026-03-02"), until: at("2026-03-09") };
    let code = make(Code {
        id: PromotionId::named(now(), "SPRING-26"),
        word: "SPRING-26".into(),
        name: "Spring".into(),
        face: yuan(2_000),
        scope: Scope::of_orders(Currency::CNY),
        window,
        lasts: Lasts::Days(30),
        times: 1,
        redeemed: 0,
        made: now(),
        withdrawn: None,
    })
    .unwrap();
    let by = Redeemer {
        account: shop(),
        currency: Currency::CNY,
        id: VoucherId::named(now(), "its"),
        before: false,
    };
    let redeem = |code: &Code, by, at| code.clone().redeem(by, at);
    assert_eq!(redeem(&code, by, now()), Err(CodeError::Early(window.from)));
    assert_eq!(redeem(&code, by, window.until), Err(CodeError::Late(window.until)));
    let in_time = at("2026-03-08 23:59:59");
    assert_eq!(redeem(&code, Redeemer { before: true, ..by }, in_time), Err(CodeError::Again));
    let dollars = Redeemer { currency: Currency::USD, ..by };
    assert_eq!(redeem(&code, dollars, in_time), Err(CodeError::Currency("CNY")));
    let (used, given) = redeem(&code, by, in_time).unwrap();
    assert_eq!(given.window, Window { from: in_time, until: at("2026-04-07 23:59:59") });
    assert_eq!((given.face, given.code, used.redeemed), (yuan(2_000), Some(code.id), 1));
    assert_eq!(redeem(&used, by, in_time), Err(CodeError::UsedUp(1)));
    assert_eq!(redeem(&code.withdraw(now()), by, in_time), Err(CodeError::Withdrawn));
    assert_eq!(make(Code { word: "A b".into(), ..used.clone() }), Err(CodeError::Word));
    assert_eq!(make(Code { times: 0, ..used }), Err(CodeError::Times));
}

/// Whoever wants a voucher learns of everything that is wrong with it; of what is not read yet nothing is said.
#[test]
fn everything_that_is_wrong_with_a_voucher_is_said_in_the_order_of_its_fields() {
    let field = |it: &VoucherError| {
        let VoucherError::Invalid { field, .. } = it else { panic!("{it}") };
        *field
    };
    let scope = Scope {
        products: vec!["two words".to_string()],
        actions: vec![order::Action::New],
        most_months: Some(0),
        modes: Modes::PostPaid,
        ..Scope::of_orders(Currency::CNY)
    };
    let window = Window { from: now(), until: now() };
    let all = Draft { name: Some(" "), face: Some(yuan(0)), scope: &scope, window: Some(window) };
    let found = faults(all, now());
    let fields: Vec<&str> = found.iter().map(field).collect();
    assert_eq!(fields, ["name", "amount", "max_months", "actions", "products", "until"]);
    let unread = Draft { name: None, face: None, window: None, ..all };
    let fields: Vec<&str> = faults(unread, now()).iter().map(field).collect();
    assert_eq!(fields, ["max_months", "actions", "products"]);
    // The first of them is what it is refused for.
    let new = New {
        id: VoucherId::named(now(), "V"),
        account: shop(),
        currency: Currency::CNY,
        name: " ",
        face: yuan(0),
        scope: &scope,
        window,
        code: None,
    };
    assert_eq!(issue(new, now()).err(), found.into_iter().next());
}

/// A code has the faults of its word, its number and its days; 32 letters are the longest.
#[test]
fn everything_that_is_wrong_with_a_code_is_said() {
    let of = |word: &str, times: u32, days: u32| {
        code::faults(code::Draft { word: Some(word), times: Some(times), days: Some(days) })
    };
    assert_eq!(of("ABC", 0, 3_661), [code::CodeError::Word, code::CodeError::Times, code::CodeError::Days]);
    assert!(of("ABCD", 1, 1).is_empty());
    assert!(of(&"A".repeat(32), 1_000_000, 3_660).is_empty());
    assert_eq!(of(&"A".repeat(33), 1_000_001, 0).len(), 3);
    assert!(code::faults(code::Draft::default()).is_empty());
}
