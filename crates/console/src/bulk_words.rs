//! How deeds for several resources are called.
//!
//! In:  a deed. Out: titles, hints and buttons.
//! Invariant: a new deed without words does not compile.

use desk::bulk::Deed;
use texts::Texts;

/// A deed that a list offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Offered {
    Stop,
    StopFree,
    Start,
    Move,
    Tag,
    Renewal,
    Release,
}

impl Offered {
    pub(crate) const ALL: [Offered; 7] = [
        Offered::Renewal,
        Offered::Stop,
        Offered::StopFree,
        Offered::Start,
        Offered::Move,
        Offered::Tag,
        Offered::Release,
    ];

    /// Its word in forms.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Offered::Stop => "stop",
            Offered::StopFree => "stop_free",
            Offered::Start => "start",
            Offered::Move => "move",
            Offered::Tag => "tag",
            Offered::Renewal => "renewal",
            Offered::Release => "release",
        }
    }

    const fn of(deed: &Deed) -> Offered {
        match deed {
            Deed::Stop => Offered::Stop,
            Deed::StopFree => Offered::StopFree,
            Deed::Start => Offered::Start,
            Deed::Release => Offered::Release,
            Deed::Move(_) => Offered::Move,
            Deed::Tag(_) => Offered::Tag,
            Deed::Renewal(_) => Offered::Renewal,
        }
    }
}

/// What a deed is called.
pub(crate) fn name(texts: &Texts, deed: Offered) -> String {
    match deed {
        Offered::Stop => texts.stop(),
        Offered::StopFree => texts.stop_free(),
        Offered::Start => texts.start(),
        Offered::Release => texts.release(),
        Offered::Move => texts.move_to_project(),
        Offered::Tag => texts.tag(),
        Offered::Renewal => texts.renewal(),
    }
}

/// The title of its preview, and its button.
pub(crate) fn title(texts: &Texts, deed: &Deed, count: usize) -> String {
    texts.do_with(name(texts, Offered::of(deed)), count.to_string())
}

/// What it causes, in a sentence.
pub(crate) fn hint(texts: &Texts, deed: &Deed) -> String {
    match deed {
        Deed::Stop => texts.stop_causes(),
        Deed::StopFree => texts.stop_free_causes(),
        Deed::Start => texts.start_causes(),
        Deed::Release => texts.release_causes(),
        Deed::Renewal(_) => texts.renewal_hint(),
        Deed::Move(_) | Deed::Tag(_) => texts.labels_cause(),
    }
}
