"""Settles one hour in DuckDB and compares time and totals with `till bench settle`.

In:  the till program, a folder for the rows, the number of accounts.
Out: both times, and whether bill count, fen and 1e-8 are the same for every account.

DuckDB is given every advantage that keeps the rows the same: they lie in its memory, ids are small integers where the
till has 128 bits, prices are columns of a small table, arithmetic is on 64-bit integers (which suffice for these
rows; an overflow would be an error, not a wrong sum). It computes totals per account. The till also makes bills with
ids and lines, takes the money from wallets, keeps freezes and carries meters on.
"""

import json
import statistics
import subprocess
import sys
import time

import duckdb

ROUNDS = 5
FIRST = 1777953600  # 2026-05-05 12:00:00 +08:00
LAST = FIRST + 3600

# One row per account: how many bills, their fen, their 1e-8.
SETTLE = f"""
create or replace temp table settled as
with
changed as materialized (select distinct resource from changes),
-- How each meter stands when the hour begins.
wound as (
    select account, resource, config, {FIRST} as since, clock + ({FIRST} - since) as clock, true as runs
    from openings
),
-- Most servers run through the hour: one segment each.
steady as (
    select account, resource, config, {FIRST} as since, {LAST} as upto, clock
    from wound anti join changed using (resource)
),
-- The others are cut at their changes.
points as (
    select account, resource, config, since, clock, runs from wound semi join changed using (resource)
    union all
    select account, resource, config, second, null, runs from changes
),
cut as (
    select account, resource, config, since, runs,
        lead(since, 1, {LAST}) over its as upto,
        coalesce(first_value(clock) over its, 0) as clock
    from points
    window its as (partition by resource order by since, clock nulls last rows between unbounded preceding and unbounded following)
),
spans as (select * from cut where runs and since < upto),
-- The clock runs through all segments of a server: what counts is where it stood and how long it ran.
moved as (
    select account, resource, any_value(config) as config, sum(upto - since)::bigint as seconds, min(clock) as clock,
        max(mbps) as mbps
    from spans join configs using (config) group by account, resource
),
servers as (
    select account, resource, config, 3600::bigint as seconds, clock, null as mbps from steady
    union all
    select account, resource, config, seconds, clock, mbps from moved
),
-- A sample counts where its server ran.
traffic as (
    select resource, sum(bytes)::bigint as bytes from samples anti join changed using (resource) group by resource
    union all
    select s.resource, sum(s.bytes)::bigint from samples s join spans c on s.resource = c.resource and s.second >= c.since and s.second < c.upto
    group by s.resource
),
bills as (
    select account,
        -- Tiers of the running time.
        ((greatest(least(s.clock + seconds, above_2_s) - s.clock, 0) * tier_1_e8
          + greatest(least(s.clock + seconds, above_3_s) - greatest(s.clock, above_2_s), 0) * tier_2_e8
          + greatest(s.clock + seconds - greatest(s.clock, above_3_s), 0) * tier_3_e8) * 2 + 3600) // 7200
        + (system_gb * system_e8 * seconds * 2 + 3600) // 7200
        + (data_gb * data_e8 * seconds * 2 + 3600) // 7200
        -- The highest bandwidth of the hour, step by step.
        + ((least(coalesce(s.mbps, c.mbps), mbps_above) * mbps_1_e8
          + greatest(coalesce(s.mbps, c.mbps) - mbps_above, 0) * mbps_2_e8) * seconds * 2 + 3600) // 7200
        + (coalesce(t.bytes, 0) * traffic_e8 + traffic_bytes // 2) // traffic_bytes as e8
    from servers s join configs c using (config) left join traffic t using (resource)
)
select account, count(*) as bills, sum((e8 + 500000) // 1000000)::bigint as minor, sum(e8)::bigint as e8
from bills group by account
"""


def load(rows):
    db = duckdb.connect(":memory:")
    db.execute("set threads = 2")
    for table in ["configs", "openings", "changes", "samples", "totals"]:
        db.execute(f"create table {table} as from read_csv('{rows}/{table}.csv', header = true)")
    return db


def wait_for(child, word):
    """Passes on what the till says until it says `word`."""
    for line in child.stderr:
        print(line, end="", file=sys.stderr)
        if word in line:
            return
    sys.exit("till stopped early")


def main():
    till, rows, accounts = sys.argv[1:]
    command = [till, "bench", "settle", "--accounts", accounts, "--dump", rows]
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    wait_for(child, "making")
    db = load(rows)
    seconds = []
    for _ in range(ROUNDS):
        # By turns, so that a noisy machine is as noisy for both.
        child.stdin.write("\n")
        child.stdin.flush()
        wait_for(child, "pure round")
        start = time.perf_counter()
        db.execute(SETTLE)
        seconds.append(time.perf_counter() - start)
        print(f"DuckDB round {len(seconds)} of {ROUNDS}: {seconds[-1]:.3f} s", file=sys.stderr)
    ours = json.loads(child.communicate()[0])
    theirs = db.execute("select sum(bills)::bigint, sum(minor)::bigint, sum(e8)::bigint from settled").fetchone()
    wrong = db.execute("""
        select count(*) from totals t full join settled s using (account)
        where t.bills is distinct from s.bills or t.total_minor is distinct from s.minor or t.total_e8 is distinct from s.e8
    """).fetchone()[0]
    same = wrong == 0 and theirs == (ours["bills"], ours["total_minor"], ours["total_e8"])
    best, median = min(seconds), statistics.median(seconds)
    print(f"{ours['resources']} resources, 2 threads     best s   median s       bills          fen                  1e-8")
    line = "{:<28} {:>10.3f} {:>10.3f} {:>11} {:>12} {:>21}"
    print(line.format("till, bills and wallets", ours["best_seconds"], ours["median_seconds"], ours["bills"], ours["total_minor"], ours["total_e8"]))
    print(line.format(f"DuckDB {duckdb.__version__}, totals only", best, median, *theirs))
    print(f"till takes {ours['best_seconds'] / best:.2f} times as long as DuckDB (best of {ROUNDS} each)")
    print(f"accounts that differ: {wrong}; totals are {'the same' if same else 'NOT the same'}")
    sys.exit(0 if same else 1)


if __name__ == "__main__":
    main()
