//! Which slots a line goes by, made again from the lives and readings behind it.
//!
//! In:  a stored line of a price kind that compares slots. Out: the slots that it chose, for a step of its explanation.
//! Invariant: what is said comes to what the line measured; where it does not, because more came later, nothing is said.
//! Rules: R-SLT-1.

use super::{Refusal, Teller};
use billing::aggregate::samples;
use billing::bill::Line;
use billing::book::{Component, Due};
use billing::explain::{Chosen, ChosenSlot, Reason, Step};
use billing::history;
use billing::meter::Tally;
use billing::plan::Configs;
use billing::segment;
use billing::used::{AggregateError, Choice, Window};
use store::Tx;
use units::{Cycle, Timestamp};

impl Teller<'_> {
    /// Puts the slots that a line goes by behind what was measured, where it goes by some.
    pub(super) fn say_slots(
        &self,
        tx: &mut Tx<'_>,
        line: &Line<'_>,
        component: &Component,
        steps: &mut Vec<Reason>,
    ) -> Result<(), Refusal> {
        let Some(choice) = self.choice(tx, line, component)? else { return Ok(()) };
        let measured = steps.iter().position(|it| matches!(it.step, Step::Measured { .. }));
        if let Some(at) = measured {
            steps.insert(at + 1, Reason { step: Step::Chosen(self.chosen(choice)?), result: None });
        }
        Ok(())
    }

    /// What the line chose; `None` where its meter compares no slots.
    fn choice(
        &self,
        tx: &mut Tx<'_>,
        line: &Line<'_>,
        component: &Component,
    ) -> Result<Option<Choice>, Refusal> {
        let bill = self.bill;
        let (Some(resource), Due::Cycle(kind)) = (bill.resource, component.due) else { return Ok(None) };
        let Some(usage) = component.meter.usage().filter(|_| component.meter.tally() == Tally::Highest)
        else {
            return Ok(None);
        };
        let (from, to) = bill.original.unwrap_or((bill.from, bill.to));
        let cycle = Cycle { kind, from, to };
        // An adjustment knows also what came late.
        let in_time = bill.original.is_none().then_some(kind);
        let mut readings =
            store::usage::between(tx, bill.account, from.as_second()..to.as_second(), in_time)?;
        readings.retain(|it| it.resource == resource && it.usage == usage);
        let mut configs = Configs::default();
        let changes = self.changes(tx, &mut configs)?;
        let plan = |it| Refusal::from(AggregateError::Plan(it));
        let (openings, within) = history::meters(&changes, from, &configs).map_err(plan)?;
        let (segments, _) = segment::segments(&openings, &within, cycle, &configs).map_err(plan)?;
        let window = Window { configs: &configs, cycle };
        let all = samples::choices(&component.id, &segments, &readings, &window)?;
        // Rows of keys are priced each by itself, in one order.
        let before = bill.lines[..self.question.number].iter();
        let row = before.filter(|it| it.component == line.component).count();
        Ok(all.into_iter().nth(row).filter(|it| it.used.measured == line.measured))
    }

    fn chosen(&self, it: Choice) -> Result<Chosen, Refusal> {
        let mut slots = Vec::with_capacity(it.slots.len());
        for (from, value) in it.slots {
            let from =
                Timestamp::from_second(from).map_err(|_| AggregateError::Overflow("seconds".to_string()))?;
            slots.push(ChosenSlot { from, local: self.print(from), value });
        }
        Ok(Chosen { seconds: it.seconds, position: it.position, slots })
    }
}
