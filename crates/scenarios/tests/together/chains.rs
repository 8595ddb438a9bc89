//! Writes that have nothing to do with each other do not get in each other's way in the audit log.
//!
//! In:  a server on PostgreSQL, 32 clients who open accounts and top them up at once. Out: every call is done, none is
//! told to try again, and the chains of the audit log follow one another.

use crate::support::served::Served;
use serde_json::json;

const CLIENTS: usize = 32;
const ACCOUNTS: usize = 8;

#[test]
fn independent_writes_never_surface_as_try_again() {
    let server = store::testing::postgres();
    let arguments = ["--database-url", &server.fresh_database(), "--rate-limit", "0"];
    let served = Served::start(&arguments);
    std::thread::scope(|scope| {
        for client in 0..CLIENTS {
            let served = &served;
            scope.spawn(move || {
                (0..ACCOUNTS).for_each(|it| open_and_top_up(served, &format!("{client} {it}")))
            });
        }
    });
    let verified = served.get(&served.operator, "/v1/verify").good();
    assert_eq!(verified["differences"], json!([]));
    let written = CLIENTS * ACCOUNTS * 3;
    assert!(verified["journal_entries"].as_u64().unwrap() >= written as u64, "{verified}");
    let newest = served.get(&served.operator, "/v1/audit-log?limit=1").good();
    assert_eq!(newest["items"][0]["number"], written, "one chain, one number for each");
}

fn open_and_top_up(served: &Served, name: &str) {
    let opened = served.post(&served.operator, "/v1/accounts", &json!({ "name": name })).good();
    let path = format!("/v1/accounts/{}/top-ups", opened["id"].as_str().unwrap());
    for reference in ["one", "two"] {
        served.post(&served.operator, &path, &json!({ "amount": "10.00", "reference": reference })).good();
    }
}
