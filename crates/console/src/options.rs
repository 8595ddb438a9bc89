//! The options of a product as controls.
//!
//! In:  choices with what bars them. Out: a control for each, by what there is to choose.
//! Invariant: no product and no option is known by its name; a barred value is shown, cannot be chosen, and says why.

use crate::signed::Signed;
use crate::wish::{LONGEST_NAME, Settled, field};
use crate::{barred, reasons, show, words};
use billing::book::{OptionKind, OptionRule, Resize};
use billing::choices::{Asked, Barred, MonthsChoice, OptionChoice, ValueChoice};
use billing::control::{Control, option_name, value_name};
use billing::language::Language;
use billing::options::Options;
use billing::switch::rule::SwitchRule;
use maud::{Markup, html};
use web::reason::Reason;

/// Every option that is asked for, then name, quantity and duration.
pub(crate) fn all(signed: &Signed, it: &Settled<'_>) -> Markup {
    let texts = signed.visit.texts();
    let product = it.product();
    html! {
        div.opts id="options" {
            (refused(signed, it))
            @for choice in in_order(it) {
                @if let Some(rule) = product.option(&choice.option).filter(|rule| is_ready(it, rule)) {
                    (Shown { signed, it, rule, choice, had: None }.row())
                }
            }
            (starts(signed, it))
            (row(&texts.name(), None, &html! {
                input.input.w-l id="name" name="name" value=(it.item.name) maxlength=(LONGEST_NAME) autocomplete="off" spellcheck="false" aria-label=(texts.name())
                    aria-invalid=[it.wrong_name.then_some("true")];
                @if it.wrong_name { p.error id="e-name" { (texts.name_too_long()) } }
            }))
            @if let Some(kept) = &it.cart { input type="hidden" name="cart" value=(kept); }
            (row(&texts.quantity(), None, &quantity(signed, it)))
            @if !it.choices().months.is_empty() { (row(&texts.duration(), Some(&texts.from_delivery_on()), &months(signed, it))) }
        }
    }
}

/// The list of what cannot be had as it was typed, each with the way to its field.
fn refused(signed: &Signed, it: &Settled<'_>) -> Markup {
    let texts = signed.visit.texts();
    let option = |choice: &OptionChoice| {
        let rule = it.product().option(&choice.option)?;
        let shown = Shown { signed, it, rule, choice, had: None };
        let unknown = it.unknown.iter().find(|wrong| wrong.0 == rule.name);
        let (place, text) = match unknown {
            Some(wrong) => (format!("#u-{}", rule.name), no_value(signed, it, wrong)),
            None => (format!("#n-{}", rule.name), shown.why_not()?),
        };
        Some((place, (shown.name(), text)))
    };
    let mut all: Vec<(String, (String, String))> = in_order(it).into_iter().filter_map(option).collect();
    all.extend(it.wrong_name.then(|| ("#name".to_string(), (texts.name(), texts.name_too_long()))));
    all.extend(wrong_quantity(signed, it).map(|text| ("#quantity".to_string(), (texts.quantity(), text))));
    all.extend(wrong_months(signed, it).map(|text| ("#months".to_string(), (texts.duration(), text))));
    let said = |(name, text): &(String, String)| match text.starts_with(name.as_str()) {
        true => text.clone(),
        false => show::labelled(name, text, signed.visit.language),
    };
    html! {
        @if !all.is_empty() {
            div.errors role="alert" tabindex="-1" aria-labelledby="h-err" {
                h2 #h-err { (texts.nothing_was_changed(all.len())) }
                ul { @for (field, wrong) in &all { li { a href=(field) { (said(wrong)) } } } }
            }
        }
    }
}

/// Whether an option can be chosen yet: a zone only where its region is known.
fn is_ready(it: &Settled<'_>, rule: &OptionRule) -> bool {
    let is_region = |wrong: &(String, String)| {
        it.product().option(&wrong.0).is_some_and(|rule| matches!(rule.kind, OptionKind::Region))
    };
    !matches!(rule.kind, OptionKind::Zone) || !it.unknown.iter().any(is_region)
}

/// That an option has no such value, and which it has.
fn no_value(signed: &Signed, it: &Settled<'_>, wrong: &(String, String)) -> String {
    let reason = Reason::Option(it.not_on_sale(wrong));
    reasons::said(&signed.visit, &reason).unwrap_or_else(|| signed.visit.texts().not_as_chosen())
}

/// Why nothing of it has a price: the value of an option that there is not, or what stands beside an option.
pub(crate) fn why_not_whole(signed: &Signed, it: &Settled<'_>) -> String {
    let first = it.unknown.first().map(|wrong| no_value(signed, it, wrong));
    first.unwrap_or_else(|| signed.visit.texts().not_as_chosen())
}

/// The options that fit of something that has `had`, without name, quantity and duration.
pub(crate) fn others(
    signed: &Signed,
    it: &Settled<'_>,
    had: &Options,
    fits: impl Fn(&OptionRule) -> bool,
) -> Markup {
    let had = Some(had);
    let product = it.product();
    html! {
        div.opts id="options" {
            @for choice in in_order(it) {
                @if let Some(rule) = product.option(&choice.option).filter(|rule| fits(rule)) {
                    (Shown { signed, it, rule, choice, had }.row())
                }
            }
        }
    }
}

/// Options that are asked for, in the order of their product's look.
fn in_order<'a>(it: &'a Settled<'_>) -> Vec<&'a OptionChoice> {
    let order = |it: &&OptionChoice, settled: &Settled<'_>| {
        settled.product().option(&it.option).map_or(0, |rule| rule.look.order)
    };
    let mut found: Vec<&OptionChoice> =
        it.choices().options.iter().filter(|it| it.asked == Asked::Yes).collect();
    found.sort_by_key(|choice| order(choice, it));
    found
}

fn row(name: &str, hint: Option<&str>, what: &Markup) -> Markup {
    html! {
        div.opt data-more {
            div.name { b { (name) } @if let Some(hint) = hint { span.hint { (hint) } } }
            div.what { (what) }
        }
    }
}

/// One option of a product.
#[derive(Clone, Copy)]
pub(crate) struct Shown<'a> {
    pub signed: &'a Signed,
    pub it: &'a Settled<'a>,
    pub rule: &'a OptionRule,
    pub choice: &'a OptionChoice,
    /// What is there already, where something is being changed.
    pub had: Option<&'a Options>,
}

impl Shown<'_> {
    pub(crate) const fn language(&self) -> Language {
        self.signed.visit.language
    }

    pub(crate) fn name(&self) -> String {
        option_name(self.it.product(), &self.rule.name).get(self.language()).to_string()
    }

    pub(crate) fn value_name(&self, value: &str) -> String {
        value_name(self.it.chosen.offer.book, self.rule, value).get(self.language()).to_string()
    }

    pub(crate) fn why(&self, value: &ValueChoice) -> Option<String> {
        let Some(barred) = value.barred.as_ref() else { return self.not_switched(&value.value) };
        let text = barred.sentence(self.it.chosen.offer.book, self.it.product());
        Some(text.get(self.language()).to_string())
    }

    /// Why something that is there does not become this: it is none of the two that it is switched between.
    fn not_switched(&self, value: &str) -> Option<String> {
        self.had?;
        let is_own = |it: &&SwitchRule| it.option == self.rule.name && self.rule.resize == Resize::Fixed;
        let rule = self.it.product().switch.as_ref().filter(is_own)?;
        let (first, second) = (rule.prepaid.as_str(), rule.by_use.as_str());
        let texts = self.signed.visit.texts();
        let is_other = ![first, second].contains(&value);
        is_other.then(|| texts.change_only_between(self.value_name(first), self.value_name(second)))
    }

    pub(crate) fn is_chosen(&self, value: &str) -> bool {
        self.choice.value.as_deref() == Some(value)
    }

    /// The value that is there already, where something is being changed.
    pub(crate) fn present(&self) -> Option<&str> {
        self.had?.get(&self.rule.name)
    }

    /// The same as people say it: `1 Mbps`.
    fn present_name(&self) -> Option<String> {
        let unit = match self.rule.kind {
            OptionKind::Range { unit, .. } => words::measure(self.rule, self.language())
                .unwrap_or_else(|| words::unit(unit, self.language()).to_string()),
            OptionKind::Region | OptionKind::Zone | OptionKind::Choice(_) | OptionKind::Spec(_) => {
                String::new()
            }
        };
        self.present().map(|it| format!("{} {unit}", self.value_name(it)).trim_end().to_string())
    }

    fn row(&self) -> Markup {
        let control = match Control::of(self.rule) {
            Control::Segments => self.segments(),
            Control::Picks => self.picks(),
            Control::Select => self.select(),
            Control::Table => self.table(),
            Control::Number => self.number(),
        };
        let measure = self.rule.look.measure.as_ref().map(|it| it.get(self.language()));
        // "Ports", counted in ports, needs it no second time.
        let measure = measure.filter(|it| !it.eq_ignore_ascii_case(&self.name()));
        let help = self.rule.look.label.help.as_ref().map(|it| it.get(self.language()).to_string());
        let texts = self.signed.visit.texts();
        let was = self.it.dropped.iter().find(|it| it.0 == self.rule.name).map(|it| self.value_name(&it.1));
        let wrong = self.it.unknown.iter().find(|it| it.0 == self.rule.name);
        row(
            &self.name(),
            measure,
            &html! {
                (control)
                @if let Some(wrong) = wrong {
                    p.error id=(format!("u-{}", self.rule.name)) tabindex="-1" { (no_value(self.signed, self.it, wrong)) }
                }
                @if let Some(present) = self.present_name() { p.hint { (texts.at_present(present)) } }
                @if let Some(was) = was { p.hint role="status" { (texts.was_replaced(was)) } }
                @if let Some(help) = help { p.hint { (help) } }
            },
        )
    }

    /// A radio button with what stands beside it, which says why it cannot be chosen where it cannot.
    fn radio(&self, value: &ValueChoice, label: &Markup) -> Markup {
        let why = self.why(value);
        html! {
            label title=[why.clone()] {
                input type="radio" name=(field(&self.rule.name)) value=(value.value)
                    checked[self.is_chosen(&value.value)] disabled[why.is_some()];
                (label)
            }
        }
    }

    fn segments(&self) -> Markup {
        html! {
            div.seg role="radiogroup" aria-label=(self.name()) {
                @for value in &self.choice.values {
                    (self.radio(value, &html! { span { (self.value_name(&value.value)) } }))
                }
            }
            (barred::lines(self.choice.values.iter().map(|it| (self.value_name(&it.value), self.why(it))), self.language()))
        }
    }

    fn picks(&self) -> Markup {
        let help = |value: &str| self.rule.look.values.get(value).and_then(|it| it.help.as_ref());
        html! {
            div.picks role="radiogroup" aria-label=(self.name()) {
                @for value in &self.choice.values {
                    (self.radio(value, &html! {
                        span.card {
                            b { (self.value_name(&value.value)) }
                            @if let Some(help) = help(&value.value) { span.hint { (help.get(self.language())) } }
                            @if let Some(why) = self.why(value) { span.hint { (why) } }
                        }
                    }))
                }
            }
        }
    }

    fn select(&self) -> Markup {
        html! {
            select.select name=(field(&self.rule.name)) aria-label=(self.name()) {
                @for value in &self.choice.values {
                    @let why = self.why(value);
                    option value=(value.value) selected[self.is_chosen(&value.value)] disabled[why.is_some()] {
                        (self.value_name(&value.value))
                        @if let Some(why) = &why { (self.language().say(": ".into(), "：".into())) (why) }
                    }
                }
            }
        }
    }

    /// A number within a range; with a slider over its stops where there are any.
    fn number(&self) -> Markup {
        let OptionKind::Range { from, to, step, unit } = self.rule.kind else { return html! {} };
        let refused = self.choice.refused.as_ref();
        let value = refused.map(|it| it.value.as_str()).or(self.choice.value.as_deref()).unwrap_or("");
        let (name, id) = (field(&self.rule.name), format!("n-{}", self.rule.name));
        let why = self.why_not();
        let unit = words::measure(self.rule, self.language())
            .unwrap_or_else(|| words::unit(unit, self.language()).to_string());
        html! {
            div.slide.bad[why.is_some()] {
                (self.slider(&id, value, &unit))
                div.unit {
                    input.input.n type="number" id=(id) name=(name) min=(from) max=(to) step=(step) value=(value)
                        inputmode="numeric" aria-label=(format!("{}, {unit}", self.name()))
                        aria-invalid=[why.as_ref().map(|_| "true")] aria-describedby=(format!("h-{id}"));
                    span { (unit) }
                }
            }
            @match why {
                Some(why) => p.error id=(format!("h-{id}")) { (why) },
                None => p.hint id=(format!("h-{id}")) { (self.range([from, to, step])) },
            }
        }
    }

    /// From where to where it goes, and in which steps, where these are more than one.
    fn range(&self, [from, to, step]: [u64; 3]) -> String {
        let texts = self.signed.visit.texts();
        let [least, most] = [from, to].map(|it| show::thousands(&it.to_string()));
        if step > 1 { texts.range(least, most, step.to_string()) } else { texts.range_of_all(least, most) }
    }

    /// Why what was typed cannot be had; `None` where it can, or nothing was.
    fn why_not(&self) -> Option<String> {
        let refused = self.choice.refused.as_ref()?;
        self.off(refused).or_else(|| self.why(refused))
    }

    /// What is wrong with a number, and what to choose instead. `None` where it is not the number that is wrong.
    fn off(&self, refused: &ValueChoice) -> Option<String> {
        let Some(Barred::OffStep { from, to, step }) = refused.barred else { return None };
        let texts = self.signed.visit.texts();
        let said = |it: u64| show::thousands(&it.to_string());
        let measure =
            words::measure(self.rule, self.language()).map_or_else(String::new, |it| format!(" {it}"));
        let number: u64 = refused.value.parse().ok()?;
        let named = format!("{}{measure}", said(number));
        Some(match number {
            few if few < from => texts.too_few(named, said(from)),
            many if many > to => texts.too_many(named, said(to)),
            between => {
                let low = from + (between - from) / step.max(1) * step;
                texts.between_steps(named, said(low), said((low + step).min(to)))
            }
        })
    }

    fn slider(&self, id: &str, value: &str, unit: &str) -> Markup {
        let stops = &self.rule.look.stops;
        let written: Vec<String> = stops.iter().map(ToString::to_string).collect();
        let value: u64 = value.parse().unwrap_or(0);
        let place = stops.iter().filter(|it| **it <= value).count().saturating_sub(1);
        html! {
            @if stops.len() > 1 {
                div.rail {
                    input type="range" min="0" max=(stops.len() - 1) value=(place) aria-label=(self.name())
                        data-for=(id) data-stops=(written.join(" ")) data-unit=(unit);
                    div.scale aria-hidden="true" { @for stop in stops { span { (show::thousands(&stop.to_string())) } } }
                }
            }
        }
    }
}

/// What is wrong with how many are wanted; `None` where so many can be had.
fn wrong_quantity(signed: &Signed, it: &Settled<'_>) -> Option<String> {
    let most = it.product().limits.quantity;
    let can = it.quantity.parse::<u32>().is_ok_and(|it| (1..=most).contains(&it));
    (!can).then(|| signed.visit.texts().reason_quantity(show::thousands(&most.to_string())))
}

fn quantity(signed: &Signed, it: &Settled<'_>) -> Markup {
    let (texts, most) = (signed.visit.texts(), it.product().limits.quantity);
    let wrong = wrong_quantity(signed, it);
    html! {
        div.step-in {
            button type="button" data-step="-1" aria-label=(texts.one_less()) { "−" }
            input type="number" id="quantity" name="quantity" min="1" max=(most) value=(it.quantity) inputmode="numeric"
                aria-label=(texts.quantity()) aria-invalid=[wrong.as_ref().map(|_| "true")] aria-describedby="h-quantity";
            button type="button" data-step="1" aria-label=(texts.one_more()) { "+" }
        }
        @match wrong {
            Some(wrong) => p.error id="h-quantity" { (wrong) },
            None => p.hint id="h-quantity" { (texts.up_to_in_one_order(most.to_string())) },
        }
    }
}

/// Why the months that were sent are none that something is sold for.
fn wrong_months(signed: &Signed, it: &Settled<'_>) -> Option<String> {
    let (all, wanted) = (&it.choices().months, it.item.wish.months);
    let known: Vec<String> = all.iter().map(|choice| choice.months.to_string()).collect();
    let is_wrong = !all.is_empty() && !all.iter().any(|choice| choice.months == wanted);
    is_wrong.then(|| signed.visit.texts().reason_months(show::listed(&known, signed.visit.language)))
}

fn months(signed: &Signed, it: &Settled<'_>) -> Markup {
    let (texts, language) = (signed.visit.texts(), signed.visit.language);
    let why = |choice: &MonthsChoice| {
        let barred = choice.barred.as_ref()?;
        Some(barred.sentence(it.chosen.offer.book, it.product()).get(language).to_string())
    };
    html! {
        div.seg id="months" role="radiogroup" tabindex="-1" aria-label=(texts.duration()) {
            @for choice in &it.choices().months {
                @let why = why(choice);
                label title=[why.clone()] {
                    input type="radio" name="months" value=(choice.months) checked[choice.months == it.item.wish.months]
                        disabled[why.is_some()];
                    span {
                        (texts.months(choice.months))
                        @if choice.rate_e8 < billing::price::FULL_RATE_E8 { small { (show::less(choice.rate_e8, language)) } }
                    }
                }
            }
        }
        (barred::lines(it.choices().months.iter().map(|it| (texts.months(it.months), why(it))), language))
        @if let Some(wrong) = wrong_months(signed, it) { p.error id="e-months" { (wrong) } }
    }
}

/// The months that a pack may begin in.
fn starts(signed: &Signed, it: &Settled<'_>) -> Markup {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    let starts = &it.chosen.starts;
    html! {
        @if !starts.is_empty() {
            (row(&texts.begins(), None, &html! {
                select.select name="start" aria-label=(texts.begins()) {
                    @for start in starts {
                        option value=(start.month) selected[it.item.month.as_deref() == Some(start.month.as_str())] disabled[start.period.is_err()] {
                            (show::month(&start.month, visit.language))
                        }
                    }
                }
            }))
        }
    }
}
