//! References, their check digits, and where they are found.

use super::*;
use proptest::prelude::*;

/// Source: ISO 11649, the example of its text: RF18 5390 0754 7034.
#[test]
fn the_example_of_the_standard_is_right() {
    assert_eq!(remainder("539007547034RF18"), Some(1));
    // One more in the last digit, which six follow: 10^6 = 10309 * 97 + 27.
    assert_eq!(remainder("539007547035RF18"), Some(28));
}

#[test]
fn a_reference_is_found_in_what_people_write() {
    let account = AccountId::named(Timestamp::UNIX_EPOCH, "shop");
    let reference = Reference::of(account);
    assert_eq!(reference, Reference::of(account), "it never changes");
    let written = format!("invoice may / {} thanks", reference.grouped().to_lowercase());
    assert_eq!(Reference::all_in(&written), std::slice::from_ref(&reference));
    assert_eq!(Reference::parse(&reference.to_string()), Some(reference));
    assert!(Reference::all_in("RF00 nothing here").is_empty());
}

proptest! {
    /// One letter mistyped is nobody's.
    #[test]
    fn a_mistyped_reference_is_nobodys(name in "[a-z]{1,12}", at in 4_usize..20, other in 0_usize..32) {
        let right = Reference::of(AccountId::named(Timestamp::UNIX_EPOCH, &name)).to_string();
        let letter = char::from(b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789"[other]);
        let mut typed: Vec<char> = right.chars().collect();
        prop_assume!(typed[at] != letter);
        typed[at] = letter;
        let typed: String = typed.into_iter().collect();
        prop_assert_eq!(Reference::parse(&typed), None);
    }
}
