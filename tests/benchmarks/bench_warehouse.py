"""What loading and folding 1,000 new articles costs, in small and in big warehouses.

    python -m tests.benchmarks.bench_warehouse [--sizes 10000,100000,1000000] [--folder FOLDER]

Made-up articles of about 4 KB are landed and loaded by the loader itself, spread over a year of
days, a tenth of them copies. At each size a batch of 1,000 more is loaded a few times, and
opening and closing are timed (issue 4, item 2: at a million at most 1.5 times as long as at ten
thousand).
"""

from __future__ import annotations

import argparse
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from warehouse.connection import open_warehouse
from warehouse.desk import Desk
from warehouse.load import load_landed
from warehouse.publish import publish
from warehouse.schema import batch_schema

START = datetime(2025, 1, 1, tzinfo=UTC)
A_DAY = 2740
"""Articles a day: a million in a year."""
BATCH = 10_000
NEW = 1_000

ARTICLES = """
WITH numbered AS (
    SELECT i, if(i % 10 = 0 AND i > 500, i - 1 - (hash(i) % 400)::BIGINT, i) AS text_of
    FROM range($first::BIGINT, $last::BIGINT) AS t(i)
)
SELECT
    'article' AS kind,
    {
        'article_id': hash(i, 'article'),
        'canonical_url': 'https://host' || hash(i) % 500 || '.example/' || i,
        'url': 'https://host' || hash(i) % 500 || '.example/' || i,
        'title': 'Article number ' || i,
        'text': array_to_string(
            [getvariable('paragraphs')[(1 + hash(text_of, k) % 4096)::INTEGER] for k in range(8)],
            chr(10) || chr(10)),
        'text_kind': 'page',
        'language': ['en', 'id', 'de'][(1 + hash(i) % 3)::INTEGER],
        'access': 'free',
        'published_at': if(i % 3 = 0, NULL, $start::TIMESTAMPTZ + to_minutes(i * 1440 // $a_day)),
        'fetched_at': $start::TIMESTAMPTZ + to_minutes(i * 1440 // $a_day),
        'topics': [{
            'topic': ['OpenAI', 'Musk'][(1 + hash(i) % 2)::INTEGER], 'salience': 0.5,
            'mentions': [{'alias': 'OpenAI', 'place': 'lead', 'offset': 4, 'count': 2}]}],
        'fingerprint': {
            'text_hash': hash(text_of, 'text'),
            'bands': [hash(text_of, k, 'band') for k in range(42)],
            'signature': [(hash(text_of, k) % 4294967296)::UINTEGER for k in range(128)],
            'shingle_count': 500}
    } AS article
FROM numbered
"""
OUTCOMES = """
SELECT
    'outcome' AS kind,
    {
        'entry_id': hash(i, 'entry'), 'state': 'stored', 'attempts': 1,
        'decided_at': $start::TIMESTAMPTZ + to_minutes(i * 1440 // $a_day + 1),
        'article_id': hash(i, 'article'), 'topics_digest': 'x'
    } AS outcome
FROM range($first::BIGINT, $last::BIGINT) AS t(i)
"""
ENTRIES = """
SELECT
    'entry' AS kind,
    {
        'entry_id': hash(i, 'entry'), 'feed_id': hash(i) % 500, 'guid': 'guid-' || i,
        'link': 'https://host' || hash(i) % 500 || '.example/' || i,
        'title': 'Article number ' || i, 'summary': repeat('A sentence about it. ', 8)
    } AS entry
FROM range($first::BIGINT, $last::BIGINT) AS t(i)
"""


class Press:
    """Makes articles, the n-th always the same."""

    def __init__(self) -> None:
        self._db = duckdb.connect()
        self._db.execute("SET memory_limit = '1GB'")
        self._db.execute(
            "SET VARIABLE paragraphs = [array_to_string("
            "[substr(md5((n * 70 + k)::VARCHAR), 1, 2 + (hash(n, k) % 9)::INTEGER)"
            " for k in range(70)], ' ') for n in range(4096)]"
        )

    def land(self, desk: Desk, name: str, first: int, last: int) -> None:
        """Land the entries, articles and outcomes with these numbers as one batch."""
        params = {"first": first, "last": last, "start": START, "a_day": A_DAY}
        tables = [
            self._records(sql, {key: params[key] for key in params if f"${key}" in sql})
            for sql in (ENTRIES, ARTICLES, OUTCOMES)
        ]
        created = START + timedelta(minutes=last * 1440 // A_DAY + 1)
        about = {"batch_id": name, "kind": "harvest", "created_at": created.isoformat()}
        table = pa.concat_tables(tables).replace_schema_metadata(about)
        desk.create()
        pq.write_table(table, desk.landing / f"{name}.parquet", compression="zstd")

    def _records(self, sql: str, params: dict[str, object]) -> pa.Table:
        rows = self._db.execute(sql, params).to_arrow_table()
        schema = batch_schema()
        columns = [
            rows[field.name].cast(field.type)
            if field.name in rows.column_names
            else pa.nulls(rows.num_rows, field.type)
            for field in schema
        ]
        return pa.Table.from_arrays(columns, schema=schema)


def timed(act: Callable[[], object]) -> float:
    """Seconds that `act` takes."""
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def grow(desk: Desk, press: Press, first: int, last: int) -> float:
    """Load the articles with these numbers; returns articles a second."""
    spent = 0.0
    for start in range(first, last, BATCH):
        end = min(start + BATCH, last)
        press.land(desk, f"grow-{start:09}", start, end)

        def load() -> None:
            with open_warehouse(desk) as wh:
                load_landed(wh, desk, loaded_at=START)

        spent += timed(load)
    return (last - first) / spent


def measure(desk: Desk, press: Press, size: int, times: int) -> dict[str, float]:
    """Milliseconds, medians of `times`, of loading 1,000 more into `size` articles."""
    spent: dict[str, list[float]] = {"open": [], "load": [], "close": []}
    for number in range(times):
        first = size + number * NEW
        press.land(desk, f"new-{first:09}", first, first + NEW)
        began = time.perf_counter()
        with open_warehouse(desk) as wh:
            opened = time.perf_counter()
            load_landed(wh, desk, loaded_at=START)
            loaded = time.perf_counter()
        spent["open"].append(opened - began)
        spent["load"].append(loaded - opened)
        spent["close"].append(time.perf_counter() - loaded)
    found = {name: statistics.median(values) * 1000 for name, values in spent.items()}
    found["publish"] = timed(lambda: publish(desk, now=START)) * 1000
    return found


def main() -> None:
    """Print a line for each size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="10000,100000")
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    write = sys.stdout.write
    write(f"DuckDB {duckdb.__version__}; milliseconds for {NEW} new articles\n")
    write("articles  open  load  close  publish  file MB  built/s  peak MB\n")
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        desk, press, have = Desk.at(Path(folder) / "bench.duckdb"), Press(), 0
        for size in sorted(int(size) for size in options.sizes.split(",")):
            speed = grow(desk, press, have, size)
            found = measure(desk, press, size, options.times)
            have = size + options.times * NEW
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            file = desk.private.stat().st_size / 1e6
            write(
                f"{size:8} {found['open']:5.0f} {found['load']:5.0f} {found['close']:6.0f}"
                f" {found['publish']:8.0f} {file:8.0f} {speed:8.0f} {peak:8.0f}\n"
            )
            sys.stdout.flush()


if __name__ == "__main__":
    main()
