//! Contract prices of a customer: all of them, a new one, and the end of one.
//!
//! In:  what was agreed, from when on. Out: a table in the order in which they were made, a form.
//! Invariant: a form that is sent twice agrees once; what is over is shown and does not go on.

use crate::fields::Fields;
use crate::house::{self, Asked, Below};
use crate::parts::{self, Field, Sure, Wrong, sent};
use crate::posted::Posted;
use crate::signed::Signed;
use crate::state::Console;
use crate::visit::see_other;
use crate::{book, contract_words as words, show, tariff};
use axum::Router;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use billing::book::{Component, Conditions, Product};
use billing::contract_price::{ContractError, ContractPrice};
use billing::correction;
use billing::language::Language;
use billing::user::Right;
use desk::contract_prices::{self, Named, New};
use desk::lists::accounts::Customer;
use desk::{At, Refusal, Tx};
use maud::{Markup, html};
use std::collections::BTreeSet;
use units::{AccountId, Amount, Currency, Timestamp};
use web::location::below;
use web::problem::Problem;
use web::reason::Reason;
use web::rule::Rule;
use web::wire::Text;

pub(crate) fn routes() -> Router<Console> {
    Router::new()
        .route("/operator/customers/{account}/contract-prices", get(all).post(agree))
        .route("/operator/customers/{account}/contract-prices/{price}/end", post(end))
}

async fn all(
    signed: Signed,
    Path(account): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Response> {
    let customer = house::customer(&signed, Right::Customers, &account).await?;
    let texts = signed.visit.texts();
    let said = match asked.get("said").map(String::as_str) {
        Some("agreed") => Some(texts.contract_price_is_agreed()),
        Some("ended") => Some(texts.contract_price_is_ended()),
        Some("taken-back") => Some(texts.contract_price_is_taken_back()),
        Some(_) | None => None,
    };
    shown(&signed, &customer, (&Fields::default(), said), None).await
}

async fn shown(
    signed: &Signed,
    customer: &Customer,
    (form, said): (&Fields, Option<String>),
    wrong: Option<&Problem>,
) -> Result<Response, Response> {
    let (account, currency, language) =
        (customer.account.id, customer.account.currency, signed.visit.language);
    let read = move |tx: &mut Tx<'_>, at: At<'_>| -> Result<_, Refusal> {
        Ok((contract_prices::of_account(tx, account)?, priced(at, currency, language)))
    };
    let (found, priced) = signed.read(read).await?;
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    let told = wrong.map(|it| Wrong::of(it, visit));
    let body = html! {
        @if let Some(said) = &said { (parts::done(said, &html! {})) }
        (parts::errors(visit, told.as_ref()))
        @if found.is_empty() { (parts::nothing(&signed.visit, &texts.no_contract_prices())) } @else { (table(signed, customer, &found)) }
        @if signed.may(Right::Terms) {
            section aria-labelledby="h-new" {
                div.sect { h2 id="h-new" { (texts.new_contract_price()) } }
                (blank(signed, customer, (form, &priced), told.as_ref()))
            }
        }
    };
    let (title, sub) = (texts.contract_prices(), texts.contract_prices_sub());
    let status = wrong.map_or(StatusCode::OK, |it| it.status);
    Ok(house::below(signed, customer, &Below { title: &title, sub: &sub, status, body: &body }))
}

fn table(signed: &Signed, customer: &Customer, all: &[ContractPrice]) -> Markup {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    let address = house::address(customer.account.id);
    let unit = show::currency(customer.account.currency, visit.language);
    html! {
        table.table {
            thead {
                tr {
                    th scope="col" { (texts.contract_price_id()) }
                    th scope="col" { (texts.component()) }
                    th.n scope="col" { (texts.amount(unit)) }
                    th.p2 scope="col" { (texts.holds_from()) }
                    th.p2 scope="col" { (texts.holds_until()) }
                }
            }
            tbody {
                @for it in all {
                    @let is_over = it.until.is_some_and(|it| it <= visit.now);
                    @let never = it.until.is_some_and(|until| until <= it.from);
                    tr.dim[is_over || never] {
                        th scope="row" {
                            code { (it.id) } span.s { (it.reason) }
                            span.only.s { (texts.contract_price_since(visit.exact_time(it.from))) }
                            span.only.s { @match it.until { Some(until) => (texts.until(visit.exact_time(until))), None => (texts.contract_price_open()) } }
                        }
                        td {
                            (signed.product(&it.product)) span.s { (words::component(signed, it)) " " code { (it.component) } " " (words::chosen(signed, it)) }
                            @if !is_over && !never && signed.may(Right::Terms) { (ending(signed, &address, it)) }
                        }
                        td.n { (tariff::short(it.amount)) @if let Some(per) = words::per(signed, it) { span.s { (per) } } }
                        td.p2.pre { (visit.exact_time(it.from)) }
                        td.p2.pre { @match it.until { Some(until) => (visit.exact_time(until)), None => (texts.contract_price_open()) } }
                    }
                }
            }
        }
    }
}

/// The button that ends a contract price, or takes back one that has not begun, once it is asked.
fn ending(signed: &Signed, address: &str, it: &ContractPrice) -> Markup {
    let (texts, id) = (signed.visit.texts(), it.id.as_str());
    let (title, hint, label) = if it.from > signed.visit.now {
        (
            texts.contract_price_take_back_this(id),
            texts.contract_price_end_early(),
            texts.contract_price_take_back(),
        )
    } else {
        (texts.contract_price_end_this(id), texts.contract_price_end_hint(), texts.end_contract_price())
    };
    parts::sure(
        &signed.visit,
        &Sure {
            id: &format!("end-{}", it.number),
            action: &format!("{}/end", below(&format!("{address}/contract-prices"), &it.id)),
            title,
            hint,
            label,
        },
    )
}

/// What a product has that is priced: what it is called, and each component as a form sends it, with what that is called.
struct Priced {
    product: String,
    components: Vec<(String, String)>,
}

/// The components of the book in force, in its order; none where nothing is sold in the currency.
fn priced(at: At<'_>, currency: Currency, language: Language) -> Vec<Priced> {
    let products = at.book(currency).map_or(&[][..], |it| it.products.as_slice());
    let of = |product: &Product| Priced {
        product: product.look.label.or(&product.name).get(language).to_string(),
        components: product.components.iter().map(|it| named(product, it, language)).collect(),
    };
    products.iter().map(of).collect()
}

fn named(product: &Product, it: &Component, language: Language) -> (String, String) {
    let label = it.label.or(&it.name);
    (format!("{}/{}", product.id, it.id), format!("{} ({})", label.get(language), it.id))
}

/// The product and the component that a form names. Errors: `Unfit` of the field `component`.
fn of_product(text: &str) -> Result<(&str, &str), Refusal> {
    let wrong = || ContractError::Unfit(format!("`{text}` is no component of a product"));
    text.split_once('/').ok_or_else(|| Refusal::from(wrong()).of("component"))
}

/// A choice of components, each below its product, with what is wrong with it.
fn components(signed: &Signed, all: &[Priced], chosen: &str, told: Option<&Wrong>) -> Markup {
    let texts = signed.visit.texts();
    let bad = told.and_then(|it| it.at("component"));
    html! {
        div.field.bad[bad.is_some()] {
            label for="component" { (texts.component()) }
            p.hint id="h-component" { (texts.contract_component_hint()) }
            select.select id="component" name="component" required aria-invalid=[bad.map(|_| "true")]
                aria-describedby=(if bad.is_some() { "h-component e-component" } else { "h-component" }) {
                option value="" { "–" }
                @for it in all {
                    optgroup label=(it.product) {
                        @for (value, label) in &it.components {
                            option value=(value) selected[chosen == value] { (label) }
                        }
                    }
                }
            }
            @if let Some(bad) = bad { p.error id="e-component" { (bad.text) } }
        }
    }
}

fn blank(
    signed: &Signed,
    customer: &Customer,
    (form, priced): (&Fields, &[Priced]),
    told: Option<&Wrong>,
) -> Markup {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    let unit = show::currency(customer.account.currency, visit.language);
    let needed = |name: &'static str, label: String| {
        let value = sent(Some(form), name);
        Field { name, label, kind: "text", value, autocomplete: "off", hint: None }.show(told)
    };
    let optional =
        |name: &'static str, label: String| parts::optional(name, &label, sent(Some(form), name), told);
    let time = |name: &'static str, label: String| {
        Field { kind: "datetime-local", ..Field::text(name, label, sent(Some(form), name)) }.optional(told)
    };
    html! {
        form.narrow method="post" action=(format!("{}/contract-prices", house::address(customer.account.id))) {
            (parts::hidden(visit))
            (needed("id", texts.contract_price_id()))
            (components(signed, priced, sent(Some(form), "component"), told))
            (words::options_field(signed, form, told))
            (optional("above", texts.contract_above()))
            (needed("amount", texts.amount(unit)))
            (time("from", texts.contract_price_from()))
            (time("until", texts.contract_price_until()))
            (needed("reason", texts.reason()))
            div.field { button.btn.main { (texts.agree_contract_price()) } }
        }
    }
}

async fn agree(
    Path(account): Path<String>,
    Posted { who: signed, form }: Posted<Signed>,
) -> Result<Response, Response> {
    let customer = house::customer(&signed, Right::Terms, &account).await?;
    match agreed(&signed, &customer, &form).await {
        Ok(to) => {
            book::used(&signed).await?;
            Ok(see_other(&to))
        }
        Err(problem) => shown(&signed, &customer, (&form, None), Some(&problem)).await,
    }
}

/// A field that may be left out.
fn maybe<'a>(form: &'a Fields, name: &str) -> Option<&'a str> {
    Some(form.text(name).trim()).filter(|it| !it.is_empty())
}

/// An instant as people write it, in the settlement zone.
fn instant(at: At<'_>, field: &str, text: Option<&str>) -> Result<Option<Timestamp>, Refusal> {
    let read = |it: &str| at.desk.calendar.parse(it).map_err(|_| Refusal::Time(it.into()).of(field));
    text.map(read).transpose()
}

/// The same time, where it is the end and lies behind the begin. Errors: `Backwards` of the field `until`.
fn ordered(
    at: At<'_>,
    form: &Fields,
    (field, time): (&str, Option<Timestamp>),
) -> Result<Option<Timestamp>, Refusal> {
    let from = if field == "until" { instant(at, "from", maybe(form, "from")).ok().flatten() } else { None };
    match (from, time) {
        (Some(from), Some(until)) if until <= from => {
            Err(Refusal::from(ContractError::Backwards { from, until }).of(field))
        }
        (Some(_) | None, time) => Ok(time),
    }
}

/// That a price is below zero.
fn below_zero() -> Problem {
    let detail = "a price is 0 or more";
    Problem::malformed(Some("amount".into()), detail).because(Reason::Rule(Rule::NotNegative))
}

/// How many choices of options are named where something is none of them.
const FEW: usize = 12;

/// The same options, where prices of the component depend on each. Errors: of the field `when`, for a choice that none depends on.
fn priced_by(at: At<'_>, currency: Currency, of: &str, when: Conditions) -> Result<Conditions, Problem> {
    let (product, component) = of_product(of)?;
    let found = at.book(currency).ok().and_then(|it| it.product(product));
    let found = found.and_then(|it| it.components.iter().find(|it| it.id == component));
    // What there is not is said of the field `component`.
    let Some(found) = found else { return Ok(when) };
    let keys = || found.prices.iter().flat_map(|row| &row.keys);
    let is_one = |name: &String, value: &String| keys().any(|it| it.0 == *name && it.1.contains(value));
    let wrong = when.iter().find_map(|(name, values)| {
        let value = values.iter().find(|value| !is_one(name, value))?;
        Some(format!("{name}={value}"))
    });
    let Some(word) = wrong else { return Ok(when) };
    let all: BTreeSet<String> =
        keys().flat_map(|(name, values)| values.iter().map(move |it| format!("{name}={it}"))).collect();
    let words: Vec<String> = all.into_iter().take(FEW).collect();
    let detail = format!("`{word}` is none of what prices of `{component}` depend on");
    Err(Problem::malformed(Some("when".into()), detail).because(Reason::NotAmong { word, words }))
}

/// Options as people write them: `spec=1U1G region=guangzhou|shanghai`. Errors: `Unfit` of the field `when`.
fn options(text: &str) -> Result<Conditions, Refusal> {
    let one = |it: &str| {
        let wrong =
            || Refusal::from(ContractError::Unfit(format!("`{it}` is not like spec=1U1G"))).of("when");
        let (name, values) = it.split_once('=').ok_or_else(wrong)?;
        Ok((name.to_string(), values.split('|').map(str::to_string).collect()))
    };
    text.split_whitespace().map(one).collect()
}

/// A line of a form.
type Line = Text<1, 500>;

/// What a form agrees on.
struct Agreed {
    id: Line,
    component: Line,
    when: Conditions,
    above: Option<String>,
    amount: Line,
    from: Option<Timestamp>,
    until: Option<Timestamp>,
    reason: Line,
}

impl Agreed {
    /// Errors: everything that is wrong with the form, as one.
    fn read(signed: &Signed, form: &Fields, currency: Currency) -> Result<Agreed, Problem> {
        let desk = signed.visit.node.desk();
        let at = desk.at(signed.visit.now);
        let line = |name: &str| house::read::<Line>(form, name);
        let time = |name: &str| {
            let read = instant(at, name, maybe(form, name)).and_then(|it| ordered(at, form, (name, it)));
            read.map_err(Problem::from)
        };
        let id = line("id").and_then(|it| {
            correction::id(it.as_str().trim()).map_err(|_| Refusal::from(ContractError::Id))?;
            Ok(it)
        });
        let component = line("component").and_then(|it| {
            of_product(it.as_str())?;
            Ok(it)
        });
        let above = maybe(form, "above").map(str::to_string);
        let amount = line("amount").and_then(|it| {
            let read = Amount::parse(it.as_str().trim(), currency);
            match read.map_err(|it| Refusal::from(it).of("amount"))? {
                below if below.e8() < 0 => Err(below_zero()),
                _ => Ok(it),
            }
        });
        let (from, until) = (time("from"), time("until"));
        // By the book that holds when it begins, as it is judged.
        let begin = desk.at(from.as_ref().ok().copied().flatten().unwrap_or(at.now));
        let when = options(form.text("when")).map_err(Problem::from).and_then(|when| match &component {
            Ok(component) => priced_by(begin, currency, component.as_str(), when),
            Err(_) => Ok(when),
        });
        let reason = line("reason");
        let begins = if let (Ok(component), Some(above), Ok(from)) = (&component, &above, &from) {
            let then = desk.at(from.unwrap_or(at.now));
            let of = of_product(component.as_str())?;
            contract_prices::begins(then, currency, of, above).map_err(Problem::from)
        } else {
            Ok(())
        };
        house::all_read([
            id.as_ref().err(),
            component.as_ref().err(),
            when.as_ref().err(),
            begins.as_ref().err(),
            amount.as_ref().err(),
            from.as_ref().err(),
            until.as_ref().err(),
            reason.as_ref().err(),
        ])?;
        let (id, component, when, amount) = (id?, component?, when?, amount?);
        Ok(Agreed { id, component, when, above, amount, from: from?, until: until?, reason: reason? })
    }
}

async fn agreed(signed: &Signed, customer: &Customer, form: &Fields) -> Result<String, Problem> {
    let account = customer.account.id;
    let it = Agreed::read(signed, form, customer.account.currency)?;
    let work = move |tx: &mut Tx<'_>, at: At<'_>| {
        let (product, component) = of_product(it.component.as_str())?;
        let new = New {
            account,
            id: it.id.as_str().trim(),
            product,
            component,
            when: it.when.clone(),
            above: it.above.as_deref(),
            amount: it.amount.as_str(),
            from: it.from,
            until: it.until,
            reason: it.reason.as_str(),
        };
        contract_prices::agree(tx, at, &new).map_err(|it| it.by_code(&[("conflict", "id")]))?;
        Ok(format!("{}/contract-prices?said=agreed", house::address(account)))
    };
    signed.once_for(account, form, work).await
}

async fn end(
    Path((account, price)): Path<(String, String)>,
    Posted { who: signed, form }: Posted<Signed>,
) -> Result<Response, Response> {
    let customer = house::customer(&signed, Right::Terms, &account).await?;
    match ended(&signed, customer.account.id, (&form, price)).await {
        Ok(to) => {
            book::used(&signed).await?;
            Ok(see_other(&to))
        }
        Err(problem) => shown(&signed, &customer, (&Fields::default(), None), Some(&problem)).await,
    }
}

async fn ended(
    signed: &Signed,
    account: AccountId,
    (form, id): (&Fields, String),
) -> Result<String, Problem> {
    let work = move |tx: &mut Tx<'_>, at: At<'_>| {
        let after = contract_prices::end(tx, at, Named { account, id: &id }, None)?;
        let said = if after.from > at.now { "taken-back" } else { "ended" };
        Ok(format!("{}/contract-prices?said={said}", house::address(account)))
    };
    signed.once_for(account, form, work).await
}
