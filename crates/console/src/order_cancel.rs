//! Cancelling an order that waits for its payment.
//!
//! In:  an order. Out: a button that asks first; the order as it stands then.
//! Invariant: what one purchase placed together is cancelled together, and nothing is paid for it.

use crate::parts::{self, Sure};
use crate::posted::Posted;
use crate::signed::{Signed, whose};
use crate::state::Console;
use crate::visit::see_other;
use crate::{frame, lost};
use axum::Router;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::post;
use billing::order::Order;
use billing::user::Right;
use desk::lists::orders as order_list;
use desk::{At, Tx, orders};
use maud::Markup;
use units::OrderId;

pub(crate) fn routes() -> Router<Console> {
    Router::new().route("/orders/{order}/cancel", post(cancel))
}

/// The button that cancels an order, once it is asked.
pub(crate) fn button(signed: &Signed, it: &Order) -> Markup {
    let texts = signed.visit.texts();
    parts::sure(
        &signed.visit,
        &Sure {
            id: "cancel-order",
            action: &format!("/orders/{}/cancel", it.id),
            title: texts.cancel_this_order(),
            hint: texts.cancel_order_hint(),
            label: texts.cancel_order(),
        },
    )
}

async fn cancel(
    Path(order): Path<String>,
    Posted { who: signed, form }: Posted<Signed>,
) -> Result<Response, Response> {
    frame::needs(&signed, Right::Buy)?;
    let account = whose(&signed)?;
    let id: OrderId = signed.id(&order).await?;
    let work = move |tx: &mut Tx<'_>, at: At<'_>| {
        let token = order_list::purchase(tx, account, id)?;
        orders::cancel(tx, at, account, &token)?;
        Ok(format!("/orders/{id}"))
    };
    match signed.once(&form, work).await {
        Ok(to) => Ok(see_other(&to)),
        // It was paid or ended meanwhile: its page says how it stands.
        Err(problem) if problem.code == desk::Code::OrderStateRefused.into() => {
            Ok(see_other(&format!("/orders/{id}")))
        }
        Err(problem) => Err(lost::failed(&signed.visit, &problem)),
    }
}
