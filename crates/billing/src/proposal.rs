//! Proposals of price changes: a price book that is to hold from a date on, kept with its reason and with what it was shown to change.
//!
//! In:  a proposal, who does what with it, which book will hold until its date. Out: the proposal after it, or why not.
//! Invariant: whoever proposed a change that moves more than the limit is not the one who agrees; nothing is agreed to or
//! applied by figures that compare with another book than the one that its own follows.
//! Rules: R-PRC-6, R-CAT-1.

mod figures;
mod state;

pub use figures::{Figures, percent};
pub use state::{Event, State, StepError};

use crate::correction::{self, LONGEST_ID, LONGEST_REASON};
use units::{BookId, Currency, Timestamp};

/// Above so many tenths of a percent of a month's revenue another operator has to agree, where nothing else is set.
pub const LIMIT_TENTHS: u32 = 50;

/// Who did something, as the audit log names them, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deed {
    pub by: String,
    pub at: Timestamp,
}

/// A price book that is to hold from a date on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// Chosen by whoever proposes it.
    pub id: String,
    /// Counts proposals from 1.
    pub number: i64,
    /// The id that the book has when it is applied.
    pub book: BookId,
    /// What the book is called.
    pub name: String,
    pub currency: Currency,
    /// From when the book is to hold.
    pub from: Timestamp,
    pub reason: String,
    /// The limit that held when its figures were made, in tenths of a percent of the month's revenue.
    pub limit_tenths: u32,
    pub figures: Figures,
    /// When its figures were made.
    pub computed: Timestamp,
    pub state: State,
    pub made: Deed,
    /// Who agreed to its figures; `None` where nobody had to, or has.
    pub agreed: Option<Deed>,
    pub applied: Option<Deed>,
    /// Who rejected, withdrew or undid it.
    pub ended: Option<Deed>,
    /// Grows with every change.
    pub revision: i64,
}

/// Why something is not done with a proposal.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProposalError {
    #[error(transparent)]
    Step(#[from] StepError),
    #[error("whoever proposed a price change neither agrees to it nor rejects it; another operator does")]
    Own,
    #[error("only whoever proposed a price change withdraws it; another operator rejects it")]
    NotProposer,
    #[error(
        "its figures compare with price book {was}, and another one will hold until its date by now; have them computed again"
    )]
    Stale { was: BookId },
    #[error("{0} is not ahead; a proposal names a time that lies ahead, from which its book is to hold")]
    Past(Timestamp),
    #[error("price book {0} is applied already, with this text and from this time")]
    There(BookId),
    #[error(
        "price book {0} begins at the same time, and one of both would hide the other; undo that one first, or propose another date"
    )]
    Taken(BookId),
    #[error("the price book was applied by the proposal `{0}`; undo that")]
    OfProposal(String),
    #[error(
        "the price book charges otherwise for what customers have, and a limit of price changes is set; propose it, and apply it as soon as it may be"
    )]
    ByProposal,
    #[error(
        "price book {0} comes after it and would then charge otherwise for what customers have, which no proposal was compared for, and a limit of price changes is set; take that one back first"
    )]
    LaterFirst(BookId),
    #[error("a proposal names either the files of a price book or one that was applied before")]
    Book,
    #[error("a proposal has an id of 1 to {LONGEST_ID} visible characters, by which the same again is known")]
    Id,
    #[error(
        "a proposal says why: write a reason of 1 to {LONGEST_REASON} characters, without control characters"
    )]
    Reason,
}

/// Whether a proposal may be called so and have this reason. Errors: `Id`, `Reason`.
pub fn words(id: &str, reason: &str) -> Result<(), ProposalError> {
    correction::id(id).map_err(|_| ProposalError::Id)?;
    correction::reason(reason).map_err(|_| ProposalError::Reason)
}

/// Whether a book may be proposed from `from` on. Errors: `Past`.
pub fn ahead(from: Timestamp, now: Timestamp) -> Result<(), ProposalError> {
    if from > now { Ok(()) } else { Err(ProposalError::Past(from)) }
}

impl Proposal {
    /// Where a proposal begins that has these figures.
    pub fn opens(figures: &Figures, limit_tenths: u32) -> Result<State, ProposalError> {
        Ok(State::Proposed.on(figures.event(limit_tenths))?)
    }

    /// Whether its figures compare with another book than `until`, the one that will hold until its date.
    pub fn is_stale(&self, until: Option<BookId>) -> bool {
        until != Some(self.figures.against)
    }

    /// Whether its figures may be made again, its date aside. Errors: `Step` for one that is over or applied.
    pub fn is_open(&self) -> Result<(), ProposalError> {
        self.state.on(Event::Within)?;
        Ok(())
    }

    /// With figures that were made again: what was agreed to is no more. The same figures and limit change nothing.
    ///
    /// Errors: `Step` for one that is over or applied; `Past`.
    pub fn compute(
        self,
        figures: Figures,
        limit_tenths: u32,
        now: Timestamp,
    ) -> Result<Proposal, ProposalError> {
        let state = self.state.on(figures.event(limit_tenths))?;
        ahead(self.from, now)?;
        if self.figures == figures && self.limit_tenths == limit_tenths {
            return Ok(self);
        }
        let revision = self.revision + 1;
        Ok(Proposal { figures, limit_tenths, state, agreed: None, computed: now, revision, ..self })
    }

    /// Another operator agrees to its figures. Agreed by the same one already, it stays as it is.
    ///
    /// Errors: `Own`; `Step`; `Stale`; `Past`.
    pub fn agree(self, deed: Deed, until: Option<BookId>) -> Result<Proposal, ProposalError> {
        if self.state == State::Ready && by_the_same(self.agreed.as_ref(), &deed) {
            return Ok(self);
        }
        let state = self.state.on(Event::Agree)?;
        self.is_of_another(&deed)?;
        self.is_fresh(until, deed.at)?;
        let revision = self.revision + 1;
        Ok(Proposal { state, agreed: Some(deed), revision, ..self })
    }

    /// Another operator says no. Errors: `Own`, `Step`.
    pub fn reject(self, deed: Deed) -> Result<Proposal, ProposalError> {
        if self.state == State::Rejected && by_the_same(self.ended.as_ref(), &deed) {
            return Ok(self);
        }
        let state = self.state.on(Event::Reject)?;
        self.is_of_another(&deed)?;
        Ok(self.ends(state, deed))
    }

    /// Whoever proposed it takes it back. Errors: `NotProposer`, `Step`.
    pub fn withdraw(self, deed: Deed) -> Result<Proposal, ProposalError> {
        if self.state == State::Withdrawn && by_the_same(self.ended.as_ref(), &deed) {
            return Ok(self);
        }
        let state = self.state.on(Event::Withdraw)?;
        if self.made.by != deed.by {
            return Err(ProposalError::NotProposer);
        }
        Ok(self.ends(state, deed))
    }

    /// Its book is applied from its date on. Applied by the same operator already, it stays as it is.
    ///
    /// Errors: `Step` where another operator has to agree before, or it is over; `Stale`; `Past`.
    pub fn apply(self, deed: Deed, until: Option<BookId>) -> Result<Proposal, ProposalError> {
        if self.state == State::Applied && by_the_same(self.applied.as_ref(), &deed) {
            return Ok(self);
        }
        let state = self.state.on(Event::Apply)?;
        self.is_fresh(until, deed.at)?;
        let revision = self.revision + 1;
        Ok(Proposal { state, applied: Some(deed), revision, ..self })
    }

    /// Its book is taken back. Errors: `Step`. Whether the book began already is asked where it is taken back.
    pub fn undo(self, deed: Deed) -> Result<Proposal, ProposalError> {
        if self.state == State::Undone && by_the_same(self.ended.as_ref(), &deed) {
            return Ok(self);
        }
        let state = self.state.on(Event::Undo)?;
        Ok(self.ends(state, deed))
    }

    fn ends(self, state: State, deed: Deed) -> Proposal {
        let revision = self.revision + 1;
        Proposal { state, ended: Some(deed), revision, ..self }
    }

    fn is_of_another(&self, deed: &Deed) -> Result<(), ProposalError> {
        if self.made.by == deed.by { Err(ProposalError::Own) } else { Ok(()) }
    }

    /// Errors: `Stale`, `Past`.
    fn is_fresh(&self, until: Option<BookId>, now: Timestamp) -> Result<(), ProposalError> {
        if self.is_stale(until) {
            return Err(ProposalError::Stale { was: self.figures.against });
        }
        ahead(self.from, now)
    }
}

fn by_the_same(done: Option<&Deed>, deed: &Deed) -> bool {
    done.is_some_and(|it| it.by == deed.by)
}

#[cfg(test)]
mod tests;
