//! What the files of a book may be called.

use super::*;

#[test]
fn paths_are_words() {
    for good in ["book.toml", "products/server.toml", "a", "2026/x_1-b.csv"] {
        assert!(is_path(good), "{good}");
    }
    for bad in ["", "/book.toml", "../book.toml", "a/../b", "a//b", "a.", ".a", "A", "a b", "-a", "ä"] {
        assert!(!is_path(bad), "{bad}");
    }
    assert!(!is_path(&"a".repeat(LONGEST_PATH + 1)));
}
