//! Values that are told apart by several attributes, as a table: with what each costs, and filters over the attributes.
//!
//! In:  an option with attributes, what is chosen, what is looked for. Out: a table of radio buttons.
//! Invariant: what is chosen is always shown; a price is that of the quote; nothing is read of a database for a row.

use crate::options::Shown;
use crate::parts;
use crate::show;
use crate::wish::{field, filter};
use billing::choices::ValueChoice;
use billing::language::Language;
use billing::look::{Attribute, AttributeKind};
use billing::price_list::{self, Choosing, Per, ValuePrice};
use maud::{Markup, html};
use std::collections::BTreeMap;
use units::Amount;

/// A row: a value, and what it costs.
struct Row<'a> {
    value: &'a ValueChoice,
    price: Option<ValuePrice>,
}

impl Shown<'_> {
    /// The table with its filters.
    pub(crate) fn table(&self) -> Markup {
        let rows: Vec<Row<'_>> =
            self.fitting().map(|value| Row { value, price: self.price(&value.value) }).collect();
        let mut prices = rows.iter().filter_map(|it| it.price.as_ref());
        let is_agreed = prices.clone().any(|it| it.is_agreed);
        let has_steps = prices.clone().any(|it| !it.later.is_empty());
        let priced = prices.next();
        let (all, shown) = (self.choice.values.len(), rows.len());
        html! {
            div.types {
                (self.filters())
                div.scroll tabindex="0" role="region" aria-label=(self.name()) {
                    table.table.tight data-rows {
                        (self.head(priced.map(|it| self.head_of(it.per, (is_agreed, has_steps)))))
                        tbody { @for row in &rows { (self.table_row(row, priced)) } }
                    }
                }
                @if shown < all { p.pages { span { (self.signed.visit.texts().types_shown(shown.to_string(), all.to_string())) } } }
            }
        }
    }

    /// What is looked for of an attribute.
    fn looked_for(&self, it: &Attribute) -> Option<&str> {
        let name = filter(&self.rule.name, &it.id);
        self.it.filters.iter().find(|it| it.0 == name).map(|it| it.1.as_str())
    }

    /// The values that fit the filters, and the one that is chosen.
    fn fitting(&self) -> impl Iterator<Item = &ValueChoice> {
        self.choice.values.iter().filter(|value| {
            let fits = |it: &Attribute| {
                let has = it.values.get(&value.value).map(String::as_str);
                self.looked_for(it).is_none_or(|wanted| has == Some(wanted))
            };
            self.is_chosen(&value.value) || self.rule.look.attributes.iter().all(fits)
        })
    }

    fn price(&self, value: &str) -> Option<ValuePrice> {
        let terms = self.signed.customer.as_ref()?.account.terms;
        let choosing = Choosing { book: self.it.chosen.offer.book, wish: &self.it.item.wish, terms };
        price_list::of_value(choosing, &self.rule.name, value)
    }

    /// One control for each attribute by which values differ.
    fn filters(&self) -> Markup {
        let language = self.language();
        let attributes = self.rule.look.attributes.iter().map(|it| (it, distinct(it)));
        let worth: Vec<_> = attributes.filter(|it| (2..=40).contains(&it.1.len())).collect();
        html! {
            @if !worth.is_empty() {
                div.filter {
                    @for (it, values) in worth {
                        @let name = head(it, language);
                        select.select name=(filter(&self.rule.name, &it.id)) aria-label=(name) {
                            option value="" { (self.signed.visit.texts().any_of(name.as_str())) }
                            @for value in values {
                                option value=(value) selected[self.looked_for(it) == Some(value)] { (with_unit(it, value, language)) }
                            }
                        }
                    }
                }
            }
        }
    }

    fn head(&self, prices: Option<Markup>) -> Markup {
        html! {
            thead {
                tr {
                    td.one {}
                    th scope="col" { (self.name()) }
                    @for column in &self.rule.look.attributes { th.n.p2 scope="col" { (head(column, self.language())) } }
                    @if let Some(prices) = prices { (prices) }
                }
            }
        }
    }

    /// The heads of the prices; what a contract sets is no list price. A change has the months that are left: what is paid a
    /// month of a purchase says nothing of it.
    fn head_of(&self, per: Per, (is_agreed, has_steps): (bool, bool)) -> Markup {
        let (texts, unit) = (self.signed.visit.texts(), self.signed.unit());
        let months = self.it.item.wish.months;
        let a_month = || if is_agreed { texts.own_a_month(unit) } else { texts.list_a_month(unit) };
        let of_pack = || if is_agreed { texts.own_price(unit) } else { texts.list_price(unit) };
        html! {
            @match per {
                Per::Month => {
                    @if self.had.is_some() { th.n scope="col" { (a_month()) } } @else {
                        th.n.p2 scope="col" { (a_month()) }
                        th.n scope="col" { (texts.paid_a_month(texts.months(months), unit)) }
                    }
                }
                Per::Hour => th.n scope="col" { @if has_steps { (texts.list_an_hour(unit)) } @else { (texts.list_one_hour(unit)) } },
                Per::Day => th.n scope="col" { (texts.list_a_day(unit)) },
                Per::Pack => th.n scope="col" { (of_pack()) },
            }
        }
    }

    fn table_row(&self, row: &Row<'_>, priced: Option<&ValuePrice>) -> Markup {
        let value = row.value;
        let (why, id) = (self.why(value), format!("v-{}-{}", self.rule.name, value.value));
        let attribute = |it: &Attribute| it.values.get(&value.value).cloned();
        html! {
            tr.on[self.is_chosen(&value.value)].dim[why.is_some()] {
                td.one {
                    input type="radio" name=(field(&self.rule.name)) value=(value.value) id=(id)
                        checked[self.is_chosen(&value.value)] disabled[why.is_some()];
                }
                th scope="row" {
                    label for=(id) { (self.value_name(&value.value)) }
                    @if self.present() == Some(value.value.as_str()) { span.s { (self.signed.visit.texts().present_one()) } }
                    @if let Some(why) = why { span.s { (why) } }
                    span.only.s { (self.in_short(&value.value)) }
                }
                @for column in &self.rule.look.attributes { td.n.p2 { (attribute(column).unwrap_or_else(|| "–".into())) } }
                @if let Some(like) = priced { (self.prices(row.price.as_ref(), like.per)) }
            }
        }
    }

    /// What tells a value apart, in one line: `2 vCPU · 4 GB`.
    fn in_short(&self, value: &str) -> String {
        let said = |it: &Attribute| it.values.get(value).map(|value| with_unit(it, value, self.language()));
        self.rule.look.attributes.iter().filter_map(said).collect::<Vec<_>>().join(" · ")
    }

    /// The prices of a row, in as many columns as rows have that are sold.
    fn prices(&self, it: Option<&ValuePrice>, per: Per) -> Markup {
        let exact = |it: Amount| parts::exact(it.e8(), it.currency());
        let list_alone = self.had.is_some();
        html! {
            @match (it, per) {
                (Some(it), Per::Month) => {
                    @if list_alone { td.n { (exact(it.list)) } } @else { td.n.p2 { (exact(it.list)) } td.n { (exact(it.paid)) } }
                }
                (Some(it), Per::Hour | Per::Day | Per::Pack) => {
                    td.n {
                        (exact(it.list))
                        @if !it.later.is_empty() { span.s { (steps(&it.later)) } }
                    }
                }
                (None, Per::Month) => { @if !list_alone { td.n.p2 { "–" } } td.n { "–" } }
                (None, Per::Hour | Per::Day | Per::Pack) => td.n { "–" },
            }
        }
    }
}

/// The steps behind the first: `0.21, 0.1428`.
fn steps(all: &[Amount]) -> String {
    all.iter().map(|it| show::cost(it.e8(), it.currency())).collect::<Vec<_>>().join(", ")
}

/// The values of an attribute, each once; numbers by their size.
fn distinct(it: &Attribute) -> Vec<&str> {
    let key = |value: &str| match it.kind {
        AttributeKind::Number => units::decimal::parse(value, 8).unwrap_or(0),
        AttributeKind::Word => 0,
    };
    let all: BTreeMap<(i128, &str), ()> = it.values.values().map(|it| ((key(it), it.as_str()), ())).collect();
    all.into_keys().map(|it| it.1).collect()
}

fn with_unit(it: &Attribute, value: &str, language: Language) -> String {
    let unit = it.unit.as_ref().map_or_else(String::new, |unit| format!(" {}", unit.get(language)));
    format!("{value}{unit}")
}

/// The head of a column: what it says, and in which unit where that says more.
fn head(column: &Attribute, language: Language) -> String {
    let name = column.label.or(&column.id).get(language).to_string();
    let unit = column.unit.as_ref().map(|it| it.get(language)).filter(|it| *it != name);
    unit.map_or_else(
        || name.clone(),
        |unit| language.say(format!("{name}, {unit}"), format!("{name}（{unit}）")),
    )
}
