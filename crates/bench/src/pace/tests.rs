//! Percentiles by hand, and that waiting is charged.

use super::*;

fn millis(each: impl IntoIterator<Item = u64>) -> Load {
    Load::new(each.into_iter().map(Duration::from_millis).collect(), Duration::from_secs(2))
}

#[test]
fn percentiles_are_times_that_occurred() {
    let load = millis((1..=200).rev());
    assert_eq!(load.per_mille(500), Duration::from_millis(100));
    assert_eq!(load.per_mille(990), Duration::from_millis(198));
    assert_eq!(load.per_mille(1_000), Duration::from_millis(200));
    assert_eq!(load.longest(), Duration::from_millis(200));
    assert_eq!(load.rate(), 100.0);
}

#[test]
fn one_request_is_every_percentile_and_none_is_nothing() {
    assert_eq!(millis([7]).per_mille(1), Duration::from_millis(7));
    assert_eq!(millis([7]).per_mille(990), Duration::from_millis(7));
    assert_eq!(millis([]).per_mille(990), Duration::ZERO);
}

#[test]
fn a_fixed_rate_sends_each_number_once() {
    let seen = std::sync::Mutex::new(Vec::new());
    let load = run(Pace::Open(1_000, Duration::from_millis(50)), 4, |_| {
        Ok(|number| {
            seen.lock().unwrap().push(number);
            Ok(())
        })
    })
    .unwrap();
    let mut seen = seen.into_inner().unwrap();
    seen.sort_unstable();
    assert_eq!(seen, (0..50).collect::<Vec<u64>>());
    assert_eq!(load.done, 50);
}

/// The first request blocks the only thread for 60 ms: the 5 that were due meanwhile are charged what they waited.
#[test]
fn whoever_waits_for_a_stalled_server_is_charged() {
    let stall = Duration::from_millis(60);
    let load = run(Pace::Open(100, Duration::from_millis(60)), 1, |_| {
        Ok(|number| {
            std::thread::sleep(if number == 0 { stall } else { Duration::ZERO });
            Ok(())
        })
    })
    .unwrap();
    assert_eq!(load.done, 6);
    // Due at 0, 10, … 50 ms and done at 60 ms or later.
    for (at, least) in [10, 20, 30, 40, 50, 60].into_iter().enumerate() {
        assert!(load.took[at] >= Duration::from_millis(least), "{:?}", load.took);
    }
}

#[test]
fn an_error_ends_the_load() {
    let outcome = run(Pace::Closed(Duration::from_secs(3_600)), 2, |_| {
        Ok(|number| if number == 1 { Err(anyhow!("refused")) } else { Ok(()) })
    });
    assert_eq!(outcome.err().unwrap().to_string(), "refused");
}
