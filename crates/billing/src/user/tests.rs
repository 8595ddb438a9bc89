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
    assert_eq!(mail("ann@XN--FIQS8S.example"), Ok("ann@xn--fiqs8s.example".to_string()));
}

#[test]
fn what_looks_like_a_mail_address_is_not_folded_into_one() {
    // The Kelvin sign, a dotted capital I, a full-width and a Cyrillic letter: all are or become Latin ones elsewhere.
    for text in ["\u{212a}im@example.com", "k\u{130}m@example.com", "ａnn@example.com", "аnn@example.com"] {
        assert!(mail(text).is_err(), "{text:?}");
        assert!(!typed_mail(text).is_ascii(), "{text:?}");
    }
    assert!(mail("ann@\u{212a}iosk.example").is_err() && mail("ann@例子.example").is_err());
    assert_eq!(typed_mail(" Ann@Example.COM "), "ann@example.com");
    let (long, longer) = (format!("a@{}", "b".repeat(252)), format!("a@{}", "b".repeat(300)));
    assert!(mail(&long).is_ok() && mail(&longer).is_err());
    assert_ne!(typed_mail(&longer), typed_mail(&long));
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

fn user_of(house: House, role: Role) -> User {
    let created = at("2026-06-01T00:00:00Z");
    let (id, mail, name) = (UserId::named(created, "ann"), "ann@example.com".into(), "Ann".into());
    User { id, house, mail, name, role, created, ended: None }
}

#[test]
fn who_opens_accounts_invites_an_owner_only_where_there_is_none() {
    for wanted in Role::of(house()) {
        let asks = |role, heads| invite(&user_of(House::Operator, role), house(), wanted, heads);
        let head = if wanted == Role::Owner { Err(UserError::HeadThere("owner")) } else { Ok(()) };
        assert_eq!((asks(Role::Sales, 0), asks(Role::Sales, 1)), (Ok(()), head));
        assert_eq!((asks(Role::Administrator, 0), asks(Role::Administrator, 1)), (Ok(()), Ok(())));
        for role in [Role::Treasurer, Role::Support] {
            assert_eq!(asks(role, 0), Err(UserError::Right), "{role:?}");
        }
    }
}

#[test]
fn only_a_head_invites_into_its_own_house_and_no_customer_into_another() {
    let another = House::Account(AccountId::named(at("2026-06-01T00:00:00Z"), "another"));
    for role in Role::ALL {
        let own = if role.is_of_account() { house() } else { House::Operator };
        let by = user_of(own, role);
        for wanted in Role::of(own) {
            assert_eq!(invite(&by, own, wanted, 0).is_ok(), role == Role::head(own), "{role:?}");
        }
        if role.is_of_account() {
            assert!(invite(&by, another, Role::Reader, 0).is_err(), "{role:?}");
            assert!(invite(&by, House::Operator, Role::Support, 0).is_err(), "{role:?}");
        }
    }
}

#[test]
fn the_last_head_stays() {
    let user = |role| user_of(house(), role);
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
