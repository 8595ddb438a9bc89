//! What holds on one machine only: absolute paths, package mirrors.
//!
//! In:  the path and the text of any tracked file.
//! Out: a finding per line that names such a place.
//!
//! Invariant: `Cargo.lock` is cargo's own and is left alone. The words here are put together from halves, so that this
//! file passes its own rule.

use super::Finding;

const FOLDERS: &[&str] =
    &[concat!("/wo", "rk/"), concat!("/ro", "ot/"), concat!("/ho", "me/"), concat!("/Us", "ers/")];

const REGISTRIES: &[&str] = &[
    concat!("crates", ".io"),
    concat!("registry.npmjs", ".org"),
    concat!("pypi", ".org"),
    concat!("pythonhosted", ".org"),
    concat!("proxy.golang", ".org"),
    concat!("registry-1.docker", ".io"),
];

/// How a package mirror gets into cargo's settings.
const MIRROR: &str = concat!("replace", "-with");

pub fn machine_bound(path: &str, text: &str) -> Vec<Finding> {
    if path == "Cargo.lock" || path.ends_with("/Cargo.lock") {
        return Vec::new();
    }
    let mut findings = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let mut add = |remedy: String| findings.push(Finding::new(path, number + 1, remedy));
        for folder in FOLDERS.iter().filter(|it| stands_alone(line, it)) {
            add(format!(
                "`{folder}` is a folder of one machine: write a path from the root of the repository"
            ));
        }
        for host in REGISTRIES.iter().filter(|it| line.contains(**it)) {
            add(format!(
                "`{host}` is a package registry: name the package, and leave where it comes from to the tool"
            ));
        }
        if path.starts_with(".cargo/") && line.contains(MIRROR) {
            add(format!("`{MIRROR}` names a mirror of one machine: set it in your own cargo settings"));
        }
    }
    findings
}

/// Whether `folder` begins a path, and is not the middle of a longer one such as `https://host/home/`.
fn stands_alone(line: &str, folder: &str) -> bool {
    line.match_indices(folder).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        !before.is_some_and(|it| it.is_alphanumeric() || "._-~}*)".contains(it))
    })
}
