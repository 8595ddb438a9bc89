//! The kinds of price that only the second book uses, with the worked examples of the rules.

use crate::{book, cost, held_for, item, read};
use units::{Measured, Unit};

#[test]
fn the_kinds_book_has_a_product_per_kind() {
    let book = book(&read("kinds"));
    let price = |product: &str, component: &str| item(&book, product, component);
    let events = |it: u128| Measured::of(it, Unit::Event);

    // Source: R-PRC-10.
    let calls = price("api-calls", "calls");
    assert_eq!([cost(&calls, events(1_001)), cost(&calls, events(0))], ["1.00", "0.00"]);
    let allowance = price("api-calls plan=allowance", "calls-above-allowance");
    assert_eq!([cost(&allowance, events(1_101)), cost(&allowance, events(100))], ["1.00", "0.00"]);

    // Source: R-PRC-11.
    let fee = price("payments", "fee");
    let fees = [10, 100, 1_000].map(|it| cost(&fee, Measured::of(it * 100_000_000, Unit::ValueE8)));
    assert_eq!(fees, ["0.50", "1.30", "5.00"]);

    // Source: R-PRC-12, R-PRC-13: the slots are picked before; 30 Mbit/s over 5 is 6 Mbps.
    let transit = price("transit", "bandwidth");
    assert_eq!(cost(&transit, Measured::of(19_000_000, Unit::BitPerSecond)), "380.00");
    let top = price("transit-top", "bandwidth");
    assert_eq!(cost(&top, Measured::of(30_000_000, Unit::BitPerSecond).mean(5)), "120.00");

    // Source: R-PRC-14. 10 GB for 10 days and 20 GB for 20 days of June.
    let (archive, day) = (price("archive size=10", "storage"), 86_400);
    let quantity = 10 * 10 * day + 20 * 20 * day;
    let mean = Measured::of(quantity, Unit::Gigabyte).mean(30 * 86_400);
    assert_eq!(cost(&archive, mean), "16.66666667");

    // Source: R-PRC-15.
    let lookups = price("lookups", "lookups");
    assert_eq!([250, 100, 1_001].map(|it| cost(&lookups, events(it))), ["8.00", "0.00", "23.01"]);

    // Source: R-PRC-16.
    let stamps = price("stamps", "stamps");
    assert_eq!([83, 0, 250].map(|it| cost(&stamps, Measured::of(it, Unit::Piece))), ["1.00", "0.00", "2.50"]);

    // Source: R-PRC-17.
    let started = price("lb-started", "instance");
    assert_eq!(cost(&started, held_for(&started, 1, 5_400, Unit::Piece)), "0.04");
    let egress = price("egress-minimum", "egress");
    assert_eq!(
        [322_122_547, 0, 2 << 30].map(|it| cost(&egress, Measured::of(it, Unit::Byte))),
        ["0.80", "0.00", "1.60"]
    );
}

/// Source: R-PRC-16, R-PRC-17.
#[test]
fn a_price_says_what_counts_whole_what_is_free_and_what_a_cycle_costs_at_least() {
    let book = book(&read("kinds"));
    let said = |product: &str, component: &str| {
        let mut all = book.product(product).unwrap().components.iter();
        let component = all.find(|it| it.id == component).unwrap();
        billing::tag::in_words(component, &component.prices[0].item)
    };
    assert_eq!(said("lb-started", "instance"), "0.02 per hour, each started 1 hour counts whole");
    assert_eq!(said("stamps", "stamps"), "0.01 per piece, at least 1.00 for each month with any use");
    assert_eq!(said("egress-minimum", "egress"), "0.80 per GB, at least 0.80 for each hour with any use");
    assert_eq!(
        said("api-calls", "calls-above-allowance"),
        "0.50 per 1000 event, 100 events of each month free"
    );
}
