//! Measures: how large files and functions are and how they hang together, per crate, beside what we aim at.
//!
//! In:  the sources of the crates.
//! Out: a table, a report of places, both as JSON; a finding when too many functions take many arguments.
//!
//! Invariant: tests do not count, neither files of tests nor what `#[cfg(test)]` marks in others. Measuring refuses
//! nothing: what fails is a rule.

mod sizes;
mod table;
#[cfg(test)]
mod tests;

use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::Finding;
use super::circles::circles;
use super::tree::{File, Tree, crate_of};
use sizes::{Function, MANY_ARGUMENTS, MANY_ARGUMENTS_LIMIT, Reach, Sizes, Source, sources};

/// How many of the longest a report names.
const NAMED_IN_REPORT: usize = 5;

/// Participles without `ed` at their end that we have met as names of functions.
const PARTICIPLES: &[&str] =
    &["bought", "found", "given", "held", "kept", "known", "made", "said", "shown", "taken", "written"];

pub struct Measures {
    sources: Vec<Source>,
    /// The crates by name, each with its sizes.
    crates: Vec<(String, Sizes)>,
    all: Sizes,
}

impl Measures {
    pub fn of(tree: &Tree) -> Self {
        let files: Vec<&File> = tree.rust().collect();
        let sources = sources(&files);
        let circles = circles(&files);
        let mut names: Vec<&str> = sources.iter().map(|it| it.krate.as_str()).collect();
        names.dedup();
        let sizes = |name: &&str| {
            let circles = circles.iter().filter(|it| crate_of(&it.path) == Some(name)).count();
            (name.to_string(), Sizes::of(sources.iter().filter(|it| it.krate == **name), circles))
        };
        let crates = names.iter().map(sizes).collect();
        let all = Sizes::of(sources.iter(), circles.len());
        Measures { sources, crates, all }
    }

    pub fn table(&self) -> String {
        table::text(&self.crates, &self.all)
    }

    /// The longest files and functions, every function that takes many arguments or takes a tuple apart, and names
    /// that nobody can search for.
    pub fn report(&self) -> String {
        let mut files: Vec<&Source> = self.sources.iter().collect();
        files.sort_by_key(|it| Reverse(it.lines));
        let mut functions: Vec<&Function> = self.functions().collect();
        functions.sort_by_key(|it| Reverse(it.lines));
        let mut lines = vec!["the longest files, in lines:".to_owned()];
        lines.extend(files.iter().take(NAMED_IN_REPORT).map(|it| format!("{:6} {}", it.lines, it.path)));
        lines.push("\nthe longest functions, in lines:".into());
        lines.extend(functions.iter().take(NAMED_IN_REPORT).map(|it| place(it.lines, it)));
        lines.push(format!("\nfunctions with {MANY_ARGUMENTS} arguments or more:"));
        lines.extend(self.with_many_arguments().map(|it| place(it.arguments, it)));
        lines.push("\nfunctions with tuple patterns among their parameters:".into());
        lines.extend(self.with_tuple_patterns().map(|it| place(it.tuple_patterns, it)));
        lines.push("\nparticiples that name several functions of a crate:".into());
        lines.extend(self.participles());
        lines.join("\n")
    }

    pub fn json(&self, findings: &[Finding]) -> Value {
        let finding = |it: &Finding| json!({"path": it.path, "line": it.line, "remedy": it.remedy});
        json!({
            "crates": self.crates.iter().map(|(name, it)| table::row_json(name, it)).collect::<Vec<_>>(),
            "all": table::row_json("all", &self.all),
            "aims": table::aims_json(),
            "with_five_arguments": self.with_many_arguments().map(place_json).collect::<Vec<_>>(),
            "with_tuple_patterns": self.with_tuple_patterns().map(place_json).collect::<Vec<_>>(),
            "findings": findings.iter().map(finding).collect::<Vec<_>>(),
        })
    }

    fn functions(&self) -> impl Iterator<Item = &Function> {
        self.sources.iter().flat_map(|it| &it.functions)
    }

    fn with_many_arguments(&self) -> impl Iterator<Item = &Function> {
        self.functions().filter(|it| it.arguments >= MANY_ARGUMENTS)
    }

    fn with_tuple_patterns(&self) -> impl Iterator<Item = &Function> {
        self.functions().filter(|it| it.tuple_patterns > 0)
    }

    /// A line per participle and crate, with the files and lines of its functions.
    fn participles(&self) -> Vec<String> {
        let mut named: BTreeMap<(&str, &str), Vec<String>> = BTreeMap::new();
        for source in &self.sources {
            for function in source.functions.iter().filter(|it| is_participle(&it.name)) {
                let places = named.entry((&source.krate, &function.name)).or_default();
                places.push(format!("{}:{}", function.path, function.line));
            }
        }
        let several = named.into_iter().filter(|(_, places)| places.len() > 1);
        several.map(|((_, name), at)| format!("{:6} {name}: {}", at.len(), at.join(" "))).collect()
    }
}

fn is_participle(name: &str) -> bool {
    !name.contains('_') && (name.ends_with("ed") || PARTICIPLES.contains(&name))
}

/// A line of a report: a number and where the function is.
fn place(number: usize, function: &Function) -> String {
    let word = match function.reach {
        Reach::Public => "pub fn",
        Reach::Private => "fn",
    };
    format!("{number:6} {}:{} {word} {}", function.path, function.line, function.name)
}

fn place_json(function: &Function) -> Value {
    json!({
        "path": function.path,
        "line": function.line,
        "name": function.name,
        "public": function.reach == Reach::Public,
        "arguments": function.arguments,
        "tuple_patterns": function.tuple_patterns,
    })
}

/// A finding when more of all functions take many arguments than we allow.
pub fn too_many_arguments(files: &[&File]) -> Vec<Finding> {
    let sizes = Sizes::of(sources(files).iter(), 0);
    if sizes.many_arguments_permille() <= MANY_ARGUMENTS_LIMIT {
        return Vec::new();
    }
    let remedy = format!(
        "{} of {} functions take {MANY_ARGUMENTS} arguments or more, members of tuples counted, and \
         {MANY_ARGUMENTS_LIMIT} in 1000 may: `cargo xtask tidy --report` names them",
        sizes.many_arguments,
        sizes.functions.len(),
    );
    vec![Finding::new("crates", 1, remedy)]
}
