//! What of a form is noted.

use super::*;

#[test]
fn no_secret_of_a_form_is_noted() {
    let form = "form=k&once=o&name=Ann&password=p&new_password=q&code=123456";
    let fields = Fields::read(form.as_bytes());
    assert_eq!(fields.noted(), r#"{"name":"Ann"}"#);
    assert_eq!(fields.text("password"), "p");
    assert_eq!(fields.text("missing"), "");
}
