"""DuckLakes: the same rows as in a file, many writers, and what is said when something is wrong."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from parsers.errors import Drop, Quarantine, Retry
from tests.waiting import PATIENCE
from tests.warehouse.builders import Bench, a_batch, an_article, an_entry, at
from tests.warehouse.history import a_history, contents
from tests.warehouse.places import LAKES, Places, needs_extensions
from warehouse.database import engines, extensions, lakes
from warehouse.database.lakes import open_lake
from warehouse.database.open import open_warehouse
from warehouse.desk import Desk
from warehouse.loading.landing import landed
from warehouse.published.export import Exportable, Filters, Format, export_file
from warehouse.published.publish import publish
from warehouse.published.read import named, read
from warehouse.upkeep.checks import check
from warehouse.upkeep.compact import KEPT_STATES, tidy

ROOT = Path(__file__).parents[3]
WRITERS = 3


WRITE = """
import sys
from pathlib import Path
from tests.warehouse.builders import Bench, at
from tests.warehouse.history import a_history
from warehouse.database.open import open_warehouse
from warehouse.desk import Desk
from warehouse.loading.landing import land
from warehouse.loading.load import load_landed
where, desks, number, writers = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
desk, told = Desk.at(where, desks), []
batches = a_history(11, 2)
for place, batch in enumerate(batches):
    if place % writers == number or place == 0:
        land(desk, batch)
        with open_warehouse(desk, wait=600, on_wait=told.append) as wh:
            load_landed(wh, desk, loaded_at=at(1000))
print(len(told))
"""


@LAKES
def test_many_machines_fill_one_lake(lake: Bench, bench: Bench, tmp_path: Path) -> None:
    """Each with a desk of its own, all at once, one of the batches landed by all of them: no
    row is lost and none comes twice, whoever has to try again."""
    bench.load(*a_history(11, 2))
    with bench.open() as wh:
        expected = contents(wh)
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITE, lake.desk.name, tmp_path / f"machine{number}",
             str(number), str(WRITERS)],
            cwd=ROOT, stdout=subprocess.PIPE, text=True,
        )
        for number in range(WRITERS)
    ]  # fmt: skip
    outputs = [writer.communicate(timeout=4 * PATIENCE)[0] for writer in writers]
    assert [writer.returncode for writer in writers] == [0] * WRITERS
    assert sum(map(int, outputs)) > 0, "no writer met another one"
    with lake.open() as wh:
        found = contents(wh)
    for table, rows in expected.items():
        assert found[table] == rows, table


def test_killed_while_it_loads(lake: Bench, bench: Bench) -> None:
    """A process that lands and loads is killed at random moments until it gets through."""
    bench.load(*a_history(7, 2))
    with bench.open() as wh:
        expected = contents(wh)
    chooser = random.Random(3)
    command = [sys.executable, "-m", "tests.warehouse.history", lake.desk.name, "2",
               str(lake.desk.folder.parent)]  # fmt: skip
    for _ in range(2):
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE)
        assert process.stdout
        assert process.stdout.readline() == b"begun\n"
        time.sleep(chooser.uniform(0, 2))
        process.kill()
        process.communicate()
    subprocess.run(command, check=True, cwd=ROOT)
    with lake.open() as wh:
        assert contents(wh) == expected


def write_out_of_turn(desk: Desk) -> None:
    """As another client does it, which does not queue."""
    assert desk.lake
    with open_lake(desk.lake, "wh") as connection:
        connection.execute("UPDATE writer_lock SET changes = changes + 1")


def test_whom_another_client_came_before_tries_again_and_is_told_why(lake: Bench) -> None:
    told: list[str] = []
    tries = []
    with open_warehouse(lake.desk, wait=PATIENCE, on_wait=told.append) as wh:

        def work() -> None:
            tries.append(1)
            wh.execute("SELECT count(*) FROM batches")
            if len(tries) == 1:
                write_out_of_turn(lake.desk)
            wh.execute("UPDATE writer_lock SET published_at = $now", {"now": at(1)})

        wh.change(work)
    assert len(tries) == 2
    assert len(told) == 1
    assert "another writer changed it" in told[0]
    assert lake.rows("SELECT changes, published_at FROM writer_lock") == [(2, at(1))]


def test_who_never_comes_first_gives_up_and_says_so(lake: Bench) -> None:
    with lake.open() as wh, pytest.raises(Retry) as caught:
        wh.change(lambda: write_out_of_turn(lake.desk))
    assert caught.value.name == "warehouse_busy"
    assert lake.rows("SELECT changes FROM writer_lock") == [(1,)]


WITHOUT_COMMENT = """
SELECT table_name FROM duckdb_tables() WHERE comment IS NULL AND database_name = 'wh'
UNION ALL
SELECT view_name FROM duckdb_views() WHERE comment IS NULL AND database_name = 'wh' AND NOT internal
UNION ALL
SELECT table_name || '.' || column_name FROM duckdb_columns()
WHERE comment IS NULL AND database_name = 'wh' AND table_name IN (
    SELECT table_name FROM duckdb_tables() WHERE database_name = 'wh'
)
"""


def test_values_that_follow_nulls_in_one_transaction_are_found(lake: Bench) -> None:
    """They were not, by statistics of the table that left them out (see _DISTRUST in lakes.py)."""
    with lake.open() as wh:
        wh.execute("CREATE TABLE t (k BIGINT, a UBIGINT)")
        for first, value in ((0, 900), (20, 500)):
            with wh.transaction():
                wh.execute(
                    f"INSERT INTO t SELECT i, NULL FROM range({first}, {first + 20}) AS r(i)"
                )
                wh.execute(f"UPDATE t SET a = {value} WHERE k = {first}")
        assert wh.execute("SELECT k FROM t WHERE a = 900") == [(0,)]
    assert read(lake.desk, "SELECT count(*) FROM t WHERE a > 600").rows == ((1,),)
    assert len(read(lake.desk, "SELECT a, count(*) FROM t GROUP BY a").rows) == 3


@LAKES
def test_everything_that_can_have_a_comment_has_one(lake: Bench) -> None:
    """DuckLake takes none on macros and on the columns of views."""
    with lake.open() as wh:
        assert wh.execute(WITHOUT_COMMENT) == []


def test_a_lake_is_as_whole_as_a_file(lake: Bench, bench: Bench) -> None:
    for filled in (lake, bench):
        filled.load(*a_history(5, 1))
    with lake.open() as in_lake, bench.open() as in_file:
        (_, found), (_, expected) = check(in_lake), check(in_file)
    assert [(rule.name, rule.count) for rule in found] == [
        (rule.name, rule.count) for rule in expected
    ]


def test_readers_see_what_is_loaded_and_change_nothing(lake: Bench) -> None:
    lake.load(a_batch("b1", entries=(an_entry("one"),), articles=(an_article("one"),)))
    assert publish(lake.desk, now=at(1)) is None
    assert read(lake.desk, "SELECT title, started_at FROM clippings").rows == (
        ("Title of one", at(1)),
    )
    for sql in ("DELETE FROM entries", "CREATE TABLE x (a INTEGER)"):
        with pytest.raises(Drop, match="read-only"):
            read(lake.desk, sql)
    assert named(lake.desk, "totals").rows[0][1] == 1


def test_a_reader_beside_an_open_writer(lake: Bench) -> None:
    with lake.open() as wh, wh.transaction():
        wh.execute("INSERT INTO batches SELECT 'b', 'poll', now(), now(), 0, 0, 0, 0, 0, 0, 0")
        assert read(lake.desk, "SELECT count(*) FROM batches").rows == ((0,),)
    assert read(lake.desk, "SELECT count(*) FROM batches").rows == ((1,),)
    assert len(read(lake.desk, "FROM snapshots()").rows) > 1  # as docs/ducklake.md tells


@pytest.fixture
def idle(lake: Bench) -> Iterator[list[duckdb.DuckDBPyConnection]]:
    """The engines that are kept: none at first, and those of this test only."""
    with pytest.MonkeyPatch.context() as patched:
        kept: list[duckdb.DuckDBPyConnection] = []
        patched.setattr(lakes, "_idle", kept)
        yield kept
        for engine in kept:
            engine.close()


def test_a_lake_is_opened_again_after_its_engine_spilled(
    lake: Bench, idle: list[duckdb.DuckDBPyConnection]
) -> None:
    """DuckDB then refuses to be told where to, even the same folder."""
    with lake.open() as wh:
        wh.execute("SET memory_limit = '24MB'")
        wh.execute("CREATE TEMP TABLE x AS SELECT md5(i::VARCHAR) AS x FROM range(1_000_000) r(i)")
        assert wh.execute("SELECT count(*) > 0 FROM duckdb_temporary_files()") == [(True,)]
        wh.execute("DROP TABLE x; SET memory_limit = '256MB'")
    assert len(idle) == 1
    lake.load(a_batch("b1", articles=(an_article("one"),)))
    assert lake.rows("SELECT title FROM articles") == [("Title of one",)]


@pytest.mark.parametrize(
    "sql",
    ["SET threads = 3", "ATTACH ':memory:' AS other", "CREATE TABLE memory.left_here (a INT)"],
)
def test_an_engine_that_a_reader_changed_is_not_kept(
    lake: Bench, idle: list[duckdb.DuckDBPyConnection], sql: str
) -> None:
    with lake.open():
        pass
    read(lake.desk, "SELECT count(*) FROM batches")
    assert len(idle) == 1
    read(lake.desk, sql)
    assert idle == []


def test_an_export_takes_an_engine_of_its_own(
    lake: Bench, idle: list[duckdb.DuckDBPyConnection], tmp_path: Path
) -> None:
    """Of one that has spilled, DuckDB refuses to be told where else to."""
    with lake.open():
        pass
    before = list(idle)
    export_file(lake.desk, Exportable.ENTRIES, Filters(), Format.CSV, tmp_path / "x.csv")
    assert idle == before


def test_an_engine_with_much_left_in_it_is_not_kept(
    lake: Bench, idle: list[duckdb.DuckDBPyConnection], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "KEPT_BYTES", 0)
    lake.load(a_batch("b1"))
    assert idle == []


def test_tidying_up_leaves_the_rows_and_fewer_files(lake: Bench, tmp_path: Path) -> None:
    lake.load(*a_history(5, 2))
    with lake.open() as wh:
        before = contents(wh)
        made = datetime.now(UTC)
        tidy(wh, made)
        assert len(wh.execute("FROM wh.snapshots()")) > 1
        files = set(tmp_path.rglob("*.parquet"))
        assert tidy(wh, made + KEPT_STATES + timedelta(hours=1)) > 0
        assert files - set(tmp_path.rglob("*.parquet"))
        assert len(wh.execute("FROM wh.snapshots()")) == 1
        assert contents(wh) == before


def test_every_machine_keeps_what_it_landed(lake: Bench, tmp_path: Path) -> None:
    other = Bench(Desk.at(lake.desk.name, tmp_path / "other"))
    lake.load(a_batch("b1"))
    assert other.desk.folder != lake.desk.folder
    assert landed(other.desk) == ()


def test_where_there_is_no_lake_yet(places: Places, tmp_path: Path) -> None:
    places.desk("sqlite", tmp_path)
    for name in ("missing/c.sqlite", "missing.sqlite?data=data"):
        with pytest.raises(Quarantine, match="no warehouse at ducklake:sqlite:"):
            read(Desk.at(f"ducklake:sqlite:{tmp_path}/{name}", tmp_path), "SELECT 1")


def test_a_lake_of_someone_elses_is_left_alone(lake: Bench, places: Places, tmp_path: Path) -> None:
    places.leave_broken(lake.desk)
    with lake.open() as wh:
        wh.execute("DROP TABLE schema_migrations")
    with pytest.raises(Quarantine) as caught, lake.open():
        pass
    assert caught.value.name == "not_a_warehouse"
    text = tmp_path / "text.sqlite"
    text.write_text("Dear diary, " * 1000)
    with (
        pytest.raises(Quarantine, match="left alone"),
        open_warehouse(Desk.at(f"ducklake:sqlite:{text}?data={tmp_path}/d", tmp_path)),
    ):
        pass
    assert text.read_text().startswith("Dear diary")


def test_a_new_lake_wants_to_know_where_its_files_go(places: Places, tmp_path: Path) -> None:
    needs_extensions("ducklake", "postgres_scanner")
    with (
        pytest.raises(Drop, match="data=FOLDER"),
        open_warehouse(Desk.at(places.database(), tmp_path)),
    ):
        pass


def test_another_folder_than_that_of_the_lake_is_refused(lake: Bench, tmp_path: Path) -> None:
    elsewhere = Desk.at(f"{lake.desk.name}?data={tmp_path}/elsewhere", tmp_path)
    with pytest.raises(Drop, match=r"keeps its files elsewhere"), open_warehouse(elsewhere):
        pass


def test_a_server_that_does_not_answer(places: Places, tmp_path: Path) -> None:
    places.desk("postgres", tmp_path)
    desk = Desk.at(f"ducklake:postgres:dbname=x host={tmp_path}?data={tmp_path}", tmp_path)
    with pytest.raises(Retry, match="PGPASSWORD"), open_warehouse(desk):
        pass


def test_whoever_asks_a_lake_can_not_load_what_nobody_signed(lake: Bench, tmp_path: Path) -> None:
    """The wheels' extensions are loaded unchecked; what comes after them is not."""
    brought = extensions.brought("httpfs")
    if brought is None:
        pytest.skip("DuckDB's extension httpfs was not installed from its wheel")
    unsigned = tmp_path / brought.name
    unsigned.write_bytes(brought.read_bytes()[:-256] + bytes(256))
    with lake.open() as wh:
        with pytest.raises(duckdb.Error, match="signature"):
            wh.connection.execute(f"LOAD '{unsigned}'")
        with pytest.raises(duckdb.Error, match="Cannot change"):
            wh.connection.execute("SET allow_unsigned_extensions = true")


def test_without_the_extension_the_extra_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(extensions, "find_spec", lambda _: None)
    nowhere = {"extension_directory": tmp_path, "custom_extension_repository": tmp_path / "none"}
    with (
        duckdb.connect(config={key: str(path) for key, path in nowhere.items()}) as connection,
        pytest.raises(Drop) as caught,
    ):
        extensions.load_extension(connection, "ducklake")
    assert "pip install 'pressclip[lake]'" in caught.value.message
