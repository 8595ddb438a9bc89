//! One file of `products/` into a product.
//!
//! In:  a reader at the file. Out: the product with its options, offers and components.
//! Invariant: what the parts say of each other is looked at by `check`, not here, but for names that a component needs.
//! Rules: R-ORD-8, R-EXP-1, R-EXP-3, R-EXP-4, R-ARR-*, R-PKG-*, R-TIM-3, R-QCS-4, R-PRC-26.

use crate::raw::{
    RawArrears, RawConversion, RawExpiry, RawLimits, RawPack, RawProduct, RawSwitch, conditions,
};
use crate::reader::Reader;
use crate::{component, look, offer, option, refund};
use billing::book::{
    ArrearsAction, ArrearsPolicy, Book, EndedPack, Expiry, Keeping, Limits, MeteringEnd, OnServiceStop,
    OptionRule, PackRule, PackStart, Product, RealName, Rounding, Sale,
};
use billing::commitment::COMMITMENT;
use billing::conversion::rule::ConversionRule;
use billing::switch::rule::SwitchRule;
use toml::Spanned;

/// Reads the product of `book`, which has its groups and the currency of its prices.
pub(crate) fn read(reader: &mut Reader<'_>, book: &Book) -> Option<Product> {
    let raw: RawProduct = reader.toml("See docs/pricebook.md for the fields of a product")?;
    let mut product = body(reader, &raw, book)?;
    offer::read(reader, &raw, &mut product);
    for it in &raw.component {
        let mut here = reader.of(it);
        here.id(&it.get_ref().id, "component");
        here.note(&format!("component {}/{}", raw.id, it.get_ref().id));
        let component = component::read(&mut here, it.get_ref(), &product, book.currency);
        product.components.extend(component);
    }
    Some(product)
}

/// The product without its offers and components.
fn body(reader: &mut Reader<'_>, raw: &RawProduct, book: &Book) -> Option<Product> {
    reader.id(&raw.id, "product");
    if raw.id == COMMITMENT {
        let what = format!("a product cannot be called `{COMMITMENT}`: bills of commitments are");
        reader.refuse(what, "Give it another id");
    }
    reader.note(&raw.id);
    let groups: Vec<String> = book.groups.iter().map(|it| it.id.clone()).collect();
    let (name, said) = look::name(reader, &raw.name);
    Some(Product {
        id: raw.id.clone(),
        name,
        options: options(reader, raw),
        offers: Vec::new(),
        readings: raw.readings.clone(),
        components: Vec::new(),
        metering_ends: metering_end(reader, raw)?,
        limits: limits(&mut reader.of(&raw.limits), raw.limits.get_ref(), &raw.id),
        delivery_seconds: delivery_seconds(reader, raw),
        arrears: raw.arrears.as_ref().and_then(|it| arrears(&mut reader.of(it), it.get_ref())),
        release_days: raw.release_days.unwrap_or(8),
        expiry: raw.expiry.as_ref().map_or_else(Expiry::default, |it| expiry(&mut reader.of(it), raw)),
        recycle_seconds: raw.recycle.as_ref().map_or(0, |it| reader.of(it).seconds(it.get_ref())),
        pack: raw.pack.as_ref().and_then(|it| pack(&mut reader.of(it), it.get_ref())),
        with_service: on_service_stop(reader, raw),
        rounding: rounding(reader, raw.rounding.as_ref()),
        conversion: raw.conversion.as_ref().map(|it| conversion(it.get_ref())),
        raised_for_days: raw.raised_for_days.clone(),
        switch: raw.switch.as_ref().map(|it| switch(it.get_ref())),
        refund: raw.refund.as_ref().and_then(|it| refund::read(&mut reader.of(it), it.get_ref())),
        sale: if raw.retired { Sale::Retired } else { Sale::Open },
        look: look::product(reader, raw, said, &groups),
    })
}

/// How what is paid by use becomes prepaid. Source: R-CNV-1.
fn conversion(raw: &RawConversion) -> ConversionRule {
    ConversionRule {
        options: raw.prepaid_as.clone(),
        except: conditions(&raw.except),
        by_use: raw.by_use_as.clone(),
    }
}

/// How a mode of what is prepaid is switched. Source: R-NET-4 to R-NET-6.
fn switch(raw: &RawSwitch) -> SwitchRule {
    let RawSwitch { option, prepaid, by_use, most } = raw;
    SwitchRule { option: option.clone(), prepaid: prepaid.clone(), by_use: by_use.clone(), most: *most }
}

fn options(reader: &mut Reader<'_>, raw: &RawProduct) -> Vec<OptionRule> {
    let groups: Vec<String> = raw.option_group.iter().map(|it| it.get_ref().id.clone()).collect();
    let mut options = Vec::new();
    for it in &raw.option {
        let mut here = reader.of(it);
        here.note(&format!("{} {}", raw.id, it.get_ref().name));
        options.extend(option::read(&mut here, it.get_ref(), &groups));
    }
    options
}

fn metering_end(reader: &mut Reader<'_>, raw: &RawProduct) -> Option<MeteringEnd> {
    let known = [("requested", MeteringEnd::Requested), ("completed", MeteringEnd::Completed)];
    reader.of(&raw.metering_ends).word(raw.metering_ends.get_ref(), &known)
}

fn delivery_seconds(reader: &mut Reader<'_>, raw: &RawProduct) -> (u64, u64) {
    let Some(range) = &raw.delivery else { return (0, 0) };
    let mut here = reader.of(range);
    let [shortest, longest] = range.get_ref().each_ref().map(|it| here.seconds(it));
    if longest < shortest {
        here.refuse("the longest delivery is shorter than the shortest", "Write the shorter one first");
    }
    (shortest, longest)
}

fn on_service_stop(reader: &mut Reader<'_>, raw: &RawProduct) -> OnServiceStop {
    let Some(text) = &raw.with_service else { return OnServiceStop::Stays };
    let known = [("stays", OnServiceStop::Stays), ("released", OnServiceStop::Released)];
    reader.of(text).word(text.get_ref(), &known).unwrap_or(OnServiceStop::Stays)
}

/// What a book or a product says of rounding, if it says anything. Source: R-MON-9.
pub(crate) fn rounding(reader: &mut Reader<'_>, raw: Option<&Spanned<String>>) -> Option<Rounding> {
    let known = [("waive", Rounding::Waive), ("carry", Rounding::Carry)];
    raw.and_then(|it| reader.of(it).word(it.get_ref(), &known))
}

fn limits(reader: &mut Reader<'_>, raw: &RawLimits, product: &str) -> Limits {
    for it in &raw.least {
        reader.of(it).note(&format!("{product} least {}", it.get_ref().months));
    }
    let known = [("needed", RealName::Needed), ("not_needed", RealName::NotNeeded)];
    let real_name = raw.real_name.as_deref().unwrap_or("not_needed");
    let least = raw.least.iter().map(Spanned::get_ref);
    Limits {
        quantity: raw.quantity,
        months: raw.months.clone(),
        prepaid_per_zone_and_month: raw.prepaid_per_zone_and_month,
        pay_per_use_per_zone: raw.pay_per_use_per_zone,
        least_months: least.map(|it| (conditions(&it.when), it.months)).collect(),
        real_name: reader.word(real_name, &known).unwrap_or(RealName::Needed),
    }
}

/// What becomes of what is prepaid behind its deadline. Source: R-EXP-3, R-EXP-4.
fn expiry(reader: &mut Reader<'_>, raw: &RawProduct) -> Expiry {
    let Some(RawExpiry { runs_on, kept, bin }) = raw.expiry.as_ref().map(|it| it.get_ref()) else {
        return Expiry::default();
    };
    let keeping = match (kept, bin) {
        (Some(kept), Some(bin)) if raw.release_days.is_none() => {
            Some(Keeping { kept_seconds: reader.seconds(kept), bin_seconds: reader.seconds(bin) })
        }
        (Some(_), Some(_)) => {
            let what = "`kept` and `bin` say when it is released, and so does `release_days`";
            reader.refuse(what, "Leave `release_days` out");
            None
        }
        (None, None) => None,
        (Some(_), None) | (None, Some(_)) => {
            reader.refuse("`kept` and `bin` stand together", "Write both, or neither and `release_days`");
            None
        }
    };
    Expiry { runs_on_seconds: runs_on.as_deref().map_or(0, |it| reader.seconds(it)), keeping }
}

fn arrears(reader: &mut Reader<'_>, raw: &RawArrears) -> Option<ArrearsPolicy> {
    let known =
        [("stop", ArrearsAction::Stop), ("limit", ArrearsAction::Limit), ("release", ArrearsAction::Release)];
    Some(ArrearsPolicy {
        action: reader.word(&raw.action, &known)?,
        grace_seconds: reader.seconds(&raw.grace),
        reclaim_seconds: raw.reclaim.as_deref().map(|it| reader.seconds(it)),
    })
}

fn pack(reader: &mut Reader<'_>, raw: &RawPack) -> Option<PackRule> {
    let starts = [("month", PackStart::Month), ("purchase", PackStart::Purchase)];
    let ended = [("refused", EndedPack::Refused), ("sold", EndedPack::Sold)];
    Some(PackRule {
        family: raw.family.clone(),
        spec: raw.spec.clone(),
        size: raw.size.clone(),
        hours: raw.hours.clone(),
        start: reader.word(&raw.start, &starts)?,
        ended: reader.word(raw.ended.as_deref().unwrap_or("refused"), &ended)?,
        notices_percent: raw.notices.clone(),
    })
}
