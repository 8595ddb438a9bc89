//! Which return is of which departure.

use super::*;

const BEGAN: i64 = 1_800_000_000;

fn trip(to: &str) -> Trip {
    Trip { secret: "0123456789abcdef".repeat(4), began: BEGAN, to: to.into() }
}

fn showing(secret: &str) -> HeaderMap {
    let cookie = HeaderValue::from_str(&format!("{}={secret}", Cookie::Trip.name(Reached::OverTls))).unwrap();
    HeaderMap::from_iter([(header::COOKIE, cookie)])
}

fn found(state: &str, secret: &str, now: i64) -> Option<String> {
    Trip::of(state, &showing(secret), Reached::OverTls, now).map(|it| it.to)
}

#[test]
fn a_browser_comes_back_to_where_it_wanted_within_ten_minutes() {
    for to in ["/", "/bills/2026-06?by=a.b", "/buy/server?o.type=S2.MEDIUM4&months=6"] {
        let trip = trip(to);
        for now in [BEGAN, BEGAN + 599] {
            assert_eq!(found(&trip.state(), &trip.secret, now).as_deref(), Some(to));
        }
        for now in [BEGAN - 1, BEGAN + 600, i64::MIN, i64::MAX] {
            assert_eq!(found(&trip.state(), &trip.secret, now), None);
        }
    }
}

#[test]
fn what_another_browser_began_or_somebody_wrote_is_nobodys() {
    let trip = trip("/bills");
    let state = trip.state();
    assert_eq!(found(&state, &"fedcba9876543210".repeat(4), BEGAN), None);
    assert_eq!(found(&state, "", BEGAN), None);
    let later = state.replacen(&BEGAN.to_string(), &(BEGAN + 300).to_string(), 1);
    for forged in
        [&state.replace("/bills", "/orders"), &later, "", "..", "1", &state[..40], &format!("{state}x")]
    {
        assert_eq!(found(forged, &trip.secret, BEGAN), None, "{forged}");
    }
}

#[test]
fn each_purpose_and_each_trip_has_its_own() {
    let (one, other) = (trip("/"), Trip { began: BEGAN + 1, ..trip("/") });
    let all = [one.own("state"), one.own("nonce"), one.own("verifier"), other.own("nonce")];
    for (index, it) in all.iter().enumerate() {
        assert!(!all[..index].contains(it));
        assert_eq!(it.len(), 64);
    }
}

#[test]
fn nobody_is_led_to_another_site() {
    let trip = trip("//evil.example");
    assert_eq!(found(&trip.state(), &trip.secret, BEGAN), None);
}
