"""A clock that was ahead once: what was written under it ranks below all that came since."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.tiers import also_long
from tests.warehouse.builders import Bench, a_batch, an_article, an_entry, an_outcome, at
from tests.warehouse.history import a_history, contents
from tests.warehouse.places import FILE_AND_LAKE
from warehouse.queue.clock import ClockEpoch, clock_epoch
from warehouse.queue.entries import waiting_entries
from warehouse.queue.feeds import all_feeds, due_feeds
from warehouse.records import Batch, EntryState, Feed, FeedHealth
from warehouse.upkeep.retention import Retention, apply_retention, jumped

pytestmark = FILE_AND_LAKE

AHEAD = 24.0 * 3650
NOW = at(1000)
"""When benches load."""


def polled(hours: float) -> Feed:
    return Feed(
        1,
        "https://a.example/feed",
        health=FeedHealth.OK,
        polled_at=at(hours),
        succeeded_at=at(hours),
        next_poll_at=at(hours + 1),
    )


def since(batch: Batch) -> Batch:
    """`batch`, made once the clock was right again."""
    return replace(batch, clock_epoch=1)


def due(bench: Bench) -> int:
    with bench.open() as wh:
        return len(due_feeds(wh, NOW))


def test_an_epoch_begins_where_batches_are_from_the_future(bench: Bench) -> None:
    with bench.open() as wh:
        assert clock_epoch(wh, NOW) == ClockEpoch(0)
        bench.load_into(wh, a_batch("b1", 1000.5))
        assert clock_epoch(wh, NOW) == ClockEpoch(0)
        bench.load_into(wh, a_batch("b2", AHEAD))
        assert clock_epoch(wh, NOW) == ClockEpoch(1, at(AHEAD))
        bench.load_into(wh, since(a_batch("b3", 1000)))
        assert clock_epoch(wh, NOW) == ClockEpoch(1)


def test_a_feed_polled_in_the_future_is_asked_once(bench: Bench) -> None:
    bench.load(a_batch("b1", feeds=(polled(900),)), a_batch("b2", AHEAD, feeds=(polled(AHEAD),)))
    assert due(bench) == 1
    bench.load(since(a_batch("b3", 1000, feeds=(polled(1000),))))
    assert due(bench) == 0
    with bench.open() as wh:
        assert all_feeds(wh) == (polled(1000),)


def test_a_feed_whose_host_rested_in_the_future_is_asked_once(bench: Bench) -> None:
    waits = replace(polled(900), next_poll_at=at(AHEAD))
    bench.load(a_batch("b1", AHEAD, feeds=(waits,)))
    assert due(bench) == 1
    bench.load(since(a_batch("b2", 1000, feeds=(replace(waits, next_poll_at=at(1001)),))))
    assert due(bench) == 0


def test_a_feed_may_wait_for_a_week_where_it_skips_days(bench: Bench) -> None:
    waits = replace(polled(990), next_poll_at=at(1000 + 7 * 24))
    bench.load(a_batch("b1", 990, feeds=(replace(waits, skip_days=("Sunday",)),)))
    assert due(bench) == 0
    bench.load(a_batch("b2", 991, feeds=(replace(waits, polled_at=at(991)),)))
    assert due(bench) == 1


def test_what_a_person_changed_in_the_future_can_be_changed_again(bench: Bench) -> None:
    removed = Feed(1, "https://a.example/feed", health=FeedHealth.RETIRED, changed_at=at(AHEAD))
    added = replace(removed, health=FeedHealth.NEW, changed_at=at(999))
    bench.load(a_batch("b1", AHEAD, feeds=(removed,)))
    assert due(bench) == 0
    bench.load(since(a_batch("b2", 999, feeds=(added,))))
    assert due(bench) == 1
    bench.load(since(a_batch("b3", 1000, feeds=(replace(polled(1000), changed_at=at(999)),))))
    assert due(bench) == 0


def test_an_entry_decided_in_the_future_is_tried_once(bench: Bench) -> None:
    ahead = an_outcome("one", EntryState.WAITING, AHEAD, next_try_at=at(AHEAD + 1))
    bench.load(a_batch("b1", entries=(an_entry("one"),)), a_batch("b2", AHEAD, outcomes=(ahead,)))
    with bench.open() as wh:
        assert len(waiting_entries(wh, NOW, 10)) == 1
    later = an_outcome("one", EntryState.WAITING, 1000, next_try_at=at(1001))
    bench.load(since(a_batch("b3", 1000, outcomes=(later,))))
    with bench.open() as wh:
        assert waiting_entries(wh, NOW, 10) == ()
        assert len(waiting_entries(wh, at(1002), 10)) == 1


def test_a_stored_entry_from_the_future_is_looked_at_again_once_it_is_updated(
    bench: Bench,
) -> None:
    article = an_article("one")
    stored = an_outcome("one", EntryState.STORED, AHEAD + 1, article_id=article.article_id)
    bench.load(
        a_batch("b1", AHEAD, entries=(an_entry("one", updated=1),)),
        a_batch("b2", AHEAD + 1, articles=(article,), outcomes=(stored,)),
        since(a_batch("b3", 990, entries=(an_entry("one", updated=1),))),
    )
    assert bench.rows("SELECT state FROM entries") == [("stored",)]
    bench.load(since(a_batch("b4", 999, entries=(an_entry("one", updated=998),))))
    with bench.open() as wh:
        assert len(waiting_entries(wh, NOW, 10)) == 1
    again = replace(stored, decided_at=at(1000))
    bench.load(since(a_batch("b5", 1000, outcomes=(again,))))
    assert bench.rows("SELECT state, decided_at FROM entries") == [("stored", at(1000))]


@pytest.mark.parametrize("seed", [0, *also_long(1)])
def test_epochs_need_no_order(benches: Callable[[str], Bench], seed: int) -> None:
    """Here what was made early belongs to late epochs: each clock was further back."""
    batches = [
        replace(batch, clock_epoch=(8 - number) // 3)
        for number, batch in enumerate(a_history(seed, 4))
    ]
    told = []
    for name in ("in-order", "shuffled"):
        bench = benches(name)
        with bench.open() as wh:
            for batch in batches:
                bench.load_into(wh, batch)
            told.append(contents(wh))
        random.Random(seed).shuffle(batches)
    assert told[0] == told[1]


def test_the_states_of_feeds_that_count_stay(bench: Bench) -> None:
    bench.load(
        a_batch("b1", AHEAD - 9, feeds=(polled(AHEAD - 9),)),
        a_batch("b2", AHEAD, feeds=(polled(AHEAD),)),
        since(a_batch("b3", 1, feeds=(polled(1),))),
        since(a_batch("b4", 2, feeds=(polled(2),))),
    )
    before = bench.rows("FROM feeds")
    with bench.open() as wh:
        apply_retention(wh, Retention(7, 7, 7), at(2 * AHEAD))
    bench.load(since(a_batch("b5", 1, feeds=(Feed(1, "https://a.example/feed"),))))
    assert bench.rows("FROM feeds") == before


def test_a_clock_far_beyond_the_last_run_removes_nothing(bench: Bench) -> None:
    with bench.open() as wh:
        assert jumped(wh, NOW, NOW) is None
    bench.load(a_batch("b1"), a_batch("b2", kind="feeds"))
    with bench.open() as wh:
        assert jumped(wh, at(1023), at(1023)) is None
        assert "nothing is removed" in (jumped(wh, at(1025), at(1025)) or "")
        # What the run at hand has loaded itself proves nothing; nor does the future.
        assert jumped(wh, at(1025), NOW) is None
        assert jumped(wh, at(500), at(500)) is None
