//! Fonts: the files that are named, or those that the system has.
//!
//! In:  paths, or nothing. Out: families, regular and bold; texts shaped by them.
//! Invariant: a letter without a glyph is never left out silently: the face keeps it. Files are read once and kept, and no
//! lock is held while they are.

use fontdb::{Database, Family, Query, Source, Stretch, Style, Weight as DbWeight};
use krilla::text::{Font, KrillaGlyph};
use std::cell::Cell;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

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

/// A family of the system, which is read when it is first asked for.
struct Place {
    found: Found,
    loaded: OnceLock<Arc<Loaded>>,
}

/// Families of the system, searched once.
static SYSTEM: OnceLock<Vec<Place>> = OnceLock::new();
/// Families that were named by their files.
static NAMED: Mutex<Vec<(Vec<PathBuf>, Arc<Loaded>)>> = Mutex::new(Vec::new());

/// The families that may set a document, the best first: that of `files`, or those of the system. Each is read when it is
/// asked for; one that cannot be read is an error.
pub(crate) fn families(files: &[PathBuf]) -> Box<dyn Iterator<Item = Result<Arc<Loaded>, FontError>>> {
    match files.first() {
        Some(regular) => Box::new(std::iter::once(named(files, regular))),
        None => Box::new(SYSTEM.get_or_init(system).iter().map(Place::loaded)),
    }
}

fn named(files: &[PathBuf], regular: &Path) -> Result<Arc<Loaded>, FontError> {
    let known = || NAMED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, family)) = known().iter().find(|it| it.0 == files) {
        return Ok(family.clone());
    }
    let bold = files.get(1).map_or(regular, PathBuf::as_path);
    let found = Found(regular.display().to_string(), (regular.into(), 0), (bold.into(), 0));
    // Read without the lock: whoever else reads the same meanwhile keeps one more of it for a moment.
    let family = Arc::new(found.load()?);
    known().push((files.to_vec(), family.clone()));
    Ok(family)
}

impl Place {
    fn loaded(&self) -> Result<Arc<Loaded>, FontError> {
        match self.loaded.get() {
            Some(family) => Ok(family.clone()),
            None => {
                let family = Arc::new(self.found.load()?);
                Ok(self.loaded.get_or_init(|| family).clone())
            }
        }
    }
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

fn system() -> Vec<Place> {
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
        let found = Found((*name).to_string(), place(DbWeight::NORMAL)?, place(DbWeight::BOLD)?);
        Some(Place { found, loaded: OnceLock::new() })
    });
    found.collect()
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
        Ok(Face { shaper, font: self.font.clone(), missing: Cell::new(None) })
    }
}

impl Loaded {
    /// That it has no glyph for a letter.
    pub(crate) fn lacks(&self, letter: char) -> FontError {
        FontError::Letter { letter, family: self.name.clone() }
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
    /// The first letter that it was to shape and has no glyph for.
    missing: Cell<Option<char>>,
}

/// Both weights.
pub(crate) struct Faces<'a> {
    pub regular: Face<'a>,
    pub bold: Face<'a>,
}

impl Faces<'_> {
    /// A letter that was to be set and has no glyph. Signs and pictures are none: something stands in for them.
    pub(crate) fn missing(&self) -> Option<char> {
        self.regular.missing.get().or(self.bold.missing.get())
    }
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
        let known = |it: char| if self.shaper.glyph_index(it).is_some() { it } else { self.instead_of(it) };
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

    fn instead_of(&self, it: char) -> char {
        if it.is_alphanumeric() && self.missing.get().is_none() {
            self.missing.set(Some(it));
        }
        if self.shaper.glyph_index(STAND_IN).is_some() { STAND_IN } else { '?' }
    }
}
