//! Canonical forms by the examples of RFC 6376, and keys that are none. That others verify what is signed is tried with
//! a verifier of its own in `scenarios`.

use super::*;

/// The example of RFC 6376, 3.4.5.
#[test]
fn forms_are_those_of_the_standard() {
    let fields = fields("A: X\r\nB : Y\t\r\n\tZ  ");
    let shown: Vec<String> = fields.iter().map(|it| format!("{}:{}", it.0, relaxed(&it.1))).collect();
    assert_eq!(shown, ["a:X", "b:Y Z"]);
    assert_eq!(relaxed_body(" C \r\nD \t E\r\n\r\n\r\n"), " C\r\nD E\r\n");
    assert_eq!(relaxed_body(""), "");
}

#[test]
fn what_is_no_key_is_refused() {
    let of = |domain: &str, pem: &str| Dkim::new(domain, "s1", pem).unwrap_err();
    assert_eq!(of("example.com", "nothing"), DkimError::Unreadable);
    let pem = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
    assert_eq!(of("example.com", pem), DkimError::Unusable);
    assert_eq!(of("exa\r\nmple.com", pem), DkimError::Name("exa\r\nmple.com".into()));
}
