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

fn entry(minor: i64) -> Entry {
    let money = Money::from_minor(minor, Currency::CNY);
    let (id, payer, text) = ("N1".to_string(), String::new(), String::new());
    Entry { id, booked: Timestamp::UNIX_EPOCH, money, payer, text }
}

#[test]
fn an_entry_is_proposed_to_the_one_account_that_it_names_in_its_currency() {
    let [shop, other] = ["shop", "other"].map(|it| AccountId::named(Timestamp::UNIX_EPOCH, it));
    let (cny, usd) = (Currency::CNY, Currency::USD);
    let of = |owners: &[(AccountId, Currency)]| entry(100).proposed(owners);
    assert_eq!(of(&[]), None);
    assert_eq!(of(&[(shop, cny)]), Some(shop));
    assert_eq!(of(&[(shop, cny), (shop, cny)]), Some(shop));
    assert_eq!(of(&[(shop, cny), (other, cny)]), None);
    assert_eq!(of(&[(shop, cny), (other, cny), (shop, cny)]), None);
    assert_eq!(of(&[(shop, usd)]), None);
}

/// Every state against every word: said again it changes nothing, and nothing is decided otherwise.
#[test]
fn an_entry_is_decided_once() {
    let [shop, other] = ["shop", "other"].map(|it| AccountId::named(Timestamp::UNIX_EPOCH, it));
    let aside = |why: &str| Word::SetAside(why.to_string());
    let stands = |state, account, reason: &str| Standing { state, account, reason: reason.to_string() };
    let confirmed = stands(State::Confirmed, Some(shop), "");
    let fee = stands(State::SetAside, None, "a fee");
    let open = Standing::open(Some(shop));
    for (from, word, to) in [
        (&open, Word::Confirm(None), Ok(Some(confirmed.clone()))),
        (&open, Word::Confirm(Some(other)), Ok(Some(stands(State::Confirmed, Some(other), "")))),
        (&Standing::open(None), Word::Confirm(None), Err(BankError::Nobody("N1".into()))),
        (&open, aside("a fee"), Ok(Some(fee.clone()))),
        (&confirmed, Word::Confirm(None), Ok(None)),
        (&confirmed, Word::Confirm(Some(shop)), Ok(None)),
        (&confirmed, Word::Confirm(Some(other)), Err(BankError::Decided(State::Confirmed))),
        (&confirmed, aside("a fee"), Err(BankError::Decided(State::Confirmed))),
        (&fee, aside("a fee"), Ok(None)),
        (&fee, aside("interest"), Err(BankError::Decided(State::SetAside))),
        (&fee, Word::Confirm(Some(shop)), Err(BankError::Decided(State::SetAside))),
    ] {
        assert_eq!(from.after(&entry(100), word.clone()), to, "{from:?} {word:?}");
    }
    assert_eq!(open.after(&entry(-100), Word::Confirm(None)), Err(BankError::WentBack("N1".into())));
    assert_eq!(open.after(&entry(-100), aside("a fee")), Ok(Some(fee)));
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
