//! What is written about the API beside its document.

use super::html::escaped;

/// A text with a page of its own: `/docs/{name}`.
pub(super) struct Text {
    pub name: &'static str,
    pub title: &'static str,
    pub text: &'static str,
}

/// What is written for those who program against the till.
pub(super) const TEXTS: [Text; 7] = [
    Text { name: "api", title: "The HTTP API", text: include_str!("../../../../docs/api.md") },
    Text { name: "errors", title: "Error codes", text: include_str!("../../../../docs/errors.md") },
    Text { name: "usage", title: "Usage", text: include_str!("../../../../docs/usage.md") },
    Text { name: "webhooks", title: "Webhooks", text: include_str!("../../../../docs/webhooks.md") },
    Text { name: "clouds", title: "Clouds", text: include_str!("../../../../docs/clouds.md") },
    Text { name: "corrections", title: "Corrections", text: include_str!("../../../../docs/corrections.md") },
    Text { name: "pricebook", title: "Price books", text: include_str!("../../../../docs/pricebook.md") },
];

/// The names of the written pages: `/docs/{name}`.
pub fn names() -> impl Iterator<Item = &'static str> {
    TEXTS.iter().map(|it| it.name)
}

/// Links to all written pages.
pub(super) fn links() -> String {
    let link = |it: &Text| format!("<a href=\"/docs/{}\">{}</a>", it.name, escaped(it.title));
    TEXTS.iter().map(link).collect::<Vec<_>>().join(", ")
}
