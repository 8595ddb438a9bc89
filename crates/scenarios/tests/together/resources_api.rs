//! What an owner sees and writes of resources, services, packs and projects, on both engines.

use crate::support::plays::*;
use crate::support::served::{Customer, Served, eventually};
use crate::support::stores;
use desk::labels::{self, Change};
use desk::projects;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use store::resources::{LabelledResource, LifeFilter, ResourceFilter};
use store::sort::Sort;
use store::{Store, StoreError};
use units::AccountId;

/// Walks pages of two and gives the names on them.
fn walk(store: &Store, account: AccountId, filter: ResourceFilter<'_>) -> Vec<String> {
    let (mut names, mut before) = (Vec::new(), filter.after.to_string());
    loop {
        let page: Vec<LabelledResource> = store
            .read(|tx| store::resources::page(tx, account, &ResourceFilter { after: &before, ..filter }, 2))
            .unwrap();
        let Some(last) = page.last() else { return names };
        before = last.resource.id.to_string();
        names.extend(page.into_iter().map(|it| it.resource.name));
    }
}

#[test]
fn pages_walk_all_resources_once_and_filters_narrow_them() {
    for (engine, store, _server) in stores() {
        let mut player = player(&store);
        play(&mut player, SHOP);
        let account = owner(&store, "shop");
        let ids = ids(&store, account);
        let all = walk(&store, account, NO_FILTER);
        assert_eq!(all[..2], ["v", "web"], "{engine}: the newest first");
        assert_eq!(all.len(), 6, "{engine}");
        assert_eq!(all.iter().collect::<BTreeSet<_>>(), ids.keys().collect(), "{engine}");

        let label = |name: &str, pairs: &[(&str, &str)]| {
            let change = Change { tags: tags(pairs), ..Change::default() };
            store.write(|tx| labels::change(tx, account, ids[name], change.clone())).unwrap();
        };
        label("c-1", &[("env", "a"), ("owner", "x%")]);
        label("c-2", &[("env", "ab"), ("xenv", "a")]);
        label("c-3", &[("env", "A"), ("owner", "xy")]);
        label("web", &[("a", "1"), ("env", "a")]);
        let found = |filter: ResourceFilter<'_>| walk(&store, account, filter);
        assert_eq!(
            found(ResourceFilter { tag: Some(("env", "a")), ..NO_FILTER }),
            ["web", "c-1"],
            "{engine}"
        );
        assert_eq!(found(ResourceFilter { tag: Some(("owner", "x%")), ..NO_FILTER }), ["c-1"], "{engine}");
        assert_eq!(found(ResourceFilter { tag: Some(("owner", "")), ..NO_FILTER }), [""; 0], "{engine}");
        assert_eq!(found(ResourceFilter { state: Some("stopped"), ..NO_FILTER }), ["web"], "{engine}");
        assert_eq!(found(ResourceFilter { product: Some("volume"), ..NO_FILTER }), ["v"], "{engine}");
        assert_eq!(found(ResourceFilter { service: Some("cart"), ..NO_FILTER }).len(), 5, "{engine}");
        assert_eq!(found(ResourceFilter { name: Some("c-3"), ..NO_FILTER }), ["c-3"], "{engine}");
        let sorted = |sort| found(ResourceFilter { sort, after: "", ..NO_FILTER });
        assert_eq!(sorted(Sort::Name), ["c-1", "c-2", "c-3", "c-4", "v", "web"], "{engine}");
        assert_eq!(sorted(Sort::Oldest), all.iter().rev().cloned().collect::<Vec<_>>(), "{engine}");
        let search =
            |text| found(ResourceFilter { search: Some(text), sort: Sort::Name, after: "", ..NO_FILTER });
        assert_eq!(search("C-"), ["c-1", "c-2", "c-3", "c-4"], "{engine}: whatever the case");
        assert_eq!(search("%"), [""; 0], "{engine}: a sign like any other");
        assert_eq!(search(&ids["v"].to_string()), ["v"], "{engine}: an id");
        label("c-1", &[]);
        assert_eq!(found(ResourceFilter { tag: Some(("env", "a")), ..NO_FILTER }), ["web"], "{engine}");

        let shown = store.read(|tx| store::resources::show(tx, account, ids["web"])).unwrap();
        assert_eq!((shown.months, shown.held.minor()), (0, 42), "{engine}");
        let life = store
            .read(|tx| {
                store::resources::life(tx, LifeFilter { account, resource: ids["web"], after: -1 }, 10)
            })
            .unwrap();
        let states: Vec<&str> = life.iter().map(|it| it.1.state.as_str()).collect();
        assert_eq!(states, ["running", "stopped"], "{engine}");
        let rest = store
            .read(|tx| {
                store::resources::life(tx, LifeFilter { account, resource: ids["web"], after: life[0].0 }, 10)
            })
            .unwrap();
        assert_eq!(rest.len(), 1, "{engine}");

        let theirs = owner(&store, "other");
        let strange = store.write(|tx| labels::change(tx, theirs, ids["web"], Change::default()));
        assert_eq!(strange.unwrap_err().code(), "not_found", "{engine}");
        assert_eq!(walk(&store, theirs, NO_FILTER), ["theirs"], "{engine}");
    }
}

#[test]
fn a_project_goes_when_nothing_lives_in_it() {
    for (engine, store, _server) in stores() {
        let mut player = player(&store);
        play(&mut player, SHOP);
        let account = owner(&store, "shop");
        let ids = ids(&store, account);
        let now = player.now;
        let open = |account: AccountId, name: &str, token: &str| {
            store.write(|tx| projects::open(tx, projects::Opening { account, name, token }, now)).unwrap()
        };
        let one = open(account, "one", "t1");
        assert_eq!(open(account, "one", "t2"), one, "{engine}: the same again");
        let two = open(account, "two", "t1");
        let theirs = open(owner(&store, "other"), "one", "t1");
        let rename = |name: &str| store.write(|tx| projects::rename(tx, account, two.id, name));
        assert_eq!(rename("one").unwrap_err().code(), "name_taken", "{engine}");
        assert_eq!(rename("three").unwrap().name, "three", "{engine}");
        assert_ne!(open(account, "two", "t3").id, two.id, "{engine}: another one takes the name");

        let put = |name: &str, project| {
            let change = Change { project: Some(project), ..Change::default() };
            store.write(|tx| labels::change(tx, account, ids[name], change.clone()))
        };
        put("c-1", Some(one.id)).unwrap();
        put("web", Some(one.id)).unwrap();
        assert_eq!(put("web", Some(theirs.id)).unwrap_err().code(), "not_found", "{engine}");
        let project = one.id.to_string();
        let inside = ResourceFilter { project: Some(&project), ..NO_FILTER };
        assert_eq!(walk(&store, account, inside), ["web", "c-1"], "{engine}");

        let remove = || store.write(|tx| projects::remove(tx, account, one.id));
        assert_eq!(remove().unwrap_err().code(), "project_in_use", "{engine}");
        put("web", None).unwrap();
        assert_eq!(remove().unwrap_err().code(), "project_in_use", "{engine}");
        play(&mut player, "2026-06-01 01:00:00 release c-1\n");
        assert_eq!(remove().unwrap(), one, "{engine}");
        assert_eq!(remove().unwrap_err().code(), "not_found", "{engine}");
        let left = store.read(|tx| store::labels::get(tx, account, ids["c-1"])).unwrap();
        assert_eq!(left.project, None, "{engine}");

        let mut names = Vec::new();
        let mut before = "zzz".to_string();
        while let Some(it) = store.read(|tx| store::projects::page(tx, account, &before, 1)).unwrap().pop() {
            before = it.id.to_string();
            names.push(it.name);
        }
        names.sort();
        assert_eq!(names, ["three", "two"], "{engine}");
    }
}

#[test]
fn a_service_that_starts_again_keeps_its_labels() {
    for (engine, store, _server) in stores() {
        let mut player = player(&store);
        play(&mut player, SHOP);
        let account = owner(&store, "shop");
        let c1 = ids(&store, account)["c-1"];
        let change = Change { tags: tags(&[("env", "a")]), ..Change::default() };
        store.write(|tx| labels::change(tx, account, c1, change.clone())).unwrap();
        let rename = Change { name: Some("first".into()), ..Change::default() };
        store.write(|tx| labels::change(tx, account, c1, rename.clone())).unwrap();

        let page =
            |after: &str, most| store.read(|tx| store::services::page(tx, account, after, most)).unwrap();
        let counts = |pairs: &[(&str, i64)]| -> BTreeMap<String, i64> {
            pairs.iter().map(|it| (it.0.to_string(), it.1)).collect()
        };
        assert_eq!(page("", 2)[0].members, counts(&[("running", 5)]), "{engine}");
        play(&mut player, "2026-06-01 02:00:00 service shop cart stop\n");
        assert_eq!(page("", 2)[0].members, counts(&[("released", 4), ("running", 1)]), "{engine}");
        play(&mut player, "2026-06-01 03:00:00 service shop cart start\n");
        let services = page("", 2);
        assert_eq!(services.len(), 1, "{engine}");
        assert_eq!(services[0].members, counts(&[("released", 4), ("running", 5)]), "{engine}");
        assert_eq!(page("cart", 2), [], "{engine}");

        let tagged = ResourceFilter { tag: Some(("env", "a")), ..NO_FILTER };
        assert_eq!(walk(&store, account, tagged), ["first", "first"], "{engine}");
        let unknown = store.read(|tx| store::services::show(tx, account, "nothing"));
        assert!(matches!(unknown, Err(StoreError::NotFound(_))), "{engine}");
        let audit = store.read(|tx| desk::audit::audit(tx, &player.desk)).unwrap();
        assert_eq!(audit.differences, Vec::<String>::new(), "{engine}");
    }
}

/// Waits until every resource of a list is in this state: the simulated cloud answers at once, but not in the call.
fn until(served: &Served, shop: &Customer, path: &str, state: &str) -> Vec<Value> {
    eventually(&format!("{path} is {state}"), || {
        let items = served.get(&shop.key, path).good()["items"].as_array().unwrap().clone();
        (!items.is_empty() && items.iter().all(|it| it["state"] == state)).then_some(items)
    })
}

fn patch(served: &Served, shop: &Customer, path: &str, body: &Value) -> (u16, Value) {
    let headers = ["content-type: application/json"];
    let answer = served.call("PATCH", path, &shop.key, &headers, body.to_string().as_bytes());
    (answer.status, answer.json())
}

fn on_the_test_clock() -> (Served, Customer) {
    let served = Served::start(&[
        "--rate-limit",
        "0",
        "--cloud-delay-seconds",
        "0",
        "--test-clock",
        "2026-06-01 00:00:00",
    ]);
    let shop = served.customer("shop", "1000.00");
    (served, shop)
}

fn advance(served: &Served, to: &str) {
    served.post(&served.operator, "/v1/clock/advance", &json!({ "to": to })).good();
}

/// From 00:00:00 to 00:30:00 (UTC+8) a server of 0.42 an hour comes to 0.21; in the settled hour to 0.42.
#[test]
fn a_resource_is_labelled_stopped_resized_and_released_over_http() {
    let (served, shop) = on_the_test_clock();
    let item = json!({ "product": "server", "name": "web", "options": {
        "charge": "payg", "region": "guangzhou", "zone": "guangzhou-1", "type": "S1.SMALL1"
    } });
    served.post(&shop.key, "/v1/orders", &json!({ "pay": true, "items": [item] })).good();
    let web = until(&served, &shop, "/v1/resources", "running").remove(0);
    assert_eq!(
        (&web["charge"], &web["held"], &web["zone"]),
        (&json!("pay_per_use"), &json!("0.42"), &json!("guangzhou-1"))
    );
    let path = format!("/v1/resources/{}", web["id"].as_str().unwrap());
    let act = |what: &str, body: Value| served.post(&shop.key, &format!("{path}/{what}"), &body);

    let project = served.post(&shop.key, "/v1/projects", &json!({ "name": "site" })).good();
    let tags = json!({ "env": "a b", "": "x" });
    assert_eq!(patch(&served, &shop, &path, &json!({ "tags": tags })).0, 400);
    let wanted = json!({ "name": "web 2", "project": project["id"], "tags": {"env": "a b"} });
    assert_eq!(patch(&served, &shop, &path, &wanted).0, 200);
    for query in ["tag=env:a%20b", "name=web%202", &format!("project={}", project["id"].as_str().unwrap())] {
        let found = served.get(&shop.key, &format!("/v1/resources?{query}")).good();
        assert_eq!(found["items"][0]["tags"], json!({ "env": "a b" }), "{query}");
    }
    assert_eq!(served.get(&shop.key, "/v1/resources?tag=env").status, 400);
    let project_path = format!("/v1/projects/{}", project["id"].as_str().unwrap());
    let refused = served.call("DELETE", &project_path, &shop.key, &[], b"");
    assert_eq!((refused.status, &refused.json()["code"]), (409, &json!("project_in_use")));
    let (status, after) = patch(&served, &shop, &path, &json!({ "project": null }));
    assert_eq!((status, &after["project"], &after["name"]), (200, &Value::Null, &json!("web 2")));
    assert_eq!(served.call("DELETE", &project_path, &shop.key, &[], b"").status, 200);
    assert_eq!(served.get(&shop.key, &project_path).status, 404);

    advance(&served, "2026-05-31T16:30:00Z");
    let cost = served.get(&shop.key, &format!("{path}/cost")).good();
    assert_eq!(
        (&cost["billed"], &cost["open"], &cost["shared"]),
        (&json!("0.00"), &json!("0.21"), &json!(false))
    );
    assert_eq!(cost["bills"][0]["lines"][0]["quantity"], "1800");
    advance(&served, "2026-05-31T17:15:00Z");
    let cost = served.get(&shop.key, &format!("{path}/cost")).good();
    assert_eq!((&cost["billed"], &cost["open"]), (&json!("0.42"), &json!("0.11")), "15 min are 0.105");

    assert_eq!(act("start", json!({})).json()["code"], "resource_state_refused");
    assert_eq!(act("stop", json!({ "charge": "ends" })).good()["state"], "stopped_free");
    assert_eq!(act("start", json!({})).good()["state"], "running");
    assert_eq!(
        act("resize", json!({ "options": {"type": "S2.SMALL1"} })).good()["options"]["type"],
        "S2.SMALL1"
    );
    assert_eq!(act("resize", json!({ "options": {"zone": "guangzhou-2"} })).json()["code"], "option_fixed");
    let released = act("release", json!({}));
    assert_eq!((released.status, &released.json()["state"]), (200, &json!("recycled")));
    let mut states = Vec::new();
    let mut next = String::new();
    loop {
        let page = served.get(&shop.key, &format!("{path}/life?limit=2{next}")).good();
        states.extend(page["items"].as_array().unwrap().iter().map(|it| it["state"].clone()));
        let Some(after) = page["next"].as_str() else { break };
        next = format!("&after={after}");
    }
    assert_eq!(states, ["running", "stopped_free", "running", "running", "recycled"]);
    assert_eq!(served.get(&shop.key, "/v1/resources/res_none").status, 404);
}

/// A pack of 720 h for June, a service of two containers: empty after 15 days.
#[test]
fn a_pack_and_a_service_over_http() {
    let (served, shop) = on_the_test_clock();
    let pack = json!({ "product": "container-pack", "name": "june", "options": {"spec": "1U1G", "hours": 720}, "month": "2026-06" });
    let pair = json!({ "product": "container", "name": "c", "service": "a b/c", "quantity": 2,
        "options": {"region": "guangzhou", "spec": "1U1G"} });
    let bought = json!({ "pay": true, "items": [pack, pair] });
    let bought = served.post(&shop.key, "/v1/orders", &bought).good();
    let containers = until(&served, &shop, "/v1/resources", "running");
    assert_eq!(containers.len(), 2, "a pack is no resource");
    let packs = served.get(&shop.key, "/v1/packs").good();
    let june = &packs["items"][0];
    assert_eq!(
        (&june["state"], &june["unit"], &june["capacity"]),
        (&json!("active"), &json!("s"), &json!("2592000"))
    );
    assert_eq!(june["empty"], "2026-06-15T16:00:00Z");
    let one = format!("/v1/packs/{}", june["id"].as_str().unwrap());
    assert_eq!(served.get(&shop.key, &one).good(), *june);
    // The order, its bill, the line and the month's sum name the pack by that id.
    let piece = &bought["orders"][0]["pieces"][0];
    assert_eq!((&piece["pack"], &piece["resource"]), (&june["id"], &Value::Null));
    assert_eq!(bought["orders"][1]["pieces"][0]["pack"], Value::Null);
    for list in ["/v1/bills?kind=pack_purchase", "/v1/bills/lines", "/v1/bills/resources?month=2026-06"] {
        let first = &served.get(&shop.key, list).good()["items"][0];
        assert_eq!((&first["pack"], &first["resource"]), (&june["id"], &Value::Null), "{list}");
    }

    advance(&served, "2026-06-01T16:00:00Z");
    let after = served.get(&shop.key, &one).good();
    assert_eq!((&after["used"], &after["left"]), (&json!("172800"), &json!("2419200")));
    let cost = served
        .get(&shop.key, &format!("/v1/resources/{}/cost", containers[0]["id"].as_str().unwrap()))
        .good();
    assert_eq!((&cost["open"], &cost["shared"]), (&Value::Null, &json!(true)));
    assert_eq!(cost["bills"][0]["lines"][0]["cost"], "4.08000000", "24 h x 0.17 alone and before packs");

    let path = "/v1/services/a%20b%2Fc";
    assert_eq!(served.get(&shop.key, path).good()["resources"], json!({ "running": 2 }));
    let stopped = served.post(&shop.key, &format!("{path}/stop"), &json!({}));
    assert!(matches!(stopped.status, 200 | 202), "{}", stopped.text());
    until(&served, &shop, "/v1/resources", "released");
    assert_eq!(served.get(&shop.key, &one).good()["empty"], Value::Null, "nothing takes from it");
    assert_eq!(
        served.post(&shop.key, &format!("{path}/stop"), &json!({})).json()["code"],
        "service_state_refused"
    );
    let started = served.post(&shop.key, &format!("{path}/start"), &json!({})).good();
    assert_eq!(started["purchase"]["orders"].as_array().unwrap().len(), 2);
    assert_eq!(started["service"]["state"], "running");
    let services = served.get(&shop.key, "/v1/services").good();
    assert_eq!(services["items"][0]["name"], "a b/c");
    assert_eq!(served.get(&shop.key, "/v1/services/none").status, 404);
    assert_eq!(served.get(&shop.key, "/v1/services/%00").status, 404);
}

/// Source: R-TIM-3, R-EXP-1; who did it stands in the audit log, what lies ahead follows from the rules of a life.
#[test]
fn a_history_says_who_did_what_and_what_lies_ahead() {
    let (served, shop) = on_the_test_clock();
    let options =
        json!({"charge": "payg", "region": "guangzhou", "zone": "guangzhou-1", "type": "S1.SMALL1"});
    let item = json!({ "product": "server", "name": "web", "options": options });
    served.post(&shop.key, "/v1/orders", &json!({ "pay": true, "items": [item] })).good();
    let web = until(&served, &shop, "/v1/resources", "running").remove(0);
    let path = format!("/v1/resources/{}", web["id"].as_str().unwrap());
    let keys = served.get(&shop.key, "/v1/keys").good();
    let own = keys["items"][0]["id"].clone();

    advance(&served, "2026-05-31T16:10:00Z");
    let resize = json!({ "options": { "type": "S2.MEDIUM4" } });
    served.post(&shop.key, &format!("{path}/resize"), &resize).good();
    advance(&served, "2026-05-31T16:20:00Z");
    served.post(&shop.key, &format!("{path}/stop"), &json!({})).good();
    advance(&served, "2026-05-31T16:30:00Z");
    served.post(&shop.key, &format!("{path}/release"), &json!({})).good();
    let ahead = served.get(&shop.key, &format!("{path}/ahead")).good();
    assert_eq!(
        ahead["steps"],
        json!([{"at": "2026-05-31T18:30:00Z", "what": "released", "text": {"en": "Released", "zh": "释放"},
            "ended_by": "owner", "unless_renewed": false}])
    );

    let all = served.get(&shop.key, &format!("{path}/history")).good()["items"].as_array().unwrap().clone();
    let said = |it: &Value| (it["what"].clone(), it["by"].clone(), it["actor"].clone());
    let mine = |what: &str| (json!(what), json!("actor"), own.clone());
    let wanted = [
        mine("ordered"),
        (json!("delivered"), json!("cloud"), Value::Null),
        mine("changed"),
        mine("stopped"),
        mine("recycled"),
    ];
    assert_eq!(all.iter().map(said).collect::<Vec<_>>(), wanted);
    assert_eq!(all[2]["changed"], json!([{"option": "type", "before": "S1.SMALL1", "after": "S2.MEDIUM4"}]));
    let mut walked = Vec::new();
    let mut next = String::new();
    for _ in 0..10 {
        let page = served.get(&shop.key, &format!("{path}/history?limit=1{next}")).good();
        walked.extend(page["items"].as_array().unwrap().clone());
        match page["next"].as_str() {
            Some(it) => next = format!("&after={it}"),
            None => break,
        }
    }
    assert_eq!(walked, all);
}
