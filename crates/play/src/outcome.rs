//! What a scenario came to: how each step went, and what did not hold.

use billing::wallet::Wallet;
use units::Timestamp;

/// How a step went.
#[derive(Clone, Debug)]
pub struct StepOutcome {
    pub file: String,
    pub line: usize,
    pub at: Timestamp,
    pub text: String,
    /// `ok`, or the code of the refusal.
    pub code: String,
    pub message: Option<String>,
    /// What became of a reading.
    pub taken: Option<&'static str>,
    /// Every wallet after the step.
    pub wallets: Vec<(String, Wallet)>,
    /// What a `show` printed.
    pub shown: Vec<String>,
}

/// An `expect` that does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    pub file: String,
    pub line: usize,
    pub text: String,
    pub expected: Vec<String>,
    pub found: Vec<String>,
}

/// What a scenario came to.
#[derive(Clone, Debug, Default)]
pub struct Played {
    pub steps: Vec<StepOutcome>,
    pub failures: Vec<Failure>,
}
