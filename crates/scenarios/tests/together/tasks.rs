//! A real cloud at the desk: tasks, answers, failures, time-outs, and what operators do about them. On both engines.

use crate::support::stores;
use billing::account::{Account, Verified};
use billing::endpoint::Owner;
use billing::provision::{Kind, Made, Retry, State as Task};
use billing::quote::Wish;
use billing::resource::{EndedBy, Event, Resource, State};
use billing::voucher::choose::Choice;
use desk::accounts::TopUp;
use desk::jobs::{self, Turn};
use desk::orders::{self, Item, Payment};
use desk::page::Part;
use desk::purchases::{Pay, Purchase};
use desk::resources::Own;
use desk::tasks::{self, Failure};
use desk::webhooks::{self, New};
use desk::{Desk, Refusal, accounts, audit, books, changes, lists, resources};
use providers::cloud::{Cloud, Simulated};
use providers::webhook::Reach;
use server::cli::files;
use store::tasks::TaskFilter;
use store::{Store, StoreError};
use units::{Calendar, Currency, Money, OrderId, ResourceId, TaskId, Timestamp};

const TIME_OUT: u64 = 600;

fn at(text: &str) -> Timestamp {
    Calendar::settlement().parse(&format!("2026-06-01 {text}")).unwrap()
}

/// A till with one customer who has 1000.00, and the cloud outside.
struct Shop {
    store: Store,
    desk: Desk,
    account: Account,
}

impl Shop {
    fn open(store: Store) -> Shop {
        let (book, now) = (files::book("demo").unwrap(), at("00:00:00"));
        store.write(|tx| books::apply(tx, &book, None, now)).unwrap();
        let cloud = Cloud::External { timeout_seconds: TIME_OUT };
        let desk = Desk { cloud, ..store.read(Desk::open).unwrap() };
        let account = store
            .write(|tx| -> Result<Account, Refusal> {
                let (terms, currency) = (billing::rate::Terms::default(), Currency::CNY);
                let opening = accounts::Opening { currency, terms, verified: Verified::Yes, alert: None };
                let account = accounts::open(tx, "shop", opening, now)?;
                let money = Money::from_minor(100_000, currency);
                accounts::top_up(
                    tx,
                    desk.at(now),
                    account.id,
                    TopUp { money, purse: billing::wallet::Purse::Cash, reference: "first" },
                )?;
                Ok(account)
            })
            .unwrap();
        Shop { store, desk, account }
    }

    /// Buys and pays; the ids of what was bought.
    fn buy(&self, product: &str, pairs: &[(&str, &str)], months: u32, now: Timestamp) -> Vec<ResourceId> {
        let options = pairs.iter().map(|it| (it.0.to_string(), it.1.to_string())).collect();
        let wish = Wish { product: product.into(), options, months, quantity: 1 };
        let item = Item { wish, name: "web".into(), ..Item::default() };
        let (token, id) = (format!("{product} {now}"), self.account.id);
        self.store
            .write(|tx| {
                let items = std::slice::from_ref(&item);
                let purchase =
                    Purchase { account: id, token: &token, items, pay: Pay::Later, vouchers: Choice::None };
                let placed = orders::one(tx, self.desk.at(now), purchase)?;
                let ids: Vec<OrderId> = placed.iter().map(|it| it.id).collect();
                orders::pay(tx, self.desk.at(now), Payment { account: id, token: &token, orders: &ids })
            })
            .unwrap()
            .iter()
            .flat_map(|it| it.pieces.iter().map(|it| it.resource))
            .collect()
    }

    fn server(&self, charge: &str, months: u32, now: Timestamp) -> ResourceId {
        let pairs =
            [("charge", charge), ("region", "guangzhou"), ("zone", "guangzhou-1"), ("type", "S1.SMALL1")];
        self.buy("server", &pairs, months, now)[0]
    }

    /// A running pay-per-use server and nothing left to do.
    fn running(&self, now: Timestamp) -> ResourceId {
        let id = self.server("payg", 0, now);
        self.done(self.open_task(id), now).unwrap();
        id
    }

    fn tasks(&self, resource: ResourceId, state: Option<Task>) -> Vec<billing::task::Task> {
        let filter = TaskFilter { state, resource: Some(resource), ..TaskFilter::default() };
        self.store.read(|tx| tasks::list(tx, filter, 100)).unwrap()
    }

    /// The one open task of a resource.
    fn open_task(&self, resource: ResourceId) -> TaskId {
        let open = self.tasks(resource, Some(Task::Open));
        assert_eq!(open.len(), 1, "{open:?}");
        open[0].id
    }

    fn task(&self, id: TaskId) -> billing::task::Task {
        self.store.read(|tx| tasks::get(tx, id)).unwrap()
    }

    fn done(&self, id: TaskId, now: Timestamp) -> Result<billing::task::Task, Refusal> {
        self.answer(id, &made(Some("10.1.2.3"), &[]), now)
    }

    fn answer(&self, id: TaskId, made: &Made, now: Timestamp) -> Result<billing::task::Task, Refusal> {
        self.store.write(|tx| tasks::done(tx, self.desk.at(now), id, made))
    }

    fn fail(&self, id: TaskId, retry: Retry, now: Timestamp) -> Result<billing::task::Task, Refusal> {
        let attempt = Some(self.task(id).attempt);
        let failure = Failure { reason: "no stock".into(), retry, attempt };
        self.store.write(|tx| tasks::failed(tx, self.desk.at(now), id, &failure))
    }

    fn switch(&self, id: ResourceId, event: Event, now: Timestamp) {
        self.store
            .write(|tx| resources::switch(tx, self.desk.at(now), Own { account: self.account.id, id }, event))
            .map(drop)
            .unwrap();
    }

    fn release(&self, id: ResourceId, now: Timestamp) {
        let by = EndedBy::Owner;
        self.store
            .write(|tx| resources::release(tx, self.desk.at(now), Own { account: self.account.id, id }, by))
            .map(drop)
            .unwrap();
    }

    fn resource(&self, id: ResourceId) -> Resource {
        self.store.read(|tx| store::resources::get(tx, self.account.id, id)).unwrap().resource
    }

    /// The operator listens to what the cloud cannot do.
    fn listen(&self) {
        let (kinds, url, secret) = (["cloud.*".to_string()], "https://till.example/", "whsec_");
        let new = New { owner: Owner::Operator, url, kinds: &kinds, secret };
        self.store.write(|tx| webhooks::create(tx, &new, Reach::Anywhere, at("00:00:00"))).unwrap();
    }

    /// Free and frozen money.
    fn money(&self) -> (i64, i64) {
        let wallet =
            self.store.read(|tx| store::ledger::get(tx, self.account.id, Currency::CNY)).unwrap().wallet;
        (wallet.free().total().minor(), wallet.frozen().total().minor())
    }

    fn jobs(&self, now: Timestamp) {
        jobs::run_due(&Turn::alone(&self.store, self.desk.at(now), now), &mut Err).unwrap();
    }

    fn audit(&self) {
        let found = self.store.read(|tx| audit::audit(tx, &self.desk)).unwrap();
        assert_eq!(found.differences, Vec::<String>::new());
    }
}

fn made(address: Option<&str>, pairs: &[(&str, &str)]) -> Made {
    let attributes = pairs.iter().map(|it| (it.0.to_string(), it.1.to_string())).collect();
    Made { address: address.map(Into::into), attributes }
}

fn each(test: impl Fn(&Shop)) {
    for (engine, store, _server) in stores() {
        println!("on {engine}");
        let shop = Shop::open(store);
        test(&shop);
        shop.audit();
    }
}

#[test]
fn an_answer_delivers_once() {
    each(|shop| {
        let id = shop.server("prepaid", 1, at("09:00:00"));
        let task = shop.open_task(id);
        assert_eq!(shop.money(), (94_900, 5_100));
        let first = shop.task(task);
        assert_eq!((first.kind, first.name.as_str(), first.attempt), (Kind::Provision, "web", 1));
        assert_eq!(first.options.get("zone"), Some("guangzhou-1"));
        assert_eq!(first.due, Some(at("09:10:00")));

        let answer = made(Some("10.9.8.7"), &[("hostname", "web-1")]);
        shop.answer(task, &answer, at("09:03:20")).unwrap();
        let read = shop.resource(id);
        assert_eq!((read.state, read.address.as_deref()), (State::Running, Some("10.9.8.7")));
        assert_eq!(read.delivered, Some(at("09:03:20")));
        assert_eq!(shop.money(), (94_900, 0));
        let attributes = shop.store.read(|tx| tasks::attributes(tx, shop.account.id, &[id])).unwrap();
        assert_eq!(attributes[&id].get("hostname").map(String::as_str), Some("web-1"));

        let again = shop.answer(task, &answer, at("09:05:00")).unwrap();
        assert_eq!(again.ended, Some(at("09:03:20")));
        let other = shop.answer(task, &made(Some("10.0.0.1"), &[]), at("09:05:00"));
        assert!(matches!(other, Err(Refusal::Store(StoreError::Differs(_)))), "{other:?}");
        let late = shop.fail(task, Retry::Never, at("09:06:00")).unwrap_err();
        assert_eq!(late.code(), "task_state_refused");
        shop.jobs(at("09:20:00"));
        assert_eq!(shop.task(task).state, Task::Done);
        assert_eq!(shop.money(), (94_900, 0));
    });
}

#[test]
fn a_failing_delivery_is_asked_three_times_and_gives_the_money_back() {
    each(|shop| {
        let id = shop.server("prepaid", 1, at("09:00:00"));
        let task = shop.open_task(id);
        let after = shop.fail(task, Retry::Later, at("09:00:10")).unwrap();
        assert_eq!((after.state, after.attempt, after.due), (Task::Waiting, 2, Some(at("09:00:40"))));
        // The same report again, with or without its attempt, changes nothing.
        let failure = Failure { reason: "no stock".into(), retry: Retry::Later, attempt: Some(1) };
        for attempt in [Some(1), None] {
            let failure = Failure { attempt, ..failure.clone() };
            let same = shop
                .store
                .write(|tx| tasks::failed(tx, shop.desk.at(at("09:00:20")), task, &failure))
                .unwrap();
            assert_eq!(same, after);
        }
        // An attempt that was never made is a mistake, whatever the task waits for.
        let never = Failure { attempt: Some(7), ..failure.clone() };
        let refused = shop.store.write(|tx| tasks::failed(tx, shop.desk.at(at("09:00:20")), task, &never));
        let refused = refused.unwrap_err();
        assert_eq!(refused.code(), "attempt_unknown");
        assert_eq!(
            refused.to_string(),
            "attempt 7 was never made: the task is at attempt 2; name that, or an earlier one"
        );
        assert_eq!(shop.task(task), after);
        assert_eq!(shop.money(), (94_900, 5_100));

        shop.jobs(at("09:00:40"));
        assert_eq!((shop.open_task(id), shop.task(task).due), (task, Some(at("09:10:40"))));
        // A report on the first attempt that comes late says nothing of the second.
        shop.store.write(|tx| tasks::failed(tx, shop.desk.at(at("09:00:50")), task, &failure)).unwrap();
        assert_eq!(shop.task(task).state, Task::Open);
        shop.fail(task, Retry::Later, at("09:01:00")).unwrap();
        shop.jobs(at("09:02:00"));
        let last = shop.fail(task, Retry::Later, at("09:03:00")).unwrap();
        assert_eq!((last.state, last.attempt, last.reason.as_str()), (Task::Failed, 3, "no stock"));
        assert_eq!(shop.money(), (100_000, 0));
        assert_eq!(shop.resource(id).state, State::Failed);

        let late = shop.done(task, at("09:04:00")).unwrap_err();
        assert_eq!(late.code(), "task_state_refused");
        let retried =
            shop.store.write(|tx| tasks::retry(tx, shop.desk.at(at("09:04:00")), task)).unwrap_err();
        assert_eq!(retried.code(), "task_state_refused");
        assert_eq!(shop.fail(task, Retry::Later, at("09:05:00")).unwrap(), last);
        assert_eq!((shop.money(), shop.resource(id).state), ((100_000, 0), State::Failed));
    });
}

#[test]
fn a_failure_that_is_final_gives_the_money_back_at_once() {
    each(|shop| {
        let id = shop.server("payg", 0, at("09:00:00"));
        shop.fail(shop.open_task(id), Retry::Never, at("09:00:10")).unwrap();
        assert_eq!((shop.money(), shop.resource(id).state), ((100_000, 0), State::Failed));
    });
}

/// Asked at 09:00:00; time-outs at 09:10:00, 09:20:30 and 09:31:30.
#[test]
fn a_cloud_that_is_silent_gives_the_money_back() {
    each(|shop| {
        let id = shop.server("prepaid", 1, at("09:00:00"));
        let task = shop.open_task(id);
        let mut seen = Vec::new();
        let mut now = at("09:00:00");
        while let Some(due) = shop.task(task).due {
            now = due;
            shop.jobs(now);
            seen.push((shop.task(task).state, shop.task(task).attempt, now));
        }
        let expected = [
            (Task::Waiting, 2, "09:10:00"),
            (Task::Open, 2, "09:10:30"),
            (Task::Waiting, 3, "09:20:30"),
            (Task::Open, 3, "09:21:30"),
            (Task::Failed, 3, "09:31:30"),
        ];
        assert_eq!(seen, expected.map(|it| (it.0, it.1, at(it.2))));
        assert_eq!(shop.task(task).reason, "the cloud did not answer within 600 s");
        assert_eq!((shop.money(), shop.resource(id).state), ((100_000, 0), State::Failed));
        assert!(shop.done(task, now).is_err());
    });
}

#[test]
fn what_is_done_while_a_pause_lasts_is_taken() {
    each(|shop| {
        let id = shop.server("prepaid", 1, at("09:00:00"));
        let task = shop.open_task(id);
        shop.jobs(at("09:10:00"));
        assert_eq!(shop.task(task).state, Task::Waiting);
        shop.done(task, at("09:10:05")).unwrap();
        assert_eq!(shop.resource(id).state, State::Running);
        shop.jobs(at("09:30:00"));
        assert_eq!(shop.task(task).state, Task::Done);
    });
}

#[test]
fn an_operator_gives_up_a_delivery() {
    each(|shop| {
        let id = shop.server("prepaid", 1, at("09:00:00"));
        let task = shop.open_task(id);
        let give_up =
            |now| shop.store.write(|tx| tasks::give_up(tx, shop.desk.at(now), task, "the rack burnt"));
        let given_up = give_up(at("09:01:00")).unwrap();
        assert_eq!((given_up.state, given_up.reason.as_str()), (Task::GivenUp, "the rack burnt"));
        assert_eq!(give_up(at("09:02:00")).unwrap(), given_up);
        assert_eq!((shop.money(), shop.resource(id).state), ((100_000, 0), State::Failed));
        let late = shop.done(task, at("09:03:00")).unwrap_err();
        assert_eq!(late.code(), "task_state_refused");
        assert!(late.to_string().contains("destroy what was made"), "{late}");
        assert_eq!((shop.money(), shop.resource(id).state), ((100_000, 0), State::Failed));
    });
}

#[test]
fn every_step_of_a_life_is_a_task() {
    each(|shop| {
        let id = shop.running(at("09:00:00"));
        let steps = [Event::Stop, Event::Start, Event::StopFree, Event::Start];
        for (minute, event) in (1..).zip(steps) {
            let now = at(&format!("09:0{minute}:00"));
            shop.switch(id, event, now);
            let task = shop.open_task(id);
            shop.done(task, now).unwrap();
        }
        let changes = [("type".to_string(), "S2.SMALL2".to_string())];
        let now = at("09:10:00");
        shop.store
            .write(|tx| {
                changes::resize(tx, shop.desk.at(now), Own { account: shop.account.id, id }, &changes)
            })
            .map(drop)
            .unwrap();
        let change = shop.open_task(id);
        assert_eq!(shop.task(change).options.get("type"), Some("S2.SMALL2"));
        shop.answer(change, &made(Some("10.5.5.5"), &[]), now).unwrap();
        assert_eq!(shop.resource(id).address.as_deref(), Some("10.5.5.5"));

        // Destroyed by its owner: stopped, kept for two hours, then gone.
        shop.release(id, at("09:20:00"));
        shop.done(shop.open_task(id), at("09:20:01")).unwrap();
        shop.jobs(at("11:20:00"));
        assert_eq!(shop.resource(id).state, State::Released);
        let kinds: Vec<&str> = shop.tasks(id, None).iter().map(|it| it.kind.as_str()).collect();
        assert_eq!(kinds, ["provision", "stop", "start", "stop", "start", "change", "stop", "release"]);
        let causes: Vec<&str> = shop.tasks(id, None).iter().map(|it| it.target.as_str()).collect();
        assert_eq!(
            causes,
            ["running", "stopped", "running", "stopped_free", "running", "running", "recycled", "released"]
        );
    });
}

#[test]
fn a_later_wish_replaces_an_earlier_one() {
    each(|shop| {
        let id = shop.running(at("09:00:00"));
        shop.switch(id, Event::Stop, at("09:01:00"));
        let stop = shop.open_task(id);
        shop.switch(id, Event::Start, at("09:02:00"));
        let start = shop.open_task(id);
        assert_ne!(stop, start);
        assert_eq!(shop.task(stop).state, Task::GivenUp);
        let late = shop.done(stop, at("09:03:00")).unwrap_err();
        assert_eq!(late.code(), "task_state_refused");
        shop.done(start, at("09:03:00")).unwrap();
        assert_eq!(shop.resource(id).state, State::Running);
    });
}

#[test]
fn a_stop_that_fails_for_good_waits_for_an_operator() {
    each(|shop| {
        let id = shop.running(at("09:00:00"));
        shop.switch(id, Event::Stop, at("09:01:00"));
        let stop = shop.open_task(id);
        let failed = shop.fail(stop, Retry::Never, at("09:02:00")).unwrap();
        assert_eq!((failed.state, failed.due), (Task::Failed, None));
        let asked = shop.store.write(|tx| tasks::retry(tx, shop.desk.at(at("09:05:00")), stop)).unwrap();
        assert_eq!((asked.state, asked.attempt, asked.due), (Task::Open, 2, Some(at("09:15:00"))));
        shop.done(stop, at("09:06:00")).unwrap();
        assert_eq!(shop.resource(id).state, State::Stopped);
    });
}

/// What cannot be released is not charged past the request, and the operator is told; what is asked again and done
/// changes nothing more. Source: R-TIM-11.
#[test]
fn a_release_that_fails_for_good_ends_with_its_request() {
    each(|shop| {
        shop.listen();
        let id = shop.buy("container", &[("spec", "1U1G")], 0, at("09:00:00"))[0];
        shop.done(shop.open_task(id), at("09:00:00")).unwrap();
        shop.release(id, at("10:00:00"));
        let task = shop.open_task(id);
        shop.fail(task, Retry::Never, at("12:00:00")).unwrap();
        shop.fail(task, Retry::Never, at("12:00:00")).unwrap();
        let read = shop.resource(id);
        assert_eq!((read.state, read.since, read.due), (State::Released, at("10:00:00"), None));
        let told = shop
            .store
            .read(|tx| lists::events::page(tx, lists::events::Filter::of(None), &Part::first(10)))
            .unwrap()
            .items;
        let body = told.iter().map(|it| it.body.as_str()).collect::<Vec<_>>();
        assert_eq!(body.len(), 1, "{body:?}");
        assert!(body[0].contains("cloud.failed") && body[0].contains("no stock"), "{body:?}");
        assert!(body[0].contains(&task.to_string()), "{body:?}");
        shop.store.write(|tx| tasks::retry(tx, shop.desk.at(at("13:00:00")), task)).unwrap();
        shop.answer(task, &Made::default(), at("13:01:00")).unwrap();
        assert_eq!((shop.task(task).state, shop.resource(id).since), (Task::Done, at("10:00:00")));
    });
}

/// A container is charged until the cloud says that it is gone, or an operator does.
#[test]
fn a_release_completes_when_the_cloud_or_an_operator_says_so() {
    each(|shop| {
        for by_operator in [false, true] {
            let now = if by_operator { at("09:30:00") } else { at("09:00:00") };
            let id = shop.buy("container", &[("spec", "1U1G")], 0, now)[0];
            shop.done(shop.open_task(id), now).unwrap();
            shop.release(id, now);
            assert_eq!(shop.resource(id).state, State::Releasing);
            let task = shop.open_task(id);
            assert_eq!((shop.task(task).kind, shop.task(task).cause), (Kind::Release, EndedBy::Owner));
            let end = at("09:40:00");
            if by_operator {
                shop.store.write(|tx| tasks::give_up(tx, shop.desk.at(end), task, "")).unwrap();
            } else {
                shop.answer(task, &Made::default(), end).unwrap();
            }
            let read = shop.resource(id);
            assert_eq!((read.state, read.since), (State::Released, end));
        }
        assert_eq!(shop.money(), (100_000, 0));
    });
}

#[test]
fn the_simulated_cloud_answers_what_a_real_one_was_asked() {
    each(|shop| {
        let id = shop.server("payg", 0, at("09:00:00"));
        let task = shop.open_task(id);
        let desk = Desk { cloud: Cloud::Simulated(Simulated::default()), ..shop.desk.clone() };
        jobs::run_due(&Turn::alone(&shop.store, desk.at(at("09:10:00")), at("09:10:00")), &mut Err).unwrap();
        assert_eq!((shop.task(task).state, shop.resource(id).state), (Task::Done, State::Running));
    });
}

/// Two threads say the same; one delivery, one bill.
#[test]
fn two_answers_at_once_deliver_once() {
    each(|shop| {
        let id = shop.server("prepaid", 1, at("09:00:00"));
        let task = shop.open_task(id);
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| shop.done(task, at("09:01:00")).unwrap());
            }
        });
        assert_eq!((shop.money(), shop.resource(id).state), ((94_900, 0), State::Running));
    });
}

/// A database of the time before tasks: what was on its way still is.
#[test]
fn deliveries_and_releases_on_their_way_become_tasks() {
    let first =
        std::fs::read_to_string(crate::support::root().join("crates/store/migrations/0001.sql")).unwrap();
    let folder = crate::support::served::Folder::new("tasks");
    let file = folder.0.join("till.db");
    let id = |prefix: &str, number: u32| format!("{prefix}_{number:032x}");
    {
        let old = rusqlite::Connection::open(&file).unwrap();
        old.execute_batch(&first.replace("@clustered", "without rowid")).unwrap();
        old.execute_batch(
            "create table migrations (number bigint primary key); insert into migrations values (1)",
        )
        .unwrap();
        for (number, state) in [(1, "pending"), (2, "releasing")] {
            old.execute(
                "insert into resources (account, id, order_id, product, options, name, service, zone, state, before, since_us,
                created_us, version) values (?1, ?2, ?3, 'server', 'type=S1', 'web', null, '', ?4, 'pending', 5, 5, 0)",
                [&id("acc", 1), &id("res", number), &id("ord", 1), state],
            )
            .unwrap();
        }
        old.execute(
            "insert into orders values (?1, ?2, 'first', 0, '', 'new', 'server', 'type=S1', 3, null, 'web', null, 'book', 'delivering',
            5, 6, 0, 0, 0, 0)",
            [id("acc", 1), id("ord", 1)],
        )
        .unwrap();
        old.execute(
            "insert into provisions values (?1, ?2, ?3, 2, 7)",
            [id("acc", 1), id("res", 1), id("ord", 1)],
        )
        .unwrap();
        old.execute("insert into releases values (?1, ?2, 8, 'owner')", [id("acc", 1), id("res", 2)])
            .unwrap();
    }
    let store = Store::embedded(&file).unwrap();
    let found = store.read(|tx| store::tasks::list(tx, TaskFilter::default(), 10)).unwrap();
    let seen: Vec<_> = found.iter().map(|it| (it.kind, it.attempt, it.due, it.name.as_str())).collect();
    let due = |us: i64| Some(Timestamp::from_microsecond(us).unwrap());
    assert_eq!(seen, [(Kind::Provision, 2, due(7), "web"), (Kind::Release, 1, due(8), "web")]);
    drop(store);
    let months = rusqlite::Connection::open(&file)
        .unwrap()
        .query_row("select min(months) from resources", [], |row| row.get::<_, i64>(0))
        .unwrap();
    assert_eq!(months, 3, "a resource has the months of its order");
}
