//! Meters: one room for all that is said of each.
//!
//! In:  a meter. Out: its word, what it reads, how that adds up; when it is paid, by what its
//! price is written, what it counts, how far its price must reach.
//! Invariant: every fact is a `match` that names all meters; a new one does not compile until each place has it.
//! Rules: R-PRC-1, R-PRC-3, R-PRC-11 to R-PRC-14, R-NET-2, R-NET-8, R-DDS-*, R-ORD-9, R-SET-5.

use units::Unit;

/// What is measured, and how it is added up within a cycle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Meter {
    /// Quantity × months of the order.
    Months,
    /// Quantity, once per order.
    Once,
    /// The rate of the quantity, for the seconds it was held.
    Held,
    /// Seconds × quantity, added up.
    HeldSum,
    /// The highest quantity of the cycle, for all seconds in which there was any. Source: R-NET-2.
    HeldHighest,
    /// The mean over the window, weighted by time. Source: R-PRC-14.
    HeldMean,
    /// Seconds on the tier clock of the resource. Source: R-PRC-3.
    Clock,
    /// Samples added up.
    Sum { usage: String },
    /// Each sample priced alone. Source: R-PRC-11.
    Events { usage: String, free: u64 },
    /// The dearest attack of the day. Source: R-DDS-2, R-DDS-3.
    Attack { usage: String, base: String, cap: String, mode: AttackMode },
    /// The highest slot of the day above what is free, in bits per second. Source: R-DDS-11.
    PeakAbove { usage: String, free: u64, slots: Slots },
    /// The bytes of each slot above what is free. Source: R-DDS-12.
    VolumeAbove { usage: String, free: u64, slots: Slots },
    /// The value at position ceil(p × n) of the slots, `p` in 1e-6. Source: R-PRC-12.
    Percentile { usage: String, p_e6: u64, slots: Slots },
    /// The mean of the k largest slots. Source: R-PRC-13.
    TopMean { usage: String, k: u64, slots: Slots },
    /// The mean of the k largest day peaks, each the nth largest slot of its day. Source: R-NET-8.
    DayPeaks { usage: String, nth: u64, k: u64, slots: Slots },
}

/// Equal spans of time, each with one value: the mean of its readings. Source: R-SLT-1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slots {
    pub seconds: u64,
    pub keys: Keys,
}

/// What becomes of the keys (ports, addresses, lines) of one resource. Source: R-SLT-1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keys {
    /// Added to the value of the resource.
    AddedUp,
    /// Priced each by itself; readings without a key are one of their own.
    PricedEach,
}

/// What selects the band of an attack. Source: R-DDS-2, R-DDS-3.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttackMode {
    ExcessOverBase,
    AbsolutePeak,
}

/// How a meter adds up what is held, segment by segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeldBy {
    /// The rate of each quantity, for its seconds.
    Rate,
    /// Quantity × seconds, added up.
    Sum,
    /// The highest quantity, for all seconds.
    Highest,
    /// The mean over the window.
    Mean,
    /// Quantity × seconds on the tier clock of the resource.
    Clock,
}

/// How what is reported to a meter adds up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tally {
    /// Nothing charges it; it is only kept.
    Kept,
    /// A plain sum.
    Sum,
    /// One by one, or what exceeds something in each.
    Each,
    /// The dearest second of a day, in which every key counts once.
    Attack,
    /// The highest, or the mean of the highest.
    Highest,
}

impl Tally {
    /// How what is reported to several components adds up: as that of them does which asks the most of it.
    pub fn of(all: impl IntoIterator<Item = Tally>) -> Tally {
        let order = [Tally::Attack, Tally::Highest, Tally::Each, Tally::Sum, Tally::Kept];
        let place = |it: &Tally| order.iter().position(|one| one == it);
        all.into_iter().min_by_key(place).unwrap_or(Tally::Kept)
    }

    /// Whether no other reading can be in its way: only its id has to be free.
    pub fn is_plain(self) -> bool {
        self != Tally::Attack
    }

    /// Whether a counter may report to it: only a sum can be told by what a counter grew.
    pub const fn counts(self) -> bool {
        match self {
            Tally::Kept | Tally::Sum => true,
            Tally::Each | Tally::Attack | Tally::Highest => false,
        }
    }
}

/// What a meter asks of its component.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Form {
    pub pay: PayTime,
    pub price: PriceForm,
    pub unit: MeterUnit,
    pub reach: Reach,
}

/// When what is measured is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PayTime {
    WithOrder,
    AfterCycle,
}

/// What its price is written by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PriceForm {
    /// Per second, hour or day.
    Time,
    /// Per month, or so many of what is counted.
    Count,
    /// By bands, each the price of a day.
    Band,
}

/// The unit of what it counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MeterUnit {
    /// That of the component; what is held keeps quantity and time apart.
    Own,
    /// Seconds of it: the meter adds them up itself.
    OwnSeconds,
    /// The same for every component.
    Fixed(Unit),
}

/// How far its price must reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// As far as may be bought.
    Bought,
    /// Without an end, for use has none.
    Open,
    /// From where an attack begins to cost to the highest cap.
    Attack,
}

impl Meter {
    /// The meter as price books write it.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Meter::Months => "months",
            Meter::Once => "once",
            Meter::Held => "held",
            Meter::HeldSum => "held_sum",
            Meter::HeldHighest => "held_highest",
            Meter::HeldMean => "held_mean",
            Meter::Clock => "clock",
            Meter::Sum { .. } => "sum",
            Meter::Events { .. } => "events",
            Meter::Attack { .. } => "attack",
            Meter::PeakAbove { .. } => "peak_above",
            Meter::VolumeAbove { .. } => "volume_above",
            Meter::Percentile { .. } => "percentile",
            Meter::TopMean { .. } => "top_mean",
            Meter::DayPeaks { .. } => "day_peaks",
        }
    }

    /// The usage meter that it reads, if it reads samples.
    pub fn usage(&self) -> Option<&str> {
        match self {
            Meter::Sum { usage }
            | Meter::Events { usage, .. }
            | Meter::Attack { usage, .. }
            | Meter::PeakAbove { usage, .. }
            | Meter::VolumeAbove { usage, .. }
            | Meter::Percentile { usage, .. }
            | Meter::TopMean { usage, .. }
            | Meter::DayPeaks { usage, .. } => Some(usage),
            Meter::Months
            | Meter::Once
            | Meter::Held
            | Meter::HeldSum
            | Meter::HeldHighest
            | Meter::HeldMean
            | Meter::Clock => None,
        }
    }

    /// How it adds up what is held; `None` where it reads samples or is paid with an order.
    #[inline]
    pub const fn held_by(&self) -> Option<HeldBy> {
        match self {
            Meter::Held => Some(HeldBy::Rate),
            Meter::HeldSum => Some(HeldBy::Sum),
            Meter::HeldHighest => Some(HeldBy::Highest),
            Meter::HeldMean => Some(HeldBy::Mean),
            Meter::Clock => Some(HeldBy::Clock),
            Meter::Months
            | Meter::Once
            | Meter::Sum { .. }
            | Meter::Events { .. }
            | Meter::Attack { .. }
            | Meter::PeakAbove { .. }
            | Meter::VolumeAbove { .. }
            | Meter::Percentile { .. }
            | Meter::TopMean { .. }
            | Meter::DayPeaks { .. } => None,
        }
    }

    /// How what is reported to it adds up.
    pub const fn tally(&self) -> Tally {
        match self {
            Meter::Sum { .. } => Tally::Sum,
            Meter::Events { .. } | Meter::VolumeAbove { .. } => Tally::Each,
            Meter::Attack { .. } => Tally::Attack,
            Meter::PeakAbove { .. }
            | Meter::Percentile { .. }
            | Meter::TopMean { .. }
            | Meter::DayPeaks { .. } => Tally::Highest,
            Meter::Months
            | Meter::Once
            | Meter::Held
            | Meter::HeldSum
            | Meter::HeldHighest
            | Meter::HeldMean
            | Meter::Clock => Tally::Kept,
        }
    }

    /// Whether what resources have of it is one quantity when it is added up over them. Source: R-QCS-3.
    pub const fn adds_up(&self) -> bool {
        matches!(self.tally(), Tally::Sum) || matches!(self.held_by(), Some(HeldBy::Sum))
    }

    /// What it asks of the component that it counts for.
    pub const fn form(&self) -> Form {
        match self {
            Meter::Months | Meter::Once => {
                Form { pay: PayTime::WithOrder, ..cycle(PriceForm::Count, MeterUnit::Own, Reach::Bought) }
            }
            Meter::Held | Meter::HeldHighest => cycle(PriceForm::Time, MeterUnit::Own, Reach::Bought),
            Meter::HeldMean => cycle(PriceForm::Count, MeterUnit::Own, Reach::Bought),
            Meter::HeldSum | Meter::Clock => cycle(PriceForm::Time, MeterUnit::OwnSeconds, Reach::Open),
            Meter::Sum { .. } => cycle(PriceForm::Count, MeterUnit::Own, Reach::Open),
            Meter::Events { .. } => cycle(PriceForm::Count, MeterUnit::Fixed(Unit::ValueE8), Reach::Open),
            Meter::VolumeAbove { .. } => cycle(PriceForm::Count, MeterUnit::Fixed(Unit::Byte), Reach::Open),
            Meter::Attack { .. } => {
                cycle(PriceForm::Band, MeterUnit::Fixed(Unit::BitPerSecond), Reach::Attack)
            }
            Meter::PeakAbove { .. }
            | Meter::Percentile { .. }
            | Meter::TopMean { .. }
            | Meter::DayPeaks { .. } => {
                cycle(PriceForm::Count, MeterUnit::Fixed(Unit::BitPerSecond), Reach::Open)
            }
        }
    }
}

/// The form of a meter that is paid after each cycle.
const fn cycle(price: PriceForm, unit: MeterUnit, reach: Reach) -> Form {
    Form { pay: PayTime::AfterCycle, price, unit, reach }
}

impl MeterUnit {
    /// The unit that is counted where the component has the unit `own`.
    pub fn of(self, own: Unit) -> Unit {
        match self {
            MeterUnit::Own => own,
            MeterUnit::OwnSeconds => own.seconds(),
            MeterUnit::Fixed(unit) => unit,
        }
    }
}
