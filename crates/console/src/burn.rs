//! The burn-down of a pack: what was left of it, what is, and when it will be empty if all goes on.
//!
//! In:  a pack as it stands. Out: SVG, and the same in a sentence.
//! Invariant: when it is empty is what the sweep of settlement says; only the geometry is rounded.

use crate::show;
use crate::signed::Signed;
use billing::book::Sale;
use billing::pack::PackState;
use billing::readable::Scale;
use desk::outlook::Standing;
use maud::{Markup, html};
use units::{CycleKind, Timestamp, Unit};

/// Where the plot begins and ends in pixels.
const TOP: u64 = 18;
const TALL: u64 = 170;

/// Hundredths of a percent of the way from the beginning of a pack to its end.
fn along(it: &Standing, at: Timestamp) -> u64 {
    let (from, to) = (it.pack.effective.as_second(), it.pack.expires.as_second());
    let at = at.as_second().clamp(from, to);
    at.abs_diff(from).saturating_mul(10_000) / to.abs_diff(from).max(1)
}

/// How far below its full height a pack of so much left stands, in hundredths of a percent.
fn down(it: &Standing, left: u64) -> u64 {
    let whole = u128::from(it.pack.capacity.max(1));
    let gone = u128::from(it.pack.capacity.saturating_sub(left)) * 10_000 / whole;
    u64::try_from(gone).unwrap_or(10_000)
}

fn percent(hundredths: u64) -> String {
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

/// Where the line is guessed to end: when it is empty, or what would be left at its end at the pace so far.
fn guess(it: &Standing, now: Timestamp) -> (u64, u64) {
    match it.empty {
        Some(at) => (along(it, at), 10_000),
        None => {
            let (here, used) = (u128::from(along(it, now).max(1)), u128::from(down(it, it.left)));
            (10_000, u64::try_from(used * 10_000 / here).unwrap_or(10_000).min(10_000))
        }
    }
}

/// The burn-down of a pack that is in force; nothing of any other.
pub(crate) fn down_chart(signed: &Signed, it: &Standing) -> Markup {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    let (now_x, now_y) = (along(it, visit.now), down(it, it.left));
    let (end_x, end_y) = guess(it, visit.now);
    let empty = match it.empty {
        Some(at) => texts.pack_empty(visit.time(at)),
        None if it.left == it.pack.capacity => texts.pack_unused(),
        None => texts.pack_left(),
    };
    let sentence = show::sentences(&[&left_of(signed, it), &empty], visit.language);
    let line = format!("0,0 {},{}", percent(now_x), percent(now_y));
    let area = format!("{line} {},100 0,100", percent(now_x));
    let ahead = format!("{},{} {},{}", percent(now_x), percent(now_y), percent(end_x), percent(end_y));
    html! {
        @if it.state == PackState::Active && visit.now > it.pack.effective {
            figure.chart.one {
                figcaption.hint { (sentence) }
                svg.plot height="214" role="img" aria-label=(sentence) {
                    @for part in 0..=3_u64 {
                        line.zero[part == 3].grid[part < 3] x1="0" x2="100%" y1=(TOP + TALL * part / 3) y2=(TOP + TALL * part / 3) {}
                    }
                    svg x="0" y=(TOP) width="100%" height=(TALL) viewBox="0 0 100 100" preserveAspectRatio="none" {
                        polygon points=(area) {}
                        polyline points=(line) {}
                        polyline.guess points=(ahead) {}
                    }
                    line.today x1=(format!("{}%", percent(now_x))) x2=(format!("{}%", percent(now_x))) y1=(TOP) y2=(TOP + TALL) {}
                    text x="0" y="206" { (visit.time(it.pack.effective)) }
                    text x="100%" y="206" text-anchor="end" { (visit.time(it.pack.expires)) }
                    (marks(signed, it, (now_x, end_x)))
                }
            }
        }
    }
}

/// How much the height stands for, where now is, and when it will be empty.
fn marks(signed: &Signed, it: &Standing, (now_x, end_x): (u64, u64)) -> Markup {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    // Words stand on the side that has room for them.
    let side = |at: u64| if at > 5_000 { ("end", "-6") } else { ("start", "6") };
    let ((now_side, now_by), (end_side, end_by)) = (side(now_x), side(end_x));
    let (whole, nothing) = (amount(signed, it, it.pack.capacity), amount(signed, it, 0));
    let is_far = now_x > 2_000;
    html! {
        // Above the plot, where no line goes.
        @if is_far { text x="0" y=(TOP - 5) { (whole) } text x="4" y=(TOP + TALL - 6) { (nothing) } }
        @else { text x="100%" y=(TOP - 5) text-anchor="end" { (whole) } }
        text.ttoday x=(format!("{}%", percent(now_x))) dx=(now_by) y=(TOP + TALL / 2) text-anchor=(now_side) { (texts.now()) }
        @if let Some(at) = it.empty {
            text.strong x=(format!("{}%", percent(end_x))) dx=(end_by) y=(TOP + TALL - 6) text-anchor=(end_side) { (texts.empty_on()) " " (visit.time(at)) }
        }
    }
}

/// So much of what a pack holds, in the unit that all of it is read in.
fn amount(signed: &Signed, it: &Standing, units: u64) -> String {
    let unit = it.unit.unwrap_or(Unit::Piece);
    Scale::of(it.pack.capacity.into(), unit).say(units.into(), signed.visit.language)
}

/// What is left of a pack, of how much.
pub(crate) fn left_of(signed: &Signed, it: &Standing) -> String {
    signed.visit.texts().left_of(amount(signed, it, it.left), amount(signed, it, it.pack.capacity))
}

/// From when on a month in which a pack begins with its first second is not covered, where the pack ends before it. Source: R-PKG-2.
pub(crate) fn short_of_month(signed: &Signed, from: Timestamp, to: Timestamp) -> Option<String> {
    let visit = &signed.visit;
    let month = visit.calendar.cycle(CycleKind::Month, from).ok()?;
    let is_short = month.from == from && to < month.to && visit.now < month.to;
    is_short.then(|| visit.texts().pack_short_of_month(visit.time(to)))
}

/// Whether the product that it was bought as is still sold, by the book of now.
pub(crate) fn is_sold(signed: &Signed, it: &Standing) -> bool {
    let books = signed.books();
    books.iter().find_map(|book| book.product(&it.product)).is_some_and(|it| it.sale == Sale::Open)
}

/// What a pack is called: its name, or else what it was bought as. What is ordered by the API without a name has the id of its product.
pub(crate) fn name(signed: &Signed, it: &Standing) -> String {
    let is_nameless = it.pack.name.is_empty() || it.pack.name == it.product;
    if is_nameless { signed.product(&it.product) } else { it.pack.name.clone() }
}

/// The packs of an overview that are in force: what is left of each, as a line over its time.
pub(crate) fn overview(signed: &Signed, all: &[Standing]) -> Markup {
    let texts = signed.visit.texts();
    let active: Vec<&Standing> = all.iter().filter(|it| it.state == PackState::Active).take(2).collect();
    html! {
        @if !active.is_empty() {
            section aria-labelledby="h-packs" {
                div.sect { h2 id="h-packs" { (texts.packs()) } a.more href="/packs" { (texts.packs()) } }
                @for it in active { h3 { (name(signed, it)) } (down_chart(signed, it)) }
            }
        }
    }
}
