"""Moving a warehouse: everything arrives, is proved to, and the source stays as it was."""

from __future__ import annotations

import hashlib
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from parsers.errors import Drop, Quarantine, Retry
from tests.warehouse.builders import Bench, a_batch, an_article, at
from tests.warehouse.history import a_history, contents
from tests.warehouse.places import LAKES, Places, needs_extensions
from warehouse.desk import Desk
from warehouse.loading.landing import land
from warehouse.published.publish import publish
from warehouse.published.read import read
from warehouse.upkeep.move import Move, move

ROOT = Path(__file__).parents[3]


@pytest.fixture
def filled(bench: Bench) -> Bench:
    """A file with some history, published."""
    bench.fill(*a_history(5, 2))
    publish(bench.desk, now=at(1))
    return bench


def everything(bench: Bench) -> object:
    with bench.open() as wh:
        return contents(wh), wh.execute("FROM writer_lock"), wh.execute("FROM schema_migrations")


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def by_name(moved: Move) -> dict[str, tuple[int, str]]:
    return {table.name: (table.rows, table.checksum) for table in moved.tables}


@LAKES
def test_into_a_lake_and_back(filled: Bench, lake: Bench, tmp_path: Path) -> None:
    before = digest(filled.desk.private)
    back = Bench(Desk.at(tmp_path / "back.duckdb"))
    there = move(filled.desk, lake.desk)
    assert digest(filled.desk.private) == before
    returned = move(lake.desk, back.desk)
    assert by_name(there) == by_name(returned)
    assert by_name(there)["articles"][0] > 0
    expected = everything(filled)
    assert everything(lake) == everything(back) == expected
    assert read(lake.desk, "SELECT count(*) > 0 FROM funnel").rows == ((True,),)
    # … and it goes on there.
    assert lake.load(a_batch("later")).batches == ("later",)


@pytest.mark.parametrize("kind", ["file", "sqlite", "other file"])
def test_a_source_that_is_none_is_named_before_anything_is_made(kind: str, tmp_path: Path) -> None:
    source = Desk.at(tmp_path / "nope.duckdb")
    if kind == "sqlite":
        needs_extensions("ducklake", "sqlite_scanner")
        lake = f"ducklake:sqlite:{tmp_path}/nope.sqlite?data={tmp_path}/data"
        source = Desk.at(lake, tmp_path / "desks")
    if kind == "other file":
        source.published.write_text("my thesis")
    before = sorted(tmp_path.iterdir())
    with pytest.raises(Quarantine) as caught:
        move(source, Desk.at(tmp_path / "new.duckdb"))
    assert caught.value.name == ("not_a_warehouse" if kind == "other file" else "no_warehouse")
    assert sorted(tmp_path.iterdir()) == before


def test_what_waits_to_be_loaded_waits_in_the_new_place_too(filled: Bench, tmp_path: Path) -> None:
    land(filled.desk, a_batch("waiting"))
    target = Bench(Desk.at(tmp_path / "target.duckdb"))
    assert move(filled.desk, target.desk).landed_batches == 1
    assert target.load().batches == filled.load().batches == ("waiting",)


def test_a_place_with_rows_is_refused_and_left_alone(filled: Bench, lake: Bench) -> None:
    lake.load(a_batch("theirs"))
    with pytest.raises(Drop, match="holds a warehouse already"):
        move(filled.desk, lake.desk)
    assert lake.rows("SELECT batch_id FROM batches") == [("theirs",)]
    with pytest.raises(Drop, match="another place"):
        move(filled.desk, filled.desk)


KILLED = """
import os, signal, sys
from pathlib import Path
from warehouse.desk import Desk
from warehouse.upkeep.move import move
def on_table(name, rows):
    if name == "entries":
        os.kill(os.getpid(), signal.SIGKILL)
move(Desk.at(sys.argv[1]), Desk.at(sys.argv[2], Path(sys.argv[3])), on_table=on_table)
"""


@pytest.mark.parametrize("kind", ["file", "sqlite"])
def test_killed_halfway_it_starts_over(
    kind: str, filled: Bench, places: Places, tmp_path: Path
) -> None:
    target = Bench(places.desk(kind, tmp_path, "target"))
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, filled.desk.name, target.desk.name,
         str(target.desk.folder.parent)],
        cwd=ROOT, check=False,
    )  # fmt: skip
    assert killed.returncode == -signal.SIGKILL
    with pytest.raises(Quarantine, match="Run it again"), target.open():
        pass
    move(filled.desk, target.desk)
    assert everything(target) == everything(filled)


def test_a_source_that_changes_meanwhile_is_not_called_moved(lake: Bench, tmp_path: Path) -> None:
    lake.load(a_batch("first"), a_batch("second", articles=(an_article("a"),)))
    elsewhere = Bench(Desk.at(lake.desk.name, tmp_path / "other-machine"))
    target = Bench(Desk.at(tmp_path / "target.duckdb"))

    def on_table(name: str, _rows: int) -> None:
        if name == "batches":
            elsewhere.load(a_batch("late"))

    with pytest.raises(Retry, match="stop what fills it"):
        move(lake.desk, target.desk, on_table=on_table)
    move(lake.desk, target.desk)
    assert target.rows("SELECT count(*) FROM batches") == [(3,)]


def test_an_older_source_is_not_changed_to_be_moved(filled: Bench, tmp_path: Path) -> None:
    with filled.open() as wh:
        wh.execute(
            "DELETE FROM schema_migrations"
            " WHERE version = (SELECT max(version) FROM schema_migrations)"
        )
    with pytest.raises(Quarantine, match="run `pressclip warehouse migrate` on it first"):
        move(filled.desk, Desk.at(tmp_path / "target.duckdb"))


def test_where_there_is_nothing_to_move(bench: Bench, tmp_path: Path) -> None:
    with pytest.raises(Quarantine, match="no warehouse at"):
        move(bench.desk, Desk.at(tmp_path / "target.duckdb"))
