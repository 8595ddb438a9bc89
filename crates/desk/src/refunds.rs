//! Refunds: what would go back of a resource or a pack, and giving it back.
//!
//! In:  something of an account. Out: what goes back line by line and to which purses; the refund, and all that follows.
//! Invariant: a refund gives what its quote says at the same instant; the wallet is held before anything is read that the sum
//! depends on; one bill, one row, in one transaction; what was given back is not given back again.
//! Rules: R-REF-1 to R-REF-6, R-PKG-14, R-ORD-5, R-WAL-4, section 20 of the rules.

use super::act::Act;
use super::card_refunds::{self, Back, ToCard};
use super::sheet::Moved;
use super::{At, Refusal, after, freezes, letters, steps};
use billing::bill::Bill;
use billing::life::{self, Standing};
use billing::order::open::Open;
use billing::order::{self, Event, OrderError};
use billing::passbook::Passbook;
use billing::plan::PlanError;
use billing::refund::of_pack::AskedOfPack;
use billing::refund::rule::{RefundRule, RefundSpan};
use billing::refund::to_card::CashTo;
use billing::refund::{self, About, Asked, Counted, RefundError, Term, Way};
use billing::resource::{EndedBy, Resource};
use billing::wallet::{Paid, Wallet};
use store::accounts::Held;
use store::orders::StoredOrder;
use store::refunds;
pub use store::refunds::{PaidTerm, Refund, Seen, Subject};
use store::resources::StoredResource;
use store::{StoreError, Tx, Writes, accounts, orders, packs, resources};
use units::{AccountId, Currency, Money, OrderId, PackId, RefundId, ResourceId, Timestamp};

/// Something that is to be given back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted {
    pub account: AccountId,
    pub subject: Subject,
    /// What is expected at least: it becomes less with time.
    pub least: Option<Money>,
    /// Where its cash goes. Source: R-REF-4.
    pub cash_to: CashTo,
}

/// What would go back, and how that comes about.
#[derive(Clone, Debug)]
pub struct Proposal {
    pub subject: Subject,
    pub name: String,
    pub product: String,
    pub refund: refund::Refund,
    /// Where it would go: the purses that paid, and a debt that it pays first.
    pub back: Paid,
    /// What of its cash would go back to which card, if it is to go there; empty where it cannot.
    pub to_cards: Vec<ToCard>,
    /// The orders that it is of, the one that runs first.
    pub terms: Vec<PaidTerm>,
    /// What vouchers paid of those orders: none of it goes back. Source: R-VOU-5.
    pub by_vouchers: Money,
    /// For how many seconds it lies in the bin then; 0 where it is gone at once, as a pack. Source: R-REF-5.
    pub bin_seconds: u64,
}

/// What is given back, as it was read.
enum Thing {
    Resource(Box<StoredResource>),
    Pack(Box<billing::pack::Pack>),
}

/// All that a refund is found by.
struct Found {
    thing: Thing,
    name: String,
    terms: Vec<PaidTerm>,
    orders: Vec<StoredOrder>,
    refund: refund::Refund,
}

/// What would go back of something now. Nothing is kept.
///
/// Errors: `NotFound`, also for what is another account's; every reason of `billing::refund`; an order that a card is paying.
pub fn quote(tx: &mut Tx<'_>, at: At<'_>, account: AccountId, subject: Subject) -> Result<Proposal, Refusal> {
    let Found { thing, name, terms, orders, refund } = find(tx, at, account, subject)?;
    if let Subject::Resource(id) = subject {
        waiting(tx, account, id)?;
    }
    let currency = accounts::get(tx, account)?.currency;
    let wallet = store::ledger::get(tx, account, currency)?.wallet;
    let back = back(passbook(tx, at, wallet, &refund.paid)?, &refund, at.now)?;
    let parts = card_refunds::parts(tx, at, back.purses().cash(), &with_orders(&terms, &orders))?;
    let to_cards = card_refunds::named(tx, account, parts)?;
    let product = terms.first().map_or_else(String::new, |it| it.product.clone());
    let by_vouchers = by_vouchers(&terms, &orders, currency)?;
    let bin_seconds = match thing {
        Thing::Resource(it) => life::bin_seconds(at.life_of(&it.resource)?, EndedBy::Refund),
        Thing::Pack(_) => 0,
    };
    Ok(Proposal { subject, name, product, refund, back, to_cards, terms, by_vouchers, bin_seconds })
}

/// What vouchers paid of what is given back. Source: R-VOU-5.
fn by_vouchers(terms: &[PaidTerm], orders: &[StoredOrder], currency: Currency) -> Result<Money, Refusal> {
    let piece = |(term, read): (&PaidTerm, &StoredOrder)| {
        let found = read.order.pieces.iter().find(|it| it.resource == term.piece);
        found.map(|it| it.voucher)
    };
    Ok(Money::sum(terms.iter().zip(orders).filter_map(piece), currency)?)
}

/// The passbook of a wallet into which something goes back that was paid as `paid` says: where it was owed, with what granted money
/// paid of the debts. Source: R-REF-4.
pub(super) fn passbook(
    tx: &mut Tx<'_>,
    at: At<'_>,
    wallet: Wallet,
    paid: &Paid,
) -> Result<Passbook, Refusal> {
    let passbook = Passbook::new(wallet, at.now);
    if !paid.owed().is_positive() {
        return Ok(passbook);
    }
    Ok(passbook.on_debts(store::ledger::granted(tx, wallet.account(), wallet.currency())?))
}

/// Where a refund would go, above zero.
pub(super) fn back(mut passbook: Passbook, refund: &refund::Refund, now: Timestamp) -> Result<Paid, Refusal> {
    let nobody = units::BillId::named(now, "a refund that is not made");
    Ok(passbook.refund(refund.total, refund.paid, nobody)?.checked_neg()?)
}

/// Gives something back: its money goes to the purses that paid, debt first, or its cash to the cards; and it goes into the bin.
///
/// An unpaid order that renews or changes it is not valid any more. Errors: as `quote`; `Less`, `NoCard`. Source: R-REF-4, R-REF-5, section 20.
pub fn refund(tx: &mut Tx<'_>, at: At<'_>, wanted: Wanted) -> Result<Seen, Refusal> {
    let Wanted { account, subject, least, cash_to } = wanted;
    let held = freezes::held(tx, account)?;
    let Found { thing, name, terms, orders, refund } = find(tx, at, account, subject)?;
    let refund = refund.at_least(least)?;
    let first = terms.first().ok_or(RefundError::NothingPaid)?;
    let id = RefundId::named(at.now, &format!("{account} {subject}"));
    let of = about(id, account, subject, first);
    let mut passbook = passbook(tx, at, held.wallet.wallet, &refund.paid)?;
    let bill = paid_out(refund.bill(of, at.now)?, &refund, &mut passbook)?;
    let to_cards = match cash_to {
        CashTo::Wallet => Money::zero(refund.currency()),
        CashTo::Card => {
            let (cash, terms) = (bill.paid.purses().cash().checked_neg()?, with_orders(&terms, &orders));
            card_refunds::begin(tx, at, &mut passbook, Back { refund: id, cash, terms: &terms })?
        }
    };
    let mut act = Act::on(tx, at, [account])?;
    let mut writes = Writes::default();
    match thing {
        Thing::Resource(read) => {
            invalidate(tx, &mut act, &held, read.resource.id)?;
            let standing =
                Standing { arrears_since: held.account.arrears_since, balance: passbook.wallet().standing() };
            steps::give_back(&mut act, *read, standing)?;
        }
        Thing::Pack(pack) => {
            packs::give_back(&mut writes, &pack, at.now);
            act.sheet.packs.push((*pack).give_back(at.now));
        }
    }
    for StoredOrder { order, version, .. } in orders {
        act.sheet.changed.push((order::refunded(order, first.piece)?, version));
    }
    let moved = Moved { held, passbook };
    GivenBack { id, subject, name, first, refund: &refund, bill, to_cards, moved }.keep(tx, act, writes)
}

/// What goes back, with its bill and what moved for it.
pub(super) struct GivenBack<'a> {
    pub id: RefundId,
    pub subject: Subject,
    /// The name that was chosen for it.
    pub name: String,
    /// The order that runs.
    pub first: &'a PaidTerm,
    pub refund: &'a refund::Refund,
    pub bill: Bill<'static>,
    pub to_cards: Money,
    pub moved: Moved,
}

impl GivenBack<'_> {
    /// Keeps its row and its bill with what else is to be written, tells of it, and works off what follows.
    pub(super) fn keep(self, tx: &mut Tx<'_>, mut act: Act<'_>, also: Writes) -> Result<Seen, Refusal> {
        let GivenBack { id, subject, name, first, refund, bill, to_cards, moved } = self;
        let row = Refund {
            id,
            account: bill.account,
            subject,
            way: refund.way,
            bill: bill.id,
            order: first.order,
            months: refund.months,
            seconds: refund.seconds,
            at: act.at.now,
        };
        let (product, total) = (first.product.clone(), refund.total);
        let seen = Seen { refund: row.clone(), product, name, total, paid: bill.paid, to_cards };
        act.sheet.news.extend(act.ears.refunded(&bill));
        act.sheet.letters.extend(letters::refunded(act.at, &row));
        act.sheet.bills.push(bill);
        act.sheet.moved.push(moved);
        let mut writes = also;
        refunds::add(&mut writes, &row);
        tx.write(writes)?;
        after::finish(tx, act)?;
        Ok(seen)
    }
}

/// What the bill of a refund is of: the order that runs.
pub(super) fn about(id: RefundId, account: AccountId, subject: Subject, first: &PaidTerm) -> About<'_> {
    let resource = match subject {
        Subject::Resource(id) => Some(id),
        Subject::Pack(_) => None,
    };
    About { id, account, product: &first.product, region: &first.region, resource, order: first.order }
}

/// The bill with what moved for it. Source: R-REF-4, R-WAL-4.
pub(super) fn paid_out(
    bill: Bill<'static>,
    refund: &refund::Refund,
    passbook: &mut Passbook,
) -> Result<Bill<'static>, Refusal> {
    let paid = passbook.refund(refund.total, refund.paid, bill.id)?;
    match paid.total() == bill.total {
        true => Ok(Bill { paid, ..bill }),
        false => Err(Refusal::corrupt(format!(
            "{} was paid for what {} goes back of",
            refund.paid.total(),
            refund.total
        ))),
    }
}

/// The name that was chosen for something, which may be empty, and its product. Errors: `NotFound`, also for what is another account's.
pub fn named(tx: &mut Tx<'_>, account: AccountId, subject: Subject) -> Result<(String, String), Refusal> {
    match subject {
        Subject::Resource(id) => {
            let it = resources::get(tx, account, id)?.resource;
            Ok((it.name, it.product))
        }
        Subject::Pack(id) => {
            let it = pack(tx, account, id)?;
            Ok((it.name, orders::get(tx, account, it.order)?.order.product))
        }
    }
}

fn find(tx: &mut Tx<'_>, at: At<'_>, account: AccountId, subject: Subject) -> Result<Found, Refusal> {
    match subject {
        Subject::Resource(id) => of_resource(tx, at, account, id),
        Subject::Pack(id) => {
            let it = pack(tx, account, id)?;
            of_pack(tx, at, it)
        }
    }
}

fn pack(tx: &mut Tx<'_>, account: AccountId, id: PackId) -> Result<billing::pack::Pack, Refusal> {
    let found = packs::get_all(tx, account, &[id])?.pop();
    Ok(found.ok_or_else(|| StoreError::NotFound(format!("pack {id}")))?)
}

fn of_resource(tx: &mut Tx<'_>, at: At<'_>, account: AccountId, id: ResourceId) -> Result<Found, Refusal> {
    let read = resources::get(tx, account, id)?;
    let Rest { terms, orders, refund } = rest(tx, at, &read.resource, |asked| asked.refund(at.now))?;
    let name = read.resource.name.clone();
    Ok(Found { thing: Thing::Resource(Box::new(read)), name, terms, orders, refund })
}

/// What would go back of a resource, and what was paid for it.
pub(super) struct Rest {
    pub terms: Vec<PaidTerm>,
    pub orders: Vec<StoredOrder>,
    pub refund: refund::Refund,
}

/// What `decide` gives back of a resource by the orders that were paid for it.
pub(super) fn rest(
    tx: &mut Tx<'_>,
    at: At<'_>,
    it: &Resource,
    decide: impl Fn(&Asked<'_>) -> Result<refund::Refund, RefundError>,
) -> Result<Rest, Refusal> {
    let terms = refunds::terms(tx, it.account, it.id, at.now)?;
    let orders = of_terms(tx, it.account, &terms)?;
    let book = match orders.first() {
        Some(it) => at
            .desk
            .books
            .get(it.order.book)
            .ok_or(PlanError::NoBook(it.order.currency(), it.order.created))?,
        None => at.book_of(it.account, it.currency)?,
    };
    // As it was promised with what was bought; what no book knows any more is not refunded.
    let rule = at.life_of(it).ok().and_then(|it| it.refund.as_ref());
    let asked = Asked {
        resource: it,
        rule,
        terms: &with_orders(&terms, &orders),
        book,
        counted: counted(tx, at, it.account, rule)?,
        calendar: &at.desk.calendar,
    };
    let refund = decide(&asked)?;
    Ok(Rest { terms, orders, refund })
}

fn of_pack(tx: &mut Tx<'_>, at: At<'_>, pack: billing::pack::Pack) -> Result<Found, Refusal> {
    let terms: Vec<PaidTerm> = refunds::pack_term(tx, &pack)?.into_iter().collect();
    let orders = of_terms(tx, pack.account, &terms)?;
    let all = with_orders(&terms, &orders);
    let term = all.first().ok_or(RefundError::NothingPaid)?;
    let book = at
        .desk
        .books
        .get(term.order.book)
        .ok_or(PlanError::NoBook(term.order.currency(), term.order.created))?;
    let rule = book.product(&term.order.product).and_then(|it| it.refund.as_ref());
    let counted = counted(tx, at, pack.account, rule)?;
    let refund = AskedOfPack { pack: &pack, rule, term: *term, book, counted }.refund(at.now)?;
    let name = pack.name.clone();
    Ok(Found { thing: Thing::Pack(Box::new(pack)), name, terms, orders, refund })
}

/// The orders of terms, in their order.
pub(super) fn of_terms(
    tx: &mut Tx<'_>,
    account: AccountId,
    terms: &[PaidTerm],
) -> Result<Vec<StoredOrder>, Refusal> {
    let keys: Vec<(AccountId, OrderId)> = terms.iter().map(|it| (account, it.order)).collect();
    let mut found = orders::get_all(tx, &keys)?;
    let mut sorted = Vec::with_capacity(found.len());
    for it in terms {
        let place = found.iter().position(|read| read.order.id == it.order);
        let place = place.ok_or_else(|| StoreError::NotFound(format!("order {}", it.order)))?;
        sorted.push(found.swap_remove(place));
    }
    Ok(sorted)
}

/// Terms with their orders, in their order.
pub(super) fn with_orders<'a>(terms: &'a [PaidTerm], orders: &'a [StoredOrder]) -> Vec<Term<'a>> {
    let term = |(it, read): (&PaidTerm, &'a StoredOrder)| Term {
        order: &read.order,
        from: it.from,
        to: it.to,
        paid: it.paid,
    };
    terms.iter().zip(orders).map(term).collect()
}

/// What was refunded of an account before: this year, and where whole refunds are counted. Source: R-REF-1, R-REF-2, T-24.
fn counted(
    tx: &mut Tx<'_>,
    at: At<'_>,
    account: AccountId,
    rule: Option<&RefundRule>,
) -> Result<Counted, Refusal> {
    let count = |found: &[(Way, u32)], of: &dyn Fn(Way) -> bool| -> u32 {
        found.iter().filter(|it| of(it.0)).map(|it| it.1).sum()
    };
    let of_year = refunds::count(tx, account, at.desk.calendar.year(at.now)?)?;
    let rest = count(&of_year, &|way| way != Way::Whole);
    let ever = match rule.and_then(|it| it.whole).map(|it| it.per) {
        Some(RefundSpan::Account) => refunds::count(tx, account, Timestamp::MIN..Timestamp::MAX)?,
        Some(RefundSpan::Year) | None => of_year,
    };
    Ok(Counted { whole: count(&ever, &|way| way == Way::Whole), rest })
}

/// The unpaid order that renews something. Errors: `OpenOrder` for one that is being paid or delivered. Source: R-ORD-5, section 20.
fn waiting(tx: &mut Tx<'_>, account: AccountId, id: ResourceId) -> Result<Option<StoredOrder>, Refusal> {
    let Some(open) = orders::open_orders(tx, &[(account, id)])?.remove(&id) else { return Ok(None) };
    let read = orders::get(tx, account, open)?;
    match read.order.state {
        order::State::Unpaid => Ok(Some(read)),
        order::State::Paying
        | order::State::Paid
        | order::State::Delivering
        | order::State::Delivered
        | order::State::DeliveryFailed
        | order::State::Closed
        | order::State::Expired
        | order::State::Invalid
        | order::State::Refunded => Err(RefundError::OpenOrder(Open::of(&read.order)).into()),
    }
}

/// An order that was to renew it is not valid any more, with those that are to be paid with it. Source: section 20 (R-ORD-5).
fn invalidate(tx: &mut Tx<'_>, act: &mut Act<'_>, held: &Held, id: ResourceId) -> Result<(), Refusal> {
    let Some(open) = waiting(tx, held.account.id, id)? else { return Ok(()) };
    for read in orders::of_batch(tx, held.account.id, &open.order.group)? {
        if read.order.state == order::State::Unpaid {
            let state = read.order.state.on(Event::Invalidate).map_err(OrderError::from)?;
            let order = order::Order { state, ..read.order };
            act.sheet.news.extend(act.ears.order_ended(&order, held.account.currency));
            act.sheet.changed.push((order, read.version));
        }
    }
    Ok(())
}

/// A refund of an account with its bill. Errors: `NotFound`, also for one of another account.
pub fn one(tx: &mut Tx<'_>, account: AccountId, id: RefundId) -> Result<(Seen, Bill<'static>), Refusal> {
    let seen = refunds::get(tx, account, id)?;
    let bill = store::bills::get(tx, account, seen.refund.bill)?.bill;
    Ok((seen, bill))
}
