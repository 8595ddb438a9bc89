//! Networks of both kinds, and texts that are none.

use super::*;

#[track_caller]
fn check(network: &str, address: &str, has: bool) {
    let network: Network = network.parse().unwrap();
    assert_eq!(network.has(address.parse().unwrap()), has, "{network} {address}");
}

#[test]
fn an_address_lies_in_a_network_when_its_first_bits_do() {
    check("203.0.113.0/24", "203.0.113.255", true);
    check("203.0.113.0/24", "203.0.114.0", false);
    check("203.0.113.7", "203.0.113.7", true);
    check("203.0.113.7", "203.0.113.6", false);
    check("0.0.0.0/0", "8.8.8.8", true);
    check("0.0.0.0/0", "::1", false);
    check("2001:db8::/33", "2001:db8:7fff::1", true);
    check("2001:db8::/33", "2001:db8:8000::1", false);
    // The same address, as a socket for both kinds tells it.
    check("203.0.113.0/24", "::ffff:203.0.113.9", true);
}

#[test]
fn what_is_no_network_is_refused() {
    for text in ["", "x", "10.0.0.1/8", "10.0.0.0/33", "10.0.0.0/-1", "::1/129", "10.0.0.0/8/8", "10.0.0"] {
        assert!(text.parse::<Network>().is_err(), "{text}");
    }
    assert_eq!("10.0.0.0/8".parse::<Network>().unwrap().to_string(), "10.0.0.0/8");
    assert_eq!(text(&all("10.0.0.1  ::1").unwrap()), "10.0.0.1/32 ::1/128");
}

#[test]
fn whoever_has_one_address_of_ipv6_has_all_of_its_site() {
    assert_eq!(site("2001:db8:0:7::1"), "2001:db8:0:7::/64");
    assert_eq!(site("2001:db8:0:7:ffff:ffff:ffff:ffff"), site("2001:db8:0:7::1"));
    assert_ne!(site("2001:db8:0:8::1"), site("2001:db8:0:7::1"));
    assert_eq!(
        (site("203.0.113.9"), site("::ffff:203.0.113.9")),
        ("203.0.113.9".into(), "203.0.113.9".into())
    );
    assert_eq!(site(""), "");
}

#[test]
fn a_network_holds_those_that_are_longer() {
    let of = |text: &str| text.parse::<Network>().unwrap();
    assert!(of("10.0.0.0/8").holds(of("10.1.0.0/16")) && of("10.0.0.0/8").holds(of("10.0.0.0/8")));
    assert!(!of("10.1.0.0/16").holds(of("10.0.0.0/8")) && !of("0.0.0.0/0").holds(of("::/0")));
}
