//! Changes in scenarios.

use crate::step::{Changed, Verb};
use crate::words::{Words, Wrong, take, wrong};

/// `resize NAME name=value …`
pub(super) fn resize(it: &mut Words) -> Result<Verb, Wrong> {
    let like = "resize v1 size=20";
    let name = it.next("the name of the resource", like)?;
    let pairs = it.pairs(like)?;
    if pairs.is_empty() {
        return wrong("nothing is resized", format!("Write it like: {like}"));
    }
    Ok(Verb::Resize { name, pairs })
}

/// `change ACCOUNT LABEL NAME name=value … [from=… until=…] [quoted=…] [later]`
pub(super) fn verb(it: &mut Words) -> Result<Verb, Wrong> {
    let like = "change acme c1 web type=S2.LARGE8 quoted=153.00, or change acme c1 web bandwidth=5 later";
    let (account, label) = (it.next("the account", like)?, it.next("a name for the order", like)?);
    let name = it.next("the name of the resource", like)?;
    let vouchers = super::vouchers::chosen(it)?.unwrap_or_default();
    let (mut pairs, pay) = it.pairs_of_order(like)?;
    let quoted = take(&mut pairs, "quoted");
    let days = ["from", "until"].map(|it| take(&mut pairs, it));
    if pairs.is_empty() {
        return wrong("nothing is changed", format!("Write it like: {like}"));
    }
    Ok(Verb::Change(Changed { account, label, name, pairs, quoted, days, pay, vouchers }))
}
