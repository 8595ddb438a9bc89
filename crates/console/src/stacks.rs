//! Bars of several parts on top of each other, such as revenue by month and product.
//!
//! In:  stacks of amounts in the same order. Out: SVG with its geometry in attributes, its colours in classes, and a key.
//! Invariant: as of every chart: a sentence says what it shows, the figures stand in a table nearby, and geometry alone is
//! rounded.

use crate::chart::{GROUND, HEIGHT, Slot, TOP, above, nice, percent};
use crate::show;
use billing::language::Language;
use maud::{Markup, html};
use units::{Currency, Money};

/// So many parts have colours of their own; the rest is one.
pub(crate) const COLOURS: usize = 6;
/// So many stacks have room for the figure of each, also on a telephone; of more the highest says its own.
const ROOM: usize = 3;

/// A stack: what stands below it, and its parts from the ground up, in minor units that are not below zero.
pub(crate) struct Stack {
    pub short: String,
    pub parts: Vec<i64>,
}

/// Stacks beside each other, and what their parts are called.
pub(crate) struct Stacks<'a> {
    pub all: &'a [Stack],
    pub names: &'a [String],
    pub caption: &'a str,
    pub currency: Currency,
}

impl Stacks<'_> {
    pub(crate) fn show(&self, language: Language) -> Markup {
        let most = self.all.iter().map(total).max().unwrap_or(0).max(1);
        let step = nice((most + 3) / 4);
        let label = |at: i64| show::money(Money::from_minor(step.saturating_mul(at), self.currency));
        let scale = step.saturating_mul(4).max(1);
        let highest = self.all.iter().enumerate().max_by_key(|it| total(it.1)).map(|it| it.0);
        let says = |index: usize| self.all.len() <= ROOM || highest == Some(index);
        let told = |it: &Stack| show::labelled(&it.short, &self.money(total(it)), language);
        let sentence: Vec<String> = self.all.iter().map(told).collect();
        let sentence = sentence.join(&language.say(", ".into(), "，".into()));
        html! {
            figure.chart {
                figcaption.hint { (self.caption) }
                svg.y width="84" height=(HEIGHT) aria-hidden="true" {
                    @for at in 0..=4_i64 { text x="82" y=(GROUND + 4 - (GROUND - TOP) * at / 4) text-anchor="end" { (label(at)) } }
                }
                svg.plot height=(HEIGHT) role="img" aria-label=(sentence) {
                    @for at in 0..=4_i64 {
                        @let y = GROUND - (GROUND - TOP) * at / 4;
                        line.zero[at == 0].grid[at > 0] x1="0" x2="100%" y1=(y) y2=(y) {}
                    }
                    @for (index, it) in self.all.iter().enumerate() {
                        @let slot = Slot { index, of: self.all.len() };
                        (self.one(it, slot, (scale, language)))
                        @if total(it) > 0 && says(index) { (above(&self.money(total(it)), slot, GROUND - high(total(it), scale))) }
                    }
                }
                ul.key {
                    @for (index, name) in self.names.iter().enumerate() {
                        li { svg aria-hidden="true" { rect class=(colour(index)) width="12" height="12" {} } (name) }
                    }
                }
            }
        }
    }

    fn money(&self, minor: i64) -> String {
        show::money(Money::from_minor(minor, self.currency))
    }

    fn one(&self, it: &Stack, slot: Slot, (scale, language): (i64, Language)) -> Markup {
        let (Slot { index, of }, [left, wide]) = (slot, slot.bar());
        let named = |number: usize, minor: i64| {
            let name = self.names.get(number).map_or("", String::as_str);
            show::labelled(name, &self.money(minor), language)
        };
        let mut below = 0_i64;
        let bars: Vec<(usize, i64, i64, i64)> = it
            .parts
            .iter()
            .enumerate()
            .map(|(number, minor)| {
                let from = high(below, scale);
                below = below.saturating_add((*minor).max(0));
                (number, *minor, from, high(below, scale))
            })
            .collect();
        html! {
            g {
                title { (show::labelled(&it.short, &self.money(total(it)), language)) }
                @for (number, minor, from, to) in bars {
                    @if minor > 0 {
                        rect class=(colour(number)) x=(percent(left)) width=(percent(wide)) y=(GROUND - to) height=((to - from).max(1)) {
                            title { (it.short) " · " (named(number, minor)) }
                        }
                    }
                }
            }
            @if of <= 12 || index.is_multiple_of(3) {
                text x=(percent(left + wide / 2)) y=(HEIGHT - 6) text-anchor="middle" { (it.short) }
            }
        }
    }
}

/// How high so much stands above the ground, in pixels.
fn high(minor: i64, scale: i64) -> i64 {
    (GROUND - TOP).saturating_mul(minor) / scale
}

fn total(it: &Stack) -> i64 {
    it.parts.iter().fold(0_i64, |sum, part| sum.saturating_add((*part).max(0)))
}

fn colour(number: usize) -> String {
    format!("c{}", number.min(COLOURS - 1) + 1)
}

#[cfg(test)]
mod tests;
