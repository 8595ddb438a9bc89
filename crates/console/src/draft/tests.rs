//! Books as they are sent: folders, texts, and what is neither.

use super::*;

fn sent(files: &[(&str, &[u8])], text: &str) -> Draft {
    let mut form = Fields::default();
    form.add("text".into(), text.as_bytes());
    for (path, bytes) in files {
        form.add_file((*path).to_string(), bytes.to_vec());
    }
    Draft::of(&form)
}

#[test]
fn a_folder_is_read_from_where_its_book_lies() {
    let files: [(&str, &[u8]); 4] = [
        ("mine/book.toml", b"name = \"mine\"\n"),
        ("mine/products/server.toml", "# 服务器\r\n".as_bytes()),
        ("mine/.DS_Store", b"\xff\xff"),
        ("mine/notes.md", b"nothing"),
    ];
    let draft = sent(&files, "=== book.toml\nname = \"typed\"\n");
    assert_eq!(draft.text, "=== book.toml\nname = \"mine\"\n=== products/server.toml\n# 服务器\n");
    assert_eq!(draft.files().unwrap().paths().count(), 2);
}

#[test]
fn without_files_the_text_counts_as_browsers_send_it() {
    let draft = sent(&[], "\r\n=== book.toml\r\nname = \"typed\"\r\n");
    assert_eq!(draft.files().unwrap().get("book.toml"), Some("name = \"typed\"\n"));
}

#[test]
fn what_is_no_book_is_told_and_the_text_stays() {
    let draft = sent(&[("mine/book.toml", b"\xff\xfe")], "kept");
    assert!(draft.files().unwrap_err().contains("book.toml is no text"));
    assert_eq!(draft.text, "kept");
    assert!(sent(&[], "name = \"nowhere\"").files().unwrap_err().contains("is no path"));
    assert!(sent(&[], "=== ../book.toml\nx").files().unwrap_err().contains("`../book.toml` is no path"));
}

#[test]
fn a_time_is_read_as_browsers_write_it() {
    let calendar = Calendar::settlement();
    let from = |text: &str| Draft { from: text.to_string(), ..Draft::default() }.from(&calendar);
    let at = calendar.parse("2026-08-01 00:00:00").unwrap();
    assert_eq!(from(""), Ok(None));
    assert_eq!(from("2026-08-01T00:00"), Ok(Some(at)));
    assert_eq!(from("2026-08-01T00:00:00"), Ok(Some(at)));
    assert_eq!(from("tomorrow"), Err("tomorrow".to_string()));
}
