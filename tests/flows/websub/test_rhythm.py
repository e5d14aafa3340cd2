"""How often a feed is polled that also pushes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from flows.decisions.feed_state import Poll
from flows.websub.rhythm import has_missed, has_proven_itself, poll_later
from flows.websub.subscription import Subscription, SubscriptionState
from parsers.records import Entry
from warehouse.records import Feed, FeedHealth

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
BEFORE = Feed(1, "https://paper.example/feed", body_hash="a", polled_at=NOW - 2 * HOUR)
ACTIVE = Subscription(
    1,
    "https://hub.example/",
    BEFORE.url,
    "token",
    "secret",
    SubscriptionState.ACTIVE,
    NOW - 9 * HOUR,
    lease_until=NOW + 24 * HOUR,
    pushed_at=NOW - HOUR,
)


def polled(*ages: timedelta | None, body: str = "b") -> Poll:
    """A poll of now that read entries of these ages."""
    entries = tuple(
        Entry(n, 1, str(n), None, published_at=None if age is None else NOW - age)
        for n, age in enumerate(ages)
    )
    feed = replace(
        BEFORE, health=FeedHealth.OK, body_hash=body, polled_at=NOW, next_poll_at=NOW + HOUR / 2
    )
    return Poll(feed, entries=entries)


def next_poll(subscription: Subscription, poll: Poll, every: timedelta = 6 * HOUR) -> timedelta:
    put = poll_later(subscription, BEFORE, poll, now=NOW, every=every.total_seconds())
    assert put.feed.next_poll_at is not None
    return put.feed.next_poll_at - NOW


def test_a_feed_whose_pushes_have_proven_reliable_is_polled_less_often() -> None:
    assert next_poll(ACTIVE, polled(2 * HOUR)) == 6 * HOUR
    assert next_poll(ACTIVE, polled(2 * HOUR), every=timedelta(days=9)) == 24 * HOUR
    ends_soon = replace(ACTIVE, lease_until=NOW + 2 * HOUR)
    assert next_poll(ends_soon, polled(2 * HOUR)) == 2 * HOUR


@pytest.mark.parametrize(
    "subscription",
    [
        replace(ACTIVE, pushed_at=None),
        replace(ACTIVE, missed_at=NOW),
        replace(ACTIVE, lease_until=NOW),
        replace(ACTIVE, lease_until=None),
        replace(ACTIVE, state=SubscriptionState.DENIED),
        replace(ACTIVE, state=SubscriptionState.ASKED),
    ],
)
def test_without_proof_it_keeps_its_own_rhythm(subscription: Subscription) -> None:
    assert not has_proven_itself(subscription, NOW)
    assert next_poll(subscription, polled(2 * HOUR)) == HOUR / 2


def test_a_push_after_a_miss_is_proof_again() -> None:
    assert has_proven_itself(replace(ACTIVE, missed_at=NOW - 2 * HOUR), NOW)


def test_a_push_that_the_feed_does_not_confirm_yet_is_looked_into_soon() -> None:
    assert next_poll(ACTIVE, polled(body="a")) == HOUR / 2


def test_a_feed_that_fails_is_asked_as_its_failure_says() -> None:
    poll = polled(2 * HOUR)
    failed = replace(poll, feed=replace(poll.feed, failures=1))
    assert next_poll(ACTIVE, failed) == HOUR / 2


@pytest.mark.parametrize(
    ("poll", "missed"),
    [
        (polled(HOUR / 2), True),
        (polled(3 * HOUR, HOUR / 2), True),
        (polled(2 * HOUR), False),  # announced by the push, or older
        (polled(timedelta(minutes=2)), False),  # its push may be on the way
        (polled(-HOUR), False),  # a date in the future says nothing
        (polled(HOUR / 2, body="a"), False),
        (polled(), False),
    ],
)
def test_news_that_no_push_announced(poll: Poll, missed: bool) -> None:
    assert has_missed(ACTIVE, BEFORE, poll, NOW) is missed


def test_of_entries_without_dates_every_change_should_have_been_pushed() -> None:
    assert not has_missed(ACTIVE, BEFORE, polled(None), NOW)
    assert has_missed(replace(ACTIVE, pushed_at=NOW - 3 * HOUR), BEFORE, polled(None), NOW)


def test_a_hub_that_never_pushed_has_missed_nothing_that_counts() -> None:
    assert not has_missed(replace(ACTIVE, pushed_at=None), BEFORE, polled(HOUR / 2), NOW)
