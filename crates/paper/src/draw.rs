//! Drawing: a sheet becomes a PDF.
//!
//! In:  marks and branches, what the document is called. Out: bytes of PDF/A-3, tagged.
//! Invariant: no clock is read: the date of the file is that of the document, its id follows from it.

use crate::attached::Attached;
use crate::error::PaperError;
use crate::factur_x;
use crate::sheet::{Branch, HEIGHT, Ink, Leaf, Mark, Role, Sheet, WIDTH};
use billing::document::Document;
use billing::language::Language;
use krilla::SerializeSettings;
use krilla::color::rgb;
use krilla::configure::validate::Archival;
use krilla::configure::{ConfigurationBuilder, PdfVersion};
use krilla::embed::{AssociationKind, EmbeddedFile, MimeType};
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::metadata::{DateTime, Metadata};
use krilla::num::NormalizedF32;
use krilla::page::PageSettings;
use krilla::paint::Fill;
use krilla::surface::Surface;
use krilla::tagging::{
    Artifact, ArtifactType, ContentTag, Identifier, SpanTag, TableHeaderScope, Tag, TagGroup, TagTree,
};
use std::num::NonZeroU16;
use units::Calendar;

/// The tag of a language in files.
const fn tag(language: Language) -> &'static str {
    match language {
        Language::English => "en",
        Language::Chinese => "zh-CN",
    }
}

/// The bytes of a document. Errors: what it says is no PDF/A, which is a fault of this program.
pub(crate) fn pdf(
    document: &Document,
    language: Language,
    sheet: Sheet<'_>,
    attached: &[Attached],
) -> Result<Vec<u8>, PaperError> {
    let configuration = ConfigurationBuilder::new()
        .with_version(PdfVersion::Pdf17)
        .with_archival_validator(Archival::A3_A)
        .finish()
        .map_err(|error| PaperError::Pdf(format!("{error:?}")))?;
    let settings = SerializeSettings { configuration, enable_tagging: true, ..SerializeSettings::default() };
    let mut pdf = krilla::Document::new_with(settings);
    let mut drawn: Vec<Vec<Identifier>> = (0..sheet.leaves).map(|_| Vec::new()).collect();
    for marks in &sheet.pages {
        let size = PageSettings::from_wh(WIDTH, HEIGHT).ok_or_else(|| PaperError::Pdf("a page".into()))?;
        let mut page = pdf.start_page_with(size);
        let mut surface = page.surface();
        for mark in marks {
            draw(&mut surface, mark, &mut drawn);
        }
        surface.finish();
        page.finish();
    }
    pdf.set_tag_tree(tree(&sheet.branches, &mut drawn, language));
    pdf.set_metadata(metadata(document, language, &sheet)?);
    for it in attached {
        embed(&mut pdf, document, it)?;
    }
    let bytes = pdf.finish().map_err(|error| PaperError::Pdf(format!("{error:?}")))?;
    match attached.iter().any(|it| it.name == factur_x::FILE) {
        true => factur_x::mark(&bytes),
        false => Ok(bytes),
    }
}

fn fill(ink: Ink) -> Fill {
    let [red, green, blue] = ink.rgb();
    Fill { paint: rgb::Color::new(red, green, blue).into(), opacity: NormalizedF32::ONE, ..Fill::default() }
}

fn draw(surface: &mut Surface<'_>, mark: &Mark, drawn: &mut [Vec<Identifier>]) {
    match mark {
        Mark::Box { x, y, width, height, ink } => {
            let Some(rect) = Rect::from_xywh(*x, *y, *width, *height) else { return };
            let mut path = PathBuilder::new();
            path.push_rect(rect);
            let Some(path) = path.finish() else { return };
            surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(ArtifactType::Layout)));
            surface.set_fill(Some(fill(*ink)));
            surface.draw_path(&path);
            surface.end_tagged();
        }
        Mark::Text { x, y, size, ink, font, shaped, leaf } => {
            let tag = match leaf {
                Some(_) => ContentTag::Span(SpanTag::empty()),
                None => ContentTag::Artifact(Artifact::with_kind(ArtifactType::PaginationOther)),
            };
            let identifier = surface.start_tagged(tag);
            surface.set_fill(Some(fill(*ink)));
            surface.draw_glyphs(
                Point::from_xy(*x, *y),
                &shaped.glyphs,
                font.clone(),
                &shaped.text,
                *size,
                false,
            );
            surface.end_tagged();
            if let Some(Leaf(at)) = leaf
                && let Some(of) = drawn.get_mut(*at)
            {
                of.push(identifier);
            }
        }
    }
}

fn tree(branches: &[Branch], drawn: &mut [Vec<Identifier>], language: Language) -> TagTree {
    let mut tree = TagTree::new().with_lang(Some(tag(language).to_string()));
    for branch in branches {
        match branch {
            Branch::Text(role, leaf) => tree.push(leaf_group(*role, *leaf, drawn)),
            Branch::Table(rows) => {
                let mut table = TagGroup::new(Tag::Table);
                for row in rows {
                    let mut group = TagGroup::new(Tag::TR);
                    for (role, leaf) in row {
                        group.push(leaf_group(*role, *leaf, drawn));
                    }
                    table.push(group);
                }
                tree.push(table);
            }
        }
    }
    tree
}

fn leaf_group(role: Role, Leaf(at): Leaf, drawn: &mut [Vec<Identifier>]) -> TagGroup {
    let mut group = match role {
        Role::Title => TagGroup::new(Tag::Hn(NonZeroU16::MIN, None)),
        Role::Heading => TagGroup::new(Tag::Hn(NonZeroU16::MIN.saturating_add(1), None)),
        Role::Paragraph => TagGroup::new(Tag::P),
        Role::HeadCell => TagGroup::new(Tag::TH(TableHeaderScope::Column)),
        Role::RowHead => TagGroup::new(Tag::TH(TableHeaderScope::Row)),
        Role::Cell => TagGroup::new(Tag::TD),
    };
    for identifier in drawn.get_mut(at).map(std::mem::take).unwrap_or_default() {
        group.push(identifier);
    }
    group
}

/// The date of a document, to the second. Errors: a year that no PDF can say.
fn date(document: &Document) -> Result<DateTime, PaperError> {
    let utc = Calendar::in_zone("+00:00").map_err(|error| PaperError::Pdf(error.to_string()))?;
    let wall = utc.local(document.issued);
    let year = u16::try_from(wall.year()).map_err(|_| PaperError::Pdf(format!("the year of {wall}")))?;
    let date = DateTime::new(year)
        .month(wall.month().unsigned_abs())
        .day(wall.day().unsigned_abs())
        .hour(wall.hour().unsigned_abs())
        .minute(wall.minute().unsigned_abs())
        .second(wall.second().unsigned_abs());
    Ok(date.utc_offset_hour(0).utc_offset_minute(0))
}

fn metadata(document: &Document, language: Language, sheet: &Sheet<'_>) -> Result<Metadata, PaperError> {
    let title = format!("{} {}", sheet.title, document.number);
    let metadata = Metadata::new()
        .title(title)
        .authors(vec![document.seller.name.clone()])
        .creator("Cloudtill".to_string())
        .producer("Cloudtill".to_string())
        .language(tag(language).to_string())
        .creation_date(date(document)?)
        .document_id(format!("{} {}", document.id, tag(language)));
    Ok(metadata)
}

fn embed(pdf: &mut krilla::Document, document: &Document, it: &Attached) -> Result<(), PaperError> {
    let file = EmbeddedFile {
        path: it.name.clone(),
        mime_type: MimeType::new(it.media_type),
        description: Some(it.description.clone()),
        association_kind: AssociationKind::Alternative,
        data: it.text.clone().into_bytes().into(),
        modification_date: Some(date(document)?),
        compress: Some(true),
        location: None,
    };
    pdf.embed_file(file).ok_or_else(|| PaperError::Pdf(format!("two files are called {}", it.name)))
}
