//! Wallets, the transfers that make them, and freezes.

use crate::engine::{Row, StoreError, Tx, Value, Writes, at, us};
use billing::passbook::{Passbook, Transfer};
use billing::wallet::{Freeze, Purse, Purses, Wallet, paid_of_debts};
use std::ops::Range;
use units::{AccountId, Currency, Money, MoneyError, ResourceId, Timestamp};

columns!(wallets:
    account, bonus_minor, cash_minor, income_minor, frozen_bonus_minor, frozen_cash_minor, frozen_income_minor,
    owed_minor, credit_minor, pledged_minor, version
);

pub(crate) use wallets;

/// What is available in a wallet `w`, as `Wallet::available` says: the holds are looked at where there is credit only.
macro_rules! available {
    () => {
        "w.bonus_minor + w.cash_minor + w.income_minor + w.credit_minor - w.owed_minor - w.pledged_minor
            - case when w.credit_minor > 0 then (select cast(coalesce(sum(f.target_minor - f.bonus_minor - f.cash_minor
            - f.income_minor), 0) as bigint) from freezes f where f.account = w.account) else 0 end"
    };
}

pub(crate) use available;

columns!(transfers: account, number, id, at_us, debit, credit, total_minor, kind, subject);
columns!(freezes: account, resource, target_minor, bonus_minor, cash_minor, income_minor);

pub(crate) use freezes;

statements! {
    OPEN = concat!("insert into wallets (", wallets!(names), ") values ($1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0) on conflict do nothing");
    LOCK = "update wallets set version = version + 1 where account = $1";
    GET = concat!(wallets!(select), " where account = $1");
    SAVE = concat!(wallets!(insert), " on conflict (account) do update set bonus_minor = excluded.bonus_minor,
        cash_minor = excluded.cash_minor, income_minor = excluded.income_minor, frozen_bonus_minor = excluded.frozen_bonus_minor,
        frozen_cash_minor = excluded.frozen_cash_minor, frozen_income_minor = excluded.frozen_income_minor,
        owed_minor = excluded.owed_minor, pledged_minor = excluded.pledged_minor, version = excluded.version");
    POST = concat!(transfers!(insert), " on conflict do nothing");
    TOP_UP = "insert into top_ups (account, reference, purse, total_minor, at_us) values ($1, $2, $3, $4, $5)
        on conflict do nothing";
    TOPPED_UP = "select purse, total_minor from top_ups where account = $1 and reference = $2";
    TOP_UPS = "select reference, purse, total_minor, at_us,
        (select a.currency from accounts a where a.id = top_ups.account) from top_ups where account = $1 and (at_us, reference) < ($2, $3)
        order by at_us desc, reference desc limit $4";
    ONE_TOP_UP = "select reference, purse, total_minor, at_us,
        (select a.currency from accounts a where a.id = top_ups.account) from top_ups where account = $1 and reference = $2";
    TOPPED_UP_AT = "select at_us from top_ups where account = $1 and reference = $2";
    MOVEMENTS = concat!("select ", transfers!(names), ", (select a.currency from accounts a where a.id = transfers.account)
        from transfers where account = $1 order by number");
    MOVEMENTS_PAGE = concat!("select ", transfers!(names), ", (select a.currency from accounts a where a.id = transfers.account)
        from transfers where account = $1 and number < $2 and ($3 = '' or kind = $3) and at_us >= $4 and at_us < $5 order by number desc limit $6");
    SINCE = concat!("select ", transfers!(names), ", (select a.currency from accounts a where a.id = transfers.account)
        from transfers where account = $1 and number >= $2 and number < $3 order by number desc");
    DEBTS_PAID = "select debit, credit, cast(sum(total_minor) as bigint) from transfers where account = $1
        and (credit = 'owed' or debit = 'owed') group by debit, credit";
    NUMBER = "select number from transfers where account = $1 and id = $2";
    SAVE_FREEZE = concat!(freezes!(insert), " on conflict (account, resource) do update set target_minor = excluded.target_minor,
        bonus_minor = excluded.bonus_minor, cash_minor = excluded.cash_minor, income_minor = excluded.income_minor");
    FREEZE = concat!("select ", freezes!(names), ", (select a.currency from accounts a where a.id = freezes.account)
        from freezes where account = $1 and resource = $2");
    FREEZES = concat!(freezes!(select), " where account = $1 order by resource");
    LACKING = "select cast(coalesce(sum(target_minor - bonus_minor - cash_minor - income_minor), 0) as bigint) from freezes
        where account = $1";
    DROP_FREEZE = "delete from freezes where account = $1 and resource = $2";
}

/// A movement as it was posted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Movement {
    /// The order in which it was made.
    pub number: i64,
    pub id: String,
    pub at: Timestamp,
    pub debit: Purse,
    pub credit: Purse,
    pub money: Money,
    pub kind: String,
    pub subject: String,
}

impl Movement {
    /// What it did to the balance. Errors: `Overflow`.
    pub fn change(&self) -> Result<Money, MoneyError> {
        billing::wallet::change(self.debit, self.credit, self.money)
    }
}

/// An empty wallet for a new account.
pub fn open(tx: &mut Tx<'_>, account: AccountId) -> Result<(), StoreError> {
    tx.exec(OPEN, &[account.to_string().into()]).map(drop)
}

/// A wallet and the version of its row.
#[derive(Clone, Copy, Debug)]
pub struct StoredWallet {
    pub wallet: Wallet,
    pub version: i64,
}

impl StoredWallet {
    /// The number above those of all movements that made this wallet, and below those of later ones.
    pub const fn end(&self) -> i64 {
        (self.version + 1) * STEP
    }
}

/// Holds the wallet until `tx` ends and reads it, so that a balance cannot be spent twice.
///
/// Writing a row is the one lock that both engines have.
pub fn lock(tx: &mut Tx<'_>, account: AccountId, currency: Currency) -> Result<StoredWallet, StoreError> {
    match tx.exec(LOCK, &[account.to_string().into()])? {
        0 => Err(StoreError::NotFound(format!("wallet of {account}"))),
        _ => get(tx, account, currency),
    }
}

/// The wallet as it stands, without holding it.
pub fn get(tx: &mut Tx<'_>, account: AccountId, currency: Currency) -> Result<StoredWallet, StoreError> {
    let read = tx.one(GET, &[account.to_string().into()], &format!("wallet of {account}"), |row| {
        wallet(row, 0, account, currency)
    })?;
    Ok(StoredWallet { wallet: with_holds(tx, read.wallet)?, ..read })
}

/// The wallet with what its holds lack, which credit stands for; nothing is read without credit. Source: R-FRZ-1, R-ARR-9.
pub fn with_holds(tx: &mut Tx<'_>, mut wallet: Wallet) -> Result<Wallet, StoreError> {
    if wallet.limit().is_positive() {
        let args = [wallet.account().to_string().into()];
        let currency = wallet.currency();
        let lacking = tx.one(LACKING, &args, "a sum", |row| row.money(0, currency))?;
        wallet.lack(lacking)?;
    }
    Ok(wallet)
}

pub(crate) fn wallet(
    row: &Row<'_>,
    first: usize,
    account: AccountId,
    currency: Currency,
) -> Result<StoredWallet, StoreError> {
    let (free, frozen) = (
        row.purses(first + wallets!(bonus_minor), currency)?,
        row.purses(first + wallets!(frozen_bonus_minor), currency)?,
    );
    let wallet = Wallet::new(account, free, frozen, row.money(first + wallets!(owed_minor), currency)?)?;
    let credit = |column| row.money(first + column, currency);
    let wallet = wallet.on_credit(credit(wallets!(credit_minor))?, credit(wallets!(pledged_minor))?)?;
    Ok(StoredWallet { wallet, version: row.int(first + wallets!(version))? })
}

pub(crate) fn wallet_row(wallet: &Wallet, version: i64) -> [Value<'static>; wallets!(count)] {
    let (free, frozen) = (wallet.free(), wallet.frozen());
    [
        wallet.account().to_string().into(),
        free.bonus().into(),
        free.cash().into(),
        free.income().into(),
        frozen.bonus().into(),
        frozen.cash().into(),
        frozen.income().into(),
        wallet.owed().into(),
        wallet.limit().into(),
        wallet.pledged().into(),
        version.into(),
    ]
}

/// Transfers that one step of a wallet may hold; their numbers keep the order in which they were made.
const STEP: i64 = 1_000_000;

pub(crate) fn transfer_rows(
    transfers: &[Transfer],
    version: i64,
) -> Vec<[Value<'static>; transfers!(count)]> {
    let row = |(number, it): (i64, &Transfer)| {
        [
            it.account.to_string().into(),
            (version * STEP + number).into(),
            it.id.to_string().into(),
            us(it.at).into(),
            it.debit.as_str().into(),
            it.credit.as_str().into(),
            it.money.into(),
            it.reason.as_str().into(),
            it.reason.subject().into(),
        ]
    };
    (0..).zip(transfers).map(row).collect()
}

/// Writes wallets that are held: each as it was read, and where it stands after its transfers.
///
/// Unless: `Differs` when a transfer was posted before.
pub fn save<'a>(
    writes: &mut Writes<'_>,
    moved: impl IntoIterator<Item = (&'a StoredWallet, &'a Passbook)> + Clone,
) {
    let posted = moved.clone().into_iter();
    let posted = posted.flat_map(|(read, passbook)| transfer_rows(passbook.transfers(), read.version));
    writes.all(POST, posted, StoreError::Differs("a transfer".into()));
    writes.any(SAVE, moved.into_iter().map(|(read, passbook)| wallet_row(passbook.wallet(), read.version)));
}

/// Whether a payment is new. One that was reported before under its reference is `Again`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reported {
    New,
    Again,
}

/// Notes a payment under its reference. Errors: `Differs` when the reference names another payment.
pub fn top_up(tx: &mut Tx<'_>, account: AccountId, it: &TopUp) -> Result<Reported, StoreError> {
    let (id, reference) = (account.to_string(), it.reference.as_str());
    let args: [Value<'_>; 5] =
        [id.as_str().into(), reference.into(), it.purse.as_str().into(), it.money.into(), us(it.at).into()];
    if tx.exec(TOP_UP, &args)? == 1 {
        return Ok(Reported::New);
    }
    let same = |row: &Row<'_>| Ok(row.text(0)? == it.purse.as_str() && row.int(1)? == it.money.minor());
    match tx.rows(TOPPED_UP, &[id.as_str().into(), reference.into()], same)?.first() {
        Some(true) => Ok(Reported::Again),
        Some(false) | None => Err(StoreError::Differs(format!("payment {reference}"))),
    }
}

/// Every movement of an account, in the order in which it was made.
pub fn movements(tx: &mut Tx<'_>, account: AccountId) -> Result<Vec<Movement>, StoreError> {
    tx.rows(MOVEMENTS, &[account.to_string().into()], movement)
}

fn movement(row: &Row<'_>) -> Result<Movement, StoreError> {
    Ok(Movement {
        id: row.text(transfers!(id))?,
        at: at(row.int(transfers!(at_us))?)?,
        debit: row.parsed(transfers!(debit), "purse", Purse::parse)?,
        credit: row.parsed(transfers!(credit), "purse", Purse::parse)?,
        money: row.money(transfers!(total_minor), row.currency(transfers!(count))?)?,
        kind: row.text(transfers!(kind))?,
        subject: row.text(transfers!(subject))?,
        number: row.int(transfers!(number))?,
    })
}

/// What granted money paid of the debts of an account, and did not get back. Source: R-REF-4.
pub fn granted(tx: &mut Tx<'_>, account: AccountId, currency: Currency) -> Result<Purses, StoreError> {
    let all = tx.rows(DEBTS_PAID, &[account.to_string().into()], |row| {
        let debit = row.parsed(0, "purse", Purse::parse)?;
        let credit = row.parsed(1, "purse", Purse::parse)?;
        Ok(paid_of_debts(debit, credit, row.money(2, currency)?)?)
    })?;
    Ok(Purses::sum(all, currency)?)
}

/// The number of a movement by its id. Errors: `NotFound`.
pub fn number(tx: &mut Tx<'_>, account: AccountId, id: &str) -> Result<i64, StoreError> {
    let shown: String = id.chars().take(60).collect();
    let args = [account.to_string().into(), id.into()];
    tx.one(NUMBER, &args, &format!("movement {shown}"), |row| row.int(0))
}

/// Which movements: with numbers below `before`, of any kind if `kind` is empty.
#[derive(Clone, Copy, Debug)]
pub struct MovementFilter<'a> {
    pub before: i64,
    pub kind: &'a str,
    /// Made in `[from, to)`.
    pub from: Timestamp,
    pub to: Timestamp,
}

/// Movements that fit, the newest first.
pub fn movements_page(
    tx: &mut Tx<'_>,
    account: AccountId,
    filter: MovementFilter<'_>,
    count: usize,
) -> Result<Vec<Movement>, StoreError> {
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    let (from, to) = (us(filter.from), us(filter.to));
    let (before, kind) = (filter.before.into(), filter.kind.into());
    let args = [account.to_string().into(), before, kind, from.into(), to.into(), count.into()];
    tx.rows(MOVEMENTS_PAGE, &args, movement)
}

/// What each movement of these numbers did to the balance, each with its number, the newest first.
pub fn changes(
    tx: &mut Tx<'_>,
    account: AccountId,
    numbers: Range<i64>,
) -> Result<Vec<(i64, Money)>, StoreError> {
    tx.rows(SINCE, &[account.to_string().into(), numbers.start.into(), numbers.end.into()], |row| {
        let it = movement(row)?;
        Ok((it.number, it.change()?))
    })
}

/// Money that came in, or was granted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopUp {
    pub reference: String,
    pub purse: Purse,
    pub money: Money,
    pub at: Timestamp,
}

/// Payments, the newest first, those before the one that `after` refers to. Errors: `NotFound` without that one.
pub fn top_ups(
    tx: &mut Tx<'_>,
    account: AccountId,
    after: Option<&str>,
    count: usize,
) -> Result<Vec<TopUp>, StoreError> {
    let (id, count) = (account.to_string(), i64::try_from(count).unwrap_or(i64::MAX));
    let before = match after {
        None => i64::MAX,
        Some(reference) => {
            let args = [id.as_str().into(), reference.into()];
            tx.one(TOPPED_UP_AT, &args, &format!("payment {reference}"), |row| row.int(0))?
        }
    };
    let args = [id.into(), before.into(), after.unwrap_or("").into(), count.into()];
    tx.rows(TOP_UPS, &args, paid)
}

/// One payment. Errors: `NotFound`.
pub fn one_top_up(tx: &mut Tx<'_>, account: AccountId, reference: &str) -> Result<TopUp, StoreError> {
    let args = [account.to_string().into(), reference.into()];
    tx.one(ONE_TOP_UP, &args, &format!("payment {reference}"), paid)
}

fn paid(row: &Row<'_>) -> Result<TopUp, StoreError> {
    Ok(TopUp {
        reference: row.text(0)?,
        purse: row.parsed(1, "purse", Purse::parse)?,
        money: row.money(2, row.currency(4)?)?,
        at: at(row.int(3)?)?,
    })
}

pub(crate) fn freeze_row(account: AccountId, freeze: &Freeze) -> [Value<'static>; freezes!(count)] {
    let [bonus, cash, income] = freeze.held.kinds();
    [
        account.to_string().into(),
        freeze.resource.to_string().into(),
        freeze.target.into(),
        bonus.into(),
        cash.into(),
        income.into(),
    ]
}

/// Writes what is held for resources.
pub fn save_freezes(writes: &mut Writes<'_>, freezes: &[(AccountId, Freeze)]) {
    writes.any(SAVE_FREEZE, freezes.iter().map(|it| freeze_row(it.0, &it.1)));
}

pub(crate) fn read_freeze(row: &Row<'_>, currency: Currency) -> Result<Freeze, StoreError> {
    Ok(Freeze {
        resource: row.parsed(freezes!(resource), "resource", |it| it.parse().ok())?,
        target: row.money(freezes!(target_minor), currency)?,
        held: row.purses(freezes!(bonus_minor), currency)?,
    })
}

/// What is held for a resource, if anything.
pub fn freeze(
    tx: &mut Tx<'_>,
    account: AccountId,
    resource: ResourceId,
) -> Result<Option<Freeze>, StoreError> {
    let found = tx.rows(FREEZE, &[account.to_string().into(), resource.to_string().into()], |row| {
        read_freeze(row, row.currency(freezes!(count))?)
    })?;
    Ok(found.into_iter().next())
}

/// What is held for resources of an account, sorted by resource.
pub fn all_freezes(
    tx: &mut Tx<'_>,
    account: AccountId,
    currency: Currency,
) -> Result<Vec<Freeze>, StoreError> {
    tx.rows(FREEZES, &[account.to_string().into()], |row| read_freeze(row, currency))
}

/// Nothing is held any more for these resources.
pub fn drop_freezes(writes: &mut Writes<'_>, resources: &[(AccountId, ResourceId)]) {
    let row = |it: &(AccountId, ResourceId)| [it.0.to_string().into(), it.1.to_string().into()];
    writes.any(DROP_FREEZE, resources.iter().map(row));
}
