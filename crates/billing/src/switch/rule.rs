//! What a price book says of switching a mode of a product, such as a network paid by bandwidth or by traffic.
//!
//! In:  a price book. Out: between which values of which option something prepaid switches, and how often.
//! Invariant: a product without such a rule is not switched.
//! Rules: R-NET-4 to R-NET-6.

/// How a mode of something prepaid is switched. Source: R-NET-4 to R-NET-6.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SwitchRule {
    /// The option that says the mode.
    pub option: String,
    /// Its value with which it is paid ahead.
    pub prepaid: String,
    /// Its value with which it is paid by use.
    pub by_use: String,
    /// How often a resource is switched in each direction; 0: never. Source: R-NET-6.
    pub most: u32,
}
