//! What pages say is for people: no figure in base units, no notes of the price book, no marks of another language.
//!
//! In:  the demo's books, served; every page that a customer's links lead to, in both languages. Out: nothing found.

use crate::support::browser::Browser;
use crate::support::people::signed_in;
use crate::support::served::{Folder, Served, program};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::process::Command;

/// Pages of one shape that are looked at, such as those of bills.
const OF_A_SHAPE: usize = 3;
/// Units that nobody speaks of so many of.
const BASE_UNITS: [&str; 8] = ["bit/s", "GB·s", "Mbps·s", "GB·秒", "字节", "秒", "B", "s"];
/// So many digits say nothing to a reader.
const DIGITS: usize = 7;

fn demo() -> Served {
    let folder = Folder::new("said-on-pages");
    let data = folder.0.join("data");
    let played = Command::new(program()).args(["demo", "--no-serve", "--data"]).arg(&data).output().unwrap();
    assert!(played.status.success(), "{}", String::from_utf8_lossy(&played.stderr));
    Served::start_in(folder, &["--rate-limit", "0", "--test-clock", "2026-07-05 16:20:00"])
}

/// The text of a page, a line for each piece between tags; the figures to the last digit, which stand folded in, are left out.
fn text(page: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut folded = 0_u32;
    for part in page.split('<') {
        let (tag, said) = part.split_once('>').unwrap_or(("", part));
        folded += u32::from(tag.starts_with("details class=\"gap\"") || tag.starts_with("script"));
        if tag == "/details" || tag == "/script" {
            folded = folded.saturating_sub(1);
        }
        if folded == 0 && !said.trim().is_empty() {
            lines.push(said.trim().to_string());
        }
    }
    lines
}

/// A figure of a line that stands in base units.
fn in_base_units(line: &str) -> Option<String> {
    let words: Vec<&str> = line.split(' ').collect();
    words.windows(2).find_map(|pair| {
        let digits = pair[0].bytes().filter(u8::is_ascii_digit).count();
        let is_number = pair[0].bytes().all(|it| it.is_ascii_digit() || it == b',');
        // A unit ends where a mark follows it.
        let unit = pair[1].split(['.', ',', ';', ')', '。', '，', '）', '；']).next().unwrap_or("");
        (is_number && digits >= DIGITS && BASE_UNITS.contains(&unit)).then(|| pair.join(" "))
    })
}

/// A mark of English between two words of Chinese.
fn with_marks_of_english(line: &str) -> bool {
    let is_chinese = |it: Option<&char>| it.is_some_and(|it| ('\u{4e00}'..='\u{9fff}').contains(it));
    let letters: Vec<char> = line.chars().collect();
    letters.windows(4).any(|it| {
        is_chinese(it.first())
            && matches!(it[1], '.' | ',' | ':' | ';')
            && it[2] == ' '
            && is_chinese(it.last())
    })
}

/// An address without what tells one thing from another.
fn shape(address: &str) -> String {
    let path = address.split('?').next().unwrap_or(address);
    let said = |it: &str| if it.bytes().any(|it| it.is_ascii_digit()) { "*".into() } else { it.to_string() };
    path.split('/').map(said).collect::<Vec<String>>().join("/")
}

/// The pages that the links of a page lead to.
fn links(page: &str) -> Vec<String> {
    let files = ["/docs", "/csv", "/assets", "/openapi", "/language"];
    let own = page.split("href=\"/").skip(1).filter_map(|it| it.split('"').next());
    let all = own.map(|it| format!("/{}", it.replace("&amp;", "&")));
    let is_page = |it: &String| {
        let path = it.split(['?', '#']).next().unwrap_or(it);
        !files.iter().any(|file| path.starts_with(file))
            && !path.ends_with("/pdf")
            && !path.ends_with("/json")
    };
    all.filter(is_page).map(|it| it.split('#').next().unwrap_or(&it).to_string()).collect()
}

/// Every page that the overview leads to, a few of each shape, with its address.
fn pages(ann: &mut Browser<'_>) -> Vec<(String, String)> {
    let (mut found, mut known) = (Vec::new(), BTreeSet::from(["/".to_string()]));
    let mut shapes: BTreeMap<String, usize> = BTreeMap::new();
    let mut ahead = VecDeque::from(["/".to_string()]);
    while let Some(address) = ahead.pop_front() {
        let seen = shapes.entry(shape(&address)).or_default();
        *seen += 1;
        if *seen > OF_A_SHAPE {
            continue;
        }
        let page = ann.call("GET", &address, &[], "");
        let html = page.text();
        if page.status != 200 || !html.starts_with("<!DOCTYPE html>") {
            continue;
        }
        let new: Vec<String> = links(&html).into_iter().filter(|it| known.insert(it.clone())).collect();
        ahead.extend(new);
        found.push((address, html));
    }
    found
}

#[test]
fn figures_and_marks_are_those_of_people() {
    let served = demo();
    for (mail, account) in [("ann@example.com", "studio"), ("bob@example.com", "webshop")] {
        let mut browser = signed_in(&served, mail, "owner", Some(account));
        for language in ["en", "zh"] {
            browser.language = language;
            let all = pages(&mut browser);
            assert!(all.len() > 30, "{account} {language}: {} pages", all.len());
            let mut wrong = Vec::new();
            for (address, html) in &all {
                for line in text(html) {
                    let is_odd = in_base_units(&line).is_some()
                        || line.contains("published:")
                        || (language == "zh" && with_marks_of_english(&line));
                    if is_odd {
                        wrong.push(format!("{account} {address}: {line}"));
                    }
                }
            }
            assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        }
    }
}

#[test]
fn what_is_looked_for_is_found() {
    assert_eq!(in_base_units("24,000,000,000 bit/s.").as_deref(), Some("24,000,000,000 bit/s."));
    assert_eq!(in_base_units("剩余 1,036,800 秒，共").as_deref(), Some("1,036,800 秒，共"));
    assert_eq!(in_base_units("1036800 s of").as_deref(), Some("1036800 s"));
    assert_eq!(in_base_units("24 Gbps"), None);
    assert!(with_marks_of_english("还没有报价. 给您"));
    assert!(!with_marks_of_english("还没有报价。给您"));
}
