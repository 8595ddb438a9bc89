//! The quote of a pack: from when until when it would be, and when it would be empty.
//!
//! In:  a pack that somebody asks for. Out: its period, the months that it may begin in, its end at the present use.
//! Invariant: the end is found by the sweep that settlement does, as if the pack were there; nothing is written.
//! Rules: R-PKG-1 to R-PKG-5, R-PKG-13.

use crate::packs::Ahead;
use crate::{At, Refusal, outlook, packs};
use billing::book::{PackRule, PackStart};
use billing::options::Options;
use billing::order::Item;
use billing::pack::{self, MONTHS_AHEAD, Pack, PackError, Period};
use billing::quote::Quote;
use store::Tx;
use units::{AccountId, CycleKind, OrderId, PackId, Timestamp, Unit};

/// A month that a pack may begin in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Start {
    /// Such as `2026-08`.
    pub month: String,
    pub period: Result<Period, PackError>,
}

/// What a pack would be.
#[derive(Clone, Debug)]
pub struct PackQuote {
    /// Capacity of one piece, and from when until when.
    pub period: Period,
    /// Whether it covers what ran before it is bought. Source: R-PKG-4.
    pub looks_back: bool,
    pub family: String,
    /// The one spec that it covers; `None` where sizes are shared.
    pub spec: Option<String>,
    pub unit: Option<Unit>,
    /// When the last piece would be empty, if all goes on as now; `None` when something is left at the end.
    pub empty: Option<Timestamp>,
    /// Whether anything that runs now would draw on it.
    pub is_used: bool,
}

/// An item that is quoted, and who asks.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    pub account: AccountId,
    pub item: &'a Item,
    pub quote: &'a Quote,
}

/// The pack that an item would become. `None` for what is no pack.
///
/// Errors: a month that a pack cannot begin in.
pub fn of(tx: &mut Tx<'_>, at: At<'_>, asked: Asked<'_>) -> Result<Option<PackQuote>, Refusal> {
    let Asked { account, item, quote } = asked;
    let Some(rule) = at.product(quote.total.currency(), &quote.product)?.pack.as_ref() else {
        return Ok(None);
    };
    let period = pack::period(rule, &quote.options, item.month.as_deref(), at.now, &at.desk.calendar)?;
    let spec = rule.spec.as_deref().and_then(|it| quote.options.get(it)).map(str::to_string);
    let made_up = made_up(rule, account, &period, spec.clone());
    let pieces = pieces(at.now, &made_up, quote.quantity);
    let outlook = packs::look_with(tx, at, account, Ahead { to: period.expires.max(at.now), more: &pieces })?;
    let is_drawn_on = |it: &Pack| outlook.left.get(&it.id).is_some_and(|left| *left < it.capacity);
    let ends: Option<Vec<Timestamp>> =
        pieces.iter().map(|it| outlook::end_of(it, &outlook.crossings)).collect();
    Ok(Some(PackQuote {
        looks_back: period.effective < at.now,
        family: rule.family.clone(),
        unit: outlook::unit_of(at, quote.total.currency(), &rule.family),
        empty: ends.and_then(|it| it.into_iter().max()),
        is_used: pieces.iter().any(is_drawn_on),
        period,
        spec,
    }))
}

/// One for each piece, each with an id that nothing else has.
fn pieces(now: Timestamp, one: &Pack, quantity: u32) -> Vec<Pack> {
    let id = |number: u32| PackId::named(now, &format!("{} might buy {number}", one.account));
    (1..=quantity).map(|it| Pack { id: id(it), ..one.clone() }).collect()
}

/// A pack that nobody bought.
fn made_up(rule: &PackRule, account: AccountId, period: &Period, spec: Option<String>) -> Pack {
    Pack {
        id: PackId::named(period.effective, "none"),
        account,
        order: OrderId::named(period.effective, "none"),
        family: rule.family.clone(),
        spec,
        name: String::new(),
        capacity: period.capacity,
        effective: period.effective,
        expires: period.expires,
        bought: period.effective,
        left: period.capacity,
        settled_to: period.effective,
        used: 0,
        lost: 0,
        notices_percent: Vec::new(),
        refunded: None,
    }
}

/// The months that a pack of these options may begin in, each with its period or why it may not; none for a pack that
/// begins when it is paid.
///
/// Errors: a time that the calendar does not reach. Source: R-PKG-2, R-PKG-3, R-PKG-5.
pub fn starts(at: At<'_>, rule: &PackRule, options: &Options) -> Result<Vec<Start>, Refusal> {
    if rule.start == PackStart::Purchase {
        return Ok(Vec::new());
    }
    let calendar = &at.desk.calendar;
    let first = calendar.cycle(CycleKind::Month, at.now)?.from;
    let mut starts = Vec::new();
    for ahead in 0..=MONTHS_AHEAD {
        let month = calendar.month(calendar.add_months(first, ahead)?);
        let period = pack::period(rule, options, Some(&month), at.now, calendar);
        starts.push(Start { month, period });
    }
    Ok(starts)
}
