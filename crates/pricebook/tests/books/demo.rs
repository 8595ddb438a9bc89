//! The demo book against the published figures, typed by hand. The sums are the worked examples of the rules.

use crate::{book, cost, held_for, item, only, quote_of, read};
use billing::quote::QuoteError;
use pricebook::{Files, diff, load};
use units::{Measured, Unit};

const GBPS: u128 = 1_000_000_000;

/// A choice, its months, its quantity, and what the order costs.
type Case = (&'static str, u32, u32, &'static str);

#[track_caller]
fn totals(products: &[&str], cases: &[Case]) {
    let book = book(&only(products));
    for (text, months, quantity, total) in cases {
        match quote_of(&book, text, *months, *quantity) {
            Ok(quote) => assert_eq!(quote.total.to_string(), *total, "{quantity} × {text}, {months} months"),
            Err(error) => panic!("{text}: {error}"),
        }
    }
}

#[test]
fn the_demo_book_loads() {
    let files = read("demo");
    let book = book(&files);
    assert_eq!(book.products.len(), 18);
    assert!(book.regions.len() >= 4 && book.regions.iter().all(|it| it.zones.len() == 2));
    let again = load(&Files::from_text(&files.to_text()), None).unwrap();
    assert_eq!(again, *book);
    assert_eq!(diff(&book, &again), []);
}

/// Source: R-PRE-1, R-PRC-2, R-PRC-4, R-DSK-2; the first three rows of the reference totals.
#[test]
fn servers_are_paid_by_the_month() {
    totals(
        &["server"],
        &[
            ("server charge=prepaid region=guangzhou zone=guangzhou-1 type=S1.SMALL1", 1, 1, "51.00"),
            ("server charge=prepaid region=guangzhou zone=guangzhou-1 type=S1.SMALL1", 12, 1, "507.96"),
            (
                "server charge=prepaid region=guangzhou zone=guangzhou-1 type=S1.SMALL1 network=bandwidth bandwidth=1",
                12,
                1,
                "707.16",
            ),
            (
                "server charge=prepaid region=shanghai zone=shanghai-2 type=S1.SMALL1 network=bandwidth bandwidth=10",
                1,
                1,
                "616.00",
            ),
            (
                "server charge=prepaid region=siliconvalley zone=siliconvalley-1 type=S1.SMALL1 network=bandwidth bandwidth=10",
                1,
                1,
                "701.00",
            ),
            (
                "server charge=prepaid region=guangzhou zone=guangzhou-1 type=S1.SMALL1 network=traffic bandwidth=100",
                1,
                1,
                "51.00",
            ),
            ("server charge=prepaid region=guangzhou zone=guangzhou-1 type=S2.MEDIUM4", 1, 1, "102.00"),
            ("server charge=prepaid region=guangzhou zone=guangzhou-1 type=S2.SMALL2", 1, 1, "60.00"),
            (
                "server charge=prepaid region=guangzhou zone=guangzhou-1 type=S5.MEDIUM4 data_disk=50",
                12,
                1,
                "1038.00",
            ),
            // The network of an S5 server at list: 828.00 + 240.00.
            (
                "server charge=prepaid region=guangzhou zone=guangzhou-1 type=S5.MEDIUM4 network=bandwidth bandwidth=1",
                12,
                1,
                "1068.00",
            ),
            (
                "server charge=prepaid region=guangzhou zone=guangzhou-1 type=S1.SMALL1 system_disk_type=premium system_disk=50",
                1,
                1,
                "61.50",
            ),
            (
                "server charge=prepaid region=guangzhou zone=guangzhou-1 type=S1.SMALL1 os=windows system_disk_type=premium system_disk=50",
                1,
                1,
                "51.00",
            ),
            (
                "server charge=prepaid region=guangzhou zone=guangzhou-1 type=S1.SMALL1 data_disk_type=local data_disk=150",
                1,
                1,
                "96.00",
            ),
        ],
    );
}

/// Source: R-FRZ-1, R-PPU-2, R-PPU-3, R-PRC-3, R-PRC-8, R-NET-2.
#[test]
fn servers_are_paid_after_use() {
    let book = book(&only(&["server"]));
    let s1 = "server charge=payg region=guangzhou zone=guangzhou-1 type=S1.SMALL1";
    let compute = item(&book, s1, "compute");
    let seconds = |it: u128| Measured::of(it, Unit::PieceSecond);
    assert_eq!(cost(&compute, seconds(1_800)), "0.21");
    assert_eq!(cost(&compute, seconds(120 * 3_600)), "45.36");
    assert_eq!(cost(&compute, seconds(400 * 3_600)), "101.472");

    let network = item(&book, &format!("{s1} network=bandwidth bandwidth=6"), "bandwidth-hour");
    assert_eq!(cost(&network, held_for(&network, 6, 3_600, Unit::Mbps)), "0.565");
    assert_eq!(
        network.cost(held_for(&network, 6, 3_600, Unit::Mbps)).unwrap().round().unwrap().to_string(),
        "0.57"
    );
    assert_eq!(cost(&network, held_for(&network, 10, 3_600, Unit::Mbps)), "1.565");
    assert_eq!(cost(&network, held_for(&network, 6, 600, Unit::Mbps)), "0.09416667");

    let traffic = item(&book, &format!("{s1} network=traffic"), "traffic");
    assert_eq!(cost(&traffic, Measured::of(1_019_215_872_000, Unit::Byte)), "759.375");
    assert_eq!(cost(&traffic, Measured::of(123_456_789_012, Unit::Byte)), "91.98247568");

    let disk = item(&book, &format!("{s1} data_disk=100"), "data-disk-hour");
    assert_eq!(cost(&disk, held_for(&disk, 100, 1_800, Unit::Gigabyte)), "0.045");
    let quote = quote_of(&book, &format!("{s1} data_disk=100 network=bandwidth"), 0, 2).unwrap();
    assert_eq!((quote.freeze.to_string().as_str(), quote.total.to_string().as_str()), ("0.51", "0.00"));
    let local = quote_of(&book, &format!("{s1} system_disk=500"), 0, 1).unwrap();
    assert_eq!(local.freeze.to_string(), "0.42");
}

/// Source: R-DSK-1, R-NET-7, R-LB-1.
#[test]
fn disks_addresses_and_load_balancers() {
    totals(
        &["disk", "lb-bandwidth"],
        &[
            ("disk charge=prepaid region=guangzhou zone=guangzhou-1 type=ssd size=100", 1, 1, "100.00"),
            ("disk charge=prepaid region=hongkong zone=hongkong-1 type=ssd size=100", 12, 1, "1095.60"),
            ("lb-bandwidth region=guangzhou bandwidth=15", 1, 1, "925.00"),
            ("lb-bandwidth region=guangzhou bandwidth=4", 1, 1, "96.00"),
            ("lb-bandwidth region=shanghai bandwidth=5", 1, 1, "125.00"),
            ("lb-bandwidth region=hongkong bandwidth=6", 1, 1, "250.00"),
        ],
    );
    let book = book(&only(&[
        "disk",
        "eip",
        "load-balancer",
        "load-balancer-hourly",
        "cross-region-bandwidth",
        "bandwidth-package",
    ]));
    let payg = "disk charge=payg region=guangzhou zone=guangzhou-1 type=premium size=100";
    let disk = item(&book, payg, "storage-hour");
    assert_eq!(cost(&disk, held_for(&disk, 100, 86_400, Unit::Gigabyte)), "2.16");
    assert_eq!(quote_of(&book, payg, 0, 1).unwrap().freeze.to_string(), "0.27");

    let idle = item(&book, "eip region=guangzhou", "idle");
    assert_eq!(cost(&idle, held_for(&idle, 1, 5_400, Unit::Piece)), "0.30");
    assert!(quote_of(&book, "eip region=guangzhou bound=yes", 0, 1).unwrap().unit_prices.is_empty());

    let summed = item(&book, "load-balancer", "instance");
    assert_eq!(cost(&summed, Measured::of(5_400, Unit::PieceSecond)), "0.03");
    assert_eq!(cost(&summed, Measured::of(720 * 3_600, Unit::PieceSecond)), "14.40");
    let started = item(&book, "load-balancer-hourly region=guangzhou", "instance");
    assert_eq!(cost(&started, held_for(&started, 1, 5_400, Unit::Piece)), "0.04");

    let line = item(&book, "cross-region-bandwidth region=guangzhou bandwidth=30", "bandwidth");
    assert_eq!(cost(&line, held_for(&line, 30, 86_400, Unit::Mbps)), "360.00");
    assert_eq!(cost(&line, held_for(&line, 20, 86_400, Unit::Mbps)), "400.00");
    let package = item(&book, "bandwidth-package region=guangzhou", "bandwidth");
    assert_eq!(cost(&package, Measured::of(120_000_000, Unit::BitPerSecond)), "12960.00");
    let third = Measured::of(120_000_000, Unit::BitPerSecond).part(10, 30);
    assert_eq!(cost(&package, third), "4320.00");
}

/// Source: R-DDS-1, R-DDS-14, R-ORD-9.
#[test]
fn high_defence_is_paid_by_the_month() {
    totals(
        &["high-defence-ip", "high-defence-packet", "high-defence-ip-absolute"],
        &[
            ("high-defence-ip region=guangzhou line=bgp base=10", 12, 1, "82560.00"),
            ("high-defence-ip region=guangzhou line=bgp base=10 elastic=50", 6, 2, "87720.00"),
            ("high-defence-ip region=shanghai line=bgp base=20", 3, 1, "49800.00"),
            ("high-defence-ip region=guangzhou line=telecom base=300", 1, 1, "286600.00"),
            ("high-defence-ip region=hongkong line=hongkong base=50", 1, 1, "56000.00"),
            ("high-defence-ip region=siliconvalley line=overseas base=150", 1, 1, "168750.00"),
            ("high-defence-ip region=guangzhou line=bgp base=10 ports=75", 1, 1, "9350.00"),
            ("high-defence-packet region=guangzhou ips=20 base=30", 1, 1, "164880.00"),
            ("high-defence-packet region=guangzhou base=5", 3, 1, "1500.00"),
            ("high-defence-packet region=hongkong base=5", 6, 1, "7650.00"),
            ("high-defence-packet region=shanghai base=100", 1, 1, "186800.00"),
            ("high-defence-ip-absolute region=guangzhou base=20 elastic=50", 1, 1, "6000.00"),
        ],
    );
    let book = book(&only(&["high-defence-ip", "high-defence-packet"]));
    let refused = |text: &str, months: u32| quote_of(&book, text, months, 1).unwrap_err();
    assert!(matches!(
        refused("high-defence-packet region=guangzhou base=5", 2),
        QuoteError::TooShort { least: 3, .. }
    ));
    assert!(matches!(
        refused("high-defence-packet region=hongkong base=5", 5),
        QuoteError::TooShort { least: 6, .. }
    ));
    for text in [
        "high-defence-ip region=guangzhou line=mobile base=300",
        "high-defence-ip region=guangzhou line=hongkong base=10",
        "high-defence-ip region=guangzhou line=bgp base=20 elastic=10",
        "high-defence-ip region=guangzhou line=mobile base=20 elastic=250",
        "high-defence-ip region=guangzhou line=bgp base=20 ports=501",
        "high-defence-packet region=guangzhou ips=20 base=5",
        "high-defence-packet region=guangzhou ips=30 base=10",
    ] {
        assert!(matches!(refused(text, 1), QuoteError::Option(_)), "{text}");
    }
}

/// Source: R-DDS-2, R-DDS-3, R-DDS-4, R-DDS-11, R-DDS-12.
#[test]
fn high_defence_is_paid_after_attacks_and_forwarding() {
    let book = book(&only(&["high-defence-ip", "high-defence-ip-absolute", "high-defence-packet"]));
    let bits = |it: u128| Measured::of(it, Unit::BitPerSecond);
    let bgp = "high-defence-ip region=guangzhou line=bgp base=20 elastic=50 forwarding=public";
    let elastic = item(&book, bgp, "elastic");
    for (over, price) in [
        (25_000, "3500.00"),
        (10_000, "1000.00"),
        (10_001, "2200.00"),
        (0, "0.00"),
        (1, "1000.00"),
        (30_000, "3500.00"),
    ] {
        assert_eq!(cost(&elastic, bits(over * 1_000_000)), price, "{over} Mbps above the base peak");
    }
    let telecom = item(&book, "high-defence-ip region=guangzhou line=telecom base=10 elastic=600", "elastic");
    assert_eq!(cost(&telecom, bits(590 * GBPS)), "59000.00");
    let absolute = item(&book, "high-defence-ip-absolute region=guangzhou base=20 elastic=50", "elastic");
    assert_eq!([cost(&absolute, bits(45 * GBPS)), cost(&absolute, bits(30 * GBPS))], ["5700.00", "3500.00"]);
    let packet = item(&book, "high-defence-packet region=guangzhou base=20 elastic=200", "elastic");
    assert_eq!([cost(&packet, bits(20 * GBPS)), cost(&packet, bits(180 * GBPS))], ["2200.00", "21600.00"]);

    let forwarding = item(&book, bgp, "forwarding-bandwidth");
    assert_eq!(
        [cost(&forwarding, bits(30_000_000)), cost(&forwarding, bits(30_500_000))],
        ["90.00", "91.50"]
    );
    let triple = item(
        &book,
        "high-defence-ip region=guangzhou line=unicom base=20 forwarding=public",
        "forwarding-bandwidth",
    );
    assert_eq!(cost(&triple, bits(30_000_000)), "45.00");
    let volume = item(&book, &format!("{bgp} forwarding_by=traffic"), "forwarding-traffic");
    let slot = Measured::of(80_000_000 * 300, Unit::Byte).mean(8);
    assert_eq!(cost(&volume, slot), "2.23517418");
}

/// Every row of the packets for several IPs stands in the same ratio to that of five IPs.
#[test]
fn packets_for_several_ips_keep_their_ratio() {
    let book = book(&only(&["high-defence-packet"]));
    let price = |ips: u32, base: u32| {
        let quote =
            quote_of(&book, &format!("high-defence-packet region=guangzhou ips={ips} base={base}"), 1, 1);
        quote.unwrap().total.minor()
    };
    for base in (10..=100).step_by(10) {
        for (ips, tenths) in [(10, 19), (20, 36), (50, 70), (100, 120)] {
            assert_eq!(price(ips, base) * 10, price(5, base) * tenths, "{ips} IPs, {base} Gbps");
        }
    }
}

/// Source: R-QCS-1, R-QCS-2, R-QCS-5 to R-QCS-8, R-PKG-17, R-PKG-18.
#[test]
fn containers_volumes_and_their_packs() {
    totals(
        &["container", "container-pack", "volume", "volume-pack"],
        &[
            ("container-pack spec=1U1G hours=720", 0, 1, "97.92"),
            ("container-pack spec=1u1g hours=744", 0, 2, "202.36"),
            ("container-pack spec=1U2G hours=720", 0, 1, "126.72"),
            ("container-pack spec=1U1G1P4 hours=720", 0, 1, "2401.92"),
            ("volume-pack size=10", 0, 1, "8.06"),
            ("volume-pack size=100", 0, 1, "80.64"),
        ],
    );
    let book = book(&only(&["container", "container-pack", "volume", "volume-pack", "endpoint"]));
    let hour = Measured::of(3_600, Unit::PieceSecond);
    for (spec, price) in [
        ("1U1G", "0.17"),
        ("1U2G", "0.22"),
        ("2U4G", "0.44"),
        ("4U8G", "0.88"),
        ("8U16G", "1.76"),
        ("1U1G，1P4", "4.17"),
        ("1u1g1t4", "5.38"),
    ] {
        assert_eq!(cost(&item(&book, &format!("container spec={spec}"), "compute"), hour), price, "{spec}");
    }
    let small = item(&book, "container spec=1U1G", "compute");
    assert_eq!(cost(&small, Measured::of(3_660, Unit::PieceSecond)), "0.17283333");
    assert_eq!(cost(&small, Measured::of(60_000, Unit::PieceSecond)), "2.83333333");
    let volume = item(&book, "volume size=30", "storage");
    assert_eq!(cost(&volume, Measured::of(7_200 * 3_600, Unit::GigabyteSecond)), "10.08");
    let bandwidth = item(&book, "endpoint billing=bandwidth bandwidth=5", "bandwidth");
    assert_eq!(cost(&bandwidth, Measured::of(5 * 3 * 3_600, Unit::MbpsSecond)), "0.945");
    let traffic = item(&book, "endpoint billing=traffic", "traffic");
    assert_eq!(cost(&traffic, Measured::of(2 << 30, Unit::Byte)), "1.60");
    assert!(matches!(
        quote_of(&book, "endpoint billing=bandwidth bandwidth=1001", 0, 1),
        Err(QuoteError::Option(_))
    ));
}

/// Source: R-PRC-6. A later book that changes one price keeps all others.
#[test]
fn a_price_is_changed_by_an_amendment() {
    let mut files = only(&["container", "container-pack"]);
    let before = book(&files);
    let from = units::Calendar::settlement().parse("2026-06-16").unwrap();
    let text = "[[price]]\nproduct = \"container\"\ncomponent = \"compute\"\nwhen = { spec = [\"1U1G\"] }\namount = \"0.20\"\nsource = \"demo: June\"\n";
    files.add("amendments.toml", text);
    let after = load(&files, Some(from)).unwrap();
    assert_eq!((after.from, after.id == before.id), (from, false));
    let lines: Vec<String> = diff(&before, &after).iter().map(ToString::to_string).collect();
    let price =
        "~ product container / component compute / price 1U1G / amount: 0.17 → 0.20 (source: demo: June)";
    assert_eq!(lines, ["~ from: 2015-12-31T16:00:00Z → 2026-06-15T16:00:00Z", price]);
    let price = item(&std::sync::Arc::new(after), "container spec=1U1G", "compute");
    assert_eq!(cost(&price, Measured::of(360 * 3_600, Unit::PieceSecond)), "72.00");
    assert_eq!(price.source, "demo: June");
}

fn manual() -> String {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/pricebook.md");
    std::fs::read_to_string(path).unwrap()
}

/// The complete example of `docs/pricebook.md`, with the figures below it.
#[test]
fn the_example_of_the_manual_is_a_book() {
    let manual = manual();
    let (_, after) = manual.split_once("```\n=== ").unwrap();
    let (example, _) = after.split_once("\n```").unwrap();
    let book = book(&Files::from_text(&format!("=== {example}\n")));
    let fast = |months: u32| {
        quote_of(&book, "disk charge=prepaid type=fast size=100", months, 1).unwrap().total.to_string()
    };
    assert_eq!([fast(1), fast(12)], ["100.00", "996.00"]);
    let hour = item(&book, "disk charge=payg type=fast size=100", "hour");
    assert_eq!(cost(&hour, held_for(&hour, 100, 3_600, Unit::Gigabyte)), "0.25");
}

/// The problem that `docs/pricebook.md` prints.
#[test]
fn the_problem_of_the_manual_is_printed_so() {
    let mut files = only(&["high-defence-ip"]);
    let path = "tables/ddos_ip_elastic.csv";
    let kept = files.get(path).unwrap().lines().filter(|it| !it.starts_with("bgp,10 Gbps"));
    let table: String = kept.map(|it| format!("{it}\n")).collect();
    files.add(path, &table);
    let problems = load(&files, None).unwrap_err();
    assert!(manual().contains(&format!("\n{}\n", problems[0])), "{}", problems[0]);
}
