"""What becomes of a feed, given what it answered: pure decisions, no sockets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from flows.feed_state import decide_failure, decide_feed, validators
from flows.poll import chunks_of
from parsers.errors import Quarantine, Retry
from parsers.records import Page, ParsedFeed
from warehouse.records import Feed, FeedHealth

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
FEED = Feed(feed_id=1, url="https://paper.example/feed")
HALF_AN_HOUR = 1800.0


def answer(status: int = 200, headers: Mapping[str, str] | None = None) -> Page:
    pairs = tuple((headers or {}).items())
    return Page(FEED.url, FEED.url, status, pairs, b"<rss/>", NOW)


def test_an_answer_with_validators_is_remembered_exactly() -> None:
    page = answer(headers={"etag": 'W/"a b"', "last-modified": "Sun, 01 Nov 2026 11:00:00 GMT"})
    feed = decide_feed(FEED, page, ParsedFeed("rss20", ()), now=NOW, interval=HALF_AN_HOUR).feed
    assert (feed.etag, feed.last_modified) == ('W/"a b"', "Sun, 01 Nov 2026 11:00:00 GMT")
    assert validators(feed, NOW) == {
        "if-none-match": 'W/"a b"',
        "if-modified-since": "Sun, 01 Nov 2026 11:00:00 GMT",
    }


def test_not_modified_keeps_the_validators_it_does_not_repeat() -> None:
    known = replace(FEED, etag='"1"', full_fetch_at=NOW, body_hash="abc")
    feed = decide_feed(known, answer(304), None, now=NOW, interval=HALF_AN_HOUR).feed
    assert (feed.etag, feed.body_hash, feed.full_fetch_at) == ('"1"', "abc", NOW)


def test_a_full_answer_without_validators_forgets_the_old_ones() -> None:
    known = replace(FEED, etag='"1"', last_modified="x")
    feed = decide_feed(
        known, answer(), ParsedFeed("rss20", ()), now=NOW, interval=HALF_AN_HOUR
    ).feed
    assert (feed.etag, feed.last_modified) == (None, None)


def test_validators_are_not_trusted_for_more_than_a_day() -> None:
    known = replace(FEED, etag='"1"', full_fetch_at=NOW - timedelta(days=1, seconds=1))
    assert validators(known, NOW) == {}


@pytest.mark.parametrize(
    ("headers", "ttl", "minutes"),
    [
        ({}, None, 30),
        ({}, 120, 120),
        ({"cache-control": "public, max-age=7200"}, None, 120),
        ({"cache-control": "max-age=60"}, None, 30),
        ({"cache-control": "no-cache, max-age=7200"}, None, 30),
        ({"expires": "Sun, 01 Nov 2026 14:00:00 GMT"}, None, 120),
        ({"expires": "0"}, None, 30),
        ({"cache-control": "max-age=999999999"}, None, 24 * 60),
    ],
)
def test_next_poll_is_as_late_as_the_feed_asks(
    headers: dict[str, str], ttl: int | None, minutes: int
) -> None:
    parsed = ParsedFeed("rss20", (), ttl_minutes=ttl)
    feed = decide_feed(FEED, answer(headers=headers), parsed, now=NOW, interval=HALF_AN_HOUR).feed
    assert feed.next_poll_at == NOW + timedelta(minutes=minutes)


def test_a_failing_feed_is_asked_later_and_later_and_keeps_its_state() -> None:
    known = replace(FEED, etag='"1"', succeeded_at=NOW)
    error = Retry("http_500", "it answered 500")
    first = decide_failure(known, error, now=NOW, interval=HALF_AN_HOUR)
    second = decide_failure(first.feed, error, now=NOW, interval=HALF_AN_HOUR)
    assert first.feed.next_poll_at == NOW + timedelta(minutes=30)
    assert second.feed.next_poll_at == NOW + timedelta(minutes=60)
    assert (second.feed.health, second.feed.failures) == (FeedHealth.FAILING, 2)
    assert (second.feed.etag, second.feed.succeeded_at) == ('"1"', NOW)
    assert second.failure is not None
    assert second.failure.attempts == 2


def test_retry_after_is_honoured_where_it_is_longer_than_our_own_pause() -> None:
    error = Retry("http_429", "too many requests", after=7200)
    feed = decide_failure(FEED, error, now=NOW, interval=HALF_AN_HOUR).feed
    assert feed.next_poll_at == NOW + timedelta(hours=2)


def test_a_feed_that_is_gone_is_retired_and_not_asked_again() -> None:
    poll = decide_failure(FEED, Retry("http_410", "gone"), now=NOW, interval=HALF_AN_HOUR)
    assert (poll.feed.health, poll.feed.next_poll_at) == (FeedHealth.RETIRED, None)
    assert poll.failure is not None
    assert poll.failure.next_step == "drop"


def test_success_ends_a_failure() -> None:
    failed = decide_failure(FEED, Quarantine("not_a_feed", "x"), now=NOW, interval=HALF_AN_HOUR)
    feed = decide_feed(
        failed.feed, answer(), ParsedFeed("rss20", ()), now=NOW, interval=HALF_AN_HOUR
    ).feed
    assert (feed.health, feed.failures, feed.error) == (FeedHealth.OK, 0, None)


def test_a_feed_read_in_spite_of_its_faults_says_so() -> None:
    parsed = ParsedFeed("rss20", (), problem="mismatched tag")
    poll = decide_feed(FEED, answer(), parsed, now=NOW, interval=HALF_AN_HOUR)
    assert poll.feed.health is FeedHealth.OK
    assert poll.failure is not None
    assert (poll.failure.error, poll.failure.next_step) == ("malformed_feed", "drop")


def test_chunks_hold_every_feed_once_and_no_more_than_asked() -> None:
    feeds = tuple(replace(FEED, feed_id=number) for number in range(107))
    chunks = chunks_of(feeds, 50)
    assert sorted(feed.feed_id for chunk in chunks for feed in chunk) == list(range(107))
    assert max(map(len, chunks)) <= 50
