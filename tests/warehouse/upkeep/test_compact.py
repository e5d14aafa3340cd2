"""Compaction: gives space back, changes nothing else, and leaves one whole file when killed."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from parsers.errors import Quarantine
from tests.warehouse.builders import Bench, a_batch, an_entry, at, damage
from tests.warehouse.history import a_history, contents
from tests.warehouse.schemas import schema_of
from warehouse.database.open import row_counts
from warehouse.published.publish import publish
from warehouse.upkeep.compact import compact, free_share, pays

ROOT = Path(__file__).parents[3]
KILLED_AT = """
import os, signal, sys
from pathlib import Path
folder, last, seen = sys.argv[1], int(sys.argv[2]), 0

def count(event, args):
    global seen
    if event in {"os.rename", "os.remove", "os.chmod"} and folder in str(args[0]):
        seen += 1
        if seen == last:
            os.kill(os.getpid(), signal.SIGKILL)

from warehouse.upkeep.compact import compact
from warehouse.desk import Desk
desk = Desk.at(Path(folder) / "clips.duckdb")
sys.addaudithook(count)
compact(desk)
print(seen)
"""


def swollen(bench: Bench) -> None:
    """A warehouse whose file has a hole in it."""
    bench.fill(*a_history(3, 4))
    with bench.open() as wh:
        wh.execute("CREATE TABLE ballast AS SELECT md5(i::VARCHAR) FROM range(90000) AS t(i)")
    bench.load(a_batch("behind", entries=(an_entry("behind"),)))
    with bench.open() as wh:
        wh.execute("DROP TABLE ballast")


@pytest.mark.usefixtures("made_anew")
def test_space_comes_back_and_nothing_else_changes(bench: Bench) -> None:
    bench = replace(bench, made=True)  # its blocks are as large as those of what it becomes
    swollen(bench)
    with bench.open() as wh:
        assert free_share(wh) > 0.2
        before = contents(wh), schema_of(wh)
    done = compact(bench.desk)
    assert done.after < done.before
    assert bench.desk.private.stat().st_size == done.after
    with bench.open() as wh:
        assert (contents(wh), schema_of(wh)) == before
        assert free_share(wh) < 0.1


def test_a_damaged_file_is_called_so(bench: Bench) -> None:
    bench.fill(*a_history(3, 4))
    damage(bench.desk.private, "articles")
    with pytest.raises(Quarantine, match="pressclip warehouse restore") as caught:
        compact(bench.desk)
    assert caught.value.name == "damaged"


def test_a_small_file_is_left_alone(bench: Bench) -> None:
    swollen(bench)
    with bench.open() as wh:
        assert not pays(wh)


def test_readers_and_loads_go_on(bench: Bench) -> None:
    swollen(bench)
    publish(bench.desk, now=at(1))
    with duckdb.connect(bench.desk.published, read_only=True) as reader:
        seen = reader.execute("SELECT count(*) FROM articles").fetchall()
        compact(bench.desk)
        bench.load(a_batch("after", entries=(an_entry("after"),)))
        publish(bench.desk, now=at(2))
        assert reader.execute("SELECT count(*) FROM articles").fetchall() == seen


def run_and_kill(bench: Bench, step: int) -> subprocess.CompletedProcess[str]:
    """A compaction that is killed at its so-manieth touch of a file; 0: not at all."""
    folder = str(bench.desk.published.parent)
    return subprocess.run(
        [sys.executable, "-c", KILLED_AT, folder, str(step)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_killed_at_every_step(bench: Bench) -> None:
    swollen(bench)
    with bench.open() as wh:
        expected = row_counts(wh), contents(wh)
    steps = int(run_and_kill(bench, 0).stdout)
    assert steps >= 3
    for step in range(1, steps + 1):
        assert run_and_kill(bench, step).returncode == -signal.SIGKILL
        with bench.open() as wh:
            assert row_counts(wh) == expected[0], f"killed at {step} of {steps}"
    with bench.open() as wh:
        assert contents(wh) == expected[1]


def test_killed_while_it_copies(bench: Bench) -> None:
    swollen(bench)
    with bench.open() as wh:
        expected = row_counts(wh), contents(wh)
    began = time.monotonic()
    assert run_and_kill(bench, 0).returncode == 0
    seconds = time.monotonic() - began
    for share in (0.6, 0.75, 0.9):
        command = [sys.executable, "-c", KILLED_AT, str(bench.desk.published.parent), "0"]
        victim = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
        time.sleep(seconds * share)
        victim.kill()
        victim.wait()
        with bench.open() as wh:
            assert row_counts(wh) == expected[0], f"killed at {share}"
    with bench.open() as wh:
        assert contents(wh) == expected[1]
