//! How deeds for several resources are called.
//!
//! In:  a deed. Out: titles, hints and buttons.
//! Invariant: a new deed without words does not compile.

use desk::bulk::{Action, Deed, Preview, Worthless};
use texts::Texts;

/// What a deed is called.
pub(crate) fn name(texts: &Texts, deed: Action) -> String {
    match deed {
        Action::Stop => texts.stop(),
        Action::StopFree => texts.stop_free(),
        Action::Start => texts.start(),
        Action::Release => texts.release(),
        Action::Move => texts.move_to_project(),
        Action::Tag => texts.tag(),
        Action::Renewal => texts.renewal(),
    }
}

/// The title of its preview, and its button.
pub(crate) fn title(texts: &Texts, deed: &Deed, count: usize) -> String {
    texts.do_with(name(texts, Action::of(deed)), count.to_string())
}

/// That it would be done for nothing to something.
pub(crate) fn for_nothing(texts: &Texts, why: Worthless) -> String {
    match why {
        Worthless::Stopped => texts.stopped_for_nothing(),
        Worthless::NotFree => texts.not_free_stopped(),
    }
}

/// What it causes, in a sentence: of what is released, whether any of it lies in the bin first.
pub(crate) fn hint(texts: &Texts, deed: &Deed, found: &[Preview]) -> String {
    match deed {
        Deed::Stop => texts.stop_causes(),
        Deed::StopFree => texts.stop_free_causes(),
        Deed::Start => texts.start_causes(),
        Deed::Release if found.iter().any(|it| it.bin_seconds > 0) => texts.release_causes(),
        Deed::Release => texts.release_causes_at_once(),
        Deed::Renewal(_) => texts.renewal_hint(),
        Deed::Move(_) | Deed::Tag(_) => texts.labels_cause(),
    }
}
