//! What the simulated cloud answers: the same resource has the same address, and what has no network has none.

use super::*;
use billing::options::Options;
use billing::provision::State;
use billing::resource::{self, EndedBy};
use units::{AccountId, Calendar, OrderId, TaskId};

fn task(product: &str, kind: Kind) -> Task {
    let now = Calendar::settlement().parse("2026-06-01 10:00:00").unwrap();
    Task {
        id: TaskId::named(now, "task"),
        account: AccountId::named(now, "account"),
        resource: ResourceId::named(now, "resource"),
        order: OrderId::named(now, "order"),
        kind,
        state: State::Open,
        attempt: 1,
        product: product.into(),
        options: Options::default(),
        name: "it".into(),
        service: None,
        target: resource::State::Running,
        cause: EndedBy::Owner,
        address: None,
        attributes: "{}".into(),
        reason: String::new(),
        created: now,
        due: None,
        ended: None,
    }
}

/// The address with which an attempt is done.
fn given(cloud: &Simulated, task: &Task) -> Option<String> {
    match cloud.outcome(task) {
        Outcome::Done(made) => made.address,
        Outcome::Failed { reason, .. } => panic!("{reason}"),
    }
}

#[test]
fn only_what_has_a_network_has_an_address() {
    let cloud = Simulated::default();
    let server = task("server", Kind::Provision);
    let found = given(&cloud, &server).unwrap();
    assert!(found.parse::<std::net::Ipv4Addr>().is_ok(), "{found}");
    assert_eq!(given(&cloud, &server), Some(found));
    assert!(given(&cloud, &task("a product of nobody's", Kind::Provision)).is_some());
    for product in ["disk", "volume", "bandwidth-package"] {
        assert_eq!(given(&cloud, &task(product, Kind::Provision)), None, "{product}");
    }
    for kind in [Kind::Change, Kind::Stop, Kind::Start, Kind::Release] {
        assert_eq!(given(&cloud, &task("server", kind)), None, "{}", kind.as_str());
    }
}
