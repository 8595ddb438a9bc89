//! Balance alerts: when a customer is told that little is left.
//!
//! In:  the threshold, what is available, what was told before, the day. Out: what to remember, and
//! whether to tell now.
//! Invariant: one message a day, five days in a row at most; recovery arms it anew.
//! Rules: R-WAL-5. Examples: scenarios/data/wallet/.

use units::Timestamp;

/// Days in a row on which a customer is told.
pub const MOST_DAYS: i64 = 5;

/// The largest threshold: nine digits before the point, in minor units.
pub const MOST_MINOR: i64 = 99_999_999_999;

/// What was told so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// Messages since the balance last was high enough.
    pub days: i64,
    /// 00:00 of the day of the last message.
    pub last: Option<Timestamp>,
}

/// Tests `available < threshold`; 0 turns the alert off. The second part is the number of the message
/// to send. `today` is 00:00 of the day. Source: R-WAL-5, section 20.
pub fn test(threshold_minor: i64, available_minor: i64, told: Told, today: Timestamp) -> (Told, Option<i64>) {
    if threshold_minor == 0 || available_minor >= threshold_minor {
        // The day stays: recovery and relapse on one day are still one message.
        return (Told { days: 0, last: told.last }, None);
    }
    if told.last == Some(today) || told.days >= MOST_DAYS {
        return (told, None);
    }
    let days = told.days + 1;
    (Told { days, last: Some(today) }, Some(days))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Source: R-WAL-5: threshold 50.00 and 49.99 on six days.
    #[test]
    fn five_days_in_a_row_and_no_more() {
        let mut told = Told::default();
        let mut messages = Vec::new();
        for day in 1..=6 {
            let today = Timestamp::from_second(day * 86_400).unwrap();
            for _ in 0..3 {
                let (next, message) = test(5_000, 4_999, told, today);
                told = next;
                messages.extend(message.map(|_| day));
            }
        }
        assert_eq!(messages, [1, 2, 3, 4, 5]);
        let (told, message) = test(5_000, 5_000, told, Timestamp::from_second(7 * 86_400).unwrap());
        assert_eq!((told.days, message), (0, None));
        assert_eq!(test(5_000, 4_999, told, Timestamp::from_second(8 * 86_400).unwrap()).1, Some(1));
        assert_eq!(test(0, -100, Told::default(), Timestamp::UNIX_EPOCH).1, None);
    }
}
