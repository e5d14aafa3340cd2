"""Which feeds are one under several addresses: pure decisions."""

from __future__ import annotations

from dataclasses import replace

import pytest

from flows.decisions.feed_state import Poll
from flows.decisions.same_feeds import United, one_feed
from tests.warehouse.builders import an_entry, at
from warehouse.records import SAME_FEED, Feed, FeedHealth

ELDER = Feed(
    1,
    "https://quay.example/feed",
    category="Press",
    health=FeedHealth.OK,
    body_hash="aa",
    newest_entry_id=5,
    polled_at=at(1),
    succeeded_at=at(1),
    next_poll_at=at(3),
)
SPELLINGS = (
    "HTTPS://QUAY.example/feed",
    "https://quay.example:443/feed",
    "https://quay.example/%66eed",
    "https://quay.example/news/../feed",
)
VARIANTS = (
    "http://quay.example/feed",
    "https://quay.example/feed/",
    "https://quay.example/feed?utm_source=reader&utm_medium=rss",
)
OTHERS = (
    "https://quay.example/Feed",
    "https://quay.example/feed?page=2",
    "https://quay.example/feed.xml",
    "https://www.quay.example/feed",
    "https://quay.example:8443/feed",
)


def younger(url: str, **fields: object) -> Feed:
    known = replace(ELDER, feed_id=2, url=url, category="Harbour", title="The Quay")
    return replace(known, **fields)  # type: ignore[arg-type] # fields of a feed


def polled(feed: Feed, *known: Feed, final: str | None = None) -> United:
    entry = an_entry("a", feed=feed.feed_id)
    return one_feed([Poll(feed, (entry,))], known, {feed.feed_id: final} if final else {})


def went_into(united: United) -> list[int | None]:
    return [poll.feed.same_feed_id for poll in united.polls]


@pytest.mark.parametrize("url", SPELLINGS)
def test_spellings_of_one_address_are_one_feed_at_once(url: str) -> None:
    feed = younger(url, body_hash="bb")
    united = polled(feed, ELDER, feed)
    (poll,) = united.polls
    assert (poll.feed.health, poll.feed.error) == (FeedHealth.RETIRED, SAME_FEED)
    assert (poll.feed.same_feed_id, poll.feed.next_poll_at, poll.entries) == (1, None, ())
    (stays,) = united.further
    assert (stays.feed_id, stays.category, stays.title) == (1, "Press; Harbour", "The Quay")
    assert (stays.url, stays.former_url) == (ELDER.url, None)
    assert stays.next_poll_at is None, "what the other one showed is asked for at once"


@pytest.mark.parametrize("url", VARIANTS)
def test_a_variant_is_the_same_feed_once_it_gave_the_same_bytes(url: str) -> None:
    feed = younger(url, body_hash="bb")
    assert went_into(polled(feed, ELDER, feed)) == [None]
    same = younger(url)
    united = polled(same, ELDER, same)
    assert went_into(united) == [1]
    (stays,) = united.further
    assert (stays.next_poll_at, stays.former_url) == (ELDER.next_poll_at, url)


@pytest.mark.parametrize("url", VARIANTS)
def test_a_variant_is_the_same_feed_once_either_was_redirected_to_the_other(url: str) -> None:
    feed = younger(url, body_hash="bb")
    assert went_into(polled(feed, ELDER, feed, final=ELDER.url)) == [1]
    united = polled(ELDER, ELDER, feed, final=url)
    assert went_into(united) == [None]
    assert [(one.feed_id, one.same_feed_id) for one in united.further] == [(2, 1)]
    assert went_into(polled(feed, ELDER, feed, final="https://quay.example/login")) == [None]


@pytest.mark.parametrize("url", OTHERS)
def test_other_addresses_are_other_feeds_whatever_they_give(url: str) -> None:
    feed = younger(url)
    assert polled(feed, ELDER, feed, final=ELDER.url) == United(
        (Poll(feed, (an_entry("a", feed=2),)),)
    )


def test_feeds_without_an_entry_give_the_same_bytes_and_say_nothing() -> None:
    feed = younger(VARIANTS[1], newest_entry_id=None)
    assert went_into(polled(feed, ELDER, feed)) == [None]


@pytest.mark.parametrize(
    "elder",
    [
        replace(ELDER, health=FeedHealth.RETIRED, error="removed"),
        replace(ELDER, health=FeedHealth.FAILING, failures=1),
    ],
)
def test_no_feed_gives_way_to_one_that_is_not_asked_or_fails(elder: Feed) -> None:
    feed = younger(VARIANTS[0])
    assert went_into(polled(feed, elder, feed)) == [None]


def test_of_three_the_one_known_longest_stays_and_all_point_at_it() -> None:
    second, third = younger(VARIANTS[1], category="Harbour"), younger(VARIANTS[0], feed_id=3)
    before = replace(third, health=FeedHealth.RETIRED, error=SAME_FEED, same_feed_id=2)
    united = polled(second, ELDER, second, before)
    assert went_into(united) == [1]
    assert {one.feed_id: one.same_feed_id for one in united.further} == {1: None, 3: 1}


def test_what_is_one_already_is_written_once() -> None:
    feed = younger(VARIANTS[1])
    first = polled(feed, ELDER, feed)
    gone, stays = first.polls[0].feed, first.further[0]
    again = polled(stays, stays, gone)
    assert again.further == ()
    assert again.polls[0].feed == stays
