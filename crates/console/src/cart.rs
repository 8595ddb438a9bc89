//! The cart: what was chosen and is not bought yet, with what it costs now; all of it is paid together.
//!
//! In:  items, how many, the sums that were seen. Out: the cart with its sum; orders, or why not, beside the item at fault.
//! Invariant: nothing is bought but at the sums that were shown; a form that is sent twice buys once; the cart outlives the session.

use crate::cart_shown as shown;
use crate::fields::Fields;
use crate::parts::{self, Wrong};
use crate::posted::Posted;
use crate::signed::{Signed, whose};
use crate::state::Console;
use crate::visit::see_other;
use crate::voucher_choice::{self, Picked};
use crate::wish::{Sent, settled};
use crate::{choice, frame, lost};
use axum::Router;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use billing::order::Action;
use billing::quote::Quote;
use billing::user::Right;
use desk::cart::{self, Agreed, Count, Kept, Owner, Put};
use desk::vouchers::Proposal;
use desk::{At, Refusal, Tx};
use web::problem::Problem;

pub(crate) fn routes() -> Router<Console> {
    Router::new()
        .route("/cart", get(show).post(put))
        .route("/cart/count", post(count))
        .route("/cart/remove", post(remove))
        .route("/cart/pay", post(pay))
}

/// Whose cart it is: that of whoever is signed in, in the account in whose pages they are.
fn owner(signed: &Signed) -> Result<Owner, Response> {
    Ok(Owner { account: whose(signed)?, user: signed.who.user.id })
}

async fn show(signed: Signed) -> Result<Response, Response> {
    page(&signed, None).await
}

/// The item at fault, counted from 0, where a refusal is about one.
fn at_fault(problem: &Problem) -> Option<usize> {
    let field = problem.field.as_deref()?.strip_prefix("items[")?;
    field.split_once(']')?.0.parse().ok()
}

/// What is in a cart, and what vouchers would pay of it; `None` where it is empty or something of it cannot be had.
fn read(tx: &mut Tx<'_>, at: At<'_>, owner: Owner) -> Result<(Vec<Kept>, Option<Proposal>), Refusal> {
    let items = cart::all(tx, at, owner)?;
    let quotes: Vec<&Quote> = items.iter().filter_map(|it| it.quote.as_ref().ok()).collect();
    let by_vouchers = match quotes.is_empty() || quotes.len() < items.len() {
        true => None,
        false => Some(voucher_choice::proposed(tx, at, owner.account, (&quotes, Action::New))?),
    };
    Ok((items, by_vouchers))
}

async fn page(signed: &Signed, wrong: Option<&Problem>) -> Result<Response, Response> {
    frame::needs(signed, Right::Buy)?;
    let owner = owner(signed)?;
    let (items, by_vouchers) = signed.read(move |tx, at| read(tx, at, owner)).await?;
    let texts = signed.visit.texts();
    let told = wrong.map(|it| shown::Told {
        item: at_fault(it),
        // Of another price the difference too.
        wrong: parts::changed(&signed.visit, it)
            .map_or_else(|| Wrong::of(it, &signed.visit).among(&[]), Wrong::said),
        is_price: it.code.as_str() == "price_changed",
    });
    let body =
        shown::cart(signed, shown::Full { items: &items, by_vouchers: by_vouchers.as_ref() }, told.as_ref());
    let buy = texts.buy();
    let (title, sub) = (texts.cart(), texts.nothing_bought_yet());
    let page = frame::Page { title: &title, sub: &sub, above: &[("/buy", &buy)], body: &body };
    Ok(frame::page(signed, wrong.map_or(StatusCode::OK, |it| it.status), &page))
}

/// Puts what was chosen into the cart, or in the place of an item of it.
async fn put(Posted { who: signed, form }: Posted<Signed>) -> Result<Response, Response> {
    frame::needs(&signed, Right::Buy)?;
    let owner = owner(&signed)?;
    done(&signed, chosen(&signed, owner, &form).await).await
}

async fn chosen(signed: &Signed, owner: Owner, form: &Fields) -> Result<String, Problem> {
    let sent = Sent::of(form)?;
    let (product, id) = (form.text("product").to_string(), form.once().to_string());
    let currency = signed.currency()?;
    let work = move |tx: &mut Tx<'_>, at: At<'_>| {
        let item = settled(at, currency, &product, &sent)?.exactly()?;
        match &sent.cart {
            Some(kept) => cart::replace(tx, at, owner, Put { id: kept, item: &item })?,
            None => cart::put(tx, at, owner, Put { id: &id, item: &item })?,
        }
        Ok("/cart".to_string())
    };
    signed.once(form, work).await
}

async fn count(Posted { who: signed, form }: Posted<Signed>) -> Result<Response, Response> {
    frame::needs(&signed, Right::Buy)?;
    let owner = owner(&signed)?;
    done(&signed, counted(&signed, owner, &form).await).await
}

async fn counted(signed: &Signed, owner: Owner, form: &Fields) -> Result<String, Problem> {
    let (id, quantity) = (form.text("item").to_string(), choice::needed(form, "quantity")?);
    let work = move |tx: &mut Tx<'_>, at: At<'_>| {
        cart::count(tx, at, owner, Count { id: &id, quantity })?;
        Ok("/cart".to_string())
    };
    signed.once(form, work).await
}

async fn remove(Posted { who: signed, form }: Posted<Signed>) -> Result<Response, Response> {
    frame::needs(&signed, Right::Buy)?;
    let owner = owner(&signed)?;
    let id = form.text("item").to_string();
    let work = move |tx: &mut Tx<'_>, _: At<'_>| {
        cart::take_out(tx, owner, &id)?;
        Ok("/cart".to_string())
    };
    done(&signed, signed.once(&form, work).await).await
}

/// Buys all that is in the cart, at the sums that the page showed.
async fn pay(Posted { who: signed, form }: Posted<Signed>) -> Result<Response, Response> {
    frame::needs(&signed, Right::Buy)?;
    let owner = owner(&signed)?;
    done(&signed, paid(&signed, owner, &form).await).await
}

/// The sums that a page showed, by item, in minor units. Errors: one that is no sum.
fn shown_sums(form: &Fields) -> Result<Vec<(String, i64)>, Problem> {
    let shown = form.pairs().filter_map(|it| Some((it.0, it.0.strip_prefix("q.")?)));
    shown.map(|(name, id)| Ok((id.to_string(), choice::needed(form, name)?))).collect()
}

async fn paid(signed: &Signed, owner: Owner, form: &Fields) -> Result<String, Problem> {
    let (token, sums) = (form.once().to_string(), shown_sums(form)?);
    let picked = Picked::read(form)?;
    let work = move |tx: &mut Tx<'_>, at: At<'_>| {
        let orders =
            cart::buy(tx, at, owner, Agreed { token: &token, sums: &sums, vouchers: picked.choice() })?;
        Ok(match orders.as_slice() {
            [one] => format!("/orders/{}", one.id),
            _ => "/orders".to_string(),
        })
    };
    signed.once(form, work).await
}

/// Goes on where a deed leads, or shows the cart with what was refused.
async fn done(signed: &Signed, done: Result<String, Problem>) -> Result<Response, Response> {
    match done {
        Ok(to) => Ok(see_other(&to)),
        Err(problem) if problem.status == StatusCode::INTERNAL_SERVER_ERROR => {
            Err(lost::failed(&signed.visit, &problem))
        }
        Err(problem) => page(signed, Some(&problem)).await,
    }
}
