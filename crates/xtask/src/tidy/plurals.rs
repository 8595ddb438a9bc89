//! Numbers beside a noun that has one form whatever the number is.
//!
//! In:  the path and the text of a file of English texts. Out: a finding for each such number: of 1 the text would be wrong.
//! Invariant: a text that chooses its form by a number is left alone, and so is the upper end of "1 to so many".

use super::Finding;

const TEXTS: &str = "crates/texts/texts/en/";

/// What is counted.
const NOUNS: &str = "accounts attempts bills books customers days hours lines messages minutes months orders packs pieces \
                     prices products resources seconds";

/// Texts whose numbers are bounds, which are never 1.
const BOUNDS: [&str; 1] = ["rule-within"];

pub fn fixed(path: &str, text: &str) -> Vec<Finding> {
    let (mut findings, mut chooses) = (Vec::new(), false);
    if !path.starts_with(TEXTS) {
        return findings;
    }
    for (line, said) in (1..).zip(text.lines()) {
        chooses = (chooses || said.contains("->")) && !said.starts_with('}');
        let name = said.split(" =").next().unwrap_or("");
        if !chooses && !said.starts_with('#') && !BOUNDS.contains(&name) && is_fixed(said) {
            let remedy = "a number beside a noun: choose its form by `[one]` and `*[other]`";
            findings.push(Finding::new(path, line, remedy));
        }
    }
    findings
}

/// Whether a number stands before the plural of what it counts.
fn is_fixed(said: &str) -> bool {
    let parts: Vec<&str> = said.split("{ $").collect();
    parts.windows(2).any(|pair| {
        let behind = pair[1].split_once("} ").map_or("", |it| it.1);
        let noun = behind.split(|it: char| !it.is_ascii_lowercase()).next().unwrap_or("");
        NOUNS.split(' ').any(|it| it == noun) && !pair[0].ends_with(" to ")
    })
}
