//! Contract prices in time.

use super::*;
use crate::made;
use units::Currency;

fn second(at: i64) -> Timestamp {
    Timestamp::from_second(at).unwrap()
}

fn price(number: i64, from: i64, until: Option<i64>) -> ContractPrice {
    ContractPrice {
        account: AccountId::named(second(0), "acme"),
        id: format!("c-{number}"),
        number,
        product: "p".into(),
        component: "c".into(),
        when: Vec::new(),
        above: None,
        amount: Amount::from_e8(1, Currency::CNY),
        from: second(from),
        until: until.map(second),
        reason: "agreed".into(),
        made: second(0),
        revision: 1,
    }
}

fn book(from: i64) -> Arc<Book> {
    Arc::new(made::book(second(from), Vec::new()))
}

/// From, until (-1 for ever), begin of the version, numbers of the prices.
fn told(versions: &[Arc<Book>], prices: &[ContractPrice]) -> Vec<(i64, i64, i64, Vec<i64>)> {
    let end = |it: Timestamp| if it == Timestamp::MAX { -1 } else { it.as_second() };
    let one = |it: &Spell<'_>| {
        let numbers = it.prices.iter().map(|it| it.number).collect();
        (it.from.as_second(), end(it.until), it.version.from.as_second(), numbers)
    };
    spells(versions, prices).iter().filter(|it| it.from < it.until).map(one).collect()
}

#[test]
fn each_change_of_the_book_or_of_the_contract_begins_a_while() {
    let versions = [book(0), book(100)];
    let prices = [price(1, 50, Some(150)), price(2, 120, None)];
    assert_eq!(
        told(&versions, &prices),
        [
            (50, 100, 0, vec![1]),
            (100, 120, 100, vec![1]),
            (120, 150, 100, vec![1, 2]),
            (150, -1, 100, vec![2]),
        ]
    );
    assert_eq!(told(&versions, &[]), []);
    assert_eq!(told(&versions, &[price(1, 50, Some(50))]), [], "ended before it began");
}

#[test]
fn what_held_for_no_time_is_known_since_an_order_may_name_it() {
    let versions = [book(0)];
    let prices = [price(1, 50, None), price(2, 50, None)];
    let alone = |it: &Spell<'_>| it.prices.len() == 1 && it.prices[0].number == 1;
    assert!(spells(&versions, &prices).iter().any(alone));
    assert_eq!(told(&versions, &prices), [(50, -1, 0, vec![1, 2])]);
}

#[test]
fn nothing_begins_or_ends_in_the_past() {
    let it = price(1, 50, Some(150));
    assert_eq!(it.check(second(50)), Ok(()));
    assert_eq!(it.check(second(51)), Err(ContractError::Past(second(50))));
    let backwards = ContractError::Backwards { from: second(50), until: second(50) };
    assert_eq!(price(1, 50, Some(50)).check(second(0)), Err(backwards));

    let ended = it.clone().end(Some(second(100)), second(60)).unwrap();
    assert_eq!((ended.until, ended.revision), (Some(second(100)), 2));
    assert_eq!(ended.clone().end(Some(second(100)), second(200)), Ok(ended.clone()), "the same again");
    assert_eq!(ended.clone().end(None, second(200)), Ok(ended.clone()), "over, it stays over");
    let over = Err(ContractError::Ended(second(100)));
    assert_eq!(ended.end(Some(second(120)), second(100)), over, "what is over does not go on");
    assert_eq!(it.clone().end(Some(second(59)), second(60)), Err(ContractError::Past(second(59))));
    assert_eq!(it.clone().end(None, second(60)).unwrap().until, Some(second(60)));
    assert_eq!(it.end(None, second(10)).unwrap().until, Some(second(50)), "it never held");
}
