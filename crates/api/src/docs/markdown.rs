//! The little Markdown that our documents use: headings, paragraphs, lists, tables, code (fenced or indented), links.
//!
//! In:  Markdown. Out: HTML.
//! Invariant: text is escaped before any mark is read, so no text becomes a tag; links to other hosts stay text.

use super::html::{anchor, escaped};

/// What a line begins or goes on with.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Block {
    Nothing,
    Paragraph,
    List,
    Table,
    Code,
    /// Code by its four spaces.
    Indented,
}

impl Block {
    const fn end(self) -> &'static str {
        match self {
            Block::Nothing => "",
            Block::Paragraph => "</p>\n",
            Block::List => "</li></ul>\n",
            Block::Table => "</tbody></table>\n",
            Block::Code | Block::Indented => "</code></pre>\n",
        }
    }
}

pub(super) fn html(markdown: &str) -> String {
    let mut out = String::new();
    let mut open = Block::Nothing;
    for line in markdown.lines() {
        if open == Block::Code && !line.starts_with("```") {
            out.push_str(&escaped(line));
            out.push('\n');
            continue;
        }
        let line = line.trim_end();
        if let Some(code) =
            line.strip_prefix("    ").filter(|_| matches!(open, Block::Nothing | Block::Indented))
        {
            let begin = if open == Block::Indented { "" } else { "<pre tabindex=\"0\"><code>" };
            out.push_str(&format!("{begin}{}\n", escaped(code)));
            open = Block::Indented;
            continue;
        }
        let (block, piece) = read(line, open);
        if block != open {
            out.push_str(open.end());
        }
        out.push_str(&piece);
        open = block;
    }
    out.push_str(open.end());
    out
}

/// The block that `line` leaves open, and what it adds.
fn read(line: &str, open: Block) -> (Block, String) {
    if line.starts_with("```") {
        let ends = open == Block::Code;
        let piece = if ends { String::new() } else { "<pre tabindex=\"0\"><code>".into() };
        return (if ends { Block::Nothing } else { Block::Code }, piece);
    }
    if line.is_empty() {
        return (Block::Nothing, String::new());
    }
    if let Some((level, title)) = heading(line) {
        let piece = format!("<h{level} id=\"{}\">{}</h{level}>\n", anchor(title), inline(title));
        return (Block::Nothing, piece);
    }
    if line.starts_with('|') {
        return (Block::Table, row(line, open));
    }
    if let Some(item) = line.strip_prefix("- ") {
        let begin = if open == Block::List { "</li><li>" } else { "<ul><li>" };
        return (Block::List, format!("{begin}{}", inline(item)));
    }
    let begin = match open {
        Block::Paragraph | Block::List => " ",
        Block::Nothing | Block::Table | Block::Code | Block::Indented => "<p>",
    };
    let block = if open == Block::List { Block::List } else { Block::Paragraph };
    (block, format!("{begin}{}", inline(line.trim_start())))
}

fn heading(line: &str) -> Option<(usize, &str)> {
    let title = line.trim_start_matches('#');
    let level = line.len() - title.len();
    (1..=4).contains(&level).then(|| title.strip_prefix(' ')).flatten().map(|it| (level, it))
}

/// The first row of a table is its head; the line of dashes below it is not shown.
fn row(line: &str, open: Block) -> String {
    let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
    if cells.iter().all(|it| !it.is_empty() && it.chars().all(|it| it == '-' || it == ':')) {
        return String::new();
    }
    let first = open != Block::Table;
    let (begin, end) = if first { ("<table><thead><tr>", "</tr></thead><tbody>") } else { ("<tr>", "</tr>") };
    let cell = |it: &&str| {
        if first {
            format!("<th scope=\"col\">{}</th>", inline(it))
        } else {
            format!("<td>{}</td>", inline(it))
        }
    };
    format!("{begin}{}{end}\n", cells.iter().map(cell).collect::<String>())
}

/// Code, bold and links inside a line.
pub(super) fn inline(text: &str) -> String {
    let mut out = String::new();
    for (at, part) in text.split('`').enumerate() {
        if at % 2 == 1 {
            out.push_str(&format!("<code>{}</code>", escaped(part)));
        } else {
            out.push_str(&linked(&bold(&escaped(part))));
        }
    }
    out
}

fn bold(text: &str) -> String {
    let parts: Vec<&str> = text.split("**").collect();
    let mark =
        |(at, part): (usize, &&str)| if at % 2 == 1 { format!("<b>{part}</b>") } else { part.to_string() };
    parts.iter().enumerate().map(mark).collect()
}

/// `[text](address)`: only addresses of this server become links.
fn linked(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, label, address, after)) = link(rest) {
        out.push_str(before);
        match served(address) {
            Some(address) => out.push_str(&format!("<a href=\"{address}\">{label}</a>")),
            None => out.push_str(label),
        }
        rest = after;
    }
    out + rest
}

/// An address of this server, which is the only one that pages lead to.
fn served(address: &str) -> Option<&str> {
    (address.starts_with('/') || address.starts_with('#')).then_some(address)
}

fn link(text: &str) -> Option<(&str, &str, &str, &str)> {
    let (before, rest) = text.split_once('[')?;
    let (label, rest) = rest.split_once("](")?;
    let (address, after) = rest.split_once(')')?;
    Some((before, label, address, after))
}
