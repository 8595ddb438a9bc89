//! Comparing what is expected with what is there, in a way that is easy to read.

use super::outcome::Failure;

/// Lines with single spaces, as an `expect` is written.
pub fn plain(lines: &[String]) -> Vec<String> {
    lines.iter().map(|it| it.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

/// The difference: what was expected and is not there, what is there and was not expected.
pub fn difference(failure: &Failure) -> String {
    let mut text = format!("{}:{}: {}\n", failure.file, failure.line, failure.text);
    let (expected, found) = (&failure.expected, &failure.found);
    for line in expected.iter().filter(|it| !found.contains(it)) {
        text += &format!("  - {line}\n");
    }
    for line in found.iter().filter(|it| !expected.contains(it)) {
        text += &format!("  + {line}\n");
    }
    if expected.iter().all(|it| found.contains(it)) && found.iter().all(|it| expected.contains(it)) {
        text += "  the same lines, in another order or number\n";
        found.iter().for_each(|line| text += &format!("  = {line}\n"));
    }
    text + "  (- expected, + found)\n"
}
