"""The read copy."""

from __future__ import annotations

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from parsers.errors import Quarantine, Retry
from tests.warehouse.builders import Bench, a_batch, an_entry, an_outcome, at
from tests.warehouse.database.test_open import someone_holds
from warehouse.database import migrate
from warehouse.desk import Desk
from warehouse.published.publish import (
    PATIENCE,
    Budget,
    PublishCost,
    publish,
    read_cost,
    write_cost,
)
from warehouse.published.read import named, read
from warehouse.records import BACKFILLED, BY_HAND, EntryState

COUNT = "SELECT count(*) FROM entries"


def test_readers_see_what_was_published_and_nothing_else(bench: Bench) -> None:
    bench.load(a_batch("b1", entries=(an_entry("one"),)))
    published = publish(bench.desk, now=at(1))
    assert published
    assert (published.path, published.published_at) == (bench.desk.published, at(1))
    bench.load(a_batch("b2", entries=(an_entry("two"),)))
    assert read(bench.desk, COUNT).rows == ((1,),)
    publish(bench.desk, now=at(2))
    assert read(bench.desk, COUNT).rows == ((2,),)


def test_it_is_told_how_long_articles_take_to_readers(bench: Bench) -> None:
    """From the answer that first showed them; of what came before the first copy nobody knows."""
    today = (datetime.now(tz=UTC) - at(0)) / timedelta(hours=1) - 1

    def store(name: str, hours: float, *, feed: int = 7, old: bool = False) -> None:
        entry = an_entry(name, feed=feed, backfill=old)
        outcome = an_outcome(name, EntryState.STORED, today + hours, feed=feed)
        bench.load(
            a_batch(f"p{name}", today + hours, "poll", entries=(entry,)),
            a_batch(f"q{name}", today + hours, outcomes=(outcome,)),
        )

    store("before", 0)
    publish(bench.desk, now=at(today + 0.1))
    assert named(bench.desk, "time_to_readers").rows == ((0, None, None),)
    for number in range(3):
        store(str(number), 0.2 + number / 10)
    # What no feed shows as news: a crawl's, a filed link, what a new feed had before.
    store("crawled", 0.2, feed=BACKFILLED)
    store("filed", 0.2, feed=BY_HAND)
    store("old", 0.2, old=True)
    publish(bench.desk, now=at(today + 0.5))
    assert named(bench.desk, "time_to_readers").rows == ((3, 720.0, 1044.0),)


def test_a_link_and_what_it_leads_to_are_one_warehouse(bench: Bench, tmp_path: Path) -> None:
    (link := tmp_path / "link.duckdb").symlink_to(bench.desk.published.name)
    for number, name in enumerate((link, bench.desk.published)):
        by_name = Bench(Desk.at(name))
        by_name.load(a_batch(f"b{number}", entries=(an_entry(f"e{number}"),)))
        publish(by_name.desk, now=at(number + 1))
    assert link.is_symlink()
    for name in (link, bench.desk.published):
        assert read(name, COUNT).rows == ((2,),)
    assert not (tmp_path / "link.desk").exists()


def test_an_open_reader_keeps_its_copy(bench: Bench) -> None:
    bench.load(a_batch("b1", entries=(an_entry("one"),)))
    publish(bench.desk, now=at(1))
    with duckdb.connect(bench.desk.published, read_only=True) as reader:
        bench.load(a_batch("b2", entries=(an_entry("two"),)))
        assert publish(bench.desk, now=at(2))
        assert reader.execute(COUNT).fetchall() == [(1,)]
        # … while whoever opens the path next, in this process too, gets the new one.
        assert read(bench.desk, COUNT).rows == ((2,),)
        assert publish(bench.desk, now=at(3)) is None


def test_a_copy_that_another_program_writes_into_is_left_alone(bench: Bench) -> None:
    bench.load(a_batch("b1"))
    publish(bench.desk, now=at(1))
    bench.desk.published.chmod(0o644)
    bench.load(a_batch("b2"))  # looks into the copy, and remembers it
    before = bench.desk.published.stat().st_ino
    holder = someone_holds(bench.desk.published, 60)
    try:
        with pytest.raises(Retry, match="published copy is for reading") as caught:
            publish(bench.desk, now=at(2), wait=0)
    finally:
        holder.kill()
        holder.wait()
    assert f"process {holder.pid}" in caught.value.message
    assert bench.desk.published.stat().st_ino == before
    assert publish(bench.desk, now=at(3))


def test_a_new_schema_is_published_though_no_row_changed(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.load(a_batch("b1"))
    publish(bench.desk, now=at(1))
    known = migrate.migrations()
    newer = migrate.Migration(len(known) + 1, "newer.sql", "CREATE VIEW fresh AS SELECT 1 AS one")
    monkeypatch.setattr(migrate, "migrations", lambda: (*known, newer))
    assert publish(bench.desk, now=at(2))
    assert read(bench.desk, "FROM fresh").rows == ((1,),)


def test_nothing_new_is_not_published(bench: Bench) -> None:
    assert publish(bench.desk, now=at(0)) is None
    bench.load(a_batch("b1"))
    assert publish(bench.desk, now=at(1))
    before = bench.desk.published.stat().st_ino
    assert publish(bench.desk, now=at(9)) is None
    assert bench.desk.published.stat().st_ino == before


def test_not_more_often_than_asked_for(bench: Bench) -> None:
    bench.load(a_batch("b1"))
    assert publish(bench.desk, now=at(1), budget=Budget(7200))
    bench.load(a_batch("b2"))
    assert publish(bench.desk, now=at(2), budget=Budget(7200)) is None
    assert publish(bench.desk, now=at(3), budget=Budget(7200))


def test_what_it_cost_is_paid_off_before_it_costs_again(bench: Bench) -> None:
    budget = Budget(share=0.05)
    bench.load(a_batch("b1"))
    assert publish(bench.desk, now=at(1), budget=budget)
    cost = read_cost(bench.desk, at(1)).seconds
    assert 0 < cost < PATIENCE
    write_cost(bench.desk, PublishCost(PATIENCE + 18, at(1)))
    bench.load(a_batch("b2"))
    # 18 seconds at a twentieth are six minutes.
    assert publish(bench.desk, now=at(1 + 5.9 / 60), budget=budget) is None
    assert publish(bench.desk, now=at(1 + 6.1 / 60), budget=budget)
    assert read_cost(bench.desk, at(1)).seconds > PATIENCE - 1
    bench.load(a_batch("b3"))
    assert publish(bench.desk, now=at(2)), "whatever it costs, where nobody minds"


def test_in_the_long_run_it_takes_its_share() -> None:
    """A copy of 18 seconds, asked for every minute for ten days."""
    pace, count = PublishCost(0.0, at(0)), 0
    for minute in range(10 * 24 * 60):
        now = at(minute / 60)
        if pace.outstanding(now, 0.05) <= PATIENCE:
            pace, count = pace.after(now, 18.0, 0.05), count + 1
    assert 0.049 < count * 18 / (10 * 24 * 3600) < 0.051


def test_a_torn_memory_owes_nothing(bench: Bench) -> None:
    bench.desk.create()
    (bench.desk.folder / "publish.json").write_text("{")
    assert read_cost(bench.desk, at(1)) == PublishCost(0.0, at(1))


def test_a_copy_lost_is_made_again(bench: Bench) -> None:
    bench.load(a_batch("b1"))
    publish(bench.desk, now=at(1))
    bench.desk.published.unlink()
    assert publish(bench.desk, now=at(2))


def test_the_copy_is_for_reading_and_stands_alone(bench: Bench) -> None:
    bench.load(a_batch("b1"))
    stale = bench.desk.published.with_name("clips.duckdb.wal")
    stale.write_bytes(b"left by someone")
    publish(bench.desk, now=at(1))
    assert stat.S_IMODE(bench.desk.published.stat().st_mode) == 0o444
    assert not stale.exists()
    assert sorted(path.name for path in bench.desk.published.parent.iterdir()) == [
        "clips.desk",
        "clips.duckdb",
    ]


def test_what_is_no_warehouse_is_never_replaced(bench: Bench) -> None:
    bench.load(a_batch("b1"))
    bench.desk.published.write_bytes(b"my thesis")
    with pytest.raises(Quarantine):
        publish(bench.desk, now=at(1))
    assert bench.desk.published.read_bytes() == b"my thesis"


def test_views_and_macros_work_under_the_name_of_the_copy(bench: Bench, tmp_path: Path) -> None:
    bench.load(a_batch("b1", entries=(an_entry("one"),)))
    publish(bench.desk, now=at(1))
    other = tmp_path / "other name.duckdb"
    bench.desk.published.rename(other)
    assert read(other, "SELECT sum(entries) FROM funnel WHERE step > 1").rows == ((1,),)
    assert read(other, "FROM search('anything')").rows == ()


def test_a_clock_that_was_ahead_keeps_nothing_from_readers(bench: Bench) -> None:
    bench.load(a_batch("b1"))
    assert publish(bench.desk, now=at(24 * 3650), budget=Budget(60.0, patience=0.0))
    bench.load(a_batch("b2"))
    assert publish(bench.desk, now=at(1), budget=Budget(60.0))
