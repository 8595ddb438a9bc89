//! Who is let in, and who is told to wait.

use super::{Limiter, Limits};
use crate::identity::{Actor, Identity};
use units::{AccountId, KeyId, Timestamp};

fn key(name: &str, account: Option<AccountId>) -> Identity {
    Identity { actor: Actor::Key(KeyId::named(Timestamp::UNIX_EPOCH, name)), account, scopes: Vec::new() }
}

/// How many of `calls` requests by turns of these are let in.
fn admitted(limits: Limits, keys: &[Identity], calls: usize) -> usize {
    let limiter = Limiter::new(limits);
    (0..calls).filter(|it| limiter.count(&keys[it % keys.len()]).check().is_ok()).count()
}

#[test]
fn more_keys_give_an_account_no_more_calls() {
    let account = |name| Some(AccountId::named(Timestamp::UNIX_EPOCH, name));
    let shop: Vec<Identity> = (0..30).map(|it| key(&format!("shop {it}"), account("shop"))).collect();
    let limits = Limits { of_key: 10, of_account: 20 };
    // What a second brings while this runs comes on top.
    let all = admitted(limits, &shop, 600);
    assert!((20..60).contains(&all), "{all}");
    let one = admitted(limits, &shop[..1], 600);
    assert!((10..30).contains(&one), "{one}");
    let clouds: Vec<Identity> = (0..30).map(|it| key(&format!("cloud {it}"), None)).collect();
    assert_eq!(admitted(limits, &clouds, 300), 300, "those of no account have their own limit only");
    assert_eq!(admitted(Limits::NONE, &shop, 600), 600);
}

#[test]
fn whoever_is_told_to_wait_learns_whose_limit_it_was() {
    let account = Some(AccountId::named(Timestamp::UNIX_EPOCH, "shop"));
    let limiter = Limiter::new(Limits { of_key: 0, of_account: 1 });
    limiter.count(&key("one", account)).check().unwrap();
    let problem = limiter.count(&key("other", account)).check().unwrap_err();
    assert_eq!((problem.status.as_u16(), problem.code.as_str()), (429, "rate_limited"));
    assert!(problem.detail.starts_with("the keys of this account"), "{}", problem.detail);
    assert_eq!(
        problem.retry_after,
        Some(1),
        "one request in a second: the next is let in after less than one"
    );
}

#[test]
fn what_is_left_counts_down_and_a_refused_key_takes_nothing_of_its_account() {
    let account = Some(AccountId::named(Timestamp::UNIX_EPOCH, "shop"));
    let limiter = Limiter::new(Limits { of_key: 2, of_account: 1_000 });
    let left = |who: &Identity| limiter.count(who).all().iter().map(|it| it.left).collect::<Vec<_>>();
    let (one, other) = (key("one", account), key("other", account));
    assert_eq!(left(&one)[0], 1);
    let before = left(&one);
    assert_eq!(before[0], 0);
    let refused: Vec<_> = (0..100).map(|_| left(&one)).filter(|it| it.len() == 1).collect();
    assert!(refused.len() > 90, "nearly all come too soon: {refused:?}");
    assert!(left(&other)[1] + 10 >= before[1], "and the account has what it had");
}
