//! Price books: applied from a date, stored as they were written, taken back before they begin.
//!
//! In:  the files of a book. Out: books to price with.
//! Invariant: what is billed is never priced again; the books of one currency say nothing of another; all have one zone.

use super::facts::{self, Fact};
use super::scheduled::{Among, Next, is_compared, next_moves, the_one_before, told_as};
pub(crate) use super::scheduled::{heads, known, until};
use super::stored_books::{format, framed, loaded, numbered, read_all};
use super::{At, Desk, Refusal, contract_prices, events, living, price_changes};
use billing::alike;
use billing::book::{Book, Due};
use billing::books::Books;
use billing::plan::{Plan, PlanError};
use billing::proposal::ProposalError;
use pricebook::{Amended, Files, Format, Reading};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use store::books::{BookHead, BookText, StoredBook};
use store::corrections::prices::{self, CorrectionBook};
use store::{StoreError, Tx, books};
use units::{BookId, Calendar, Currency, MoneyError, Timestamp};

/// A book that was applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Applied {
    pub id: BookId,
    pub from: Timestamp,
    /// The same book was applied before: nothing changed.
    pub before: bool,
}

/// A book that was read and checked, with the text that it will be stored as.
///
/// Reading takes long where a book is large: it is done before anything is locked.
#[derive(Clone, Debug)]
pub struct Prepared {
    pub book: Arc<Book>,
    text: BookText,
    /// Who applies it; empty where nobody is noted.
    by: String,
}

impl Prepared {
    /// The same, applied by somebody whom the audit log names like this.
    pub fn by(self, actor: &str) -> Prepared {
        Prepared { by: actor.to_string(), ..self }
    }

    /// As it is stored.
    pub fn text(&self) -> &BookText {
        &self.text
    }
}

/// Reads a book as one that is new. Errors: `Book` with every problem.
pub fn read(files: &Files, from: Option<Timestamp>) -> Result<Book, Refusal> {
    pricebook::load(files, from).map_err(Refusal::Book)
}

/// Reads a new book that is to be applied from `from` on; `None` takes the date in the book.
///
/// Errors: `Book` with every problem; a currency that was superseded.
pub fn prepared(files: &Files, from: Option<Timestamp>) -> Result<Prepared, Refusal> {
    let prepared = prepared_as(files, Reading { from, format: Format::NEWEST })?;
    prepared.book.currency.active()?;
    Ok(prepared)
}

/// Reads a book that was kept as text and is to be applied from `from` on, as it was read when it was kept.
///
/// Errors: as of `prepared`; a format that this program does not know.
pub fn again(text: &BookText, from: Timestamp) -> Result<Prepared, Refusal> {
    let reading = Reading { from: Some(from), format: numbered(text.format)? };
    let prepared = prepared_as(&Files::from_text(&text.body), reading)?;
    prepared.book.currency.active()?;
    Ok(prepared)
}

fn prepared_as(files: &Files, reading: Reading) -> Result<Prepared, Refusal> {
    let book = pricebook::load_as(files, reading).map_err(Refusal::Book)?;
    Ok(Prepared {
        book: Arc::new(book),
        text: BookText { body: files.to_text(), format: reading.format.number() },
        by: String::new(),
    })
}

/// Reads and applies a book in books of which no operator set anything, such as those of a demo. Errors: those of `prepared` and `add`.
pub fn apply(
    tx: &mut Tx<'_>,
    files: &Files,
    from: Option<Timestamp>,
    now: Timestamp,
) -> Result<Applied, Refusal> {
    add(tx, Desk::empty().at(now), &prepared(files, from)?)
}

/// Applies a book that was read before, by the desk's limit of price changes; its books are those that the caller has read already.
/// Where it charges what lives otherwise, whoever that hits is told. The same again changes nothing, and tells nobody.
///
/// Errors: as of `put`; `ByProposal` where it charges what lives otherwise and a limit of price changes is set: one that does not leaves
/// what a later one changes as it was. Source: R-PRC-6.
pub fn add(tx: &mut Tx<'_>, at: At<'_>, prepared: &Prepared) -> Result<Applied, Refusal> {
    let entry = checked(tx, at, &prepared.book)?;
    if entry.shifts && at.desk.price_limit_tenths.is_some() {
        return Err(ProposalError::ByProposal.into());
    }
    if entry.shifts && entry.moves {
        price_changes::applied(tx, &prepared.book, at.now)?;
    }
    entered(tx, at, &New { prepared, entry })
}

/// Applies a book of which customers are told by whoever applies it. The same again changes nothing.
///
/// Errors: `BookTooEarly` for a date before what is billed already in its currency, since that is never priced again;
/// `BookOther` when it has another zone than the others; `BookDrops` when it has no price for what lives in its currency;
/// `BookWithheld` when it was to begin before, and did not; `LaterFirst` where it shifts prices, the later one would charge what
/// lives otherwise than this one, no proposal compares it with this one, and a limit of price changes is set.
pub(crate) fn put(tx: &mut Tx<'_>, at: At<'_>, prepared: &Prepared) -> Result<Applied, Refusal> {
    let entry = checked(tx, at, &prepared.book)?;
    entered(tx, at, &New { prepared, entry })
}

/// How a book that may be applied stands to those that are.
#[derive(Clone, Copy, Debug)]
struct Entry {
    /// It was applied before.
    before: bool,
    /// It charges something that lives otherwise than the book that holds until then.
    moves: bool,
    /// And than the one that would hold from its instant on without it, which begins then or before.
    shifts: bool,
}

/// Whether a book may be applied. Errors: as of `put`.
fn checked(tx: &mut Tx<'_>, at: At<'_>, book: &Arc<Book>) -> Result<Entry, Refusal> {
    let books = &at.desk.books;
    let heads = heads(tx)?;
    let there = heads.iter().find(|it| it.id == book.id);
    if let Some(why) = there.and_then(|it| it.withheld.clone()) {
        return Err(Refusal::BookWithheld { from: book.from, why });
    }
    if there.is_some() {
        return Ok(Entry { before: true, moves: false, shifts: false });
    }
    let billed = store::bills::last_posted(tx, book.currency)?;
    if let Some(billed) = billed.filter(|it| book.from < *it) {
        return Err(Refusal::BookTooEarly { from: book.from, billed });
    }
    if let Some(last) = heads.iter().find(|it| it.withheld.is_none()) {
        goes_with(book, &books::get(tx, last.id)?)?;
    }
    let before = the_one_before(tx, books, book, &heads)?;
    let change = living::Change { before, book };
    let kept = living::keeps(tx, &change, at.now)?;
    let hidden = in_force(&heads, book.currency, book.from).map(|it| known(tx, books, it)).transpose()?;
    let shifts = living::Change { before: hidden, book }.moves(&kept);
    Ok(Entry { before: false, moves: change.moves(&kept), shifts })
}

/// A book that may be applied.
struct New<'a> {
    prepared: &'a Prepared,
    entry: Entry,
}

/// Enters it. A later book follows this one from now on: whom that hits is told. What that one changes is another change than before
/// only where this one shifts prices. Errors: as of `put`.
fn entered(tx: &mut Tx<'_>, at: At<'_>, new: &New<'_>) -> Result<Applied, Refusal> {
    let New { prepared, entry: Entry { before, shifts, .. } } = *new;
    let book = &prepared.book;
    let (id, name, currency, from) = (book.id, book.name.clone(), book.currency, book.from);
    let head =
        BookHead { id, name, currency, from, applied: at.now, by: prepared.by.clone(), withheld: None };
    books::add(tx, &head, &prepared.text)?;
    if before {
        return Ok(Applied { id, from, before });
    }
    facts::note(tx, &[Fact::book(id, from, &prepared.text)], at.now)?;
    if let Some(next) = next_moves(tx, &at.desk.books, &head)? {
        if shifts {
            may_follow(tx, at, &next)?;
        }
        price_changes::again(tx, &next.book, at.now)?;
    }
    Ok(Applied { id, from, before })
}

/// Errors: `LaterFirst` where a limit of price changes is set, and no proposal compares a book with the one that it follows by now.
fn may_follow(tx: &mut Tx<'_>, at: At<'_>, next: &Next) -> Result<(), Refusal> {
    match at.desk.price_limit_tenths.is_some() && !is_compared(tx, next)? {
        true => Err(ProposalError::LaterFirst(next.book.id).into()),
        false => Ok(()),
    }
}

/// Whether a book begins at its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beginning {
    Begins,
    /// It drops what lives: the one before it goes on; the operator is told, whoever was told of it, and whom a later one hits
    /// that follows the one before by now.
    Withheld,
}

/// The time of a book has come: it begins, unless it drops what lives by now; whoever bought what it charges otherwise since the
/// others were told is told, by the one that holds then where several begin. Source: R-CAT-1, R-PRC-6.
///
/// Errors: `Stale` when somebody else said so meanwhile.
pub fn begin(tx: &mut Tx<'_>, at: At<'_>, id: BookId) -> Result<Beginning, Refusal> {
    let heads = heads(tx)?;
    let head = heads.iter().find(|it| it.id == id);
    let head = head.ok_or_else(|| Refusal::missing(format!("price book {id}")))?;
    let book = &known(tx, &at.desk.books, id)?;
    let before = the_one_before(tx, &at.desk.books, book, &heads)?;
    let change = living::Change { before, book };
    match living::keeps(tx, &change, at.now) {
        Ok(kept) => {
            books::begun(tx, id, at.now)?;
            let holds = in_force(&heads, book.currency, book.from) == Some(id);
            if holds && change.moves(&kept) {
                let told = told_as(tx, &at.desk.books, book, Among { heads: &heads, lives: &kept })?;
                price_changes::again(tx, &told, at.now)?;
            }
            Ok(Beginning::Begins)
        }
        Err(Refusal::BookDrops(why)) => {
            books::withhold(tx, id, &why)?;
            events::withheld(tx, head, &why, at.now)?;
            price_changes::undone(tx, id, at.now)?;
            if let Some(next) = next_moves(tx, &at.desk.books, head)? {
                price_changes::again(tx, &next.book, at.now)?;
            }
            Ok(Beginning::Withheld)
        }
        Err(refusal) => Err(refusal),
    }
}

/// Errors: `BookOther` when the book has another zone than those that were applied.
pub(crate) fn goes_with_others(tx: &mut Tx<'_>, book: &Book) -> Result<(), Refusal> {
    match books::ids(tx)?.last() {
        Some(last) => goes_with(book, &books::get(tx, *last)?),
        None => Ok(()),
    }
}

/// Cycles go by one zone: later books of any currency keep it.
fn goes_with(book: &Book, last: &books::StoredBook) -> Result<(), Refusal> {
    let last = framed(last)?;
    match book.zone == last.zone {
        true => Ok(()),
        false => Err(Refusal::BookOther { here: last.zone, there: book.zone.clone() }),
    }
}

/// Takes a book back that has not begun; whoever was told of it is told so.
///
/// Errors: `OfProposal` for one that a proposal applied; as of `take_back`.
pub fn undo(tx: &mut Tx<'_>, at: At<'_>, id: BookId) -> Result<(), Refusal> {
    match store::proposals::applied_with(tx, id)? {
        Some(of) => Err(ProposalError::OfProposal(of).into()),
        None => {
            take_back(tx, at, id)?;
            price_changes::undone(tx, id, at.now)
        }
    }
}

/// The same of a book that a proposal applied. Where a later one follows another book now, whom that hits is told.
///
/// Errors: `NotFound`; `BookInForce` when it began, or anything names it; `LaterFirst` where the later one would charge otherwise what
/// lives, no proposal compares it with the book that it would follow, and a limit of price changes is set. Source: R-PRC-6.
pub(crate) fn take_back(tx: &mut Tx<'_>, at: At<'_>, id: BookId) -> Result<(), Refusal> {
    let missing = || Refusal::missing(format!("price book {id}"));
    let book = heads(tx)?.into_iter().find(|it| it.id == id).ok_or_else(missing)?;
    // A line names a book only for time after its begin, and is posted later than that.
    let billed = store::bills::last_posted(tx, book.currency)?.is_some_and(|it| book.from < it);
    let began = book.withheld.is_none() && (book.from <= at.now || billed);
    if began || books::is_named(tx, id)? {
        return Err(Refusal::BookInForce(book.from));
    }
    books::remove(tx, id)?;
    facts::note(tx, &[Fact::book_gone(id)], at.now)?;
    if book.withheld.is_some() {
        return Ok(());
    }
    let Some(next) = next_moves(tx, &at.desk.books, &book)? else { return Ok(()) };
    may_follow(tx, at, &next)?;
    price_changes::again(tx, &next.book, at.now)
}

/// What changes from the book `against` (or the one of their currency that holds at `now`) to these files, part by part.
///
/// Errors: `Book` with every problem; `NotFound`; no book that holds; a book of another currency.
pub fn diff(
    tx: &mut Tx<'_>,
    files: &Files,
    against: Option<BookId>,
    now: Timestamp,
) -> Result<Vec<pricebook::Change>, Refusal> {
    let after = read(files, None)?;
    let against = match against {
        Some(id) => id,
        None => in_force(&heads(tx)?, after.currency, now).ok_or(PlanError::NoBook(after.currency, now))?,
    };
    compared(&loaded(&books::get(tx, against)?)?, &after)
}

/// What changes from one book to another, part by part. Errors: `Currency` for prices of two currencies.
pub fn compared(before: &Book, after: &Book) -> Result<Vec<pricebook::Change>, Refusal> {
    match before.currency == after.currency {
        true => Ok(pricebook::diff(before, after)),
        false => Err(MoneyError::Currency(before.currency, after.currency).into()),
    }
}

/// What changes from a stored book to one that was read, part by part. Errors: `NotFound`, `Currency`.
pub fn changes(
    tx: &mut Tx<'_>,
    at: At<'_>,
    against: BookId,
    after: &Book,
) -> Result<Vec<pricebook::Change>, Refusal> {
    compared(known(tx, &at.desk.books, against)?.as_ref(), after)
}

/// Resources of a product that a book charges otherwise than the one before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Touched {
    pub product: String,
    /// Those that have not ended.
    pub resources: i64,
    /// Of those, the ones that are paid ahead: they cost otherwise from their renewal on.
    pub renewals: i64,
    pub of: i64,
}

/// What lives, by product, and how much of it `after` charges otherwise than a stored book; products of which nothing does are
/// left out. What is bought or changed later is not in it.
pub fn touched(
    tx: &mut Tx<'_>,
    at: At<'_>,
    against: BookId,
    after: &Arc<Book>,
) -> Result<Vec<Touched>, Refusal> {
    let before = &known(tx, &at.desk.books, against)?;
    let mut found: BTreeMap<String, Touched> = BTreeMap::new();
    for it in store::resources::living(tx, after.currency)? {
        let plans = [before, after].map(|book| Plan::resolve(book, &it.product, &it.options));
        let is_same = matches!(&plans, [Ok(before), Ok(after)] if alike::charges_alike(before, after));
        let none = Touched { product: it.product.clone(), resources: 0, renewals: 0, of: 0 };
        let sum = found.entry(it.product).or_insert(none);
        sum.of += it.count;
        sum.resources += if is_same { 0 } else { it.count };
        let renews = matches!(&plans, [Ok(before), Ok(after)] if !is_same && at_renewal(before, after));
        sum.renewals += if renews { it.count } else { 0 };
    }
    Ok(found.into_values().filter(|it| it.resources > 0).collect())
}

/// Whether all that costs otherwise is paid ahead: then what is paid stays, and the next renewal costs otherwise.
fn at_renewal(before: &Plan, after: &Plan) -> bool {
    let ahead = |plan: &Plan, id: &str| {
        plan.parts.iter().any(|it| it.due == Due::Order && plan.component(it).id == id)
    };
    let changed = alike::changed(before, after);
    !changed.is_empty() && changed.iter().all(|it| ahead(before, it.component) || ahead(after, it.component))
}

/// The book of a currency that holds at `now`, out of all of them with the latest first. Source: R-MON-5.
pub fn in_force(heads: &[BookHead], currency: Currency, now: Timestamp) -> Option<BookId> {
    let holds = |it: &&BookHead| it.currency == currency && it.from <= now && it.withheld.is_none();
    heads.iter().find(holds).map(|it| it.id)
}

/// All applied books, ready to price with. Those that `known` has are not read again.
pub fn all(tx: &mut Tx<'_>, known: &Books) -> Result<Books, Refusal> {
    let mut heads = heads(tx)?;
    heads.reverse();
    let new: Vec<BookId> = heads.iter().map(|it| it.id).filter(|id| known.get(*id).is_none()).collect();
    let read = match new.len() {
        0 => Vec::new(),
        count if count == heads.len() => read_all(&books::all(tx)?)?,
        _ => read_all(&new.iter().map(|id| books::get(tx, *id)).collect::<Result<Vec<_>, _>>()?)?,
    };
    let read: HashMap<BookId, Arc<Book>> = read.into_iter().map(|it| (it.id, it)).collect();
    let (mut versions, mut withheld) = (Vec::new(), Vec::new());
    for head in heads {
        let missing = || StoreError::NotFound(format!("price book {}", head.id));
        let book = known.get(head.id).or_else(|| read.get(&head.id)).ok_or_else(missing)?;
        let list = if head.withheld.is_none() { &mut versions } else { &mut withheld };
        list.push(book.clone());
    }
    let books = Books::new(versions).knowing(withheld).keeping(kept(tx, known)?);
    contract_prices::laid_over(tx, books, known.contracts())
}

/// Whether these are the books that are applied, those that corrections name, and what was agreed with accounts, by now.
pub fn is_current(tx: &mut Tx<'_>, here: &Books) -> Result<bool, Refusal> {
    let ids = |all: &[Arc<Book>]| -> Vec<BookId> { all.iter().map(|it| it.id).collect() };
    let mut kept = ids(here.kept());
    kept.sort_by_key(ToString::to_string);
    let agreed = here.contracts().revision == store::contract_prices::revision(tx)?;
    Ok(agreed && ids(here.all()) == books::ids(tx)? && kept == prices::book_ids(tx)?)
}

/// The books that corrections name. Those that `known` has are not read again.
fn kept(tx: &mut Tx<'_>, known: &Books) -> Result<Vec<Arc<Book>>, Refusal> {
    let ids = prices::book_ids(tx)?;
    let found: Option<Vec<Arc<Book>>> = ids.iter().map(|id| known.get(*id).cloned()).collect();
    if let Some(found) = found {
        return Ok(found);
    }
    prices::books(tx)?.into_iter().map(|it| loaded(&as_stored(it)).map(Arc::new)).collect()
}

fn as_stored(it: CorrectionBook) -> StoredBook {
    let CorrectionBook { id, name, from, text } = it;
    StoredBook { id, name, from, text, withheld: None }
}

/// A book as it is stored, also one that only corrections name. Errors: `NotFound`.
fn kept_or_applied(tx: &mut Tx<'_>, id: BookId) -> Result<StoredBook, Refusal> {
    match prices::book_ids(tx)?.contains(&id) {
        true => Ok(as_stored(prices::book(tx, id)?)),
        false => Ok(books::get(tx, id)?),
    }
}

/// Whether there is such a book, applied or kept for corrections.
pub(crate) fn is_kept(tx: &mut Tx<'_>, id: BookId) -> Result<bool, Refusal> {
    Ok(books::ids(tx)?.contains(&id) || prices::book_ids(tx)?.contains(&id))
}

/// The book of its currency that holds when `book` begins, and no other: what `add` asks for.
pub fn holding(tx: &mut Tx<'_>, book: &Book) -> Result<Books, Refusal> {
    match in_force(&heads(tx)?, book.currency, book.from) {
        Some(id) => Ok(Books::new(vec![Arc::new(loaded(&books::get(tx, id)?)?)])),
        None => Ok(Books::default()),
    }
}

/// The calendar of the newest book: all have one zone.
pub fn calendar(books: &Books) -> Result<Calendar, Refusal> {
    match books.all().last() {
        Some(book) => Ok(Calendar::in_zone(&book.zone)?),
        None => Ok(Calendar::settlement()),
    }
}

/// A book with prices changed, to be applied from `at` on, or kept for a correction of what held then. Source: R-PRC-6.
///
/// Errors: `Book` with every problem of the amendment.
pub fn amended(tx: &mut Tx<'_>, book: &Book, at: Timestamp, amendment: &str) -> Result<Prepared, Refusal> {
    let stored = kept_or_applied(tx, book.id)?;
    let reading = Reading { from: Some(at), format: format(&stored)? };
    let files = Files::from_text(&stored.text.body);
    let Amended { book, files } =
        pricebook::amended(book, &files, amendment, reading).map_err(Refusal::Book)?;
    let text = BookText { body: files.to_text(), format: reading.format.number() };
    Ok(Prepared { book: Arc::new(book), text, by: String::new() })
}

/// `books` with one that is kept for corrections to name.
pub fn keeping(books: &Books, book: Arc<Book>) -> Books {
    let others = books.kept().iter().filter(|it| it.id != book.id);
    let kept = others.cloned().chain([book.clone()]).collect();
    books.clone().keeping(kept)
}

impl Desk {
    /// A desk over the books that a database holds.
    pub fn open(tx: &mut Tx<'_>) -> Result<Desk, Refusal> {
        let books = all(tx, &Books::default())?;
        let calendar = calendar(&books)?;
        let mail = store::letters::mailing(tx)?;
        Ok(Desk { books, calendar, mail, ..Desk::empty() })
    }
}
