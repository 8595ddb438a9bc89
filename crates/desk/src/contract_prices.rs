//! Contract prices: agreed and ended by an operator, laid over the price books of the account.
//!
//! In:  what one account pays for a component, from when on. Out: the price; the books as each account sees them.
//! Invariant: every quote, order and cycle of an account goes by its series of books, and by nothing beside it; nothing that was
//! paid or metered before changes.
//! Rules: R-PRC-22, R-PRC-6.

use super::facts::{self, Fact};
use super::{At, Refusal};
use billing::book::{Book, Conditions};
use billing::books::{Agreed, Books, Contracts, Series};
use billing::contract_price::{self, ContractError, ContractPrice, Spell};
use billing::correction;
use std::collections::HashMap;
use std::sync::Arc;
use store::accounts::Patience;
use store::{StoreError, Tx, accounts, contract_prices as rows};
use units::{AccountId, Amount, BookId, Currency, Timestamp};

/// A contract price that is to be agreed.
#[derive(Clone, Debug)]
pub struct New<'a> {
    pub account: AccountId,
    /// Such as the number of a contract.
    pub id: &'a str,
    pub product: &'a str,
    pub component: &'a str,
    pub when: Conditions,
    pub above: Option<&'a str>,
    /// As price books write it: eight digits behind the point at most.
    pub amount: &'a str,
    /// `None` for now.
    pub from: Option<Timestamp>,
    pub until: Option<Timestamp>,
    pub reason: &'a str,
}

/// A contract price that is there.
#[derive(Clone, Copy, Debug)]
pub struct Named<'a> {
    pub account: AccountId,
    pub id: &'a str,
}

/// Agrees a contract price. The same again changes nothing, also when it was ended since.
///
/// Errors: `NotFound` for the account; `Id`, `Reason`, an amount that is none; `Past`, `Backwards`; `Unfit` where no price of the
/// book is such a one; `Differs` for something else under the same id. Source: R-PRC-22.
pub fn agree(tx: &mut Tx<'_>, at: At<'_>, new: &New<'_>) -> Result<ContractPrice, Refusal> {
    // Two that come in at once are counted one after the other.
    accounts::lock(tx, [new.account], Patience::Wait)?;
    let owner = accounts::get(tx, new.account)?;
    correction::id(new.id).map_err(|_| ContractError::Id)?;
    correction::reason(new.reason).map_err(|_| ContractError::Reason)?;
    let amount =
        Amount::parse(new.amount.trim(), owner.currency).map_err(|it| Refusal::from(it).of("amount"))?;
    let before = rows::of_account(tx, new.account)?;
    let made = asked(new, amount, before.last().map_or(1, |it| it.number + 1), at.now);
    if let Some(there) = before.iter().find(|it| it.id == new.id) {
        return same(there, &made, new);
    }
    made.check(at.now)?;
    fits(at, &made)?;
    rows::add(tx, &made)?;
    facts::note(tx, &[Fact::contract_price(&made)], at.now)?;
    Ok(made)
}

fn asked(new: &New<'_>, amount: Amount, number: i64, now: Timestamp) -> ContractPrice {
    let mut when = new.when.clone();
    when.sort();
    ContractPrice {
        account: new.account,
        id: new.id.to_string(),
        number,
        product: new.product.to_string(),
        component: new.component.to_string(),
        when,
        above: new.above.map(str::to_string),
        amount,
        from: new.from.unwrap_or(now),
        until: new.until,
        reason: new.reason.to_string(),
        made: now,
        revision: 1,
    }
}

/// The one that is there, if it is the one that is asked for. Errors: `Differs`.
fn same(there: &ContractPrice, made: &ContractPrice, new: &New<'_>) -> Result<ContractPrice, Refusal> {
    // Without a begin it was from when it was made.
    let same_begin = new.from.unwrap_or(there.made) == there.from;
    // When it ends may have been changed since; the first row of it says nothing else.
    let same_end = there.revision > 1 || new.until == there.until;
    match there.says_the_same(made) && same_begin && same_end {
        true => Ok(there.clone()),
        false => Err(StoreError::Differs(format!("contract price {}", there.id)).into()),
    }
}

/// Whether the book that holds when it begins has such a price. Errors: `Unfit`; no book that holds then.
fn fits(at: At<'_>, it: &ContractPrice) -> Result<(), Refusal> {
    let words =
        |text: &String| !text.is_empty() && !text.contains(|it: char| it.is_whitespace() || it == '=');
    if it.amount.e8() < 0 {
        return Err(ContractError::Unfit("a price is 0 or more".into()).into());
    }
    if !it.when.iter().all(|(name, values)| words(name) && !values.is_empty() && values.iter().all(words)) {
        return Err(ContractError::Unfit("an option has a name and values, without spaces".into()).into());
    }
    let then = At { now: it.from, ..at };
    if let Some(above) = &it.above {
        begins(then, it.amount.currency(), (it.product.as_str(), it.component.as_str()), above)?;
    }
    match pricebook::laid_over(then.book(it.amount.currency())?, &[it]).1 {
        Some(why) => Err(ContractError::Unfit(why).into()),
        None => Ok(()),
    }
}

/// Whether a tier or a band of a component, named by its product and its id, begins there by the book of `at`. What there is not is
/// judged with all that is agreed.
///
/// Errors: `Unfit` of the field `above`. Source: R-PRC-22.
pub fn begins(at: At<'_>, currency: Currency, of: (&str, &str), above: &str) -> Result<(), Refusal> {
    let (product, component) = of;
    let found = at.book(currency).ok().and_then(|it| it.product(product));
    let found = found.and_then(|it| it.components.iter().find(|it| it.id == component));
    if found.is_none_or(|it| pricebook::begins(it, above)) {
        return Ok(());
    }
    let why = format!("no tier or band of `{component}` begins at `{above}`");
    Err(Refusal::from(ContractError::Unfit(why)).of("above"))
}

/// Ends a contract price, `None` for now; what was used before keeps it. Ended there already, nothing changes.
///
/// Errors: `NotFound`; `Past`, `Ended`. Source: R-PRC-22.
pub fn end(
    tx: &mut Tx<'_>,
    at: At<'_>,
    of: Named<'_>,
    until: Option<Timestamp>,
) -> Result<ContractPrice, Refusal> {
    let Named { account, id } = of;
    accounts::lock(tx, [account], Patience::Wait)?;
    let before = one(tx, account, id)?;
    let revision = before.revision;
    let after = before.end(until, at.now)?;
    if after.revision > revision {
        rows::end(tx, &after)?;
        facts::note(tx, &[Fact::contract_price(&after)], at.now)?;
    }
    Ok(after)
}

/// Those of an account, the one that was made first before the others. Errors: `NotFound` for the account.
pub fn of_account(tx: &mut Tx<'_>, account: AccountId) -> Result<Vec<ContractPrice>, Refusal> {
    accounts::get(tx, account)?;
    Ok(rows::of_account(tx, account)?)
}

/// One of an account. Errors: `NotFound`.
pub fn one(tx: &mut Tx<'_>, account: AccountId, id: &str) -> Result<ContractPrice, Refusal> {
    rows::get(tx, account, id)?.ok_or_else(|| Refusal::missing(format!("contract price {id}")))
}

/// `books` as accounts see them: with the prices that were agreed with each, which are stored. Books that `known` has are not
/// made again. Source: R-PRC-22.
pub fn laid_over(tx: &mut Tx<'_>, books: Books, known: &Contracts) -> Result<Books, Refusal> {
    let revision = rows::revision(tx)?;
    let mut contracts = Contracts { revision, ..Contracts::default() };
    if revision == 0 {
        return Ok(books.agreeing(contracts));
    }
    for own in rows::all(tx)?.chunk_by(|one, other| one.account == other.account) {
        let listed = books.of(own[0].amount.currency());
        let series = series(listed, own, known, &mut contracts.books);
        contracts.series.insert(own[0].account, series);
    }
    Ok(books.agreeing(contracts))
}

/// The books as one account sees them.
fn series(
    listed: &Series,
    own: &[ContractPrice],
    known: &Contracts,
    made: &mut HashMap<BookId, (Arc<Book>, BookId)>,
) -> Series {
    let mut agreed = Vec::new();
    for it in contract_price::spells(listed.all(), own) {
        let book = of_spell(&it, known, made);
        if it.from < it.until {
            agreed.push(Agreed { book, from: it.from, until: it.until });
        }
    }
    listed.agreeing(agreed)
}

/// The book of a while. Accounts that agreed on the same share it.
fn of_spell(it: &Spell<'_>, known: &Contracts, made: &mut HashMap<BookId, (Arc<Book>, BookId)>) -> Arc<Book> {
    let id = pricebook::laid_over_id(it.version, &it.prices);
    let new = || Arc::new(pricebook::laid_over(it.version, &it.prices).0);
    let known = || known.books.get(&id).map_or_else(new, |it| it.0.clone());
    made.entry(id).or_insert_with(|| (known(), it.version.id)).0.clone()
}
