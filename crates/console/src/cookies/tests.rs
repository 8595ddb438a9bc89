//! What a browser is given, and what of it is believed when it is shown again.

use super::*;

fn shown(text: &str) -> HeaderMap {
    [(header::COOKIE, HeaderValue::from_str(text).unwrap())].into_iter().collect()
}

#[test]
fn over_tls_what_proves_somebody_is_of_this_host_alone() {
    for cookie in [Cookie::Session, Cookie::Visit, Cookie::Trip] {
        let text = set(cookie, "a1", Kept::UntilItCloses, Reached::OverTls);
        let text = text.to_str().unwrap();
        let name = cookie.name(Reached::OverTls);
        assert!(name.starts_with("__Host-") && text.starts_with(&format!("{name}=a1; Path=/;")), "{text}");
        assert!(text.contains("; Secure") && !text.contains("Domain"), "{text}");
        let plain = cookie.name(Reached::Otherwise);
        assert_eq!(name, format!("__Host-{plain}"));
        // Another host of the same domain can set this one.
        assert_eq!(get(&shown(&format!("{plain}=evil")), cookie, Reached::OverTls), None);
        assert_eq!(get(&shown(&format!("{plain}=evil; {name}=a1")), cookie, Reached::OverTls), Some("a1"));
    }
}

#[test]
fn without_tls_there_is_no_prefix_that_browsers_would_refuse() {
    let text = set(Cookie::Session, "a1", Kept::Gone, Reached::Otherwise);
    assert_eq!(text.to_str().unwrap(), "till_session=a1; Path=/; HttpOnly; SameSite=Lax; Max-Age=0");
    assert_eq!(get(&shown("till_session=a1"), Cookie::Session, Reached::Otherwise), Some("a1"));
    assert_eq!(get(&shown("theme=dark"), Cookie::Theme, Reached::OverTls), Some("dark"));
}
