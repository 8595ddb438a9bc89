//! Quantities as they are read.

use super::*;
use proptest::prelude::*;

#[test]
fn quantities_are_said_in_the_unit_that_they_reach() {
    let cases = [
        (24_000_000_000, Unit::BitPerSecond, "24 Gbps", "24 Gbps"),
        (19_500_000, Unit::BitPerSecond, "19.5 Mbps", "19.5 Mbps"),
        (3_221_225_472, Unit::Byte, "3 GB", "3 GB"),
        (0, Unit::Byte, "0 GB", "0 GB"),
        (1, Unit::Byte, "1 byte", "1 字节"),
        (2_592_000, Unit::PieceSecond, "720 hours", "720 小时"),
        (3_600, Unit::PieceSecond, "1 hour", "1 小时"),
        (90, Unit::PieceSecond, "1.5 minutes", "1.5 分钟"),
        (5_184_000, Unit::GigabyteSecond, "1,440 GB·h", "1,440 GB·小时"),
        (1_500, Unit::Event, "1,500 events", "1,500 次"),
        (2, Unit::Mbps, "2 Mbps", "2 Mbps"),
    ];
    for (value, unit, english, chinese) in cases {
        assert_eq!(quantity(value, unit, Language::English), english);
        assert_eq!(quantity(value, unit, Language::Chinese), chinese);
    }
    // 1 GB and a third of it.
    assert_eq!(quantity(1_431_655_765, Unit::Byte, Language::English), "1.333 GB");
}

#[test]
fn a_part_of_a_time_is_said_as_people_count() {
    let cases = [
        ((361_800, 3_600), "100.5 h", "100.5 小时"),
        ((37_920, 3_600), "10.53333333 h", "10.53333333 小时"),
        ((129_600, 86_400), "1.5 days", "1.5 天"),
        ((27, 30), "27 of 30 days", "27 天（共 30 天）"),
        ((95, 30), "(3 months and 5 of 30 days)", "（3 个月又 5 天，每月按 30 天计）"),
        ((60, 30), "2", "2"),
        ((27 * 86_400, 30 * 86_400), "27 of 30 days", "27 天（共 30 天）"),
        ((331 * 12, 365), "(331 days × 12 / 365 months)", "（331 天 × 12 / 365 个月）"),
        ((6, 1), "6", "6"),
        ((3, 14), "3/14", "3/14"),
        ((3_600, 3_600), "", ""),
    ];
    for ((num, den), english, chinese) in cases {
        let used = Measured::of(1, Unit::Piece).part(num, den);
        assert_eq!(factor(used, Language::English), english);
        assert_eq!(factor(used, Language::Chinese), chinese);
    }
    let mean = Measured::of(7_200, Unit::Mbps).mean(3_600).part(1_800, 3_600);
    assert_eq!(measured(mean, Language::English), "2 Mbps × 1/2");
    let held = Measured::of(2, Unit::Mbps).part(361_800, 3_600);
    assert_eq!(measured(held, Language::English), "2 Mbps × 100.5 h");
}

/// 25,089 s at 0.21 an hour are 1.463525.
#[test]
fn what_a_price_is_multiplied_with_gives_the_product_again() {
    assert_eq!(times(25_089, Quantity::new(3_600, Unit::PieceSecond)), "6.96916667");
    assert_eq!(times(361_800, Quantity::new(3_600, Unit::PieceSecond)), "100.5");
    assert_eq!(times(150, Quantity::new(1, Unit::Gigabyte)), "150");
}

proptest! {
    /// No quantity that a line holds is said with as many digits as a page has no room for.
    #[test]
    fn no_figure_is_in_base_units(value in any::<u64>()) {
        for unit in [Unit::Byte, Unit::BitPerSecond] {
            let said = quantity(value.into(), unit, Language::English);
            let is_bare = said.ends_with(&format!(" {}", unit.as_str())) || said.ends_with(" bytes");
            prop_assert!(value < 1_024 || !is_bare, "{said}");
        }
    }
}
