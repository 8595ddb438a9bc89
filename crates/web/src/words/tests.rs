//! How words are read and written.

use super::{Due, Edge, PurseBody, TaskState, Word, Words, list};
use serde_json::json;

#[test]
fn a_word_is_read_and_written_as_it_is_listed() {
    for word in list::<TaskState>() {
        let read: TaskState = serde_json::from_value(json!(word)).unwrap();
        assert_eq!(read.word(), word);
        assert_eq!(serde_json::to_value(read).unwrap(), json!(word));
        let filter: Word<TaskState> = serde_json::from_value(json!(word)).unwrap();
        assert_eq!(filter.as_str(), word);
    }
    assert_eq!(list::<Due>(), ["order", "hour", "day", "month"]);
}

#[test]
fn what_is_no_word_of_a_set_is_refused_with_its_words() {
    let refused = |value: serde_json::Value| serde_json::from_value::<Edge>(value).unwrap_err().to_string();
    assert_eq!(refused(json!("middle")), "invalid value: string \"middle\", expected one of upper, lower");
    assert_eq!(refused(json!(1)), "invalid type: integer `1`, expected one of upper, lower");
    assert_eq!(PurseBody::default(), PurseBody::Cash);
}
