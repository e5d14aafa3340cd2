"""What else can happen to a run: a second one, a held or lost file, a full or read-only disk, a
clock that jumps. Afterwards the rows are those of an undisturbed run."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from flows.newsstand import ServedPress
from flows.steps.subscriptions import newsstand_feeds, subscribe
from tests.settings import settings
from tests.small_disk import mounted, remount
from tests.waiting import eventually
from tests.walk import torture
from tests.walk.disturbing import complaints, finish, start
from tests.walk.walking import Rows, Undisturbed, stable_rows
from tests.walk.walking import run as run_here
from warehouse.desk import Desk

pytestmark = pytest.mark.xdist_group("walk")
"""One process, one undisturbed run."""
HOLD = """
import sys, time, duckdb
sys.stdin.readline()
while True:
    try:
        held = duckdb.connect(sys.argv[1])
        break
    except duckdb.IOException:
        time.sleep(0.02)
print("held", flush=True)
sys.stdin.read()
"""
"""Takes a file when it reads a line, and gives it back at the end of what it reads."""


@pytest.fixture(scope="module")
def expected(undisturbed: Undisturbed) -> dict[str, Rows]:
    """The rows of a run that nobody disturbed."""
    assert complaints(undisturbed.path) == []
    return undisturbed.rows


@pytest.fixture
def path(newsstand: ServedPress, tmp_path: Path) -> Path:
    """A desk that watches the made-up press."""
    subscribe(settings(tmp_path / "press.duckdb", proxy=newsstand.proxy_url), newsstand_feeds())
    return tmp_path / "press.duckdb"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 6 MB."""
    with mounted(tmp_path / "small", megabytes=6) as folder:
        yield folder


def assert_whole(newsstand: ServedPress, path: Path, expected: dict[str, Rows]) -> None:
    """A last run, undisturbed, leaves what an undisturbed run leaves."""
    run_here(settings(path, proxy=newsstand.proxy_url))
    assert complaints(path) == []
    assert list(torture.differences(expected, stable_rows(path))) == []


@pytest.mark.long
def test_two_runs_at_once(newsstand: ServedPress, path: Path, expected: dict[str, Rows]) -> None:
    runs = [start(newsstand, path) for _ in range(2)]
    assert [finish(run)[0] for run in runs] == [0, 0]
    assert_whole(newsstand, path, expected)


@pytest.mark.long
def test_another_program_holds_the_private_file(
    newsstand: ServedPress, path: Path, expected: dict[str, Rows]
) -> None:
    newsstand.forget_requests()
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(Desk.at(path).private)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as holder:
        assert holder.stdin is not None
        assert holder.stdout is not None
        run = start(newsstand, path, PRESSCLIP_LOCK_WAIT="1")
        eventually(lambda: len(newsstand.requests) >= 25, "25 requests")
        holder.stdin.write(b"now\n")
        holder.stdin.flush()
        assert holder.stdout.readline() == b"held\n"
        code, said = finish(run)
    assert code == 75
    assert f"process {holder.pid}" in said
    assert_whole(newsstand, path, expected)


def test_a_full_disk(newsstand: ServedPress, small_disk: Path, expected: dict[str, Rows]) -> None:
    path = small_disk / "press.duckdb"
    subscribe(settings(path, proxy=newsstand.proxy_url), newsstand_feeds())
    ballast = small_disk / "ballast"
    ballast.write_bytes(b"x" * (shutil.disk_usage(small_disk).free - 60_000))
    code, said = finish(start(newsstand, path))
    assert (code, "Traceback" in said) == (75, False), said
    assert "ree some space" in said
    remount(small_disk, "size=100m")
    ballast.unlink()
    assert_whole(newsstand, path, expected)


@pytest.mark.long
def test_a_desk_that_is_read_only(
    newsstand: ServedPress, small_disk: Path, expected: dict[str, Rows]
) -> None:
    remount(small_disk, "size=100m")
    path = small_disk / "press.duckdb"
    subscribe(settings(path, proxy=newsstand.proxy_url), newsstand_feeds())
    remount(small_disk, "ro")
    code, said = finish(start(newsstand, path))
    remount(small_disk, "rw")
    assert (code, "Traceback" in said) == (1, False), said
    assert "ead-only" in said
    assert_whole(newsstand, path, expected)


@pytest.mark.long
def test_files_of_the_desk_are_gone(
    newsstand: ServedPress, path: Path, expected: dict[str, Rows]
) -> None:
    assert_whole(newsstand, path, expected)
    path.unlink()
    assert_whole(newsstand, path, expected)
    Desk.at(path).private.unlink()
    assert_whole(newsstand, path, expected)
    shutil.rmtree(Desk.at(path).folder / "landing")
    assert_whole(newsstand, path, expected)


@pytest.mark.long
def test_the_clock_jumps(newsstand: ServedPress, tmp_path: Path, expected: dict[str, Rows]) -> None:
    """An hour ahead, an hour back, and once a year ahead. In this process: faketime can't hold
    Python's own sleep."""
    path = tmp_path / "press.duckdb"
    given = settings(path, proxy=newsstand.proxy_url)
    for jump in (timedelta(hours=1), timedelta(hours=-1), timedelta(days=365), timedelta(0)):
        run_here(given, later=jump)
    assert complaints(path) == []
    got = stable_rows(path)
    same = {table: expected[table] for table in ("articles", "mentions", "revisions", "stories")}
    assert list(torture.differences(same, got)) == []
    assert {row[:3] for row in got["entries"]} == {row[:3] for row in expected["entries"]}
