//! What a settlement run reads and writes: a fixed number of statements for a batch of accounts.
//!
//! In:  a cycle and a range of account ids. Out: each account as `billing::settle` wants it.
//! Invariant: no statement here is run per account or per resource but the row inserts of `Tx::many`; what was spent of a commitment
//! is read account by account, once a month, of those alone that agreed one; what granted money paid of debts, of those that may be credited for use
//! that was owed.

use crate::corrections::prices::Shelves;
use crate::corrections::readings;
use crate::corrections::standing::{counts, standing};
use crate::engine::{Row, StoreError, Tx, Value, Writes, us};
use crate::ledger::{StoredWallet, freezes, wallets};
use crate::metered::{account_at, change, opening, sample};
use crate::packs::Closed;
use crate::recounts::Waiting;
use crate::{bills, commitments, ledger, packs, recounts, resources, vouchers};
use billing::books::Books;
use billing::pack::Pack;
use billing::plan::{Config, Configs};
use billing::rate::Terms;
use billing::resource::State;
use billing::segment::Opening;
use billing::settle::{AccountCycle, Carry, Committed, ProductSum, Recount, Settled};
use std::collections::BTreeMap;
use units::{AccountId, BookId, Currency, Cycle, CycleKind, Money, ResourceId, Timestamp, VoucherId};

statements! {
    NEXT = "select cycle, settled_to_us from dues where cycle = $1 and set_aside is null order by settled_to_us, account limit 1";
    BATCH = "select account from dues where cycle = $1 and settled_to_us = $2 and account > $3 and set_aside is null order by account limit $4";
    HOLD = "select account from dues where cycle = $1 and settled_to_us = $2 and account > $3 and account <= $4 and set_aside is null
        order by account for update";
    LOCK = "update wallets set version = version + 1 where account in (select account from dues
        where cycle = $1 and settled_to_us = $2 and account > $3 and account <= $4 and set_aside is null)";
    ACCOUNTS = concat!("select ", wallets!(names of w), ", a.currency, coalesce((select r.contract_rate_e8
        from contract_rates r where r.account = a.id and r.from_us < $5 order by r.from_us desc limit 1),
        a.contract_rate_e8) from dues d join wallets w on w.account = d.account join accounts a on a.id = d.account
        where d.cycle = $1 and d.settled_to_us = $2 and d.account > $3 and d.account <= $4 and d.set_aside
        is null order by d.account");
    OPENINGS = concat!(openings!(select), " where cycle = $1 and account > $2 and account <= $3 order by account, resource");
    CHANGES = concat!("select ", change_columns!(e), " from dues d join meter_events e on e.account = d.account
        where d.cycle = $1 and d.account > $2 and d.account <= $3 and e.account > $2 and e.account <= $3 and e.at_us >= $4
        and case when e.asked_us is null or e.late like '%' || $1 || '%' then e.at_us else e.asked_us end >= $4
        and case when e.asked_us is null or e.late like '%' || $1 || '%' then e.at_us else e.asked_us end < $5
        order by e.account, e.resource, e.number");
    SAMPLES = concat!("select ", sample_columns!("u.quantity"), " from dues d join usage u on u.account = d.account
        where d.cycle = $1 and d.account > $2 and d.account <= $3 and u.at_us >= $4 and u.at_us < $5
        order by u.account, u.resource, u.at_us, u.event");
    CORRECTED = concat!("select ", sample_columns!("coalesce(c.quantity, u.quantity)"), " from dues d join usage u on u.account = d.account", standing!(), "where d.cycle = $1 and d.account > $2 and d.account <= $3
        and u.at_us >= $4 and u.at_us < $5 and", counts!(), "order by u.account, u.resource, u.at_us, u.event");
    PACKS = concat!(packs::packs!(select), " where account > $1 and account <= $2 and effective_us < $3
        and left_units > 0 order by account, id");
    FREEZES = concat!(freezes!(select), " where account > $1 and account <= $2 order by account, resource");
    VOUCHERS = concat!("select ", vouchers::vouchers!(names of v), ", a.vouchers_per_order from vouchers v join accounts a on a.id = v.account
        where v.account > $1 and v.account <= $2 and v.state = 'unused' and v.modes <> 'prepaid' and v.from_us <= $3 and v.until_us > $3
        order by v.account, v.id");
    SUMS = "select account, product, cast(sum((amount_e8 - carried_e8) / 100000000) as bigint),
        cast(sum((amount_e8 - carried_e8) % 100000000) as bigint), cast(sum(total_minor) as bigint) from bills
        where account > $1 and account <= $2 and from_us >= $3 and to_us <= $4 and kind in ('hourly', 'daily', 'adjustment')
        group by account, product order by account, product";
    CARRIES = "select account, product, amount_e8 from carries where account > $1 and account <= $2 and amount_e8 <> 0 order by account, product";
    SAVE_CARRY = "insert into carries (account, product, amount_e8) values ($1, $2, $3)
        on conflict (account, product) do update set amount_e8 = excluded.amount_e8";
    SAVE_OPENING = concat!(openings!(insert), " on conflict (account, cycle, resource) do update set product = excluded.product,
        options = excluded.options, state = excluded.state, since_s = excluded.since_s, clock_s = excluded.clock_s,
        month_s = excluded.month_s");
    DROP_OPENINGS = "delete from openings where cycle = $1 and account > $2 and account <= $3 and state = 'released'";
    DROP_OPENING = "delete from openings where account = $1 and cycle = $2 and resource = $3";
    DONE = "update dues set settled_to_us = $5 where cycle = $1 and settled_to_us = $2 and account > $3 and account <= $4 and set_aside is null";
    DROP_DUES = "delete from dues where cycle = $1 and settled_to_us = $2 and account > $3 and account <= $4 and set_aside is null
        and not exists (select 1 from openings o where o.account = dues.account and (o.cycle = dues.cycle or dues.cycle = 'month'))
        and not exists (select 1 from packs p where p.account = dues.account and p.left_units > 0 and dues.cycle = 'month')
        and not exists (select 1 from recounts c where c.account = dues.account and c.cycle = dues.cycle)
        and not exists (select 1 from commitments t where t.account = dues.account and dues.cycle = 'month' and t.amount_minor > 0
            and (t.until_us is null or t.until_us > dues.settled_to_us))
        and not exists (select 1 from dues x where x.account = dues.account and x.cycle <> dues.cycle and dues.cycle = 'month')
        and not exists (select 1 from meter_events e where e.account = dues.account and e.at_us >= dues.settled_to_us)";
    SET_ASIDE = "insert into dues (account, cycle, settled_to_us, set_aside) values ($1, $2, $3, $4)
        on conflict (account, cycle) do update set set_aside = excluded.set_aside";
    ASIDE = "select account, cycle, settled_to_us, set_aside from dues where set_aside is not null order by account, cycle";
    ASIDE_PAGE = "select d.account, d.cycle, d.settled_to_us, d.set_aside, a.name from dues d join accounts a on a.id = d.account
        where d.set_aside is not null and (d.account, d.cycle) > ($1, $2) order by d.account, d.cycle limit $3";
    TAKE_BACK = "update dues set set_aside = null where set_aside is not null";
    TAKE_BACK_ONE = "update dues set set_aside = null where account = $1 and set_aside is not null";
    STANDINGS = "select cycle, settled_to_us, count(*) from dues where set_aside is null
        group by cycle, settled_to_us order by cycle, settled_to_us";
    ASIDE_COUNTS = "select cycle, count(*) from dues where set_aside is not null group by cycle";
}

/// A range of accounts: above `after`, up to and with `to`. Ids as text, since that is how they sort.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    pub after: String,
    pub to: String,
}

/// What a run of `cycle` reads for a batch: each account, and the version of its wallet.
pub struct BatchRead {
    pub batch: Batch,
    pub cycle: Cycle,
    pub accounts: Vec<(AccountCycle, i64)>,
    pub configs: Configs,
    /// Of the vouchers that were read.
    versions: BTreeMap<VoucherId, i64>,
}

/// The oldest cycle start that is not settled, by kind.
pub fn next(tx: &mut Tx<'_>) -> Result<Vec<(CycleKind, Timestamp)>, StoreError> {
    let kinds = CycleKind::ALL.map(|it| [it.as_str().into()]);
    tx.each(NEXT, &kinds, |row| {
        Ok((row.parsed(0, "cycle", resources::kind)?, crate::engine::at(row.int(1)?)?))
    })
}

/// The next batch of at most `size` accounts above `after` that wait for `cycle`.
pub fn batch(tx: &mut Tx<'_>, cycle: &Cycle, after: &str, size: i64) -> Result<Option<Batch>, StoreError> {
    let args = [cycle.kind.as_str().into(), us(cycle.from).into(), after.into(), size.into()];
    let accounts = tx.rows(BATCH, &args, |row| row.text(0))?;
    Ok(accounts.into_iter().next_back().map(|to| Batch { after: after.to_string(), to }))
}

/// Locks and reads a batch: accounts that wait for `cycle`, with all that it touches.
pub fn read(tx: &mut Tx<'_>, books: &Books, batch: &Batch, cycle: &Cycle) -> Result<BatchRead, StoreError> {
    let (kind, from, to): (Value<'_>, Value<'_>, Value<'_>) =
        (cycle.kind.as_str().into(), us(cycle.from).into(), us(cycle.to).into());
    let (after, last): (Value<'_>, Value<'_>) = (batch.after.as_str().into(), batch.to.as_str().into());
    let range = [kind.clone(), after.clone(), last.clone()];
    let due = [kind, from, after, last];
    // Who takes readings holds the dues meanwhile: all that came in time is seen below, and nothing comes after.
    tx.rows(HOLD, &due, |_| Ok(()))?;
    tx.exec(LOCK, &due)?;
    let mut configs = Configs::default();
    let [kind, from, after, last] = due;
    let mut accounts =
        tx.rows(ACCOUNTS, &[kind, from.clone(), after.clone(), last.clone(), to.clone()], account)?;
    let span = [range[0].clone(), after.clone(), last.clone(), from.clone(), to.clone()];
    let [_, above @ ..] = &span;
    let owner = |it: &(AccountCycle, i64)| (it.0.wallet.account(), it.0.wallet.currency());
    let shelves = Shelves::of_range(tx, books, above, accounts.iter().map(owner))?;
    let openings = tx.rows(OPENINGS, &range, |row| opening(row, &shelves, &mut configs))?;
    give(&mut accounts, openings, |account, it| account.openings.push(it));
    let changes = tx.rows(CHANGES, &span, |row| change(row, &shelves, &mut configs))?;
    give(&mut accounts, changes, |account, it| account.changes.push(it));
    // Few are ever corrected: the readings of others are not looked up one by one.
    let sql = if readings::any(tx, above)? { CORRECTED } else { SAMPLES };
    let samples = tx.rows(sql, &span, sample)?;
    give(&mut accounts, samples, |account, it| account.samples.push(it));
    let mut waiting = recounts::due(tx, cycle.kind, &range)?;
    waiting.retain(|it| accounts.binary_search_by_key(&it.account, |it| it.0.wallet.account()).is_ok());
    let again = recounts::read(tx, books, &mut configs, &waiting)?;
    give(&mut accounts, again, |account, it| account.recounts.push(it));
    grant(tx, &mut accounts)?;
    let freezes = tx.rows(FREEZES, &[after.clone(), last.clone()], |row| {
        own(row, &accounts, |currency| ledger::read_freeze(row, currency))
    })?;
    give(&mut accounts, freezes.into_iter().flatten().collect(), |account, it| account.freezes.push(it));
    let carries = tx.rows(CARRIES, &[after.clone(), last.clone()], |row| {
        Ok((account_at(row)?, Carry { product: row.text(1)?, amount_e8: row.int(2)? }))
    })?;
    give(&mut accounts, carries, |account, it| account.carries.push(it));
    let mut versions = BTreeMap::new();
    let drawers = tx.rows(VOUCHERS, &[after.clone(), last.clone(), to.clone()], |row| {
        let read = vouchers::voucher(row)?;
        let limit = u32::try_from(row.int(vouchers::vouchers!(count))?);
        let limit = limit.map_err(|_| StoreError::Corrupt("vouchers of an order".into()))?;
        Ok((read.voucher.account, (read, limit)))
    })?;
    give(&mut accounts, drawers, |account, (read, limit)| {
        versions.insert(read.voucher.id, read.version);
        account.vouchers.push(read.voucher);
        account.voucher_limit = limit;
    });
    if cycle.kind == CycleKind::Month {
        commit(tx, books, (&[after.clone(), last.clone()], cycle), &mut accounts)?;
        let packs = tx.rows(PACKS, &[after.clone(), last.clone(), to.clone()], |row| {
            Ok((account_at(row)?, packs::pack(row)?))
        })?;
        give(&mut accounts, packs, |account, it: Pack| account.packs.push(it));
        let sums = tx.rows(SUMS, &[after, last, from, to], |row| {
            own(row, &accounts, |currency| {
                // Whole units and the rest: their sum in 1e-8 may be more than a column holds.
                let amount_e8 = i128::from(row.int(2)?) * 100_000_000 + i128::from(row.int(3)?);
                Ok(ProductSum { product: row.text(1)?, amount_e8, total: row.money(4, currency)? })
            })
        })?;
        give(&mut accounts, sums.into_iter().flatten().collect(), |account, it| account.sums.push(it));
    }
    Ok(BatchRead { batch: batch.clone(), cycle: *cycle, accounts, configs, versions })
}

/// What accounts are to spend in the month that closes, and what they spent of it. Source: R-PRC-26.
fn commit(
    tx: &mut Tx<'_>,
    books: &Books,
    (range, month): (&[Value<'_>; 2], &Cycle),
    accounts: &mut [(AccountCycle, i64)],
) -> Result<(), StoreError> {
    for it in commitments::due(tx, range, month)? {
        let Ok(found) = accounts.binary_search_by_key(&it.account, |it| it.0.wallet.account()) else {
            continue;
        };
        let currency = accounts[found].0.wallet.currency();
        let spent = commitments::spent(tx, it.account, currency, month)?;
        let book = books.of(currency).at(month.from).map_or_else(|| BookId::first_at(month.from), |it| it.id);
        let agreed = Money::from_minor(it.amount_minor, currency);
        accounts[found].0.commitment = Some(Committed { agreed, spent, waits: it.waits, book });
    }
    Ok(())
}

/// One account as `read` would give it, for looking ahead into the open cycle. Changes nothing.
pub fn look(
    tx: &mut Tx<'_>,
    books: &Books,
    wallet: StoredWallet,
    cycle: &Cycle,
) -> Result<BatchRead, StoreError> {
    let batch = before(wallet.wallet.account());
    let (kind, from, to): (Value<'_>, Value<'_>, Value<'_>) =
        (cycle.kind.as_str().into(), us(cycle.from).into(), us(cycle.to).into());
    let (after, last): (Value<'_>, Value<'_>) = (batch.after.as_str().into(), batch.to.as_str().into());
    let mut configs = Configs::default();
    let mut accounts = vec![(AccountCycle::new(wallet.wallet, Terms::default()), wallet.version)];
    let span = [kind.clone(), after.clone(), last.clone(), from, to.clone()];
    let [_, above @ ..] = &span;
    let owner = (wallet.wallet.account(), wallet.wallet.currency());
    let shelves = Shelves::of_range(tx, books, above, std::iter::once(owner))?;
    let openings =
        tx.rows(OPENINGS, &[kind, after.clone(), last.clone()], |row| opening(row, &shelves, &mut configs))?;
    give(&mut accounts, openings, |account, it| account.openings.push(it));
    let changes = tx.rows(CHANGES, &span, |row| change(row, &shelves, &mut configs))?;
    give(&mut accounts, changes, |account, it| account.changes.push(it));
    let packs = tx.rows(PACKS, &[after, last, to], |row| Ok((account_at(row)?, packs::pack(row)?)))?;
    give(&mut accounts, packs, |account, it: Pack| account.packs.push(it));
    Ok(BatchRead { batch, cycle: *cycle, accounts, configs, versions: BTreeMap::new() })
}

/// What granted money paid of the debts of those accounts that may get something back of what was owed. Source: R-REF-4.
fn grant(tx: &mut Tx<'_>, accounts: &mut [(AccountCycle, i64)]) -> Result<(), StoreError> {
    for (it, _) in accounts {
        if it.recounts.iter().flat_map(|it| &it.billed).any(|it| it.paid.owed().is_positive()) {
            it.granted = ledger::granted(tx, it.wallet.account(), it.wallet.currency())?;
        }
    }
    Ok(())
}

/// The batch that holds one account. All ids are as long, so what is one digit less sorts just before.
fn before(account: AccountId) -> Batch {
    let to = account.to_string();
    let mut after = to.clone();
    let less = after.pop().and_then(|it| it.to_digit(16)).and_then(|it| it.checked_sub(1));
    after.extend(less.and_then(|it| char::from_digit(it, 16)));
    Batch { after, to }
}

/// Hands rows, which are sorted by account, to their accounts. Rows of others are left out.
fn give<T>(
    accounts: &mut [(AccountCycle, i64)],
    rows: Vec<(AccountId, T)>,
    mut take: impl FnMut(&mut AccountCycle, T),
) {
    let mut at = 0;
    for (account, row) in rows {
        while at < accounts.len() && accounts[at].0.wallet.account() < account {
            at += 1;
        }
        match accounts.get_mut(at) {
            Some((found, _)) if found.wallet.account() == account => take(found, row),
            _ => {}
        }
    }
}

/// A row of money of one of `accounts`, which are sorted, read in its currency; `None` for a row of another.
fn own<T>(
    row: &Row<'_>,
    accounts: &[(AccountCycle, i64)],
    read: impl FnOnce(Currency) -> Result<T, StoreError>,
) -> Result<Option<(AccountId, T)>, StoreError> {
    let id = account_at(row)?;
    match accounts.binary_search_by_key(&id, |it| it.0.wallet.account()) {
        Ok(found) => Ok(Some((id, read(accounts[found].0.wallet.currency())?))),
        Err(_) => Ok(None),
    }
}

fn account(row: &Row<'_>) -> Result<(AccountCycle, i64), StoreError> {
    let currency = row.currency(wallets!(count))?;
    let rate = u64::try_from(row.int(wallets!(count) + 1)?)
        .map_err(|_| StoreError::Corrupt("a contract rate".into()))?;
    let read = ledger::wallet(row, 0, account_at(row)?, currency)?;
    Ok((AccountCycle::new(read.wallet, Terms { contract_rate_e8: rate }), read.version))
}

/// Accounts whose bills are written in one round trip; what is in memory for it grows with this.
const TOGETHER: usize = 200;

/// Writes what was settled for a batch, each account with its place in `read`, and that its cycle is done.
///
/// Errors: `Differs` when a bill of the cycle is there already.
pub fn write(tx: &mut Tx<'_>, read: &BatchRead, settled: &[(usize, Settled<'_>)]) -> Result<(), StoreError> {
    for some in settled.chunks(TOGETHER) {
        let mut writes = Writes::default();
        bills::add(&mut writes, some.iter().flat_map(|it| &it.1.bills))?;
        tx.write(writes)?;
    }
    tx.write(standings_of(read, settled))?;
    let (batch, cycle) = (&read.batch, &read.cycle);
    let kind = cycle.kind.as_str();
    let (after, to): (Value<'_>, Value<'_>) = (batch.after.as_str().into(), batch.to.as_str().into());
    tx.exec(DROP_OPENINGS, &[kind.into(), after.clone(), to.clone()])?;
    let done = [kind.into(), us(cycle.from).into(), after.clone(), to.clone(), us(cycle.to).into()];
    if tx.exec(DONE, &done)? != settled.len() as u64 {
        // One that began to wait for this cycle after the accounts were read: the batch is run again with it.
        return Err(StoreError::Stale("the accounts of this cycle".into()));
    }
    tx.exec(DROP_DUES, &[kind.into(), us(cycle.to).into(), after, to]).map(drop)
}

/// How wallets, freezes, meters and packs of a batch stand after it was settled.
fn standings_of<'a>(read: &'a BatchRead, settled: &'a [(usize, Settled<'_>)]) -> Writes<'a> {
    let (mut transfers, mut wallets) = (Vec::new(), Vec::new());
    let (mut freezes, mut openings, mut closed) = (Vec::new(), Vec::new(), Vec::new());
    let mut carries = Vec::new();
    let mut again: Vec<Waiting> = Vec::new();
    for (at, it) in settled {
        let (before, version) = &read.accounts[*at];
        // What vouchers paid in full moves nothing in the wallet.
        transfers.extend(ledger::transfer_rows(&it.transfers, *version));
        if it.wallet != before.wallet {
            wallets.push(ledger::wallet_row(&it.wallet, *version));
        }
        freezes.extend(it.freezes.iter().map(|freeze| ledger::freeze_row(it.account, freeze)));
        for opening in changed_openings(before, it) {
            let config = read.configs.get(opening.config);
            openings.push(opening_row(it.account, read.cycle.kind, &opening, config));
        }
        let waiting = |recount: &Recount| Waiting {
            account: it.account,
            original: recount.original,
            resource: recount.resource,
        };
        again.extend(before.recounts.iter().map(waiting));
        carries.extend(it.carries.iter().map(|carry| carry_row(it.account, carry)));
        closed.extend(before.packs.iter().zip(&it.packs).map(|(before, after)| Closed { before, after }));
    }
    let mut writes = Writes::default();
    writes.new_rows(ledger::POST, transfers, StoreError::Differs("a transfer of this cycle".into()));
    writes.any(ledger::SAVE, wallets);
    writes.any(ledger::SAVE_FREEZE, freezes);
    writes.any(SAVE_OPENING, openings);
    writes.any(SAVE_CARRY, carries);
    packs::close(&mut writes, &closed, &read.cycle);
    let used = settled.iter().map(|it| &it.1);
    vouchers::redeem(&mut writes, used, &read.versions, read.cycle.to);
    recounts::done(&mut writes, &again);
    writes
}

fn carry_row(account: AccountId, it: &Carry) -> [Value<'_>; 3] {
    [account.to_string().into(), it.product.as_str().into(), it.amount_e8.into()]
}

/// Openings that changed, and those that ended, which are marked and dropped.
fn changed_openings(before: &AccountCycle, after: &Settled<'_>) -> Vec<Opening> {
    if before.changes.is_empty() {
        // Without a change every opening is carried as it was.
        return Vec::new();
    }
    let by_resource = |all: &[Opening]| -> BTreeMap<ResourceId, Opening> {
        all.iter().map(|it| (it.resource, *it)).collect()
    };
    let (old, new) = (by_resource(&before.openings), by_resource(&after.openings));
    let changed = new.values().filter(|it| old.get(&it.resource) != Some(it)).copied();
    let ended = old.values().filter(|it| !new.contains_key(&it.resource));
    changed.chain(ended.map(|it| Opening { state: State::Released, ..*it })).collect()
}

pub(crate) fn opening_row(
    account: AccountId,
    kind: CycleKind,
    it: &Opening,
    config: &Config,
) -> [Value<'static>; openings!(count)] {
    [
        account.to_string().into(),
        kind.as_str().into(),
        it.resource.to_string().into(),
        it.created.into(),
        config.product.clone().into(),
        config.options.to_string().into(),
        it.state.as_str().into(),
        it.since.into(),
        i64::try_from(it.clock).unwrap_or(i64::MAX).into(),
        i64::try_from(it.month).unwrap_or(i64::MAX).into(),
    ]
}

/// Resources that are over, each with a kind of cycle whose runs need not know of them.
pub fn forget<'a>(writes: &mut Writes<'a>, all: &'a [(AccountId, ResourceId, CycleKind)]) {
    let row = |it: &'a (AccountId, ResourceId, CycleKind)| {
        [it.0.to_string().into(), it.2.as_str().into(), it.1.to_string().into()]
    };
    writes.any(DROP_OPENING, all.iter().map(row));
}

/// Sets an account aside with the reason; the others of its batch go on.
pub fn set_aside(tx: &mut Tx<'_>, account: AccountId, cycle: &Cycle, reason: &str) -> Result<(), StoreError> {
    let args = [account.to_string().into(), cycle.kind.as_str().into(), us(cycle.from).into(), reason.into()];
    tx.exec(SET_ASIDE, &args).map(drop)
}

/// An account that waits with its reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountAside {
    pub account: AccountId,
    pub kind: CycleKind,
    pub from: Timestamp,
    pub reason: String,
}

fn aside_row(row: &Row<'_>) -> Result<AccountAside, StoreError> {
    Ok(AccountAside {
        account: account_at(row)?,
        kind: row.parsed(1, "cycle", resources::kind)?,
        from: crate::engine::at(row.int(2)?)?,
        reason: row.text(3)?,
    })
}

/// Every account that is set aside, by account.
pub fn aside(tx: &mut Tx<'_>) -> Result<Vec<AccountAside>, StoreError> {
    tx.rows(ASIDE, &[], aside_row)
}

/// Accounts that are set aside, by account and cycle, above `after`; each with the account's name.
pub fn aside_page(
    tx: &mut Tx<'_>,
    after: (&str, &str),
    most: i64,
) -> Result<Vec<(AccountAside, String)>, StoreError> {
    let args = [after.0.into(), after.1.into(), most.into()];
    tx.rows(ASIDE_PAGE, &args, |row| Ok((aside_row(row)?, row.text(4)?)))
}

/// How many accounts are settled up to the same instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CycleStanding {
    pub kind: CycleKind,
    pub settled_to: Timestamp,
    pub accounts: i64,
}

/// Where the accounts that are not set aside stand, by kind, the oldest first.
pub fn standings(tx: &mut Tx<'_>) -> Result<Vec<CycleStanding>, StoreError> {
    tx.rows(STANDINGS, &[], |row| {
        Ok(CycleStanding {
            kind: row.parsed(0, "cycle", resources::kind)?,
            settled_to: crate::engine::at(row.int(1)?)?,
            accounts: row.int(2)?,
        })
    })
}

/// How many accounts are set aside, by kind.
pub fn aside_counts(tx: &mut Tx<'_>) -> Result<Vec<(CycleKind, i64)>, StoreError> {
    tx.rows(ASIDE_COUNTS, &[], |row| Ok((row.parsed(0, "cycle", resources::kind)?, row.int(1)?)))
}

/// Lets what was set aside be tried again.
pub fn take_back(tx: &mut Tx<'_>) -> Result<u64, StoreError> {
    tx.exec(TAKE_BACK, &[])
}

/// The same for one account.
pub fn take_back_one(tx: &mut Tx<'_>, account: AccountId) -> Result<u64, StoreError> {
    tx.exec(TAKE_BACK_ONE, &[account.to_string().into()])
}
