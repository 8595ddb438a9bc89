//! `till verify` finds whatever is changed by hand, and the program as a user runs it.

use crate::support::served::Folder;
use crate::support::{differences, parse};
use desk::journal;
use server::cli::simulate::play;
use std::process::{Command, Output};
use store::Store;

const STORY: &str = "
2026-05-20 account a
topup a 1000.00
topup a 5.00 to=bonus
buy a pack container-pack spec=1U1G hours=720 month=2026-05
buy a c container spec=1U1G
buy a web server charge=prepaid region=guangzhou type=S1.SMALL1 zone=guangzhou-1 months=1
buy a hourly server charge=payg region=guangzhou type=S1.SMALL1 zone=guangzhou-1
2026-05-22 release hourly
2026-06-01 settle
";

/// Two pieces of one order: one is switched, the other goes back.
const SIBLINGS: &str = "
2026-03-01 account a
topup a 1000.00
buy a web server charge=prepaid region=guangzhou zone=guangzhou-1 type=S1.SMALL1 network=bandwidth bandwidth=2 months=3 quantity=2
2026-04-01 change a c1 web-1 network=traffic
refund web-2
2026-05-01 refund web-1
";

/// Plays the story, does something by hand, and expects the audit to say `word`.
#[track_caller]
fn check(sql: &str, word: &str) {
    check_in(STORY, sql, word);
}

/// The same with another story.
#[track_caller]
fn check_in(story: &str, sql: &str, word: &str) {
    let name: String = sql.chars().filter(char::is_ascii_alphanumeric).take(40).collect();
    let folder = Folder::new(&name);
    let file = folder.0.join("till.db");
    {
        let store = Store::embedded(&file).unwrap();
        play(&store, &parse("verify", story)).unwrap();
    }
    assert_eq!(differences(&file), Vec::<String>::new(), "before");
    let changed = rusqlite::Connection::open(&file).unwrap().execute(sql, []).unwrap();
    assert!(changed > 0, "{sql} changed nothing");
    let found = differences(&file);
    assert!(found.iter().any(|it| it.contains(word)), "{sql}: {found:?}");
}

#[test]
fn a_balance_that_its_transfers_do_not_say_is_found() {
    check("update wallets set cash_minor = cash_minor + 1", "its transfers say");
}

#[test]
fn a_transfer_that_was_changed_is_found() {
    check("update transfers set total_minor = total_minor + 1 where credit = 'revenue'", "transfers moved");
}

#[test]
fn a_transfer_that_went_to_another_purse_is_found() {
    check(
        "update transfers set credit = 'bonus' where kind = 'recharge' and credit = 'cash'",
        "its transfers say",
    );
}

#[test]
fn a_bill_that_is_not_its_lines_is_found() {
    check("update bills set amount_e8 = amount_e8 + 1 where kind = 'hourly'", "its lines add up to");
}

#[test]
fn a_bill_that_is_not_rounded_from_its_amount_is_found() {
    check(
        "update bills set total_minor = total_minor + 1, cash_minor = cash_minor + 1 where kind = 'hourly'",
        "rounds to",
    );
}

#[test]
fn a_line_that_does_not_recompute_is_found() {
    check("update lines set quantity = quantity + 3600 where component = 'compute'", "recomputed");
}

#[test]
fn a_line_that_is_gone_is_found() {
    check("delete from lines where component = 'hardware'", "its lines add up to");
}

#[test]
fn a_pack_that_does_not_add_up_is_found() {
    check("update packs set used_units = used_units - 1", "is not");
}

#[test]
fn a_pack_use_that_was_changed_is_found() {
    check("update pack_uses set used_units = used_units + 1", "months took");
}

/// Source: R-REF-2. What was paid for a piece is its own, whatever became of the others; what counts as paid since a switch is too.
#[test]
fn a_refund_of_more_than_was_paid_for_the_piece_is_found() {
    let paid = "update bills set cash_minor = 0 where kind = 'prepaid_new'";
    check_in(SIBLINGS, paid, "182.00 went back of 0.00 that was paid");
    let counted = "update downgrades set cash_minor = 0";
    check_in(SIBLINGS, counted, "went back of 0.00 that was paid");
}

#[test]
fn a_freeze_that_nobody_holds_is_found() {
    check("update wallets set frozen_cash_minor = frozen_cash_minor + 1", "frozen");
}

fn till(args: &[&str]) -> Output {
    Command::new(crate::support::served::program()).args(args).output().unwrap()
}

fn text(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[test]
fn a_meter_event_that_was_moved_is_found() {
    check("update meter_events set at_us = at_us + 3600000000 where state = 'recycled'", "have no bill");
}

#[test]
fn a_meter_event_with_other_options_is_found() {
    let other = "update meter_events set options = replace(options, 'S1.SMALL1', 'S2.MEDIUM4')";
    check(other, "its events come to");
}

#[test]
fn a_bill_of_no_event_is_found() {
    check("delete from meter_events where product = 'container'", "no events say so");
}

#[test]
fn an_order_that_is_not_its_pieces_is_found() {
    check(
        "update orders set total_minor = total_minor + 100 where product = 'server'",
        "its pieces add up to",
    );
}

#[test]
fn a_payment_that_was_changed_is_found() {
    check("update top_ups set total_minor = total_minor + 100", "transfers say");
}

/// Four writes of two chains, then something by hand.
#[track_caller]
fn check_log(sql: &str, word: &str) {
    let name: String = sql.chars().filter(char::is_ascii_alphanumeric).take(60).collect();
    let folder = Folder::new(&name);
    let file = folder.0.join("till.db");
    let now = "2026-06-01T00:00:00Z".parse().unwrap();
    let account = units::AccountId::named(now, "shop");
    {
        let store = Store::embedded(&file).unwrap();
        for (account, target) in [(None, "one"), (Some(account), "two"), (None, "three"), (None, "four")] {
            let write = journal::Write { account, actor: "key", operation: "POST", target, body: "{}" };
            store.write(|tx| journal::note(tx, &write, now)).unwrap();
        }
    }
    assert_eq!(differences(&file), Vec::<String>::new(), "before");
    let connection = rusqlite::Connection::open(&file).unwrap();
    connection.execute_batch(sql).unwrap();
    let found = differences(&file);
    assert!(found.iter().any(|it| it.contains(word)), "{sql}: {found:?}");
}

#[test]
fn an_entry_of_the_audit_log_that_was_changed_is_found() {
    check_log(
        "update journal set body = '{\"pay\": true}' where target = 'one'",
        "till: entry 1 was changed",
    );
    check_log("update journal set actor = 'nobody' where target = 'four'", "till: entry 3 was changed");
}

#[test]
fn an_entry_of_the_audit_log_that_is_gone_is_found() {
    check_log("delete from journal where target = 'one'", "till: entry 1 is missing");
    check_log("delete from journal where target = 'three'", "till: entry 2 is missing");
}

#[test]
fn entries_of_the_audit_log_that_changed_places_are_found() {
    let swapped = "update journal set number = 9 where target = 'one';
        update journal set number = 1 where target = 'three';
        update journal set number = 2 where target = 'one'";
    check_log(swapped, "till: entry 1 was changed");
}

/// A chain by itself says nothing of its end: its head does.
#[test]
fn an_audit_log_whose_end_was_cut_off_is_found() {
    check_log("delete from journal where target in ('three', 'four')", "till: entries 2 to 3 are missing");
    check_log("delete from journal where target = 'two'", ": all of its entries are missing");
    check_log("delete from journal_heads where chain = 'till'", "till: its head is missing");
}

#[test]
fn an_entry_that_was_put_at_the_end_of_the_audit_log_is_found() {
    let forged =
        "insert into journal select chain, 4, at_us, actor, operation, target, body, hash from journal
        where target = 'four'";
    check_log(forged, "till: entry 4 was changed");
}

/// The gap stays where entries were cut off, whatever is written later.
#[test]
fn an_audit_log_goes_on_behind_what_was_cut_off() {
    let folder = Folder::new("cut");
    let file = folder.0.join("till.db");
    let store = Store::embedded(&file).unwrap();
    let write = journal::Write { account: None, actor: "key", operation: "POST", target: "x", body: "{}" };
    let note =
        || store.write(|tx| journal::note(tx, &write, "2026-06-01T00:00:00Z".parse().unwrap())).unwrap();
    note();
    note();
    rusqlite::Connection::open(&file).unwrap().execute("delete from journal where number = 2", []).unwrap();
    note();
    assert_eq!(differences(&file)[0], "audit log of till: entry 2 is missing");
}

/// Keys, a book and the audit as an operator has them who lost the first key.
#[test]
fn keys_are_made_and_ended_on_the_command_line() {
    let folder = Folder::new("keys");
    let data = folder.0.to_str().unwrap();
    play(&Store::embedded(&folder.0.join("till.db")).unwrap(), &parse("keys", STORY)).unwrap();
    let json = |args: &[&str]| {
        let done = till(&[args, &["--data", data, "--json"]].concat());
        assert!(done.status.success(), "{args:?}: {}", text(&done));
        serde_json::from_slice::<serde_json::Value>(&done.stdout).unwrap()
    };
    let key = json(&["key", "create", "--scopes", "operator", "--days", "1"]);
    assert!(key["secret"].as_str().unwrap().starts_with("till_live_") && key["account"].is_null(), "{key}");
    let of_a = json(&["key", "create", "--scopes", "read,buy", "--account", "a", "--name", "shop"]);
    assert_eq!((&of_a["scopes"], &of_a["name"]), (&serde_json::json!(["buy", "read"]), &"shop".into()));
    let refused = till(&["key", "create", "--scopes", "read", "--data", data]);
    assert!(!refused.status.success() && text(&refused).contains("key of an account"), "{}", text(&refused));
    let ended = json(&["key", "revoke", of_a["id"].as_str().unwrap()]);
    assert!(ended[0]["revoked"].is_string(), "{ended}");
    let all = json(&["key", "list"]);
    assert_eq!(all.as_array().unwrap().len(), 2);
    assert!(all.as_array().unwrap().iter().all(|it| it.get("secret").is_none()), "{all}");
    let store = Store::embedded(&folder.0.join("till.db")).unwrap();
    let log = store.read(|tx| store::journal::of_chain(tx, "till", i64::MAX, 10)).unwrap();
    assert_eq!((log.len(), log[0].actor.as_str()), (1, "command line"));
    let applied = till(&["pricebook", "apply", "demo", "--from", "2026-05-21 00:00:00", "--data", data]);
    assert!(!applied.status.success() && text(&applied).contains("with --from"), "{}", text(&applied));
    let applied = till(&["pricebook", "apply", "demo", "--from", "2030-01-01 00:00:00", "--data", data]);
    assert!(applied.status.success(), "{}", text(&applied));
    let verify = json(&["verify"]);
    assert_eq!((&verify["ok"], &verify["journal_entries"]), (&true.into(), &4.into()), "{verify}");
}

/// The line that README.md explains, and what it says of it.
fn shown_in_readme() -> (&'static str, &'static str) {
    let after = include_str!("../../../../README.md").split_once("$ till explain ").unwrap().1;
    let (line, rest) = after.split_once(" --data till-demo\n").unwrap();
    (line, rest.split_once("```").unwrap().0.trim())
}

/// The demo as a user runs it: twice in the same folder, then an explanation and the audit.
#[test]
fn the_demo_bills_the_same_however_often_it_runs() {
    let folder = Folder::new("demo");
    let data = folder.0.to_str().unwrap();
    let first = till(&["demo", "--data", data, "--json"]);
    assert!(first.status.success(), "{}", text(&first));
    let second = till(&["demo", "--data", data, "--json"]);
    let read = |it: &Output| serde_json::from_slice::<serde_json::Value>(&it.stdout).unwrap();
    let (first, second) = (read(&first), read(&second));
    assert_eq!(first["accounts"], second["accounts"]);
    let gamehall = first["accounts"].as_array().unwrap().iter().find(|it| it["name"] == "gamehall").unwrap();
    // June came to 11 980.00. July: 8600.00 renewed, 1000.00 for 8 Gbps above the base, 60.00 for 20 Mbps above 100.
    assert_eq!(gamehall["wallet"]["cash"], "13360.00", "35 000.00 less 11 980.00 and 9 660.00");
    let bill = gamehall["bills"][0]["id"].as_str().unwrap();
    let why = till(&["explain", &format!("{bill}/0"), "--data", data]);
    assert!(why.status.success() && text(&why).contains("is rounded once to 8600.00"), "{}", text(&why));
    let (line, said) = shown_in_readme();
    assert_eq!(
        text(&till(&["explain", line, "--data", data])).trim(),
        said,
        "README.md shows what is printed"
    );
    let verify = till(&["verify", "--data", data]);
    assert!(verify.status.success(), "{}", text(&verify));
    rusqlite::Connection::open(folder.0.join("till.db"))
        .unwrap()
        .execute("update wallets set cash_minor = 0 where cash_minor > 0", [])
        .unwrap();
    let verify = till(&["verify", "--data", data]);
    assert!(!verify.status.success() && text(&verify).contains("DIFFERS"), "{}", text(&verify));
}

#[test]
fn a_database_that_the_demo_did_not_make_is_left_alone() {
    let folder = Folder::new("foreign");
    std::fs::write(folder.0.join("till.db"), "somebody else's").unwrap();
    let refused = till(&["demo", "--data", folder.0.to_str().unwrap()]);
    assert!(!refused.status.success() && text(&refused).contains("did not make"), "{}", text(&refused));
    assert_eq!(std::fs::read_to_string(folder.0.join("till.db")).unwrap(), "somebody else's");
}
