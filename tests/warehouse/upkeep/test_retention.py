"""Retention: what is old goes, and nothing that anything still depends on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from parsers.records import Failure
from tests.warehouse.builders import Bench, a_batch, an_article, an_entry, an_outcome, at
from tests.warehouse.history import a_history, contents
from warehouse.records import Batch, EntryState, Feed
from warehouse.upkeep.retention import (
    FINGERPRINT_DAYS,
    Retention,
    apply_retention,
    believed,
    days_at_work,
)
from warehouse.upkeep.sweep import sweep

DAYS = Retention(feed_states=7, failures=7, off_topic=7)


def feed_histories() -> list[Batch]:
    """Six weeks with polls of one feed, which gave its language only once, long ago."""
    return [
        a_batch("0000-import", -1, "feeds", feeds=(Feed(1, "https://a/", category="press"),))
    ] + [
        a_batch(
            f"{day:04}-poll",
            24 * day,
            "poll",
            feeds=(
                Feed(
                    1,
                    "https://a/" if day < 20 else "https://b/",
                    title=f"Title {day % 5}" if day % 2 else None,
                    language="id" if day == 3 else None,
                    etag=str(day),
                    polled_at=at(24 * day),
                    changed_at=at(24 * 9) if day == 9 else None,
                ),
            ),
        )
        for day in range(0, 42, 3)
    ]


def test_feeds_are_what_they_would_have_been(benches: Callable[[str], Bench]) -> None:
    histories = feed_histories()
    kept, thinned = benches("kept"), benches("thinned")
    for bench in (kept, thinned):
        bench.load(*histories[:13])
    with thinned.open() as wh:
        assert apply_retention(wh, DAYS, at(24 * 40)).feed_states == 9
        assert apply_retention(wh, DAYS, at(24 * 40)).feed_states == 0
    for bench in (kept, thinned):
        bench.load(*histories[13:])
    feeds = "FROM feeds"
    assert thinned.rows(feeds) == kept.rows(feeds)
    assert thinned.rows("SELECT language, category, etag FROM feeds") == [("id", "press", "9")]


def test_an_off_topic_entry_is_not_new_again(bench: Bench) -> None:
    entry = an_entry("off", summary="Much", content_html="<p>Even more</p>")
    outcome = an_outcome("off", EntryState.OFF_TOPIC, 1, reason="no_alias")
    bench.load(a_batch("b1", entries=(entry, an_entry("waits", summary="S")), outcomes=(outcome,)))
    with bench.open() as wh:
        assert apply_retention(wh, DAYS, at(24 * 9)).off_topic == 1
        assert apply_retention(wh, DAYS, at(24 * 9)).off_topic == 0
    assert bench.rows("SELECT title, summary, content_html FROM entries ORDER BY title") == [
        ("About off", None, None),
        ("About waits", "S", None),
    ]
    report = bench.load(a_batch("b2", 24 * 10, entries=(entry,)))
    assert report.new_entries == 0
    assert bench.rows("SELECT state FROM entries ORDER BY title") == [("off_topic",), ("waiting",)]


def test_failures_go(bench: Bench) -> None:
    failures = tuple(
        Failure("fetch", f"https://x/{day}", "timeout", "Slow", "retry", at(24 * day))
        for day in range(10)
    )
    bench.load(a_batch("b1", failures=failures))
    with bench.open() as wh:
        assert apply_retention(wh, DAYS, at(24 * 10)).failures == 3


def test_only_fingerprints_that_nothing_is_compared_with_go(bench: Bench) -> None:
    words = " ".join(f"w{number}" for number in range(16))
    bench.load(a_batch("b1", articles=(an_article("old", words, read=0),)))
    day = 24 * (FINGERPRINT_DAYS + 1)
    bench.load(a_batch("b2", day - 24, articles=(an_article("new", words, read=day - 24),)))
    with bench.open() as wh:
        removed = apply_retention(wh, DAYS, at(day))
    assert (removed.fingerprints, removed.bands) == (1, 16)
    bench.load(a_batch("b3", day, articles=(an_article("copy", words, read=day),)))
    assert bench.rows("SELECT articles FROM stories ORDER BY articles") == [(1,), (2,)]


TODAY = date(2026, 11, 28)
NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at_work", "ago"),
    [
        ([], None),
        ([0], None),
        ([29, 15, 0], None),
        # Ahead: nothing but today is known.
        ([365 + 40, 365 + 20, 365], 365),
        ([365 + 20, 365, 0], 365),
        ([365, 20, 10, 0], 365),
        # That went on for a month, so it was a long rest.
        ([365, 31, 15, 0], None),
        # Back in time: what is to come says nothing.
        ([31, 10, -365], None),
        ([10, -365], None),
    ],
)
def test_a_clock_that_jumped_ahead_is_not_believed(at_work: list[int], ago: int | None) -> None:
    days = [TODAY - timedelta(days=ago) for ago in at_work]
    expected = None if ago is None else datetime.combine(TODAY - timedelta(days=ago), time(), UTC)
    assert believed(NOON, days) == (expected or NOON)
    assert believed(NOON, reversed(days)) == (expected or NOON)


def test_the_desk_is_at_work_when_batches_are_loaded(bench: Bench) -> None:
    bench.load(a_batch("b1"), a_batch("b2"))
    with bench.open() as wh:
        assert days_at_work(wh) == (at(1000).date(),)


def test_what_people_read_stays(bench: Bench) -> None:
    bench.fill(*a_history(4, 4))
    with bench.open() as wh:
        before = contents(wh)
        apply_retention(wh, DAYS, at(24 * 365))
        now = contents(wh)
    stays = ("articles", "superseded", "mentions", "stories", "feeds", "outcomes", "batches")
    assert {table: now[table] for table in stays} == {table: before[table] for table in stays}


def test_half_made_files_go_when_nobody_writes_them_any_more(bench: Bench) -> None:
    bench.load(a_batch("b1"))
    desk = bench.desk
    left = (
        desk.published.with_name(".clips.duckdb.123.tmp"),
        desk.folder / ".private.duckdb.123.tmp",
        desk.folder / ".private.duckdb.123.tmp.wal",
        desk.folder / "landing" / ".b7.parquet.123.tmp",
        desk.folder / "raw" / "2026-11-01" / ".b7.warc.gz.123.tmp",
    )
    left[-1].parent.mkdir(parents=True)
    others = desk.published.with_name(".other.tmp")
    for path in (*left, others):
        path.write_bytes(b"half")
    bad = desk.folder / "landing" / "quarantine" / "bad.parquet"
    bad.parent.mkdir()
    bad.write_bytes(b"bad")
    now = newest(left)
    assert sweep(desk, now, quarantined_days=30) == ()
    assert len(sweep(desk, now + timedelta(days=2), quarantined_days=30)) == len(left)
    assert not any(path.exists() for path in left)
    assert bad.exists()
    assert sweep(desk, now + timedelta(days=31), quarantined_days=30) == ("quarantine/bad.parquet",)
    assert not bad.exists()
    assert others.exists()
    assert bench.rows("SELECT count(*) FROM batches") == [(1,)]


def newest(paths: tuple[Path, ...]) -> datetime:
    return datetime.fromtimestamp(max(path.stat().st_mtime for path in paths), UTC)
