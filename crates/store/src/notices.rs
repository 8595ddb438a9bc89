//! Notices to customers: each subject, kind, threshold and occasion once.

use crate::engine::{Row, StoreError, Tx, Value, at, us};
use billing::notice::{Notice, NoticeKind};
use std::cmp::Reverse;
use units::{AccountId, NoticeId, Timestamp};

statements! {
    ADD = "insert into notices (account, subject, kind, threshold, occasion, at_us, made_us)
        values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing";
    OF_ACCOUNT = "select subject, kind, threshold, at_us, occasion from notices where account = $1
        order by at_us, kind, threshold desc";
    AT = "select subject, kind, threshold, at_us, occasion from notices where account = $1 and at_us >= $2 and at_us < $3";
    TOLD = "select subject, kind, threshold, at_us, occasion from notices where account = $1 and occasion = $2";
    PAGE = "select subject, kind, threshold, at_us, occasion from notices where account = $1 and ($2 = '' or kind = $2)
        and (at_us, kind, threshold, occasion, subject) < ($3, $4, $5, $6, $7)
        order by at_us desc, kind desc, threshold desc, occasion desc, subject desc limit $8";
    LATEST = "select subject, kind, threshold, at_us, occasion from (select subject, kind, threshold, at_us, occasion,
        row_number() over (partition by subject order by at_us desc, threshold desc, occasion desc) as place
        from notices where account = $1 and kind = $2 and at_us >= $3) told where place = 1";
}

/// Adds notices; one that was told before changes nothing.
pub fn add(tx: &mut Tx<'_>, notices: &[Notice], now: Timestamp) -> Result<u64, StoreError> {
    let row = |it: &Notice| {
        [
            it.account.to_string().into(),
            it.subject.clone().into(),
            it.kind.as_str().into(),
            it.threshold.into(),
            it.occasion.clone().into(),
            us(it.at).into(),
            us(now).into(),
        ]
    };
    let rows: Vec<[crate::Value<'_>; 7]> = notices.iter().map(row).collect();
    tx.many(ADD, &rows)
}

pub fn of_account(tx: &mut Tx<'_>, account: AccountId) -> Result<Vec<Notice>, StoreError> {
    tx.rows(OF_ACCOUNT, &[account.to_string().into()], |row| read(row, account))
}

/// The newest notice of each kind and subject, the newest first: however much was told since. Of each kind that is asked for,
/// those from an instant on.
pub fn latest(
    tx: &mut Tx<'_>,
    account: AccountId,
    kinds: impl IntoIterator<Item = (NoticeKind, Timestamp)>,
) -> Result<Vec<Notice>, StoreError> {
    let key = |(kind, since): (NoticeKind, Timestamp)| -> [Value<'_>; 3] {
        [account.to_string().into(), kind.as_str().into(), us(since).into()]
    };
    let keys: Vec<_> = kinds.into_iter().map(key).collect();
    let mut found = tx.each(LATEST, &keys, |row| read(row, account))?;
    let place = |it: &Notice| Reverse((it.at, it.kind.as_str(), it.threshold, it.subject.clone()));
    found.sort_by_key(place);
    Ok(found)
}

/// What an account was told of one occasion, such as a month.
pub fn of_occasion(tx: &mut Tx<'_>, account: AccountId, occasion: &str) -> Result<Vec<Notice>, StoreError> {
    tx.rows(TOLD, &[account.to_string().into(), occasion.into()], |row| read(row, account))
}

fn read(row: &Row<'_>, account: AccountId) -> Result<Notice, StoreError> {
    Ok(Notice {
        account,
        subject: row.text(0)?,
        kind: row.parsed(1, "kind of notice", NoticeKind::parse)?,
        threshold: row.int(2)?,
        at: at(row.int(3)?)?,
        occasion: row.text(4)?,
    })
}

/// The notice of this id. Errors: `NotFound`.
fn get(tx: &mut Tx<'_>, account: AccountId, id: NoticeId) -> Result<Notice, StoreError> {
    let from = us(id.made());
    let args = [account.to_string().into(), from.into(), (from + 1_000).into()];
    let then = tx.rows(AT, &args, |row| read(row, account))?;
    let found = then.into_iter().find(|it| it.id() == id);
    found.ok_or_else(|| StoreError::NotFound(format!("notice {id}")))
}

/// Which notices: those before `after`, of any kind if `kind` is empty.
#[derive(Clone, Copy, Debug)]
pub struct NoticeFilter<'a> {
    pub kind: &'a str,
    pub after: Option<NoticeId>,
}

/// Notices that fit, the newest first. Errors: `NotFound` when there is no `after`.
pub fn page(
    tx: &mut Tx<'_>,
    account: AccountId,
    filter: NoticeFilter<'_>,
    count: usize,
) -> Result<Vec<Notice>, StoreError> {
    let last = filter.after.map(|it| get(tx, account, it)).transpose()?;
    let text = |of: fn(&Notice) -> &str| last.as_ref().map_or("", of).to_string();
    let args = [
        account.to_string().into(),
        filter.kind.into(),
        last.as_ref().map_or(i64::MAX, |it| us(it.at)).into(),
        text(|it| it.kind.as_str()).into(),
        last.as_ref().map_or(0, |it| it.threshold).into(),
        text(|it| &it.occasion).into(),
        text(|it| &it.subject).into(),
        i64::try_from(count).unwrap_or(i64::MAX).into(),
    ];
    tx.rows(PAGE, &args, |row| read(row, account))
}
