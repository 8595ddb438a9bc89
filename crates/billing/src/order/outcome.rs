//! How an order came out.
//!
//! In:  an order. Out: whether all of it came, some, or nothing.
//! Invariant: it follows from its pieces alone.
//! Rules: section 20 (R-PAY-3).

use super::{Order, PieceState};

/// How an order came out, by what became of its pieces. Source: section 20 (R-PAY-3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Some pieces did not come out yet.
    Open,
    /// Every piece came.
    Complete,
    /// Some pieces came, others failed.
    Partial,
    /// No piece came.
    Failed,
}

impl Outcome {
    pub const ALL: [Outcome; 4] = [Outcome::Open, Outcome::Complete, Outcome::Partial, Outcome::Failed];

    pub const fn as_str(self) -> &'static str {
        match self {
            Outcome::Open => "open",
            Outcome::Complete => "complete",
            Outcome::Partial => "partial",
            Outcome::Failed => "failed",
        }
    }
}

impl Order {
    /// How an order came out: some pieces may have failed. Source: section 20 (R-PAY-3).
    pub fn result(&self) -> Outcome {
        let count = |state| self.pieces.iter().filter(|it| it.state == state).count();
        let open = self.pieces.iter().filter(|it| it.state.is_open()).count();
        let came = count(PieceState::Delivered) + count(PieceState::Refunded);
        match (open, came, count(PieceState::Failed)) {
            (0, 0, _) => Outcome::Failed,
            (0, _, 0) => Outcome::Complete,
            (0, _, _) => Outcome::Partial,
            _ => Outcome::Open,
        }
    }
}
