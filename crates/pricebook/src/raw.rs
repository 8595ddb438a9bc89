//! The files as they are written: one struct per table of TOML.
//!
//! In:  TOML. Out: its tables, with the place of what is checked later.
//! Invariant: nothing is checked beyond its shape, and a field that nobody reads is refused.

use crate::raw_text::{RawAttribute, RawGroup, RawLabels, RawName, RawText};
use billing::book::Conditions;
use serde::de::Visitor;
use serde::{Deserialize, Deserializer};
use std::collections::BTreeMap;
use std::fmt;
use toml::Spanned;

/// Options and the values that each may have.
pub(crate) type RawConditions = BTreeMap<String, Vec<String>>;

/// What is written as a table of options, in the order of their names.
pub(crate) fn conditions(raw: &RawConditions) -> Conditions {
    raw.iter().map(|(name, values)| (name.clone(), values.clone())).collect()
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawBook {
    pub name: String,
    pub currency: Spanned<String>,
    pub zone: Spanned<String>,
    pub from: Spanned<String>,
    pub until: Option<Spanned<String>>,
    pub format: Option<Spanned<i64>>,
    pub rounding: Option<Spanned<String>>,
    #[serde(default)]
    pub product_group: Vec<Spanned<RawGroup>>,
    pub region: Vec<Spanned<RawRegion>>,
    #[serde(default)]
    pub discount: BTreeMap<String, Spanned<RawDiscount>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawRegion {
    pub id: String,
    pub name: Spanned<RawName>,
    pub help: Option<Spanned<RawText>>,
    pub zones: Vec<String>,
    #[serde(default)]
    pub zone: RawLabels,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawDiscount {
    pub source: String,
    pub steps: BTreeMap<String, String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawProduct {
    pub id: String,
    pub name: Spanned<RawName>,
    pub help: Option<Spanned<RawText>>,
    pub group: Option<Spanned<String>>,
    #[serde(default)]
    pub order: i64,
    #[serde(default)]
    pub option_group: Vec<Spanned<RawGroup>>,
    pub metering_ends: Spanned<String>,
    #[serde(default)]
    pub delivery: Option<Spanned<[String; 2]>>,
    #[serde(default)]
    pub release_days: Option<i64>,
    #[serde(default)]
    pub recycle: Option<Spanned<String>>,
    #[serde(default)]
    pub expiry: Option<Spanned<RawExpiry>>,
    #[serde(default)]
    pub with_service: Option<Spanned<String>>,
    pub rounding: Option<Spanned<String>>,
    #[serde(default)]
    pub readings: Vec<String>,
    #[serde(default)]
    pub raised_for_days: Vec<String>,
    #[serde(default)]
    pub retired: bool,
    pub limits: Spanned<RawLimits>,
    pub arrears: Option<Spanned<RawArrears>>,
    pub pack: Option<Spanned<RawPack>>,
    pub refund: Option<Spanned<RawRefund>>,
    pub conversion: Option<Spanned<RawConversion>>,
    pub switch: Option<Spanned<RawSwitch>>,
    #[serde(default)]
    pub offers: Vec<Spanned<RawOffers>>,
    #[serde(default)]
    pub option: Vec<Spanned<RawOption>>,
    pub component: Vec<Spanned<RawComponent>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawLimits {
    pub quantity: u32,
    #[serde(default)]
    pub months: Vec<u32>,
    pub prepaid_per_zone_and_month: Option<u32>,
    pub pay_per_use_per_zone: Option<u32>,
    #[serde(default)]
    pub real_name: Option<String>,
    #[serde(default)]
    pub least: Vec<Spanned<RawLeast>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawLeast {
    pub when: RawConditions,
    pub months: u32,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawExpiry {
    pub runs_on: Option<String>,
    pub kept: Option<String>,
    pub bin: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawArrears {
    pub grace: String,
    pub action: String,
    pub reclaim: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawPack {
    pub family: String,
    pub spec: Option<String>,
    pub size: Option<String>,
    pub hours: String,
    pub start: String,
    #[serde(default)]
    pub ended: Option<String>,
    #[serde(default = "usual_notices")]
    pub notices: Vec<u32>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawConversion {
    /// Options with which it is prepaid.
    pub prepaid_as: BTreeMap<String, String>,
    #[serde(default)]
    pub except: RawConditions,
    /// Options with which it is paid by use again.
    pub by_use_as: Option<BTreeMap<String, String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawSwitch {
    pub option: String,
    /// The value with which it is paid ahead, and that with which it is paid by use.
    pub prepaid: String,
    pub by_use: String,
    #[serde(default = "usual_switches")]
    pub most: u32,
}

/// How often a mode is switched in each direction. Source: R-NET-6.
const fn usual_switches() -> u32 {
    1
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawRefund {
    /// So long after the delivery of a new purchase all of it goes back.
    pub whole: Option<Spanned<String>>,
    pub whole_per: Option<Spanned<String>>,
    pub whole_most: Option<u32>,
    pub rest: Spanned<String>,
    /// Options with which it is paid by use.
    #[serde(default)]
    pub used_as: BTreeMap<String, String>,
    /// Until when use counts where it was changed for a fee.
    pub used_until: Option<Spanned<String>>,
    /// How often something is lowered.
    pub downgrades: Option<u32>,
    pub floor: Option<Spanned<String>>,
    /// So long after the delivery a share goes back.
    pub within: Option<Spanned<String>>,
    pub most_per_year: Option<u32>,
    pub bin: Option<Spanned<String>>,
}

/// Percents of what is left at which a notice goes out where a pack names none. Source: R-PKG-15.
fn usual_notices() -> Vec<u32> {
    vec![20, 5]
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawOffers {
    pub table: String,
    pub columns: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawOption {
    pub name: String,
    pub kind: String,
    #[serde(default)]
    pub choices: Vec<String>,
    pub table: Option<String>,
    pub column: Option<String>,
    pub from: Option<u64>,
    pub to: Option<u64>,
    pub step: Option<u64>,
    pub unit: Option<String>,
    pub default: Option<String>,
    #[serde(default)]
    pub when: RawConditions,
    pub resize: Option<String>,
    pub at_least: Option<String>,
    pub label: Option<Spanned<RawText>>,
    pub help: Option<Spanned<RawText>>,
    pub group: Option<Spanned<String>>,
    #[serde(default)]
    pub order: i64,
    pub measure: Option<Spanned<RawText>>,
    #[serde(default)]
    pub stops: Vec<u64>,
    pub recommended: Option<String>,
    #[serde(default)]
    pub value: RawLabels,
    #[serde(default)]
    pub attribute: Vec<Spanned<RawAttribute>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawComponent {
    pub id: String,
    pub name: Spanned<RawName>,
    pub help: Option<Spanned<RawText>>,
    #[serde(default)]
    pub when: RawConditions,
    pub due: String,
    pub meter: String,
    pub usage: Option<String>,
    pub base: Option<String>,
    pub cap: Option<String>,
    pub mode: Option<String>,
    pub free_rate: Option<String>,
    pub slot: Option<String>,
    /// Each key of a resource is priced by itself.
    pub per_key: Option<bool>,
    pub p: Option<String>,
    pub k: Option<u64>,
    pub nth: Option<u64>,
    pub free_events: Option<u64>,
    /// An option that holds a number; without it, one piece.
    pub quantity: Option<String>,
    pub less: Option<u64>,
    pub unit: Option<String>,
    pub scope: Option<String>,
    pub spec: Option<String>,
    pub pack: Option<String>,
    pub contract: Option<String>,
    pub change_discount: Option<String>,
    pub freeze: Option<String>,
    pub billed_while: Option<Vec<String>>,
    pub least_time: Option<String>,
    pub month_time: Option<String>,
    pub free_tier: Option<RawFreeTier>,
    #[serde(default)]
    pub retired: bool,
    pub price: Spanned<RawPrice>,
}

/// So much of a month that costs an account nothing, under a name that others may share. Source: R-PRC-25.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawFreeTier {
    pub name: String,
    pub quantity: RawQuantity,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawPrice {
    pub kind: String,
    pub per: String,
    pub amount: Option<String>,
    pub source: Option<String>,
    pub table: Option<String>,
    pub column: Option<String>,
    /// Several columns: one tier each, with the edges in `tiers`.
    #[serde(default)]
    pub columns: Vec<String>,
    #[serde(default)]
    pub tiers: Vec<String>,
    /// CSV column to option, where their names differ.
    #[serde(default)]
    pub keys: BTreeMap<String, String>,
    #[serde(default)]
    pub tier: Vec<Spanned<RawTier>>,
    pub edge: Option<String>,
    pub size: Option<RawQuantity>,
    pub rate: Option<String>,
    pub least: Option<String>,
    pub most: Option<String>,
    pub free: Option<RawQuantity>,
    pub minimum: Option<String>,
    pub started: Option<RawQuantity>,
    pub discount: Option<String>,
    pub discount_column: Option<String>,
}

/// A quantity as it is written: a number, or a text with a unit. Source: R-PRC-19.
#[derive(Debug)]
pub(crate) struct RawQuantity(pub String);

impl<'de> Deserialize<'de> for RawQuantity {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<RawQuantity, D::Error> {
        from.deserialize_any(QuantityVisitor)
    }
}

struct QuantityVisitor;

impl Visitor<'_> for QuantityVisitor {
    type Value = RawQuantity;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number, or a text like \"100 GB\"")
    }

    fn visit_i64<E>(self, number: i64) -> Result<RawQuantity, E> {
        Ok(RawQuantity(number.to_string()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<RawQuantity, E> {
        Ok(RawQuantity(number.to_string()))
    }

    fn visit_str<E>(self, text: &str) -> Result<RawQuantity, E> {
        Ok(RawQuantity(text.to_string()))
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawTier {
    pub above: String,
    pub up_to: Option<String>,
    pub amount: String,
    #[serde(default)]
    pub flat: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawAmendments {
    #[serde(default)]
    pub price: Vec<Spanned<RawAmendment>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawAmendment {
    pub product: String,
    pub component: String,
    #[serde(default)]
    pub when: RawConditions,
    /// The tier or band that begins there; all of them without it.
    pub above: Option<String>,
    pub amount: String,
    pub source: String,
}
