//! Why a course ends before it was to.
//!
//! In:  what could not be priced. Out: a reason, for programs and for people.
//! Invariant: what was told before it stands.

use crate::text::Text;
use crate::used::AggregateError;

/// Why a course ends early.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    #[error("what is used then cannot be priced: {0}")]
    Price(AggregateError),
    #[error("more happens than is told")]
    TooMuch,
}

impl Broken {
    /// The same for people.
    pub fn text(&self) -> Text {
        match self {
            Broken::Price(_) => Text::new("what is used then cannot be priced", "此后的用量无法计价"),
            Broken::TooMuch => Text::new("more happens than is told", "此后的事项过多"),
        }
    }
}
