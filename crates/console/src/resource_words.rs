//! How a resource stands, in words.
//!
//! In:  a state. Out: its word in a language.
//! Invariant: a new state without a word does not compile.

use billing::resource::State;
use texts::Texts;

/// How a resource stands.
pub(crate) fn state(texts: &Texts, state: State) -> String {
    match state {
        State::Pending => texts.being_set_up(),
        State::Running => texts.state_running(),
        State::Stopped => texts.state_stopped(),
        State::StoppedFree => texts.state_stopped_free(),
        State::Limited => texts.state_limited(),
        State::ArrearsStopped => texts.state_arrears_stopped(),
        State::Expired => texts.state_expired(),
        State::Releasing => texts.state_releasing(),
        State::Recycled => texts.state_recycled(),
        State::Released => texts.state_released(),
        State::Failed => texts.failed(),
    }
}
