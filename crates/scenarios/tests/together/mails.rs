//! Mails against a real SMTP server on this machine: what is told, to whom, how often, and what is signed.

use crate::support::plays::*;
use crate::support::posted::*;
use crate::support::served::Folder;
use crate::support::sink::{Sink, Taken, certificate, verified};
use crate::support::stores;
use crate::support::tools::good;
use billing::language::Language;
use billing::letter::{LetterKind, MailState, Topic, Wish};
use billing::user::House;
use desk::{Desk, correspondents, mails};
use providers::dkim::Dkim;
use providers::smtp::{Secrecy, Server};
use std::process::Command;
use store::Store;
use tokio::runtime::Runtime;
use units::AccountId;

/// Figures and dates of the story `two-containers-empty-a-pack-in-half-the-time`: 720 h / 2; 20 % are left after 576 h / 2 =
/// 12 days, 5 % after 684 h / 2 = 14 days 6 h. Of it 144 h and 36 h are left. Source: R-PKG-15.
#[test]
fn a_pack_that_falls_to_a_fifth_and_a_twentieth_is_told_twice_in_each_language() {
    for (engine, store, _server) in stores() {
        let sink = Sink::start(&[]);
        player(&store);
        let till = Till::new(store, &sink);
        let store = till.store.clone();
        let mut player = play::Player::new(&store, at("2026-05-01 00:00:00")).unwrap();
        player.desk = till.desk();
        play(
            &mut player,
            "
2026-06-01 00:00:00 account qing
                    topup qing 1000.00
                    buy qing pack1 container-pack spec=1U1G hours=720 month=2026-06
                    buy qing c1 container region=guangzhou spec=1U1G
                    buy qing c2 container region=guangzhou spec=1U1G
",
        );
        let account = owner(&store, "qing");
        till.person(House::Account(account), "en@example.com", Language::English);
        till.person(House::Account(account), "zh@example.com", Language::Chinese);
        till.send(player.now);
        let before = sink.taken().len();
        for step in
            ["2026-06-13 00:00:00 settle\n", "2026-06-15 06:00:00 settle\n", "2026-06-15 12:00:00 settle\n"]
        {
            play(&mut player, step);
            till.send(player.now);
            till.send(player.now);
        }
        let taken = &sink.taken()[before..];
        assert_eq!(subjects(taken, "en@example.com"), ["pack1: 20% left", "pack1: 5% left"], "{engine}");
        assert_eq!(subjects(taken, "zh@example.com"), ["pack1：余量剩 20%", "pack1：余量剩 5%"], "{engine}");
        assert_eq!(taken.len(), 4, "{engine}");
        let says = [
            (
                "en@example.com",
                "no more than 144 hours of 720 hours were left of pack1. At the pace so far it is empty on 16 June 2026, 00:00",
                "no more than 36 hours of 720 hours were left",
            ),
            ("zh@example.com", "余量不超过 144 小时，共 720 小时", "余量不超过 36 小时，共 720 小时"),
        ];
        for (to, first, second) in says {
            let mails: Vec<_> = taken.iter().filter(|it| it.to == to).map(Taken::read).collect();
            for (mail, words) in mails.iter().zip([first, second]) {
                for part in ["text", "html"] {
                    assert!(mail[part].as_str().unwrap().contains(words), "{engine}: {mail}");
                }
                assert_eq!(mail["defects"], 0);
            }
        }
        for it in taken {
            assert_eq!(it.header("Auto-Submitted").unwrap(), "auto-generated");
            assert_eq!(it.header("List-Unsubscribe-Post").unwrap(), "List-Unsubscribe=One-Click");
            let leave = it.header("List-Unsubscribe").unwrap();
            assert!(
                leave.starts_with("<https://console.example/mail/leave/") && leave.ends_with('>'),
                "{leave}"
            );
        }
    }
}

/// A receipt and a delivery follow from a purchase; both once, whatever was chosen of the first; the second with its address.
#[test]
fn a_purchase_has_a_receipt_and_an_address() {
    for (engine, store, _server) in stores() {
        let sink = Sink::start(&[]);
        player(&store);
        let till = Till::new(store, &sink);
        let store = till.store.clone();
        let mut player = play::Player::new(&store, at("2026-06-01 00:00:00")).unwrap();
        player.desk = till.desk();
        play(&mut player, "2026-06-01 09:00:00 account qing\n    topup qing 1000.00\n");
        let account = owner(&store, "qing");
        let person = till.person(House::Account(account), "en@example.com", Language::English);
        let unwanted = [(LetterKind::OrderReceipt, Wish::Unwanted), (LetterKind::Statement, Wish::Unwanted)];
        store.write(|tx| store::correspondents::set_wishes(tx, person, &unwanted)).unwrap();
        let buy = "2026-06-01 10:00:00 buy qing web server charge=prepaid region=guangzhou zone=guangzhou-1 \
                   type=S1.SMALL1 months=1\n2026-06-01 11:00:00 settle\n";
        play(&mut player, buy);
        till.send(player.now);
        till.send(later(player.now, 3_600));
        let taken = sink.taken();
        let mut subjects = subjects(&taken, "en@example.com");
        subjects.sort();
        let paid = store.read(|tx| store::orders::of_account(tx, account)).unwrap()[0].order.total;
        assert_eq!(subjects, [format!("Receipt: {paid} CNY paid"), "web is delivered".into()], "{engine}");
        let address =
            store.read(|tx| store::resources::of_account(tx, account)).unwrap()[0].resource.address.clone();
        for it in &taken {
            let duty = it.read()["subject"].as_str().unwrap().starts_with("Receipt");
            assert_eq!(it.header("List-Unsubscribe").is_none(), duty, "{engine}");
            let text = it.read()["text"].as_str().unwrap().to_string();
            assert!(
                duty || text.contains(&format!("web: {}", address.as_deref().unwrap())),
                "{engine}: {text}"
            );
        }
    }
}

#[test]
fn what_is_put_off_comes_later_and_what_is_refused_is_dead() {
    for (engine, store, _server) in stores() {
        let sink = Sink::start(&[]);
        let (till, now) = (Till::new(store, &sink), at(NOW));
        sink.answers(&["451", "451"]);
        till.test("a@example.com", now);
        assert_eq!(till.send(now), 1, "{engine}");
        assert_eq!(till.send(later(now, 59)), 0, "{engine}: a minute is not over");
        assert_eq!(till.send(later(now, 60)), 1, "{engine}");
        let waiting = &till.all(MailState::Queued)[0];
        assert_eq!((waiting.tries, waiting.reply), (2, Some(451)), "{engine}");
        assert!(waiting.error.contains("not now"), "{engine}: {}", waiting.error);
        assert_eq!(till.send(later(now, 360)), 1, "{engine}");
        assert_eq!((sink.asked(), sink.taken().len()), (3, 1), "{engine}");
        assert_eq!(till.send(later(now, 86_400)), 0, "{engine}: sent once");

        sink.answers(&["550"]);
        till.test("b@example.com", later(now, 400));
        assert_eq!(till.send(later(now, 400)), 1, "{engine}");
        assert_eq!(till.send(later(now, 90_000)), 0, "{engine}: never again by itself");
        let dead = till.all(MailState::Dead);
        assert_eq!((dead.len(), dead[0].reply, dead[0].address.as_str()), (1, Some(550), "b@example.com"));
        let waiting = till.store.read(|tx| mails::waiting(tx, now)).unwrap();
        assert_eq!((waiting.queued, waiting.dead), (0, 1), "{engine}");
        let (desk, then) = (till.desk(), later(now, 90_000));
        let again = till.store.write(|tx| mails::again(tx, desk.at(then), dead[0].id)).unwrap();
        assert_eq!((again.state, again.id), (MailState::Queued, dead[0].id));
        let refused = till.store.write(|tx| mails::again(tx, desk.at(then), dead[0].id)).unwrap_err();
        assert_eq!(refused.code(), "mail_state_refused");
        assert_eq!(till.send(then), 1, "{engine}");
        assert_eq!(sink.taken().last().unwrap().to, "b@example.com", "{engine}");
        assert!(till.all(MailState::Dead).is_empty(), "{engine}");
    }
}

/// The server takes a mail and the connection ends before its answer: the same mail comes once more, as the same.
#[test]
fn a_mail_whose_answer_is_lost_comes_again_as_the_same() {
    let sink = Sink::start(&[]);
    let (till, now) = (Till::new(Store::memory().unwrap(), &sink), at(NOW));
    sink.answers(&["take-drop", "drop"]);
    till.test("a@example.com", now);
    assert_eq!(till.send(now), 1);
    assert_eq!(till.send(later(now, 60)), 1);
    assert_eq!(till.send(later(now, 360)), 1);
    assert_eq!(till.send(later(now, 86_400)), 0);
    let taken = sink.taken();
    assert_eq!((taken.len(), sink.asked()), (2, 3));
    let ids: Vec<_> = taken.iter().map(|it| it.header("Message-ID").unwrap()).collect();
    assert_eq!(ids[0], ids[1]);
    assert_eq!(taken[0].text, taken[1].text);
}

#[test]
fn a_server_that_was_away_gets_what_waited() {
    let mut sink = Sink::away(&[]);
    let (till, now) = (Till::new(Store::memory().unwrap(), &sink), at(NOW));
    for name in ["a", "b", "c"] {
        till.test(&format!("{name}@example.com"), now);
    }
    assert_eq!(till.send(now), 3);
    assert_eq!(till.all(MailState::Queued).len(), 3);
    let store = till.store.clone();
    sink.go_on();
    let till = Till { runtime: Runtime::new().unwrap(), store, sink: &sink };
    assert_eq!(till.send(later(now, 60)), 3);
    assert_eq!(sink.taken().len(), 3);
    // Four days without a server, and it is given up: the last try was not later.
    let mut away = Sink::away(&[]);
    let lost = Till { runtime: Runtime::new().unwrap(), store: till.store.clone(), sink: &away };
    lost.test("d@example.com", later(now, 100));
    let mut tries = 0;
    for quarter in 0..400 {
        tries += lost.send(later(now, 100 + quarter * 900));
    }
    assert_eq!(lost.all(MailState::Dead).len(), 1);
    assert!(tries > 300, "{tries}");
    away.stop();
}

/// One customer has five hundred mails to be sent, another one: that one is among the first that go.
#[test]
fn a_customer_with_many_mails_holds_up_no_other() {
    for (engine, store, _server) in stores() {
        let sink = Sink::start(&[]);
        let (till, now) = (Till::new(store, &sink), at(NOW));
        let house = |name: &str| House::Account(AccountId::named(now, name));
        let letter = |name: &str, number: usize| {
            let about = format!("{number}");
            let letter = billing::letter::Letter::once(house(name), LetterKind::Test, &about, now);
            billing::letter::Letter { subject: format!("{name}{number}@example.com"), ..letter }
        };
        let mut all: Vec<_> = (0..200).map(|number| letter("many", number)).collect();
        all.push(letter("one", 0));
        till.store
            .write(|tx| {
                for it in &all {
                    store::letters::add_one(tx, it, now)?;
                }
                Ok::<_, store::StoreError>(())
            })
            .unwrap();
        assert_eq!(till.send(now), 201, "{engine}");
        let taken = sink.taken();
        let place = taken.iter().position(|it| it.to == "one0@example.com").unwrap();
        // Letters are addressed a hundred at a time; then each house has its turn, four mails at one time.
        assert!(place < 110, "{engine}: {place}");
        assert_eq!(taken.len(), 201, "{engine}");
    }
}

/// Nodes that work at the same letters and mails at once send each mail once.
#[test]
fn two_nodes_send_each_mail_once() {
    for (engine, store, _server) in stores() {
        let sink = Sink::start(&[]);
        let (till, now) = (Till::new(store, &sink), at(NOW));
        for number in 0..40 {
            till.test(&format!("n{number}@example.com"), now);
        }
        let sent: usize = std::thread::scope(|scope| {
            let nodes: Vec<_> = (0..2)
                .map(|_| {
                    let other =
                        Till { runtime: Runtime::new().unwrap(), store: till.store.clone(), sink: &sink };
                    scope.spawn(move || other.send(now))
                })
                .collect();
            nodes.into_iter().map(|it| it.join().unwrap()).sum()
        });
        let mut to: Vec<String> = sink.taken().into_iter().map(|it| it.to).collect();
        to.sort();
        to.dedup();
        assert_eq!((sent, to.len(), sink.taken().len()), (40, 40, 40), "{engine}");
    }
}

#[test]
fn the_way_is_kept_from_others_and_a_password_is_asked_for() {
    let folder = Folder::new("tls");
    let [trusted, key] = certificate(&folder);
    let pem = std::fs::read_to_string(&trusted).unwrap();
    let ways = [(Secrecy::StartTls, "--starttls"), (Secrecy::Tls, "--tls")];
    for (secrecy, flag) in ways {
        let sink = Sink::start(&[flag, &trusted, &key, "--auth", "till", "a secret"]);
        let (till, now) = (Till::new(Store::memory().unwrap(), &sink), at(NOW));
        let server = |password: &str, pem: Option<&String>| Server {
            secrecy,
            user: Some("till".into()),
            password: Some(password.into()),
            trusted: pem.cloned(),
            ..in_the_clear(&sink)
        };
        let send = |it: Server, now| till.send_by(&it, None, now);
        till.test("a@example.com", now);
        assert_eq!(send(server("a secret", None), now), 1, "a certificate that nobody trusts");
        let error = till.all(MailState::Queued)[0].error.clone();
        assert!(error.to_lowercase().contains("certificate"), "{error}");
        assert_eq!(send(server("wrong", Some(&pem)), later(now, 60)), 1);
        let waiting = till.all(MailState::Queued);
        assert_eq!((waiting.len(), waiting[0].reply), (1, Some(535)), "{}", waiting[0].error);
        assert!(sink.taken().is_empty());
        assert_eq!(send(server("a secret", Some(&pem)), later(now, 360)), 1);
        let taken = sink.taken();
        assert_eq!((taken.len(), taken[0].secret, taken[0].user.as_deref()), (1, true, Some("till")));
        // A server that offers no TLS gets nothing.
        let plain = Sink::start(&[]);
        till.test("b@example.com", later(now, 400));
        let there = Server { port: Some(plain.address.port()), ..server("a secret", Some(&pem)) };
        assert_eq!(send(there, later(now, 400)), 1);
        assert!(plain.taken().is_empty());
    }
}

/// What signs is checked by a verifier that has no line in common with it.
#[test]
fn others_verify_what_is_signed() {
    let folder = Folder::new("dkim");
    let path = |name: &str| folder.0.join(name).display().to_string();
    let openssl =
        |args: &[&str]| good(Command::new("openssl").args(args).stderr(std::process::Stdio::null()));
    openssl(&["genrsa", "-out", &path("rsa"), "2048"]);
    openssl(&["genrsa", "-traditional", "-out", &path("old"), "2048"]);
    openssl(&["genpkey", "-algorithm", "ed25519", "-out", &path("ed25519")]);
    for name in ["rsa", "old", "ed25519"] {
        let public = openssl(&["pkey", "-in", &path(name), "-pubout", "-outform", "DER"]);
        let is_rsa = name != "ed25519";
        // Of Ed25519 the record holds the 32 bytes alone. Source: RFC 8463, 4.
        let told = if is_rsa { &public[..] } else { &public[public.len() - 32..] };
        let record = format!("v=DKIM1; k={}; p={}", if is_rsa { "rsa" } else { "ed25519" }, base64(told));
        let sink = Sink::start(&[]);
        let (till, now) = (Till::new(Store::memory().unwrap(), &sink), at(NOW));
        let pem = std::fs::read_to_string(path(name)).unwrap();
        let dkim = Dkim::new("cloud.example", "s1", &pem).unwrap();
        till.test("a@example.com", now);
        till.send_by(&in_the_clear(&sink), Some(dkim), now);
        let mail = &sink.taken()[0];
        let said = verified(mail, &record, "s1._domainkey.cloud.example");
        assert_eq!(said["passed"], true, "{name}: {said}");
        assert_eq!(
            (said["tags"]["d"].as_str(), said["tags"]["s"].as_str()),
            (Some("cloud.example"), Some("s1"))
        );
        let names = said["tags"]["h"].as_str().unwrap().to_string();
        for it in ["from", "to", "subject", "message-id", "auto-submitted"] {
            assert!(names.split(':').any(|name| name == it), "{names}");
        }
        // What was changed on the way is not verified.
        let changed = std::fs::read_to_string(&mail.path).unwrap().replacen("Subject: ", "Subject: Not ", 1);
        std::fs::write(&mail.path, changed).unwrap();
        assert_eq!(verified(mail, &record, "s1._domainkey.cloud.example")["passed"], false, "{name}");
    }
}

fn base64(bytes: &[u8]) -> String {
    use std::io::Write;
    let mut child = Command::new("openssl")
        .args(["base64", "-A"])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(bytes).unwrap();
    String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap().trim().to_string()
}

/// A link leaves one kind for one recipient; an address of an account leaves the topic of it.
#[test]
fn a_link_leaves_one_kind() {
    for (engine, store, _server) in stores() {
        let sink = Sink::start(&[]);
        player(&store);
        let till = Till::new(store, &sink);
        let store = till.store.clone();
        let mut player = play::Player::new(&store, at("2026-06-01 00:00:00")).unwrap();
        player.desk = till.desk();
        play(&mut player, "2026-06-01 09:00:00 account qing\n    topup qing 1000.00\n");
        let account = owner(&store, "qing");
        till.person(House::Account(account), "en@example.com", Language::English);
        let topics = vec!["technical".to_string(), "finance".to_string()];
        let new = correspondents::New {
            mail: "ops@example.com",
            topics: &topics,
            language: Some(Language::Chinese),
        };
        let desk = till.desk();
        store.write(|tx| correspondents::add_address(tx, desk.at(player.now), account, &new)).unwrap();
        let buy = |token: &str, day: u8| {
            format!(
                "2026-06-{day:02} 10:00:00 buy qing {token} server charge=payg region=guangzhou zone=guangzhou-1 \
                 type=S1.SMALL1\n2026-06-{day:02} 11:00:00 settle\n"
            )
        };
        play(&mut player, &buy("web", 2));
        till.send(player.now);
        let taken = sink.taken();
        assert_eq!(taken.len(), 2, "{engine}");
        for it in &taken {
            let link = it.header("List-Unsubscribe").unwrap();
            let link = link.trim_matches(['<', '>']).rsplit('/').next().unwrap().to_string();
            let leave = correspondents::read_leave(desk.key.as_deref(), &link).unwrap();
            assert_eq!(leave.kind(), LetterKind::OrderDelivered);
            for wrong in [&link[1..], &link.replace('a', "b"), "", "sealed1:"] {
                let refused = correspondents::read_leave(desk.key.as_deref(), wrong).unwrap_err();
                assert_eq!(refused.code(), "mail_link_invalid", "{wrong}");
            }
            store.write(|tx| correspondents::leave(tx, &leave)).unwrap();
            store.write(|tx| correspondents::leave(tx, &leave)).unwrap();
        }
        play(&mut player, &buy("api", 3));
        till.send(player.now);
        assert_eq!(sink.taken().len(), 2, "{engine}: nobody is told of it any more");
        let left = store.read(|tx| correspondents::addresses(tx, account)).unwrap();
        assert_eq!(left[0].topics, [Topic::Finance], "{engine}");
    }
}

/// Bad input is told by its code, and nothing is written.
#[test]
fn an_address_that_is_none_is_refused() {
    for (engine, store, _server) in stores() {
        player(&store);
        let mut player = play::Player::new(&store, at("2026-06-01 00:00:00")).unwrap();
        play(&mut player, "2026-06-01 09:00:00 account qing\n");
        let (account, desk) = (owner(&store, "qing"), store.read(Desk::open).unwrap());
        let add = |mail: &str, topics: &[&str]| {
            let topics: Vec<String> = topics.iter().map(ToString::to_string).collect();
            let new = correspondents::New { mail, topics: &topics, language: None };
            store.write(|tx| correspondents::add_address(tx, desk.at(player.now), account, &new))
        };
        let code = |mail: &str, topics: &[&str]| add(mail, topics).unwrap_err().code();
        assert_eq!(code("a@example.com\r\nBcc: b@example.com", &["finance"]), "mail_line_break");
        assert_eq!(code("a@example.com\n", &["finance"]), "mail_line_break");
        assert_eq!(code("a.example.com", &["finance"]), "mail_invalid");
        assert_eq!(code("a@example.com", &[]), "mail_topic_invalid");
        assert_eq!(code("a@example.com", &["everything"]), "mail_topic_invalid");
        assert!(store.read(|tx| correspondents::addresses(tx, account)).unwrap().is_empty(), "{engine}");
        for number in 0..10 {
            add(&format!("a{number}@example.com"), &["finance"]).unwrap();
        }
        assert_eq!(code("one-more@example.com", &["finance"]), "too_many_mail_addresses");
        add("A0@example.com", &["technical"]).unwrap();
        assert_eq!(store.read(|tx| correspondents::addresses(tx, account)).unwrap().len(), 10, "{engine}");
    }
}

/// Two servers by use at 0.42 an hour with 2.40: the third hour cannot be paid, two hours later both are stopped and a day later gone,
/// which is one mail each. What is prepaid is released after its deadline, by its name. Source: R-ARR-1, R-ARR-8, R-EXP-1.
#[test]
fn what_arrears_and_deadlines_end_is_told_once_and_a_downgrade_too() {
    for (engine, store, _server) in stores() {
        let sink = Sink::start(&[]);
        player(&store);
        let till = Till::new(store, &sink);
        let store = till.store.clone();
        let mut player = play::Player::new(&store, at("2026-05-01 00:00:00")).unwrap();
        player.desk = till.desk();
        play(
            &mut player,
            "
2026-06-01 08:00:00 account late
                    topup late 2.40
                    buy late one server charge=payg region=guangzhou zone=guangzhou-1 type=S1.SMALL1
                    buy late two server charge=payg region=guangzhou zone=guangzhou-1 type=S1.SMALL1
                    account past
                    topup past 2000.00
                    buy past old server charge=prepaid region=guangzhou zone=guangzhou-1 type=S1.SMALL1 months=1
                    buy past big server charge=prepaid region=guangzhou zone=guangzhou-1 type=S2.MEDIUM4 months=12
                    buy past tmp server charge=payg region=guangzhou zone=guangzhou-1 type=S1.SMALL1
",
        );
        for (name, mail) in [("late", "late@example.com"), ("past", "past@example.com")] {
            till.person(House::Account(owner(&store, name)), mail, Language::English);
        }
        for step in [
            "2026-06-05 00:00:00 settle\n",
            "2026-06-05 01:00:00 change past lower big type=S1.SMALL1\n",
            "2026-07-20 00:00:00 settle\n",
        ] {
            play(&mut player, step);
            while till.send(player.now) > 0 {}
        }
        let taken = sink.taken();
        let told = |to: &str, title: &str| subjects(&taken, to).iter().filter(|it| *it == title).count();
        assert_eq!(told("late@example.com", "Resources are stopped: something is owed"), 1, "{engine}");
        assert_eq!(told("late@example.com", "Resources are deleted: something is owed"), 1, "{engine}");
        assert_eq!(told("past@example.com", "old is deleted"), 1, "{engine}");
        let lowered = |it: &&String| it.starts_with("big is changed: ") && it.ends_with(" CNY went back");
        assert_eq!(subjects(&taken, "past@example.com").iter().filter(lowered).count(), 1, "{engine}");
        // What its owner ends is not told.
        let before = sink.taken().len();
        play(&mut player, "2026-07-20 01:00:00 release tmp\n");
        while till.send(player.now) > 0 {}
        assert_eq!(sink.taken().len(), before, "{engine}");
    }
}
