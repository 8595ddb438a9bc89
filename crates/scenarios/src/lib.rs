//! Golden stories, in `data`, and the tests that play them, in `tests`. Nothing depends on this crate.
