//! Who comes in by a provider: each way in, and each that is none.

use super::*;
use crate::user::Role;
use units::{AccountId, Timestamp};

fn now() -> Timestamp {
    "2026-06-01T00:00:00Z".parse().unwrap()
}

fn customer() -> User {
    let house = House::Account(AccountId::named(now(), "shop"));
    let (id, mail) = (UserId::named(now(), "ann"), "ann@example.com".to_string());
    User { id, house, mail, name: "Ann".into(), role: Role::Owner, created: now(), ended: None }
}

fn operator() -> User {
    User { house: House::Operator, role: Role::Support, ..customer() }
}

fn subject(name: &str) -> Subject {
    Subject { issuer: "https://login.example".into(), name: name.into() }
}

fn vouched() -> Vouched {
    Vouched { subject: subject("a1"), mail: "ann@example.com".into() }
}

#[track_caller]
fn check(user: &User, bound: Option<&Subject>, expected: Option<Entry>) {
    assert_eq!(entry(&Standing { user, bound, holder: None }, &vouched(), &[]), expected);
}

#[test]
fn the_first_who_comes_is_bound_and_comes_again() {
    check(&customer(), None, Some(Entry::First));
    check(&customer(), Some(&subject("a1")), Some(Entry::Again));
    check(&operator(), None, Some(Entry::First));
}

#[test]
fn another_person_with_the_same_address_does_not_come_in() {
    check(&customer(), Some(&subject("a2")), None);
    let elsewhere = Subject { issuer: "https://other.example".into(), ..subject("a1") };
    check(&customer(), Some(&elsewhere), None);
}

#[test]
fn who_was_ended_and_who_has_another_address_does_not_come_in() {
    check(&User { ended: Some(now()), ..customer() }, None, None);
    check(&User { ended: Some(now()), ..customer() }, Some(&subject("a1")), None);
    check(&User { mail: "bob@example.com".into(), ..customer() }, None, None);
}

#[test]
fn nobody_comes_in_as_two_users() {
    let user = customer();
    let standing = |holder| Standing { user: &user, bound: None, holder: Some(holder) };
    assert_eq!(entry(&standing(UserId::named(now(), "bob")), &vouched(), &[]), None);
    let again = Standing { bound: Some(&vouched().subject), ..standing(user.id) };
    assert_eq!(entry(&again, &vouched(), &[]), Some(Entry::Again));
}

#[test]
fn domains_are_about_people_of_the_operator_alone() {
    let try_with = |user: &User, domains: &[&str]| {
        let domains: Vec<String> = domains.iter().map(ToString::to_string).collect();
        entry(&Standing { user, bound: None, holder: None }, &vouched(), &domains)
    };
    assert_eq!(try_with(&operator(), &["cloud.example", "Example.COM"]), Some(Entry::First));
    assert_eq!(try_with(&operator(), &["cloud.example"]), None);
    assert_eq!(try_with(&operator(), &["ple.com"]), None);
    assert_eq!(try_with(&customer(), &["cloud.example"]), Some(Entry::First));
}
