//! Correspondents: what people want to be told by mail, addresses of accounts, and leaving with one click.
//!
//! In:  a transaction, somebody, kinds, addresses. Out: what is chosen from here on.
//! Invariant: nobody chooses for another; a link to leave with is from here, whole, and for one recipient and kind; addresses
//! of an account change under its lock.

use super::{At, Desk, Refusal};
use billing::language::Language;
use billing::letter::{self, Address, Duty, LetterKind, MOST_ADDRESSES, MailError, Person, Wish};
use billing::user::User;
use providers::installation::{self, InstallationKey};
use store::accounts::Patience;
use store::mails::Mail;
use store::{Tx, correspondents};
use units::{AccountId, UserId};

/// What a link to leave with is sealed for.
const LEAVE: &str = "leaving a kind of mail";

/// What somebody chose. Errors: `NotFound`.
pub fn of_user(tx: &mut Tx<'_>, user: &User) -> Result<Person, Refusal> {
    Ok(correspondents::person(tx, user.clone())?)
}

/// What somebody chooses.
#[derive(Clone, Debug)]
pub struct Choice {
    /// `None` for the account's.
    pub language: Option<Language>,
    pub wishes: Vec<(LetterKind, Wish)>,
}

/// Notes what somebody chooses. What is so anyway is not noted: it goes on to follow from the role.
///
/// Errors: `Duty` for a kind that is nobody's choice.
pub fn choose(tx: &mut Tx<'_>, user: &User, choice: &Choice) -> Result<Person, Refusal> {
    for (kind, _) in &choice.wishes {
        if kind.duty() == Duty::Duty {
            return Err(MailError::Duty(kind.as_str()).into());
        }
    }
    let before = of_user(tx, user)?;
    let is_new = |it: &&(LetterKind, Wish)| before.gets(it.0) != (it.1 == Wish::Wanted);
    let wishes: Vec<_> = choice.wishes.iter().filter(is_new).copied().collect();
    correspondents::set_wishes(tx, user.id, &wishes)?;
    match choice.language {
        Some(language) => correspondents::set_language(tx, &user.id.to_string(), language)?,
        None => correspondents::forget_language(tx, &user.id.to_string())?,
    }
    of_user(tx, user)
}

/// In which language an account is written to.
pub fn of_account(tx: &mut Tx<'_>, at: At<'_>, account: AccountId) -> Result<Language, Refusal> {
    Ok(correspondents::language(tx, &account.to_string())?.unwrap_or(at.desk.mail_language))
}

/// Sets the language in which an account is written to. Errors: `NotFound`.
pub fn set_language(tx: &mut Tx<'_>, account: AccountId, language: Language) -> Result<(), Refusal> {
    store::accounts::get(tx, account)?;
    Ok(correspondents::set_language(tx, &account.to_string(), language)?)
}

/// Somebody reads this language: mails are in it until the person says otherwise.
pub fn learn(tx: &mut Tx<'_>, id: UserId, language: Language) -> Result<(), Refusal> {
    Ok(correspondents::learn_language(tx, id, language)?)
}

/// Addresses of an account.
pub fn addresses(tx: &mut Tx<'_>, account: AccountId) -> Result<Vec<Address>, Refusal> {
    store::accounts::get(tx, account)?;
    Ok(correspondents::addresses(tx, account)?)
}

/// One of them. Errors: `NotFound`.
pub fn address(tx: &mut Tx<'_>, account: AccountId, mail: &str) -> Result<Address, Refusal> {
    let found = addresses(tx, account)?.into_iter().find(|it| it.mail.eq_ignore_ascii_case(mail));
    found.ok_or_else(|| Refusal::missing("such mail address"))
}

/// An address that is to be an account's.
#[derive(Clone, Debug)]
pub struct New<'a> {
    pub mail: &'a str,
    pub topics: &'a [String],
    pub language: Option<Language>,
}

/// Adds an address to an account; one that is there is for something else from here on.
///
/// Errors: `LineBreak`, `Address`, `NoTopic`, `Topic`, `TooMany`.
pub fn add_address(
    tx: &mut Tx<'_>,
    at: At<'_>,
    account: AccountId,
    new: &New<'_>,
) -> Result<Address, Refusal> {
    let mail = letter::address(new.mail)?;
    let topics = letter::topics(new.topics.iter().map(String::as_str))?;
    store::accounts::lock(tx, [account], Patience::Wait)?;
    let there = correspondents::addresses(tx, account)?;
    let before = there.iter().find(|it| it.mail == mail);
    if before.is_none() && there.len() >= MOST_ADDRESSES {
        return Err(MailError::TooMany.into());
    }
    let created = before.map_or(at.now, |it| it.created);
    let address = Address { mail, topics, language: new.language, created };
    correspondents::save_address(tx, account, &address)?;
    Ok(address)
}

/// Takes an address of an account away. Errors: `NotFound`.
pub fn remove_address(tx: &mut Tx<'_>, account: AccountId, mail: &str) -> Result<(), Refusal> {
    store::accounts::lock(tx, [account], Patience::Wait)?;
    match correspondents::drop_address(tx, account, mail)? {
        true => Ok(()),
        false => Err(Refusal::missing(format!("mail address {}", mail.chars().take(80).collect::<String>()))),
    }
}

/// The text of a link with which the recipient of a mail leaves its kind; `None` for duty, and without a key.
pub fn leaving(desk: &Desk, mail: &Mail) -> Result<Option<String>, Refusal> {
    let (Duty::Choice, Some(key)) = (mail.kind.duty(), &desk.key) else { return Ok(None) };
    let whose = match (mail.user, mail.house.account()) {
        (Some(user), _) => format!("{user} {}", mail.kind.as_str()),
        (None, Some(account)) => format!("{account} {} {}", mail.kind.as_str(), mail.address),
        (None, None) => return Ok(None),
    };
    let sealed = key.seal(LEAVE, &whose)?;
    Ok(sealed.split_once(':').map(|it| it.1.to_string()))
}

/// Who leaves what by a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Leave {
    Person(UserId, LetterKind),
    /// An address of an account leaves the topic of the kind.
    Address(AccountId, LetterKind, String),
}

impl Leave {
    pub const fn kind(&self) -> LetterKind {
        match self {
            Leave::Person(_, kind) | Leave::Address(_, kind, _) => *kind,
        }
    }
}

/// What a link says. Errors: `Link` for one that is not from here.
pub fn read_leave(key: Option<&InstallationKey>, link: &str) -> Result<Leave, Refusal> {
    let wrong = || Refusal::from(MailError::Link);
    let text = installation::open(key, LEAVE, &format!("sealed1:{link}")).map_err(|_| wrong())?;
    let mut words = text.split(' ');
    let (whose, kind) = (words.next().ok_or_else(wrong)?, words.next().and_then(LetterKind::parse));
    let kind = kind.filter(|it| it.duty() == Duty::Choice).ok_or_else(wrong)?;
    match (whose.parse::<UserId>(), whose.parse::<AccountId>(), words.next()) {
        (Ok(user), _, None) => Ok(Leave::Person(user, kind)),
        (_, Ok(account), Some(mail)) => Ok(Leave::Address(account, kind, mail.to_string())),
        (_, _, _) => Err(wrong()),
    }
}

/// Somebody leaves a kind of mail, whoever follows the link; doing it again changes nothing.
pub fn leave(tx: &mut Tx<'_>, it: &Leave) -> Result<(), Refusal> {
    match it {
        Leave::Person(user, kind) => {
            let user = store::users::get(tx, *user)?.user;
            Ok(correspondents::set_wishes(tx, user.id, &[(*kind, Wish::Unwanted)])?)
        }
        Leave::Address(account, kind, mail) => {
            store::accounts::lock(tx, [*account], Patience::Wait)?;
            let there = correspondents::addresses(tx, *account)?;
            let Some(mut address) = there.into_iter().find(|it| it.mail == *mail) else { return Ok(()) };
            address.topics.retain(|it| *it != kind.topic());
            match address.topics.is_empty() {
                true => correspondents::drop_address(tx, *account, mail).map(drop)?,
                false => correspondents::save_address(tx, *account, &address)?,
            }
            Ok(())
        }
    }
}
