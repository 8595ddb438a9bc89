mod support;
use support::served::Served;
#[test]
fn it_starts() {
    let s = Served::start(&["--rate-limit", "0", "--cloud-delay-seconds", "0"]);
    let c = s.customer("shop", "10.00");
    println!("{}", s.get(&c.key, "/v1/account").good());
    std::fs::write("/tmp/f/docs.html", s.get("", "/docs").body).unwrap();
    std::fs::write("/tmp/f/openapi.json", s.get("", "/openapi.json").body).unwrap();
    let (code, _f) = s.stop();
    assert_eq!(code, Some(0));
}
