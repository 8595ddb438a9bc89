//! What the simulated cloud answers: the same resource has the same address, and what has no network has none; what that is.

use super::*;
use billing::options::Options;
use billing::provision::State;
use billing::resource::{self, EndedBy};
use std::path::Path;
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

/// An id that no book has which comes with the program would say nothing of anything.
#[test]
fn what_has_no_network_is_a_product_of_a_book_that_comes_with_the_program() {
    let books = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../pricebooks");
    for product in WITHOUT_NETWORK {
        let file = |book: &str| books.join(book).join("products").join(format!("{product}.toml"));
        let texts = ["demo", "kinds"].map(|book| std::fs::read_to_string(file(book)));
        let id = format!("id = \"{product}\"");
        assert!(texts.iter().flatten().any(|text| text.lines().any(|line| line == id)), "{product}");
    }
}
