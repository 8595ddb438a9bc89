//! How deeds for several resources are called.
//!
//! In:  a deed. Out: titles, hints and buttons.
//! Invariant: a new deed without words does not compile.

use desk::bulk::Deed;
use texts::Texts;

/// The deeds that a list offers, by their words in forms.
pub(crate) const OFFERED: [&str; 6] = ["stop", "stop_free", "start", "move", "tag", "release"];

/// What the deed with this word is called.
pub(crate) fn name(texts: &Texts, word: &str) -> String {
    match word {
        "stop" => texts.stop(),
        "stop_free" => texts.stop_free(),
        "start" => texts.start(),
        "release" => texts.release(),
        "move" => texts.move_to_project(),
        "tag" => texts.tag(),
        _ => texts.resources(),
    }
}

const fn word(deed: &Deed) -> &'static str {
    match deed {
        Deed::Stop => "stop",
        Deed::StopFree => "stop_free",
        Deed::Start => "start",
        Deed::Release => "release",
        Deed::Move(_) => "move",
        Deed::Tag(_) => "tag",
    }
}

/// The title of its preview.
pub(crate) fn title(texts: &Texts, deed: &Deed, count: usize) -> String {
    texts.do_with(name(texts, word(deed)), count.to_string())
}

/// Its button.
pub(crate) fn button(texts: &Texts, deed: &Deed, count: usize) -> String {
    texts.do_with(name(texts, word(deed)), count.to_string())
}

/// What it causes, in a sentence.
pub(crate) fn hint(texts: &Texts, deed: &Deed) -> String {
    match deed {
        Deed::Stop => texts.stop_causes(),
        Deed::StopFree => texts.stop_free_causes(),
        Deed::Start => texts.start_causes(),
        Deed::Release => texts.release_causes(),
        Deed::Move(_) | Deed::Tag(_) => texts.labels_cause(),
    }
}
