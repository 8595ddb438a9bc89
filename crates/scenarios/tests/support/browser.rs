//! A browser without a screen: cookies, pages, forms.
//!
//! In:  a server. Out: pages as they are answered; forms that are filled in and sent as the page holds them.
//! Invariant: it sends what the page gave it, with what a test changed, and nothing else.
#![allow(dead_code)]

use super::served::{Answer, Served};
use std::collections::BTreeMap;

/// A browser with its cookies.
#[derive(Clone)]
pub struct Browser<'a> {
    pub served: &'a Served,
    pub cookies: BTreeMap<String, String>,
    pub language: &'static str,
}

/// A page.
pub struct Page {
    pub status: u16,
    pub answer: Answer,
    pub path: String,
}

impl<'a> Browser<'a> {
    pub fn new(served: &'a Served) -> Browser<'a> {
        Browser { served, cookies: BTreeMap::new(), language: "en" }
    }

    /// One request, and no other.
    pub fn call(&mut self, method: &str, path: &str, headers: &[&str], body: &str) -> Page {
        let cookies =
            self.cookies.iter().map(|it| format!("{}={}", it.0, it.1)).collect::<Vec<_>>().join("; ");
        let (cookie, language) =
            (format!("cookie: {cookies}"), format!("accept-language: {}", self.language));
        let mut all = vec!["accept: text/html", language.as_str()];
        if !cookies.is_empty() {
            all.push(&cookie);
        }
        all.extend(headers);
        let answer = self.served.call(method, path, "", &all, body.as_bytes());
        for (_, value) in answer.headers.iter().filter(|it| it.0 == "set-cookie") {
            let (name, rest) = value.split_once('=').unwrap();
            let value = rest.split(';').next().unwrap();
            match value.is_empty() {
                true => self.cookies.remove(name),
                false => self.cookies.insert(name.to_string(), value.to_string()),
            };
        }
        Page { status: answer.status, answer, path: path.to_string() }
    }

    /// A page, wherever it is led on to.
    pub fn get(&mut self, path: &str) -> Page {
        let page = self.call("GET", path, &[], "");
        self.followed(page)
    }

    fn followed(&mut self, mut page: Page) -> Page {
        for _ in 0..5 {
            let Some(to) = page.answer.header("location").map(str::to_string) else { return page };
            page = self.call("GET", &to, &[], "");
        }
        panic!("led on and on, to {}", page.path);
    }

    /// Sends a form of a page and gives the answer itself.
    pub fn send(&mut self, page: &Page, action: &str, filled: &[(&str, &str)]) -> Page {
        let (body, to) = (page.form(action, filled), page.action(action));
        self.call("POST", &to, &["content-type: application/x-www-form-urlencoded"], &body)
    }

    /// Sends a form of a page, and goes where it leads.
    pub fn submit(&mut self, page: &Page, action: &str, filled: &[(&str, &str)]) -> Page {
        let answer = self.send(page, action, filled);
        self.followed(answer)
    }

    /// Signs in from the page that asks for it.
    pub fn sign_in(&mut self, mail: &str, password: &str) -> Page {
        let page = self.get("/sign-in");
        self.submit(&page, "/sign-in", &[("mail", mail), ("password", password)])
    }

    /// Sends a form, given by its page and its path, with these fields wrong: each is said beside it and in the list above, nothing
    /// else is, and what was typed stays.
    #[track_caller]
    pub fn wrong_at_once(&mut self, form: [&str; 2], sent: &[(&str, &str)], at: &[&str]) {
        let [page, action] = form;
        let form = self.get(page);
        let wrong = self.send(&form, action, sent);
        assert!([400, 404, 422].contains(&wrong.status), "{action}: {}", wrong.status);
        for field in at {
            wrong.has(&format!("id=\"e-{field}\"")).has(&format!("<li><a href=\"#{field}\">"));
        }
        let text = wrong.text();
        assert_eq!(text.matches("id=\"e-").count(), at.len(), "{action}: {text}");
        let is_typed = |name: &str| at.contains(&name) && !["of", "request"].contains(&name);
        for (name, value) in sent.iter().filter(|it| is_typed(it.0) && !it.1.is_empty()) {
            wrong.has(&format!("value=\"{value}\"")).has(&format!("name=\"{name}\""));
        }
    }
}

impl Page {
    pub fn text(&self) -> String {
        self.answer.text()
    }

    #[track_caller]
    pub fn has(&self, text: &str) -> &Page {
        assert!(
            self.text().contains(text),
            "{} ({}) lacks {text:?}: {}",
            self.path,
            self.status,
            self.text()
        );
        self
    }

    #[track_caller]
    pub fn lacks(&self, text: &str) -> &Page {
        assert!(!self.text().contains(text), "{} ({}) has {text:?}", self.path, self.status);
        self
    }

    /// What stands between two texts.
    #[track_caller]
    pub fn between(&self, before: &str, after: &str) -> String {
        let text = self.text();
        let start = text.find(before).unwrap_or_else(|| panic!("{} lacks {before:?}: {text}", self.path))
            + before.len();
        let end = text[start..].find(after).unwrap_or_else(|| panic!("{} lacks {after:?}", self.path));
        text[start..start + end].to_string()
    }

    /// How the tag of the first form with this path goes on to its action: the path alone, or with a query.
    fn opening(&self, path: &str) -> String {
        let alone = format!("action=\"{path}\"");
        if self.text().contains(&alone) { alone } else { format!("action=\"{path}?") }
    }

    /// Where the first form with this path leads.
    #[track_caller]
    pub fn action(&self, path: &str) -> String {
        match self.opening(path).ends_with('?') {
            true => unescaped(&format!("{path}?{}", self.between(&self.opening(path), "\""))),
            false => path.to_string(),
        }
    }

    /// The body of the first form with this path: its hidden fields, and what is filled in.
    #[track_caller]
    pub fn form(&self, action: &str, filled: &[(&str, &str)]) -> String {
        let form = self.between(&self.opening(action), "</form>");
        let hidden = form.split("<input type=\"hidden\" ").skip(1).filter_map(|it| {
            let value = |name: &str| it.split(&format!("{name}=\"")).nth(1)?.split('"').next().map(unescaped);
            Some((value("name")?, value("value")?))
        });
        let mut fields: Vec<(String, String)> = hidden.collect();
        for (name, value) in filled {
            fields.retain(|it| it.0 != *name);
            fields.push((name.to_string(), value.to_string()));
        }
        fields.iter().map(|it| format!("{}={}", encoded(&it.0), encoded(&it.1))).collect::<Vec<_>>().join("&")
    }
}

pub fn unescaped(text: &str) -> String {
    text.replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&")
}

/// Percent-encodes everything but letters and digits.
pub fn encoded(text: &str) -> String {
    let one = |it: u8| match it.is_ascii_alphanumeric() {
        true => char::from(it).to_string(),
        false => format!("%{it:02X}"),
    };
    text.bytes().map(one).collect()
}
