"""Which entries a feed showed before, under whatever name: pure decisions, poll after poll."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from flows.decisions.recognition import recognise
from parsers.feeds.items import FeedItem, entries_of
from parsers.identity import entry_id, moved_entry_id
from parsers.records import FEED_READER, Entry, ParsedFeed
from warehouse.queue.entries import SeenEntry
from warehouse.records import Feed

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Found:
    """What a poll came to."""

    entries: tuple[Entry, ...]
    news: frozenset[int]
    """The ids of those that are new, or a version of their own."""


@dataclass
class Reader:
    """A feed that is polled again and again, and what is known of it."""

    feed: Feed = field(
        default_factory=lambda: Feed(1, "https://quay.example/feed", read_by=FEED_READER)
    )
    stored: dict[int, SeenEntry] = field(default_factory=dict)

    def poll(self, *items: FeedItem) -> Found:
        """What a poll that shows `items` comes to, and remembers."""
        found = entries_of(
            list(items), feed_id=1, base=self.feed.url, now=NOW, max_entries=100
        ).kept
        seen = list(self.stored.values())[::-1]
        recognised = recognise(self.feed, ParsedFeed("rss20", found), seen, now=NOW)
        self.feed = replace(
            self.feed,
            unstable=recognised.unstable,
            suspected=recognised.suspected,
            read_by=FEED_READER,
        )
        entries = recognised.parsed.entries
        news = {
            entry.entry_id
            for entry in entries
            if entry.entry_id not in self.stored or entry.revised_at
        }
        for entry in entries:
            if entry.entry_id in news:
                self.stored[entry.entry_id] = self._stored(entry)
        return Found(entries, frozenset(news))

    def _stored(self, entry: Entry) -> SeenEntry:
        return SeenEntry(
            entry_id=entry.entry_id,
            feed_id=1,
            shown_by=1,
            guid=entry.guid,
            link=entry.link,
            title=entry.title,
            summary=entry.summary,
            published_at=entry.published_at,
            updated_at=entry.updated_at,
            backfill=False,
            waits=False,
        )


def item(title: str, path: str | None = None, **fields: Any) -> FeedItem:
    link = None if path is None else f"https://quay.example/{path}"
    return FeedItem(title=title, link=link, said=title + fields.get("summary", ""), **fields)


DAY, NEXT = "2026-11-20T10:00:00Z", "2026-11-21T10:00:00Z"


def test_what_is_shown_again_is_no_news() -> None:
    reader = Reader()
    items = (item("A", "a", guid="1", published=DAY), item("B", "b"), item("C", None, guid="3"))
    first = reader.poll(*items)
    assert len(first.news) == 3
    assert reader.poll(*items).news == frozenset()
    assert reader.poll(*reversed(items)).news == frozenset()


# --- What a publisher says anew -----------------------------------------------------------------


@pytest.mark.parametrize(
    "again",
    [
        item("A, corrected", "a", guid="1", published=DAY),
        item("A", "a", guid="1", published=NEXT),
        item("A", "a", guid="1", published=DAY, updated=NEXT),
    ],
)
def test_a_new_title_or_date_is_a_new_version_of_the_same_entry(again: FeedItem) -> None:
    reader = Reader()
    first = reader.poll(item("A", "a", guid="1", published=DAY)).entries[0]
    found = reader.poll(again)
    (entry,) = found.entries
    assert found.news == {first.entry_id}
    assert entry.entry_id == first.entry_id
    assert (entry.revised_at, entry.reread) == (NOW, False)
    assert reader.poll(again).news == frozenset()


@pytest.mark.parametrize(
    "again",
    [
        item("A", "a", guid="1", published=DAY, summary="Longer now."),
        item("A", "a", guid="1"),
        item("A", "a?utm_source=letter", guid="1", published=DAY),
        item("A", "a/", guid="1", published=DAY),
    ],
)
def test_what_says_nothing_new_of_it_is_no_version(again: FeedItem) -> None:
    reader = Reader()
    reader.poll(item("A", "a", guid="1", published=DAY))
    assert reader.poll(again).news == frozenset()


def test_an_older_copy_out_of_somebodys_cache_is_no_news() -> None:
    reader = Reader()
    reader.poll(item("A, corrected", "a", guid="1", published=DAY, updated=NEXT))
    assert reader.poll(item("A", "a", guid="1", published=DAY, updated=DAY)).news == frozenset()


def test_a_known_guid_with_a_new_page_is_a_new_entry() -> None:
    reader = Reader()
    old = reader.poll(item("Test 2018", "2018", guid="test", published=DAY)).entries[0]
    found = reader.poll(item("Test 2026", "2026", guid="test", published=NEXT))
    (new,) = found.entries
    assert new.entry_id == moved_entry_id(1, "test", "https://quay.example/2026")
    assert found.news == {new.entry_id}
    again = reader.poll(
        item("Test 2026", "2026", guid="test", published=NEXT),
        item("Test 2018", "2018", guid="test", published=DAY),
    )
    assert {entry.entry_id for entry in again.entries} == {old.entry_id, new.entry_id}
    assert again.news == frozenset()


def test_a_feed_with_one_guid_for_all_gives_every_article() -> None:
    reader = Reader()
    news = [
        reader.poll(item(f"Story {number}", f"s{number}", guid="always", published=DAY)).news
        for number in range(5)
    ]
    assert [len(found) for found in news] == [1] * 5
    assert len(frozenset().union(*news)) == 5


def test_items_that_share_a_link_stay_apart_and_known() -> None:
    reader = Reader()
    shown = [item(f"Gull {number}", "", published=DAY) for number in range(4)]
    assert len(reader.poll(*shown).news) == 4
    found = reader.poll(item("Gull 9", "", published=NEXT), *shown)
    assert [entry.title for entry in found.entries if entry.entry_id in found.news] == ["Gull 9"]


def test_one_that_was_known_by_its_link_alone_stays_known_beside_others() -> None:
    reader = Reader()
    reader.poll(item("Gull 0", "", published=DAY))
    found = reader.poll(item("Gull 1", "", published=NEXT), item("Gull 0", "", published=DAY))
    assert len(found.news) == 1
    assert len(reader.stored) == 2


# --- Names that change from poll to poll --------------------------------------------------------


def notes(number: int, *, parameter: str = "rnd", count: int = 3, guid: str = "") -> list[FeedItem]:
    return [
        item(
            f"Note {at}",
            f"n{at}" + (f"?{parameter}={number}{at}" if parameter else ""),
            published=DAY,
            **({"guid": f"{guid}{number}-{at}"} if guid else {}),
        )
        for at in range(count)
    ]


@pytest.mark.parametrize("parameter", ["utm_content", "fbclid"])
def test_known_tracking_is_never_news(parameter: str) -> None:
    reader = Reader()
    reader.poll(*notes(1, parameter=parameter, count=1))
    for number in range(2, 6):
        assert reader.poll(*notes(number, parameter=parameter, count=1)).news == frozenset()
    assert reader.feed.unstable == ()


@pytest.mark.parametrize("count", [1, 2, 3, 20])
def test_an_unknown_parameter_is_learnt_from_at_most_three_items(count: int) -> None:
    reader = Reader()
    reader.poll(*notes(1, count=count))
    asked = sum(len(reader.poll(*notes(number, count=count)).news) for number in range(2, 9))
    assert asked <= 3
    assert reader.feed.unstable == ("rnd",)
    found = reader.poll(item("Whole new", "x?rnd=5", published=NEXT), *notes(9, count=count))
    assert [entry.title for entry in found.entries if entry.entry_id in found.news] == ["Whole new"]
    # A title edited since is a version, not a page of its own.
    edited = reader.poll(item("Note 0, corrected", "n0?rnd=77", published=DAY))
    (version,) = edited.entries
    assert version.entry_id in {known for known in reader.stored if known in edited.news}
    assert len(reader.stored) == count + 1 + (asked if count < 3 else 0)


@pytest.mark.parametrize("count", [1, 2, 3])
def test_so_are_guids_that_change(count: int) -> None:
    reader = Reader()
    reader.poll(*notes(1, parameter="", count=count, guid="g"))
    asked = sum(
        len(reader.poll(*notes(number, parameter="", count=count, guid="g")).news)
        for number in range(2, 9)
    )
    assert asked == 0
    assert reader.feed.unstable == ("guid",)
    renamed = reader.poll(item("Note 0, corrected", "n0", guid="g99", published=DAY))
    assert renamed.news <= set(reader.stored)
    new = reader.poll(item("Other", "other", guid="g100", published=DAY))
    assert len(new.news) == 1


def test_guids_and_links_that_change_together_are_learnt_together() -> None:
    reader = Reader()
    reader.poll(*notes(1, guid="g"))
    assert [len(reader.poll(*notes(number, guid="g")).news) for number in range(2, 5)] == [0, 0, 0]
    assert reader.feed.unstable == ("guid", "rnd")


def test_parameters_beside_the_one_that_names_the_page_are_learnt_alone() -> None:
    def shown(number: int) -> list[FeedItem]:
        return [
            item(f"Story {at}", f"v?id={at}&visit={number}{at}", published=DAY) for at in range(4)
        ]

    reader = Reader()
    reader.poll(*shown(1))
    assert reader.poll(*shown(2)).news == frozenset()
    assert reader.feed.unstable == ("visit",)
    more = [*shown(3), item("Story 9", "v?id=9&visit=39", published=NEXT)]
    assert len(reader.poll(*more).news) == 1


def test_a_parameter_that_names_the_page_is_never_learnt() -> None:
    """Every day's forecast is called the same, and each is another page."""
    reader = Reader()
    for day in range(1, 9):
        date = f"2026-11-{day:02}T06:00:00Z"
        found = reader.poll(item("Tides of today", f"tides?day={day}", published=date))
        assert len(found.news) == 1
    undated = Reader()
    for day in range(1, 9):
        assert len(undated.poll(item("Tides of today", f"tides?day={day}")).news) == 1
    assert reader.feed.unstable == undated.feed.unstable == ()


def test_items_that_come_and_go_are_not_taken_for_each_other() -> None:
    reader = Reader()
    reader.poll(item("Gulls", "v?id=1", guid="1", published=DAY))
    found = reader.poll(item("Terns", "v?id=2", guid="2", published=DAY))
    assert len(found.news) == 1
    assert reader.feed.suspected == ()


# --- What is no news for other reasons ----------------------------------------------------------


def test_new_dates_for_most_of_a_feed_are_no_news_of_any() -> None:
    reader = Reader()
    reader.poll(*(item(f"T{at}", f"t{at}", guid=str(at), published=DAY) for at in range(12)))
    restamped = reader.poll(
        *(item(f"T{at}", f"t{at}", guid=str(at), published=NEXT) for at in range(12))
    )
    assert all(entry.reread for entry in restamped.entries)
    latest = "2026-11-22T00:00:00Z"
    later = reader.poll(
        *(
            item(f"T{at}", f"t{at}", guid=str(at), published=latest if at == 3 else NEXT)
            for at in range(12)
        )
    )
    (version,) = (entry for entry in later.entries if entry.entry_id in later.news)
    assert (version.title, version.reread) == ("T3", False)


def test_what_a_better_reader_reads_otherwise_is_no_news_once() -> None:
    """An early version read the title with a semicolon too many, and no date at all."""
    reader = Reader()
    number = entry_id(1, "1")
    old = SeenEntry(
        number, 1, 1, "1", "https://quay.example/a", "AT&T; up", "s", None, None, True, False
    )
    reader.stored[number] = old
    reader.feed = replace(reader.feed, read_by=None)
    now = item("AT&T up", "a", guid="1", published=DAY)
    found = reader.poll(now)
    (entry,) = found.entries
    assert (entry.entry_id, entry.title, entry.reread) == (number, "AT&T up", True)
    assert found.news == {number}, "what is stored is put right"
    assert entry.backfill is True
    assert reader.poll(now).news == frozenset()
    edited = reader.poll(item("AT&T down", "a", guid="1", published=DAY))
    assert edited.entries[0].reread is False


def test_a_guid_that_was_read_otherwise_is_known_by_its_page() -> None:
    reader = Reader()
    reader.poll(item("A", "a", guid="https://quay.example/?p=1〈=en", published=DAY))
    reader.feed = replace(reader.feed, read_by=None)
    found = reader.poll(item("A", "a", guid="https://quay.example/?p=1&lang=en", published=DAY))
    assert found.news == frozenset()


def test_guids_that_change_on_one_page_are_known_by_their_titles() -> None:
    """A feed with new guids and texts at each poll, all with one link, added rows without end."""

    def shown(number: int) -> list[FeedItem]:
        return [
            item(f"Flood {at}", "p", guid=f"{number}-{at}", summary=f"{number} {at}")
            for at in range(20)
        ]

    reader = Reader()
    reader.poll(*shown(1))
    for number in range(2, 6):
        assert reader.poll(*shown(number)).news == frozenset()
    assert len(reader.stored) == 20
    assert reader.feed.unstable == ("guid",)
