//! What people read, in every language: one function for each text, the same in all of them.
//!
//! In:  a language. Out: its texts; made by the build script from `texts/`.
//! Invariant: a text that one language lacks has no function, so that whoever shows it does not compile; one that nobody
//! shows is found by `cargo xtask tidy`.

use billing::language::Language;
use std::sync::LazyLock;

#[expect(clippy::derivable_impls, reason = "made by fluent-typed")]
pub mod made {
    //! Made by the build script.
    include!(concat!(env!("OUT_DIR"), "/texts.rs"));
}

pub use made::L10nLanguage as Texts;

static ENGLISH: LazyLock<Texts> = LazyLock::new(|| made::L10n::En.load());
static CHINESE: LazyLock<Texts> = LazyLock::new(|| made::L10n::Zh.load());

/// The texts of a language.
pub fn of(language: Language) -> &'static Texts {
    match language {
        Language::English => &ENGLISH,
        Language::Chinese => &CHINESE,
    }
}
