//! Mails where something goes wrong: servers that were away, people who left, letters that nobody can read, senders that are
//! late, customers with very many letters.
//!
//! In:  both engines, a mail server. Out: what becomes of each mail, and of those beside it.

use crate::support::plays::*;
use crate::support::posted::*;
use crate::support::sink::Sink;
use crate::support::stores;
use billing::language::Language;
use billing::letter::{Fault, Letter, LetterKind, MailState, Topic, Wish};
use billing::user::{House, Role};
use desk::correspondents::{self, Choice, Leave, New};
use desk::mails::Answer;
use desk::page::Part;
use desk::{Desk, Refusal, letters, lists, mails, users};
use play::Player;
use std::sync::Barrier;
use store::mails::MailFilter;
use store::{Store, Tx};
use units::{AccountId, CycleKind, Timestamp, UserId};

/// An account `qing` with money, and the player that made it.
fn with_account<'a>(till: &Till<'_>, store: &'a Store) -> (Player<'a>, AccountId) {
    let mut player = Player::new(store, at("2026-06-01 00:00:00")).unwrap();
    player.desk = till.desk();
    play(&mut player, "2026-06-01 09:00:00 account qing\n    topup qing 1000.00\n");
    let account = owner(store, "qing");
    (player, account)
}

fn address(till: &Till<'_>, account: AccountId, mail: &str, topics: &[&str]) {
    let topics: Vec<String> = topics.iter().map(ToString::to_string).collect();
    let (desk, new) = (till.desk(), New { mail, topics: &topics, language: None });
    till.store.write(|tx| correspondents::add_address(tx, desk.at(at("2026-06-01")), account, &new)).unwrap();
}

/// Notes a letter to a house.
fn letter(till: &Till<'_>, house: House, kind: LetterKind, about: &str, now: Timestamp) -> Letter {
    let letter = Letter::once(house, kind, about, now);
    till.store.write(|tx| store::letters::add_one(tx, &letter, now)).unwrap();
    letter
}

/// Three days without a server, then one that puts the mail off (451): it is tried again after a minute, and goes out.
#[test]
fn an_outage_counts_against_no_mail() {
    let mut sink = Sink::away(&[]);
    let now = at(NOW);
    let till = Till::new(Store::memory().unwrap(), &sink);
    till.test("a@example.com", now);
    let mut tries = 0;
    for quarter in 0..=288 {
        tries += till.send(later(now, quarter * 900));
    }
    assert!(tries > 280, "{tries}");
    let store = till.store.clone();
    sink.go_on();
    sink.answers(&["451"]);
    let till = Till { runtime: tokio::runtime::Runtime::new().unwrap(), store, sink: &sink };
    let back = later(now, 289 * 900);
    assert_eq!(till.send(back), 1);
    let waiting = till.all(MailState::Queued);
    assert_eq!((waiting.len(), waiting[0].put_offs, waiting[0].reply), (1, 1, Some(451)));
    assert_eq!(till.send(later(back, 60)), 1);
    assert_eq!(sink.taken().len(), 1);
    assert_eq!(till.all(MailState::Sent)[0].reply, Some(250), "what the server said");
}

/// A mail to somebody of the operator's house stands in the lists of all mails, without an account.
#[test]
fn a_mail_to_the_operators_people_is_listed() {
    for (engine, store, _server) in stores() {
        let sink = Sink::start(&[]);
        player(&store);
        let till = Till::new(store, &sink);
        let store = till.store.clone();
        let (player, account) = with_account(&till, &store);
        let desk = till.desk();
        for (house, mail) in
            [(House::Operator, "sue@example.com"), (House::Account(account), "ann@example.com")]
        {
            let user = till.person(house, mail, Language::English);
            let user = store.read(|tx| store::users::get(tx, user)).unwrap().user;
            store
                .write(|tx| letters::invitation(tx, desk.at(player.now), &user, "link", player.now))
                .unwrap();
        }
        assert_eq!(till.send(player.now), 2, "{engine}");
        let page =
            store.read(|tx| lists::mails::page(tx, MailFilter::default(), &Part::first(10))).unwrap().items;
        let mut named: Vec<_> = page.iter().map(|it| (it.of.address.as_str(), it.name.as_deref())).collect();
        named.sort();
        assert_eq!(named, [("ann@example.com", Some("qing")), ("sue@example.com", None)], "{engine}");
        for it in &page {
            assert_eq!(&store.read(|tx| lists::mails::one(tx, it.of.id)).unwrap(), it, "{engine}");
        }
        let filter = MailFilter { house: Some(House::Operator), ..MailFilter::default() };
        let own = store.read(|tx| lists::mails::page(tx, filter, &Part::first(10))).unwrap().items;
        assert_eq!(own.len(), 1, "{engine}");
    }
}

/// Mails that were put off, and then somebody left, an address was taken away, a kind was turned off: none of them goes out,
/// and the one beside them does.
#[test]
fn whoever_left_meanwhile_is_sent_nothing() {
    for (engine, store, _server) in stores() {
        let sink = Sink::start(&[]);
        player(&store);
        let till = Till::new(store, &sink);
        let store = till.store.clone();
        let (player, account) = with_account(&till, &store);
        let house = House::Account(account);
        let [_stays, leaves, chooses] = ["stays", "leaves", "chooses"]
            .map(|it| till.person(house, &format!("{it}@example.com"), Language::English));
        address(&till, account, "removed@example.com", &["finance"]);
        address(&till, account, "narrowed@example.com", &["technical", "finance"]);
        letter(&till, house, LetterKind::Statement, "2026-05", player.now);
        sink.answers(&["451"; 5]);
        assert_eq!(till.send(player.now), 5, "{engine}");

        let gone = |tx: &mut Tx<'_>| -> Result<(), Refusal> {
            users::change(tx, house, leaves, None, player.now)?;
            correspondents::remove_address(tx, account, "removed@example.com")?;
            let narrowed = Leave::Address(account, LetterKind::Statement, "narrowed@example.com".into());
            correspondents::leave(tx, &narrowed)?;
            correspondents::leave(tx, &Leave::Person(chooses, LetterKind::Statement))
        };
        store.write(gone).unwrap();
        assert_eq!(till.send(later(player.now, 60)), 5, "{engine}");
        assert_eq!(sink.asked(), 6, "{engine}: nobody else is tried");
        assert_eq!(subjects(&sink.taken(), "stays@example.com").len(), 1, "{engine}");
        let dead = till.all(MailState::Dead);
        assert_eq!(dead.len(), 4, "{engine}: {dead:?}");
        for it in dead {
            assert!(
                it.error.contains("left, took this address away, or turned this kind off"),
                "{}",
                it.error
            );
        }
    }
}

/// A letter and a mail whose kinds this program does not know are put off; those beside them go out. A newer program that
/// knows them finds them, and after four days they are given up.
#[test]
fn what_cannot_be_read_holds_up_nothing_else() {
    const LETTER: &str = "update letters set kind = 'of tomorrow' where id = $1";
    const MAIL: &str = "update mails set kind = 'of tomorrow', house = 'nobody' where id = $1";
    const KNOWN: &str = "update letters set kind = 'test' where id = $1";
    const STATE: &str = "select state from mails where id = $1";
    for (engine, store, _server) in stores() {
        let sink = Sink::start(&[]);
        let (till, now) = (Till::new(store, &sink), at(NOW));
        let change = |sql: &'static str, id: &str| till.store.write(|tx| tx.exec(sql, &[id.into()])).unwrap();
        let unknown = letter(&till, House::Operator, LetterKind::Test, "unknown@example.com", now);
        change(LETTER, &unknown.id.to_string());
        // A letter to a person whom there is not.
        let lost = Letter::once(House::Operator, LetterKind::SignIn, "192.0.2.1", now);
        let lost = Letter { user: Some(UserId::named(now, "nobody")), ..lost };
        till.store.write(|tx| store::letters::add_one(tx, &lost, now)).unwrap();
        sink.answers(&["451"]);
        till.test("put-off@example.com", now);
        assert_eq!(till.send(now), 1, "{engine}");
        let id = till.all(MailState::Queued)[0].id.to_string();
        assert_eq!(change(MAIL, &id), 1);
        till.test("beside@example.com", now);
        assert_eq!(till.send(later(now, 60)), 1, "{engine}");
        assert_eq!(sink.taken().last().unwrap().to, "beside@example.com", "{engine}");
        assert_eq!(till.send(later(now, 899)), 0, "{engine}: put off");

        change(KNOWN, &unknown.id.to_string());
        assert_eq!(till.send(later(now, 900)), 1, "{engine}");
        assert_eq!(sink.taken().last().unwrap().to, "unknown@example.com", "{engine}");
        for quarter in 2..=4 * 96 + 3 {
            till.send(later(now, quarter * 900 + 100));
        }
        let state = |tx: &mut Tx<'_>| tx.rows(STATE, &[id.as_str().into()], |row| row.text(0));
        assert_eq!(till.store.read(state).unwrap(), ["dead"], "{engine}");
        assert_eq!(till.store.read(store::letters::next_due).unwrap(), None, "{engine}: given up");
    }
}

/// A sender that is late: its claim ended and another try has the mail. What it says then counts only if the server took it.
#[test]
fn a_late_result_does_not_overwrite_that_of_another_try() {
    for (engine, store, _server) in stores() {
        let sink = Sink::start(&[]);
        let (till, now) = (Till::new(store, &sink), at(NOW));
        till.test("a@example.com", now);
        let desk = till.desk();
        till.store.write(|tx| letters::address(tx, desk.at(now), None)).unwrap();
        let claim = |now: Timestamp| {
            let due = till.store.read(|tx| store::mails::due(tx, now)).unwrap().mails.remove(0);
            till.store.write(|tx| store::mails::claim(tx, &due, later(now, 90))).unwrap().unwrap()
        };
        let (slow, quick) = (claim(now), claim(later(now, 90)));
        let said =
            |fault: Option<Fault>, reply: i64| Answer { fault, reply: Some(reply), text: "said".into() };
        let tried =
            |mail, answer| till.store.write(|tx| mails::tried(tx, mail, &answer, later(now, 100))).unwrap();
        assert_eq!(tried(&slow, said(Some(Fault::Never), 550)), None, "{engine}");
        assert_eq!(tried(&slow, said(Some(Fault::Mail), 451)), None, "{engine}");
        let there = till.all(MailState::Queued);
        assert_eq!((there[0].tries, there[0].due), (0, quick.due), "{engine}: still in the other's hand");
        assert_eq!(tried(&quick, said(Some(Fault::Mail), 451)), Some(MailState::Queued), "{engine}");
        assert_eq!(tried(&slow, said(None, 250)), Some(MailState::Sent), "{engine}");
        assert_eq!(tried(&quick, said(Some(Fault::Never), 550)), None, "{engine}: it is over");
        assert_eq!(till.send(later(now, 86_400)), 0, "{engine}");
        assert_eq!(till.all(MailState::Sent)[0].reply, Some(250), "{engine}");
    }
}

/// One customer has 7,000 letters and another one has one, which is the last: it is addressed among the first, whether the
/// queue of the first is full or one mail short of it.
#[test]
fn a_customer_with_thousands_of_letters_holds_up_no_other() {
    for (engine, store, _server) in stores() {
        let sink = Sink::start(&[]);
        let (till, now) = (Till::new(store, &sink), at(NOW));
        let house = |name: &str| House::Account(AccountId::named(now, name));
        let to = |name: &str, number: usize| {
            let letter = Letter::once(house(name), LetterKind::Test, &format!("{number}"), now);
            Letter { subject: format!("{name}{number}@example.com"), ..letter }
        };
        let many: Vec<Letter> = (0..7_000).map(|it| to("many", it)).collect();
        till.store
            .write(|tx| {
                let mut writes = store::Writes::default();
                store::letters::add(&mut writes, &many, now);
                tx.write(writes)
            })
            .unwrap();
        let desk = till.desk();
        let mut last = None;
        let mut pass = |now: Timestamp| {
            let before = last.clone();
            let done = till.store.write(|tx| letters::address(tx, desk.at(now), before.as_deref())).unwrap();
            assert!(done.unreadable.is_empty());
            last = done.last;
            till.all(MailState::Queued).iter().filter(|it| it.address.starts_with("one")).count()
        };
        for _ in 0..10 {
            pass(now);
        }
        let queued = |tx: &mut Tx<'_>| store::mails::queued(tx, house("many"), 10_000);
        assert_eq!(till.store.read(queued).unwrap(), 500, "{engine}");
        let late = later(now, 1);
        for number in 1..=2 {
            let one = to("one", number);
            till.store.write(|tx| store::letters::add_one(tx, &one, late)).unwrap();
            assert_eq!(pass(late), number, "{engine}");
            // One of the others goes out: there is room for one more.
            let due = till.store.read(|tx| store::mails::due(tx, late)).unwrap().mails;
            let due = due.into_iter().find(|it| it.house == house("many")).unwrap();
            till.store.write(|tx| store::mails::sent(tx, due.id, Some(250), late)).unwrap();
        }
    }
}

/// A node that lacks the key of the installation leaves an invitation to one that has it.
#[test]
fn an_invitation_waits_for_the_key() {
    let sink = Sink::start(&[]);
    let (till, now) = (Till::new(Store::memory().unwrap(), &sink), at(NOW));
    let (store, desk) = (till.store.clone(), till.desk());
    let user = till.person(House::Operator, "sue@example.com", Language::English);
    let user = store.read(|tx| store::users::get(tx, user)).unwrap().user;
    store.write(|tx| letters::invitation(tx, desk.at(now), &user, "link", now)).unwrap();
    till.send_from(Desk { key: None, ..till.desk() }, &in_the_clear(&sink), None, now);
    assert!(sink.taken().is_empty());
    assert_eq!(till.all(MailState::Queued).len(), 1);
    assert_eq!(till.send(later(now, 120)), 1);
    assert_eq!(sink.taken()[0].read()["subject"], "Set your password");
}

/// What somebody chose as it was anyway follows from the role from then on; what was chosen otherwise stays.
#[test]
fn what_was_not_chosen_follows_from_the_role() {
    for (engine, store, _server) in stores() {
        player(&store);
        let mut player = Player::new(&store, at("2026-06-01 00:00:00")).unwrap();
        play(&mut player, "2026-06-01 09:00:00 account qing\n");
        let house = House::Account(owner(&store, "qing"));
        let invite = |mail: &str, role| {
            let new = users::New { by: users::Inviter::CommandLine, house, mail, name: "n", role };
            store.write(|tx| users::invite(tx, new, mail, player.now)).unwrap()
        };
        invite("ann@example.com", Role::Owner);
        let user = invite("fin@example.com", Role::Finance);
        let wish = |kind, wish| (kind, wish);
        let wishes = vec![
            wish(LetterKind::Statement, Wish::Wanted),
            wish(LetterKind::BudgetReached, Wish::Unwanted),
            wish(LetterKind::PackLow, Wish::Unwanted),
        ];
        let choice = Choice { language: None, wishes };
        let person = store.write(|tx| correspondents::choose(tx, &user, &choice)).unwrap();
        assert_eq!(person.wishes, [(LetterKind::BudgetReached, Wish::Unwanted)], "{engine}");
        store.write(|tx| users::change(tx, house, user.id, Some(Role::Buyer), player.now)).unwrap();
        let user = store.read(|tx| store::users::get(tx, user.id)).unwrap().user;
        let person = store.read(|tx| correspondents::of_user(tx, &user)).unwrap();
        assert!(person.gets(LetterKind::PackLow) && !person.gets(LetterKind::Statement), "{engine}");
        // And back to what it was.
        let choice = Choice { language: None, wishes: vec![wish(LetterKind::BudgetReached, Wish::Wanted)] };
        let person = store.write(|tx| correspondents::choose(tx, &user, &choice)).unwrap();
        assert!(person.gets(LetterKind::BudgetReached), "{engine}");
    }
}

/// Two leave one address at once, each another topic: neither of them brings the other's back.
#[test]
fn two_who_leave_at_once_both_leave() {
    for (engine, store, _server) in stores() {
        let sink = Sink::away(&[]);
        player(&store);
        let till = Till::new(store, &sink);
        let store = till.store.clone();
        let (_, account) = with_account(&till, &store);
        for round in 0..20 {
            address(&till, account, "ops@example.com", &["technical", "finance"]);
            let barrier = Barrier::new(2);
            std::thread::scope(|scope| {
                for kind in [LetterKind::PackLow, LetterKind::Statement] {
                    let (store, barrier) = (&store, &barrier);
                    let leave = Leave::Address(account, kind, "ops@example.com".into());
                    scope.spawn(move || {
                        barrier.wait();
                        store.write(|tx| correspondents::leave(tx, &leave)).unwrap();
                    });
                }
            });
            let left = store.read(|tx| correspondents::addresses(tx, account)).unwrap();
            let topics: Vec<&[Topic]> = left.iter().map(|it| it.topics.as_slice()).collect();
            assert!(topics.is_empty(), "{engine}, round {round}: {topics:?}");
        }
    }
}

/// A month is told to nobody for whom it is not settled; once it is, they are told.
#[test]
fn an_account_that_is_set_aside_is_told_its_month_when_it_is_settled() {
    for (engine, store, _server) in stores() {
        let sink = Sink::start(&[]);
        player(&store);
        let till = Till::new(store, &sink);
        let store = till.store.clone();
        let mut player = Player::new(&store, at("2026-06-01 00:00:00")).unwrap();
        player.desk = till.desk();
        let mut story = String::from("2026-06-01 09:00:00 account one\n");
        for name in ["two", "three"] {
            story.push_str(&format!("    account {name}\n"));
        }
        for name in ["one", "two"] {
            story.push_str(&format!("    topup {name} 1000.00\n"));
            story.push_str(&format!("    buy {name} c container region=guangzhou spec=1U1G\n"));
        }
        play(&mut player, &story);
        for name in ["one", "two", "three"] {
            let house = House::Account(owner(&store, name));
            till.person(house, &format!("{name}@example.com"), Language::English);
        }
        play(&mut player, "2026-06-20 12:00:00 settle\n");
        let month = player.desk.calendar.cycle(CycleKind::Month, at("2026-06-15")).unwrap();
        let aside = owner(&store, "two");
        store.write(|tx| store::settlements::set_aside(tx, aside, &month, "the sum does not fit")).unwrap();
        play(&mut player, "2026-07-03 00:00:00 settle\n");
        till.send(player.now);
        let told = |name: &str| {
            let all = subjects(&sink.taken(), &format!("{name}@example.com"));
            all.iter().filter(|it| it.starts_with("Statement for June 2026")).count()
        };
        assert_eq!([told("one"), told("two"), told("three")], [1, 0, 0], "{engine}");
        play(&mut player, "2026-07-05 00:00:00 settle\n");
        till.send(player.now);
        assert_eq!(told("two"), 0, "{engine}");
        store.write(|tx| desk::settle::retry(tx, Some(&[aside]))).unwrap();
        play(&mut player, "2026-07-06 00:00:00 settle\n");
        till.send(player.now);
        assert_eq!([told("one"), told("two"), told("three")], [1, 1, 0], "{engine}");
        play(&mut player, "2026-07-07 00:00:00 settle\n");
        till.send(player.now);
        assert_eq!([told("one"), told("two")], [1, 1], "{engine}: once");
    }
}
