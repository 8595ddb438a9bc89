//! Steps in words, in English and Chinese.
//!
//! In:  a step and what the line comes to after it. Out: a sentence.
//! Invariant: a sentence says the figures of its step and no others.
//! Rules: R-BIL-2.

use super::{BoughtBy, Chosen, ChosenSlot, Reason, Step, TierPart};
use crate::difference::{YEAR_DAYS, YEAR_MONTHS};
use crate::language::{self, Language};
use crate::price::{Edge, Percentage};
use crate::text::Text;
use units::decimal::print_short;
use units::{Amount, Measured, Quantity, Unit};

/// What was measured, as scenarios write it: pieces are bare numbers there.
pub fn bare(used: Measured) -> String {
    let is_bare = used.unit == Unit::Piece;
    if is_bare { with_factor(used.quantity.to_string(), used) } else { with_unit(used, Language::English) }
}

/// What was measured, with its unit: `3600 s`, `1 piece × 6`.
pub fn with_unit(used: Measured, language: Language) -> String {
    let is_plural = language == Language::English && used.unit == Unit::Piece && used.quantity != 1;
    let (unit, plural) = (language::unit(used.unit, language), if is_plural { "s" } else { "" });
    with_factor(format!("{} {unit}{plural}", used.quantity), used)
}

fn with_factor(value: String, used: Measured) -> String {
    let value = if used.count == 1 { value } else { format!("{value} / {}", used.count) };
    match (used.num, used.den) {
        (1, 1) => value,
        (num, 1) => format!("{value} × {num}"),
        (1, den) => format!("{value} / {den}"),
        (num, den) => format!("{value} × {num} / {den}"),
    }
}

/// What is paid by the month was bought for so many months, and days where it ends on a fixed day. Source: R-PRE-3.
///
/// `said` says how much it was.
pub(super) fn of_months(used: Measured, language: Language, said: &dyn Fn(Measured) -> String) -> String {
    let (months, days) = (used.num / used.den.max(1), used.num % used.den.max(1));
    let many = |count: u64, one: &str| format!("{count} {one}{}", if count == 1 { "" } else { "s" });
    let months = match days {
        _ if used.den == YEAR_DAYS => of_days(used, language),
        0 => language.say(many(months, "month"), format!("{months} 个月")),
        _ => language.say(
            format!("({} and {} of {})", many(months, "month"), many(days, "day"), used.den),
            format!("（{months} 个月又 {days} 天，每月按 {} 天计）", used.den),
        ),
    };
    match (used.unit, used.quantity) {
        (Unit::Piece, 1) => months,
        _ => format!("{} × {months}", said(Measured::of(used.quantity, used.unit))),
    }
}

/// The days that were left when something was changed, each a part of a month. Source: R-CHG-1.
fn of_days(used: Measured, language: Language) -> String {
    let days = used.num / YEAR_MONTHS;
    language.say(
        format!("({days} day{} × {YEAR_MONTHS} / {YEAR_DAYS} months)", if days == 1 { "" } else { "s" }),
        format!("（{days} 天 × {YEAR_MONTHS} / {YEAR_DAYS} 个月）"),
    )
}

fn short(amount: Amount) -> String {
    amount.short()
}

/// ` / 3600`, or nothing for a price of one.
fn divisor(per: Quantity) -> String {
    if per.value == 1 { String::new() } else { format!(" / {}", per.value) }
}

/// `(0, 10]`, `above 15`.
fn span(from: u128, up_to: Option<u128>, edge: Edge) -> String {
    match (up_to, edge) {
        (Some(to), Edge::Upper) => format!("({from}, {to}]"),
        (Some(to), Edge::Lower) => format!("[{from}, {to})"),
        (None, Edge::Upper) => format!("({from}, ∞)"),
        (None, Edge::Lower) => format!("[{from}, ∞)"),
    }
}

impl Reason {
    /// The step as a sentence; what the line comes to stands at the end where the step priced something.
    pub fn sentence(&self, language: Language) -> String {
        let text = words(&self.step, language);
        match (self.is_priced(), self.result, language) {
            (true, Some(result), Language::English) => format!("{text}: {result}."),
            (true, Some(result), Language::Chinese) => format!("{text}：{result}。"),
            (_, _, Language::English) => format!("{text}."),
            (_, _, Language::Chinese) => format!("{text}。"),
        }
    }

    /// Whether the step says what the line comes to.
    fn is_priced(&self) -> bool {
        match self.step {
            Step::Priced { .. }
            | Step::Measured { .. }
            | Step::Chosen(_)
            | Step::Bought { .. }
            | Step::AtLeast { .. }
            | Step::AtMost { .. }
            | Step::FreeTier { .. }
            | Step::Covered { .. }
            | Step::After { .. }
            | Step::Started { .. }
            | Step::Free { .. } => false,
            Step::Units { .. }
            | Step::Tiers { .. }
            | Step::Reached { .. }
            | Step::Blocks { .. }
            | Step::Share { .. }
            | Step::Band { .. }
            | Step::Nothing { .. }
            | Step::Minimum { .. }
            | Step::Rate { .. }
            | Step::Evened { .. }
            | Step::GivenBack
            | Step::Recounted { .. }
            | Step::Billed { .. } => true,
        }
    }
}

pub(super) fn words(step: &Step, language: Language) -> String {
    let say = |english: String, chinese: String| language.say(english, chinese);
    match step {
        Step::Priced { name, contract: Some(contract), has_steps, .. } => {
            agreed(name, (contract.as_str(), *has_steps), language)
        }
        Step::Priced { name, source, .. } => say(
            format!("{} costs what the price book says ({source})", name.en),
            format!("{}按价目表计价（来源：{source}）", name.zh),
        ),
        Step::Measured { used } => measured(&with_unit(*used, language), language),
        Step::Chosen(chosen) => choice(chosen, language, &|it| with_unit(it.value, language)),
        Step::Bought { used, meter } => was_bought(&bought(*used, Some(*meter), language), language),
        Step::AtLeast { seconds } => at_least(&time(*seconds, language), language),
        Step::AtMost { seconds } => at_most(&time(*seconds, language), language),
        Step::FreeTier { units, unit } => {
            free_tier(&with_unit(Measured::of((*units).into(), *unit), language), language)
        }
        Step::Covered { units, unit } => {
            covered(&format!("{units} {}", language::unit(*unit, language)), language)
        }
        Step::After { before, used } => {
            let count = if used.count == 1 { String::new() } else { format!(" / {}", used.count) };
            after(&format!("{before} {}{count}", language::unit(used.unit, language)), language)
        }
        Step::Started { size, counted } => {
            started(&size.to_string(), &with_unit(*counted, language), language)
        }
        Step::Free { free: units, counted } => {
            free(&units.to_string(), &with_unit(*counted, language), language)
        }
        Step::Units { price, per, used, meter } => {
            let (amount, per) = (short(price.amount), per.words(language));
            let worked = format!("{amount} × {}{}", bought(*used, *meter, language), divisor(price.per));
            say(format!("{amount} / {per}: {worked}"), format!("{} {amount}：{worked}", each(&per)))
        }
        Step::Nothing { .. } => say("Nothing of it is charged".into(), "不产生费用".into()),
        Step::Minimum { least, earlier } => minimum(*least, *earlier, language),
        Step::Rate { rate_e8 } => rate(*rate_e8, language),
        Step::Evened { by } => say(
            format!("Rounding of the rate: {}; so it comes to the agreed sum", short(*by)),
            format!("折扣率舍入差额 {}，调整至约定金额", short(*by)),
        ),
        Step::GivenBack => {
            say("It is so no longer, and this is given back".into(), "变更前的配置不再使用，退回".into())
        }
        Step::Recounted { .. } => say(
            "With all that is known by now the whole cycle comes to".into(),
            "按目前已知的全部用量，整个周期的费用为".into(),
        ),
        Step::Billed { before } => say(
            format!("Billed for it so far: {}; this line is the difference", short(*before)),
            format!("此前已计费 {}；本行为差额", short(*before)),
        ),
        Step::Tiers { .. }
        | Step::Reached { .. }
        | Step::Blocks { .. }
        | Step::Share { .. }
        | Step::Band { .. } => by_amount(step, language),
    }
}

/// The steps whose price depends on how much it is.
fn by_amount(step: &Step, language: Language) -> String {
    let say = |english: String, chinese: String| language.say(english, chinese);
    match step {
        Step::Tiers { per, of, parts, used } => {
            let parts = parts.iter().map(|it| tier(it, language)).collect::<Vec<_>>().join(" + ");
            let factor = format!("{}{}", divisor(*per), with_factor(String::new(), *used));
            let of = of.words(language);
            say(
                format!("By tiers, per {of}: ({parts}){factor}"),
                format!("按{}阶梯计价：({parts}){factor}", each(&of)),
            )
        }
        Step::Reached { per, of, whole, part, used } => {
            let factor = format!("{}{}", divisor(*per), with_factor(String::new(), *used));
            reached(*whole, part, &factor, language).replace("{of}", &of.words(language))
        }
        Step::Blocks { size, blocks, price } => say(
            format!("{blocks} started blocks of {} {} at {} each", size.value, size.unit, short(*price)),
            format!(
                "每 {} {} 为一份，共 {blocks} 份，每份 {}",
                size.value,
                language::unit(size.unit, language),
                short(*price)
            ),
        ),
        Step::Share { share, value } => shared(share, *value, language),
        Step::Band { used, from, up_to, edge, amount } => {
            let (used, span, unit, amount) =
                (with_unit(*used, language), span(*from, *up_to, *edge), used.unit, short(*amount));
            say(
                format!("{used} falls into the band {span} {unit} at {amount}"),
                format!("{used} 落入 {span} {unit} 区间，价格 {amount}"),
            )
        }
        Step::Priced { .. }
        | Step::Measured { .. }
        | Step::Chosen(_)
        | Step::Bought { .. }
        | Step::AtLeast { .. }
        | Step::AtMost { .. }
        | Step::FreeTier { .. }
        | Step::Covered { .. }
        | Step::After { .. }
        | Step::Started { .. }
        | Step::Free { .. }
        | Step::Units { .. }
        | Step::Nothing { .. }
        | Step::Minimum { .. }
        | Step::Rate { .. }
        | Step::Evened { .. }
        | Step::GivenBack
        | Step::Recounted { .. }
        | Step::Billed { .. } => String::new(),
    }
}

fn time(seconds: u64, language: Language) -> String {
    with_unit(Measured::of(seconds.into(), Unit::PieceSecond), language)
}

/// What counts whole of a life; `time` is said as its reader reads it. Source: R-PRC-23.
pub(super) fn at_least(time: &str, language: Language) -> String {
    language.say(
        format!("The first {time} of a life count whole, however soon it ends"),
        format!("存续期的前 {time}按整段计费，提前释放也不例外"),
    )
}

/// What was free for the account. Source: R-PRC-25.
pub(super) fn free_tier(units: &str, language: Language) -> String {
    language.say(
        format!("The account's free tier took {units} of it before; they are not in that figure"),
        format!("账户免费额度已先抵扣 {units}，不含在上述用量中"),
    )
}

/// What packs covered.
pub(super) fn covered(units: &str, language: Language) -> String {
    language.say(
        format!("Packs covered {units} of it before; they are not in that figure"),
        format!("资源包已先抵扣 {units}，不含在上述用量中"),
    )
}

/// What was agreed with a customer, under a contract that sets a price or, of one that has steps, a part of it.
pub(super) fn agreed(name: &Text, of: (&str, bool), language: Language) -> String {
    match of {
        (contract, true) => language.say(
            format!("A part of the price of {} was agreed with the customer (contract {contract})", name.en),
            format!("{}的部分价格按合同价计价（合同：{contract}）", name.zh),
        ),
        (contract, false) => language.say(
            format!("{} costs what was agreed with the customer (contract {contract})", name.en),
            format!("{}按合同价计价（合同：{contract}）", name.zh),
        ),
    }
}

/// What was used.
pub(super) fn measured(used: &str, language: Language) -> String {
    language.say(format!("Measured: {used}"), format!("计量：{used}"))
}

/// What was bought.
pub(super) fn was_bought(bought: &str, language: Language) -> String {
    language.say(format!("Bought: {bought}"), format!("购买：{bought}"))
}

/// Started units count whole, which makes `all`.
pub(super) fn started(size: &str, all: &str, language: Language) -> String {
    language
        .say(format!("Each started {size} counts whole: {all}"), format!("不足 {size} 按 {size} 计：{all}"))
}

/// Units of a cycle that cost nothing, and what counts behind them.
pub(super) fn free(units: &str, all: &str, language: Language) -> String {
    language.say(
        format!("{units} of each cycle are free: {all} count"),
        format!("每个周期前 {units} 免费：计费用量 {all}"),
    )
}

/// Where a line stands in its cycle.
pub(super) fn after(before: &str, language: Language) -> String {
    language.say(
        format!("Before it stood {before}, which free units and tiers go on from"),
        format!("此前已累计 {before}，免费额度与阶梯由此继续"),
    )
}

/// A part of a tier, with what the tier costs once.
pub(super) fn with_flat(units: String, flat: Option<String>, language: Language) -> String {
    match flat {
        None => units,
        Some(flat) => language.say(format!("{units} + {flat} once"), format!("{units} + 一次性 {flat}")),
    }
}

/// What of a calendar month is charged at most. Source: R-PRC-24.
pub(super) fn at_most(time: &str, language: Language) -> String {
    language
        .say(format!("At most {time} of a calendar month are charged"), format!("每个自然月最多计费 {time}"))
}

/// What was bought so many months of, or anything else as it was measured.
fn bought(used: Measured, meter: Option<BoughtBy>, language: Language) -> String {
    match meter {
        Some(BoughtBy::Month) => of_months(used, language, &|it| with_unit(it, language)),
        Some(BoughtBy::Once) | None => with_unit(used, language),
    }
}

/// `每小时`, `每 GB`: Chinese and Latin letters stand apart.
pub(super) fn each(per: &str) -> String {
    let apart = if per.starts_with(|it: char| it.is_ascii()) { " " } else { "" };
    format!("每{apart}{per}")
}

/// Slots beyond which a sentence names no more of them; figures name all.
const FEW: usize = 10;

/// Which slots the price goes by; `said` says the value of one.
pub(super) fn choice(it: &Chosen, language: Language, said: &dyn Fn(&ChosenSlot) -> String) -> String {
    let slot = |slot: &ChosenSlot| {
        let value = said(slot);
        language.say(format!("{value} from {}", slot.local), format!("{} 起 {value}", slot.local))
    };
    let all: Vec<String> = it.slots.iter().take(FEW).map(slot).collect();
    let more = match it.slots.len() - all.len() {
        0 => String::new(),
        more => language.say(format!(" and {more} more"), format!(" 等另 {more} 个")),
    };
    let listed = match all.is_empty() {
        true => language.say("one without a report, 0".into(), "一个无上报的时隙，计 0".into()),
        false => format!("{}{more}", all.join(language.say(", ".into(), "、".into()).as_str())),
    };
    match it.position {
        Some((position, of)) => language.say(
            format!("Number {position} of {of} slots, smallest first: {listed}"),
            format!("共 {of} 个时隙，自小到大第 {position} 个：{listed}"),
        ),
        None => language.say(format!("Chosen slots: {listed}"), format!("选取的时隙：{listed}")),
    }
}

fn rate(rate_e8: u64, language: Language) -> String {
    let rate = print_short(rate_e8.into(), 8, 2);
    language.say(
        format!("Discount rate {rate}: the list price × {rate}"),
        format!("折扣率 {rate}：原价 × {rate}"),
    )
}

fn tier(it: &TierPart, language: Language) -> String {
    let units = format!("{} × {} {}", it.quantity, short(it.amount), span(it.from, it.up_to, Edge::Upper));
    with_flat(units, (it.flat.e8() != 0).then(|| short(it.flat)), language)
}

fn reached(whole: u128, part: &TierPart, divided: &str, language: Language) -> String {
    let (tier, amount, quantity) =
        (span(part.from, part.up_to, Edge::Upper), short(part.amount), part.quantity);
    let flat = match part.flat.e8() {
        0 => String::new(),
        _ => format!(" + {}", short(part.flat)),
    };
    language.say(
        format!("The cycle's {whole} reach the tier {tier} at {amount} per {{of}}: {quantity} × {amount}{divided}{flat}"),
        format!("周期用量 {whole} 达到阶梯 {tier}，单价 {amount}/{{of}}：{quantity} × {amount}{divided}{flat}"),
    )
}

fn shared(share: &Percentage, value: Measured, language: Language) -> String {
    let rate = print_short(share.rate_e8.into(), 6, 0);
    let value = i128::try_from(value.quantity).unwrap_or(i128::MAX);
    let value = short(Amount::from_e8(value, share.fixed.currency()));
    let bound = |it: Option<Amount>| it.map(short);
    let (least, most) = (bound(share.least), bound(share.most));
    let english =
        [least.as_ref().map(|it| format!("at least {it}")), most.as_ref().map(|it| format!("at most {it}"))];
    let chinese = [least.map(|it| format!("不低于 {it}")), most.map(|it| format!("不高于 {it}"))];
    let join = |bounds: [Option<String>; 2], comma: &str| -> String {
        bounds.into_iter().flatten().map(|it| format!("{comma}{it}")).collect()
    };
    let formula = format!("{rate} % × {value} + {}", short(share.fixed));
    language.say(format!("{formula}{}", join(english, ", ")), format!("{formula}{}", join(chinese, "，")))
}

fn minimum(least: Amount, earlier: Amount, language: Language) -> String {
    match earlier.e8() {
        0 => language.say(
            format!("A cycle with any use costs at least {}", short(least)),
            format!("有用量的周期最低收费 {}", short(least)),
        ),
        _ => language.say(
            format!(
                "A cycle with any use costs at least {}, of which {} stand on lines before",
                short(least),
                short(earlier)
            ),
            format!("有用量的周期最低收费 {}，其中 {} 已在前面各行", short(least), short(earlier)),
        ),
    }
}
