//! Proposals of price changes: their books, their figures, and who did what with them.
//!
//! In:  a transaction. Out: proposals, the last one first.
//! Invariant: a row changes where its revision is the one that was read; the text of a book is never edited.
//! Source: R-PRC-6.

use crate::books::BookText;
use crate::engine::{Row, StoreError, Tx, Value, at, us};
use billing::impact::{Mover, Sides};
use billing::proposal::{Deed, Figures, Proposal, State};
use units::BookId;

columns!(price_proposals:
    id, number, book, name, currency, from_us, reason, limit_tenths, computed_us, state, made_by, made_us, agreed_by, agreed_us,
    applied_by, applied_us, ended_by, ended_us, revision
);
columns!(price_proposal_figures:
    proposal, against, month, all_customers, customers, charged, more_count, less_count, failed, before_e8, after_e8, moved_e8
);

statements! {
    NEXT_NUMBER = "update price_change_numbers set last = last + 1 where id = 1 returning last";
    ADD = concat!(price_proposals!(insert), " on conflict do nothing");
    SAVE = "update price_proposals set limit_tenths = $2, computed_us = $3, state = $4, agreed_by = $5, agreed_us = $6,
        applied_by = $7, applied_us = $8, ended_by = $9, ended_us = $10, revision = revision + 1 where id = $1 and revision + 1 = $11";
    GET = concat!("select ", price_proposals!(names of p), ", ", price_proposal_figures!(names of f),
        " from price_proposals p join price_proposal_figures f on f.proposal = p.id where p.id = $1");
    ALL = concat!("select ", price_proposals!(names of p), ", ", price_proposal_figures!(names of f),
        " from price_proposals p join price_proposal_figures f on f.proposal = p.id order by p.number desc");
    APPLIED_WITH = "select id from price_proposals where book = $1 and state = 'applied'";
    ADD_TEXT = "insert into price_proposal_texts (proposal, body, format) values ($1, $2, $3)";
    TEXT = "select body, format from price_proposal_texts where proposal = $1";
    DROP_FIGURES = "delete from price_proposal_figures where proposal = $1";
    ADD_FIGURES = price_proposal_figures!(insert);
    DROP_MOVERS = "delete from price_proposal_movers where proposal = $1";
    ADD_MOVER = "insert into price_proposal_movers (proposal, number, account, name, before_e8, after_e8) values ($1, $2, $3, $4, $5, $6)";
    MOVERS = "select account, name, before_e8, after_e8 from price_proposal_movers where proposal = $1 order by number";
}

fn deed(row: &Row<'_>, by: usize, us: usize) -> Result<Option<Deed>, StoreError> {
    let (by, us) = (row.maybe_text(by)?, row.maybe_int(us)?);
    by.zip(us).map(|(by, us)| Ok(Deed { by, at: at(us)? })).transpose()
}

fn many(row: &Row<'_>, place: usize) -> Result<u64, StoreError> {
    u64::try_from(row.int(place)?).map_err(|_| StoreError::Corrupt("a count of a proposal".into()))
}

fn sum(row: &Row<'_>, place: usize) -> Result<i128, StoreError> {
    row.parsed(place, "sum of a proposal", |it| it.parse().ok())
}

fn proposal(row: &Row<'_>) -> Result<Proposal, StoreError> {
    let made = deed(row, price_proposals!(made_by), price_proposals!(made_us))?;
    let limit = row.int(price_proposals!(limit_tenths))?;
    Ok(Proposal {
        id: row.text(price_proposals!(id))?,
        number: row.int(price_proposals!(number))?,
        book: row.parsed(price_proposals!(book), "price book", |it| it.parse().ok())?,
        name: row.text(price_proposals!(name))?,
        currency: row.currency(price_proposals!(currency))?,
        from: at(row.int(price_proposals!(from_us))?)?,
        reason: row.text(price_proposals!(reason))?,
        limit_tenths: u32::try_from(limit).map_err(|_| StoreError::Corrupt("limit of a proposal".into()))?,
        figures: figures(row)?,
        computed: at(row.int(price_proposals!(computed_us))?)?,
        state: row.parsed(price_proposals!(state), "state of a proposal", State::parse)?,
        made: made.ok_or_else(|| StoreError::Corrupt("who made a proposal".into()))?,
        agreed: deed(row, price_proposals!(agreed_by), price_proposals!(agreed_us))?,
        applied: deed(row, price_proposals!(applied_by), price_proposals!(applied_us))?,
        ended: deed(row, price_proposals!(ended_by), price_proposals!(ended_us))?,
        revision: row.int(price_proposals!(revision))?,
    })
}

/// The figures behind the columns of the proposal.
fn figures(row: &Row<'_>) -> Result<Figures, StoreError> {
    const FIRST: usize = price_proposals!(count);
    let sides = Sides {
        before_e8: sum(row, FIRST + price_proposal_figures!(before_e8))?,
        after_e8: sum(row, FIRST + price_proposal_figures!(after_e8))?,
    };
    let against = FIRST + price_proposal_figures!(against);
    Ok(Figures {
        against: row.parsed(against, "price book", |it| it.parse().ok())?,
        month: row.text(FIRST + price_proposal_figures!(month))?,
        all: many(row, FIRST + price_proposal_figures!(all_customers))?,
        customers: many(row, FIRST + price_proposal_figures!(customers))?,
        charged: many(row, FIRST + price_proposal_figures!(charged))?,
        more: many(row, FIRST + price_proposal_figures!(more_count))?,
        less: many(row, FIRST + price_proposal_figures!(less_count))?,
        failed: many(row, FIRST + price_proposal_figures!(failed))?,
        sides,
        moved_e8: sum(row, FIRST + price_proposal_figures!(moved_e8))?,
    })
}

/// Takes the number of the next proposal, or of the next price change without one; whoever takes another waits until `tx` ends.
pub fn next_number(tx: &mut Tx<'_>) -> Result<i64, StoreError> {
    tx.one(NEXT_NUMBER, &[], "number of a price change", |row| row.int(0))
}

fn by(it: Option<&Deed>) -> Value<'_> {
    it.map(|it| it.by.as_str()).into()
}

fn when(it: Option<&Deed>) -> Value<'_> {
    it.map(|it| us(it.at)).into()
}

/// Adds a proposal with the text of its book and those who move most.
///
/// Errors: `Differs` when its id is taken; `Stale` when another one took its number meanwhile.
pub fn add(tx: &mut Tx<'_>, it: &Proposal, text: &BookText, movers: &[Mover]) -> Result<(), StoreError> {
    let args: [Value<'_>; price_proposals!(count)] = [
        it.id.as_str().into(),
        it.number.into(),
        it.book.to_string().into(),
        it.name.as_str().into(),
        it.currency.as_str().into(),
        us(it.from).into(),
        it.reason.as_str().into(),
        i64::from(it.limit_tenths).into(),
        us(it.computed).into(),
        it.state.as_str().into(),
        it.made.by.as_str().into(),
        us(it.made.at).into(),
        by(it.agreed.as_ref()),
        when(it.agreed.as_ref()),
        by(it.applied.as_ref()),
        when(it.applied.as_ref()),
        by(it.ended.as_ref()),
        when(it.ended.as_ref()),
        it.revision.into(),
    ];
    if tx.exec(ADD, &args)? == 0 {
        return match get(tx, &it.id)? {
            Some(_) => Err(StoreError::Differs(format!("proposal {}", it.id))),
            None => Err(StoreError::Stale("the list of proposals".into())),
        };
    }
    tx.exec(ADD_TEXT, &[it.id.as_str().into(), text.body.as_str().into(), text.format.into()])?;
    show(tx, it, movers)
}

/// Keeps its figures in place of those before.
pub fn show(tx: &mut Tx<'_>, it: &Proposal, movers: &[Mover]) -> Result<(), StoreError> {
    let id = it.id.as_str();
    tx.exec(DROP_FIGURES, &[id.into()])?;
    tx.exec(DROP_MOVERS, &[id.into()])?;
    let (of, count) = (&it.figures, |it: u64| i64::try_from(it).unwrap_or(i64::MAX));
    let args: [Value<'_>; price_proposal_figures!(count)] = [
        id.into(),
        of.against.to_string().into(),
        of.month.as_str().into(),
        count(of.all).into(),
        count(of.customers).into(),
        count(of.charged).into(),
        count(of.more).into(),
        count(of.less).into(),
        count(of.failed).into(),
        of.sides.before_e8.to_string().into(),
        of.sides.after_e8.to_string().into(),
        of.moved_e8.to_string().into(),
    ];
    tx.exec(ADD_FIGURES, &args)?;
    let rows: Vec<[Value<'_>; 6]> = (1_i64..).zip(movers).map(|it| mover_row(id, it.0, it.1)).collect();
    tx.many(ADD_MOVER, &rows).map(drop)
}

fn mover_row<'a>(proposal: &'a str, number: i64, it: &'a Mover) -> [Value<'a>; 6] {
    [
        proposal.into(),
        number.into(),
        it.account.to_string().into(),
        it.name.as_str().into(),
        it.sides.before_e8.to_string().into(),
        it.sides.after_e8.to_string().into(),
    ]
}

/// Writes where it stands. Errors: `Stale` when somebody else did so meanwhile.
pub fn save(tx: &mut Tx<'_>, it: &Proposal) -> Result<(), StoreError> {
    let args: [Value<'_>; 11] = [
        it.id.as_str().into(),
        i64::from(it.limit_tenths).into(),
        us(it.computed).into(),
        it.state.as_str().into(),
        by(it.agreed.as_ref()),
        when(it.agreed.as_ref()),
        by(it.applied.as_ref()),
        when(it.applied.as_ref()),
        by(it.ended.as_ref()),
        when(it.ended.as_ref()),
        it.revision.into(),
    ];
    match tx.exec(SAVE, &args)? {
        0 => Err(StoreError::Stale(format!("proposal {}", it.id))),
        _ => Ok(()),
    }
}

/// One proposal, if there is one.
pub fn get(tx: &mut Tx<'_>, id: &str) -> Result<Option<Proposal>, StoreError> {
    Ok(tx.rows(GET, &[id.into()], proposal)?.into_iter().next())
}

/// All proposals, the last one first.
pub fn all(tx: &mut Tx<'_>) -> Result<Vec<Proposal>, StoreError> {
    tx.rows(ALL, &[], proposal)
}

/// The proposal that a book was applied by, if one was.
pub fn applied_with(tx: &mut Tx<'_>, book: BookId) -> Result<Option<String>, StoreError> {
    Ok(tx.rows(APPLIED_WITH, &[book.to_string().into()], |row| row.text(0))?.into_iter().next())
}

/// The text of its book. Errors: `NotFound`.
pub fn text(tx: &mut Tx<'_>, id: &str) -> Result<BookText, StoreError> {
    tx.one(TEXT, &[id.into()], &format!("proposal {id}"), |row| {
        Ok(BookText { body: row.text(0)?, format: row.int(1)? })
    })
}

/// The customers that move most by its figures.
pub fn movers(tx: &mut Tx<'_>, id: &str) -> Result<Vec<Mover>, StoreError> {
    tx.rows(MOVERS, &[id.into()], |row| {
        let sides = Sides { before_e8: sum(row, 2)?, after_e8: sum(row, 3)? };
        let account = row.parsed(0, "account", |it| it.parse().ok())?;
        Ok(Mover { account, name: row.text(1)?, sides })
    })
}
