//! Sheets: pages of A4 on which things are placed from top to bottom.
//!
//! In:  texts, rules and tinted boxes, where and how wide. Out: marks, page by page, and what each text is.
//! Invariant: what does not fit goes to the next page; nothing stands in the margins but the foot of a page.

use crate::fonts::{Face, Faces, Shaped};
use krilla::text::Font;
use unicode_linebreak::{BreakOpportunity, linebreaks};

/// A4, in points.
pub(crate) const WIDTH: f32 = 595.28;
pub(crate) const HEIGHT: f32 = 841.89;
pub(crate) const LEFT: f32 = 56.0;
pub(crate) const RIGHT: f32 = WIDTH - 56.0;
const TOP: f32 = 60.0;
const BOTTOM: f32 = HEIGHT - 72.0;

/// The colours of the console, as paper has them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ink {
    Text,
    Second,
    Quiet,
    Accent,
    Line,
    Rule,
    Slip,
}

impl Ink {
    pub(crate) const fn rgb(self) -> [u8; 3] {
        match self {
            Ink::Text => [0x13, 0x1c, 0x22],
            Ink::Second => [0x45, 0x52, 0x5b],
            Ink::Quiet => [0x5c, 0x69, 0x72],
            Ink::Accent => [0x0a, 0x60, 0x74],
            Ink::Line => [0xe0, 0xe5, 0xe8],
            Ink::Rule => [0xc3, 0xcc, 0xd1],
            Ink::Slip => [0xee, 0xf3, 0xf4],
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Weight {
    Regular,
    Bold,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Align {
    Left,
    Right,
}

/// How a text is set.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Style {
    pub size: f32,
    pub weight: Weight,
    pub ink: Ink,
    pub align: Align,
}

impl Style {
    pub(crate) const fn new(size: f32, weight: Weight, ink: Ink) -> Style {
        Style { size, weight, ink, align: Align::Left }
    }

    pub(crate) const fn right(self) -> Style {
        Style { align: Align::Right, ..self }
    }

    /// From one line to the next.
    pub(crate) const fn leading(self) -> f32 {
        self.size * 1.45
    }
}

/// A column: where it begins, from left and top, and how wide it is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    pub x: f32,
    pub y: f32,
    pub width: f32,
}

impl Place {
    pub(crate) const fn new(x: f32, y: f32, width: f32) -> Place {
        Place { x, y, width }
    }
}

/// What a text is, for those who have the document read to them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Title,
    Heading,
    Paragraph,
    /// A cell of the last row of the last table.
    HeadCell,
    RowHead,
    Cell,
}

/// A leaf of what the document is made of, by its place among all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Leaf(pub usize);

/// What a document is made of, in the order in which it is read.
pub(crate) enum Branch {
    Text(Role, Leaf),
    Table(Vec<Vec<(Role, Leaf)>>),
}

/// Something on a page.
pub(crate) enum Mark {
    Text { x: f32, y: f32, size: f32, ink: Ink, font: Font, shaped: Shaped, leaf: Option<Leaf> },
    Box { x: f32, y: f32, width: f32, height: f32, ink: Ink },
}

/// Pages in the making.
pub(crate) struct Sheet<'a> {
    faces: Faces<'a>,
    pub pages: Vec<Vec<Mark>>,
    pub branches: Vec<Branch>,
    pub leaves: usize,
    /// What kind of document it is, as it is called.
    pub title: String,
    /// Where the next thing begins.
    pub y: f32,
}

impl<'a> Sheet<'a> {
    pub(crate) fn new(faces: Faces<'a>) -> Sheet<'a> {
        Sheet {
            faces,
            pages: vec![Vec::new()],
            branches: Vec::new(),
            leaves: 0,
            title: String::new(),
            y: TOP,
        }
    }

    /// A letter that was to be set and that the font has not.
    pub(crate) fn missing(&self) -> Option<char> {
        self.faces.missing()
    }

    const fn face(&self, weight: Weight) -> &Face<'a> {
        match weight {
            Weight::Regular => &self.faces.regular,
            Weight::Bold => &self.faces.bold,
        }
    }

    pub(crate) fn leaf(&mut self) -> Leaf {
        self.leaves += 1;
        Leaf(self.leaves - 1)
    }

    /// Whether so much fits below; a new page is begun otherwise.
    pub(crate) fn has_room(&self, height: f32) -> bool {
        self.y + height <= BOTTOM
    }

    pub(crate) fn next_page(&mut self) {
        self.pages.push(Vec::new());
        self.y = TOP;
    }

    fn put(&mut self, mark: Mark) {
        if let Some(page) = self.pages.last_mut() {
            page.push(mark);
        }
    }

    /// A line from left to right at `y`.
    pub(crate) fn rule(&mut self, y: f32, thick: f32, ink: Ink) {
        self.put(Mark::Box { x: LEFT, y, width: RIGHT - LEFT, height: thick, ink });
    }

    /// A tinted box.
    pub(crate) fn tint(&mut self, y: f32, height: f32, ink: Ink) {
        self.put(Mark::Box { x: LEFT, y, width: RIGHT - LEFT, height, ink });
    }

    /// The lines into which a text is broken so that none is wider than `width`.
    pub(crate) fn lines(&self, text: &str, style: Style, width: f32) -> Vec<String> {
        let face = self.face(style.weight);
        let fits = |it: &str| face.shape(it.trim_end()).width * style.size <= width;
        let mut lines = Vec::new();
        let mut line = String::new();
        let mut from = 0;
        for (to, kind) in linebreaks(text) {
            let part = &text[from..to];
            from = to;
            if !line.is_empty() && !fits(&format!("{line}{part}")) {
                lines.push(std::mem::take(&mut line));
            }
            line.push_str(part);
            // A word that is wider than the column is broken between any two letters.
            while !fits(&line) {
                let most = (1..line.chars().count()).rev().find(|it| fits(&head(&line, *it))).unwrap_or(1);
                let first = head(&line, most);
                line = line[first.len()..].to_string();
                lines.push(first);
                if line.is_empty() {
                    break;
                }
            }
            if kind == BreakOpportunity::Mandatory && to < text.len() {
                lines.push(std::mem::take(&mut line));
            }
        }
        if !line.is_empty() || lines.is_empty() {
            lines.push(line);
        }
        lines
    }

    /// Sets lines one below the other, the first with its top at `y`, in the column from `x`. Gives how high they are.
    pub(crate) fn set(&mut self, lines: &[String], place: Place, style: Style, leaf: Option<Leaf>) -> f32 {
        let Place { x, y, width } = place;
        for (line, number) in lines.iter().zip(0_u16..) {
            let face = self.face(style.weight);
            let line = match style.align {
                Align::Left => line.as_str(),
                Align::Right => line.trim_end(),
            };
            let (shaped, font) = (face.shape(line), face.font.clone());
            let x = match style.align {
                Align::Left => x,
                Align::Right => x + width - (shaped.width - behind(line)) * style.size,
            };
            // The letters stand in the middle of their line.
            let y = y + f32::from(number) * style.leading() + style.leading() * 0.5 + style.size * 0.36;
            if !shaped.glyphs.is_empty() {
                self.put(Mark::Text { x, y, size: style.size, ink: style.ink, font, shaped, leaf });
            }
        }
        lines.len() as f32 * style.leading()
    }

    /// A text across the column from `x`, broken into lines. Gives how high it is.
    pub(crate) fn text(&mut self, text: &str, place: Place, style: Style, role: Role) -> f32 {
        let lines = self.lines(text, style, place.width);
        let leaf = self.leaf();
        self.branches.push(Branch::Text(role, leaf));
        self.set(&lines, place, style, Some(leaf))
    }

    /// The same at the present height, which goes below it.
    pub(crate) fn paragraph(&mut self, text: &str, style: Style, role: Role) {
        let lines = self.lines(text, style, RIGHT - LEFT);
        if !self.has_room(lines.len() as f32 * style.leading()) {
            self.next_page();
        }
        let leaf = self.leaf();
        self.branches.push(Branch::Text(role, leaf));
        self.y += self.set(&lines, Place::new(LEFT, self.y, RIGHT - LEFT), style, Some(leaf));
    }

    /// What stands below every page: left the name of the document, right which page it is.
    pub(crate) fn feet(&mut self, left: &str, right: impl Fn(usize, usize) -> String) {
        let style = Style::new(7.5, Weight::Regular, Ink::Quiet);
        let (y, width) = (HEIGHT - 48.0, (RIGHT - LEFT) / 2.0);
        let pages = std::mem::take(&mut self.pages);
        let (all, mut done) = (pages.len(), Vec::new());
        for (number, page) in pages.into_iter().enumerate() {
            self.pages = vec![page];
            for (text, x, style) in
                [(left.to_string(), LEFT, style), (right(number + 1, all), LEFT + width, style.right())]
            {
                let mut lines = self.lines(&text, style, width);
                lines.truncate(1);
                self.set(&lines, Place::new(x, y, width), style, None);
            }
            done.append(&mut self.pages);
        }
        self.pages = done;
    }
}

/// The empty half of a Chinese sign that a line ends with, in parts of the size: it goes into the margin. A length of layout,
/// of which no amount is made.
fn behind(line: &str) -> f32 {
    if line.ends_with(['）', '。', '，', '、']) { 0.5 } else { 0.0 }
}

fn head(text: &str, chars: usize) -> String {
    text.chars().take(chars).collect()
}
