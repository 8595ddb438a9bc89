//! One product file into a `Product`.

use crate::raw::{RawArrears, RawComponent, RawConditions, RawLimits, RawOption, RawPack, RawProduct};
use crate::table::Table;
use crate::words::{self, Summed};
use crate::{Files, Problems, WORDS, first_line, is_word, line_at, price};
use billing::book::*;
use billing::options::canonical_spec;
use billing::resource::State;
use toml::Spanned;
use units::{Currency, CycleKind, Unit};

/// Where in a file a thing stands; what reads it adds its problems there.
pub(crate) struct Place<'a> {
    pub file: &'a str,
    pub text: &'a str,
    pub line: usize,
    /// In which the prices of the book are.
    pub currency: Currency,
}

impl Place<'_> {
    pub(crate) fn at(&self) -> (&str, usize) {
        (self.file, self.line)
    }

    pub(crate) fn of<T>(&self, spanned: &Spanned<T>) -> usize {
        line_at(self.text, spanned.span().start)
    }
}

pub(crate) fn read(
    files: &Files,
    path: &str,
    currency: Currency,
    problems: &mut Problems,
) -> Option<Product> {
    let text = files.get(path)?;
    let raw = parsed(path, text, problems)?;
    let place = |line: usize| Place { file: path, text, line, currency };
    let head = place(1);
    problems.place(&raw.id, head.at());
    let mut options = Vec::new();
    for it in &raw.option {
        let here = place(line_at(text, it.span().start));
        problems.place(&format!("{} {}", raw.id, it.get_ref().name), here.at());
        options.extend(option(files, it.get_ref(), &here, problems));
    }
    let metering_ends = word(
        &place(line_at(text, raw.metering_ends.span().start)),
        raw.metering_ends.get_ref(),
        problems,
        &[("requested", MeteringEnd::Requested), ("completed", MeteringEnd::Completed)],
    )?;
    let mut product = Product {
        id: raw.id.clone(),
        name: raw.name.clone(),
        options,
        offers: Vec::new(),
        readings: raw.readings.clone(),
        components: Vec::new(),
        limits: limits(raw.limits.get_ref(), &raw.id, &place(head.of(&raw.limits)), problems),
        metering_ends,
        delivery_seconds: delivery(&raw, &head, problems),
        arrears: raw
            .arrears
            .as_ref()
            .and_then(|it| arrears(it.get_ref(), &place(line_at(text, it.span().start)), problems)),
        release_days: raw.release_days.unwrap_or(8),
        recycle_seconds: raw
            .recycle
            .as_ref()
            .map_or(0, |it| duration(&place(head.of(it)), it.get_ref(), problems)),
        pack: raw
            .pack
            .as_ref()
            .and_then(|it| pack(it.get_ref(), &place(line_at(text, it.span().start)), problems)),
        with_service: with_service(&raw, &head, problems),
    };
    offers(files, &raw, &mut product, &head, problems);
    for it in &raw.component {
        let here = place(line_at(text, it.span().start));
        problems.place(&format!("component {}/{}", raw.id, it.get_ref().id), here.at());
        let component = component(files, it.get_ref(), &product, &here, problems);
        product.components.extend(component);
    }
    Some(product)
}

/// The file as it is written, or a problem at the line that cannot be read.
fn parsed(path: &str, text: &str, problems: &mut Problems) -> Option<RawProduct> {
    let error = match toml::from_str(text) {
        Ok(raw) => return Some(raw),
        Err(error) => error,
    };
    let line = error.span().map_or(1, |it| line_at(text, it.start));
    let remedy = "See docs/pricebook.md for the fields of a product";
    problems.add((path, line), first_line(error.message()), remedy);
    None
}

/// The value that `text` names, or a problem that lists what it may be.
pub(crate) fn word<T: Clone>(
    place: &Place<'_>,
    text: &str,
    problems: &mut Problems,
    known: &[(&str, T)],
) -> Option<T> {
    let found = known.iter().find(|it| it.0 == text).map(|it| it.1.clone());
    if found.is_none() {
        let names: Vec<&str> = known.iter().map(|it| it.0).collect();
        problems.add(
            place.at(),
            format!("`{}` is not known here", crate::first_line(text)),
            format!("Write one of: {}", names.join(", ")),
        );
    }
    found
}

pub(crate) fn conditions(raw: &RawConditions) -> Conditions {
    raw.iter().map(|(name, values)| (name.clone(), values.clone())).collect()
}

fn duration(place: &Place<'_>, text: &str, problems: &mut Problems) -> u64 {
    words::seconds(text).unwrap_or_else(|| {
        problems.add(
            place.at(),
            format!("`{}` is not a duration", crate::first_line(text)),
            "Write it like 30 s, 5 min, 2 h or 15 d",
        );
        0
    })
}

fn delivery(raw: &RawProduct, place: &Place<'_>, problems: &mut Problems) -> (u64, u64) {
    let Some(range) = &raw.delivery else { return (0, 0) };
    let here = Place { line: place.of(range), ..*place };
    let (shortest, longest) =
        (duration(&here, &range.get_ref()[0], problems), duration(&here, &range.get_ref()[1], problems));
    if longest < shortest {
        problems.add(
            here.at(),
            "the longest delivery is shorter than the shortest",
            "Write the shorter one first",
        );
    }
    (shortest, longest)
}

fn with_service(raw: &RawProduct, place: &Place<'_>, problems: &mut Problems) -> OnServiceStop {
    let Some(text) = &raw.with_service else { return OnServiceStop::Stays };
    let here = Place { line: place.of(text), ..*place };
    let known = [("stays", OnServiceStop::Stays), ("released", OnServiceStop::Released)];
    word(&here, text.get_ref(), problems, &known).unwrap_or(OnServiceStop::Stays)
}

fn limits(raw: &RawLimits, product: &str, place: &Place<'_>, problems: &mut Problems) -> Limits {
    for it in &raw.least {
        problems.place(&format!("{product} least {}", it.get_ref().months), (place.file, place.of(it)));
    }
    let real_name = raw.real_name.as_deref().unwrap_or("not_needed");
    let known = [("needed", RealName::Needed), ("not_needed", RealName::NotNeeded)];
    let real_name = word(place, real_name, problems, &known).unwrap_or(RealName::Needed);
    let least = raw.least.iter().map(Spanned::get_ref);
    Limits {
        quantity: raw.quantity,
        months: raw.months.clone(),
        prepaid_per_zone_and_month: raw.prepaid_per_zone_and_month,
        pay_per_use_per_zone: raw.pay_per_use_per_zone,
        least_months: least.map(|it| (conditions(&it.when), it.months)).collect(),
        real_name,
    }
}

fn arrears(raw: &RawArrears, place: &Place<'_>, problems: &mut Problems) -> Option<ArrearsPolicy> {
    let action = word(
        place,
        &raw.action,
        problems,
        &[
            ("stop", ArrearsAction::Stop),
            ("limit", ArrearsAction::Limit),
            ("release", ArrearsAction::Release),
        ],
    )?;
    let grace_seconds = duration(place, &raw.grace, problems);
    let reclaim_seconds = raw.reclaim.as_deref().map(|it| duration(place, it, problems));
    Some(ArrearsPolicy { grace_seconds, action, reclaim_seconds })
}

fn pack(raw: &RawPack, place: &Place<'_>, problems: &mut Problems) -> Option<PackRule> {
    let start =
        word(place, &raw.start, problems, &[("month", PackStart::Month), ("purchase", PackStart::Purchase)])?;
    let ended = raw.ended.as_deref().unwrap_or("refused");
    let ended = word(place, ended, problems, &[("refused", EndedPack::Refused), ("sold", EndedPack::Sold)])?;
    Some(PackRule {
        family: raw.family.clone(),
        spec: raw.spec.clone(),
        size: raw.size.clone(),
        hours: raw.hours.clone(),
        start,
        ended,
        notices_percent: raw.notices.clone(),
    })
}

fn offers(
    files: &Files,
    raw: &RawProduct,
    product: &mut Product,
    place: &Place<'_>,
    problems: &mut Problems,
) {
    for offer in &raw.offers {
        let (here, offer) = (Place { line: place.of(offer), ..*place }, offer.get_ref());
        let Some(table) = Table::read(files, &offer.table, here.at(), problems) else { continue };
        let all = offer.columns.iter().all(|it| table.has(it, here.at(), problems));
        for column in offer.columns.iter().filter(|it| product.option(it).is_none()) {
            problems.add(
                here.at(),
                format!("the product has no option `{column}`"),
                "Name columns after options",
            );
        }
        if all {
            let mut rows: Vec<Vec<String>> =
                table.rows.iter().flat_map(|it| combinations(it, &offer.columns)).collect();
            rows.sort();
            rows.dedup();
            product.offers.push(Offer { columns: offer.columns.clone(), rows });
        }
    }
}

/// Every combination of the values in the cells of one row: a cell may hold several.
fn combinations(row: &crate::table::Row, columns: &[String]) -> Vec<Vec<String>> {
    let longer = |rows: Vec<Vec<String>>, column: &String| -> Vec<Vec<String>> {
        let values: Vec<&str> = row.cell(column).split_whitespace().collect();
        let with = |before: &Vec<String>| {
            values.iter().map(|it| [before.as_slice(), &[it.to_string()]].concat()).collect::<Vec<_>>()
        };
        rows.iter().flat_map(with).collect()
    };
    columns.iter().fold(vec![Vec::new()], longer)
}

fn option(files: &Files, raw: &RawOption, place: &Place<'_>, problems: &mut Problems) -> Option<OptionRule> {
    let mut choices = raw.choices.clone();
    if let (Some(table), Some(column)) = (&raw.table, &raw.column) {
        let table = Table::read(files, table, place.at(), problems)?;
        if table.has(column, place.at(), problems) {
            for row in &table.rows {
                choices.extend(row.cell(column).split_whitespace().map(str::to_string));
            }
        }
        let mut seen = std::collections::BTreeSet::new();
        choices.retain(|it| seen.insert(it.clone()));
    }
    let kind = match raw.kind.as_str() {
        "region" => OptionKind::Region,
        "zone" => OptionKind::Zone,
        "choice" => OptionKind::Choice(choices),
        "spec" => OptionKind::Spec(choices.iter().map(|it| canonical_spec(it)).collect()),
        "range" => range(raw, place, problems)?,
        other => {
            word::<()>(
                place,
                other,
                problems,
                &[("region", ()), ("zone", ()), ("choice", ()), ("spec", ()), ("range", ())],
            );
            return None;
        }
    };
    let plain = |it: &&String| !is_word(it);
    if let OptionKind::Choice(values) | OptionKind::Spec(values) = &kind {
        if let Some(odd) = values.iter().find(plain) {
            problems.add(place.at(), format!("`{}` is no choice", first_line(odd)), WORDS);
        }
        if values.is_empty() {
            problems.add(
                place.at(),
                format!("option `{}` has no choices", raw.name),
                "List them, or name table and column",
            );
        }
    }
    if !is_word(&raw.name) {
        problems.add(place.at(), format!("`{}` is no name for an option", first_line(&raw.name)), WORDS);
    }
    let known = [("allowed", Resize::Allowed), ("fixed", Resize::Fixed)];
    let resize = word(place, raw.resize.as_deref().unwrap_or("fixed"), problems, &known)?;
    Some(OptionRule {
        name: raw.name.clone(),
        kind,
        default: raw.default.clone(),
        when: conditions(&raw.when),
        resize,
        at_least: raw.at_least.clone(),
    })
}

fn range(raw: &RawOption, place: &Place<'_>, problems: &mut Problems) -> Option<OptionKind> {
    if raw.step == Some(0) {
        problems.add(place.at(), "a step of 0 leads nowhere", "Write step = 1, or leave it out");
    }
    let unit = raw.unit.as_deref().map_or(Some(Unit::Piece), words::unit);
    let (Some(from), Some(to), Some(unit)) = (raw.from, raw.to, unit) else {
        let remedy = "Write from = 1, to = 1000, unit = \"Mbps\"";
        problems.add(place.at(), "a range needs from, to and a known unit", remedy);
        return None;
    };
    if to < from {
        let what = format!("the range ends at {to}, before it starts at {from}");
        problems.add(place.at(), what, "Write the smaller one as `from`");
    }
    Some(OptionKind::Range { from, to, step: raw.step.unwrap_or(1), unit })
}

fn component(
    files: &Files,
    raw: &RawComponent,
    product: &Product,
    place: &Place<'_>,
    problems: &mut Problems,
) -> Option<Component> {
    let due = word(
        place,
        &raw.due,
        problems,
        &[
            ("order", Due::Order),
            ("hour", Due::Cycle(CycleKind::Hour)),
            ("day", Due::Cycle(CycleKind::Day)),
            ("month", Due::Cycle(CycleKind::Month)),
        ],
    )?;
    let meter = meter(raw, place, problems)?;
    let unit = unit(raw, product, place, problems)?;
    let scope = raw.scope.as_deref().unwrap_or("resource");
    let scope = word(place, scope, problems, &[("resource", Scope::Resource), ("account", Scope::Account)])?;
    fits(raw, product, (due, &meter, scope), place, problems);
    timed(raw, &meter, place, problems);
    let contract = raw.contract.as_deref().unwrap_or("list");
    let contract =
        word(place, contract, problems, &[("applies", Contract::Applies), ("list", Contract::ListPrice)])?;
    let summed =
        if matches!(meter, Meter::HeldSum | Meter::Clock) { Summed::UnitSeconds } else { Summed::Apart };
    let prices = price::rows(files, (raw, unit, summed), product, place, problems);
    Some(Component {
        id: raw.id.clone(),
        name: raw.name.clone(),
        when: conditions(&raw.when),
        due,
        quantity: QuantityRule {
            option: raw.quantity.clone(),
            fixed: 1,
            less: raw.less.unwrap_or(0).into(),
            unit,
        },
        scope,
        spec: raw.spec.clone(),
        pack: raw.pack.clone(),
        contract,
        freeze_seconds: raw.freeze.as_deref().map_or(0, |it| duration(place, it, problems)),
        billed_while: states(raw, product, place, problems),
        meter,
        prices,
    })
}

/// The parts of a component go together, and the options that it names are there.
fn fits(
    raw: &RawComponent,
    product: &Product,
    (due, meter, scope): (Due, &Meter, Scope),
    place: &Place<'_>,
    problems: &mut Problems,
) {
    let named = [&raw.quantity, &raw.spec, &raw.base, &raw.cap].into_iter().flatten();
    for option in named.filter(|it| product.option(it).is_none()) {
        let what = format!("component `{}` names option `{option}`, which the product does not have", raw.id);
        problems.add(place.at(), what, "Add the option or mend the name");
    }
    if raw.pack.is_some() && (scope != Scope::Account || *meter != Meter::HeldSum) {
        let remedy = "Set scope = \"account\" and meter = \"held_sum\"";
        problems.add(place.at(), "packs cover only sums over the account", remedy);
    }
    if (due == Due::Order) != matches!(meter, Meter::Months | Meter::Once) {
        let what = format!("`{}` does not go with due = \"{}\"", raw.meter, raw.due);
        problems.add(place.at(), what, "Orders take months or once, cycles the other meters");
    }
}

/// What is held is priced by time; what is counted, or paid by the month, is not.
fn timed(raw: &RawComponent, meter: &Meter, place: &Place<'_>, problems: &mut Problems) {
    let price = raw.price.get_ref();
    let by_time = matches!(price.per.as_str(), "second" | "hour" | "day");
    let here = Place { line: place.of(&raw.price), ..*place };
    let wrong = match meter {
        Meter::Held | Meter::HeldHighest | Meter::HeldSum | Meter::Clock => !by_time,
        Meter::Attack { .. } => price.kind != "band",
        _ => by_time,
    };
    if wrong {
        let what = format!(
            "meter `{}` does not go with a `{}` price per `{}`",
            raw.meter,
            price.kind,
            first_line(&price.per)
        );
        let remedy = match meter {
            Meter::Attack { .. } => "An attack is priced by bands, per day",
            _ if by_time => "Write per = \"month\" or what is counted, like GB or piece",
            _ => "Write per = \"hour\", \"day\" or \"second\"",
        };
        problems.add(here.at(), what, remedy);
    }
}

/// The unit of what is counted: said, or that of the option that is counted.
fn unit(raw: &RawComponent, product: &Product, place: &Place<'_>, problems: &mut Problems) -> Option<Unit> {
    if let Some(text) = &raw.unit {
        let known: Vec<(&str, Unit)> = Unit::ALL.iter().map(|it| (it.as_str(), *it)).collect();
        return word(place, text, problems, &known);
    }
    match raw.quantity.as_ref().and_then(|it| product.option(it)).map(|it| &it.kind) {
        Some(OptionKind::Range { unit, .. }) => Some(*unit),
        _ => Some(Unit::Piece),
    }
}

fn states(raw: &RawComponent, product: &Product, place: &Place<'_>, problems: &mut Problems) -> Vec<State> {
    let Some(names) = &raw.billed_while else {
        let mut states = vec![State::Running, State::Stopped, State::Limited];
        if product.metering_ends == MeteringEnd::Completed {
            states.push(State::Releasing);
        }
        return states;
    };
    let known: Vec<(&str, State)> = State::ALL.iter().map(|it| (it.as_str(), *it)).collect();
    names.iter().filter_map(|it| word(place, it, problems, &known)).collect()
}

/// The meters that read what is reported.
const SAMPLED: [&str; 8] =
    ["sum", "events", "attack", "peak_above", "volume_above", "percentile", "top_mean", "day_peaks"];

fn meter(raw: &RawComponent, place: &Place<'_>, problems: &mut Problems) -> Option<Meter> {
    let simple = [
        ("months", Meter::Months),
        ("once", Meter::Once),
        ("held", Meter::Held),
        ("held_sum", Meter::HeldSum),
        ("held_highest", Meter::HeldHighest),
        ("held_mean", Meter::HeldMean),
        ("clock", Meter::Clock),
    ];
    if let Some((_, meter)) = simple.iter().find(|it| it.0 == raw.meter) {
        return Some(meter.clone());
    }
    if !SAMPLED.contains(&raw.meter.as_str()) {
        let names: Vec<&str> = simple.iter().map(|it| it.0).chain(SAMPLED).collect();
        problems.add(
            place.at(),
            format!("`{}` is not a meter", first_line(&raw.meter)),
            format!("Write one of: {}", names.join(", ")),
        );
        return None;
    }
    let Some(usage) = raw.usage.clone() else {
        problems.add(
            place.at(),
            format!("meter `{}` names no usage", raw.meter),
            "Name what is reported, like usage = \"traffic_out\", or use a meter of time",
        );
        return None;
    };
    let rate = raw
        .free_rate
        .as_deref()
        .map_or(Some(0), |it| words::scaled(it, Unit::BitPerSecond))
        .and_then(|it| u64::try_from(it).ok());
    let Some(free) = rate else {
        problems.add(place.at(), "free_rate is not a rate", "Write it like 100 Mbps");
        return None;
    };
    let slot_seconds = raw.slot.as_deref().map_or(300, |it| duration(place, it, problems)).max(1);
    match raw.meter.as_str() {
        "sum" => Some(Meter::Sum { usage }),
        "events" => Some(Meter::Events { usage, free: raw.free_events.unwrap_or(0) }),
        "attack" => attack(raw, usage, place, problems),
        "peak_above" => Some(Meter::PeakAbove { usage, free }),
        "volume_above" => Some(Meter::VolumeAbove { usage, free, slot_seconds }),
        "percentile" => {
            let p = raw
                .p
                .as_deref()
                .and_then(|it| units::decimal::parse(it, 6).ok())
                .and_then(|it| u64::try_from(it).ok());
            let Some(p_e6) = p.filter(|it| *it > 0 && *it <= 1_000_000) else {
                problems.add(place.at(), "a percentile needs p above 0 and up to 1", "Write p = \"0.95\"");
                return None;
            };
            Some(Meter::Percentile { usage, p_e6, slot_seconds })
        }
        "top_mean" => Some(Meter::TopMean { usage, k: raw.k.unwrap_or(1) }),
        _ => Some(Meter::DayPeaks { usage, nth: raw.nth.unwrap_or(1), k: raw.k.unwrap_or(1) }),
    }
}

fn attack(raw: &RawComponent, usage: String, place: &Place<'_>, problems: &mut Problems) -> Option<Meter> {
    let (Some(base), Some(cap)) = (raw.base.clone(), raw.cap.clone()) else {
        problems.add(
            place.at(),
            "an attack meter names the options of base and cap",
            "Write base = \"base\" and cap = \"elastic\"",
        );
        return None;
    };
    let mode = raw.mode.as_deref().unwrap_or("excess");
    let mode = word(
        place,
        mode,
        problems,
        &[("excess", AttackMode::ExcessOverBase), ("absolute", AttackMode::AbsolutePeak)],
    )?;
    Some(Meter::Attack { usage, base, cap, mode })
}
