//! Contract prices in scenarios.

use crate::quantity;
use crate::step::{Commit, Contract, Reprice, Verb};
use crate::words::{Words, Wrong, no_more, take, wrong};
use units::{Calendar, Timestamp};

/// `contract ACCOUNT ID PRODUCT COMPONENT AMOUNT …`, `endcontract ACCOUNT ID [until=TIME]`, `commit ACCOUNT AMOUNT …`
pub(super) fn verb(word: &str, it: &mut Words, calendar: &Calendar) -> Result<Contract, Wrong> {
    if word == "commit" {
        return commit(it);
    }
    let is_new = word == "contract";
    let like = match is_new {
        true => "contract acme c-17 container compute 0.15 spec=1U1G from=2026-06-15 until=2027-01-01",
        false => "endcontract acme c-17 until=2026-07-01",
    };
    let (account, id) = (it.next("the account", like)?, it.next("its id", like)?);
    let named = if is_new {
        let (product, component) = (it.next("the product", like)?, it.next("the component", like)?);
        Some((product, component, it.next("the price", like)?))
    } else {
        None
    };
    let mut pairs = it.pairs(like)?;
    let mut time = |name: &str| -> Result<Option<Timestamp>, Wrong> {
        let read = take(&mut pairs, name).map(|it| calendar.parse(&it)).transpose();
        read.map_err(|error| (error.to_string(), format!("Write it like: {like}")))
    };
    let (from, until) = (time("from")?, time("until")?);
    let Some((product, component, amount)) = named else {
        no_more(&pairs, like)?;
        return Ok(Contract::End { account, id, until });
    };
    let above = take(&mut pairs, "above").map(|it| quantity::spaced(&it));
    let price = Reprice { product, component, amount, above, pairs, currency: None };
    Ok(Contract::Agree { account, id, price, from, until })
}

/// `credit ACCOUNT LIMIT [day=10]`
pub(super) fn credit(it: &mut Words) -> Result<Verb, Wrong> {
    let like = "credit acme 30.00 day=10";
    let (account, limit) = (it.next("the account", like)?, it.next("how much it may owe", like)?);
    let mut pairs = it.pairs(like)?;
    let day = match take(&mut pairs, "day").map(|it| it.parse::<u8>()) {
        None => None,
        Some(Ok(day)) => Some(day),
        Some(Err(_)) => return wrong("`day` is not a day of the month", format!("Write it like: {like}")),
    };
    no_more(&pairs, like)?;
    Ok(Verb::Credit { account, limit, day })
}

/// `commit ACCOUNT AMOUNT [from=MONTH] [until=MONTH]`
fn commit(it: &mut Words) -> Result<Contract, Wrong> {
    let like = "commit acme 100.00 from=2026-07 until=2027-01";
    let (account, amount) = (it.next("the account", like)?, it.next("what is to be spent in a month", like)?);
    let mut pairs = it.pairs(like)?;
    let (from, until) = (take(&mut pairs, "from"), take(&mut pairs, "until"));
    no_more(&pairs, like)?;
    Ok(Contract::Commit(Commit { account, amount, from, until }))
}
