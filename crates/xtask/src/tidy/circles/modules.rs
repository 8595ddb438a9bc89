//! Modules: what a file defines, what it imports, and which names its code says.
//!
//! In:  the tokens of a source, tests apart, and the module that it is.
//! Out: that module, and the ones written out inside it (`mod x { ... }`).
//!
//! Invariant: nothing is resolved here. A path is kept as it is written, with its line.

use std::collections::BTreeSet;

use crate::tidy::rust::{Kind, Token, closing};

/// A module of a crate, under the names that lead to it from the root.
pub struct Module<'a> {
    pub path: Vec<&'a str>,
    /// The file that it stands in, by its place in the list of files.
    pub file: usize,
    pub items: BTreeSet<&'a str>,
    pub imports: Vec<Import<'a>>,
    /// Paths in the code, single words included: which of them name anything is for the reader to find out.
    pub mentions: Vec<Mention<'a>>,
}

pub struct Import<'a> {
    pub path: Vec<&'a str>,
    pub name: Name<'a>,
    pub reach: Reach,
    pub line: usize,
}

/// What an import is called where it is imported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Name<'a> {
    As(&'a str),
    Glob,
}

/// Whether an import is there for this module or, with `pub`, to hand a name on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    Own,
    HandedOn,
}

pub struct Mention<'a> {
    pub path: Vec<&'a str>,
    pub line: usize,
}

/// Words that define the name after them.
const DEFINING: &[&str] =
    &["struct", "enum", "union", "trait", "type", "fn", "const", "static", "macro_rules"];

/// The modules that stand in a file; the file's own is the first.
pub fn modules<'a>(file: usize, path: &[&'a str], code: &[Token<'a>]) -> Vec<Module<'a>> {
    let mut reader = Reader { code, file, depth: 0, open: Vec::new(), modules: Vec::new() };
    reader.enter(path.to_vec());
    let mut at = 0;
    while at < code.len() {
        at = reader.step(at);
    }
    reader.modules
}

struct Reader<'t, 'a> {
    code: &'t [Token<'a>],
    file: usize,
    /// How many braces are open here.
    depth: usize,
    /// The modules around this place, innermost last, each with the depth of its items.
    open: Vec<(usize, usize)>,
    modules: Vec<Module<'a>>,
}

impl<'a> Reader<'_, 'a> {
    fn enter(&mut self, path: Vec<&'a str>) {
        self.open.push((self.modules.len(), self.depth));
        let (file, items) = (self.file, BTreeSet::new());
        self.modules.push(Module { path, file, items, imports: Vec::new(), mentions: Vec::new() });
    }

    /// The module around this place, and the depth of its items.
    fn here(&mut self) -> (&mut Module<'a>, usize) {
        let (module, depth) = *self.open.last().expect("the module of the file is never left");
        (&mut self.modules[module], depth)
    }

    fn text(&self, at: usize) -> &'a str {
        self.code.get(at).map_or("", |it| it.text)
    }

    /// Reads what stands at `at`, and says where it ends.
    fn step(&mut self, at: usize) -> usize {
        match self.text(at) {
            "{" => {
                self.depth += 1;
                at + 1
            }
            "}" => {
                self.close();
                at + 1
            }
            "mod" => self.submodule(at),
            "pub" if self.is_limited(at) => closing(self.code, at + 1) + 1,
            "use" if self.text(at + 1) != "<" => self.import(at),
            word if DEFINING.contains(&word) => self.item(at),
            _ => self.mention(at),
        }
    }

    /// Whether a `pub` has brackets that say how far it reaches.
    fn is_limited(&self, at: usize) -> bool {
        self.text(at + 1) == "(" && ["crate", "super", "self", "in"].contains(&self.text(at + 2))
    }

    fn close(&mut self) {
        self.depth = self.depth.saturating_sub(1);
        let is_end = self.open.last().is_some_and(|(_, depth)| *depth > self.depth);
        if is_end && self.open.len() > 1 {
            self.open.pop();
        }
    }

    fn submodule(&mut self, at: usize) -> usize {
        if self.text(at + 2) == "{" {
            let name = self.text(at + 1);
            let path = [self.here().0.path.as_slice(), &[name]].concat();
            self.depth += 1;
            self.enter(path);
        }
        at + 3
    }

    fn item(&mut self, at: usize) -> usize {
        let name = if self.text(at + 1) == "!" { at + 2 } else { at + 1 };
        let depth = self.depth;
        let is_name = self.code.get(name).is_some_and(|it| it.kind == Kind::Word);
        if is_name && !DEFINING.contains(&self.text(name)) {
            let text = self.text(name);
            let (module, own) = self.here();
            if depth == own {
                module.items.insert(text);
            }
            return name + 1;
        }
        at + 1
    }

    fn import(&mut self, at: usize) -> usize {
        let is_public = at > 0 && (self.text(at - 1) == "pub" || self.text(at - 1) == ")");
        let reach = if is_public { Reach::HandedOn } else { Reach::Own };
        let mut found = Vec::new();
        let end = self.tree(at + 1, &[], &mut found);
        let line = |at: usize| self.code[at].line;
        let imports: Vec<Import> =
            found.into_iter().map(|(path, name, at)| Import { path, name, reach, line: line(at) }).collect();
        self.here().0.imports.extend(imports);
        end
    }

    /// Reads `a::{b, c::*}` at `at`: what stands before it is `before`. Says where it ends.
    fn tree(&self, at: usize, before: &[&'a str], found: &mut Vec<(Vec<&'a str>, Name<'a>, usize)>) -> usize {
        let mut path = before.to_vec();
        let mut next = at;
        while self.text(next + 1) == "::" || self.text(next) == "::" {
            path.push(self.text(next));
            next += if self.text(next) == "::" { 1 } else { 2 };
        }
        if self.text(next) == "{" {
            let end = closing(self.code, next);
            next += 1;
            while next < end {
                next = if self.text(next) == "," { next + 1 } else { self.tree(next, &path, found) };
            }
            return end + 1;
        }
        if self.text(next) == "*" {
            found.push((path, Name::Glob, next));
            return next + 1;
        }
        if self.text(next) != "self" || path.is_empty() {
            path.push(self.text(next));
        }
        let own = path.last().copied().unwrap_or_default();
        let is_renamed = self.text(next + 1) == "as";
        let name = if is_renamed { self.text(next + 2) } else { own };
        found.push((path, Name::As(name), next));
        if is_renamed { next + 3 } else { next + 1 }
    }

    /// A path or a word in the code; also a path in quotes, as in `deserialize_with = "orders::one"`.
    fn mention(&mut self, at: usize) -> usize {
        let token = self.code[at];
        let before = if at > 0 { self.text(at - 1) } else { "" };
        if token.kind == Kind::Quoted && before == "=" && token.text.contains("::") {
            let path: Vec<&str> = token.text.trim_matches('"').split("::").collect();
            self.here().0.mentions.push(Mention { path, line: token.line });
        }
        if token.kind != Kind::Word {
            return at + 1;
        }
        let mut path = vec![token.text];
        let mut next = at + 1;
        while self.text(next) == "::" && self.code.get(next + 1).is_some_and(|it| it.kind == Kind::Word) {
            path.push(self.text(next + 1));
            next += 2;
        }
        let is_member = before == "." && (at < 2 || self.text(at - 2) != ".");
        let is_outside = before == "::" || is_member || (before == "$" && token.text != "crate");
        let is_field = path.len() == 1 && self.text(next) == ":";
        if !is_outside && !is_field {
            self.here().0.mentions.push(Mention { path, line: token.line });
        }
        next
    }
}
