//! The Markdown of our documents as HTML of the design system.
//!
//! In:  Markdown. Out: HTML.
//! Invariant: no tag of a text becomes a tag of a page, and links to other hosts stay text.

use maud::{Markup, PreEscaped};
use pulldown_cmark::{CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};
use std::collections::BTreeSet;

/// A text of several paragraphs. Its headings can be linked to, and so can rows of tables that begin with a code.
pub(super) fn whole(markdown: &str) -> Markup {
    shown(events(markdown))
}

/// A text inside a line.
pub(super) fn inline(markdown: &str) -> Markup {
    let is_around =
        |it: &Event<'_>| matches!(it, Event::Start(Tag::Paragraph) | Event::End(TagEnd::Paragraph));
    shown(events(markdown).into_iter().filter(|it| !is_around(it)).collect())
}

/// A name as a part of an address, as the places make it where the repository is read.
pub(super) fn anchor(name: &str) -> String {
    let part = |it: char| match it {
        ' ' => Some('-'),
        it => (it.is_alphanumeric() || it == '-' || it == '_').then(|| it.to_ascii_lowercase()),
    };
    name.chars().filter_map(part).collect()
}

fn shown(events: Vec<Event<'_>>) -> Markup {
    let mut out = String::new();
    html::push_html(&mut out, events.into_iter());
    PreEscaped(out)
}

/// What stands in a text, in its order: its own tags are text, and its headings, tables, rows and links are ours.
fn events(markdown: &str) -> Vec<Event<'_>> {
    let options = Options::ENABLE_TABLES;
    let read: Vec<Event<'_>> = Parser::new_ext(markdown, options).collect();
    let (mut out, mut seen, mut links) = (Vec::new(), anchors(&read), Vec::new());
    for (at, event) in read.iter().enumerate() {
        match event {
            Event::Start(Tag::Heading { level, .. }) => out.push(heading(*level, &read[at + 1..])),
            Event::Start(Tag::Table(_)) => {
                out.push(ours("<div class=\"scroll\" tabindex=\"0\"><table class=\"table tight\">"))
            }
            Event::End(TagEnd::Table) => out.extend([event.clone(), ours("</div>")]),
            Event::Start(Tag::TableRow) => out.extend(row(&read[at + 1..], &mut seen)),
            Event::Start(Tag::Link { dest_url, .. }) => {
                let is_ours = dest_url.starts_with('/') || dest_url.starts_with('#');
                links.push(is_ours);
                out.extend(is_ours.then(|| event.clone()));
            }
            Event::End(TagEnd::Link) => out.extend(links.pop().unwrap_or(false).then(|| event.clone())),
            Event::Html(tag) | Event::InlineHtml(tag) => out.push(Event::Text(tag.clone())),
            Event::Start(Tag::CodeBlock(_)) => out.push(ours("<pre class=\"code\" tabindex=\"0\"><code>")),
            Event::End(TagEnd::CodeBlock) => out.push(ours("</code></pre>")),
            // A picture would be loaded from somewhere: its text stays.
            Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => {}
            it @ (Event::Start(_)
            | Event::End(_)
            | Event::Text(_)
            | Event::Code(_)
            | Event::InlineMath(_)
            | Event::DisplayMath(_)
            | Event::FootnoteReference(_)
            | Event::SoftBreak
            | Event::HardBreak
            | Event::Rule
            | Event::TaskListMarker(_)) => out.push(it.clone()),
        }
    }
    out
}

/// Where headings are found.
fn anchors(read: &[Event<'_>]) -> BTreeSet<String> {
    let heads = read.iter().enumerate().filter(|it| matches!(it.1, Event::Start(Tag::Heading { .. })));
    heads.map(|it| anchor(&words(&read[it.0 + 1..]))).collect()
}

const fn ours(html: &'static str) -> Event<'static> {
    Event::Html(CowStr::Borrowed(html))
}

/// A heading that can be linked to by what it says.
fn heading<'a>(level: HeadingLevel, after: &[Event<'a>]) -> Event<'a> {
    let id = Some(anchor(&words(after)).into());
    Event::Start(Tag::Heading { level, id, classes: Vec::new(), attrs: Vec::new() })
}

/// What a heading says, of which this comes after its beginning.
fn words(after: &[Event<'_>]) -> String {
    let inside = after.iter().take_while(|it| !matches!(it, Event::End(TagEnd::Heading(_))));
    inside.filter_map(said).collect()
}

fn said<'b>(event: &'b Event<'_>) -> Option<&'b str> {
    if let Event::Text(text) | Event::Code(text) = event { Some(text.as_ref()) } else { None }
}

/// A row of a table; the first that begins with a code is found by it: `type` of a problem leads there.
fn row<'a>(after: &[Event<'a>], seen: &mut BTreeSet<String>) -> Option<Event<'a>> {
    let [Event::Start(Tag::TableCell), Event::Code(code), Event::End(TagEnd::TableCell), ..] = after else {
        return Some(Event::Start(Tag::TableRow));
    };
    let is_plain = code.bytes().all(|it| it.is_ascii_lowercase() || b"_.".contains(&it));
    if !is_plain || !seen.insert(code.to_string()) {
        return Some(Event::Start(Tag::TableRow));
    }
    Some(Event::Html(format!("<tr id=\"{code}\">").into()))
}
