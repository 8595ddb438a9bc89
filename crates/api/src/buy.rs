//! Purchases of several accounts in one transaction: the work behind `POST /v1/orders`.
//!
//! In:  calls that wait. Out: each gets its orders, its refusal, or the answer that it got before.
//! Invariant: a purchase that is refused leaves nothing behind; one whose wallet is held elsewhere holds up no other;
//! when a transaction fails as a whole, each purchase is tried alone.

use super::items::desk_items;
use super::purchase::{OrdersBody, PurchaseCall, PurchaseView};
use super::state::Purchases;
use super::voucher_body::{Chooses, VouchersBody};
use axum::response::{IntoResponse, Response};
use desk::orders::Item;
use desk::purchases::{self, Purchase};
use desk::{At, Cause, Patience, Refusal, Tx, lists};
use std::collections::BTreeMap;
use std::sync::Arc;
use units::AccountId;
use web::Node;
use web::call::{Call, Given, Reply, hidden};
use web::caller::Buyer;
use web::lane;
use web::location::below;
use web::once::{answers, note};
use web::problem::Problem;

type Waiting = lane::Waiting<PurchaseCall, Result<Given, Refusal>>;

/// Makes a purchase, together with those that wait beside it.
pub(super) async fn buy(
    node: &Node,
    lane: &Arc<Purchases>,
    call: Call<Buyer, OrdersBody>,
) -> Result<Response, Problem> {
    let (account, token) = (call.who.account, call.token_or(&web::random::fresh("purchase")));
    let given = lane::ask(node, lane, lane::Asking::one(account, PurchaseCall { call, token }), made).await;
    node.stir();
    given?.map(IntoResponse::into_response).map_err(|refusal| node.problem(refusal))
}

/// Makes the purchases of those whose wallet is free; each of the others comes again, alone.
fn made(node: &Node, next: Vec<Waiting>) {
    let (desk, traces) = (node.desk(), traces(&next));
    let done = node.store().write(|tx| {
        let now = node.now_to_write(tx)?;
        together(tx, desk.at(now).because(Cause::Requests(&traces)), (&next, Patience::Skip))
    });
    match done {
        Ok(done) => next.into_iter().zip(done).for_each(|(it, given)| match given {
            Err(refusal) if refusal.is_stale() => alone(node, it),
            given => answer(node, it, given),
        }),
        Err(_) => next.into_iter().for_each(|it| alone(node, it)),
    }
}

/// The traces of those who wait: no account waits twice.
fn traces(next: &[Waiting]) -> BTreeMap<AccountId, String> {
    next.iter().filter_map(|it| Some((it.account(), it.call.call.trace()?.to_string()))).collect()
}

fn answer(node: &Node, it: Waiting, given: Result<Given, Refusal>) {
    let given = given.or_else(|refusal| node.meanwhile(&it.call.call, refusal));
    it.answer(given);
}

/// Makes a purchase by itself and waits for what others hold, without holding up those that come after it.
fn alone(node: &Node, it: Waiting) {
    let node = node.clone();
    tokio::runtime::Handle::current().spawn(async move {
        let done = node.blocking(move |node| {
            let (desk, one) = (node.desk(), [it]);
            let traces = traces(&one);
            let done = node.store().write(|tx| {
                let now = node.now_to_write(tx)?;
                together(tx, desk.at(now).because(Cause::Requests(&traces)), (&one, Patience::Wait))
            });
            let given = done.and_then(|it| it.into_iter().next().unwrap_or_else(|| Err(hidden("purchase"))));
            let [it] = one;
            answer(node, it, given);
            Ok(())
        });
        // When it breaks off, whoever waits for an answer learns it by the loss of it.
        let _ = done.await;
    });
}

/// What each of the calls gets. The purchases, their notes in the audit log and their answers are one transaction.
fn together(
    tx: &mut Tx<'_>,
    at: At<'_>,
    (next, patience): (&[Waiting], Patience),
) -> Result<Vec<Result<Given, Refusal>>, Refusal> {
    let before = answers(tx, next.iter().filter_map(|it| it.call.call.answer_key()))?;
    let accounts = next.iter().map(|it| it.call.call.who.account).collect();
    let currencies = lists::accounts::currencies(tx, at, &accounts)?;
    let read = |it: &Waiting| -> Result<(Vec<Item>, Chooses), Refusal> {
        let (account, body) = (it.call.call.who.account, &it.call.call.body);
        let missing = || Refusal::missing(format!("account {account}"));
        let currency = *currencies.get(&account).ok_or_else(missing)?;
        Ok((desk_items(&body.items, currency)?, VouchersBody::read(body.vouchers.as_ref())?))
    };
    let asked: Vec<Asked> =
        next.iter()
            .map(|it| match it.call.call.answer_among(&before) {
                Ok(Some(given)) => Asked::Answered(Ok(given)),
                Ok(None) => read(it)
                    .map_or_else(|refusal| Asked::Answered(Err(refusal)), |it| Asked::Items(it.0, it.1)),
                Err(refusal) => Asked::Answered(Err(refusal)),
            })
            .collect();
    let open = next.iter().zip(&asked).filter_map(|(it, asked)| match asked {
        Asked::Items(items, chooses) => {
            let (account, pay) = (it.call.call.who.account, it.call.call.body.means());
            Some(Purchase { account, token: &it.call.token, items, pay, vouchers: chooses.choice() })
        }
        Asked::Answered(_) => None,
    });
    let mut bought = purchases::buy(tx, at, &open.collect::<Vec<_>>(), patience)?.into_iter();

    let (mut given, mut notes, mut kept) = (Vec::new(), Vec::new(), Vec::new());
    for (it, asked) in next.iter().zip(asked) {
        given.push(match asked {
            Asked::Answered(answer) => answer,
            Asked::Items(..) => match bought.next().unwrap_or_else(|| Err(hidden("purchase"))) {
                Ok(orders) => {
                    let first = orders.first().ok_or_else(|| hidden("order of a purchase"))?;
                    let place = below("/v1/orders", &first.id.to_string());
                    let view = PurchaseView::new(&orders, first.currency()).map_err(Refusal::from)?;
                    let reply = Reply::created(place, view);
                    let (answer, keep) = it.call.call.given(reply)?;
                    notes.push(it.call.call.note());
                    kept.extend(keep);
                    Ok(answer)
                }
                Err(refusal) => Err(refusal),
            },
        });
    }
    note(tx, &notes, &kept, at.now)?;
    Ok(given)
}

/// What there is to do for a call.
enum Asked {
    /// Nothing: it was answered before, or asks for what cannot be.
    Answered(Result<Given, Refusal>),
    Items(Vec<Item>, Chooses),
}
