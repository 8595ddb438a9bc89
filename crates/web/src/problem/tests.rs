//! Several problems said as one.

use super::*;

fn wrong(field: &str, detail: &str) -> Problem {
    Problem::malformed(Some(field.to_string()), detail)
}

#[test]
fn of_each_field_the_first_is_said_and_the_others_stand_beside_the_first() {
    assert!(Problem::together([]).is_ok());
    let within = Problem::together([wrong("name", "empty"), wrong("until", "no day")]).unwrap_err();
    let found =
        Problem::together([within, wrong("name", "too long"), wrong("amount", "no sum")]).unwrap_err();
    assert_eq!((found.field.as_deref(), found.detail.as_str()), (Some("name"), "empty"));
    let others: Vec<_> = found.others.iter().map(|it| it.field.as_deref().unwrap()).collect();
    assert_eq!(others, ["until", "amount"]);
    assert!(found.others.iter().all(|it| it.others.is_empty()));
}

#[test]
fn what_is_about_no_field_is_kept() {
    let of_none = || Problem::malformed(None, "it broke off");
    let found = Problem::together([of_none(), wrong("name", "empty"), of_none()]).unwrap_err();
    assert_eq!((found.field, found.others.len()), (None, 2));
}
