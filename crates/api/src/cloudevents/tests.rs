//! Tests of reading CloudEvents: the three modes, and bad input of every sort.

use super::*;
use axum::http::HeaderValue;
use serde_json::json;

fn headers(all: &[(&'static str, &str)]) -> HeaderMap {
    let value = |it: &str| HeaderValue::from_bytes(it.as_bytes()).unwrap();
    all.iter().map(|it| (it.0.parse().unwrap(), value(it.1))).collect()
}

fn good() -> serde_json::Value {
    json!({
        "specversion": "1.0", "type": TYPE, "source": "/gateway/1", "id": "a-1", "subject": "res_1",
        "time": "2026-06-01T01:30:00+08:00", "data": {"meter": "traffic_out", "quantity": 1024}
    })
}

/// What a request to `POST /v1/usage` brings.
fn read(headers: &HeaderMap, body: &[u8]) -> Result<(Mode, Vec<Result<Event, Bad>>), Problem> {
    let mode = mode(headers)?;
    let events = match mode {
        Mode::Batch => batch(body)?,
        Mode::One(shape) => vec![one(shape, headers, body)?],
    };
    Ok((mode, events))
}

fn event(text: &str) -> Result<Event, Bad> {
    let (mode, mut all) =
        read(&headers(&[("content-type", "application/cloudevents+json; charset=utf-8")]), text.as_bytes())
            .unwrap();
    assert_eq!((mode, all.len()), (Mode::One(Shape::Structured), 1));
    all.remove(0)
}

fn with(change: impl FnOnce(&mut serde_json::Value)) -> Result<Event, Bad> {
    let mut event = good();
    change(&mut event);
    self::event(&event.to_string())
}

fn whole() -> Event {
    Event {
        source: "/gateway/1".into(),
        id: "a-1".into(),
        subject: "res_1".into(),
        time: "2026-05-31T17:30:00Z".parse().unwrap(),
        meter: "traffic_out".into(),
        quantity: 1_024,
        series: String::new(),
        counting: Counting::Delta,
    }
}

#[test]
fn the_three_modes_say_the_same() {
    assert_eq!(event(&good().to_string()).unwrap(), whole());

    let batch = json!([good(), good()]).to_string();
    let (mode, all) =
        read(&headers(&[("content-type", "application/cloudevents-batch+json")]), batch.as_bytes()).unwrap();
    assert_eq!(mode, Mode::Batch);
    assert_eq!(all.into_iter().map(Result::unwrap).collect::<Vec<_>>(), [whole(), whole()]);

    let binary = [
        ("content-type", "application/json"),
        ("ce-specversion", "1.0"),
        ("ce-type", TYPE),
        ("ce-source", "%2Fgateway%2f1"),
        ("ce-id", "\"a-\\1\""),
        ("ce-subject", "res_1"),
        ("ce-time", "2026-05-31T17:30:00Z"),
        ("ce-extension", "ignored"),
    ];
    let (mode, mut all) = read(&headers(&binary), br#"{"meter": "traffic_out", "quantity": 1024}"#).unwrap();
    assert_eq!(mode, Mode::One(Shape::Binary));
    assert_eq!(all.remove(0).unwrap(), whole());
}

#[test]
fn headers_are_percent_encoded_utf8() {
    assert_eq!(decoded(b"Euro%20%E2%82%AC").as_deref(), Some("Euro \u{20ac}"));
    assert_eq!(decoded("gr\u{fc}n".as_bytes()).as_deref(), Some("gr\u{fc}n"));
    for bad in [&b"%"[..], b"%4", b"%zz", b"%ff", b"\xff", b"\"\\\""] {
        assert_eq!(decoded(bad), None, "{bad:?}");
    }
    let bad = headers(&[("ce-id", "%ff"), ("ce-specversion", "1.0")]);
    let (_, all) = read(&bad, b"{}").unwrap();
    assert_eq!(all[0].as_ref().unwrap_err().wrong.code(), "malformed_request");
}

#[test]
fn quantities_are_whole_and_never_floats() {
    for (raw, expected) in [
        ("0", 0),
        ("-0", 0),
        ("-0.0e7", 0),
        ("0e999999999999999999999", 0),
        ("91.0", 91),
        ("9.1e1", 91),
        ("1E3", 1_000),
        ("1200e-2", 12),
        ("9007199254740993", 9_007_199_254_740_993),
        ("9007199254740993.000", 9_007_199_254_740_993),
        ("9223372036854775807", i64::MAX.unsigned_abs()),
        ("\"9223372036854775807\"", i64::MAX.unsigned_abs()),
        ("\"0012\"", 12),
    ] {
        assert_eq!(quantity(raw).unwrap(), expected, "{raw}");
    }
    for raw in [
        "1.5", "1e-1", "-1", "-1e400", "1e-400", "\"\"", "\"1.0\"", "\"-1\"", "\"1e3\"", "null", "true",
        "[1]", "{}",
    ] {
        assert_eq!(quantity(raw).unwrap_err().code(), "malformed_request", "{raw}");
    }
    for raw in ["1e400", "9223372036854775808", "1e19", "\"9999999999999999999\"", "1e99999999999999999999"] {
        assert_eq!(quantity(raw).unwrap_err().code(), "amount_too_large", "{raw}");
    }
}

#[test]
fn every_attribute_has_to_be_there_and_in_shape() {
    for field in ["specversion", "type", "source", "id", "subject", "time", "data"] {
        let bad = with(|it| {
            it.as_object_mut().unwrap().remove(field);
        });
        let wrong = bad.unwrap_err().wrong;
        assert!(
            matches!(&wrong, Wrong::Shape { field: Some(found), .. } if *found == field),
            "{field}: {wrong:?}"
        );
        let bad = with(|it| it[field] = json!(5)).unwrap_err();
        assert_eq!(bad.wrong.code(), "malformed_request", "{field}");
    }
    let refused = |change: fn(&mut serde_json::Value)| with(change).unwrap_err().wrong.code();
    assert_eq!(refused(|it| it["specversion"] = json!("0.3")), "malformed_request");
    assert_eq!(refused(|it| it["type"] = json!("com.example.other")), "malformed_request");
    assert_eq!(refused(|it| it["id"] = json!("")), "malformed_request");
    assert_eq!(refused(|it| it["id"] = json!("x".repeat(257))), "malformed_request");
    assert_eq!(refused(|it| it["source"] = json!("a\u{0}b")), "malformed_request");
    assert_eq!(refused(|it| it["time"] = json!("yesterday")), "malformed_request");
    assert_eq!(refused(|it| it["time"] = json!("2026-06-01T00:00:00")), "malformed_request");
    assert_eq!(refused(|it| it["time"] = json!("1826-06-01T00:00:00Z")), "time_invalid");
    assert_eq!(refused(|it| it["data"] = json!("text")), "malformed_request");
    assert_eq!(refused(|it| it["data"]["unit"] = json!("byte")), "malformed_request");
    assert_eq!(refused(|it| it["data"]["meter"] = json!("")), "malformed_request");
    assert_eq!(refused(|it| it["data"]["cumulative"] = json!("yes")), "malformed_request");
    assert_eq!(refused(|it| it["datacontenttype"] = json!("text/xml")), "malformed_request");
    assert_eq!(refused(|it| it["data_base64"] = json!("AAAA")), "malformed_request");
    let most = with(|it| it["id"] = json!("\u{6771}".repeat(256))).unwrap();
    assert_eq!(most.id.chars().count(), 256);
    assert_eq!(with(|it| it["traceparent"] = json!({"any": [1, null]})).unwrap(), whole());
    assert_eq!(with(|it| it["datacontenttype"] = json!(null)).unwrap(), whole());
}

#[test]
fn counters_say_that_they_are() {
    let counting = |cumulative: bool, reset: bool| {
        with(|it| {
            it["data"]["cumulative"] = json!(cumulative);
            it["data"]["reset"] = json!(reset);
            it["data"]["series"] = json!("eth0");
        })
        .map(|it| (it.counting, it.series))
    };
    assert_eq!(counting(false, false).unwrap(), (Counting::Delta, "eth0".into()));
    assert_eq!(counting(true, false).unwrap(), (Counting::Standing, "eth0".into()));
    assert_eq!(counting(true, true).unwrap(), (Counting::Began, "eth0".into()));
    assert_eq!(counting(false, true).unwrap(), (Counting::Began, "eth0".into()));
}

#[test]
fn one_bad_event_spoils_no_other() {
    let deep = format!("{}1{}", "[".repeat(50_000), "]".repeat(50_000));
    let good = good().to_string();
    let extension = good.replacen('{', &format!("{{\"deep\": {deep}, "), 1);
    let huge = good.replace("1024", "1e400");
    let batch = format!(
        r#"[{good}, 5, "text", null, {{}}, {{"id": "b", "source": "s", "subject": 7}}, {extension}, {huge}, {deep}]"#
    );
    let (_, all) =
        read(&headers(&[("content-type", "application/cloudevents-batch+json")]), batch.as_bytes()).unwrap();
    let fine: Vec<bool> = all.iter().map(Result::is_ok).collect();
    assert_eq!(fine, [true, false, false, false, false, false, true, false, false]);
    let named = all[5].as_ref().unwrap_err();
    assert_eq!((named.source.as_deref(), named.id.as_deref()), (Some("s"), Some("b")));
    assert_eq!(all[7].as_ref().unwrap_err().wrong.code(), "amount_too_large");
}

#[test]
fn what_is_no_json_at_all_is_refused_as_a_whole() {
    let batch = headers(&[("content-type", "application/cloudevents-batch+json")]);
    let single = headers(&[("content-type", "application/cloudevents+json")]);
    for body in
        [&b""[..], b"{", b"[", b"nan", b"NaN", b"[NaN]", b"[1,]", b"\xff\xfe", b"[\"\xc3\x28\"]", b"[1] 2"]
    {
        assert_eq!(read(&batch, body).unwrap_err().status, 400, "{body:?}");
    }
    assert_eq!(read(&batch, b"{}").unwrap_err().status, 400);
    assert_eq!(read(&single, b"").unwrap_err().status, 400);
    let many = format!("[{}]", vec!["1"; MOST + 1].join(","));
    assert_eq!(read(&batch, many.as_bytes()).unwrap_err().status, 413);
    let most = format!("[{}]", vec!["1"; MOST].join(","));
    assert_eq!(read(&batch, most.as_bytes()).unwrap().1.len(), MOST);
    for other in ["text/plain", "application/json", "application/cloudevents+xml", ""] {
        assert_eq!(read(&headers(&[("content-type", other)]), b"{}").unwrap_err().status, 415, "{other}");
    }
    let binary = headers(&[("content-type", "text/plain"), ("ce-id", "1")]);
    assert_eq!(read(&binary, b"{}").unwrap_err().status, 415);
}

#[test]
fn a_batch_by_its_own_path_is_a_list_of_either_name() {
    for good in ["application/cloudevents-batch+json", "application/json", "Application/JSON; charset=utf-8"]
    {
        assert!(expect_batch(&headers(&[("content-type", good)])).is_ok(), "{good}");
    }
    for other in ["application/cloudevents+json", "text/plain", ""] {
        assert_eq!(expect_batch(&headers(&[("content-type", other)])).unwrap_err().status, 415, "{other}");
    }
}
