//! Labels and places out of forms.

use super::*;

const FORM: &str = "<div class=\"field\"><label for=\"amount\">Each month, in CNY</label><input id=\"amount\"></div>\
     <fieldset class=\"field bad\" id=\"purse\" tabindex=\"-1\"><legend class=\"label\">Into</legend></fieldset>\
     <label for=\"until\">First month without it <span>optional</span></label><input id=\"until\">";

#[test]
fn a_field_is_called_as_its_label_or_its_legend_says() {
    let found = ["amount", "purse", "until", "nothing"].map(|it| label(FORM, it));
    assert_eq!(found, [Some("Each month, in CNY"), Some("Into"), Some("First month without it"), None]);
}

#[test]
fn what_stands_further_down_comes_later_and_what_is_of_no_field_last() {
    let found = ["amount", "purse", "until", ""].map(|it| place(FORM, it));
    assert!(found.is_sorted() && found[3] == usize::MAX, "{found:?}");
    assert_eq!(field("<li><a href=\"#until\">No month</a></li>"), "until");
    assert_eq!(field("<li>Something else</li>"), "");
}
