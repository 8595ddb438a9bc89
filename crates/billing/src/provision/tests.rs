//! The whole table of tasks and of their steps.

use super::*;
use crate::resource::State as Is;
use units::{Currency, Timestamp};

fn options(text: &str) -> Options {
    Options::parse(text).unwrap()
}

#[test]
fn a_failing_cloud_is_asked_three_times_for_a_delivery() {
    let failed = |attempt| after(Kind::Provision, attempt, Retry::Later);
    assert_eq!(failed(1), Next::AskAgain { after_seconds: 30 });
    assert_eq!(failed(2), Next::AskAgain { after_seconds: 60 });
    assert_eq!(failed(3), Next::Fail);
    assert_eq!(after(Kind::Provision, 1, Retry::Never), Next::Fail);
}

#[test]
fn other_tasks_are_asked_ten_times_at_most_an_hour_apart() {
    let pauses: Vec<u64> = (1..=9)
        .map(|attempt| match after(Kind::Release, attempt, Retry::Later) {
            Next::AskAgain { after_seconds } => after_seconds,
            Next::Fail => 0,
        })
        .collect();
    assert_eq!(pauses, [30, 60, 120, 240, 480, 960, 1920, 3600, 3600]);
    assert_eq!(after(Kind::Release, 10, Retry::Later), Next::Fail);
}

/// Every change of state that a resource can make, and what the cloud is asked for it.
#[test]
fn every_change_of_a_resource_against_its_task() {
    let same = options("type=S1");
    let mut table = String::new();
    for before in Is::ALL {
        let asked: Vec<String> = Is::ALL
            .iter()
            .filter_map(|after| {
                let shape = |state| Shape { state, options: &same };
                let kind = kind(shape(before), shape(*after))?;
                Some(format!("{}→{}", after.as_str(), kind.as_str()))
            })
            .collect();
        table += format!("{}: {}", before.as_str(), asked.join(" ")).trim_end();
        table += "\n";
    }
    assert_eq!(table, include_str!("kinds.txt"));
}

#[test]
fn other_options_in_the_same_state_are_a_change() {
    let (old, new) = (options("type=S1"), options("type=S2"));
    let found: Vec<&str> = Is::ALL
        .into_iter()
        .filter(|it| {
            let shape = |options| Shape { state: *it, options };
            kind(shape(&old), shape(&new)) == Some(Kind::Change)
        })
        .map(Is::as_str)
        .collect();
    assert_eq!(
        found,
        ["running", "stopped", "stopped_free", "limited", "arrears_stopped", "expired", "recycled"]
    );
}

#[test]
fn every_state_of_a_task_against_every_event() {
    let mut table = String::new();
    for kind in [Kind::Provision, Kind::Stop] {
        for state in State::ALL {
            let steps: Vec<String> = Event::ALL
                .iter()
                .filter_map(|event| {
                    state.on(kind, *event).ok().map(|to| format!("{event:?}→{}", to.as_str()))
                })
                .collect();
            table += format!("{} {}: {}", kind.as_str(), state.as_str(), steps.join(" ")).trim_end();
            table += "\n";
        }
    }
    assert_eq!(table, include_str!("steps.txt"));
}

#[test]
fn a_later_task_replaces_what_it_contradicts() {
    let mut table = String::new();
    for later in Kind::ALL {
        let earlier: Vec<&str> =
            Kind::ALL.into_iter().filter(|it| later.replaces(*it)).map(Kind::as_str).collect();
        table += format!("{}: {}\n", later.as_str(), earlier.join(" ")).as_str();
    }
    assert_eq!(
        table,
        "provision: \nchange: change\nstop: stop start\nstart: stop start\nrelease: change stop start\n"
    );
}

#[test]
fn the_cause_is_who_wanted_it() {
    let after = |state, ended_by| Resource {
        id: "res_00000000000000000000000000000001".parse().unwrap(),
        account: "acc_00000000000000000000000000000001".parse().unwrap(),
        order: "ord_00000000000000000000000000000001".parse().unwrap(),
        product: "server".into(),
        options: Options::default(),
        name: "web".into(),
        service: None,
        state,
        before: Is::Pending,
        since: Timestamp::UNIX_EPOCH,
        created: Timestamp::UNIX_EPOCH,
        delivered: None,
        deadline: None,
        address: None,
        due: None,
        ended_by,
        renew: Default::default(),
        kept: Default::default(),
        raises: Vec::new(),
        currency: Currency::CNY,
    };
    assert_eq!(cause(Is::Running, &after(Is::Stopped, None)), EndedBy::Owner);
    assert_eq!(cause(Is::Running, &after(Is::ArrearsStopped, None)), EndedBy::Arrears);
    assert_eq!(cause(Is::ArrearsStopped, &after(Is::Running, None)), EndedBy::Arrears);
    assert_eq!(cause(Is::Limited, &after(Is::Running, None)), EndedBy::Arrears);
    assert_eq!(cause(Is::Running, &after(Is::Expired, None)), EndedBy::Deadline);
    assert_eq!(cause(Is::Running, &after(Is::Releasing, Some(EndedBy::Service))), EndedBy::Service);
    assert_eq!(cause(Is::Expired, &after(Is::Released, Some(EndedBy::Deadline))), EndedBy::Deadline);
}

#[test]
fn an_answer_is_small_and_plain() {
    let made = |address: Option<&str>, pairs: Vec<(String, String)>| Made {
        address: address.map(Into::into),
        attributes: pairs.into_iter().collect(),
    };
    let many = |count: usize| (0..count).map(|it| (format!("key{it}"), "v".to_string())).collect::<Vec<_>>();
    assert_eq!(made(Some("10.0.0.1"), many(20)).check(), Ok(()));
    assert!(made(None, many(21)).check().is_err());
    assert!(made(Some(""), Vec::new()).check().is_err());
    assert!(made(Some("10.0.0.1\0"), Vec::new()).check().is_err());
    assert!(made(None, vec![("k".repeat(65), "v".into())]).check().is_err());
    assert!(made(None, vec![("k".into(), "v".repeat(501))]).check().is_err());
}

#[test]
fn a_refusal_says_no_word_of_the_code() {
    for (kind, state, event) in Kind::ALL
        .iter()
        .flat_map(|kind| State::ALL.map(|state| Event::ALL.map(|it| (*kind, state, it))))
        .flatten()
    {
        let text = TaskError::Refused { kind, state, event }.to_string();
        assert!(!text.contains(char::is_uppercase), "{text}");
    }
}
