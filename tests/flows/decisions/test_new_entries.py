"""What of a poll is news, and what comes with a first poll, late or in bulk."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from flows.decisions.new_entries import BULK, mark_backfill, new_entries, newest_entry
from parsers.records import Entry
from warehouse.records import Feed, FeedHealth

NOW = datetime(2026, 11, 4, 12, tzinfo=UTC)
KNOWN = Feed(
    1,
    "https://a.example/feed",
    health=FeedHealth.OK,
    succeeded_at=NOW,
    newest_at=NOW,
    newest_entry_id=0,
)
SHOWN = tuple(
    Entry(number, 1, str(number), None, published_at=NOW - timedelta(hours=number))
    for number in range(2 * BULK)
)
"""What KNOWN showed when it was polled at NOW, an entry an hour."""
LATER = Entry(99, 1, "99", None, published_at=NOW + timedelta(hours=1))


def marked(feed: Feed, *entries: Entry) -> list[int]:
    return [entry.entry_id for entry in mark_backfill(feed, entries) if entry.backfill]


def test_all_of_a_first_poll_is_backfill() -> None:
    assert marked(replace(KNOWN, succeeded_at=None), *SHOWN) == list(range(2 * BULK))


def test_what_came_since_is_news() -> None:
    assert marked(KNOWN, LATER, *SHOWN[:5]) == []
    assert new_entries(KNOWN, (LATER, *SHOWN)).new == 1


def test_an_entry_that_was_held_back_for_an_hour_is_news() -> None:
    held_back = Entry(98, 1, "98", None, published_at=NOW - timedelta(hours=1))
    assert marked(KNOWN, held_back, *SHOWN) == []


def test_an_archive_that_is_filled_up_is_no_news() -> None:
    old = Entry(97, 1, "97", None, published_at=NOW - timedelta(days=400))
    assert 97 in marked(KNOWN, old, LATER, *SHOWN)
    assert 99 not in marked(KNOWN, old, LATER, *SHOWN)


def test_new_ids_for_old_entries_are_an_edit_in_bulk() -> None:
    renamed = tuple(replace(entry, entry_id=entry.entry_id + 1000) for entry in SHOWN)
    assert marked(KNOWN, LATER, *renamed) == [entry.entry_id for entry in renamed]


def test_a_feed_that_was_not_polled_for_long_has_news_all_the_same() -> None:
    """Everything it had is gone from it, as with an edit in bulk, but what it shows is new."""
    fresh = tuple(
        replace(entry, entry_id=entry.entry_id + 1000, published_at=NOW + timedelta(hours=1))
        for entry in SHOWN
    )
    assert marked(KNOWN, *fresh) == []


def test_most_entries_stamped_as_updated_are_an_edit_in_bulk() -> None:
    stamped = tuple(replace(entry, updated_at=NOW + timedelta(minutes=5)) for entry in SHOWN)
    assert marked(KNOWN, LATER, *stamped) == [entry.entry_id for entry in SHOWN]
    assert marked(KNOWN, *stamped[:3], *SHOWN[3:]) == []


def test_without_dates_the_order_tells() -> None:
    undated = tuple(replace(entry, published_at=None) for entry in SHOWN)
    known = replace(KNOWN, newest_at=None, newest_entry_id=3)
    assert new_entries(known, undated).new == 3
    assert marked(known, *undated) == []
    renamed = tuple(replace(entry, entry_id=entry.entry_id + 1000) for entry in undated)
    assert marked(known, *renamed) == [entry.entry_id for entry in renamed]
    assert newest_entry(undated) == undated[0]


def test_the_newest_entry_is_told_by_its_date() -> None:
    assert newest_entry((*reversed(SHOWN),)) == SHOWN[0]
    assert newest_entry(()) is None
