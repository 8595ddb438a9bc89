//! One price of a past period put right, and nothing else: the corrections of prices that say so, each with its book.
//!
//! In:  what a price should have been, when, of one account or all. Out: books to be kept, and what names them.
//! Invariant: the book of a correction is what held, with that one price in it: one for each stretch of time in which one book,
//! the same contract prices and the same earlier corrections held. So all other prices stay as they were. A fixed number of statements
//! reads what accounts have of their own, however many there are; more only read the books that are changed.
//! Rules: R-COR-1, R-PRC-6, R-PRC-22.

use crate::{Desk, Refusal, books};
use billing::contract_price::ContractPrice;
use billing::correction::Rerate;
use std::collections::BTreeMap;
use store::corrections::{self, prices};
use store::{Tx, accounts, contract_prices};
use units::{AccountId, BookId, Currency, Timestamp};

/// A price that should have held in `[from, until)`.
#[derive(Clone, Copy, Debug)]
pub struct Right<'a> {
    /// By which the first of the corrections is known: asked for again, what stands above since is no matter.
    pub id: &'a str,
    /// As `amendments.toml` writes it.
    pub amendment: &'a str,
    pub currency: Currency,
    /// `None` for all accounts of the currency.
    pub account: Option<AccountId>,
    pub from: Timestamp,
    pub until: Timestamp,
}

/// A correction that is to be made, and the book that it names, which is to be kept before.
#[derive(Clone, Debug)]
pub struct Part {
    pub book: books::Prepared,
    pub rerate: Rerate,
}

/// A while in which one book holds, and what is changed in it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Stretch {
    from: Timestamp,
    until: Timestamp,
    base: BookId,
    amendment: String,
}

/// What an account has of its own, each in its order: what stands above is last.
#[derive(Clone, Debug, Default)]
struct Own {
    rerates: Vec<prices::Rerate>,
    contracts: Vec<ContractPrice>,
}

/// The corrections that put one price right: of all accounts, those that have prices of their own have a later one of their own.
///
/// Corrections of all accounts that were asked for before are done by then: they stand beneath.
/// Errors: no book that holds; `Book` where the price is none of what held.
pub fn parts(tx: &mut Tx<'_>, desk: &Desk, right: &Right<'_>) -> Result<Vec<Part>, Refusal> {
    let mut parts = Vec::new();
    for (account, stretches) in wanted(tx, desk, right)? {
        for it in stretches {
            let missing = || Refusal::missing(format!("price book {}", it.base));
            let base = desk.books.get(it.base).ok_or_else(missing)?;
            let book = books::amended(tx, base, it.from, &it.amendment)?;
            let rerate = Rerate { book: book.book.id, account, from: it.from, until: it.until };
            parts.push(Part { book, rerate });
        }
    }
    Ok(parts)
}

/// Whose prices are put right, an account's or everybody's, and where.
type Wanted = (Option<AccountId>, Vec<Stretch>);

/// The stretches of whom is asked for: of one account, or of all and then of each that differs.
fn wanted(tx: &mut Tx<'_>, desk: &Desk, right: &Right<'_>) -> Result<Vec<Wanted>, Refusal> {
    let before = corrections::get(tx, right.id)?.map_or(i64::MAX, |it| it.number);
    if let Some(account) = right.account {
        let (rerates, contracts) =
            (prices::of_account(tx, account)?, contract_prices::of_account(tx, account)?);
        let own = Own { rerates, contracts }.of(right, before);
        return Ok(vec![(Some(account), stretches(desk, right, &own)?)]);
    }
    let of_all = stretches(desk, right, &Own::default())?;
    let mut owned = Own::of_all(tx)?;
    let mut differ = Vec::new();
    for it in accounts::all(tx)? {
        // Who has nothing of its own is as all are.
        let Some(own) = owned.remove(&it.id) else { continue };
        if it.currency == right.currency && it.created < right.until {
            let own = stretches(desk, right, &own.of(right, before))?;
            differ.extend((own != of_all).then_some((Some(it.id), own)));
        }
    }
    Ok(std::iter::once((None, of_all)).chain(differ).collect())
}

impl Own {
    /// What each account has, by two statements; who has nothing is not among them.
    fn of_all(tx: &mut Tx<'_>) -> Result<BTreeMap<AccountId, Own>, Refusal> {
        let mut found: BTreeMap<AccountId, Own> = BTreeMap::new();
        for (account, it) in prices::all(tx)? {
            found.entry(account).or_default().rerates.push(it);
        }
        for it in contract_prices::all(tx)? {
            found.entry(it.account).or_default().contracts.push(it);
        }
        Ok(found)
    }

    /// What of it counts: corrections of a number below `before`, prices of the currency.
    fn of(mut self, right: &Right<'_>, before: i64) -> Own {
        self.rerates.retain(|it| it.number < before);
        self.contracts.retain(|it| it.amount.currency() == right.currency);
        self
    }

    /// When anything of it begins or ends.
    fn cuts(&self) -> impl Iterator<Item = Timestamp> {
        let above = self.rerates.iter().flat_map(|it| [it.from, it.until]);
        let agreed = self.contracts.iter().flat_map(|it| std::iter::once(it.from).chain(it.until));
        above.chain(agreed)
    }
}

/// The period, cut where what holds changes.
fn stretches(desk: &Desk, right: &Right<'_>, own: &Own) -> Result<Vec<Stretch>, Refusal> {
    let listed = desk.books.of(right.currency).all().iter().map(|it| it.from);
    let within = |it: &Timestamp| right.from < *it && *it < right.until;
    let mut cuts: Vec<Timestamp> = listed.chain(own.cuts()).filter(within).chain([right.from]).collect();
    cuts.sort_unstable();
    cuts.dedup();
    let mut found: Vec<Stretch> = Vec::new();
    for (at, from) in cuts.iter().enumerate() {
        let until = cuts.get(at + 1).copied().unwrap_or(right.until);
        let (base, amendment) = held(desk, right, own, *from)?;
        match found.last_mut() {
            Some(last) if last.base == base && last.amendment == amendment => last.until = until,
            Some(_) | None => found.push(Stretch { from: *from, until, base, amendment }),
        }
    }
    Ok(found)
}

/// The book that is changed at `at`, and how: by the contract prices that hold, and by the price that is right.
fn held(desk: &Desk, right: &Right<'_>, own: &Own, at: Timestamp) -> Result<(BookId, String), Refusal> {
    // A correction stands above contract prices: those that hold under it stand in its book.
    if let Some(above) = own.rerates.iter().rev().find(|it| it.from <= at && at < it.until) {
        return Ok((above.book, right.amendment.to_string()));
    }
    let listed = desk.book(right.currency, at)?;
    // Where the book has no such price, a contract says nothing.
    let fits = |it: &&ContractPrice| it.holds(at) && pricebook::laid_over(listed, &[*it]).1.is_none();
    let agreed: String = own.contracts.iter().filter(fits).map(written).collect();
    Ok((listed.id, agreed + right.amendment))
}

/// A contract price as `amendments.toml` writes it. Source: R-PRC-22.
fn written(it: &ContractPrice) -> String {
    let quoted = |text: &str| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
    let choice = |(name, values): &(String, Vec<String>)| {
        let values: Vec<String> = values.iter().map(|it| quoted(it)).collect();
        format!("{} = [{}]", quoted(name), values.join(", "))
    };
    let when: Vec<String> = it.when.iter().map(choice).collect();
    let above = it.above.as_ref().map_or_else(String::new, |it| format!("above = {}\n", quoted(it)));
    format!(
        "\n[[price]]\nproduct = {}\ncomponent = {}\nwhen = {{ {} }}\n{above}amount = {}\nsource = {}\n",
        quoted(&it.product),
        quoted(&it.component),
        when.join(", "),
        quoted(&it.amount.to_string()),
        quoted(&it.source())
    )
}
