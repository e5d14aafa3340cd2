"""The queue: what is harvested first, and what is stored of entries that feeds show."""

from __future__ import annotations

from dataclasses import replace

from parsers.identity import entry_id
from parsers.records import Entry
from tests.warehouse.builders import Bench, a_batch, an_entry, at
from tests.warehouse.places import FILE_AND_LAKE
from warehouse.queue.entries import seen_entries, seen_names, waiting_entries
from warehouse.records import Feed

pytestmark = FILE_AND_LAKE

STORED = an_entry("a"), an_entry("b", link="https://news.example/b?rnd=1"), an_entry("c", feed=2)


def seen(bench: Bench, *shown: Entry, same: dict[int, int] | None = None) -> list[tuple[int, ...]]:
    """Feed and id of what is found, with the feed that shows it."""
    with bench.open() as wh:
        found = seen_entries(wh, shown, same or {})
    return sorted((one.shown_by, one.feed_id, one.entry_id) for one in found)


def test_news_is_harvested_before_what_a_first_poll_brought(bench: Bench) -> None:
    old = [an_entry(f"old{n}", backfill=True) for n in range(3)]
    bench.load(a_batch("b1", entries=tuple(old)))
    bench.load(a_batch("b2", 5, entries=(an_entry("news"), an_entry("late", backfill=True))))
    with bench.open() as wh:
        found = waiting_entries(wh, at(9), 10)
    assert found[0].entry.guid == "news"
    assert len(found) == 5


def test_entries_are_found_by_id_guid_link_and_address(bench: Bench) -> None:
    bench.load(a_batch("b1", entries=STORED))
    a, b, c = (one.entry_id for one in STORED)
    new = {"entry_id": 99, "feed_id": 1, "guid": "x", "title": "T"}
    shown = {
        "id": STORED[0],
        "guid": replace(STORED[0], entry_id=99, link="https://news.example/other"),
        "link": Entry(link="https://news.example/a", **new),  # type: ignore[arg-type]
        "address": Entry(link="http://www.news.example/A/amp?x=1", **{**new, "title": "About a"}),  # type: ignore[arg-type]
        "plain address": Entry(link="https://news.example/a/", **new),  # type: ignore[arg-type]
    }
    for one in shown.values():
        assert seen(bench, one) == [(1, 1, a)]
    number = Entry(link="https://news.example/b?rnd=2", **{**new, "title": "About b"})  # type: ignore[arg-type]
    assert seen(bench, number) == [(1, 1, b)]
    assert seen(bench, replace(number, title="T")) == [], "another item at that address"
    assert seen(bench, replace(number, feed_id=2)) == [], "another feed"
    assert seen(bench, *STORED) == [(1, 1, min(a, b)), (1, 1, max(a, b)), (2, 2, c)]


def test_entries_of_a_feed_that_is_the_same_are_found_too(bench: Bench) -> None:
    bench.load(a_batch("b1", entries=STORED))
    shown = replace(an_entry("c"), entry_id=entry_id(1, "c"))
    found = [(1, 2, STORED[2].entry_id)]
    assert seen(bench, shown) == []
    assert seen(bench, shown, same={2: 1}) == found
    other = Feed(2, "https://news.example/feed/", same_feed_id=1)
    bench.load(a_batch("b2", feeds=(Feed(1, "https://news.example/feed"), other)))
    assert seen(bench, shown) == found
    with bench.open() as wh:
        assert "c" in seen_names(wh, 1)
        assert "a" not in seen_names(wh, 2)
