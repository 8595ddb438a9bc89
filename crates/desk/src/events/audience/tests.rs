//! Who may ask for which kinds.

use super::*;
use units::Timestamp;

#[test]
fn owners_ask_only_for_what_they_are_told_of() {
    let account = Owner::Account(AccountId::named(Timestamp::UNIX_EPOCH, "a"));
    for (owner, pattern, expected) in [
        (account, "*", true),
        (account, "order.*", true),
        (account, "bill.posted", true),
        (account, "ping", true),
        (account, "settlement.set_aside", false),
        (account, "quarantine.*", false),
        (account, "task.opened", false),
        (account, "order.eaten", false),
        (account, "weather.*", false),
        (Owner::Operator, "order.placed", true),
        (Owner::Operator, "settlement.*", true),
        (Owner::Operator, "task.opened", false),
        (Owner::Operator, "ping", true),
        (Owner::Cloud, "task.opened", true),
        (Owner::Cloud, "*", true),
        (Owner::Cloud, "ping", true),
        (Owner::Cloud, "order.*", false),
    ] {
        assert_eq!(unheard(owner, pattern).is_none(), expected, "{owner} {pattern}");
    }
}
