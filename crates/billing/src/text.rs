//! Texts that people read, in every language that the till speaks.
//!
//! In:  what a price book says. Out: the same in the language that is asked for.
//! Invariant: a text is there in all languages or not at all.
//! Rules: none.

use crate::language::Language;

/// Whether a text can stand on one line of any document: it has no control character, no separator of lines, and nothing that
/// XML cannot hold. Source: XML 1.0, `Char`.
pub fn is_plain(text: &str) -> bool {
    let breaks = |it: char| matches!(it, '\u{2028}' | '\u{2029}');
    !text.chars().any(|it| it.is_control() || breaks(it) || is_nobody(it))
}

/// Whether it is one of the numbers of Unicode that are no character.
const fn is_nobody(it: char) -> bool {
    let number = it as u32;
    matches!(number, 0xfdd0..=0xfdef) || number & 0xfffe == 0xfffe
}

/// One thing said in English and in Chinese.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    pub en: String,
    pub zh: String,
}

impl Text {
    /// The two ways to say it.
    pub fn new(en: impl Into<String>, zh: impl Into<String>) -> Text {
        Text { en: en.into(), zh: zh.into() }
    }

    /// A word that is the same in all languages, such as an id or a figure.
    pub fn same(word: &str) -> Text {
        Text::new(word, word)
    }

    /// The text in `language`.
    pub fn get(&self, language: Language) -> &str {
        match language {
            Language::English => &self.en,
            Language::Chinese => &self.zh,
        }
    }

    /// The text that `say` gives in each language.
    pub fn of(say: impl Fn(Language) -> String) -> Text {
        Text { en: say(Language::English), zh: say(Language::Chinese) }
    }
}
