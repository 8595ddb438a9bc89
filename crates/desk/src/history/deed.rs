//! Which write of the audit log did something to a resource.
//!
//! In:  an entry of the second in which it happened. Out: whether that is the one.
//! Invariant: what is written to a resource for another reason in the same second, such as a name or a tag, did not do it.

use billing::story::What;
use store::journal::Entry;

/// Whether an entry is of a write that did `what` to the resource `id`.
pub(super) fn is_of(entry: &Entry, id: &str, what: What) -> bool {
    let operation = entry.operation.as_str();
    let buys = ["/orders", "/authorize", "/services", "/buy/"].iter().any(|it| operation.contains(it));
    let names = [&entry.operation, &entry.target, &entry.body].iter().any(|it| it.contains(id));
    match what {
        What::Ordered => buys,
        What::Delivered
        | What::Failed
        | What::Expired
        | What::Limited
        | What::ArrearsStopped
        | What::RenewalDue => false,
        What::Renewed => {
            let pays = ["/payments", "/pay"].iter().any(|it| operation.contains(it));
            pays || entry.body.contains(id) && ["/renewals", "/renew"].iter().any(|it| operation.contains(it))
        }
        What::Refunded => operation.contains("/refund") && names,
        What::Changed => {
            let changes = ["/resize", "/changes", "/conver", "/by-use", "/services"];
            operation.contains("/pay") || names && changes.iter().any(|it| operation.contains(it))
        }
        What::Started | What::Restored => names && does(entry, "start") || operation.contains("/services"),
        What::Stopped => {
            let goes_on = !entry.body.contains("\"ends\"");
            names && does(entry, "stop") && goes_on || operation.contains("/services")
        }
        What::StoppedFree => {
            let ends = does(entry, "stop") && entry.body.contains("\"ends\"");
            names && (ends || does(entry, "stop_free")) || operation.contains("/services")
        }
        What::Recycled | What::ReleaseAsked | What::Released => {
            let gives_back = does(entry, "release") || operation.contains("/refund");
            names && gives_back || operation.contains("/services")
        }
        What::Resumed => operation.contains("/top-ups"),
    }
}

/// Whether an entry is of this deed: an operation that is called so, or what was chosen on a page that does several.
fn does(entry: &Entry, deed: &str) -> bool {
    let is_chosen = |field: &str| entry.body.contains(&format!("\"{field}\":\"{deed}\""));
    let operation = entry.operation.as_str();
    operation.ends_with(&format!("/{deed}"))
        || operation.ends_with("/switch") && is_chosen("to")
        || operation.ends_with("/resources/act") && is_chosen("do")
}

#[cfg(test)]
mod tests;
