//! Headers of mails, and ways that are not taken. That servers take them is tried with a real one in `scenarios`.

use super::*;
use units::{MailId, Timestamp};

fn server() -> Server {
    Server {
        host: "127.0.0.1".into(),
        port: Some(25),
        secrecy: Secrecy::None,
        user: None,
        password: None,
        trusted: None,
        from: "Cloudtill <no-reply@till.example>".into(),
        reply_to: None,
        within: Duration::from_secs(1),
        most: 1,
    }
}

/// Connections live in one.
fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

fn mail<'a>(to: &'a str, name: &'a str, subject: &'a str) -> Mail<'a> {
    let made = Timestamp::from_second(1_780_000_000).unwrap();
    let id = MailId::named(made, "one");
    Mail { id, to, name, language: "en", subject, text: "text", html: "<p>text</p>", leave: None, made }
}

#[test]
fn no_header_takes_a_line_break() {
    runtime().block_on(async {
        let post = Post::new(&server(), None).unwrap();
        let wrong = [
            mail("a@example.com\r\nBcc: b@example.com", "", "s"),
            mail("a@example.com", "Ann\r\nBcc: b@example.com", "s"),
            mail("a@example.com", "", "s\nBcc: b@example.com"),
            Mail { leave: Some("https://a\r\nb"), ..mail("a@example.com", "", "s") },
        ];
        for it in &wrong {
            assert!(matches!(post.written(it), Err(MailFormError::LineBreak(_))), "{it:?}");
            assert_eq!(post.send(it).await.fault, Some(Fault::Never));
        }
        assert!(matches!(post.written(&mail("nobody", "", "s")), Err(MailFormError::Address(_))));
    });
}

#[test]
fn the_same_mail_is_the_same_bytes() {
    let runtime = runtime();
    let _inside = runtime.enter();
    let post = Post::new(&server(), None).unwrap();
    let it = mail("a@example.com", "Ann", "Subject");
    let written = String::from_utf8(post.written(&it).unwrap()).unwrap();
    assert_eq!(written.as_bytes(), post.written(&it).unwrap());
    for line in [
        "From: Cloudtill <no-reply@till.example>\r\n",
        "To: Ann <a@example.com>\r\n",
        "Auto-Submitted: auto-generated\r\n",
        "Date: Thu, 28 May 2026 20:26:40 +0000\r\n",
    ] {
        assert!(written.contains(line), "{line} in {written}");
    }
    assert!(written.contains(&format!("Message-ID: <{}@till.example>\r\n", it.id)), "{written}");
    assert!(!written.contains("List-Unsubscribe"), "{written}");
}

#[test]
fn nothing_goes_out_in_the_clear_unasked() {
    let runtime = runtime();
    let _inside = runtime.enter();
    let refused = |it: Server| Post::new(&it, None).err().unwrap().to_string();
    let elsewhere = Server { host: "mail.example".into(), ..server() };
    assert!(refused(elsewhere.clone()).contains("this machine only"));
    let asked = Server { secrecy: Secrecy::NoneAnywhere, ..elsewhere };
    assert!(Post::new(&asked, None).is_ok());
    let known = Server { user: Some("till".into()), password: Some("secret".into()), ..asked };
    assert!(refused(known.clone()).contains("does not go out in the clear"));
    assert!(refused(Server { password: None, ..known }).contains("go together"));
    assert!(refused(Server { from: "nobody".into(), ..server() }).contains("no sender"));
    assert!(
        refused(Server { from: "a@b.example\r\nBcc: c@d.example".into(), ..server() }).contains("no sender")
    );
}
