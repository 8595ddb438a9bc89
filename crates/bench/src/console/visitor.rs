//! Somebody with a browser: cookies, forms, compressed pages.
//!
//! In:  a server. Out: its pages as they go over the wire.
//! Invariant: it gets in as people do, by the link of the first start and the sign-in page.

use crate::http::{Answer, Connection, Request};
use crate::served::Served;
use anyhow::{Context, Result, ensure};
use std::collections::BTreeMap;
use std::net::SocketAddr;

const MAIL: &str = "operator@localhost";
const PASSWORD: &str = "a password of benchmarks";

pub(super) struct Visitor {
    address: SocketAddr,
    cookies: BTreeMap<String, String>,
    /// The part of a page that is asked for alone.
    pub part: Option<&'static str>,
}

impl Visitor {
    pub fn new(served: &Served) -> Visitor {
        Visitor { address: served.address, cookies: BTreeMap::new(), part: None }
    }

    /// Another connection of the same browser.
    pub fn connection(&self) -> Result<Connection> {
        Connection::open(self.address)
    }

    /// The request of a page, or one that sends a form to it.
    pub fn request(&self, path: &str, form: Option<&str>) -> Request {
        let cookies: Vec<String> = self.cookies.iter().map(|it| format!("{}={}", it.0, it.1)).collect();
        let mut headers = vec![format!("cookie: {}", cookies.join("; "))];
        headers.extend(self.part.map(|it| format!("till-part: {it}")));
        if form.is_none() {
            headers.push("accept-encoding: gzip".to_string());
        }
        Request::page(path, &headers, form)
    }

    pub fn get(&mut self, path: &str) -> Result<Answer> {
        let request = self.request(path, None);
        self.sent(&request)
    }

    fn sent(&mut self, request: &Request) -> Result<Answer> {
        let answer = self.connection()?.send(request)?;
        for (name, value) in &answer.cookies {
            self.cookies.insert(name.clone(), value.clone());
        }
        Ok(answer)
    }

    /// Sends the first form of a page that leads to `action`. Errors: it leads nowhere.
    fn submit(&mut self, page: &str, action: &str, filled: &[(&str, &str)]) -> Result<()> {
        let request = Request::page(page, &[self.cookie()], None);
        let text = String::from_utf8_lossy(&self.sent(&request)?.body).into_owned();
        let hidden = hidden(&text, action)?;
        let all = hidden.iter().map(|it| (it.0.as_str(), it.1.as_str())).chain(filled.iter().copied());
        let form: Vec<String> = all.map(|it| format!("{}={}", it.0, it.1.replace(' ', "+"))).collect();
        let request = self.request(action, Some(&form.join("&")));
        let answer = self.sent(&request)?;
        let is_done = answer.location.is_some() || answer.status == 200;
        ensure!(is_done, "{action} is answered with {}", answer.status);
        Ok(())
    }

    fn cookie(&self) -> String {
        let all: Vec<String> = self.cookies.iter().map(|it| format!("{}={}", it.0, it.1)).collect();
        format!("cookie: {}", all.join("; "))
    }

    /// Sets the password of the first operator.
    pub fn accept(&mut self, link: &str) -> Result<()> {
        self.submit(link, link, &[("password", PASSWORD)])
    }

    pub fn sign_in(&mut self) -> Result<()> {
        self.submit("/sign-in", "/sign-in", &[("mail", MAIL), ("password", PASSWORD)])?;
        ensure!(self.cookies.contains_key("till_session"), "nobody is signed in");
        Ok(())
    }

    /// From here on the pages are a customer's.
    pub fn act_for(&mut self, account: &str) -> Result<()> {
        self.submit("/operator/customers?q=the+largest", "/operator/act", &[("account", account)])
    }
}

/// The hidden fields of the first form that leads to `action`.
fn hidden(page: &str, action: &str) -> Result<Vec<(String, String)>> {
    let opening = format!("action=\"{action}\"");
    let form = page.split(&opening).nth(1).with_context(|| format!("there is no form to {action}"))?;
    let form = form.split("</form>").next().unwrap_or("");
    let fields = form.split("type=\"hidden\"").skip(1).filter_map(|it| {
        let value = |name: &str| Some(it.split(&format!("{name}=\"")).nth(1)?.split('"').next()?.to_string());
        Some((value("name")?, value("value")?))
    });
    // What is filled in takes the place of what is there.
    Ok(fields.filter(|it| it.0 != "account").collect())
}
