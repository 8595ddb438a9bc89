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
