//! What must be chosen for something to hold.

use billing::book::Conditions;
use serde::Serialize;
use utoipa::ToSchema;

/// An option and the values that it must have one of.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ConditionView {
    pub option: String,
    pub values: Vec<String>,
}

/// One condition as the API shows it.
pub fn condition(it: &(String, Vec<String>)) -> ConditionView {
    ConditionView { option: it.0.clone(), values: it.1.clone() }
}

/// All conditions, in their order.
pub fn conditions(all: &Conditions) -> Vec<ConditionView> {
    all.iter().map(condition).collect()
}
