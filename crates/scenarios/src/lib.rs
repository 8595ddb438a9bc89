//! Golden stories.
