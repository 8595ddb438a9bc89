//! The first start of a database, by several processes at once, on both engines: what is missing is made once.

use crate::support::served::Folder;
use desk::first::{self, First};
use desk::{books, keys};
use server::cli::files;
use std::sync::Barrier;
use store::Store;
use store::testing::postgres;
use units::{Calendar, Timestamp};

const STARTS: usize = 6;

fn begin() -> Timestamp {
    Calendar::settlement().parse("2026-06-01").unwrap()
}

/// One start: the tables, the price book, the key; and whether the last two were made by it.
fn start(open: &(impl Fn() -> Store + Sync), number: usize) -> (First, First) {
    let store = open();
    let prepared = books::prepared(&files::book("demo").unwrap(), None).unwrap();
    let book = store.write(|tx| first::book(tx, &prepared, begin())).unwrap();
    let hash = keys::hash(&format!("key {number}"));
    (book, store.write(|tx| first::key(tx, &hash, begin())).unwrap())
}

fn at_once(engine: &str, open: impl Fn() -> Store + Sync) {
    let all = Barrier::new(STARTS);
    let done: Vec<(First, First)> = std::thread::scope(|scope| {
        let (all, open) = (&all, &open);
        let one = |number| {
            move || {
                all.wait();
                start(open, number)
            }
        };
        let started: Vec<_> = (0..STARTS).map(|number| scope.spawn(one(number))).collect();
        started.into_iter().map(|it| it.join().unwrap()).collect()
    });
    let made = |of: fn(&(First, First)) -> First| done.iter().filter(|it| of(it) == First::Made).count();
    assert_eq!((made(|it| it.0), made(|it| it.1)), (1, 1), "{engine}");
    let count =
        open().read(|tx| Ok::<_, store::StoreError>((store::books::count(tx)?, store::keys::count(tx)?)));
    assert_eq!(count.unwrap(), (1, 1), "{engine}");
}

#[test]
fn several_first_starts_make_one_book_and_one_key() {
    let folder = Folder::new("first");
    for round in 0..5 {
        at_once("sqlite", || Store::embedded(&folder.0.join(format!("{round}.db"))).unwrap());
    }
    let server = postgres();
    for _ in 0..3 {
        let url = server.fresh_database();
        at_once("postgres", || Store::postgres(&url).unwrap());
    }
}

/// A test clock that was started by one first start stands there for the others, and never where a key was made before.
#[test]
fn a_test_clock_is_started_once() {
    let store = Store::memory().unwrap();
    let start = |now: &str| {
        let now = Calendar::settlement().parse(now).unwrap();
        store.write(|tx| first::test_clock(tx, now)).unwrap()
    };
    assert_eq!(start("2026-06-01"), Some(begin()));
    assert_eq!(start("2026-07-01"), Some(begin()));
    let other = Store::memory().unwrap();
    other.write(|tx| first::key(tx, "hash", begin())).unwrap();
    assert_eq!(other.write(|tx| first::test_clock(tx, begin())).unwrap(), None);
}
