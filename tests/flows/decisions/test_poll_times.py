"""When a feed is asked again: the bounds hold whatever its headers and its entries say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.decisions.feed_state import decide_failure, decide_feed
from flows.decisions.poll_times import LONGEST, SHORTEST, allowed_from, jitter, may_be_asked
from parsers.errors import Retry
from parsers.records import Entry, Page, ParsedFeed
from warehouse.records import Feed, FeedHealth

NOW = datetime(2026, 11, 4, 12, tzinfo=UTC)  # a Wednesday
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
BASE = 1800.0
KNOWN = Feed(
    1, "https://a.example/feed", health=FeedHealth.OK, succeeded_at=NOW - timedelta(hours=1)
)

moments = st.integers(0, 3 * 10**9).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
headers = st.lists(
    st.sampled_from(("cache-control", "expires", "date", "retry-after", "age", "etag")).flatmap(
        lambda name: st.tuples(
            st.just(name),
            st.one_of(
                st.integers(-(10**12), 10**12).map(lambda seconds: f"max-age={seconds}"),
                st.integers(0, 10**20).map(str),
                moments.map(lambda date: date.strftime("%a, %d %b %Y %H:%M:%S GMT")),
                st.text(max_size=30),
            ),
        )
    ),
    max_size=5,
)
feeds = st.builds(
    Feed,
    feed_id=st.integers(0, 2**64 - 1),
    url=st.just(KNOWN.url),
    succeeded_at=st.none() | moments,
    newest_at=st.none() | moments,
    newest_entry_id=st.none() | st.integers(0, 5),
    poll_every=st.none() | st.floats(0, 1e9),
    entry_gap=st.none() | st.floats(0, 1e9),
    ttl_minutes=st.none() | st.integers(0, 10**9),
    skip_hours=st.lists(st.integers(0, 23), max_size=24).map(tuple),
    skip_days=st.lists(st.sampled_from(DAYS), max_size=7).map(tuple),
    failures=st.integers(0, 10**6),
)
entries = st.lists(
    st.builds(
        Entry,
        entry_id=st.integers(0, 5),
        feed_id=st.just(1),
        guid=st.just("x"),
        link=st.none(),
        published_at=st.none() | moments,
        updated_at=st.none() | moments,
    ),
    max_size=12,
).map(tuple)


def an_entry(number: int, date: datetime) -> Entry:
    return Entry(number, 1, str(number), None, published_at=date)


def polled(feed: Feed, shown: Sequence[Entry] = (), **header: str) -> Feed:
    page = Page(
        feed.url,
        feed.url,
        200,
        tuple((name.replace("_", "-"), value) for name, value in header.items()),
        b"",
        NOW,
    )
    parsed = ParsedFeed(
        "rss20",
        tuple(shown),
        ttl_minutes=feed.ttl_minutes,
        skip_hours=feed.skip_hours,
        skip_days=feed.skip_days,
    )
    return decide_feed(feed, page, parsed, now=NOW, interval=BASE).feed


@given(feeds, headers, entries, st.sampled_from((200, 304)), st.floats(0, 1e7))
def test_the_next_poll_is_within_bounds_and_allowed_whatever_anyone_says(
    feed: Feed, said: list[tuple[str, str]], shown: tuple[Entry, ...], status: int, base: float
) -> None:
    page = Page(feed.url, feed.url, status, tuple(said), b"", NOW)
    parsed = ParsedFeed(
        "rss20",
        shown,
        ttl_minutes=feed.ttl_minutes,
        skip_hours=feed.skip_hours,
        skip_days=feed.skip_days,
    )
    known = decide_feed(feed, page, parsed if status == 200 else None, now=NOW, interval=base).feed
    assert known.next_poll_at is not None
    assert NOW + SHORTEST <= known.next_poll_at <= NOW + LONGEST + timedelta(days=7)
    assert may_be_asked(known, known.next_poll_at)
    if feed.ttl_minutes is not None:
        assert known.next_poll_at >= NOW + min(timedelta(minutes=feed.ttl_minutes), LONGEST)


@given(feeds, st.none() | st.floats(0, 1e9), st.floats(0, 1e7))
def test_a_failing_feed_is_asked_within_bounds_or_never(
    feed: Feed, after: float | None, base: float
) -> None:
    error = Retry("http_503", "busy", after=after)
    failed = decide_failure(feed, error, now=NOW, interval=base).feed
    if failed.next_poll_at is None:
        assert failed.health is FeedHealth.RETIRED
        return
    assert NOW + SHORTEST <= failed.next_poll_at <= NOW + LONGEST + timedelta(days=7)
    assert failed.next_poll_at >= NOW + min(timedelta(seconds=after or 0), LONGEST)
    assert may_be_asked(failed, failed.next_poll_at)


@given(feeds, moments)
def test_the_first_allowed_moment_is_the_next_full_hour_that_is_not_skipped(
    feed: Feed, moment: datetime
) -> None:
    allowed = allowed_from(feed, moment)
    assert may_be_asked(feed, allowed)
    hour = moment.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    while hour < allowed:
        assert not may_be_asked(feed, hour)
        hour += timedelta(hours=1)


@pytest.mark.parametrize(
    ("hours", "days", "allowed"),
    [
        ((), (), NOW),
        ((12,), (), NOW.replace(hour=13)),
        ((12, 13, 14), (), NOW.replace(hour=15)),
        ((), ("Wednesday",), NOW.replace(day=5, hour=0)),
        ((0,), ("Wednesday", "thursday"), NOW.replace(day=6, hour=1)),
        # Whoever forbids everything forbids themselves.
        (tuple(range(24)), (), NOW),
        ((), DAYS, NOW),
    ],
)
def test_skipped_hours_and_days(
    hours: tuple[int, ...], days: tuple[str, ...], allowed: datetime
) -> None:
    assert allowed_from(replace(KNOWN, skip_hours=hours, skip_days=days), NOW) == allowed


def test_jitter_is_a_feeds_own_and_small() -> None:
    shares = [jitter(number) for number in range(200)]
    assert shares == [jitter(number) for number in range(200)]
    assert all(0 <= share < 0.1 for share in shares)
    assert len(set(shares)) == 200
    assert max(shares) - min(shares) > 0.08


def test_a_busy_feed_is_asked_oftener_and_a_quiet_one_more_seldom() -> None:
    every_minute = [an_entry(n, NOW - timedelta(minutes=n)) for n in range(20)]
    every_day = [an_entry(n, NOW - timedelta(days=n)) for n in range(20)]
    busy, quiet = polled(replace(KNOWN, succeeded_at=None), every_minute), KNOWN
    for _ in range(8):
        quiet = polled(quiet, every_day)
    assert busy.poll_every == BASE / 3
    assert quiet.poll_every == BASE * 8


def test_a_feed_that_turned_over_between_two_polls_is_asked_twice_as_often() -> None:
    known = replace(KNOWN, poll_every=7200.0, newest_at=NOW - timedelta(hours=20))
    new = [an_entry(n, NOW - timedelta(hours=2 * n)) for n in range(8)]
    assert polled(known, new).poll_every == 3600.0


def test_a_quiet_night_does_not_hide_the_morning() -> None:
    half_hourly = [an_entry(n, NOW - timedelta(hours=10, minutes=30 * n)) for n in range(20)]
    feed = polled(KNOWN, half_hourly)
    for _ in range(20):
        feed = polled(feed, half_hourly)
    assert feed.poll_every == 3600.0


def test_a_feed_without_dates_is_judged_by_what_it_shows_first() -> None:
    undated = [Entry(n, 1, str(n), None) for n in range(20)]
    feed = polled(replace(KNOWN, newest_entry_id=1, poll_every=3600.0), undated)
    assert feed.poll_every == 2400.0  # one new
    assert polled(feed, undated).poll_every == 3600.0  # none
