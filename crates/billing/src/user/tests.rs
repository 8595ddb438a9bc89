//! What mail addresses, passwords and roles are, who may do what, and when a session ends.

use super::*;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn house() -> House {
    House::Account(AccountId::named(at("2026-06-01T00:00:00Z"), "shop"))
}

#[test]
fn a_mail_address_is_kept_in_small_letters() {
    assert_eq!(mail(" Ann@Example.COM "), Ok("ann@example.com".to_string()));
    assert_eq!(mail("o'hara+till@mail.example.co"), Ok("o'hara+till@mail.example.co".to_string()));
}

#[test]
fn what_is_no_mail_address_is_refused() {
    for text in [
        "",
        "ann",
        "@example.com",
        "ann@",
        "ann@.com",
        "ann@a..b",
        "a b@example.com",
        "ann@exa\nmple.com",
        "<b>@x.y",
    ] {
        assert!(mail(text).is_err(), "{text:?}");
    }
}

#[test]
fn a_password_has_ten_characters_of_any_script() {
    assert!(check_password("ninechars").is_err());
    assert!(check_password("tencharact").is_ok());
    assert!(check_password("一二三四五六七八九十").is_ok());
    assert!(check_password(&"x".repeat(201)).is_err());
}

#[test]
fn a_role_is_of_one_kind_of_house() {
    assert_eq!(role(house(), "owner"), Ok(Role::Owner));
    assert_eq!(role(House::Operator, "support"), Ok(Role::Support));
    assert!(role(House::Operator, "owner").is_err());
    assert!(role(house(), "administrator").is_err());
    assert!(role(house(), "king").unwrap_err().to_string().contains("owner, buyer, finance, read_only"));
}

#[test]
fn every_right_is_somebodys_and_only_the_head_says_who_works_for_a_house() {
    for house in [House::Operator, house()] {
        let may: Vec<Role> = Role::of(house).filter(|it| it.may(Right::Members)).collect();
        assert_eq!(may, [Role::head(house)]);
    }
    for role in Role::ALL {
        assert_eq!(role.may(Right::Customers), !role.is_of_account(), "{role:?}");
        assert!(role.may(Right::Customers) || !role.may(Right::ActFor), "{role:?}");
    }
    assert!(
        !Role::Finance.may(Right::Buy) && !Role::Reader.may(Right::Buy) && !Role::Treasurer.may(Right::Buy)
    );
}

#[test]
fn operators_share_the_work_and_no_customer_has_any_of_it() {
    use Role::{Administrator, Sales, Support, Treasurer};
    let shared: [(Right, &[Role]); 5] = [
        (Right::Terms, &[Administrator, Sales]),
        (Right::Money, &[Administrator, Treasurer]),
        (Right::Tasks, &[Administrator, Support]),
        (Right::Audit, &[Administrator, Treasurer, Support]),
        (Right::Keys, &[Administrator]),
    ];
    for (right, may) in shared {
        let found: Vec<Role> = Role::ALL.into_iter().filter(|it| it.may(right)).collect();
        assert_eq!(found, may, "{right:?}");
    }
}

#[test]
fn the_last_head_stays() {
    let created = at("2026-06-01T00:00:00Z");
    let user = |role| User {
        id: UserId::named(created, "ann"),
        house: house(),
        mail: "ann@example.com".into(),
        name: "Ann".into(),
        role,
        created,
        ended: None,
    };
    assert_eq!(leave(&user(Role::Owner), 1), Err(UserError::LastHead("owner")));
    assert_eq!(leave(&user(Role::Owner), 2), Ok(()));
    assert_eq!(leave(&user(Role::Reader), 1), Ok(()));
}

#[test]
fn a_session_ends_after_twelve_hours_or_two_without_use() {
    let start = at("2026-06-01T08:00:00Z");
    let session = Session {
        id: SessionId::named(start, "one"),
        user: UserId::named(start, "ann"),
        proof: Proof::Whole,
        house: house(),
        created: start,
        seen: start,
        ended: None,
        address: String::new(),
        agent: String::new(),
    };
    assert!(session.holds(at("2026-06-01T09:59:59Z")));
    assert!(!session.holds(at("2026-06-01T10:00:00Z")));
    let used = Session { seen: at("2026-06-01T19:00:00Z"), ..session.clone() };
    assert!(used.holds(at("2026-06-01T19:59:59Z")));
    assert!(!used.holds(at("2026-06-01T20:00:00Z")));
    let half = Session { proof: Proof::Password, ..session.clone() };
    assert!(half.holds(at("2026-06-01T08:04:59Z")) && !half.holds(at("2026-06-01T08:05:00Z")));
    assert!(!Session { ended: Some(start), ..session }.holds(start));
}
