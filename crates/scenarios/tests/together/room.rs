//! A database without room, on both engines: what is written then is refused whole, and known until there is room again.

use crate::support::stores;
use desk::{Refusal, books};
use server::cli::files;
use store::{Store, Tx};
use units::{Calendar, Timestamp};

fn begin() -> Timestamp {
    Calendar::settlement().parse("2026-06-01").unwrap()
}

/// Leaves no room, or gives it back: pages on SQLite, the code of a full disk on PostgreSQL.
fn limit(store: &Store, pages: u32) {
    let done = store.write(|tx| -> Result<(), Refusal> {
        match tx {
            Tx::Lite(tx) => tx.execute_batch(&format!("pragma max_page_count = {pages}")).unwrap(),
            Tx::Pg(tx, _) if pages == 1 => tx
                .batch_execute(
                    "create function no_room() returns trigger language plpgsql as
                     $$ begin raise exception 'no room' using errcode = '53100'; end $$;
                     create trigger no_room before insert on events for each row execute function no_room();
                     create trigger no_room before insert on jobs for each row execute function no_room()",
                )
                .unwrap(),
            Tx::Pg(tx, _) => {
                tx.batch_execute("drop trigger no_room on events; drop trigger no_room on jobs").unwrap();
            }
        }
        Ok(())
    });
    done.unwrap();
}

/// A hundred large events in one transaction.
fn fill(store: &Store) -> Result<(), Refusal> {
    store.write(|tx| {
        for number in 0..100 {
            let args = [format!("evt_{number}").into(), "x".repeat(20_000).into()];
            tx.exec(
                "insert into events (id, account, kind, at_us, number, body) values ($1, null, 'none', 0, 0, $2)",
                &args,
            )?;
        }
        Ok(())
    })
}

#[test]
fn a_full_database_is_known_until_there_is_room() {
    for (engine, store, _server) in stores() {
        let book = files::book("demo").unwrap();
        store.write(|tx| books::apply(tx, &book, None, begin())).unwrap();
        assert!(!store.is_full(), "{engine}");
        limit(&store, 1);
        let refused = fill(&store).unwrap_err();
        assert_eq!((refused.code(), store.is_full()), ("database_full", true), "{engine}: {refused}");
        let count = |tx: &mut Tx<'_>| {
            Ok::<_, Refusal>(store::events::page(tx, &store::events::EventFilter::default(), 10)?.len())
        };
        assert_eq!(store.read(count).unwrap(), 0, "{engine}: nothing of it was kept");
        assert!(store.is_full(), "{engine}: reading does not tell");
        assert!(store.find_room().unwrap_err().is_full() && store.is_full(), "{engine}");
        limit(&store, 1_000_000);
        store.find_room().unwrap();
        assert!(!store.is_full(), "{engine}");
        fill(&store).unwrap();
    }
}
