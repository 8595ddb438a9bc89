//! Players over the demo book, and a shop that has one of most things.
//!
//! In:  stores, steps of stories. Out: players whose steps were all taken; what accounts have.
//! Invariant: a step that is refused fails the test.
#![allow(dead_code)]

use desk::books;
use desk::labels::TagChange;
use play::Player;
use server::cli::files;
use std::collections::BTreeMap;
use store::Store;
use store::resources::ResourceFilter;
use store::sort::Sort;
use units::{AccountId, Calendar, ResourceId, Timestamp};

pub fn at(text: &str) -> Timestamp {
    Calendar::settlement().parse(text).unwrap()
}

/// A player over the demo book.
pub fn player(store: &Store) -> Player<'_> {
    let book = files::book("demo").unwrap();
    let start = at("2026-06-01 00:00:00");
    store.write(|tx| books::apply(tx, &book, None, start)).unwrap();
    Player::new(store, start).unwrap()
}

/// Plays steps, each of which must be taken.
pub fn play(player: &mut Player<'_>, text: &str) {
    let played = player.play(&super::parse("part", text), &mut |_, _| {}).unwrap();
    for step in played.steps {
        assert_eq!(step.code, "ok", "{}: {:?}", step.text, step.message);
    }
}

pub fn owner(store: &Store, name: &str) -> AccountId {
    store.read(|tx| store::accounts::by_name(tx, name)).unwrap().id
}

/// The resources of an account by name.
pub fn ids(store: &Store, account: AccountId) -> BTreeMap<String, ResourceId> {
    let all = store.read(|tx| store::resources::of_account(tx, account)).unwrap();
    all.into_iter().map(|it| (it.resource.name, it.resource.id)).collect()
}

pub const NO_FILTER: ResourceFilter<'_> = ResourceFilter {
    sort: Sort::Newest,
    after: "zzz",
    state: None,
    product: None,
    service: None,
    name: None,
    project: None,
    tag: None,
    search: None,
    updated_since: None,
    region: None,
};

pub const SHOP: &str = "
2026-06-01 00:00:00 account shop
                    account other
                    topup shop 1000.00
                    topup other 1000.00
                    buy shop c container region=guangzhou spec=1U1G quantity=4 service=cart
                    buy other theirs container region=guangzhou spec=1U1G
2026-06-01 00:00:01 buy shop web server charge=payg region=guangzhou zone=guangzhou-1 type=S1.SMALL1
2026-06-01 00:00:02 buy shop v volume region=guangzhou size=10 service=cart
2026-06-01 00:00:03 stop web
";

pub fn tags(pairs: &[(&str, &str)]) -> Option<TagChange> {
    Some(TagChange::Replace(pairs.iter().map(|it| (it.0.to_string(), it.1.to_string())).collect()))
}
