//! The player: steps of a scenario through the real operations, on a virtual clock.
//!
//! In:  a store, a desk, steps. Out: the outcome of every step, and what did not hold.
//! Invariant: before a step, everything that falls due up to its instant has been done, in its order.

use super::expect;
use super::step::{CloudRule, Pairs, Scenario, Step, Told, Use, Verb, View};
use billing::account::Verified;
use billing::counter::Counting;
use billing::order::Order;
use billing::provision::{Kind, Retry};
use billing::quote::Quote;
use billing::rate::Terms;
use billing::resource::{EndedBy, Event};
use billing::task::Task;
use billing::wallet::{Purse, Wallet};
use desk::accounts::TopUp;
use desk::jobs::{self, Leap};
use desk::orders::{Item, Payment};
use desk::purchases::{self, Pay};
use desk::resources::Own;
use desk::services::Start;
use desk::usage::Reading;
use desk::{Desk, Refusal, accounts, books, later, orders, quotes, resources, services, tasks, usage};
use providers::cloud::{Cloud, Delay, Simulated};
use std::collections::BTreeMap;
use store::{Store, StoreError};
use units::{AccountId, Currency, Money, OrderId, ResourceId, Timestamp};

/// A delivery that waits for a `deliver` or `fail` in the scenario.
const NEVER_SECONDS: u64 = 100 * 366 * 86_400;
const SLOT_SECONDS: u64 = 300;

/// How a step went.
#[derive(Clone, Debug)]
pub struct StepOutcome {
    pub file: String,
    pub line: usize,
    pub at: Timestamp,
    pub text: String,
    /// `ok`, or the code of the refusal.
    pub code: String,
    pub message: Option<String>,
    /// What became of a reading.
    pub taken: Option<&'static str>,
    /// Every wallet after the step.
    pub wallets: Vec<(String, Wallet)>,
    /// What a `show` printed.
    pub shown: Vec<String>,
}

/// An `expect` that does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    pub file: String,
    pub line: usize,
    pub text: String,
    pub expected: Vec<String>,
    pub found: Vec<String>,
}

/// What a scenario came to.
#[derive(Clone, Debug, Default)]
pub struct Played {
    pub steps: Vec<StepOutcome>,
    pub failures: Vec<Failure>,
}

/// A purchase by the name that the scenario gave it.
#[derive(Clone, Debug)]
struct Purchase {
    account: AccountId,
    token: String,
    orders: Vec<OrderId>,
}

/// How a scenario answers for the cloud.
enum ByHand {
    Deliver,
    Fail,
}

/// Plays scenarios against one store.
pub struct Player<'a> {
    pub store: &'a Store,
    pub desk: Desk,
    pub now: Timestamp,
    accounts: BTreeMap<String, (AccountId, Currency)>,
    purchases: BTreeMap<String, Purchase>,
    resources: BTreeMap<String, (AccountId, ResourceId)>,
    last: (String, Option<String>),
    last_taken: Option<&'static str>,
    taken: Option<&'static str>,
    pub(crate) quote: Option<Quote>,
    events: u64,
    file: String,
}

impl<'a> Player<'a> {
    /// A player over the books that the store holds.
    pub fn new(store: &'a Store, start: Timestamp) -> Result<Player<'a>, Refusal> {
        let desk = store.write(Desk::open)?;
        let mut player = Player {
            store,
            desk,
            now: start,
            accounts: BTreeMap::new(),
            purchases: BTreeMap::new(),
            resources: BTreeMap::new(),
            last: ("ok".into(), None),
            last_taken: None,
            taken: None,
            quote: None,
            events: 0,
            file: String::new(),
        };
        for account in store.read(|tx| store::accounts::all(tx).map_err(Refusal::from))? {
            player.accounts.insert(account.name, (account.id, account.currency));
        }
        Ok(player)
    }

    /// Plays one scenario; `tell` hears of the time as it passes.
    pub fn play(
        &mut self,
        scenario: &Scenario,
        tell: &mut dyn FnMut(usize, &Step),
    ) -> Result<Played, Refusal> {
        let mut played = Played::default();
        self.file.clone_from(&scenario.file);
        for (number, step) in scenario.steps.iter().enumerate() {
            tell(number, step);
            let at = step.at.max(self.now);
            self.advance(at)?;
            let outcome = self.step(step, &mut played)?;
            played.steps.push(outcome);
            self.advance(at)?;
        }
        Ok(played)
    }

    /// Lets time pass up to `to`, doing what falls due on the way.
    pub fn advance(&mut self, to: Timestamp) -> Result<(), Refusal> {
        let (store, desk, now) = (self.store, &self.desk, &mut self.now);
        jobs::advance(store, desk, Leap { from: *now, to }, |at| {
            *now = at;
            Ok(())
        })
    }

    fn step(&mut self, step: &Step, played: &mut Played) -> Result<StepOutcome, Refusal> {
        let mut shown = Vec::new();
        self.last_taken = None;
        let done = match &step.verb {
            Verb::Show(view) => self.look(view).map(|it| shown = it),
            Verb::ExpectOk | Verb::ExpectRefused { .. } | Verb::Expect { .. } => {
                played.failures.extend(self.expect(step)?);
                Ok(())
            }
            verb => {
                let done = self.act(verb);
                self.taken = self.last_taken;
                self.last = match &done {
                    Ok(()) => ("ok".into(), None),
                    Err(refusal) => (refusal.code().into(), Some(refusal.to_string())),
                };
                done
            }
        };
        let (code, message) = match done {
            Ok(()) => ("ok".to_string(), None),
            Err(Refusal::Store(
                error @ (StoreError::Sqlite(_) | StoreError::Postgres(_) | StoreError::Corrupt(_)),
            )) => return Err(error.into()),
            Err(refusal) => (refusal.code().to_string(), Some(refusal.to_string())),
        };
        Ok(StepOutcome {
            file: self.file.clone(),
            line: step.line,
            at: step.at,
            text: step.text.clone(),
            code,
            message,
            taken: self.last_taken,
            wallets: self.wallets()?,
            shown,
        })
    }

    fn wallets(&self) -> Result<Vec<(String, Wallet)>, Refusal> {
        let list = |(name, (id, currency)): (&String, &(AccountId, Currency))| (name.clone(), *id, *currency);
        let accounts: Vec<_> = self.accounts.iter().map(list).collect();
        self.store.read(|tx| {
            let mut found = Vec::new();
            for (name, id, currency) in &accounts {
                found.push((name.clone(), store::ledger::get(tx, *id, *currency)?.wallet));
            }
            Ok(found)
        })
    }

    fn expect(&self, step: &Step) -> Result<Option<Failure>, Refusal> {
        let said = |expected: Vec<String>, found: Vec<String>| {
            let same = expected == found;
            (!same).then(|| Failure {
                file: self.file.clone(),
                line: step.line,
                text: step.text.clone(),
                expected,
                found,
            })
        };
        let last = match &self.last {
            (code, None) => code.clone(),
            (code, Some(message)) => format!("{code} ({message})"),
        };
        Ok(match &step.verb {
            Verb::ExpectOk => said(vec!["ok".into()], vec![last]),
            Verb::ExpectRefused { code } if *code == self.last.0 => None,
            Verb::ExpectRefused { code } => said(vec![code.clone()], vec![last]),
            Verb::Expect { view, lines } => {
                let found = match self.look(view) {
                    Ok(found) => expect::plain(&found),
                    Err(refusal) => vec![format!("{} ({refusal})", refusal.code())],
                };
                said(lines.clone(), found)
            }
            _ => None,
        })
    }

    fn act(&mut self, verb: &Verb) -> Result<(), Refusal> {
        match verb {
            Verb::Cloud(rule) => self.cloud(rule),
            Verb::Account { name, pairs } => self.account(name, pairs),
            Verb::TopUp { account, amount, pairs } => self.top_up(account, amount, pairs),
            Verb::Quote { account, items } => self.ask_quote(account, items),
            Verb::Order { account, label, items, cloud } => self.place(account, label, items, cloud),
            Verb::Buy { account, label, items, cloud } => {
                self.place(account, label, items, cloud)?;
                self.pay(label, usize::MAX)
            }
            Verb::Pay { label } => self.pay(label, usize::MAX),
            Verb::PayFirst { label } => self.pay(label, 1),
            Verb::Cancel { label } => {
                let (it, at) = (self.purchase(label)?, self.desk.at(self.now));
                self.store.write(|tx| orders::cancel(tx, at, it.account, &it.token)).map(drop)
            }
            Verb::Deliver { name } => self.answer(name, ByHand::Deliver),
            Verb::Fail { name } => self.answer(name, ByHand::Fail),
            Verb::Stop { name } => self.switch(name, Event::Stop),
            Verb::StopFree { name } => self.switch(name, Event::StopFree),
            Verb::Start { name } => self.switch(name, Event::Start),
            Verb::Release { name, done_seconds } => self.release(name, *done_seconds),
            Verb::Resize { name, pairs } => {
                let (account, id) = self.resource(name)?;
                let (desk, now) = (&self.desk, self.now);
                self.store
                    .write(|tx| resources::resize(tx, desk.at(now), Own { account, id }, pairs))
                    .map(drop)
            }
            Verb::ServiceStop { account, service } => {
                let (account, _) = self.of(account)?;
                let (desk, now) = (&self.desk, self.now);
                self.store.write(|tx| services::stop(tx, desk.at(now), account, service))
            }
            Verb::ServiceStart { account, service, delay_seconds } => {
                self.service_start(account, service, *delay_seconds)
            }
            Verb::Use(it) => self.record(it),
            Verb::Retry => {
                self.store.write(|tx| store::settlements::take_back(tx).map_err(Refusal::from)).map(drop)
            }
            Verb::Reprice { product, component, amount, pairs } => {
                self.reprice((product, component), amount, pairs)
            }
            Verb::Settle
            | Verb::Show(_)
            | Verb::ExpectOk
            | Verb::ExpectRefused { .. }
            | Verb::Expect { .. } => Ok(()),
        }
    }

    fn cloud(&mut self, rule: &CloudRule) -> Result<(), Refusal> {
        match rule {
            CloudRule::Delay(seconds) => self.tell(|it| it.delay = Delay::Seconds(*seconds)),
            CloudRule::AsProduct => self.tell(|it| it.delay = Delay::AsProduct),
            CloudRule::Manual => self.tell(|it| it.delay = Delay::Seconds(NEVER_SECONDS)),
            CloudRule::ReleaseDelay(seconds) => self.tell(|it| it.release_seconds = *seconds),
            CloudRule::SettlementDelay(seconds) => self.desk.settlement_delay_seconds = *seconds,
        }
        Ok(())
    }

    fn account(&mut self, name: &str, pairs: &Pairs) -> Result<(), Refusal> {
        let get = |key: &str| pairs.iter().find(|it| it.0 == key).map(|it| it.1.as_str());
        let currency = get("currency").map_or(Ok(self.desk.book(self.now)?.currency), Currency::parse)?;
        let rate = units::decimal::parse(get("contract").unwrap_or("1"), 4)? * 10_000;
        let rate = u64::try_from(rate)
            .ok()
            .filter(|it| *it <= 100_000_000)
            .ok_or(Refusal::Sum("a contract rate lies between 0 and 1"))?;
        let verified = if get("verified") == Some("no") { Verified::No } else { Verified::Yes };
        let terms = Terms { contract_rate_e8: rate };
        let now = self.now;
        let alert = get("alert").map(|it| Money::parse(it, currency)).transpose()?;
        let opening = accounts::Opening { currency, terms, verified, alert };
        let account = self.store.write(|tx| accounts::open(tx, name, opening, now))?;
        self.accounts.insert(name.to_string(), (account.id, currency));
        Ok(())
    }

    pub(crate) fn of(&self, name: &str) -> Result<(AccountId, Currency), Refusal> {
        let found = self.accounts.get(name).copied();
        found.ok_or_else(|| StoreError::NotFound(format!("account {name}")).into())
    }

    fn purchase(&self, label: &str) -> Result<Purchase, Refusal> {
        let found = self.purchases.get(label).cloned();
        found.ok_or_else(|| StoreError::NotFound(format!("purchase {label}")).into())
    }

    pub(crate) fn resource(&self, name: &str) -> Result<(AccountId, ResourceId), Refusal> {
        let found = self.resources.get(name).copied();
        found.ok_or_else(|| StoreError::NotFound(format!("resource {name}")).into())
    }

    fn top_up(&mut self, account: &str, amount: &str, pairs: &Pairs) -> Result<(), Refusal> {
        let get = |key: &str| pairs.iter().find(|it| it.0 == key).map(|it| it.1.as_str());
        let (id, currency) = self.of(account)?;
        let purse = match get("to") {
            None | Some("cash") => Purse::Cash,
            Some("bonus") => Purse::Bonus,
            Some("income") => Purse::Income,
            Some(_) => return Err(Refusal::Sum("a top-up goes to cash, bonus or income")),
        };
        self.events += 1;
        let reference = get("ref").map_or_else(|| format!("top-up {}", self.events), str::to_string);
        let money = Money::parse(amount, currency)?;
        let (desk, now) = (&self.desk, self.now);
        let new = TopUp { money, purse, reference: &reference };
        self.store.write(|tx| accounts::top_up(tx, desk.at(now), id, new)).map(drop)
    }

    fn ask_quote(&mut self, account: &str, items: &[Item]) -> Result<(), Refusal> {
        let (id, _) = self.of(account)?;
        let (desk, now) = (&self.desk, self.now);
        self.quote = None;
        for item in items {
            self.quote = Some(self.store.read(|tx| quotes::one(tx, desk.at(now), id, &item.wish))?);
        }
        Ok(())
    }

    fn place(&mut self, account: &str, label: &str, items: &[Item], told: &[Told]) -> Result<(), Refusal> {
        let (id, _) = self.of(account)?;
        let (desk, now) = (&self.desk, self.now);
        let purchase = purchases::Purchase { account: id, token: label, items, pay: Pay::Later };
        let placed = self.store.write(|tx| orders::one(tx, desk.at(now), purchase))?;
        self.remember(id, label, &placed, told);
        Ok(())
    }

    /// Notes the names of what was ordered, and what the cloud is to do with it.
    fn remember(&mut self, account: AccountId, label: &str, placed: &[Order], told: &[Told]) {
        let orders = placed.iter().map(|it| it.id).collect();
        self.purchases.insert(label.to_string(), Purchase { account, token: label.to_string(), orders });
        for (at, order) in placed.iter().enumerate() {
            let told = told.get(at).cloned().unwrap_or_default();
            let many = order.pieces.len() > 1;
            for (number, piece) in (1..).zip(&order.pieces) {
                let name = if many { format!("{}-{number}", order.name) } else { order.name.clone() };
                self.resources.insert(name, (account, piece.resource));
                if let Some(seconds) = told.delay_seconds {
                    self.tell(|it| it.delays.extend([(piece.resource, seconds)]));
                }
                if number > order.pieces.len() - told.failing.min(order.pieces.len()) {
                    self.tell(|it| it.failures.extend([(piece.resource, u32::MAX)]));
                }
            }
        }
    }

    fn pay(&mut self, label: &str, most: usize) -> Result<(), Refusal> {
        let it = self.purchase(label)?;
        let (desk, now) = (&self.desk, self.now);
        let ids = &it.orders[..it.orders.len().min(most)];
        let payment = Payment { account: it.account, token: &it.token, orders: ids };
        let paid = self.store.write(|tx| orders::pay(tx, desk.at(now), payment));
        let passed = matches!(
            &paid,
            Err(Refusal::Pack(_) | Refusal::Order(billing::order::OrderError::PriceChanged { .. }))
        );
        if passed {
            self.store.write(|tx| orders::invalidate(tx, desk.at(now), it.account, &it.token))?;
        }
        paid.map(drop)
    }

    /// Tells the simulated cloud how to behave.
    fn tell(&mut self, how: impl FnOnce(&mut Simulated)) {
        match &mut self.desk.cloud {
            Cloud::Simulated(cloud) => how(cloud),
            Cloud::External { .. } => {}
        }
    }

    /// The cloud's answer by hand: the delivery of `name`, which must be on its way.
    fn answer(&mut self, name: &str, by_hand: ByHand) -> Result<(), Refusal> {
        let (account, id) = self.resource(name)?;
        let (desk, now) = (&self.desk, self.now);
        self.store.write(|tx| {
            let unfinished = store::tasks::unfinished(tx, account, id)?;
            let on_its_way = |it: &Task| it.kind == Kind::Provision && it.due.is_some();
            let Some(task) = unfinished.into_iter().map(|it| it.task).find(on_its_way) else {
                let owner = store::orders::of_account(tx, account)?
                    .into_iter()
                    .find(|it| it.order.pieces.iter().any(|it| it.resource == id));
                let state = owner
                    .map(|it| it.order.state)
                    .ok_or_else(|| StoreError::NotFound(format!("order of {name}")))?;
                let event = billing::order::Event::Deliver;
                return Err(
                    billing::order::OrderError::from(billing::order::StepError { state, event }).into()
                );
            };
            match by_hand {
                ByHand::Deliver => tasks::hasten(tx, desk.at(now), task.id),
                ByHand::Fail => {
                    let (reason, retry) = ("the scenario says so".to_string(), Retry::Never);
                    tasks::failed(tx, desk.at(now), task.id, &tasks::Failure { reason, retry, attempt: None })
                        .map(drop)
                }
            }
        })
    }

    fn switch(&mut self, name: &str, event: Event) -> Result<(), Refusal> {
        let (account, id) = self.resource(name)?;
        let (desk, now) = (&self.desk, self.now);
        self.store.write(|tx| resources::switch(tx, desk.at(now), Own { account, id }, event)).map(drop)
    }

    fn release(&mut self, name: &str, done_seconds: Option<u64>) -> Result<(), Refusal> {
        let (account, id) = self.resource(name)?;
        let mut usual = 0;
        self.tell(|it| {
            usual = it.release_seconds;
            it.release_seconds = done_seconds.unwrap_or(usual);
        });
        let (desk, now) = (&self.desk, self.now);
        let done = self
            .store
            .write(|tx| resources::release(tx, desk.at(now), Own { account, id }, EndedBy::Owner))
            .map(drop);
        self.tell(|it| it.release_seconds = usual);
        done
    }

    fn service_start(
        &mut self,
        account: &str,
        service: &str,
        delay_seconds: Option<u64>,
    ) -> Result<(), Refusal> {
        let (id, _) = self.of(account)?;
        self.events += 1;
        let token = format!("start {service} {}", self.events);
        let (desk, now) = (&self.desk, self.now);
        let start = Start { account: id, service, token: &token };
        let placed = self.store.write(|tx| services::start(tx, desk.at(now), start))?;
        let told = vec![Told { delay_seconds, failing: 0 }; placed.len()];
        self.remember(id, &token, &placed, &told);
        if placed.is_empty() { Ok(()) } else { self.pay(&token, usize::MAX) }
    }

    fn record(&mut self, it: &Use) -> Result<(), Refusal> {
        let id = self.resource(&it.name).map(|it| it.1.to_string()).unwrap_or_else(|_| it.name.clone());
        let slots = it.for_seconds.unwrap_or(SLOT_SECONDS).div_ceil(SLOT_SECONDS).max(1);
        let first = it.at.unwrap_or(self.now);
        for slot in 0..slots {
            self.events += 1;
            let event = match (&it.event, slots) {
                (Some(event), 1) => event.clone(),
                (Some(event), _) => format!("{event}-{slot}"),
                (None, _) => format!("{} {}", self.file, self.events),
            };
            let at = later(first, slot * SLOT_SECONDS);
            // The slots of a while lie ahead: each is received as it happens.
            let received = if it.for_seconds.is_some() { self.now.max(at) } else { self.now };
            let reading = Reading {
                source: "scenario",
                event: &event,
                resource: &id,
                usage: &it.usage,
                at,
                received,
                quantity: it.quantity,
                key: &it.key,
                counting: Counting::Delta,
            };
            let desk = &self.desk;
            let taken = self.store.write(|tx| usage::record(tx, desk, &reading))?;
            self.last_taken = Some(taken.as_str());
        }
        Ok(())
    }

    fn reprice(
        &mut self,
        (product, component): (&str, &str),
        amount: &str,
        pairs: &Pairs,
    ) -> Result<(), Refusal> {
        let quoted = |text: &str| text.replace(['"', '\\'], "");
        let when: Vec<String> =
            pairs.iter().map(|it| format!("\"{}\" = [\"{}\"]", quoted(&it.0), quoted(&it.1))).collect();
        let amendment = format!(
            "\n[[price]]\nproduct = \"{}\"\ncomponent = \"{}\"\nwhen = {{ {} }}\namount = \"{}\"\nsource = \"demo\"\n",
            quoted(product),
            quoted(component),
            when.join(", "),
            quoted(amount)
        );
        let now = self.now;
        self.store.write(|tx| {
            let files = books::amended(tx, now, &amendment)?;
            books::apply(tx, &files, Some(now), now)
        })?;
        let fresh = self.store.read(Desk::open)?;
        self.desk.books = fresh.books;
        self.desk.calendar = fresh.calendar;
        Ok(())
    }

    /// What a view shows now.
    pub fn look(&self, view: &View) -> Result<Vec<String>, Refusal> {
        if view.what == "outcome" {
            return Ok(vec![self.last_taken_or_code()]);
        }
        self.store.read(|tx| super::view::lines(tx, self, view))
    }

    fn last_taken_or_code(&self) -> String {
        self.taken.map_or_else(|| self.last.0.clone(), str::to_string)
    }
}
