"""Every old version of the schema, as it was left behind, becomes today's."""

from __future__ import annotations

from collections.abc import Callable

import duckdb
import pytest

from tests.warehouse.builders import Bench
from tests.warehouse.history import a_history, contents
from tests.warehouse.record import recording, replay
from tests.warehouse.schemas import schema_of
from tests.warehouse.upkeep.test_checks import MADE_UP
from warehouse.database.migrate import migrations
from warehouse.database.open import migrate_now
from warehouse.database.warehouse import Row
from warehouse.upkeep.checks import check

NEWEST = migrations()[-1].version


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> list[Row]:
    """The schema of a warehouse made today."""
    with Bench.in_folder(tmp_path_factory.mktemp("fresh")).open() as wh:
        return schema_of(wh)


def test_every_version_is_recorded() -> None:
    missing = [one for one in range(1, NEWEST + 1) if not recording(one).exists()]
    assert missing == [], "run: python -m tests.warehouse.record, with the code of that version"


@pytest.mark.parametrize("version", range(1, NEWEST + 1))
def test_an_old_warehouse_becomes_a_new_one(bench: Bench, fresh: list[Row], version: int) -> None:
    bench.desk.create()
    replay(version, bench.desk.private)
    with duckdb.connect(bench.desk.private, read_only=True) as old:
        seen = old.execute("SELECT (SELECT count(*) FROM articles), count(*) FROM entries")
        counts = seen.fetchall()
    before, done = migrate_now(bench.desk)
    assert before == version
    assert [migration.version for migration in done] == list(range(version + 1, NEWEST + 1))
    with bench.open() as wh:
        assert schema_of(wh) == fresh
        assert wh.execute("SELECT (SELECT count(*) FROM articles), count(*) FROM entries") == counts
        bench.load_into(wh, *a_history(6, 7)[10:])
        assert [one.name for one in check(wh)[1] if one.name not in MADE_UP] == []


def test_old_and_new_end_alike_after_the_same_batches(
    bench: Bench, benches: Callable[[str], Bench]
) -> None:
    """What an old version loaded is what this one loads: the newest recording was made of the same
    batches."""
    bench.desk.create()
    replay(NEWEST, bench.desk.private)
    today = benches("today")
    today.load(*a_history(6, 5))
    with bench.open() as old, today.open() as new:
        assert contents(old) == contents(new)


def test_a_backup_from_before_can_be_gone_back_to(bench: Bench) -> None:
    bench.desk.create()
    replay(1, bench.desk.private)
    migrate_now(bench.desk)
    (kept,) = bench.desk.backups.iterdir()
    assert kept.name == "before-migration-from-1.duckdb"
    with duckdb.connect(kept, read_only=True) as old:
        assert old.execute("SELECT max(version) FROM schema_migrations").fetchall() == [(1,)]
