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
    pub pay: PayTime,
    pub price: PriceForm,
    pub unit: MeterUnit,
    pub reach: Reach,
}

/// When what is measured is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PayTime {
    WithOrder,
    AfterCycle,
}

/// What its price is written by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PriceForm {
    /// Per second, hour or day.
    Time,
    /// Per month, or so many of what is counted.
    Count,
    /// By bands, each the price of a day.
    Band,
}

/// The unit of what it counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MeterUnit {
    /// That of the component; what is held keeps quantity and time apart.
    Own,
    /// Seconds of it: the meter adds them up itself.
    OwnSeconds,
    /// The same for every component.
    Fixed(Unit),
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
            Form { pay: PayTime::WithOrder, ..cycle(PriceForm::Count, MeterUnit::Own, Reach::Bought) }
        }
        Meter::Held | Meter::HeldHighest => cycle(PriceForm::Time, MeterUnit::Own, Reach::Bought),
        Meter::HeldMean => cycle(PriceForm::Count, MeterUnit::Own, Reach::Bought),
        Meter::HeldSum | Meter::Clock => cycle(PriceForm::Time, MeterUnit::OwnSeconds, Reach::Open),
        Meter::Sum { .. } => cycle(PriceForm::Count, MeterUnit::Own, Reach::Open),
        Meter::Events { .. } => cycle(PriceForm::Count, MeterUnit::Fixed(Unit::ValueE8), Reach::Open),
        Meter::VolumeAbove { .. } => cycle(PriceForm::Count, MeterUnit::Fixed(Unit::Byte), Reach::Open),
        Meter::Attack { .. } => cycle(PriceForm::Band, MeterUnit::Fixed(Unit::BitPerSecond), Reach::Attack),
        Meter::PeakAbove { .. }
        | Meter::Percentile { .. }
        | Meter::TopMean { .. }
        | Meter::DayPeaks { .. } => {
            cycle(PriceForm::Count, MeterUnit::Fixed(Unit::BitPerSecond), Reach::Open)
        }
    }
}

/// The form of a meter that is paid after each cycle.
fn cycle(price: PriceForm, unit: MeterUnit, reach: Reach) -> Form {
    Form { pay: PayTime::AfterCycle, price, unit, reach }
}

impl MeterUnit {
    /// The unit that is counted where the component has the unit `own`.
    pub(crate) fn of(self, own: Unit) -> Unit {
        match self {
            MeterUnit::Own => own,
            MeterUnit::OwnSeconds => own.seconds(),
            MeterUnit::Fixed(unit) => unit,
        }
    }
}
