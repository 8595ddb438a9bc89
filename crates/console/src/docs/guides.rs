//! What is written about the API and the till beside its document.
//!
//! In:  the documentation of the repository. Out: pages, with links that lead to each other.
//! Invariant: a link to a text that is served leads to its page; a link to anything else of the repository is no link.

/// A text with a page of its own: `/docs/{name}`.
pub(super) struct Text {
    /// Its path below `docs`, without its ending.
    pub name: &'static str,
    pub title: &'static str,
    pub text: &'static str,
}

/// The texts by their path below `docs`.
macro_rules! texts {
    ($($name:literal $title:literal,)*) => {
        &[$(Text {
            name: $name,
            title: $title,
            text: include_str!(concat!("../../../../docs/", $name, ".md")),
        }),*]
    };
}

/// What is written for those who program against the till, and for those who run it.
pub(super) const TEXTS: &[Text] = texts! {
    "api" "The HTTP API",
    "errors" "Error codes",
    "usage" "Usage",
    "webhooks" "Webhooks",
    "clouds" "Clouds",
    "budgets" "Budgets",
    "payments" "Payments by card",
    "sales" "Requests and offers",
    "corrections" "Corrections",
    "pricebook" "Price books",
    "console" "The console",
    "operations" "Operations",
    "scenarios" "Scenarios",
    "rules/README" "Rules",
    "rules/order" "Rules: orders",
    "rules/wallet" "Rules: wallets",
    "rules/provision" "Rules: delivery",
    "rules/life" "Rules: lives",
    "rules/segment" "Rules: time",
    "rules/cover" "Rules: packs",
    "rules/aggregate" "Rules: what is measured",
    "rules/rate" "Rules: prices",
    "rules/settle" "Rules: settlement",
    "rules/later" "Rules: later",
};

/// The names of the written pages.
fn names() -> impl Iterator<Item = &'static str> {
    TEXTS.iter().map(|it| it.name)
}

/// The text of that name.
pub(super) fn find(name: &str) -> Option<&'static Text> {
    TEXTS.iter().find(|it| it.name == name)
}

impl Text {
    /// Its page.
    pub fn address(&self) -> String {
        format!("/docs/{}", self.name)
    }

    /// Whether it is about a single part of the rules, which are reached from the page of all of them.
    pub fn is_of_one_rule(&self) -> bool {
        self.title.contains(": ")
    }

    /// What stands below its title.
    pub fn body(&self) -> &'static str {
        self.text.strip_prefix("# ").and_then(|it| it.split_once('\n')).map_or(self.text, |it| it.1)
    }

    /// The same, with the addresses of this server in place of those of the repository.
    pub fn linked(&self) -> String {
        let mut out = String::new();
        let mut rest = self.body();
        while let Some((before, after)) = rest.split_once("](") {
            out.push_str(before);
            let (address, after) = after.split_once(')').unwrap_or((after, ""));
            let (path, part) = address.split_once('#').map_or((address, ""), |it| (it.0, it.1));
            let part = if part.is_empty() { String::new() } else { format!("#{part}") };
            let served = match path {
                "" => part,
                path => page(self.name, path).map_or_else(|| address.to_string(), |it| it + &part),
            };
            out.push_str(&format!("]({served})"));
            rest = after;
        }
        out + rest
    }
}

/// The page of what the text `from` calls `path`, if it is served.
fn page(from: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in path.split('/') {
        match part {
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    let path = parts.join("/");
    if path == "openapi.json" {
        return Some("/openapi.json".to_string());
    }
    let name = path.strip_suffix(".md")?;
    names().any(|it| it == name).then(|| format!("/docs/{name}"))
}
