//! Forms that were made in the pages of another house than the one in which somebody is by now.
//!
//! In:  such a form, with all that was filled in. Out: a page that says for whom it was made, and the way back into that house;
//! there the form once more, to be sent.
//! Invariant: such a form does nothing by itself: what it holds is sent when somebody who is in its house says so.

use crate::document;
use crate::fields::Fields;
use crate::kept_form::{KEPT, SENT_TO, typed};
use crate::lost;
use crate::parts;
use crate::signed::Signed;
use crate::visit::place;
use axum::http::StatusCode;
use axum::response::Response;
use billing::user::{House, Right};
use desk::lists::accounts;
use maud::html;
use units::AccountId;

/// Says that a form was made for `house`, in whose pages `signed` is not any more; nothing is done.
pub(crate) async fn refused(signed: &Signed, house: &str, form: &Fields) -> Response {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    let account = house.parse::<AccountId>().ok();
    let made_for = match account {
        Some(id) => match signed.read(move |tx, _| accounts::one(tx, id)).await {
            Ok(customer) => texts.made_for(customer.account.name),
            Err(failed) => return failed,
        },
        None => texts.made_for_operator(),
    };
    if signed.who.user.house != House::Operator {
        return lost::page(visit, StatusCode::FORBIDDEN, &texts.form_of_another());
    }
    let now = match &signed.customer {
        Some(it) => texts.now_acting(it.account.name.as_str()),
        None => texts.now_not_acting(),
    };
    let back = if account.is_some() { "/operator/act" } else { "/operator/stop" };
    let may = account.is_none() || signed.may(Right::ActFor);
    let body = html! {
        h1 { (made_for) }
        p { (now) }
        (typed(visit, form.plain()))
        @if may {
            form method="post" action=(back) {
                (parts::hidden(visit))
                input type="hidden" name="account" value=(house);
                input type="hidden" name=(SENT_TO) value=(visit.address);
                @for (name, text) in form.plain() { input type="hidden" name=(format!("{KEPT}{name}")) value=(text); }
                button.btn.main { (texts.go_back_and_look()) }
            }
        }
        p { a href="/" { (texts.go_on_without()) } }
    };
    document::alone(visit, StatusCode::CONFLICT, &made_for, &body)
}

/// The form that was kept by whoever goes into `house`, to be sent there; `None` where none was.
pub(crate) fn kept(signed: &Signed, house: House, form: &Fields) -> Option<Response> {
    let to = Some(form.exact(SENT_TO)).filter(|it| !it.is_empty())?;
    let (visit, texts) = (signed.visit.in_house(house), signed.visit.texts());
    let fields = || form.pairs().filter_map(|it| Some((it.0.strip_prefix(KEPT)?, it.1)));
    let body = html! {
        h1 { (texts.form_is_kept()) }
        (typed(&visit, fields()))
        form method="post" action=(place(Some(to))) {
            (parts::hidden(&visit))
            @for (name, text) in fields() { input type="hidden" name=(name) value=(text); }
            button.btn.main { (texts.send_kept_form()) }
        }
        p { a href="/" { (texts.go_on_without()) } }
    };
    Some(document::alone(&visit, StatusCode::OK, &texts.form_is_kept(), &body))
}
