//! Who is believed about where a request comes from.

use super::*;
use axum::http::Request;

#[track_caller]
fn check(peer: &str, told: &[&str], from: Option<&str>) {
    let proxies: Vec<Network> = desk::network::all("10.0.0.0/8 127.0.0.1").unwrap();
    let mut request = Request::builder();
    for it in told {
        request = request.header("x-forwarded-for", *it);
    }
    let (mut parts, ()) = request.body(()).unwrap().into_parts();
    parts.extensions.insert(ConnectInfo(SocketAddr::new(peer.parse().unwrap(), 1)));
    assert_eq!(of(&proxies, &parts), from.map(|it| it.parse().unwrap()), "{peer} {told:?}");
}

#[test]
fn only_trusted_proxies_are_believed() {
    check("203.0.113.1", &[], Some("203.0.113.1"));
    check("203.0.113.1", &["198.51.100.7"], Some("203.0.113.1"));
    check("10.1.1.1", &["198.51.100.7"], Some("198.51.100.7"));
    check("::ffff:10.1.1.1", &["198.51.100.7"], Some("198.51.100.7"));
    // What a client made up stands before what the proxies wrote.
    check("10.1.1.1", &["127.0.0.1, 198.51.100.7, 10.2.2.2"], Some("198.51.100.7"));
    check("10.1.1.1", &["1.2.3.4", "198.51.100.7"], Some("198.51.100.7"));
    check("10.1.1.1", &["unknown"], None);
    check("10.1.1.1", &[], Some("10.1.1.1"));
}
