//! Tags in forms: one at a time for several resources, all of them for one.
//!
//! In:  fields. Out: tags, or why they cannot be.
//! Invariant: a tag is one that the API takes too.

use crate::fields::Fields;
use crate::parts::{Field, Wrong, sent};
use crate::signed::Signed;
use desk::Refusal;
use desk::labels::tag;
use maud::{Markup, html};
use std::collections::BTreeMap;

/// The one tag of a form: its key, and its value or nothing, which takes it away. Errors: `TagText` of the field at fault.
pub(crate) fn one(form: &Fields) -> Result<BTreeMap<String, Option<String>>, Refusal> {
    let (key, value) = tag(form.text("key"), form.text("value"))?;
    Ok(BTreeMap::from([(key, Some(value).filter(|it| !it.is_empty()))]))
}

/// The tags of a text, one to a line, written `key: value`. Errors: `TagText`, `Tags`.
pub(crate) fn all(text: &str) -> Result<BTreeMap<String, String>, Refusal> {
    let lines = text.lines().map(str::trim).filter(|it| !it.is_empty());
    let found = lines.map(|line| {
        let (key, value) = line.split_once([':', '：']).unwrap_or((line, ""));
        tag(key.trim(), value.trim())
    });
    let found: BTreeMap<String, String> = found.collect::<Result<_, _>>().map_err(|it| it.of("tags"))?;
    match found.len() {
        there if there > desk::labels::MOST_TAGS => {
            Err(Refusal::Tags { there, most: desk::labels::MOST_TAGS })
        }
        _ => Ok(found),
    }
}

/// The same text of tags that there are.
pub(crate) fn text(tags: &BTreeMap<String, String>) -> String {
    tags.iter().map(|it| format!("{}: {}", it.0, it.1)).collect::<Vec<_>>().join("\n")
}

/// Fields for one tag.
pub(crate) fn fields(signed: &Signed, form: &Fields, wrong: Option<&Wrong>) -> Markup {
    let texts = signed.visit.texts();
    let field = |name: &'static str, label| Field::text(name, label, sent(Some(form), name));
    html! {
        (field("key", texts.tag_key()).show(wrong))
        (field("value", texts.tag_value()).hint(texts.tag_value_hint()).optional(wrong))
    }
}

/// Tags as they are shown.
pub(crate) fn shown(tags: &BTreeMap<String, String>) -> Markup {
    html! { @for (key, value) in tags { span.tag { (key) @if !value.is_empty() { ": " (value) } } " " } }
}
