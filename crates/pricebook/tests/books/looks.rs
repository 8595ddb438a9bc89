//! How things are shown: the demo book says all of it, an old book nothing, and what is said by half is refused.

use crate::{book, only, read, text};
use billing::book::{Book, OptionKind};
use billing::control::Control;
use billing::look::AttributeKind;
use billing::text::Text;
use pricebook::{Files, load, unsaid};
use std::sync::Arc;

fn control(book: &Book, product: &str, option: &str) -> Control {
    Control::of(book.product(product).unwrap().option(option).unwrap())
}

#[test]
fn the_demo_book_has_a_name_for_everything_in_both_languages() {
    let book = book(&read("demo"));
    let left: Vec<String> = unsaid(&book).iter().map(ToString::to_string).collect();
    assert!(left.is_empty(), "{}", left.join("\n"));
    for product in &book.products {
        assert!(product.look.label.help.is_some() && product.look.group.is_some(), "{}", product.id);
    }
    let server = book.product("server").unwrap();
    assert_eq!(server.look.label.or(&server.name), Text::new("Cloud server", "云服务器"));
    assert_eq!(server.option("system_disk_type").unwrap().look.value("local"), Text::new("Local", "本地盘"));
    assert_eq!(server.option("type").unwrap().look.recommended.as_deref(), Some("S2.MEDIUM4"));
}

#[test]
fn controls_follow_from_the_book() {
    let book = book(&read("demo"));
    let cases = [
        ("server", "charge", Control::Picks),
        ("server", "region", Control::Segments),
        ("server", "type", Control::Table),
        ("server", "os", Control::Segments),
        ("server", "data_disk", Control::Number),
        ("high-defence-ip", "line", Control::Segments),
        ("high-defence-ip", "base", Control::Select),
        ("high-defence-ip", "forwarding", Control::Picks),
        ("container", "spec", Control::Table),
        ("container-pack", "hours", Control::Segments),
    ];
    for (product, option, wanted) in cases {
        assert_eq!(control(&book, product, option), wanted, "{product} {option}");
    }
}

/// A type that has more memory sorts behind one that has less, as numbers and not as words.
#[test]
fn attributes_are_exact_numbers_and_words() {
    let book = book(&read("demo"));
    let option = |product: &str, option: &str| book.product(product).unwrap().option(option).unwrap().clone();
    let types = option("server", "type");
    let named = |id: &str| types.look.attributes.iter().find(|it| it.id == id).unwrap();
    let memory = named("memory");
    assert_eq!((memory.kind, memory.values["S2.8XLARGE128"].as_str()), (AttributeKind::Number, "128"));
    assert_eq!(memory.unit, Some(Text::same("GB")));
    assert_eq!(named("family").values["S5.SMALL2"], "S5");
    let specs = option("container", "spec");
    let gpu = specs.look.attributes.iter().find(|it| it.id == "gpu").unwrap();
    assert_eq!(gpu.values.get("1U1G,1P4").map(String::as_str), Some("P4"));
    assert_eq!(gpu.values.get("1U1G"), None);
}

/// The smallest book of the shape that books had before they said how things are shown.
fn old() -> Files {
    let mut files = Files::default();
    files.add(
        "book.toml",
        "name = \"old\"\ncurrency = \"CNY\"\nzone = \"+08:00\"\nfrom = \"2026-01-01\"\n\n[[region]]\nid = \"north\"\n\
         name = \"North\"\nzones = [\"north-1\"]\n",
    );
    files.add(
        "products/address.toml",
        "id = \"address\"\nname = \"Address\"\nmetering_ends = \"requested\"\n\n[limits]\nquantity = 10\n\n[[option]]\n\
         name = \"kind\"\nkind = \"choice\"\nchoices = [\"v4\", \"v6\"]\n\n[[component]]\nid = \"held\"\nname = \"Address\"\n\
         due = \"hour\"\nmeter = \"held\"\nprice = { kind = \"per_unit\", per = \"hour\", amount = \"0.02\", source = \"demo\" }\n",
    );
    files
}

#[test]
fn a_book_without_texts_loads_and_is_shown_by_its_ids() {
    let book: Arc<Book> = book(&old());
    let product = book.product("address").unwrap();
    let option = product.option("kind").unwrap();
    assert_eq!(product.look.label.or(&product.name), Text::same("Address"));
    assert_eq!(
        (option.look.label.or("kind"), option.look.value("v6")),
        (Text::same("kind"), Text::same("v6"))
    );
    assert_eq!(unsaid(&book), []);
}

#[test]
fn what_a_book_that_speaks_leaves_out_is_named() {
    let mut files = old();
    let product = files.get("products/address.toml").unwrap();
    let named = product.replacen("name = \"Address\"", "name = { en = \"Address\", zh = \"地址\" }", 1);
    files.add("products/address.toml", &named);
    let left: Vec<String> = unsaid(&book(&files)).into_iter().map(|it| it.thing).collect();
    let wanted = [
        "region north",
        "zone north-1",
        "address / option kind",
        "address / option kind / value v4",
        "address / option kind / value v6",
        "address / component held",
    ];
    assert_eq!(left, wanted);
}

/// The problem that `from` in place of `to` makes, told at the line that holds `from`.
#[track_caller]
fn refused(path: &str, (from, to): (&str, &str), (what, remedy): (&str, &str)) {
    let mut files = only(&["server", "disk"]);
    let before = files.get(path).unwrap();
    assert!(before.contains(from), "{path} has no {from}");
    let broken = before.replacen(from, to, 1);
    files.add(path, &broken);
    let problems = load(&files, None).err().unwrap_or_else(|| panic!("{to}: it was not refused"));
    let first = &problems[0];
    let line = broken.lines().nth(first.line - 1).unwrap_or("");
    assert!(first.file == path, "{}", text(&problems));
    assert!(first.what.contains(what) && first.remedy.contains(remedy), "{}", text(&problems));
    let near = to.lines().next().unwrap_or("");
    assert!(line.contains(near) || line.starts_with("[["), "{}: {line}", text(&problems));
}

#[test]
fn what_is_said_by_half_is_refused_where_it_stands() {
    let server = "products/server.toml";
    refused(
        server,
        ("name = { en = \"Cloud server\", zh = \"云服务器\" }", "name = { en = \"Cloud server\" }"),
        ("`Cloud server` is in English and not in Chinese", "Write zh = \"…\" beside en = \"Cloud server\""),
    );
    refused(
        server,
        ("label = { en = \"Zone\", zh = \"可用区\" }", "label = { zh = \"可用区\" }"),
        ("`可用区` is in Chinese and not in English", "Write en = \"…\""),
    );
    refused(
        server,
        (
            "name = { en = \"CPU and memory\", zh = \"CPU 和内存\" }",
            "name = { en = \"CPU and memory\", zh = \" \" }",
        ),
        ("in English and not in Chinese", "zh"),
    );
    refused(
        "book.toml",
        ("name = { en = \"Shanghai\", zh = \"上海\" }", "name = { en = \"Shanghai\" }"),
        ("`Shanghai` is in English and not in Chinese", "zh"),
    );
    refused(
        server,
        ("name = { en = \"Premium\", zh = \"高性能云硬盘\" }", "name = {}"),
        ("a text says nothing", "leave it out"),
    );
}

#[test]
fn what_is_shown_is_there() {
    let server = "products/server.toml";
    refused(
        server,
        ("group = \"compute\"", "group = \"computing\""),
        ("there is no group `computing`", "compute"),
    );
    refused(
        server,
        ("group = \"place\"", "group = \"places\""),
        ("there is no group `places`", "billing, place"),
    );
    refused(server, ("value.linux =", "value.linus ="), ("has a text for `linus`", "linux, windows"));
    refused(
        server,
        ("recommended = \"S2.MEDIUM4\"", "recommended = \"S9\""),
        ("recommends `S9`", "can be chosen"),
    );
    refused(server, ("stops = [20, 50,", "stops = [25, 50,"), ("has a stop at 25", "on its steps"));
    refused(server, ("stops = [20, 50,", "stops = [50, 20,"), ("do not go up", "smaller ones first"));
    refused(server, ("id = \"memory\"", "id = \"vcpu\""), ("two attributes `vcpu`", "its own id"));
    refused(
        server,
        ("{ id = \"memory\",", "{ id = \"memories\","),
        ("has no column `memories`", "Its columns are"),
    );
    refused(
        "book.toml",
        ("zone.shanghai-1 =", "zone.shanghai-9 ="),
        ("has no zone `shanghai-9`", "shanghai-1"),
    );
}

#[test]
fn attributes_of_a_table_are_checked_at_their_row() {
    let mut files = only(&["server"]);
    let table = files.get("tables/server_types.csv").unwrap();
    let broken = table.replacen(",S1,1,1", ",S1,one,1", 1);
    files.add("tables/server_types.csv", &broken);
    let problems = load(&files, None).unwrap_err();
    let first = &problems[0];
    assert_eq!((first.file.as_str(), first.line), ("tables/server_types.csv", 3), "{}", text(&problems));
    assert!(first.what.contains("`one` is no number"), "{}", text(&problems));
}

/// The page of a purchase says below a range from where to where it goes and in which steps: no sentence of its book says that again.
#[test]
fn help_says_nothing_of_a_range_that_the_page_says_already() {
    let mut ranges = 0;
    for name in ["demo", "kinds"] {
        let book = book(&read(name));
        for option in book.products.iter().flat_map(|it| &it.options) {
            let (OptionKind::Range { to, .. }, Some(help)) = (&option.kind, &option.look.label.help) else {
                continue;
            };
            ranges += 1;
            for text in [&help.en, &help.zh] {
                let mut numbers = text.split(|it: char| !it.is_ascii_digit());
                let is_said = numbers.any(|it| it == to.to_string());
                assert!(!is_said && !text.contains("step") && !text.contains("步长"), "{name}: {text}");
            }
        }
    }
    assert!(ranges > 0);
}
