//! What is asked of a quote: items, and what to assume of a month.
//!
//! In:  JSON. Out: items, and assumptions as the desk has them.

use crate::items::{ItemBody, one_to_twenty};
use billing::breakdown::{Assumed, HOURS};
use serde::Deserialize;
use std::collections::BTreeMap;
use utoipa::openapi::schema::{AdditionalProperties, SchemaType, Type};
use utoipa::openapi::{ObjectBuilder, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};
use web::wire::{Text, Whole};

/// What is wanted, all of it in one purchase.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"items": [{
    "product": "server", "name": "web", "options": {"charge": "prepaid", "region": "guangzhou", "zone": "guangzhou-1",
        "type": "S1.SMALL1", "network": "bandwidth", "bandwidth": 1}, "months": 1
}]}))]
pub struct QuoteBody {
    #[schema(min_items = 1, max_items = 20)]
    #[serde(deserialize_with = "one_to_twenty")]
    pub(super) items: Vec<ItemBody>,
    /// What to assume of a month, for `estimate`.
    #[serde(default)]
    pub(super) assume: AssumeBody,
}

/// A map of whole numbers: its keys and values stand in it, as texts and whole numbers do everywhere.
fn usage_schema() -> RefOr<Schema> {
    let keys = match Text::<1, 100>::schema() {
        RefOr::T(it) => Some(it),
        RefOr::Ref(_) => None,
    };
    let values = AdditionalProperties::RefOr(Whole::<0, 9_007_199_254_740_991>::schema());
    let map = ObjectBuilder::new().schema_type(SchemaType::Type(Type::Object));
    let says = "What is reported in them, by meter, in base units (bytes for traffic); spread evenly. Nothing if left out.";
    let map = map.description(Some(says)).property_names(keys).additional_properties(Some(values));
    RefOr::T(Schema::Object(map.build()))
}

/// What is assumed of a month.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"hours": 720, "usage": {"traffic_out": 107_374_182_400_i64}}))]
pub struct AssumeBody {
    /// Hours that everything runs; 720 if left out.
    hours: Option<Whole<1, 744>>,
    /// What is reported in them, by meter, in base units (bytes for traffic); spread evenly. Nothing if left out.
    #[schema(schema_with = usage_schema)]
    #[serde(default)]
    usage: BTreeMap<Text<1, 100>, Whole<0, 9_007_199_254_740_991>>,
}

impl AssumeBody {
    /// What the desk assumes.
    pub(super) fn assumed(&self) -> Assumed {
        let usage = |(meter, quantity): (&Text<1, 100>, &Whole<0, 9_007_199_254_740_991>)| {
            (meter.as_str().to_string(), u128::from(quantity.get().unsigned_abs()))
        };
        Assumed {
            hours: self.hours.map_or(HOURS, Whole::count),
            usage: self.usage.iter().map(usage).collect(),
        }
    }
}
