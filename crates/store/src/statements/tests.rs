//! What every statement is: none of them reads an index because a column is there.

use super::all;
use crate::{Store, StoreError};

/// What SQLite knows of a database with many bills, none of them late.
const LARGE: &str = "analyze; insert into sqlite_stat1 (tbl, idx, stat) values ('bills', 'bills', '1319968 105 1'),
    ('bills', 'bills_by_resource', '1319968 105 12 1'), ('bills', 'bills_original', '0 0 0'), ('bills', 'bills_id', '1319968 1'),
    ('resources', 'resources', '100000 10 1'), ('lines', 'lines', '1319968 105 1 1'); analyze sqlite_schema;";

/// Asking whether a column is there makes SQLite read all of an index that begins with it, be the rest as narrow as it may.
#[test]
fn no_statement_reads_an_index_because_a_column_is_there() {
    let plans = Store::memory().unwrap().write(|tx| {
        tx.batch(LARGE)?;
        all().into_iter().map(|sql| Ok((sql, tx.plan(sql)?))).collect::<Result<Vec<_>, StoreError>>()
    });
    let mut of_closed = 0;
    for (sql, plan) in plans.unwrap() {
        assert!(!plan.iter().any(|it| it.contains("(account=? AND resource>?)")), "{sql}\n{plan:#?}");
        if sql.contains("i.original_from_us >= $4") {
            of_closed += 1;
            assert!(plan.iter().any(|it| it.contains("INDEX bills_original")), "{sql}\n{plan:#?}");
        }
    }
    assert!(
        of_closed > 0,
        "no statement asks for bills of closed cycles in these words any more: say how it does now"
    );
}
