//! Tests come with the demo book.
