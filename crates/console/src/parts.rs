//! Parts of pages: fields, what is wrong with them, banners, figures.
//!
//! In:  texts and values. Out: HTML of the design system.
//! Invariant: every text that somebody wrote is escaped; what is wrong is said beside its field and in the list above.

use crate::fields::{BROWSER, Fields, HOUSE, KEY, MAKER, ONCE, TO_LOOK_AT};
use crate::visit::Visit;
use crate::{field_names, reasons, show};
use billing::explain::Language;
use billing::renewal::RenewalError;
use desk::Refusal;
use desk::lists::accounts::Customer;
use maud::{Markup, html};
use units::{Currency, OrderId};
use web::code::Code;
use web::problem::Problem;
use web::reason::Reason;

/// What is wrong with a form that was sent.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wrong {
    /// The field at fault, where there is one.
    pub field: Option<String>,
    /// What to do about it.
    pub text: String,
    /// What else is wrong, each with its field.
    pub others: Vec<Wrong>,
}

impl Wrong {
    /// A problem as people are told of it: in English with what exactly is wrong, its times on the clock of the page and its
    /// amounts with their thousands parted; in Chinese by its kind. Where it has a reason, both by that.
    pub(crate) fn of(problem: &Problem, visit: &Visit) -> Wrong {
        if problem.detail == TO_LOOK_AT {
            return Wrong::said(visit.texts().look_once_more());
        }
        let others = problem.others.iter().map(|it| Wrong::of(it, visit)).collect();
        let (field, text) = (problem.field.clone(), Wrong::text_of(problem, visit));
        Wrong { field, text, others }.among_fields()
    }

    /// What is wrong with no field of a form.
    pub(crate) const fn said(text: String) -> Wrong {
        Wrong { field: None, text, others: Vec::new() }
    }

    fn text_of(problem: &Problem, visit: &Visit) -> String {
        if let Some(text) = problem.reason.as_ref().and_then(|it| reasons::said(visit, it)) {
            return text;
        }
        let words = problem.code.words(visit.language);
        match visit.language {
            Language::English => sentence(&show::readable(
                &of_form(&problem.detail, problem.field.as_deref()),
                &visit.calendar,
            )),
            Language::Chinese if is_of_api(words.title, words.remedy) && problem.field.is_some() => {
                visit.texts().field_is_wrong()
            }
            Language::Chinese => by_kind(problem.code),
        }
    }

    /// What is wrong with a field, where anything is.
    pub(crate) fn at(&self, name: &str) -> Option<&Wrong> {
        std::iter::once(self).chain(&self.others).find(|it| it.field.as_deref() == Some(name))
    }

    /// The same, each beside the field that a form has for it.
    pub(crate) fn beside(self, of: &impl Fn(String) -> Option<String>) -> Wrong {
        let others = self.others.into_iter().map(|it| it.beside(of)).collect();
        Wrong { field: self.field.and_then(of), text: self.text, others }
    }

    /// The same; a path into a body of the API, or a header of it, is no field of a form.
    fn among_fields(self) -> Wrong {
        let is_field = |it: &String| it.bytes().all(|it| it.is_ascii_lowercase() || it == b'_');
        self.beside(&|it: String| Some(it).filter(is_field))
    }

    /// The same on a page that has no other fields than these: what is wrong elsewhere leads to none of them.
    pub(crate) fn among(self, fields: &[&str]) -> Wrong {
        self.beside(&|it: String| Some(it).filter(|it| fields.contains(&it.as_str())))
    }

    /// A refusal that a page shows without being refused itself.
    pub(crate) fn of_refusal(refusal: &Refusal, visit: &Visit) -> Wrong {
        if let Some(text) = Reason::of(refusal).and_then(|it| reasons::said(visit, &it)) {
            return Wrong::said(text);
        }
        let code = Code::from(refusal.kind());
        let text = match visit.language {
            Language::English => sentence(&show::readable(&refusal.to_string(), &visit.calendar)),
            Language::Chinese => by_kind(code),
        };
        Wrong::said(text)
    }
}

/// A problem by its kind, in Chinese. What sends on to the detail of an answer, or to the document of the API, says nothing on
/// a page that shows neither.
fn by_kind(code: Code) -> String {
    let texts = texts::of(Language::Chinese);
    // Programs write times otherwise than people do.
    if code == Code::from(desk::Code::TimeInvalid) {
        return texts.time_is_wrong();
    }
    if code == Code::from(desk::Code::NotFound) {
        return texts.not_there();
    }
    let words = code.words(Language::Chinese);
    let (title, remedy) = (words.title, words.remedy);
    match is_of_api(title, remedy) {
        true if title.contains("接口") => texts.form_is_wrong(),
        true => format!("{title}。{}", texts.change_and_try_again()),
        false => format!("{title}。{remedy}。"),
    }
}

/// Whether the words of a kind send on to what a page does not show.
fn is_of_api(title: &str, remedy: &str) -> bool {
    title.contains("接口") || remedy.contains("detail") || remedy.contains("openapi")
}

/// What is wrong as it is said beside its field, without the marks of the name that programs send it under.
fn of_form(detail: &str, field: Option<&str>) -> String {
    let named = field.and_then(|it| Some((it, detail.strip_prefix(&format!("`{it}`"))?)));
    named.map_or_else(|| detail.to_string(), |it| format!("{}{}", it.0.replace('_', " "), it.1))
}

/// A text that begins with a capital and ends with a point, as it is said on pages.
fn sentence(text: &str) -> String {
    let text = show::quoted(text);
    let mut letters = text.chars();
    let first = letters.next().map(|it| it.to_uppercase().to_string()).unwrap_or_default();
    let end = if text.ends_with(['.', '?', ':']) { "" } else { "." };
    format!("{first}{}{end}", letters.as_str())
}

/// What every form carries unseen: the browser's key, the house and the person that it is made for, and what tells it from the next.
pub(crate) fn hidden(visit: &Visit) -> Markup {
    hidden_once(visit, &web::random::hexadecimal::<16>())
}

/// The same of a form that is known already by what tells it from another.
pub(crate) fn hidden_once(visit: &Visit, once: &str) -> Markup {
    html! {
        input type="hidden" name=(KEY) value=(visit.form_key(&visit.house));
        input type="hidden" name=(HOUSE) value=(visit.house);
        input type="hidden" name=(ONCE) value=(once);
        input type="hidden" name=(BROWSER) value=(visit.browser_key(&visit.house, &visit.user));
        input type="hidden" name=(MAKER) value=(visit.user);
    }
}

/// The list of what is wrong, on top of a form.
pub(crate) fn errors(visit: &Visit, wrong: Option<&Wrong>) -> Markup {
    let texts = visit.texts();
    html! {
        @if let Some(wrong) = wrong {
            div.errors role="alert" tabindex="-1" aria-labelledby="h-err" {
                h2 #h-err { (texts.nothing_was_changed(1 + wrong.others.len())) }
                ul {
                    @for it in std::iter::once(wrong).chain(&wrong.others) {
                        li {
                            @match &it.field {
                                Some(field) => a href=(format!("#{field}")) { (named(visit, field, &it.text)) },
                                None => (it.text),
                            }
                        }
                    }
                }
            }
        }
    }
}

/// What is wrong with a field, behind what the field is called.
fn named(visit: &Visit, field: &str, text: &str) -> String {
    match field_names::called(visit, field) {
        Some(called) => show::labelled(&called, text, visit.language),
        None => text.to_string(),
    }
}

/// Why something cannot be had, with the way to the order that stands in its way where one does.
pub(crate) fn why(visit: &Visit, refusal: &Refusal) -> Markup {
    html! { (Wrong::of_refusal(refusal, visit).text) (to_order(visit, refusal.open_order().map(|it| it.order))) }
}

/// The same of a problem.
pub(crate) fn why_not(visit: &Visit, problem: &Problem) -> Markup {
    let order = problem.reason.as_ref().and_then(|it| it.order());
    html! { (Wrong::of(problem, visit).text) (to_order(visit, order)) }
}

/// The way to an order that is to be paid or cancelled first.
fn to_order(visit: &Visit, order: Option<OrderId>) -> Markup {
    html! { @if let Some(order) = order { " " a href=(format!("/orders/{order}")) { (visit.texts().to_that_order()) } } }
}

/// Why what was to be ordered was not, on top of its page: another price is no mistake, and the page shows it.
pub(crate) fn not_ordered(visit: &Visit, wrong: Option<&Problem>) -> Markup {
    let told = wrong.map(|it| Wrong::of(it, visit).among(&[]));
    html! {
        @if let Some([what, how, hint]) = wrong.and_then(|it| other_than_shown(visit, it)) {
            div.banner.care role="alert" { p { b { (what) } " " @if !how.is_empty() { (how) " " } (hint) } }
        } @else { (errors(visit, told.as_ref())) }
    }
}

/// That a price or a deadline is another than the one that was shown, how much another, and what is shown now.
fn other_than_shown(visit: &Visit, problem: &Problem) -> Option<[String; 3]> {
    let (texts, reason) = (visit.texts(), problem.reason.as_deref());
    if let Some(Reason::Renewal(RenewalError::Moved { .. })) = reason {
        let how = reason.and_then(|it| reasons::said(visit, it)).unwrap_or_default();
        return Some([texts.deadline_changed(), how, texts.deadline_changed_hint()]);
    }
    let how = || changed(visit, problem).unwrap_or_default();
    let is_price = problem.code.as_str() == "price_changed";
    is_price.then(|| [texts.price_changed(), how(), texts.price_changed_hint()])
}

/// What something cost, what it costs now and the difference; of what goes back, the same without their signs.
pub(crate) fn changed(visit: &Visit, problem: &Problem) -> Option<String> {
    let Some(Reason::Price { quoted, now }) = problem.reason.as_deref() else { return None };
    if quoted != now && (quoted.is_negative() || now.is_negative()) {
        let [was, is] = [quoted.checked_neg().ok()?, now.checked_neg().ok()?];
        return Some(visit.texts().goes_back_changed(reasons::sum(visit, was), reasons::sum(visit, is)));
    }
    reasons::difference(visit, *quoted, *now)
}

/// A field of one line.
pub(crate) struct Field<'a> {
    pub name: &'a str,
    pub label: String,
    pub kind: &'a str,
    pub value: &'a str,
    /// What browsers fill in by themselves.
    pub autocomplete: &'a str,
    pub hint: Option<String>,
}

/// Whether a field has to be filled in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Needed {
    Yes,
    No,
}

impl<'a> Field<'a> {
    /// A field for a text that no browser fills in by itself.
    pub(crate) const fn text(name: &'a str, label: String, value: &'a str) -> Field<'a> {
        Field { name, label, kind: "text", value, autocomplete: "off", hint: None }
    }

    /// The same with a hint.
    pub(crate) fn hint(self, hint: String) -> Field<'a> {
        Field { hint: Some(hint), ..self }
    }

    /// The field with its label, its hint and what is wrong with it.
    pub(crate) fn show(&self, wrong: Option<&Wrong>) -> Markup {
        self.shown(Needed::Yes, wrong)
    }

    /// The same, and it may be left empty.
    pub(crate) fn optional(&self, wrong: Option<&Wrong>) -> Markup {
        self.shown(Needed::No, wrong)
    }

    fn shown(&self, needed: Needed, wrong: Option<&Wrong>) -> Markup {
        let Field { name, label, kind, value, autocomplete, hint } = self;
        let wrong = wrong.and_then(|it| it.at(name));
        let described: Vec<String> =
            [hint.as_ref().map(|_| format!("h-{name}")), wrong.map(|_| format!("e-{name}"))]
                .into_iter()
                .flatten()
                .collect();
        let described = (!described.is_empty()).then(|| described.join(" "));
        html! {
            div.field.bad[wrong.is_some()] {
                label for=(name) { (label) }
                @if let Some(hint) = hint { span.hint id=(format!("h-{name}")) { (hint) } }
                input.input type=(kind) id=(name) name=(name) value=(value) autocomplete=(autocomplete) required[needed == Needed::Yes]
                    aria-invalid=[wrong.map(|_| "true")] aria-describedby=[described];
                @if let Some(wrong) = wrong { p.error id=(format!("e-{name}")) { (wrong.text) } }
            }
        }
    }
}

/// A form that was filled in, and what is wrong with it.
pub(crate) struct Filled<'a> {
    pub form: &'a Fields,
    pub wrong: Option<&'a Wrong>,
}

impl Filled<'_> {
    /// A field of one line as it was filled in.
    pub(crate) fn field(&self, name: &'static str, label: String, hint: Option<String>) -> Markup {
        Field { hint, ..Field::text(name, label, self.form.text(name)) }.show(self.wrong)
    }
}

/// A field of one line that may be empty.
pub(crate) fn optional(name: &str, label: &str, value: &str, wrong: Option<&Wrong>) -> Markup {
    Field::text(name, label.to_string(), value).optional(wrong)
}

/// A field for a new password.
pub(crate) fn new_password(visit: &Visit, name: &str, wrong: Option<&Wrong>) -> Markup {
    let texts = visit.texts();
    let (label, hint) = (texts.new_password(), Some(texts.password_hint()));
    Field { name, label, kind: "password", value: "", autocomplete: "new-password", hint }.show(wrong)
}

/// What was sent for a field, or nothing.
pub(crate) fn sent<'a>(form: Option<&'a Fields>, name: &str) -> &'a str {
    form.map_or("", |it| it.text(name))
}

/// A banner that says what was done, and what belongs to it.
pub(crate) fn done(sentence: &str, more: &Markup) -> Markup {
    html! {
        div.banner.ok role="status" {
            svg viewBox="0 0 20 20" aria-hidden="true" { circle cx="10" cy="10" r="7.5" {} path d="m6.5 10.2 2.4 2.4 4.6-5" {} }
            div { p { b { (sentence) } } (more) }
        }
    }
}

/// That a list is empty, as a sentence in its place.
pub(crate) fn nothing(visit: &Visit, said: &str) -> Markup {
    html! { p.quiet { (said) (visit.language.say(".".to_string(), "。".to_string())) } }
}

/// A quiet sentence below something.
pub(crate) fn hint(sentence: &str) -> Markup {
    html! { p.hint { (sentence) } }
}

/// A figure of a strip: what it is, how much, and of what it is made.
pub(crate) fn figure(name: &str, value: &str, unit: &str, of: &Markup) -> Markup {
    html! {
        div {
            dt { (name) }
            dd.v { (value) @if !unit.is_empty() { " " span.cur { (unit) } } }
            dd { (of) }
        }
    }
}

/// What a wallet has before and after something that is to be confirmed, as rows of a slip.
pub(crate) fn wallet_rows(visit: &Visit, wallets: [&Customer; 2]) -> Markup {
    let (texts, [before, after]) = (visit.texts(), wallets);
    let unit = show::currency(before.account.currency, visit.language);
    let rows = [
        (texts.available(), before.wallet.available(), after.wallet.available()),
        (texts.owed(), before.wallet.owed(), after.wallet.owed()),
    ];
    html! {
        @for (name, before, after) in rows {
            div.diff {
                dt { (name) }
                dd { @if before == after { (show::money(after)) } @else { del { (show::money(before)) } " → " ins { (show::money(after)) } } " " (unit) }
            }
        }
    }
}

/// A cost in 1e-8, the digits behind the minor unit quiet.
pub(crate) fn exact(e8: i128, currency: Currency) -> Markup {
    let (read, finer) = show::cost_parts(e8, currency);
    html! { (read) @if !finer.is_empty() { span.f { (finer) } } }
}

/// The way to the next part of a list: the same page, behind `next`.
pub(crate) fn more(visit: &Visit, next: Option<&str>) -> Markup {
    more_of(visit, "after", next)
}

/// The same of one of several lists of a page, whose place the address holds as `after`.
pub(crate) fn more_of(visit: &Visit, after: &str, next: Option<&str>) -> Markup {
    let texts = visit.texts();
    html! {
        @if let Some(next) = next {
            nav.pages aria-label=(texts.pages()) {
                span { (texts.more_follow()) }
                span.acts { a.btn.small href=(visit.behind(after, next)) { (texts.next()) } }
            }
        }
    }
}

/// The way to a list as CSV, asked for as the API is.
pub(crate) fn csv(visit: &Visit, list: &str, asked: &[(&str, &str)]) -> Markup {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(asked.iter().filter(|it| !it.1.is_empty()));
    let query = query.finish();
    let mark = if query.is_empty() { "" } else { "?" };
    html! { p.gap { a href=(format!("/csv/{list}{mark}{query}")) download { (visit.texts().as_csv()) } } }
}

/// A form of one button, and of a reason that may be left out.
pub(crate) fn reasoned(visit: &Visit, action: &str, label: &str) -> Markup {
    let texts = visit.texts();
    html! {
        form.line method="post" action=(action) {
            (hidden(visit))
            input.input.w-l name="reason" maxlength=(billing::offer::LONGEST_NOTE) autocomplete="off"
                aria-label=(format!("{label}: {}", texts.reason())) placeholder=(texts.reason());
            button.btn.small { (label) }
        }
    }
}

/// Something that cannot be taken back, and is asked once more before it is done.
pub(crate) struct Sure<'a> {
    /// Of the dialog, in its page.
    pub id: &'a str,
    pub action: &'a str,
    /// What is asked.
    pub title: String,
    /// What follows from it.
    pub hint: String,
    /// The word of what is done.
    pub label: String,
}

/// The button that asks, and the dialog in which it is asked.
pub(crate) fn sure(visit: &Visit, of: &Sure<'_>) -> Markup {
    let (texts, heading) = (visit.texts(), format!("h-{}", of.id));
    html! {
        a.btn.small.danger href=(format!("#{}", of.id)) { (of.label) }
        dialog id=(of.id) aria-labelledby=(heading) {
            form method="post" action=(of.action) {
                (hidden(visit))
                h2 id=(heading) { (of.title) }
                p.quiet { (of.hint) }
                div.acts {
                    a.btn href="#" data-close { (texts.keep_it()) }
                    button.btn.danger { (of.label) }
                }
            }
        }
    }
}

/// A form of one button.
pub(crate) fn button(visit: &Visit, action: &str, fields: &[(&str, &str)], label: &str) -> Markup {
    html! {
        form method="post" action=(action) {
            (hidden(visit))
            @for (name, value) in fields { input type="hidden" name=(name) value=(value); }
            button.btn.small { (label) }
        }
    }
}
