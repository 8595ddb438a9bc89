//! Products whose readings are tried late, shuffled, split, wrong and put right: one of every kind that reads samples.
//!
//! In:  the names of the bundled books. Out: what is bought, how it is metered, and how its readings may be cut.

use units::CycleKind;

/// A product whose readings are tried.
pub struct Tried {
    pub book: &'static str,
    /// What is bought.
    pub buys: &'static str,
    /// Product, component and another price: from the middle of the use on, in some cases.
    pub reprice: Option<&'static str>,
    pub meter: &'static str,
    pub kind: CycleKind,
    /// Readings are whole multiples of this, up to so many.
    pub unit: u64,
    pub most: u64,
    pub splits: Splits,
    /// What tells readings of one second apart.
    pub keys: &'static [&'static str],
    pub life: Life,
    /// What it is priced by, for the report.
    pub priced: &'static str,
}

/// Whether one reading may come as several of the same second.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Splits {
    AddsUp,
    Whole,
}

/// How long a resource lives beside the two cycles of a case.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Life {
    Long,
    /// From an hour before the second cycle to an hour after its begin: silent slots are few.
    Brief,
}

const MONTH: Tried = Tried {
    book: "kinds",
    buys: "",
    reprice: None,
    meter: "",
    kind: CycleKind::Month,
    unit: 1,
    most: 30,
    splits: Splits::AddsUp,
    keys: &[""],
    life: Life::Long,
    priced: "",
};
const MBPS: u64 = 1_000_000;
const GBPS: u64 = 1_000_000_000;
const IP: &str = "high-defence-ip region=guangzhou line=bgp base=20 elastic=50 months=12";

const PEAKS: Tried = Tried { unit: MBPS, most: 400, splits: Splits::Whole, keys: &["", "eth0"], ..MONTH };
const ATTACK: Tried = Tried {
    meter: "attack",
    kind: CycleKind::Day,
    unit: GBPS / 10,
    most: 700,
    splits: Splits::Whole,
    keys: &["", "10.0.0.7"],
    ..MONTH
};
const BYTES: Tried = Tried { meter: "traffic_out", unit: 98_765_432, most: 60, ..MONTH };

/// Those of the price book `kinds`.
fn of_kinds() -> Vec<Tried> {
    vec![
        Tried { buys: "api-calls", meter: "calls", most: 900, priced: "sum, blocks", ..MONTH },
        Tried {
            buys: "api-calls plan=allowance",
            meter: "calls",
            most: 900,
            priced: "sum, blocks above an allowance",
            ..MONTH
        },
        Tried {
            buys: "stamps",
            meter: "stamps",
            priced: "sum, a minimum",
            reprice: Some("stamps stamps 0.02"),
            ..MONTH
        },
        Tried {
            buys: "mails",
            meter: "mails",
            most: 90,
            priced: "sum, free units",
            reprice: Some("mails mails 0.03"),
            ..MONTH
        },
        Tried { buys: "hours-graduated", meter: "hours", most: 8, priced: "sum, steps", ..MONTH },
        Tried { buys: "hours-volume", meter: "hours", most: 8, priced: "sum, the step reached", ..MONTH },
        Tried { buys: "lookups", meter: "lookups", most: 300, priced: "sum, a flat part", ..MONTH },
        Tried {
            buys: "payments",
            meter: "payments",
            unit: 12_345_678,
            most: 4_000,
            splits: Splits::Whole,
            priced: "events, a percentage",
            ..MONTH
        },
        Tried {
            buys: "egress-minimum",
            kind: CycleKind::Hour,
            priced: "sum, an hourly minimum",
            reprice: Some("egress-minimum egress 0.70"),
            ..BYTES
        },
        Tried { buys: "transit", meter: "bandwidth", life: Life::Brief, priced: "percentile", ..PEAKS },
        Tried { buys: "transit-top", meter: "bandwidth", priced: "mean of the top", ..PEAKS },
        Tried {
            buys: "transit-top plan=steps",
            meter: "bandwidth",
            priced: "mean of the top, steps",
            ..PEAKS
        },
        Tried {
            buys: "transit-top plan=blocks",
            meter: "bandwidth",
            priced: "mean of the top, blocks",
            ..PEAKS
        },
        Tried {
            buys: "transit-top plan=allowance",
            meter: "bandwidth",
            priced: "mean of the top above an allowance",
            ..PEAKS
        },
        Tried { buys: "guard", priced: "attack, bands by their lower edge", ..ATTACK },
    ]
}

/// Those of the price book `demo`.
fn of_demo() -> Vec<Tried> {
    vec![
        Tried { buys: IP, priced: "attack, bands", ..ATTACK },
        Tried {
            buys: "high-defence-ip-absolute region=guangzhou base=20 elastic=50 months=12",
            priced: "attack, bands of the peak",
            ..ATTACK
        },
        Tried {
            buys: "high-defence-packet region=guangzhou base=20 elastic=60 months=12",
            priced: "attack, bands of a packet",
            ..ATTACK
        },
        Tried {
            buys: "high-defence-ip region=guangzhou line=bgp base=20 forwarding=public months=12",
            meter: "forward",
            kind: CycleKind::Day,
            priced: "peak above what is free",
            ..PEAKS
        },
        Tried {
            buys: "high-defence-ip region=guangzhou line=bgp base=20 forwarding=public forwarding_by=traffic months=12",
            meter: "forward",
            kind: CycleKind::Day,
            priced: "volume above what is free",
            ..PEAKS
        },
        Tried {
            buys: "bandwidth-package region=guangzhou",
            meter: "bandwidth",
            priced: "mean of the largest day peaks",
            ..PEAKS
        },
        Tried {
            buys: "endpoint region=guangzhou billing=traffic",
            priced: "sum over the account",
            reprice: Some("endpoint traffic 0.90"),
            ..BYTES
        },
        Tried {
            buys: "server charge=prepaid region=guangzhou zone=guangzhou-1 type=S1.SMALL1 network=traffic bandwidth=5 months=12",
            kind: CycleKind::Hour,
            priced: "sum",
            ..BYTES
        },
        Tried {
            buys: "server charge=payg region=guangzhou zone=guangzhou-1 type=S1.SMALL1 network=traffic bandwidth=5",
            kind: CycleKind::Hour,
            priced: "sum beside what is held",
            ..BYTES
        },
    ]
}

/// All of them, of both bundled books.
pub fn all() -> Vec<Tried> {
    let demo = of_demo().into_iter().map(|it| Tried { book: "demo", ..it });
    of_kinds().into_iter().chain(demo).collect()
}
