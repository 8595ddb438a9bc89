//! The price rows of a component: from a table, or the one that is written beside it.
//!
//! In:  a reader at the price, what it stands on. Out: price rows.
//! Invariant: a price that is written beside its component holds for every choice.
//! Rules: R-PRC-1, R-PRC-11.

use crate::basis::{Basis, Draft};
use crate::kind::{FlatKind, PRICE_KINDS, PriceKind, TierKind};
use crate::price_rows;
use crate::raw::RawTier;
use crate::reader::Reader;
use crate::table::Table;
use crate::tiers::{self, Step};
use billing::book::{Conditions, PriceRow, Sale};
use billing::price::{Percentage, Pricing};
use toml::Spanned;
use units::{Amount, Price};

/// The prices of one component.
pub(crate) fn rows(reader: &mut Reader<'_>, basis: &Basis<'_>) -> Vec<PriceRow> {
    match &basis.raw().table {
        Some(name) => Table::read(reader, name).map_or(Vec::new(), |it| price_rows::rows(reader, basis, &it)),
        None => price_beside(reader, basis).into_iter().collect(),
    }
}

/// The price that is written beside its component.
fn price_beside(reader: &mut Reader<'_>, basis: &Basis<'_>) -> Option<PriceRow> {
    let raw = basis.raw();
    let pricing = match reader.word(&raw.kind, &PRICE_KINDS)? {
        PriceKind::Flat(kind) => flat(reader, basis, kind)?,
        PriceKind::Tiers(kind) => tier_list(reader, basis, kind)?,
        PriceKind::Percentage => Pricing::Percentage(percentage(reader, basis)?),
    };
    let source = raw.source.as_deref().unwrap_or("");
    let draft =
        Draft { keys: Conditions::new(), pricing, source, discount: raw.discount.clone(), sale: Sale::Open };
    Some(basis.row(reader, draft))
}

fn flat(reader: &mut Reader<'_>, basis: &Basis<'_>, kind: FlatKind) -> Option<Pricing> {
    match kind {
        FlatKind::PerUnit => {
            Some(Pricing::PerUnit(Price { amount: amount(reader, basis)?, per: basis.per.quantity }))
        }
        FlatKind::Package => {
            Some(Pricing::Package { size: basis.size(reader)?, price: amount(reader, basis)? })
        }
    }
}

fn amount(reader: &mut Reader<'_>, basis: &Basis<'_>) -> Option<Amount> {
    let Some(text) = &basis.raw().amount else {
        reader.refuse("the price has neither a table nor `amount`", "Write amount = \"0.42\"");
        return None;
    };
    reader.amount(text, basis.currency)
}

fn percentage(reader: &mut Reader<'_>, basis: &Basis<'_>) -> Option<Percentage> {
    let raw = basis.raw();
    // A rate in percent with six digits is one in 1e-8.
    let rate = raw.rate.as_deref().and_then(|it| units::decimal::parse(it, 6).ok());
    let Some(rate_e8) = rate.and_then(|it| u64::try_from(it).ok()) else {
        reader.refuse("a percentage needs a rate in percent", "Write rate = \"1.2\"");
        return None;
    };
    Some(Percentage {
        rate_e8,
        fixed: amount_or_zero(reader, basis, raw.amount.as_deref())?,
        least: raw.least.as_deref().and_then(|it| reader.amount(it, basis.currency)),
        most: raw.most.as_deref().and_then(|it| reader.amount(it, basis.currency)),
    })
}

fn amount_or_zero(reader: &mut Reader<'_>, basis: &Basis<'_>, text: Option<&str>) -> Option<Amount> {
    text.map_or(Some(basis.zero()), |it| reader.amount(it, basis.currency))
}

/// Tiers or bands that are written beside the component.
fn tier_list(reader: &mut Reader<'_>, basis: &Basis<'_>, kind: TierKind) -> Option<Pricing> {
    let mut steps = Vec::new();
    for tier in &basis.raw().tier {
        steps.push(step(reader, basis, tier)?);
    }
    tiers::pricing(reader, basis, kind, steps)
}

fn step<'a>(reader: &mut Reader<'a>, basis: &Basis<'_>, tier: &Spanned<RawTier>) -> Option<Step<'a>> {
    let place = reader.place_of(tier);
    let mut here = reader.at(place);
    let RawTier { above, up_to, amount, flat } = tier.get_ref();
    Some(Step {
        place,
        above: here.edge(above, &basis.per)?,
        up_to: match up_to {
            Some(text) => Some(here.edge(text, &basis.per)?),
            None => None,
        },
        amount: here.amount(amount, basis.currency)?,
        flat: amount_or_zero(&mut here, basis, flat.as_deref())?,
    })
}
