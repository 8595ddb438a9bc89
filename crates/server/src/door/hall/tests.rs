//! Who goes first, and who never.

use super::{Hall, Seat};
use std::sync::Arc;
use std::time::Duration;

/// Which of the seats were sent away.
async fn gone(seats: &[&Seat]) -> Vec<bool> {
    let mut all = Vec::new();
    for seat in seats {
        all.push(tokio::time::timeout(Duration::from_millis(5), seat.sent_away()).await.is_ok());
    }
    all
}

fn full(most: usize) -> (Arc<Hall>, Vec<Seat>) {
    let hall = Arc::new(Hall::new(most));
    let seats = (0..most).map(|_| hall.enter().unwrap()).collect();
    (hall, seats)
}

#[tokio::test]
async fn strangers_go_before_those_who_have_shown_a_key() {
    let (hall, seats) = full(3);
    seats[0].guest().has_shown_a_key();
    seats[1].begins();
    let fourth = hall.enter().unwrap();
    assert_eq!(
        gone(&[&seats[0], &seats[1], &seats[2]]).await,
        [false, false, true],
        "an idle stranger first"
    );
    fourth.begins();
    let fifth = hall.enter().unwrap();
    assert_eq!(
        gone(&[&seats[0], &seats[1], &fourth]).await,
        [false, true, false],
        "then the oldest busy one"
    );
    for seat in [&fourth, &fifth] {
        seat.guest().has_shown_a_key();
        seat.begins();
    }
    seats[0].begins();
    assert!(hall.enter().is_none(), "all have shown a key and are served");
    seats[0].answers();
    assert!(hall.enter().is_none(), "its answer is on its way out");
    seats[0].ends();
    assert!(hall.enter().is_some(), "then one that is idle");
    assert_eq!(gone(&[&seats[0], &fourth, &fifth]).await, [true, false, false]);
}

#[tokio::test]
async fn a_seat_that_is_left_is_free_and_many_strangers_go_together() {
    let (hall, mut seats) = full(96);
    seats.pop();
    let another = hall.enter().unwrap();
    assert!(!gone(&seats.iter().collect::<Vec<_>>()).await.contains(&true), "there was a seat");
    let _more: Vec<Seat> = (0..3).map(|_| hall.enter().unwrap()).collect();
    let all = gone(&seats.iter().collect::<Vec<_>>()).await;
    assert_eq!(all.iter().filter(|it| **it).count(), 3, "a thirty-second part of 96");
    assert_eq!(all[..3], [true; 3], "the oldest");
    drop(another);
}
