#!/bin/sh
# Pure settlement against DuckDB: the same rows in memory, the same totals, in one run.
# Usage: benches/duckdb.sh [accounts]       (default 100000; each has ten servers)
set -eu
cd "$(dirname "$0")/.."
tools=.tools/duckdb
if [ ! -x "$tools/bin/python" ]; then
    python3 -m venv "$tools"
    "$tools/bin/pip" install --quiet duckdb
fi
cargo build --release --quiet
till="${CARGO_TARGET_DIR:-target}/release/till"
rows=$(mktemp -d)
trap 'rm -rf "$rows"' EXIT
"$tools/bin/python" benches/duckdb_settle.py "$till" "$rows" "${1:-100000}"
