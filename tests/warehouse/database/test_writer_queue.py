"""Writers of one lake: one at a time, in their order, and nobody waits for the dead."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from parsers.errors import Retry
from tests.warehouse.builders import Bench, at
from tests.warehouse.places import EACH_LAKE, LAKES
from warehouse.database.open import open_warehouse
from warehouse.desk import Desk
from warehouse.queue.arrivals import untold_stories

ROOT = Path(__file__).parents[3]

AT_WORK = """
import sys
from pathlib import Path
from warehouse.database.open import open_warehouse
from warehouse.desk import Desk
with open_warehouse(Desk.at(sys.argv[1], Path(sys.argv[2]))) as wh, wh.transaction():
    print("at work", flush=True)
    sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def changed(lake: Bench) -> None:
    """The lake of every test has seen a change."""
    with lake.open() as wh:
        wh.change(lambda: None)


@contextmanager
def another(desk: Desk, folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that is in the middle of a change."""
    with subprocess.Popen(
        [sys.executable, "-c", AT_WORK, desk.name, folder],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stdout
        assert process.stdout.readline() == "at work\n"
        yield process
        process.kill()


@EACH_LAKE
def test_who_does_not_want_to_wait_is_told_who_is_at_work(lake: Bench, tmp_path: Path) -> None:
    with another(lake.desk, tmp_path / "other") as process:
        with pytest.raises(Retry) as caught, lake.open() as wh:
            wh.change(lambda: None)
        assert caught.value.name == "warehouse_locked"
        assert f"process {process.pid}" in caught.value.message
        assert "Nothing is lost" in caught.value.message
    assert lake.rows("SELECT changes FROM writer_lock") == [(1,)]


@EACH_LAKE
def test_the_next_one_begins_when_the_one_before_is_done(lake: Bench, tmp_path: Path) -> None:
    """Its work is done once, on what the other one left."""
    told: list[str] = []
    seen = []
    with another(lake.desk, tmp_path / "other") as process:

        def told_of(message: str) -> None:
            told.append(message)
            process.communicate("")  # lets it commit

        with open_warehouse(lake.desk, wait=120, on_wait=told_of) as wh:
            wh.change(lambda: seen.extend(wh.execute("SELECT changes FROM writer_lock")))
        assert process.returncode == 0
    assert len(told) == 1
    assert f"process {process.pid}" in told[0]
    assert seen == [(3,)]


@EACH_LAKE
def test_nobody_waits_for_a_process_that_was_killed(lake: Bench, tmp_path: Path) -> None:
    told: list[str] = []
    with another(lake.desk, tmp_path / "other") as process:

        def told_of(message: str) -> None:
            told.append(message)
            process.kill()

        with open_warehouse(lake.desk, wait=120, on_wait=told_of) as wh:
            wh.change(lambda: None)
    assert len(told) == 1
    assert lake.rows("SELECT changes FROM writer_lock") == [(2,)]


@LAKES
def test_a_change_that_fails_lets_the_next_one_in(lake: Bench) -> None:
    def fails() -> None:
        raise LookupError

    with lake.open() as wh:
        with pytest.raises(LookupError):
            wh.change(fails)
        wh.change(lambda: None)
    assert lake.rows("SELECT changes FROM writer_lock") == [(2,)]


def test_who_waits_is_not_passed_by_who_has_more_to_do(lake: Bench, tmp_path: Path) -> None:
    """With an SQLite catalogue; PostgreSQL keeps an order by itself."""
    waits = threading.Event()
    turns: list[str] = []

    def waiter() -> None:
        desk = Desk.at(lake.desk.name, tmp_path / "other")
        with open_warehouse(desk, wait=240, on_wait=lambda _: waits.set()) as wh:
            wh.change(lambda: turns.append("waiter"))

    thread = threading.Thread(target=waiter)
    with open_warehouse(lake.desk, wait=240) as wh:

        def first() -> None:
            thread.start()
            assert waits.wait(240)
            turns.append("first")

        wh.change(first)
        wh.change(lambda: turns.append("first again"))
    thread.join()
    assert turns == ["first", "waiter", "first again"]


@LAKES
def test_what_is_no_change_waits_for_its_turn_too(lake: Bench, tmp_path: Path) -> None:
    """Two deletions at once would refuse each other."""
    with another(lake.desk, tmp_path / "other"), lake.open() as wh:
        with pytest.raises(Retry) as caught:
            untold_stories(wh, (), at(1), 10)
        assert caught.value.name == "warehouse_locked"
    with lake.open() as wh:
        assert untold_stories(wh, (), at(1), 10) == {}
    assert lake.rows("SELECT changes FROM writer_lock") == [(1,)]


@LAKES
def test_threads_of_one_process_take_turns_too(lake: Bench, tmp_path: Path) -> None:
    alone = threading.Lock()
    met = []

    def work() -> None:
        if not alone.acquire(blocking=False):
            met.append(1)
            return
        alone.release()

    def writer(number: int) -> None:
        desk = Desk.at(lake.desk.name, tmp_path / f"desks{number}")
        with open_warehouse(desk, wait=240) as wh:
            for _ in range(5):
                wh.change(work)

    threads = [threading.Thread(target=writer, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert met == []
    assert lake.rows("SELECT changes FROM writer_lock") == [(16,)]
