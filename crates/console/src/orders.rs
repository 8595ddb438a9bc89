//! Orders, and what becomes of each: delivery until it is there, or the failure and the money back.
//!
//! In:  an account, an order. Out: its pieces as they stand; while one is under way the page asks again by itself.
//! Invariant: what is shown is what the order and its resources or packs say, at one instant. Operators see the same parts
//! (`looked_at.rs`), without what only the customer may do.

use crate::signed::{Signed, whose};
use crate::state::Console;
use crate::{anew, card_words, choice, frame, house, order_cancel, ordered, parts, progress, show, words};
use axum::Router;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use billing::bill::Kind;
use billing::order::{Action, Order, Outcome, Piece, PieceState, State};
use billing::pack::Pack;
use billing::quote::Becomes;
use billing::user::{House, Right};
use desk::lists::orders::{self as list, Age, Delivery, Filter, Moved};
use desk::page::{Page, Part};
use desk::{At, Tx};
use maud::{Markup, html};
use std::collections::BTreeMap;
use units::{BillId, Money, OrderId};

/// Orders of a page.
const MOST: u16 = 50;

pub(crate) fn routes() -> Router<Console> {
    Router::new().route("/orders", get(orders)).route("/orders/{order}", get(order))
}

async fn orders(signed: Signed, Query(query): Query<BTreeMap<String, String>>) -> Result<Response, Response> {
    let account = whose(&signed)?;
    let result = choice::asked(&signed, "result", &Outcome::ALL, Outcome::as_str)?;
    let filter =
        Filter { account, state: None, result, product: None, updated_since: None, age: Age::Newest };
    let part = Part { after: query.get("after").cloned(), most: MOST };
    let read = move |tx: &mut Tx<'_>, _: At<'_>| {
        let found = list::page(tx, &filter, &part)?;
        let moved = list::moved(tx, &found.items)?;
        Ok((found, moved))
    };
    let (found, moved) = signed.read(read).await?;
    let listed = table(&signed, (&found, &moved), result);
    if signed.visit.part.as_deref() == Some("orders") {
        return Ok(Html(listed.into_string()).into_response());
    }
    let texts = signed.visit.texts();
    let body = html! {
        @if result.is_some() || !found.items.is_empty() {
            form.filter method="get" action="/orders" role="search" {
                (outcomes(&signed, result))
                button.btn { (texts.search()) }
            }
        }
        @if found.items.is_empty() && result.is_some() {
            div.empty { h2 { (texts.nothing_fits()) } p.acts { a.btn href="/orders" { (texts.show_all()) } } }
        } @else if found.items.is_empty() {
            div.empty { h2 { (texts.no_orders()) } p { (texts.no_orders_hint()) } p.acts { a.btn.main href="/buy" { (texts.buy()) } } }
        } @else {
            (listed)
            p { a href="/refunds" { (texts.refunds()) } }
        }
    };
    Ok(frame::page(
        &signed,
        StatusCode::OK,
        &frame::Page { title: &texts.orders(), sub: "", above: &[], body: &body },
    ))
}

/// Orders; while one of them is under way the page asks again by itself.
fn table(signed: &Signed, (found, moved): (&Page<Order>, &Moved), result: Option<Outcome>) -> Markup {
    let (visit, texts, unit) = (&signed.visit, signed.visit.texts(), signed.unit());
    let under_way = found.items.iter().filter(|it| is_under_way(it.state)).count();
    html! {
        div id="orders" data-poll=[(under_way > 0).then_some("3")] {
            @if under_way > 0 {
                p.hint.byjs { (texts.renews_itself()) } a.more.nojs href=(visit.address) { (texts.refresh()) }
            }
            p.sr data-say { (texts.so_many_under_way(under_way.to_string())) }
            table.table data-rows {
                thead {
                    tr {
                        th scope="col" { (texts.what()) }
                        th scope="col" { (texts.state()) }
                        th.p2 scope="col" { (texts.placed()) }
                        th.n scope="col" { (texts.amount(unit)) }
                    }
                }
                tbody {
                    @for it in &found.items {
                        tr {
                            th scope="row" { a href=(format!("/orders/{}", it.id)) { (title(signed, it)) } span.s { (signed.product(&it.product)) @if let Some(kind) = done(it.action) { (visit.language.say(", ".into(), "，".into())) (kind.text().get(visit.language)) } } span.only.s { (visit.exact_time(it.created)) } }
                            td { (progress::how_far(signed, it)) }
                            td.p2.pre { (visit.exact_time(it.created)) }
                            td.n { (listed(it, moved)) }
                        }
                    }
                }
            }
            (parts::more(visit, found.next.as_deref()))
            (parts::csv(visit, "orders", &[("result", result.map_or("", Outcome::as_str))]))
        }
    }
}

/// The choice of how orders came out.
pub(crate) fn outcomes(signed: &Signed, chosen: Option<Outcome>) -> Markup {
    let texts = signed.visit.texts();
    html! {
        select.select name="result" aria-label=(texts.came_out()) {
            option value="" { (texts.any_result()) }
            @for it in Outcome::ALL {
                option value=(it.as_str()) selected[chosen == Some(it)] { (words::outcome(texts, it)) }
            }
        }
    }
}

/// The sum of an order in a list; a downgrade is not paid: what went back, below zero.
pub(crate) fn listed(it: &Order, moved: &Moved) -> String {
    match it.action {
        Action::New | Action::Renew | Action::Convert | Action::Upgrade => show::money(it.total),
        Action::Downgrade => moved.get(&it.id).map_or_else(|| "–".to_string(), |it| show::money(*it)),
    }
}

/// What is done by an order to something that is there already.
const fn done(action: Action) -> Option<Kind> {
    match action {
        Action::New => None,
        Action::Renew => Some(Kind::PrepaidRenew),
        Action::Convert => Some(Kind::PrepaidNew),
        Action::Upgrade | Action::Downgrade => Some(Kind::PrepaidChange),
    }
}

/// What an order is called: by the name that was chosen, or its product.
pub(crate) fn title(signed: &Signed, it: &Order) -> String {
    if it.name.is_empty() { signed.product(&it.product) } else { it.name.clone() }
}

async fn order(signed: Signed, Path(order): Path<String>) -> Result<Response, Response> {
    let account = whose(&signed)?;
    let id: OrderId = signed.id(&order).await?;
    let found = signed.read(move |tx, _| list::delivery(tx, account, id)).await?;
    if signed.visit.part.as_deref() == Some("delivery") {
        return Ok(Html(delivery(&signed, &found).into_string()).into_response());
    }
    let (it, orders) = (&found.order, signed.visit.texts().orders());
    let body = html! { (delivery(&signed, &found)) (to_pay(&signed, it)) (ordered::section(&signed, it)) (money(&signed, &found)) };
    let (title, sub) = (title(&signed, it), sub(&signed, it));
    let page = frame::Page { title: &title, sub: &sub, above: &[("/orders", &orders)], body: &body };
    Ok(frame::page(&signed, StatusCode::OK, &page))
}

/// How much of what was ordered, and when.
pub(crate) fn sub(signed: &Signed, it: &Order) -> String {
    let (visit, product) = (&signed.visit, signed.product(&it.product));
    visit.texts().ordered_on(format!("{} × {product}", it.pieces.len()), visit.exact_time(it.created))
}

/// Whether something is still under way.
const fn is_under_way(state: State) -> bool {
    match state {
        State::Paying | State::Paid | State::Delivering => true,
        State::Unpaid
        | State::Delivered
        | State::DeliveryFailed
        | State::Closed
        | State::Expired
        | State::Invalid
        | State::Refunded => false,
    }
}

/// The ways to pay or cancel an order that is not paid, or to order again what is not valid any more.
fn to_pay(signed: &Signed, it: &Order) -> Markup {
    let texts = signed.visit.texts();
    html! {
        @if it.state == State::Invalid { (parts::hint(&texts.order_outdated_hint())) }
        @if it.state == State::Invalid && signed.may(Right::Buy) { p.acts { (anew::button(signed, it)) } }
        @if it.state == State::Unpaid && signed.may(Right::Buy) {
            p { (texts.to_be_paid_until(signed.visit.exact_time(it.expires))) }
            div.acts {
                a.btn.main href=(format!("/orders/{}/pay", it.id)) { (texts.pay_order()) }
                (order_cancel::button(signed, it))
            }
        }
    }
}

/// What came back of what was paid, for pieces that could not be delivered.
fn came_back(it: &Order) -> Option<Money> {
    let failed = it.pieces.iter().filter(|it| it.state == PieceState::Failed);
    let paid = failed.map(|it| it.total.checked_sub(it.voucher)).collect::<Result<Vec<_>, _>>().ok()?;
    Money::sum(paid, it.total.currency()).ok().filter(|it| !it.is_zero())
}

/// What came back, and what is paid without it.
fn after_failure(it: &Order) -> Option<(Money, Money)> {
    let back = came_back(it)?;
    Some((back, it.due().ok()?.checked_sub(back).ok()?))
}

/// How far the order is, and each of its pieces.
pub(crate) fn delivery(signed: &Signed, it: &Delivery) -> Markup {
    let (texts, order) = (signed.visit.texts(), &it.order);
    let (under_way, is_pack) = (is_under_way(order.state), order.becomes == Becomes::Pack);
    html! {
        div id="delivery" data-poll=[under_way.then_some("3")] {
            (progress::steps(signed, it))
            section aria-labelledby="h-way" {
                div.sect {
                    h2 id="h-way" { (progress::how_far(signed, order)) }
                    @if under_way { p.byjs { (texts.renews_itself()) } a.more.nojs href=(signed.visit.path()) { (texts.refresh()) } }
                }
                p.sr data-say { (said(signed, order)) }
                table.table {
                    thead {
                        tr {
                            th scope="col" { (texts.name()) }
                            th scope="col" { (texts.state()) }
                            th.p2 scope="col" { @if is_pack { (texts.good_from_until()) } @else { (texts.address()) } }
                            th.n scope="col" { (texts.amount(signed.unit())) }
                        }
                    }
                    tbody { @for piece in &order.pieces { (piece_row(signed, it, piece)) } }
                    tfoot {
                        tr { th scope="row" { (texts.order()) } td {} td.p2 {} td.n { (sum_of(it, order.total)) } }
                        @if let Some((back, rest)) = after_failure(order) {
                            tr { th scope="row" { (texts.came_back()) } td {} td.p2 {} td.n { "\u{2212}" (show::money(back)) } }
                            tr { th scope="row" { (texts.paid_in_the_end()) } td {} td.p2 {} td.n { (show::money(rest)) } }
                        }
                    }
                }
            }
        }
    }
}

/// What an order or a piece comes to; of a downgrade, which has one piece, what went back, below zero.
fn sum_of(it: &Delivery, total: Money) -> String {
    match it.order.action {
        Action::New | Action::Renew | Action::Convert | Action::Upgrade => show::money(total),
        Action::Downgrade => it.lowered.map_or_else(|| "–".to_string(), |it| below_zero(it.total)),
    }
}

/// A sum that went back, with its sign.
fn below_zero(it: Money) -> String {
    if it.is_zero() { show::money(it) } else { format!("\u{2212}{}", show::money(it)) }
}

/// What is read aloud when the page renews itself.
fn said(signed: &Signed, order: &Order) -> String {
    let ready = order
        .pieces
        .iter()
        .filter(|it| matches!(it.state, PieceState::Arrived | PieceState::Delivered))
        .count();
    match order.state {
        // Of what was not paid nothing comes: how many are ready says nothing.
        State::Unpaid | State::Closed | State::Expired | State::Invalid => progress::how_far(signed, order),
        State::Paying
        | State::Paid
        | State::Delivering
        | State::Delivered
        | State::DeliveryFailed
        | State::Refunded => {
            let texts = signed.visit.texts();
            texts.so_many_ready(
                ready.to_string(),
                order.pieces.len().to_string(),
                progress::how_far(signed, order),
            )
        }
    }
}

fn piece_row(signed: &Signed, it: &Delivery, piece: &Piece) -> Markup {
    let (texts, order) = (signed.visit.texts(), &it.order);
    let resource = it.resources.iter().find(|it| it.id == piece.resource);
    let pack = it.packs.iter().find(|it| it.id == Pack::id_of(piece.resource));
    let name = match (resource, pack) {
        (Some(it), _) => signed.called(it),
        (None, Some(it)) if !it.name.is_empty() => it.name.clone(),
        (None, Some(_) | None) => title(signed, order),
    };
    let address = resource.and_then(|it| it.address.as_deref());
    let under_way = is_under_way(order.state);
    let pill = match piece.state {
        PieceState::Waiting if under_way => html! { span.pill.busy { (texts.being_set_up()) } },
        PieceState::Waiting => html! { span.pill.off { (words::order_state(texts, order.state)) } },
        PieceState::Arrived | PieceState::Delivered => html! { span.pill.ok { (texts.ready()) } },
        PieceState::Refunded => html! { span.pill.end { (texts.refunded()) } },
        PieceState::Failed => html! { span.pill.bad { (texts.failed()) } span.s { (texts.money_back()) } },
    };
    html! {
        tr {
            th scope="row" {
                // Operators have no page of a resource or pack.
                @match (signed.house(), resource, pack) {
                    (House::Account(_), Some(it), _) => a href=(format!("/resources/{}", it.id)) { (name) },
                    (House::Account(_), None, Some(_)) => a href="/packs" { (name) },
                    (House::Account(_), None, None) | (House::Operator, _, _) => (name),
                }
                @if let Some(address) = address { span.only.s { code { (address) } } }
                @if let Some(pack) = pack { span.only.s { (period(signed, pack)) } }
            }
            td { (pill) }
            td.p2 {
                @match (address, pack) {
                    (Some(address), _) => { code { (address) } " " button.copy type="button" data-copy=(address) { (texts.copy()) } }
                    (None, Some(pack)) => (period(signed, pack)),
                    (None, None) => "–",
                }
            }
            td.n { (sum_of(it, piece.total)) }
        }
    }
}

/// What is to be paid, or by what it was paid: of the balance what the card was not charged and did not come back.
fn paid_by(signed: &Signed, of: &Delivery) -> Markup {
    let (texts, unit, it) = (signed.visit.texts(), signed.unit(), &of.order);
    let row = |name: String, sum: Money| html! { dt { (name) } dd.n { (show::money(sum)) " " (unit) } };
    // What vouchers pay stands beside it.
    let due = it.due().unwrap_or(it.total);
    let kept = came_back(it).map_or(Ok(due), |back| due.checked_sub(back));
    let Some(card) = of.card.as_ref().filter(|_| it.state.was_paid()) else {
        let name = match it.state {
            State::Unpaid | State::Paying => texts.to_pay(),
            State::Closed | State::Expired | State::Invalid => texts.sum(),
            State::Paid | State::Delivering | State::Delivered | State::DeliveryFailed | State::Refunded => {
                texts.from_balance()
            }
        };
        return row(name, due);
    };
    // What other orders of the purchase take of it is not told apart.
    let own = kept.and_then(|kept| kept.checked_sub(card.taken)).ok();
    let own = own.filter(|own| card.orders == 1 && own.is_positive());
    let name = if card.orders == 1 { texts.by_card() } else { texts.by_card_together() };
    html! {
        @if let Some(own) = own { (row(texts.from_balance(), own)) }
        dt { a href=(format!("/payments/{}", card.payment)) { (name) } " " small { (card_words::card(&card.card)) } }
        dd.n { (show::money(card.taken)) " " (unit) }
    }
}

/// From when until when a pack is good.
fn period(signed: &Signed, it: &Pack) -> String {
    format!("{} – {}", signed.visit.exact_time(it.effective), signed.visit.exact_time(it.expires))
}

/// What a downgrade gave back, what counts as paid from then on, and its bill. Source: R-CHG-3.
fn went_back(signed: &Signed, of: &Delivery) -> Markup {
    let (texts, unit, it) = (signed.visit.texts(), signed.unit(), &of.order);
    let bill = |id: BillId| format!("{}/bills/{id}", house::things(signed, it.account));
    html! {
        section aria-labelledby="h-money" {
            div.sect { h2 id="h-money" { (texts.refund_went_back()) } }
            dl.pairs {
                @if let Some(back) = of.lowered { dt { (texts.back_to_balance()) } dd.n { (show::money(back.total)) " " (unit) } }
                dt { (texts.order_number()) } dd.id { (it.id) }
            }
            @if let Some(back) = of.lowered {
                p.hint { (texts.change_lowered_counted(format!("{} {unit}", show::money(back.counted)))) }
                p { a href=(bill(back.bill)) { (texts.refund_see_bill()) } }
            }
        }
    }
}

/// What was paid for an order, and what came back.
pub(crate) fn money(signed: &Signed, of: &Delivery) -> Markup {
    let (texts, unit, it) = (signed.visit.texts(), signed.unit(), &of.order);
    if it.action == Action::Downgrade {
        return went_back(signed, of);
    }
    let less = it.list.checked_sub(it.total).ok().filter(|it| !it.is_zero());
    html! {
        section aria-labelledby="h-money" {
            div.sect { h2 id="h-money" { (texts.payment()) } }
            dl.pairs {
                @if let Some(sum) = it.vouchers().ok().filter(|it| it.is_positive()) {
                    dt { (texts.from_vouchers()) @for (voucher, sum) in &of.vouchers { " " small { (show::labelled(&voucher.name, &show::money(*sum), signed.visit.language)) } } }
                    dd.n { (show::money(sum)) " " (unit) }
                }
                (paid_by(signed, of))
                @if let Some(less) = less {
                    dt { (texts.discount()) } dd.n { "\u{2212}" (show::money(less)) " " (unit) }
                }
                @if let Some(back) = came_back(it) {
                    dt { (texts.came_back()) } dd.n { (show::money(back)) " " (unit) }
                }
                // Of a pack that is there, its row says from when until when.
                @if it.becomes == Becomes::Pack && of.packs.is_empty() {
                    dt { (texts.begins()) }
                    dd { @match &it.month { Some(month) => (show::month(month, signed.visit.language)), None => (texts.good_at_once()) } }
                }
                @if let Some(offered) = it.offered {
                    dt { (texts.by_offer()) }
                    dd.id { a href=(format!("/offers/{}", offered.offer)) { (offered.offer) } }
                }
                dt { (texts.order_number()) } dd.id { (it.id) }
            }
        }
    }
}
