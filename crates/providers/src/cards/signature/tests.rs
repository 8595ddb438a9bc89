//! What is believed, and what is not.

use super::*;
use ring::hmac::sign;

const SECRET: &str = "whsec_test";

fn header(at: i64, body: &str, secret: &str) -> String {
    let tag = sign(&Key::new(HMAC_SHA256, secret.as_bytes()), format!("{at}.{body}").as_bytes());
    let hex: String = tag.as_ref().iter().map(|it| format!("{it:02x}")).collect();
    format!("t={at},v1={hex}")
}

#[test]
fn only_what_was_signed_lately_with_the_secret_is_believed() {
    let (body, now) = ("{\"id\": \"evt_1\"}", 1_780_000_000);
    let told = |header: &str, body: &str| check(header, body.as_bytes(), SECRET, now);
    assert_eq!(told(&header(now, body, SECRET), body), Ok(()));
    assert_eq!(told(&format!("{},v0=ff,v1=00", header(now, body, SECRET)), body), Ok(()));
    assert_eq!(told(&header(now, body, SECRET), "{}"), Err(CardError::Signature));
    assert_eq!(told(&header(now, body, "whsec_other"), body), Err(CardError::Signature));
    assert_eq!(told(&header(now - 301, body, SECRET), body), Err(CardError::OldSignature(301)));
    assert_eq!(told(&header(now + 301, body, SECRET), body), Err(CardError::OldSignature(-301)));
    for broken in ["", "t=1", "v1=00", "t=x,v1=00", "t=1780000000,v1=0", "t=1780000000,v1=zz"] {
        assert_eq!(told(broken, body), Err(CardError::Signature), "{broken}");
    }
}
