//! Price kinds against the figures of the rulebook.

use super::*;
use proptest::prelude::*;
use units::Unit;

fn amount(text: &str) -> Amount {
    Amount::parse(text, Currency::CNY).unwrap()
}

fn item(pricing: Pricing) -> PriceItem {
    PriceItem {
        key: "test".into(),
        pricing,
        per_seconds: 1,
        free: 0,
        minimum: None,
        started: None,
        discount: None,
        source: "demo".into(),
        contract: None,
    }
}

fn tiers(rows: &[(u128, &str, &str)]) -> Tiers {
    let tier = |it: &(u128, &str, &str)| Tier { above: it.0, amount: amount(it.1), flat: amount(it.2) };
    Tiers {
        per: Quantity::new(1, Unit::Piece),
        tiers: rows.iter().map(tier).collect(),
        edge: Edge::Upper,
        up_to: None,
    }
}

#[track_caller]
fn check(item: &PriceItem, used: u128, cost: &str) {
    let got = item.cost(Measured::of(used, Unit::Piece)).unwrap();
    assert_eq!(got, amount(cost), "{used} units cost {got}");
}

/// Source: R-PRC-1. 16 = 10 × 5 + 5 × 3 + 1 × 1, or 16 × 1.
#[test]
fn tiers_add_up_or_are_reached() {
    let rows = [(0, "5", "0"), (10, "3", "0"), (15, "1", "0")];
    check(&item(Pricing::Graduated(tiers(&rows))), 16, "66.00");
    check(&item(Pricing::Volume(tiers(&rows))), 16, "16.00");
    check(&item(Pricing::Volume(tiers(&rows))), 0, "0.00");
}

/// Source: R-PRC-2.
#[test]
fn bandwidth_steps_are_cumulative() {
    let steps = item(Pricing::Graduated(tiers(&[(0, "20", "0"), (2, "25", "0"), (5, "90", "0")])));
    for (mbps, cost) in [(1, "20"), (2, "40"), (3, "65"), (5, "115.00"), (6, "205.00"), (10, "565.00")] {
        check(&steps, mbps, cost);
    }
}

/// Source: R-PRC-10.
#[test]
fn a_package_is_started_whole() {
    let mut blocks = item(Pricing::Package { size: Quantity::new(1000, Unit::Piece), price: amount("0.50") });
    check(&blocks, 1001, "1.00");
    check(&blocks, 0, "0.00");
    blocks.free = 100;
    check(&blocks, 1101, "1.00");
    check(&blocks, 100, "0.00");
}

/// Source: R-PRC-11.
#[test]
fn a_percentage_keeps_within_its_bounds() {
    let fee = item(Pricing::Percentage(Percentage {
        rate_e8: 1_200_000,
        fixed: amount("0.10"),
        least: Some(amount("0.50")),
        most: Some(amount("5.00")),
    }));
    for (value, cost) in [("10", "0.50"), ("100", "1.30"), ("1000", "5.00")] {
        let used = Measured::of(amount(value).e8() as u128, Unit::ValueE8);
        assert_eq!(fee.cost(used).unwrap(), amount(cost));
    }
}

/// Source: R-PRC-15.
#[test]
fn a_flat_part_is_taken_when_its_tier_is_entered() {
    let rows = [(0, "0", "0"), (100, "0.02", "5.00")];
    check(&item(Pricing::Graduated(tiers(&rows))), 250, "8.00");
    check(&item(Pricing::Graduated(tiers(&rows))), 100, "0.00");
}

/// Source: R-PRC-16, R-PRC-17.
#[test]
fn minimum_and_started_units() {
    let mut unit =
        item(Pricing::PerUnit(Price { amount: amount("0.83"), per: Quantity::new(1, Unit::Piece) }));
    unit.minimum = Some(amount("1.00"));
    check(&unit, 1, "1.00");
    check(&unit, 0, "0.00");
    check(&unit, 2, "1.66");
    let mut hour =
        item(Pricing::PerUnit(Price { amount: amount("0.02"), per: Quantity::new(3600, Unit::Piece) }));
    hour.started = Some(3600);
    check(&hour, 5400, "0.04");
}

/// Source: R-DDS-4.
#[test]
fn an_edge_belongs_to_one_band() {
    let rows = vec![(20, amount("3500")), (30, amount("4800"))];
    let bands = |edge| Pricing::Band(Bands { unit: Unit::Piece, edge, bands: rows.clone(), up_to: None });
    check(&item(bands(Edge::Upper)), 30, "3500");
    check(&item(bands(Edge::Lower)), 30, "4800");
    check(&item(bands(Edge::Upper)), 20, "0");
}

/// Source: R-PRC-20. Storage of 52 900 GB all month; a mean of 15 in steps, in blocks, with 10 free; 50 by what is reached.
#[test]
fn tiers_of_a_mean_are_of_the_mean() {
    let steps = |rows: &[(u128, &str, &str)]| item(Pricing::Graduated(tiers(rows)));
    let mean = |item: &PriceItem, mean: u128, count: u64, cost: &str| {
        let used = Measured::of(mean * u128::from(count), Unit::Piece).mean(count);
        assert_eq!(item.cost(used).unwrap(), amount(cost));
    };
    mean(&steps(&[(0, "0.023", "0"), (51_200, "0.022", "0")]), 52_900, 2_592_000, "1215.00");
    mean(&steps(&[(0, "2.00", "0"), (10, "1.00", "0")]), 15, 5, "25.00");
    mean(&item(Pricing::Volume(tiers(&[(0, "2.00", "0"), (100, "1.00", "0")]))), 50, 2_592_000, "100.00");
    let blocks = Pricing::Package { size: Quantity::new(10, Unit::Piece), price: amount("1.00") };
    mean(&item(blocks), 15, 5, "2.00");
    let unit = Pricing::PerUnit(Price { amount: amount("1.00"), per: Quantity::new(1, Unit::Piece) });
    mean(&PriceItem { free: 10, ..item(unit) }, 15, 5, "5.00");
}

/// Source: R-PRC-21.
#[test]
fn nothing_used_is_no_use() {
    let fee = Percentage { rate_e8: 0, fixed: amount("0.10"), least: Some(amount("0.50")), most: None };
    let used = Measured::of(0, Unit::ValueE8);
    assert_eq!(item(Pricing::Percentage(fee)).cost(used).unwrap(), amount("0"));
}

proptest! {
    /// Source: R-PRC-20. Every kind of price on a mean is the same kind on that mean as a plain quantity.
    #[test]
    fn a_mean_costs_what_it_is(mean in 0_u128..200, count in 1_u64..4_000_000, free in 0_u128..50, started in 0_u128..9) {
        let rows = [(0, "5", "0.10"), (10, "3", "1"), (150, "1", "2")];
        let size = Quantity::new(7, Unit::Piece);
        let edges = [(0, amount("1")), (20, amount("2"))];
        let bands = |edge| Pricing::Band(Bands { unit: Unit::Piece, edge, bands: edges.to_vec(), up_to: None });
        let kinds = [
            Pricing::PerUnit(Price { amount: amount("0.83"), per: Quantity::new(3, Unit::Piece) }),
            Pricing::Graduated(tiers(&rows)),
            Pricing::Volume(tiers(&rows)),
            Pricing::Package { size, price: amount("0.5") },
            bands(Edge::Upper),
            bands(Edge::Lower),
        ];
        for pricing in kinds {
            let item = PriceItem { free, started: Some(started).filter(|it| *it > 0), ..item(pricing) };
            let plain = Measured::of(mean, Unit::Piece);
            let summed = Measured::of(mean * u128::from(count), Unit::Piece).mean(count);
            prop_assert_eq!(item.cost(summed), item.cost(plain));
            prop_assert_eq!(item.cost(summed.part(1, 1)), item.cost(plain));
        }
    }

    /// Cutting use anywhere on a tier clock changes the cost by no more than the rounding of lines.
    #[test]
    fn a_tier_clock_may_be_cut_anywhere(first in 0_u128..2_000_000, second in 0_u128..2_000_000) {
        let rows = [(0, "0.42", "0"), (345_600, "0.21", "0"), (1_296_000, "0.1428", "0")];
        let mut tiers = tiers(&rows);
        tiers.per = Quantity::new(3600, Unit::Piece);
        let item = item(Pricing::Graduated(tiers));
        let of = |used, before| {
            item.part(Measured::of(used, Unit::Piece), Position { before, after: 0 }).unwrap()
        };
        let (whole, one, other) = (of(first + second, 0), of(first, 0), of(second, first));
        prop_assert!((whole.e8() - one.e8() - other.e8()).abs() <= 1);
    }

    #[test]
    fn no_quantity_makes_a_price_panic(
        used in any::<u128>(), count in any::<u64>(), num in any::<u64>(), den in any::<u64>(),
        before in any::<u128>(), after in any::<u128>(),
    ) {
        let rows = [(0, "5", "1"), (10, "3", "0"), (15, "1", "0")];
        let used = Measured { quantity: used, count, num, den, unit: Unit::Piece };
        let at = Position { before, after };
        let _ = item(Pricing::Graduated(tiers(&rows))).part(used, at);
        let _ = item(Pricing::Volume(tiers(&rows))).part(used, at);
        let _ = item(Pricing::Package { size: Quantity::new(7, Unit::Piece), price: amount("1") }).part(used, at);
    }
}
