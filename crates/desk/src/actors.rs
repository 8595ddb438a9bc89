//! What those are called who stand in the audit log.
//!
//! In:  actors as the log has them: `usr_… mail`, `key_…`, or words. Out: names, where somebody has one.
//! Invariant: a name is for people; who it was is said by the id alone.

use super::Refusal;
use std::collections::{BTreeMap, BTreeSet};
use store::{Tx, keys, users};
use units::{KeyId, UserId};

/// The id that an actor begins with.
fn id<T: std::str::FromStr>(actor: &str) -> Option<T> {
    actor.split(' ').next()?.parse().ok()
}

/// The names of actors, by what the log has of each; two statements, however many they are.
pub fn names<'a>(
    tx: &mut Tx<'_>,
    actors: impl Iterator<Item = &'a str>,
) -> Result<BTreeMap<String, String>, Refusal> {
    let actors: BTreeSet<&str> = actors.collect();
    let by_user: Vec<UserId> = actors.iter().filter_map(|it| id(it)).collect();
    let by_key: Vec<KeyId> = actors.iter().filter_map(|it| id(it)).collect();
    let users: BTreeMap<UserId, String> = users::names(tx, &by_user)?.into_iter().collect();
    let keys: BTreeMap<KeyId, String> = keys::names(tx, &by_key)?.into_iter().collect();
    let name = |it: &str| {
        let user = id::<UserId>(it).and_then(|id| users.get(&id));
        user.or_else(|| id::<KeyId>(it).and_then(|id| keys.get(&id))).cloned()
    };
    Ok(actors.into_iter().filter_map(|it| Some((it.to_string(), name(it)?))).collect())
}
