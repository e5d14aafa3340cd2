"""What an operator is told of."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from parsers.records import Entry
from tests.warehouse.builders import Bench, a_batch, an_article, an_entry, an_outcome, at
from warehouse.loading.landing import land
from warehouse.queue.health import (
    LowVolume,
    RestingHost,
    WaitingBatches,
    failing_feeds,
    low_volumes,
    outlet_gaps,
    resting_hosts,
    waiting_batches,
)
from warehouse.records import REMOVED, Batch, EntryState, Feed, FeedHealth

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
    days = [day for day, count in by_day.items() for _ in range(count)]
    new = tuple(
        an_article(f"{language}-{number}", language=language, read=day * DAY)
        for number, day in enumerate(days)
    )
    bench.load(a_batch(language, max(days) * DAY, articles=new))


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


SITE_FEED, SEARCH_FEED = 1, 7


def a_watched_feed(hours: float) -> Feed:
    return Feed(
        SITE_FEED,
        "https://news.example/rss",
        health=FeedHealth.OK,
        polled_at=at(hours),
        succeeded_at=at(hours),
        poll_every=1800.0,
        entry_gap=3600.0,
    )


def shown_by_search(name: str) -> Entry:
    return an_entry(name, feed=SEARCH_FEED, outlet_url="https://news.example")


def stored(name: str, hours: float, feed: int) -> Batch:
    """The harvest of an entry that became an article, or led to one."""
    article = an_article(name, read=hours)
    outcome = an_outcome(name, EntryState.STORED, hours, feed=feed, article_id=article.article_id)
    return a_batch(f"h-{feed}-{name}", hours, articles=(article,), outcomes=(outcome,))


def gaps(bench: Bench) -> list[tuple[str, str, int]]:
    with bench.open() as wh:
        return [(one.site, one.gap, one.headlines) for one in outlet_gaps(wh)]


def test_an_outlet_whose_feed_fell_silent_is_named(bench: Bench) -> None:
    """The feed answers, and shows nothing; searches show what it should."""
    bench.load(
        a_batch("p0", 0, "poll", feeds=(a_watched_feed(0),), entries=(an_entry("a"),)),
        a_batch("s0", 0.1, "poll", entries=(shown_by_search("a"),)),
        stored("a", 0.2, SITE_FEED),
        stored("a", 0.3, SEARCH_FEED),
        a_batch("s1", 3, "poll", entries=(shown_by_search("b"), shown_by_search("c"))),
        stored("b", 3.1, SEARCH_FEED),
        stored("c", 3.2, SEARCH_FEED),
    )
    assert gaps(bench) == [], "its feed was not read since"
    bench.load(a_batch("p1", 3.5, "poll", feeds=(a_watched_feed(3.5),)))
    assert gaps(bench) == [], "it may be late"
    bench.load(a_batch("p2", 4.5, "poll", feeds=(a_watched_feed(4.5),)))
    assert gaps(bench) == [("news.example", "muted", 2)]
    ((health, reason),) = bench.rows(
        "SELECT health, reason FROM sources WHERE url = 'https://news.example/rss'"
    )
    assert health == "muted"
    assert "searches show 2 articles" in str(reason)
    late = a_batch("p3", 5, "poll", feeds=(a_watched_feed(5),), entries=(an_entry("b"),))
    bench.load(late, stored("b", 5.1, SITE_FEED))
    assert gaps(bench) == [], "it speaks again"


def test_an_outlet_that_searches_show_and_its_feed_never_did_has_no_gap(bench: Bench) -> None:
    """A feed of one section says nothing of the others."""
    bench.load(
        a_batch("p0", 0, "poll", feeds=(a_watched_feed(0),), entries=(an_entry("a"),)),
        stored("a", 0.2, SITE_FEED),
        a_batch("s1", 3, "poll", entries=(shown_by_search("b"), shown_by_search("c"))),
        stored("b", 3.1, SEARCH_FEED),
        stored("c", 3.2, SEARCH_FEED),
        a_batch("p2", 9, "poll", feeds=(a_watched_feed(9),)),
    )
    assert gaps(bench) == []


def test_an_outlet_whose_pages_cannot_be_read_any_more_is_named(bench: Bench) -> None:
    names = ("b", "c", "d")
    failed = tuple(
        an_outcome(name, EntryState.DEAD, 3 + number / 10, reason="bot_challenge")
        for number, name in enumerate(names)
    )
    bench.load(
        a_batch("p0", 0, "poll", feeds=(a_watched_feed(0),), entries=(an_entry("a"),)),
        stored("a", 0.2, SITE_FEED),
        a_batch("p1", 3, "poll", entries=tuple(map(an_entry, names))),
        a_batch("h", 3.5, outcomes=failed),
    )
    assert gaps(bench) == [], "an hour may pass"
    bench.load(a_batch("p2", 4.1, "poll", feeds=(a_watched_feed(4.1),)))
    assert gaps(bench) == [("news.example", "unread", 3)]
    misses = "SELECT outlet, reason, state, headlines FROM misses"
    assert bench.rows(misses) == [("news.example", "bot_challenge", "dead", 3)]
