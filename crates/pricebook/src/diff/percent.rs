//! By how many percent a figure changes.
//!
//! In:  two exact decimals as books write them. Out: the difference in percent, to a tenth.
//! Invariant: computed on whole numbers and rounded once, half away from zero; only for people to look at.

use units::decimal::{div_half_up, print};

/// Digits behind the point that a figure of a book has at most.
const PLACES: usize = 8;

/// By how much `after` is above `before`: `+11.8`, `-0.9`, `0.0`. `None` where one is no figure, or nothing stood there before.
pub(super) fn of(before: &str, after: &str) -> Option<String> {
    let (before, after) = (figure(before)?, figure(after)?);
    if before == 0 {
        return None;
    }
    let tenths = div_half_up(after.checked_sub(before)?.checked_mul(1_000)?, before);
    let sign = if tenths > 0 { "+" } else { "" };
    Some(format!("{sign}{}", print(tenths, 1)))
}

/// A decimal that is not below zero, in 1e-8.
fn figure(text: &str) -> Option<i128> {
    let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
    let is_digits = |it: &str| it.bytes().all(|it| it.is_ascii_digit());
    if whole.is_empty() || !is_digits(whole) || !is_digits(rest) || rest.len() > PLACES {
        return None;
    }
    format!("{whole}{rest:0<PLACES$}").parse().ok()
}

#[cfg(test)]
mod tests;
