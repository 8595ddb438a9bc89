//! The form of a voucher, or of those of a promotion code: its fields, and what they say.
//!
//! In:  fields as they were typed. Out: HTML; what is wanted of the voucher.
//! Invariant: what is wrong is said of every field at once, before any row is read.
//! Source: R-VOU-1.

use crate::choice::{self, Radios};
use crate::fields::Fields;
use crate::house;
use crate::parts::{self, Field, Wrong, sent};
use crate::signed::Signed;
use crate::vouchers::{mode, uses};
use billing::order::Action;
use billing::voucher::issue::Draft;
use billing::voucher::{Modes, Scope, Uses, Window};
use desk::{At, Refusal, vouchers};
use maud::{Markup, html};
use texts::Texts;
use units::{Currency, CycleKind, Money, Timestamp};
use web::problem::Problem;
use web::wire::Text;

/// A field of one line that has to be filled in.
pub(crate) fn needed(form: &Fields, name: &str, label: String, told: Option<&Wrong>) -> Markup {
    let value = sent(Some(form), name);
    Field { name, label, kind: "text", value, autocomplete: "off", hint: None }.show(told)
}

/// The field of the day up to which something can be used.
pub(crate) fn last_day(form: &Fields, label: String, told: Option<&Wrong>) -> Markup {
    Field { kind: "date", ..Field::text("until", label, sent(Some(form), "until")) }.show(told)
}

/// Fields of what a voucher is worth and pays for.
pub(crate) fn fields(signed: &Signed, form: &Fields, unit: &str, told: Option<&Wrong>) -> Markup {
    let texts = signed.visit.texts();
    let modes = Modes::ALL.map(|it| (it.as_str(), mode(texts, it)));
    let times = Uses::ALL.map(|it| (it.as_str(), uses(texts, it)));
    let products = Listed {
        name: "products",
        legend: texts.voucher_products(),
        hint: texts.voucher_products_hint(),
        all: signed.products(),
    };
    let regions = Listed {
        name: "regions",
        legend: texts.voucher_regions(),
        hint: texts.voucher_regions_hint(),
        all: signed.regions(),
    };
    html! {
        (needed(form, "name", texts.voucher_name(), told))
        (needed(form, "amount", texts.voucher_worth(unit), told))
        (Radios { name: "modes", legend: texts.voucher_modes(), of: &modes }.show(form, told))
        (Radios { name: "uses", legend: texts.voucher_uses(), of: &times }.show(form, told))
        (products.show(form, told))
        (regions.show(form, told))
        (actions(texts, form, told))
        (parts::optional("min_spend", &texts.voucher_least(unit), sent(Some(form), "min_spend"), told))
        (parts::optional("max_months", &texts.voucher_most_months(), sent(Some(form), "max_months"), told))
    }
}

/// Words that are sent for a field: each ticked by itself, or several with spaces between them.
fn words(form: &Fields, name: &str) -> Vec<String> {
    let sent = form.pairs().filter(|it| it.0 == name);
    sent.flat_map(|it| it.1.split_whitespace()).map(str::to_string).collect()
}

/// A choice of several out of what the price books have.
struct Listed {
    name: &'static str,
    legend: String,
    hint: String,
    /// Ids, each with what it is called.
    all: Vec<(String, String)>,
}

impl Listed {
    /// The field with what is wrong with it. What was sent and is none of them stands there by its id.
    fn show(&self, form: &Fields, told: Option<&Wrong>) -> Markup {
        let (name, chosen) = (self.name, words(form, self.name));
        let bad = told.and_then(|it| it.at(name));
        let known = |id: &String| self.all.iter().any(|it| it.0 == *id);
        let others = chosen.iter().filter(|it| !known(it)).map(|it| (it, it));
        let all = self.all.iter().map(|it| (&it.0, &it.1)).chain(others);
        html! {
            fieldset.field.bad[bad.is_some()] id=(name) tabindex=[bad.map(|_| "-1")] aria-describedby=[bad.map(|_| format!("e-{name}"))] {
                legend.label { (self.legend) }
                span.hint { (self.hint) }
                @for (id, called) in all {
                    label.tickbox { input type="checkbox" name=(name) value=(id) checked[chosen.contains(id)]; span { (called) } }
                }
                @if let Some(bad) = bad { p.error id=(format!("e-{name}")) { (bad.text) } }
            }
        }
    }
}

/// What an order of a kind is called.
fn order_of(texts: &Texts, it: Action) -> String {
    match it {
        Action::New => texts.voucher_orders_new(),
        Action::Renew => texts.voucher_orders_renew(),
        Action::Upgrade => texts.voucher_orders_upgrade(),
        Action::Convert => texts.voucher_orders_convert(),
        Action::Downgrade => texts.voucher_only_downgrade(),
    }
}

/// The orders that a voucher pays for; all where none is ticked.
fn actions(texts: &Texts, form: &Fields, told: Option<&Wrong>) -> Markup {
    let was_asked = |it: Action| form.pairs().any(|sent| sent == ("actions", it.as_str()));
    let bad = told.and_then(|it| it.at("actions"));
    html! {
        fieldset.field.bad[bad.is_some()] id="actions" tabindex=[bad.map(|_| "-1")] aria-describedby=[bad.map(|_| "e-actions")] {
            legend.label { (texts.voucher_actions()) }
            span.hint { (texts.voucher_actions_hint()) }
            @for it in Action::PAID {
                label.tickbox { input type="checkbox" name="actions" value=(it.as_str()) checked[was_asked(it)]; span { (order_of(texts, it)) } }
            }
            @if let Some(bad) = bad { p.error id="e-actions" { (bad.text) } }
        }
    }
}

/// What is wanted of a voucher, or of those of a code.
#[derive(Clone, Debug)]
pub(crate) struct Worth {
    pub name: String,
    pub face: Money,
    pub scope: Scope,
    /// The day that the form names, which is out.
    until: Timestamp,
}

impl Worth {
    /// From now up to the day that the form names.
    pub(crate) const fn window(&self, at: At<'_>) -> Window {
        Window { from: at.now, until: self.until }
    }
}

/// The same as it was typed: each field by itself may be wrong.
struct Typed {
    name: Result<Text<1, 60>, Problem>,
    face: Result<Money, Problem>,
    modes: Result<Modes, Problem>,
    uses: Result<Uses, Problem>,
    actions: Result<Vec<Action>, Problem>,
    least: Result<Money, Problem>,
    months: Result<Option<u32>, Problem>,
    until: Result<Timestamp, Problem>,
}

impl Typed {
    fn read(signed: &Signed, form: &Fields, currency: Currency) -> Typed {
        Typed {
            name: house::read(form, "name"),
            face: house::money(form, "amount", currency),
            modes: choice::read(form, "modes", &Modes::ALL, Modes::as_str),
            uses: choice::read(form, "uses", &Uses::ALL, Uses::as_str),
            actions: choice::all(form, "actions", &Action::PAID, Action::as_str),
            least: match form.text("min_spend") {
                "" => Ok(Money::zero(currency)),
                _ => house::money(form, "min_spend", currency),
            },
            months: choice::number(form, "max_months"),
            until: until(signed, form.text("until")),
        }
    }

    /// What cannot be read, in the order of the form.
    fn unread(&self) -> Vec<Problem> {
        let all = [
            self.name.as_ref().err(),
            self.face.as_ref().err(),
            self.modes.as_ref().err(),
            self.uses.as_ref().err(),
            self.actions.as_ref().err(),
            self.least.as_ref().err(),
            self.months.as_ref().err(),
            self.until.as_ref().err(),
        ];
        all.into_iter().flatten().cloned().collect()
    }

    /// What it pays for. A field that cannot be read limits nothing: it is refused beside this.
    fn scope(&self, form: &Fields, currency: Currency) -> Scope {
        Scope {
            products: words(form, "products"),
            regions: words(form, "regions"),
            actions: self.actions.as_ref().ok().cloned().unwrap_or_default(),
            most_months: self.months.as_ref().ok().copied().flatten(),
            modes: self.modes.as_ref().ok().copied().unwrap_or(Modes::Any),
            uses: self.uses.as_ref().ok().copied().unwrap_or(Uses::Once),
            min_spend: self.least.as_ref().ok().copied().unwrap_or(Money::zero(currency)),
        }
    }
}

/// When a day begins. Errors: of the field `until`, for what is none.
fn until(signed: &Signed, text: &str) -> Result<Timestamp, Problem> {
    if text.is_empty() {
        return Err(choice::empty("until"));
    }
    let calendar = &signed.visit.calendar;
    let day = calendar.parse(text).and_then(|it| calendar.cycle(CycleKind::Day, it));
    Ok(day.map_err(|_| Refusal::Time(text.to_string()).of("until"))?.from)
}

/// What a form wants of a voucher in a currency; `beside` is what else is wrong with it.
///
/// Errors: everything that is wrong, as one.
pub(crate) fn read(signed: &Signed, form: &Fields, of: (Currency, Vec<Problem>)) -> Result<Worth, Problem> {
    let (currency, beside) = of;
    let typed = Typed::read(signed, form, currency);
    let (desk, scope) = (signed.visit.node.desk(), typed.scope(form, currency));
    let at = desk.at(signed.visit.now);
    let draft = Draft {
        name: typed.name.as_ref().ok().map(Text::as_str),
        face: typed.face.as_ref().ok().copied(),
        scope: &scope,
        window: typed.until.as_ref().ok().map(|until| Window { from: at.now, until: *until }),
    };
    let judged = vouchers::faults(at, currency, draft)?.into_iter().map(Problem::from);
    Problem::together(beside.into_iter().chain(typed.unread()).chain(judged))?;
    let name = typed.name?.as_str().to_string();
    Ok(Worth { name, face: typed.face?, scope, until: typed.until? })
}
