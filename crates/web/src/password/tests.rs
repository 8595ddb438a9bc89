//! Passwords and their hashes.

use super::*;

#[test]
fn a_password_is_known_by_its_hash_and_never_kept() {
    let hash = hashed("correct horse").unwrap();
    assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
    assert!(is_right("correct horse", Some(&hash)));
    assert!(!is_right("correct hors", Some(&hash)));
    assert_ne!(hash, hashed("correct horse").unwrap());
}

#[test]
fn nobody_has_no_password() {
    assert!(!is_right("", None));
    assert!(!is_right("anything", None));
    assert!(!is_right("anything", Some("no hash")));
}
