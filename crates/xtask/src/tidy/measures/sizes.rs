//! Sizes: the lengths of files and functions, and how many arguments a function takes.
//!
//! In:  the sources of the crates.
//! Out: each source with its functions; the sizes of any of them together.
//!
//! Invariant: tests are not among them.

use crate::tidy::rust::{functions, tokens, without_tests};
use crate::tidy::shape::lines_without_tests;
use crate::tidy::signatures::{arguments, is_public, tuple_pattern_count};
use crate::tidy::tree::{File, crate_of, is_test};

/// From how many arguments on a call is hard to read.
pub const MANY_ARGUMENTS: usize = 5;
/// How many functions in a thousand may take so many.
pub const MANY_ARGUMENTS_LIMIT: usize = 20;

/// A source, tests in it apart.
pub struct Source {
    pub krate: String,
    pub path: String,
    pub lines: usize,
    pub functions: Vec<Function>,
}

/// A function with a body.
pub struct Function {
    pub path: String,
    pub line: usize,
    pub name: String,
    pub lines: usize,
    pub arguments: usize,
    pub tuple_patterns: usize,
    pub reach: Reach,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    Public,
    Private,
}

/// What is measured of a crate, or of all; the lengths in order, in lines.
#[derive(Default)]
pub struct Sizes {
    pub functions: Vec<usize>,
    pub many_arguments: usize,
    pub public_tuple_patterns: usize,
    pub files: Vec<usize>,
    pub circles: usize,
}

impl Sizes {
    /// The sizes of `sources` together; `circles` is how many there are among them.
    pub fn of<'s>(sources: impl Iterator<Item = &'s Source>, circles: usize) -> Self {
        let mut sizes = Sizes { circles, ..Sizes::default() };
        for source in sources {
            sizes.files.push(source.lines);
            for function in &source.functions {
                sizes.functions.push(function.lines);
                sizes.many_arguments += usize::from(function.arguments >= MANY_ARGUMENTS);
                if function.reach == Reach::Public {
                    sizes.public_tuple_patterns += function.tuple_patterns;
                }
            }
        }
        sizes.functions.sort_unstable();
        sizes.files.sort_unstable();
        sizes
    }

    /// Rounded up, so that what is over the aim is never shown as the aim.
    pub fn many_arguments_permille(&self) -> usize {
        (self.many_arguments * 1000).div_ceil(self.functions.len().max(1))
    }
}

/// The sources of the crates, tests apart.
pub fn sources(files: &[&File]) -> Vec<Source> {
    files.iter().filter(|it| !is_test(&it.path)).filter_map(|it| source(it)).collect()
}

fn source(file: &File) -> Option<Source> {
    let code = without_tests(&tokens(&file.text));
    let with_body = functions(&code).into_iter().filter(|it| it.lines > 0);
    let functions = with_body.map(|it| Function {
        path: file.path.clone(),
        line: it.line,
        name: it.name.to_owned(),
        lines: it.lines,
        arguments: arguments(&code, &it),
        tuple_patterns: tuple_pattern_count(&code, &it),
        reach: if is_public(&code, &it) { Reach::Public } else { Reach::Private },
    });
    Some(Source {
        krate: crate_of(&file.path)?.to_owned(),
        path: file.path.clone(),
        lines: lines_without_tests(&file.text),
        functions: functions.collect(),
    })
}

/// The smallest value that at least `percent` of the values do not exceed; 0 of none.
pub fn percentile(sorted: &[usize], percent: usize) -> usize {
    let rank = (sorted.len() * percent).div_ceil(100);
    sorted.get(rank.saturating_sub(1)).copied().unwrap_or(0)
}
