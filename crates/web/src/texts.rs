//! Texts for people as answers show them: both languages side by side.
//!
//! In:  a text of the domain. Out: the same on the wire.
//! Invariant: no answer depends on who reads it: it may be kept, and a page shows the language it likes.

use billing::text::Text;
use serde::Serialize;
use utoipa::ToSchema;

/// A text in every language.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({"en": "Local", "zh": "本地盘"}))]
pub struct TextView {
    /// In English.
    pub en: String,
    /// In Chinese.
    pub zh: String,
}

impl From<&Text> for TextView {
    fn from(it: &Text) -> TextView {
        TextView { en: it.en.clone(), zh: it.zh.clone() }
    }
}

impl From<Text> for TextView {
    fn from(it: Text) -> TextView {
        TextView { en: it.en, zh: it.zh }
    }
}
