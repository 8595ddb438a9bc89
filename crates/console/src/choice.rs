//! Closed choices: fields of a form, or of an address, that hold one of a few words.
//!
//! In:  a field and all words that it may hold. Out: what was chosen; the field with its radio buttons.
//! Invariant: a word that is none of them is refused, beside its field or on a page of its own; it never becomes a default.

use crate::fields::Fields;
use crate::lost;
use crate::parts::{Wrong, sent};
use crate::signed::Signed;
use axum::response::Response;
use maud::{Markup, html};
use web::problem::Problem;
use web::reason::Reason;

/// What a field of a form chooses of `all`; `word` is what it holds for each.
///
/// Errors: of the field, for a word that is none of them, and for no word where none of them is empty.
pub(crate) fn read<T: Copy, W: AsRef<str>>(
    form: &Fields,
    name: &str,
    all: &[T],
    word: impl Fn(T) -> W,
) -> Result<T, Problem> {
    of(name, form.text(name), all, word)
}

/// What a field of a form that may be ticked several times chooses, in the order of `all`. Errors: as `read`, for each.
pub(crate) fn all<T: Copy, W: AsRef<str>>(
    form: &Fields,
    name: &str,
    all: &[T],
    word: impl Fn(T) -> W,
) -> Result<Vec<T>, Problem> {
    let ticked: Vec<&str> = form.pairs().filter(|it| it.0 == name).map(|it| it.1).collect();
    for text in &ticked {
        of(name, text, all, &word)?;
    }
    Ok(all.iter().copied().filter(|it| ticked.contains(&word(*it).as_ref())).collect())
}

/// What the address of a page asks for; `None` where it asks for nothing. The answer otherwise: that a word is none.
pub(crate) fn asked<T: Copy, W: AsRef<str>>(
    signed: &Signed,
    name: &str,
    all: &[T],
    word: impl Fn(T) -> W,
) -> Result<Option<T>, Response> {
    let query = signed.visit.address.split_once('?').map_or("", |it| it.1);
    match Fields::read(query.as_bytes()).text(name) {
        "" => Ok(None),
        text => of(name, text, all, word).map(Some).map_err(|problem| lost::failed(&signed.visit, &problem)),
    }
}

/// What a word of a field chooses. Errors: as `read`.
pub(crate) fn of<T: Copy, W: AsRef<str>>(
    name: &str,
    text: &str,
    all: &[T],
    word: impl Fn(T) -> W,
) -> Result<T, Problem> {
    if let Some(found) = all.iter().find(|it| word(**it).as_ref() == text) {
        return Ok(*found);
    }
    let words: Vec<W> = all.iter().map(|it| word(*it)).collect();
    let words: Vec<&str> = words.iter().map(AsRef::as_ref).filter(|it| !it.is_empty()).collect();
    let shown: String = text.chars().take(60).collect();
    let detail = format!("`{shown}` is none of what can be chosen here; choose one of: {}", words.join(", "));
    let words = words.into_iter().map(str::to_string).collect();
    Err(Problem::malformed(Some(name.to_string()), detail).because(Reason::NotAmong { word: shown, words }))
}

/// A whole number of a form; `None` where the field is empty. Errors: of the field, for what is none, or one too large.
pub(crate) fn number<T: std::str::FromStr>(form: &Fields, name: &str) -> Result<Option<T>, Problem> {
    let text = form.text(name);
    let wrong = |_| {
        let shown: String = text.chars().take(60).collect();
        let detail = format!("`{shown}` is no whole number that can be used here");
        Problem::malformed(Some(name.to_string()), detail).because(Reason::NoNumber(shown))
    };
    if text.is_empty() { Ok(None) } else { text.parse().map(Some).map_err(wrong) }
}

/// The same where something has to stand. Errors: as `number`, and for an empty field.
pub(crate) fn needed<T: std::str::FromStr>(form: &Fields, name: &str) -> Result<T, Problem> {
    number(form, name)?.ok_or_else(|| empty(name))
}

/// That a field has to be filled in.
pub(crate) fn empty(name: &str) -> Problem {
    Problem::malformed(Some(name.to_string()), format!("`{name}` is missing; fill it in"))
        .because(Reason::Empty)
}

/// A choice of a few words as radio buttons; the first is chosen where nothing was sent.
pub(crate) struct Radios<'a> {
    pub name: &'a str,
    pub legend: String,
    /// What is sent, and what is read.
    pub of: &'a [(&'a str, String)],
}

impl Radios<'_> {
    /// The field with what is wrong with it.
    pub(crate) fn show(&self, form: &Fields, wrong: Option<&Wrong>) -> Markup {
        let (name, chosen) = (self.name, sent(Some(form), self.name));
        let bad = wrong.and_then(|it| it.at(name));
        html! {
            fieldset.field.bad[bad.is_some()] id=(name) tabindex=[bad.map(|_| "-1")] aria-describedby=[bad.map(|_| format!("e-{name}"))] {
                legend.label { (self.legend) }
                div.seg {
                    @for (index, (value, label)) in self.of.iter().enumerate() {
                        label {
                            input type="radio" name=(name) value=(value) required
                                checked[chosen == *value || (chosen.is_empty() && index == 0)];
                            span { (label) }
                        }
                    }
                }
                @if let Some(bad) = bad { p.error id=(format!("e-{name}")) { (bad.text) } }
            }
        }
    }
}

#[cfg(test)]
mod tests;
