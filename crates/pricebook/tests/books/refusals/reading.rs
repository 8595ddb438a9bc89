//! Text that cannot be read, books that are too large, and how problems are told.

use super::*;
use crate::{only, read, text};

#[test]
fn what_cannot_be_read() {
    let files = only(&["server"]);
    let (book, server) = ("book.toml", "products/server.toml");
    expect_refusal(&files, edit(book, "CNY", "EUX"), spot(book, "EUX"), "`EUX` is not a currency");
    expect_refusal(
        &files,
        edit(book, "\"+08:00\"", "\"the moon\""),
        spot(book, "zone"),
        "`the moon` is not a zone",
    );
    expect_refusal(
        &files,
        edit(book, "from = \"2016-01-01\"", "from = \"soon\""),
        spot(book, "soon"),
        "`soon` is not a time",
    );
    expect_refusal(
        &files,
        edit(book, "\"guangzhou-2\"", "\"guangzhou 2\""),
        spot(book, "[[region]]"),
        "`guangzhou 2` is no name",
    );
    expect_refusal(
        &files,
        edit(book, "\"shanghai-2\"", "\"guangzhou-2\""),
        spot(book, "[[region]]"),
        "there are two zones `guangzhou-2`",
    );
    expect_refusal(&files, edit(book, "name = \"demo\"", "name = demo"), spot(book, "name = demo"), "string");
    let check = |from: &str, to: &str, line: &'static str, what: &str| {
        expect_refusal(&files, edit(server, from, to), spot(server, line), what)
    };
    check("meter = \"clock\"", "meter = \"watch\"", "[[component]]", "`watch` is not a meter");
    check("due = \"hour\"", "due = \"week\"", "[[component]]", "`week` is not known here");
    check("due = \"hour\"", "due = \"order\"", "[[component]]", "does not go with due");
    check("kind = \"graduated\"", "kind = \"gradual\"", "gradual", "`gradual` is not known here");
    check("contract = \"applies\"", "contract = \"aplies\"", "[[component]]", "`aplies` is not known here");
    check("resize = \"allowed\"", "resize = \"yes\"", "[[option]]", "`yes` is not known here");
    check("recycle = \"2 h\"", "recycle = \"2\"", "recycle", "`2` is not a duration");
    check(
        "per = \"GB\"",
        "per = \"hour\"",
        "per = \"hour\"",
        "does not go with a `per_unit` price per `hour`",
    );
    check("per = \"GB\"", "per = \"month\"", "per = ", "a price of B cannot be per `month`");
    check("unit = \"B\"", "unit = \"piece\"", "price = ", "a price of piece cannot be per `GB`");
    check("less = 20", "lest = 20", "lest = 20", "unknown field");
    check("id = \"compute\"", "id = \"hardware\"", "#", "there are two components `hardware`");
    check(
        "when = { charge = [\"payg\"], network = [\"bandwidth\"] }",
        "",
        "[[component]]",
        "not always asked for",
    );
    check(
        "months = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 24, 36, 48, 60]",
        "",
        "#",
        "no number of months is on sale",
    );
}

/// Every problem is told at once, and the same way each time.
#[test]
fn all_problems_are_told() {
    let mut files = read("kinds");
    for path in ["products/stamps.toml", "products/payments.toml"] {
        let broken = files
            .get(path)
            .unwrap()
            .replace("source = \"demo\"", "source = \"\"")
            .replace("demo\"\n", "x\"\n");
        files.add(path, &broken);
    }
    let problems = load(&files, None).unwrap_err();
    assert_eq!(
        problems.iter().map(|it| it.file.as_str()).collect::<Vec<_>>(),
        ["products/payments.toml", "products/stamps.toml"]
    );
    assert_eq!(load(&files, None).unwrap_err(), problems);
}

/// Source: R-TIM-10. A book of the first format, applied before such zones were refused, still loads.
#[test]
fn a_zone_whose_clock_is_set_by_half_an_hour() {
    let files = only(&["container", "container-pack"]);
    let (path, before) = ("book.toml", "zone = \"+08:00\"");
    let to = "zone = \"Australia/Lord_Howe\"";
    let line = spot(path, to);
    expect_refusal(
        &files,
        edit(path, before, to),
        line,
        "is set by other than whole hours at 2016-04-02T15:00:00Z",
    );
    let mut early = files.clone();
    early.add(path, &files.get(path).unwrap().replace(before, &format!("format = 1\n{to}")));
    assert!(load(&early, None).is_ok());
    let format = edit(path, before, "zone = \"+08:00\"\nformat = 9");
    expect_refusal(&files, format, spot(path, "format = 9"), "there is no format 9");
    for zone in ["Europe/Berlin", "Asia/Kolkata", "America/New_York", "+05:30"] {
        let mut other = files.clone();
        other.add(path, &files.get(path).unwrap().replace("+08:00", zone));
        assert!(load(&other, None).is_ok(), "{zone}");
    }
}

#[test]
fn characters_that_nobody_sees() {
    let files = only(&["container", "container-pack"]);
    let (path, name) = ("products/container.toml", "id = \"compute\"");
    let seen = edit(path, name, "id = \"comp\u{200b}ute\"");
    expect_refusal(&files, seen, spot(path, "ute\""), "a character that nobody sees, \\u{200b}");
    let escaped = edit(path, name, "id = \"comp\\u200bute\"");
    expect_refusal(
        &files,
        escaped,
        spot(path, "[[component]]"),
        "`comp\\u{200b}ute` is no id of a component",
    );
    let table = "tables/container_packs.csv";
    let cell = edit(table, "\"1U1G,1P4\",744", "\"1U1G\u{2060},1P4\",744");
    expect_refusal(&files, cell, spot(table, "744"), "a character that nobody sees, \\u{2060}");
}

/// Source: R-PKG-15: notices go out at 20 and 5 percent where a pack says nothing.
#[test]
fn a_pack_without_notices_has_the_usual_ones() {
    let mut files = only(&["container", "container-pack"]);
    let path = "products/container-pack.toml";
    let text = files.get(path).unwrap();
    let without: String =
        text.lines().filter(|it| !it.starts_with("notices")).map(|it| format!("{it}\n")).collect();
    assert!(without.len() < text.len());
    files.add(path, &without);
    let book = load(&files, None).unwrap();
    let packs: Vec<_> = book.products.iter().filter_map(|it| it.pack.as_ref()).collect();
    assert_eq!(packs[0].notices_percent, [20, 5]);
}

/// Source: issue 10, section 4.5: limits of size, depth and rows, named in the message.
#[test]
fn books_that_are_too_large() {
    let kinds = read("kinds");
    let told = |files: &Files| load(files, None).unwrap_err()[0].to_string();
    let mut many = kinds.clone();
    (0..200).for_each(|it| many.add(&format!("tables/{it}.csv"), "a\n"));
    assert!(told(&many).contains("files, more than 200"), "{}", told(&many));
    let mut large = kinds.clone();
    large.add("tables/large.csv", &"#".repeat(32_000_001));
    assert!(told(&large).contains("bytes, more than 32000000"), "{}", told(&large));
    let mut long = only(&["disk"]);
    let rows: String = (0..200_001).map(|it| format!("T{it},premium,1.00,demo\n")).collect();
    long.add("tables/disk_month.csv", &format!("region,disk,price,source\n{rows}"));
    assert!(told(&long).contains("more than 200000 rows"), "{}", told(&long));
    let mut deep = kinds.clone();
    let text = deep.get("products/domain.toml").unwrap();
    let nested = format!("readings = {}{}\n{text}", "[".repeat(100_000), "]".repeat(100_000));
    deep.add("products/domain.toml", &nested);
    assert!(told(&deep).contains("80"), "{}", told(&deep));
}

/// More than a thousand problems are counted, not listed.
#[test]
fn problems_without_end_are_counted() {
    let mut files = only(&["disk"]);
    let rows: String = (0..5_000).map(|it| format!("T{it},premium,x,demo\n")).collect();
    files.add("tables/disk_month.csv", &format!("region,disk,price,source\n{rows}"));
    let problems = load(&files, None).unwrap_err();
    assert_eq!(problems.len(), 1_001);
    assert!(problems[1_000].what.contains("there are 4000 more problems"), "{}", problems[1_000]);
}

/// Whatever stands where something else is expected: what is told has no word of the program's own.
#[test]
fn what_is_told_speaks_of_the_book_and_not_of_the_program() {
    let files = only(&["high-defence-ip", "container-pack"]);
    let mut refused = 0;
    for path in files.paths().filter(|it| it.ends_with(".toml")) {
        let lines: Vec<&str> = files.get(path).unwrap().lines().collect();
        let fields = lines.iter().enumerate().filter_map(|(at, line)| Some((at, line.split_once(" = ")?.0)));
        for (at, name) in fields {
            for value in ["7", "\"word\"", "[[1]]", "{ x = 1 }"] {
                let other = format!("{name} = {value}");
                let mut lines = lines.clone();
                lines[at] = &other;
                let mut broken = files.clone();
                broken.add(path, &lines.join("\n"));
                let Err(problems) = load(&broken, None) else { continue };
                refused += 1;
                let told = text(&problems);
                assert!(!told.contains("Raw") && !told.contains("struct"), "{path}: {other}: {told}");
            }
        }
    }
    assert!(refused > 200, "{refused} were refused");
    let group = edit("book.toml", "name = { en = \"Compute\", zh = \"计算\" }", "name = \"Compute\"");
    expect_refusal(
        &files,
        group,
        spot("book.toml", "Compute"),
        "expected a text in both languages like { en =",
    );
}
