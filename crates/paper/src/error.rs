//! Why a document cannot be set.
//!
//! Invariant: what is wrong with this machine is told from what is wrong with this program.

use crate::fonts::FontError;

/// Why a document cannot be set.
#[derive(Debug, thiserror::Error)]
pub enum PaperError {
    #[error(transparent)]
    Font(#[from] FontError),
    /// A fault of this program: what it wrote is no PDF/A.
    #[error("the PDF cannot be written: {0}")]
    Pdf(String),
}
