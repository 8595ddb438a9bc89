//! What a product file says of giving it back.
//!
//! In:  a reader at the table `refund` of a product. Out: the rule.
//! Invariant: what is not written is as the rules have it: all of it for five days, once a year; 199 refunds a year; a week in the bin.
//! Rules: R-REF-1 to R-REF-3, R-REF-5, R-REF-6, R-PKG-14, T-24.

use crate::raw::RawRefund;
use crate::reader::Reader;
use billing::refund::rule::{
    RefundFloor, RefundRest, RefundRule, RefundSpan, UsedRefund, UsedUntil, WholeRefund,
};

/// Refunds of an account in a year where a product says no other number. Source: R-REF-2.
const MOST_PER_YEAR: u32 = 199;
/// How often a resource is lowered where a product says nothing else. Source: R-CHG-3.
const DOWNGRADES: u32 = 5;
/// Seconds in the bin where a product says no other. Source: R-REF-5.
const BIN_SECONDS: u64 = 7 * 86_400;

/// The words of what goes back, before what belongs to it is read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Rest {
    Kept,
    Used,
    Share,
    Unused,
}

pub(crate) fn read(reader: &mut Reader<'_>, raw: &RawRefund) -> Option<RefundRule> {
    let known =
        [("kept", Rest::Kept), ("used", Rest::Used), ("share", Rest::Share), ("unused", Rest::Unused)];
    let kind = reader.of(&raw.rest).word(raw.rest.get_ref(), &known)?;
    let floors = [("order", RefundFloor::Order), ("sum", RefundFloor::Sum)];
    let floor = match &raw.floor {
        Some(it) => reader.of(it).word(it.get_ref(), &floors)?,
        None => RefundFloor::Order,
    };
    let ends = [("refund", UsedUntil::Refund), ("upgrade", UsedUntil::Upgrade)];
    let until = match &raw.used_until {
        Some(it) => reader.of(it).word(it.get_ref(), &ends)?,
        None => UsedUntil::Refund,
    };
    let rest = match kind {
        Rest::Kept => RefundRest::Kept,
        Rest::Unused => RefundRest::Unused,
        Rest::Used => RefundRest::Used(UsedRefund {
            options: raw.used_as.clone(),
            floor,
            until,
            downgrades: raw.downgrades.unwrap_or(DOWNGRADES),
        }),
        Rest::Share => RefundRest::Share { within_seconds: within(reader, raw) },
    };
    let says_how = !raw.used_as.is_empty()
        || raw.floor.is_some()
        || raw.used_until.is_some()
        || raw.downgrades.is_some();
    if kind != Rest::Used && says_how {
        let what = "`used_as`, `used_until`, `downgrades` and `floor` go only with rest = \"used\"";
        reader.refuse(what, "Leave them out");
    }
    if kind != Rest::Share && raw.within.is_some() {
        reader.refuse("`within` goes only with rest = \"share\"", "Leave it out");
    }
    Some(RefundRule {
        whole: whole(reader, raw),
        rest,
        most_per_year: raw.most_per_year.unwrap_or(MOST_PER_YEAR),
        bin_seconds: raw.bin.as_ref().map_or(BIN_SECONDS, |it| reader.of(it).seconds(it.get_ref())),
    })
}

fn within(reader: &mut Reader<'_>, raw: &RawRefund) -> u64 {
    match &raw.within {
        Some(it) => reader.of(it).seconds(it.get_ref()),
        None => {
            reader.refuse("rest = \"share\" does not say until when", "Write within = \"5 d\"");
            0
        }
    }
}

/// `None` where never all of it goes back.
fn whole(reader: &mut Reader<'_>, raw: &RawRefund) -> Option<WholeRefund> {
    let Some(whole) = &raw.whole else {
        if raw.whole_per.is_some() || raw.whole_most.is_some() {
            reader.refuse("`whole_per` and `whole_most` go only with `whole`", "Write whole = \"5 d\"");
        }
        return None;
    };
    let known = [("year", RefundSpan::Year), ("account", RefundSpan::Account)];
    let per = match &raw.whole_per {
        Some(it) => reader.of(it).word(it.get_ref(), &known).unwrap_or(RefundSpan::Year),
        None => RefundSpan::Year,
    };
    Some(WholeRefund {
        within_seconds: reader.of(whole).seconds(whole.get_ref()),
        most: raw.whole_most.unwrap_or(1),
        per,
    })
}
