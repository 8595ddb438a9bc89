//! What comes by card by itself: when little is left, and when something is owed.
//!
//! In:  a card, sums. Out: the rule as it stands, and a form for it.
//! Invariant: what is shown is what holds; a form that is sent twice changes nothing more.

use crate::cards::{choice, named};
use crate::fields::Fields;
use crate::parts::{self, Field, Wrong};
use crate::posted::Posted;
use crate::signed::{Signed, whose};
use crate::state::Console;
use crate::visit::see_other;
use crate::{choice as choices, frame, house};
use axum::Router;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use billing::payment::automatic::{Collect, Rule};
use billing::user::Right;
use desk::card_rules;
use desk::cards::{self, Card};
use desk::{At, Refusal, Tx};
use maud::{Markup, html};
use units::Money;
use web::problem::Problem;

pub(crate) fn routes() -> Router<Console> {
    Router::new().route("/cards/rule", get(shown).post(set)).route("/cards/rule/end", post(end))
}

async fn shown(signed: Signed) -> Result<Response, Response> {
    page(&signed, None).await
}

async fn page(signed: &Signed, wrong: Option<(&Fields, &Problem)>) -> Result<Response, Response> {
    frame::needs(signed, Right::Buy)?;
    let account = whose(signed)?;
    let read =
        move |tx: &mut Tx<'_>, _: At<'_>| Ok((card_rules::get(tx, account)?, cards::list(tx, account)?));
    let (rule, cards) = signed.read(read).await?;
    if cards.is_empty() {
        return Ok(see_other("/cards"));
    }
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    let told = wrong.map(|it| Wrong::of(it.1, visit));
    let body = html! {
        (parts::errors(visit, told.as_ref()))
        (form(signed, (rule.as_ref(), &cards), wrong.map(|it| it.0), told.as_ref()))
        @if rule.is_some() {
            form method="post" action="/cards/rule/end" {
                (parts::hidden(visit)) button.btn { (texts.card_rule_end()) }
            }
        }
    };
    let (title, sub, above) = (texts.card_rule(), texts.card_rule_sub(), texts.cards());
    let page = frame::Page { title: &title, sub: &sub, above: &[("/cards", &above)], body: &body };
    Ok(frame::page(signed, wrong.map_or(StatusCode::OK, |it| it.1.status), &page))
}

fn form(
    signed: &Signed,
    (rule, cards): (Option<&Rule>, &[Card]),
    was: Option<&Fields>,
    wrong: Option<&Wrong>,
) -> Markup {
    let (texts, unit) = (signed.visit.texts(), signed.unit());
    let said = |name: &str, stands: Option<Money>| {
        was.map_or_else(
            || stands.map_or_else(String::new, |it| it.to_string()),
            |it| it.text(name).to_string(),
        )
    };
    let field = |name: &'static str, label: String, hint: Option<String>, stands: Option<Money>| {
        let value = said(name, stands);
        Field { name, label, kind: "text", value: &value, autocomplete: "off", hint }.show(wrong)
    };
    let collects = match was {
        Some(form) => form.text("collect") == Collect::AtOnce.as_str(),
        None => rule.is_none_or(|it| it.collect == Collect::AtOnce),
    };
    let chosen = was
        .map_or_else(|| rule.map_or_else(String::new, |it| it.card.to_string()), |it| it.text("card").into());
    html! {
        form.narrow method="post" action="/cards/rule" {
            (parts::hidden(&signed.visit))
            (field("below", texts.card_rule_below(unit), Some(texts.card_rule_below_hint()), rule.map(|it| it.below)))
            (field("amount", texts.card_rule_amount(unit), None, rule.map(|it| it.amount)))
            (field("ceiling", texts.card_rule_ceiling(unit), Some(texts.card_rule_ceiling_hint()), rule.map(|it| it.ceiling)))
            fieldset.field {
                legend.label { (texts.card_rule_collect()) }
                div.seg {
                    @for (it, name) in [(Collect::AtOnce, texts.yes()), (Collect::Never, texts.no())] {
                        label {
                            input type="radio" name="collect" value=(it.as_str()) checked[(it == Collect::AtOnce) == collects];
                            span { (name) }
                        }
                    }
                }
            }
            (choice(signed, cards, &chosen))
            div.field { button.btn.main { (texts.save()) } }
        }
    }
}

async fn set(Posted { who: signed, form }: Posted<Signed>) -> Result<Response, Response> {
    frame::needs(&signed, Right::Buy)?;
    match written(&signed, &form).await {
        Ok(to) => Ok(see_other(&to)),
        Err(problem) => page(&signed, Some((&form, &problem))).await,
    }
}

async fn written(signed: &Signed, form: &Fields) -> Result<String, Problem> {
    let missing = || Problem::from(Refusal::missing("account"));
    let of = &signed.customer.as_ref().ok_or_else(missing)?.account;
    let (account, currency) = (of.id, of.currency);
    let card = named(form.text("card"));
    let [below, amount, ceiling] =
        ["below", "amount", "ceiling"].map(|name| house::money(form, name, currency));
    let collect = choices::read(form, "collect", &Collect::ALL, Collect::as_str);
    house::all_read([
        card.as_ref().err(),
        below.as_ref().err(),
        amount.as_ref().err(),
        ceiling.as_ref().err(),
        collect.as_ref().err(),
    ])?;
    let (card, below, amount, ceiling) = (card?, below?, amount?, ceiling?);
    let rule = Rule { account, card, below, amount, ceiling, collect: collect? };
    let work = move |tx: &mut Tx<'_>, at: At<'_>| {
        card_rules::set(tx, at, rule)?;
        Ok("/cards".to_string())
    };
    signed.once(form, work).await
}

async fn end(Posted { who: signed, form }: Posted<Signed>) -> Result<Response, Response> {
    frame::needs(&signed, Right::Buy)?;
    let account = whose(&signed)?;
    let work = move |tx: &mut Tx<'_>, _: At<'_>| {
        card_rules::end(tx, account)?;
        Ok("/cards".to_string())
    };
    match signed.once(&form, work).await {
        Ok(to) => Ok(see_other(&to)),
        Err(problem) => page(&signed, Some((&form, &problem))).await,
    }
}
