"""Feeds: whose word counts."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.warehouse.builders import Bench, a_batch, at
from tests.warehouse.places import FILE_AND_LAKE
from warehouse.queue.feeds import all_feeds, due_feeds, next_due
from warehouse.records import Batch, Feed, FeedHealth

pytestmark = FILE_AND_LAKE


IMPORTED = Feed(1, "https://a.example/feed", title="From the list", category="press")
POLLED = Feed(
    1,
    "https://a.example/feed",
    title="Its own title",
    etag='"one"',
    health=FeedHealth.OK,
    polled_at=at(2),
    succeeded_at=at(2),
    next_poll_at=at(3),
)


def only(bench: Bench) -> Feed:
    with bench.open() as wh:
        (feed,) = all_feeds(wh)
        return feed


def test_a_feed_comes_back_as_it_went_in(bench: Bench) -> None:
    bench.load(a_batch("b1", feeds=(POLLED,)))
    assert only(bench) == POLLED


def test_an_import_fills_gaps_and_replaces_nothing(bench: Bench) -> None:
    bench.load(a_batch("b1", feeds=(POLLED,)), a_batch("b2", feeds=(IMPORTED,)))
    feed = only(bench)
    assert (feed.title, feed.category) == ("Its own title", "press")
    assert (feed.etag, feed.polled_at) == ('"one"', at(2))


def test_a_failed_poll_replaces_the_state_but_not_the_title(bench: Bench) -> None:
    failed = Feed(
        1,
        POLLED.url,
        health=FeedHealth.FAILING,
        error="http_503",
        failures=1,
        polled_at=at(3),
        succeeded_at=at(2),
    )
    bench.load(a_batch("b1", feeds=(POLLED,)), a_batch("b2", feeds=(failed,)))
    feed = only(bench)
    assert (feed.health, feed.error, feed.etag) == (FeedHealth.FAILING, "http_503", None)
    assert feed.title == "Its own title"


def test_a_state_polled_earlier_does_not_replace_a_later_one(bench: Bench) -> None:
    late = Feed(1, POLLED.url, etag='"two"', polled_at=at(5))
    bench.load(a_batch("b1", feeds=(late,)))
    bench.load(a_batch("b2", feeds=(POLLED,)))
    assert only(bench).etag == '"two"'


def test_of_two_states_polled_at_once_the_later_batch_counts(bench: Bench) -> None:
    moved = Feed(1, "https://b.example/feed", polled_at=POLLED.polled_at)
    bench.load(a_batch("b2", feeds=(moved,)))
    bench.load(a_batch("b1", feeds=(POLLED,)))
    assert only(bench).url == "https://b.example/feed"


def test_the_order_of_batches_does_not_matter(benches: Callable[[str], Bench]) -> None:
    batches = (
        a_batch("b1", 0, feeds=(IMPORTED,)),
        a_batch("b2", 1, feeds=(Feed(1, POLLED.url, title="Another list", language="id"),)),
        a_batch("b3", 2, feeds=(POLLED,)),
        a_batch("b4", 3, feeds=(Feed(1, POLLED.url, etag='"two"', polled_at=at(3)),)),
    )
    orders = (batches, batches[::-1], batches[2:] + batches[:2], batches[1::2] + batches[::2])
    results = {loaded_in(benches, str(number), order) for number, order in enumerate(orders)}
    assert len(results) == 1


def loaded_in(benches: Callable[[str], Bench], name: str, order: tuple[Batch, ...]) -> Feed:
    bench = benches(name)
    with bench.open() as wh:
        for batch in order:
            bench.load_into(wh, batch)
        (feed,) = all_feeds(wh)
        return feed


@pytest.mark.parametrize(
    ("feed", "due"),
    [
        (Feed(1, "https://a.example/"), True),
        (Feed(1, "https://a.example/", next_poll_at=at(1)), True),
        (Feed(1, "https://a.example/", next_poll_at=at(3)), False),
        (Feed(1, "https://a.example/", health=FeedHealth.RETIRED), False),
    ],
    ids=["never asked", "its time has come", "later", "retired"],
)
def test_which_feeds_are_due(bench: Bench, feed: Feed, due: bool) -> None:
    bench.load(a_batch("b1", feeds=(feed,)))
    with bench.open() as wh:
        assert bool(due_feeds(wh, at(2))) is due


def test_the_next_feed_due(bench: Bench) -> None:
    with bench.open() as wh:
        assert next_due(wh) is None
    bench.load(
        a_batch("b1", feeds=(Feed(1, "https://a.example/", next_poll_at=at(3), polled_at=at(1)),))
    )
    with bench.open() as wh:
        assert next_due(wh) == at(3)
