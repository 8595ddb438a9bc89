//! A form that was sent when its session had ended: kept through the sign-in, so that nothing of it is typed again.
//!
//! In:  such a form of this very browser. Out: fields that carry it through the sign-in; behind that the form once more.
//! Invariant: nothing of it is done before whoever filled it in is signed in and sends it again, and it is shown to nobody else; no
//! secret is kept, and no more than `MOST`.

use crate::document;
use crate::field_names;
use crate::fields::{Fields, LOOK, MAKER};
use crate::parts;
use crate::visit::{Visit, place};
use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};
use units::UserId;

/// The field that says where a form was sent to.
pub(crate) const SENT_TO: &str = "sent-to";
/// What stands before the name of a field that is kept.
pub(crate) const KEPT: &str = "kept.";
/// The field that says for which house it was made.
const MADE_FOR: &str = "made-for";
/// The field that says by whom it was filled in.
const MADE_BY: &str = "made-by";
/// Bytes of names and texts: encoded three times as long they still fit into a form.
const MOST: usize = 16 * 1024;

/// A form that is kept.
#[derive(Clone, Debug)]
pub(crate) struct KeptForm {
    /// Where it was sent to.
    to: String,
    /// The house that it was made for, as forms name it.
    house: String,
    /// Who filled it in, as forms of this browser name them.
    maker: String,
    /// What was filled in and chosen, but secrets.
    fields: Vec<(String, String)>,
}

impl KeptForm {
    /// What is kept of a form that was sent to where `visit` is. `None` of one without anything to keep, with files, or with more
    /// than is kept.
    pub(crate) fn of(visit: &Visit, form: &Fields, house: &str) -> Option<KeptForm> {
        let fields: Vec<(String, String)> = form.plain().map(|it| (it.0.into(), it.1.into())).collect();
        let bytes: usize = fields.iter().map(|it| it.0.len() + it.1.len()).sum();
        let is_kept = !fields.is_empty() && form.files().is_empty() && bytes <= MOST;
        let (to, house, maker) = (visit.address.clone(), house.to_string(), form.exact(MAKER).to_string());
        is_kept.then_some(KeptForm { to, house, maker, fields })
    }

    /// The one that a form of the sign-in carries, if it carries any.
    pub(crate) fn carried(form: &Fields) -> Option<KeptForm> {
        let to = Some(form.exact(SENT_TO)).filter(|it| !it.is_empty())?.to_string();
        let kept =
            |(name, text): (&str, &str)| Some((name.strip_prefix(KEPT)?.to_string(), text.to_string()));
        Some(KeptForm {
            to,
            house: form.exact(MADE_FOR).to_string(),
            maker: form.exact(MADE_BY).to_string(),
            fields: form.pairs().filter_map(kept).collect(),
        })
    }

    /// Whether it was filled in by this person, in this browser.
    pub(crate) fn is_by(&self, visit: &Visit, user: UserId) -> bool {
        self.maker == visit.user_key(user)
    }

    fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.fields.iter().map(|it| (it.0.as_str(), it.1.as_str()))
    }

    /// The unseen fields that carry it through a form of the sign-in.
    pub(crate) fn hidden(&self) -> Markup {
        html! {
            input type="hidden" name=(SENT_TO) value=(self.to);
            input type="hidden" name=(MADE_FOR) value=(self.house);
            input type="hidden" name=(MADE_BY) value=(self.maker);
            @for (name, text) in self.pairs() { input type="hidden" name=(format!("{KEPT}{name}")) value=(text); }
        }
    }

    /// The way back to it for somebody who is signed in by now: to look at it, filled in, or to send it as it is.
    pub(crate) fn back(&self, visit: &Visit) -> Response {
        let texts = visit.texts();
        // Made for another house than the one somebody is in by now, it is refused there with the way back into its own.
        let made_for = Visit { house: self.house.clone(), ..visit.clone() };
        let body = html! {
            h1 { (texts.form_is_kept()) }
            (typed(visit, self.pairs()))
            form method="post" action=(place(Some(&self.to))) {
                (parts::hidden(&made_for))
                @for (name, text) in self.pairs() { input type="hidden" name=(name) value=(text); }
                p.acts {
                    button.btn.main name=(LOOK) value="yes" { (texts.back_to_form()) }
                    button.btn { (texts.send_kept_form()) }
                }
            }
            p { a href="/" { (texts.go_on_without()) } }
        };
        document::alone(visit, StatusCode::OK, &texts.form_is_kept(), &body)
    }
}

/// What was filled in, so that nothing of it is lost.
pub(crate) fn typed<'a>(visit: &Visit, fields: impl Iterator<Item = (&'a str, &'a str)>) -> Markup {
    let filled: Vec<(&str, &str)> = fields.filter(|it| !it.1.is_empty()).collect();
    html! {
        @if !filled.is_empty() {
            h2 { (visit.texts().form_holds()) }
            dl.pairs.ruled {
                @for (name, text) in filled {
                    dt { @match field_names::called(visit, name) { Some(called) => (called), None => code { (name) } } }
                    dd.wrap { (text) }
                }
            }
        }
    }
}
