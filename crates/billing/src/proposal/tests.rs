//! Proposals of price changes, from one operator's hand to another's.

use super::*;
use crate::impact::Sides;

fn at(text: &str) -> Timestamp {
    format!("{text}T00:00:00Z").parse().unwrap()
}

fn book(name: &str) -> BookId {
    BookId::named(at("2026-01-01"), name)
}

fn deed(by: &str, day: &str) -> Deed {
    Deed { by: by.into(), at: at(day) }
}

/// 1000.00 before; what rises and falls as told, in whole units.
fn figures(rises: i128, falls: i128) -> Figures {
    let e8 = 100_000_000;
    Figures {
        against: book("old"),
        month: "2026-06".into(),
        all: 3,
        customers: 3,
        charged: 3,
        more: 1,
        less: 1,
        failed: 0,
        sides: Sides { before_e8: 1_000 * e8, after_e8: (1_000 + rises - falls) * e8 },
        moved_e8: (rises + falls) * e8,
    }
}

fn proposal(figures: Figures) -> Proposal {
    Proposal {
        id: "p-1".into(),
        number: 1,
        book: book("new"),
        name: "demo".into(),
        currency: Currency::CNY,
        from: at("2026-08-01"),
        reason: "dearer power".into(),
        limit_tenths: LIMIT_TENTHS,
        state: Proposal::opens(&figures, LIMIT_TENTHS).unwrap(),
        figures,
        computed: at("2026-07-02"),
        made: deed("ann", "2026-07-02"),
        agreed: None,
        applied: None,
        ended: None,
        revision: 1,
    }
}

/// 5 % of 1000.00 are 50.00: exactly that is within, what rises and what falls count both, and figures that say too little are above.
#[test]
fn the_limit_is_of_the_months_revenue() {
    let state = |it: &Figures| Proposal::opens(it, 50).unwrap();
    assert_eq!(figures(50, 0).variance_tenths(), Some(50));
    assert_eq!(state(&figures(50, 0)), State::Ready);
    let hair = Figures { moved_e8: 50 * 100_000_000 + 1, ..figures(50, 0) };
    assert_eq!((hair.variance_tenths(), state(&hair)), (Some(50), State::Proposed));
    // 30.00 up and 30.00 down are 6 %, although the sum stays.
    assert_eq!(figures(30, 30).variance_tenths(), Some(60));
    assert_eq!(state(&figures(30, 30)), State::Proposed);
    assert_eq!(state(&Figures { all: 4, ..figures(1, 0) }), State::Proposed);
    let none = Figures { sides: Sides::default(), moved_e8: 0, ..figures(0, 0) };
    assert_eq!((none.variance_tenths(), state(&none)), (None, State::Proposed));
    assert_eq!((percent(50), percent(118), percent(5)), ("5.0".into(), "11.8".into(), "0.5".into()));
}

#[test]
fn above_the_limit_another_operator_agrees_before_it_is_applied() {
    let (it, now) = (proposal(figures(100, 0)), Some(book("old")));
    let refused = it.clone().apply(deed("ann", "2026-07-03"), now);
    let step = StepError { state: State::Proposed, event: Event::Apply };
    assert_eq!(refused, Err(ProposalError::Step(step)));
    assert_eq!(it.clone().agree(deed("ann", "2026-07-03"), now), Err(ProposalError::Own));
    let agreed = it.agree(deed("bob", "2026-07-03"), now).unwrap();
    assert_eq!((agreed.state, agreed.revision), (State::Ready, 2));
    // The same again changes nothing; a third operator has nothing to agree to.
    assert_eq!(agreed.clone().agree(deed("bob", "2026-07-04"), now), Ok(agreed.clone()));
    assert!(agreed.clone().agree(deed("eve", "2026-07-04"), now).is_err());
    let applied = agreed.apply(deed("ann", "2026-07-04"), now).unwrap();
    assert_eq!(applied.clone().apply(deed("ann", "2026-07-05"), now), Ok(applied.clone()));
    let undone = applied.undo(deed("eve", "2026-07-06")).unwrap();
    assert_eq!((undone.state, undone.revision), (State::Undone, 4));
    assert!(undone.apply(deed("ann", "2026-07-07"), now).is_err());
}

#[test]
fn figures_of_another_book_are_stale_until_they_are_computed_again() {
    let (old, new) = (Some(book("old")), Some(book("newer")));
    let agreed = proposal(figures(100, 0)).agree(deed("bob", "2026-07-03"), old).unwrap();
    let stale = ProposalError::Stale { was: book("old") };
    assert_eq!(agreed.clone().apply(deed("ann", "2026-07-04"), new), Err(stale.clone()));
    assert_eq!(proposal(figures(100, 0)).agree(deed("bob", "2026-07-04"), new), Err(stale));
    // The same figures again leave the agreement as it is; others void it.
    let now = at("2026-07-04");
    let same = agreed.clone().compute(figures(100, 0), 50, now).unwrap();
    assert_eq!(same, agreed);
    let fresh = Figures { against: book("newer"), ..figures(90, 0) };
    let again = agreed.clone().compute(fresh, 50, now).unwrap();
    assert_eq!((again.state, &again.agreed), (State::Proposed, &None));
    let small = Figures { against: book("newer"), ..figures(10, 0) };
    let applied = agreed.compute(small, 50, now).unwrap().apply(deed("ann", "2026-07-05"), new).unwrap();
    assert_eq!(applied.state, State::Applied);
}

#[test]
fn who_proposed_withdraws_and_another_rejects() {
    let it = proposal(figures(10, 0));
    assert_eq!(it.clone().reject(deed("ann", "2026-07-03")), Err(ProposalError::Own));
    assert_eq!(it.clone().withdraw(deed("bob", "2026-07-03")), Err(ProposalError::NotProposer));
    assert_eq!(it.clone().reject(deed("bob", "2026-07-03")).unwrap().state, State::Rejected);
    let back = it.withdraw(deed("ann", "2026-07-03")).unwrap();
    assert_eq!(back.clone().withdraw(deed("ann", "2026-07-04")), Ok(back));
}

#[test]
fn its_date_lies_ahead() {
    let it = proposal(figures(10, 0));
    let late = it.clone().apply(deed("ann", "2026-08-01"), Some(book("old")));
    assert_eq!(late, Err(ProposalError::Past(at("2026-08-01"))));
    assert!(it.compute(figures(10, 0), 50, at("2026-08-01")).is_err());
    assert_eq!(words("", "why"), Err(ProposalError::Id));
    assert_eq!(words("p 1", "why"), Err(ProposalError::Id));
    assert_eq!(words("p-1", " "), Err(ProposalError::Reason));
}

/// A step that is not taken says what goes before it, or that it is too late.
#[test]
fn a_step_that_is_not_taken_says_why() {
    let said = |state: State, event| state.on(event).unwrap_err().to_string();
    assert_eq!(
        said(State::Proposed, Event::Apply),
        "the proposal waits for another operator, who has to agree to it before it is applied"
    );
    assert_eq!(
        said(State::Ready, Event::Agree),
        "the proposal needs nobody to agree to it any more; apply it"
    );
    assert!(said(State::Ready, Event::Undo).contains("nothing to undo"));
    assert_eq!(
        said(State::Applied, Event::Withdraw),
        "the proposal is applied, so it cannot be withdrawn any more"
    );
}
