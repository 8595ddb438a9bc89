//! Circles: files of one crate that use each other, so that none of them can be read, moved or tested alone.
//!
//! In:  the sources of the crates.
//! Out: a finding per circle, with its files and one line for each use among them.
//!
//! Invariant: a name counts for the file that defines it, wherever it was handed on: declaring a module and handing on
//! its names uses nothing, importing a module uses only what is then named through it. Tests do not count. A name that
//! a macro defines counts for the file of its module.

mod modules;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use super::Finding;
use super::rust::{tokens, without_tests};
use super::tree::{File, crate_of, is_test};
use modules::{Module, Name, Reach, modules};

/// How many times a name is followed from one `pub use` to the next.
const HANDED_ON_LIMIT: usize = 20;

pub fn circles(files: &[&File]) -> Vec<Finding> {
    let mut crates: BTreeMap<&str, Vec<&File>> = BTreeMap::new();
    for file in files.iter().filter(|it| !is_test(&it.path)) {
        if let Some(name) = crate_of(&file.path) {
            crates.entry(name).or_default().push(file);
        }
    }
    crates.values().flat_map(|files| of_crate(files)).collect()
}

fn of_crate(files: &[&File]) -> Vec<Finding> {
    let uses = Names::read(files).uses();
    let reached: Vec<BTreeSet<usize>> = (0..files.len()).map(|it| reachable(it, &uses)).collect();
    let mut findings = Vec::new();
    for first in 0..files.len() {
        let circle: Vec<usize> =
            reached[first].iter().copied().filter(|it| reached[*it].contains(&first)).collect();
        if circle.first() == Some(&first) {
            findings.push(finding(files, &circle, &uses));
        }
    }
    findings
}

/// The uses between files: who uses whom, with the line and the path that say so first.
type Uses = BTreeMap<(usize, usize), (usize, String)>;

/// The files that one comes to from `start`; itself only if a way leads back.
fn reachable(start: usize, uses: &Uses) -> BTreeSet<usize> {
    let mut reached = BTreeSet::new();
    let mut open = vec![start];
    while let Some(from) = open.pop() {
        for (_, to) in uses.range((from, 0)..(from + 1, 0)).map(|(it, _)| *it) {
            if reached.insert(to) {
                open.push(to);
            }
        }
    }
    reached
}

fn finding(files: &[&File], circle: &[usize], uses: &Uses) -> Finding {
    let within = |it: &usize| circle.contains(it);
    let inner: Vec<_> = uses.iter().filter(|((from, to), _)| within(from) && within(to)).collect();
    let names: Vec<&str> = circle.iter().map(|it| files[*it].path.as_str()).collect();
    let mut remedy = format!(
        "{} files use each other in a circle ({}): move what several need into a file of its own, or hand it down as a value",
        circle.len(),
        names.join(", ")
    );
    for ((from, to), (line, path)) in &inner {
        let (from, to) = (&files[*from].path, &files[*to].path);
        remedy.push_str(&format!("\n    {from}:{line}: `{path}` is in {to}"));
    }
    let line = inner.first().map_or(1, |(_, (line, _))| *line);
    Finding::new(names[0], line, remedy)
}

/// What a path names: a module by its place, an item by the file that defines it, or something outside of the crate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Named {
    Module(usize),
    Item(usize),
    Outside,
}

/// All names of a crate.
struct Names<'a> {
    modules: Vec<Module<'a>>,
    at: BTreeMap<Vec<&'a str>, usize>,
}

impl<'a> Names<'a> {
    fn read(files: &[&'a File]) -> Self {
        let has_library = files.iter().any(|it| it.path.ends_with("/src/lib.rs"));
        let mut all = Vec::new();
        for (file, source) in files.iter().enumerate() {
            let is_beside_library = has_library && source.path.ends_with("/src/main.rs");
            if let Some(path) = module_path(&source.path).filter(|_| !is_beside_library) {
                all.extend(modules(file, &path, &without_tests(&tokens(&source.text))));
            }
        }
        let at = all.iter().enumerate().map(|(at, it)| (it.path.clone(), at)).collect();
        Names { modules: all, at }
    }

    fn uses(&self) -> Uses {
        let mut uses = Uses::new();
        for (at, module) in self.modules.iter().enumerate() {
            let own = module.imports.iter().filter(|it| it.reach == Reach::Own);
            let imported = own.map(|it| (&it.path, it.line));
            let mentioned = module.mentions.iter().map(|it| (&it.path, it.line));
            for (path, line) in imported.chain(mentioned) {
                for named in self.resolve(at, path, HANDED_ON_LIMIT) {
                    if let Named::Item(file) = named
                        && file != module.file
                    {
                        uses.entry((module.file, file)).or_insert_with(|| (line, path.join("::")));
                    }
                }
            }
        }
        uses
    }

    /// What `path` names in the module `from`.
    fn resolve(&self, from: usize, path: &[&str], left: usize) -> Vec<Named> {
        let Some((first, rest)) = path.split_first() else { return vec![Named::Module(from)] };
        match *first {
            "crate" => self.root().map_or_else(Vec::new, |it| self.walk(it, rest, left)),
            "self" => self.walk(from, rest, left),
            "super" => self.walk(from, path, left),
            name => self.go_on(self.look_up(from, name, left), rest, left),
        }
    }

    /// What `path` names from the module `from` on. What is not found there, a macro has defined.
    fn walk(&self, from: usize, path: &[&str], left: usize) -> Vec<Named> {
        let Some((first, rest)) = path.split_first() else { return vec![Named::Module(from)] };
        if *first == "super" {
            return self.parent(from).map_or_else(Vec::new, |it| self.walk(it, rest, left));
        }
        let found = self.look_up(from, first, left);
        if found.is_empty() {
            return vec![Named::Item(self.modules[from].file)];
        }
        self.go_on(found, rest, left)
    }

    /// What `rest` names under what was `found`. A module goes before an item of the same name.
    fn go_on(&self, found: Vec<Named>, rest: &[&str], left: usize) -> Vec<Named> {
        let module = found.iter().find_map(|it| match it {
            Named::Module(at) => Some(*at),
            Named::Item(_) | Named::Outside => None,
        });
        match module {
            Some(at) if !rest.is_empty() => self.walk(at, rest, left),
            _ => found,
        }
    }

    /// What `name` stands for in a module: its own items and modules, what it imports, or else what its globs bring.
    fn look_up(&self, at: usize, name: &str, left: usize) -> Vec<Named> {
        if left == 0 {
            return Vec::new();
        }
        let own = self.own(at, name);
        let imports = &self.modules[at].imports;
        let mut found = own.clone();
        for import in imports.iter().filter(|it| it.name == Name::As(name)) {
            // `use words::words` begins with the module of that name, not with itself.
            let named = match import.path.split_first() {
                Some((first, rest)) if *first == name => self.go_on(own.clone(), rest, left - 1),
                _ => self.resolve(at, &import.path, left - 1),
            };
            found.extend(if named.is_empty() { vec![Named::Outside] } else { named });
        }
        if found.is_empty() {
            let globs = imports.iter().filter(|it| it.name == Name::Glob);
            let opened = globs.flat_map(|it| self.resolve(at, &it.path, left - 1));
            found.extend(opened.flat_map(|it| self.look_up_in(it, name, left - 1)));
        }
        found
    }

    /// The item and the module of that name which a module has itself.
    fn own(&self, at: usize, name: &str) -> Vec<Named> {
        let module = &self.modules[at];
        let item = module.items.contains(name).then_some(Named::Item(module.file));
        item.into_iter().chain(self.child(at, name).map(Named::Module)).collect()
    }

    fn look_up_in(&self, opened: Named, name: &str, left: usize) -> Vec<Named> {
        match opened {
            Named::Module(at) => self.look_up(at, name, left),
            Named::Item(_) | Named::Outside => Vec::new(),
        }
    }

    fn root(&self) -> Option<usize> {
        self.at.get(&Vec::new()).copied()
    }

    fn parent(&self, of: usize) -> Option<usize> {
        let (_, above) = self.modules[of].path.split_last()?;
        self.at.get(above).copied()
    }

    fn child(&self, of: usize, name: &str) -> Option<usize> {
        let path = [self.modules[of].path.as_slice(), &[name]].concat();
        self.at.get(&path).copied()
    }
}

/// The module that a file is: `a::b` for `src/a/b.rs` and `src/a/b/mod.rs`. None for what is no part of the library.
fn module_path(path: &str) -> Option<Vec<&str>> {
    let (_, inside) = path.split_once("/src/")?;
    let mut names: Vec<&str> = inside.strip_suffix(".rs")?.split('/').collect();
    let is_root = names == ["lib"] || names == ["main"];
    if is_root || names.last() == Some(&"mod") {
        names.pop();
    }
    Some(names)
}
