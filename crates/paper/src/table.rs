//! Tables: rows under a head that is repeated on every page.
//!
//! In:  columns, rows of cells. Out: marks and branches of the sheet.
//! Invariant: a row stands on one page; the head that is repeated is not read once more.

use crate::sheet::{Align, Branch, Ink, LEFT, Leaf, Place, RIGHT, Role, Sheet, Style, Weight};

/// A column: what it is called, how wide it is, and where its texts stand.
pub(crate) struct Column {
    pub head: String,
    /// In parts of the page between the margins; all of them add up to 1.
    pub part: f32,
    pub align: Align,
}

/// A cell: a text, and a smaller one below it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cell {
    pub text: String,
    pub below: String,
}

impl Cell {
    pub(crate) fn of(text: impl Into<String>) -> Cell {
        Cell { text: text.into(), below: String::new() }
    }
}

const HEAD: Style = Style::new(7.5, Weight::Regular, Ink::Quiet);
const BODY: Style = Style::new(9.0, Weight::Regular, Ink::Text);
const SUM: Style = Style::new(9.0, Weight::Bold, Ink::Text);
const BELOW: Style = Style::new(7.5, Weight::Regular, Ink::Quiet);
/// Between the text of a row and its lines.
const PAD: f32 = 4.5;
/// Between columns.
const GAP: f32 = 10.0;

/// A cell that is broken into lines.
struct Broken {
    place: (f32, f32),
    style: Style,
    lines: Vec<String>,
    below: Vec<String>,
}

impl Broken {
    fn height(&self) -> f32 {
        let below = if self.below.is_empty() { 0.0 } else { self.below.len() as f32 * BELOW.leading() };
        self.lines.len() as f32 * self.style.leading() + below
    }
}

/// A table, row by row: `rows`, then `sums` under a double rule.
pub(crate) fn table(sheet: &mut Sheet<'_>, columns: &[Column], rows: &[Vec<Cell>], sums: &[Vec<Cell>]) {
    let heads: Vec<Cell> = columns.iter().map(|it| Cell::of(it.head.clone())).collect();
    let mut tree = Vec::new();
    let head = broken(sheet, columns, &heads, HEAD);
    let first = rows.first().map(|it| height(&broken(sheet, columns, it, BODY))).unwrap_or(0.0);
    if !sheet.has_room(height(&head) + first) {
        sheet.next_page();
    }
    tree.push(placed(sheet, &head, |_| Role::HeadCell));
    sheet.rule(sheet.y - 0.8, 0.8, Ink::Rule);
    for row in rows {
        let row = broken(sheet, columns, row, BODY);
        make_room(sheet, &head, height(&row));
        tree.push(placed(sheet, &row, role));
        sheet.rule(sheet.y - 0.5, 0.5, Ink::Line);
    }
    for (row, number) in sums.iter().zip(0_usize..) {
        let row = broken(sheet, columns, row, if number + 1 == sums.len() { SUM } else { BODY });
        make_room(sheet, &head, height(&row) + 4.0);
        if number == 0 {
            sheet.rule(sheet.y + 0.8, 0.6, Ink::Text);
            sheet.rule(sheet.y + 2.6, 0.6, Ink::Text);
            sheet.y += 3.0;
        }
        tree.push(placed(sheet, &row, role));
    }
    sheet.branches.push(Branch::Table(tree));
}

const fn role(column: usize) -> Role {
    if column == 0 { Role::RowHead } else { Role::Cell }
}

/// A new page under the same head, where a row does not fit.
fn make_room(sheet: &mut Sheet<'_>, head: &[Broken], needed: f32) {
    if sheet.has_room(needed) {
        return;
    }
    sheet.next_page();
    let top = sheet.y;
    for it in head {
        let (x, width) = it.place;
        sheet.set(&it.lines, Place::new(x, top + PAD, width), it.style, None);
    }
    sheet.y += height(head);
    sheet.rule(sheet.y - 0.8, 0.8, Ink::Rule);
}

fn broken(sheet: &Sheet<'_>, columns: &[Column], cells: &[Cell], style: Style) -> Vec<Broken> {
    let (mut x, all) = (LEFT, RIGHT - LEFT);
    let mut found = Vec::new();
    for (column, cell) in columns.iter().zip(cells) {
        let width = all * column.part;
        // The last column ends where the page does.
        let inner = if x + width >= RIGHT - 1.0 { width } else { width - GAP };
        let style = if column.align == Align::Right { style.right() } else { style };
        let below = if column.align == Align::Right { BELOW.right() } else { BELOW };
        let below = if cell.below.is_empty() { Vec::new() } else { sheet.lines(&cell.below, below, inner) };
        found.push(Broken { place: (x, inner), style, lines: sheet.lines(&cell.text, style, inner), below });
        x += width;
    }
    found
}

fn height(row: &[Broken]) -> f32 {
    row.iter().map(Broken::height).fold(0.0, f32::max) + 2.0 * PAD
}

fn placed(sheet: &mut Sheet<'_>, row: &[Broken], role: impl Fn(usize) -> Role) -> Vec<(Role, Leaf)> {
    let top = sheet.y + PAD;
    let mut leaves = Vec::new();
    for (at, it) in row.iter().enumerate() {
        let leaf = sheet.leaf();
        let (x, width) = it.place;
        let high = sheet.set(&it.lines, Place::new(x, top, width), it.style, Some(leaf));
        let below = if it.style.align == Align::Right { BELOW.right() } else { BELOW };
        sheet.set(&it.below, Place::new(x, top + high, width), below, Some(leaf));
        leaves.push((role(at), leaf));
    }
    sheet.y += height(row);
    leaves
}
