//! What of a form is noted.

use super::*;

#[test]
fn no_secret_of_a_form_is_noted() {
    let form = "form=k&house=acc_1&once=o&browser=b&maker=m&name=Ann&password=p&new_password=q&code=123456";
    let fields = Fields::read(form.as_bytes());
    assert_eq!(fields.noted(), r#"{"name":"Ann"}"#);
    assert_eq!(fields.text("password"), "p");
    assert_eq!(fields.text("missing"), "");
}

#[test]
fn what_is_sent_several_times_is_noted_whole() {
    let fields = Fields::read(b"do=stop&mark=res_1&mark=res_2");
    assert_eq!(fields.noted(), r#"{"do":"stop","mark":"res_1, res_2"}"#);
}
