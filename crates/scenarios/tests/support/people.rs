//! People who can sign in to a server of a test, and what they buy there.
//!
//! In:  a server, a mail address, a role. Out: a user with a password; what was bought on its pages.
//! Invariant: made as an operator makes them: on the command line, and by the link that it prints.
#![allow(dead_code)]

use super::browser::{Browser, Page};
use super::served::{KEY, Served, eventually, program};
use serde_json::Value;
use std::process::{Command, Output};

pub const PASSWORD: &str = "a password of tests";

/// Runs `till` on the books of a server.
pub fn till(served: &Served, args: &[&str]) -> Output {
    let data = served.folder.0.join("data");
    let mut command = Command::new(program());
    command.args(args).args(["--data", data.to_str().unwrap()]).env("TILL_INSTALLATION_KEY", KEY);
    command.output().unwrap()
}

/// The same, as JSON.
#[track_caller]
pub fn till_json(served: &Served, args: &[&str]) -> Value {
    let output = till(served, &[args, &["--json"]].concat());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Makes a user who has not set a password yet. The path of the link.
#[track_caller]
pub fn invited(served: &Served, mail: &str, role: &str, account: Option<&str>) -> String {
    let mut args = vec!["user", "create", "--mail", mail, "--name", mail, "--role", role];
    args.extend(account.into_iter().flat_map(|it| ["--account", it]));
    till_json(served, &args)["link"].as_str().unwrap().to_string()
}

/// Sets a password by a link.
#[track_caller]
pub fn accept(served: &Served, link: &str, password: &str) -> Page {
    let mut browser = Browser::new(served);
    let page = browser.get(link);
    browser.submit(&page, link, &[("password", password)])
}

/// Somebody who is signed in, on a browser of its own.
#[track_caller]
pub fn signed_in<'a>(served: &'a Served, mail: &str, role: &str, account: Option<&str>) -> Browser<'a> {
    let link = invited(served, mail, role, account);
    accept(served, &link, PASSWORD).has("Your password is set");
    let mut browser = Browser::new(served);
    let page = browser.sign_in(mail, PASSWORD);
    assert_eq!(page.status, 200, "{}", page.text());
    browser
}

/// A server whose clock stands and whose cloud delivers at once, and a customer called `shop` with so much money.
pub fn shop(amount: &str) -> Served {
    let served = Served::start(&["--rate-limit", "0", "--cloud-delay-seconds", "0"]);
    served.customer("shop", amount);
    served
}

/// Buys one of a product on its pages and gives the id of the newest resource once it is there.
#[track_caller]
pub fn bought(browser: &mut Browser<'_>, product: &str, query: &str) -> String {
    let page = browser.get(&format!("/buy/{product}/review?{query}"));
    let ordered = browser.submit(&page, &format!("/buy/{product}/review"), &[]);
    eventually("delivery", || {
        browser.get(&ordered.path).text().contains("<h2 id=\"h-way\">Delivered</h2>").then_some(())
    });
    browser.get("/resources").between("name=\"mark\" value=\"", "\"")
}

/// The smallest server, called so; `query` says how it is paid.
#[track_caller]
pub fn bought_server(browser: &mut Browser<'_>, name: &str, query: &str) -> String {
    bought(browser, "server", &format!("o.type=S1.SMALL1&o.network=none&name={name}&{query}"))
}
