//! Webhooks whose receivers fail, hang or are slow: what is tried again, when, by whom, and who does not notice.

use crate::support::hooks::*;
use crate::support::stores;
use billing::endpoint::{Owner, State};
use desk::page::Part;
use desk::webhooks::{self, Change};
use providers::webhook::{Reach, Sender};
use server::outbox;
use std::sync::Arc;
use store::messages;
use tokio::runtime::Runtime;

#[test]
fn what_failed_is_tried_again_with_the_same_id() {
    let runtime = Runtime::new().unwrap();
    let receiver = runtime.block_on(Receiver::start());
    let sender = Sender::new(Reach::Anywhere).unwrap();
    for (engine, store, _server) in stores() {
        let (store, path) = (Arc::new(store), format!("/{engine}"));
        let (desk, account) = (desk(&store), customer(&store, "a"));
        let me = Some(account.id);
        let it = listen(&store, Owner::Account(account.id), &receiver.url(&path), &["wallet.*"]);
        receiver.answer(&path, &[500, 302]);
        top_up(&store, desk.at(later(0)), account.id, "first");

        // 5 s after the first failure, 30 s after the second.
        for (seconds, sent) in [(0, 1), (4, 0), (5, 1), (34, 0), (35, 1), (100_000, 0)] {
            let now = later(seconds);
            assert_eq!(
                runtime.block_on(outbox::due(&store, &sender, now)).unwrap(),
                sent,
                "{engine} {seconds}"
            );
        }
        let came = receiver.came(&path);
        assert_eq!(came.len(), 3);
        assert!(came.iter().all(|it| *it == came[0]), "{came:?}");
        let expected =
            (messages::MessageState::Delivered, vec![Some(500), Some(302), Some(204)], String::new());
        assert_eq!(only(&store, me, &it), expected, "{engine}");

        // Once more at the owner's wish; the log goes on.
        let log = store.read(|tx| log(tx, me, it.id, &Part::first(50))).unwrap().items;
        store.write(|tx| webhooks::resend(tx, me, log[0].message.id, later(100_000))).unwrap();
        assert_eq!(runtime.block_on(outbox::due(&store, &sender, later(100_000))).unwrap(), 1);
        assert_eq!(receiver.came(&path)[3], came[0]);
        let (state, answers, _) = only(&store, me, &it);
        assert_eq!((state, answers.len()), (messages::MessageState::Delivered, 4));
    }
}

#[test]
fn after_ten_attempts_a_message_is_given_up() {
    let (_, store, _) = stores().swap_remove(0);
    let (store, sender) = (Arc::new(store), Sender::new(Reach::Anywhere).unwrap());
    let runtime = Runtime::new().unwrap();
    let (desk, account) = (desk(&store), customer(&store, "a"));
    // Nobody listens there.
    let gone = crate::support::served::free_address();
    let it = listen(&store, Owner::Account(account.id), &format!("http://{gone}/"), &["*"]);
    top_up(&store, desk.at(later(0)), account.id, "first");
    let mut attempts = 0;
    while let Some(due) = store.read(messages::next_due).unwrap() {
        attempts += runtime.block_on(outbox::due(&store, &sender, due)).unwrap();
    }
    let (state, answers, error) = only(&store, Some(account.id), &it);
    assert_eq!((attempts, state, answers), (10, messages::MessageState::GivenUp, vec![None; 10]));
    assert_eq!(error, "cannot connect: check name, port and certificate");
    // It can still be resent, and the waits begin anew.
    let log = store.read(|tx| log(tx, Some(account.id), it.id, &Part::first(1))).unwrap().items;
    let now = later(1_000_000);
    store.write(|tx| webhooks::resend(tx, Some(account.id), log[0].message.id, now)).unwrap();
    assert_eq!(runtime.block_on(outbox::due(&store, &sender, now)).unwrap(), 1);
    assert_eq!(store.read(messages::next_due).unwrap(), Some(later(1_000_005)));
}

#[test]
fn a_receiver_that_is_gone_is_not_called_again() {
    let runtime = Runtime::new().unwrap();
    let receiver = runtime.block_on(Receiver::start());
    let sender = Sender::new(Reach::Anywhere).unwrap();
    for (engine, store, _server) in stores() {
        let (store, path) = (Arc::new(store), format!("/{engine}"));
        let (desk, account) = (desk(&store), customer(&store, "a"));
        let me = Some(account.id);
        let it = listen(&store, Owner::Account(account.id), &receiver.url(&path), &["*"]);
        receiver.answer(&path, &[500, 410]);
        top_up(&store, desk.at(later(0)), account.id, "first");
        runtime.block_on(outbox::due(&store, &sender, later(0))).unwrap();
        top_up(&store, desk.at(later(1)), account.id, "second");
        runtime.block_on(outbox::due(&store, &sender, later(1))).unwrap();
        let after = store.read(|tx| webhooks::get(tx, me, it.id)).unwrap();
        assert_eq!(after.state, State::Disabled, "{engine}");

        // Held, not noted, not pinged, not resent, until it is enabled.
        top_up(&store, desk.at(later(2)), account.id, "third");
        assert_eq!(runtime.block_on(outbox::due(&store, &sender, later(1_000))).unwrap(), 0);
        let refused = store.write(|tx| webhooks::ping(tx, me, it.id, desk.at(later(3)))).unwrap_err();
        assert_eq!(refused.code(), "webhook_disabled");
        let change = Change { state: Some(State::Enabled), ..Change::none(Reach::Anywhere) };
        store.write(|tx| webhooks::change(tx, me, it.id, &change, later(2_000))).unwrap();
        assert_eq!(runtime.block_on(outbox::due(&store, &sender, later(2_000))).unwrap(), 1);
        assert_eq!(receiver.came(&path).len(), 3, "{engine}");
    }
}

/// `/slow` answers only after all 20 messages came to `/fast`: slow receivers must leave room for others.
#[test]
fn a_slow_receiver_does_not_stop_the_others() {
    let runtime = Runtime::new().unwrap();
    let receiver = runtime.block_on(Receiver::start());
    let (_, store, _) = stores().swap_remove(0);
    let (store, sender) = (Arc::new(store), Sender::new(Reach::Anywhere).unwrap());
    let (desk, account) = (desk(&store), customer(&store, "a"));
    let slow = listen(&store, Owner::Account(account.id), &receiver.url("/slow"), &["*"]);
    for number in 0..20 {
        top_up(&store, desk.at(later(0)), account.id, &format!("a{number}"));
    }
    let change = Change { kinds: Some(&["bill.*".to_string()]), ..Change::none(Reach::Anywhere) };
    let me = Some(account.id);
    store.write(|tx| webhooks::change(tx, me, slow.id, &change, later(0))).unwrap();
    listen(&store, Owner::Account(account.id), &receiver.url("/fast"), &["*"]);
    for number in 0..20 {
        top_up(&store, desk.at(later(1)), account.id, &format!("b{number}"));
    }
    assert_eq!(runtime.block_on(outbox::due(&store, &sender, later(1))).unwrap(), 40);
    assert_eq!((receiver.came("/slow").len(), receiver.came("/fast").len()), (20, 20));
}

/// The twenty receivers of one customer answer only after everything has come to another customer and to the cloud.
#[test]
fn a_customer_whose_receivers_hang_delays_nobody_else() {
    let runtime = Runtime::new().unwrap();
    let receiver = runtime.block_on(Receiver::start());
    let (_, store, _) = stores().swap_remove(0);
    let (store, sender) = (Arc::new(store), Sender::new(Reach::Anywhere).unwrap());
    let (desk, one, other) = (desk(&store), customer(&store, "a"), customer(&store, "b"));
    for number in 0..webhooks::MOST {
        listen(&store, Owner::Account(one.id), &receiver.url(&format!("/slow?{number}")), &["wallet.*"]);
    }
    for number in 0..8 {
        top_up(&store, desk.at(later(0)), one.id, &format!("a{number}"));
    }
    listen(&store, Owner::Account(other.id), &receiver.url("/fast"), &["wallet.*"]);
    listen(&store, Owner::Operator, &receiver.url("/fast"), &["wallet.*"]);
    for number in 0..10 {
        top_up(&store, desk.at(later(1)), other.id, &format!("b{number}"));
    }
    let hanging = webhooks::MOST * 8;
    assert_eq!(runtime.block_on(outbox::due(&store, &sender, later(1))).unwrap(), hanging + 20);
    assert_eq!((receiver.came("/slow").len(), receiver.came("/fast").len()), (hanging, 20));
}

#[test]
fn two_nodes_send_a_message_once() {
    let runtime = Runtime::new().unwrap();
    let receiver = runtime.block_on(Receiver::start());
    let sender = Sender::new(Reach::Anywhere).unwrap();
    for (engine, store, _server) in stores() {
        let (store, path) = (Arc::new(store), format!("/{engine}"));
        let (desk, account) = (desk(&store), customer(&store, "a"));
        listen(&store, Owner::Account(account.id), &receiver.url(&path), &["*"]);
        for number in 0..40 {
            top_up(&store, desk.at(later(0)), account.id, &format!("a{number}"));
        }
        let both = async {
            let due = || outbox::due(&store, &sender, later(1));
            tokio::join!(due(), due())
        };
        let (one, other) = runtime.block_on(both);
        assert_eq!(one.unwrap() + other.unwrap(), 40, "{engine}");
        let mut came = receiver.came(&path);
        came.sort();
        came.dedup();
        assert_eq!((came.len(), receiver.came(&path).len()), (40, 40), "{engine}");
    }
}
