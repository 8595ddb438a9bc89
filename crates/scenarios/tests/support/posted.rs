//! A till whose mails go to a server of the test.
//!
//! In:  a store, a mail server. Out: mails as they stand, and as they came.
//! Invariant: nothing is sent but when a test says so.
#![allow(dead_code)]

use super::plays::at;
use super::served::KEY;
use super::sink::{Sink, Taken};
use billing::language::Language;
use billing::letter::{Letter, LetterKind, MailState};
use billing::user::{House, Role};
use desk::page::Part;
use desk::users::{self, Inviter, New};
use desk::{Desk, mails};
use providers::dkim::Dkim;
use providers::installation::InstallationKey;
use providers::smtp::{Post, Secrecy, Server};
use server::post::{self, Round};
use std::sync::Arc;
use std::time::Duration;
use store::Store;
use store::letters::Mailing;
use store::mails::{Mail, MailFilter};
use tokio::runtime::Runtime;
use units::{Timestamp, UserId};

pub const NOW: &str = "2026-06-18 12:00:00";

/// A server that is spoken to in the clear, on this machine.
pub fn in_the_clear(sink: &Sink) -> Server {
    Server {
        host: "127.0.0.1".into(),
        port: Some(sink.address.port()),
        secrecy: Secrecy::None,
        user: None,
        password: None,
        trusted: None,
        from: "Example Cloud <no-reply@cloud.example>".into(),
        reply_to: None,
        within: Duration::from_secs(5),
        most: 4,
    }
}

pub fn later(at: Timestamp, seconds: i64) -> Timestamp {
    Timestamp::from_second(at.as_second() + seconds).unwrap()
}

/// A till whose mails go to a server.
pub struct Till<'a> {
    pub runtime: Runtime,
    pub store: Arc<Store>,
    pub sink: &'a Sink,
}

impl<'a> Till<'a> {
    pub fn new(store: Store, sink: &'a Sink) -> Till<'a> {
        store.write(|tx| store::letters::set_mailing(tx, Mailing::On, at("2026-05-01"))).unwrap();
        Till { runtime: Runtime::new().unwrap(), store: Arc::new(store), sink }
    }

    pub fn desk(&self) -> Desk {
        let key = Some(Arc::new(InstallationKey::parse(KEY).unwrap()));
        Desk { key, ..self.store.read(Desk::open).unwrap() }
    }

    /// Sends all that is due at `now`; how many tries that took.
    pub fn send(&self, now: Timestamp) -> usize {
        self.send_by(&in_the_clear(self.sink), None, now)
    }

    /// The same to this server, signed.
    pub fn send_by(&self, server: &Server, dkim: Option<Dkim>, now: Timestamp) -> usize {
        let desk = self.desk();
        self.send_from(desk, server, dkim, now)
    }

    /// The same from a till whose desk is this one.
    pub fn send_from(&self, desk: Desk, server: &Server, dkim: Option<Dkim>, now: Timestamp) -> usize {
        // Connections live in a runtime.
        let _inside = self.runtime.enter();
        let post = Post::new(server, dkim).unwrap();
        let desk = Arc::new(desk);
        let round = Round {
            store: self.store.clone(),
            post: Arc::new(post),
            base: "https://console.example".into(),
            desk: Arc::new(move || desk.clone()),
            clock: Arc::new(move || now),
        };
        self.runtime.block_on(post::due(round)).unwrap()
    }

    pub fn person(&self, house: House, mail: &str, language: Language) -> UserId {
        let role = Role::head(house);
        let new = New { by: Inviter::CommandLine, house, mail, name: "Somebody", role };
        let user = self.store.write(|tx| users::invite(tx, new, mail, at("2026-05-01"))).unwrap();
        self.store
            .write(|tx| store::correspondents::set_language(tx, &user.id.to_string(), language))
            .unwrap();
        user.id
    }

    pub fn all(&self, state: MailState) -> Vec<Mail> {
        let filter = MailFilter { state: Some(state), house: None };
        self.store.read(|tx| mails::page(tx, filter, &Part::first(200))).unwrap().items
    }

    /// Writes to an address that nothing is known of.
    pub fn test(&self, address: &str, now: Timestamp) {
        let letter = Letter::once(House::Operator, LetterKind::Test, address, now);
        self.store.write(|tx| store::letters::add_one(tx, &letter, now)).unwrap();
    }
}

/// Subjects of mails to somebody, as a reader shows them.
pub fn subjects(taken: &[Taken], to: &str) -> Vec<String> {
    let of = taken.iter().filter(|it| it.to == to);
    of.map(|it| it.read()["subject"].as_str().unwrap().to_string()).collect()
}
