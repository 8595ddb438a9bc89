//! XML: elements within each other, written as one text.
//!
//! In:  a tree of elements. Out: a document in UTF-8, indented.
//! Invariant: every text is escaped, and what XML cannot hold stands as U+FFFD; what is empty is left out by whoever builds
//! the tree.

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

/// An element.
pub(crate) struct Element {
    name: &'static str,
    attributes: Vec<(&'static str, String)>,
    inside: Inside,
}

enum Inside {
    Text(String),
    Elements(Vec<Element>),
}

/// An element with others in it.
pub(crate) fn all(name: &'static str, inside: impl IntoIterator<Item = Element>) -> Element {
    Element { name, attributes: Vec::new(), inside: Inside::Elements(inside.into_iter().collect()) }
}

/// An element with a text.
pub(crate) fn text(name: &'static str, text: impl Into<String>) -> Element {
    let text = text.into().replace(|it| !is_allowed(it), "\u{fffd}");
    Element { name, attributes: Vec::new(), inside: Inside::Text(text) }
}

/// Source: XML 1.0, `Char`.
const fn is_allowed(it: char) -> bool {
    matches!(it, '\t' | '\n' | '\r' | '\u{20}'..='\u{fffd}' | '\u{10000}'..)
}

/// The same, unless the text is empty.
pub(crate) fn said(name: &'static str, said: &str) -> Option<Element> {
    (!said.is_empty()).then(|| text(name, said))
}

impl Element {
    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Element {
        self.attributes.push((name, value.into()));
        self
    }

    fn write(&self, writer: &mut Writer<Vec<u8>>) -> std::io::Result<()> {
        let mut start = BytesStart::new(self.name);
        for (name, value) in &self.attributes {
            start.push_attribute((*name, value.as_str()));
        }
        match &self.inside {
            Inside::Elements(inside) if inside.is_empty() => return writer.write_event(Event::Empty(start)),
            Inside::Elements(inside) => {
                writer.write_event(Event::Start(start))?;
                inside.iter().try_for_each(|it| it.write(writer))?;
            }
            Inside::Text(text) => {
                writer.write_event(Event::Start(start))?;
                writer.write_event(Event::Text(BytesText::new(text)))?;
            }
        }
        writer.write_event(Event::End(BytesEnd::new(self.name)))
    }
}

/// The whole document.
pub(crate) fn document(root: &Element) -> String {
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    let written = writer
        .write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))
        .and_then(|()| root.write(&mut writer));
    written.expect("invariant: memory takes all that is written");
    String::from_utf8(writer.into_inner()).expect("invariant: texts and names are UTF-8")
}
