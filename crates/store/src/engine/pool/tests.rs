//! How connections are lent and come back.

use super::Pool;
use crate::engine::StoreError;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

#[test]
fn a_connection_is_used_again_and_never_more_than_so_many_at_once() {
    let (pool, opened, inside, highest) =
        (Pool::new(2), AtomicUsize::new(0), AtomicUsize::new(0), AtomicUsize::new(0));
    let lend = || {
        let open = |idle: Option<usize>| Ok(idle.unwrap_or_else(|| opened.fetch_add(1, Ordering::SeqCst)));
        let work = |_: &mut usize| {
            highest.fetch_max(inside.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            std::thread::sleep(Duration::from_millis(5));
            inside.fetch_sub(1, Ordering::SeqCst);
            Ok::<_, StoreError>(())
        };
        pool.with(open, |_| true, work).unwrap();
    };
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(lend);
        }
    });
    assert!(highest.load(Ordering::SeqCst) <= 2);
    assert!(opened.load(Ordering::SeqCst) <= 2);
}

#[test]
fn a_place_is_free_again_after_an_error_and_after_a_panic() {
    let pool: Pool<()> = Pool::new(1);
    let refused = pool.with(|_| Err(StoreError::Setup("closed".into())), |_| true, |_| Ok(()));
    assert!(matches!(refused, Err(StoreError::Setup(_))));
    let panicked = std::thread::scope(|scope| {
        let half_way = |_: &mut ()| -> Result<(), StoreError> { panic!("half way") };
        let pool = &pool;
        scope.spawn(move || pool.with(|_| Ok(()), |_| true, half_way)).join()
    });
    assert!(panicked.is_err());
    pool.with(|_| Ok(()), |_| true, |_| Ok::<_, StoreError>(())).unwrap();
}

#[test]
fn a_connection_that_is_not_usable_is_not_lent_again() {
    let (pool, opened) = (Pool::new(1), AtomicUsize::new(0));
    let open = |idle: Option<usize>| Ok(idle.unwrap_or_else(|| opened.fetch_add(1, Ordering::SeqCst)));
    for _ in 0..2 {
        pool.with(open, |_| false, |_| Ok::<_, StoreError>(())).unwrap();
    }
    assert_eq!(opened.load(Ordering::SeqCst), 2);
}

#[test]
fn idle_connections_that_are_forgotten_are_not_lent_again() {
    let pool: Pool<u32> = Pool::new(2);
    pool.with(|_| Ok(1), |_| true, |_| Ok::<_, StoreError>(())).unwrap();
    let count = |lent, idle| super::PoolUse { most: 2, lent, idle, waiting: 0 };
    assert_eq!(pool.use_now(), count(0, 1));
    pool.forget_idle();
    assert_eq!(pool.use_now(), count(0, 0));
    let inside = |it: &mut u32| Ok::<_, StoreError>((*it, pool.use_now()));
    assert_eq!(pool.with(|idle| Ok(idle.unwrap_or(2)), |_| true, inside).unwrap(), (2, count(1, 0)));
}
