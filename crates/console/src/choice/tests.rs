//! Words that are none are refused by the name of their field.

use super::{number, read};
use crate::fields::Fields;

fn form(pairs: &[(&str, &str)]) -> Fields {
    Fields::of(pairs.iter().copied())
}

#[test]
fn a_word_that_is_none_is_refused_and_names_its_field_and_the_choices() {
    let (all, word) = ([("cash", 1), ("bonus", 2)], |it: (&'static str, i32)| it.0);
    assert_eq!(read(&form(&[("purse", " bonus ")]), "purse", &all, word).unwrap().1, 2);
    for sent in ["gold", "", "Cash", "cash,bonus"] {
        let wrong = read(&form(&[("purse", sent)]), "purse", &all, word).unwrap_err();
        assert_eq!((wrong.status.as_u16(), wrong.field.as_deref()), (400, Some("purse")), "{sent}");
        assert!(wrong.detail.contains("cash, bonus"), "{}", wrong.detail);
    }
    assert_eq!(read(&form(&[]), "purse", &all, word).unwrap_err().field.as_deref(), Some("purse"));
    // A choice may be to choose none.
    assert_eq!(read(&form(&[]), "of", &["", "one"], |it| it).unwrap(), "");
}

#[test]
fn what_is_no_number_is_no_other_number() {
    assert_eq!(number::<u32>(&form(&[("quantity", "3")]), "quantity").unwrap(), Some(3));
    assert_eq!(number::<u32>(&form(&[]), "quantity").unwrap(), None);
    for sent in ["-1", "two", "4294967296", "1.5"] {
        let wrong = number::<u32>(&form(&[("quantity", sent)]), "quantity").unwrap_err();
        assert_eq!(wrong.field.as_deref(), Some("quantity"), "{sent}");
    }
}
