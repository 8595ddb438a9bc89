//! Playing: steps of a scenario through the real operations, on a virtual clock.
//!
//! In:  a player, steps. Out: the outcome of every step, and what did not hold.
//! Invariant: before a step, everything that falls due up to its instant has been done, in its order.

use super::expect;
use super::outcome::{Failure, Played, StepOutcome};
use super::player::Player;
use super::step::{Expected, Scenario, Step, Verb, View};
use billing::when;
use desk::Refusal;
use store::StoreError;

impl Player<'_> {
    /// Plays one scenario; `tell` hears of the time as it passes.
    pub fn play(
        &mut self,
        scenario: &Scenario,
        tell: &mut dyn FnMut(usize, &Step),
    ) -> Result<Played, Refusal> {
        let mut played = Played::default();
        self.file.clone_from(&scenario.file);
        for (number, step) in scenario.steps.iter().enumerate() {
            tell(number, step);
            let at = step.at.max(self.now);
            self.advance(at)?;
            self.cashier()?;
            let outcome = self.step(step, &mut played)?;
            played.steps.push(outcome);
            self.advance(at)?;
            self.cashier()?;
        }
        Ok(played)
    }

    fn step(&mut self, step: &Step, played: &mut Played) -> Result<StepOutcome, Refusal> {
        let mut shown = Vec::new();
        self.last_taken = None;
        let done = if let Verb::Show(view) = &step.verb {
            self.look(view).map(|it| shown = it)
        } else if let Verb::Expect(expected) = &step.verb {
            played.failures.extend(self.expect(step, expected));
            Ok(())
        } else {
            let done = self.act(&step.verb);
            self.taken = self.last_taken;
            self.last = match &done {
                Ok(()) => ("ok".into(), None),
                Err(refusal) => (refusal.code().into(), Some(self.said(refusal))),
            };
            done
        };
        let (code, message) = match done {
            Ok(()) => ("ok".to_string(), None),
            Err(Refusal::Store(
                error @ (StoreError::Sqlite(_) | StoreError::Postgres(_) | StoreError::Corrupt(_)),
            )) => return Err(error.into()),
            Err(refusal) => (refusal.code().to_string(), Some(self.said(&refusal))),
        };
        Ok(StepOutcome {
            file: self.file.clone(),
            line: step.line,
            at: step.at,
            text: step.text.clone(),
            code,
            message,
            taken: self.last_taken,
            wallets: self.wallets()?,
            shown,
        })
    }

    fn expect(&self, step: &Step, expected: &Expected) -> Option<Failure> {
        let said = |expected: Vec<String>, found: Vec<String>| {
            let same = expected == found;
            (!same).then(|| Failure {
                file: self.file.clone(),
                line: step.line,
                text: step.text.clone(),
                expected,
                found,
            })
        };
        let last = match &self.last {
            (code, None) => code.clone(),
            (code, Some(message)) => format!("{code} ({message})"),
        };
        match expected {
            Expected::Ok => said(vec!["ok".into()], vec![last]),
            Expected::Refused { code } if *code == self.last.0 => None,
            Expected::Refused { code } => said(vec![code.clone()], vec![last]),
            Expected::Lines { view, lines } => {
                let found = match self.look(view) {
                    Ok(found) => expect::plain(&found),
                    Err(refusal) => vec![format!("{} ({refusal})", refusal.code())],
                };
                said(lines.clone(), found)
            }
        }
    }

    /// What a view shows now.
    pub fn look(&self, view: &View) -> Result<Vec<String>, Refusal> {
        if view.what == "outcome" {
            return Ok(vec![self.last_taken_or_code()]);
        }
        self.store.read(|tx| super::view::lines(tx, self, view))
    }

    /// A refusal, with its instants as people read them.
    fn said(&self, refusal: &Refusal) -> String {
        when::instants(&refusal.to_string(), &self.desk.calendar)
    }

    fn last_taken_or_code(&self) -> String {
        self.taken.map_or_else(|| self.last.0.clone(), str::to_string)
    }
}
