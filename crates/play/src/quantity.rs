//! Quantities as people write them: `2GB`, `45.5Gbps`, `123456789012B`, `100.00CNY`.

use units::{Currency, decimal};

/// Units and how many base units they are. GB is 1024³ bytes. Source: R-PRC-7.
const UNITS: [(&str, u64); 12] = [
    ("TB", 1 << 40),
    ("GB", 1 << 30),
    ("MB", 1 << 20),
    ("KB", 1 << 10),
    ("Gbps", 1_000_000_000),
    ("Mbps", 1_000_000),
    ("kbps", 1_000),
    ("bps", 1),
    ("Gdec", 1_000_000_000),
    ("B", 1),
    ("s", 1),
    ("", 1),
];

/// A value is counted in 1e-8 of a currency unit.
const E8: u64 = 100_000_000;

/// The whole number of base units. Errors: what is wrong with it.
pub fn parse(text: &str) -> Result<u64, String> {
    let digits = text.trim_end_matches(|it: char| it.is_ascii_alphabetic());
    let unit = &text[digits.len()..];
    let named = UNITS.iter().find(|it| it.0 == unit).map(|it| it.1);
    let Some(scale) = named.or_else(|| Currency::parse(unit).ok().map(|_| E8)) else {
        return Err(format!("`{unit}` is not a unit"));
    };
    if digits.starts_with('-') {
        return Err(format!("`{text}` is negative"));
    }
    let e8 = decimal::parse(digits, 8).map_err(|error| error.to_string())?;
    let scaled = e8.checked_mul(i128::from(scale)).ok_or("it is too large")?;
    if scaled % 100_000_000 != 0 {
        return Err(format!("`{text}` is not a whole number of base units"));
    }
    let value = u64::try_from(scaled / 100_000_000).map_err(|_| format!("`{text}` is too large"))?;
    i64::try_from(value).map_err(|_| format!("`{text}` is too large"))?;
    Ok(value)
}

/// `20 Gbps` of `20Gbps`: a number apart from its unit, as price books write it.
pub fn spaced(text: &str) -> String {
    let number = text.find(|it: char| !it.is_ascii_digit()).unwrap_or(text.len());
    format!("{} {}", &text[..number], &text[number..]).trim_end().to_string()
}

/// Seconds of `90`, `200s`, `3m20s`, `2h`, `1d`.
pub fn seconds(text: &str) -> Result<u64, String> {
    let wrong = || format!("`{text}` is not a duration");
    let mut total: u64 = 0;
    let mut number = String::new();
    for it in text.chars() {
        if it.is_ascii_digit() {
            number.push(it);
            continue;
        }
        let scale = match it {
            's' => 1,
            'm' => 60,
            'h' => 3_600,
            'd' => 86_400,
            _ => return Err(wrong()),
        };
        let part: u64 = number.parse().map_err(|_| wrong())?;
        total = part.checked_mul(scale).and_then(|it| total.checked_add(it)).ok_or_else(wrong)?;
        number.clear();
    }
    if !number.is_empty() {
        let rest: u64 = number.parse().map_err(|_| wrong())?;
        total = total.checked_add(rest).ok_or_else(wrong)?;
    }
    if text.is_empty() || total > 100 * 366 * 86_400 { Err(wrong()) } else { Ok(total) }
}
