//! The demo's books, served: users, keys, and commands to copy.
//!
//! In:  the database that the demo made. Out: a server on a test clock that stands where the story ended.

use crate::cli::serve::{self, settings::Settings};
use crate::cli::user;
use anyhow::{Result, anyhow};
use billing::user::Role;
use desk::keys::{self, NewKey, Scope};
use desk::{Refusal, users};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use store::{Store, Tx};
use units::Timestamp;
use web::clock::Clock;

/// Whose bills the commands show.
const CUSTOMER: &str = "gamehall";
/// Who has a user to sign in with.
const CUSTOMERS: [&str; 3] = ["studio", "webshop", "gamehall"];
const OPERATOR: &str = "operator";

pub(crate) fn serve(store: Arc<Store>, data: &Path, listen: String, now: Timestamp) -> Result<ExitCode> {
    let settings = Settings {
        listen,
        data: data.to_path_buf(),
        test_clock: Some("now".into()),
        cloud_delay_seconds: Some(0),
        settlement_delay_seconds: 0,
        log_level: "warn".into(),
        ..Settings::default()
    };
    store.write(|tx| Ok::<_, Refusal>(store::clock::set(tx, now)?))?;
    let (account, line) = store.read(dearest)?;
    let key = |account, name: &str, scopes: &[Scope]| {
        let new = NewKey {
            account,
            name: name.to_string(),
            scopes: scopes.to_vec(),
            expires: None,
            addresses: Vec::new(),
        };
        serve::add_key(&store, &new, now)
    };
    let people = people(&store)?;
    let operator = key(None, "demo operator", &[Scope::Operator])?;
    let customer = key(Some(account), CUSTOMER, &[Scope::Read, Scope::Buy])?;
    println!();
    println!("Operator key:         {operator}");
    println!("Key of {CUSTOMER}:      {customer}");
    serve::serve(&settings, store.clone(), Clock::test(now), |address| {
        let base = format!("http://{address}");
        println!();
        println!("Console: {base}");
        println!("{:32}  {:14}  Works for", "Sign in as", "Password");
        for it in &people {
            println!("{:32}  {:14}  {}", it.mail, it.password, it.house);
        }
        println!();
        println!("What {CUSTOMER} was billed:");
        println!("  curl -H 'Authorization: Bearer {customer}' {base}/v1/bills/months");
        println!("Why a line is what it is:");
        println!("  curl -H 'Authorization: Bearer {customer}' {base}/v1/bills/{line}/explain");
        println!("Buy a container and pay it:");
        println!(
            "  curl -X POST -H 'Authorization: Bearer {customer}' -H 'Content-Type: application/json' \\"
        );
        println!(
            "    -d '{{\"pay\": true, \"items\": [{{\"product\": \"container\", \"options\": {{\"spec\": \"1U1G\"}}}}]}}' {base}/v1/orders"
        );
        println!();
        println!("Time stands still here; an operator moves it with POST {base}/v1/clock/advance.");
        println!("All operations: {base}/docs   End: Ctrl-C");
        Ok(())
    })
}

/// Somebody who can sign in to the demo's console.
struct Person {
    mail: String,
    password: String,
    house: &'static str,
}

/// Users for three customers and the operator, with passwords of their own.
fn people(store: &Store) -> Result<Vec<Person>> {
    let mut made = Vec::new();
    for house in CUSTOMERS.into_iter().chain([OPERATOR]) {
        let account = (house != OPERATOR).then(|| house.to_string());
        let role = if account.is_some() { Role::Owner } else { Role::Administrator };
        let mail = format!("{house}@demo.example");
        let person = user::Person { mail, name: house.into(), role: role.as_str().into(), account };
        let (user, link) = user::create(store, &person)?;
        let password = web::random::hexadecimal::<6>();
        let hash = web::password::hashed(&password).map_err(|problem| anyhow!("{}", problem.detail))?;
        store.write(|tx| users::accept(tx, &keys::hash(&link), &hash, Clock::Machine.now()))?;
        made.push(Person { mail: user.mail, password, house });
    }
    Ok(made)
}

/// The customer, and the dearest line of a bill that was paid after use: `bil_…/lines/0`.
fn dearest(tx: &mut Tx<'_>) -> Result<(units::AccountId, String), Refusal> {
    let account = store::accounts::by_name(tx, CUSTOMER)?;
    let bills = store::bills::of_account(tx, account.id)?;
    let dearest = bills.iter().filter(|it| it.kind.is_post_paid()).max_by_key(|it| it.total.minor());
    let bill = dearest.ok_or_else(|| store::StoreError::NotFound(format!("bill of {CUSTOMER}")))?;
    Ok((account.id, format!("{}/lines/0", bill.id)))
}
