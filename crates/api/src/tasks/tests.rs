//! What webhooks say of a task is what the API shows.

use super::*;
use billing::options::Options;
use billing::provision;
use billing::resource::{EndedBy, State as Is};
use units::Timestamp;

#[test]
fn events_show_a_task_as_the_api_does() {
    let task = Task {
        id: "tsk_00000000000000000000000000000001".parse().unwrap(),
        account: "acc_00000000000000000000000000000001".parse().unwrap(),
        resource: "res_00000000000000000000000000000001".parse().unwrap(),
        order: "ord_00000000000000000000000000000001".parse().unwrap(),
        kind: provision::Kind::Change,
        state: Standing::Waiting,
        attempt: 2,
        product: "server".into(),
        options: Options::parse("type=S1 zone=guangzhou-1").unwrap(),
        name: "web".into(),
        service: Some("shop".into()),
        target: Is::Limited,
        cause: EndedBy::Arrears,
        address: Some("10.0.0.1".into()),
        attributes: "{\"hostname\":\"web-1\"}".into(),
        reason: "no answer".into(),
        created: Timestamp::UNIX_EPOCH,
        due: Some(Timestamp::UNIX_EPOCH),
        ended: None,
    };
    let view = serde_json::to_value(TaskView::new(&task).unwrap()).unwrap();
    assert_eq!(view, tasks::shown(&task).unwrap());
    assert_eq!(view["attributes"]["hostname"], "web-1");
}
