//! Fonts: the files that are named, or those that the system has.
//!
//! In:  paths, or nothing; the letters of a document. Out: a family that has all of them, regular and bold.
//! Invariant: a letter without a glyph is never left out silently. Files are read once and kept.

use fontdb::{Database, Family, Query, Source, Stretch, Style, Weight as DbWeight};
use krilla::text::{Font, KrillaGlyph};
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

/// Why no font can set a document.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FontError {
    #[error(
        "there is no font on this machine; install one that has Chinese, such as Debian's fonts-noto-cjk, or name a file"
    )]
    None,
    #[error("{0} is no font that can be read")]
    File(String),
    #[error(
        "no font of this machine has the letter {letter}; install one, such as Debian's fonts-noto-cjk, or name a file (the nearest was {family})"
    )]
    Letter { letter: char, family: String },
}

/// Families that are looked for, the best first: those that have Chinese and Latin letters, then those that have Latin ones.
const FAMILIES: [&str; 13] = [
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "Droid Sans Fallback",
    "PingFang SC",
    "Microsoft YaHei",
    "SimHei",
    "Noto Sans",
    "DejaVu Sans",
    "Liberation Sans",
];

/// One file of a font, and which of it.
#[derive(Clone)]
struct File {
    data: Arc<Vec<u8>>,
    index: u32,
    font: Font,
}

/// A family: two weights of one face.
#[derive(Clone)]
pub(crate) struct Loaded {
    name: String,
    regular: File,
    bold: File,
}

/// What was loaded last, and by which files it was asked for.
static LOADED: Mutex<Vec<(Vec<PathBuf>, Arc<Loaded>)>> = Mutex::new(Vec::new());

/// A family that has all `letters`. Errors: `None`, `File`, `Letter`.
pub(crate) fn of(files: &[PathBuf], letters: &BTreeSet<char>) -> Result<Arc<Loaded>, FontError> {
    let mut loaded = LOADED.lock().unwrap_or_else(PoisonError::into_inner);
    let mut lacking = None;
    for (_, family) in loaded.iter().filter(|it| it.0 == files) {
        match family.lacks(letters) {
            None => return Ok(family.clone()),
            Some(letter) => lacking = Some(FontError::Letter { letter, family: family.name.clone() }),
        }
    }
    let known: BTreeSet<String> =
        loaded.iter().filter(|it| it.0 == files).map(|it| it.1.name.clone()).collect();
    for name in names(files)? {
        if known.contains(&name.0) {
            continue;
        }
        let family = Arc::new(name.load()?);
        loaded.push((files.to_vec(), family.clone()));
        match family.lacks(letters) {
            None => return Ok(family),
            Some(letter) => {
                let error = FontError::Letter { letter, family: family.name.clone() };
                lacking = lacking.or(Some(error));
            }
        }
    }
    Err(lacking.unwrap_or(FontError::None))
}

/// A family that is there, and where its files are.
struct Found(String, (PathBuf, u32), (PathBuf, u32));

impl Found {
    fn load(&self) -> Result<Loaded, FontError> {
        let regular = File::read(&self.1)?;
        let bold = if self.1 == self.2 { regular.clone() } else { File::read(&self.2)? };
        Ok(Loaded { name: self.0.clone(), regular, bold })
    }
}

fn names(files: &[PathBuf]) -> Result<Vec<Found>, FontError> {
    if let Some(regular) = files.first() {
        let bold = files.get(1).unwrap_or(regular);
        let named = Found(regular.display().to_string(), (regular.clone(), 0), (bold.clone(), 0));
        return Ok(vec![named]);
    }
    let mut database = Database::new();
    database.load_system_fonts();
    let found = FAMILIES.iter().filter_map(|name| {
        let place = |weight| {
            let families = [Family::Name(name)];
            let query = Query { families: &families, weight, stretch: Stretch::Normal, style: Style::Normal };
            let face = database.face(database.query(&query)?)?;
            match &face.source {
                Source::File(path) => Some((path.clone(), face.index)),
                Source::Binary(_) => None,
            }
        };
        Some(Found((*name).to_string(), place(DbWeight::NORMAL)?, place(DbWeight::BOLD)?))
    });
    Ok(found.collect())
}

impl File {
    fn read((path, index): &(PathBuf, u32)) -> Result<File, FontError> {
        let wrong = || FontError::File(path.display().to_string());
        let data = Arc::new(std::fs::read(path).map_err(|_| wrong())?);
        let font = Font::new(data.clone().into(), *index).ok_or_else(wrong)?;
        rustybuzz::Face::from_slice(&data, *index).ok_or_else(wrong)?;
        Ok(File { data, index: *index, font })
    }

    fn face(&self) -> Result<Face<'_>, FontError> {
        let face = rustybuzz::Face::from_slice(&self.data, self.index);
        let shaper = face.ok_or_else(|| FontError::File("a font".into()))?;
        Ok(Face { shaper, font: self.font.clone() })
    }
}

impl Loaded {
    /// A letter that it has not.
    fn lacks(&self, letters: &BTreeSet<char>) -> Option<char> {
        let lacks = |file: &File| {
            let face = rustybuzz::Face::from_slice(&file.data, file.index)?;
            letters.iter().copied().find(|it| face.glyph_index(*it).is_none())
        };
        lacks(&self.regular).or_else(|| lacks(&self.bold))
    }

    /// Both weights, ready to set.
    pub(crate) fn faces(&self) -> Result<Faces<'_>, FontError> {
        Ok(Faces { regular: self.regular.face()?, bold: self.bold.face()? })
    }
}

/// A face that is ready to set.
pub(crate) struct Face<'a> {
    shaper: rustybuzz::Face<'a>,
    pub font: Font,
}

/// Both weights.
pub(crate) struct Faces<'a> {
    pub regular: Face<'a>,
    pub bold: Face<'a>,
}

/// What stands in for a sign that a font has not, such as a picture in a name.
const STAND_IN: char = '\u{25a1}';

/// A text as it is set: with its glyphs, which are placed in parts of the size.
pub(crate) struct Shaped {
    pub text: String,
    pub glyphs: Vec<KrillaGlyph>,
    /// In parts of the size.
    pub width: f32,
}

impl Face<'_> {
    /// Shapes one line, from left to right.
    pub(crate) fn shape(&self, text: &str) -> Shaped {
        let known = |it: char| if self.shaper.glyph_index(it).is_some() { it } else { self.stand_in() };
        let text: String = text.chars().map(known).collect();
        let mut buffer = rustybuzz::UnicodeBuffer::new();
        buffer.push_str(&text);
        buffer.set_direction(rustybuzz::Direction::LeftToRight);
        buffer.guess_segment_properties();
        let output = rustybuzz::shape(&self.shaper, &[], buffer);
        let (infos, positions) = (output.glyph_infos(), output.glyph_positions());
        let em = self.font.units_per_em();
        let mut glyphs = Vec::with_capacity(infos.len());
        for (at, (info, place)) in infos.iter().zip(positions).enumerate() {
            let start = info.cluster as usize;
            let later = infos[at..].iter().find(|it| it.cluster > info.cluster);
            let end = later.map_or(text.len(), |it| it.cluster as usize);
            glyphs.push(KrillaGlyph::new(
                krilla::text::GlyphId::new(info.glyph_id),
                place.x_advance as f32 / em,
                place.x_offset as f32 / em,
                place.y_offset as f32 / em,
                place.y_advance as f32 / em,
                start..end,
                None,
            ));
        }
        let width = positions.iter().map(|it| it.x_advance as f32).sum::<f32>() / em;
        Shaped { text, glyphs, width }
    }

    fn stand_in(&self) -> char {
        if self.shaper.glyph_index(STAND_IN).is_some() { STAND_IN } else { '?' }
    }
}
