//! Series of books side by side.

use super::*;
use crate::made;
use crate::plan::Configs;
use proptest::prelude::*;

fn second(at: i64) -> Timestamp {
    Timestamp::from_second(at).unwrap()
}

fn yen() -> Currency {
    Currency::parse("JPY").unwrap()
}

/// A book of a currency that sells `p` from a second on.
fn book(currency: Currency, from: i64) -> Arc<Book> {
    let products = vec![made::product("p", Vec::new())];
    Arc::new(Book { currency, ..made::book(second(from), products) })
}

#[test]
fn each_currency_has_the_book_that_began_last_in_it() {
    let (old, new, other) = (book(Currency::CNY, 10), book(Currency::CNY, 30), book(yen(), 20));
    let books = Books::new(vec![new.clone(), other.clone(), old.clone()]);
    let from = |currency, at| books.of(currency).at(second(at)).map(|it| it.from.as_second());
    assert_eq!([9, 10, 29, 30].map(|at| from(Currency::CNY, at)), [None, Some(10), Some(10), Some(30)]);
    assert_eq!([19, 20, 40].map(|at| from(yen(), at)), [None, Some(20), Some(20)]);
    assert_eq!(from(Currency::USD, 40), None, "nothing is sold in it");
    assert_eq!(books.holding(second(15)).count(), 1);
    assert_eq!(books.holding(second(20)).map(|it| it.currency).collect::<Vec<_>>(), [Currency::CNY, yen()]);
    assert_eq!(books.all(), [old, other, new], "all of them, oldest first");
}

#[test]
fn what_is_resolved_by_one_currency_is_not_taken_for_that_of_another() {
    let books = Books::new(vec![book(Currency::CNY, 10), book(yen(), 20)]);
    let mut configs = Configs::default();
    let [one, other] = [Currency::CNY, yen()].map(|it| configs.intern(books.of(it), "p", ""));
    assert_ne!(one, other);
    let of = |it| configs.get(it).plan(0).unwrap().book.currency;
    assert_eq!((of(one), of(other)), (Currency::CNY, yen()));
}

#[test]
fn what_stands_above_the_books_of_one_currency_changes_nothing_of_another() {
    let books = Books::new(vec![book(Currency::CNY, 10), book(yen(), 10)]);
    let above = Above { number: 1, book: book(Currency::CNY, 0), from: second(15), until: second(25) };
    let corrected = books.of(Currency::CNY).corrected(vec![above]);
    let cuts = |it: &Series| it.timeline().iter().map(|it| it.0.as_second()).collect::<Vec<_>>();
    assert_eq!(cuts(&corrected), [10, 15, 25]);
    assert_eq!(cuts(books.of(yen())), [10]);
    assert_ne!(corrected.mark(), books.of(Currency::CNY).mark());
    assert_ne!(corrected.mark(), books.of(yen()).mark());
}

proptest! {
    /// Source: R-MON-5: price lists of two currencies are two lists.
    #[test]
    fn books_of_other_currencies_change_nothing(
        all in prop::collection::vec((0..3_usize, 0..1_000_i64), 0..12),
        at in 0..1_100_i64,
    ) {
        let currencies = [Currency::CNY, Currency::USD, yen()];
        let made: Vec<Arc<Book>> = all.iter().map(|it| book(currencies[it.0], it.1)).collect();
        let beside = Books::new(made.clone());
        for currency in currencies {
            let own: Vec<Arc<Book>> = made.iter().filter(|it| it.currency == currency).cloned().collect();
            let alone = Books::new(own);
            let (beside, alone) = (beside.of(currency), alone.of(currency));
            prop_assert_eq!(beside.all(), alone.all());
            prop_assert_eq!(beside.at(second(at)), alone.at(second(at)));
            prop_assert_eq!(beside.timeline(), alone.timeline());
            prop_assert!(beside.at(second(at)).is_none_or(|it| it.currency == currency));
        }
    }
}

/// Source: R-PRC-22.
#[test]
fn an_account_sees_its_own_prices_while_they_hold_and_others_never_do() {
    let (listed, own) = (book(Currency::CNY, 10), book(Currency::CNY, 11));
    let account = AccountId::named(second(0), "acme");
    let plain = Books::new(vec![listed.clone()]);
    let agreed = vec![Agreed { book: own.clone(), from: second(20), until: second(30) }];
    let contracts = Contracts {
        revision: 1,
        books: [(own.id, (own.clone(), listed.id))].into(),
        series: [(account, plain.of(Currency::CNY).agreeing(agreed))].into(),
    };
    let books = plain.clone().agreeing(contracts);
    let seen = |who: AccountId, at| books.of_account(who, Currency::CNY).at(second(at)).map(|it| it.id);
    assert_eq!(
        [9, 19, 20, 29, 30].map(|at| seen(account, at)),
        [None, Some(listed.id), Some(own.id), Some(own.id), Some(listed.id)]
    );
    let other = AccountId::named(second(0), "other");
    assert_eq!([19, 20, 30].map(|at| seen(other, at)), [Some(listed.id); 3]);
    assert!(
        books.agree_with([&account, &other]) && !books.agree_with([&other]) && !plain.agree_with([&account])
    );
    assert_eq!(books.get(own.id), Some(&own), "a line may name it");
    assert_eq!((books.listed(own.id), books.listed(listed.id)), (Some(&listed), None));

    let series = books.of_account(account, Currency::CNY);
    let cuts =
        |it: &Series| it.timeline().iter().map(|it| (it.0.as_second(), it.1[0].id)).collect::<Vec<_>>();
    assert_eq!(cuts(series), [(10, listed.id), (20, own.id), (30, listed.id)]);
    let right = Above { number: 1, book: book(Currency::CNY, 12), from: second(25), until: second(40) };
    let corrected = series.corrected(vec![right.clone()]);
    let above = right.book.id;
    assert_eq!(
        cuts(&corrected),
        [(10, listed.id), (20, own.id), (25, above), (30, above), (40, listed.id)],
        "a correction stands above a contract"
    );
    let marks = [plain.of(Currency::CNY).mark(), series.mark(), corrected.mark()];
    assert!(marks[0] != marks[1] && marks[1] != marks[2] && marks[0] != marks[2], "{marks:?}");
    assert!(series.agrees_within(second(29), second(50)) && !series.agrees_within(second(30), second(50)));
}
