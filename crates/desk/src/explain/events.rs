//! What happened behind a line: the spans in which a resource was held, and the readings that it reported.
//!
//! In:  a stored line. Out: a sentence for each. Made again from the append-only tables.
//! Invariant: what came after the cycle was closed is not listed; it was not in the bill.

use super::{Detail, Figures, Refusal, Teller};
use billing::bill::{Bill, Kind, Line};
use billing::book::{AttackMode, Meter};
use billing::books::Series;
use billing::order::{Action, Order};
use billing::plan::{Configs, Part, Plan};
use billing::price::PriceItem;
use billing::resource::{MeterEvent, Resource};
use billing::segment::{self, Change, Segment};
use billing::text::Text;
use billing::used::{AggregateError, Sample, same_price};
use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use store::Tx;
use store::corrections::prices;
use units::{Cycle, CycleKind, ResourceId, Timestamp, Unit};

/// Readings beyond which an explanation sums them up.
const FEW: usize = 10;

/// What a line counts of readings: in which unit, and what it is called.
struct Read {
    unit: Unit,
    what: Text,
}

/// The resources of a bill by their ids.
type Resources = HashMap<ResourceId, Resource>;

impl Teller<'_> {
    /// One sentence for each span or reading that the line adds up; for a prepaid line, its order.
    pub(super) fn events(&self, tx: &mut Tx<'_>, line: &Line<'_>) -> Result<Vec<String>, Refusal> {
        let bill = self.bill;
        if let Some(order) = bill.order {
            let read = store::orders::get(tx, bill.account, order)?;
            return Ok(vec![self.ordered(&read.order, line)]);
        }
        let all = match bill.resource {
            Some(id) => vec![store::resources::get(tx, bill.account, id)?],
            None => store::resources::of_account(tx, bill.account)?,
        };
        let resources: Resources = all.into_iter().map(|it| (it.resource.id, it.resource)).collect();
        let mut text = self.spans(tx, line, &resources)?;
        text.extend(self.readings(tx, line, &resources)?);
        Ok(text)
    }

    fn ordered(&self, order: &Order, line: &Line<'_>) -> String {
        let (created, id, months, days) = (self.print(order.created), order.id, order.months, order.days);
        let delivered = self.print(self.bill.from);
        let many = |count: u32, one: &str| format!("{count} {one}{}", if count == 1 { "" } else { "s" });
        let (bought, term) = match (months, days) {
            (0, _) => (String::new(), String::new()),
            (_, 0) => (format!(" for {}", many(months, "month")), format!("，时长 {months} 个月")),
            (_, _) => (
                format!(" for {} and {}", many(months, "month"), many(days, "day")),
                format!("，时长 {months} 个月又 {days} 天"),
            ),
        };
        if order.action == Action::Upgrade {
            let from = match order.raise {
                Some(_) => self.second(line.from),
                None => self.print(self.bill.from),
            };
            let to = self.second(line.to);
            return self.say(
                format!(
                    "Changed by order {id} of {created}, from {from} for the {} up to {to}.",
                    many(days, "day")
                ),
                format!("{created} 下单 {id} 变更配置，自 {from} 至 {to}，共 {days} 天。"),
            );
        }
        if order.action == Action::Downgrade {
            let (from, to) = (self.print(self.bill.from), self.print(self.bill.to));
            return self.say(
                format!("Lowered by order {id} of {created}, from {from} for the time up to {to}."),
                format!("{created} 下单 {id} 降低配置，自 {from} 至 {to}。"),
            );
        }
        if order.action == Action::Convert {
            let (from, to) = (self.second(line.from), self.second(line.to));
            return self.say(
                format!("Converted to prepaid{bought} by order {id} of {created}, from {from} to {to}."),
                format!("{created} 下单 {id} 转为包年包月{term}，自 {from} 至 {to}。"),
            );
        }
        if order.action == Action::Renew {
            let (from, to) = (self.second(line.from), self.second(line.to));
            return self.say(
                format!("Renewed{bought} by order {id} of {created}, from {from} to {to}."),
                format!("{created} 下单 {id} 续费{term}，自 {from} 至 {to}。"),
            );
        }
        self.say(
            format!("Ordered {created} as {id}{bought}, delivered {delivered}."),
            format!("{created} 下单 {id}{term}，{delivered} 交付。"),
        )
    }

    /// Every change in the lives of the resources of the bill, of its product.
    pub(super) fn changes(&self, tx: &mut Tx<'_>, configs: &mut Configs) -> Result<Vec<Change>, Refusal> {
        let bill = self.bill;
        let books = self.books(tx)?;
        let events = match bill.resource {
            Some(id) => store::resources::events(tx, bill.account, id)?,
            None => store::resources::events_of_account(tx, bill.account)?,
        };
        let own = events.into_iter().filter(|it| it.product == bill.product);
        let mut change = |it: MeterEvent| Change {
            resource: it.resource,
            at: counted_from(&it, bill).as_second(),
            state: it.state,
            config: configs.intern(&books, &it.product, &it.options.to_string()),
        };
        Ok(own.map(&mut change).collect())
    }

    /// The segments behind a line, made again from the whole life of the account's resources.
    fn spans(&self, tx: &mut Tx<'_>, line: &Line<'_>, resources: &Resources) -> Result<Vec<String>, Refusal> {
        let bill = self.bill;
        let mut configs = Configs::default();
        let changes = self.changes(tx, &mut configs)?;
        let born = changes.iter().map(|it| it.at).min().and_then(|it| Timestamp::from_second(it).ok());
        let (from, to) = used_in(bill);
        let life = Cycle { kind: CycleKind::Month, from: born.unwrap_or(from), to };
        let (all, _) = segment::segments(&[], &changes, life, &configs).map_err(AggregateError::Plan)?;
        let (_, item) = super::item(self.desk, bill, line)?;
        let of = Priced { bill, line, item };
        let mut text = Vec::new();
        for segment in all {
            let plan = configs.get(segment.config).plan(segment.version).map_err(AggregateError::Plan)?;
            let Some(part) = plan.parts.iter().find(|part| of.is_part(plan, part, &segment)) else {
                continue;
            };
            let segment = charged_within(&segment, part, bill);
            if segment.from < segment.to && of.reaches(&segment) {
                text.push(self.span(&segment, plan, part, resources));
            }
        }
        Ok(text)
    }

    /// The books that priced the bill: those that were in force, or with what stands above them, as an adjustment always counts.
    fn books(&self, tx: &mut Tx<'_>) -> Result<Cow<'_, Series>, Refusal> {
        let (books, account, currency) = (&self.desk.books, self.bill.account, self.bill.currency());
        let is_kept = |line: &Line<'_>| books.kept().iter().any(|it| it.id == line.book);
        if self.bill.original.is_none() && !self.bill.lines.iter().any(is_kept) {
            return Ok(Cow::Borrowed(books.of_account(account, currency)));
        }
        let rerates = prices::of_account(tx, account)?;
        Ok(Cow::Owned(prices::corrected(books, account, currency, &rerates)?))
    }

    fn span(&self, segment: &Segment, plan: &Plan, part: &Part, resources: &Resources) -> String {
        let (from, to) = (self.second(segment.from), self.second(segment.to));
        let whole = self.quantity(part.quantity, plan.component(part).quantity.unit);
        let held = if part.quantity == 1 { String::new() } else { format!("{whole} for ") };
        let many = if part.quantity == 1 { String::new() } else { format!("{whole} × ") };
        let (who, state) = (name(resources, segment.resource), segment.state.text());
        let time = self.quantity(segment.seconds().into(), Unit::PieceSecond);
        let (mut english, mut chinese) = (String::new(), String::new());
        if !part.billed_while.contains(segment.state) {
            let least = self.quantity(part.least_seconds.into(), Unit::PieceSecond);
            english = format!(", in the first {least} of its life, which count whole");
            chinese = format!("，属于按整段计费的存续期前 {least}");
        }
        self.say(
            format!("{who} was {} from {from} to {to}{english}: {held}{time}.", state.en),
            format!("{who} 自 {from} 至 {to} 处于“{}”状态{chinese}：{many}{time}。", state.zh),
        )
    }

    /// A quantity whose unit was said before; one that is read in units of its own says them.
    fn bare(&self, value: u128, unit: Unit) -> String {
        match self.question.figures {
            Figures::Exact => value.to_string(),
            Figures::Readable => self.quantity(value, unit),
        }
    }

    fn second(&self, second: i64) -> String {
        Timestamp::from_second(second).map_or_else(|_| second.to_string(), |it| self.print(it))
    }

    /// The readings of the line's meter by the resources that it stands for, each or summed up.
    fn readings(
        &self,
        tx: &mut Tx<'_>,
        line: &Line<'_>,
        resources: &Resources,
    ) -> Result<Vec<String>, Refusal> {
        let bill = self.bill;
        let product = self.desk.books.get(line.book).and_then(|it| it.product(&bill.product));
        let component = product.and_then(|it| it.components.iter().find(|it| it.id == line.component));
        let Some(component) = component else { return Ok(Vec::new()) };
        let Some(usage) = component.meter.usage() else { return Ok(Vec::new()) };
        let in_region = |it: &Resource| it.options.get("region").unwrap_or("") == bill.region;
        let mine = |id: ResourceId| match bill.resource {
            Some(own) => own == id,
            None => resources.get(&id).is_some_and(|it| it.product == bill.product && in_region(it)),
        };
        let cycle = CycleKind::ALL.into_iter().find(|it| Kind::of_cycle(*it) == bill.kind);
        let mut all = store::usage::between(tx, bill.account, line.from..line.to, cycle)?;
        all.retain(|it| it.usage == usage && mine(it.resource));
        let of = Read { unit: component.quantity.unit, what: component.label.or(&component.name) };
        let mut text: Vec<String> = match self.question.detail {
            Detail::Summary if all.len() > FEW => self.summed_up(&all, &of).into_iter().collect(),
            Detail::Summary | Detail::Whole => {
                all.iter().map(|it| self.reading(it, &of, &name(resources, it.resource))).collect()
            }
        };
        text.extend(self.what_counts(&component.meter, bill.resource.and_then(|it| resources.get(&it))));
        Ok(text)
    }

    fn reading(&self, it: &Sample, of: &Read, who: &str) -> String {
        let (at, event) = (self.second(it.at), &it.event);
        let quantity = self.quantity(it.quantity.into(), of.unit);
        self.say(
            format!("{who} reported {quantity} for {} at {at} (event {event}).", of.what.en),
            format!("{who} 于 {at} 上报{} {quantity}（事件 {event}）。", of.what.zh),
        )
    }

    /// Many readings in one sentence; `None` of none.
    fn summed_up(&self, all: &[Sample], of: &Read) -> Option<String> {
        let (first, last) = (all.iter().min_by_key(|it| it.at)?, all.iter().max_by_key(|it| it.at)?);
        let (least, most) =
            (all.iter().map(|it| it.quantity).min()?, all.iter().map(|it| it.quantity).max()?);
        let (from, to, count) = (self.second(first.at), self.second(last.at), all.len());
        let resources = all.iter().map(|it| it.resource).collect::<BTreeSet<_>>().len();
        let (by, what) = (if resources == 1 { "resource" } else { "resources" }, &of.what);
        let sum = self.quantity(all.iter().map(|it| u128::from(it.quantity)).sum(), of.unit);
        let (least, most) = (self.bare(least.into(), of.unit), self.bare(most.into(), of.unit));
        Some(self.say(
            format!(
                "{count} readings for {} by {resources} {by} from {from} to {to}: {sum} in all, each {least} to {most}.",
                what.en
            ),
            format!(
                "{resources} 个资源自 {from} 至 {to} 共上报{} {count} 次：合计 {sum}，单次 {least} 至 {most}。",
                what.zh
            ),
        ))
    }

    /// What of a reading counts, where it is not all of it.
    fn what_counts(&self, meter: &Meter, resource: Option<&Resource>) -> Option<String> {
        let of = |name: &str| resource.and_then(|it| it.options.get(name)).unwrap_or("0").to_string();
        let rate = |it: u64| self.quantity(it.into(), Unit::BitPerSecond);
        let time = |it: u64| self.quantity(it.into(), Unit::PieceSecond);
        let (seconds, english, chinese) = match meter {
            Meter::Attack { base, cap, mode, .. } => return Some(self.attack(&of(base), &of(cap), *mode)),
            Meter::PeakAbove { free, slots, .. } => (
                slots.seconds,
                format!("; of the highest of the day, what exceeds {} counts", rate(*free)),
                format!("；当日最高值超出 {} 的部分计费", rate(*free)),
            ),
            Meter::VolumeAbove { free, slots, .. } => {
                let (free, time) = (rate(*free), time(slots.seconds));
                (
                    slots.seconds,
                    format!("; what exceeds {free} counts, for {time}"),
                    format!("；超出 {free} 的部分按 {time}计费"),
                )
            }
            Meter::Percentile { p_e6, slots, .. } => {
                let p = units::decimal::print_short(i128::from(*p_e6), 6, 0);
                (
                    slots.seconds,
                    format!(
                        ", silent ones by 0; of all, smallest first, the value at position ceil({p} × their number) is charged"
                    ),
                    format!("，无上报计 0；自小到大排列，取第 ceil({p} × 总数) 个值计费"),
                )
            }
            Meter::TopMean { k, slots, .. } => (
                slots.seconds,
                format!("; the mean of the {k} largest is charged"),
                format!("；取最大 {k} 个值的平均计费"),
            ),
            Meter::DayPeaks { nth, k, slots, .. } => (
                slots.seconds,
                format!(
                    "; a day counts by its number {nth} from the top, and the mean of the {k} largest days is charged"
                ),
                format!("；每日取第 {nth} 高的值，再取最大 {k} 日的平均计费"),
            ),
            Meter::Months
            | Meter::Once
            | Meter::Held
            | Meter::HeldSum
            | Meter::HeldHighest
            | Meter::HeldMean
            | Meter::Clock
            | Meter::Sum { .. }
            | Meter::Events { .. } => return None,
        };
        let time = time(seconds);
        Some(self.say(
            format!("Each {time} count by the mean of their readings{english}."),
            format!("每 {time}取上报均值{chinese}。"),
        ))
    }

    fn attack(&self, base: &str, cap: &str, mode: AttackMode) -> String {
        let (english, chinese) = match mode {
            AttackMode::ExcessOverBase => (
                format!("what exceeds the base of {base} Gbps counts"),
                format!("超出保底 {base} Gbps 的部分计费"),
            ),
            AttackMode::AbsolutePeak => (
                format!("all of it counts once it exceeds the base of {base} Gbps"),
                format!("超出保底 {base} Gbps 后按峰值计费"),
            ),
        };
        self.say(
            format!(
                "Up to the elastic limit of {cap} Gbps, {english}; the dearest attack of the day is charged."
            ),
            format!("不超过弹性上限 {cap} Gbps，{chinese}；按当日最贵的一次攻击收费。"),
        )
    }
}

/// The cycle of which the use is that a bill charges: of an adjustment, the closed one. Source: R-SET-5.
fn used_in(bill: &Bill<'_>) -> (Timestamp, Timestamp) {
    bill.original.unwrap_or((bill.from, bill.to))
}

/// From when on the run that made a bill counted what an event says; what came late is counted from when it happened.
fn counted_from(it: &MeterEvent, bill: &Bill<'_>) -> Timestamp {
    let kind = CycleKind::ALL.into_iter().find(|kind| Kind::of_cycle(*kind) == bill.kind);
    let Some(kind) = kind else { return it.happened() };
    let seen = it.seen_at(kind);
    if seen < bill.to { it.happened() } else { seen }
}

/// What of a segment is charged for a part, within the cycle of a bill. What counts whole of a life is billed with its end,
/// however far it reaches. Source: R-PRC-23.
fn charged_within(segment: &Segment, part: &Part, bill: &Bill<'_>) -> Segment {
    let (from, to) = used_in(bill);
    let (from, to) = (from.as_second(), to.as_second());
    let charged_to = segment.charged_to(part);
    match segment.state.is_over() {
        true if (from..to).contains(&segment.from) => Segment { to: charged_to, ..*segment },
        true => Segment { to: segment.from, ..*segment },
        false => Segment { from: segment.from.max(from), to: charged_to.min(to), ..*segment },
    }
}

/// A line with the price that it names.
struct Priced<'a> {
    bill: &'a Bill<'a>,
    line: &'a Line<'a>,
    item: &'a PriceItem,
}

impl Priced<'_> {
    /// Whether a segment's part is what the line prices. A line goes on under the next book where that leaves its price alone; one that
    /// bills a difference is of all that was used in its cycle, at whatever price. Source: R-PRC-6, R-SET-5.
    fn is_part(&self, plan: &Plan, part: &Part, segment: &Segment) -> bool {
        let Priced { bill, line, item } = *self;
        let component = plan.component(part);
        component.id == line.component
            && component.meter.usage().is_none()
            && (part.billed_while.contains(segment.state) || part.least_seconds > 0)
            && (line.billed_e8.is_some() || same_price(plan.item(part), item))
            && (bill.resource.is_some() || (part.spec == bill.spec && plan.region() == bill.region))
    }

    /// Whether the line reaches into what is charged of a segment. One of many resources says no time of its own, and one that bills a
    /// difference is of another cycle.
    const fn reaches(&self, charged: &Segment) -> bool {
        let (from, to) = (self.line.from, self.line.to);
        let is_of_times = self.bill.resource.is_some() && self.bill.original.is_none() && from < to;
        !is_of_times || (charged.from < to && from < charged.to)
    }
}

fn name(resources: &Resources, id: ResourceId) -> String {
    resources.get(&id).map_or_else(|| id.to_string(), |it| it.name.clone())
}
