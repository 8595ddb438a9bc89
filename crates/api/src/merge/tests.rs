//! Every `PATCH` of the document takes a merge patch with a schema of its own.

use serde_json::Value;
use std::collections::BTreeSet;

#[test]
fn every_patch_takes_a_merge_patch() {
    let document = serde_json::to_value(crate::document()).unwrap();
    let mut names = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        let Some(operation) = item.get("patch") else { continue };
        let schema = |media: &str| {
            let name = operation["requestBody"]["content"][media]["schema"]["$ref"].as_str();
            let name = name.unwrap_or_else(|| panic!("{path} takes no {media}"));
            (name.to_string(), document.pointer(&name[1..]).unwrap().clone())
        };
        let ((plain, as_json), (patch, merged)) =
            (schema("application/json"), schema("application/merge-patch+json"));
        assert_ne!(plain, patch, "{path}");
        let without = |mut it: Value| {
            it.as_object_mut().unwrap().remove("description");
            it
        };
        assert_eq!(without(as_json), without(merged), "{path}");
        names.insert(patch.rsplit('/').next().unwrap().to_string());
    }
    let expected =
        ["AccountChange", "BudgetChange", "Labels", "OwnAccountChange", "Project", "WebhookChange"];
    let expected = expected.map(|it| format!("{it}MergePatch"));
    assert_eq!(names, BTreeSet::from(expected));
}
