//! Somebody who writes to the database changes the books so that they agree with themselves: the audit log tells, and an
//! anchor tells where the log was changed too.
//!
//! In:  books with money, keys, terms, a correction and a price book. Out: `till verify` names what was changed.

use crate::support::served::{Folder, program};
use crate::support::{differences, parse};
use desk::keys::{self, NewKey, Scope};
use desk::{Desk, journal};
use server::cli::simulate::play;
use std::path::PathBuf;
use std::process::{Command, Output};
use store::Store;
use units::Timestamp;

const STORY: &str = "
2026-05-20 account a
topup a 1000.00
topup a 5.00 to=bonus
buy a c container spec=1U1G
";

fn now() -> Timestamp {
    "2026-06-01T00:00:00Z".parse().unwrap()
}

/// Books as the story leaves them, with a customer's key and one that was ended.
fn books(folder: &Folder) -> PathBuf {
    let file = folder.0.join("till.db");
    let store = Store::embedded(&file).unwrap();
    play(&store, &parse("tampered", STORY)).unwrap();
    let key = |tx: &mut store::Tx<'_>, name: &str| {
        let account = Some(store::accounts::by_name(tx, "a")?.id);
        let new = NewKey {
            account,
            name: name.into(),
            scopes: vec![Scope::Read],
            expires: Some(now()),
            addresses: vec![],
        };
        keys::add(tx, &new, &keys::hash(name), "2026-05-20T00:00:00Z".parse().unwrap())
    };
    store.write(|tx| key(tx, "shop")).unwrap();
    let ended = store.write(|tx| key(tx, "ended")).unwrap();
    store.write(|tx| keys::revoke(tx, None, None, ended.id, now())).unwrap();
    let account = store.read(|tx| store::accounts::by_name(tx, "a")).unwrap().id;
    for (account, target) in [(None, "one"), (None, "two"), (Some(account), "three")] {
        let write = journal::Write { account, actor: "key", operation: "POST", target, body: "{}" };
        store.write(|tx| journal::note(tx, &write, now())).unwrap();
    }
    file
}

/// Changes the books by hand, and expects the audit to say `word` and nothing else.
#[track_caller]
fn check(sql: &str, word: &str) {
    let folder = Folder::new("tampered");
    let file = books(&folder);
    assert_eq!(differences(&file), Vec::<String>::new(), "before");
    rusqlite::Connection::open(&file).unwrap().execute_batch(sql).unwrap();
    let found = differences(&file);
    assert!(!found.is_empty() && found.iter().all(|it| it.contains(word)), "{sql}: {found:?}");
}

/// 1000.00 that came in become 1100.00: in the payment, in its transfer and in the wallet.
#[test]
fn a_top_up_that_was_raised_with_transfer_and_wallet_is_found() {
    check(
        "update top_ups set total_minor = total_minor + 10000 where purse = 'cash';
        update transfers set total_minor = total_minor + 10000 where kind = 'recharge' and credit = 'cash';
        update wallets set cash_minor = cash_minor + 10000",
        "the books say `110000 minor units into cash`, the audit log `100000 minor units into cash`",
    );
}

#[test]
fn a_top_up_that_was_made_up_or_left_out_is_found() {
    let raised = |by: i64| {
        format!(
            "update wallets set cash_minor = cash_minor + {by};
            update transfers set total_minor = total_minor + {by} where kind = 'recharge' and credit = 'cash'"
        )
    };
    let made_up =
        "insert into top_ups select account, 'made up', purse, 500, at_us from top_ups where purse = 'cash'";
    check(
        &format!("{made_up}; {}", raised(500)),
        "top-up made up: `500 minor units into cash` stands in the books",
    );
    check(
        "update wallets set bonus_minor = bonus_minor - 500;
        delete from transfers where kind = 'recharge' and credit = 'bonus'; delete from top_ups where purse = 'bonus'",
        "stands in the facts of acc_",
    );
}

#[test]
fn a_key_that_may_more_or_longer_is_found() {
    check("update api_keys set scopes = 'operator' where name = 'shop'", ": the books say `operator until");
    check("update api_keys set expires_us = null where name = 'shop'", ": the books say `read until ever");
    check("update api_keys set hash = 'mine' where name = 'shop'", ", sha256 mine`, the audit log");
    check("update api_keys set account = null where name = 'shop'", " stands in ");
    check("update api_keys set revoked_us = null where name = 'ended'", "end of key key_");
    check(
        "insert into api_keys (id, hash, account, name, scopes, created_us) select 'key_' || substr(id, 5, 31) || 'f',
        'mine', null, 'mine', 'operator', created_us from api_keys where name = 'shop'",
        "and not in the facts of till",
    );
}

#[test]
fn terms_that_were_changed_are_found() {
    check("update accounts set contract_rate_e8 = 50000000", "the audit log `contract rate 100000000 e-8");
    check("update accounts set verified = 'no'", "terms of account acc_");
    check(
        "insert into contract_rates select id, created_us, 100 from accounts",
        "`100 e-8` stands in the books, and not in the facts of acc_",
    );
}

/// A book whose text or date was changed has another id than it is kept under: it is not even read. One that was put in
/// whole is no fact.
#[test]
fn a_price_book_that_was_changed_or_put_in_is_found() {
    for sql in [
        "update books set body = replace(body, '0.17', '0.01')",
        "update books set from_us = from_us - 1000000",
    ] {
        let folder = Folder::new("tampered");
        let file = books(&folder);
        rusqlite::Connection::open(&file).unwrap().execute(sql, []).unwrap();
        let refused = Store::embedded(&file).unwrap().read(Desk::open).unwrap_err();
        assert!(refused.to_string().contains("price book boo_"), "{sql}: {refused}");
    }
    let folder = Folder::new("tampered");
    let file = books(&folder);
    let cheap = server::cli::files::book("demo").unwrap();
    let cheap = desk::books::prepared(&cheap, Some("2026-05-19T16:00:00Z".parse().unwrap())).unwrap();
    let (id, name, from) = (cheap.book.id, cheap.book.name.clone(), cheap.book.from);
    let currency = cheap.book.currency;
    let head =
        store::books::BookHead { id, name, currency, from, applied: from, by: String::new(), withheld: None };
    Store::embedded(&file).unwrap().write(|tx| store::books::add(tx, &head, cheap.text())).unwrap();
    let found = differences(&file);
    assert!(found.iter().any(|it| it.contains(&format!("price book {id}: `from"))), "{found:?}");
}

/// A chain that is gone with its head leaves no end that could be missed: how many there were is counted.
#[test]
fn a_chain_that_was_deleted_as_a_whole_is_found() {
    check(
        "delete from journal where chain = 'till'; delete from journal_heads where chain = 'till'",
        "chains whose names end in `l` were begun",
    );
    let folder = Folder::new("tampered");
    let file = books(&folder);
    let all = "delete from journal where chain like 'facts of acc_%'; delete from journal_heads where chain like 'facts of acc_%'";
    rusqlite::Connection::open(&file).unwrap().execute_batch(all).unwrap();
    let found = differences(&file);
    assert!(found.iter().any(|it| it.contains("were begun")), "{found:?}");
    assert!(found.iter().any(|it| it.contains("and not in the facts of acc_")), "{found:?}");
}

#[test]
fn a_log_that_is_said_not_to_hold_the_books_is_found() {
    check("update facts set begun = 0", "does not hold these books yet");
    check("delete from facts", "does not hold these books yet");
}

/// Books of a version before: what stands in them is noted once, at the first start with a key.
#[test]
fn older_books_are_noted_at_their_first_start() {
    let folder = Folder::new("tampered");
    let file = books(&folder);
    let older = "delete from journal where chain like 'facts of %'; delete from journal_heads where chain like 'facts of %';
        update facts set begun = 0; delete from journal_births;
        insert into journal_births select substr(chain, length(chain)), count(*) from journal_heads
            group by substr(chain, length(chain))";
    rusqlite::Connection::open(&file).unwrap().execute_batch(older).unwrap();
    assert_eq!(differences(&file).len(), 1, "{:?}", differences(&file));
    let store = Store::embedded(&file).unwrap();
    let text = providers::installation::fresh().unwrap();
    let key = providers::installation::InstallationKey::parse(&text).unwrap();
    for _ in 0..2 {
        store.write(|tx| desk::first::installation(tx, &key, now())).unwrap();
        assert_eq!(differences(&file), Vec::<String>::new());
    }
}

fn till(args: &[&str], folder: &Folder) -> Output {
    let mut command = Command::new(program());
    command.args(args).args(["--data", folder.0.to_str().unwrap()]).env_remove("TILL_INSTALLATION_KEY");
    command.output().unwrap()
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// The end of the log is cut off and its head made to fit: by itself the log agrees, but not with its anchor.
#[test]
fn an_anchor_proves_everything_up_to_it() {
    let folder = Folder::new("anchored");
    let file = books(&folder);
    let anchor = folder.0.join("anchor.json");
    let anchor = anchor.to_str().unwrap();
    let keyless = till(&["audit", "anchor"], &folder);
    assert!(said(&keyless).contains("need the installation's key"), "{}", said(&keyless));
    assert!(till(&["key", "installation"], &folder).status.success());
    let made = till(&["audit", "anchor", "--out", anchor], &folder);
    assert!(made.status.success(), "{}", said(&made));
    assert!(
        said(&till(&["audit", "anchor", "--out", anchor], &folder)).contains("exists"),
        "never over another"
    );
    let verify = || till(&["verify", "--anchor", anchor], &folder);
    assert!(verify().status.success(), "{}", said(&verify()));
    // The public half is enough, and another one is refused.
    let text = std::fs::read_to_string(anchor).unwrap();
    let public = text.split('"').find(|it| it.starts_with("ed25519:")).unwrap().to_string();
    std::fs::rename(folder.0.join("installation.key"), folder.0.join("away")).unwrap();
    assert!(verify().status.success(), "{}", said(&verify()));
    let by = |public: &str| till(&["verify", "--anchor", anchor, "--public-key", public], &folder);
    assert!(by(&public).status.success());
    assert!(said(&by(&format!("ed25519:{}", "0".repeat(64)))).contains("is not signed by the key"));

    let connection = rusqlite::Connection::open(&file).unwrap();
    let cut = "delete from journal where chain = 'till' and number = 2;
        update journal_heads set number = 1, hash = (select hash from journal where chain = 'till') where chain = 'till'";
    connection.execute_batch(cut).unwrap();
    assert_eq!(differences(&file), Vec::<String>::new(), "the log alone does not tell");
    let found = verify();
    assert!(
        !found.status.success() && said(&found).contains("audit log of till: entry 2 is missing"),
        "{}",
        said(&found)
    );
    // An anchor that was made to fit bears the wrong signature.
    let fitted = text.replace("[\"till\",2,", "[\"till\",1,");
    assert_ne!(fitted, text);
    std::fs::write(anchor, fitted).unwrap();
    assert!(said(&verify()).contains("is not signed by the key"), "{}", said(&verify()));
}

/// What a receiver on this machine was sent, to which it answered 204.
fn received(listener: &std::net::TcpListener) -> String {
    use std::io::{Read, Write};
    let (mut stream, _) = listener.accept().unwrap();
    let (mut text, mut part) = (Vec::new(), [0; 4_096]);
    // Until all of the anchor came: it ends the body.
    while !text.ends_with(b"]\n}\n") {
        let read = stream.read(&mut part).unwrap();
        assert!(read > 0, "it broke off: {}", String::from_utf8_lossy(&text));
        text.extend_from_slice(&part[..read]);
    }
    stream.write_all(b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n").unwrap();
    String::from_utf8(text).unwrap()
}

/// An anchor is sent to an address too; what comes there is a whole anchor with its own signature.
#[test]
fn an_anchor_is_sent_to_where_it_is_kept() {
    let folder = Folder::new("anchored");
    books(&folder);
    assert!(till(&["key", "installation"], &folder).status.success());
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/anchors", listener.local_addr().unwrap());
    let (sent, came) = std::thread::scope(|scope| {
        let came = scope.spawn(|| received(&listener));
        (till(&["audit", "anchor", "--url", &url], &folder), came.join().unwrap())
    });
    assert!(sent.status.success(), "{}", said(&sent));
    let (head, body) = came.split_once("\r\n\r\n").unwrap();
    assert!(
        head.starts_with("POST /anchors") && !head.to_lowercase().contains("webhook-signature"),
        "{head}"
    );
    assert_eq!(body, String::from_utf8_lossy(&sent.stdout), "the same as is printed");
    let anchor = desk::anchor::Anchor::parse(body).unwrap();
    assert_eq!(anchor.check_signature(&anchor.public_key), Ok(()));
    drop(listener);
    let refused = till(&["audit", "anchor", "--url", &url], &folder);
    assert!(!refused.status.success() && said(&refused).contains("did not reach"), "{}", said(&refused));
    assert!(refused.stdout.is_empty(), "nothing is printed as done");
}
