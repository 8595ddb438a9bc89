//! Rows out of problems.

use super::*;

fn problem(line: usize, problem: &str) -> BookProblem {
    BookProblem { file: "book.toml".into(), line, problem: problem.into(), remedy: "Mend it".into() }
}

#[test]
fn what_says_the_same_is_one_row_with_each_place_once() {
    let all = [problem(1, "a"), problem(2, "b"), problem(3, "a"), problem(1, "a"), problem(9, "c")];
    let said: Vec<String> =
        rows(&all).iter().map(|it| format!("{}: {}", it.of.problem, it.places.join(" "))).collect();
    assert_eq!(said, ["a: book.toml:1 book.toml:3", "b: book.toml:2", "c: book.toml:9"]);
}

#[test]
fn words_of_files_are_marked_and_markup_is_text() {
    let said = marked("`specc` is no `<b>`, see below").into_string();
    assert_eq!(said, "<code>specc</code> is no <code>&lt;b&gt;</code>, see below");
    assert_eq!(marked("nothing to mark").into_string(), "nothing to mark");
}
