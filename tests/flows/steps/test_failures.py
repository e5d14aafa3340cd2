"""What a person decides about failures and feeds, on a real warehouse."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from flows import clock
from flows.settings import Settings
from flows.steps.failures import drop, retry
from flows.steps.subscriptions import (
    change_feed,
    removed,
    revived,
    subscribe,
)
from parsers.errors import Drop
from parsers.feeds.opml import OpmlFeed
from parsers.identity import feed_id
from parsers.records import Failure
from tests.settings import settings
from tests.warehouse.builders import Bench, a_batch, an_entry, an_outcome, at
from warehouse.database.open import open_warehouse
from warehouse.desk import Desk
from warehouse.loading.landing import quarantined
from warehouse.published.read import read
from warehouse.queue.entries import waiting_entries
from warehouse.queue.failures import FailureFilter, open_failures
from warehouse.queue.feeds import due_feeds, published_feeds, watched
from warehouse.records import EntryState, Feed, FeedHealth

OK, BROKEN, GONE = (f"https://{name}.example/feed" for name in ("ok", "broken", "gone"))
ALL = FailureFilter()
FUNNEL = "SELECT stage, reason, entries FROM funnel WHERE step > 1 ORDER BY ALL"


@pytest.fixture(name="given")
def failing_desk(tmp_path: Path) -> Settings:
    """A warehouse with everything that can fail in it."""
    given = settings(tmp_path)
    bench = Bench(given.desk())
    feeds = (
        Feed(feed_id(OK), OK, title="Good", health=FeedHealth.OK, polled_at=at(1)),
        Feed(feed_id(BROKEN), BROKEN, health=FeedHealth.FAILING, error="http_500",
             failures=3, polled_at=at(1), next_poll_at=at(10**6)),
        Feed(feed_id(GONE), GONE, health=FeedHealth.RETIRED, error="http_410",
             failures=1, polled_at=at(1)),
    )  # fmt: skip
    names = ("stored", "slow", "gone", "nowhere")
    bench.load(
        a_batch("b1", 1, "poll", feeds=feeds, entries=(
            *(an_entry(name) for name in names[:3]), an_entry("nowhere", link=None),
        )),
        a_batch("b2", 2, outcomes=(
            an_outcome("stored", EntryState.STORED, 2),
            an_outcome("slow", EntryState.WAITING, 2, reason="timeout", next_try_at=at(10**6)),
            an_outcome("gone", EntryState.DEAD, 2, reason="http_404", attempts=1),
        ), failures=tuple(
            Failure("fetch", f"https://news.example/{name}", error, "It failed.", "drop", at(2),
                    entry_id=an_entry(name).entry_id, feed_id=1)
            for name, error in (("slow", "timeout"), ("gone", "http_404"))
        )),
    )  # fmt: skip
    return given


def failing(given: Settings, choice: FailureFilter = ALL) -> list[tuple[str, str, str]]:
    """(state, stage, error) of the open failures."""
    with open_warehouse(given.desk()) as wh:
        found = open_failures(wh, choice)
    return sorted((one.state, one.stage, one.error) for one in found)


def test_open_failures_are_all_that_fails_or_was_given_up(given: Settings) -> None:
    assert failing(given) == [
        ("dead", "fetch", "http_404"),
        ("dead", "poll", "http_410"),
        ("dead", "poll", "no_link"),
        ("waiting", "fetch", "timeout"),
        ("waiting", "poll", "http_500"),
    ]


@pytest.mark.parametrize(
    ("choice", "count"),
    [
        (FailureFilter(state="dead"), 3),
        (FailureFilter(state="waiting"), 2),
        (FailureFilter(stage="fetch"), 2),
        (FailureFilter(error="timeout"), 1),
        (FailureFilter(host="example"), 4),
        (FailureFilter(host="news.example"), 2),
        (FailureFilter(urls=(GONE,)), 1),
        (FailureFilter(state="dead", stage="fetch"), 1),
        (FailureFilter(error="nothing_of_that_name"), 0),
    ],
)
def test_they_can_be_chosen(given: Settings, choice: FailureFilter, count: int) -> None:
    assert len(failing(given, choice)) == count


def test_retry_makes_all_of_it_due_also_what_was_given_up(given: Settings) -> None:
    assert len(retry(given, FailureFilter())) == 5
    assert failing(given) == []
    with open_warehouse(given.desk()) as wh:
        waiting = waiting_entries(wh, clock.now(), 10)
        due = due_feeds(wh, clock.now())
    assert {one.entry.guid for one in waiting} == {"slow", "gone", "nowhere"}
    assert {one.attempts for one in waiting} == {0}
    assert {feed.url for feed in due} == {OK, BROKEN, GONE}


def test_dropped_is_dead_with_a_reason_and_not_listed_again(given: Settings) -> None:
    chosen = drop(given, FailureFilter(stage="fetch"), "Nobody reads it.")
    assert {one.error for one in chosen} == {"timeout", "http_404"}
    assert {stage for _, stage, _ in failing(given)} == {"poll"}
    assert read(given.desk(), FUNNEL).rows == (
        ("dead", "dropped", 2),
        ("dead", "no_link", 1),
        ("stored", "copy", 1),
    )
    messages = read(given.desk(), "SELECT message FROM failures WHERE error = 'dropped'").rows
    assert sorted(messages) == [
        ("Given up by hand: Nobody reads it. (It failed with http_404.)",),
        ("Given up by hand: Nobody reads it. (It failed with timeout.)",),
    ]


def test_a_dropped_feed_is_removed(given: Settings) -> None:
    drop(given, FailureFilter(urls=(BROKEN,)), "It never worked.")
    assert [feed.url for feed in watched(published_feeds(given.desk()))] == [OK, GONE]


def test_a_batch_that_could_not_be_read_is_tried_again(given: Settings) -> None:
    bench = Bench(given.desk())
    bad = bench.desk.folder / "landing" / "bad.parquet"
    bad.write_bytes(b"nothing of the kind")
    bench.load()
    assert ("dead", "load", "bad_batch") in failing(given)
    retry(given, FailureFilter(stage="load"))
    assert ("dead", "load", "bad_batch") in failing(given)
    assert [one.name for one in quarantined(bench.desk)] == ["quarantine/bad.parquet"]
    drop(given, FailureFilter(stage="load"), "Its entries came again.")
    assert "load" not in {stage for _, stage, _ in failing(given)}


def test_a_removed_feed_is_not_asked_and_not_brought_back_by_a_list(given: Settings) -> None:
    change_feed(given, OK, removed)
    assert subscribe(given, [OpmlFeed(OK, "Good")]) == 0
    with open_warehouse(given.desk()) as wh:
        assert OK not in {feed.url for feed in due_feeds(wh, at(10**7))}
    change_feed(given, OK, revived)
    with open_warehouse(given.desk()) as wh:
        assert OK in {feed.url for feed in due_feeds(wh, at(1))}


def test_what_a_person_changed_stands_against_a_poll_that_was_under_way(
    given: Settings,
) -> None:
    change_feed(given, OK, removed)
    later = clock.now() + timedelta(hours=1)
    polled = Feed(feed_id(OK), OK, etag='"1"', health=FeedHealth.OK, polled_at=later)
    Bench(given.desk()).load(a_batch("z9", 9, feeds=(polled,)))
    with open_warehouse(given.desk()) as wh:
        assert OK not in {feed.url for feed in due_feeds(wh, at(10**7))}


def test_of_two_feeds_that_moved_to_one_place_one_is_asked(bench: Bench) -> None:
    bench.load(a_batch("b1", feeds=(Feed(1, OK), Feed(2, GONE))))
    bench.load(a_batch("b2", 1, feeds=(Feed(2, OK, former_url=GONE, polled_at=at(1)),)))
    with bench.open() as wh:
        assert [feed.feed_id for feed in due_feeds(wh, at(2))] == [1]


def test_a_feed_that_moved_is_not_added_a_second_time(given: Settings) -> None:
    there = "https://there.example/feed"

    def moved(feed: Feed) -> Feed:
        return Feed(feed.feed_id, there, former_url=feed.url)

    change_feed(given, OK, moved)
    assert subscribe(given, [OpmlFeed(there)]) == 0
    assert change_feed(given, OK, removed).url == there


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    """An empty desk."""
    return Bench(Desk.at(tmp_path / "clips.duckdb"))


def test_a_feed_that_is_not_there_is_named(given: Settings) -> None:
    change: Callable[[Feed], Feed] = removed
    with pytest.raises(Drop, match=r"no feed .https://nobody\.example"):
        change_feed(given, "https://nobody.example/", change)
