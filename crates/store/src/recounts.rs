//! Closed cycles that are rated once more because something came late: which, and all that they are rated by.
//!
//! In:  readings that came after the close; a run of the same kind. Out: each closed cycle as `billing` wants it.
//! Invariant: one statement where nothing waits, and a fixed number otherwise; what lies before the cycle of a run is read for
//! these resources and cycles only. A row goes in the transaction that bills it.
//! Source: R-SET-5.

use crate::corrections::prices::Shelves;
use crate::corrections::standing::{counts, standing};
use crate::engine::{Row, StoreError, Tx, Value, Writes, at, us};
use crate::{metered, packs};
use billing::bill::{Kind, Title};
use billing::book::Scope;
use billing::books::Books;
use billing::pack::Pack;
use billing::plan::Configs;
use billing::rate::Terms;
use billing::run::{Billed, Covered, Recount};
use billing::segment::Change;
use billing::used::Sample;
use billing::wallet::Paid;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use units::{AccountId, BillId, BookId, Cycle, CycleKind, ResourceId, Timestamp};

statements! {
    ADD = "insert into recounts (account, cycle, original_from_us, original_to_us, resource) values ($1, $2, $3, $4, $5)
        on conflict do nothing";
    DROP = "delete from recounts where account = $1 and cycle = $2 and original_from_us = $3 and original_to_us = $4 and resource = $5";
    DUE = "select account, original_from_us, original_to_us, resource from recounts where cycle = $1 and account > $2 and account <= $3
        order by account, original_from_us, original_to_us, resource limit $4";
    OF_RESOURCE = "select account, original_from_us, original_to_us, resource from recounts where account = $1 and cycle = $2
        and resource = $3 order by original_from_us, original_to_us";
    OF_ACCOUNT = "select account, original_from_us, original_to_us, resource from recounts where account = $1 and cycle = $2
        order by original_from_us, original_to_us, resource";
    LIFE = concat!("select ", change_columns!(meter_events), " from meter_events
        where account = $1 and resource = $2 and coalesce(asked_us, at_us) < $3 order by number");
    LIVES = concat!("select ", change_columns!(meter_events), " from meter_events
        where account = $1 and coalesce(asked_us, at_us) < $2 order by resource, number");
    SAMPLES = concat!("select ", sample_columns!("coalesce(c.quantity, u.quantity)"), ",
        cast($3 as bigint), cast($4 as bigint) from usage u", standing!(), "where u.account = $1 and u.resource = $2
        and u.at_us >= $3 and u.at_us < $4 and", counts!(), "order by u.at_us, u.event");
    ALL_SAMPLES = concat!("select ", sample_columns!("coalesce(c.quantity, u.quantity)"), ",
        cast($2 as bigint), cast($3 as bigint) from usage u", standing!(), "where u.account = $1 and u.at_us >= $2
        and u.at_us < $3 and", counts!(), "order by u.resource, u.at_us, u.event");
    BILLED = "select b.account, cast($4 as bigint), cast($5 as bigint), cast($6 as text), b.id, b.product, b.region, b.spec, b.currency,
        b.bonus_minor, b.cash_minor, b.income_minor, b.owed_minor, l.component, l.book, l.cost_e8, l.price, l.covered,
        l.from_s, l.to_s
        from bills b join lines l on l.account = b.account and l.bill = b.id
        where b.account = $1 and b.id >= $2 and b.id < $3 and b.from_us = $4 and b.to_us = $5 and coalesce(b.resource, '') = $6
        and b.kind = $7 and l.price <> '' order by b.id, l.number";
    ADJUSTED = "select b.account, cast($2 as bigint), cast($3 as bigint), cast($4 as text), b.id, b.product, b.region, b.spec, b.currency,
        b.bonus_minor, b.cash_minor, b.income_minor, b.owed_minor, l.component, l.book, l.cost_e8, l.price, l.covered,
        l.from_s, l.to_s
        from bills b join lines l on l.account = b.account and l.bill = b.id
        where b.account = $1 and b.original_from_us = $2 and b.original_to_us = $3 and ($4 = '' or b.resource = $4)
        and b.kind = 'adjustment' and l.price <> '' order by b.id, l.number";
    CORRECTED = "select account, cast($2 as bigint), cast($3 as bigint), cast($4 as text), product, region, spec, currency, bonus_minor,
        cash_minor, income_minor, owed_minor from bills where account = $1 and original_from_us = $2 and original_to_us = $3
        and kind = 'correction' and coalesce(resource, '') = $4 order by id";
    KEPT = "select b.account, cast($2 as bigint), cast($3 as bigint), cast($4 as text), b.product, b.region, b.spec, l.cost_e8
        from bills b join lines l on l.account = b.account and l.bill = b.id
        where b.account = $1 and b.original_from_us = $2 and b.original_to_us = $3 and coalesce(b.resource, '') = $4
        and b.kind = 'adjustment' and l.price = '' and l.component = 'kept' order by b.id, l.number";
    TERMS = "select a.id, cast($2 as bigint), coalesce((select r.contract_rate_e8 from contract_rates r where r.account = $1
        and r.from_us < $2 order by r.from_us desc limit 1), a.contract_rate_e8) from accounts a where a.id = $1";
}

/// Which closed cycle of an account: of one resource, or of the sums over the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Waiting {
    pub account: AccountId,
    pub original: Cycle,
    pub resource: Option<ResourceId>,
}

impl Waiting {
    fn row<'a>(&self) -> [Value<'a>; 5] {
        let (from, to) = (us(self.original.from), us(self.original.to));
        let kind = self.original.kind.as_str();
        [self.account.to_string().into(), kind.into(), from.into(), to.into(), self.subject().into()]
    }

    /// As rows name it: empty for the sums.
    fn subject(&self) -> String {
        self.resource.map_or_else(String::new, |it| it.to_string())
    }

    /// The ids that bills of the closed cycle have: that of the resource, or all that ended with the cycle.
    fn bills(&self) -> (String, String) {
        let Waiting { account, original, resource } = *self;
        match resource {
            Some(resource) => {
                let kind = Kind::of_cycle(original.kind);
                let id = Title { account, kind, cycle: original, subject: resource.bits() }.id().to_string();
                (id.clone(), id + "0")
            }
            None => {
                let next = units::calendar::seconds_after(original.to, 1).unwrap_or(Timestamp::MAX);
                (BillId::first_at(original.to).to_string(), BillId::first_at(next).to_string())
            }
        }
    }
}

/// From now on these closed cycles wait to be rated once more. One that waits already stays.
pub fn add(writes: &mut Writes<'_>, all: &[Waiting]) {
    writes.any(ADD, all.iter().map(|it| it.row()));
}

/// These were rated. Unless: `Stale` when one of them does not wait any more.
pub(crate) fn done(writes: &mut Writes<'_>, all: &[Waiting]) {
    writes.all(DROP, all.iter().map(|it| it.row()), StoreError::Stale("a closed cycle that waits".into()));
}

fn waiting(row: &Row<'_>, kind: CycleKind) -> Result<Waiting, StoreError> {
    let original = Cycle { kind, from: at(row.int(1)?)?, to: at(row.int(2)?)? };
    Ok(Waiting {
        account: row.parsed(0, "account", |it| it.parse().ok())?,
        original,
        resource: subject(row, 3)?,
    })
}

fn subject(row: &Row<'_>, column: usize) -> Result<Option<ResourceId>, StoreError> {
    row.parsed(column, "resource", |it| if it.is_empty() { Some(None) } else { it.parse().ok().map(Some) })
}

/// Closed cycles that one transaction rates once more: what is in memory for it grows with this. Others wait for the close
/// after it; a correction of the prices of a year may touch very many.
const AT_ONCE: i64 = 50_000;

/// What waits in a range of accounts, in order: `range` is a kind of cycle and two ids.
pub(crate) fn due(
    tx: &mut Tx<'_>,
    kind: CycleKind,
    range: &[Value<'_>; 3],
) -> Result<Vec<Waiting>, StoreError> {
    let [cycle, after, last] = range.clone();
    tx.rows(DUE, &[cycle, after, last, AT_ONCE.into()], |row| waiting(row, kind))
}

/// What waits of one resource.
pub fn of_resource(
    tx: &mut Tx<'_>,
    account: AccountId,
    kind: CycleKind,
    resource: ResourceId,
) -> Result<Vec<Waiting>, StoreError> {
    let args = [account.to_string().into(), kind.as_str().into(), resource.to_string().into()];
    tx.rows(OF_RESOURCE, &args, |row| waiting(row, kind))
}

/// What waits of an account.
pub fn of_account(tx: &mut Tx<'_>, account: AccountId, kind: CycleKind) -> Result<Vec<Waiting>, StoreError> {
    tx.rows(OF_ACCOUNT, &[account.to_string().into(), kind.as_str().into()], |row| waiting(row, kind))
}

/// All that closed cycles are rated by, in the order of `all`. Configurations are put into `configs`.
pub fn read(
    tx: &mut Tx<'_>,
    books: &Books,
    configs: &mut Configs,
    all: &[Waiting],
) -> Result<Vec<(AccountId, Recount)>, StoreError> {
    if all.is_empty() {
        return Ok(Vec::new());
    }
    let shelves = Shelves::of_accounts(tx, books, all.iter().map(|it| it.account))?;
    let lives = lives(tx, &shelves, configs, all)?;
    let mut samples = samples(tx, all)?;
    let mut billed = billed(tx, books, all)?;
    let mut packs = packs_of(tx, &billed)?;
    let terms = terms(tx, all)?;
    let recount = |it: &Waiting| {
        let until = it.original.to.as_second();
        let life = lives.get(&(it.account, it.resource)).map_or(&[][..], Vec::as_slice);
        let terms = terms.get(&(it.account, it.original.to)).copied();
        let terms = terms.ok_or_else(|| StoreError::NotFound(format!("account {}", it.account)))?;
        let recount = Recount {
            original: it.original,
            resource: it.resource,
            terms,
            life: life.iter().filter(|it| it.at < until).copied().collect(),
            samples: samples.remove(it).unwrap_or_default(),
            billed: billed.remove(it).unwrap_or_default(),
            packs: packs.remove(it).unwrap_or_default(),
        };
        Ok((it.account, recount))
    };
    all.iter().map(recount).collect()
}

/// Lives by account, and by resource where only that is wanted.
type Lives = HashMap<(AccountId, Option<ResourceId>), Vec<Change>>;

/// The lives up to the last of the closed cycles.
fn lives(
    tx: &mut Tx<'_>,
    shelves: &Shelves<'_>,
    configs: &mut Configs,
    all: &[Waiting],
) -> Result<Lives, StoreError> {
    let mut until: BTreeMap<(AccountId, Option<ResourceId>), Timestamp> = BTreeMap::new();
    for it in all {
        let last = until.entry((it.account, it.resource)).or_insert(it.original.to);
        *last = it.original.to.max(*last);
    }
    let (mut one, mut every): (Vec<[Value<'_>; 3]>, Vec<[Value<'_>; 2]>) = (Vec::new(), Vec::new());
    for ((account, resource), until) in &until {
        let (account, until) = (account.to_string(), us(*until));
        match resource {
            Some(resource) => one.push([account.into(), resource.to_string().into(), until.into()]),
            None => every.push([account.into(), until.into()]),
        }
    }
    let mut lives = Lives::new();
    for (account, change) in tx.each(LIFE, &one, |row| metered::change(row, shelves, configs))? {
        lives.entry((account, Some(change.resource))).or_default().push(change);
    }
    for (account, change) in tx.each(LIVES, &every, |row| metered::change(row, shelves, configs))? {
        lives.entry((account, None)).or_default().push(change);
    }
    Ok(lives)
}

/// All readings of the closed cycles that are known by now, by resource.
fn samples(tx: &mut Tx<'_>, all: &[Waiting]) -> Result<HashMap<Waiting, Vec<Sample>>, StoreError> {
    let (mut one, mut every): (Vec<[Value<'_>; 4]>, Vec<[Value<'_>; 3]>) = (Vec::new(), Vec::new());
    for it in all {
        let (account, from, to) = (it.account.to_string(), us(it.original.from), us(it.original.to));
        match it.resource {
            Some(resource) => {
                one.push([account.into(), resource.to_string().into(), from.into(), to.into()]);
            }
            None => every.push([account.into(), from.into(), to.into()]),
        }
    }
    let read = |row: &Row<'_>| {
        let (account, sample) = metered::sample(row)?;
        Ok(((account, at(row.int(7)?)?, at(row.int(8)?)?), sample))
    };
    let kind = all.first().map_or(CycleKind::Hour, |it| it.original.kind);
    let mut found: HashMap<Waiting, Vec<Sample>> = HashMap::new();
    for ((account, from, to), sample) in tx.each(SAMPLES, &one, read)? {
        let resource = Some(sample.resource);
        let waiting = Waiting { account, original: Cycle { kind, from, to }, resource };
        found.entry(waiting).or_default().push(sample);
    }
    for ((account, from, to), sample) in tx.each(ALL_SAMPLES, &every, read)? {
        let waiting = Waiting { account, original: Cycle { kind, from, to }, resource: None };
        found.entry(waiting).or_default().push(sample);
    }
    Ok(found)
}

/// The packs that served those of the closed cycles of which packs took anything.
fn packs_of(
    tx: &mut Tx<'_>,
    billed: &HashMap<Waiting, Vec<Billed>>,
) -> Result<HashMap<Waiting, Vec<Pack>>, StoreError> {
    let is_served = |all: &[Billed]| all.iter().any(|it| !it.covered.is_empty());
    let of: Vec<Waiting> = billed.iter().filter(|it| is_served(it.1)).map(|it| *it.0).collect();
    let mut served = packs::served(tx, of.iter().map(|it| (it.account, it.original.from)))?;
    let own = |it: Waiting| Some((it, served.remove(&(it.account, it.original.from))?));
    Ok(of.into_iter().filter_map(own).collect())
}

/// What was agreed when cycles closed.
fn terms(tx: &mut Tx<'_>, all: &[Waiting]) -> Result<HashMap<(AccountId, Timestamp), Terms>, StoreError> {
    let wanted: BTreeSet<(AccountId, Timestamp)> =
        all.iter().map(|it| (it.account, it.original.to)).collect();
    let keys: Vec<[Value<'_>; 2]> =
        wanted.iter().map(|(account, to)| [account.to_string().into(), us(*to).into()]).collect();
    let found = tx.each(TERMS, &keys, |row| {
        let rate = u64::try_from(row.int(2)?).map_err(|_| StoreError::Corrupt("a contract rate".into()))?;
        let account = row.parsed(0, "account", |it| it.parse().ok())?;
        Ok(((account, at(row.int(1)?)?), Terms { contract_rate_e8: rate }))
    })?;
    Ok(found.into_iter().collect())
}

/// A line of what was billed for a closed cycle, and of its bill what it is kept by.
struct BilledLine {
    waiting: Waiting,
    bill: BillId,
    product: String,
    region: String,
    spec: String,
    paid: Paid,
    component: String,
    scope: Scope,
    cost_e8: i64,
    price: String,
    book: BookId,
    covered: u64,
    from: i64,
    to: i64,
}

fn billed_line(row: &Row<'_>, books: &Books, kind: CycleKind) -> Result<BilledLine, StoreError> {
    let waiting = waiting(row, kind)?;
    let (product, component) = (row.text(5)?, row.text(13)?);
    let book: BookId = row.parsed(14, "book", |it| it.parse().ok())?;
    let components = books.get(book).and_then(|it| it.product(&product)).map(|it| it.components.iter());
    let found = components.and_then(|mut it| it.find(|it| it.id == component));
    let unknown = || StoreError::Corrupt(format!("component `{component}` of {product}: not in {book}"));
    let scope = found.ok_or_else(unknown)?.scope;
    let currency = row.currency(8)?;
    Ok(BilledLine {
        waiting,
        bill: row.parsed(4, "bill", |it| it.parse().ok())?,
        region: row.text(6)?,
        spec: row.text(7)?,
        paid: Paid::new(row.purses(9, currency)?, row.money(12, currency)?)?,
        scope,
        cost_e8: row.int(15)?,
        price: row.text(16)?,
        book,
        covered: u64::try_from(row.int(17)?).map_err(|_| StoreError::Corrupt("units of packs".into()))?,
        from: row.int(18)?,
        to: row.int(19)?,
        product,
        component,
    })
}

/// What of a closed cycle is billed as one: its product, region and spec.
type Billable = (Waiting, String, String, String);

/// What people credited or debited against the bills of a closed cycle: no more goes back than was paid.
fn corrected(row: &Row<'_>, kind: CycleKind) -> Result<(Billable, Paid), StoreError> {
    let currency = row.currency(7)?;
    let paid = Paid::new(row.purses(8, currency)?, row.money(11, currency)?)?;
    Ok(((waiting(row, kind)?, row.text(4)?, row.text(5)?, row.text(6)?), paid))
}

/// What an adjustment of a closed cycle held back, in 1e-8.
fn kept(row: &Row<'_>, kind: CycleKind) -> Result<(Billable, i64), StoreError> {
    Ok(((waiting(row, kind)?, row.text(4)?, row.text(5)?, row.text(6)?), row.int(7)?))
}

/// What closed cycles came to so far: their bills, and the adjustments that name them.
pub(crate) fn billed(
    tx: &mut Tx<'_>,
    books: &Books,
    all: &[Waiting],
) -> Result<HashMap<Waiting, Vec<Billed>>, StoreError> {
    let kind = all.first().map_or(CycleKind::Hour, |it| it.original.kind);
    let row = |it: &Waiting| -> [Value<'static>; 7] {
        let [account, _, from, to, subject] = it.row();
        let (first, last) = it.bills();
        [account, first.into(), last.into(), from, to, subject, Kind::of_cycle(kind).as_str().into()]
    };
    let bills: Vec<_> = all.iter().map(row).collect();
    let row = |it: &Waiting| -> [Value<'static>; 4] {
        let [account, _, from, to, subject] = it.row();
        [account, from, to, subject]
    };
    let adjustments: Vec<_> = all.iter().map(row).collect();
    let mut lines = tx.each(BILLED, &bills, |row| billed_line(row, books, kind))?;
    lines.extend(tx.each(ADJUSTED, &adjustments, |row| billed_line(row, books, kind))?);
    let mut sums: BTreeMap<Billable, Billed> = BTreeMap::new();
    let mut counted: BTreeSet<(Waiting, BillId)> = BTreeSet::new();
    for line in lines {
        // Adjustments from before a sum was rated as a whole name the resource that was late.
        if (line.scope == Scope::Account) == line.waiting.resource.is_none() {
            count(line, &mut sums, &mut counted)?;
        }
    }
    for (subject, paid) in tx.each(CORRECTED, &adjustments, |row| corrected(row, kind))? {
        if let Some(billed) = sums.get_mut(&subject) {
            billed.paid = billed.paid.checked_add(paid)?;
        }
    }
    for (subject, cost_e8) in tx.each(KEPT, &adjustments, |row| kept(row, kind))? {
        if let Some(billed) = sums.get_mut(&subject) {
            billed.kept_e8 = billed.kept_e8.checked_add(cost_e8).ok_or(units::MoneyError::Overflow)?;
        }
    }
    let mut found: HashMap<Waiting, Vec<Billed>> = HashMap::new();
    for ((waiting, ..), billed) in sums {
        found.entry(waiting).or_default().push(billed);
    }
    Ok(found)
}

/// Adds a line to what its subject came to, and how its bill was paid, that once.
fn count(
    line: BilledLine,
    sums: &mut BTreeMap<Billable, Billed>,
    counted: &mut BTreeSet<(Waiting, BillId)>,
) -> Result<(), StoreError> {
    let key = (line.waiting, line.product.clone(), line.region.clone(), line.spec.clone());
    let none = Paid::none(line.paid.owed().currency());
    let billed = sums.entry(key).or_insert_with(|| Billed {
        product: line.product,
        region: line.region,
        spec: line.spec,
        costs_e8: BTreeMap::new(),
        covered: Vec::new(),
        paid: none,
        kept_e8: 0,
    });
    if line.covered > 0 {
        let (component, price, book) = (line.component.clone(), line.price, line.book);
        billed.covered.push(Covered {
            component,
            price,
            book,
            from: line.from,
            to: line.to,
            units: line.covered,
        });
    }
    let cost = billed.costs_e8.entry(line.component).or_default();
    *cost = cost.checked_add(line.cost_e8).ok_or(units::MoneyError::Overflow)?;
    if counted.insert((line.waiting, line.bill)) {
        billed.paid = billed.paid.checked_add(line.paid)?;
    }
    Ok(())
}
