//! Tables of addresses: which are called, which are not, and why.

use super::*;

#[test]
fn only_the_public_internet_is_called_for_customers() {
    let table = [
        ("https://example.com/hooks", ""),
        ("https://example.com:8443/hooks?x=1", ""),
        ("https://8.8.8.8/", ""),
        ("https://100.63.255.255/", ""),
        ("https://100.128.0.0/", ""),
        ("https://172.15.255.255/", ""),
        ("https://172.32.0.0/", ""),
        ("https://[2400:3200::1]/", ""),
        ("https://[64:ff9b::808:808]/", ""),
        ("http://example.com/", "Scheme"),
        ("ftp://example.com/", "Scheme"),
        ("gopher://example.com/", "Scheme"),
        ("https://user@example.com/", "UserInfo"),
        ("https://user:word@example.com/", "UserInfo"),
        ("https://:word@example.com/", "UserInfo"),
        ("example.com", "Malformed"),
        ("https://", "Malformed"),
        ("https://a b/", "Malformed"),
        ("https://exa\nmple.com/", "Malformed"),
        ("", "Malformed"),
        ("https://localhost/", "Private"),
        ("https://LOCALHOST./", "Private"),
        ("https://a.localhost/", "Private"),
        ("https://0.0.0.0/", "Private"),
        ("https://127.0.0.1/", "Private"),
        ("https://127.255.0.9:9/", "Private"),
        // Other spellings of 127.0.0.1.
        ("https://127.1/", "Private"),
        ("https://2130706433/", "Private"),
        ("https://0x7f.0.0.1/", "Private"),
        ("https://0177.0.0.1/", "Private"),
        ("https://10.1.2.3/", "Private"),
        ("https://100.64.0.1/", "Private"),
        ("https://169.254.169.254/latest/meta-data", "Private"),
        ("https://172.16.0.1/", "Private"),
        ("https://172.31.255.255/", "Private"),
        ("https://192.0.0.8/", "Private"),
        ("https://192.168.1.1/", "Private"),
        ("https://198.19.0.1/", "Private"),
        ("https://224.0.0.1/", "Private"),
        ("https://255.255.255.255/", "Private"),
        ("https://[::]/", "Private"),
        ("https://[::1]/", "Private"),
        ("https://[::ffff:8.8.8.8]/", "Private"),
        ("https://[::ffff:127.0.0.1]/", "Private"),
        ("https://[::127.0.0.1]/", "Private"),
        ("https://[64:ff9b::7f00:1]/", "Private"),
        ("https://[64:ff9b:1::1]/", "Private"),
        ("https://[fc00::1]/", "Private"),
        ("https://[fd12:3456::1]/", "Private"),
        ("https://[fe80::1]/", "Private"),
        ("https://[ff02::1]/", "Private"),
        ("https://[2002:7f00:1::]/", "Private"),
        ("https://[2001::1]/", "Private"),
        ("https://[2001:db8::1]/", "Private"),
    ];
    for (text, expected) in table {
        let found = match check(text, Reach::Public) {
            Ok(_) => "",
            Err(AddressError::Malformed(_)) => "Malformed",
            Err(AddressError::Scheme(_)) => "Scheme",
            Err(AddressError::UserInfo) => "UserInfo",
            Err(AddressError::Private(_)) => "Private",
            Err(AddressError::Nobody(_)) => "Nobody",
        };
        assert_eq!(found, expected, "{text}");
    }
}

#[test]
fn where_the_operator_allows_it_any_web_address_is_called() {
    for text in ["http://127.0.0.1:8080/", "http://localhost/", "https://10.0.0.1/", "http://[::1]:9/"] {
        assert!(check(text, Reach::Anywhere).is_ok(), "{text}");
    }
    for text in ["ftp://127.0.0.1/", "http://user@127.0.0.1/", "file:///etc/passwd", "127.0.0.1:80"] {
        assert!(check(text, Reach::Anywhere).is_err(), "{text}");
    }
}

#[test]
fn names_for_examples_are_nobodys() {
    for (name, expected) in [
        ("shop.example", true),
        ("SHOP.EXAMPLE.", true),
        ("example", true),
        ("a.test", true),
        ("a.invalid", true),
        ("example.com", false),
        ("test.com", false),
        ("localhost", false),
        ("", false),
    ] {
        assert_eq!(is_reserved(name), expected, "{name}");
    }
}

#[test]
fn an_address_is_not_longer_than_allowed() {
    let of = |length: usize| format!("https://example.com/{}", "a".repeat(length - 20));
    assert!(check(&of(MOST_LETTERS), Reach::Public).is_ok());
    assert!(check(&of(MOST_LETTERS + 1), Reach::Public).is_err());
}
