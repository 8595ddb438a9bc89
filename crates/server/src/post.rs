//! The post: addresses letters, sends the mails that are due, several at once, and writes down what became of each.
//!
//! In:  a store, a mail server, a desk, a clock. Out: mails sent, outside of any transaction.
//! Invariant: a mail is claimed before it is sent, so two nodes do not send it at once; a node that dies in the middle leaves
//! the mails in flight to be sent again when the claims end, each with the Message-ID that it had. No house takes more
//! than half of the room. While the server is away, one mail at a time finds out whether it is back.

use crate::outbox::{Access, blocking};
use billing::letter::{Fault, MailState};
use billing::user::House;
use desk::letters::{self, Told};
use desk::mails::{self, Answer};
use desk::{Code, Desk, Refusal, correspondents, later};
use mail::{Reader, To, Written, leave_address, written};
use providers::smtp::{self, Post};
use std::collections::HashMap;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use store::mails::{DueMail, Mail};
use store::{Store, Tx};
use tokio::task::{Id, JoinSet};
use units::Timestamp;

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
    flying: JoinSet<Health>,
    of: HashMap<Id, House>,
    health: Health,
}

impl Carrier {
    fn new(round: Round) -> Carrier {
        Carrier { round, flying: JoinSet::new(), of: HashMap::new(), health: Health::There }
    }

    /// Addresses what waits, claims what is due as far as there is room, and sends it on its way.
    async fn fill(&mut self) -> Result<usize, Refusal> {
        let now = (self.round.clock)();
        self.address(now).await?;
        if self.flying.len() >= self.most() {
            return Ok(0);
        }
        let store = &self.round.store;
        let due = blocking(store, Access::Read, move |tx| store::mails::due(tx, now)).await?;
        let chosen = self.admitted(due);
        if chosen.is_empty() {
            return Ok(0);
        }
        let until = later(now, self.round.post.longest().as_secs() + CLAIM_SECONDS);
        let claimed = blocking(store, Access::Write, move |tx| claim(tx, &chosen, until)).await?;
        let count = claimed.len();
        for mail in claimed {
            let house = mail.house;
            let flight = self.flying.spawn(fly(self.round.clone(), mail));
            self.of.insert(flight.id(), house);
        }
        Ok(count)
    }

    async fn address(&self, now: Timestamp) -> Result<(), Refusal> {
        let store = &self.round.store;
        let waits = move |tx: &mut Tx<'_>| {
            Ok::<_, Refusal>(store::letters::next_due(tx)?.is_some_and(|it| it <= now))
        };
        if !blocking(store, Access::Read, waits).await? {
            return Ok(());
        }
        let desk = (self.round.desk)();
        blocking(store, Access::Write, move |tx| letters::address(tx, desk.at(now))).await.map(drop)
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
        self.of.values().for_each(|it| *shares.entry(*it).or_default() += 1);
        let mut admitted = Vec::new();
        for it in due {
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
                (error.id(), self.health)
            }
        };
        self.of.remove(&id);
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

/// Those that nobody else took.
fn claim(tx: &mut Tx<'_>, chosen: &[DueMail], until: Timestamp) -> Result<Vec<Mail>, store::StoreError> {
    let mut claimed = Vec::new();
    for it in chosen {
        claimed.extend(store::mails::claim(tx, it, until)?);
    }
    Ok(claimed)
}

/// One try, and what became of it.
async fn fly(round: Round, mail: Mail) -> Health {
    let answer = match read(&round, &mail).await {
        Ok((written, leave)) => sent(&round.post, &mail, &written, leave.as_deref()).await,
        Err(refusal) => match broken(&refusal) {
            Some(answer) => answer,
            // The database is away: the claim ends, and it is tried again.
            None => {
                tracing::error!(mail = %mail.id, error = %refusal, "a mail cannot be read");
                return Health::There;
            }
        },
    };
    let result = match answer.fault {
        None => "sent",
        Some(Fault::Never) => "refused",
        Some(Fault::Mail) => "put_off",
        Some(Fault::Server) => "server_away",
    };
    metrics::counter!(web::telemetry::MAIL_ATTEMPTS, "result" => result).increment(1);
    let health = if answer.fault == Some(Fault::Server) { Health::Away } else { Health::There };
    let (now, kind, id) = ((round.clock)(), mail.kind.as_str(), mail.id);
    let said = answer.clone();
    let noted = blocking(&round.store, Access::Write, move |tx| mails::tried(tx, &mail, &answer, now)).await;
    match noted {
        Ok(MailState::Sent) => tracing::info!(mail = %id, kind, "a mail was sent"),
        Ok(MailState::Dead) => tracing::warn!(
            mail = %id, kind, reply = said.reply, text = said.text, "a mail is dead: see the list of dead mails"
        ),
        Ok(MailState::Queued) => {
            tracing::info!(mail = %id, kind, reply = said.reply, text = said.text, "a mail is tried again later");
        }
        Err(error) => tracing::error!(%error, mail = %id, "the result of a mail is not written"),
    }
    health
}

/// What a mail says, and the address at which one click ends its kind.
async fn read(round: &Round, mail: &Mail) -> Result<(Written, Option<String>), Refusal> {
    let (desk, now, mail, base) = ((round.desk)(), (round.clock)(), mail.clone(), round.base.clone());
    blocking(&round.store, Access::Read, move |tx| {
        let letter = store::letters::get(tx, mail.letter)?;
        let told: Told = letters::told(tx, desk.at(now), &letter)?;
        let leave = correspondents::leaving(&desk, &mail)?.map(|it| leave_address(&base, &it));
        let reader = if mail.user.is_some() { Reader::Person } else { Reader::Address };
        let to =
            To { kind: mail.kind, language: mail.language, base: &base, leave: leave.as_deref(), reader };
        Ok::<_, Refusal>((written(&desk, &told, &to), leave))
    })
    .await
}

/// What a mail comes to that cannot be read, if that will not change.
fn broken(refusal: &Refusal) -> Option<Answer> {
    let for_good = [Code::NotFound, Code::DataCorrupt, Code::InvitationOver, Code::InstallationKey];
    let is_for_good = for_good.contains(&refusal.kind());
    is_for_good.then(|| Answer { fault: Some(Fault::Never), reply: None, text: refusal.to_string() })
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
