//! The kinds of price, as books write them.
//!
//! In:  a word. Out: the kind, sorted by how its figures are written.
//! Rules: R-PRC-1.

/// How the figures of a price are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PriceKind {
    Flat(FlatKind),
    Tiers(TierKind),
    Percentage,
}

/// One amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FlatKind {
    PerUnit,
    Package,
}

/// An amount for each step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TierKind {
    Graduated,
    Volume,
    Band,
}

/// Every kind with its word.
pub(crate) const PRICE_KINDS: [(&str, PriceKind); 6] = [
    ("per_unit", PriceKind::Flat(FlatKind::PerUnit)),
    ("graduated", PriceKind::Tiers(TierKind::Graduated)),
    ("volume", PriceKind::Tiers(TierKind::Volume)),
    ("package", PriceKind::Flat(FlatKind::Package)),
    ("percentage", PriceKind::Percentage),
    ("band", PriceKind::Tiers(TierKind::Band)),
];
