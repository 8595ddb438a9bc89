//! What a price book says of converting a product.
//!
//! In:  a price book. Out: with which options it is prepaid, and with which it stays paid by use.
//! Invariant: a product without such a rule is not converted.
//! Rules: R-CNV-1.

use std::collections::BTreeMap;

/// How what is paid by use becomes prepaid. Source: R-CNV-1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConversionRule {
    /// Options with which it is prepaid, such as `charge` and `prepaid`.
    pub options: BTreeMap<String, String>,
    /// With any of these values of an option it is not converted.
    pub except: Vec<(String, Vec<String>)>,
}
