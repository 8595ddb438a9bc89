//! Conversions in scenarios.

use crate::step::{Converted, Verb};
use crate::words::{Words, Wrong, no_more, take, wrong};

/// `convert ACCOUNT LABEL NAME [months=1] [quoted=…] [later]`
pub(super) fn verb(it: &mut Words) -> Result<Verb, Wrong> {
    let like = "convert acme p1 web months=3 quoted=153.00, or convert acme p1 web later";
    let (account, label) = (it.next("the account", like)?, it.next("a name for the order", like)?);
    let name = it.next("the name of the resource", like)?;
    let vouchers = super::vouchers::chosen(it)?.unwrap_or_default();
    let (mut pairs, pay) = it.pairs_of_order(like)?;
    let months = take(&mut pairs, "months").unwrap_or_else(|| "1".into());
    let Ok(months) = months.parse() else {
        return wrong(format!("`{months}` is not a number of months"), format!("Write it like: {like}"));
    };
    let quoted = take(&mut pairs, "quoted");
    no_more(&pairs, like)?;
    Ok(Verb::Convert(Converted { account, label, name, months, quoted, pay, vouchers }))
}

/// `byuse NAME [least=362.00] [account=beta]`
pub(super) fn by_use(it: &mut Words) -> Result<Verb, Wrong> {
    let like = "byuse web, or byuse web least=362.00";
    let name = it.next("the name of the resource", like)?;
    let mut pairs = it.pairs(like)?;
    let (least, account) = (take(&mut pairs, "least"), take(&mut pairs, "account"));
    no_more(&pairs, like)?;
    Ok(Verb::ByUse { name, least, account })
}
