//! Resource packs.

use crate::engine::{Row, StoreError, Tx, Value, Writes, at, us};
use crate::resources::{Living, living_row};
use billing::pack::Pack;
use std::collections::{BTreeMap, HashMap};
use units::{AccountId, Currency, Cycle, PackId, Timestamp};

columns!(packs:
    account, id, order_id, family, spec, name, capacity, effective_us, expires_us, bought_us, left_units,
    settled_to_us, used_units, lost_units, notices, refunded_us
);

pub(crate) use packs;

statements! {
    SAVE = concat!(packs!(insert), " on conflict (account, id) do update set left_units = excluded.left_units,
        settled_to_us = excluded.settled_to_us, used_units = excluded.used_units, lost_units = excluded.lost_units,
        refunded_us = excluded.refunded_us");
    OF_ACCOUNT = concat!(packs!(select), " where account = $1 order by bought_us, name, id");
    GET = concat!(packs!(select), " where account = $1 and id = $2");
    USED = "insert into pack_uses (account, pack, cycle_from_us, cycle_to_us, used_units, lost_units) values ($1, $2, $3, $4, $5, $6)
        on conflict do nothing";
    USES = "select pack, cycle_from_us, used_units + lost_units from pack_uses where account = $1 order by pack, cycle_from_us";
    TAKEN = "select p.id, p.name, p.spec, u.used_units from pack_uses u join packs p on p.account = u.account and p.id = u.pack
        where u.account = $1 and u.cycle_from_us = $2 and u.used_units > 0 and p.family = $3 order by p.expires_us, p.effective_us, p.id";
    SERVED = concat!("select ", packs!(names of p), ", u.used_units, u.cycle_from_us from packs p join pack_uses u on u.account = p.account
        and u.pack = p.id where u.account = $1 and u.cycle_from_us = $2 and u.used_units > 0 order by p.id");
    LIVING = "select o.product, o.options, count(*) from packs p join orders o on o.account = p.account
        and o.id = p.order_id join accounts a on a.id = p.account where p.expires_us > $1 and p.left_units > 0
        and a.currency = $2 group by o.product, o.options
        order by o.product, o.options";
    OWNERS = "select distinct account from packs where left_units > 0 order by account";
}

/// What the packs are that something is left of at `now`, also those that begin later, of all accounts of a currency.
pub fn living(tx: &mut Tx<'_>, currency: Currency, now: Timestamp) -> Result<Vec<Living>, StoreError> {
    tx.rows(LIVING, &[us(now).into(), currency.as_str().into()], living_row)
}

pub(crate) fn pack(row: &Row<'_>) -> Result<Pack, StoreError> {
    let units = |at: usize| -> Result<u64, StoreError> {
        u64::try_from(row.int(at)?).map_err(|_| StoreError::Corrupt("units of a pack".into()))
    };
    Ok(Pack {
        account: row.parsed(packs!(account), "account", |it| it.parse().ok())?,
        id: row.parsed(packs!(id), "pack", |it| it.parse().ok())?,
        order: row.parsed(packs!(order_id), "order", |it| it.parse().ok())?,
        family: row.text(packs!(family))?,
        spec: row.maybe_text(packs!(spec))?,
        name: row.text(packs!(name))?,
        capacity: units(packs!(capacity))?,
        effective: at(row.int(packs!(effective_us))?)?,
        expires: at(row.int(packs!(expires_us))?)?,
        bought: at(row.int(packs!(bought_us))?)?,
        left: units(packs!(left_units))?,
        settled_to: at(row.int(packs!(settled_to_us))?)?,
        used: units(packs!(used_units))?,
        lost: units(packs!(lost_units))?,
        notices_percent: row.parsed(packs!(notices), "notices", |it| {
            it.split_whitespace().map(|it| it.parse().ok()).collect()
        })?,
        refunded: row.maybe_int(packs!(refunded_us))?.map(at).transpose()?,
    })
}

/// Units as they are stored.
fn units(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn pack_row(it: &Pack) -> [Value<'_>; packs!(count)] {
    let notices: Vec<String> = it.notices_percent.iter().map(u32::to_string).collect();
    [
        it.account.to_string().into(),
        it.id.to_string().into(),
        it.order.to_string().into(),
        it.family.as_str().into(),
        it.spec.as_deref().into(),
        it.name.as_str().into(),
        units(it.capacity).into(),
        us(it.effective).into(),
        us(it.expires).into(),
        us(it.bought).into(),
        units(it.left).into(),
        us(it.settled_to).into(),
        units(it.used).into(),
        units(it.lost).into(),
        notices.join(" ").into(),
        it.refunded.map(us).into(),
    ]
}

/// Writes packs as they stand, new ones and others.
pub fn save<'a>(writes: &mut Writes<'a>, packs: impl IntoIterator<Item = &'a Pack>) {
    writes.any(SAVE, packs.into_iter().map(pack_row));
}

/// Notes that a pack was given back at `now` with all that was left of it, which nothing takes any more.
pub fn give_back(writes: &mut Writes<'_>, before: &Pack, now: Timestamp) {
    let row: [Value<'_>; 6] = [
        before.account.to_string().into(),
        before.id.to_string().into(),
        us(now).into(),
        us(now).into(),
        0.into(),
        units(before.left).into(),
    ];
    writes.any(USED, [row]);
}

pub fn of_account(tx: &mut Tx<'_>, account: AccountId) -> Result<Vec<Pack>, StoreError> {
    tx.rows(OF_ACCOUNT, &[account.to_string().into()], pack)
}

/// These packs of an account; one that is not there is left out.
pub fn get_all(tx: &mut Tx<'_>, account: AccountId, ids: &[PackId]) -> Result<Vec<Pack>, StoreError> {
    let account = account.to_string();
    let keys: Vec<[Value<'_>; 2]> =
        ids.iter().map(|it| [account.as_str().into(), it.to_string().into()]).collect();
    tx.each(GET, &keys, pack)
}

/// The packs of each of these accounts.
pub fn of_accounts(
    tx: &mut Tx<'_>,
    accounts: impl IntoIterator<Item = AccountId>,
) -> Result<BTreeMap<AccountId, Vec<Pack>>, StoreError> {
    let keys: Vec<[Value<'_>; 1]> = accounts.into_iter().map(|it| [it.to_string().into()]).collect();
    let mut found: BTreeMap<AccountId, Vec<Pack>> = BTreeMap::new();
    for it in tx.each(OF_ACCOUNT, &keys, pack)? {
        found.entry(it.account).or_default().push(it);
    }
    Ok(found)
}

/// Accounts with a pack that has units left.
pub fn owners(tx: &mut Tx<'_>) -> Result<Vec<AccountId>, StoreError> {
    tx.rows(OWNERS, &[], |row| row.parsed(0, "account", |it| it.parse().ok()))
}

/// A pack before and after its month was closed.
#[derive(Clone, Copy)]
pub(crate) struct Closed<'a> {
    pub before: &'a Pack,
    pub after: &'a Pack,
}

/// Writes what closing `cycle` took from each pack; once.
pub(crate) fn close<'a>(writes: &mut Writes<'a>, packs: &[Closed<'a>], cycle: &Cycle) {
    let row = |it: &Closed<'a>| -> [Value<'a>; 6] {
        [
            it.after.account.to_string().into(),
            it.after.id.to_string().into(),
            us(cycle.from).into(),
            us(cycle.to).into(),
            units(it.after.used - it.before.used).into(),
            units(it.after.lost - it.before.lost).into(),
        ]
    };
    save(writes, packs.iter().map(|it| it.after));
    writes.any(USED, packs.iter().map(row));
}

/// What a month took of a pack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    pub id: PackId,
    pub name: String,
    /// The only spec that it covers.
    pub spec: Option<String>,
    pub units: u64,
}

/// What the month that begins at `from` took of the packs of a family, in the order in which packs are used up.
pub fn taken(
    tx: &mut Tx<'_>,
    account: AccountId,
    from: Timestamp,
    family: &str,
) -> Result<Vec<Taken>, StoreError> {
    tx.rows(TAKEN, &[account.to_string().into(), us(from).into(), family.into()], |row| {
        let units = u64::try_from(row.int(3)?).map_err(|_| StoreError::Corrupt("units of a pack".into()))?;
        let id = row.parsed(0, "pack", |it| it.parse().ok())?;
        Ok(Taken { id, name: row.text(1)?, spec: row.maybe_text(2)?, units })
    })
}

/// The packs that served these months of accounts, each with what the month that begins then took of it as what is left.
pub(crate) fn served(
    tx: &mut Tx<'_>,
    months: impl IntoIterator<Item = (AccountId, Timestamp)>,
) -> Result<HashMap<(AccountId, Timestamp), Vec<Pack>>, StoreError> {
    let key = |(account, from): (AccountId, Timestamp)| -> [Value<'_>; 2] {
        [account.to_string().into(), us(from).into()]
    };
    let keys: Vec<_> = months.into_iter().map(key).collect();
    let rows = tx.each(SERVED, &keys, |row| {
        let left = u64::try_from(row.int(packs!(count))?);
        let left = left.map_err(|_| StoreError::Corrupt("units of a pack".into()))?;
        let from = at(row.int(packs!(count) + 1)?)?;
        Ok((from, Pack { left, settled_to: from, ..pack(row)? }))
    })?;
    let mut found: HashMap<(AccountId, Timestamp), Vec<Pack>> = HashMap::new();
    for (from, it) in rows {
        found.entry((it.account, from)).or_default().push(it);
    }
    Ok(found)
}

/// What each month took from and lost of the packs of an account, by pack.
pub fn uses(
    tx: &mut Tx<'_>,
    account: AccountId,
) -> Result<BTreeMap<String, Vec<(Timestamp, u64)>>, StoreError> {
    let mut found: BTreeMap<String, Vec<(Timestamp, u64)>> = BTreeMap::new();
    let rows = tx.rows(USES, &[account.to_string().into()], |row| {
        let units = u64::try_from(row.int(2)?).map_err(|_| StoreError::Corrupt("units of a pack".into()))?;
        Ok((row.text(0)?, at(row.int(1)?)?, units))
    })?;
    for (pack, from, units) in rows {
        found.entry(pack).or_default().push((from, units));
    }
    Ok(found)
}
