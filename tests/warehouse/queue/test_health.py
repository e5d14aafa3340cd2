"""What an operator is told of."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from tests.warehouse.builders import Bench, a_batch, an_article, an_entry, an_outcome, at
from warehouse.loading.landing import land
from warehouse.queue.health import (
    LowVolume,
    RestingHost,
    WaitingBatches,
    failing_feeds,
    low_volumes,
    resting_hosts,
    waiting_batches,
)
from warehouse.records import REMOVED, EntryState, Feed, FeedHealth

DAY = 24.0
TODAY = 42
"""The day looked at, counted from the first; 6 weeks after it."""


def test_feeds_that_fail_for_a_day_are_told_of(bench: Bench) -> None:
    def feed(number: int, health: FeedHealth, hours: float | None) -> Feed:
        succeeded = None if hours is None else at(hours)
        url = f"https://news.example/{number}.xml"
        return Feed(number, url, health=health, error="timeout", failures=3, succeeded_at=succeeded)

    feeds = (
        feed(1, FeedHealth.FAILING, 0),
        feed(2, FeedHealth.FAILING, 40),
        feed(3, FeedHealth.OK, 0),
        feed(4, FeedHealth.FAILING, None),
    )
    bench.load(a_batch("b", 10, "poll", feeds=feeds))
    with bench.open() as wh:
        found = failing_feeds(wh, before=at(20))
    assert [(one.feed_id, one.since) for one in found] == [(1, at(0)), (4, at(10))]
    assert found[0].error == "timeout"


def articles(bench: Bench, language: str, by_day: dict[int, int]) -> None:
    """So many new articles in a language on each day."""
    bench.load(
        *(
            a_batch(
                f"{language}-{day}",
                day * DAY,
                articles=tuple(
                    an_article(f"{language}-{day}-{one}", language=language, read=day * DAY)
                    for one in range(count)
                ),
            )
            for day, count in by_day.items()
        )
    )


def low(bench: Bench) -> list[LowVolume]:
    with bench.open() as wh:
        return list(low_volumes(wh, at(TODAY * DAY).date()))


WEEKLY = (0, 7, 14, 21, 28, 35)


def test_a_language_that_all_but_vanishes_is_told_of(bench: Bench) -> None:
    articles(bench, "id", dict.fromkeys(WEEKLY, 20) | {TODAY: 2})
    articles(bench, "en", dict.fromkeys(WEEKLY, 20) | {TODAY: 17})
    assert low(bench) == [LowVolume("language", "id", at(TODAY * DAY).date(), 2, 20.0)]


def test_one_that_vanishes_altogether_is_told_of_too(bench: Bench) -> None:
    articles(bench, "id", dict.fromkeys(WEEKLY, 20))
    assert [(one.key, one.observed) for one in low(bench)] == [("id", 0)]


def test_quiet_days_of_the_week_are_usual(bench: Bench) -> None:
    """Many on other days of the week, few on this one."""
    articles(bench, "id", dict.fromkeys((1, 8, 15, 22, 29, 36), 20) | dict.fromkeys(WEEKLY, 2))
    assert low(bench) == []


def test_too_little_or_too_new_says_nothing(bench: Bench) -> None:
    articles(bench, "de", dict.fromkeys(WEEKLY, 3))
    articles(bench, "fr", dict.fromkeys((28, 35), 20))
    assert low(bench) == []


def test_a_feed_that_goes_quiet_is_told_of_but_not_for_its_backfill(bench: Bench) -> None:
    feeds = (Feed(1, "https://a.example/feed", title="A"), Feed(2, "https://b.example/feed"))
    bench.load(a_batch("feeds", 0, "feeds", feeds=feeds))
    for day in WEEKLY:
        entries = [an_entry(f"{day}-{one}", feed=1) for one in range(12)]
        entries += [an_entry(f"{day}-{one}", feed=2, backfill=True) for one in range(12)]
        bench.load(a_batch(f"poll-{day}", day * DAY, "poll", entries=tuple(entries)))
    assert [(one.kind, one.key, one.usual) for one in low(bench)] == [("source", "A", 12.0)]


def test_batches_that_wait_are_told_of(bench: Bench) -> None:
    now = datetime.now(UTC)
    assert waiting_batches(bench.desk, now, timedelta(minutes=30)) is None
    for name, minutes in (("old", 45), ("older", 90), ("new", 0)):
        file = land(bench.desk, a_batch(name, entries=(an_entry(name),)))
        then = (now - timedelta(minutes=minutes)).timestamp()
        os.utime(bench.desk.folder / "landing" / file, (then, then))
    found = waiting_batches(bench.desk, now, timedelta(minutes=30))
    assert found == WaitingBatches(2, timedelta(minutes=90))


def test_a_removed_feed_raises_no_alarm(bench: Bench) -> None:
    feed = Feed(1, "https://a.example/feed", title="A")
    bench.load(a_batch("feeds", 0, "feeds", feeds=(feed,)))
    for day in WEEKLY:
        entries = tuple(an_entry(f"{day}-{one}", feed=1) for one in range(12))
        bench.load(a_batch(f"poll-{day}", day * DAY, "poll", entries=entries))
    assert [one.key for one in low(bench)] == ["A"]
    gone = replace(feed, health=FeedHealth.RETIRED, error=REMOVED, changed_at=at(TODAY * DAY))
    bench.load(a_batch("gone", TODAY * DAY, "feeds", feeds=(gone,)))
    assert low(bench) == []


def test_what_waits_for_a_host_is_counted(bench: Bench) -> None:
    def waits(number: int, host: str, error: str) -> Feed:
        return Feed(number, f"https://{host}/{number}", error=error, next_poll_at=at(5))

    feeds = (
        waits(1, "a.example:8443", "host_paused"),
        waits(2, "a.example:8443", "host_paused"),
        waits(3, "b.example", "host_down"),
        waits(4, "c.example", "http_503"),
    )
    paused = an_outcome("one", EntryState.WAITING, 1, reason="host_paused", next_try_at=at(4))
    bench.load(
        a_batch("b1", feeds=feeds, entries=(an_entry("one"),)), a_batch("b2", outcomes=(paused,))
    )
    with bench.open() as wh:
        assert resting_hosts(wh, at(2)) == (
            RestingHost("a.example:8443", at(5), 2, 0, "host_paused"),
            RestingHost("b.example", at(5), 1, 0, "host_down"),
            RestingHost("news.example", at(4), 0, 1, "host_paused"),
        )
        assert resting_hosts(wh, at(6)) == ()
