//! What fields of forms are called where their form is not there to say it.
//!
//! In:  the name of a field as forms send it. Out: what people read for it.
//! Invariant: an option of a product is called what its price book calls it; a name that is none of these has no word.

use crate::visit::Visit;
use billing::book::{Book, Product};
use billing::control::{option_name, value_name};
use texts::Texts;

/// What stands before the name of an option in that of its field: options may be called as they like.
pub(crate) const OPTION: &str = "o.";

/// What a text is made of.
type Called = fn(&Texts) -> String;

/// Names of fields, and what they are called.
const NAMES: [(&[&str], Called); 59] = [
    (&["name"], |it| it.name()),
    (&["mail"], |it| it.mail()),
    (&["amount"], |it| it.field_amount()),
    (&["reason"], |it| it.reason()),
    (&["quantity"], |it| it.quantity()),
    (&["months"], |it| it.duration()),
    (&["start"], |it| it.begins()),
    (&["from"], |it| it.field_from()),
    (&["until", "to"], |it| it.field_until()),
    (&["expires"], |it| it.key_ends()),
    (&["addresses"], |it| it.key_addresses()),
    (&["tags"], |it| it.tags()),
    (&["project"], |it| it.project()),
    (&["product"], |it| it.product()),
    (&["products"], |it| it.voucher_products()),
    (&["regions"], |it| it.voucher_regions()),
    (&["actions"], |it| it.voucher_actions()),
    (&["modes"], |it| it.voucher_modes()),
    (&["uses"], |it| it.voucher_uses()),
    (&["min_spend"], |it| it.field_min_spend()),
    (&["max_months"], |it| it.voucher_most_months()),
    (&["times"], |it| it.code_times()),
    (&["voucher_days"], |it| it.code_days()),
    (&["role"], |it| it.role()),
    (&["scope"], |it| it.scopes()),
    (&["language", "address_language", "account_language"], |it| it.language()),
    (&["currency"], |it| it.currency()),
    (&["component"], |it| it.component()),
    (&["reference"], |it| it.reference()),
    (&["purse"], |it| it.into_purse()),
    (&["verified"], |it| it.real_name()),
    (&["contract_rate"], |it| it.contract_rate_field()),
    (&["alert"], |it| it.balance_alert()),
    (&["message"], |it| it.asked_message()),
    (&["url"], |it| it.webhook_url()),
    (&["kinds"], |it| it.webhook_kinds()),
    (&["id"], |it| it.ticket()),
    (&["bill"], |it| it.bill_number()),
    (&["day"], |it| it.field_day()),
    (&["first_day"], |it| it.change_first_day()),
    (&["last_day"], |it| it.change_last_day()),
    (&["limit"], |it| it.field_limit()),
    (&["no_stop_days"], |it| it.no_stop_days()),
    (&["vouchers_per_order"], |it| it.vouchers_per_order()),
    (&["code"], |it| it.field_code()),
    (&["actual"], |it| it.told_at()),
    (&["forecast"], |it| it.told_ahead()),
    (&["of"], |it| it.budget_of()),
    (&["when"], |it| it.field_when()),
    (&["above"], |it| it.contract_above()),
    (&["below"], |it| it.field_below()),
    (&["ceiling"], |it| it.field_ceiling()),
    (&["tax_number"], |it| it.tax_number()),
    (&["country"], |it| it.country()),
    (&["rate"], |it| it.offer_rate()),
    (&["total"], |it| it.field_total()),
    (&["note"], |it| it.offer_note()),
    (&["price"], |it| it.field_price()),
    (&["key"], |it| it.tag_key()),
];

/// Names of fields in few words, where a form says more of them than a list has room for.
const SHORT: [(&[&str], Called); 10] = [
    (&["to"], |it| it.short_to()),
    (&["rate"], |it| it.short_rate()),
    (&["total"], |it| it.short_total()),
    (&["actual"], |it| it.short_actual()),
    (&["forecast"], |it| it.short_forecast()),
    (&["note"], |it| it.short_note()),
    (&["request"], |it| it.short_request()),
    (&["resource", "mark"], |it| it.resource()),
    (&["account"], |it| it.customer()),
    (&["kind"], |it| it.short_kind()),
];

/// Names of fields that stand for something else in bodies of the API than in forms.
const OTHERWISE: [&str; 10] = ["id", "of", "when", "key", "code", "to", "actual", "forecast", "rate", "url"];

/// The same in few words, as a list of what was sent has room for.
pub(crate) fn short(visit: &Visit, name: &str) -> Option<String> {
    let found = SHORT.iter().find(|it| it.0.contains(&name));
    found.map(|it| it.1(visit.texts())).or_else(|| called(visit, name))
}

/// What a field of a body of the API is called, where it is what forms call so too.
pub(crate) fn of_body(visit: &Visit, name: &str) -> Option<String> {
    (!OTHERWISE.contains(&name)).then(|| short(visit, name)).flatten()
}

/// Where an option stands among those of a product; of any that has it where the product is not known.
pub(crate) fn place(visit: &Visit, product: Option<&str>, option: &str) -> usize {
    let position = |it: &Product| it.options.iter().position(|it| it.name == option);
    let own = |_: &Book, it: &Product| position(it).filter(|_| product == Some(it.id.as_str()));
    let any = |_: &Book, it: &Product| position(it);
    in_books(visit, own).or_else(|| in_books(visit, any)).unwrap_or(usize::MAX)
}

/// What a field is called; `None` of one that no page has a word for.
pub(crate) fn called(visit: &Visit, name: &str) -> Option<String> {
    if let Some(option) = name.strip_prefix(OPTION) {
        return of_option(visit, option);
    }
    let found = NAMES.iter().find(|it| it.0.contains(&name));
    found.map(|it| it.1(visit.texts()))
}

/// What the price books of now call an option; `None` where they know none of this name.
fn of_option(visit: &Visit, option: &str) -> Option<String> {
    let named = |_: &Book, it: &Product| {
        it.option(option).map(|_| option_name(it, option).get(visit.language).to_string())
    };
    in_books(visit, named)
}

/// The same; the name that programs know where no price book knows it.
pub(crate) fn option(visit: &Visit, option: &str) -> String {
    of_option(visit, option).unwrap_or_else(|| option.to_string())
}

/// What the price books of now call a value of an option.
pub(crate) fn value(visit: &Visit, option: &str, value: &str) -> String {
    let named = |book: &Book, it: &Product| {
        let rule = it.option(option).filter(|it| it.look.values.contains_key(value));
        rule.map(|rule| value_name(book, rule, value).get(visit.language).to_string())
    };
    // Zones, regions and specs are named by the book, whatever product asks for them.
    let of_book = |book: &Book, it: &Product| {
        it.option(option).map(|rule| value_name(book, rule, value).get(visit.language).to_string())
    };
    in_books(visit, named).or_else(|| in_books(visit, of_book)).unwrap_or_else(|| value.to_string())
}

/// What a product is called.
pub(crate) fn product(visit: &Visit, id: &str) -> String {
    let named = |_: &Book, it: &Product| {
        (it.id == id).then(|| it.look.label.or(&it.name).get(visit.language).to_string())
    };
    in_books(visit, named).unwrap_or_else(|| id.to_string())
}

/// The first that is found in a product of a price book of now.
fn in_books<T>(visit: &Visit, found: impl Fn(&Book, &Product) -> Option<T>) -> Option<T> {
    let desk = visit.node.desk();
    let mut books = desk.books.holding(visit.now);
    books.find_map(|book| book.products.iter().find_map(|product| found(book, product)))
}
