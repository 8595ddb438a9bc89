//! What headers say of limits.

use super::super::{Allowance, Of, Standing};
use super::{left, policy};
use std::time::Duration;

fn standing(of: Of, quota: u32, left: u32) -> Standing {
    Standing { of, quota, left, wait: None }
}

#[test]
fn the_limit_that_is_reached_first_is_told() {
    let (key, account) = (standing(Of::Key, 200, 199), standing(Of::Account, 400, 3));
    let both = Allowance(vec![key, account]);
    assert_eq!(policy(&both).unwrap(), r#""key";q=200;w=1, "account";q=400;w=1"#);
    assert_eq!(left(&both).unwrap(), r#""account";r=3;t=1"#);
    let rested = Allowance(vec![key, standing(Of::Account, 400, 399)]);
    assert_eq!(left(&rested).unwrap(), r#""key";r=199;t=1"#);
    let even = Allowance(vec![standing(Of::Key, 5, 4), standing(Of::Account, 5, 4)]);
    assert_eq!(left(&even).unwrap(), r#""key";r=4;t=1"#);
}

#[test]
fn whoever_has_to_wait_is_told_of_the_limit_that_says_so() {
    let waits = Standing { wait: Some(Duration::from_millis(2_001)), ..standing(Of::Account, 1, 0) };
    let both = Allowance(vec![standing(Of::Key, 5, 0), waits]);
    assert_eq!(left(&both).unwrap(), r#""account";r=0;t=3"#);
    assert_eq!(both.check().unwrap_err().retry_after, Some(3));
}

#[test]
fn a_wait_is_as_long_as_it_is() {
    let seconds =
        |millis| Standing { wait: Some(Duration::from_millis(millis)), ..standing(Of::Key, 1, 0) }.seconds();
    assert_eq!([seconds(1), seconds(999), seconds(1_000), seconds(1_001)], [1, 1, 1, 2].map(Some));
}

#[test]
fn without_limits_nothing_is_told() {
    assert_eq!((policy(&Allowance::default()), left(&Allowance::default())), (None, None));
    assert!(Allowance::default().check().is_ok());
}
