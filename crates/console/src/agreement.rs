//! What is agreed with a customer: what holds, and the form in which something else is agreed.
//!
//! In:  what holds and the fields, as HTML. Out: a page below that of the customer.
//! Invariant: commitments and credit lines are agreed on pages that are alike.

use crate::house::{self, Below};
use crate::parts::{self, Wrong};
use crate::signed::Signed;
use axum::http::StatusCode;
use axum::response::Response;
use desk::lists::accounts::Customer;
use maud::{Markup, html};

/// A page of something that is agreed.
pub(crate) struct Agreement<'a> {
    pub title: &'a str,
    pub sub: &'a str,
    /// Where its form is sent to, below the page of the customer.
    pub path: &'a str,
    pub stands: Markup,
    pub fields: Markup,
}

/// The page, with what is wrong with the form that was sent.
pub(crate) fn page(
    signed: &Signed,
    customer: &Customer,
    it: &Agreement<'_>,
    wrong: Option<(StatusCode, &Wrong)>,
) -> Response {
    let Agreement { title, sub, path, stands, fields } = it;
    let (visit, address) = (&signed.visit, house::address(customer.account.id));
    let body = html! {
        (parts::errors(visit, wrong.map(|it| it.1)))
        (stands)
        form.narrow method="post" action=(format!("{address}/{path}")) {
            (parts::hidden(visit))
            (fields)
            div.field { button.btn.main { (visit.texts().save()) } }
        }
    };
    let status = wrong.map_or(StatusCode::OK, |it| it.0);
    house::below(signed, customer, &Below { title, sub, status, body: &body })
}
