"""`pressclip warehouse` and `pressclip maintain` as a person uses them."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from flows import clock
from flows.cli.main import app
from flows.steps.maintain import maintain
from parsers.records import Failure
from tests.settings import settings
from tests.warehouse.builders import Bench, a_batch, an_article, an_entry, an_outcome, at
from warehouse.loading.landing import land
from warehouse.loading.load import load_landed
from warehouse.published.search_index import index_path, refresh_index
from warehouse.records import EntryState


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    """A desk with one article."""
    bench = Bench.in_folder(tmp_path)
    article = an_article("one")
    outcome = an_outcome("one", EntryState.STORED, 1, article_id=article.article_id)
    bench.load(a_batch("b1", entries=(an_entry("one"),), articles=(article,), outcomes=(outcome,)))
    return bench


def pressclip(bench: Bench, *args: str, code: int = 0, **env: str) -> str:
    """What the command says."""
    env |= {"PRESSCLIP_WAREHOUSE": str(bench.desk.published), "NO_COLOR": "1"}
    done = CliRunner().invoke(app, args, env=env)
    assert done.exit_code == code, done.output
    return done.output


def as_json(bench: Bench, *args: str, code: int = 0) -> Any:
    return json.loads(pressclip(bench, *args, "--json", code=code))


def test_a_whole_warehouse_passes_its_check(bench: Bench) -> None:
    assert "is whole" in pressclip(bench, "warehouse", "check")


def test_a_broken_one_fails_and_says_what_to_do(bench: Bench) -> None:
    with bench.open() as wh:
        wh.execute("INSERT INTO entries FROM entries")
    shown = pressclip(bench, "warehouse", "check", code=1)
    assert "An entry has one row." in shown
    (broken, *_) = as_json(bench, "warehouse", "check", code=1)["broken"]
    assert broken["name"] == "entries_once"
    assert "pressclip warehouse restore" in broken["advice"]


def test_what_is_broken_is_mended_after_a_backup(bench: Bench) -> None:
    with bench.open() as wh:
        wh.execute("DELETE FROM stories")
    assert "articles_have_stories" in {
        violation["name"] for violation in as_json(bench, "warehouse", "check", code=1)["broken"]
    }
    assert "is whole" in pressclip(bench, "warehouse", "rebuild")
    (kept,) = bench.desk.backups.iterdir()
    assert bench.rows("SELECT count(*) FROM stories") == [(1,)]
    again = as_json(bench, "warehouse", "rebuild")
    assert Path(again.pop("backup")).exists()
    assert set(again.values()) == {0}
    pressclip(bench, "warehouse", "restore", str(kept))
    assert bench.rows("SELECT count(*) FROM stories") == [(0,)]


def test_words_of_a_row_that_went_are_not_searched_any_more(bench: Bench) -> None:
    pressclip(bench, "warehouse", "rebuild")
    refresh_index(bench.desk)
    pressclip(bench, "warehouse", "rebuild")
    assert index_path(bench.desk).exists()
    with bench.open() as wh:
        wh.execute("INSERT INTO articles FROM articles")
    pressclip(bench, "warehouse", "rebuild")
    assert bench.rows("SELECT count(*) FROM articles") == [(1,)]
    assert not index_path(bench.desk).exists()


def test_what_can_t_be_mended_is_said(bench: Bench) -> None:
    with bench.open() as wh:
        wh.execute(
            "INSERT INTO feeds BY NAME SELECT 1 AS feed_id, 'https://a/' AS url,"
            " 'ok' AS health, 0 AS failures, now() AS added_at FROM range(2)"
        )
    assert "A feed has one row." in pressclip(bench, "warehouse", "rebuild", code=1)


def test_a_backup_and_the_way_back(bench: Bench, tmp_path: Path) -> None:
    made = as_json(bench, "warehouse", "backup")
    assert made["rows"]["articles"] == 1
    assert Path(made["path"]).parent == bench.desk.backups
    bench.load(a_batch("b2", entries=(an_entry("two"),)))
    assert "is as it was in" in pressclip(bench, "warehouse", "restore")
    assert bench.rows("SELECT count(*) FROM entries") == [(1,)]
    assert ", 1 rows" not in pressclip(bench, "warehouse", "backup", str(tmp_path / "mine.duckdb"))
    assert (tmp_path / "mine.duckdb").exists()


def test_no_backup_to_go_back_to(bench: Bench) -> None:
    assert "There is no backup" in pressclip(bench, "warehouse", "restore", code=1)


def test_backups_of_another_kind_are_listed(bench: Bench) -> None:
    pressclip(bench, "warehouse", "backup")
    pressclip(bench, "warehouse", "restore")
    for path in bench.desk.backups.glob("clips-*"):
        path.unlink()
    assert "there is before-restore-" in pressclip(bench, "warehouse", "restore", code=1)


def test_a_migration_ends_with_a_check(bench: Bench) -> None:
    with bench.open() as wh:
        wh.execute("DELETE FROM stories")
    shown = pressclip(bench, "warehouse", "migrate", code=1)
    assert "is up to date" in shown
    assert "Every article is in a story." in shown
    moved = ("warehouse", "migrate", "--to", str(bench.desk.published.with_name("moved.duckdb")))
    assert "Every article is in a story." in pressclip(bench, *moved, code=1)


def test_only_so_many_backups_stay(bench: Bench) -> None:
    bench.desk.backups.mkdir()
    for name in ("one", "two"):
        (bench.desk.backups / f"{name}.duckdb").write_bytes(b"old")
    pressclip(bench, "warehouse", "backup", PRESSCLIP_KEEP_BACKUPS="2")
    assert len(list(bench.desk.backups.iterdir())) == 2


def test_migrate_says_where_it_stands_and_refuses_the_future(bench: Bench) -> None:
    assert "is up to date" in pressclip(bench, "warehouse", "migrate")
    assert "is whole" in pressclip(bench, "warehouse", "migrate")
    with bench.open() as wh:
        wh.execute("INSERT INTO schema_migrations VALUES (9999, 'from the future', now())")
    assert "Upgrade pressclip" in pressclip(bench, "warehouse", "migrate", code=1)


def test_migrate_says_that_only_views_were_others(bench: Bench) -> None:
    with bench.open() as wh:
        wh.execute("UPDATE schema_definitions SET hash = 'of an older one'")
    assert "with the views and macros of this" in pressclip(bench, "warehouse", "migrate")
    assert "is up to date" in pressclip(bench, "warehouse", "migrate")


def test_compact_and_info(bench: Bench) -> None:
    done = as_json(bench, "warehouse", "compact")
    facts = as_json(bench, "warehouse", "info")
    assert facts["private_bytes"] == done["after"]
    assert (facts["landed_batches"], facts["backups"]) == (0, [])


@pytest.mark.parametrize("command", ["warehouse check", "warehouse info", "maintain"])
def test_a_mistyped_name_makes_no_warehouse(tmp_path: Path, command: str) -> None:
    mistyped = Bench.in_folder(tmp_path / "mistyped")
    mistyped.desk.published.parent.mkdir()
    assert "There is no warehouse" in pressclip(mistyped, *command.split(), code=1)
    assert list(mistyped.desk.published.parent.iterdir()) == []


def test_what_is_only_landed_will_be_a_warehouse(tmp_path: Path) -> None:
    new = Bench.in_folder(tmp_path / "new")
    land(new.desk, a_batch("b1", entries=(an_entry("one"),)))
    assert as_json(new, "warehouse", "info")["landed_batches"] == 1


def test_maintain_does_it_all(bench: Bench) -> None:
    old_pages = bench.desk.folder / "raw" / "2001-01-01" / "b1.warc.gz"
    old_pages.parent.mkdir(parents=True)
    old_pages.write_bytes(b"old")
    land(bench.desk, a_batch("b9"))
    with bench.open() as wh:  # a run before this one, which proves the clock
        load_landed(wh, bench.desk, loaded_at=clock.now() - timedelta(hours=1))
    report = as_json(bench, "maintain")
    assert report["broken"] == []
    assert report["files_removed"] == 1
    assert not old_pages.parent.exists()
    assert report["removed"]["failures"] == 0
    assert "rules that hold" in pressclip(bench, "maintain")


def test_maintain_keeps_what_only_a_wrong_clock_calls_old(bench: Bench) -> None:
    day = at(1000).date()
    new_pages = bench.desk.folder / "raw" / str(day) / "b1.warc.gz"
    new_pages.parent.mkdir(parents=True)
    new_pages.write_bytes(b"new")
    failure = Failure("fetch", "https://x/", "timeout", "Slow", "retry", at(999))
    bench.load(a_batch("b0", failures=(failure,)))
    given = settings(bench.desk.published)
    report = maintain(given, now=lambda: at(1000 + 24 * 365))
    assert new_pages.exists()
    assert (report.files_removed, report.removed and report.removed.failures) == (0, 0)
    assert str(day) in str(report.doubt)


def test_maintain_keeps_its_hands_off_a_broken_warehouse(bench: Bench) -> None:
    with bench.open() as wh:
        wh.execute("INSERT INTO entries FROM entries")
        wh.execute("UPDATE entries SET state = 'off_topic', decided_at = '2000-01-01'")
        wh.execute("UPDATE entries SET summary = 'evidence'")
    assert "An entry has one row." in pressclip(bench, "maintain", code=1)
    assert bench.rows("SELECT DISTINCT summary FROM entries") == [("evidence",)]
