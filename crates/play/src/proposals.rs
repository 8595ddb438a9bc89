//! What verbs of proposals do, and what their view shows.

use super::player::Player;
use super::step::{ProposalStep, Proposing};
use billing::impact::{Asked, Impact, Sides};
use billing::proposal::{Deed, percent};
use desk::proposals::{self, Computed, Named, New, Said};
use desk::{Refusal, Tx, books, impact};
use units::{Amount, Timestamp};

impl Player<'_> {
    /// Proposes the book that holds with one price changed.
    pub(crate) fn propose(&mut self, it: &Proposing) -> Result<(), Refusal> {
        let own = self.desk.book(self.desk.currency(self.now)?, self.now)?.clone();
        let amendment = it.price.amendment();
        let book = self.store.read(|tx| books::amended(tx, &own, it.from, &amendment))?;
        let said = Said { id: &it.id, reason: &it.reason, by: &it.by, book: book.book.id };
        if self.store.read(|tx| proposals::known(tx, &said))?.is_some() {
            return Ok(());
        }
        let found = self.shown(&book, it.month.as_deref())?;
        let new = New { id: &it.id, reason: &it.reason, by: &it.by, book: &book, found: &found };
        let at = self.desk.at(self.now);
        self.store.write(|tx| proposals::propose(tx, at, &new)).map(drop)
    }

    /// What a book changes of a month, of all customers.
    fn shown(&self, book: &books::Prepared, month: Option<&str>) -> Result<Computed, Refusal> {
        let at = self.desk.at(self.now);
        let asked = self.store.read(|tx| proposals::asked(tx, at, &book.book, month))?;
        self.store.read(|tx| {
            let found = all(tx, self, &asked)?;
            proposals::computed(&asked, &found, impact::customers(tx, &asked)?)
        })
    }

    /// Does something with a proposal; the desk sees books that were applied or taken back from then on.
    pub(crate) fn with_proposal(&mut self, id: &str, step: ProposalStep, by: &str) -> Result<(), Refusal> {
        let (at, of) = (self.desk.at(self.now), Named { id, by });
        match step {
            ProposalStep::Compute => {
                let book = self.proposed(id)?;
                let found = self.shown(&book, None);
                // Where it stands is told before what cannot be computed.
                if found.is_err() {
                    self.store.read(|tx| proposals::is_open(tx, id))?;
                }
                let found = found?;
                self.store.write(|tx| proposals::compute(tx, at, id, &found))?
            }
            ProposalStep::Agree => self.store.write(|tx| proposals::agree(tx, at, of))?,
            ProposalStep::Reject => self.store.write(|tx| proposals::reject(tx, at, of))?,
            ProposalStep::Withdraw => self.store.write(|tx| proposals::withdraw(tx, at, of))?,
            ProposalStep::Apply => {
                let book = self.proposed(id)?;
                self.store.write(|tx| proposals::apply(tx, at, of, &book))?
            }
            ProposalStep::Undo => self.store.write(|tx| proposals::undo(tx, at, of))?,
        };
        self.desk.books = self.store.read(|tx| books::all(tx, &self.desk.books))?;
        Ok(())
    }

    /// The book of a proposal.
    fn proposed(&self, id: &str) -> Result<books::Prepared, Refusal> {
        let (text, from) = self.store.read(|tx| proposals::text(tx, id))?;
        books::again(&text, from)
    }
}

fn all(tx: &mut Tx<'_>, player: &Player<'_>, asked: &Asked) -> Result<Impact, Refusal> {
    let (mut found, mut after) = (Impact::none(asked), String::new());
    while let Some(part) = impact::part(tx, &player.desk, asked, &after)? {
        found.merge(part.impact);
        after = part.after;
    }
    Ok(found)
}

/// `proposal ID`: where it stands, what it was shown to change, who did what with it.
pub(crate) fn lines(tx: &mut Tx<'_>, player: &Player<'_>, id: &str) -> Result<Vec<String>, Refusal> {
    let print = |it: Timestamp| player.desk.calendar.print(it);
    let whole = proposals::whole(tx, player.desk.at(player.now), id)?;
    let (it, stale) = (&whole.standing.proposal, if whole.standing.is_stale { " stale" } else { "" });
    let sides = |of: Sides| {
        let [before, after, _] = of.amounts(it.currency).map(Amount::short);
        format!("{before} {after}")
    };
    let (figures, limit) = (&it.figures, percent(it.limit_tenths.into()));
    let variance = figures.variance_tenths().map_or_else(|| "unknown".to_string(), percent);
    let mut lines = vec![
        format!("{}{stale} from {}", it.state.as_str(), print(it.from)),
        format!("{} {} more {} less {}", figures.month, sides(figures.sides), figures.more, figures.less),
        format!("moves {variance} limit {limit}"),
        format!("proposed by {}", it.made.by),
    ];
    let mut done = |what: &str, deed: &Option<Deed>| {
        lines.extend(deed.as_ref().map(|it| format!("{what} by {}", it.by)));
    };
    done("agreed", &it.agreed);
    done("applied", &it.applied);
    done("ended", &it.ended);
    lines.extend(whole.movers.iter().map(|of| format!("{} {}", of.name, sides(of.sides))));
    Ok(lines)
}
