//! Users: people who sign in, and what each may do where.
//!
//! In:  a person, for whom it works, in which role. Out: what that role may do; whether the role may be given up.
//! Invariant: what somebody may do follows from the role alone; a house that has a head keeps one. A person works for one
//! house, so that no house can make a person who is somebody in another.

use units::{AccountId, SessionId, Timestamp, UserId};

/// Somebody who can sign in, and works for one house.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    pub id: UserId,
    pub house: House,
    /// Where mail reaches the person; ASCII, in small letters, and nobody else's who was not ended.
    pub mail: String,
    pub name: String,
    pub role: Role,
    pub created: Timestamp,
    pub ended: Option<Timestamp>,
}

/// Where somebody works: for a customer, or for the operator of the till.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum House {
    Operator,
    Account(AccountId),
}

impl House {
    /// The account; `None` for the operator.
    pub const fn account(self) -> Option<AccountId> {
        match self {
            House::Operator => None,
            House::Account(id) => Some(id),
        }
    }
}

/// What somebody is: the first four for a customer, the others for the operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    Owner,
    Buyer,
    Finance,
    Reader,
    Administrator,
    Sales,
    Treasurer,
    Support,
}

/// What a role may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Right {
    /// See what an account has and was billed.
    See,
    /// Order, pay and change what an account has.
    Buy,
    /// Say who works for the house, and as what.
    Members,
    /// Say what the account means to spend.
    Budgets,
    /// Ask for documents, and say whom they are made out to.
    Documents,
    /// Make offers to customers.
    Offers,
    /// See every customer.
    Customers,
    /// Do what a customer may do, in its name.
    ActFor,
    /// Apply price books, and take them back before they begin.
    Books,
    /// Have tried again what a run set aside, and what waits in quarantine.
    Retry,
    /// See what all customers together pay.
    Revenue,
    /// Open accounts, invite their people, and say on what terms they buy.
    Terms,
    /// Put money in, and put bills right.
    Money,
    /// Ask the cloud again, or give up what it cannot do.
    Tasks,
    /// See who did what, in every account.
    Audit,
    /// Make and end keys.
    Keys,
}

impl Role {
    pub const ALL: [Role; 8] = [
        Role::Owner,
        Role::Buyer,
        Role::Finance,
        Role::Reader,
        Role::Administrator,
        Role::Sales,
        Role::Treasurer,
        Role::Support,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Role::Owner => "owner",
            Role::Buyer => "buyer",
            Role::Finance => "finance",
            Role::Reader => "read_only",
            Role::Administrator => "administrator",
            Role::Sales => "sales",
            Role::Treasurer => "operator_finance",
            Role::Support => "support",
        }
    }

    pub fn parse(text: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|it| it.as_str() == text)
    }

    /// Whether it is a customer's role or the operator's.
    pub const fn is_of_account(self) -> bool {
        match self {
            Role::Owner | Role::Buyer | Role::Finance | Role::Reader => true,
            Role::Administrator | Role::Sales | Role::Treasurer | Role::Support => false,
        }
    }

    /// The roles of a house.
    pub fn of(house: House) -> impl Iterator<Item = Role> {
        Role::ALL.into_iter().filter(move |it| it.is_of_account() == house.account().is_some())
    }

    /// The role that a house is never without, once it had one.
    pub const fn head(house: House) -> Role {
        match house {
            House::Operator => Role::Administrator,
            House::Account(_) => Role::Owner,
        }
    }

    /// Whether the role may do that, in its own house; for the operator's roles `See` and `Buy` are of an account that is
    /// acted for.
    pub const fn may(self, right: Right) -> bool {
        match right {
            Right::See => true,
            Right::Buy => {
                matches!(self, Role::Owner | Role::Buyer | Role::Administrator | Role::Sales | Role::Support)
            }
            Right::Budgets => !matches!(self, Role::Reader | Role::Treasurer),
            Right::Documents => {
                matches!(self, Role::Owner | Role::Finance | Role::Administrator | Role::Treasurer)
            }
            Right::Offers => matches!(self, Role::Administrator | Role::Sales),
            Right::Members => matches!(self, Role::Owner | Role::Administrator),
            Right::Customers => !self.is_of_account(),
            Right::ActFor => matches!(self, Role::Administrator | Role::Sales | Role::Support),
            Right::Books => matches!(self, Role::Administrator | Role::Treasurer),
            Right::Retry => matches!(self, Role::Administrator | Role::Support),
            Right::Revenue => matches!(self, Role::Administrator | Role::Sales | Role::Treasurer),
            Right::Terms => matches!(self, Role::Administrator | Role::Sales),
            Right::Money => matches!(self, Role::Administrator | Role::Treasurer),
            Right::Tasks => matches!(self, Role::Administrator | Role::Support),
            Right::Audit => matches!(self, Role::Administrator | Role::Treasurer | Role::Support),
            Right::Keys => matches!(self, Role::Administrator),
        }
    }
}

/// How far somebody has come in proving who they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// The password was right, or a provider vouched for the person; a code is still asked for.
    Password,
    Whole,
}

impl Proof {
    pub const ALL: [Proof; 2] = [Proof::Password, Proof::Whole];

    pub const fn as_str(self) -> &'static str {
        match self {
            Proof::Password => "password",
            Proof::Whole => "whole",
        }
    }

    pub fn parse(text: &str) -> Option<Proof> {
        Proof::ALL.into_iter().find(|it| it.as_str() == text)
    }
}

/// Seconds after which a session ends, however it is used.
pub const SESSION_SECONDS: u64 = 12 * 3_600;
/// Seconds without use after which a session ends.
pub const IDLE_SECONDS: u64 = 2 * 3_600;
/// Seconds within which the second factor is given after the password.
pub const HALF_SECONDS: u64 = 300;
/// Seconds for which an invitation holds: three days.
pub const INVITATION_SECONDS: u64 = 3 * 86_400;

/// Somebody who signed in, on one browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    pub id: SessionId,
    pub user: UserId,
    pub proof: Proof,
    /// Where the person is just now; an account that is not its own house is acted for.
    pub house: House,
    pub created: Timestamp,
    /// When it was used last, to the minute.
    pub seen: Timestamp,
    pub ended: Option<Timestamp>,
    /// From where it was begun, as far as that is known.
    pub address: String,
    /// What the browser called itself.
    pub agent: String,
}

impl Session {
    /// Whether it holds at `now`.
    pub fn holds(&self, now: Timestamp) -> bool {
        let most = match self.proof {
            Proof::Password => HALF_SECONDS,
            Proof::Whole => SESSION_SECONDS,
        };
        self.ended.is_none() && is_within(self.created, now, most) && is_within(self.seen, now, IDLE_SECONDS)
    }
}

/// Whether less than `seconds` passed since `from`.
pub fn is_within(from: Timestamp, now: Timestamp, seconds: u64) -> bool {
    let passed = now.as_second().saturating_sub(from.as_second());
    i64::try_from(seconds).is_ok_and(|it| passed < it)
}

/// Why something about users is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UserError {
    #[error(
        "`{0}` is no mail address; write one such as name@example.com in ASCII, and a domain of another script as xn--…"
    )]
    Mail(String),
    #[error("a name has 1 to {LONGEST_NAME} characters")]
    Name,
    #[error("a password has at least {SHORTEST} characters, and at most {LONGEST}")]
    Password,
    #[error("the mail address or the password is not right")]
    SignIn,
    #[error("too many tries; wait until {0}")]
    Tries(Timestamp),
    #[error("this code is not right or was used already; take the one that is shown now")]
    Code,
    #[error("this invitation is over or was used; ask for another")]
    Invitation,
    #[error("somebody with the mail address {0} is a user already; take another address")]
    MailTaken(String),
    #[error("one {0} stays; make somebody else one first")]
    LastHead(&'static str),
    #[error("`{0}` is no role here; choose one of {1}")]
    Role(String, String),
    #[error("your role does not allow this; ask one who may")]
    Right,
    #[error(
        "somebody who can sign in is an {0} here already; ask that person, or an administrator, to invite another"
    )]
    HeadThere(&'static str),
    #[error("a second factor is set up already; end it first")]
    SecondThere,
    #[error("this is not its name; write it as it stands above, to be sure")]
    Sure,
    #[error("no second factor is being set up; begin again")]
    SecondMissing,
}

/// Characters of a password. Source: NIST SP 800-63B, 3.1.1.2.
pub const SHORTEST: usize = 10;
pub const LONGEST: usize = 200;

/// Characters of a mail address. Source: RFC 5321, 4.5.3.1.
const LONGEST_MAIL: usize = 254;

/// What was typed as a mail address, as one is kept: ASCII letters small, everything else as it is.
///
/// Folding by Unicode would make one of two: the Kelvin sign (U+212A) becomes a k. Of a text that is longer than any address
/// so much is left that it still is.
pub fn typed_mail(text: &str) -> String {
    text.trim().chars().take(LONGEST_MAIL + 1).collect::<String>().to_ascii_lowercase()
}

/// A mail address as it is kept: ASCII, in small letters. Others look like it that are somebody else's; domains of other
/// scripts have a name in ASCII. Errors: `Mail`.
pub fn mail(text: &str) -> Result<String, UserError> {
    let mail = typed_mail(text);
    let wrong = || UserError::Mail(text.trim().chars().take(80).collect());
    let (name, host) = mail.split_once('@').ok_or_else(wrong)?;
    let is_plain = |it: char| it.is_ascii_alphanumeric() || ".!#$%&'*+/=?^_`{|}~-".contains(it);
    let is_host = |it: &str| !it.is_empty() && it.chars().all(|it| it.is_ascii_alphanumeric() || it == '-');
    let sane = (1..=64).contains(&name.len())
        && name.chars().all(is_plain)
        && mail.len() <= LONGEST_MAIL
        && host.split('.').all(is_host);
    if sane { Ok(mail) } else { Err(wrong()) }
}

/// Most characters of the name of a user.
pub const LONGEST_NAME: usize = 80;

/// A name as it is kept. Errors: `Name`.
pub fn name(text: &str) -> Result<String, UserError> {
    let text = text.trim();
    let sane = (1..=LONGEST_NAME).contains(&text.chars().count()) && !text.chars().any(char::is_control);
    if sane { Ok(text.to_string()) } else { Err(UserError::Name) }
}

/// Errors: `Password` for one that is too short or too long.
pub fn check_password(text: &str) -> Result<(), UserError> {
    if (SHORTEST..=LONGEST).contains(&text.chars().count()) { Ok(()) } else { Err(UserError::Password) }
}

/// The role of this word in a house. Errors: `Role`.
pub fn role(house: House, word: &str) -> Result<Role, UserError> {
    let known = || Role::of(house).map(Role::as_str).collect::<Vec<_>>().join(", ");
    let found = Role::parse(word).filter(|it| it.is_of_account() == house.account().is_some());
    found.ok_or_else(|| UserError::Role(word.chars().take(40).collect(), known()))
}

/// Whether somebody may invite a person into a house as `role`, where `heads` who head it can sign in.
///
/// Whoever says who works for a house invites everybody into it, and the operator's into every account. Who opens accounts
/// invites their people, but an owner only while there is none: an owner sees to the others.
/// Errors: `Right`, `HeadThere`.
pub fn invite(by: &User, house: House, role: Role, heads: usize) -> Result<(), UserError> {
    let is_operator = by.house == House::Operator;
    if (is_operator || by.house == house) && by.role.may(Right::Members) {
        return Ok(());
    }
    if !(is_operator && house != House::Operator && by.role.may(Right::Terms)) {
        return Err(UserError::Right);
    }
    if role == Role::head(house) && heads > 0 {
        return Err(UserError::HeadThere(role.as_str()));
    }
    Ok(())
}

/// Whether somebody may give up the role, of whom `heads` head the house. Errors: `LastHead`.
pub fn leave(user: &User, heads: usize) -> Result<(), UserError> {
    let head = Role::head(user.house);
    match user.role == head && heads <= 1 {
        true => Err(UserError::LastHead(head.as_str())),
        false => Ok(()),
    }
}

#[cfg(test)]
mod tests;
