//! `till user create | list | link | role | unbind | end`: people who sign in, on the database itself.
//!
//! In:  a mail address, a role. Out: users; the path of a link, printed once.
//! Invariant: the text of a link is not stored; every change is noted in the audit log as made on the command line.

use super::files::Place;
use super::output::Output;
use anyhow::{Result, anyhow};
use billing::user::{House, Role, User, role};
use clap::Subcommand;
use desk::users::{self, Inviter, New};
use desk::{Refusal, journal, keys, lists};
use serde_json::{Value, json};
use std::process::ExitCode;
use store::{Store, Tx};
use units::{Timestamp, UserId};
use web::clock::Clock;

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Make a user and print the link with which that person sets a password, once
    Create {
        /// The mail address to sign in with
        #[arg(long)]
        mail: String,
        /// What the person is called
        #[arg(long)]
        name: String,
        /// owner, buyer, finance or read_only of an account; administrator, sales, operator_finance or support of none
        #[arg(long)]
        role: String,
        /// The name of the account that the person works for; left out for the operator
        #[arg(long)]
        account: Option<String>,
        #[command(flatten)]
        place: Place,
        /// Print JSON instead of text
        #[arg(long)]
        json: bool,
    },
    /// Print everybody who works for an account, or for the operator
    List {
        /// The name of the account; left out for the operator
        #[arg(long)]
        account: Option<String>,
        #[command(flatten)]
        place: Place,
        /// Print JSON instead of text
        #[arg(long)]
        json: bool,
    },
    /// Print a new link with which a user sets a password; older ones end
    Link {
        /// The id of the user, as `till user list` prints it
        id: String,
        #[command(flatten)]
        place: Place,
        /// Print JSON instead of text
        #[arg(long)]
        json: bool,
    },
    /// Give a user another role
    Role {
        /// The id of the user, as `till user list` prints it
        id: String,
        /// One of the roles that `till user create --help` names
        role: String,
        #[command(flatten)]
        place: Place,
        /// Print JSON instead of text
        #[arg(long)]
        json: bool,
    },
    /// Let somebody else at the OpenID provider be this user: the next sign-in by it says who; sessions of the user end
    Unbind {
        /// The id of the user, as `till user list` prints it
        id: String,
        #[command(flatten)]
        place: Place,
        /// Print JSON instead of text
        #[arg(long)]
        json: bool,
    },
    /// End a user and all of its sessions, at once and for good
    End {
        /// The id of the user, as `till user list` prints it
        id: String,
        #[command(flatten)]
        place: Place,
        /// Print JSON instead of text
        #[arg(long)]
        json: bool,
    },
}

pub(crate) fn run(command: Command) -> Result<ExitCode> {
    match command {
        Command::Create { mail, name, role, account, place, json } => {
            let person = Person { mail, name, role, account };
            print_link(create(&place.open()?, &person)?, Output::from(json))?;
        }
        Command::List { account, place, json } => {
            let found = place.open()?.read(|tx| {
                let house = house(tx, account.as_deref())?;
                lists::users::of(tx, house)
            })?;
            print(found.into_iter().map(|it| it.user).collect(), Output::from(json))?;
        }
        Command::Link { id, place, json } => {
            let id = user_id(&id)?;
            print_link(link(&place.open()?, id)?, Output::from(json))?;
        }
        Command::Role { id, role, place, json } => {
            let user = place.open()?.write(|tx| change(tx, &id, Some(&role)))?;
            print(vec![user], Output::from(json))?;
        }
        Command::Unbind { id, place, json } => {
            let user = place.open()?.write(|tx| unbind(tx, &id))?;
            print(vec![user], Output::from(json))?;
        }
        Command::End { id, place, json } => {
            let user = place.open()?.write(|tx| change(tx, &id, None))?;
            print(vec![user], Output::from(json))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Somebody who is to be a user, as it stands on the command line.
pub(crate) struct Person {
    pub mail: String,
    pub name: String,
    pub role: String,
    pub account: Option<String>,
}

fn user_id(text: &str) -> Result<UserId> {
    text.parse().map_err(|error| anyhow!("{error}; `till user list` prints the ids"))
}

fn house(tx: &mut Tx<'_>, account: Option<&str>) -> Result<House, Refusal> {
    let found = account.map(|it| store::accounts::by_name(tx, it)).transpose()?;
    Ok(found.map_or(House::Operator, |it| House::Account(it.id)))
}

/// The text of a new link.
fn fresh() -> Result<String> {
    web::random::secret().map_err(|problem| anyhow!("{}", problem.detail))
}

/// Makes a user; also gives the text of the link.
pub(crate) fn create(store: &Store, it: &Person) -> Result<(User, String)> {
    let link = fresh()?;
    let hash = keys::hash(&link);
    let user = store.write(|tx| {
        let now = Clock::Machine.now();
        let house = house(tx, it.account.as_deref())?;
        let role = role(house, &it.role)?;
        let new = New { by: Inviter::CommandLine, house, mail: &it.mail, name: &it.name, role };
        let user = users::invite(tx, new, &hash, now)?;
        note(tx, "till user create", &user, now)?;
        Ok::<_, Refusal>(user)
    })?;
    Ok((user, link))
}

fn link(store: &Store, id: UserId) -> Result<(User, String)> {
    let link = fresh()?;
    let hash = keys::hash(&link);
    let user = store.write(|tx| {
        let now = Clock::Machine.now();
        let user = users::link(tx, House::Operator, id, &hash, now)?;
        note(tx, "till user link", &user, now)?;
        Ok::<_, Refusal>(user)
    })?;
    Ok((user, link))
}

/// Gives a user another role, or ends it.
fn change(tx: &mut Tx<'_>, id: &str, word: Option<&str>) -> Result<User, Refusal> {
    let now = Clock::Machine.now();
    let id = id.parse().map_err(|_| Refusal::missing(format!("user {id}")))?;
    let known = |word: &str| {
        Role::parse(word).ok_or_else(|| {
            let all = Role::ALL.map(Role::as_str).join(", ");
            Refusal::from(billing::user::UserError::Role(word.to_string(), all))
        })
    };
    let user = users::change(tx, House::Operator, id, word.map(known).transpose()?, now)?;
    note(tx, if word.is_some() { "till user role" } else { "till user end" }, &user, now)?;
    Ok(user)
}

fn unbind(tx: &mut Tx<'_>, id: &str) -> Result<User, Refusal> {
    let now = Clock::Machine.now();
    let id = id.parse().map_err(|_| Refusal::missing(format!("user {id}")))?;
    let user = desk::oidc::unbind(tx, id, now)?;
    note(tx, "till user unbind", &user, now)?;
    Ok(user)
}

fn note(tx: &mut Tx<'_>, operation: &str, user: &User, now: Timestamp) -> Result<(), Refusal> {
    let (target, body) = (user.id.to_string(), shown(user).to_string());
    let (actor, account) = (journal::COMMAND_LINE, user.house.account());
    journal::note(tx, &journal::Write { account, actor, operation, target: &target, body: &body }, now)
}

fn print_link((user, link): (User, String), output: Output) -> Result<()> {
    let path = format!("/invitation/{link}");
    match output {
        Output::Json => {
            let mut shown = shown(&user);
            shown["link"] = path.into();
            println!("{}", serde_json::to_string_pretty(&shown)?);
        }
        Output::Text | Output::Quiet => {
            println!("{}", line(&user));
            println!("sets a password, once, within three days, at the address of the console: {path}");
        }
    }
    Ok(())
}

fn print(users: Vec<User>, output: Output) -> Result<()> {
    match output {
        Output::Json => {
            let shown: Vec<Value> = users.iter().map(shown).collect();
            println!("{}", serde_json::to_string_pretty(&shown)?);
        }
        Output::Text | Output::Quiet => users.iter().for_each(|it| println!("{}", line(it))),
    }
    Ok(())
}

fn shown(it: &User) -> Value {
    json!({
        "id": it.id.to_string(), "mail": it.mail, "name": it.name, "role": it.role.as_str(),
        "account": it.house.account().map(|it| it.to_string()), "created": it.created.to_string(),
        "ended": it.ended.map(|it| it.to_string()),
    })
}

fn line(it: &User) -> String {
    let of = it.house.account().map_or_else(|| " of the operator".to_string(), |it| format!(" of {it}"));
    let ended = it.ended.map_or_else(String::new, |at| format!(", ended {at}"));
    format!("{} {} `{}`: {}{of}, made {}{ended}", it.id, it.mail, it.name, it.role.as_str(), it.created)
}
