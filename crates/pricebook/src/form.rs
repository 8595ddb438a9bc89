//! What each meter asks of the component that it counts for: one row per meter.
//!
//! In:  a meter. Out: when it is paid, what its price is written by, what it counts, how far its price must reach.
//! Invariant: no meter goes without a row; a new one does not compile until it has one.
//! Rules: R-PRC-1, R-ORD-9.

use billing::book::Meter;
use units::Unit;

/// What a meter asks of its component.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Form {
    pub paid: Paid,
    pub priced: PricedBy,
    pub counted: Counted,
    pub reach: Reach,
}

/// When what is measured is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Paid {
    WithOrder,
    AfterCycle,
}

/// What its price is written by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PricedBy {
    /// Per second, hour or day.
    Time,
    /// Per month, or so many of what is counted.
    Count,
    /// By bands, each the price of a day.
    Band,
}

/// The unit of what it counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Counted {
    /// That of the component; what is held keeps quantity and time apart.
    Unit,
    /// Seconds of it: the meter adds them up itself.
    UnitSeconds,
    /// The same for every component.
    Always(Unit),
}

/// How far its price must reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    /// As far as may be bought.
    Bought,
    /// Without an end, for use has none.
    Open,
    /// From where an attack begins to cost to the highest cap.
    Attack,
}

/// The row of `meter`.
pub(crate) fn form(meter: &Meter) -> Form {
    match meter {
        Meter::Months | Meter::Once => {
            Form { paid: Paid::WithOrder, ..cycle(PricedBy::Count, Counted::Unit, Reach::Bought) }
        }
        Meter::Held | Meter::HeldHighest => cycle(PricedBy::Time, Counted::Unit, Reach::Bought),
        Meter::HeldMean => cycle(PricedBy::Count, Counted::Unit, Reach::Bought),
        Meter::HeldSum | Meter::Clock => cycle(PricedBy::Time, Counted::UnitSeconds, Reach::Open),
        Meter::Sum { .. } => cycle(PricedBy::Count, Counted::Unit, Reach::Open),
        Meter::Events { .. } => cycle(PricedBy::Count, Counted::Always(Unit::ValueE8), Reach::Open),
        Meter::VolumeAbove { .. } => cycle(PricedBy::Count, Counted::Always(Unit::Byte), Reach::Open),
        Meter::Attack { .. } => cycle(PricedBy::Band, Counted::Always(Unit::BitPerSecond), Reach::Attack),
        Meter::PeakAbove { .. }
        | Meter::Percentile { .. }
        | Meter::TopMean { .. }
        | Meter::DayPeaks { .. } => cycle(PricedBy::Count, Counted::Always(Unit::BitPerSecond), Reach::Open),
    }
}

/// The form of a meter that is paid after each cycle.
fn cycle(priced: PricedBy, counted: Counted, reach: Reach) -> Form {
    Form { paid: Paid::AfterCycle, priced, counted, reach }
}

impl Counted {
    /// The unit that is counted where the component has the unit `own`.
    pub(crate) fn unit(self, own: Unit) -> Unit {
        match self {
            Counted::Unit => own,
            Counted::UnitSeconds => own.seconds(),
            Counted::Always(unit) => unit,
        }
    }
}
