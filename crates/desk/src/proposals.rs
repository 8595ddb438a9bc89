//! Proposals of price changes: kept with what they were shown to change, agreed to by another operator, applied from their date on.
//!
//! In:  a price book from a date on, who does what. Out: the proposal as it stands after it.
//! Invariant: what is applied is the text that was proposed; whoever a change hits is told, and told again where it is undone.
//! Rules: R-PRC-6, R-CAT-1.

use super::books::{self, Prepared};
use super::facts::{self, Fact};
use super::page::{Page, Part};
use super::{At, Refusal, impact};
use billing::book::Book;
use billing::impact::{Asked, Impact, Month, Mover};
use billing::plan::PlanError;
use billing::proposal::{self, Deed, Figures, Proposal, ProposalError, State};
use std::sync::Arc;
use store::books::{BookHead, BookText};
use store::price_notices::{self, Told};
use store::{StoreError, Tx, proposals as rows};
use units::{BookId, Timestamp};

/// What a book was found to change, and who moves most.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Computed {
    pub figures: Figures,
    pub movers: Vec<Mover>,
}

/// What a proposal says, by which the same again is known.
#[derive(Clone, Copy, Debug)]
pub struct Said<'a> {
    pub id: &'a str,
    pub reason: &'a str,
    /// As the audit log names whoever proposes it.
    pub by: &'a str,
    /// The book from its date on.
    pub book: BookId,
}

/// A price change that is to be proposed.
#[derive(Clone, Copy, Debug)]
pub struct New<'a> {
    /// Such as the number of a ticket.
    pub id: &'a str,
    pub reason: &'a str,
    /// As the audit log names whoever proposes it.
    pub by: &'a str,
    /// The book, from the time on from which it is to hold.
    pub book: &'a Prepared,
    pub found: &'a Computed,
}

/// A proposal, and who does something with it, as the audit log names them.
#[derive(Clone, Copy, Debug)]
pub struct Named<'a> {
    pub id: &'a str,
    pub by: &'a str,
}

impl New<'_> {
    fn said(&self) -> Said<'_> {
        let New { id, reason, by, book, .. } = *self;
        Said { id, reason, by, book: book.book.id }
    }
}

impl Named<'_> {
    fn deed(&self, at: At<'_>) -> Deed {
        Deed { by: self.by.to_string(), at: at.now }
    }
}

/// A proposal as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    pub proposal: Proposal,
    /// Its figures compare with another book than the one that will hold until its date.
    pub is_stale: bool,
    /// Its book was applied and did not begin.
    pub can_be_undone: bool,
    /// How many customers were told.
    pub told: i64,
}

/// A proposal with what it is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Whole {
    pub standing: Standing,
    pub movers: Vec<Mover>,
    pub text: BookText,
}

/// What a book is compared on: a month that is over, by the book that will hold until its begin and by this one.
///
/// Errors: `Past` for a book that would not begin later; `Month`; no book of its currency that holds until then; as `impact::check`.
pub fn asked(tx: &mut Tx<'_>, at: At<'_>, book: &Arc<Book>, month: Option<&str>) -> Result<Asked, Refusal> {
    proposal::ahead(book.from, at.now)?;
    let month = Month::past(&at.desk.calendar, month, at.now)?;
    let holds = books::until(&books::heads(tx)?, book.currency, book.from).map(|it| it.id);
    let holds = holds.ok_or(PlanError::NoBook(book.currency, at.now))?;
    let before = Some(books::known(tx, &at.desk.books, holds)?);
    let asked = Asked { month, before, after: book.clone(), most: impact::MOST };
    impact::check(tx, &asked)?;
    Ok(asked)
}

/// The figures that are kept of what was found of `all` customers. Errors: what was not compared with one book.
pub fn computed(asked: &Asked, found: &Impact, all: i64) -> Result<Computed, Refusal> {
    let all = u64::try_from(all).unwrap_or(0);
    let figures = Figures::of(asked, found, all);
    let figures = figures.ok_or(Refusal::Sum("a proposal is compared with one book"))?;
    let movers = found.rising.iter().chain(&found.falling).cloned().collect();
    Ok(Computed { figures, movers })
}

/// The book that a proposed one follows, as books are scheduled now, out of all of them with the latest first.
fn followed(heads: &[BookHead], it: &Proposal) -> Option<BookId> {
    books::until(heads, it.currency, it.from).map(|it| it.id)
}

fn follows(tx: &mut Tx<'_>, it: &Proposal) -> Result<Option<BookId>, Refusal> {
    Ok(followed(&books::heads(tx)?, it))
}

/// Proposes a price change. The same again changes nothing, whatever became of it since.
///
/// Errors: `Id`, `Reason`; `Differs` for something else under the same id; `Past`; `There` for a book that is applied; `Stale` where
/// another book is to hold until its date since the figures were made.
pub fn propose(tx: &mut Tx<'_>, at: At<'_>, new: &New<'_>) -> Result<Proposal, Refusal> {
    proposal::words(new.id, new.reason)?;
    if let Some(there) = known(tx, &new.said())? {
        return Ok(there);
    }
    let made = drafted(tx, at, new)?;
    proposal::ahead(made.from, at.now)?;
    is_new(tx, made.book)?;
    if made.is_stale(follows(tx, &made)?) {
        return Err(ProposalError::Stale { was: made.figures.against }.into());
    }
    rows::add(tx, &made, new.book.text(), &new.found.movers)?;
    facts::note(tx, &[Fact::proposal(&made)], at.now)?;
    Ok(made)
}

/// What was proposed under this id, if it says the same: the book from the same time on, for the same reason, by the same operator.
/// `None` where the id is free. Errors: `Differs` for something else.
pub fn known(tx: &mut Tx<'_>, said: &Said<'_>) -> Result<Option<Proposal>, Refusal> {
    let Some(there) = rows::get(tx, said.id)? else { return Ok(None) };
    match there.book == said.book && there.reason == said.reason && there.made.by == said.by {
        true => Ok(Some(there)),
        false => Err(StoreError::Differs(format!("proposal {}", said.id)).into()),
    }
}

fn drafted(tx: &mut Tx<'_>, at: At<'_>, new: &New<'_>) -> Result<Proposal, Refusal> {
    let (book, figures) = (&new.book.book, new.found.figures.clone());
    let limit_tenths = at.desk.price_limit_tenths();
    Ok(Proposal {
        id: new.id.to_string(),
        number: rows::next_number(tx)?,
        book: book.id,
        name: book.name.clone(),
        currency: book.currency,
        from: book.from,
        reason: new.reason.to_string(),
        limit_tenths,
        state: Proposal::opens(&figures, limit_tenths)?,
        figures,
        computed: at.now,
        made: Deed { by: new.by.to_string(), at: at.now },
        agreed: None,
        applied: None,
        ended: None,
        revision: 1,
    })
}

/// Errors: `There` for a book that is applied already.
fn is_new(tx: &mut Tx<'_>, book: BookId) -> Result<(), Refusal> {
    let is_there = books::heads(tx)?.iter().any(|it| it.id == book);
    if is_there { Err(ProposalError::There(book).into()) } else { Ok(()) }
}

/// Errors: `Taken` where another book begins at the same time: the later one of both alone would hold.
fn is_alone(tx: &mut Tx<'_>, it: &Proposal) -> Result<(), Refusal> {
    let begins = |that: &&BookHead| {
        (that.currency, that.from) == (it.currency, it.from) && that.withheld.is_none() && that.id != it.book
    };
    match books::heads(tx)?.iter().find(begins) {
        Some(other) => Err(ProposalError::Taken(other.id).into()),
        None => Ok(()),
    }
}

/// Whether the figures of a proposal may be made again, its date aside. Errors: `NotFound`; `Step`.
pub fn is_open(tx: &mut Tx<'_>, id: &str) -> Result<(), Refusal> {
    Ok(one(tx, id)?.is_open()?)
}

/// Keeps figures that were made again: by the limit of now, for whoever may agree to them.
///
/// Errors: `NotFound`; as of `Proposal::compute`; `Stale` where another book is to hold until its date since they were made.
pub fn compute(tx: &mut Tx<'_>, at: At<'_>, id: &str, found: &Computed) -> Result<Proposal, Refusal> {
    let before = one(tx, id)?;
    before.is_open()?;
    if follows(tx, &before)? != Some(found.figures.against) {
        return Err(ProposalError::Stale { was: found.figures.against }.into());
    }
    let after = before.clone().compute(found.figures.clone(), at.desk.price_limit_tenths(), at.now)?;
    if after.revision > before.revision {
        rows::show(tx, &after, &found.movers)?;
    }
    changed(tx, at, &before, after)
}

/// Another operator agrees. The same again changes nothing. Errors: `NotFound`; as of `Proposal::agree`.
pub fn agree(tx: &mut Tx<'_>, at: At<'_>, of: Named<'_>) -> Result<Proposal, Refusal> {
    let before = one(tx, of.id)?;
    let until = follows(tx, &before)?;
    let after = before.clone().agree(of.deed(at), until)?;
    changed(tx, at, &before, after)
}

/// Another operator says no. The same again changes nothing. Errors: `NotFound`; as of `Proposal::reject`.
pub fn reject(tx: &mut Tx<'_>, at: At<'_>, of: Named<'_>) -> Result<Proposal, Refusal> {
    let before = one(tx, of.id)?;
    let after = before.clone().reject(of.deed(at))?;
    changed(tx, at, &before, after)
}

/// Whoever proposed it takes it back. The same again changes nothing. Errors: `NotFound`; as of `Proposal::withdraw`.
pub fn withdraw(tx: &mut Tx<'_>, at: At<'_>, of: Named<'_>) -> Result<Proposal, Refusal> {
    let before = one(tx, of.id)?;
    let after = before.clone().withdraw(of.deed(at))?;
    changed(tx, at, &before, after)
}

/// Writes what became of a proposal, if anything did.
fn changed(tx: &mut Tx<'_>, at: At<'_>, before: &Proposal, after: Proposal) -> Result<Proposal, Refusal> {
    if after.revision > before.revision {
        rows::save(tx, &after)?;
        facts::note(tx, &[Fact::proposal(&after)], at.now)?;
    }
    Ok(after)
}

/// Applies the book of a proposal, which `book` is as it was read, from its date on; whoever it hits is told. The same again
/// changes nothing.
///
/// Errors: `NotFound`; as of `Proposal::apply`; `There`; `Taken`; as of `books::put`.
pub fn apply(tx: &mut Tx<'_>, at: At<'_>, of: Named<'_>, book: &Prepared) -> Result<Proposal, Refusal> {
    let before = one(tx, of.id)?;
    let until = follows(tx, &before)?;
    let after = before.clone().apply(of.deed(at), until)?;
    if after.revision == before.revision {
        return Ok(after);
    }
    if book.book.id != after.book {
        return Err(Refusal::corrupt(format!("the text of proposal {} is another one", after.id)));
    }
    is_new(tx, after.book)?;
    is_alone(tx, &after)?;
    rows::save(tx, &after)?;
    price_notices::ask(tx, &after.id, Told::Change, at.now)?;
    books::put(tx, at, &book.clone().by(of.by))?;
    facts::note(tx, &[Fact::proposal(&after)], at.now)?;
    Ok(after)
}

/// Takes the book of a proposal back before it begins; whoever was told of it is told so. The same again changes nothing.
///
/// Errors: `NotFound`; as of `Proposal::undo`; as of `books::take_back`.
pub fn undo(tx: &mut Tx<'_>, at: At<'_>, of: Named<'_>) -> Result<Proposal, Refusal> {
    let before = one(tx, of.id)?;
    let after = before.clone().undo(of.deed(at))?;
    if after.revision == before.revision {
        return Ok(after);
    }
    rows::save(tx, &after)?;
    price_notices::ask(tx, &after.id, Told::Undone, at.now)?;
    books::take_back(tx, at, after.book)?;
    facts::note(tx, &[Fact::proposal(&after)], at.now)?;
    Ok(after)
}

/// One proposal. Errors: `NotFound`.
pub fn one(tx: &mut Tx<'_>, id: &str) -> Result<Proposal, Refusal> {
    rows::get(tx, id)?.ok_or_else(|| Refusal::missing(format!("proposal {id}")))
}

/// How one proposal stands. Errors: `NotFound`.
pub fn standing(tx: &mut Tx<'_>, at: At<'_>, id: &str) -> Result<Standing, Refusal> {
    let (proposal, heads) = (one(tx, id)?, books::heads(tx)?);
    stands(tx, at.now, proposal, &heads)
}

/// One proposal with its text and who moves most. Errors: `NotFound`.
pub fn whole(tx: &mut Tx<'_>, at: At<'_>, id: &str) -> Result<Whole, Refusal> {
    let standing = standing(tx, at, id)?;
    Ok(Whole { standing, movers: rows::movers(tx, id)?, text: rows::text(tx, id)? })
}

/// Proposals, the last one first. Errors: `NotFound` for a place that is none.
pub fn page(tx: &mut Tx<'_>, at: At<'_>, part: &Part) -> Result<Page<Standing>, Refusal> {
    let heads = books::heads(tx)?;
    let page = Page::out_of(rows::all(tx)?, part, |it| it.id.clone())?;
    page.try_map(|it| stands(tx, at.now, it, &heads))
}

/// What is over is not stale, however books change.
fn stands(
    tx: &mut Tx<'_>,
    now: Timestamp,
    proposal: Proposal,
    heads: &[BookHead],
) -> Result<Standing, Refusal> {
    let is_open = match proposal.state {
        State::Proposed | State::Ready => true,
        State::Applied | State::Rejected | State::Withdrawn | State::Undone => false,
    };
    let is_stale = is_open && proposal.is_stale(followed(heads, &proposal));
    let is_ahead = |it: &BookHead| it.id == proposal.book && (it.withheld.is_some() || it.from > now);
    let can_be_undone = proposal.state == State::Applied && heads.iter().any(is_ahead);
    let told = price_notices::count(tx, &proposal.id)?;
    Ok(Standing { is_stale, can_be_undone, told, proposal })
}

/// The text of its book, and from when it is to hold: what is read before anything is locked. Errors: `NotFound`.
pub fn text(tx: &mut Tx<'_>, id: &str) -> Result<(BookText, Timestamp), Refusal> {
    let from = one(tx, id)?.from;
    Ok((rows::text(tx, id)?, from))
}
