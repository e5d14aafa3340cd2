"""Backups: consistent beside a loader, read back before they count, and the way back."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from parsers.errors import Drop, Quarantine, Retry
from tests.tiers import also_long
from tests.waiting import PATIENCE
from tests.warehouse.builders import Bench, a_batch, an_article, an_entry, at, damage
from tests.warehouse.database.test_open import someone_holds
from tests.warehouse.history import a_history, contents
from warehouse.files import copy_at_rest
from warehouse.loading.landing import land
from warehouse.published.publish import publish
from warehouse.published.read import read
from warehouse.upkeep import backup as module
from warehouse.upkeep.backup import backup, backup_name, backups, prune_backups, restore

COUNT = "SELECT count(*) FROM entries"


def backed_up(bench: Bench, hours: float = 0) -> Path:
    return backup(bench.desk, bench.desk.backups / backup_name(bench.desk, at(hours))).path


def test_what_was_backed_up_comes_back(bench: Bench) -> None:
    bench.fill(*a_history(3, 4))
    with bench.open() as wh:
        expected = contents(wh)
    made = backup(bench.desk, bench.desk.backups / "one.duckdb")
    assert made.rows["articles"] == len(expected["articles"])
    assert made.size == made.path.stat().st_size
    assert stat.S_IMODE(made.path.stat().st_mode) == 0o444
    bench.load(*a_history(3, 6))
    with bench.open() as wh:
        changed = contents(wh)
    aside = restore(bench.desk, made.path, now=at(0))
    with bench.open() as wh:
        assert contents(wh) == expected != changed
    assert aside
    restore(bench.desk, aside, now=at(1))
    with bench.open() as wh:
        assert contents(wh) == changed


def test_what_is_restored_is_published_next_and_takes_what_waits(bench: Bench) -> None:
    bench.load(a_batch("b1", entries=(an_entry("one"),)))
    made = backed_up(bench)
    bench.load(a_batch("b2", entries=(an_entry("two"),)))
    publish(bench.desk, now=at(1))
    land(bench.desk, a_batch("b3", entries=(an_entry("three"),)))
    restore(bench.desk, made, now=at(2))
    assert publish(bench.desk, now=at(3))
    assert read(bench.desk, COUNT).rows == ((1,),)
    assert bench.load().batches == ("b3",)
    assert bench.rows(COUNT) == [(2,)]


def test_a_warehouse_beyond_opening_is_replaced_and_kept(bench: Bench) -> None:
    bench.load(a_batch("b1", entries=(an_entry("one"),)))
    made = backed_up(bench)
    bench.desk.private.write_bytes(b"scribbled over")
    bench.desk.private.with_name("private.duckdb.wal").write_bytes(b"and a log")
    aside = restore(bench.desk, made, now=at(2))
    assert bench.rows(COUNT) == [(1,)]
    assert aside
    assert aside.read_bytes() == b"scribbled over"


def test_a_warehouse_that_is_gone_comes_back(bench: Bench, benches: Callable[[str], Bench]) -> None:
    bench.load(a_batch("b1", entries=(an_entry("one"),)))
    publish(bench.desk, now=at(1))
    other = benches("other")
    assert restore(other.desk, bench.desk.published, now=at(2)) is None
    assert other.rows(COUNT) == [(1,)]


@pytest.mark.parametrize("content", [b"my thesis", b""], ids=["other file", "empty file"])
def test_what_is_no_warehouse_is_not_restored(bench: Bench, tmp_path: Path, content: bytes) -> None:
    bench.load(a_batch("b1", entries=(an_entry("one"),)))
    other = tmp_path / "other.duckdb"
    other.write_bytes(content)
    with pytest.raises(Quarantine) as caught:
        restore(bench.desk, other, now=at(1))
    assert caught.value.name == "not_a_warehouse"
    assert bench.rows(COUNT) == [(1,)]
    assert backups(bench.desk) == ()


def test_a_restore_that_fails_leaves_no_second_name_of_the_live_file(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    bench.load(a_batch("b1", entries=(an_entry("one"),)))
    made = backed_up(bench)
    with pytest.raises(FileNotFoundError):
        restore(bench.desk, tmp_path / "none.duckdb", now=at(1))

    def full_disk(_: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(module, "sync", full_disk)
    with pytest.raises(Retry, match="No room"):
        restore(bench.desk, made, now=at(1))
    assert backups(bench.desk) == (made,)
    assert bench.desk.private.stat().st_nlink == 1


def test_a_newer_warehouse_is_not_restored(bench: Bench, benches: Callable[[str], Bench]) -> None:
    newer = benches("newer")
    with newer.open() as wh:
        wh.execute("INSERT INTO schema_migrations VALUES (9999, 'from the future', now())")
    bench.load(a_batch("b1", entries=(an_entry("one"),)))
    with pytest.raises(Quarantine) as caught:
        restore(bench.desk, newer.desk.private, now=at(1))
    assert caught.value.name == "newer_warehouse"
    assert bench.rows(COUNT) == [(1,)]


def test_a_copy_that_reads_back_wrong_gets_no_name(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.load(a_batch("b1", entries=(an_entry("one"),)))
    older = backed_up(bench)
    bench.load(a_batch("b2", entries=(an_entry("two"),)))
    monkeypatch.setattr(module, "copy_at_rest", lambda _, target: copy_at_rest(older, target))
    with pytest.raises(Quarantine) as caught:
        backed_up(bench, 1)
    assert caught.value.name == "bad_copy"
    assert backups(bench.desk) == (older,)


@pytest.mark.parametrize("table", ["articles", "entries"])
def test_a_damaged_warehouse_makes_no_backup(bench: Bench, table: str) -> None:
    """One byte: the right number of rows, and no more."""
    bench.fill(*a_history(3, 4))
    damage(bench.desk.private, table)
    with pytest.raises(Quarantine, match="pressclip warehouse restore") as caught:
        backed_up(bench)
    assert caught.value.name == "bad_copy"
    assert backups(bench.desk) == ()


def test_a_damaged_backup_is_not_restored(bench: Bench) -> None:
    bench.fill(*a_history(3, 4))
    made = backed_up(bench)
    damage(made, "articles")
    with bench.open() as wh:
        expected = contents(wh)
    with pytest.raises(Quarantine, match="earlier backup") as caught:
        restore(bench.desk, made, now=at(1))
    assert caught.value.name == "damaged"
    assert backups(bench.desk) == (made,)
    with bench.open() as wh:
        assert contents(wh) == expected


def test_long_texts_are_read_back_too(bench: Bench) -> None:
    """More of them at once than loads have memory for."""
    bench.load(a_batch("b1", articles=(an_article("a"),)))
    with bench.open() as wh:
        wh.execute("SET memory_limit = '2GB'")
        wh.execute(
            "INSERT INTO articles BY NAME SELECT articles.* REPLACE (number AS article_id, "
            "repeat(md5(number::VARCHAR), 5000) AS text) "
            "FROM articles, range(1, 2100) AS numbers(number)"
        )
    made = backed_up(bench)
    assert restore(bench.desk, made, now=at(1))


@pytest.mark.parametrize("left", [12_288, 12_288 + 300_000], ids=["headers", "first block"])
def test_a_cut_file_is_called_damaged(bench: Bench, tmp_path: Path, left: int) -> None:
    bench.fill(*a_history(3, 4))
    (cut := tmp_path / "cut.duckdb").write_bytes(backed_up(bench).read_bytes()[:left])
    with pytest.raises(Quarantine, match="is damaged"):
        restore(bench.desk, cut, now=at(1))


@pytest.mark.parametrize("left", [b"", bytes(5000)], ids=["nothing", "zeros"])
def test_a_blank_published_copy_is_replaced(bench: Bench, left: bytes) -> None:
    bench.load(a_batch("b1", entries=(an_entry("one"),)))
    publish(bench.desk, now=at(1))
    bench.desk.published.chmod(0o644)
    bench.desk.published.write_bytes(left)
    bench.load()
    assert publish(bench.desk, now=at(2))
    assert read(bench.desk, COUNT).rows == ((1,),)


def test_a_blank_file_that_nobody_published_is_left_alone(bench: Bench) -> None:
    bench.desk.published.write_bytes(b"")
    with pytest.raises(Quarantine, match="left alone"):
        bench.load()


@pytest.mark.parametrize("head", [b"\xa5" * 4096, bytes(12_288), b""], ids=["odd", "zero", "gone"])
def test_a_private_file_without_its_head_names_the_way_back(bench: Bench, head: bytes) -> None:
    bench.load(a_batch("b1", entries=(an_entry("one"),)))
    publish(bench.desk, now=at(1))
    whole = bench.desk.private.read_bytes()
    bench.desk.private.write_bytes(head + whole[len(head) :] if head else b"")
    with pytest.raises(Quarantine, match="warehouse restore"):
        bench.load()
    restore(bench.desk, bench.desk.published, now=at(2))
    bench.load(a_batch("b2", entries=(an_entry("two"),)))
    assert publish(bench.desk, now=at(3))
    assert read(bench.desk, COUNT).rows == ((2,),)


def test_a_damaged_published_copy_is_replaced(bench: Bench) -> None:
    bench.load(a_batch("b1", entries=(an_entry("one"),)))
    made = backed_up(bench)
    publish(bench.desk, now=at(1))
    for step in (2, 3):
        bench.desk.published.chmod(0o644)
        bench.desk.published.write_bytes(made.read_bytes()[:12_288])
        if step == 3:
            bench.load()
        else:
            restore(bench.desk, made, now=at(step))
        assert publish(bench.desk, now=at(step))
        assert read(bench.desk, COUNT).rows == ((1,),)


def test_a_link_to_a_backup_stays_and_what_is_no_file_is_refused(
    bench: Bench, tmp_path: Path
) -> None:
    bench.load(a_batch("b1", entries=(an_entry("one"),)))
    (link := tmp_path / "link.duckdb").symlink_to(tmp_path / "real.duckdb")
    backup(bench.desk, link)
    assert link.is_symlink()
    assert read(tmp_path / "real.duckdb", COUNT).rows == ((1,),)
    os.mkfifo(pipe := tmp_path / "pipe")
    with pytest.raises(Drop, match="no file"):
        backup(bench.desk, pipe)
    assert pipe.is_fifo()


def test_the_latest_stay(bench: Bench) -> None:
    bench.load(a_batch("b1"))
    made = [backed_up(bench, hours) for hours in range(4)]
    assert prune_backups(bench.desk, 2) == 2
    assert backups(bench.desk) == (made[3], made[2])


def test_restores_push_out_no_backup_that_somebody_took(bench: Bench) -> None:
    bench.load(a_batch("b1"))
    made = backed_up(bench)
    asides = [restore(bench.desk, made, now=at(hours)) for hours in range(4)]
    assert prune_backups(bench.desk, 2) == 2
    assert set(backups(bench.desk)) == {made, *asides[2:]}


def test_a_backup_takes_the_place_of_no_file_of_the_warehouse(bench: Bench, tmp_path: Path) -> None:
    bench.load(a_batch("b1"))
    publish(bench.desk, now=at(1))
    (link := tmp_path / "link").symlink_to(bench.desk.private)
    for target in (bench.desk.private, link, bench.desk.published):
        with pytest.raises(Drop, match="the warehouse itself"):
            backup(bench.desk, target)
    assert stat.S_IMODE(bench.desk.private.stat().st_mode) == 0o644


def test_backups_of_one_second_are_two(bench: Bench) -> None:
    bench.load(a_batch("b1"))
    first = backed_up(bench)
    bench.load(a_batch("b2"))
    second = backed_up(bench)
    assert backups(bench.desk) == (second, first)
    assert [read(path, "SELECT count(*) FROM batches").rows for path in (first, second)] == [
        ((1,),),
        ((2,),),
    ]


def test_who_holds_the_file_is_named(bench: Bench) -> None:
    bench.load(a_batch("b1"))
    holder = someone_holds(bench.desk.private, 60)
    try:
        with pytest.raises(Retry, match=f"process {holder.pid}"):
            backed_up(bench)
        with pytest.raises(Retry, match=f"process {holder.pid}"):
            restore(bench.desk, Path("any"), now=at(1))
    finally:
        holder.kill()
        holder.wait()


@pytest.mark.parametrize("rounds", ["2", *also_long("6")])
def test_backups_beside_a_loader_hold_whole_batches(bench: Bench, rounds: str) -> None:
    """Every batch brings as many entries as outcomes; no backup may see half of one."""
    command = [sys.executable, "-m", "tests.warehouse.history", str(bench.desk.published), rounds]
    loader = subprocess.Popen(command, cwd=Path(__file__).parents[3])
    seen = set()
    while loader.poll() is None:
        if bench.desk.private.exists():
            made = backup(bench.desk, bench.desk.backups / "one.duckdb", wait=PATIENCE)
            rows = read(made.path, "SELECT count(*), coalesce(sum(outcomes), 0) FROM batches").rows
            assert read(made.path, "SELECT count(*) FROM outcomes").rows == ((rows[0][1],),)
            seen.add(rows[0][0])
    assert loader.returncode == 0
    assert seen
