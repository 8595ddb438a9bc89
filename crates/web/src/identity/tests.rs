//! What somebody may do who was proved by another face.

use super::*;
use units::Timestamp;

#[test]
fn who_reads_a_list_does_nothing_else_with_it() {
    let actor = Actor::User(UserId::named(Timestamp::UNIX_EPOCH, "sam"));
    let proved =
        Proved::reads("/v1/accounts", Identity { actor, account: None, scopes: vec![Scope::Operator] });
    assert_eq!(proved.identity(&Method::GET, "/v1/accounts").unwrap().actor, actor);
    for (method, path) in [
        (Method::POST, "/v1/accounts"),
        (Method::GET, "/v1/accounts/acc_1"),
        (Method::GET, "/v1/revenue"),
        (Method::DELETE, "/v1/accounts"),
    ] {
        assert!(proved.identity(&method, path).is_err(), "{method} {path}");
    }
}
