//! The list of what is wrong, as the form below it has its fields.
//!
//! In:  the content of a page. Out: the same, each entry of its list behind the label of its field, in the order of the fields.
//! Invariant: no entry is lost, and none says otherwise than before what is wrong.

use crate::visit::Visit;
use crate::{field_names, show};
use maud::{Markup, PreEscaped, html};

/// Where a list of what is wrong begins, and where its entries do.
const LIST: &str = "<div class=\"errors\"";
const ENTRY: &str = "<li><a href=\"#";

/// A page with its list in order; one without a list as it is.
pub(crate) fn ordered(visit: &Visit, page: &Markup) -> Markup {
    let text = page.0.as_str();
    let found = text.find(LIST).and_then(|at| {
        let from = at + text[at..].find("<ul>")? + "<ul>".len();
        Some((from, from + text[from..].find("</ul>")?))
    });
    let Some((from, end)) = found else { return page.clone() };
    let form = &text[end..];
    let mut entries: Vec<(usize, String)> = text[from..end]
        .split_inclusive("</li>")
        .map(|it| (place(form, field(it)), labelled(visit, form, it)))
        .collect();
    entries.sort_by_key(|it| it.0);
    let list: String = entries.into_iter().map(|it| it.1).collect();
    PreEscaped(format!("{}{list}{form}", &text[..from]))
}

/// The field that an entry leads to; none where it leads nowhere.
fn field(entry: &str) -> &str {
    entry.strip_prefix(ENTRY).and_then(|it| it.split_once('"')).map_or("", |it| it.0)
}

/// How far down a field stands; what is of none comes last.
fn place(form: &str, field: &str) -> usize {
    let found = form.find(&format!("id=\"{field}\""));
    found.filter(|_| !field.is_empty()).unwrap_or(usize::MAX)
}

/// What the form calls a field: in its label, or in the legend of its choices.
fn label<'a>(form: &'a str, field: &str) -> Option<&'a str> {
    let before = format!("for=\"{field}\"");
    let own = || form.split_once(&before)?.1.split_once('>');
    let set = format!("<fieldset class=\"field bad\" id=\"{field}\"");
    let legend = || form.split_once(&set)?.1.split_once("<legend class=\"label\">");
    let (_, named) = own().or_else(legend)?;
    Some(named.split_once('<')?.0.trim()).filter(|it| !it.is_empty())
}

/// An entry behind the label of its field, in place of the name that is known without the form.
fn labelled(visit: &Visit, form: &str, entry: &str) -> String {
    let field = field(entry);
    let Some(label) = label(form, field).filter(|_| !field.is_empty()) else { return entry.to_string() };
    let Some((head, text)) = entry.split_once("\">") else { return entry.to_string() };
    let known = field_names::called(visit, field).map(|it| {
        let named = show::labelled(&it, "", visit.language);
        html! { (named) }.into_string()
    });
    let said = known.and_then(|it| text.strip_prefix(&it)).unwrap_or(text);
    if said.starts_with(label) {
        return format!("{head}\">{said}");
    }
    format!("{head}\">{}", show::labelled(label, said, visit.language))
}

#[cfg(test)]
mod tests;
