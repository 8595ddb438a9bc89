//! One component of a product: what is charged, by which meter, at which prices.
//!
//! In:  a reader at the component, the product with its options. Out: the component.
//! Invariant: meter, time of payment and scope go together, and the price is written as the meter asks.
//! Rules: R-PRC-1, R-PRC-5, R-PRC-23 to R-PRC-25, R-QCS-3, R-PKG-1, R-FRZ-1.

use crate::basis::Basis;
use crate::format::Format;
use crate::raw::{RawComponent, conditions};
use crate::reader::Reader;
use crate::words::{self, Per, first_line};
use crate::{look, meter, price};
use billing::book::{
    ChangeDiscount, Component, Contract, Due, FreeTier, Meter, MeteringEnd, OptionKind, Product,
    QuantityRule, Sale, Scope,
};
use billing::look::Label;
use billing::meter::{Form, HeldBy, PayTime, PriceForm};
use billing::resource::State;
use units::{Currency, CycleKind, Unit};

/// When it is paid, by what it is measured, in which unit and over what it is added up.
struct Charge {
    due: Due,
    meter: Meter,
    unit: Unit,
    scope: Scope,
}

const DUES: [(&str, Due); 4] = [
    ("order", Due::Order),
    ("hour", Due::Cycle(CycleKind::Hour)),
    ("day", Due::Cycle(CycleKind::Day)),
    ("month", Due::Cycle(CycleKind::Month)),
];

/// Seconds of a life that may be charged whatever becomes of it: those of the longest month.
const LONGEST_LEAST: u64 = 31 * 86_400;

const SCOPES: [(&str, Scope); 2] = [("resource", Scope::Resource), ("account", Scope::Account)];

const CHANGE_DISCOUNTS: [(&str, ChangeDiscount); 3] = [
    ("months", ChangeDiscount::Months),
    ("with_others", ChangeDiscount::WithOthers),
    ("never", ChangeDiscount::Never),
];

const CONTRACTS: [(&str, Contract); 2] = [("applies", Contract::Applies), ("list", Contract::ListPrice)];

/// Reads the component. Its prices are in `currency`.
pub(crate) fn read(
    reader: &mut Reader<'_>,
    raw: &RawComponent,
    product: &Product,
    currency: Currency,
) -> Option<Component> {
    let charge = charge(reader, raw, product)?;
    check_options(reader, raw, product);
    check_charge(reader, raw, &charge);
    check_price(&mut reader.of(&raw.price), raw, charge.meter.form());
    let contract = reader.word(raw.contract.as_deref().unwrap_or("list"), &CONTRACTS)?;
    let change_discount =
        reader.word(raw.change_discount.as_deref().unwrap_or("months"), &CHANGE_DISCOUNTS)?;
    let mut at_price = reader.of(&raw.price);
    let at = per(&mut at_price, raw, &charge);
    let basis = at.map(|per| Basis { product, component: raw, per, currency });
    let prices = basis.map_or(Vec::new(), |it| price::rows(&mut at_price, &it));
    let (name, said) = look::name(reader, &raw.name);
    let least_seconds = least_seconds(reader, raw, &charge.meter);
    let month_seconds = month_seconds(reader, raw, &charge.meter);
    let free_tier = free_tier(reader, raw, &charge, at);
    let label = Label { name: said, ..look::label(reader, None, raw.help.as_ref()) };
    Some(Component {
        id: raw.id.clone(),
        name,
        when: conditions(&raw.when),
        due: charge.due,
        meter: charge.meter,
        quantity: quantity(raw, charge.unit),
        scope: charge.scope,
        spec: raw.spec.clone(),
        pack: raw.pack.clone(),
        contract,
        change_discount,
        freeze_seconds: raw.freeze.as_deref().map_or(0, |it| reader.seconds(it)),
        billed_while: states(reader, raw, product),
        least_seconds,
        month_seconds,
        free_tier,
        sale: if raw.retired { Sale::Retired } else { Sale::Open },
        label,
        prices,
    })
}

fn charge(reader: &mut Reader<'_>, raw: &RawComponent, product: &Product) -> Option<Charge> {
    Some(Charge {
        due: reader.word(&raw.due, &DUES)?,
        meter: meter::read(reader, raw)?,
        unit: unit(reader, raw, product)?,
        scope: reader.word(raw.scope.as_deref().unwrap_or("resource"), &SCOPES)?,
    })
}

/// The unit of what is counted: said, or that of the option that is counted.
fn unit(reader: &mut Reader<'_>, raw: &RawComponent, product: &Product) -> Option<Unit> {
    if let Some(text) = &raw.unit {
        return reader.word(text, &Unit::ALL.map(|it| (it.as_str(), it)));
    }
    let option = raw.quantity.as_ref().and_then(|it| product.option(it));
    match option.map(|it| &it.kind) {
        Some(OptionKind::Range { unit, .. }) => Some(*unit),
        Some(OptionKind::Region | OptionKind::Zone | OptionKind::Choice(_) | OptionKind::Spec(_)) | None => {
            Some(Unit::Piece)
        }
    }
}

/// The options that it names are there.
fn check_options(reader: &mut Reader<'_>, raw: &RawComponent, product: &Product) {
    let names = [&raw.quantity, &raw.spec, &raw.base, &raw.cap].into_iter().flatten();
    for option in names.filter(|it| product.option(it).is_none()) {
        let what = format!("component `{}` names option `{option}`, which the product does not have", raw.id);
        reader.refuse(what, "Add the option or mend the name");
    }
}

/// Packs cover what is added up over the account, and orders take what is paid with them.
fn check_charge(reader: &mut Reader<'_>, raw: &RawComponent, charge: &Charge) {
    if raw.pack.is_some() && (charge.scope != Scope::Account || charge.meter != Meter::HeldSum) {
        let remedy = "Set scope = \"account\" and meter = \"held_sum\"";
        reader.refuse("packs cover only sums over the account", remedy);
    }
    if charge.scope == Scope::Account && !charge.meter.adds_up() && reader.format >= Format::Second {
        let what = format!("meter `{}` does not add up over the resources of an account", raw.meter);
        reader.refuse(what, "Leave `scope` out, or write meter = \"held_sum\" or \"sum\"");
    }
    let with_order = charge.meter.form().pay == PayTime::WithOrder;
    if (charge.due == Due::Order) != with_order {
        let what = format!("`{}` does not go with due = \"{}\"", raw.meter, raw.due);
        reader.refuse(what, "Orders take months or once, cycles the other meters");
    }
    let free = raw.price.get_ref().free.as_ref().is_some_and(|it| it.0 != "0");
    if with_order && free && reader.format >= Format::Second {
        let what =
            format!("`free` does not go with meter `{}`: an order has no cycle with free units", raw.meter);
        reader.of(&raw.price).refuse(what, "Write less = 10 for what is free of every order");
    }
}

/// What is held is priced by time; what is counted, or paid by the month, is not.
fn check_price(reader: &mut Reader<'_>, raw: &RawComponent, form: Form) {
    let price = raw.price.get_ref();
    let by_time = words::is_time(&price.per);
    let (fits, remedy) = match form.price {
        PriceForm::Time => (by_time, "Write per = \"hour\", \"day\" or \"second\""),
        PriceForm::Count => (!by_time, "Write per = \"month\" or what is counted, like GB or piece"),
        PriceForm::Band => (price.kind == "band", "An attack is priced by bands, per day"),
    };
    if !fits {
        let per = first_line(&price.per);
        let what = format!("meter `{}` does not go with a `{}` price per `{per}`", raw.meter, price.kind);
        reader.refuse(what, remedy);
    }
}

/// What its prices are for.
fn per(reader: &mut Reader<'_>, raw: &RawComponent, charge: &Charge) -> Option<Per> {
    let text = &raw.price.get_ref().per;
    let unit = if matches!(charge.meter, Meter::VolumeAbove { .. }) { Unit::Byte } else { charge.unit };
    let per = words::per(text, unit, charge.meter.form().unit);
    if per.is_none() {
        let what = format!("a price of {unit} cannot be per `{}`", first_line(text));
        reader.refuse(what, "Write hour, day, month, piece, GB or Mbps, as fits what is measured");
    }
    per
}

fn quantity(raw: &RawComponent, unit: Unit) -> QuantityRule {
    QuantityRule { option: raw.quantity.clone(), fixed: 1, less: raw.less.unwrap_or(0).into(), unit }
}

/// What is charged of a life whatever becomes of it goes by time that adds up, and is no longer than a month.
fn least_seconds(reader: &mut Reader<'_>, raw: &RawComponent, meter: &Meter) -> u64 {
    let Some(text) = &raw.least_time else { return 0 };
    check_by_time(reader, raw, meter, "least_time");
    let seconds = reader.seconds(text);
    if seconds > LONGEST_LEAST {
        let what = format!("`least_time` is {}, longer than a month", first_line(text));
        reader.refuse(what, "Write 31 d or less, such as \"60 s\"");
    }
    seconds
}

/// What is charged of a month at most goes by time that adds up, and is not what packs cover.
fn month_seconds(reader: &mut Reader<'_>, raw: &RawComponent, meter: &Meter) -> Option<u64> {
    let text = raw.month_time.as_ref()?;
    check_by_time(reader, raw, meter, "month_time");
    if raw.pack.is_some() {
        let remedy = "Leave `month_time` out, or `pack`";
        reader.refuse("`month_time` does not go with `pack`: packs cover every second", remedy);
    }
    let seconds = reader.seconds(text);
    if seconds == 0 && words::seconds(text).is_some() {
        reader.refuse("`month_time` is 0: nothing of a month would be charged", "Write it like 672 h");
    }
    Some(seconds)
}

/// What is free of a month is of a sum over the account, and in the unit of its price.
fn free_tier(
    reader: &mut Reader<'_>,
    raw: &RawComponent,
    charge: &Charge,
    per: Option<Per>,
) -> Option<FreeTier> {
    let tier = raw.free_tier.as_ref()?;
    if charge.scope != Scope::Account || charge.due != Due::Cycle(CycleKind::Month) {
        let remedy = "Set scope = \"account\" and due = \"month\", or leave `free_tier` out";
        reader.refuse("`free_tier` goes with what is added up over the account by the month", remedy);
    }
    if raw.pack.is_some() {
        let remedy = "Leave `free_tier` out, or `pack`";
        reader.refuse("`free_tier` does not go with `pack`: both take the same units", remedy);
    }
    if !words::is_word(&tier.name) {
        let what = format!("`{}` cannot be the name of a free tier", first_line(&tier.name));
        reader.refuse(what, words::WORDS);
    }
    let (text, format) = (&tier.quantity.0, reader.format);
    let units = per?.quantity_of(text, format).filter(|it| *it > 0);
    let units = units.and_then(|it| i64::try_from(it).ok()).map(i64::unsigned_abs);
    if units.is_none() {
        let what = format!("`{}` is not a quantity that can be free of this price", first_line(text));
        reader.refuse(what, "Write it in the unit of the price, such as 100 h or 10 GB, above 0");
    }
    Some(FreeTier { name: tier.name.clone(), units: units? })
}

/// Some fields go with time alone that adds up.
fn check_by_time(reader: &mut Reader<'_>, raw: &RawComponent, meter: &Meter, field: &str) {
    match meter.held_by() {
        Some(HeldBy::Rate | HeldBy::Sum | HeldBy::Highest | HeldBy::Clock) => {}
        Some(HeldBy::Mean) | None => {
            let what = format!("`{field}` does not go with meter `{}`", raw.meter);
            let remedy =
                "Leave it out: it is for what is held by time, `held`, `held_sum`, `held_highest` or `clock`";
            reader.refuse(what, remedy);
        }
    }
}

/// The states of the resource in which it is charged.
fn states(reader: &mut Reader<'_>, raw: &RawComponent, product: &Product) -> Vec<State> {
    if let Some(names) = &raw.billed_while {
        let known = State::ALL.map(|it| (it.as_str(), it));
        return names.iter().filter_map(|it| reader.word(it, &known)).collect();
    }
    let mut states = vec![State::Running, State::Stopped, State::Limited];
    match product.metering_ends {
        MeteringEnd::Requested => {}
        MeteringEnd::Completed => states.push(State::Releasing),
    }
    states
}
