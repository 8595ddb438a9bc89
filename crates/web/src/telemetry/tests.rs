//! The dashboard and the alerts that come with the till are about metrics that there are.

use std::collections::BTreeSet;

const ALERTS: &str = include_str!("../../../../docs/monitoring/alerts.yml");
const DASHBOARD: &str = include_str!("../../../../docs/monitoring/dashboard.json");

/// Names of metrics in a text: of the till and of its process.
fn named(text: &str) -> BTreeSet<String> {
    let word = |it: char| it.is_ascii_alphanumeric() || it == '_';
    let words = text.split(|it: char| !word(it));
    words.filter(|it| it.starts_with("till_") || it.starts_with("process_")).map(base).collect()
}

/// A histogram is asked for by its parts.
fn base(name: &str) -> String {
    let parts = ["_bucket", "_sum", "_count"];
    parts.iter().find_map(|it| name.strip_suffix(it)).unwrap_or(name).to_string()
}

fn known() -> BTreeSet<String> {
    super::install("test").unwrap();
    let text = super::render();
    let of_process = text.lines().filter_map(|it| it.strip_prefix("# TYPE ")?.split(' ').next());
    super::names().map(str::to_string).chain(of_process.map(str::to_string)).collect()
}

/// The expressions of a dashboard, wherever they stand.
fn expressions(value: &serde_json::Value, found: &mut Vec<String>) {
    let of_expr = value.get("expr").and_then(serde_json::Value::as_str);
    found.extend(of_expr.map(str::to_string));
    let (members, items) = (value.as_object(), value.as_array());
    let inner = members.into_iter().flat_map(|it| it.values()).chain(items.into_iter().flatten());
    inner.for_each(|it| expressions(it, found));
}

#[test]
fn every_metric_that_is_watched_exists_and_every_one_of_the_till_is_shown() {
    let (known, dashboard) = (known(), serde_json::from_str(DASHBOARD).unwrap());
    let mut shown = Vec::new();
    expressions(&dashboard, &mut shown);
    let shown = named(&shown.join("\n"));
    let watched = named(ALERTS);
    assert!(watched.len() > 10, "{watched:?}");
    let unknown: Vec<&String> = shown.union(&watched).filter(|it| !known.contains(*it)).collect();
    assert!(unknown.is_empty(), "there is no {unknown:?}; known are {known:?}");
    let hidden: Vec<&str> = super::names().filter(|it| !shown.contains(*it)).collect();
    assert!(hidden.is_empty(), "the dashboard does not show {hidden:?}");
}

#[test]
fn every_alert_says_when_how_bad_and_what_to_do() {
    let rules: Vec<&str> = ALERTS.split("      - alert: ").skip(1).collect();
    assert!(rules.len() > 10);
    let names: BTreeSet<&str> = rules.iter().filter_map(|it| it.lines().next()).collect();
    assert_eq!(names.len(), rules.len(), "each has a name of its own");
    for rule in rules {
        for part in ["expr: ", "for: ", "severity: ", "summary: ", "description: "] {
            let line = rule.lines().find_map(|it| it.trim().strip_prefix(part));
            assert!(line.is_some_and(|it| it.len() > 1), "{part} {rule}");
        }
        let severity = rule.lines().find_map(|it| it.trim().strip_prefix("severity: ")).unwrap();
        assert!(["warning", "critical"].contains(&severity), "{rule}");
    }
}
