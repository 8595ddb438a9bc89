//! The meter of a component: its word, and what goes with it.
//!
//! In:  a reader at the component. Out: the meter.
//! Invariant: a meter that reads samples names what is reported.
//! Rules: R-PRC-3, R-PRC-11 to R-PRC-14, R-NET-2, R-NET-8, R-DDS-2, R-DDS-3, R-DDS-11, R-DDS-12.

use crate::raw::RawComponent;
use crate::reader::Reader;
use crate::words::{self, first_line};
use billing::book::{AttackMode, Meter};
use billing::meter::{Keys, Slots};
use units::Unit;

/// The meters that read nothing but the life of the resource.
const UNSAMPLED: [(&str, Meter); 7] = [
    ("months", Meter::Months),
    ("once", Meter::Once),
    ("held", Meter::Held),
    ("held_sum", Meter::HeldSum),
    ("held_highest", Meter::HeldHighest),
    ("held_mean", Meter::HeldMean),
    ("clock", Meter::Clock),
];

/// The words of the meters that read what is reported.
#[derive(Clone, Copy)]
enum SampledWord {
    Sum,
    Events,
    Attack,
    PeakAbove,
    VolumeAbove,
    Percentile,
    TopMean,
    DayPeaks,
}

const SAMPLED: [(&str, SampledWord); 8] = [
    ("sum", SampledWord::Sum),
    ("events", SampledWord::Events),
    ("attack", SampledWord::Attack),
    ("peak_above", SampledWord::PeakAbove),
    ("volume_above", SampledWord::VolumeAbove),
    ("percentile", SampledWord::Percentile),
    ("top_mean", SampledWord::TopMean),
    ("day_peaks", SampledWord::DayPeaks),
];

const MODES: [(&str, AttackMode); 2] =
    [("excess", AttackMode::ExcessOverBase), ("absolute", AttackMode::AbsolutePeak)];

/// What meters that read samples have in common.
struct Samples {
    usage: String,
    /// In bits per second.
    free: u64,
    slots: Slots,
}

/// Reads the meter.
pub(crate) fn read(reader: &mut Reader<'_>, raw: &RawComponent) -> Option<Meter> {
    if let Some((_, meter)) = UNSAMPLED.iter().find(|it| it.0 == raw.meter) {
        return Some(meter.clone());
    }
    if let Some((_, word)) = SAMPLED.iter().find(|it| it.0 == raw.meter) {
        let samples = samples(reader, raw)?;
        return sample_meter(reader, raw, *word, samples);
    }
    let names: Vec<&str> = UNSAMPLED.iter().map(|it| it.0).chain(SAMPLED.iter().map(|it| it.0)).collect();
    let what = format!("`{}` is not a meter", first_line(&raw.meter));
    reader.refuse(what, format!("Write one of: {}", names.join(", ")));
    None
}

fn samples(reader: &mut Reader<'_>, raw: &RawComponent) -> Option<Samples> {
    let Some(usage) = raw.usage.clone() else {
        let what = format!("meter `{}` names no usage", raw.meter);
        let remedy = "Name what is reported, like usage = \"traffic_out\", or use a meter of time";
        reader.refuse(what, remedy);
        return None;
    };
    let free = raw.free_rate.as_deref().map_or(Some(0), bits_per_second);
    let Some(free) = free else {
        reader.refuse("free_rate is not a rate", "Write it like 100 Mbps");
        return None;
    };
    // A slot of 0 s is one of a second, so that a stored book that says it still loads.
    let seconds = raw.slot.as_deref().map_or(300, |it| reader.seconds(it)).max(1);
    let keys = if raw.per_key.unwrap_or(false) { Keys::PricedEach } else { Keys::AddedUp };
    Some(Samples { usage, free, slots: Slots { seconds, keys } })
}

fn bits_per_second(text: &str) -> Option<u64> {
    words::scaled(text, Unit::BitPerSecond).and_then(|it| u64::try_from(it).ok())
}

fn sample_meter(
    reader: &mut Reader<'_>,
    raw: &RawComponent,
    word: SampledWord,
    samples: Samples,
) -> Option<Meter> {
    let Samples { usage, free, slots } = samples;
    match word {
        SampledWord::Sum => Some(Meter::Sum { usage }),
        SampledWord::Events => Some(Meter::Events { usage, free: raw.free_events.unwrap_or(0) }),
        SampledWord::Attack => attack(reader, raw, usage),
        SampledWord::PeakAbove => Some(Meter::PeakAbove { usage, free, slots }),
        SampledWord::VolumeAbove => Some(Meter::VolumeAbove { usage, free, slots }),
        SampledWord::Percentile => {
            Some(Meter::Percentile { usage, p_e6: percentile_e6(reader, raw)?, slots })
        }
        SampledWord::TopMean => Some(Meter::TopMean { usage, k: raw.k.unwrap_or(1), slots }),
        SampledWord::DayPeaks => {
            Some(Meter::DayPeaks { usage, nth: raw.nth.unwrap_or(1), k: raw.k.unwrap_or(1), slots })
        }
    }
}

fn percentile_e6(reader: &mut Reader<'_>, raw: &RawComponent) -> Option<u64> {
    let p_e6 = raw.p.as_deref().and_then(|it| units::decimal::parse(it, 6).ok());
    let p_e6 = p_e6.and_then(|it| u64::try_from(it).ok()).filter(|it| *it > 0 && *it <= 1_000_000);
    if p_e6.is_none() {
        reader.refuse("a percentile needs p above 0 and up to 1", "Write p = \"0.95\"");
    }
    p_e6
}

fn attack(reader: &mut Reader<'_>, raw: &RawComponent, usage: String) -> Option<Meter> {
    let (Some(base), Some(cap)) = (raw.base.clone(), raw.cap.clone()) else {
        let remedy = "Write base = \"base\" and cap = \"elastic\"";
        reader.refuse("an attack meter names the options of base and cap", remedy);
        return None;
    };
    let mode = reader.word(raw.mode.as_deref().unwrap_or("excess"), &MODES)?;
    Some(Meter::Attack { usage, base, cap, mode })
}
