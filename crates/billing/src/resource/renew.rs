//! Whether a prepaid resource is renewed by itself, and what of its next deadline is fixed.
//!
//! In:  words of its owner. Out: values that stand on the resource.
//! Invariant: the words of flags are stored; they are never renamed.
//! Rules: R-REN-2, R-REN-3, R-PRE-3.

use crate::text::Text;
use units::Timestamp;

/// What is done as the deadline comes near. Source: R-REN-2, R-REN-3.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Flag {
    /// Its owner is told, and it is renewed by itself.
    Auto,
    /// Its owner is told, and renews it or not.
    #[default]
    Manual,
    /// It is to end: nobody is told.
    None,
}

impl Flag {
    pub const ALL: [Flag; 3] = [Flag::Auto, Flag::Manual, Flag::None];

    pub const fn as_str(self) -> &'static str {
        match self {
            Flag::Auto => "auto",
            Flag::Manual => "manual",
            Flag::None => "none",
        }
    }

    pub fn parse(text: &str) -> Option<Flag> {
        Flag::ALL.into_iter().find(|it| it.as_str() == text)
    }

    /// The same for people.
    pub fn text(self) -> Text {
        match self {
            Flag::Auto => Text::new("renewed by itself", "自动续费"),
            Flag::Manual => Text::new("you are told, and renew it yourself", "到期提醒，手动续费"),
            Flag::None => Text::new("ends at its deadline, without notices", "到期不续费，不提醒"),
        }
    }
}

/// What stands on a resource of its renewal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Renew {
    pub flag: Flag,
    /// When something about its renewal is looked at next: a notice, an attempt.
    pub due: Option<Timestamp>,
    /// The day of the month on which its deadlines lie, where that is not the day of its delivery. Source: R-PRE-3.
    pub day: Option<u8>,
    /// Since when it is prepaid, where that is not its delivery: it was paid by use before. Source: R-CNV-1.
    pub since: Option<Timestamp>,
}
