//! Money that came in from outside, or is granted: written down by hand, looked at, and confirmed.
//!
//! In:  a reference, an amount, a purse. Out: the wallet before and after, and then the money in it.
//! Invariant: what is confirmed is what was shown; the same reference again adds nothing, and the page says so.

use crate::choice::{self, Radios};
use crate::confirmation::{self, Confirmation};
use crate::fields::Fields;
use crate::house::{self, Below};
use crate::parts::{self, Filled, Wrong};
use crate::posted::Posted;
use crate::signed::Signed;
use crate::state::Console;
use crate::visit::see_other;
use crate::{show, words};
use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use billing::user::Right;
use billing::wallet::Purse;
use desk::accounts::{self, TopUp};
use desk::lists::accounts::{self as list, Customer};
use desk::{At, Refusal, Tx};
use maud::{Markup, html};
use units::{AccountId, Money};
use web::problem::Problem;
use web::wire::Text;

pub(crate) fn routes() -> Router<Console> {
    Router::new()
        .route("/operator/customers/{account}/top-up", get(blank))
        .route("/operator/customers/{account}/top-up/review", get(looked_at).post(review))
        .route("/operator/customers/{account}/top-ups", post(confirm))
}

/// Purses into which money comes.
const PURSES: [Purse; 3] = [Purse::Cash, Purse::Bonus, Purse::Income];

/// What a refusal of a top-up is about, by its code.
const FIELDS: [(&str, &str); 3] =
    [("conflict", "reference"), ("amount_invalid", "amount"), ("amount_too_large", "amount")];

/// What is to come in.
#[derive(Clone, Debug)]
struct Wanted {
    reference: String,
    amount: Money,
    purse: Purse,
}

impl Wanted {
    fn read(form: &Fields, customer: &Customer) -> Result<Wanted, Problem> {
        let reference = house::read::<Text<1, 120>>(form, "reference");
        let amount = house::money(form, "amount", customer.account.currency);
        let purse = choice::read(form, "purse", &PURSES, Purse::as_str);
        house::all_read([amount.as_ref().err(), reference.as_ref().err(), purse.as_ref().err()])?;
        Ok(Wanted { reference: reference?.as_str().to_string(), amount: amount?, purse: purse? })
    }

    /// As the form holds it.
    fn fields(&self) -> [(&'static str, String); 3] {
        [
            ("amount", self.amount.to_string()),
            ("reference", self.reference.clone()),
            ("purse", self.purse.as_str().to_string()),
        ]
    }

    /// The same as the query of an address.
    fn query(&self) -> String {
        form_urlencoded::Serializer::new(String::new()).extend_pairs(self.fields()).finish()
    }

    fn add(&self, tx: &mut Tx<'_>, at: At<'_>, id: AccountId) -> Result<(), Refusal> {
        let new = TopUp { reference: &self.reference, purse: self.purse, money: self.amount };
        accounts::top_up(tx, at, id, new).map(drop).map_err(|it| it.by_code(&FIELDS))
    }
}

async fn blank(signed: Signed, Path(account): Path<String>) -> Result<Response, Response> {
    let customer = house::customer(&signed, Right::Money, &account).await?;
    Ok(page(&signed, &customer, &house::prefilled(&signed), None))
}

fn page(signed: &Signed, customer: &Customer, form: &Fields, wrong: Option<&Problem>) -> Response {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    let told = wrong.map(|it| Wrong::of(it, visit));
    let unit = show::currency(customer.account.currency, visit.language);
    let filled = Filled { form, wrong: told.as_ref() };
    let purse = Radios {
        name: "purse",
        legend: texts.into_purse(),
        of: &[("cash", texts.cash()), ("bonus", texts.bonus()), ("income", texts.income())],
    };
    let body = html! {
        (parts::errors(visit, told.as_ref()))
        form.narrow method="post" action=(format!("{}/top-up/review", house::address(customer.account.id))) {
            (parts::hidden(visit))
            (filled.field("amount", texts.amount(unit), None))
            (filled.field("reference", texts.reference(), Some(texts.reference_hint())))
            (purse.show(form, told.as_ref()))
            div.field { button.btn.main { (texts.look_before()) } }
        }
    };
    framed(signed, customer, wrong.map_or(StatusCode::OK, |it| it.status), &body)
}

fn framed(signed: &Signed, customer: &Customer, status: StatusCode, body: &Markup) -> Response {
    let texts = signed.visit.texts();
    let (title, sub) = (texts.top_up(), texts.top_up_sub());
    house::below(signed, customer, &Below { title: &title, sub: &sub, status, body })
}

async fn review(
    Path(account): Path<String>,
    Posted { who: signed, form }: Posted<Signed>,
) -> Result<Response, Response> {
    let customer = house::customer(&signed, Right::Money, &account).await?;
    match rehearsed(&signed, &customer, &form).await {
        Ok((wanted, _)) => {
            let address = house::address(customer.account.id);
            Ok(see_other(&format!("{address}/top-up/review?{}", wanted.query())))
        }
        Err(problem) => Ok(page(&signed, &customer, &form, Some(&problem))),
    }
}

/// What the form that was sent comes to: a page of its own, so that Back leads to it and not to a form that is sent again.
/// Without what was filled in it leads to the form.
async fn looked_at(signed: Signed, Path(account): Path<String>) -> Result<Response, Response> {
    let customer = house::customer(&signed, Right::Money, &account).await?;
    let form = house::prefilled(&signed);
    if !signed.visit.address.contains('?') {
        return Ok(see_other(&format!("{}/top-up", house::address(customer.account.id))));
    }
    match rehearsed(&signed, &customer, &form).await {
        Ok((wanted, after)) => Ok(confirmation(&signed, [&customer, &after], &wanted)),
        Err(problem) => Ok(page(&signed, &customer, &form, Some(&problem))),
    }
}

/// The customer as it would be.
async fn rehearsed(
    signed: &Signed,
    customer: &Customer,
    form: &Fields,
) -> Result<(Wanted, Customer), Problem> {
    let (id, wanted) = (customer.account.id, Wanted::read(form, customer)?);
    let tried = wanted.clone();
    let after = move |tx: &mut Tx<'_>, at: At<'_>| {
        tried.add(tx, at, id)?;
        list::one(tx, id)
    };
    Ok((wanted, signed.visit.node.rehearse(after).await?))
}

/// What will be written, and the button that does it.
fn confirmation(signed: &Signed, [before, after]: [&Customer; 2], wanted: &Wanted) -> Response {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    let sum = house::sums(signed, &[wanted.amount]);
    let rows = html! {
        div { dt { (texts.reference()) } dd { (wanted.reference) } }
        div { dt { (texts.into_purse()) } dd { (words::purse(texts, wanted.purse)) } }
        (parts::wallet_rows(visit, [before, after]))
        div.sum { dt { (texts.comes_in()) } dd { (sum) } }
    };
    // Money that comes in always shows: where nothing differs, it had come in before.
    let is_there = before.wallet == after.wallet;
    let asked = Confirmation {
        rows,
        there: is_there.then(|| texts.top_up_there(wanted.reference.as_str())),
        path: "top-ups",
        fields: &wanted.fields(),
        button: texts.put_in(sum.as_str(), before.account.name.as_str()),
        back: format!("{}/top-up?{}", house::address(before.account.id), wanted.query()),
    };
    framed(signed, before, StatusCode::OK, &confirmation::slip(signed, before, &asked))
}

async fn confirm(
    Path(account): Path<String>,
    Posted { who: signed, form }: Posted<Signed>,
) -> Result<Response, Response> {
    let customer = house::customer(&signed, Right::Money, &account).await?;
    match added(&signed, &customer, &form).await {
        Ok(to) => Ok(see_other(&to)),
        Err(problem) => Ok(page(&signed, &customer, &form, Some(&problem))),
    }
}

async fn added(signed: &Signed, customer: &Customer, form: &Fields) -> Result<String, Problem> {
    let (id, wanted) = (customer.account.id, Wanted::read(form, customer)?);
    let add = move |tx: &mut Tx<'_>, at: At<'_>| {
        wanted.add(tx, at, id)?;
        Ok(format!("{}?said=topped-up", house::address(id)))
    };
    signed.once_for(id, form, add).await
}
