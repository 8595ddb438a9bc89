//! Languages: in which an explanation is said, and what units are called in each.
//!
//! In:  a unit. Out: its word.
//! Invariant: signs that everybody knows, such as GB and Mbps, are the same in all of them.

use units::Unit;

/// In which language a sentence is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    #[default]
    English,
    Chinese,
}

impl Language {
    pub const ALL: [Language; 2] = [Language::English, Language::Chinese];

    /// The tag by which it is asked for.
    pub const fn as_str(self) -> &'static str {
        match self {
            Language::English => "en",
            Language::Chinese => "zh",
        }
    }

    pub fn parse(text: &str) -> Option<Language> {
        Language::ALL.into_iter().find(|it| it.as_str() == text)
    }

    /// One of two ways to say it.
    pub fn say(self, english: String, chinese: String) -> String {
        match self {
            Language::English => english,
            Language::Chinese => chinese,
        }
    }
}

/// What a unit is called.
pub const fn unit(unit: Unit, language: Language) -> &'static str {
    match (language, unit) {
        (Language::English, _) => unit.as_str(),
        (Language::Chinese, Unit::Piece) => "个",
        (Language::Chinese, Unit::PieceSecond) => "秒",
        (Language::Chinese, Unit::GigabyteSecond) => "GB·秒",
        (Language::Chinese, Unit::MbpsSecond) => "Mbps·秒",
        (Language::Chinese, Unit::Byte) => "字节",
        (Language::Chinese, Unit::Event) => "次",
        (
            Language::Chinese,
            Unit::Gigabyte | Unit::Mbps | Unit::Gbps | Unit::BitPerSecond | Unit::ValueE8,
        ) => unit.as_str(),
    }
}
