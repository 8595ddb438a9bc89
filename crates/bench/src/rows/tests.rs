//! What was filled in is what a run reads.

use crate::city::{City, demo_book};
use store::Store;
use store::settlements;

#[test]
fn a_run_reads_back_the_accounts_that_were_filled_in() {
    let city = City::new().unwrap();
    let made = city.accounts(0..40).unwrap();
    let store = Store::memory().unwrap();
    let cycle = city.run.cycle;
    store.write(|tx| desk::books::apply(tx, &demo_book().unwrap(), None, cycle.from)).unwrap();
    store.write(|tx| super::fill(tx, &made, &city.configs, &cycle)).unwrap();
    let books = store.read(desk::Desk::open).unwrap().books;
    let read = store
        .write(|tx| {
            let batch = settlements::batch(tx, &cycle, "", 100)?.unwrap();
            settlements::read(tx, &books, &batch, &cycle)
        })
        .unwrap();
    assert_eq!(read.accounts.len(), made.len());
    for ((account, _), it) in read.accounts.iter().zip(&made) {
        assert_eq!(account.wallet, it.wallet);
        let counts = |it: &billing::settle::AccountCycle| {
            [it.openings.len(), it.changes.len(), it.samples.len(), it.freezes.len()]
        };
        assert_eq!(counts(account), counts(it));
    }
}
