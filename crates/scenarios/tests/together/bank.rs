//! Bank transfers: whose an entry may be, what an operator says of it, and what of a statement is not believed.
//!
//! In:  statements, on both engines and over HTTP. Out: money in wallets, debt first, each entry once.
//! Rules: R-WAL-3, R-WAL-4.

use crate::support::people::signed_in;
use crate::support::served::{Answer, Served};
use crate::support::{parse, stores};
use billing::bank::{Entry, Reference, State};
use billing::wallet::Wallet;
use desk::page::Part;
use desk::{Refusal, audit, bank, lists};
use play::Player;
use serde_json::{Value, json};
use server::cli::simulate::play;
use store::Store;
use units::{AccountId, Currency, Money, Timestamp};

/// An account that owes for traffic, and one that owes nothing.
const OWES: &str = "book kinds\n2026-06-05 10:00:00 account acme\ntopup acme 0.10\naccount other\ntopup other 5.00\n\
    buy acme e egress-minimum\n2026-06-05 10:10:00 traffic e out 5GB id=e1\n2026-06-05 11:10:00 settle\n";

fn named(store: &Store, name: &str) -> AccountId {
    store.read(|tx| store::accounts::by_name(tx, name)).unwrap().id
}

fn wallet(store: &Store, account: AccountId) -> Wallet {
    store.read(|tx| store::ledger::get(tx, account, Currency::CNY)).unwrap().wallet
}

fn entry(id: &str, minor: i64, text: &str) -> Entry {
    let booked = "2026-06-05T16:00:00Z".parse::<Timestamp>().unwrap();
    let money = Money::from_minor(minor, Currency::CNY);
    Entry { id: id.into(), booked, money, payer: "Acme".into(), text: text.into() }
}

/// A store, and the desk and the time by which it is written.
struct Books<'a> {
    store: &'a Store,
    player: Player<'a>,
}

impl Books<'_> {
    /// What is new, as `id account`.
    fn add(&self, all: &[Entry]) -> Result<Vec<(String, Option<AccountId>)>, Refusal> {
        let at = self.player.desk.at(self.player.now);
        let added = self.store.write(|tx| bank::add(tx, at, all))?;
        Ok(added.into_iter().map(|it| (it.entry.id, it.standing.account)).collect())
    }

    fn confirm(&self, id: &str, account: Option<AccountId>) -> Result<State, Refusal> {
        let at = self.player.desk.at(self.player.now);
        Ok(self.store.write(|tx| bank::confirm(tx, at, id, account))?.standing.state)
    }

    fn aside(&self, id: &str, reason: &str) -> Result<State, Refusal> {
        let at = self.player.desk.at(self.player.now);
        Ok(self.store.write(|tx| bank::set_aside(tx, at, id, reason))?.standing.state)
    }

    fn open(&self) -> Vec<String> {
        let page = self.store.read(|tx| lists::bank::entries(tx, State::Open, &Part::first(50))).unwrap();
        page.items.into_iter().map(|it| it.entry.id).collect()
    }

    #[track_caller]
    fn is_sound(&self) {
        let audit = self.store.read(|tx| audit::audit(tx, &self.player.desk)).unwrap();
        assert_eq!(audit.differences, Vec::<String>::new());
    }
}

fn code<T: std::fmt::Debug>(it: Result<T, Refusal>) -> String {
    it.unwrap_err().code().to_string()
}

#[test]
fn a_transfer_is_proposed_confirmed_and_pays_what_is_owed_first() {
    for (engine, store, _server) in stores() {
        let (player, _) = play(&store, &parse("owes", OWES)).unwrap();
        let books = Books { store: &store, player };
        let [acme, other] = ["acme", "other"].map(|it| named(&store, it));
        let owed = wallet(&store, acme).owed();
        assert!(owed.is_positive(), "{engine}");
        // Nobody asked for the reference, so none was noted: it follows from the account.
        let said = store.read(|tx| bank::reference(tx, acme)).unwrap();
        let text = format!("for june, {}", said.grouped().to_lowercase());
        let both = format!("{said} {}", Reference::of(other));
        let all = [
            entry("N1", 10_000, &text),
            entry("N2", 500, "thanks"),
            entry("N3", 700, &both),
            entry("N4 reversal", -500, &text),
        ];
        let id = |it: &str, account| (it.to_string(), account);
        let proposed = [id("N1", Some(acme)), id("N2", None), id("N3", None), id("N4 reversal", Some(acme))];
        assert_eq!(books.add(&all).unwrap(), proposed, "{engine}");
        assert_eq!(books.add(&all).unwrap(), [], "{engine}: the same statement again");
        assert_eq!(wallet(&store, acme).owed(), owed, "{engine}: a proposal moves nothing");

        assert_eq!(books.confirm("N1", None).unwrap(), State::Confirmed);
        let sum = Money::from_minor(10_000, Currency::CNY);
        let after = wallet(&store, acme);
        assert_eq!((after.owed().minor(), Ok(after.available())), (0, sum.checked_sub(owed)), "{engine}");
        // Said again, and not otherwise.
        for account in [None, Some(acme)] {
            assert_eq!(books.confirm("N1", account).unwrap(), State::Confirmed);
        }
        assert_eq!(wallet(&store, acme), after, "{engine}: it comes in once");
        assert_eq!(code(books.confirm("N1", Some(other))), "bank_entry_state_refused");
        assert_eq!(code(books.aside("N1", "a slip")), "bank_entry_state_refused");

        assert_eq!(code(books.confirm("N2", None)), "account_not_named");
        assert_eq!(books.confirm("N2", Some(other)).unwrap(), State::Confirmed);
        assert_eq!(books.aside("N3", "two references").unwrap(), State::SetAside);
        assert_eq!(books.aside("N3", "two references").unwrap(), State::SetAside);
        assert_eq!(code(books.aside("N3", "another reason")), "bank_entry_state_refused");
        assert_eq!(code(books.confirm("N4 reversal", None)), "bank_entry_state_refused");
        assert_eq!(books.open(), ["N4 reversal"], "{engine}");
        assert_eq!(wallet(&store, other).available().minor(), 1_000, "{engine}");
        books.is_sound();
    }
}

/// Whatever differs: another entry under a known name would be lost if it were taken for the one that is known.
#[test]
fn another_entry_under_a_known_name_is_a_conflict_and_nothing_is_written() {
    for (engine, store, _server) in stores() {
        let (player, _) = play(&store, &parse("owes", OWES)).unwrap();
        let books = Books { store: &store, player };
        let known = entry("N1", 10_000, "for june");
        books.add(std::slice::from_ref(&known)).unwrap();
        let later = "2026-06-06T16:00:00Z".parse().unwrap();
        for other in [
            Entry { money: Money::from_minor(10_001, Currency::CNY), ..known.clone() },
            Entry { booked: later, ..known.clone() },
            Entry { payer: "Miller".into(), ..known.clone() },
            Entry { text: "for july".into(), ..known.clone() },
        ] {
            let said = books.add(&[entry("N2", 100, "new"), other]);
            assert_eq!(code(said), "conflict", "{engine}");
            assert_eq!(books.open(), ["N1"], "{engine}");
        }
    }
}

fn send(served: &Served, statement: &str) -> Answer {
    served.post(&served.operator, "/v1/bank-statements", &json!({ "statement": statement }))
}

fn csv(lines: &[&str]) -> String {
    format!("id,date,amount,currency,payer,text,balance\n{}\n", lines.join("\n"))
}

#[track_caller]
fn refused(answer: &Answer, status: u16, code: &str) {
    assert_eq!((answer.status, &answer.json()["code"]), (status, &json!(code)), "{}", answer.text());
}

/// From the reference that the customer sees to the money in its wallet.
#[test]
fn a_statement_comes_in_over_http() {
    let served = Served::start(&["--rate-limit", "0"]);
    let shop = served.customer("shop", "1.00");
    let reference = || served.get(&shop.key, "/v1/bank-reference").good()["reference"].clone();
    let said = reference();
    assert_eq!(said, reference(), "it never changes");
    let written = said.as_str().unwrap();
    let lines = [
        format!("N1,2026-06-01,250.00,CNY,Acme,{written},1250.00"),
        "N2,2026-06-02,-3.00,CNY,Bank,fee,1247.00".to_string(),
        "N3,2026-06-02,0.50,CNY,Bank,interest,1247.50".to_string(),
    ];
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let added = send(&served, &csv(&lines)).good();
    let items = added["items"].as_array().unwrap();
    let of = |it: &Value| (it["id"].clone(), it["account"].clone(), it["state"].clone());
    assert_eq!(of(&items[0]), (json!("N1"), json!(shop.account), json!("open")));
    assert_eq!(of(&items[1]), (json!("N3"), Value::Null, json!("open")));
    assert_eq!(items[0]["booked"], "2026-05-31T16:00:00Z", "the day of the calendar of the books");
    assert!(send(&served, &csv(&lines)).good()["items"].as_array().unwrap().is_empty());

    // A line that was left out, a name that is there twice, another entry under a known name.
    refused(&send(&served, &csv(&[lines[0], lines[2]])), 422, "statement_unbalanced");
    let twice = ["N8,2026-06-01,1.00,CNY,,,1.00", "N8,2026-06-01,1.00,CNY,,,2.00"];
    refused(&send(&served, &csv(&twice)), 422, "statement_invalid");
    refused(&send(&served, &csv(&["N1,2026-06-01,250.00,CNY,Miller,,250.00"])), 409, "conflict");

    let path = "/v1/bank-entries/N1/confirm";
    let confirmed = served.post(&served.operator, path, &json!({})).good();
    assert_eq!((&confirmed["state"], &confirmed["account"]), (&json!("confirmed"), &json!(shop.account)));
    served.post(&served.operator, path, &json!({})).good();
    assert_eq!(served.get(&shop.key, "/v1/wallet").good()["available"], "251.00");
    refused(&served.post(&shop.key, path, &json!({})), 403, "scope_missing");
    let aside = "/v1/bank-entries/N3/set-aside";
    let why = json!({ "reason": "interest of the bank" });
    assert_eq!(served.post(&served.operator, aside, &why).good()["reason"], "interest of the bank");
    let other = served.post(&served.operator, aside, &json!({ "reason": "a gift" }));
    refused(&other, 409, "bank_entry_state_refused");
    let open = served.get(&served.operator, "/v1/bank-entries").good();
    assert!(open["items"].as_array().unwrap().is_empty());
    assert_eq!(served.get(&served.operator, "/v1/verify").good()["differences"], json!([]));
}

/// An operator says on the page why an entry is nobody's; what went back is put into no wallet there.
#[test]
fn an_operator_decides_entries_on_the_page() {
    let served = Served::start(&["--rate-limit", "0"]);
    served.customer("shop", "1.00");
    send(&served, &csv(&["N1,2026-06-01,0.50,CNY,Bank,interest,0.50"])).good();
    let mut tom = signed_in(&served, "tom@example.com", "operator_finance", None);
    let page = tom.get("/operator/bank");
    tom.submit(&page, "/operator/bank/N1/aside", &[("reason", "interest of the bank")]).has("Nothing waits");
    let aside = served.get(&served.operator, "/v1/bank-entries?state=set_aside").good();
    assert_eq!(aside["items"][0]["reason"], "interest of the bank");
    send(&served, &csv(&["N2,2026-06-01,5.00,CNY,Acme,thanks,5.00"])).good();
    let page = tom.get("/operator/bank");
    tom.send(&page, "/operator/bank/N2/aside", &[("reason", "")]).has("N2");
    tom.submit(&page, "/operator/bank/N2/confirm", &[("account", "shop")]).has("Nothing waits");
}
