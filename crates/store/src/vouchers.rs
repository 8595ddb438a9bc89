//! Vouchers, and what of them pays for which orders and bills.
//!
//! In:  a transaction, accounts, vouchers, parts of purchases. Out: the same as rows, and rows as those.
//! Invariant: a voucher is written back only as it was read; what it was issued with is never changed.

use crate::engine::{Row, StoreError, Tx, Value, Writes, at, us};
use billing::order::Action;
use billing::settle::{Redeemed, Settled};
use billing::voucher::hold::{Part, PartState};
use billing::voucher::{Modes, Scope, State, Uses, Voucher, Window};
use std::collections::BTreeMap;
use units::{AccountId, BillId, Currency, Money, OrderId, ResourceId, Timestamp, VoucherId};

columns!(vouchers:
    account, id, name, currency, face_minor, held_minor, spent_minor, lapsed_minor, products, regions, modes, actions,
    min_spend_minor, most_months, uses, from_us, until_us, state, batch, issued_us, code, version
);
columns!(voucher_parts: account, voucher, order_id, piece, bill, batch, minor, state, at_us);

/// As lists and filters see it: one whose time is over is expired.
macro_rules! stands {
    ($now:literal) => {
        concat!("(case when state = 'unused' and until_us <= ", $now, " then 'expired' else state end)")
    };
}

pub(crate) use vouchers;

statements! {
    ADD = concat!(vouchers!(insert), " on conflict do nothing");
    SAVE = "update vouchers set state = $4, held_minor = $5, spent_minor = $6, lapsed_minor = $7, batch = $8, version = version + 1
        where account = $1 and id = $2 and version = $3";
    GET = concat!(vouchers!(select), " where account = $1 and id = $2");
    FIND = concat!(vouchers!(select), " where id = $1");
    OPEN = concat!(vouchers!(select), " where account = $1 and state = 'unused' and until_us > $2 and from_us <= $2 order by id");
    LEFT = concat!(vouchers!(select), " where account = $1 and state in ('unused', 'frozen') order by until_us, id");
    ENDING = "select distinct account from vouchers where state in ('unused', 'frozen') and until_us > $1 and until_us <= $2
        order by account";
    NEXT_END = "select min(until_us) from vouchers where state in ('unused', 'frozen') and until_us > $1 and until_us - issued_us > $2";
    OF_BATCH = concat!(vouchers!(select), " where account = $1 and batch = $2 order by id");
    ALL = concat!(vouchers!(select), " order by account, id");
    PAGE = concat!(vouchers!(select), " where account = $1 and id < $2 and ($3 = '' or ", stands!("$4"), " = $3) order by id desc limit $5");
    PAGE_OF_ALL = concat!(vouchers!(select), " where id < $1 and ($2 = '' or ", stands!("$3"), " = $2) order by id desc limit $4");
    ADD_PART = concat!(voucher_parts!(insert), " on conflict do nothing");
    SAVE_PART = "update voucher_parts set state = $6, at_us = $7 where account = $1 and voucher = $2 and order_id = $3 and piece = $4
        and bill = $5 and state = 'held'";
    FORGET = "delete from voucher_parts where account = $1 and batch = $2 and state = 'held'";
    PARTS_OF_BATCH = concat!("select ", voucher_parts!(names), ", (select a.currency from accounts a where a.id = voucher_parts.account)
        from voucher_parts where account = $1 and batch = $2 and bill = '' order by voucher, order_id, piece");
    USES = concat!("select ", voucher_parts!(names), ", (select a.currency from accounts a where a.id = voucher_parts.account)
        from voucher_parts where account = $1 and voucher = $2 order by at_us, order_id, piece, bill");
    OF_ORDER = concat!("select ", voucher_parts!(names), ", (select a.currency from accounts a where a.id = voucher_parts.account)
        from voucher_parts where account = $1 and order_id = $2 order by voucher, piece");
    PART_SUMS = "select v.account, v.id, v.held_minor, v.spent_minor,
        cast(coalesce(sum(case when p.state = 'held' then p.minor else 0 end), 0) as bigint),
        cast(coalesce(sum(case when p.state = 'spent' then p.minor else 0 end), 0) as bigint)
        from vouchers v left join voucher_parts p on p.account = v.account and p.voucher = v.id
        group by v.account, v.id, v.held_minor, v.spent_minor order by v.account, v.id";
    SPENT = "select order_id, piece, bill, cast(sum(minor) as bigint) from voucher_parts where account = $1 and state = 'spent'
        group by order_id, piece, bill order by order_id, piece, bill";
    PIECES_OTHERWISE = "select p.order_id, p.resource, p.voucher_minor, cast(coalesce(sum(v.minor), 0) as bigint) from pieces p
        left join voucher_parts v on v.account = p.account and v.order_id = p.order_id and v.piece = p.resource
        group by p.account, p.order_id, p.number, p.resource, p.voucher_minor
        having p.voucher_minor <> coalesce(sum(v.minor), 0) order by p.order_id, p.resource";
}

/// A voucher, and the version of its row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredVoucher {
    pub voucher: Voucher,
    pub version: i64,
}

/// A list of words as it is stored.
fn listed(words: &[String]) -> String {
    words.join(" ")
}

/// The same of what vouchers pay for.
fn actions(all: &[Action]) -> String {
    all.iter().map(|it| it.as_str()).collect::<Vec<_>>().join(" ")
}

pub(crate) fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_string).collect()
}

/// The scope in a row in which these stand one behind another: products, regions, modes, actions, least, months, uses.
pub(crate) fn scope(row: &Row<'_>, first: usize, currency: Currency) -> Result<Scope, StoreError> {
    let months = row.maybe_int(first + 5)?.map(u32::try_from).transpose();
    Ok(Scope {
        products: words(&row.text(first)?),
        regions: words(&row.text(first + 1)?),
        modes: row.parsed(first + 2, "modes of a voucher", Modes::parse)?,
        actions: row.parsed(first + 3, "orders of a voucher", |it| {
            it.split_whitespace().map(Action::parse).collect()
        })?,
        min_spend: row.money(first + 4, currency)?,
        most_months: months.map_err(|_| StoreError::Corrupt("the months of a voucher".into()))?,
        uses: row.parsed(first + 6, "uses of a voucher", Uses::parse)?,
    })
}

pub(crate) fn voucher(row: &Row<'_>) -> Result<StoredVoucher, StoreError> {
    let currency = row.currency(vouchers!(currency))?;
    let code = row.maybe_text(vouchers!(code))?;
    let code = code.map(|it| it.parse().map_err(|_| StoreError::Corrupt(format!("promotion code {it}"))));
    let voucher = Voucher {
        account: row.parsed(vouchers!(account), "account", |it| it.parse().ok())?,
        id: row.parsed(vouchers!(id), "voucher", |it| it.parse().ok())?,
        name: row.text(vouchers!(name))?,
        face: row.money(vouchers!(face_minor), currency)?,
        scope: scope(row, vouchers!(products), currency)?,
        window: Window { from: at(row.int(vouchers!(from_us))?)?, until: at(row.int(vouchers!(until_us))?)? },
        state: row.parsed(vouchers!(state), "state of a voucher", State::parse)?,
        held: row.money(vouchers!(held_minor), currency)?,
        spent: row.money(vouchers!(spent_minor), currency)?,
        lapsed: row.money(vouchers!(lapsed_minor), currency)?,
        group: row.maybe_text(vouchers!(batch))?,
        issued: at(row.int(vouchers!(issued_us))?)?,
        code: code.transpose()?,
    };
    Ok(StoredVoucher { voucher, version: row.int(vouchers!(version))? })
}

/// What a voucher pays for, in the order in which `scope` reads it.
pub(crate) fn scope_values(it: &Scope) -> [Value<'_>; 7] {
    [
        listed(&it.products).into(),
        listed(&it.regions).into(),
        it.modes.as_str().into(),
        actions(&it.actions).into(),
        it.min_spend.into(),
        it.most_months.map(i64::from).into(),
        it.uses.as_str().into(),
    ]
}

fn voucher_row(it: &Voucher) -> [Value<'_>; vouchers!(count)] {
    let [products, regions, modes, actions, min_spend, most_months, uses] = scope_values(&it.scope);
    [
        it.account.to_string().into(),
        it.id.to_string().into(),
        it.name.as_str().into(),
        it.currency().as_str().into(),
        it.face.into(),
        it.held.into(),
        it.spent.into(),
        it.lapsed.into(),
        products,
        regions,
        modes,
        actions,
        min_spend,
        most_months,
        uses,
        us(it.window.from).into(),
        us(it.window.until).into(),
        it.state.as_str().into(),
        it.group.as_deref().into(),
        us(it.issued).into(),
        it.code.map(|it| it.to_string()).into(),
        0.into(),
    ]
}

/// Adds a voucher. Errors: `Differs` when its id is taken.
pub fn add(tx: &mut Tx<'_>, it: &Voucher) -> Result<(), StoreError> {
    tx.exec_or(ADD, &voucher_row(it), || StoreError::Differs(format!("voucher {}", it.id)))
}

/// Writes back what was done with vouchers, each with the version that was read. Unless: `Stale`.
pub fn save<'a>(writes: &mut Writes<'a>, all: &'a [StoredVoucher]) {
    let rows = all.iter().map(|it| save_row(&it.voucher, it.version));
    writes.all(SAVE, rows, StoreError::Stale("a voucher".into()));
}

fn save_row(it: &Voucher, version: i64) -> [Value<'_>; 8] {
    [
        it.account.to_string().into(),
        it.id.to_string().into(),
        version.into(),
        it.state.as_str().into(),
        it.held.into(),
        it.spent.into(),
        it.lapsed.into(),
        it.group.as_deref().into(),
    ]
}

/// Writes what vouchers paid of the bills of a run, each with the version that was read. Unless: `Stale`, also for one that was not
/// read.
pub(crate) fn redeem<'a>(
    writes: &mut Writes<'a>,
    settled: impl Iterator<Item = &'a Settled<'a>> + Clone,
    versions: &BTreeMap<VoucherId, i64>,
    at: Timestamp,
) {
    let rows = settled
        .clone()
        .flat_map(|it| &it.vouchers)
        .map(|it| save_row(it, versions.get(&it.id).copied().unwrap_or(-1)));
    writes.all(SAVE, rows, StoreError::Stale("a voucher".into()));
    let part = |account: AccountId, it: &Redeemed| -> [Value<'a>; voucher_parts!(count)] {
        [
            account.to_string().into(),
            it.voucher.to_string().into(),
            "".into(),
            "".into(),
            it.bill.to_string().into(),
            "".into(),
            it.money.into(),
            PartState::Spent.as_str().into(),
            us(at).into(),
        ]
    };
    let parts = settled.flat_map(|it| it.redeemed.iter().map(move |redeemed| part(it.account, redeemed)));
    writes.all(ADD_PART, parts, StoreError::Differs("what a voucher pays of a bill".into()));
}

/// Errors: `NotFound`, also for a voucher of another account.
pub fn get(tx: &mut Tx<'_>, account: AccountId, id: VoucherId) -> Result<StoredVoucher, StoreError> {
    tx.one(GET, &[account.to_string().into(), id.to_string().into()], &format!("voucher {id}"), voucher)
}

/// The voucher of this id, whosever it is. Errors: `NotFound`.
pub fn find(tx: &mut Tx<'_>, id: VoucherId) -> Result<StoredVoucher, StoreError> {
    tx.one(FIND, &[id.to_string().into()], &format!("voucher {id}"), voucher)
}

/// These vouchers, each of its account; one that is not there is left out.
pub fn get_all(tx: &mut Tx<'_>, keys: &[(AccountId, VoucherId)]) -> Result<Vec<StoredVoucher>, StoreError> {
    let keys: Vec<[Value<'_>; 2]> =
        keys.iter().map(|it| [it.0.to_string().into(), it.1.to_string().into()]).collect();
    tx.each(GET, &keys, voucher)
}

/// Vouchers that can be chosen at `now`, by account.
pub fn open(
    tx: &mut Tx<'_>,
    accounts: impl IntoIterator<Item = AccountId>,
    now: Timestamp,
) -> Result<BTreeMap<AccountId, Vec<StoredVoucher>>, StoreError> {
    let keys: Vec<[Value<'_>; 2]> =
        accounts.into_iter().map(|it| [it.to_string().into(), us(now).into()]).collect();
    let mut found: BTreeMap<AccountId, Vec<StoredVoucher>> = BTreeMap::new();
    if keys.is_empty() {
        return Ok(found);
    }
    for it in tx.each(OPEN, &keys, voucher)? {
        found.entry(it.voucher.account).or_default().push(it);
    }
    Ok(found)
}

/// Vouchers of an account of which something is left, those that end first before others, also those whose time is over.
pub fn left(tx: &mut Tx<'_>, account: AccountId) -> Result<Vec<StoredVoucher>, StoreError> {
    tx.rows(LEFT, &[account.to_string().into()], voucher)
}

/// Accounts with a voucher of which something is left and which ends behind `now`, up to `until`.
pub fn ending(tx: &mut Tx<'_>, now: Timestamp, until: Timestamp) -> Result<Vec<AccountId>, StoreError> {
    tx.rows(ENDING, &[us(now).into(), us(until).into()], |row| row.parsed(0, "account", |it| it.parse().ok()))
}

/// The first end behind `after` of vouchers of which something is left and which were issued for more than so many seconds.
pub fn next_end(tx: &mut Tx<'_>, after: Timestamp, seconds: u32) -> Result<Option<Timestamp>, StoreError> {
    let least = i64::from(seconds) * 1_000_000;
    tx.one(NEXT_END, &[us(after).into(), least.into()], "the next end of a voucher", |row| {
        row.maybe_int(0)?.map(at).transpose()
    })
}

/// Vouchers that a purchase holds.
pub fn of_batch(tx: &mut Tx<'_>, account: AccountId, batch: &str) -> Result<Vec<StoredVoucher>, StoreError> {
    tx.rows(OF_BATCH, &[account.to_string().into(), batch.into()], voucher)
}

pub fn all(tx: &mut Tx<'_>) -> Result<Vec<Voucher>, StoreError> {
    tx.rows(ALL, &[], |row| Ok(voucher(row)?.voucher))
}

/// Which vouchers: of an account or of all, in this state at `now`, before this id.
#[derive(Clone, Copy, Debug)]
pub struct VoucherFilter<'a> {
    pub account: Option<AccountId>,
    /// Empty for any.
    pub state: &'a str,
    pub now: Timestamp,
    pub before: &'a str,
}

/// Vouchers that fit, the newest first, at most `most`.
pub fn page(tx: &mut Tx<'_>, of: &VoucherFilter<'_>, most: usize) -> Result<Vec<Voucher>, StoreError> {
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let read = |row: &Row<'_>| Ok(voucher(row)?.voucher);
    match of.account {
        Some(account) => {
            let args: [Value<'_>; 5] = [
                account.to_string().into(),
                of.before.into(),
                of.state.into(),
                us(of.now).into(),
                most.into(),
            ];
            tx.rows(PAGE, &args, read)
        }
        None => {
            let args: [Value<'_>; 4] = [of.before.into(), of.state.into(), us(of.now).into(), most.into()];
            tx.rows(PAGE_OF_ALL, &args, read)
        }
    }
}

fn part(row: &Row<'_>) -> Result<Part, StoreError> {
    let currency = row.currency(voucher_parts!(count))?;
    Ok(Part {
        account: row.parsed(voucher_parts!(account), "account", |it| it.parse().ok())?,
        voucher: row.parsed(voucher_parts!(voucher), "voucher", |it| it.parse().ok())?,
        group: row.text(voucher_parts!(batch))?,
        order: row.parsed(voucher_parts!(order_id), "order", |it| it.parse().ok())?,
        piece: row.parsed(voucher_parts!(piece), "piece", |it| it.parse().ok())?,
        money: row.money(voucher_parts!(minor), currency)?,
        state: row.parsed(voucher_parts!(state), "part of a voucher", PartState::parse)?,
    })
}

/// Notes what vouchers pay of a purchase.
pub fn add_parts<'a>(writes: &mut Writes<'a>, parts: &'a [Part], now: Timestamp) {
    let row = |it: &'a Part| -> [Value<'a>; voucher_parts!(count)] {
        [
            it.account.to_string().into(),
            it.voucher.to_string().into(),
            it.order.to_string().into(),
            it.piece.to_string().into(),
            "".into(),
            it.group.as_str().into(),
            it.money.into(),
            it.state.as_str().into(),
            us(now).into(),
        ]
    };
    writes.all(
        ADD_PART,
        parts.iter().map(row),
        StoreError::Differs("what a voucher pays of an order".into()),
    );
}

/// Notes what became of parts that were held.
pub fn save_parts<'a>(writes: &mut Writes<'a>, parts: &'a [Part], now: Timestamp) {
    let row = |it: &'a Part| -> [Value<'a>; 7] {
        [
            it.account.to_string().into(),
            it.voucher.to_string().into(),
            it.order.to_string().into(),
            it.piece.to_string().into(),
            "".into(),
            it.state.as_str().into(),
            us(now).into(),
        ]
    };
    writes.all(SAVE_PART, parts.iter().map(row), StoreError::Stale("what a voucher pays of an order".into()));
}

/// Forgets what purchases hold: they choose anew.
pub fn forget<'a>(writes: &mut Writes<'a>, batches: &'a [(AccountId, String)]) {
    let row =
        |it: &'a (AccountId, String)| -> [Value<'a>; 2] { [it.0.to_string().into(), it.1.as_str().into()] };
    writes.any(FORGET, batches.iter().map(row));
}

/// What vouchers pay of a purchase, whatever became of it.
pub fn parts_of_batch(tx: &mut Tx<'_>, account: AccountId, batch: &str) -> Result<Vec<Part>, StoreError> {
    tx.rows(PARTS_OF_BATCH, &[account.to_string().into(), batch.into()], part)
}

/// What vouchers pay of an order, whatever became of it.
pub fn parts_of_order(tx: &mut Tx<'_>, account: AccountId, order: OrderId) -> Result<Vec<Part>, StoreError> {
    tx.rows(OF_ORDER, &[account.to_string().into(), order.to_string().into()], part)
}

/// What a voucher paid, pays or was to pay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Use {
    pub of: UsedFor,
    pub money: Money,
    pub state: PartState,
    pub at: Timestamp,
}

/// What a voucher pays for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UsedFor {
    Order(OrderId, ResourceId),
    Bill(BillId),
}

/// All that a voucher was used for, the oldest first.
pub fn uses(tx: &mut Tx<'_>, account: AccountId, id: VoucherId) -> Result<Vec<Use>, StoreError> {
    tx.rows(USES, &[account.to_string().into(), id.to_string().into()], |row| {
        let currency = row.currency(voucher_parts!(count))?;
        let of = match row.text(voucher_parts!(bill))?.is_empty() {
            true => UsedFor::Order(
                row.parsed(voucher_parts!(order_id), "order", |it| it.parse().ok())?,
                row.parsed(voucher_parts!(piece), "piece", |it| it.parse().ok())?,
            ),
            false => UsedFor::Bill(row.parsed(voucher_parts!(bill), "bill", |it| it.parse().ok())?),
        };
        Ok(Use {
            of,
            money: row.money(voucher_parts!(minor), currency)?,
            state: row.parsed(voucher_parts!(state), "part of a voucher", PartState::parse)?,
            at: at(row.int(voucher_parts!(at_us))?)?,
        })
    })
}

/// A voucher as its row says and as its parts add up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartSum {
    pub id: String,
    pub held: i64,
    pub spent: i64,
    pub parts_held: i64,
    pub parts_spent: i64,
}

pub fn part_sums(tx: &mut Tx<'_>) -> Result<Vec<PartSum>, StoreError> {
    tx.rows(PART_SUMS, &[], |row| {
        Ok(PartSum {
            id: row.text(1)?,
            held: row.int(2)?,
            spent: row.int(3)?,
            parts_held: row.int(4)?,
            parts_spent: row.int(5)?,
        })
    })
}

/// What vouchers paid of an account: order and piece, or bill, and the sum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spent {
    pub order: String,
    pub piece: String,
    pub bill: String,
    pub minor: i64,
}

pub fn spent(tx: &mut Tx<'_>, account: AccountId) -> Result<Vec<Spent>, StoreError> {
    tx.rows(SPENT, &[account.to_string().into()], |row| {
        Ok(Spent { order: row.text(0)?, piece: row.text(1)?, bill: row.text(2)?, minor: row.int(3)? })
    })
}

/// Pieces whose vouchers are not what their parts add up to: order, piece, what it says, what the parts say.
pub fn pieces_otherwise(tx: &mut Tx<'_>) -> Result<Vec<(String, String, i64, i64)>, StoreError> {
    tx.rows(PIECES_OTHERWISE, &[], |row| Ok((row.text(0)?, row.text(1)?, row.int(2)?, row.int(3)?)))
}
