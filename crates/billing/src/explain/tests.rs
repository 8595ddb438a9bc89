//! An explanation is the arithmetic: worked out again step by step it gives the line, for every kind of price.

use super::*;
use crate::price::{Bands, Percentage};
use crate::rate::{self, Terms};
use crate::sequence::tests::{amount, any_item, component, item, one, part, sum, tiers, versions};
use crate::sequence::{self};
use crate::used::Used;
use proptest::prelude::*;

/// The steps of every line that `used` becomes at the versions `items`, with the line that they come to.
fn explained(items: &[PriceItem], used: Vec<Used>, rate_e8: u64) -> Vec<(Vec<Reason>, i64)> {
    let configs = versions(&sum(), items);
    let lines = rate::lines(&used, &configs, Terms { contract_rate_e8: rate_e8 }).unwrap();
    let of = |(line, used): (&Line<'_>, &Used)| {
        let item = &items[used.at.version];
        let reasons = super::line(line, &component(sum(), item.clone()), item, Currency::CNY).unwrap();
        (reasons, line.cost_e8)
    };
    lines.iter().zip(&used).map(of).collect()
}

fn sentences(item: PriceItem, quantity: u128, language: Language) -> Vec<String> {
    let configs = versions(&sum(), std::slice::from_ref(&item));
    let used = sequence::go_on(vec![part(0, Measured::of(quantity, Unit::Event))], &configs).unwrap();
    let all = explained(&[item], used, FULL_RATE_E8);
    all.iter().flat_map(|it| it.0.iter().map(|it| it.sentence(language))).collect()
}

/// Source: R-PRC-15. 250 lookups: 100 for nothing, the fee of the tier once, 150 at 0.02.
#[test]
fn a_flat_part_is_said() {
    let steps = item(Pricing::Graduated(tiers(&[(0, "0", "0"), (100, "0.02", "5.00")])));
    let said = sentences(steps.clone(), 250, Language::English);
    assert_eq!(
        said[said.len() - 3..],
        [
            "Measured: 150 event.",
            "Before it stood 100 event, which free units and tiers go on from.",
            "By tiers, per event and hour: (150 × 0.02 (100, ∞) + 5.00 once): 8.00000000.",
        ]
    );
    let said = sentences(steps, 250, Language::Chinese);
    assert_eq!(
        said.last().unwrap(),
        "按每次·小时阶梯计价：(150 × 0.02 (100, ∞) + 一次性 5.00)：8.00000000。"
    );
}

/// Source: R-PRC-23, R-PRC-24. It is said beside what was measured, which goes by it.
#[test]
fn what_counts_whole_of_a_life_and_at_most_of_a_month_is_said() {
    let price = item(per_unit());
    let configs = versions(&sum(), std::slice::from_ref(&price));
    let lines = rate::lines(&[part(0, Measured::of(83, Unit::Event))], &configs, Terms::default()).unwrap();
    let component =
        Component { least_seconds: 60, month_seconds: Some(7_200), ..component(sum(), price.clone()) };
    let reasons = super::line(&lines[0], &component, &price, Currency::CNY).unwrap();
    assert_eq!(
        reasons[2].sentence(Language::English),
        "The first 60 s of a life count whole, however soon it ends."
    );
    assert_eq!(reasons[2].readable(Language::Chinese), "存续期的前 1 分钟按整段计费，提前释放也不例外。");
    assert_eq!(reasons[3].sentence(Language::English), "At most 7200 s of a calendar month are charged.");
    assert_eq!(reasons[3].readable(Language::Chinese), "每个自然月最多计费 2 小时。");
}

/// Source: R-PRC-22. Of a price with tiers, a contract may set one alone.
#[test]
fn a_contract_is_said_to_set_a_part_of_a_price_with_tiers() {
    let of_contract = |pricing| PriceItem { contract: Some("c4".into()), ..item(pricing) };
    let tiers = of_contract(Pricing::Graduated(tiers(&[(0, "0.32", "0"), (100, "0.21", "0")])));
    let said = sentences(tiers, 250, Language::English);
    assert!(said[0].starts_with("A part of the price of "), "{said:?}");
    assert!(said[0].ends_with(" was agreed with the customer (contract c4)."), "{said:?}");
    let said = sentences(of_contract(per_unit()), 83, Language::English);
    assert!(said[0].ends_with(" costs what was agreed with the customer (contract c4)."), "{said:?}");
}

/// What a page says of the same: in the units of prices, without brackets, zeros and notes of the price book.
#[test]
fn a_page_says_it_as_people_speak() {
    let readable = |item: PriceItem, quantity: u128, language: Language| -> Vec<String> {
        let configs = versions(&sum(), std::slice::from_ref(&item));
        let used = sequence::go_on(vec![part(0, Measured::of(quantity, Unit::Event))], &configs).unwrap();
        let all = explained(&[item], used, FULL_RATE_E8);
        all.iter().flat_map(|it| it.0.iter().map(|it| it.readable(language))).collect()
    };
    let steps = item(Pricing::Graduated(tiers(&[(0, "0", "0"), (100, "0.02", "5.00")])));
    let said = readable(steps.clone(), 250, Language::English);
    assert_eq!(
        said[said.len() - 2..],
        [
            "Before it stood 100 events, which free units and tiers go on from.",
            "By tiers, per event and hour: 150 × 0.02 (above 100) + 5.00 once.",
        ]
    );
    let said = readable(steps, 250, Language::Chinese);
    assert_eq!(said.last().unwrap(), "按每次·小时阶梯计价：150 × 0.02（超过 100） + 一次性 5.00。");
    let said = readable(item(per_unit()), 83, Language::Chinese);
    assert_eq!(said[1..], ["计量：83 次。", "每次·小时 0.01 × 83。"]);
    assert!(said.iter().all(|it| !it.contains(&item(per_unit()).source)), "{said:?}");
    // 24 Gbps between 20 and 30 Gbps, for 2,200.00: the example of high-defence protection.
    let step = Step::Band {
        used: Measured::of(24_000_000_000, Unit::BitPerSecond),
        from: 20_000_000_000,
        up_to: Some(30_000_000_000),
        edge: Edge::Upper,
        amount: amount("2200.00"),
    };
    let band = Reason { result: step.result(None).unwrap(), step };
    let said = Language::ALL.map(|it| band.readable(it));
    assert_eq!(
        said,
        [
            "24 Gbps, in the band above 20 Gbps up to 30 Gbps: 2,200.00.",
            "24 Gbps，档位超过 20 Gbps、不超过 30 Gbps，价格 2,200.00。"
        ]
    );
    // 2 Mbit/s at 20.00 a month, as a slip says it.
    let per = crate::tag::per(&component(Meter::Months, item(per_unit())), one(), 1);
    let used = Measured::of(2, Unit::Mbps);
    let parts =
        vec![TierPart { from: 0, up_to: Some(5), quantity: 2, amount: amount("20"), flat: amount("0") }];
    let step = Step::Tiers { per: Quantity::new(1, Unit::Mbps), of: per, parts, used };
    let said = Reason { result: step.result(None).unwrap(), step }.by_quantity(Language::English);
    assert_eq!(said.unwrap(), "2 Mbps × 20.00 per event and month");
    // 3 Mbit/s in two tiers: what they come to together is by the month alone.
    let part = |quantity, price| TierPart {
        from: 0,
        up_to: None,
        quantity,
        amount: amount(price),
        flat: amount("0"),
    };
    let (parts, used) = (vec![part(2, "20"), part(1, "25")], Measured::of(3, Unit::Mbps));
    let step = Step::Tiers { per: Quantity::new(1, Unit::Mbps), of: per, parts, used };
    let said = Reason { result: step.result(None).unwrap(), step }.by_quantity(Language::English);
    assert_eq!(said.unwrap(), "(2 Mbps × 20.00 + 1 Mbps × 25.00) per month");
}

/// Units, times and what a price is per are said in the language of the sentence.
#[test]
fn units_and_times_are_said_in_chinese() {
    let said = sentences(item(per_unit()), 83, Language::Chinese);
    assert_eq!(said[1..], ["计量：83 次。", "每次·小时 0.01：0.01 × 83 次：0.83000000。"]);
    let per = |per: Quantity, seconds| {
        let component = component(sum(), item(per_unit()));
        let per = crate::tag::per(&component, per, seconds);
        Language::ALL.map(|language| per.words(language))
    };
    assert_eq!(per(Quantity::new(1, Unit::Piece), 3_600), ["hour", "小时"]);
    assert_eq!(per(Quantity::new(1, Unit::Piece), 86_400), ["day", "天"]);
    assert_eq!(per(Quantity::new(3_600, Unit::GigabyteSecond), 1), ["GB and hour", "GB·小时"]);
    assert_eq!(per(Quantity::new(1, Unit::Mbps), 3_600), ["Mbps and hour", "Mbps·小时"]);
    assert_eq!(per(Quantity::new(1_000, Unit::Event), 1), ["1000 event", "1000 次"]);
    assert_eq!(per(Quantity::new(1 << 30, Unit::Byte), 1), ["GB", "GB"]);
}

/// Source: R-SLT-1. Which slot a percentile took, and that it took one without a report; sentences name a few, figures all.
#[test]
fn the_slots_that_are_chosen_are_said() {
    let slot = |minutes: i64| ChosenSlot {
        from: Timestamp::from_second(1_780_243_200 + minutes * 60).unwrap(),
        local: format!("2026-06-01 00:{minutes:02}:00"),
        value: Measured::of(19_000_000, Unit::BitPerSecond),
    };
    let said =
        |it: &Chosen, language| Reason { step: Step::Chosen(it.clone()), result: None }.sentence(language);
    let one = Chosen { seconds: 300, position: Some((19, 20)), slots: vec![slot(5)] };
    assert_eq!(
        said(&one, Language::English),
        "Number 19 of 20 slots, smallest first: 19000000 bit/s from 2026-06-01 00:05:00."
    );
    assert_eq!(
        said(&one, Language::Chinese),
        "共 20 个时隙，自小到大第 19 个：2026-06-01 00:05:00 起 19000000 bit/s。"
    );
    let figures = Step::Chosen(one.clone()).figures();
    let figure = |name: &str| figures.iter().find(|it| it.0 == name).map(|it| it.1.as_str());
    assert_eq!(figure("position"), Some("19"));
    assert_eq!(figure("slot_0_from"), Some("2026-05-31T16:05:00Z"));
    assert_eq!(figure("slot_0_quantity"), Some("19000000"));
    let silent = Chosen { slots: Vec::new(), ..one.clone() };
    assert!(said(&silent, Language::English).ends_with("smallest first: one without a report, 0."));
    let many = Chosen { position: None, slots: (0..12).map(slot).collect(), ..one };
    assert!(said(&many, Language::English).ends_with("00:09:00 and 2 more."));
    assert_eq!(Step::Chosen(many).figures().iter().filter(|it| it.0.ends_with("_from")).count(), 12);
}

/// What cannot be priced names its product and component.
#[test]
fn a_sum_that_is_too_large_names_its_component() {
    let dear = PriceItem { ..item(Pricing::PerUnit(Price { amount: amount("90000000000"), per: one() })) };
    let configs = versions(&sum(), std::slice::from_ref(&dear));
    let used = [part(0, Measured::of(2, Unit::Event))];
    let refused = rate::lines(&used, &configs, Terms::default()).unwrap_err().to_string();
    assert_eq!(refused, "component `use` of p: the sum is too large");
}

/// Source: R-PRC-1. Which tier a volume price took.
#[test]
fn the_tier_that_is_reached_is_said() {
    let hours = item(Pricing::Volume(tiers(&[(0, "5", "0"), (10, "3", "0"), (15, "1", "0")])));
    let said = sentences(hours, 16, Language::English);
    let last = said.last().unwrap();
    assert_eq!(
        last,
        "The cycle's 16 reach the tier (15, ∞) at 1.00 per event and hour: 16 × 1.00: 16.00000000."
    );
}

/// Source: R-PRC-11, R-PRC-16. Bounds and minimums are said.
#[test]
fn bounds_and_minimums_are_said() {
    let least = PriceItem { minimum: Some(amount("1.00")), ..item(per_unit()) };
    let said = sentences(least, 83, Language::English);
    assert_eq!(said.last().unwrap(), "A cycle with any use costs at least 1.00: 1.00000000.");
    let share = Percentage {
        rate_e8: 1_200_000,
        fixed: amount("0.10"),
        least: Some(amount("0.50")),
        most: Some(amount("5.00")),
    };
    let value = Measured::of(100_000_000_000, Unit::ValueE8);
    let step = Step::Share { share, value };
    let result = step.result(None).unwrap();
    let said = Reason { step, result }.sentence(Language::English);
    assert_eq!(said, "1.2 % × 1000.00 + 0.10, at least 0.50, at most 5.00: 5.00000000.");
}

fn per_unit() -> Pricing {
    Pricing::PerUnit(Price { amount: amount("0.01"), per: one() })
}

proptest! {
    /// Whatever the price, the versions and the discount: the steps come to the line, or there is no explanation.
    #[test]
    fn the_steps_are_the_arithmetic(
        it in any_item(), parts in prop::collection::vec(1_u128..80, 1..4), rate_e8 in 1_u64..=100_000_000,
    ) {
        let version = |at: usize| PriceItem { source: format!("version {at}"), ..it.clone() };
        let items: Vec<PriceItem> = (0..parts.len()).map(version).collect();
        let configs = versions(&sum(), &items);
        let used = parts.iter().enumerate().map(|it| part(it.0, Measured::of(*it.1, Unit::Event))).collect();
        let used = sequence::go_on(used, &configs).unwrap();
        for (reasons, cost_e8) in explained(&items, used, rate_e8) {
            let mut result = None;
            for it in &reasons {
                result = it.step.result(result).unwrap();
                prop_assert_eq!(result, it.result);
                prop_assert!(it.step.figures().iter().all(|it| !it.0.is_empty() && !it.1.is_empty()));
                for language in Language::ALL {
                    prop_assert!(!it.sentence(language).is_empty());
                }
            }
            prop_assert_eq!(result.map(Amount::e8), Some(i128::from(cost_e8)));
        }
    }

    /// The same of what is measured one by one, or as a mean.
    #[test]
    fn bands_shares_and_means_too(value in 0_u128..10_000_000_000, count in 1_u64..5_000, lower in any::<bool>()) {
        let edge = if lower { Edge::Lower } else { Edge::Upper };
        let bands = Bands { unit: Unit::BitPerSecond, edge, bands: vec![(20, amount("3")), (900, amount("7"))], up_to: None };
        let share = Percentage { rate_e8: 1_200_000, fixed: amount("0.10"), least: Some(amount("0.50")), most: None };
        let mean = item(Pricing::Graduated(tiers(&[(0, "2", "0"), (10, "1", "3")])));
        let of = |unit| Measured::of(value, unit);
        let cases = [
            (item(Pricing::Band(bands)), of(Unit::BitPerSecond)),
            (item(Pricing::Percentage(share)), of(Unit::ValueE8)),
            (mean.clone(), of(Unit::Event).mean(count)),
            (PriceItem { free: 3, ..mean }, of(Unit::Event).mean(count).part(7, 30)),
        ];
        for (item, measured) in cases {
            explained(&[item], vec![part(0, measured)], FULL_RATE_E8);
        }
    }
}
