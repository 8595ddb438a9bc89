//! Cards of an account: added, taken away, and money by card.
//!
//! In:  what the gateway says of a card, a sum. Out: cards; a payment that brings the sum.
//! Invariant: nothing of a card but what may be shown comes here; a card is added by the gateway's own form.

use crate::fields::Fields;
use crate::parts::{self, Field, Wrong, sent};
use crate::posted::Posted;
use crate::signed::{Signed, whose};
use crate::state::Console;
use crate::visit::see_other;
use crate::{card_words, frame, gateway_page, house, lost, short, show};
use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use billing::payment::{Kind, Payment};
use billing::user::Right;
use desk::card_payments::{self, NewTopUp};
use desk::cards::{self, Card};
use desk::lists::card_payments as list;
use desk::page::{Page, Part};
use desk::{At, Refusal, Tx};
use maud::{Markup, html};
use std::collections::BTreeSet;
use units::CardId;
use web::gateway;
use web::problem::Problem;
use web::wire::MoneyText;

pub(crate) fn routes() -> Router<Console> {
    Router::new()
        .route("/cards", get(all).post(add))
        .route("/cards/new", get(new))
        .route("/cards/{card}/remove", post(remove))
        .route("/cards/top-up", post(top_up))
}

/// Payments of a page.
const MOST: u16 = 50;

async fn all(signed: Signed) -> Result<Response, Response> {
    page(&signed, None).await
}

async fn page(signed: &Signed, wrong: Option<(&Fields, &Problem)>) -> Result<Response, Response> {
    let account = whose(signed)?;
    let part = Part { after: query(signed, "after"), most: MOST };
    let read = move |tx: &mut Tx<'_>, _: At<'_>| {
        let payments = list::page(tx, account, None, &part)?;
        let ids: BTreeSet<CardId> = payments.items.iter().map(|it| it.card).collect();
        let paid = ids.into_iter().map(|it| cards::one(tx, account, it)).collect::<Result<Vec<_>, _>>()?;
        Ok((cards::list(tx, account)?, payments, paid))
    };
    let (cards, payments, paid) = signed.read(read).await?;
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    let told = wrong.map(|it| Wrong::of(it.1, visit));
    let body = html! {
        (parts::errors(visit, told.as_ref()))
        @if !signed.takes_cards() { p.banner { (texts.cards_off()) } }
        @if cards.is_empty() && signed.takes_cards() {
            div.empty { h2 { (texts.no_cards()) } p { (texts.no_cards_hint()) } (add_button(signed)) }
        } @else if !cards.is_empty() {
            (table(signed, &cards))
            (add_button(signed))
            @if may(signed) { p { a href="/cards/rule" { (texts.card_rule()) } } }
            @if may(signed) { (top_up_form(signed, &cards, wrong.map(|it| it.0), told.as_ref())) }
        }
        p { (texts.by_transfer_instead()) " " a href=(short::TOP_UP) { (texts.by_transfer()) } }
        (payments_table(signed, &payments, &paid))
    };
    let (title, sub) = (texts.cards(), texts.cards_sub());
    let page = frame::Page { title: &title, sub: &sub, above: &[], body: &body };
    Ok(frame::page(signed, wrong.map_or(StatusCode::OK, |it| it.1.status), &page))
}

fn query(signed: &Signed, name: &str) -> Option<String> {
    let form = house::prefilled(signed);
    Some(form.text(name).to_string()).filter(|it| !it.is_empty())
}

/// Whether somebody may add cards and pay with them here.
fn may(signed: &Signed) -> bool {
    signed.takes_cards() && signed.may(Right::Buy)
}

fn add_button(signed: &Signed) -> Markup {
    html! { @if may(signed) { p.acts { a.btn.main href="/cards/new" { (signed.visit.texts().add_card()) } } } }
}

fn table(signed: &Signed, cards: &[Card]) -> Markup {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    html! {
        table.table {
            thead {
                tr {
                    th scope="col" { (texts.card()) }
                    th scope="col" { (texts.card_good_until()) }
                    th.p2 scope="col" { (texts.since()) }
                    th scope="col" { span.sr { (texts.remove()) } }
                }
            }
            tbody {
                @for it in cards {
                    tr {
                        th scope="row" { (card_words::card(it)) }
                        td { (card_words::good_until(it)) }
                        td.p2.pre { (visit.exact_time(it.created)) }
                        td.n {
                            @if may(signed) {
                                form method="post" action=(format!("/cards/{}/remove", it.id)) {
                                    (parts::hidden(visit))
                                    button.btn.small aria-label=(format!("{} {}", texts.remove(), card_words::card(it))) { (texts.remove()) }
                                }
                            }
                        }
                    }
                }
            }
        }
        (parts::csv(visit, "cards", &[]))
    }
}

/// The cards to choose from, the first chosen.
pub(crate) fn choice(signed: &Signed, cards: &[Card], chosen: &str) -> Markup {
    let texts = signed.visit.texts();
    html! {
        fieldset.field {
            legend.label { (texts.card()) }
            div.picks role="radiogroup" aria-label=(texts.card()) {
                @for (index, it) in cards.iter().enumerate() {
                    @let id = it.id.to_string();
                    label {
                        input type="radio" name="card" value=(id) checked[chosen == id || (chosen.is_empty() && index == 0)];
                        span.card { b { (card_words::card(it)) } span.hint { (texts.card_good_until()) " " (card_words::good_until(it)) } }
                    }
                }
            }
        }
    }
}

fn top_up_form(signed: &Signed, cards: &[Card], was: Option<&Fields>, wrong: Option<&Wrong>) -> Markup {
    let texts = signed.visit.texts();
    let (label, value) = (texts.amount(signed.unit()), sent(was, "amount"));
    html! {
        section aria-labelledby="h-top-up" {
            div.sect { h2 id="h-top-up" { (texts.top_up_by_card()) } }
            form.narrow method="post" action="/cards/top-up" {
                (parts::hidden(&signed.visit))
                (Field { name: "amount", label, kind: "text", value, autocomplete: "off", hint: None }.show(wrong))
                (choice(signed, cards, sent(was, "card")))
                div.field { button.btn.main { (texts.top_up_by_card()) } }
            }
        }
    }
}

/// The payments by card; `cards` are those that paid, also such as were taken away.
fn payments_table(signed: &Signed, found: &Page<Payment>, cards: &[Card]) -> Markup {
    let (visit, texts, unit) = (&signed.visit, signed.visit.texts(), signed.unit());
    let card = |it: &Payment| cards.iter().find(|card| card.id == it.card).map(card_words::card);
    html! {
        @if !found.items.is_empty() {
            section aria-labelledby="h-payments" {
                div.sect { h2 id="h-payments" { (texts.card_payments()) } }
                table.table {
                    thead {
                        tr {
                            th scope="col" { (texts.at()) }
                            th scope="col" { (texts.what()) }
                            th scope="col" { (texts.state()) }
                            th.n scope="col" { (texts.amount(unit)) }
                        }
                    }
                    tbody {
                        @for it in &found.items {
                            tr {
                                th.pre scope="row" { a href=(format!("/payments/{}", it.id)) { (visit.exact_time(it.created)) } }
                                td { (card_words::kind(texts, it.kind)) @if let Some(card) = card(it) { span.s { (card) } } }
                                td { (card_words::stands(texts, it)) }
                                td.n { (show::money(it.money)) }
                            }
                        }
                    }
                }
                (parts::more(visit, found.next.as_deref()))
                (parts::csv(visit, "card-payments", &[]))
            }
        }
    }
}

/// The gateway's own form for a card.
async fn new(signed: Signed) -> Result<Response, Response> {
    frame::needs(&signed, Right::Buy)?;
    let account = whose(&signed)?;
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    let made = gateway::form(&visit.node, account, &web::random::fresh("form")).await;
    let (form, gateway) = made.map_err(|problem| lost::failed(visit, &problem))?;
    let known = gateway.account();
    let body = html! {
        (gateway_page::said())
        form.narrow method="post" action="/cards" data-gateway=(known.publishable) data-setup=(form.setup)
            data-secret=(form.secret) data-away=(texts.gateway_away()) {
            (parts::hidden(visit))
            input type="hidden" name="token" value=(form.setup);
            div.field id="gateway-card" {}
            p.hint { (texts.card_never_here()) }
            div.field { button.btn.main hidden { (texts.add_card()) } a.btn href="/cards" { (texts.back_to(texts.cards())) } }
        }
    };
    let (title, cards) = (texts.add_card(), texts.cards());
    let page = frame::Page { title: &title, sub: "", above: &[("/cards", &cards)], body: &body };
    Ok(gateway_page::page(&signed, known, &page))
}

async fn add(Posted { who: signed, form }: Posted<Signed>) -> Result<Response, Response> {
    frame::needs(&signed, Right::Buy)?;
    let account = whose(&signed)?;
    let known = match gateway::card(&signed.visit.node, account, form.text("token")).await {
        Ok(known) => known,
        Err(problem) => return page(&signed, Some((&form, &problem))).await,
    };
    let work = move |tx: &mut Tx<'_>, at: At<'_>| {
        cards::add(tx, at, account, &known)?;
        Ok("/cards".to_string())
    };
    match signed.once(&form, work).await {
        Ok(to) => Ok(see_other(&to)),
        Err(problem) => page(&signed, Some((&form, &problem))).await,
    }
}

async fn remove(
    Path(card): Path<String>,
    Posted { who: signed, form }: Posted<Signed>,
) -> Result<Response, Response> {
    frame::needs(&signed, Right::Buy)?;
    let account = whose(&signed)?;
    let Ok(id) = card.parse::<CardId>() else { return Ok(lost::nowhere(signed.visit).await) };
    let work = move |tx: &mut Tx<'_>, at: At<'_>| {
        cards::end(tx, at, account, id)?;
        Ok("/cards".to_string())
    };
    match signed.once(&form, work).await {
        Ok(to) => {
            if let Err(problem) = gateway::forget(&signed.visit.node, account, id).await {
                tracing::warn!(card = %id, "the gateway does not forget a card: {}", problem.detail);
            }
            Ok(see_other(&to))
        }
        Err(problem) => page(&signed, Some((&form, &problem))).await,
    }
}

/// The card that a form names. Errors: `NotFound`.
pub(crate) fn named(card: &str) -> Result<CardId, Problem> {
    let missing = |_| Problem::from(Refusal::missing("such card").of("card"));
    card.parse().map_err(missing)
}

async fn top_up(Posted { who: signed, form }: Posted<Signed>) -> Result<Response, Response> {
    frame::needs(&signed, Right::Buy)?;
    match topped_up(&signed, &form).await {
        Ok(to) => Ok(see_other(&to)),
        Err(problem) => page(&signed, Some((&form, &problem))).await,
    }
}

async fn topped_up(signed: &Signed, form: &Fields) -> Result<String, Problem> {
    let missing = || Problem::from(Refusal::missing("account"));
    let of = &signed.customer.as_ref().ok_or_else(missing)?.account;
    let (account, currency, card) = (of.id, of.currency, named(form.text("card"))?);
    let text: MoneyText = house::read(form, "amount")?;
    let money = text.money(currency).map_err(|it| it.of("amount"))?;
    let token = form.once().to_string();
    let work = move |tx: &mut Tx<'_>, at: At<'_>| {
        let new = NewTopUp { account, card, money, kind: Kind::TopUp, token: &token };
        Ok(format!("/payments/{}", card_payments::top_up(tx, at, new)?.id))
    };
    signed.once(form, work).await
}
