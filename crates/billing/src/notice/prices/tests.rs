//! What a notice of changed prices keeps, read again as it was written.

use super::*;

fn moved(component: &str, prices: Option<[&str; 2]>) -> Moved {
    let prices = prices.map(|it| it.map(str::to_string));
    Moved { product: "container".into(), component: component.into(), of: Vec::new(), prices }
}

/// The same of a component whose price goes by its spec.
fn of_spec(spec: &str, prices: [&str; 2]) -> Moved {
    Moved { of: vec![("spec".into(), spec.into())], ..moved("compute", Some(prices)) }
}

fn from() -> Timestamp {
    "2026-07-31T16:00:00Z".parse().unwrap()
}

#[test]
fn what_is_kept_is_read_as_it_was_written() {
    let all =
        BTreeSet::from([moved("compute", Some(["0.17", "0.19"])), moved("disk", None), Moved::whole("job")]);
    let kept = Kept::of(from(), &all);
    assert_eq!(kept.write(), "2026-07-31T16:00:00Z container/compute=0.17>0.19 container/disk job/");
    assert_eq!(Kept::read(&kept.write()), Some(kept));
}

#[test]
fn of_many_some_are_named_and_the_others_counted() {
    let all: BTreeSet<Moved> = (0..MOST + 3).map(|it| moved(&format!("c{it}"), None)).collect();
    let kept = Kept::of(from(), &all);
    assert_eq!((kept.moved.len(), kept.more), (MOST, 3));
    assert!(kept.write().ends_with(" +3"), "{}", kept.write());
    assert_eq!(Kept::read(&kept.write()), Some(kept));
}

#[test]
fn an_older_notice_has_its_time_alone() {
    let kept = Kept::read("2026-07-31T16:00:00Z").unwrap();
    assert_eq!(kept, Kept { from: from(), moved: Vec::new(), more: 0 });
    assert_eq!(Kept::read("soon"), None);
}

/// Without a book ids and figures stand alone.
#[test]
fn ids_stand_in_for_names_that_are_gone() {
    let said = moved("compute", Some(["0.17", "0.19"])).named(None);
    assert!(said.en.starts_with("container, compute: 0.17 → 0.19"), "{said:?}");
    assert_eq!(Moved::whole("job").named(None), Text::same("job"));
}

/// Two prices of one component that move differently are told apart, also read again; what moves alike is said once.
#[test]
fn prices_of_one_component_are_told_apart_where_they_move_differently() {
    let all = BTreeSet::from([of_spec("1U1G", ["0.17", "0.19"]), of_spec("2U4G", ["0.40", "0.36"])]);
    let kept = Kept::of(from(), &all);
    let written =
        "2026-07-31T16:00:00Z container/compute@spec:1U1G=0.17>0.19 container/compute@spec:2U4G=0.40>0.36";
    assert_eq!(kept.write(), written);
    assert_eq!(Kept::read(written), Some(kept.clone()));
    let said = kept.moved[1].named(None);
    assert!(said.en.starts_with("container, compute (2U4G): 0.40 → 0.36"), "{said:?}");
    assert!(said.zh.starts_with("container·compute（2U4G）：0.40 → 0.36"), "{said:?}");
    let alike = BTreeSet::from([of_spec("1U1G", ["0.17", "0.19"]), of_spec("2U4G", ["0.17", "0.19"])]);
    assert_eq!(Kept::of(from(), &alike).moved, [moved("compute", Some(["0.17", "0.19"]))]);
    let alone = BTreeSet::from([of_spec("1U1G", ["0.17", "0.19"])]);
    assert_eq!(Kept::of(from(), &alone).moved, [moved("compute", Some(["0.17", "0.19"]))]);
}
