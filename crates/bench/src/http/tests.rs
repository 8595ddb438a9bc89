//! Answers as servers write them, and what a request looks like on the wire.

use super::*;
use std::net::TcpListener;

fn read(text: &str) -> Result<Answer> {
    read_answer(&mut text.as_bytes())
}

#[test]
fn a_body_of_known_length_is_read_to_its_end_and_no_further() {
    let mut text =
        "HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n{}HTTP/1.1 204 No Content\r\n\r\n".as_bytes();
    let first = read_answer(&mut text).unwrap();
    assert_eq!((first.status, first.body.as_slice()), (201, b"{}".as_slice()));
    let second = read_answer(&mut text).unwrap();
    assert_eq!((second.status, second.body.len()), (204, 0));
    assert!(text.is_empty());
}

#[test]
fn chunks_are_put_together() {
    let answer = read(
        "HTTP/1.1 200 OK\r\ntransfer-encoding: Chunked\r\n\r\n4\r\nWiki\r\nB;note=1\r\npedia in it\r\n0\r\n\r\n",
    );
    assert_eq!(answer.unwrap().body, b"Wikipedia in it");
}

#[test]
fn what_is_not_an_answer_is_an_error() {
    for (text, why) in [
        ("", "hung up"),
        ("HTTP/1.1 2", "broke off"),
        ("SSH-2.0\r\n\r\n", "begins with"),
        ("HTTP/1.1 abc\r\n\r\n", "a status is"),
        ("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{}", "broke off"),
        ("HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n", "Content-Length"),
        ("HTTP/1.1 200 OK\r\nnonsense\r\n\r\n", "a header is"),
        ("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nxyz\r\n", "length of a chunk"),
        ("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\nab\r\n", "a chunk ends with"),
    ] {
        let err = format!("{:#}", read(text).err().expect(text));
        assert!(err.contains(why), "{text:?}: {err}");
    }
}

#[test]
fn a_refusal_is_told() {
    let refused = read("HTTP/1.1 409 Conflict\r\ncontent-length: 5\r\n\r\nfunds").unwrap();
    assert_eq!(refused.good().err().unwrap().to_string(), "the server answered 409: funds");
}

#[test]
fn requests_go_over_one_connection() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let server = std::thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        let mut stream = BufReader::new(stream);
        let mut heads = Vec::new();
        for length in [0, 3] {
            let mut head = String::new();
            while !head.ends_with("\r\n\r\n") {
                stream.read_line(&mut head).unwrap();
            }
            let mut body = vec![0; length];
            stream.read_exact(&mut body).unwrap();
            heads.push(head + &String::from_utf8(body).unwrap());
            stream.get_mut().write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n1").unwrap();
        }
        heads
    });
    let mut connection = Connection::open(address).unwrap();
    for request in [Request::get("/ready", "k"), Request::post("/v1/usage", "k", &["a: b", "c: d"], b"[1]")] {
        assert_eq!(connection.send(&request).unwrap().good().unwrap().json().unwrap(), 1);
    }
    assert_eq!(
        server.join().unwrap(),
        [
            "GET /ready HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer k\r\n\r\n",
            "POST /v1/usage HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer k\r\na: b\r\nc: d\r\ncontent-length: 3\r\n\r\n[1]",
        ]
    );
}
