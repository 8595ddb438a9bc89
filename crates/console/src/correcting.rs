//! A credit or a debit against a bill, by hand and with a reason: looked at first, then confirmed.
//!
//! In:  a bill, an amount, a direction, why. Out: the bill that would be made and the wallet after it, and then that bill.
//! Invariant: nothing is edited: what is made stands beside the bill that was wrong. What is confirmed is what was shown.
//! Source: R-COR-1.

use crate::choice::{self, Radios};
use crate::confirmation::{self, Confirmation};
use crate::fields::Fields;
use crate::house::{self, Below};
use crate::parts::{self, Filled, Wrong};
use crate::posted::Posted;
use crate::show;
use crate::signed::Signed;
use crate::state::Console;
use crate::visit::see_other;
use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use billing::bill::Bill;
use billing::correction::{self, Aim, Correction, CorrectionError};
use billing::user::Right;
use desk::corrections::{self, Ask, preview};
use desk::lists::accounts::{self as list, Customer};
use desk::{At, Refusal, Tx};
use maud::{Markup, html};
use units::BillId;
use web::code::Code;
use web::problem::Problem;
use web::reason::Reason;
use web::rule::Rule;
use web::wire::Text;

pub(crate) fn routes() -> Router<Console> {
    Router::new()
        .route("/operator/customers/{account}/correct", get(blank).post(confirm))
        .route("/operator/customers/{account}/correct/review", get(looked_at).post(review))
}

/// The fields of the form, as they are handed on.
const FIELDS: [&str; 5] = ["kind", "bill", "amount", "id", "reason"];

/// What a refusal of a correction is about, by its code.
const CODES: [(&str, &str); 2] = [("credit_too_large", "amount"), ("not_correctable", "bill")];

/// Which way the money goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Direction {
    Credit,
    Debit,
}

impl Direction {
    const fn as_str(self) -> &'static str {
        match self {
            Direction::Credit => "credit",
            Direction::Debit => "debit",
        }
    }

    fn read(form: &Fields) -> Result<Direction, Problem> {
        choice::read(form, "kind", &[Direction::Credit, Direction::Debit], Direction::as_str)
    }

    const fn of(self, aim: Aim) -> Correction {
        match self {
            Direction::Credit => Correction::Credit(aim),
            Direction::Debit => Correction::Debit(aim),
        }
    }
}

/// The correction that a form asks for.
fn asked(signed: &Signed, customer: &Customer, form: &Fields) -> Result<Ask, Problem> {
    let direction = Direction::read(form);
    let reason = house::read::<Text<1, 500>>(form, "reason");
    let id = house::read::<Text<1, 255>>(form, "id").and_then(|it| {
        correction::id(it.as_str()).map_err(|wrong| Refusal::from(wrong).of("id"))?;
        Ok(it)
    });
    let total = house::money(form, "amount", customer.account.currency).and_then(|it| {
        // What the desk would say of it alone is said with the rest.
        let none = Refusal::from(CorrectionError::Amount).of("amount");
        if it.is_positive() { Ok(it) } else { Err(none.into()) }
    });
    let missing = |_| of_bill(Problem::not_found("bill"));
    let bill = form.text("bill").parse::<BillId>().map_err(missing);
    house::all_read([
        direction.as_ref().err(),
        bill.as_ref().err(),
        total.as_ref().err(),
        reason.as_ref().err(),
        id.as_ref().err(),
    ])?;
    let (direction, id, reason) = (direction?, id?, reason?);
    let aim = Aim { bill: bill?, line: None, total: total? };
    Ok(Ask {
        id: id.as_str().to_string(),
        reason: reason.as_str().to_string(),
        actor: signed.actor(),
        account: Some(customer.account.id),
        what: direction.of(aim),
    })
}

/// That there is no such bill, beside its field; any other problem as it is.
fn of_bill(problem: Problem) -> Problem {
    match problem.code == Code::from(desk::Code::NotFound) {
        true => Problem { field: Some("bill".into()), ..problem }.because(Reason::Rule(Rule::Bill)),
        false => problem,
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
    let address = house::address(customer.account.id);
    let filled = Filled { form, wrong: told.as_ref() };
    let kind = Radios {
        name: "kind",
        legend: texts.direction(),
        of: &[("credit", texts.credit()), ("debit", texts.debit())],
    };
    let body = html! {
        (parts::errors(visit, told.as_ref()))
        form.narrow method="post" action=(format!("{address}/correct/review")) {
            (parts::hidden(visit))
            (kind.show(form, told.as_ref()))
            (filled.field("bill", texts.bill_number(), Some(texts.bill_number_hint())))
            (filled.field("amount", texts.amount(unit), None))
            (filled.field("reason", texts.reason(), Some(texts.reason_hint())))
            (filled.field("id", texts.ticket(), Some(texts.ticket_hint())))
            div.field { button.btn.main { (texts.look_before()) } }
        }
        p.hint.gap { a href=(format!("{address}/bills")) { (texts.find_bill()) } }
    };
    framed(signed, customer, wrong.map_or(StatusCode::OK, |it| it.status), &body)
}

fn framed(signed: &Signed, customer: &Customer, status: StatusCode, body: &Markup) -> Response {
    let texts = signed.visit.texts();
    let (title, sub) = (texts.credit_or_debit(), texts.correct_sub());
    house::below(signed, customer, &Below { title: &title, sub: &sub, status, body })
}

async fn review(
    Path(account): Path<String>,
    Posted { who: signed, form }: Posted<Signed>,
) -> Result<Response, Response> {
    let customer = house::customer(&signed, Right::Money, &account).await?;
    match rehearsed(&signed, &customer, &form).await {
        Ok(_) => {
            let address = house::address(customer.account.id);
            Ok(see_other(&format!("{address}/correct/review?{}", query(&form))))
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
        return Ok(see_other(&format!("{}/correct", house::address(customer.account.id))));
    }
    match rehearsed(&signed, &customer, &form).await {
        Ok(it) => Ok(confirmation(&signed, &customer, &form, &it)),
        Err(problem) => Ok(page(&signed, &customer, &form, Some(&problem))),
    }
}

/// The fields of the form as the query of an address.
fn query(form: &Fields) -> String {
    let fields = FIELDS.map(|name| (name, form.text(name)));
    form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

/// What would come of it.
struct Rehearsed {
    direction: Direction,
    bills: Vec<Bill<'static>>,
    after: Customer,
}

async fn rehearsed(signed: &Signed, customer: &Customer, form: &Fields) -> Result<Rehearsed, Problem> {
    let (id, ask, direction) = (customer.account.id, asked(signed, customer, form)?, Direction::read(form)?);
    let tried = move |tx: &mut Tx<'_>, at: At<'_>| {
        let made = corrections::make(tx, at, &ask).map_err(|it| it.by_code(&CODES))?;
        let bills = preview::all_bills(tx, at, &made)?;
        Ok(Rehearsed { direction, bills, after: list::one(tx, id)? })
    };
    signed.visit.node.rehearse(tried).await.map_err(of_bill)
}

/// What will be written, and the button that does it.
fn confirmation(signed: &Signed, before: &Customer, form: &Fields, it: &Rehearsed) -> Response {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    let rows = html! {
        div { dt { (texts.reason()) } dd.wrap { (form.text("reason")) } }
        div { dt { (texts.ticket()) } dd { (form.text("id")) } }
        @for bill in &it.bills {
            div {
                dt { (bill.kind.text().get(visit.language)) small { (signed.product(&bill.product)) } }
                dd { (show::money(bill.total)) }
            }
        }
        (parts::wallet_rows(visit, [before, &it.after]))
    };
    let asked = Confirmation {
        rows,
        there: it.bills.is_empty().then(|| texts.correction_there(form.text("id"))),
        path: "correct",
        fields: &FIELDS.map(|name| (name, form.text(name).to_string())),
        button: deed(signed, before, (it.direction, form.text("amount"))),
        back: format!("{}/correct?{}", house::address(before.account.id), query(form)),
    };
    framed(signed, before, StatusCode::OK, &confirmation::slip(signed, before, &asked))
}

/// What the button says that happens.
fn deed(signed: &Signed, customer: &Customer, (direction, amount): (Direction, &str)) -> String {
    let texts = signed.visit.texts();
    let unit = show::currency(customer.account.currency, signed.visit.language);
    let sum = format!("{amount} {unit}");
    match direction {
        Direction::Credit => texts.give_back_sum(sum),
        Direction::Debit => texts.charge_sum(sum),
    }
}

async fn confirm(
    Path(account): Path<String>,
    Posted { who: signed, form }: Posted<Signed>,
) -> Result<Response, Response> {
    let customer = house::customer(&signed, Right::Money, &account).await?;
    match made(&signed, &customer, &form).await {
        Ok(to) => Ok(see_other(&to)),
        Err(problem) => Ok(page(&signed, &customer, &form, Some(&problem))),
    }
}

async fn made(signed: &Signed, customer: &Customer, form: &Fields) -> Result<String, Problem> {
    let (id, ask) = (customer.account.id, asked(signed, customer, form)?);
    let make = move |tx: &mut Tx<'_>, at: At<'_>| {
        corrections::make(tx, at, &ask)?;
        Ok::<_, Refusal>(format!("{}?said=corrected", house::address(id)))
    };
    signed.once_for(id, form, make).await
}
