//! Anchors of the audit log: where they go, and a loop that makes one as often as is configured.
//!
//! In:  a node, how often, a folder, an address. Out: anchors there; when the last one was made stands in the database.
//! Invariant: no transaction is open while one is written or sent; of several nodes one makes it; one that did not arrive is
//! made anew a little later.

use anyhow::{Context, Result, anyhow, bail};
use desk::anchor::{self, Anchor};
use desk::{Refusal, later};
use providers::webhook::{Message, Reach, Sender, Verdict};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use store::jobs::{self, Claim, Lease};
use web::clock::Clock;
use web::{Node, telemetry};

/// How often it is looked whether one is due.
const LOOK: Duration = Duration::from_secs(5);
/// How long to wait after one that did not arrive.
const AGAIN: Duration = Duration::from_secs(60);
/// So long others leave it to the node that makes one.
const CLAIM_SECONDS: u64 = 600;

/// How often the audit log is anchored, and where that is kept.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub hours: u64,
    pub folder: Option<PathBuf>,
    pub url: Option<String>,
}

/// Anchors the audit log until the server ends.
pub(crate) async fn keep(node: Node, plan: Plan, node_name: String) {
    let (began, holder) = (Instant::now(), format!("anchor {node_name}"));
    while !node.is_stopping() {
        let pause = match one(&node, &plan, &holder).await {
            Ok(Some(at)) => {
                tracing::info!(%at, "the audit log is anchored");
                LOOK
            }
            Ok(None) => LOOK,
            Err(error) => {
                tracing::error!("the audit log is not anchored and will be tried again: {error:#}");
                metrics::counter!(telemetry::JOBS_FAILED, "job" => anchor::NAME, "code" => "anchor")
                    .increment(1);
                AGAIN
            }
        };
        tell_age(&node, began).await;
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = node.stopped() => break,
        }
    }
}

/// Where none was ever made, its age is that of this node: an alert knows of one that never arrives.
async fn tell_age(node: &Node, began: Instant) {
    if let Ok(None) = node.read(|tx, _| anchor::last(tx)).await {
        metrics::gauge!(telemetry::ANCHOR_AGE).set(began.elapsed().as_secs_f64());
    }
}

/// Makes an anchor where one is due and no other node is at it. Gives when.
async fn one(node: &Node, plan: &Plan, holder: &str) -> Result<Option<jiff::Timestamp>> {
    let (every, name) = (plan.hours * 3_600, holder.to_string());
    let taken = node.blocking(move |node| {
        let (now, machine) = (node.clock().now(), Clock::Machine.now());
        let until = later(machine, CLAIM_SECONDS);
        let claim = Claim { name: anchor::NAME, holder: &name, now: machine, until, farthest: until };
        node.store().write(|tx| -> Result<bool, Refusal> {
            let is_due = anchor::last(tx)?.is_none_or(|it| later(it, every) <= now);
            Ok(is_due && jobs::claim(tx, &claim)? == Lease::Held)
        })
    });
    if !taken.await.map_err(|it| anyhow!("{}", it.detail))? {
        return Ok(None);
    }
    let done = made(node, plan).await;
    let name = holder.to_string();
    let given_back =
        node.blocking(move |node| node.store().write(|tx| Ok::<_, Refusal>(jobs::release(tx, &name)?)));
    given_back.await.map_err(|it| anyhow!("{}", it.detail))?;
    done.map(Some)
}

/// Makes an anchor, sends and keeps it, and notes that.
async fn made(node: &Node, plan: &Plan) -> Result<jiff::Timestamp> {
    let failed = |it: web::problem::Problem| anyhow!("{}", it.detail);
    let key = node.desk().key.clone().context("this node has no installation's key")?;
    let anchor = node.report(move |tx, at| Anchor::make(tx, &key, at.now)).await.map_err(failed)?;
    if let Some(url) = &plan.url {
        send(&anchor, url).await?;
    }
    if let Some(folder) = &plan.folder {
        write(&folder.join(file_name(&anchor)), &anchor.text())?;
    }
    let at = anchor.at;
    node.write(move |tx, _| anchor::made(tx, at)).await.map_err(failed)?;
    Ok(at)
}

/// What the file of an anchor is called: by its time, so that they stand in their order.
fn file_name(anchor: &Anchor) -> String {
    format!("anchor-{}.json", anchor.at.to_string().replace(':', "-"))
}

/// Writes the text of an anchor into a file that is not there yet. Errors: it is there, or cannot be written.
pub(crate) fn write(path: &Path, text: &str) -> Result<()> {
    let says = || format!("writing the anchor to {}", path.display());
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).open(path).with_context(says)?;
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).with_context(says)
}

/// Sends an anchor once. It bears its own signature, so no secret of a webhook signs it. Errors: it did not arrive.
pub(crate) async fn send(anchor: &Anchor, url: &str) -> Result<()> {
    let sender = Sender::new(Reach::Anywhere).context("setting up the sending")?;
    let (id, body) = (format!("anchor_{}", anchor.digest()), anchor.text());
    let message = Message { url, secrets: &[], owner: "operator", id: &id, body: &body, trace: None };
    let outcome = sender.send(message, Reach::Anywhere).await;
    match outcome.verdict() {
        Verdict::Delivered => Ok(()),
        Verdict::Gone | Verdict::Failed => bail!("the anchor did not reach {url}: {}", outcome.error),
    }
}
