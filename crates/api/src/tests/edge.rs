//! What browsers, caches, gateways and slow lines ask of any request: origins, tags, compression, traces.

use crate::asked::Asked;
use crate::{LARGEST_BODY, LONGEST, Origins, Serving, router_as};
use axum::Router;
use axum::body::Body;
use axum::http::{Request, header};
use axum::response::Response;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::{Read, Write};
use tower::ServiceExt;

const NOW: &str = "2026-06-01T00:00:00Z";

/// A till whose answers pages of these origins may read.
fn router(till: &Asked, origins: &Origins) -> Router {
    router_as(till.node.clone(), Serving { longest: LONGEST, origins: origins.clone() })
}

/// One request of the operator with these headers.
async fn ask(router: Router, line: &str, headers: &[(&str, &str)], body: Vec<u8>) -> Response {
    let (method, path) = line.split_once(' ').unwrap();
    let mut request = Request::builder().method(method).uri(path).header("authorization", "Bearer operator");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    router.oneshot(request.body(Body::from(body)).unwrap()).await.unwrap()
}

async fn read(till: &Asked, path: &str, headers: &[(&str, &str)]) -> Response {
    ask(router(till, &Origins::Nobody), &format!("GET {path}"), headers, Vec::new()).await
}

fn said<'a>(response: &'a Response, name: &str) -> &'a str {
    response.headers().get(name).map_or("", |it| it.to_str().unwrap())
}

async fn bytes(response: Response) -> Vec<u8> {
    axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec()
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[tokio::test]
async fn a_browser_is_told_whose_pages_may_read() {
    let till = Asked::new(NOW);
    let console = Origins::read(&["https://console.example".to_string()]).unwrap();
    let wanted = [
        ("origin", "https://console.example"),
        ("access-control-request-method", "POST"),
        ("access-control-request-headers", "authorization,till-account"),
    ];
    let before = ask(router(&till, &console), "OPTIONS /v1/orders", &wanted, Vec::new()).await;
    assert_eq!(before.status(), 200);
    assert_eq!(said(&before, "access-control-allow-origin"), "https://console.example");
    assert_eq!(said(&before, "access-control-allow-headers"), "authorization,till-account");
    assert!(said(&before, "access-control-allow-methods").contains("PATCH"));
    let refused = ask(router(&till, &console), "GET /v1/nothing", &wanted[..1], Vec::new()).await;
    assert_eq!(
        (refused.status().as_u16(), said(&refused, "access-control-allow-origin")),
        (404, "https://console.example")
    );
    assert!(said(&refused, "access-control-expose-headers").contains("x-request-id"));
    let other =
        ask(router(&till, &console), "GET /v1/products", &[("origin", "https://else.example")], Vec::new())
            .await;
    assert_eq!((other.status().as_u16(), said(&other, "access-control-allow-origin")), (200, ""));
    let nobody = read(&till, "/v1/products", &wanted[..1]).await;
    assert_eq!(said(&nobody, "access-control-allow-origin"), "");
}

#[test]
fn an_origin_is_a_scheme_a_host_and_maybe_a_port() {
    let read = |texts: &[&str]| Origins::read(&texts.iter().map(ToString::to_string).collect::<Vec<_>>());
    assert_eq!(read(&[]), Ok(Origins::Nobody));
    assert_eq!(read(&["*"]), Ok(Origins::Everybody));
    assert!(matches!(read(&["https://a.example", "http://127.0.0.1:3000"]), Ok(Origins::These(_))));
    for wrong in [
        "a.example",
        "https://a.example/",
        "https://a.example/x",
        "ftp://a.example",
        "https://A.example",
        "null",
    ] {
        let said = read(&[wrong]).unwrap_err();
        assert!(said.contains(wrong) && said.contains("https://console.example"), "{said}");
    }
    assert!(read(&["https://a.example", "*"]).is_err());
}

#[tokio::test]
async fn whoever_has_a_document_or_the_catalogue_is_sent_it_once() {
    let till = Asked::new(NOW);
    for (path, control) in [
        ("/openapi.json", "public, max-age=300"),
        ("/openapi-3.0.json", "public, max-age=300"),
        ("/v1/products", "private, no-cache"),
        ("/v1/products/server", "private, no-cache"),
        ("/v1/regions", "private, no-cache"),
    ] {
        let first = read(&till, path, &[]).await;
        assert_eq!((first.status().as_u16(), said(&first, "cache-control")), (200, control), "{path}");
        let tag = said(&first, "etag").to_string();
        assert!(tag.starts_with("W/\""), "{path}: {tag}");
        let known = format!("\"other\", {tag}");
        let again = read(&till, path, &[("if-none-match", &known)]).await;
        assert_eq!((again.status().as_u16(), said(&again, "etag")), (304, tag.as_str()), "{path}");
        assert!(bytes(again).await.is_empty(), "{path}");
        let other = read(&till, path, &[("if-none-match", "\"other\"")]).await;
        assert_eq!(other.status(), 200, "{path}");
    }
    let (live, nothing) = (read(&till, "/metrics", &[]).await, read(&till, "/v1/products/none", &[]).await);
    assert_eq!((said(&live, "etag"), said(&nothing, "etag")), ("", ""));
}

#[tokio::test]
async fn answers_are_compressed_for_whoever_takes_that() {
    let till = Asked::new(NOW);
    let plain = bytes(read(&till, "/openapi.json", &[]).await).await;
    let answer = read(&till, "/openapi.json", &[("accept-encoding", "gzip")]).await;
    assert_eq!(said(&answer, "content-encoding"), "gzip");
    let small = bytes(answer).await;
    assert!(small.len() * 4 < plain.len(), "{} of {}", small.len(), plain.len());
    let mut expanded = Vec::new();
    flate2::read::GzDecoder::new(small.as_slice()).read_to_end(&mut expanded).unwrap();
    assert!(expanded == plain, "expanded it is the same");
}

#[tokio::test]
async fn bodies_are_expanded_up_to_the_size_of_any_body() {
    let till = Asked::new(NOW);
    let headers = [("content-type", "application/json"), ("content-encoding", "gzip")];
    let post = async |headers: &[(&str, &str)], body: Vec<u8>| {
        let answer = ask(router(&till, &Origins::Nobody), "POST /v1/accounts", headers, body).await;
        let status = answer.status().as_u16();
        let body: serde_json::Value = serde_json::from_slice(&bytes(answer).await).unwrap();
        (status, body["code"].as_str().unwrap_or("").to_string())
    };
    assert_eq!(post(&headers, packed(br#"{"name": "shop"}"#)).await, (201, String::new()));
    // Some kilobytes that are ten megabytes.
    let bomb = packed(&vec![b' '; LARGEST_BODY + 2 * 1024 * 1024]);
    assert!(bomb.len() < 100_000);
    assert_eq!(post(&headers, bomb).await, (413, "too_large".into()));
    assert_eq!(post(&headers, b"no gzip".to_vec()).await, (400, "malformed_request".into()));
    let unknown = [headers[0], ("content-encoding", "br")];
    assert_eq!(post(&unknown, Vec::new()).await, (415, "unsupported_media_type".into()));
}

#[tokio::test]
async fn an_answer_says_the_trace_of_its_request() {
    let till = Asked::new(NOW);
    let given = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    let answer = read(&till, "/health", &[("traceparent", given)]).await;
    assert!(said(&answer, "traceparent").starts_with("00-4bf92f3577b34da6a3ce929d0e0e4736-"));
    assert_ne!(said(&answer, "traceparent"), given);
    let new = read(&till, "/v1/wallet", &[]).await;
    assert_eq!(said(&new, "traceparent").len(), given.len());
    assert!(new.headers().get(header::RETRY_AFTER).is_none());
}
