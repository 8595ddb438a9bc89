//! What comes next for an account: ends, packs that run out, and how long its money lasts.
//!
//! In:  what the desk says of it. Out: a figure, a banner when little time is left, and a list with dates.
//! Invariant: what is estimated is called about so much; every step has its date and what follows.

use crate::parts::figure;
use crate::resource::changes;
use crate::short;
use crate::show;
use crate::signed::Signed;
use billing::ahead::folded::{Folded, fold};
use billing::ahead::{Coming, DAYS, Step};
use billing::story::What;
use billing::user::House;
use desk::ahead::Ahead;
use desk::overview::Overview;
use maud::{Markup, html};
use units::calendar::seconds_between;
use units::{PackId, Timestamp};

/// Money that lasts for fewer days than this is worth a banner.
const SOON_DAYS: u64 = 8;

/// Whole days until then.
fn days(signed: &Signed, at: Timestamp) -> u64 {
    seconds_between(signed.visit.now, at) / 86_400
}

fn a_day(signed: &Signed, it: &Ahead) -> String {
    let sum = it.a_day.and_then(|it| it.round().ok());
    sum.map_or_else(|| "–".to_string(), |it| format!("{} {}", show::money(it), signed.unit()))
}

/// That the money is gone within days, with the way to bring more in.
pub(crate) fn soon(signed: &Signed, it: &Ahead) -> Markup {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    let at = it.gone.filter(|at| days(signed, *at) < SOON_DAYS);
    html! {
        @if let Some(at) = at {
            (short::banner(signed, &texts.money_lasts_until(visit.time(at)), &texts.at_a_day(a_day(signed, it))))
        }
    }
}

/// How long the money lasts, as a figure; nothing where nothing goes by use.
pub(crate) fn lasting(signed: &Signed, it: &Ahead) -> Markup {
    let texts = signed.visit.texts();
    html! {
        @if let Some(at) = it.gone {
            @let of = texts.about_day_and_pace(show::day(&signed.visit.calendar, at, signed.visit.language), a_day(signed, it));
            (figure(&texts.money_lasts(), &texts.so_many_days(days(signed, at)), "", &html! { (of) }))
        }
    }
}

/// The steps with their dates.
pub(crate) fn steps(signed: &Signed, it: &Overview) -> Markup {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    let available = format!("{} {}", show::money(it.customer.wallet.available()), signed.unit());
    html! {
        section aria-labelledby="h-next" {
            div.sect { h2 id="h-next" { (texts.what_comes_next()) } p { (texts.within_days(DAYS)) } a.more href="/forecast" { (texts.whole_forecast()) } }
            @if let Some(why) = &it.ahead.broken {
                p.hint { (texts.all_before(visit.exact_time(it.ahead.until))) " " (texts.ends_because(why.text().get(visit.language))) }
            }
            @if it.ahead.steps.is_empty() && it.ahead.broken.is_none() { p.quiet { (texts.nothing_comes()) } } @else {
                ol.life {
                    li.today { time datetime=(visit.now) { (visit.exact_time(visit.now)) } div { (texts.now_available(available)) } }
                    @for found in &fold(&it.ahead.steps) {
                        li.next.warn {
                            time datetime=(found.step.at) { (visit.exact_time(found.step.at)) }
                            div { (told(signed, &it.ahead, found)) }
                        }
                    }
                }
                @if it.ahead.more > 0 { p.hint { (texts.steps_left_out(it.ahead.more)) } }
            }
        }
    }
}

/// What comes, what follows from it, and how often more it is tried.
pub(crate) fn told(signed: &Signed, it: &Ahead, found: &Folded) -> Markup {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    html! {
        (what(signed, it, &found.step))
        @if found.more > 0 { span.s { (texts.tried_more(found.more, visit.time(found.last))) } }
    }
}

/// What comes, and what follows from it.
fn what(signed: &Signed, it: &Ahead, step: &Step) -> Markup {
    let texts = signed.visit.texts();
    let text = step.coming.text();
    let said = text.get(signed.visit.language);
    let is_changed = matches!(step.coming, Coming::Resource { what: What::Changed, .. });
    html! {
        @match step.coming {
            Coming::Resource { id, .. } | Coming::RenewalFails(id, _) => {
                @let resource = it.resources.get(&id);
                (own(signed, &format!("/resources/{id}"), resource.map_or_else(|| id.to_string(), |it| signed.called(it))))
                span.s {
                    (said)
                    @if let Some(it) = resource.filter(|_| is_changed) {
                        @for changed in it.turns(step.at) { " · " (changes(signed, &it.product, &changed)) }
                    }
                    @if let Some(sum) = step.sum { " · " (show::money(sum)) " " (show::currency(sum.currency(), signed.visit.language)) }
                    @if let Some(it) = resource { " · " (signed.product(&it.product)) }
                }
            }
            Coming::PackEmpty(id) => { (pack(signed, it, id)) span.s { (texts.pack_empty_then()) } }
            Coming::PackEnds(id) => { (pack(signed, it, id)) span.s { (texts.pack_ends_then()) } }
            Coming::MoneyGone => { (texts.money_gone()) span.s { (texts.money_gone_then()) } }
            Coming::MoneyBack => { (said) }
        }
    }
}

fn pack(signed: &Signed, it: &Ahead, id: PackId) -> Markup {
    own(signed, "/packs", it.packs.get(&id).cloned().unwrap_or_else(|| id.to_string()))
}

/// A thing of the account by its name: a way to it for whoever is in its house, the name alone for operators.
fn own(signed: &Signed, path: &str, name: String) -> Markup {
    match signed.house() {
        House::Account(_) => html! { a href=(path) { (name) } },
        House::Operator => html! { (name) },
    }
}
