//! What set-up would run, for each way in which it may run it.

use super::*;

#[test]
fn root_installs_directly() {
    let commands = apt_commands(&["postgresql", "gcc"], Privilege::Root).unwrap();
    let lines: Vec<String> = commands.iter().map(|it| it.join(" ")).collect();
    assert_eq!(
        lines,
        [
            "env DEBIAN_FRONTEND=noninteractive apt-get update",
            "env DEBIAN_FRONTEND=noninteractive apt-get install -y postgresql gcc",
        ]
    );
}

#[test]
fn others_install_through_sudo() {
    let commands = apt_commands(&["postgresql"], Privilege::Sudo).unwrap();
    assert!(commands.iter().all(|it| it[0] == "sudo"), "{commands:?}");
}

#[test]
fn without_either_the_error_says_what_to_run() {
    let err = apt_commands(&["postgresql"], Privilege::None).unwrap_err().to_string();
    assert!(err.contains("apt-get install -y postgresql"), "{err}");
}
