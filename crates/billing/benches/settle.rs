//! How long the pure stages take: an hour of a thousand accounts, packs over a thousand demands, each kind of price.
//!
//! In:  a small book made here. Out: criterion's figures.
//! Invariant: nothing is read and nothing is left out: an account is settled to its bills and transfers.

use billing::book::{
    Book, Component, Contract, Due, Limits, Meter, MeteringEnd, OnServiceStop, PriceRow, Product,
    QuantityRule, RealName, Rounding, Sale, Scope,
};
use billing::books::Books;
use billing::cover::{Demand, Supply, cover};
use billing::plan::Configs;
use billing::price::{Bands, Edge, Percentage, Position, PriceItem, Pricing, Tier, Tiers};
use billing::rate::Terms;
use billing::resource::State;
use billing::segment::Opening;
use billing::settle::{self, AccountCycle, Run};
use billing::wallet::{Freeze, Purse, Purses, Wallet};
use criterion::{Criterion, criterion_group, criterion_main};
use std::collections::BTreeMap;
use std::hint::black_box;
use std::sync::Arc;
use units::{
    AccountId, Amount, BookId, Calendar, Currency, CycleKind, Measured, Money, PackId, Price, Quantity,
    ResourceId, Timestamp, Unit,
};

const HOUR: u64 = 3_600;

fn amount(text: &str) -> Amount {
    Amount::parse(text, Currency::CNY).expect("a decimal")
}

fn second(at: i64) -> Timestamp {
    Timestamp::from_second(at).expect("in range")
}

fn item(pricing: Pricing) -> PriceItem {
    let key = "bench".to_string();
    let (per_seconds, free, source) = (HOUR, 0, "demo".to_string());
    let (minimum, started, discount, contract) = (None, None, None, None);
    PriceItem { key, pricing, per_seconds, free, minimum, started, discount, source, contract }
}

fn tiers(unit: Unit, per: u128, list: &[(u128, &str)]) -> Tiers {
    let tier = |it: &(u128, &str)| Tier { above: it.0, amount: amount(it.1), flat: amount("0") };
    Tiers {
        per: Quantity::new(per, unit),
        tiers: list.iter().map(tier).collect(),
        edge: Edge::Upper,
        up_to: None,
    }
}

fn per_unit(text: &str, per: u128, unit: Unit) -> Pricing {
    Pricing::PerUnit(Price { amount: amount(text), per: Quantity::new(per, unit) })
}

fn running() -> Pricing {
    let steps = [(0, "0.42"), (96 * 3_600, "0.21"), (360 * 3_600, "0.1428")];
    Pricing::Graduated(tiers(Unit::PieceSecond, HOUR.into(), &steps))
}

fn component(id: &str, meter: Meter, (option, unit): (Option<&str>, Unit), pricing: Pricing) -> Component {
    Component {
        id: id.into(),
        name: id.into(),
        when: Vec::new(),
        due: Due::Cycle(CycleKind::Hour),
        meter,
        quantity: QuantityRule { option: option.map(str::to_string), fixed: 1, less: 0, unit },
        scope: Scope::Resource,
        spec: None,
        pack: None,
        contract: Contract::Applies,
        change_discount: Default::default(),
        freeze_seconds: HOUR,
        billed_while: vec![State::Running],
        least_seconds: 0,
        month_seconds: None,
        free_tier: None,
        sale: Sale::Open,
        label: Default::default(),
        prices: vec![PriceRow { keys: Vec::new(), sale: Sale::Open, item: item(pricing) }],
    }
}

/// A server with a disk and bandwidth.
fn books() -> Books {
    let disk = per_unit("0.0009", 1, Unit::Gigabyte);
    let bandwidth = Pricing::Graduated(tiers(Unit::Mbps, 1, &[(0, "0.063"), (5, "0.25")]));
    let product = Product {
        id: "server".into(),
        name: "Server".into(),
        options: Vec::new(),
        offers: Vec::new(),
        readings: Vec::new(),
        components: vec![
            component("compute", Meter::Clock, (None, Unit::Piece), running()),
            component("disk", Meter::Held, (Some("disk"), Unit::Gigabyte), disk),
            component("bandwidth", Meter::HeldHighest, (Some("mbps"), Unit::Mbps), bandwidth),
        ],
        limits: Limits {
            quantity: 1,
            months: Vec::new(),
            prepaid_per_zone_and_month: None,
            pay_per_use_per_zone: None,
            least_months: Vec::new(),
            real_name: RealName::NotNeeded,
        },
        metering_ends: MeteringEnd::Requested,
        delivery_seconds: (0, 0),
        arrears: None,
        release_days: 0,
        expiry: Default::default(),
        recycle_seconds: 0,
        pack: None,
        with_service: OnServiceStop::Stays,
        rounding: None,
        sale: Sale::Open,
        refund: None,
        conversion: None,
        switch: None,
        raised_for_days: Vec::new(),
        look: Default::default(),
    };
    let from = second(0);
    Books::new(vec![Arc::new(Book {
        id: BookId::named(from, "bench"),
        name: "bench".into(),
        currency: Currency::CNY,
        zone: "+08:00".into(),
        from,
        rounding: Rounding::Waive,
        groups: Vec::new(),
        regions: Vec::new(),
        discounts: BTreeMap::new(),
        products: vec![product],
    })])
}

fn account(number: i64, configs: &mut Configs, books: &Books, first: i64) -> AccountCycle {
    let id = AccountId::named(second(number), "account");
    let money = |minor| Money::from_minor(minor, Currency::CNY);
    let (cash, none) = (Purses::in_purse(Purse::Cash, money(100_000)), Purses::none(Currency::CNY));
    let wallet = Wallet::new(id, cash, none, money(0)).expect("a wallet");
    let resource = |at: i64| ResourceId::named(second(number * 100 + at), "resource");
    let mut opening = |at: i64| {
        let config = configs.intern(
            books.of(Currency::CNY),
            "server",
            &format!("disk={} mbps={}", at % 3 * 100, at % 7),
        );
        let since = first - (number * 7_919 + at * 36_007) % (600 * 3_600);
        Opening {
            resource: resource(at),
            created: since,
            config,
            state: State::Running,
            since,
            clock: 0,
            month: 0,
        }
    };
    let freeze = |at: i64| Freeze { resource: resource(at), target: money(42), held: none };
    AccountCycle {
        openings: (0..10).map(&mut opening).collect(),
        freezes: (0..10).map(freeze).collect(),
        ..AccountCycle::new(wallet, Terms::default())
    }
}

fn settle_hour(bench: &mut Criterion) {
    let (books, mut configs) = (books(), Configs::default());
    let at = second(1_777_953_600);
    let cycle = Calendar::settlement().cycle(CycleKind::Hour, at).expect("a cycle");
    let run = Run { cycle, posted: cycle.to, watermark: cycle.to };
    let accounts: Vec<AccountCycle> =
        (0..1_000).map(|it| account(it, &mut configs, &books, cycle.from.as_second())).collect();
    bench.bench_function("settle_hour: 1000 accounts x 10 servers", |it| {
        it.iter(|| {
            accounts
                .iter()
                .map(|one| settle::account(one, &configs, run).map_or(0, |it| it.bills.len()))
                .sum::<usize>()
        })
    });
}

fn cover_month(bench: &mut Criterion) {
    let demand = |at: i64| Demand {
        created: at,
        resource: ResourceId::named(second(at), "resource"),
        from: at * 600,
        to: 2_592_000 - at * 300,
        rate: 1 + at.unsigned_abs() % 4,
    };
    let supply = |at: i64| Supply {
        id: PackId::named(second(at), "pack"),
        capacity: 700_000_000,
        left: 700_000_000,
        effective: at * 86_400,
        from: at * 86_400,
        expires: 2_592_000,
        bought: at,
        marks: vec![70_000_000, 0],
    };
    let demands: Vec<Demand> = (0..1_000).map(demand).collect();
    let supplies: Vec<Supply> = (0..3).map(supply).collect();
    bench.bench_function("cover: 1000 demands, 3 packs", |it| {
        it.iter(|| cover(black_box(&demands), black_box(&supplies)).covered.len())
    });
}

fn prices(bench: &mut Criterion) {
    let seconds = Measured::of(3_660, Unit::PieceSecond);
    let gigabit = |it: u128| it * 1_000_000_000;
    let bands = Bands {
        unit: Unit::BitPerSecond,
        edge: Edge::Upper,
        bands: [(0, "800"), (10, "1200"), (20, "1800")].map(|it| (gigabit(it.0), amount(it.1))).to_vec(),
        up_to: None,
    };
    let share =
        Percentage { rate_e8: 1_200_000, fixed: amount("0.10"), least: None, most: Some(amount("50")) };
    let block = Quantity::new(1_000, Unit::PieceSecond);
    let volume = tiers(Unit::PieceSecond, 3_600, &[(0, "0.42"), (345_600, "0.21")]);
    let kinds = [
        ("per unit", per_unit("0.17", HOUR.into(), Unit::PieceSecond), seconds),
        ("graduated", running(), seconds),
        ("volume", Pricing::Volume(volume), seconds),
        ("package", Pricing::Package { size: block, price: amount("1.50") }, seconds),
        ("percentage", Pricing::Percentage(share), Measured::of(12_345_678_900, Unit::ValueE8)),
        ("band", Pricing::Band(bands), Measured::of(gigabit(15), Unit::BitPerSecond)),
    ];
    let at = Position { before: 300_000, after: 0 };
    for (name, pricing, used) in kinds {
        let item = item(pricing);
        bench.bench_function(&format!("price: {name}"), |it| {
            it.iter(|| item.part(black_box(used), black_box(at)))
        });
    }
}

criterion_group!(benches, settle_hour, cover_month, prices);
criterion_main!(benches);
