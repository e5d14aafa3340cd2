"""Readers and the writer at once: no error on either side.

    python -m tests.warehouse.published.test_readers SECONDS FOLDER

is the long run; the test is a short one.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from tests.tiers import also_long
from tests.waiting import PATIENCE
from tests.warehouse.builders import Bench, a_batch, an_article, an_entry, at
from warehouse.published.publish import publish

ROOT = Path(__file__).parents[3]

OPENS_ANEW = """
import sys, time
from pathlib import Path
from warehouse.published.read import read
path, stop = Path(sys.argv[1]), Path(sys.argv[2])
both = "SELECT (SELECT count(*) FROM articles), count(*) FROM entries"
stopped, last = False, 0
while not stopped:
    stopped = stop.exists()
    (count, entries), = read(path, both).rows
    assert count == entries >= last, (count, entries, last)
    if not last:
        print("reading", flush=True)
    last = count
    time.sleep(0.05)
print(last)
"""
KEEPS_OPEN = """
import sys, time, duckdb
from pathlib import Path
session, stop = duckdb.connect(sys.argv[1], read_only=True), Path(sys.argv[2])
first = session.execute("SELECT count(*), sum(hash(title)) FROM articles").fetchall()
print("reading", flush=True)
while not stop.exists():
    assert session.execute("SELECT count(*), sum(hash(title)) FROM articles").fetchall() == first
    assert session.execute("FROM clippings").fetchall()
    time.sleep(0.1)
print(first[0][0])
"""
ATTACHES = """
import sys, time, duckdb
from pathlib import Path
session, stop = duckdb.connect(), Path(sys.argv[2])
stopped, last = False, 0
while not stopped:
    stopped = stop.exists()
    session.execute("ATTACH '" + sys.argv[1].replace("'", "''") + "' AS press (READ_ONLY)")
    (seen,), = session.execute("SELECT sum(entries) FROM press.funnel WHERE step > 1").fetchall()
    assert seen >= last
    if not last:
        print("reading", flush=True)
    last = seen
    session.execute("DETACH press")
    time.sleep(0.05)
print(last)
"""
"""Each says when it has read for the first time, and what it saw last: after the file `stop`."""


def test_a_process_sees_what_it_opened_until_it_has_closed_it(bench: Bench) -> None:
    """As the README tells of Python."""

    def count(session: duckdb.DuckDBPyConnection) -> int:
        ((seen,),) = session.execute("SELECT count(*) FROM articles").fetchall()
        return int(seen)

    bench.load(a_batch("b1", articles=(an_article("a"),)))
    publish(bench.desk, now=at(1))
    with duckdb.connect(bench.desk.published, read_only=True) as first:
        bench.load(a_batch("b2", articles=(an_article("b"),)))
        publish(bench.desk, now=at(9))
        with duckdb.connect(bench.desk.published, read_only=True) as second:
            assert (count(first), count(second)) == (1, 1)
    with duckdb.connect(bench.desk.published, read_only=True) as third:
        assert count(third) == 2


def test_macros_of_an_attached_file_work_where_it_is_used(bench: Bench) -> None:
    bench.load(a_batch("b1", articles=(an_article("a"),)))
    publish(bench.desk, now=at(1))
    with duckdb.connect() as session:
        session.execute(f"ATTACH '{bench.desk.published}' AS p (READ_ONLY)")
        session.execute("USE p")
        for call in ("search('title', days := 99999)", "timeline('openai')"):
            assert len(session.execute(f"FROM {call}").fetchall()) == 1


def read_while_writing(bench: Bench, batches: int) -> list[int]:
    """How many articles three kinds of readers saw last, while so many were loaded after the first,
    one by one."""
    load_one(bench, 0)
    stop = bench.desk.folder / "stop"
    readers = [
        subprocess.Popen(
            [sys.executable, "-c", script, str(bench.desk.published), str(stop)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        for script in (OPENS_ANEW, KEEPS_OPEN, ATTACHES)
    ]
    for reader in readers:
        assert reader.stdout is not None
        assert reader.stdout.readline() == "reading\n"
    for number in range(batches):
        load_one(bench, number + 1)
    stop.touch()
    outputs = [reader.communicate(timeout=PATIENCE)[0] for reader in readers]
    assert [reader.returncode for reader in readers] == [0, 0, 0]
    return [int(output) for output in outputs]


def load_one(bench: Bench, number: int) -> None:
    """One more article, loaded and published."""
    name = f"n{number}"
    bench.load(a_batch(f"b{number:06}", entries=(an_entry(name),), articles=(an_article(name),)))
    assert publish(bench.desk, now=at(number))


@pytest.mark.parametrize("batches", [4, *also_long(12)])
def test_readers_and_the_writer_never_meet(bench: Bench, batches: int) -> None:
    # Who kept the copy open has seen it as it was at first; the others have seen it grow.
    assert read_while_writing(bench, batches) == [batches + 1, 1, batches + 1]


if __name__ == "__main__":
    batches = int(sys.argv[1])
    folder = Path(sys.argv[2])
    sys.stdout.write(f"{read_while_writing(Bench.in_folder(folder), batches)}\n")
