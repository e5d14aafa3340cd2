"""What becomes of a feed, given what it answered: pure decisions, no sockets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from flows.decisions.feed_state import (
    GIVE_UP,
    GIVE_UP_UNFORESEEN,
    believable_feed,
    brings_body,
    decide_failure,
    decide_feed,
    validators,
    was_conditional,
)
from flows.steps.poll import chunks_of
from parsers.errors import NotAFeed, Quarantine, Retry
from parsers.feeds.parse import parse_feed
from parsers.records import Entry, Page, ParsedFeed
from warehouse.records import Feed, FeedHealth

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
FEED = Feed(feed_id=1, url="https://paper.example/feed")
HALF_AN_HOUR = 1800.0


def answer(status: int = 200, headers: Mapping[str, str] | None = None) -> Page:
    pairs = tuple((headers or {}).items())
    return Page(FEED.url, FEED.url, status, pairs, b"<rss/>", NOW)


def waits(feed: Feed, pause: timedelta) -> bool:
    """Whether `feed` is asked again after `pause`, or a little later."""
    assert feed.next_poll_at is not None
    return pause <= feed.next_poll_at - NOW <= pause * 1.1


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
    assert waits(feed, timedelta(minutes=minutes))


def test_a_failing_feed_is_asked_later_and_later_and_keeps_its_state() -> None:
    known = replace(FEED, etag='"1"', succeeded_at=NOW)
    error = Retry("http_500", "it answered 500")
    first = decide_failure(known, error, now=NOW, interval=HALF_AN_HOUR)
    second = decide_failure(first.feed, error, now=NOW, interval=HALF_AN_HOUR)
    assert waits(first.feed, timedelta(minutes=30))
    assert waits(second.feed, timedelta(minutes=60))
    assert (second.feed.health, second.feed.failures) == (FeedHealth.FAILING, 2)
    assert (second.feed.etag, second.feed.succeeded_at) == ('"1"', NOW)
    assert second.failure is not None
    assert second.failure.attempts == 2


def test_retry_after_is_honoured_where_it_is_longer_than_our_own_pause() -> None:
    error = Retry("http_429", "too many requests", after=7200)
    feed = decide_failure(FEED, error, now=NOW, interval=HALF_AN_HOUR).feed
    assert waits(feed, timedelta(hours=2))


def test_a_feed_that_is_gone_is_retired_and_not_asked_again() -> None:
    poll = decide_failure(FEED, Retry("http_410", "gone"), now=NOW, interval=HALF_AN_HOUR)
    assert (poll.feed.health, poll.feed.next_poll_at) == (FeedHealth.RETIRED, None)
    assert poll.failure is not None
    assert poll.failure.next_step == "drop"


def test_a_feed_whose_host_rests_has_not_failed() -> None:
    known = replace(FEED, health=FeedHealth.OK, succeeded_at=NOW)
    poll = decide_failure(
        known, Retry("host_paused", "resting", after=7200), now=NOW, interval=HALF_AN_HOUR
    )
    assert (poll.feed.health, poll.feed.failures, poll.feed.polled_at) == (FeedHealth.OK, 0, None)
    assert waits(poll.feed, timedelta(hours=2))


@pytest.mark.parametrize(
    ("name", "most"), [("http_500", GIVE_UP), ("unforeseen", GIVE_UP_UNFORESEEN)]
)
def test_nothing_is_asked_for_ever(name: str, most: int) -> None:
    feed = FEED
    for _ in range(most):
        assert feed.health is not FeedHealth.RETIRED
        poll = decide_failure(feed, Retry(name, "again"), now=NOW, interval=HALF_AN_HOUR)
        feed = poll.feed
    assert (feed.health, feed.next_poll_at, feed.error) == (FeedHealth.RETIRED, None, name)
    assert poll.failure is not None
    assert poll.failure.next_step == "drop"
    assert "pressclip failures retry" in poll.failure.message


def test_a_page_in_the_place_of_a_feed_proposes_and_changes_nothing() -> None:
    error = NotAFeed("not_a_feed", "It is a page.", ("https://paper.example/new.xml",))
    poll = decide_failure(FEED, error, now=NOW, interval=HALF_AN_HOUR)
    assert poll.feed.url == FEED.url
    assert poll.feed.proposed_url == "https://paper.example/new.xml"
    assert poll.failure is not None
    assert "pressclip feeds move" in poll.failure.message
    again = decide_feed(
        poll.feed, answer(), ParsedFeed("rss20", ()), now=NOW, interval=HALF_AN_HOUR
    )
    assert again.feed.proposed_url is None


def test_what_a_body_asks_for_holds_also_where_nothing_changed_since() -> None:
    parsed = ParsedFeed("rss20", (), ttl_minutes=240, skip_hours=(3,), skip_days=("Sunday",))
    first = decide_feed(FEED, answer(), parsed, now=NOW, interval=HALF_AN_HOUR).feed
    second = decide_feed(first, answer(304), None, now=NOW, interval=HALF_AN_HOUR).feed
    assert (second.ttl_minutes, second.skip_hours, second.skip_days) == (240, (3,), ("Sunday",))
    # NOW is a Sunday.
    assert second.next_poll_at == datetime(2026, 11, 2, 0, tzinfo=UTC)


def test_expires_is_told_by_the_servers_own_clock() -> None:
    headers = {
        "date": "Sun, 01 Nov 2020 12:00:00 GMT",
        "expires": "Sun, 01 Nov 2020 14:00:00 GMT",
    }
    feed = decide_feed(
        FEED, answer(headers=headers), ParsedFeed("rss20", ()), now=NOW, interval=HALF_AN_HOUR
    ).feed
    assert waits(feed, timedelta(hours=2))


def test_success_ends_a_failure() -> None:
    failed = decide_failure(FEED, Quarantine("not_a_feed", "x"), now=NOW, interval=HALF_AN_HOUR)
    feed = decide_feed(
        failed.feed, answer(), ParsedFeed("rss20", ()), now=NOW, interval=HALF_AN_HOUR
    ).feed
    assert (feed.health, feed.failures, feed.error) == (FeedHealth.OK, 0, None)


def test_a_feed_read_in_spite_of_its_faults_says_so() -> None:
    entry = Entry(1, 1, "g", "https://paper.example/a")
    parsed = ParsedFeed("rss20", (entry,), problem="mismatched tag")
    poll = decide_feed(FEED, answer(), parsed, now=NOW, interval=HALF_AN_HOUR)
    assert poll.feed.health is FeedHealth.OK
    assert poll.failure is not None
    assert (poll.failure.error, poll.failure.next_step) == ("malformed_feed", "drop")


def test_a_feed_of_which_nothing_can_be_read_fails_and_is_asked_for_all_of_it_again() -> None:
    """It was called well, and a 304 for its validator kept it so."""
    cut = ParsedFeed("rss20", (), problem="unclosed token")
    page = answer(headers={"etag": '"cut"'})
    poll = decide_feed(FEED, page, cut, now=NOW, interval=HALF_AN_HOUR)
    assert (poll.feed.health, poll.feed.error) == (FeedHealth.FAILING, "malformed_feed")
    assert (poll.feed.failures, poll.feed.etag) == (1, FEED.etag)
    assert poll.feed.next_poll_at is not None
    assert poll.failure is not None
    assert poll.failure.attempts == 1
    empty = decide_feed(FEED, page, ParsedFeed("rss20", ()), now=NOW, interval=HALF_AN_HOUR)
    assert (empty.feed.health, empty.failure) == (FeedHealth.OK, None)


@pytest.mark.parametrize(
    ("status", "advice"), [(403, "ask its owner"), (429, "when it allows"), (404, "new address")]
)
def test_a_refusal_says_what_to_do(status: int, advice: str) -> None:
    with pytest.raises(Retry, match=advice):
        brings_body(FEED, answer(status))


def complaint(parsed: ParsedFeed) -> tuple[str, str]:
    failure = decide_feed(FEED, answer(), parsed, now=NOW, interval=HALF_AN_HOUR).failure
    assert failure is not None
    return failure.error, failure.message


def test_entries_beyond_the_newest_are_told_only_where_there_are_newest() -> None:
    """Audit: a feed whose items were never closed had "28000 entries beyond the newest 0"."""
    text = '<rss version="2.0"><channel>' + "<item><title><link>" * 300
    parsed = parse_feed(
        text.encode(), url=FEED.url, feed_id=1, content_type=None, now=NOW, max_entries=20
    )
    name, message = complaint(parsed)
    assert name == "malformed_feed"
    assert "none of its entries could be read" in message
    assert "newest" not in message


def test_items_that_never_end_are_read_all_the_same() -> None:
    text = '<rss version="2.0"><channel>' + "<item><title>t<link>http://a.example/1" * 300
    parsed = parse_feed(
        text.encode(), url=FEED.url, feed_id=1, content_type=None, now=NOW, max_entries=20
    )
    assert [(entry.title, entry.link) for entry in parsed.entries] == [("t", "http://a.example/1")]
    assert (parsed.entries_dropped, complaint(parsed)[0]) == (280, "too_many_entries")


def test_all_that_is_wrong_with_a_feed_is_told() -> None:
    entry = Entry(1, 1, "g", "https://paper.example/a")
    name, message = complaint(
        ParsedFeed("rss20", (entry,), problem="cut", entries_dropped=3, entries_by_link=2)
    )
    assert name == "too_many_entries"
    assert "3 entries beyond the newest 1" in message
    assert "2 entries are told apart by their links" in message
    assert "not well-formed (cut); 1 entries" in message


def test_an_entry_left_without_its_text_is_no_malformed_feed() -> None:
    entry = Entry(1, 1, "g", "https://paper.example/a")
    name, message = complaint(ParsedFeed("rss20", (entry,), items_slimmed=1))
    assert name == "heavy_items"
    assert "1 entries with too many tags" in message


def test_a_guid_for_several_pages_is_a_failure_of_the_feed() -> None:
    entry = Entry(1, 1, "g", "https://paper.example/a")
    assert complaint(ParsedFeed("rss20", (entry,), entries_by_link=2))[0] == "repeated_guids"


def test_nothing_has_changed_is_believed_only_where_that_was_asked() -> None:
    asked = was_conditional((("Host", "a"), ("If-None-Match", '"1"')))
    assert brings_body(FEED, answer(304), conditional=asked) is False
    with pytest.raises(Retry) as caught:
        brings_body(FEED, answer(304), conditional=was_conditional((("Host", "a"),)))
    assert caught.value.name == "lying_304"


def test_chunks_hold_every_feed_once_and_no_more_than_asked() -> None:
    feeds = tuple(replace(FEED, feed_id=number) for number in range(107))
    chunks = chunks_of(feeds, 50)
    assert sorted(feed.feed_id for chunk in chunks for feed in chunk) == list(range(107))
    assert max(map(len, chunks)) <= 50


def test_what_a_clock_that_was_ahead_said_of_a_feed_is_not_believed() -> None:
    ahead = NOW + timedelta(days=3650)
    known = replace(
        FEED,
        etag='"1"',
        polled_at=ahead,
        succeeded_at=ahead,
        full_fetch_at=ahead,
        moving_to="https://there.example/",
        moving_polls=2,
        moving_since=ahead,
        changed_at=ahead,
    )
    feed = believable_feed(known, NOW)
    assert validators(feed, NOW) == {}
    assert (feed.polled_at, feed.succeeded_at, feed.changed_at) == (None, NOW, None)
    assert (feed.moving_to, feed.moving_polls, feed.moving_since) == (None, 0, None)
    assert believable_feed(known, ahead) == known
    assert believable_feed(known, ahead - timedelta(minutes=5)) == known


@pytest.mark.parametrize("name", ["http_429", "host_paused", "host_down"])
def test_no_host_can_ask_for_a_longer_rest_than_our_longest_pause(name: str) -> None:
    poll = decide_failure(FEED, Retry(name, "", after=10.0**7), now=NOW, interval=HALF_AN_HOUR)
    assert waits(poll.feed, timedelta(days=1))
    assert poll.feed.error == name
