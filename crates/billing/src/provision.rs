//! Provisioning: what follows from an answer of the cloud.
//!
//! In:  how often was asked, and the answer. Out: deliver, ask again, or give up.
//! Invariant: retries happen while the order is Delivering; giving up is final.
//! Rules: R-PRV-1, R-PRV-2, section 20 (R-ORD-3).

/// What the cloud said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    Delivered { address: Option<String> },
    Failed { reason: String },
}

/// What to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    Deliver { address: Option<String> },
    AskAgain { after_seconds: u64 },
    GiveUp { reason: String },
}

/// How often the cloud is asked before the money goes back.
pub const ATTEMPTS: u32 = 3;

/// `attempt` counts from 1. The pause doubles: 30 s, 60 s.
pub fn after(attempt: u32, outcome: Outcome) -> Next {
    match outcome {
        Outcome::Delivered { address } => Next::Deliver { address },
        Outcome::Failed { .. } if attempt < ATTEMPTS => {
            Next::AskAgain { after_seconds: 30 << (attempt.max(1) - 1).min(10) }
        }
        Outcome::Failed { reason } => Next::GiveUp { reason },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failing_cloud_is_asked_three_times() {
        let failed = || Outcome::Failed { reason: "no stock".into() };
        assert_eq!(after(1, failed()), Next::AskAgain { after_seconds: 30 });
        assert_eq!(after(2, failed()), Next::AskAgain { after_seconds: 60 });
        assert_eq!(after(3, failed()), Next::GiveUp { reason: "no stock".into() });
    }
}
