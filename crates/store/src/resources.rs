//! Resources, the meter events that their lives leave, and the openings and dues of settlement.

use crate::engine::{Row, StoreError, Tx, Value, Writes, at, us};
use crate::labels::{self, Labels};
use crate::metered;
use crate::sort::Sort;
use billing::options::Options;
use billing::resource::kept::Kept;
use billing::resource::raise::Raise;
use billing::resource::renew::{Flag, Renew};
use billing::resource::{EndedBy, MeterEvent, Resource, State};
use std::collections::{BTreeSet, HashMap};
use units::{AccountId, Currency, CycleKind, Money, ResourceId, Timestamp};

columns!(resources:
    account, id, order_id, product, options, name, service, zone, state, before, since_us, created_us, delivered_us,
    deadline_us, address, due_us, ended_by, months, version, updated_us,
    renewal, renew_us, anchor_day, life_book, no_stop_days, anchor_us, currency, raises
);

columns!(meter_events: account, resource, number, at_us, state, product, options, asked_us, late);

/// Resources of an account as their owner sees them, those that fit a filter; its place and order follow.
macro_rules! shown_page {
    () => {
        concat!(
            "select ",
            resources!(names of r),
            ", l.project, l.tags, coalesce(f.bonus_minor + f.cash_minor + f.income_minor, 0) from resources r
            left join labels l on l.account = r.account and l.resource = r.id
            left join freezes f on f.account = r.account and f.resource = r.id
            where r.account = $1 and ($3 = '' or r.state = $3) and ($4 = '' or r.product = $4) and ($5 = '' or r.service = $5)
            and ($6 = '' or r.name = $6) and ($7 = '' or l.project = $7) and ($8 = '' or replace(l.tags, $8, '') <> l.tags)
            and ($9 = '' or replace(lower(r.name), lower($9), '') <> lower(r.name) or r.address = $9 or r.id = $9)
            and r.updated_us >= $10 and ($12 = '' or replace(' ' || r.options || ' ', $12, '') <> ' ' || r.options || ' ') and "
        )
    };
}

statements! {
    ADD = concat!(resources!(insert), " on conflict do nothing");
    SAVE = "update resources set options = $3, state = $4, before = $5, since_us = $6, delivered_us = $7, deadline_us = $8, address = $9,
        due_us = $10, ended_by = $11, service = $12, updated_us = $14, renewal = $15, renew_us = $16, anchor_day = $17, no_stop_days = $18, anchor_us = $19, raises = $20, version = version + 1 where account = $1 and id = $2 and version = $13";
    GET = concat!(resources!(select), " where account = $1 and id = $2");
    OF_ACCOUNT = concat!(resources!(select), " where account = $1 order by created_us, name, id");
    DUE = concat!(resources!(select), " where due_us <= $1 order by due_us, id");
    LIVING_OF = concat!(resources!(select), " where account = $1 and state <> $2 and state <> $3 order by id");
    RENEWALS_DUE = "select renew_us, account, id from resources where renew_us <= $1";
    NEXT_RENEWAL = "select min(renew_us) from resources where renew_us is not null";
    NEXT_DUE = "select min(due_us) from resources where due_us is not null";
    EVENT = meter_events!(insert);
    EVENTS = concat!(meter_events!(select), " where account = $1 and resource = $2 order by number");
    EVENTS_OF_ACCOUNT = concat!(meter_events!(select), " where account = $1 order by resource, number");
    SHOWN = concat!("select ", resources!(names of r), ", l.project, l.tags, coalesce(f.bonus_minor +
        f.cash_minor + f.income_minor, 0) from resources r left join labels l on l.account = r.account and l.resource = r.id left join freezes
        f on f.account = r.account and f.resource = r.id where r.account = $1 and r.id = $2");
    NEWEST = concat!(shown_page!(), "r.id < $2 order by r.id desc limit $11");
    OLDEST = concat!(shown_page!(), "r.id > $2 order by r.id limit $11");
    BY_NAME = concat!(shown_page!(), "(r.name, r.id) > (coalesce((select c.name from resources c where c.account = $1 and c.id = $2), ''), $2)
        order by r.name, r.id limit $11");
    LAST_EVENT = concat!(meter_events!(select), " where account = $1 and resource = $2 order by number desc limit 1");
    LIVING = "select product, options, count(*) from resources where state <> $1 and state <> $2 and currency = $3
        group by product, options order by product, options";
    RENAME = "update resources set name = $3 where account = $1 and id = $2";
    TOUCH = "update resources set updated_us = $3 where account = $1 and id = $2";
    LIFE = concat!(meter_events!(select), " where account = $1 and resource = $2 and number > $3 order by number limit $4");
}

/// A resource and the version of its row.
#[derive(Clone, Debug)]
pub struct StoredResource {
    pub resource: Resource,
    pub version: i64,
}

fn resource(row: &Row<'_>) -> Result<StoredResource, StoreError> {
    resource_with(row, row.options(resources!(options))?)
}

/// A resource whose options are known.
fn resource_with(row: &Row<'_>, options: Options) -> Result<StoredResource, StoreError> {
    let instant = |at_column: usize| -> Result<Option<Timestamp>, StoreError> {
        row.maybe_int(at_column)?.map(at).transpose()
    };
    let resource = Resource {
        account: row.parsed(resources!(account), "account", |it| it.parse().ok())?,
        id: row.parsed(resources!(id), "resource", |it| it.parse().ok())?,
        order: row.parsed(resources!(order_id), "order", |it| it.parse().ok())?,
        product: row.text(resources!(product))?,
        options,
        name: row.text(resources!(name))?,
        service: row.maybe_text(resources!(service))?,
        state: row.parsed(resources!(state), "state", State::parse)?,
        before: row.parsed(resources!(before), "state", State::parse)?,
        since: at(row.int(resources!(since_us))?)?,
        created: at(row.int(resources!(created_us))?)?,
        delivered: instant(resources!(delivered_us))?,
        deadline: instant(resources!(deadline_us))?,
        address: row.maybe_text(resources!(address))?,
        due: instant(resources!(due_us))?,
        ended_by: match row.maybe_text(resources!(ended_by))? {
            Some(text) => {
                Some(EndedBy::parse(&text).ok_or_else(|| StoreError::Corrupt(format!("reason `{text}`")))?)
            }
            None => None,
        },
        renew: Renew {
            flag: row.parsed(resources!(renewal), "renewal", Flag::parse)?,
            due: instant(resources!(renew_us))?,
            day: match row.maybe_int(resources!(anchor_day))? {
                Some(day) => Some(u8::try_from(day).map_err(|_| StoreError::Corrupt(format!("day {day}")))?),
                None => None,
            },
            since: instant(resources!(anchor_us))?,
        },
        kept: Kept {
            book: match row.maybe_text(resources!(life_book))? {
                Some(text) => Some(text.parse().map_err(|_| StoreError::Corrupt(format!("book `{text}`")))?),
                None => None,
            },
            no_stop_days: u32::try_from(row.int(resources!(no_stop_days))?)
                .map_err(|_| StoreError::Corrupt("days without a stop".into()))?,
        },
        raises: row.parsed(resources!(raises), "raises of a resource", Raise::parse)?,
        currency: row.currency(resources!(currency))?,
    };
    Ok(StoredResource { resource, version: row.int(resources!(version))? })
}

/// Pieces of one product with the same options.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Living {
    pub product: String,
    pub options: Options,
    pub count: i64,
}

/// A row of product, options and count.
pub(crate) fn living_row(row: &Row<'_>) -> Result<Living, StoreError> {
    Ok(Living { product: row.text(0)?, options: row.options(1)?, count: row.int(2)? })
}

/// What has not ended, of all accounts of a currency: also what waits for its delivery, and what lies in the bin.
pub fn living(tx: &mut Tx<'_>, currency: Currency) -> Result<Vec<Living>, StoreError> {
    let of = [State::Released.as_str().into(), State::Failed.as_str().into(), currency.as_str().into()];
    tx.rows(LIVING, &of, living_row)
}

/// Adds pending resources, each with the months that it was ordered for; 0 for what is paid by use.
///
/// Unless: `Differs` for one that is there.
pub fn add<'a>(writes: &mut Writes<'a>, new: &'a [(Resource, u32)]) {
    let row = |(it, months): &'a (Resource, u32)| -> [Value<'a>; resources!(count)] {
        [
            it.account.to_string().into(),
            it.id.to_string().into(),
            it.order.to_string().into(),
            it.product.as_str().into(),
            it.options.to_string().into(),
            it.name.as_str().into(),
            it.service.as_deref().into(),
            it.options.place().into(),
            it.state.as_str().into(),
            it.before.as_str().into(),
            us(it.since).into(),
            us(it.created).into(),
            it.delivered.map(us).into(),
            it.deadline.map(us).into(),
            it.address.as_deref().into(),
            it.due.map(us).into(),
            it.ended_by.map(EndedBy::as_str).into(),
            i64::from(*months).into(),
            0.into(),
            us(it.created).into(),
            it.renew.flag.as_str().into(),
            it.renew.due.map(us).into(),
            it.renew.day.map(i64::from).into(),
            it.kept.book.map(|it| it.to_string()).into(),
            i64::from(it.kept.no_stop_days).into(),
            it.renew.since.map(us).into(),
            it.currency.as_str().into(),
            Raise::text(&it.raises).into(),
        ]
    };
    writes.all(ADD, new.iter().map(row), StoreError::Differs("a resource".into()));
}

/// Writes resources back at `now`, if nobody else did since they were read; each with the version that was read.
///
/// Unless: `Stale`.
pub fn save<'a>(
    writes: &mut Writes<'a>,
    resources: impl IntoIterator<Item = &'a StoredResource>,
    now: Timestamp,
) {
    let rows = resources.into_iter().map(|it| saved_row(&it.resource, it.version, now));
    writes.all(SAVE, rows, StoreError::Stale("a resource".into()));
}

fn saved_row(it: &Resource, version: i64, now: Timestamp) -> [Value<'_>; 20] {
    [
        it.account.to_string().into(),
        it.id.to_string().into(),
        it.options.to_string().into(),
        it.state.as_str().into(),
        it.before.as_str().into(),
        us(it.since).into(),
        it.delivered.map(us).into(),
        it.deadline.map(us).into(),
        it.address.as_deref().into(),
        it.due.map(us).into(),
        it.ended_by.map(EndedBy::as_str).into(),
        it.service.as_deref().into(),
        version.into(),
        us(now).into(),
        it.renew.flag.as_str().into(),
        it.renew.due.map(us).into(),
        it.renew.day.map(i64::from).into(),
        i64::from(it.kept.no_stop_days).into(),
        it.renew.since.map(us).into(),
        Raise::text(&it.raises).into(),
    ]
}

/// Errors: `NotFound`, also for a resource of another account.
pub fn get(tx: &mut Tx<'_>, account: AccountId, id: ResourceId) -> Result<StoredResource, StoreError> {
    tx.one(GET, &[account.to_string().into(), id.to_string().into()], &format!("resource {id}"), resource)
}

/// The same for many, each of its account; one that is not there is left out.
pub fn get_all(tx: &mut Tx<'_>, keys: &[(AccountId, ResourceId)]) -> Result<Vec<StoredResource>, StoreError> {
    let keys: Vec<[Value<'_>; 2]> =
        keys.iter().map(|it| [it.0.to_string().into(), it.1.to_string().into()]).collect();
    tx.each(GET, &keys, resource)
}

pub fn of_account(tx: &mut Tx<'_>, account: AccountId) -> Result<Vec<StoredResource>, StoreError> {
    tx.rows(OF_ACCOUNT, &[account.to_string().into()], resource)
}

/// Those that are not over.
pub fn living_of(tx: &mut Tx<'_>, account: AccountId) -> Result<Vec<StoredResource>, StoreError> {
    let ended = |it: State| Value::from(it.as_str());
    let args = [account.to_string().into(), ended(State::Released), ended(State::Failed)];
    // Many have the same options, which are read once.
    let mut known: HashMap<String, Options> = HashMap::new();
    tx.rows(LIVING_OF, &args, |row| {
        let found = row.with_text(resources!(options), |text| known.get(text).cloned())?;
        let options = match found {
            Some(options) => options,
            None => {
                let options = row.options(resources!(options))?;
                known.insert(row.text(resources!(options))?, options.clone());
                options
            }
        };
        resource_with(row, options)
    })
}

/// A resource as its owner sees it: with the months it was ordered for, what is written on it and held for it.
#[derive(Clone, Debug)]
pub struct LabelledResource {
    pub resource: Resource,
    /// 0 for what is paid by use.
    pub months: u32,
    pub labels: Labels,
    pub held: Money,
    /// When it or what is written on it was last changed.
    pub updated: Timestamp,
}

impl LabelledResource {
    /// Whether it is paid ahead: it has a deadline, or will have one when it is delivered.
    pub const fn is_prepaid(&self) -> bool {
        match self.resource.delivered {
            None => self.months > 0,
            Some(_) => self.resource.deadline.is_some(),
        }
    }
}

fn shown(row: &Row<'_>) -> Result<LabelledResource, StoreError> {
    let resource = resource(row)?.resource;
    Ok(LabelledResource {
        months: u32::try_from(row.int(resources!(months))?)
            .map_err(|_| StoreError::Corrupt("months".into()))?,
        labels: labels::read(row, resources!(count))?,
        held: row.money(resources!(count) + 2, resource.currency)?,
        updated: at(row.int(resources!(updated_us))?)?,
        resource,
    })
}

/// Errors: `NotFound`, also for a resource of another account.
pub fn show(tx: &mut Tx<'_>, account: AccountId, id: ResourceId) -> Result<LabelledResource, StoreError> {
    tx.one(SHOWN, &[account.to_string().into(), id.to_string().into()], &format!("resource {id}"), shown)
}

/// Resources of an account as their owner sees them, in the order of `ids`; those that are not its own are left out.
pub fn several(
    tx: &mut Tx<'_>,
    account: AccountId,
    ids: &[ResourceId],
) -> Result<Vec<LabelledResource>, StoreError> {
    let account = account.to_string();
    let keys: Vec<[Value<'_>; 2]> =
        ids.iter().map(|id| [account.as_str().into(), id.to_string().into()]).collect();
    tx.each(SHOWN, &keys, shown)
}

/// Which resources of an account: behind the place `after`, and what else they must have.
#[derive(Clone, Copy, Debug)]
pub struct ResourceFilter<'a> {
    pub sort: Sort,
    pub after: &'a str,
    pub state: Option<&'a str>,
    pub product: Option<&'a str>,
    pub service: Option<&'a str>,
    pub name: Option<&'a str>,
    pub project: Option<&'a str>,
    /// A tag and its value.
    pub tag: Option<(&'a str, &'a str)>,
    /// A part of its name, whatever the case, or its whole address or id.
    pub search: Option<&'a str>,
    /// Changed then or later.
    pub updated_since: Option<Timestamp>,
    /// In this region.
    pub region: Option<&'a str>,
}

/// The first resources that fit, in their order, at most `most`.
pub fn page(
    tx: &mut Tx<'_>,
    account: AccountId,
    filter: &ResourceFilter<'_>,
    most: usize,
) -> Result<Vec<LabelledResource>, StoreError> {
    let args: [Value<'_>; 12] = [
        account.to_string().into(),
        filter.after.into(),
        filter.state.unwrap_or("").into(),
        filter.product.unwrap_or("").into(),
        filter.service.unwrap_or("").into(),
        filter.name.unwrap_or("").into(),
        filter.project.unwrap_or("").into(),
        filter.tag.map_or_else(String::new, |(key, value)| labels::tag(key, value)).into(),
        filter.search.unwrap_or("").into(),
        filter.updated_since.map_or(i64::MIN, us).into(),
        i64::try_from(most).unwrap_or(i64::MAX).into(),
        filter.region.map_or_else(String::new, |it| format!(" region={it} ")).into(),
    ];
    let sql = match filter.sort {
        Sort::Newest => NEWEST,
        Sort::Oldest => OLDEST,
        Sort::Name => BY_NAME,
    };
    tx.rows(sql, &args, shown)
}

/// Notes that something of a resource changed.
pub fn touch(tx: &mut Tx<'_>, account: AccountId, id: ResourceId, now: Timestamp) -> Result<(), StoreError> {
    tx.exec(TOUCH, &[account.to_string().into(), id.to_string().into(), us(now).into()]).map(drop)
}

/// Gives a resource another name.
pub fn rename(tx: &mut Tx<'_>, account: AccountId, id: ResourceId, name: &str) -> Result<(), StoreError> {
    tx.exec(RENAME, &[account.to_string().into(), id.to_string().into(), name.into()]).map(drop)
}

/// Resources of whose renewal something is due, since when, the longest due first.
pub fn renewals_due(
    tx: &mut Tx<'_>,
    now: Timestamp,
) -> Result<BTreeSet<(Timestamp, ResourceId, AccountId)>, StoreError> {
    let found = tx.rows(RENEWALS_DUE, &[us(now).into()], |row| {
        let account = row.parsed(1, "account", |it| it.parse().ok())?;
        Ok((at(row.int(0)?)?, row.parsed(2, "resource", |it| it.parse().ok())?, account))
    })?;
    Ok(found.into_iter().collect())
}

/// When something about a renewal falls due next.
pub fn next_renewal(tx: &mut Tx<'_>) -> Result<Option<Timestamp>, StoreError> {
    crate::tasks::earliest(tx, NEXT_RENEWAL)
}

/// Events of which life line: above number `after`.
#[derive(Clone, Copy, Debug)]
pub struct LifeFilter {
    pub account: AccountId,
    pub resource: ResourceId,
    pub after: i64,
}

/// At most `most` events of a life line, each with its number.
pub fn life(tx: &mut Tx<'_>, filter: LifeFilter, most: usize) -> Result<Vec<(i64, MeterEvent)>, StoreError> {
    let LifeFilter { account, resource, after } = filter;
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let args = [account.to_string().into(), resource.to_string().into(), after.into(), most.into()];
    tx.rows(LIFE, &args, |row| Ok((row.int(meter_events!(number))?, read_event(row)?)))
}
/// Resources whose next step of life is due.
pub fn due(tx: &mut Tx<'_>, now: Timestamp) -> Result<Vec<StoredResource>, StoreError> {
    tx.rows(DUE, &[us(now).into()], resource)
}

pub fn next_due(tx: &mut Tx<'_>) -> Result<Option<Timestamp>, StoreError> {
    crate::tasks::earliest(tx, NEXT_DUE)
}

/// Notes what metering sees. A number keeps the order within a second: the version of the resource's row.
pub fn add_events<'a>(writes: &mut Writes<'a>, events: &'a [(MeterEvent, i64)]) {
    writes.any(EVENT, events.iter().map(|it| event_row(&it.0, it.1)));
}

fn event_row(it: &MeterEvent, number: i64) -> [Value<'_>; meter_events!(count)] {
    [
        it.account.to_string().into(),
        it.resource.to_string().into(),
        number.into(),
        us(it.at).into(),
        it.state.as_str().into(),
        it.product.as_str().into(),
        it.options.to_string().into(),
        it.asked.map(us).into(),
        metered::words(&it.late),
    ]
}

pub(crate) fn read_event(row: &Row<'_>) -> Result<MeterEvent, StoreError> {
    Ok(MeterEvent {
        account: row.parsed(meter_events!(account), "account", |it| it.parse().ok())?,
        resource: row.parsed(meter_events!(resource), "resource", |it| it.parse().ok())?,
        at: at(row.int(meter_events!(at_us))?)?,
        state: row.parsed(meter_events!(state), "state", State::parse)?,
        product: row.text(meter_events!(product))?,
        options: row.options(meter_events!(options))?,
        asked: row.maybe_int(meter_events!(asked_us))?.map(at).transpose()?,
        late: metered::kinds(row.maybe_text(meter_events!(late))?.unwrap_or_default().as_str())?,
    })
}

/// The newest events of these resources, each with its account; one without events is left out.
pub fn last_events(
    tx: &mut Tx<'_>,
    resources: &[(AccountId, ResourceId)],
) -> Result<Vec<MeterEvent>, StoreError> {
    let keys: Vec<[Value<'_>; 2]> =
        resources.iter().map(|it| [it.0.to_string().into(), it.1.to_string().into()]).collect();
    tx.each(LAST_EVENT, &keys, read_event)
}

/// The life line of a resource.
pub fn events(
    tx: &mut Tx<'_>,
    account: AccountId,
    resource: ResourceId,
) -> Result<Vec<MeterEvent>, StoreError> {
    tx.rows(EVENTS, &[account.to_string().into(), resource.to_string().into()], read_event)
}

/// The life lines of all resources of an account.
pub fn events_of_account(tx: &mut Tx<'_>, account: AccountId) -> Result<Vec<MeterEvent>, StoreError> {
    tx.rows(EVENTS_OF_ACCOUNT, &[account.to_string().into()], read_event)
}

/// Reads the kind of a stored cycle.
pub(crate) fn kind(text: &str) -> Option<CycleKind> {
    CycleKind::parse(text)
}
