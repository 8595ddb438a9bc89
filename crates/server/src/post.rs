//! The post: addresses letters, sends the mails that are due, several at once, and writes down what became of each.
//!
//! In:  a store, a mail server, a desk, a clock. Out: mails sent, outside of any transaction.
//! Invariant: a mail is claimed before it is sent, so two nodes do not send it at once; a node that dies in the middle leaves
//! the mails in flight to be sent again when the claims end, each with the Message-ID that it had. No house takes more
//! than half of the room. While the server is away, one mail at a time finds out whether it is back. What cannot be read
//! holds up nothing else. No line of the log holds what a server said, since that names addresses.

use crate::outbox::{Access, blocking};
use billing::letter::{Fault, MailState, Topic};
use billing::user::House;
use desk::letters::{self, Addressed, Told};
use desk::mails::{self, Answer};
use desk::{Code, Desk, Refusal, correspondents, later};
use mail::{Reader, To, Written, leave_address, written};
use providers::smtp::{self, Post};
use std::collections::{HashMap, HashSet};
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use store::mails::{Due, DueMail, Mail};
use store::{Store, StoreError, Tx};
use tokio::task::{Id, JoinSet};
use units::{MailId, Timestamp};

/// How often to look when nothing happens.
const LOOK: Duration = Duration::from_millis(500);
/// How much longer a claim holds than a try may take.
const CLAIM_SECONDS: u64 = 30;

/// What sends mails: the server, the address of the console, the desk of now.
#[derive(Clone)]
pub struct Round {
    pub store: Arc<Store>,
    pub post: Arc<Post>,
    pub base: String,
    /// The desk, which changes with its price books.
    pub desk: Arc<dyn Fn() -> Arc<Desk> + Send + Sync>,
    pub clock: Arc<dyn Fn() -> Timestamp + Send + Sync>,
}

/// Sends what is due until `stop` comes; what is on its way then is waited for.
pub async fn run(round: Round, stop: impl Future<Output = ()>) {
    let mut carrier = Carrier::new(round);
    tokio::pin!(stop);
    loop {
        let pause = match carrier.fill().await {
            Ok(_) => LOOK,
            Err(error) => {
                tracing::error!(%error, "mails cannot be read");
                10 * LOOK
            }
        };
        tokio::select! {
            () = &mut stop => break,
            () = carrier.landed() => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
    while !carrier.flying.is_empty() {
        carrier.landed().await;
    }
}

/// Sends everything that is due now; returns how many tries that took.
pub async fn due(round: Round) -> Result<usize, Refusal> {
    let mut carrier = Carrier::new(round);
    let mut tried = 0;
    loop {
        tried += carrier.fill().await?;
        if carrier.flying.is_empty() {
            return Ok(tried);
        }
        carrier.landed().await;
    }
}

/// Whether the server took or refused the last mail, or was away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Health {
    There,
    Away,
}

struct Carrier {
    round: Round,
    /// What each flight says of the server; `None` where it did not come to that.
    flying: JoinSet<Option<Health>>,
    of: HashMap<Id, (House, MailId)>,
    health: Health,
    /// The house whose letters were addressed last.
    last: Option<String>,
}

impl Carrier {
    fn new(round: Round) -> Carrier {
        Carrier { round, flying: JoinSet::new(), of: HashMap::new(), health: Health::There, last: None }
    }

    /// Addresses what waits, claims what is due as far as there is room, and sends it on its way.
    async fn fill(&mut self) -> Result<usize, Refusal> {
        let now = (self.round.clock)();
        self.address(now).await?;
        if self.flying.len() >= self.most() {
            return Ok(0);
        }
        let store = &self.round.store;
        let Due { mails, mut unreadable } =
            blocking(store, Access::Read, move |tx| store::mails::due(tx, now)).await?;
        let chosen = self.admitted(mails);
        let mut claimed = Vec::new();
        if !chosen.is_empty() {
            let until = later(now, self.round.post.longest().as_secs() + CLAIM_SECONDS);
            let taken = blocking(store, Access::Write, move |tx| claim(tx, &chosen, until)).await?;
            claimed = taken.mails;
            unreadable.extend(taken.unreadable);
        }
        let count = claimed.len();
        for mail in claimed {
            let of = (mail.house, mail.id);
            let flight = self.flying.spawn(fly(self.round.clone(), mail));
            self.of.insert(flight.id(), of);
        }
        put_off(&self.round.store, unreadable, now).await?;
        Ok(count)
    }

    async fn address(&mut self, now: Timestamp) -> Result<(), Refusal> {
        let store = &self.round.store;
        if !blocking(store, Access::Read, move |tx| letters::waits(tx, now)).await? {
            return Ok(());
        }
        let (desk, before) = ((self.round.desk)(), self.last.clone());
        let address = move |tx: &mut Tx<'_>| letters::address(tx, desk.at(now), before.as_deref());
        let Addressed { last, unreadable } = blocking(store, Access::Write, address).await?;
        self.last = last;
        for (id, error) in unreadable {
            tracing::error!(letter = id, %error, "a letter cannot be addressed: it is put off");
        }
        Ok(())
    }

    fn most(&self) -> usize {
        match self.health {
            Health::There => self.round.post.most(),
            Health::Away => 1,
        }
    }

    /// Those of `due` that find room, in their order.
    fn admitted(&self, due: Vec<DueMail>) -> Vec<DueMail> {
        let (most, mut there) = (self.most(), self.flying.len());
        let share = most.div_ceil(2);
        let mut shares: HashMap<House, usize> = HashMap::new();
        self.of.values().for_each(|it| *shares.entry(it.0).or_default() += 1);
        // Where the clock leaps, a claim may end while its mail is on its way.
        let flying: HashSet<MailId> = self.of.values().map(|it| it.1).collect();
        let mut admitted = Vec::new();
        for it in due.into_iter().filter(|it| !flying.contains(&it.id)) {
            let of_house = shares.entry(it.house).or_default();
            if there < most && *of_house < share {
                there += 1;
                *of_house += 1;
                admitted.push(it);
            }
        }
        admitted
    }

    /// Waits for one mail to come down; for ever when none is on its way.
    async fn landed(&mut self) {
        let Some(landed) = self.flying.join_next_with_id().await else { return std::future::pending().await };
        let (id, health) = match landed {
            Ok(landed) => landed,
            Err(error) => {
                tracing::error!(%error, "a try to send a mail broke off");
                (error.id(), None)
            }
        };
        self.of.remove(&id);
        let Some(health) = health else { return };
        match (self.health, health) {
            (Health::There, Health::Away) => {
                tracing::warn!("the mail server is away: one mail at a time is tried until it takes one");
            }
            (Health::Away, Health::There) => tracing::info!("the mail server is back"),
            (Health::There, Health::There) | (Health::Away, Health::Away) => {}
        }
        self.health = health;
    }
}

/// Mails that were claimed, and what of them cannot be read.
#[derive(Default)]
struct Claimed {
    mails: Vec<Mail>,
    unreadable: Vec<(String, StoreError)>,
}

/// Those that nobody else took.
fn claim(tx: &mut Tx<'_>, chosen: &[DueMail], until: Timestamp) -> Result<Claimed, StoreError> {
    let mut claimed = Claimed::default();
    for it in chosen {
        match store::mails::claim(tx, it, until) {
            Ok(mail) => claimed.mails.extend(mail),
            Err(error @ StoreError::Corrupt(_)) => claimed.unreadable.push((it.id.to_string(), error)),
            Err(error) => return Err(error),
        }
    }
    Ok(claimed)
}

/// Puts off what cannot be read, so that the rest goes on.
async fn put_off(
    store: &Arc<Store>,
    unreadable: Vec<(String, StoreError)>,
    now: Timestamp,
) -> Result<(), Refusal> {
    if unreadable.is_empty() {
        return Ok(());
    }
    for (id, error) in &unreadable {
        tracing::error!(mail = id, %error, "a mail cannot be read: it is put off");
    }
    let work = move |tx: &mut Tx<'_>| unreadable.iter().try_for_each(|(id, _)| mails::put_off(tx, id, now));
    blocking(store, Access::Write, work).await
}

/// What is to be done with a mail.
enum Errand {
    /// To be sent, with the address at which one click ends its kind.
    Sent(Box<Written>, Option<String>),
    /// Nobody is told: whoever it was for left, or is told this no more.
    Dropped,
}

/// One try, and what became of it. Gives what that says of the server.
async fn fly(round: Round, mail: Mail) -> Option<Health> {
    let dropped = |text: String| Answer { fault: Some(Fault::Never), reply: None, text };
    let (answer, health) = match read(&round, &mail).await {
        Ok(Errand::Sent(written, leave)) => {
            let answer = sent(&round.post, &mail, &written, leave.as_deref()).await;
            let health = if answer.fault == Some(Fault::Server) { Health::Away } else { Health::There };
            (answer, Some(health))
        }
        Ok(Errand::Dropped) => (dropped(GONE.to_string()), None),
        Err(refusal) if is_for_good(&refusal) => (dropped(refusal.to_string()), None),
        // The database is away, or the key of the installation: the claim ends, and it is tried again.
        Err(refusal) => {
            tracing::error!(mail = %mail.id, error = %refusal, "a mail cannot be read");
            return None;
        }
    };
    let result = match (answer.fault, health) {
        (None, _) => "sent",
        (Some(_), None) => "not_tried",
        (Some(Fault::Never), _) => "refused",
        (Some(Fault::Mail), _) => "put_off",
        (Some(Fault::Server), _) => "server_away",
    };
    metrics::counter!(web::telemetry::MAIL_ATTEMPTS, "result" => result).increment(1);
    note(&round, mail, answer).await;
    health
}

/// Why a mail is dead that nobody wants any more.
const GONE: &str =
    "it was not sent: whoever it was for left, took this address away, or turned this kind off";

/// Writes down what became of a try.
async fn note(round: &Round, mail: Mail, answer: Answer) {
    let (now, kind, id, reply) = ((round.clock)(), mail.kind.as_str(), mail.id, answer.reply);
    // What a server replies may name the address; what is said of one that did not reply is ours.
    let why = match answer.fault {
        Some(Fault::Server) if reply.is_none() => answer.text.clone(),
        Some(Fault::Server | Fault::Mail | Fault::Never) | None => String::new(),
    };
    let noted = blocking(&round.store, Access::Write, move |tx| mails::tried(tx, &mail, &answer, now)).await;
    match noted {
        Ok(Some(MailState::Sent)) => tracing::info!(mail = %id, kind, "a mail was sent"),
        Ok(Some(MailState::Dead)) => {
            tracing::warn!(mail = %id, kind, reply, why, "a mail is dead: see the list of dead mails");
        }
        Ok(Some(MailState::Queued)) => {
            tracing::info!(mail = %id, kind, reply, why, "a mail is tried again later");
        }
        Ok(None) => {
            tracing::info!(mail = %id, kind, reply, "a mail was taken by another try meanwhile, which counts")
        }
        Err(error) => tracing::error!(%error, mail = %id, "the result of a mail is not written"),
    }
}

/// What a mail says, if it is still to be sent.
async fn read(round: &Round, mail: &Mail) -> Result<Errand, Refusal> {
    let (desk, now, mail, base) = ((round.desk)(), (round.clock)(), mail.clone(), round.base.clone());
    blocking(&round.store, Access::Read, move |tx| {
        if !letters::stands(tx, &mail)? {
            return Ok(Errand::Dropped);
        }
        let letter = store::letters::get(tx, mail.letter)?;
        let told: Told = letters::told(tx, desk.at(now), &letter)?;
        let leave = correspondents::leaving(&desk, &mail)?.map(|it| leave_address(&base, &it));
        // What is about one person names no account.
        let named = mail.house.account().filter(|_| mail.kind.topic() != Topic::Person);
        let account = named.map(|it| store::accounts::get(tx, it)).transpose()?;
        let account = account.map_or_else(String::new, |it| it.name);
        let reader = if mail.user.is_some() { Reader::Person } else { Reader::Address };
        let to = To {
            kind: mail.kind,
            language: mail.language,
            account: &account,
            base: &base,
            leave: leave.as_deref(),
            reader,
        };
        let written = Box::new(written(&desk, &told, &to));
        Ok::<_, Refusal>(Errand::Sent(written, leave))
    })
    .await
}

/// Whether a mail that cannot be read never will be. A key of the installation that is missing here can be put in place.
fn is_for_good(refusal: &Refusal) -> bool {
    [Code::NotFound, Code::DataCorrupt, Code::InvitationOver].contains(&refusal.kind())
}

async fn sent(post: &Post, mail: &Mail, written: &Written, leave: Option<&str>) -> Answer {
    let outcome = post.send(&form(mail, written, leave)).await;
    Answer { fault: outcome.fault, reply: outcome.reply, text: outcome.text }
}

fn form<'a>(mail: &'a Mail, written: &'a Written, leave: Option<&'a str>) -> smtp::Mail<'a> {
    smtp::Mail {
        id: mail.id,
        to: &mail.address,
        name: &mail.name,
        language: mail.language.as_str(),
        subject: &written.subject,
        text: &written.text,
        html: &written.html,
        leave,
        made: mail.created,
    }
}
