//! One resource: how it stands, what it cost, what happened to it and what will, and what its owner may do.
//!
//! In:  a resource. Out: its page; what is asked for on it, done once.
//! Invariant: what a button causes stands beside it; a release asks for the name.

use crate::convertible::{is_convertible, is_convertible_back, why_not};
use crate::fields::Fields;
use crate::parts::{self, Wrong};
use crate::posted::Posted;
use crate::signed::{Signed, whose};
use crate::state::Console;
use crate::visit::see_other;
use crate::{choice, forecast, frame, renewal, resource_words, show, tags, usage, words};
use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use billing::book::{MeteringEnd, OptionRule, Product, Resize};
use billing::change;
use billing::control::option_name;
use billing::resource::{EndedBy, Event, Resource, State};
use billing::story::{Ahead, Changed, What};
use billing::user::{Right, UserError};
use desk::bulk::{self, Action};
use desk::cost::{self, Cost};
use desk::history::{self, By};
use desk::lists::projects;
use desk::lists::resources::{self as list, Seen};
use desk::lists::usage::Window;
use desk::page::Part;
use desk::resources::{self, Own};
use desk::{At, Refusal, Tx};
use maud::{Markup, html};
use units::Money;
use web::problem::Problem;

/// What switches of a resource do, by the words of their forms.
const SWITCHES: [(&str, Event); 3] =
    [("start", Event::Start), ("stop", Event::Stop), ("stop_free", Event::StopFree)];
/// Events of a life line.
const EVENTS: u16 = 200;

pub(crate) fn routes() -> Router<Console> {
    Router::new()
        .route("/resources/{resource}", get(show_page))
        .route("/resources/{resource}/switch", post(switch))
        .route("/resources/{resource}/release", post(release))
}

/// All that a page shows.
struct Told {
    seen: Seen,
    cost: Cost,
    life: Vec<history::Event>,
    ahead: Vec<Ahead>,
    usage: Vec<Window>,
    project: Option<String>,
    /// For how long it lies in the bin if it is released.
    bin_seconds: u64,
}

fn read(tx: &mut Tx<'_>, at: At<'_>, own: Own) -> Result<Told, Refusal> {
    let seen = list::one(tx, own.account, own.id)?;
    let project = seen.shown.labels.project.map(|id| projects::one(tx, own.account, id)).transpose()?;
    let bin_seconds = bulk::bin_seconds(tx, at, &seen.shown.resource)?;
    Ok(Told {
        seen,
        bin_seconds,
        project: project.map(|it| it.name),
        usage: usage::read(tx, at, own)?,
        cost: cost::so_far(tx, at, own.account, own.id)?,
        life: history::page(tx, own, &Part::first(EVENTS))?.items,
        ahead: history::ahead(tx, at, own)?,
    })
}

/// The resource that an address names, as one of the account. The answer otherwise.
pub(crate) async fn own(signed: &Signed, text: &str) -> Result<Own, Response> {
    Ok(Own { account: whose(signed)?, id: signed.id(text).await? })
}

async fn show_page(signed: Signed, Path(resource): Path<String>) -> Result<Response, Response> {
    let own = own(&signed, &resource).await?;
    page(&signed, own, None).await
}

async fn page(signed: &Signed, own: Own, wrong: Option<&Problem>) -> Result<Response, Response> {
    let found = signed.report(move |tx, at| read(tx, at, own)).await?;
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    let resource = &found.seen.shown.resource;
    let told = wrong.map(|it| Wrong::of(it, visit).among(&["sure"]));
    let body = html! {
        (parts::errors(visit, told.as_ref()))
        (figures(signed, &found))
        (raises(signed, resource))
        (actions(signed, &found))
        (deadline(signed, resource))
        (usage::charts(signed, resource, &found.usage))
        div.cols.half {
            (life(signed, &found))
            (configuration(signed, &found))
        }
    };
    let (resources, called) = (texts.resources(), signed.called(resource));
    let sub =
        format!("{} · {}", signed.product(&resource.product), resource_words::state(texts, resource.state));
    let page = frame::Page { title: &called, sub: &sub, above: &[("/resources", &resources)], body: &body };
    Ok(frame::page(signed, wrong.map_or(StatusCode::OK, |it| it.status), &page))
}

fn figures(signed: &Signed, it: &Told) -> Markup {
    let (visit, texts, unit) = (&signed.visit, signed.visit.texts(), signed.unit());
    let resource = &it.seen.shown.resource;
    let open = it
        .cost
        .open
        .as_ref()
        .ok()
        .and_then(|all| Money::sum(all.iter().map(|it| it.total), it.cost.currency).ok());
    let since = resource.delivered.map(|at| texts.since_then(visit.time(at))).unwrap_or_default();
    html! {
        dl.figures {
            (parts::figure(&texts.address(), resource.address.as_deref().unwrap_or("–"), "", &html! { (since) }))
            (parts::figure(&texts.billed_so_far(), &show::money(it.cost.billed), unit, &html! { (texts.up_to(visit.time(it.cost.until))) }))
            (parts::figure(&texts.open_now(), &open.map_or_else(|| "–".into(), show::money), unit, &html! { (texts.open_now_hint()) }))
            (forecast::of_resource(signed, &it.cost))
            @match resource.deadline {
                Some(_) if is_given_up(signed, resource) => {}
                Some(deadline) => {
                    (parts::figure(&texts.expires(), &visit.time(deadline), "", &html! { (renewal::flag_name(texts, resource.renew.flag)) }))
                }
                None => (parts::figure(&texts.frozen(), &show::money(it.seen.shown.held), unit, &html! { (texts.held_hint()) })),
            }
        }
    }
}

/// Whether its owner can keep it from its end no more: it was given back, is being released, or is gone. Source: R-REF-5, R-REN-1.
fn is_given_up(signed: &Signed, it: &Resource) -> bool {
    let desk = signed.visit.node.desk();
    let at = desk.at(signed.visit.now);
    let is_in_the_bin = it.state == State::Recycled;
    let comes_back = is_in_the_bin && it.may_come_back().is_ok() && bulk::is_offered(at, it, Action::Start);
    let is_ending = is_in_the_bin || it.state == State::Releasing || it.state.is_over();
    is_ending && !comes_back && !bulk::is_offered(at, it, Action::Renewal)
}

/// Options that are raised for some days, now or later. Source: R-NET-3.
fn raises(signed: &Signed, it: &Resource) -> Markup {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    let books = signed.books();
    let product = books.iter().find_map(|book| book.product(&it.product));
    let name = |option: &str| {
        product
            .map_or_else(|| option.to_string(), |it| option_name(it, option).get(visit.language).to_string())
    };
    html! {
        @if it.next_raise().is_some() {
            section aria-labelledby="h-raises" {
                div.sect { h2 id="h-raises" { @if it.raises.iter().any(|it| it.begun) { (texts.change_raises()) } @else { (texts.change_raises_then()) } } }
                ul.also.dots {
                    @for raise in &it.raises {
                        li {
                            (name(&raise.option)) " " (raise.base) " → " (raise.value) ", "
                            (texts.change_raise_time(visit.time(raise.days.from), visit.time(raise.days.to)))
                        }
                    }
                }
            }
        }
    }
}

/// What its owner may do with it, and what each causes.
fn actions(signed: &Signed, it: &Told) -> Markup {
    let (texts, shown) = (signed.visit.texts(), &it.seen.shown);
    let (resource, is_prepaid) = (&shown.resource, shown.is_prepaid());
    let path = format!("/resources/{}", resource.id);
    let in_bin = resource.state == State::Recycled;
    let is_there = matches!(
        resource.state,
        State::Running | State::Limited | State::Stopped | State::StoppedFree | State::Recycled
    ) && resource.may_come_back().is_ok();
    let desk = signed.visit.node.desk();
    let may = |it: Action| bulk::is_offered(desk.at(signed.visit.now), resource, it);
    let is_releasable = may(Action::Release);
    let start = if in_bin { texts.take_out_of_bin() } else { texts.start() };
    html! {
        @if signed.may(Right::Buy) && (is_there || is_releasable) {
            section aria-labelledby="h-acts" {
                div.sect { h2 id="h-acts" { (texts.actions()) } p { (actions_hint(signed, resource, is_prepaid)) } }
                div.acts {
                    @if may(Action::Start) { (switch_button(signed, &path, "start", &start)) }
                    @if may(Action::Stop) { (switch_button(signed, &path, "stop", &texts.stop())) }
                    @if may(Action::StopFree) { (switch_button(signed, &path, "stop_free", &texts.stop_free())) }
                    @if is_resizable(signed, resource) { a.btn.small href=(format!("{path}/resize")) { (texts.resize()) } }
                    @if is_convertible(signed, resource) { a.btn.small href=(format!("{path}/convert")) title=(texts.convert_hint()) { (texts.convert()) } }
                    @if is_convertible_back(signed, resource) { a.btn.small href=(format!("{path}/by-use")) title=(texts.by_use_hint()) { (texts.by_use()) } }
                    @if is_releasable { a.btn.small.danger href="#release" { (texts.release()) } }
                }
                @if let Some(why) = why_not(signed, resource) { (parts::hint(&why)) }
            }
            @if is_releasable { (release_dialog(signed, it, &path)) }
        }
    }
}

/// What its owner may do with it causes, by what its product is charged for.
fn actions_hint(signed: &Signed, it: &Resource, is_prepaid: bool) -> String {
    let (texts, desk) = (signed.visit.texts(), signed.visit.node.desk());
    let is_worth = |action: Action| bulk::worth(desk.at(signed.visit.now), it, action).is_ok();
    // What arrears stopped is neither stopped nor started by its owner.
    if it.state == State::ArrearsStopped {
        return texts.actions_hint_release();
    }
    match (it.state == State::Recycled, is_prepaid, is_worth(Action::Stop)) {
        (true, true, _) => texts.prepaid_bin_hint(),
        (true, false, _) => texts.bin_hint(),
        (false, true, false) => texts.actions_hint_paid(),
        (false, true, true) => texts.actions_hint_prepaid(),
        (false, false, false) => texts.actions_hint_release(),
        (false, false, true) if is_worth(Action::StopFree) => texts.actions_hint(),
        (false, false, true) => texts.actions_hint_stop(),
    }
}

/// What is done about a deadline: renewed now, or by itself.
fn deadline(signed: &Signed, it: &Resource) -> Markup {
    let texts = signed.visit.texts();
    let is_renewable = bulk::is_offered(signed.visit.node.desk().at(signed.visit.now), it, Action::Renewal);
    html! {
        @if signed.may(Right::Buy) && is_renewable {
            section aria-labelledby="h-renewal" {
                div.sect { h2 id="h-renewal" { (texts.renewal()) } p { (texts.renewal_hint()) } }
                div.acts {
                    a.btn.small href=(format!("/renew?mark={}", it.id)) { (texts.renew()) }
                    @if is_refunded(signed, it) {
                        a.btn.small href=(format!("/refund?resource={}", it.id)) title=(texts.refund_hint()) { (texts.refund()) }
                    }
                }
                form.narrow.gap method="post" action=(format!("/resources/{}/renewal", it.id)) {
                    (parts::hidden(&signed.visit))
                    (renewal::flag_field(texts, it.renew.flag, None))
                    div.field { button.btn { (texts.save()) } }
                }
            }
        }
    }
}

/// Whether it may be asked what goes back of it: its product is refunded, and it has not expired. Source: R-REF-1.
fn is_refunded(signed: &Signed, it: &Resource) -> bool {
    let desk = signed.visit.node.desk();
    let product = desk.at(signed.visit.now).life_of(it);
    product.is_ok_and(|it| it.refund.is_some()) && it.state.on(Event::Refund).is_ok()
}

/// Whether an option of it may change while it lives. Source: R-CHG-1, R-CHG-4.
fn is_resizable(signed: &Signed, it: &Resource) -> bool {
    let desk = signed.visit.node.desk();
    let product = desk.at(signed.visit.now).product_of(it).ok();
    let may_change = |product: &Product, option: &OptionRule| {
        option.resize != Resize::Fixed || change::is_switchable(it, product, &option.name)
    };
    let may = product.is_some_and(|product| product.options.iter().any(|it| may_change(product, it)));
    let is_over = it.deadline.is_some_and(|it| it <= signed.visit.now);
    may && !is_over && matches!(it.state, State::Running | State::Stopped | State::StoppedFree)
}

fn switch_button(signed: &Signed, path: &str, word: &str, label: &str) -> Markup {
    parts::button(&signed.visit, &format!("{path}/switch"), &[("to", word)], label)
}

fn release_dialog(signed: &Signed, told: &Told, path: &str) -> Markup {
    let (texts, it) = (signed.visit.texts(), &told.seen.shown.resource);
    html! {
        dialog id="release" aria-labelledby="h-release" {
            form method="post" action=(format!("{path}/release")) {
                (parts::hidden(&signed.visit))
                h2 id="h-release" { (texts.release_this(signed.called(it))) }
                p.quiet { (release_hint(signed, told)) }
                div.field.gap {
                    label for="sure" { (texts.write_name(signed.called(it))) }
                    input.input id="sure" name="sure" autocomplete="off" required;
                }
                div.acts {
                    a.btn href="#" data-close { (texts.keep_it()) }
                    button.btn.danger { (texts.release()) }
                }
            }
        }
    }
}

/// What its release causes: whether it lies in the bin first, or why it does not where it would otherwise.
fn release_hint(signed: &Signed, it: &Told) -> String {
    let (texts, desk) = (signed.visit.texts(), signed.visit.node.desk());
    let product = desk.at(signed.visit.now).life_of(&it.seen.shown.resource);
    let has_bin =
        product.is_ok_and(|it| it.metering_ends == MeteringEnd::Requested && it.recycle_seconds > 0);
    match it.bin_seconds {
        0 if has_bin => texts.release_hint_arrears(),
        0 => texts.release_hint(),
        seconds => texts.release_hint_bin(seconds.div_ceil(3_600)),
    }
}

fn life(signed: &Signed, it: &Told) -> Markup {
    let (visit, texts, language) = (&signed.visit, signed.visit.texts(), signed.visit.language);
    let by = |it: &By| match it {
        // Of somebody's id and mail address, people read the address.
        By::Actor(name) => texts.by_whom(name.split_once(' ').map_or(name.as_str(), |it| it.1)),
        By::Unnamed => String::new(),
        By::Cloud => texts.by_cloud(),
        By::Time => texts.by_time(),
    };
    html! {
        section aria-labelledby="h-life" {
            div.sect { h2 id="h-life" { (texts.life_line()) } }
            ol.life {
                @for event in &it.life {
                    li {
                        time datetime=(event.at) { (visit.exact_time(event.at)) }
                        div {
                            (event.what.text().get(language))
                            span.s { (by(&event.by)) }
                            @for changed in &event.changed {
                                span.s { (changes(signed, &it.seen.shown.resource.product, changed)) }
                            }
                        }
                    }
                }
                @for step in &it.ahead {
                    li.next {
                        time datetime=(step.at) { (visit.exact_time(step.at)) }
                        div {
                            (step.what.text().get(language))
                            @if step.what == What::Changed {
                                @for changed in it.seen.shown.resource.turns(step.at) {
                                    span.s { (changes(signed, &it.seen.shown.resource.product, &changed)) }
                                }
                            }
                            @if step.unless_renewed { span.s { (texts.if_not_renewed()) } }
                            @else if !is_given_up(signed, &it.seen.shown.resource) { span.s { (texts.if_nothing_is_done()) } }
                        }
                    }
                }
            }
        }
    }
}

/// What of a resource changed from what to what, as people read it.
pub(crate) fn changes(signed: &Signed, product: &str, changed: &Changed) -> String {
    let named = |value: &Option<String>| match value {
        Some(value) => words::option(signed, product, &changed.option, value),
        None => (words::option(signed, product, &changed.option, "").0, "–".to_string()),
    };
    let ((name, before), (_, after)) = (named(&changed.before), named(&changed.after));
    show::labelled(&name, &format!("{before} → {after}"), signed.visit.language)
}

fn configuration(signed: &Signed, told: &Told) -> Markup {
    let it = &told.seen.shown.resource;
    let texts = signed.visit.texts();
    html! {
        section aria-labelledby="h-conf" {
            div.sect {
                h2 id="h-conf" { (texts.configuration()) }
                @if signed.may(Right::Buy) { a.more href=(format!("/resources/{}/labels", it.id)) { (texts.name_project_tags()) } }
            }
            dl.pairs.ruled {
                @for (option, value) in words::in_order(signed, &it.product, it.options.pairs()) {
                    @let (name, value) = words::option(signed, &it.product, &option, &value);
                    dt { (name) } dd { (value) }
                }
                dt { (texts.project()) } dd { (told.project.clone().unwrap_or_else(|| texts.no_project())) }
                dt { (texts.tags()) } dd { @if told.seen.shown.labels.tags.is_empty() { "–" } @else { (tags::shown(&told.seen.shown.labels.tags)) } }
                dt { (texts.order()) } dd.id { a href=(format!("/orders/{}", it.order)) { (it.order) } }
                dt { (texts.number()) } dd.id { (it.id) }
            }
        }
    }
}

async fn switch(
    Path(resource): Path<String>,
    Posted { who: signed, form }: Posted<Signed>,
) -> Result<Response, Response> {
    frame::needs(&signed, Right::Buy)?;
    let event = match choice::read(&form, "to", &SWITCHES, |it| it.0) {
        Ok((_, event)) => event,
        Err(problem) => return page(&signed, own(&signed, &resource).await?, Some(&problem)).await,
    };
    done(&signed, &resource, &form, move |tx, at, own| resources::switch(tx, at, own, event).map(drop)).await
}

async fn release(
    Path(resource): Path<String>,
    Posted { who: signed, form }: Posted<Signed>,
) -> Result<Response, Response> {
    let (sure, looker) = (form.text("sure").to_string(), signed.clone());
    let release = move |tx: &mut Tx<'_>, at: At<'_>, own: Own| {
        let seen = list::one(tx, own.account, own.id)?;
        if looker.called(&seen.shown.resource) != sure {
            return Err(Refusal::from(UserError::Sure).of("sure"));
        }
        resources::release(tx, at, own, EndedBy::Owner).map(drop)
    };
    done(&signed, &resource, &form, release).await
}

/// Does what a form asks for and shows the resource as it stands then.
async fn done(
    signed: &Signed,
    resource: &str,
    form: &Fields,
    mut work: impl FnMut(&mut Tx<'_>, At<'_>, Own) -> Result<(), Refusal> + Send + 'static,
) -> Result<Response, Response> {
    frame::needs(signed, Right::Buy)?;
    let own = own(signed, resource).await?;
    let act = move |tx: &mut Tx<'_>, at: At<'_>| {
        work(tx, at, own)?;
        Ok(format!("/resources/{}", own.id))
    };
    match signed.once(form, act).await {
        Ok(to) => Ok(see_other(&to)),
        Err(problem) => page(signed, own, Some(&problem)).await,
    }
}
