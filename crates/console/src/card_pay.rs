//! Paying a purchase by balance or card, and the payment as it goes on.
//!
//! In:  an order, a card, by what it is paid. Out: a payment, followed until it goes no further.
//! Invariant: what is paid is the whole purchase at the price of its orders; a form that is sent twice pays once; whoever is asked for
//! a proof leaves by a link.

use crate::fields::Fields;
use crate::outdated::Outdated;
use crate::parts::{self, Wrong};
use crate::posted::Posted;
use crate::signed::{Signed, whose};
use crate::state::Console;
use crate::visit::see_other;
use crate::voucher_choice::{self, Picked};
use crate::{
    card_words, cards as card_page, choice, frame, gateway_page, lost, ordered, orders as orders_page,
    refund_cards, short, show,
};
use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use billing::card_refund::CardRefund;
use billing::order::{Order, State as OrderState};
use billing::payment::split::Means;
use billing::payment::{CardError, Payment, State};
use billing::user::Right;
use billing::voucher::choose::Choice;
use desk::card_payments::{self, Begun, New};
use desk::card_refunds;
use desk::cards::{self, Card};
use desk::lists::orders as order_list;
use desk::vouchers::{self, Chosen};
use desk::{At, Refusal, Tx, orders};
use maud::{Markup, html};
use units::{AccountId, Money, OrderId, PaymentId};
use web::gateway;
use web::problem::Problem;

pub(crate) fn routes() -> Router<Console> {
    Router::new()
        .route("/orders/{order}/pay", get(choose).post(pay))
        .route("/orders/{order}/vouchers", post(with_vouchers))
        .route("/payments/{payment}", get(payment))
        .route("/payments/{payment}/proof", get(proof))
        .route("/payments/{payment}/cancel", post(cancel))
}

/// A purchase that is to be paid.
struct Due {
    orders: Vec<Order>,
    /// What vouchers do not pay of them.
    total: Money,
    by_vouchers: Money,
    /// What the balance holds while it runs, beside what is paid.
    held: Money,
    cards: Vec<Card>,
}

fn due(tx: &mut Tx<'_>, account: AccountId, id: OrderId) -> Result<Due, Refusal> {
    let orders = order_list::together(tx, account, id)?;
    let first = orders.first().ok_or_else(|| Refusal::missing(format!("order {id}")))?;
    let dues = orders.iter().map(Order::due).collect::<Result<Vec<_>, _>>()?;
    let total = Money::sum(dues, first.currency())?;
    let by_vouchers = Money::sum(orders.iter().map(|it| it.total), first.currency())?.checked_sub(total)?;
    let holds = orders.iter().map(Order::freezes).collect::<Result<Vec<_>, _>>()?;
    let held = Money::sum(holds, first.currency())?;
    Ok(Due { total, by_vouchers, held, cards: cards::list(tx, account)?, orders })
}

async fn choose(signed: Signed, Path(order): Path<String>) -> Result<Response, Response> {
    let chosen = choice::asked(&signed, "means", &Means::ALL, Means::as_str)?;
    page(&signed, &order, chosen.map_or("", Means::as_str), None).await
}

async fn page(
    signed: &Signed,
    order: &str,
    chosen: &str,
    wrong: Option<&Problem>,
) -> Result<Response, Response> {
    frame::needs(signed, Right::Buy)?;
    let account = whose(signed)?;
    let Ok(id) = order.parse::<OrderId>() else { return Ok(lost::nowhere(signed.visit.clone()).await) };
    let read = move |tx: &mut Tx<'_>, at: At<'_>| {
        let found = due(tx, account, id)?;
        let token = found.orders.first().map_or_else(String::new, |it| it.group.clone());
        let chosen = Chosen { account, token: &token, choice: Choice::Automatic };
        let outdated = Outdated::of(at, &found.orders);
        Ok((vouchers::quote_orders(tx, at, chosen)?, found, outdated))
    };
    let (proposal, found, outdated) = signed.read(read).await?;
    let address = format!("/orders/{id}");
    if found.orders.iter().any(|it| it.state != OrderState::Unpaid) {
        let is_invalid = found.orders.iter().all(|it| it.state == OrderState::Invalid);
        let why = wrong.filter(|_| is_invalid);
        return Ok(why.map_or_else(|| see_other(&address), |why| outdated.page(signed, &found.orders, why)));
    }
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    let told = wrong.map(|it| Wrong::of(it, visit));
    let ways = ways(signed, &found);
    let can_be_paid = outdated.why.is_none() && ways.iter().any(|it| it.can);
    let body = html! {
        (parts::errors(visit, told.as_ref()))
        (outdated.banner(signed, &found.orders))
        (waiting(signed, &found.orders))
        (voucher_choice::form(signed, &proposal, found.by_vouchers, &format!("{address}/vouchers")))
        @if found.by_vouchers.is_positive() { dl.pairs { dt { (texts.from_vouchers()) } dd.n { (said(signed, found.by_vouchers)) } } }
        @if let Some(sums) = short_of(signed, &found) { (short::missing(signed, sums, found.held)) }
        form.narrow method="post" action=(format!("{address}/pay")) {
            (parts::hidden(visit))
            (means(signed, &ways, chosen))
            @if signed.takes_cards() {
                @if !found.held.is_zero() { p.hint { (texts.card_not_for_holds(said(signed, found.held))) } }
                @else { p { a href="/cards/new" { (texts.add_card()) } } }
            }
            div.field { button.btn.main disabled[!can_be_paid] { (texts.pay(said(signed, found.total))) } }
            p.hint { @if may_be_by_card(signed, &found) { (texts.card_held_hint()) " " } (texts.pay_within_a_day()) }
        }
    };
    let of = found.orders.first().map_or_else(|| texts.order(), |it| orders_page::title(signed, it));
    let (title, orders) = (texts.pay_order(), texts.orders());
    let above = [("/orders", orders.as_str()), (address.as_str(), of.as_str())];
    let page = frame::Page { title: &title, sub: "", above: &above, body: &body };
    Ok(frame::page(signed, wrong.map_or(StatusCode::OK, |it| it.status), &page))
}

/// What was ordered, and until when it is to be paid.
fn waiting(signed: &Signed, orders: &[Order]) -> Markup {
    let texts = signed.visit.texts();
    let until = orders.iter().map(|it| it.expires).min();
    html! {
        @if let Some(until) = until { p role="status" { (texts.to_be_paid_until(signed.visit.exact_time(until))) } }
        @for it in orders {
            section {
                h2 { (it.pieces.len()) " × " (signed.product(&it.product)) " · " (show::money(it.total)) " " (signed.unit()) }
                (ordered::configuration(signed, it))
            }
        }
    }
}

/// A way to pay: what it is called, what it would take from where, and whether it can be chosen.
struct Way<'a> {
    means: Means,
    /// The card that would pay; `None` for the balance alone, and where there is no card yet.
    card: Option<&'a Card>,
    hint: String,
    can: bool,
}

impl Way<'_> {
    /// What the form says for it: by what, and by which card.
    fn value(&self) -> String {
        match self.card {
            Some(card) => format!("{} {}", self.means.as_str(), card.id),
            None => self.means.as_str().to_string(),
        }
    }

    fn name(&self, signed: &Signed) -> String {
        let texts = signed.visit.texts();
        let name = match self.means {
            Means::Balance => texts.by_balance(),
            Means::Card => texts.by_card(),
            Means::BalanceThenCard => texts.by_both(),
        };
        match self.card {
            Some(card) => format!("{name} · {}", card_words::card(card)),
            None => name,
        }
    }
}

fn available(signed: &Signed, due: &Due) -> Money {
    signed.customer.as_ref().map_or(Money::zero(due.total.currency()), |it| it.wallet.available())
}

/// What is there of the balance and what is missing for what is paid and held, where it does not suffice.
fn short_of(signed: &Signed, due: &Due) -> Option<[Money; 2]> {
    let available = available(signed, due);
    let needed = due.total.checked_add(due.held).ok()?;
    let missing = needed.checked_sub(available).ok().filter(|it| it.is_positive())?;
    Some([available, missing])
}

fn said(signed: &Signed, it: Money) -> String {
    format!("{} {}", show::money(it), signed.unit())
}

/// Whether cards are taken here, and for this.
fn may_be_by_card(signed: &Signed, due: &Due) -> bool {
    signed.takes_cards() && due.held.is_zero()
}

/// By what it may be paid: what would be of the balance, and what of the card. What holds money while it runs, no card pays.
fn ways<'a>(signed: &Signed, due: &'a Due) -> Vec<Way<'a>> {
    let (texts, available) = (signed.visit.texts(), available(signed, due));
    // What money does not pay the card does, before credit.
    let money = signed.customer.as_ref().map_or(available, |it| it.wallet.own());
    let by_card = may_be_by_card(signed, due);
    let with_card = by_card && !due.cards.is_empty();
    let said = |it: Money| said(signed, it);
    let offered = Means::ALL.into_iter().filter(|it| by_card || *it == Means::Balance);
    let options = offered.filter_map(|it| {
        let card = card_payments::part(&due.orders, money, it).ok()?;
        let own = due.total.checked_sub(card).ok()?;
        let enough = own.checked_add(due.held).ok()?.checked_cmp(available).is_ok_and(|it| it.is_le());
        let refused = card_payments::charges(card).err().filter(|_| card.is_positive());
        let charged = with_card && enough && refused.is_none() && card.is_positive();
        let can = match it {
            Means::Balance => enough,
            Means::Card => charged,
            Means::BalanceThenCard => charged && own.is_positive(),
        };
        let hint = match (it, refused) {
            (Means::Balance, _) => texts.balance_is(said(available)),
            (Means::Card | Means::BalanceThenCard, Some(CardError::Minimum { least, .. })) => {
                texts.card_pays_at_least(said(card), said(least))
            }
            (Means::Card, _) if own.is_zero() => texts.card_pays(said(card)),
            (Means::Card | Means::BalanceThenCard, _) => texts.both_pay(said(own), said(card)),
        };
        let of = |card| Way { means: it, card, hint: hint.clone(), can };
        Some(match it {
            Means::Card | Means::BalanceThenCard if can => {
                due.cards.iter().map(|card| of(Some(card))).collect()
            }
            Means::Balance | Means::Card | Means::BalanceThenCard => vec![of(None)],
        })
    });
    options.flatten().collect()
}

/// One choice of all ways, so that nothing is paid by another than was chosen. `chosen` is a way, or by what it is to be paid.
fn means(signed: &Signed, ways: &[Way<'_>], chosen: &str) -> Markup {
    let texts = signed.visit.texts();
    let can = |it: &&Way<'_>| it.can;
    let same = ways.iter().filter(can).find(|it| it.value() == chosen);
    let first = same.or_else(|| ways.iter().filter(can).find(|it| it.means.as_str() == chosen));
    let first = first.or_else(|| ways.iter().find(can)).map(Way::value);
    html! {
        fieldset.field {
            legend.label { (texts.pay_with()) }
            div.picks.one role="radiogroup" aria-label=(texts.pay_with()) {
                @for it in ways {
                    @let value = it.value();
                    label {
                        input type="radio" name="means" value=(value) disabled[!it.can] checked[it.can && first.as_ref() == Some(&value)];
                        span.card { b { (it.name(signed)) } span.hint { (it.hint) } }
                    }
                }
            }
        }
    }
}

/// Chooses vouchers for a purchase that waits for its payment, in place of those that it holds.
async fn with_vouchers(
    Path(order): Path<String>,
    Posted { who: signed, form }: Posted<Signed>,
) -> Result<Response, Response> {
    frame::needs(&signed, Right::Buy)?;
    let account = whose(&signed)?;
    let Ok(id) = order.parse::<OrderId>() else { return Ok(lost::nowhere(signed.visit).await) };
    let picked = match Picked::read(&form) {
        Ok(picked) => picked,
        Err(refusal) => return page(&signed, &order, "", Some(&refusal.into())).await,
    };
    let work = move |tx: &mut Tx<'_>, at: At<'_>| {
        let token = order_list::one(tx, account, id)?.group;
        vouchers::choose(tx, at, Chosen { account, token: &token, choice: picked.choice() })?;
        Ok(format!("/orders/{id}/pay"))
    };
    match signed.once(&form, work).await {
        Ok(to) => Ok(see_other(&to)),
        Err(problem) => page(&signed, &order, "", Some(&problem)).await,
    }
}

async fn pay(
    Path(order): Path<String>,
    Posted { who: signed, form }: Posted<Signed>,
) -> Result<Response, Response> {
    frame::needs(&signed, Right::Buy)?;
    let account = whose(&signed)?;
    let wanted = order.parse::<OrderId>().into_iter().collect();
    let payment = paid(&signed, account, &order, &form);
    match signed.visit.node.pay_or_end(account, wanted, payment).await {
        Ok(to) => Ok(see_other(&to)),
        Err(problem) => page(&signed, &order, form.text("means"), Some(&problem)).await,
    }
}

async fn paid(signed: &Signed, account: AccountId, order: &str, form: &Fields) -> Result<String, Problem> {
    let id: OrderId = order.parse().map_err(|_| Problem::from(Refusal::missing("such order")))?;
    let chosen = form.text("means");
    let (means, card) = chosen.split_once(' ').map_or((chosen, None), |(means, card)| (means, Some(card)));
    let means = choice::of("means", means, &Means::ALL, Means::as_str)?;
    let card = match means {
        Means::Balance => None,
        Means::Card | Means::BalanceThenCard => Some(card_page::named(card.unwrap_or_default())?),
    };
    let token = form.once().to_string();
    let work = move |tx: &mut Tx<'_>, at: At<'_>| {
        let batch = order_list::together(tx, account, id)?;
        let ids: Vec<OrderId> = batch.iter().map(|it| it.id).collect();
        let group = batch.first().map_or("", |it| it.group.as_str());
        let Some(card) = card else {
            orders::pay(tx, at, orders::Payment { account, token: group, orders: &ids })?;
            return Ok(format!("/orders/{id}"));
        };
        let new = New { account, group, orders: &ids, card, means, token: &token };
        match card_payments::begin(tx, at, new)? {
            Begun::Paid(_) => Ok(format!("/orders/{id}")),
            Begun::Asked(payment) => Ok(format!("/payments/{}", payment.id)),
        }
    };
    signed.once(form, work).await
}

/// A payment, the card that pays, the first order that it pays for, and what goes back to the card.
struct Found {
    payment: Payment,
    card: Card,
    order: Option<Order>,
    back: Vec<CardRefund>,
}

async fn found(signed: &Signed, payment: &str) -> Result<Found, Response> {
    let account = whose(signed)?;
    let Ok(id) = payment.parse::<PaymentId>() else { return Err(lost::nowhere(signed.visit.clone()).await) };
    let read = move |tx: &mut Tx<'_>, _: At<'_>| {
        let payment = card_payments::one(tx, account, id)?;
        let first = order_list::first_of(tx, account, &payment.group)?;
        let order = first.map(|it| order_list::one(tx, account, it)).transpose()?;
        let back = card_refunds::of_payment(tx, account, id)?;
        Ok(Found { card: cards::one(tx, account, payment.card)?, payment, order, back })
    };
    signed.read(read).await
}

async fn payment(signed: Signed, Path(payment): Path<String>) -> Result<Response, Response> {
    let found = found(&signed, &payment).await?;
    let (payment, body) = (&found.payment, standing(&signed, &found));
    if signed.visit.part.as_deref() == Some("payment") {
        return Ok(Html(body.into_string()).into_response());
    }
    let texts = signed.visit.texts();
    let (title, cards, sub) = (texts.card_payment(), texts.cards(), card_words::kind(texts, payment.kind));
    let page = frame::Page { title: &title, sub: &sub, above: &[("/cards", &cards)], body: &body };
    Ok(frame::page(&signed, StatusCode::OK, &page))
}

/// How a payment stands; while it goes on the page asks again by itself.
fn standing(signed: &Signed, of: &Found) -> Markup {
    let (it, order) = (&of.payment, of.order.as_ref());
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    let going = card_words::is_under_way(it.state);
    let refused = matches!(it.state, State::Declined | State::Failed);
    let may_pay = signed.may(Right::Buy);
    let is_open = |it: &Order| it.state == OrderState::Unpaid && !going && may_pay;
    let stands = card_words::stands(texts, it);
    html! {
        div id="payment" data-poll=[going.then_some("3")] {
            section aria-labelledby="h-pay" {
                div.sect {
                    h2 id="h-pay" { (stands) }
                    @if going { p.byjs { (texts.renews_itself()) } a.more.nojs href=(visit.path()) { (texts.refresh()) } }
                }
                p.sr data-say { (stands) }
                @if let Some(reason) = it.reason.as_deref().filter(|_| refused) {
                    div.banner.care role="alert" { p { (card_words::decline(texts, reason)) } }
                }
                @if it.state == State::Challenged {
                    p { (texts.card_challenged_hint()) }
                    @if may_pay { p.acts { a.btn.main href=(format!("/payments/{}/proof", it.id)) { (texts.prove_card()) } } }
                }
                @if may_pay && matches!(it.state, State::Created | State::Challenged) {
                    form method="post" action=(format!("/payments/{}/cancel", it.id)) {
                        (parts::hidden(visit)) button.btn { (texts.give_up_payment()) }
                    }
                }
                dl.pairs.ruled {
                    @if let Some(order) = order {
                        dt { (texts.what()) } dd { a href=(format!("/orders/{}", order.id)) { (orders_page::title(signed, order)) } }
                    }
                    dt { (texts.by_card()) } dd { (card_words::card(&of.card)) }
                    dt { (texts.at()) } dd { (visit.exact_time(it.created)) }
                    dt { (texts.amount(signed.unit())) } dd { (show::money(it.money)) }
                    @if it.taken.is_positive() { dt { (texts.card_taken()) } dd { (show::money(it.taken)) } }
                    @if it.refunded.is_positive() { dt { (texts.card_refunded()) } dd { (show::money(it.refunded)) } }
                    dt { (texts.number()) } dd.id { (it.id) }
                }
                (refund_cards::of_payment(signed, &of.back))
                p.acts {
                    @match order {
                        Some(order) => {
                            @if is_open(order) { a.btn.main href=(format!("/orders/{}/pay", order.id)) { (texts.pay_otherwise()) } }
                            a.btn href=(format!("/orders/{}", order.id)) { (texts.order()) }
                        }
                        None => a.btn href="/movements" { (texts.movements()) },
                    }
                }
            }
        }
    }
}

/// The page on which the gateway asks a card's holder for a proof.
async fn proof(signed: Signed, Path(payment): Path<String>) -> Result<Response, Response> {
    frame::needs(&signed, Right::Buy)?;
    let Found { payment, .. } = found(&signed, &payment).await?;
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    let back = format!("/payments/{}", payment.id);
    let asked = gateway::challenge(&visit.node, &payment).await;
    let Some((secret, gateway)) = asked.map_err(|problem| lost::failed(visit, &problem))? else {
        return Ok(see_other(&back));
    };
    let known = gateway.account();
    let body = html! {
        (gateway_page::said())
        div.narrow data-gateway=(known.publishable) data-secret=(secret) data-back=(back) data-away=(texts.gateway_away()) {
            p { (texts.card_challenged_hint()) }
            p.acts { button.btn.main type="button" hidden { (texts.prove_card()) } a.btn href=(back) { (texts.back_to(texts.card_payment())) } }
        }
    };
    let (title, cards) = (texts.prove_card(), texts.cards());
    let page = frame::Page { title: &title, sub: "", above: &[("/cards", &cards)], body: &body };
    Ok(gateway_page::page(&signed, known, &page))
}

async fn cancel(
    Path(payment): Path<String>,
    Posted { who: signed, form }: Posted<Signed>,
) -> Result<Response, Response> {
    frame::needs(&signed, Right::Buy)?;
    let account = whose(&signed)?;
    let Ok(id) = payment.parse::<PaymentId>() else { return Ok(lost::nowhere(signed.visit).await) };
    let work = move |tx: &mut Tx<'_>, at: At<'_>| {
        card_payments::give_up(tx, at, account, id)?;
        Ok(format!("/payments/{id}"))
    };
    match signed.once(&form, work).await {
        Ok(to) => Ok(see_other(&to)),
        // It went on meanwhile: its page says how.
        Err(problem) if problem.code == desk::Code::PaymentStateRefused.into() => {
            Ok(see_other(&format!("/payments/{id}")))
        }
        Err(problem) => Err(lost::failed(&signed.visit, &problem)),
    }
}
