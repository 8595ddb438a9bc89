//! The commitment of a customer: what it is to spend in each month.
//!
//! In:  an amount, months, a reason. Out: what was agreed and how the month stands, and a form for it.
//! Invariant: what is shown is what holds; a form that is sent twice changes nothing more.

use crate::agreement::{self, Agreement};
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
use billing::contract_price::ContractError;
use billing::user::Right;
use desk::commitments::{self, New, Seen};
use desk::lists::accounts::Customer;
use desk::lists::bills;
use desk::{At, Over, Refusal, Tx};
use maud::{Markup, html};
use units::{Cycle, CycleKind};
use web::problem::Problem;
use web::wire::Text;

pub(crate) fn routes() -> Router<Console> {
    Router::new().route("/operator/customers/{account}/commitment", get(shown).post(set))
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
    let seen = signed.read(move |tx, at| commitments::seen(tx, at, id)).await?;
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    let told = wrong.map(|it| Wrong::of(it.1, visit));
    let form = wrong.map(|it| it.0);
    let field = |name: &'static str, label: String| Field::text(name, label, sent(form, name));
    let month = |name: &'static str, label: String, hint: String| {
        field(name, label).hint(hint).optional(told.as_ref())
    };
    let unit = show::currency(customer.account.currency, visit.language);
    let stands = html! { (figures(signed, &seen)) (agreed(signed, &seen)) };
    let fields = html! {
        (field("amount", texts.commitment_amount(unit)).hint(texts.commitment_amount_hint()).show(told.as_ref()))
        (month("from", texts.commitment_from(), texts.commitment_from_hint()))
        (month("until", texts.commitment_until(), texts.commitment_until_hint()))
        (field("reason", texts.commitment_reason()).show(told.as_ref()))
    };
    let (title, sub) = (texts.commitment(), texts.commitment_sub());
    let it = Agreement { title: &title, sub: &sub, path: "commitment", stands, fields };
    let status = wrong.map(|it| it.1.status);
    Ok(agreement::page(signed, customer, &it, status.zip(told.as_ref())))
}

/// What is to be spent in the month that runs, what is, and what is missing; nothing without a commitment.
pub(crate) fn figures(signed: &Signed, seen: &Seen) -> Markup {
    if !seen.agreed.is_positive() {
        return html! {};
    }
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    let unit = show::currency(seen.agreed.currency(), visit.language);
    let month = show::month(&visit.calendar.month(seen.month.from), visit.language);
    html! {
        dl.figures {
            (parts::figure(&texts.commitment(), &show::money(seen.agreed), unit, &html! { (texts.commitment_in(month)) }))
            (parts::figure(&texts.commitment_spent(), &show::money(seen.spent), unit, &html! { (texts.commitment_spent_hint()) }))
            (parts::figure(&texts.commitment_missing(), &show::money(seen.missing), unit, &html! { (texts.commitment_missing_hint()) }))
        }
    }
}

/// Everything that was agreed, the last first.
fn agreed(signed: &Signed, seen: &Seen) -> Markup {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    let unit = show::currency(seen.agreed.currency(), visit.language);
    let month = |at| show::month(&visit.calendar.month(at), visit.language);
    html! {
        @if !seen.all.is_empty() {
            table.table {
                thead {
                    tr {
                        th scope="col" { (texts.commitment_from()) }
                        th scope="col" { (texts.commitment_until()) }
                        th.n scope="col" { (texts.commitment_amount(unit)) }
                        th scope="col" { (texts.commitment_reason()) }
                    }
                }
                tbody {
                    @for it in seen.all.iter().rev() {
                        tr {
                            th scope="row" { (month(it.from)) }
                            td { (it.until.map_or_else(|| texts.commitment_ever(), |at| texts.commitment_until_month(month(at)))) }
                            td.n { (show::money(it.amount)) }
                            td { (it.reason) }
                        }
                    }
                }
            }
        }
    }
}

async fn set(
    Path(account): Path<String>,
    Posted { who: signed, form }: Posted<Signed>,
) -> Result<Response, Response> {
    let customer = house::customer(&signed, Right::Terms, &account).await?;
    match asked(&signed, &customer, &form).await {
        Ok(to) => Ok(see_other(&to)),
        Err(problem) => page(&signed, &customer, Some((&form, &problem))).await,
    }
}

async fn asked(signed: &Signed, customer: &Customer, form: &Fields) -> Result<String, Problem> {
    let (id, currency) = (customer.account.id, customer.account.currency);
    let desk = signed.visit.node.desk();
    let month = |name: &str| match form.text(name) {
        "" => Ok(None),
        text => match bills::month(&desk, text).and_then(|it| in_time(signed, form, (name, &it))) {
            Ok(()) => Ok(Some(text.to_string())),
            Err(refusal) => Err(Problem::from(refusal.of(name))),
        },
    };
    let (amount, reason) =
        (house::money(form, "amount", currency), house::read::<Text<1, 500>>(form, "reason"));
    let (from, until) = (month("from"), month("until"));
    house::all_read([
        amount.as_ref().err(),
        from.as_ref().err(),
        until.as_ref().err(),
        reason.as_ref().err(),
    ])?;
    let (amount, from, until, reason) = (amount?, from?, until?, reason?);
    let work = move |tx: &mut Tx<'_>, at: At<'_>| {
        let (from, until) = (from.as_deref(), until.as_deref());
        commitments::set(tx, at, New { account: id, amount, from, until, reason: reason.as_str() })?;
        Ok(format!("{}?said=changed", house::address(id)))
    };
    signed.once_for(id, form, work).await
}

/// Whether the first month is not over, or whether the month without it is behind the first. Errors: `Past`, `Backwards`.
fn in_time(signed: &Signed, form: &Fields, (name, month): (&str, &Cycle)) -> Result<(), Refusal> {
    let (desk, until) = (signed.visit.node.desk(), month.from);
    if name == "from" {
        let present = desk.calendar.cycle(CycleKind::Month, signed.visit.now)?;
        let is_over = month.from < present.from;
        return if is_over {
            Err(Refusal::Past(Over::Month(desk.calendar.month(month.from))))
        } else {
            Ok(())
        };
    }
    match bills::month(&desk, form.text("from")) {
        Ok(first) if until <= first.from => {
            Err(Refusal::from(ContractError::Backwards { from: first.from, until }))
        }
        Ok(_) | Err(_) => Ok(()),
    }
}
