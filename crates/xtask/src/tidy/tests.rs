//! The house rules on this repository, and each rule on a text that breaks it.
//!
//! A rule that cannot fail is worth nothing: every check is handed a bad text and must say where it is bad.

use std::sync::OnceLock;

use super::rust::{functions, tokens};
use super::*;

fn repository() -> &'static Tree {
    static TREE: OnceLock<Tree> = OnceLock::new();
    TREE.get_or_init(|| tree::load().unwrap())
}

#[track_caller]
fn assert_none(findings: Vec<Finding>) {
    let lines: Vec<String> = findings.iter().map(ToString::to_string).collect();
    assert!(lines.is_empty(), "\n{}\n", lines.join("\n"));
}

/// The lines of the findings, in order.
fn lines(findings: Vec<Finding>) -> Vec<usize> {
    let mut lines: Vec<usize> = findings.iter().map(|it| it.line).collect();
    lines.sort_unstable();
    lines
}

const NO_LINES: [usize; 0] = [];

fn file(path: &str, text: &str) -> File {
    File { path: path.into(), text: text.into() }
}

mod this_repository {
    //! One test per rule, so that the name of the test says which rule is broken.
    use super::*;

    #[test]
    fn has_sources() {
        assert!(repository().rust().any(|it| it.path == "crates/xtask/src/tidy/tests.rs"));
    }

    #[test]
    fn has_dependencies_that_point_one_way() {
        assert_none(dependencies_point_one_way(repository()));
    }

    #[test]
    fn has_a_pure_core() {
        assert_none(the_core_is_pure(repository()));
    }

    #[test]
    fn has_a_synchronous_store_and_desk() {
        assert_none(store_and_desk_are_synchronous(repository()));
    }

    #[test]
    fn has_guides_that_name_files_that_are_there() {
        assert_none(guides_name_files_that_are_there(repository()));
    }

    #[test]
    fn has_schemas_with_names_of_their_own() {
        assert_none(schemas_have_names_of_their_own(repository()));
    }

    #[test]
    fn has_nothing_left_undone() {
        assert_none(nothing_is_left_undone(repository()));
    }

    #[test]
    fn has_a_header_in_every_file() {
        assert_none(files_have_headers(repository()));
    }

    #[test]
    fn has_short_files() {
        assert_none(files_are_short(repository()));
    }

    #[test]
    fn has_short_functions() {
        assert_none(functions_are_short(repository()));
    }

    #[test]
    fn has_few_functions_with_many_arguments() {
        assert_none(few_functions_take_many_arguments(repository()));
    }

    #[test]
    fn has_no_tuple_patterns_in_public() {
        assert_none(no_tuple_patterns_in_public(repository()));
    }

    #[test]
    fn has_no_circle_of_files() {
        assert_none(files_use_each_other_one_way(repository()));
    }

    #[test]
    fn has_two_implementors_for_every_trait() {
        assert_none(traits_have_two_implementors(repository()));
    }

    #[test]
    fn has_names_that_say_something() {
        assert_none(names_say_something(repository()));
    }

    #[test]
    fn has_numbers_that_go_with_their_nouns() {
        assert_none(numbers_go_with_their_nouns(repository()));
    }

    #[test]
    fn has_one_word_for_one_thing() {
        assert_none(one_word_for_one_thing(repository()));
    }

    #[test]
    fn has_no_boolean_parameters() {
        assert_none(no_flag_parameters(repository()));
    }

    #[test]
    fn has_few_locked_packages() {
        assert_none(few_locked_packages(repository()));
    }

    #[test]
    fn has_no_path_of_one_machine() {
        assert_none(no_path_of_one_machine(repository()));
    }
}

fn directions_of(user: &str, manifest: &str) -> Vec<usize> {
    let root =
        file("Cargo.toml", "[workspace.dependencies]\nsql = { package = \"rusqlite\", version = \"0\" }\n");
    let of_crate = file(&format!("crates/{user}/Cargo.toml"), manifest);
    lines(manifests::directions(&[&root, &of_crate]))
}

#[test]
fn an_arrow_back_is_found() {
    assert_eq!(
        directions_of("billing", "[dependencies]\nunits.workspace = true\nstore = { path = \"../store\" }\n"),
        [3]
    );
    assert_eq!(
        directions_of("units", "[dev-dependencies]\n\n[dev-dependencies.billing]\npath = \"../billing\"\n"),
        [3]
    );
    assert_eq!(
        directions_of("store", "[target.'cfg(unix)'.dependencies]\npricebook.workspace = true\n"),
        [2]
    );
    assert_eq!(directions_of("server", "[dev-dependencies]\nscenarios.workspace = true\n"), [2]);
    assert_eq!(
        directions_of("billing", "[build-dependencies]\nalias = { package = \"server\", path = \"x\" }\n"),
        [2]
    );
    assert_eq!(directions_of("scenarios", "[dependencies]\nserver.workspace = true\n"), NO_LINES);
    assert_eq!(directions_of("console", "[dependencies]\nweb.workspace = true\napi.workspace = true\n"), [3]);
    assert_eq!(directions_of("desk", "[dependencies]\nstore.workspace = true\nweb.workspace = true\n"), [3]);
    assert_eq!(directions_of("play", "[dependencies]\ndesk.workspace = true\napi.workspace = true\n"), [3]);
}

#[test]
fn a_crate_outside_the_table_is_found() {
    assert_eq!(directions_of("extras", "[package]\nname = \"extras\"\n"), [1]);
    assert_eq!(directions_of("store", "this is no manifest"), [1]);
}

#[test]
fn a_driver_or_a_network_library_out_of_place_is_found() {
    assert_eq!(directions_of("server", "[dependencies]\npostgres = \"0.19\"\n"), [2]);
    assert_eq!(directions_of("server", "[dependencies]\nsql.workspace = true\n"), [2]);
    assert_eq!(directions_of("server", "[dev-dependencies]\nrusqlite = \"0\"\n"), NO_LINES);
    assert_eq!(directions_of("billing", "[dev-dependencies]\nrusqlite = \"0\"\n"), [2]);
    assert_eq!(directions_of("store", "[dependencies]\nrusqlite = \"0\"\ntokio = \"1\"\n"), [3]);
    assert_eq!(directions_of("desk", "[dependencies]\nutoipa = \"6\"\nhyper = \"1\"\n"), [2, 3]);
    assert_eq!(directions_of("web", "[dependencies]\ntokio = \"1\"\naxum = \"0\"\n"), NO_LINES);
    assert_eq!(directions_of("server", "[dependencies]\ntokio = \"1\"\naxum = \"0\"\n"), NO_LINES);
}

#[test]
fn too_many_locked_packages_are_found() {
    let lock = |count: usize| "[[package]]\nname = \"it\"\n".repeat(count);
    assert_eq!(manifests::too_many_locked(Some(&lock(500))), []);
    assert_eq!(lines(manifests::too_many_locked(Some(&lock(501)))), [1]);
    assert_eq!(lines(manifests::too_many_locked(None)), [1]);
}

#[test]
fn an_impure_word_is_found() {
    let impure = |text: &str| lines(words::impure("crates/billing/src/rate.rs", text));
    for bad in [
        "async fn rate() {}",
        "let at = Timestamp::now();",
        "let at = given.unwrap_or_else(Timestamp::now);",
        "let share: f32 = it;",
        "let share = 0.5_f64;",
        "let share = cost.as_f64();",
        "use std::fs;",
        "use std::{fmt, io::{self, Read}, fs};",
        "let socket = std::net::TcpStream::connect(to);",
        "std::env::var(\"ZONE\")",
        "let id = rand::random();",
        "use std::time::SystemTime;",
    ] {
        assert_eq!(impure(&format!("//! Rating.\n\n{bad}\n")), [3], "{bad}");
    }
    for fine in [
        "// async, f64 and std::fs in a comment",
        "/* f64 /* f64 */ f64 */",
        "/// `Timestamp::now()` is not called here.",
        "let text = \"f64 \\\" std::env\";",
        "let text = r#\"one \" f64\"#;",
        "let mask = 0xf64;",
        "use std::{fmt, other::{env, fs}};",
        "let strand::operand = knowing::nowhere;",
    ] {
        assert_eq!(impure(&format!("//! Rating.\n\n{fine}\n")), NO_LINES, "{fine}");
    }
    assert_eq!(words::impure("crates/server/src/main.rs", "use std::fs;"), []);
}

#[test]
fn async_in_the_store_or_the_desk_is_found() {
    let text = "//! Orders.\nasync fn pay() {\n    it.await\n}\n";
    assert_eq!(lines(words::asynchronous("crates/store/src/orders.rs", text)), [2, 3]);
    assert_eq!(lines(words::asynchronous("crates/desk/src/orders.rs", text)), [2, 3]);
    assert_eq!(words::asynchronous("crates/api/src/orders.rs", text), []);
}

#[test]
fn what_is_undone_is_found() {
    let text =
        "fn a() { todo!() }\nfn b() { unimplemented!(\"later\") }\nlet x = dbg!(y);\n#[ignore = \"slow\"]\n";
    assert_eq!(lines(words::undone("x.rs", text)), [1, 2, 3, 4]);
    assert_eq!(words::undone("x.rs", "// todo!()\nlet todo = \"dbg!(it)\"; #[test] fn ignore() {}\n"), []);
}

#[test]
fn a_missing_header_is_found() {
    assert_eq!(lines(shape::header("x.rs", "use std::fmt;\n")), [1]);
    assert_eq!(lines(shape::header("x.rs", "//!\n//! Late.\n")), [1]);
    assert_eq!(lines(shape::header("x.rs", "")), [1]);
    assert_eq!(shape::header("x.rs", "//! Rating.\n"), []);
}

#[test]
fn a_long_file_is_found() {
    assert_eq!(lines(shape::long_file("crates/a/src/b.rs", &"//\n".repeat(501))), [501]);
    assert_eq!(shape::long_file("crates/a/src/b.rs", &"//\n".repeat(500)), []);
    assert_eq!(shape::long_file("crates/a/src/b/tests.rs", &"//\n".repeat(501)), []);
    let tests = format!("#[cfg(test)]\nmod tests {{\n{}}}\n", "//\n".repeat(99));
    assert_eq!(shape::long_file("crates/a/src/b.rs", &("//\n".repeat(500) + &tests)), []);
    assert_eq!(lines(shape::long_file("crates/a/src/b.rs", &("//\n".repeat(501) + &tests))), [501]);
    assert_eq!(shape::long_file("crates/a/tests/b.rs", &"//\n".repeat(501)), []);
}

#[test]
fn a_long_function_is_found() {
    let function = |lines: usize| format!("//! It.\n\nfn it() {{\n{}}}\n", "    step();\n".repeat(lines - 2));
    assert_eq!(lines(shape::long_functions("x.rs", &function(71))), [3]);
    assert_eq!(shape::long_functions("x.rs", &function(70)), []);
}

#[test]
fn braces_in_quotes_and_comments_do_not_count() {
    let text = r##"
fn first<'a, F: Fn(u8) -> [u8; 2]>(it: &'a F) -> [u8; { 1 + 1 }] {
    let open = ['{', '\'', b'{' as char, '\u{7b}'];
    let text = ("{", "\"{", r"{\", r#"{"{"#, b"{", br#"{"#, c"{");
    // {
    /* { /* { */ */
    let pair = ((1, 2), 3).0.1 + 1..2;
    'outer: loop { break 'outer }
}
fn second();
fn third() { let point: fn(u8) -> u8 = it; }
"##;
    let found: Vec<(&str, usize)> = functions(&tokens(text)).iter().map(|it| (it.name, it.lines)).collect();
    assert_eq!(found, [("first", 8), ("second", 0), ("third", 1)]);
}

#[test]
fn a_tuple_pattern_in_public_is_found() {
    for bad in [
        "pub fn deliver((cart, book): (&Cart, &Book)) {}",
        "pub(crate) fn deliver(order: Order, &(cart, book): &(Cart, Book)) {}",
        "impl Desk { pub async fn deliver(&self, (cart, book): (Cart, Book)) {} }",
    ] {
        assert_eq!(lines(signatures::tuple_patterns("crates/a/src/b.rs", bad)), [1], "{bad}");
        assert_eq!(signatures::tuple_patterns("crates/a/tests/b.rs", bad), [], "{bad}");
        let in_test = format!("#[cfg(test)]\nmod tests {{ {bad} }}");
        assert_eq!(signatures::tuple_patterns("crates/a/src/b.rs", &in_test), [], "{bad}");
    }
    for fine in [
        "fn deliver((cart, book): (&Cart, &Book)) {}",
        "pub fn deliver(Path(id): Path<(u8, u8)>, both: (u8, u8), Order { id, .. }: Order) {}",
        "pub fn deliver(rule: impl Fn((u8, u8)) -> u8) { it.map(|(a, b)| a); }",
    ] {
        assert_eq!(signatures::tuple_patterns("crates/a/src/b.rs", fine), [], "{fine}");
    }
}

#[test]
fn a_trait_with_one_implementor_is_found() {
    let cloud = file("a.rs", "//! Clouds.\n\n/// A cloud.\npub trait Cloud<T> {\n    fn ask(&self);\n}\n");
    let one = file(
        "b.rs",
        "impl<T: Copy> crate::Cloud<T> for Real<T> {}\nfn f(it: impl Cloud<u8>) { for _ in it {} }\n",
    );
    let two = file("c.rs", "impl Cloud<u8> for Simulated where for<'a> &'a u8: Copy {}\n");
    let inherent = file("d.rs", "impl Cloud { fn x() -> impl Cloud<u8> { for a in b {} } }\n");
    let mock = file("c/tests.rs", "impl Cloud<u8> for Mock {}\n");
    assert_eq!(lines(traits::lonely(&[&cloud, &one, &inherent])), [4]);
    assert_eq!(lines(traits::lonely(&[&cloud, &one, &mock])), [4]);
    assert_eq!(traits::lonely(&[&cloud, &one, &two]), []);
    let twin = file("e.rs", "trait Cloud {}\n");
    assert_eq!(lines(traits::lonely(&[&cloud, &one, &two, &twin])), [1, 4]);
}

#[test]
fn a_trait_may_be_explained() {
    let explained =
        file("a.rs", "// trait: a macro implements it for every id\n#[doc(hidden)]\npub trait Id {}\n");
    let without_reason = file("a.rs", "// trait:\npub trait Id {}\n");
    let too_far = file("a.rs", "// trait: a macro implements it for every id\n\npub trait Id {}\n");
    assert_eq!(traits::lonely(&[&explained]), []);
    assert_eq!(lines(traits::lonely(&[&without_reason])), [2]);
    assert_eq!(lines(traits::lonely(&[&too_far])), [3]);
}

#[test]
fn a_name_that_says_nothing_is_found() {
    for bad in [
        "struct BillingManager;",
        "pub enum OrderService {}",
        "trait RateHelper {}",
        "mod utils;",
        "type Job = (); pub(crate) struct EventProcessors;",
        "struct HTTPHandler;",
        "mod common { }",
        "mod order_service;",
    ] {
        assert_eq!(lines(names::vices("crates/a/src/b.rs", bad)), [1], "{bad}");
    }
    for fine in [
        "struct Utilisation;",
        "struct ServiceStop;",
        "mod service;",
        "enum CommonRail {}",
        "fn handler() {}",
    ] {
        assert_eq!(names::vices("crates/a/src/b.rs", fine), [], "{fine}");
    }
    for path in ["crates/a/src/common.rs", "crates/a/tests/common/mod.rs", "crates/a/src/handlers/b.rs"] {
        assert_eq!(lines(names::vices(path, "")), [1], "{path}");
    }
}

#[test]
fn a_boolean_parameter_is_found() {
    for bad in [
        "pub fn close(order: Order, force: bool) {}",
        "pub(crate) async fn close<F: Fn(bool) -> bool>(f: F, force: &mut bool) {}",
        "impl Order { pub const unsafe extern \"C\" fn close(&self, force: Option<bool>) {} }",
        "pub(in crate::x) fn close(map: Map<u8, (u8, u8)>, mut force: bool);",
    ] {
        assert_eq!(lines(flags::parameters("x.rs", bad)), [1], "{bad}");
    }
    for fine in [
        "fn close(order: Order, force: bool) {}",
        "pub fn is_open(&self) -> bool { fn inner(it: bool) {} }",
        "pub fn keep(rule: impl Fn(&Line, bool) -> bool, days: &[bool]) {}",
        "pub(crate) struct Open(bool); fn close(force: bool) {}",
    ] {
        assert_eq!(flags::parameters("x.rs", fine), [], "{fine}");
    }
    let on_its_own_line = "pub fn close(\n    order: Order,\n    force: bool,\n) {\n}\n";
    assert_eq!(lines(flags::parameters("x.rs", on_its_own_line)), [3]);
}

#[test]
fn a_place_of_one_machine_is_found() {
    for bad in [
        concat!("see /wo", "rk/shared/style.md"),
        concat!("\"/ro", "ot/.cargo\""),
        concat!("file:///ho", "me/me/x"),
        concat!("https://index.crates", ".io/"),
        concat!("https://files.pythonhosted", ".org/x"),
    ] {
        assert_eq!(lines(places::machine_bound("docs/a.md", &format!("one\n{bad}\n"))), [2], "{bad}");
        assert_eq!(places::machine_bound("Cargo.lock", bad), []);
    }
    for fine in
        [concat!("https://example.org/ho", "me/x"), concat!("crates/wo", "rk/x"), "a crate, in and out"]
    {
        assert_eq!(places::machine_bound("docs/a.md", fine), [], "{fine}");
    }
    let mirror = concat!("[source.mine]\nreplace", "-with = \"mirror\"\n");
    assert_eq!(lines(places::machine_bound(".cargo/config.toml", mirror)), [2]);
}

#[test]
fn a_number_with_a_noun_of_one_form_is_found() {
    let text = "# { $a } days\none = { $a } days left\ntwo = { $a ->\n    [one] { $a } day\n   *[other] { $a } days\n}\n\
                three = { $a } to { $b } days\nfour = { $c }, in { $a } months.\nfive = { $a } daysies\nrule-within = { $a } days\n";
    assert_eq!(lines(plurals::fixed("crates/texts/texts/en/a.ftl", text)), [2, 8]);
    assert_eq!(lines(plurals::fixed("crates/texts/texts/zh/a.ftl", text)), NO_LINES);
}

#[test]
fn another_word_for_the_same_thing_is_found() {
    let text = "one = 按量计费\ntwo = 后付费用量\n";
    assert_eq!(lines(terms::others("crates/texts/texts/zh/a.ftl", text)), [2]);
    assert_eq!(lines(terms::others("crates/a/src/b.rs", text)), [2]);
    assert_eq!(lines(terms::others("crates/a/tests/b.rs", text)), NO_LINES);
    let text = "# What is prepaid.\nis-prepaid = It is annual/monthly.\nlate = Prepaid until then\n";
    assert_eq!(lines(terms::others("crates/texts/texts/en/a.ftl", text)), [3]);
}

#[test]
fn a_finding_says_where_and_what_to_do() {
    let finding = &words::undone("crates/a/src/b.rs", "\ntodo!()\n")[0];
    let expected = "crates/a/src/b.rs:2: `todo!`: finish it, or return an error that says what is missing";
    assert_eq!(finding.to_string(), expected);
}

#[test]
fn a_guide_that_names_what_is_gone_is_found() {
    let guide =
        "See `crates/a/src/b.rs`.\nIn `crates/a/src`, not `crates/a/src/c.rs` nor `crates/<x>/src`.\n";
    let files = [file("docs/x.md", guide), file("crates/a/src/b.rs", "")];
    assert_eq!(lines(paths::gone(&files)), [2]);
}

#[test]
fn a_schema_with_the_name_of_another_is_found() {
    let one = file(
        "crates/api/src/a.rs",
        "#[derive(Debug, ToSchema)]\n/// Words.\npub struct CostView {}\nstruct Other;\n",
    );
    let two = file("crates/api/src/b.rs", "#[derive(ToSchema)]\npub struct CostView;\npub struct Other;\n");
    assert_eq!(lines(schemas::twice(&[&one, &two])), [2]);
}

#[test]
fn a_text_that_nobody_shows_is_found() {
    let file = |path: &str, text: &str| File { path: path.into(), text: text.into() };
    let texts = file("crates/texts/texts/en/a.ftl", "# A note.\nsign-in = Sign in\nlost-text = Lost\n");
    let page = file("crates/console/src/a.rs", "html! { (texts.sign_in()) }");
    assert_eq!(lines(unshown::texts(&[texts, page])), [3]);
}
