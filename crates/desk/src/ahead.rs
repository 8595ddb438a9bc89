//! What comes next for an account, with all that a page or a program says of it.
//!
//! In:  an account as it stands: its money, meters, resources, packs. Out: steps with what they are about, when its money is gone,
//! and what was taken for granted.
//! Invariant: what happens is what the course says, asked ahead; nothing is written, and no statement is made for each resource.
//! Rules: R-EXP-1 to R-EXP-5, R-ARR-1 to R-ARR-8, R-REN-2, R-PKG-2, R-PKG-15.

use super::cost::{self, AccountCost, Looked};
use super::lists::accounts::{self, Customer};
use super::outlook::{self, Standing as PackStanding};
use super::{At, Refusal, renewals};
use billing::account::Account;
use billing::ahead::course::{self, Begin, Broken, Course, Living, Price, Purse};
use billing::ahead::track::Meters;
use billing::ahead::{self, Assumption, Step};
use billing::commitment;
use billing::options::Options;
use billing::renewal::{self, RenewalError, Term};
use billing::resource::{Resource, State};
use billing::run::ProductSum;
use billing::wallet::Freeze;
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};
use store::bills::Span;
use store::{Tx, bills, commitments, ledger, orders, resources, vouchers};
use units::calendar::CalendarError;
use units::{AccountId, Amount, BookId, CycleKind, Money, PackId, ResourceId, Timestamp};

/// What comes next.
#[derive(Clone, Debug)]
pub struct Ahead {
    pub now: Timestamp,
    /// All that lies before is told.
    pub until: Timestamp,
    /// Why that is not the end that was asked for.
    pub broken: Option<Broken>,
    /// In the order of time.
    pub steps: Vec<Step>,
    /// The first step by which arrears take something, also where it is left out of those.
    pub taken: Option<Step>,
    /// Steps that are left out: they would be more than was asked for.
    pub more: usize,
    /// The resources that the steps are about.
    pub resources: BTreeMap<ResourceId, Resource>,
    pub halted: Halted,
    /// What the packs in force are called.
    pub packs: BTreeMap<PackId, String>,
    /// What there is now: all money, frozen or not, less what is owed and what paid orders take. Source: R-WAL-2.
    pub balance: Money,
    /// How much may be owed beside it: it lasts like money, and is none. Source: R-ARR-9.
    pub credit: Money,
    /// What paid orders take when they are delivered.
    pub promised: Money,
    /// Since when the account is in arrears.
    pub arrears_since: Option<Timestamp>,
    /// What a day costs of what goes by use; `None` where that cannot be computed.
    pub a_day: Option<Amount>,
    /// When a bill takes more than there is; `None` where none does before `until`.
    pub gone: Option<Timestamp>,
    /// What the balance is at `until`.
    pub left: Money,
    pub assumptions: Vec<Assumption>,
}

/// What arrears have stopped or limited already.
#[derive(Clone, Debug)]
pub struct Halted {
    /// The first of it, as many as are named.
    pub first: Vec<Resource>,
    pub all: usize,
}

impl Halted {
    /// So many are named.
    const NAMED: usize = 5;

    fn of<'a>(living: impl Iterator<Item = &'a Resource> + Clone) -> Halted {
        let halted = living.filter(|it| matches!(it.state, State::Limited | State::ArrearsStopped));
        Halted { first: halted.clone().take(Halted::NAMED).cloned().collect(), all: halted.count() }
    }
}

/// How far is looked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    Days(u64),
    /// Up to the same day and time of the next year.
    Year,
}

/// How far is looked, and how much is told.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    pub reach: Reach,
    pub most: usize,
}

impl Look {
    /// What somebody sees who only looks by: a month.
    pub const SOON: Look = Look { reach: Reach::Days(ahead::DAYS), most: 20 };

    /// A year: so many steps.
    pub const fn forecast(most: usize) -> Look {
        Look { reach: Reach::Year, most }
    }

    /// All that lies before it is told. Errors: an instant that the calendar does not reach.
    fn end(self, at: At<'_>) -> Result<Timestamp, CalendarError> {
        match self.reach {
            Reach::Days(days) => ahead::horizon(at.now, days),
            Reach::Year => at.desk.calendar.add_months(at.now, ahead::FORECAST_MONTHS),
        }
    }
}

/// An account as it stands: its money, its costs, its packs in force.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    pub customer: &'a Customer,
    pub cost: &'a AccountCost,
    pub packs: &'a [PackStanding],
}

/// What comes next for an account, with all that it follows from read. Errors: `NotFound`.
pub fn alone(tx: &mut Tx<'_>, at: At<'_>, account: AccountId, look: Look) -> Result<Ahead, Refusal> {
    let customer = accounts::one(tx, account)?;
    let packs = outlook::in_force(tx, at, account)?;
    let looked = cost::look(tx, at, &customer.account)?;
    told(tx, at, Stands { customer: &customer, looked: &looked, packs: &packs }, look)
}

/// What comes next for an account that is known: within a year, the first steps of the next month; what arrears take in the year.
pub fn of_account(tx: &mut Tx<'_>, at: At<'_>, known: Known<'_>) -> Result<Ahead, Refusal> {
    let Known { customer, cost, packs } = known;
    let most = Look::SOON.most;
    let ahead = told(tx, at, Stands { customer, looked: &cost.looked, packs }, Look::forecast(usize::MAX))?;
    let soon = ahead::horizon(at.now, ahead::DAYS)?;
    Ok(first(Ahead { steps: ahead.steps.into_iter().filter(|it| it.at < soon).collect(), ..ahead }, most))
}

/// The same with its first steps alone.
fn first(mut it: Ahead, most: usize) -> Ahead {
    it.more += it.steps.len().saturating_sub(most);
    it.steps.truncate(most);
    let named = named(&it.steps, it.taken);
    it.resources.retain(|id, _| named.contains(id));
    it
}

/// The resources that steps are about.
fn named(steps: &[Step], taken: Option<Step>) -> BTreeSet<ResourceId> {
    steps.iter().chain(taken.as_ref()).filter_map(|it| it.coming.resource()).collect()
}

/// An account with its meters.
struct Stands<'a> {
    customer: &'a Customer,
    looked: &'a [Looked],
    packs: &'a [PackStanding],
}

fn told(tx: &mut Tx<'_>, at: At<'_>, of: Stands<'_>, look: Look) -> Result<Ahead, Refusal> {
    let account = &of.customer.account;
    let until = look.end(at)?;
    let read = resources::living_of(tx, account.id)?;
    let freezes: FxHashMap<ResourceId, Freeze> = ledger::all_freezes(tx, account.id, account.currency)?
        .into_iter()
        .map(|it| (it.resource, it))
        .collect();
    let open = orders::open_until(tx, account.id)?;
    let halted = Halted::of(read.iter().map(|it| &it.resource));
    let mut lives = Vec::with_capacity(read.len());
    for read in read {
        let resource = read.resource;
        // What no book knows has no life that could be told.
        let Ok(product) = at.life_of(&resource) else { continue };
        let target = freezes.get(&resource.id).map_or(Money::zero(account.currency), |it| it.target);
        let open_until = open.get(&resource.id).copied();
        lives.push(Living { resource, product, target, open_until });
    }
    let held = Money::sum(freezes.values().map(|it| it.held.total()), account.currency)?;
    let wallet = of.customer.wallet;
    let promised = wallet.frozen().total().checked_sub(held)?;
    let balance = wallet.balance().checked_sub(promised)?.checked_sub(wallet.pledged())?;
    let credit = wallet.limit();
    let begin = Begin {
        now: at.now,
        until,
        calendar: &at.desk.calendar,
        delay_seconds: at.desk.settlement_delay_seconds,
        fixed: account.expiry_day,
        purse: Purse { balance, credit, held, arrears_since: account.arrears_since },
        lives,
        meters: meters(tx, at, &of)?,
    };
    let course = walked(at, of.customer, begin)?;
    let steps = ahead::in_order(course.steps, of.packs.iter().flat_map(of_pack), (at.now, course.until));
    let assumptions = assumed(tx, at, account, (promised, course.until))?;
    let taken = steps.iter().find(|it| it.is_by_arrears()).copied();
    let told = named(&steps[..steps.len().min(look.most)], taken);
    let resources = course.resources.into_iter().filter(|it| told.contains(&it.id));
    let all = Ahead {
        now: at.now,
        until: course.until,
        broken: course.broken,
        steps,
        taken,
        more: 0,
        resources: resources.map(|it| (it.id, it)).collect(),
        halted,
        packs: of.packs.iter().map(|it| (it.pack.id, it.pack.called().to_string())).collect(),
        balance,
        credit,
        promised,
        arrears_since: account.arrears_since,
        a_day: course.a_day_e8.ok().map(|e8| Amount::from_e8(e8, account.currency)),
        gone: course.gone,
        left: course.balance,
        assumptions,
    };
    Ok(first(all, look.most))
}

/// What is taken for granted; of vouchers, commitments and paid orders where there are any.
fn assumed(
    tx: &mut Tx<'_>,
    at: At<'_>,
    of: &Account,
    (promised, until): (Money, Timestamp),
) -> Result<Vec<Assumption>, Refusal> {
    let is_any_left = vouchers::left(tx, of.id)?.iter().any(|it| at.now < it.voucher.window.until);
    let is_committed = is_committed(tx, at, of, until)?;
    let mut all = Assumption::ALL.to_vec();
    all.retain(|it| match it {
        Assumption::OrdersTake => promised.is_positive(),
        Assumption::NoVouchers => is_any_left,
        Assumption::NoCommitment => is_committed,
        Assumption::NothingNew | Assumption::Reported | Assumption::CloudAtOnce => true,
    });
    Ok(all)
}

/// Whether a commitment holds for the month of now, or for one that begins before `until`. Source: R-PRC-26.
fn is_committed(tx: &mut Tx<'_>, at: At<'_>, of: &Account, until: Timestamp) -> Result<bool, Refusal> {
    let all = commitments::of_account(tx, of.id, of.currency)?;
    let mut month = at.desk.calendar.cycle(CycleKind::Month, at.now)?;
    while !all.is_empty() && month.from < until {
        if commitment::held(&all, month.from).is_some() {
            return Ok(true);
        }
        month = at.desk.calendar.next(&month)?;
    }
    Ok(false)
}

/// The meters of an account, with what its month came to so far.
fn meters(tx: &mut Tx<'_>, at: At<'_>, of: &Stands<'_>) -> Result<Vec<Meters>, Refusal> {
    let mut found = Vec::with_capacity(of.looked.len());
    for it in of.looked {
        let (since, mut read) = (&it.since, it.read.clone());
        if since.kind == CycleKind::Month {
            let month = at.desk.calendar.cycle(CycleKind::Month, since.from)?;
            let span = Span { from: month.from, to: month.to };
            let sums = bills::sums(tx, of.customer.account.id, span)?.into_iter();
            let post_paid = sums.filter(|it| it.1.is_post_paid());
            let sum = |(product, _, sum): (String, _, billing::bill::Sum)| ProductSum {
                product,
                amount_e8: sum.amount_e8,
                total: sum.total,
            };
            read.sums = post_paid.map(sum).collect();
        }
        found.push(Meters {
            kind: since.kind,
            from: since.from,
            read,
            changes: since.changes.clone(),
            samples: since.samples.clone(),
            configs: it.configs.clone(),
        });
    }
    Ok(found)
}

/// What was said of a resource with a deadline by a book that began then; it is said again on the days after it.
struct Said {
    /// Which of the configurations it has: what it is renewed as is the same all along.
    kind: usize,
    deadline: Option<Timestamp>,
    book: Option<BookId>,
    price: Option<Price>,
}

/// Products with options, each once.
#[derive(Default)]
struct Kinds(FxHashMap<(String, Options), usize>);

impl Kinds {
    /// The number of what a resource is renewed as.
    fn number(&mut self, of: &Resource) -> usize {
        let (key, next) = ((of.product.clone(), of.own_options()), self.0.len());
        *self.0.entry(key).or_insert(next)
    }
}

/// The course, with the prices of renewals as they are at each instant. What costs the same is priced once.
fn walked(at: At<'_>, customer: &Customer, begin: Begin<'_>) -> Result<Course, Refusal> {
    let mut known: FxHashMap<(usize, u32, Option<BookId>), Option<Price>> = FxHashMap::default();
    let mut kinds = Kinds::default();
    let account = &customer.account;
    let mut said: FxHashMap<ResourceId, Said> = FxHashMap::default();
    let mut prices = |it: &Resource, now: Timestamp| -> Result<Option<Price>, RenewalError> {
        let then = At { now, ..at };
        let book = then.book_of(account.id, account.currency).ok().map(|it| it.id);
        let before = said.get(&it.id);
        if let Some(known) = before.filter(|was| (was.deadline, was.book) == (it.deadline, book)) {
            return Ok(known.price);
        }
        let kind = before.map_or_else(|| kinds.number(it), |was| was.kind);
        let Ok(product) = then.product_of(it) else { return Ok(None) };
        let months = renewal::shortest(product, it);
        let Some(end) = renewal::behind(it, months, &at.desk.calendar)? else { return Ok(None) };
        let days = renewal::days(account.expiry_day, end, months, &at.desk.calendar)?;
        let price = *known.entry((kind, days, book)).or_insert_with(|| {
            let quote = renewals::quoted(then, account, it, Term { months, days }).ok()?;
            Some(Price { total: quote.total, term: Term { months, days: quote.days } })
        });
        said.insert(it.id, Said { kind, deadline: it.deadline, book, price });
        Ok(price)
    };
    Ok(course::run(begin, &mut prices)?)
}

/// When a pack is empty, or else when what is left of it is lost.
fn of_pack(it: &PackStanding) -> Option<Step> {
    let pack = it.pack.id;
    let ends = Step::plain(it.pack.expires, ahead::Coming::PackEnds(pack));
    let empty = it.empty.map(|at| Step::plain(at, ahead::Coming::PackEmpty(pack)));
    (it.left > 0).then(|| empty.unwrap_or(ends))
}
