//! Words for closed sets: what a role is called.
//!
//! In:  a value. Out: its word in a language.
//! Invariant: a new value without a word does not compile.

use billing::user::{House, Role};
use texts::Texts;

/// What a role is called.
pub(crate) fn role(texts: &Texts, role: Role) -> String {
    match role {
        Role::Owner => texts.role_owner(),
        Role::Buyer => texts.role_buyer(),
        Role::Finance | Role::Treasurer => texts.role_finance(),
        Role::Reader => texts.role_read_only(),
        Role::Administrator => texts.role_administrator(),
        Role::Sales => texts.role_sales(),
        Role::Support => texts.role_support(),
    }
}

/// What a role may do, in a sentence.
pub(crate) fn role_hint(texts: &Texts, role: Role) -> String {
    match role {
        Role::Owner => texts.role_owner_hint(),
        Role::Buyer => texts.role_buyer_hint(),
        Role::Finance => texts.role_finance_hint(),
        Role::Reader => texts.role_read_only_hint(),
        Role::Administrator => texts.role_administrator_hint(),
        Role::Sales | Role::Support => texts.role_sales_hint(),
        Role::Treasurer => texts.role_operator_finance_hint(),
    }
}

/// What the page of those who work for a house is called.
pub(crate) fn people(texts: &Texts, house: House) -> String {
    match house {
        House::Operator => texts.users(),
        House::Account(_) => texts.members(),
    }
}
