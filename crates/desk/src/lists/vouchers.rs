//! Vouchers, what they were used for, and promotion codes.

use super::accounts::currency;
use crate::page::{self, Page, Part};
use crate::{At, Refusal};
use billing::voucher::State;
use std::collections::{BTreeMap, BTreeSet};
use store::vouchers::{self, VoucherFilter};
use store::{StoreError, Tx, promotions};
use units::{AccountId, OrderId, PromotionId, VoucherId};

pub use billing::voucher::Voucher;
pub use billing::voucher::code::Code;
pub use billing::voucher::hold::Part as VoucherPart;
pub use store::vouchers::{Use, UsedFor};

/// Which vouchers.
#[derive(Clone, Copy, Debug, Default)]
pub struct Filter {
    /// Whose; `None` for all.
    pub account: Option<AccountId>,
    pub state: Option<State>,
}

/// Vouchers, the newest first.
pub fn page(tx: &mut Tx<'_>, at: At<'_>, of: Filter, part: &Part) -> Result<Page<Voucher>, Refusal> {
    of.account.map(|it| currency(tx, it)).transpose()?;
    let before = part.before(|id: VoucherId| page::there(vouchers::find(tx, id)))?;
    let state = of.state.map_or("", State::as_str);
    let filter = VoucherFilter { account: of.account, state, now: at.now, before: &before };
    let found = vouchers::page(tx, &filter, part.reach())?;
    Ok(Page::of(found, part, |it| it.id.to_string()))
}

/// A voucher with all that it was used for: of an account, or anybody's for the operator. Errors: `NotFound`.
pub fn one(
    tx: &mut Tx<'_>,
    account: Option<AccountId>,
    id: VoucherId,
) -> Result<(Voucher, Vec<Use>), Refusal> {
    let found = vouchers::find(tx, id)?.voucher;
    match account.is_none_or(|it| it == found.account) {
        true => {
            let uses = vouchers::uses(tx, found.account, id)?;
            Ok((found, uses))
        }
        false => Err(StoreError::NotFound(format!("voucher {id}")).into()),
    }
}

/// What vouchers pay of an order, whatever became of it, part by part; each with what its voucher is called.
pub fn of_order(
    tx: &mut Tx<'_>,
    account: AccountId,
    order: OrderId,
) -> Result<Vec<(VoucherPart, String)>, Refusal> {
    let parts = vouchers::parts_of_order(tx, account, order)?;
    let ids: BTreeSet<VoucherId> = parts.iter().map(|it| it.voucher).collect();
    let keys: Vec<(AccountId, VoucherId)> = ids.into_iter().map(|id| (account, id)).collect();
    let found = vouchers::get_all(tx, &keys)?.into_iter().map(|it| (it.voucher.id, it.voucher.name));
    let names: BTreeMap<VoucherId, String> = found.collect();
    let named = |it: VoucherPart| {
        let name = names.get(&it.voucher).cloned();
        let name =
            name.ok_or_else(|| Refusal::corrupt(format!("voucher {} of order {order}", it.voucher)))?;
        Ok((it, name))
    };
    parts.into_iter().map(named).collect()
}

/// Promotion codes, the newest first.
pub fn codes(tx: &mut Tx<'_>, part: &Part) -> Result<Page<Code>, Refusal> {
    let before = part.before(|id: PromotionId| page::there(promotions::get(tx, id)))?;
    let found = promotions::page(tx, &before, part.reach())?;
    Ok(Page::of(found, part, |it| it.id.to_string()))
}

/// One promotion code. Errors: `NotFound`.
pub fn code(tx: &mut Tx<'_>, id: PromotionId) -> Result<Code, Refusal> {
    Ok(promotions::get(tx, id)?)
}
