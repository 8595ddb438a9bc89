//! Promotion codes, and who redeemed them.
//!
//! In:  a transaction, codes, an account. Out: codes by their words and page by page; whether an account redeemed one.
//! Invariant: an account redeems a code once, and no more vouchers come of it than it says: its row is held before it is counted.

use crate::engine::{Row, StoreError, Tx, Value, at, us};
use crate::vouchers::{scope, scope_values};
use billing::voucher::code::{Code, Lasts};
use billing::voucher::{Voucher, Window};
use units::{AccountId, PromotionId, Timestamp};

columns!(promotion_codes:
    id, word, name, currency, face_minor, products, regions, modes, actions, min_spend_minor, most_months, uses,
    from_us, until_us, voucher_until_us, voucher_days, times, redeemed, made_us, withdrawn_us
);

statements! {
    ADD = concat!(promotion_codes!(insert), " on conflict do nothing");
    HOLD = "update promotion_codes set redeemed = redeemed where word = $1";
    BY_WORD = concat!(promotion_codes!(select), " where word = $1");
    GET = concat!(promotion_codes!(select), " where id = $1");
    SAVE = "update promotion_codes set redeemed = $2, withdrawn_us = $3 where id = $1";
    PAGE = concat!(promotion_codes!(select), " where id < $1 order by id desc limit $2");
    ALL = concat!(promotion_codes!(select), " order by id");
    REDEEMED = "select count(*) from promotion_redemptions where code = $1 and account = $2";
    REDEEM = "insert into promotion_redemptions (code, account, voucher, at_us) values ($1, $2, $3, $4) on conflict do nothing";
    OTHERWISE = "select c.word, c.redeemed, (select count(*) from promotion_redemptions r where r.code = c.id),
        (select count(*) from vouchers v where v.code = c.id) from promotion_codes c order by c.word";
}

fn code(row: &Row<'_>) -> Result<Code, StoreError> {
    let currency = row.currency(promotion_codes!(currency))?;
    let count = |place: usize| row.count(place, "a count of a promotion code");
    let until = row.maybe_int(promotion_codes!(voucher_until_us))?;
    let days = row.maybe_int(promotion_codes!(voucher_days))?;
    let lasts = match (until, days) {
        (Some(until), None) => Lasts::Until(at(until)?),
        (None, Some(_)) => Lasts::Days(count(promotion_codes!(voucher_days))?),
        (Some(_), Some(_)) | (None, None) => {
            return Err(StoreError::Corrupt("how long vouchers of a promotion code last".into()));
        }
    };
    Ok(Code {
        id: row.parsed(promotion_codes!(id), "promotion code", |it| it.parse().ok())?,
        word: row.text(promotion_codes!(word))?,
        name: row.text(promotion_codes!(name))?,
        face: row.money(promotion_codes!(face_minor), currency)?,
        scope: scope(row, promotion_codes!(products), currency)?,
        window: Window {
            from: at(row.int(promotion_codes!(from_us))?)?,
            until: at(row.int(promotion_codes!(until_us))?)?,
        },
        lasts,
        times: count(promotion_codes!(times))?,
        redeemed: count(promotion_codes!(redeemed))?,
        made: at(row.int(promotion_codes!(made_us))?)?,
        withdrawn: row.maybe_int(promotion_codes!(withdrawn_us))?.map(at).transpose()?,
    })
}

/// Adds a code. Whether it is new: another one of the same word is none.
pub fn add(tx: &mut Tx<'_>, it: &Code) -> Result<bool, StoreError> {
    let (until, days) = match it.lasts {
        Lasts::Until(until) => (Some(us(until)), None),
        Lasts::Days(days) => (None, Some(i64::from(days))),
    };
    let [products, regions, modes, actions, min_spend, most_months, uses] = scope_values(&it.scope);
    let args: [Value<'_>; promotion_codes!(count)] = [
        it.id.to_string().into(),
        it.word.as_str().into(),
        it.name.as_str().into(),
        it.face.currency().as_str().into(),
        it.face.into(),
        products,
        regions,
        modes,
        actions,
        min_spend,
        most_months,
        uses,
        us(it.window.from).into(),
        us(it.window.until).into(),
        until.into(),
        days.into(),
        i64::from(it.times).into(),
        i64::from(it.redeemed).into(),
        us(it.made).into(),
        it.withdrawn.map(us).into(),
    ];
    Ok(tx.exec(ADD, &args)? == 1)
}

/// The code of this word, kept as it is until `tx` ends; `None` where there is none.
pub fn hold(tx: &mut Tx<'_>, word: &str) -> Result<Option<Code>, StoreError> {
    tx.exec(HOLD, &[word.into()])?;
    Ok(tx.rows(BY_WORD, &[word.into()], code)?.into_iter().next())
}

/// Errors: `NotFound`.
pub fn get(tx: &mut Tx<'_>, id: PromotionId) -> Result<Code, StoreError> {
    tx.one(GET, &[id.to_string().into()], &format!("promotion code {id}"), code)
}

/// Writes how often a code that is held was redeemed, and whether it was withdrawn.
pub fn save(tx: &mut Tx<'_>, it: &Code) -> Result<(), StoreError> {
    let args: [Value<'_>; 3] =
        [it.id.to_string().into(), i64::from(it.redeemed).into(), it.withdrawn.map(us).into()];
    tx.exec(SAVE, &args).map(drop)
}

/// Codes before this id, the newest first, at most `most`.
pub fn page(tx: &mut Tx<'_>, before: &str, most: usize) -> Result<Vec<Code>, StoreError> {
    tx.rows(PAGE, &[before.into(), i64::try_from(most).unwrap_or(i64::MAX).into()], code)
}

pub fn all(tx: &mut Tx<'_>) -> Result<Vec<Code>, StoreError> {
    tx.rows(ALL, &[], code)
}

/// Whether an account redeemed a code.
pub fn was_redeemed(tx: &mut Tx<'_>, id: PromotionId, account: AccountId) -> Result<bool, StoreError> {
    let found = tx.rows(REDEEMED, &[id.to_string().into(), account.to_string().into()], |row| row.int(0))?;
    Ok(found.into_iter().sum::<i64>() > 0)
}

/// Notes that a voucher came of a code. Errors: `Differs` when its account redeemed the code before.
pub fn redeem(tx: &mut Tx<'_>, id: PromotionId, of: &Voucher, now: Timestamp) -> Result<(), StoreError> {
    let args: [Value<'_>; 4] =
        [id.to_string().into(), of.account.to_string().into(), of.id.to_string().into(), us(now).into()];
    tx.exec_or(REDEEM, &args, || StoreError::Differs(format!("promotion code {id} of {}", of.account)))
}

/// How often each code was redeemed: as it says, as is noted, as there are vouchers.
pub fn counts(tx: &mut Tx<'_>) -> Result<Vec<(String, [i64; 3])>, StoreError> {
    tx.rows(OTHERWISE, &[], |row| Ok((row.text(0)?, [row.int(1)?, row.int(2)?, row.int(3)?])))
}
