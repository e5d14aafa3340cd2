"""Whether a feed moved: permanent redirects, confirmed; and the way back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from flows.decisions.feed_state import decide_failure, decide_feed
from flows.decisions.redirects import WAY_BACK, follow_moves, permanent_target
from flows.fetch.fetched import Hop
from parsers.errors import Retry
from parsers.records import Page, ParsedFeed
from warehouse.records import Feed, FeedHealth

NOW = datetime(2026, 11, 4, 12, tzinfo=UTC)
OLD, NEW = "https://a.example/feed", "https://b.example/feed"
FEED = Feed(1, OLD)
DAY = timedelta(days=1)


def hop(status: int, url: str = OLD, target: str = NEW) -> Hop:
    return Hop(status, url, target)


@pytest.mark.parametrize(
    ("hops", "target"),
    [
        ((), None),
        ((hop(301),), NEW),
        ((hop(308),), NEW),
        ((hop(302),), None),
        ((hop(303),), None),
        ((hop(307),), None),
        ((hop(301), hop(308, NEW, "https://c.example/")), "https://c.example/"),
        ((hop(301, target=f"{OLD}2"), hop(302, f"{OLD}2", "https://c.example/")), f"{OLD}2"),
        # What another site passes on is not its word.
        ((hop(301), hop(302, NEW, "https://c.example/")), None),
        ((hop(302), hop(301, NEW, "https://c.example/")), None),
        ((hop(301, target="http://b.example/feed"),), None),
        ((hop(301, "http://a.example/feed", OLD),), OLD),
    ],
)
def test_only_permanent_redirects_speak_of_a_move(
    hops: tuple[Hop, ...], target: str | None
) -> None:
    assert permanent_target(hops) == target


def polled(feed: Feed, *targets: tuple[float, str | None]) -> Feed:
    """`feed` after polls so many days from NOW, each redirected for good to its target."""
    for days, target in targets:
        feed = follow_moves(feed, target, NOW + days * DAY)
    return feed


def test_a_move_is_believed_after_several_polls_over_several_days() -> None:
    assert polled(FEED, (0, NEW), (1, NEW), (2.9, NEW)).url == OLD
    moved = polled(FEED, (0, NEW), (1, NEW), (3, NEW))
    assert (moved.url, moved.former_url, moved.moving_to) == (NEW, OLD, None)
    assert moved.feed_id == FEED.feed_id


def test_two_polls_are_no_confirmation_however_far_apart() -> None:
    assert polled(FEED, (0, NEW), (30, NEW)).url == OLD


@pytest.mark.parametrize("between", [None, "https://c.example/feed"])
def test_a_poll_that_says_otherwise_begins_the_count_anew(between: str | None) -> None:
    seen = polled(FEED, (0, NEW), (1, NEW), (2, between), (3, NEW), (4, NEW))
    assert (seen.url, seen.moving_to, seen.moving_polls) == (OLD, NEW, 2)


def test_a_feed_whose_new_place_fails_is_looked_for_in_the_old_one() -> None:
    feed = polled(FEED, (0, NEW), (1, NEW), (3, NEW))
    for failure in range(WAY_BACK):
        assert (failure, feed.url) == (failure, NEW)
        feed = decide_failure(feed, Retry("timeout", "slow"), now=NOW, interval=1800).feed
    assert (feed.url, feed.former_url, feed.health) == (OLD, NEW, FeedHealth.FAILING)
    page = Page(OLD, OLD, 200, (), b"", NOW)
    back = decide_feed(feed, page, ParsedFeed("rss20", ()), now=NOW, interval=1800).feed
    assert (back.url, back.health, back.failures) == (OLD, FeedHealth.OK, 0)


def test_a_feed_that_is_gone_from_its_new_place_is_asked_once_more_in_the_old_one() -> None:
    feed = polled(FEED, (0, NEW), (1, NEW), (3, NEW))
    gone = Retry("http_410", "gone")
    feed = decide_failure(feed, gone, now=NOW, interval=1800).feed
    assert (feed.url, feed.health) == (OLD, FeedHealth.FAILING)
    feed = decide_failure(feed, gone, now=NOW, interval=1800).feed
    assert (feed.url, feed.health) == (OLD, FeedHealth.RETIRED)
