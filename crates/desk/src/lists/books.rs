//! Price books as they stand among each other.

use crate::books::{heads, in_force, known, until};
use crate::page::{Page, Part};
use crate::{At, Refusal, settled};
use billing::book::Book;
use billing::plan::PlanError;
use pricebook::Files;
use std::sync::Arc;
use store::{Tx, books, price_notices};
use units::{BookId, Currency};

pub use store::books::BookHead;

/// When a book holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Another one of its currency holds since.
    Past,
    InForce,
    /// It begins later.
    Scheduled,
    /// It dropped what lived when its time came, and did not begin. Source: R-CAT-1.
    Withheld,
}

impl State {
    pub const ALL: [State; 4] = [State::Past, State::InForce, State::Scheduled, State::Withheld];

    pub const fn as_str(self) -> &'static str {
        match self {
            State::Past => "past",
            State::InForce => "in_force",
            State::Scheduled => "scheduled",
            State::Withheld => "withheld",
        }
    }
}

/// A book without its files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    pub head: BookHead,
    pub state: State,
}

/// A book with its files.
#[derive(Clone, Debug)]
pub struct Shown {
    pub head: BookHead,
    pub state: State,
    pub files: Files,
}

/// Books, the one that begins last first.
pub fn page(tx: &mut Tx<'_>, at: At<'_>, part: &Part) -> Result<Page<Shown>, Refusal> {
    let heads = heads(tx)?;
    part.cursor::<BookId>()?;
    let page = Page::out_of(heads.clone(), part, |it| it.id.to_string())?;
    page.try_map(|head| shown(tx, state(at, &head, &heads), head))
}

/// The same without their files: one statement, however many there are.
pub fn standings(tx: &mut Tx<'_>, at: At<'_>, part: &Part) -> Result<Page<Standing>, Refusal> {
    let heads = heads(tx)?;
    part.cursor::<BookId>()?;
    let page = Page::out_of(heads.clone(), part, |it| it.id.to_string())?;
    Ok(page.map(|head| Standing { state: state(at, &head, &heads), head }))
}

/// One book. Errors: `NotFound`.
pub fn one(tx: &mut Tx<'_>, at: At<'_>, id: BookId) -> Result<Shown, Refusal> {
    let heads = heads(tx)?;
    let head = heads.iter().find(|it| it.id == id);
    let head = head.ok_or_else(|| Refusal::missing(format!("price book {id}")))?;
    shown(tx, state(at, head, &heads), head.clone())
}

/// One book with what it says, read. Errors: `NotFound`.
pub fn whole(tx: &mut Tx<'_>, at: At<'_>, id: BookId) -> Result<(Shown, Arc<Book>), Refusal> {
    Ok((one(tx, at, id)?, known(tx, &at.desk.books, id)?))
}

/// How many customers were told so far that prices change by a book; `None` where it changes none, or a proposal applied it.
pub fn told(tx: &mut Tx<'_>, id: BookId) -> Result<Option<i64>, Refusal> {
    match price_notices::last_of(tx, id)? {
        Some(change) => Ok(Some(price_notices::count(tx, &change.id)?)),
        None => Ok(None),
    }
}

/// The book of a currency that holds now, without its files; `None` before the first.
pub fn holding(tx: &mut Tx<'_>, at: At<'_>, currency: Currency) -> Result<Option<BookHead>, Refusal> {
    let heads = heads(tx)?;
    let holds = in_force(&heads, currency, at.now);
    Ok(heads.into_iter().find(|it| Some(it.id) == holds))
}

/// The book of the same currency that holds until this one begins; `None` for the first.
pub fn before(tx: &mut Tx<'_>, of: &BookHead) -> Result<Option<BookHead>, Refusal> {
    Ok(until(&heads(tx)?, of.currency, of.from).cloned())
}

fn shown(tx: &mut Tx<'_>, state: State, head: BookHead) -> Result<Shown, Refusal> {
    Ok(Shown { files: Files::from_text(&books::get(tx, head.id)?.text.body), state, head })
}

/// How a book stands among all of them.
fn state(at: At<'_>, head: &BookHead, all: &[BookHead]) -> State {
    match () {
        () if head.withheld.is_some() => State::Withheld,
        () if head.from > at.now => State::Scheduled,
        () if in_force(all, head.currency, at.now) == Some(head.id) => State::InForce,
        () => State::Past,
    }
}

/// Whether the database answers, the clock is right, and a book holds now.
///
/// Errors: `ClockBehind` for a node that writes nothing; `Plan` without a book of any currency.
pub fn ready(tx: &mut Tx<'_>, at: At<'_>) -> Result<(), Refusal> {
    settled::check_node(tx, at)?;
    let holds = at.desk.books.holding(at.now).next();
    Ok(holds.map(drop).ok_or(PlanError::NoBooks(at.now))?)
}
