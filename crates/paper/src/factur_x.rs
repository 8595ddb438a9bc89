//! The marks of Factur-X: which file of a PDF is the invoice as data, said in the metadata of that PDF.
//!
//! In:  a PDF/A-3 as `krilla` writes it, with a plain table of its objects. Out: the same with the marks.
//! Invariant: every object lies where the table says. A file of another shape is an error, never a broken file.
//! Source: Factur-X 1.0, chapter 6: `fx:*` and their extension schema. `krilla` has no place for metadata of others.

use crate::error::PaperError;
use std::ops::Range;

/// What the file is called.
pub(crate) const FILE: &str = "factur-x.xml";
const SPACE: &str = "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#";

/// The properties, what each is, and what it says here.
const PROPERTIES: [(&str, &str, &str); 4] = [
    ("DocumentFileName", "The name of the embedded XML document", FILE),
    ("DocumentType", "The type of the hybrid document", "INVOICE"),
    ("Version", "The version of the schema of the embedded XML document", "1.0"),
    ("ConformanceLevel", "The conformance level of the embedded XML document", "EN 16931"),
];

/// Where the list of extension schemas ends, and where the metadata do.
const END_OF_SCHEMAS: &str = "</rdf:Bag></pdfaExtension:schemas>";
const END: &str = "</rdf:RDF>";

/// The same PDF with the marks. Errors: `Pdf` for one of another shape.
pub(crate) fn mark(pdf: &[u8]) -> Result<Vec<u8>, PaperError> {
    marked(pdf).ok_or_else(|| PaperError::Pdf("its metadata stand where the marks of Factur-X cannot".into()))
}

fn marked(pdf: &[u8]) -> Option<Vec<u8>> {
    let table = Table::of(pdf)?;
    let there = Metadata::of(pdf.get(..table.at)?)?;
    let text = std::str::from_utf8(pdf.get(there.text.clone())?).ok()?;
    let (schemas, rest) = text.split_once(END_OF_SCHEMAS)?;
    let (own, end) = rest.split_once(END)?;
    let text = [schemas, &schema(), END_OF_SCHEMAS, own, &properties(), END, end].concat();
    let mut out = pdf.get(..there.length.start)?.to_vec();
    out.extend(text.len().to_string().bytes());
    out.extend(pdf.get(there.length.end..there.text.start)?);
    out.extend(text.bytes());
    let further = out.len().checked_sub(there.text.end)?;
    out.extend(pdf.get(there.text.end..table.at)?);
    table.write(pdf, &mut out, there.text.start, further)?;
    Some(out)
}

/// The metadata of a file: where their text stands, and where the digits of its length do.
struct Metadata {
    length: Range<usize>,
    text: Range<usize>,
}

impl Metadata {
    fn of(pdf: &[u8]) -> Option<Metadata> {
        let start = last(pdf, b"<?xpacket begin=")?;
        let from = last(pdf.get(..start)?, b"/Length ")? + b"/Length ".len();
        let digits = pdf.get(from..start)?.iter().take_while(|it| it.is_ascii_digit()).count();
        let length = from..from + digits;
        let size: usize = std::str::from_utf8(pdf.get(length.clone())?).ok()?.parse().ok()?;
        let text = start..start.checked_add(size)?;
        (text.end <= pdf.len()).then_some(Metadata { length, text })
    }
}

/// The table of objects, and how many lines of it stand behind `xref` and the line that counts them.
struct Table {
    at: usize,
    lines: Range<usize>,
}

/// Bytes of a line of the table: ten digits of the place, what it is, and the end of the line.
const LINE: usize = 20;

impl Table {
    fn of(pdf: &[u8]) -> Option<Table> {
        let start = last(pdf, b"startxref\n")? + b"startxref\n".len();
        let digits = pdf.get(start..)?.iter().take_while(|it| it.is_ascii_digit()).count();
        let at: usize = std::str::from_utf8(pdf.get(start..start + digits)?).ok()?.parse().ok()?;
        let head = pdf.get(at..)?.strip_prefix(b"xref\n0 ")?;
        let digits = head.iter().take_while(|it| it.is_ascii_digit()).count();
        let count: usize = std::str::from_utf8(head.get(..digits)?).ok()?.parse().ok()?;
        let first = at + b"xref\n0 ".len() + digits + 1;
        let lines = first..first.checked_add(count.checked_mul(LINE)?)?;
        pdf.get(lines.end..)?.starts_with(b"trailer").then_some(Table { at, lines })
    }

    /// Writes the table, the objects behind `from` so many bytes `further`, and what follows it.
    fn write(&self, pdf: &[u8], out: &mut Vec<u8>, from: usize, further: usize) -> Option<()> {
        out.extend(pdf.get(self.at..self.lines.start)?);
        for line in pdf.get(self.lines.clone())?.chunks(LINE) {
            let (place, what) = line.split_at_checked(10)?;
            let place: usize = std::str::from_utf8(place).ok()?.parse().ok()?;
            let moved = if place > from && what.starts_with(b" 00000 n") { place + further } else { place };
            out.extend(format!("{moved:010}").bytes());
            out.extend(what);
        }
        let start = last(pdf, b"startxref\n")? + b"startxref\n".len();
        out.extend(pdf.get(self.lines.end..start)?);
        out.extend(format!("{}\n%%EOF", self.at + further).bytes());
        Some(())
    }
}

fn last(of: &[u8], what: &[u8]) -> Option<usize> {
    of.windows(what.len()).rposition(|it| it == what)
}

/// What the properties are, as PDF/A asks of those that it does not know.
fn schema() -> String {
    let property = |(name, what, _): &(&str, &str, &str)| {
        format!(
            "<rdf:li rdf:parseType=\"Resource\"><pdfaProperty:name>{name}</pdfaProperty:name>\
             <pdfaProperty:valueType>Text</pdfaProperty:valueType>\
             <pdfaProperty:category>external</pdfaProperty:category>\
             <pdfaProperty:description>{what}</pdfaProperty:description></rdf:li>"
        )
    };
    let all: String = PROPERTIES.iter().map(property).collect();
    format!(
        "<rdf:li rdf:parseType=\"Resource\"><pdfaSchema:schema>Factur-X PDFA Extension Schema</pdfaSchema:schema>\
         <pdfaSchema:namespaceURI>{SPACE}</pdfaSchema:namespaceURI><pdfaSchema:prefix>fx</pdfaSchema:prefix>\
         <pdfaSchema:property><rdf:Seq>{all}</rdf:Seq></pdfaSchema:property></rdf:li>"
    )
}

/// What they say.
fn properties() -> String {
    let said = |(name, _, said): &(&str, &str, &str)| format!("<fx:{name}>{said}</fx:{name}>");
    let all: String = PROPERTIES.iter().map(said).collect();
    format!("<rdf:Description rdf:about=\"\" xmlns:fx=\"{SPACE}\">{all}</rdf:Description>")
}
