//! What may depend on what: the table of the architecture, read from the manifests.
//!
//! In:  `Cargo.toml` of the workspace and of each crate; `Cargo.lock`.
//! Out: a finding per dependency that points the wrong way, and one when too many packages are locked.
//!
//! Invariant: a crate that is not in the table is refused, so the table is always whole. Dependencies of tests and of
//! build scripts point the same way as the others; only the SQL drivers are free for tests and benches outside the core.

use anyhow::{Context, Result};
use toml::{Table, Value};

use super::Finding;
use super::tree::{File, crate_of};

/// Each crate and the crates of the workspace that it may use: one row, one crate. A row may stand here before its crate.
const TABLE: &[(&str, &[&str])] = &[
    ("units", &[]),
    ("billing", &["units"]),
    ("pricebook", &["units", "billing"]),
    ("link", &[]),
    ("store", &["units", "billing", "link"]),
    ("providers", &["units", "billing"]),
    ("desk", &["units", "billing", "pricebook", "store", "providers"]),
    ("web", &["units", "billing", "pricebook", "store", "providers", "desk", "paper"]),
    ("api", &["units", "billing", "pricebook", "store", "providers", "desk", "web", "paper"]),
    ("texts", &["billing"]),
    ("mail", &["units", "billing", "pricebook", "store", "providers", "desk", "texts"]),
    ("paper", &["units", "billing", "texts"]),
    (
        "console",
        &["units", "billing", "pricebook", "store", "providers", "desk", "web", "texts", "mail", "paper"],
    ),
    ("play", &["units", "billing", "pricebook", "store", "providers", "desk"]),
    ("bench", &["units", "billing", "pricebook", "store", "providers", "desk"]),
    (
        "server",
        &[
            "units",
            "billing",
            "pricebook",
            "store",
            "providers",
            "desk",
            "web",
            "api",
            "texts",
            "mail",
            "paper",
            "console",
            "play",
            "bench",
        ],
    ),
    ("scenarios", ANYTHING),
    ("xtask", ANYTHING),
];
/// Crates that nobody uses may use anything.
const ANYTHING: &[&str] = &[];
const ENDS: &[&str] = &["scenarios", "xtask"];

const CORE: &[&str] = &["units", "billing", "pricebook"];
/// Crates that know neither a network nor a task that waits.
const SYNCHRONOUS: &[&str] = &["units", "billing", "pricebook", "store", "desk"];

/// The store keeps the books, over links; the benchmark measures what it costs against the bare drivers.
const HAVE_DRIVERS: &[&str] = &["link", "store", "bench"];
const SQL_DRIVERS: &[&str] = &[
    "rusqlite",
    "libsqlite3-sys",
    "postgres",
    "postgres-types",
    "tokio-postgres",
    "sqlx",
    "diesel",
    "duckdb",
];
const ASYNC_AND_HTTP: &[&str] =
    &["axum", "tokio", "reqwest", "hyper", "http", "tower", "tower-http", "utoipa", "utoipa-axum"];

pub const LOCKED_LIMIT: usize = 500;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Section {
    Program,
    Tests,
}

/// A dependency as a manifest names it: of which package, where.
struct Dependency {
    package: String,
    section: Section,
    line: usize,
}

pub fn directions(manifests: &[&File]) -> Vec<Finding> {
    let root = manifests.iter().find(|it| it.path == "Cargo.toml").map_or("", |it| it.text.as_str());
    let mut findings = Vec::new();
    for (manifest, user) in manifests.iter().filter_map(|it| Some((it, crate_of(&it.path)?))) {
        match dependencies(&manifest.text, root) {
            Ok(dependencies) => findings.extend(wrong_ways(&manifest.path, user, &dependencies)),
            Err(err) => findings.push(Finding::new(&manifest.path, 1, format!("cannot be read: {err:#}"))),
        }
    }
    findings
}

fn wrong_ways(path: &str, user: &str, dependencies: &[Dependency]) -> Vec<Finding> {
    let Some((_, allowed)) = TABLE.iter().find(|(name, _)| *name == user) else {
        let remedy = format!(
            "`{user}` is not in the table of crates: add it to the architecture and to tidy, or drop it"
        );
        return vec![Finding::new(path, 1, remedy)];
    };
    let refusal = |it: &Dependency| {
        let package = it.package.as_str();
        let own = TABLE.iter().any(|(name, _)| *name == package);
        let driver_is_fine = HAVE_DRIVERS.contains(&user)
            || ENDS.contains(&user)
            || (it.section == Section::Tests && !CORE.contains(&user));
        if own && ENDS.contains(&package) && !ENDS.contains(&user) {
            Some(format!("nobody uses `{package}`: move what is needed into the crate that owns it"))
        } else if own && !ENDS.contains(&user) && !allowed.contains(&package) {
            Some(format!(
                "`{user}` may not use `{package}`: it may use {allowed:?}. Move the code, not the arrow"
            ))
        } else if SQL_DRIVERS.contains(&package) && !driver_is_fine {
            Some(format!("`{package}` is a SQL driver: SQL stays in `store`"))
        } else if ASYNC_AND_HTTP.contains(&package) && SYNCHRONOUS.contains(&user) {
            Some(format!(
                "`{user}` is synchronous and knows no network: `{package}` belongs in `web` and above, or in `providers`"
            ))
        } else {
            None
        }
    };
    dependencies.iter().filter_map(|it| Some(Finding::new(path, it.line, refusal(it)?))).collect()
}

/// Every dependency of a manifest, those for one target only included.
fn dependencies(manifest: &str, root: &str) -> Result<Vec<Dependency>> {
    let table: Table = manifest.parse().context("this manifest is not TOML")?;
    let root: Table = root.parse().context("the manifest of the workspace is not TOML")?;
    let targets = table.get("target").and_then(Value::as_table);
    let scopes = std::iter::once(&table)
        .chain(targets.into_iter().flat_map(Table::values).filter_map(Value::as_table));
    let mut found = Vec::new();
    for scope in scopes {
        let kinds = [
            ("dependencies", Section::Program),
            ("build-dependencies", Section::Program),
            ("dev-dependencies", Section::Tests),
        ];
        for (kind, section) in kinds {
            for (name, value) in scope.get(kind).and_then(Value::as_table).into_iter().flatten() {
                let line = line_of(manifest, kind, name);
                found.push(Dependency { package: package(name, value, &root), section, line });
            }
        }
    }
    Ok(found)
}

/// The package behind a name, which a manifest or the workspace may have renamed.
fn package(name: &str, value: &Value, root: &Table) -> String {
    let inherited = root.get("workspace").and_then(|it| it.get("dependencies")).and_then(|it| it.get(name));
    let inherits = value.get("workspace").and_then(Value::as_bool) == Some(true);
    let named = if inherits { inherited } else { Some(value) };
    named.and_then(|it| it.get("package")).and_then(Value::as_str).unwrap_or(name).to_owned()
}

/// The line of a dependency in its section, or 1 when it is written in a way that we do not look for.
fn line_of(manifest: &str, kind: &str, name: &str) -> usize {
    let mut inside = false;
    for (number, line) in manifest.lines().enumerate() {
        let line = line.trim();
        if let Some(section) = line.strip_prefix('[') {
            let section = section.trim_end_matches(']');
            inside = section.rsplit('.').next() == Some(kind);
            if section.ends_with(&format!("{kind}.{name}")) {
                return number + 1;
            }
        } else if inside && line.split(['.', '=', ' ']).next().is_some_and(|it| it.trim_matches('"') == name)
        {
            return number + 1;
        }
    }
    1
}

pub fn locked(lock: Option<&str>) -> usize {
    lock.unwrap_or_default().lines().filter(|it| *it == "[[package]]").count()
}

pub fn too_many_locked(lock: Option<&str>) -> Vec<Finding> {
    let count = locked(lock);
    let remedy = match lock {
        None => "missing: build once and commit it, so that everybody builds the same".to_owned(),
        Some(_) if count > LOCKED_LIMIT => {
            format!(
                "{count} packages are locked, {LOCKED_LIMIT} are allowed: drop a dependency or its default features"
            )
        }
        Some(_) => return Vec::new(),
    };
    vec![Finding::new("Cargo.lock", 1, remedy)]
}
