//! Correspondents: in which language people are written to, what they want, and addresses of accounts that are no person's.
//!
//! In:  a transaction, a house. Out: its people with what they chose; its addresses.
//! Invariant: an address is that of an account once.

use crate::engine::{Row, StoreError, Tx, Value, at, us};
use billing::language::Language;
use billing::letter::{Address, LetterKind, Person, Topic, Wish};
use billing::user::{House, User};
use std::collections::HashMap;
use units::{AccountId, UserId};

columns!(mail_addresses: account, mail, topics, language, created_us);

statements! {
    LANGUAGE = "select language from languages where id = $1";
    SET_LANGUAGE = "insert into languages (id, language) values ($1, $2)
        on conflict (id) do update set language = excluded.language";
    FORGET_LANGUAGE = "delete from languages where id = $1";
    LEARN = "insert into languages (id, language) values ($1, $2) on conflict do nothing";
    LANGUAGES = "select l.id, l.language from users u join languages l on l.id = u.id where u.house = $1 and u.ended_us is null";
    WISHES = "select w.user_id, w.kind, w.is_wanted from users u join mail_wishes w on w.user_id = u.id
        where u.house = $1 and u.ended_us is null order by w.user_id, w.kind";
    WISHES_OF = "select user_id, kind, is_wanted from mail_wishes where user_id = $1 order by kind";
    WISH = "insert into mail_wishes (user_id, kind, is_wanted) values ($1, $2, $3)
        on conflict (user_id, kind) do update set is_wanted = excluded.is_wanted";
    ADDRESSES = concat!(mail_addresses!(select), " where account = $1 order by mail");
    ADD_ADDRESS = concat!(mail_addresses!(insert), " on conflict (account, mail) do update
        set topics = excluded.topics, language = excluded.language");
    DROP_ADDRESS = "delete from mail_addresses where account = $1 and mail = $2";
}

/// In which language somebody, or an account, is written to, where that was said.
pub fn language(tx: &mut Tx<'_>, id: &str) -> Result<Option<Language>, StoreError> {
    let found = tx.rows(LANGUAGE, &[id.into()], |row| row.parsed(0, "language", Language::parse))?;
    Ok(found.into_iter().next())
}

/// Sets the language in which somebody, or an account, is written to.
pub fn set_language(tx: &mut Tx<'_>, id: &str, language: Language) -> Result<(), StoreError> {
    tx.exec(SET_LANGUAGE, &[id.into(), language.as_str().into()]).map(drop)
}

/// Nothing is said of the language any more.
pub fn forget_language(tx: &mut Tx<'_>, id: &str) -> Result<(), StoreError> {
    tx.exec(FORGET_LANGUAGE, &[id.into()]).map(drop)
}

/// The same as `set_language` where nothing was set before.
pub fn learn_language(tx: &mut Tx<'_>, id: UserId, language: Language) -> Result<(), StoreError> {
    tx.exec(LEARN, &[id.to_string().into(), language.as_str().into()]).map(drop)
}

fn wish(row: &Row<'_>) -> Result<(UserId, (LetterKind, Wish)), StoreError> {
    let user = row.parsed(0, "user", |it| it.parse().ok())?;
    let wish = if row.int(2)? == 1 { Wish::Wanted } else { Wish::Unwanted };
    Ok((user, (row.parsed(1, "kind of letter", LetterKind::parse)?, wish)))
}

/// The people of a house who were not ended, with what they chose.
pub fn people(tx: &mut Tx<'_>, house: House) -> Result<Vec<Person>, StoreError> {
    let key = crate::users::house_text(house);
    let users: Vec<User> = crate::users::of_house(tx, house)?.into_iter().map(|it| it.user).collect();
    let languages = tx.rows(LANGUAGES, &[key.as_str().into()], |row| {
        Ok((row.text(0)?, row.parsed(1, "language", Language::parse)?))
    })?;
    let languages: HashMap<String, Language> = languages.into_iter().collect();
    let mut wishes: HashMap<UserId, Vec<(LetterKind, Wish)>> = HashMap::new();
    for (user, it) in tx.rows(WISHES, &[key.as_str().into()], wish)? {
        wishes.entry(user).or_default().push(it);
    }
    let person = |user: User| Person {
        language: languages.get(&user.id.to_string()).copied(),
        wishes: wishes.remove(&user.id).unwrap_or_default(),
        user,
    };
    Ok(users.into_iter().map(person).collect())
}

/// One person, with what was chosen.
pub fn person(tx: &mut Tx<'_>, user: User) -> Result<Person, StoreError> {
    let id = user.id.to_string();
    let language = language(tx, &id)?;
    let wishes = tx.rows(WISHES_OF, &[id.as_str().into()], wish)?.into_iter().map(|it| it.1).collect();
    Ok(Person { user, language, wishes })
}

/// Notes what somebody wants.
pub fn set_wishes(tx: &mut Tx<'_>, id: UserId, wishes: &[(LetterKind, Wish)]) -> Result<(), StoreError> {
    let row = |it: &(LetterKind, Wish)| -> [Value<'_>; 3] {
        [id.to_string().into(), it.0.as_str().into(), i64::from(it.1 == Wish::Wanted).into()]
    };
    let rows: Vec<[Value<'_>; 3]> = wishes.iter().map(row).collect();
    tx.many(WISH, &rows).map(drop)
}

fn one_address(row: &Row<'_>) -> Result<Address, StoreError> {
    let topics = |text: &str| text.split_whitespace().map(Topic::parse).collect::<Option<Vec<Topic>>>();
    let language = row.maybe_text(mail_addresses!(language))?;
    let wrong = || StoreError::Corrupt("the language of a mail address".into());
    Ok(Address {
        mail: row.text(mail_addresses!(mail))?,
        topics: row.parsed(mail_addresses!(topics), "topics", topics)?,
        language: language.map(|it| Language::parse(&it).ok_or_else(wrong)).transpose()?,
        created: at(row.int(mail_addresses!(created_us))?)?,
    })
}

/// Addresses of an account, in their order.
pub fn addresses(tx: &mut Tx<'_>, account: AccountId) -> Result<Vec<Address>, StoreError> {
    tx.rows(ADDRESSES, &[account.to_string().into()], one_address)
}

/// Adds an address to an account, or says anew what it is for.
pub fn save_address(tx: &mut Tx<'_>, account: AccountId, it: &Address) -> Result<(), StoreError> {
    let topics: Vec<&str> = it.topics.iter().map(|it| it.as_str()).collect();
    let args = [
        account.to_string().into(),
        it.mail.as_str().into(),
        topics.join(" ").into(),
        it.language.map(|it| it.as_str().to_string()).into(),
        us(it.created).into(),
    ];
    tx.exec(ADD_ADDRESS, &args).map(drop)
}

/// Takes an address away. Gives whether it was there.
pub fn drop_address(tx: &mut Tx<'_>, account: AccountId, mail: &str) -> Result<bool, StoreError> {
    Ok(tx.exec(DROP_ADDRESS, &[account.to_string().into(), mail.into()])? > 0)
}
