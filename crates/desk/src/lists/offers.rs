//! Offers, and requests to sales.

use super::accounts::currency;
use crate::page::{self, Page, Part};
use crate::{At, Refusal};
use billing::offer::State;
use billing::sales;
use store::offers::{self, OfferFilter};
use store::sales::{self as rows, RequestFilter};
use store::{StoreError, Tx};
use units::{AccountId, OfferId, SalesRequestId};

pub use billing::offer::Offer;
pub use billing::sales::Request;

/// Which offers.
#[derive(Clone, Copy, Debug, Default)]
pub struct Filter {
    /// To whom; `None` for all.
    pub account: Option<AccountId>,
    pub state: Option<State>,
}

/// Offers, the newest first.
pub fn page(tx: &mut Tx<'_>, at: At<'_>, of: Filter, part: &Part) -> Result<Page<Offer>, Refusal> {
    of.account.map(|it| currency(tx, it)).transpose()?;
    let before = part.before(|id| page::there(offers::find(tx, id)))?;
    let state = of.state.map_or("", State::as_str);
    let filter = OfferFilter { account: of.account, state, now: at.now, before: &before };
    let found = offers::page(tx, &filter, part.reach())?;
    Ok(Page::of(found, part, |it| it.id.to_string()))
}

/// One offer: to an account, or to anybody for the operator. Errors: `NotFound`.
pub fn one(tx: &mut Tx<'_>, account: Option<AccountId>, id: OfferId) -> Result<Offer, Refusal> {
    let found = offers::find(tx, id)?;
    match account.is_none_or(|it| it == found.account) {
        true => Ok(found),
        false => Err(StoreError::NotFound(format!("offer {id}")).into()),
    }
}

/// Which requests.
#[derive(Clone, Copy, Debug, Default)]
pub struct RequestsFilter {
    /// Whose; `None` for all.
    pub account: Option<AccountId>,
    pub state: Option<sales::State>,
}

/// Requests to sales, the newest first.
pub fn requests(tx: &mut Tx<'_>, of: RequestsFilter, part: &Part) -> Result<Page<Request>, Refusal> {
    of.account.map(|it| currency(tx, it)).transpose()?;
    let before = part.before(|id| page::there(rows::find(tx, id)))?;
    let state = of.state.map_or("", sales::State::as_str);
    let filter = RequestFilter { account: of.account, state, before: &before };
    let found = rows::page(tx, &filter, part.reach())?;
    Ok(Page::of(found, part, |it| it.id.to_string()))
}

/// One request: of an account, or anybody's for the operator. Errors: `NotFound`.
pub fn request(tx: &mut Tx<'_>, account: Option<AccountId>, id: SalesRequestId) -> Result<Request, Refusal> {
    let found = rows::find(tx, id)?;
    match account.is_none_or(|it| it == found.account) {
        true => Ok(found),
        false => Err(StoreError::NotFound(format!("request {id}")).into()),
    }
}
