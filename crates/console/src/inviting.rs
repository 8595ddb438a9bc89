//! People of a customer, invited by an operator: how the first of an account gets in.
//!
//! In:  a person, a role. Out: the link with which the person sets a password, shown once.
//! Invariant: whom an operator invited stands in the audit log of that account. Who only opens accounts makes nobody an owner
//! beside one who is there: the choices are those that the desk would take.

use crate::choice::Radios;
use crate::fields::Fields;
use crate::house::{self, Below};
use crate::members;
use crate::parts::{self, Field, Wrong, sent};
use crate::posted::Posted;
use crate::signed::Signed;
use crate::state::Console;
use crate::visit::see_other;
use crate::words;
use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use billing::user::{House, Right, Role};
use desk::lists::accounts::Customer;
use desk::users;
use maud::{Markup, html};
use web::problem::Problem;

pub(crate) fn routes() -> Router<Console> {
    Router::new().route("/operator/customers/{account}/invite", get(blank).post(invite))
}

/// The customer that a path names, for whoever may invite its people, and as what.
async fn customer(signed: &Signed, account: &str) -> Result<(Customer, Vec<Role>), Response> {
    let customer = house::customer(signed, Right::Terms, account).await?;
    let (by, of) = (signed.who.user.clone(), House::Account(customer.account.id));
    let roles = signed.read(move |tx, _| users::may_invite_as(tx, &by, of)).await?;
    Ok((customer, roles))
}

async fn blank(signed: Signed, Path(account): Path<String>) -> Result<Response, Response> {
    let (customer, roles) = customer(&signed, &account).await?;
    Ok(page(&signed, (&customer, &roles), &Fields::default(), None))
}

fn page(
    signed: &Signed,
    (customer, roles): (&Customer, &[Role]),
    form: &Fields,
    wrong: Option<&Problem>,
) -> Response {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    let told = wrong.map(|it| Wrong::of(it, visit));
    let roles: Vec<(&str, String)> = roles.iter().map(|it| (it.as_str(), words::role(texts, *it))).collect();
    let field = |name: &'static str, label: String, kind: &'static str| {
        Field { name, label, kind, value: sent(Some(form), name), autocomplete: "off", hint: None }
            .show(told.as_ref())
    };
    let body = html! {
        (parts::errors(visit, told.as_ref()))
        form.narrow method="post" action=(format!("{}/invite", house::address(customer.account.id))) {
            (parts::hidden(visit))
            (field("name", texts.name(), "text"))
            (field("mail", texts.mail(), "email"))
            (Radios { name: "role", legend: texts.role(), of: &roles }.show(form, told.as_ref()))
            div.field { button.btn.main { (texts.invite()) } }
        }
    };
    framed(signed, customer, wrong.map_or(StatusCode::OK, |it| it.status), &body)
}

fn framed(signed: &Signed, customer: &Customer, status: StatusCode, body: &Markup) -> Response {
    let texts = signed.visit.texts();
    let (title, sub) = (texts.invite(), texts.invite_hint());
    house::below(signed, customer, &Below { title: &title, sub: &sub, status, body })
}

async fn invite(
    Path(account): Path<String>,
    Posted { who: signed, form }: Posted<Signed>,
) -> Result<Response, Response> {
    let (customer, roles) = customer(&signed, &account).await?;
    let of = House::Account(customer.account.id);
    match members::invited(&signed, of, &form).await {
        Ok(Some(link)) => {
            let link = signed.visit.whole(&format!("/invitation/{link}"));
            let name = form.text("name").to_string();
            let shown = members::link_shown(&signed, &link);
            let body = parts::done(&signed.visit.texts().link_made(name), &shown);
            Ok(framed(&signed, &customer, StatusCode::OK, &body))
        }
        Ok(None) => Ok(see_other(&format!("{}?said=changed", house::address(customer.account.id)))),
        Err(problem) => Ok(page(&signed, (&customer, &roles), &form, Some(&problem))),
    }
}
