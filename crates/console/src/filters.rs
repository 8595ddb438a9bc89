//! What is looked for in the list of resources.
//!
//! In:  the query of an address. Out: a filter, its form, and addresses of the same in another order.
//! Invariant: a word that means nothing is refused; an address says all of what is shown.

use crate::signed::Signed;
use crate::{choice, resource_words};
use axum::response::Response;
use billing::resource::State;
use desk::lists::projects::Project;
use desk::lists::resources::{Filter, Sort};
use maud::{Markup, html};
use std::collections::BTreeMap;
use units::{AccountId, ProjectId};

/// What is looked for.
pub(crate) struct Asked {
    search: Option<String>,
    state: Option<State>,
    product: Option<String>,
    region: Option<String>,
    project: Option<String>,
    /// As it was typed: `key: value`.
    tag: Option<String>,
    pub sort: Sort,
}

impl Asked {
    /// What an address asks for. The answer otherwise: that a word is none.
    pub(crate) fn read(signed: &Signed, query: &BTreeMap<String, String>) -> Result<Asked, Response> {
        let text = |name: &str| query.get(name).map(|it| it.trim().to_string()).filter(|it| !it.is_empty());
        Ok(Asked {
            search: text("q"),
            state: choice::asked(signed, "state", &State::ALL, State::as_str)?,
            product: text("product"),
            region: text("region"),
            project: text("project"),
            tag: text("tag"),
            sort: choice::asked(signed, "sort", &Sort::ALL, Sort::as_str)?.unwrap_or_default(),
        })
    }

    /// The project that is looked into, where what names it can be one.
    pub(crate) fn project(&self) -> Option<ProjectId> {
        self.project.as_deref()?.parse().ok()
    }

    pub(crate) const fn is_none(&self) -> bool {
        self.search.is_none()
            && self.state.is_none()
            && self.product.is_none()
            && self.region.is_none()
            && self.project.is_none()
            && self.tag.is_none()
    }

    /// The key and the value of the tag that is looked for.
    fn tag(&self) -> Option<(String, String)> {
        let (key, value) = self.tag.as_deref().map(|it| it.split_once([':', '：']).unwrap_or((it, "")))?;
        Some((key.trim().to_string(), value.trim().to_string()))
    }

    pub(crate) fn filter(&self, account: AccountId) -> Filter {
        Filter {
            account,
            sort: self.sort,
            state: self.state,
            product: self.product.clone(),
            service: None,
            name: None,
            project: self.project.clone(),
            tag: self.tag(),
            search: self.search.clone(),
            updated_since: None,
            region: self.region.clone(),
        }
    }

    /// As the list of the API is asked for the same.
    pub(crate) fn of_list(&self) -> [(&'static str, String); 7] {
        let text = |it: &Option<String>| it.clone().unwrap_or_default();
        let tag = self.tag().map_or_else(String::new, |(key, value)| format!("{key}:{value}"));
        [
            ("search", text(&self.search)),
            ("tag", tag),
            ("state", self.state.map_or("", State::as_str).to_string()),
            ("product", text(&self.product)),
            ("region", text(&self.region)),
            ("project", text(&self.project)),
            ("sort", self.sort.as_str().to_string()),
        ]
    }

    /// The address of the same in another order.
    pub(crate) fn sorted(&self, sort: Sort) -> String {
        let all = [
            ("q", self.search.as_deref()),
            ("state", self.state.map(State::as_str)),
            ("product", self.product.as_deref()),
            ("region", self.region.as_deref()),
            ("project", self.project.as_deref()),
            ("tag", self.tag.as_deref()),
            ("sort", Some(sort.as_str())),
        ];
        let mut to = form_urlencoded::Serializer::new(String::new());
        to.extend_pairs(all.into_iter().filter_map(|it| Some((it.0, it.1?))));
        format!("/resources?{}", to.finish())
    }
}

/// A choice: its field, what it is called, what stands for all, and its values with their names.
struct Choice<'a> {
    field: &'a str,
    label: String,
    all: String,
    values: Vec<(String, String)>,
}

fn select(it: &Choice<'_>, chosen: Option<&str>) -> Markup {
    html! {
        select.select name=(it.field) aria-label=(it.label) {
            option value="" { (it.all) }
            @for (value, name) in &it.values {
                option value=(value) selected[chosen == Some(value.as_str())] { (name) }
            }
        }
    }
}

/// The form that filters.
pub(crate) fn form(signed: &Signed, asked: &Asked, projects: &[Project]) -> Markup {
    let texts = signed.visit.texts();
    let product = Choice {
        field: "product",
        label: texts.product(),
        all: texts.all_products(),
        values: signed.products(),
    };
    let state = Choice {
        field: "state",
        label: texts.state(),
        all: texts.all_states(),
        values: State::ALL.map(|it| (it.as_str().to_string(), resource_words::state(texts, it))).to_vec(),
    };
    let region =
        Choice { field: "region", label: texts.region(), all: texts.all_regions(), values: signed.regions() };
    let project = Choice {
        field: "project",
        label: texts.project(),
        all: texts.all_projects(),
        values: projects.iter().map(|it| (it.id.to_string(), it.name.clone())).collect(),
    };
    html! {
        form.filter method="get" action="/resources" role="search" {
            input.input type="search" name="q" value=(asked.search.as_deref().unwrap_or("")) aria-label=(texts.search_resources()) placeholder=(texts.search_resources());
            (select(&product, asked.product.as_deref()))
            (select(&state, asked.state.map(State::as_str)))
            (select(&region, asked.region.as_deref()))
            @if !projects.is_empty() { (select(&project, asked.project.as_deref())) }
            input.input.w-m type="text" name="tag" value=(asked.tag.as_deref().unwrap_or("")) aria-label=(texts.tag_filter()) placeholder=(texts.tag_example());
            button.btn { (texts.search()) }
        }
    }
}
