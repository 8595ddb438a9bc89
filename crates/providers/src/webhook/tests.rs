//! Signatures by an independent computation, waits as a table, names that mean another place.

use super::*;

/// HMAC-SHA256 of `evt_1.1780000000.{"type":"ping"}` under the bytes 0 to 31, computed with Python's hmac.
#[test]
fn a_signature_is_what_others_compute() {
    let secret = secret(std::array::from_fn(|it| it as u8));
    assert_eq!(secret, "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=");
    let signature = sign(&secret, "evt_1", 1_780_000_000, r#"{"type":"ping"}"#).unwrap();
    assert_eq!(signature, "v1,RuWIxYYk+gs7I7sBlBy1F+EW5+Es/J/iHJRztiPneeg=");
    assert!(matches!(sign("whsec_*", "evt_1", 1, "{}"), Err(SendError::Secret)));
}

#[test]
fn waits_grow_and_end_after_ten_attempts() {
    let seconds = |failed, asked: Option<u64>| {
        wait_after(failed, asked.map(Duration::from_secs)).map(|it| it.as_secs())
    };
    let waits = [5, 30, 120, 600, 1_800, 7_200, 18_000, 36_000, 86_400];
    for (failed, wait) in (1..).zip(waits) {
        assert_eq!(seconds(failed, None), Some(wait));
    }
    assert_eq!(seconds(10, None), None);
    assert_eq!(seconds(10, Some(60)), None);
    // What the receiver asks for counts when it is longer, up to an hour.
    assert_eq!(seconds(1, Some(60)), Some(60));
    assert_eq!(seconds(2, Some(1)), Some(30));
    assert_eq!(seconds(1, Some(1_000_000)), Some(3_600));
    assert_eq!(seconds(9, Some(1_000_000)), Some(86_400));
}

#[test]
fn answers_mean_delivered_gone_or_failed() {
    let of = |status| Outcome { status, ..Outcome::default() }.verdict();
    for status in [200, 202, 204, 299] {
        assert_eq!(of(Some(status)), Verdict::Delivered);
    }
    for status in [301, 302, 400, 404, 429, 500, 503] {
        assert_eq!(of(Some(status)), Verdict::Failed);
    }
    assert_eq!((of(Some(410)), of(None)), (Verdict::Gone, Verdict::Failed));
}

/// `localhost` stands for every name that somebody points at a private address after it was checked.
#[tokio::test]
async fn a_name_that_means_this_machine_is_not_called() {
    let sender = Sender::new(Reach::Public).unwrap();
    let error = sender.guarded.post("https://localhost:9/").send().await.unwrap_err();
    assert_eq!(reason(&error), "localhost is not an address of the public internet; use one that is");
}

/// Whoever sends what the API's document shows as an example asks no name server about it.
#[tokio::test]
async fn a_name_for_examples_is_not_looked_up() {
    let sender = Sender::new(Reach::Public).unwrap();
    let secret = secret([7; 32]);
    for reach in [Reach::Public, Reach::Anywhere] {
        let url = "https://shop.example/till";
        let outcome = sender
            .send(
                Message { url, secrets: &[&secret], owner: "operator", id: "evt_1", body: "{}", trace: None },
                reach,
            )
            .await;
        assert_eq!(outcome.error, "shop.example is a name for examples, which is nobody's");
    }
}

#[tokio::test]
async fn a_literal_private_address_is_not_called() {
    let sender = Sender::new(Reach::Public).unwrap();
    let secret = secret([7; 32]);
    for url in ["https://127.0.0.1:9/", "https://[::1]:9/", "https://169.254.169.254/", "https://10.0.0.1/"] {
        let outcome = sender
            .send(
                Message { url, secrets: &[&secret], owner: "operator", id: "evt_1", body: "{}", trace: None },
                Reach::Public,
            )
            .await;
        assert!(outcome.error.contains("not an address of the public internet"), "{url}: {outcome:?}");
        assert_eq!(outcome.status, None);
    }
}

#[test]
fn a_message_is_of_the_trace_that_its_event_names() {
    let trace = traceparent("evt_019eb7696c008cf183c2a061049531a6").unwrap();
    let parts: Vec<&str> = trace.split('-').collect();
    assert_eq!((parts[0], parts[1], parts[3]), ("00", "019eb7696c008cf183c2a061049531a6", "00"));
    assert!(parts[2].len() == 16 && parts[2] != "0000000000000000", "{trace}");
    assert_eq!((traceparent("evt_1"), traceparent("evt")), (None, None));
}
