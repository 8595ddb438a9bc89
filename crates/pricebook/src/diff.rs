//! What changes between two books, in lines that an operator can read before applying one.
//!
//! In:  two books. Out: a change for everything that is there, gone or other.
//! Invariant: the books are compared as trees of all their fields, so nothing is left out but the id, which follows from
//! the text, and the order of prices, of which no two are for one choice.
//! Rules: R-PRC-6.

mod percent;

use crate::tree::{Element, Node, Order, Told};
use billing::book::Book;
use std::collections::{HashMap, HashSet};
use std::fmt;
use units::decimal::print_short;

/// The field of a row that holds its price, and that of a price which says where it comes from.
const ITEM: &str = "item";
const SOURCE: &str = "source";

/// What happened to a part of a book.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeKind {
    Added,
    Removed,
    Changed,
}

impl ChangeKind {
    pub const ALL: [ChangeKind; 3] = [ChangeKind::Added, ChangeKind::Removed, ChangeKind::Changed];

    /// The word for it in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            ChangeKind::Added => "added",
            ChangeKind::Removed => "removed",
            ChangeKind::Changed => "changed",
        }
    }
}

/// One change: where it is, what stood there before and what stands there after.
///
/// `path` leads from the book to the part, such as `product container`, `component compute`, `price 1U1G`, `amount`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub kind: ChangeKind,
    pub path: Vec<String>,
    /// `None` where there was nothing, or where a part is added.
    pub before: Option<String>,
    /// `None` where there is nothing now, or where a part is removed.
    pub after: Option<String>,
    /// Where the new figure of a price comes from, when that is new as well.
    pub source: Option<String>,
}

impl Change {
    /// By how much a price changes, such as `+11.8` for 11.8 % more, to a tenth; `None` for what is no price, appears or goes.
    pub fn percent(&self) -> Option<String> {
        let is_price = |it: &str| {
            ["amount", "flat", "minimum", "fixed", "least", "most"].contains(&it) || it.starts_with("price")
        };
        self.path.last().filter(|it| is_price(it))?;
        percent::of(self.before.as_deref()?, self.after.as_deref()?)
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.join(" / ");
        let said = |it: &Option<String>| it.clone().unwrap_or_else(|| "nothing".to_string());
        match self.kind {
            ChangeKind::Added if self.after.is_none() => write!(f, "+ {path}"),
            ChangeKind::Removed if self.before.is_none() => write!(f, "- {path}"),
            ChangeKind::Added => write!(f, "+ {path}: {}", said(&self.after)),
            ChangeKind::Removed => write!(f, "- {path}: {}", said(&self.before)),
            ChangeKind::Changed => write!(f, "~ {path}: {} → {}", said(&self.before), said(&self.after)),
        }?;
        self.source.as_ref().map_or(Ok(()), |it| write!(f, " (source: {it})"))
    }
}

/// Every change from `before` to `after`; empty when both books say the same.
pub fn diff(before: &Book, after: &Book) -> Vec<Change> {
    let mut found = Found::default();
    found.fields(&tree(before), &tree(after));
    found.changes
}

/// All that a book says, but for its id.
fn tree(book: &Book) -> Vec<(&'static str, Node)> {
    let Book { id: _, name, currency, zone, from, rounding, groups, regions, discounts, products } = book;
    vec![
        ("name", name.told()),
        ("currency", currency.told()),
        ("zone", zone.told()),
        ("from", from.told()),
        ("rounding", rounding.told()),
        ("groups", groups.told()),
        ("regions", regions.told()),
        ("discounts", discounts.told()),
        ("products", products.told()),
    ]
}

/// The changes so far, and the path to the part that is looked at.
#[derive(Default)]
struct Found {
    changes: Vec<Change>,
    path: Vec<String>,
}

impl Found {
    fn add(&mut self, kind: ChangeKind, before: Option<String>, after: Option<String>) {
        self.changes.push(Change { kind, path: self.path.clone(), before, after, source: None });
    }

    /// Looks at the part under `segment`. What is written within a part without a name of its own has the path of that.
    fn under(&mut self, segment: String, look: impl FnOnce(&mut Found)) {
        let segments = usize::from(!segment.is_empty());
        self.path.extend((segments > 0).then_some(segment));
        look(self);
        self.path.truncate(self.path.len() - segments);
    }

    fn fields(&mut self, before: &[(&'static str, Node)], after: &[(&'static str, Node)]) {
        for ((name, old), (_, new)) in before.iter().zip(after) {
            self.part(name, old, new);
        }
    }

    /// One field, which both have.
    fn part(&mut self, name: &str, before: &Node, after: &Node) {
        if before == after {
            return;
        }
        if let (Node::List(old, order), Node::List(new, _)) = (before, after) {
            return self.list(name, Lists { old, new, order: *order });
        }
        let first = self.changes.len();
        self.under(segment(name), |it| match (before, after) {
            (Node::Fields(old), Node::Fields(new)) => it.fields(old, new),
            (Node::Case(word, old), Node::Case(other, new)) if word == other => it.fields(old, new),
            (Node::Nothing | Node::Text(_) | Node::Fields(_) | Node::Case(..) | Node::List(..), _) => {
                it.add(ChangeKind::Changed, said(name, before), said(name, after));
            }
        });
        if name == ITEM {
            self.with_source(first);
        }
    }

    /// A price of a new source that changes otherwise, too: the source is told with those changes, not by itself.
    fn with_source(&mut self, first: usize) {
        let is_source = |it: &Change| it.path.last().is_some_and(|it| it == SOURCE);
        let Some(at) = self.changes[first..].iter().position(is_source) else { return };
        if self.changes.len() - first > 1 {
            let source = self.changes.remove(first + at).after;
            self.changes[first..].iter_mut().for_each(|it| it.source.clone_from(&source));
        }
    }

    fn list(&mut self, name: &str, lists: Lists<'_>) {
        let (old, new) = (names(lists.old), names(lists.new));
        for element in lists.old {
            let place = place(name, element);
            match new.get(element.name.as_str()) {
                Some(node) => self.under(place, |it| it.part("", &element.node, node)),
                None => self.under(place, |it| it.whole(ChangeKind::Removed, &element.node)),
            }
        }
        for element in lists.new.iter().filter(|it| !old.contains_key(it.name.as_str())) {
            self.under(place(name, element), |it| it.whole(ChangeKind::Added, &element.node));
        }
        if lists.order == Order::Matters {
            self.order(name, &lists);
        }
    }

    /// What both have stands in another order.
    fn order(&mut self, name: &str, lists: &Lists<'_>) {
        let (old, new) = (common(lists.old, lists.new), common(lists.new, lists.old));
        if old != new {
            self.under(format!("order of {name}"), |it| {
                it.add(ChangeKind::Changed, Some(old.join(" ")), Some(new.join(" ")));
            });
        }
    }

    /// A part that only one of the books has: itself, then the parts within it.
    fn whole(&mut self, kind: ChangeKind, node: &Node) {
        let own = Some(own_text(node)).filter(|it| !it.is_empty());
        let (before, after) = match kind {
            ChangeKind::Added => (None, own),
            ChangeKind::Removed | ChangeKind::Changed => (own, None),
        };
        self.add(kind, before, after);
        let Node::Fields(fields) = node else { return };
        for (name, node) in fields {
            let Node::List(list, _) = node else { continue };
            for element in list {
                self.under(place(name, element), |it| it.whole(kind, &element.node));
            }
        }
    }
}

/// The lists of one name in both books.
struct Lists<'a> {
    old: &'a [Element],
    new: &'a [Element],
    order: Order,
}

fn names(list: &[Element]) -> HashMap<&str, &Node> {
    list.iter().map(|it| (it.name.as_str(), &it.node)).collect()
}

/// The names of `list` that `other` has, in their order.
fn common<'a>(list: &'a [Element], other: &[Element]) -> Vec<&'a str> {
    let other: HashSet<&str> = other.iter().map(|it| it.name.as_str()).collect();
    list.iter().map(|it| it.name.as_str()).filter(|it| other.contains(it)).collect()
}

/// `product container` for the thing of that name in `products`.
fn place(list: &str, element: &Element) -> String {
    format!("{} {}", list.strip_suffix('s').unwrap_or(list), element.name).trim_end().to_string()
}

/// How a field stands in a path, by the word of books. What only holds another part has none.
fn segment(name: &str) -> String {
    match name {
        ITEM | "look" | "label" | "pricing" | "price" | "steps" | "share" => String::new(),
        "p_e6" => "p".to_string(),
        "rate_e8" => "rate".to_string(),
        "seconds" => "length".to_string(),
        "release_days" => "release".to_string(),
        "least_seconds" => "least_time".to_string(),
        "month_seconds" => "month_time".to_string(),
        other => other.strip_suffix("_seconds").unwrap_or(other).to_string(),
    }
}

/// What the field `name` says, its figures as books write them and not as they are kept.
fn said(name: &str, node: &Node) -> Option<String> {
    let text = text(node)?;
    let figure = |write: fn(u64) -> String| text.parse().map_or(text.clone(), write);
    Some(match name {
        "p_e6" => figure(|it| print_short(it.into(), 6, 0)),
        "rate_e8" => figure(|it| format!("{} %", print_short(it.into(), 6, 0))),
        "release_days" => figure(|it| format!("{it} d")),
        "seconds" => figure(time),
        other if other.ends_with("_seconds") => {
            let times = text.split(' ').map(|it| it.parse().map_or(it.to_string(), time));
            times.collect::<Vec<_>>().join(" ")
        }
        _ => text,
    })
}

/// A time in the largest unit that it is a whole number of.
fn time(seconds: u64) -> String {
    let units = [(86_400, "d"), (3_600, "h"), (60, "min")];
    match units.into_iter().find(|it| seconds > 0 && seconds.is_multiple_of(it.0)) {
        Some((unit, name)) => format!("{} {name}", seconds / unit),
        None => format!("{seconds} s"),
    }
}

/// All that a part says in one text; nothing for nothing.
fn text(node: &Node) -> Option<String> {
    match node {
        Node::Nothing => None,
        Node::Text(text) if text.is_empty() => Some("\"\"".to_string()),
        Node::Text(text) => Some(text.clone()),
        Node::Fields(fields) => Some(fields_text(fields)),
        Node::Case(word, fields) => Some(format!("{word} {}", fields_text(fields)).trim_end().to_string()),
        Node::List(list, _) => {
            let element = |it: &Element| match &it.node {
                Node::Text(text) if text.is_empty() => it.name.clone(),
                Node::Nothing | Node::Text(_) | Node::Fields(_) | Node::Case(..) | Node::List(..) => {
                    format!("{} = {}", it.name, text(&it.node).unwrap_or_default())
                }
            };
            Some(format!("[{}]", list.iter().map(element).collect::<Vec<_>>().join("; ")))
        }
    }
}

fn fields_text(fields: &[(&'static str, Node)]) -> String {
    let all =
        fields.iter().filter_map(|(name, node)| Some((*name, said(name, node).filter(|it| it != "[]")?)));
    let field = |(name, text): (&str, String)| format!("{} {text}", segment(name)).trim_start().to_string();
    all.map(field).collect::<Vec<_>>().join(", ")
}

/// What a part says itself, without the lists that are told one by one.
fn own_text(node: &Node) -> String {
    let fields = match node {
        Node::Fields(fields) => fields,
        Node::Text(text) => return text.clone(),
        Node::Nothing | Node::Case(..) | Node::List(..) => return text(node).unwrap_or_default(),
    };
    let own = fields.iter().filter(|it| !matches!(it.1, Node::List(..))).cloned();
    fields_text(&own.collect::<Vec<_>>())
}

#[cfg(test)]
mod tests;
