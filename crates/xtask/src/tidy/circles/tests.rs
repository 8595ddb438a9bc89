//! Circles: crates of a few lines, with the files that must be found in a circle, and those that must not.

use super::*;

/// The circles of a crate `a` with these files under `src`: the files of each, and the lines of its uses.
fn found(files: &[(&str, &str)]) -> Vec<(Vec<String>, Vec<String>)> {
    let files: Vec<File> = files
        .iter()
        .map(|(path, text)| File { path: format!("crates/a/src/{path}"), text: (*text).into() })
        .collect();
    let circle = |it: Finding| {
        let (names, uses) = it.remedy.split_once("):").unwrap();
        let (_, names) = names.split_once('(').unwrap();
        let names = names.split(", ").map(|it| it.replace("crates/a/src/", "")).collect();
        let uses = uses.lines().skip(1).map(|it| it.trim().replace("crates/a/src/", "")).collect();
        (names, uses)
    };
    circles(&files.iter().collect::<Vec<_>>()).into_iter().map(circle).collect()
}

/// The names of the files in circles.
fn in_circles(files: &[(&str, &str)]) -> Vec<Vec<String>> {
    found(files).into_iter().map(|(names, _)| names).collect()
}

const LIB: (&str, &str) = ("lib.rs", "mod b;\nmod c;\nmod d;\n");

#[test]
fn two_files_that_use_each_other_are_found() {
    let circle = found(&[
        LIB,
        ("b.rs", "use crate::c::C;\npub struct B(C);\n"),
        ("c.rs", "//! C.\npub struct C;\nfn f() -> super::b::B { todo() }\n"),
        ("d.rs", "use crate::{b::B, c};\nfn f() { c::C }\n"),
    ]);
    let names = vec!["b.rs".to_owned(), "c.rs".to_owned()];
    let uses =
        vec!["b.rs:1: `crate::c::C` is in c.rs".to_owned(), "c.rs:3: `super::b::B` is in b.rs".to_owned()];
    assert_eq!(circle, [(names, uses)]);
}

#[test]
fn a_long_way_round_is_a_circle_and_a_way_out_of_it_is_none() {
    let files = [
        ("lib.rs", "pub mod b; pub mod c; pub mod d; pub mod e;"),
        ("b.rs", "use super::c; use super::e::E; pub struct B; fn f() { c::f() }"),
        ("c.rs", "use super::d as other; pub fn f() { other::g::<u8>() }"),
        ("d.rs", "pub fn g<T>() { let it: Vec<crate::b::B> = Vec::new(); }"),
        ("e.rs", "pub struct E;"),
    ];
    assert_eq!(in_circles(&files), [["b.rs", "c.rs", "d.rs"]]);
    let circles = in_circles(&[
        ("lib.rs", "pub mod b; pub mod c; pub mod d; pub mod e;"),
        ("b.rs", "use super::c::C; pub struct B;"),
        ("c.rs", "use super::b::B; use super::d::D; pub struct C;"),
        ("d.rs", "use super::e::E; pub struct D;"),
        ("e.rs", "use super::d::D; pub struct E;"),
    ]);
    assert_eq!(circles, [["b.rs", "c.rs"], ["d.rs", "e.rs"]]);
}

#[test]
fn every_way_to_write_a_use_is_read() {
    for bad in [
        "use super::{d::D, c::{self, C}};",
        "use super::c::{self as other}; fn f() { other::C }",
        "use crate::c::*; fn f() -> C { C }",
        "use crate::c::Kind::*;",
        "pub(crate) use super::c::C; fn f(it: C) {}",
        "use super::c::C as _;",
        "use {super::{c::C}};",
        "use self::super::c::C;",
        "fn f() { use crate::c::C; }",
        "fn f<T: crate::c::T>() where T: super::d::D {}",
        "mod inner { use super::super::c::C; }",
        "mod inner { fn f() { crate::c::f() } }",
        "#[serde(deserialize_with = \"super::c::f\")] struct S;",
        "use crate::c; #[serde(deserialize_with = \"c::f\")] struct S;",
        "use super::c; fn f() { 0..c::LIMIT }",
        "use super::c; fn f() -> D { D { it, ..c::D::default() } }",
        "fn f() { made_by_macro!(super::c::C) }",
    ] {
        let c = "use super::b; pub enum Kind { One } pub struct C; fn f() { b::g() }";
        assert_eq!(in_circles(&[LIB, ("b.rs", bad), ("c.rs", c), ("d.rs", "")]), [["b.rs", "c.rs"]], "{bad}");
    }
    for fine in [
        "use super::c;",
        "use super::d::D;",
        "use other::c::C; fn f() -> C { C }",
        "use ::c::C;",
        "pub use super::c::C;",
        "// use super::c::C;",
        "const IT: &str = \"use super::c::C;\";",
        "pub(in crate::c) struct S;",
        "#[cfg(test)] mod tests { use super::super::c::C; }",
        "#[cfg(test)] use super::c::C;\n",
        "struct S { c: u8, C: u8 } fn f(it: S) { it.c; it.C; c::C }",
    ] {
        let c = "use super::b::B; pub struct C;";
        let none: &[Vec<String>] = &[];
        assert_eq!(in_circles(&[LIB, ("b.rs", fine), ("c.rs", c), ("d.rs", "")]), none, "{fine}");
    }
}

#[test]
fn a_name_that_is_handed_on_counts_where_it_is_defined() {
    let handed_on = [
        ("lib.rs", "pub mod desk;"),
        ("desk/mod.rs", "pub mod refusal;\npub mod orders;\npub use refusal::Refusal;\npub use orders::*;"),
        ("desk/refusal.rs", "pub enum Refusal {}"),
        ("desk/orders.rs", "use crate::desk::Refusal;\npub fn place() -> Refusal { todo() }"),
    ];
    assert_eq!(in_circles(&handed_on), [] as [Vec<String>; 0]);
    let twice = [
        ("lib.rs", "pub mod desk;\npub use desk::Refusal;"),
        ("desk.rs", "pub mod refusal;\npub mod orders;\npub use refusal::Refusal;"),
        ("desk/refusal.rs", "use super::orders; pub enum Refusal {}\nfn f() { orders::place() }"),
        ("desk/orders.rs", "use crate::Refusal;\npub fn place() -> Refusal { todo() }"),
    ];
    assert_eq!(in_circles(&twice), [["desk/refusal.rs", "desk/orders.rs"]]);
    let same_names = [
        ("lib.rs", "mod diff;\npub use diff::diff;\npub fn check() {}"),
        ("diff.rs", "use crate::check;\npub fn diff() { check() }"),
    ];
    assert_eq!(in_circles(&same_names), [] as [Vec<String>; 0]);
}

#[test]
fn a_parent_and_its_child_are_a_circle_when_both_use_the_other() {
    let child = ("desk/orders.rs", "use super::Desk;\npub fn place(desk: &Desk) {}");
    let handing_on =
        ("desk/mod.rs", "pub mod orders;\npub use orders::place;\npub struct Desk { place: u8 }");
    let naming =
        ("desk/mod.rs", "pub mod orders;\npub use orders::place;\npub struct Desk;\nfn f() { place() }");
    let calling = ("desk/mod.rs", "pub mod orders;\npub struct Desk;\nfn f() { orders::place() }");
    let importing = ("desk/mod.rs", "pub mod orders;\nuse orders::place;\npub struct Desk;");
    let lib = ("lib.rs", "pub mod desk;");
    assert_eq!(in_circles(&[lib, handing_on, child]), [] as [Vec<String>; 0]);
    for parent in [naming, calling, importing] {
        assert_eq!(in_circles(&[lib, parent, child]), [["desk/mod.rs", "desk/orders.rs"]], "{}", parent.1);
    }
}

#[test]
fn what_a_macro_defines_counts_for_its_module() {
    let files = [
        ("lib.rs", "mod id; mod kinds; pub use id::OrderId;"),
        ("id.rs", "use super::kinds::Kind; ids! { OrderId = \"ord\" }"),
        ("kinds.rs", "pub enum Kind {} pub struct Row(crate::OrderId);"),
    ];
    assert_eq!(in_circles(&files), [["id.rs", "kinds.rs"]]);
    let words = [
        ("lib.rs", "mod words; mod view;"),
        ("words.rs", "macro_rules! words { () => { $crate::view::View } }\npub(crate) use words;"),
        ("view.rs", "use super::words::words;\npub struct View; words!();"),
    ];
    assert_eq!(in_circles(&words), [["words.rs", "view.rs"]]);
}

#[test]
fn crates_and_tests_are_read_apart() {
    let files = [
        ("crates/a/src/lib.rs", "pub mod b; pub mod c;"),
        ("crates/a/src/b.rs", "use crate::c::C; pub struct B;"),
        ("crates/a/src/c.rs", "#[cfg(test)] mod tests; pub struct C;"),
        ("crates/a/src/c/tests.rs", "use crate::b::B; use super::C;"),
        ("crates/a/tests/it.rs", "use a::b::B;"),
        ("crates/z/src/lib.rs", "pub mod b; pub mod c;"),
        ("crates/z/src/b.rs", "pub struct B;"),
        ("crates/z/src/c.rs", "use crate::b::B; pub struct C;"),
        ("crates/z/src/main.rs", "use z::b::B; fn main() {}"),
    ];
    let files = files.map(|(path, text)| File { path: path.into(), text: text.into() });
    assert_eq!(circles(&files.iter().collect::<Vec<_>>()), []);
}
