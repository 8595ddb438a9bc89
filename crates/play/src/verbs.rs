//! What the verbs of a scenario do: each calls the real operation.
//!
//! In:  a verb. Out: what the operation did, or its refusal.
//! Invariant: a verb decides nothing that an operation decides.

use super::player::{Player, Purchase, Quoted};
use super::step::{CloudRule, Pairs, Reprice, Told, Use, Verb, Vouchers};
use super::vouchers::choice;
use billing::account::Verified;
use billing::counter::Counting;
use billing::order::Order;
use billing::provision::{Kind, Retry};
use billing::rate::Terms;
use billing::resource::{EndedBy, Event};
use billing::task::Task;
use billing::wallet::Purse;
use desk::accounts::TopUp;
use desk::orders::{Item, Payment};
use desk::purchases::{self, Pay};
use desk::resources::Own;
use desk::services::Start;
use desk::usage::Reading;
use desk::{Refusal, accounts, books, later, orders, quotes, resources, services, tasks, usage};
use providers::cloud::{Cloud, Delay, Simulated};
use store::StoreError;
use units::{AccountId, Currency, Money};

/// A delivery that waits for a `deliver` or `fail` in the scenario.
const NEVER_SECONDS: u64 = 100 * 366 * 86_400;
const SLOT_SECONDS: u64 = 300;

/// How a scenario answers for the cloud.
enum ByHand {
    Deliver,
    Fail,
}

impl Player<'_> {
    /// Does what a verb says.
    pub(crate) fn act(&mut self, verb: &Verb) -> Result<(), Refusal> {
        match verb {
            Verb::Cloud(rule) => self.cloud(rule),
            Verb::Account { name, pairs } => self.account(name, pairs),
            Verb::TopUp { account, amount, pairs } => self.top_up(account, amount, pairs),
            Verb::Quote { account, items } => self.ask_quote(account, items),
            Verb::Order { account, label, items, cloud, vouchers } => {
                self.place(account, label, (items, cloud), vouchers)
            }
            Verb::Buy { account, label, items, cloud, vouchers } => {
                self.place(account, label, (items, cloud), vouchers)?;
                self.pay(label, usize::MAX)
            }
            Verb::Pay { label, vouchers } => {
                vouchers.as_ref().map_or(Ok(()), |it| self.choose_vouchers(label, it))?;
                self.pay(label, usize::MAX)
            }
            Verb::Voucher(it) => self.voucher(it),
            Verb::ByCard(it) => self.by_card(it),
            Verb::Renewal(it) => self.renewal(it),
            Verb::Refund { name, least, account, cash_to } => self.refund(&super::refunds::Asked {
                name,
                by: account.as_deref(),
                least: least.as_deref(),
                cash_to: *cash_to,
            }),
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
            Verb::Resize { name, pairs } => self.resize(name, pairs),
            Verb::Change(it) => self.change(it),
            Verb::Convert(it) => self.convert(it),
            Verb::ByUse { name, least, account } => self.by_use(name, least.as_deref(), account.as_deref()),
            Verb::ServiceStop { account, service } => {
                let (account, _) = self.of(account)?;
                let (desk, now) = (&self.desk, self.now);
                self.store.write(|tx| services::stop(tx, desk.at(now), account, service))
            }
            Verb::ServiceStart { account, service, delay_seconds } => {
                self.service_start(account, service, *delay_seconds)
            }
            Verb::Project { account, name, resources } => self.project(account, name, resources),
            Verb::Tag { name, tags } => self.tag(name, tags),
            Verb::CostTags { account, keys } => self.cost_tags(account, keys),
            Verb::Budget(it) => self.budget(it),
            Verb::Offer { account, label, until, items } => self.offer(account, label, *until, items),
            Verb::Accept { label, pay } => self.accept(label, *pay),
            Verb::Decline { label } => self.decline(label),
            Verb::Withdraw { label } => self.withdraw(label),
            Verb::Use(it) => self.record(it),
            Verb::Retry => {
                self.store.write(|tx| store::settlements::take_back(tx).map_err(Refusal::from)).map(drop)
            }
            Verb::Reprice(it) => self.reprice(it),
            Verb::Contract(it) => self.contract(it),
            Verb::Propose(it) => self.propose(it),
            Verb::Proposal { id, step, by } => self.with_proposal(id, *step, by),
            Verb::Credit { account, limit, day } => self.credit(account, limit, *day),
            Verb::Correct(it) => self.correct(it),
            Verb::Settle | Verb::Show(_) | Verb::Expect(_) => Ok(()),
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
        let currency =
            get("currency").map_or_else(|| self.desk.currency(self.now), |it| Ok(Currency::parse(it)?))?;
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
            let quote = self.store.read(|tx| quotes::one(tx, desk.at(now), id, &item.wish))?;
            self.quote = Some(Quoted { account: id, item: item.clone(), quote });
        }
        Ok(())
    }

    fn place(
        &mut self,
        account: &str,
        label: &str,
        (items, told): (&[Item], &[Told]),
        vouchers: &Vouchers,
    ) -> Result<(), Refusal> {
        let named = self.named(vouchers)?;
        let (id, currency) = self.of(account)?;
        let (desk, now) = (&self.desk, self.now);
        let mut agreed = items.to_vec();
        for (item, told) in agreed.iter_mut().zip(told) {
            let quoted = told.quoted.as_ref().map(|it| Money::parse(it, currency)).transpose()?;
            item.quoted_minor = quoted.map(Money::minor);
        }
        let purchase = purchases::Purchase {
            account: id,
            token: label,
            items: &agreed,
            pay: Pay::Later,
            vouchers: choice(vouchers, &named),
        };
        let placed = self.store.write(|tx| orders::one(tx, desk.at(now), purchase))?;
        self.remember(id, label, &placed, told);
        Ok(())
    }

    /// Notes the names of what was ordered, and what the cloud is to do with it.
    pub(crate) fn remember(&mut self, account: AccountId, label: &str, placed: &[Order], told: &[Told]) {
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
        if paid.as_ref().is_err_and(orders::outdates) {
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

    /// The cloud's answer by hand: the delivery of `name`, which must be on its way; a release fails as well.
    fn answer(&mut self, name: &str, by_hand: ByHand) -> Result<(), Refusal> {
        let (account, id) = self.resource(name)?;
        let (desk, now) = (&self.desk, self.now);
        self.store.write(|tx| {
            let unfinished = store::tasks::unfinished(tx, account, id)?;
            let asked = match by_hand {
                ByHand::Deliver => [Kind::Provision].as_slice(),
                ByHand::Fail => &[Kind::Provision, Kind::Release],
            };
            let on_its_way = |it: &Task| asked.contains(&it.kind) && it.due.is_some();
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
        let told = vec![Told { delay_seconds, ..Told::default() }; placed.len()];
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

    fn reprice(&mut self, it: &Reprice) -> Result<(), Refusal> {
        let amendment = it.amendment();
        let (now, desk) = (self.now, &self.desk);
        let book = self.store.write(|tx| -> Result<_, Refusal> {
            let currency = it.currency.map_or_else(|| desk.currency(now), Ok)?;
            let prepared = books::amended(tx, desk.book(currency, now)?, now, &amendment)?;
            books::add(tx, desk.at(now), &prepared)?;
            Ok(prepared.book)
        })?;
        let books = self.desk.books.with(book);
        let known = self.desk.books.contracts();
        self.desk.books = self.store.read(|tx| desk::contract_prices::laid_over(tx, books.clone(), known))?;
        Ok(())
    }
}
