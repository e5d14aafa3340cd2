"""Opening: who may, who waits, and what is refused."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from unittest.mock import Mock

import duckdb
import pytest

from parsers.errors import Quarantine, Retry
from tests.waiting import PATIENCE
from tests.warehouse.builders import Bench, a_batch, an_entry, at
from warehouse.database import open as opening
from warehouse.database.migrate import migrate
from warehouse.database.open import open_warehouse, take_all_threads
from warehouse.database.published_state import open_published
from warehouse.loading.landing import land, landed
from warehouse.loading.load import load_landed
from warehouse.published.publish import publish

HOLD = "import duckdb, sys, time; c = duckdb.connect(sys.argv[1]); print('open', flush=True); time.sleep(float(sys.argv[2]))"  # noqa: E501


def someone_holds(path: object, seconds: float) -> subprocess.Popen[str]:
    """Another program with the file open."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path), str(seconds)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    assert process.stdout.readline() == "open\n"
    return process


def test_who_holds_the_file_is_named_and_the_batch_stays(bench: Bench) -> None:
    bench.load(a_batch("b1", entries=(an_entry("one"),)))
    land(bench.desk, a_batch("b2", entries=(an_entry("two"),)))
    holder = someone_holds(bench.desk.private, 60)
    told: list[str] = []
    try:
        with (
            pytest.raises(Retry) as caught,
            open_warehouse(bench.desk, wait=2, on_wait=told.append),
        ):
            pass
    finally:
        holder.kill()
        holder.wait()
    assert caught.value.name == "warehouse_locked"
    assert f"process {holder.pid}" in caught.value.message
    assert len(told) == 1
    assert len(landed(bench.desk)) == 1
    assert bench.load().batches == ("b2",)


def test_waiting_ends_when_the_file_is_free(bench: Bench) -> None:
    bench.load(a_batch("b1"))
    holder = someone_holds(bench.desk.private, 0.5)
    with open_warehouse(bench.desk, wait=PATIENCE) as wh:
        assert wh.execute("SELECT count(*) FROM batches") == [(1,)]
    holder.wait()


def test_two_threads_take_turns(bench: Bench) -> None:
    """DuckDB's own lock does not keep two connections of one process apart."""
    inside: list[int] = []
    most: list[int] = []

    def work(number: int) -> None:
        with open_warehouse(bench.desk, wait=PATIENCE) as wh:
            inside.append(number)
            most.append(len(inside))
            land(bench.desk, a_batch(f"b{number}"))
            load_landed(wh, bench.desk, loaded_at=at(0))
            time.sleep(0.01)
            inside.remove(number)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert max(most) == 1
    assert bench.rows("SELECT count(*) FROM batches") == [(4,)]


def test_the_other_loader_is_named(bench: Bench) -> None:
    with (
        bench.open(),
        pytest.raises(Retry, match=f"process {os.getpid()}"),
        open_warehouse(bench.desk),
    ):
        pass


@pytest.mark.parametrize("content", [b"not a database", b""], ids=["other file", "empty file"])
def test_a_published_path_with_something_else_is_left_alone(bench: Bench, content: bytes) -> None:
    bench.desk.published.write_bytes(content)
    with pytest.raises(Quarantine) as caught, bench.open():
        pass
    assert caught.value.name == "not_a_warehouse"
    assert bench.desk.published.read_bytes() == content


def test_a_database_of_someone_elses_is_left_alone(bench: Bench) -> None:
    with duckdb.connect(bench.desk.published) as other:
        other.execute("CREATE TABLE articles (a INTEGER)")
    with pytest.raises(Quarantine, match="not a warehouse of pressclip's"), bench.open():
        pass
    bench.desk.published.rename(bench.desk.published.with_suffix(".moved"))
    with bench.open() as wh:
        assert wh.execute("SELECT count(*) FROM articles") == [(0,)]


def test_a_published_copy_is_looked_into_once(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To open it takes as long as to open the private file."""
    looked = Mock(wraps=open_published)
    monkeypatch.setattr("warehouse.database.published_state.open_published", looked)
    bench.load(a_batch("b1", entries=(an_entry("one"),)))
    publish(bench.desk, now=at(1))
    looked.reset_mock()
    for _ in range(3):
        with bench.open():
            pass
    assert looked.call_count == 1
    bench.desk.published.unlink()
    bench.desk.published.write_bytes(b"not a database")
    with pytest.raises(Quarantine, match="not a warehouse of pressclip's"), bench.open():
        pass


def test_a_published_copy_alone_is_enough_to_go_on_from(
    bench: Bench, benches: Callable[[str], Bench]
) -> None:
    bench.load(a_batch("b1", entries=(an_entry("one"),)))
    publish(bench.desk, now=at(1))
    moved = benches("moved")
    bench.desk.published.rename(moved.desk.published)
    assert moved.load(a_batch("b2", entries=(an_entry("two"),))).new_entries == 1
    assert moved.rows("SELECT count(*) FROM entries") == [(2,)]


def test_a_newer_warehouse_is_refused(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    with bench.open() as wh:
        wh.execute("INSERT INTO schema_migrations VALUES (9999, 'from the future', now())")
    monkeypatch.setattr(opening, "_left", {})  # in another process
    with pytest.raises(Quarantine) as caught, bench.open():
        pass
    assert caught.value.name == "newer_warehouse"
    assert "Upgrade pressclip" in caught.value.message


def test_a_file_that_is_as_it_was_left_is_not_looked_into_again(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To see that nothing is to be migrated takes as long as all else at opening."""
    looked = Mock(wraps=migrate)
    monkeypatch.setattr(opening, "migrate", looked)
    bench.load(a_batch("b1"))
    bench.load(a_batch("b2"))
    assert looked.call_count <= 1
    looked.reset_mock()
    with duckdb.connect(bench.desk.private) as other:
        other.execute("INSERT INTO schema_migrations VALUES (9999, 'from the future', now())")
    with pytest.raises(Quarantine, match="Upgrade pressclip"), bench.open():
        pass
    assert looked.call_count == 1


def test_what_another_left_in_the_log_is_looked_into(bench: Bench) -> None:
    """Killed before it could write it into the file, which is still what it was."""
    bench.load(a_batch("b1"))
    script = (
        "import duckdb, os, sys; c = duckdb.connect(sys.argv[1]); "
        "c.execute(\"INSERT INTO schema_migrations VALUES (9999, 'from the future', now())\"); "
        "os._exit(1)"
    )
    subprocess.run([sys.executable, "-c", script, bench.desk.private], check=False)
    with pytest.raises(Quarantine, match="Upgrade pressclip"), bench.open():
        pass


def test_an_engine_serves_the_next_opening_unless_it_spilled(
    benches: Callable[[str], Bench], monkeypatch: pytest.MonkeyPatch
) -> None:
    """DuckDB refuses to be told where else to spill, and nothing temporary is left in one."""
    idle: list[duckdb.DuckDBPyConnection] = []
    monkeypatch.setattr(opening, "_idle", idle)
    for name in ("one", "two"):
        with benches(name).open() as wh:
            wh.execute("CREATE TEMP TABLE mine AS SELECT 1 AS x")
        (engine,) = idle
    with benches("one").open() as wh:
        wh.execute("SET memory_limit = '24MB'")
        wh.execute("CREATE TEMP TABLE x AS SELECT md5(i::VARCHAR) AS x FROM range(1_000_000) r(i)")
        assert wh.execute("SELECT count(*) > 0 FROM duckdb_temporary_files()") == [(True,)]
    assert idle == []
    with pytest.raises(duckdb.ConnectionException):
        engine.execute("SELECT 1")
    with benches("two").open() as wh:
        assert wh.execute("SELECT count(*) FROM batches") == [(0,)]


def test_a_folder_left_by_what_was_killed_while_it_spilled_ends_no_engine(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    idle: list[duckdb.DuckDBPyConnection] = []
    monkeypatch.setattr(opening, "_idle", idle)
    bench.desk.create()
    (spill := bench.desk.folder / "spill").mkdir()
    (spill / "duckdb_temp_storage_S64K-0.tmp").write_bytes(b"left")
    with bench.open():
        pass
    assert len(idle) == 1
    with bench.open() as wh:
        wh.execute("SET memory_limit = '24MB'")
        wh.execute("CREATE TEMP TABLE x AS SELECT md5(i::VARCHAR) AS x FROM range(1_000_000) r(i)")
    assert idle == []
    assert not list(spill.glob("*"))


def test_the_file_is_one_that_both_versions_read(bench: Bench) -> None:
    with bench.open() as wh:
        ((options,),) = wh.execute(
            "SELECT options FROM duckdb_databases() WHERE database_name = 'wh'"
        ) or [({},)]
        version = wh.execute("SELECT tags FROM duckdb_databases() WHERE database_name = 'wh'")
    assert "v1.5" in str(options) + str(version)


def test_a_failed_transaction_leaves_nothing(bench: Bench) -> None:
    bench.load(a_batch("b1"))

    def fail() -> None:
        with bench.open() as wh, wh.transaction():
            wh.execute("DELETE FROM batches")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert bench.rows("SELECT changes FROM writer_lock, batches") == [(1,)]


def test_loads_work_with_one_thread_and_what_reads_whole_tables_with_all(bench: Bench) -> None:
    with duckdb.connect() as usual:
        ((all_of_them,),) = usual.execute("SELECT current_setting('threads')").fetchall()
    threads = "SELECT current_setting('threads')"
    with bench.open() as wh:
        assert wh.execute(threads) == [(1,)]
        take_all_threads(wh)
        assert wh.execute(threads) == [(all_of_them,)]
    with bench.open() as wh:
        assert wh.execute(threads) == [(1,)]
