//! The house rules: what a reviewer would otherwise have to say twice.
//!
//! In:  the files of the repository, as text.
//! Out: findings, each with file, line and remedy, and the measures of each crate; with `--report` the places as well.
//!
//! Invariant: a rule is a function from text to findings. It reads no file, so its test hands it a bad text and sees it
//! fail. `cargo test` runs every rule on the repository too (`tidy/tests.rs`).

mod circles;
mod finding;
mod flags;
mod manifests;
mod measures;
mod names;
mod paths;
mod places;
mod plurals;
mod rust;
mod schemas;
mod shape;
mod signatures;
mod terms;
#[cfg(test)]
mod tests;
mod traits;
mod tree;
mod unshown;
mod words;

use std::process::ExitCode;

use anyhow::Result;

use finding::Finding;
use measures::Measures;
pub use tree::root;
use tree::{File, Tree};

/// What `cargo xtask tidy` prints beside its findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// The measures of each crate.
    Measures,
    /// The measures, and where the longest and widest functions and files are.
    Report,
    /// All of it for programs, findings included.
    Json,
}

/// Every rule, over the whole repository.
const RULES: &[fn(&Tree) -> Vec<Finding>] = &[
    dependencies_point_one_way,
    the_core_is_pure,
    store_and_desk_are_synchronous,
    nothing_is_left_undone,
    files_have_headers,
    files_are_short,
    functions_are_short,
    few_functions_take_many_arguments,
    no_tuple_patterns_in_public,
    files_use_each_other_one_way,
    traits_have_two_implementors,
    names_say_something,
    every_text_is_shown,
    numbers_go_with_their_nouns,
    one_word_for_one_thing,
    no_flag_parameters,
    few_locked_packages,
    no_path_of_one_machine,
    guides_name_files_that_are_there,
    schemas_have_names_of_their_own,
];

pub fn run(detail: Detail) -> Result<ExitCode> {
    let tree = tree::load()?;
    let findings: Vec<Finding> = RULES.iter().flat_map(|rule| rule(&tree)).collect();
    let measures = Measures::of(&tree);
    match detail {
        Detail::Json => println!("{:#}", measures.json(&findings)),
        Detail::Measures => print(&findings, &measures.table()),
        Detail::Report => {
            let locked = manifests::locked(tree.lock());
            let locked = format!("locked packages: {locked} (limit {})", manifests::LOCKED_LIMIT);
            print(&findings, &[measures.report(), locked, measures.table()].join("\n\n"));
        }
    }
    if detail != Detail::Json {
        println!("tidy: {} files, {} rules, {} findings", tree.files.len(), RULES.len(), findings.len());
    }
    Ok(if findings.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn print(findings: &[Finding], measures: &str) {
    for finding in findings {
        println!("{finding}");
    }
    println!("\n{measures}\n");
}

fn dependencies_point_one_way(tree: &Tree) -> Vec<Finding> {
    manifests::directions(&tree.manifests())
}

fn the_core_is_pure(tree: &Tree) -> Vec<Finding> {
    each(tree.rust(), words::impure)
}

fn store_and_desk_are_synchronous(tree: &Tree) -> Vec<Finding> {
    each(tree.rust(), words::asynchronous)
}

fn nothing_is_left_undone(tree: &Tree) -> Vec<Finding> {
    each(tree.rust(), words::undone)
}

fn files_have_headers(tree: &Tree) -> Vec<Finding> {
    each(tree.rust(), shape::header)
}

fn files_are_short(tree: &Tree) -> Vec<Finding> {
    each(tree.rust(), shape::long_file)
}

fn functions_are_short(tree: &Tree) -> Vec<Finding> {
    each(tree.rust(), shape::long_functions)
}

fn few_functions_take_many_arguments(tree: &Tree) -> Vec<Finding> {
    measures::too_many_arguments(&tree.rust().collect::<Vec<_>>())
}

fn no_tuple_patterns_in_public(tree: &Tree) -> Vec<Finding> {
    each(tree.rust(), signatures::tuple_patterns)
}

fn files_use_each_other_one_way(tree: &Tree) -> Vec<Finding> {
    circles::circles(&tree.rust().collect::<Vec<_>>())
}

fn traits_have_two_implementors(tree: &Tree) -> Vec<Finding> {
    traits::lonely(&tree.rust().collect::<Vec<_>>())
}

fn names_say_something(tree: &Tree) -> Vec<Finding> {
    each(tree.rust(), names::vices)
}

fn every_text_is_shown(tree: &Tree) -> Vec<Finding> {
    unshown::texts(&tree.files)
}

fn numbers_go_with_their_nouns(tree: &Tree) -> Vec<Finding> {
    each(tree.files.iter(), plurals::fixed)
}

fn one_word_for_one_thing(tree: &Tree) -> Vec<Finding> {
    each(tree.files.iter(), terms::others)
}

fn guides_name_files_that_are_there(tree: &Tree) -> Vec<Finding> {
    paths::gone(&tree.files)
}

fn schemas_have_names_of_their_own(tree: &Tree) -> Vec<Finding> {
    schemas::twice(&tree.rust().filter(|it| !tree::is_test(&it.path)).collect::<Vec<_>>())
}

fn no_flag_parameters(tree: &Tree) -> Vec<Finding> {
    each(tree.rust(), flags::parameters)
}

fn few_locked_packages(tree: &Tree) -> Vec<Finding> {
    manifests::too_many_locked(tree.lock())
}

fn no_path_of_one_machine(tree: &Tree) -> Vec<Finding> {
    each(tree.files.iter(), places::machine_bound)
}

fn each<'a>(files: impl Iterator<Item = &'a File>, rule: fn(&str, &str) -> Vec<Finding>) -> Vec<Finding> {
    files.flat_map(|file| rule(&file.path, &file.text)).collect()
}
