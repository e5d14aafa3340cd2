"""What loading and folding 1,000 new articles costs, in small and in big warehouses.

    python -m tests.benchmarks.bench_warehouse [--sizes 10000,100000,1000000] [--folder FOLDER]
        [--a-day 2740]

Made-up articles of about 4 KB are landed and loaded by the loader itself, spread over a year of
days, a tenth of them copies. Then batches of 1,000 more are loaded into a copy of each size, in
turns, so that whatever else the machine does hits all sizes alike; opening and closing are timed
too. The last one of each size is published, and copied with fsync beside it. Warehouses that were
built stay in FOLDER for the next time.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from warehouse.database.open import open_warehouse
from warehouse.desk import Desk
from warehouse.files import clone
from warehouse.loading.load import load_landed
from warehouse.loading.schema import batch_schema
from warehouse.published.publish import publish

START = datetime(2025, 1, 1, tzinfo=UTC)
A_DAY = 2740
"""Articles a day that make a million in a year."""
BATCH = 10_000
NEW = 1_000

ARTICLES = """
WITH numbered AS (
    SELECT
        i,
        $edition::BIGINT * 1000000000
            + if(i % 10 = 0 AND i > 500, i - 1 - (hash(i) % 400)::BIGINT, i) AS text_of
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
        'fetched_at': coalesce(
            $read_at::TIMESTAMPTZ, $start::TIMESTAMPTZ + to_minutes(i * 1440 // $a_day)),
        'topics': [{
            'topic': ['OpenAI', 'Musk'][(1 + hash(i) % 2)::INTEGER], 'salience': 0.5,
            'mentions': [{'alias': 'OpenAI', 'place': 'lead', 'offset': 4, 'count': 2}]}],
        'fingerprint': {
            'text_hash': hash(text_of, 'text'),
            'bands': [hash(text_of, k, 'band') for k in range(64)],
            'sketch': array_to_string(
                [chr((48 + hash(text_of, k) % 64)::INTEGER) for k in range(640)], ''),
            'shingle_count': 500,
            'bigram_sketch': array_to_string(
                [chr((48 + hash(text_of, k, 2) % 64)::INTEGER) for k in range(256)], ''),
            'frame_sketch': array_to_string(
                [chr((48 + hash(text_of, k, 'frame') % 64)::INTEGER) for k in range(256)], '')}
    } AS article
FROM numbered
"""
OUTCOMES = """
SELECT
    'outcome' AS kind,
    {
        'entry_id': hash(i, 'entry'), 'state': 'stored', 'attempts': 1,
        'decided_at': coalesce(
            $read_at::TIMESTAMPTZ, $start::TIMESTAMPTZ + to_minutes(i * 1440 // $a_day + 1)),
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

    def __init__(self, a_day: int = A_DAY) -> None:
        self.a_day = a_day
        self._db = duckdb.connect()
        self._db.execute("SET memory_limit = '1GB'")
        self._db.execute(
            "SET VARIABLE paragraphs = [array_to_string("
            "[substr(md5((n * 70 + k)::VARCHAR), 1, 2 + (hash(n, k) % 9)::INTEGER)"
            " for k in range(70)], ' ') for n in range(4096)]"
        )

    def land(self, desk: Desk, name: str, first: int, last: int) -> None:
        """Land the entries, articles and outcomes with these numbers as one batch."""
        created = START + timedelta(minutes=last * 1440 // self.a_day + 1)
        params = {"first": first, "last": last, "start": START, "a_day": self.a_day}
        self.write(desk, name, created, self.articles(params))

    def articles(
        self, params: dict[str, object], read_at: datetime | None = None, edition: int = 0
    ) -> list[pa.Table]:
        """Entries, articles and outcomes with the numbers of `params`; in a later `edition` they
        are read again with another text."""
        read = {"read_at": read_at, "edition": edition}
        return [self.records(sql, params | read) for sql in (ENTRIES, ARTICLES, OUTCOMES)]

    def write(self, desk: Desk, name: str, created: datetime, tables: list[pa.Table]) -> None:
        """Land the rows as a batch."""
        about = {"batch_id": name, "kind": "harvest", "created_at": created.isoformat()}
        table = pa.concat_tables(tables).replace_schema_metadata(about)
        desk.create()
        desk.landing.put(
            f"{name}.parquet", lambda path: pq.write_table(table, path, compression="zstd")
        )

    def records(self, sql: str, params: dict[str, object]) -> pa.Table:
        """The rows of a query in the form of a landed batch."""
        used = {key: value for key, value in params.items() if f"${key}" in sql}
        rows = self._db.execute(sql, used).to_arrow_table()
        schema = batch_schema()
        columns = [
            rows[field.name].cast(field.type)
            if field.name in rows.column_names
            else pa.nulls(rows.num_rows, field.type)
            for field in schema
        ]
        return pa.Table.from_arrays(columns, schema=schema)


@dataclass
class Spent:
    """Milliseconds of each round, by step."""

    rounds: list[dict[str, float]] = field(default_factory=list)

    def median(self, step: str) -> float:
        """The middle one of the rounds."""
        return statistics.median(one[step] for one in self.rounds)


def timed(act: Callable[[], object]) -> float:
    """Milliseconds that `act` takes."""
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000


def load(desk: Desk) -> None:
    """Load what is landed."""
    with open_warehouse(desk) as wh:
        load_landed(wh, desk, loaded_at=START)


def build(folder: Path, press: Press, sizes: list[int]) -> None:
    """Fill a warehouse up to the biggest size, keeping a copy at each."""
    missing = [size for size in sizes if not kept(folder, size).exists()]
    if not missing:
        return
    desk = Desk.at(folder / "building.duckdb")
    desk.create()
    have = max((size for size in sizes if size < missing[0]), default=0)
    desk.private.unlink(missing_ok=True)
    if have:
        clone(kept(folder, have), desk.private)
    for start in range(have, missing[-1], BATCH):
        press.land(desk, f"grow-{start:09}", start, start + BATCH)
        spent = timed(lambda: load(desk))
        sys.stderr.write(f"{start + BATCH} articles, {BATCH * 1000 / spent:.0f} a second\n")
        if start + BATCH in missing:
            clone(desk.private, kept(folder, start + BATCH))
    desk.private.unlink()


def kept(folder: Path, size: int) -> Path:
    """Where the warehouse of a size is."""
    return folder / f"{size}-articles.duckdb"


def load_more(desk: Desk, press: Press, first: int) -> dict[str, float]:
    """Milliseconds of loading 1,000 more, and of CPU in all."""
    press.land(desk, f"new-{first:09}", first, first + NEW)
    cpu, began = time.process_time(), time.perf_counter()
    with open_warehouse(desk) as wh:
        opened = time.perf_counter()
        load_landed(wh, desk, loaded_at=START)
        loaded = time.perf_counter()
    ended = time.perf_counter()
    seconds = {
        "open": opened - began,
        "load": loaded - opened,
        "close": ended - loaded,
        "all": ended - began,
        "cpu": time.process_time() - cpu,
    }
    return {step: value * 1000 for step, value in seconds.items()}


def main() -> None:
    """Print a line for each size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="10000,100000")
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--a-day", type=int, default=A_DAY, help="articles read on one day")
    options = parser.parse_args()
    sizes = sorted(int(size) for size in options.sizes.split(","))
    if options.folder:
        options.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=options.folder) as scratch:
        press = Press(options.a_day)
        folder = options.folder or Path(scratch)
        build(folder, press, sizes)
        report(measured(Path(scratch), folder, press, sizes, options.times))


def measured(
    scratch: Path, folder: Path, press: Press, sizes: list[int], times: int
) -> dict[int, Spent]:
    """Batches loaded into copies of the warehouses, by size. The first round warms up."""
    desks = {size: Desk.at(scratch / f"{size}.duckdb") for size in sizes}
    for size, desk in desks.items():
        desk.create()
        clone(kept(folder, size), desk.private)
    spent = {size: Spent() for size in sizes}
    for number in range(times + 1):
        for size, desk in desks.items():
            found = load_more(desk, press, size + number * NEW)
            if number:
                spent[size].rounds.append(found)
    for size, desk in desks.items():
        cpu = time.process_time()
        found = {
            "publish": timed(lambda desk=desk: publish(desk, now=START)),  # type: ignore[misc]
            "publish_cpu": (time.process_time() - cpu) * 1000,
            "copy": timed(lambda desk=desk: copy(desk.private)),  # type: ignore[misc]
            "megabytes": desk.private.stat().st_size / 1e6,
        }
        spent[size].rounds = [{**one, **found} for one in spent[size].rounds]
    return spent


def copy(file: Path) -> None:
    """What a publish is measured by."""
    to = file.with_suffix(".copy")
    shutil.copyfile(file, to)
    with to.open("rb+") as copied:
        os.fsync(copied.fileno())
    to.unlink()


def report(spent: dict[int, Spent]) -> None:
    """A line for each size."""
    write = sys.stdout.write
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    write(f"DuckDB {duckdb.__version__}; milliseconds for {NEW} new articles; ")
    write(f"peak memory {peak:.0f} MB\n")
    steps = ("open", "load", "close", "all", "cpu", "publish", "copy", "megabytes")
    write("articles " + "".join(f"{step:>10}" for step in steps) + "  all/first  cpu/first\n")
    first = next(iter(spent.values()))
    for size, of_size in spent.items():
        write(f"{size:8} " + "".join(f"{of_size.median(step):10.0f}" for step in steps))
        write("".join(f"{of_size.median(s) / first.median(s):11.2f}" for s in ("all", "cpu")))
        write("\n")


if __name__ == "__main__":
    main()
