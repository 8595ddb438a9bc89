//! What a price book says of converting a product.
//!
//! In:  a price book. Out: with which options it is prepaid, and with which it stays paid by use.
//! Invariant: a product without such a rule is not converted.
//! Rules: R-CNV-1, R-CNV-2.

use std::collections::BTreeMap;

/// How what is paid by use becomes prepaid, and back. Source: R-CNV-1, R-CNV-2.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConversionRule {
    /// Options with which it is prepaid, such as `charge` and `prepaid`.
    pub options: BTreeMap<String, String>,
    /// With any of these values of an option it is not converted.
    pub except: Vec<(String, Vec<String>)>,
    /// Options with which what is prepaid is paid by use again, such as `charge` and `payg`; `None`: it stays prepaid to its end.
    pub by_use: Option<BTreeMap<String, String>>,
}
