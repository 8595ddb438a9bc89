//! The words of a line, one after another, and what is wrong with them.
//!
//! In:  words. Out: names, pairs, or a mistake with its remedy.

use super::step::Pairs;
use desk::purchases::Pay;

/// What is wrong with a line, and what to do about it.
pub(crate) type Wrong = (String, String);

pub(crate) fn wrong<T>(what: impl Into<String>, remedy: impl Into<String>) -> Result<T, Wrong> {
    Err((what.into(), remedy.into()))
}

/// The words of a line, taken one by one.
pub(crate) struct Words {
    pub list: std::collections::VecDeque<String>,
}

impl Words {
    pub(crate) fn next(&mut self, what: &str, like: &str) -> Result<String, Wrong> {
        match self.list.pop_front() {
            Some(word) => Ok(word),
            None => wrong(format!("the line ends before {what}"), format!("Write it like: {like}")),
        }
    }

    pub(crate) fn end(&mut self, like: &str) -> Result<(), Wrong> {
        match self.list.pop_front() {
            None => Ok(()),
            Some(word) => wrong(format!("`{word}` is one word too many"), format!("Write it like: {like}")),
        }
    }

    pub(crate) fn pairs(&mut self, like: &str) -> Result<Pairs, Wrong> {
        let all: Vec<String> = self.list.drain(..).collect();
        all.iter().map(|it| pair(it, like)).collect()
    }

    /// The pairs that are left, and whether what they order is paid at once: not where `later` stands among them.
    pub(crate) fn pairs_of_order(&mut self, like: &str) -> Result<(Pairs, Pay), Wrong> {
        let before = self.list.len();
        self.list.retain(|it| it != "later");
        let pay = if self.list.len() == before { Pay::Now } else { Pay::Later };
        Ok((self.pairs(like)?, pay))
    }
}

pub(crate) fn pair(word: &str, like: &str) -> Result<(String, String), Wrong> {
    match word.split_once('=') {
        Some((name, value)) if !name.is_empty() && !value.is_empty() => {
            Ok((name.to_string(), value.to_string()))
        }
        _ => wrong(format!("`{word}` is not name=value"), format!("Write it like: {like}")),
    }
}

/// Takes the value of `name` out of `pairs`.
pub(crate) fn take(pairs: &mut Pairs, name: &str) -> Option<String> {
    let at = pairs.iter().position(|it| it.0 == name)?;
    Some(pairs.remove(at).1)
}

pub(crate) fn no_more(pairs: &Pairs, like: &str) -> Result<(), Wrong> {
    match pairs.first() {
        None => Ok(()),
        Some((name, _)) => wrong(format!("`{name}` is not known here"), format!("Write it like: {like}")),
    }
}

/// Pairs whose names are all known.
pub(crate) fn only(pairs: Pairs, known: &[&str]) -> Result<Pairs, Wrong> {
    match pairs.iter().find(|it| !known.contains(&it.0.as_str())) {
        None => Ok(pairs),
        Some((name, _)) => {
            wrong(format!("`{name}` is not known here"), format!("Known are: {}", known.join(", ")))
        }
    }
}
