//! When the tools are installed again, and by which command.

use super::*;

#[test]
fn what_broke_off_or_has_other_pins_is_made_again() {
    let folder = std::env::temp_dir().join(format!("xtask-node-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    assert!(!is_made_from(&folder, "{}"));
    std::fs::write(folder.join(STAMP), "{}").unwrap();
    assert!(is_made_from(&folder, "{}") && !is_made_from(&folder, "{1}"));
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn the_lock_decides_and_no_script_runs() {
    let line = install_command(Path::new("/r/.tools/node")).join(" ");
    assert_eq!(line, "npm ci --ignore-scripts --no-audit --no-fund --prefix /r/.tools/node");
}

#[test]
fn every_tool_is_pinned_and_no_host_is_named() {
    let package: serde_json::Value = serde_json::from_str(PACKAGE).unwrap();
    let lock: serde_json::Value = serde_json::from_str(LOCK).unwrap();
    let wanted = package["dependencies"].as_object().unwrap();
    assert_eq!(&package["dependencies"], &lock["packages"][""]["dependencies"]);
    for (name, version) in wanted {
        assert_eq!(&lock["packages"][format!("node_modules/{name}")]["version"], version, "{name}");
    }
    let packages = lock["packages"].as_object().unwrap();
    let hashed = packages.iter().filter(|it| !it.0.is_empty());
    assert!(hashed.clone().all(|it| it.1["integrity"].is_string() || it.1["inBundle"] == true));
    assert!(!PACKAGE.contains("://") && !LOCK.contains("://"));
}
