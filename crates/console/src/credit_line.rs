//! The credit line of a customer: how much it may owe, and when that is collected.
//!
//! In:  a limit, a day, a reason. Out: the credit line as it stands, and a form for it.
//! Invariant: what is shown is what holds; a form that is sent twice changes nothing more.

use crate::agreement::{self, Agreement};
use crate::choice;
use crate::fields::Fields;
use crate::house;
use crate::parts::{self, Field, Wrong, sent};
use crate::posted::Posted;
use crate::show;
use crate::signed::Signed;
use crate::state::Console;
use crate::visit::see_other;
use axum::Router;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::get;
use billing::credit::DAY;
use billing::user::Right;
use billing::wallet::Wallet;
use desk::credit_lines::{self, New, Seen};
use desk::lists::accounts::Customer;
use desk::{At, Tx};
use maud::{Markup, html};
use units::Money;
use web::problem::Problem;
use web::wire::Text;

pub(crate) fn routes() -> Router<Console> {
    Router::new().route("/operator/customers/{account}/credit", get(shown).post(set))
}

async fn shown(signed: Signed, Path(account): Path<String>) -> Result<Response, Response> {
    let customer = house::customer(&signed, Right::Terms, &account).await?;
    page(&signed, &customer, None).await
}

async fn page(
    signed: &Signed,
    customer: &Customer,
    wrong: Option<(&Fields, &Problem)>,
) -> Result<Response, Response> {
    let id = customer.account.id;
    let seen = signed.read(move |tx, at| credit_lines::seen(tx, at, id)).await?;
    let stands = stands(&seen);
    let form = wrong.map_or(&stands, |it| it.0);
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    let told = wrong.map(|it| Wrong::of(it.1, visit));
    let field = |name: &'static str, label: String, hint: Option<String>| {
        let value = sent(Some(form), name);
        Field { name, label, kind: "text", value, autocomplete: "off", hint }.show(told.as_ref())
    };
    let unit = show::currency(customer.account.currency, visit.language);
    let fields = html! {
        (field("limit", texts.credit_limit(unit), Some(texts.credit_limit_hint())))
        (field("day", texts.credit_day(), Some(texts.credit_day_hint())))
        (field("reason", texts.credit_reason(), None))
    };
    let (title, sub) = (texts.credit_line(), texts.credit_line_sub());
    let stands = standing(signed, &seen, unit);
    let it = Agreement { title: &title, sub: &sub, path: "credit", stands, fields };
    let status = wrong.map(|it| it.1.status);
    Ok(agreement::page(signed, customer, &it, status.zip(told.as_ref())))
}

/// The form as the credit line stands.
fn stands(seen: &Seen) -> Fields {
    let line = seen.line.as_ref();
    let limit = line.map_or_else(String::new, |it| it.limit.to_string());
    let day = line.map_or(DAY, |it| it.day).to_string();
    let reason = line.map_or("", |it| it.reason.as_str());
    Fields::of([("limit", limit.as_str()), ("day", day.as_str()), ("reason", reason)])
}

/// How much of a credit line is used: what is owed, and what orders that wait would owe.
pub(crate) fn used(wallet: &Wallet) -> Money {
    wallet.owed().checked_add(wallet.pledged()).unwrap_or(wallet.owed())
}

/// How much of it is used, when it is collected, and that it is withheld.
fn standing(signed: &Signed, seen: &Seen, unit: &str) -> Markup {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    let Some(line) = seen.line.as_ref().filter(|it| it.limit.is_positive()) else { return html! {} };
    let used = used(&seen.wallet);
    let collected = texts.credit_collected(visit.time(line.collect));
    html! {
        @if let Some(since) = line.withheld { (parts::hint(&texts.credit_withheld(visit.time(since)))) }
        dl.figures {
            (parts::figure(&texts.credit_line(), &show::money(line.limit), unit, &html! { (collected) }))
            (parts::figure(&texts.credit_used(), &show::money(used), unit, &html! {}))
            (parts::figure(&texts.available(), &show::money(seen.wallet.available()), unit, &html! {}))
        }
    }
}

async fn set(
    Path(account): Path<String>,
    Posted { who: signed, form }: Posted<Signed>,
) -> Result<Response, Response> {
    let customer = house::customer(&signed, Right::Terms, &account).await?;
    match agreed(&signed, &customer, &form).await {
        Ok(to) => Ok(see_other(&to)),
        Err(problem) => page(&signed, &customer, Some((&form, &problem))).await,
    }
}

async fn agreed(signed: &Signed, customer: &Customer, form: &Fields) -> Result<String, Problem> {
    let (id, currency) = (customer.account.id, customer.account.currency);
    let limit = house::money(form, "limit", currency);
    let day = choice::number::<u8>(form, "day").and_then(|it| Ok(credit_lines::day(it)?));
    let reason = house::read::<Text<1, 500>>(form, "reason");
    house::all_read([limit.as_ref().err(), day.as_ref().err(), reason.as_ref().err()])?;
    let (limit, day, reason) = (limit?, Some(day?), reason?);
    let work = move |tx: &mut Tx<'_>, at: At<'_>| {
        credit_lines::set(tx, at, New { account: id, limit, day, reason: reason.as_str() })?;
        Ok(format!("{}?said=changed", house::address(id)))
    };
    signed.once_for(id, form, work).await
}
