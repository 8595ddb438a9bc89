//! No page asks the database more often because there is more to show.
//!
//! In:  a server with a customer who has little and one who has much. Out: as many statements for each page of both.

use crate::support::browser::Browser;
use crate::support::people::{PASSWORD, accept, signed_in};
use crate::support::served::{Customer, Served};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Something else that asks meanwhile, a job, is not there each time.
const TIMES: usize = 6;

fn statements(served: &Served) -> u64 {
    let text = served.get("", "/metrics").text();
    let line = text.lines().find_map(|it| it.strip_prefix("till_database_statements_total "));
    line.unwrap_or_else(|| panic!("no count of statements in {text}")).parse().unwrap()
}

/// The fewest statements between two looks at the metrics with `work` between them.
fn fewest(served: &Served, mut work: impl FnMut()) -> u64 {
    let counted = (0..TIMES).map(|_| {
        let before = statements(served);
        work();
        statements(served) - before
    });
    counted.min().unwrap()
}

/// What a page costs, without what looking at the metrics does.
fn cost(served: &Served, browser: &mut Browser<'_>, path: &str) -> u64 {
    let nothing = fewest(served, || {});
    let all = fewest(served, || {
        let page = browser.get(path);
        assert_eq!(page.status, 200, "{path}");
    });
    all - nothing
}

/// Buys so many servers and packs and puts the servers into so many projects.
fn buy(served: &Served, by: &Customer, many: u32) {
    let server = json!({ "product": "server", "quantity": many,
        "options": { "region": "guangzhou", "zone": "guangzhou-1", "charge": "payg", "type": "S2.MEDIUM4" } });
    let pack = json!({ "product": "container-pack", "options": { "spec": "1U1G", "hours": "720" } });
    let packs = (0..many.min(10)).map(|_| pack.clone());
    let items: Vec<Value> = std::iter::once(server).chain(packs).collect();
    served.post(&by.key, "/v1/orders", &json!({ "items": items, "pay": true })).good();
    for number in 0..many.min(10) {
        served.post(&by.key, "/v1/projects", &json!({ "name": format!("project {number}") })).good();
    }
    let resources = served.get(&by.key, "/v1/resources?limit=200").good();
    let projects = served.get(&by.key, "/v1/projects").good();
    let (resources, projects) =
        (resources["items"].as_array().unwrap(), projects["items"].as_array().unwrap());
    for (resource, project) in resources.iter().zip(projects.iter().cycle()) {
        let path = format!("/v1/resources/{}", resource["id"].as_str().unwrap());
        let body = json!({ "project": project["id"], "tags": { "team": "web" } }).to_string();
        let headers = ["content-type: application/json"];
        served.call("PATCH", &path, &by.key, &headers, body.as_bytes()).good();
    }
}

/// The pages that the navigation leads to, and those of the first thing of each list.
fn pages(browser: &mut Browser<'_>, first: &str) -> BTreeSet<String> {
    let home = browser.get(first);
    let nav = home.between("<nav class=\"side\"", "</nav>");
    let links = |text: &str| -> Vec<String> {
        text.split("href=\"").skip(1).filter_map(|it| it.split('"').next()).map(str::to_string).collect()
    };
    let of_lists = links(&nav).into_iter().filter(|it| !it.starts_with("/language/"));
    let mut all: BTreeSet<String> = of_lists.collect();
    for list in all.clone() {
        let text = browser.get(&list).text();
        let rows = text.split("<tbody").nth(1).and_then(|it| it.split("</tbody>").next()).unwrap_or("");
        all.extend(links(rows).into_iter().find(|it| it.starts_with('/')));
    }
    all
}

/// The kind of a page: its path without ids and months.
fn kind(path: &str) -> String {
    let parts = path.split('?').next().unwrap().split('/');
    let plain = |it: &str| !it.is_empty() && it.bytes().all(|it| it.is_ascii_lowercase() || it == b'-');
    parts.map(|it| if plain(it) { it } else { "…" }).collect::<Vec<_>>().join("/")
}

#[test]
fn a_page_with_much_on_it_asks_as_often_as_one_with_little() {
    let served = Served::start(&[
        "--rate-limit",
        "0",
        "--cloud-delay-seconds",
        "0",
        "--test-clock",
        "2026-06-01 00:00:00",
    ]);
    let (little, much) = (served.customer("little", "9000.00"), served.customer("much", "900000.00"));
    buy(&served, &little, 2);
    buy(&served, &much, 40);
    served.post(&served.operator, "/v1/clock/advance", &json!({ "to": "2026-06-03T00:00:00Z" })).good();
    let mut found = Vec::new();
    let mut of_little = signed_in(&served, "ann@example.com", "owner", Some("little"));
    let mut of_much = signed_in(&served, "bob@example.com", "owner", Some("much"));
    let few: Vec<(String, u64)> = pages(&mut of_little, "/")
        .into_iter()
        .map(|path| (kind(&path), cost(&served, &mut of_little, &path)))
        .collect();
    for path in pages(&mut of_much, "/") {
        let Some((_, few)) = few.iter().find(|it| it.0 == kind(&path)) else { continue };
        let many = cost(&served, &mut of_much, &path);
        if many > *few {
            found.push(format!("{path}: {few} statements with little on it, {many} with much"));
        }
    }
    assert!(few.len() > 10, "{few:?}");
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn a_page_of_operators_asks_as_often_for_many_customers_as_for_few() {
    let served = Served::start(&[
        "--rate-limit",
        "0",
        "--cloud-delay-seconds",
        "0",
        "--test-clock",
        "2026-06-01 00:00:00",
    ]);
    accept(&served, &served.first_link, PASSWORD);
    let mut operator = Browser::new(&served);
    operator.sign_in("operator@localhost", PASSWORD);
    let customers = |from: u32, to: u32| {
        for number in from..to {
            let by = served.customer(&format!("customer {number}"), "900.00");
            buy(&served, &by, 1);
        }
    };
    customers(0, 3);
    served.post(&served.operator, "/v1/clock/advance", &json!({ "to": "2026-06-01T05:00:00Z" })).good();
    let paths = pages(&mut operator, "/operator");
    let before: Vec<(String, u64)> = paths
        .into_iter()
        .map(|path| {
            let it = cost(&served, &mut operator, &path);
            (path, it)
        })
        .collect();
    customers(3, 30);
    served.post(&served.operator, "/v1/clock/advance", &json!({ "to": "2026-06-01T10:00:00Z" })).good();
    let mut found = Vec::new();
    for (path, few) in &before {
        let many = cost(&served, &mut operator, path);
        if many > *few {
            found.push(format!("{path}: {few} statements for few customers, {many} for many"));
        }
    }
    assert!(before.len() > 2, "{before:?}");
    assert!(found.is_empty(), "{}", found.join("\n"));
}
