//! What a node says of itself when it may not write, or cannot.

use crate::asked::Asked;
use desk::{Refusal, later};
use serde_json::json;
use store::Tx;
use units::{Calendar, CycleKind, Timestamp};

async fn ready(asked: &Asked) -> (u16, String) {
    let (status, body) = asked.get("/ready").await;
    (status, body["code"].as_str().unwrap_or("").to_string())
}

async fn opened(asked: &Asked, name: &str) -> (u16, String) {
    let (status, body) = asked.post("/v1/accounts", json!({ "name": name })).await;
    (status, body["code"].as_str().unwrap_or("").to_string())
}

/// R-TIM-11: 60 s behind the newest close are borne, 61 s are not; what is read is answered all the same.
#[tokio::test]
async fn a_clock_behind_the_newest_close_writes_nothing_and_says_so() {
    let asked = Asked::new("2026-06-01T00:00:00Z");
    let now: Timestamp = asked.node.clock().now();
    let cycle = Calendar::settlement().cycle(CycleKind::Hour, now).unwrap();
    let close = |seconds: u64| {
        let note = |tx: &mut Tx<'_>| Ok::<_, Refusal>(store::closes::note(tx, &cycle, later(now, seconds))?);
        asked.node.store().write(note).unwrap();
    };
    close(60);
    assert_eq!(opened(&asked, "one").await, (201, String::new()));
    assert_eq!(ready(&asked).await, (200, String::new()));
    close(61);
    assert_eq!(opened(&asked, "two").await, (503, "clock_behind".into()));
    assert_eq!(ready(&asked).await, (503, "clock_behind".into()));
    let (status, all) = asked.get("/v1/accounts").await;
    assert_eq!((status, all["items"].as_array().unwrap().len()), (200, 1));
}

#[tokio::test]
async fn a_full_database_is_not_ready_until_there_is_room() {
    let asked = Asked::new("2026-06-01T00:00:00Z");
    let pages = |most: u32| {
        let set = |tx: &mut Tx<'_>| -> Result<(), Refusal> {
            if let Tx::Lite(tx) = tx {
                tx.execute_batch(&format!("pragma max_page_count = {most}")).unwrap();
            }
            Ok(())
        };
        asked.node.store().write(set).unwrap();
    };
    pages(1);
    let mut last = (201, String::new());
    for number in 0..2_000 {
        last = opened(&asked, &format!("{number} {}", "x".repeat(60))).await;
        if last.0 != 201 {
            break;
        }
    }
    assert_eq!(last, (503, "database_full".into()));
    assert_eq!(ready(&asked).await, (503, "database_full".into()));
    pages(1_000_000);
    assert_eq!(ready(&asked).await, (200, String::new()));
    assert_eq!(opened(&asked, "again").await.0, 201);
}
