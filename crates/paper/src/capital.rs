//! Sums in the capital numerals of Chinese documents.
//!
//! In:  fen. Out: such as 叁佰伍拾柒元玖角陆分.
//! Invariant: zeros between digits are said once; a whole sum ends in 整; a sum below zero begins with 负.

const DIGITS: [&str; 10] = ["零", "壹", "贰", "叁", "肆", "伍", "陆", "柒", "捌", "玖"];
const PLACES: [&str; 4] = ["", "拾", "佰", "仟"];
const GROUPS: [&str; 5] = ["", "万", "亿", "万亿", "亿亿"];

/// A sum of fen.
pub(crate) fn yuan(fen: i64) -> String {
    let (sign, fen) = (if fen < 0 { "负" } else { "" }, fen.unsigned_abs());
    let (whole, jiao, rest) = (fen / 100, (fen / 10 % 10) as usize, (fen % 10) as usize);
    let mut out = String::from(sign);
    if whole > 0 {
        out.push_str(&integer(whole));
        out.push('元');
    }
    match (jiao, rest) {
        (0, 0) => {
            if whole == 0 {
                out.push_str("零元");
            }
            out.push('整');
        }
        (jiao, 0) => out.push_str(&format!("{}角整", DIGITS[jiao])),
        (0, fen) if whole > 0 => out.push_str(&format!("零{}分", DIGITS[fen])),
        (0, fen) => out.push_str(&format!("{}分", DIGITS[fen])),
        (jiao, fen) => out.push_str(&format!("{}角{}分", DIGITS[jiao], DIGITS[fen])),
    }
    out
}

fn integer(value: u64) -> String {
    let mut groups: Vec<u64> = Vec::new();
    let mut left = value;
    while left > 0 {
        groups.push(left % 10_000);
        left /= 10_000;
    }
    let mut out = String::new();
    let mut gap = false;
    for (at, group) in groups.iter().enumerate().rev() {
        if *group == 0 {
            gap = !out.is_empty();
            continue;
        }
        if !out.is_empty() && (gap || *group < 1_000) {
            out.push_str(DIGITS[0]);
        }
        gap = false;
        out.push_str(&four(*group));
        out.push_str(GROUPS.get(at).copied().unwrap_or_default());
    }
    out
}

/// One to four digits, without zeros before them.
fn four(value: u64) -> String {
    let mut out = String::new();
    let mut gap = false;
    for place in (0..4_u32).rev() {
        let digit = (value / 10_u64.pow(place) % 10) as usize;
        if digit == 0 {
            gap = !out.is_empty();
            continue;
        }
        if gap {
            out.push_str(DIGITS[0]);
        }
        gap = false;
        out.push_str(DIGITS[digit]);
        out.push_str(PLACES[place as usize]);
    }
    out
}
