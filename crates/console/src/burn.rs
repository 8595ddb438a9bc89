//! The burn-down of a pack: what was left of it, what is, and when it will be empty if all goes on.
//!
//! In:  a pack as it stands. Out: SVG, and the same in a sentence.
//! Invariant: when it is empty is what the sweep of settlement says; only the geometry is rounded.

use crate::signed::Signed;
use crate::{show, words};
use billing::pack::PackState;
use desk::outlook::Standing;
use maud::{Markup, html};
use units::Timestamp;

/// Where the plot begins and ends in pixels.
const TOP: u64 = 8;
const TALL: u64 = 180;

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
    let unit = it.unit.map_or("", |it| words::unit(it, visit.language));
    let said = |units: u64| format!("{} {unit}", show::thousands(&units.to_string()));
    let (now_x, now_y) = (along(it, visit.now), down(it, it.left));
    let (end_x, end_y) = guess(it, visit.now);
    let empty = it.empty.map_or_else(|| texts.pack_left(), |at| texts.pack_empty(visit.time(at)));
    let sentence = format!("{}. {empty}", texts.left_of(said(it.left), said(it.pack.capacity)));
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
                }
            }
        }
    }
}

/// The packs of an overview that are in force: what is left of each, as a line over its time.
pub(crate) fn overview(signed: &Signed, all: &[Standing]) -> Markup {
    let texts = signed.visit.texts();
    let active: Vec<&Standing> = all.iter().filter(|it| it.state == PackState::Active).take(2).collect();
    html! {
        @if !active.is_empty() {
            section aria-labelledby="h-packs" {
                div.sect { h2 id="h-packs" { (texts.packs()) } a.more href="/packs" { (texts.packs()) } }
                @for it in active { h3 { (it.pack.name) } (down_chart(signed, it)) }
            }
        }
    }
}
