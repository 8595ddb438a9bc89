//! What a downgrade gives back, as the slip of its page shows it: line by line, then the sum and where it goes.
//!
//! In:  what it would come to, the least that whoever reads the page agrees to. Out: the rows of the slip.
//! Invariant: shown from the customer's side: what comes back is above zero.
//! Source: R-CHG-3.

use crate::signed::Signed;
use crate::{arithmetic, lines_shown, parts, show};
use billing::bill::{Bill, Kind, Line, Title};
use billing::refund::lines::STAYS;
use desk::downgrades::Lowered;
use maud::{Markup, html};
use units::{AccountId, Cycle, CycleKind, Money};

/// The rows of what was paid, used and is new, the sum, and what follows.
pub(crate) fn rows(signed: &Signed, product: &str, it: &Lowered) -> Markup {
    let (visit, texts, unit) = (&signed.visit, signed.visit.texts(), signed.unit());
    let (found, currency) = (&it.found, it.found.total.currency());
    let money = |it: Money| format!("{} {unit}", show::money(it));
    let used = found.value.lines.iter().map(|line| (used_name(signed, product, line), line));
    let new =
        found.lines.iter().skip(found.value.lines.len()).map(|line| (new_name(signed, product, line), line));
    let when =
        |second| units::calendar::second_at(second).map_or_else(|_| String::new(), |at| visit.time(at));
    let rows: Vec<(String, &Line<'_>)> = used.chain(new).collect();
    let sums: Vec<i128> = rows.iter().map(|it| -i128::from(it.1.cost_e8)).collect();
    let sums = lines_shown::aligned(&sums, currency);
    html! {
        dl.rows {
            @for ((name, line), sum) in rows.iter().zip(&sums) {
                div {
                    dt {
                        (name)
                        // What was paid for what stays is of all its time, not of what is left of it.
                        @if line.component != STAYS { small { (texts.refund_time(when(line.from), when(line.to))) } }
                        small { (arithmetic::of_cost(signed, product, line)) }
                    }
                    dd { (sum) }
                }
            }
            div.sum data-say { dt { (texts.refund_goes_back()) } dd { (show::money(found.total)) " " span.cur { (unit) } } }
        }
        ul.also.dots {
            @match (found.total.is_zero(), found.cost.is_zero()) {
                (false, _) => { li { (texts.change_lowered_back()) } }
                (true, false) => { li { (texts.change_lowered_nothing()) } }
                (true, true) => { li { (texts.change_switched_nothing()) } }
            }
            li { (texts.change_lowered_when(visit.time(it.until))) }
            @match found.lines.iter().find(|it| it.component == STAYS) {
                Some(stays) => { li { (counted_of(signed, stays, found.counted.total())) } li { (texts.change_switched_stays()) } }
                None => { li { (texts.change_lowered_counted(money(found.counted.total()))) } }
            }
            li { (texts.refund_checked_again()) }
        }
        button.btn.wide.nojs { (texts.update_price()) }
    }
}

/// What counts as paid for what stays, and how that comes about: what was paid for it, less what is used of it. Source: R-NET-4.
fn counted_of(signed: &Signed, stays: &Line<'_>, counted: Money) -> String {
    let unit = signed.unit();
    let said = |e8: i128| format!("{} {unit}", show::cost(e8, counted.currency()));
    let (paid, left) = (i128::from(stays.cost_e8), i128::from(counted.to_amount().e8()));
    signed.visit.texts().change_switched_counted(said(paid), said(paid - left), said(left))
}

/// The sum for a narrow screen.
pub(crate) fn sum(signed: &Signed, it: &Lowered) -> Markup {
    let texts = signed.visit.texts();
    html! { div { b.n { (parts::exact(it.found.total.to_amount().e8(), it.found.total.currency())) } span.hint { (texts.refund_goes_back()) } } }
}

fn used_name(signed: &Signed, product: &str, line: &Line<'_>) -> String {
    let name = name(signed, product, line);
    if line.is_sum() { name } else { signed.visit.texts().refund_used_of(name) }
}

fn new_name(signed: &Signed, product: &str, line: &Line<'_>) -> String {
    let name = name(signed, product, line);
    if line.is_sum() { name } else { signed.visit.texts().change_new_of(name) }
}

/// What a line is for, by the book that prices it.
fn name(signed: &Signed, product: &str, line: &Line<'_>) -> String {
    let (now, account) = (signed.visit.now, AccountId::named(signed.visit.now, ""));
    let cycle = Cycle { kind: CycleKind::Month, from: now, to: now };
    let title = Title { account, kind: Kind::PrepaidChange, cycle, subject: 0 };
    let of = Bill { product: product.to_string().into(), ..Bill::blank(&title, units::Currency::CNY) };
    signed.component(&of, line)
}
