//! Accounts opened, and the terms on which they buy.
//!
//! In:  a name, a rate, what else is agreed. Out: an account, or what is wrong with a field.
//! Invariant: the same name on the same terms again is the account that there is.

use crate::choice::{self, Radios};
use crate::fields::Fields;
use crate::house::{self, Below};
use crate::parts::{self, Field, Wrong, sent};
use crate::posted::Posted;
use crate::signed::Signed;
use crate::state::Console;
use crate::visit::see_other;
use crate::{frame, show};
use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use billing::account::Verified;
use billing::rate::{RATE_WORDS, Terms};
use billing::renewal;
use billing::user::Right;
use billing::voucher::{MOST_AT_ONCE, VoucherError};
use desk::accounts::{self, Change, Opening};
use desk::lists::accounts::Customer;
use desk::{At, Refusal, Tx};
use maud::{Markup, html};
use units::{Currency, Money};
use web::once::Done;
use web::problem::Problem;
use web::reason::Reason;
use web::rule::Rule;
use web::wire::Text;

pub(crate) fn routes() -> Router<Console> {
    Router::new()
        .route("/operator/customers/new", get(blank).post(open))
        .route("/operator/customers/{account}/terms", get(terms).post(change))
}

/// What a refusal of an account is about, by its code.
const FIELDS: [(&str, &str); 4] = [
    ("conflict", "name"),
    ("currency_mismatch", "currency"),
    ("amount_invalid", "alert"),
    ("amount_too_large", "alert"),
];

/// What a form says of an account's terms.
struct Agreed {
    terms: Terms,
    verified: Verified,
    /// 0 for none.
    alert: Money,
}

impl Agreed {
    /// `beside` is what else is wrong with the form, if anything. Errors: everything that is wrong, as one.
    fn read<const N: usize>(
        form: &Fields,
        currency: Result<Currency, Problem>,
        beside: [Option<&Problem>; N],
    ) -> Result<Agreed, Problem> {
        let wrong = || against("contract_rate", RATE_WORDS, Rule::Rate);
        let terms = Terms::parse(form.text("contract_rate")).ok_or_else(wrong);
        let verified = choice::read(form, "verified", &Verified::ALL, Verified::as_str);
        let alert = currency.and_then(|it| alert(form, it));
        let own = [terms.as_ref().err(), verified.as_ref().err(), alert.as_ref().err()];
        Problem::together(beside.into_iter().chain(own).flatten().cloned())?;
        Ok(Agreed { terms: terms?, verified: verified?, alert: alert? })
    }
}

/// A field that does not hold what it may.
fn against(name: &str, detail: &str, rule: Rule) -> Problem {
    Problem::malformed(Some(name.to_string()), detail).because(Reason::Rule(rule))
}

/// Below which balance a customer is told; nothing written is never. Errors: of the field, for what is no sum, or below zero.
pub(crate) fn alert(form: &Fields, currency: Currency) -> Result<Money, Problem> {
    let text = form.text("alert");
    if text.is_empty() {
        return Ok(Money::zero(currency));
    }
    let alert = Money::parse(text, currency).map_err(|it| Problem::from(Refusal::from(it).of("alert")))?;
    match alert.is_negative() {
        true => Err(against("alert", "an alert is at 0 or more", Rule::NotNegative)),
        false => Ok(alert),
    }
}

async fn blank(signed: Signed) -> Result<Response, Response> {
    frame::operators(&signed, Right::Terms)?;
    let form = Fields::of([("contract_rate", "1")]);
    Ok(opening(&signed, &form, None))
}

fn opening(signed: &Signed, form: &Fields, wrong: Option<&Problem>) -> Response {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    let told = wrong.map(|it| Wrong::of(it, visit));
    let currency = currency_field(signed, form, told.as_ref());
    let (title, customers) = (texts.open_account(), texts.customers());
    let body = html! {
        (parts::errors(visit, told.as_ref()))
        form.narrow method="post" action="/operator/customers/new" {
            (parts::hidden(visit))
            (field(form, "name", texts.name(), None).show(told.as_ref()))
            (agreed(signed, form, told.as_ref()))
            (currency)
            div.field { button.btn.main { (texts.open_account()) } }
        }
    };
    let above = [("/operator/customers", customers.as_str())];
    let page = frame::Page { title: &title, sub: &texts.open_account_sub(), above: &above, body: &body };
    frame::page(signed, wrong.map_or(StatusCode::OK, |it| it.status), &page)
}

fn field<'a>(form: &'a Fields, name: &'a str, label: String, hint: Option<String>) -> Field<'a> {
    Field { name, label, kind: "text", value: sent(Some(form), name), autocomplete: "off", hint }
}

/// In which currency something is: where several are sold in it is to be said.
pub(crate) fn currency_field(signed: &Signed, form: &Fields, told: Option<&Wrong>) -> Markup {
    let (texts, all) = (signed.visit.texts(), signed.books());
    match all.as_slice() {
        [] => field(form, "currency", texts.currency(), None).show(told),
        [one] => {
            let hint = texts.currency_hint(one.currency.as_str());
            field(form, "currency", texts.currency(), Some(hint)).optional(told)
        }
        several => {
            let known = several.iter().map(|it| it.currency.as_str()).collect::<Vec<_>>().join(", ");
            field(form, "currency", texts.currency(), Some(texts.currencies_hint(known))).show(told)
        }
    }
}

/// Fields of what is agreed with a customer.
fn agreed(signed: &Signed, form: &Fields, wrong: Option<&Wrong>) -> Markup {
    let texts = signed.visit.texts();
    let verified = Radios {
        name: "verified",
        legend: texts.real_name(),
        of: &[("yes", texts.verified()), ("no", texts.not_verified())],
    };
    html! {
        (field(form, "contract_rate", texts.contract_rate_field(), Some(texts.contract_rate_hint())).show(wrong))
        (verified.show(form, wrong))
        (field(form, "alert", texts.balance_alert(), Some(texts.balance_alert_hint())).optional(wrong))
    }
}

/// What such a field says; nothing is the currency in which something is sold. Errors: of the field; several to choose from.
pub(crate) fn currency_of(at: At<'_>, text: &str) -> Result<Currency, Refusal> {
    match text {
        "" => at.currency(),
        text => Currency::parse(text).map_err(|it| Refusal::from(it).of("currency")),
    }
}

async fn open(Posted { who: signed, form }: Posted<Signed>) -> Result<Response, Response> {
    frame::operators(&signed, Right::Terms)?;
    match opened(&signed, &form).await {
        Ok(to) => Ok(see_other(&to)),
        Err(problem) => Ok(opening(&signed, &form, Some(&problem))),
    }
}

async fn opened(signed: &Signed, form: &Fields) -> Result<String, Problem> {
    let desk = signed.visit.node.desk();
    let name = house::read::<Text<1, 80>>(form, "name");
    let currency = currency_of(desk.at(signed.visit.now), form.text("currency")).map_err(Problem::from);
    let agreed = Agreed::read(form, currency.clone(), [name.as_ref().err()])?;
    let (currency, name) = (currency?, name?);
    let open = move |tx: &mut Tx<'_>, at: At<'_>| {
        let new =
            Opening { currency, terms: agreed.terms, verified: agreed.verified, alert: Some(agreed.alert) };
        let account =
            accounts::open_once(tx, name.as_str(), new, at.now).map_err(|it| it.by_code(&FIELDS))?;
        let to = format!("{}?said=opened", house::address(account.id));
        Ok(Done { to, about: Some(account.id), did: true })
    };
    signed.once_of(form, open).await
}

async fn terms(signed: Signed, Path(account): Path<String>) -> Result<Response, Response> {
    let customer = house::customer(&signed, Right::Terms, &account).await?;
    let account = &customer.account;
    let alert = if account.alert.is_zero() { String::new() } else { account.alert.to_string() };
    let form = Fields::of([
        ("contract_rate", show::rate(account.terms.contract_rate_e8).as_str()),
        ("verified", account.verified.as_str()),
        ("alert", alert.as_str()),
        ("no_stop_days", account.no_stop_days.to_string().as_str()),
        ("vouchers_per_order", account.vouchers_per_order.to_string().as_str()),
    ]);
    Ok(changing(&signed, &customer, &form, None))
}

fn changing(signed: &Signed, customer: &Customer, form: &Fields, wrong: Option<&Problem>) -> Response {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    let told = wrong.map(|it| Wrong::of(it, visit));
    let address = house::address(customer.account.id);
    let body = html! {
        (parts::errors(visit, told.as_ref()))
        form.narrow method="post" action=(format!("{address}/terms")) {
            (parts::hidden(visit))
            (agreed(signed, form, told.as_ref()))
            (field(form, "no_stop_days", texts.no_stop_days(), Some(texts.no_stop_days_hint())).optional(told.as_ref()))
            (field(form, "vouchers_per_order", texts.vouchers_per_order(), Some(texts.vouchers_per_order_hint())).optional(told.as_ref()))
            div.field { button.btn.main { (texts.change_terms()) } }
        }
    };
    let status = wrong.map_or(StatusCode::OK, |it| it.status);
    let (title, sub) = (texts.terms(), texts.terms_sub());
    house::below(signed, customer, &Below { title: &title, sub: &sub, status, body: &body })
}

/// For how many days what is prepaid runs on; nothing written is none. Source: R-EXP-5.
fn no_stop_days(form: &Fields) -> Result<u32, Problem> {
    let days = match form.text("no_stop_days") {
        "" => Some(0),
        text => text.parse().ok(),
    };
    let days = days.map(renewal::no_stop_days).and_then(Result::ok);
    days.ok_or_else(|| against("no_stop_days", "0 to 60 days", Rule::Whole { least: 0, most: 60 }))
}

/// How many vouchers an order takes; nothing written leaves it. Errors: of the field, for what is no number, or none of these.
fn vouchers_per_order(form: &Fields) -> Result<Option<u32>, Problem> {
    let many = choice::number::<u32>(form, "vouchers_per_order")?;
    match many.is_none_or(|it| (1..=MOST_AT_ONCE).contains(&it)) {
        true => Ok(many),
        false => Err(Refusal::from(VoucherError::PerOrder(many.unwrap_or(0))).into()),
    }
}

async fn change(
    Path(account): Path<String>,
    Posted { who: signed, form }: Posted<Signed>,
) -> Result<Response, Response> {
    let customer = house::customer(&signed, Right::Terms, &account).await?;
    match changed(&signed, &customer, &form).await {
        Ok(to) => Ok(see_other(&to)),
        Err(problem) => Ok(changing(&signed, &customer, &form, Some(&problem))),
    }
}

async fn changed(signed: &Signed, customer: &Customer, form: &Fields) -> Result<String, Problem> {
    let (id, currency) = (customer.account.id, customer.account.currency);
    let (days, vouchers) = (no_stop_days(form), vouchers_per_order(form));
    let agreed = Agreed::read(form, Ok(currency), [days.as_ref().err(), vouchers.as_ref().err()])?;
    let (days, vouchers_per_order) = (days?, vouchers?);
    let change = move |tx: &mut Tx<'_>, at: At<'_>| {
        let alert = Some(agreed.alert);
        let (terms, verified) = (Some(agreed.terms), Some(agreed.verified));
        let change = Change { terms, verified, alert, no_stop_days: Some(days), vouchers_per_order };
        accounts::change(tx, at, id, change).map_err(|it| it.by_code(&FIELDS))?;
        Ok(format!("{}?said=changed", house::address(id)))
    };
    signed.once_for(id, form, change).await
}
