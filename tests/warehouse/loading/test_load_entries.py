"""Entries: seen, decided, seen again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from parsers.identity import article_id, entry_id
from parsers.records import Enclosure
from tests.warehouse.builders import Bench, a_batch, an_article, an_entry, an_outcome, at
from tests.warehouse.places import FILE_AND_LAKE
from warehouse.database.warehouse import Row, Warehouse
from warehouse.queries import queries
from warehouse.queue import entries as queue
from warehouse.queue.entries import known_articles, requeue_off_topic, waiting_entries
from warehouse.records import DROPPED, EntryState, WaitingEntry

pytestmark = FILE_AND_LAKE


STATE = "SELECT state, reason FROM entries ORDER BY guid, feed_id"
ONE = article_id("https://news.example/one")


def waiting(bench: Bench, hours: float = 100) -> tuple[WaitingEntry, ...]:
    with bench.open() as wh:
        return waiting_entries(wh, at(hours), 100)


def test_an_entry_comes_back_as_it_went_in(bench: Bench) -> None:
    entry = an_entry(
        "one",
        updated=1,
        authors=("Ann", "Bob"),
        enclosures=(Enclosure("https://news.example/one.mp3", "audio/mpeg", 17),),
        published_at=at(0.5),
        published_raw="Sun, 01 Mar 2026 06:30:00 GMT",
    )
    bench.load(a_batch("b1", entries=(entry,)))
    (found,) = waiting(bench)
    assert replace(found, first_seen_at=None) == WaitingEntry(entry, 0)


def test_an_entry_seen_again_is_the_same_entry(bench: Bench) -> None:
    bench.load(a_batch("b1", 0, entries=(an_entry("one"), an_entry("one"))))
    report = bench.load(a_batch("b2", 1, entries=(an_entry("one"),)))
    assert report.new_entries == 0
    assert bench.rows("SELECT first_seen_at FROM entries") == [(at(0),)]


def test_an_entry_with_nothing_to_harvest_is_dead_at_once(bench: Bench) -> None:
    bench.load(a_batch("b1", entries=(an_entry("one", link=None),)))
    assert bench.rows(STATE) == [("dead", "no_link")]


def test_an_entry_that_brings_its_content_needs_no_link(bench: Bench) -> None:
    bench.load(a_batch("b1", entries=(an_entry("one", link=None, content_html="<p>Hi</p>"),)))
    assert bench.rows(STATE) == [("waiting", None)]


def test_the_latest_decision_counts(bench: Bench) -> None:
    bench.load(
        a_batch("b1", entries=(an_entry("one"),)),
        a_batch("b2", outcomes=(an_outcome("one", EntryState.DEAD, 3, reason="http_404"),)),
        a_batch("b3", outcomes=(an_outcome("one", EntryState.WAITING, 2, reason="timeout"),)),
    )
    assert bench.rows(STATE) == [("dead", "http_404")]


def test_a_decision_may_be_loaded_before_the_entry(bench: Bench) -> None:
    bench.load(a_batch("b2", outcomes=(an_outcome("one", EntryState.OFF_TOPIC, 3),)))
    assert bench.rows(STATE) == []
    bench.load(a_batch("b1", entries=(an_entry("one"),)))
    assert bench.rows(STATE) == [("off_topic", None)]


def test_an_entry_to_be_tried_again_waits_for_its_time(bench: Bench) -> None:
    again = an_outcome("one", EntryState.WAITING, 1, attempts=2, next_try_at=at(5))
    bench.load(a_batch("b1", entries=(an_entry("one"),)), a_batch("b2", outcomes=(again,)))
    assert waiting(bench, 4) == ()
    (entry,) = waiting(bench, 5)
    assert entry.attempts == 2


STATES = "SELECT state, reason FROM entries ORDER BY entry_id"


@pytest.mark.parametrize("stored_first", [0, 1])
@pytest.mark.parametrize("then", [EntryState.STORED, EntryState.DUPLICATE])
def test_of_entries_that_lead_to_one_article_one_is_stored(
    bench: Bench, stored_first: int, then: EntryState
) -> None:
    """So that stored entries count articles; and always the same one, so that
    it does not matter which page was read first, or whether a run was killed between them."""
    feeds = sorted((1, 2), key=lambda feed: entry_id(feed, "one"))
    first, second = feeds[stored_first], feeds[1 - stored_first]
    bench.load(
        a_batch("b1", entries=(an_entry("one", feed=1), an_entry("one", feed=2))),
        a_batch(
            "b2", outcomes=(an_outcome("one", EntryState.STORED, 4, feed=first, article_id=ONE),)
        ),
        a_batch(
            "b3",
            outcomes=(
                an_outcome("one", then, 5, feed=second, article_id=ONE, reason="same_article"),
            ),
        ),
    )
    assert bench.rows(STATES)[1] == ("duplicate", "same_article")
    assert bench.rows(STATES)[0][0] == "stored"


def test_the_entry_seen_on_an_earlier_day_keeps_the_article(bench: Bench) -> None:
    low, high = sorted((1, 2), key=lambda feed: entry_id(feed, "one"))
    stored = EntryState.STORED
    bench.load(
        a_batch("b1", 0, entries=(an_entry("one", feed=high),)),
        a_batch("b2", 1, outcomes=(an_outcome("one", stored, 1, feed=high, article_id=ONE),)),
        a_batch("b3", 24, entries=(an_entry("one", feed=low),)),
        a_batch("b4", 25, outcomes=(an_outcome("one", stored, 25, feed=low, article_id=ONE),)),
    )
    assert bench.rows(STATES) == [("duplicate", "same_article"), ("stored", None)]


def test_a_duplicate_of_an_article_filed_by_hand_stays_one(bench: Bench) -> None:
    duplicate = an_outcome("one", EntryState.DUPLICATE, 1, article_id=ONE, reason="same_article")
    bench.load(a_batch("b1", entries=(an_entry("one"),)), a_batch("b2", outcomes=(duplicate,)))
    assert bench.rows(STATES) == [("duplicate", "same_article")]


def test_a_stored_entry_that_is_updated_waits_to_be_looked_at_again(bench: Bench) -> None:
    bench.load(
        a_batch("b1", 0, entries=(an_entry("one", updated=0),)),
        a_batch("b2", 1, outcomes=(an_outcome("one", EntryState.STORED, 1, article_id=ONE),)),
        a_batch("b3", 2, entries=(an_entry("one", updated=1.5, title="New title"),)),
    )
    assert bench.rows(STATE) == [("waiting", "updated")]
    (again,) = waiting(bench)
    assert (again.entry.title, again.attempts, again.article_id) == ("New title", 0, ONE)


def test_a_feed_that_stamps_every_poll_is_followed_less_and_less(bench: Bench) -> None:
    """The second look waits as long as the first took, the third twice that …"""
    bench.load(a_batch("b0", 0, entries=(an_entry("one", updated=0),)))
    waits = []
    for look in (1, 2, 4, 8):
        stored = an_outcome("one", EntryState.STORED, look, article_id=ONE)
        bench.load(a_batch(f"o{look}", look, outcomes=(stored,)))
        seen = an_entry("one", updated=look + 0.5)
        bench.load(a_batch(f"p{look}", look + 0.5, entries=(seen,)))
        ((wait,),) = bench.rows("SELECT next_try_at - decided_at FROM entries")
        waits.append(wait)
    assert waits == [timedelta(hours=hours) for hours in (1, 2, 4, 8)]


@pytest.mark.parametrize("state", [EntryState.DEAD, EntryState.OFF_TOPIC])
def test_what_was_stored_stays_stored(bench: Bench, state: EntryState) -> None:
    bench.load(
        a_batch("b1", entries=(an_entry("one"),)),
        a_batch("b2", outcomes=(an_outcome("one", EntryState.STORED, 1, article_id=ONE),)),
        a_batch("b3", outcomes=(an_outcome("one", state, 2, reason="later"),)),
    )
    assert bench.rows(STATE) == [("stored", "later")]


def test_off_topic_entries_are_put_back_when_the_topics_change(bench: Bench) -> None:
    off = EntryState.OFF_TOPIC
    bench.load(
        a_batch("b1", 0, entries=(an_entry("old", feed=7),)),
        a_batch("b2", 5, entries=(an_entry("one", feed=7), an_entry("two", feed=7))),
        a_batch("backfill", 5, entries=(an_entry("backfilled", feed=1),)),
        a_batch(
            "b3",
            outcomes=(
                an_outcome("old", off, 6, feed=7, topics_digest="x"),
                an_outcome("one", off, 6, feed=7, topics_digest="x"),
                an_outcome("two", off, 6, feed=7, topics_digest="y"),
                an_outcome("backfilled", off, 6, feed=1, topics_digest="x"),
            ),
        ),
    )
    with bench.open() as wh:
        assert requeue_off_topic(wh, "y", at(5), ["w", "x"]) == 0
        assert requeue_off_topic(wh, "y", at(5), ["w"]) == 1
        assert requeue_off_topic(wh, "y", at(5)) == 0
        assert [one.entry.guid for one in waiting_entries(wh, at(9), 9)] == ["one"]
    # It stands when the entry is seen again, and until it is judged again.
    bench.load(a_batch("b4", 7, entries=(an_entry("one", feed=7),)))
    assert len(waiting(bench)) == 1
    bench.load(a_batch("b5", outcomes=(an_outcome("one", off, 8, feed=7, topics_digest="y"),)))
    assert waiting(bench) == ()


def test_putting_nothing_back_changes_nothing(bench: Bench) -> None:
    bench.load(a_batch("b1", entries=(an_entry("one"),)))
    before = bench.rows("SELECT changes FROM writer_lock")
    with bench.open() as wh:
        assert requeue_off_topic(wh, "x", at(0)) == 0
    assert bench.rows("SELECT changes FROM writer_lock") == before


def test_known_articles(bench: Bench) -> None:
    bench.load(a_batch("b1", articles=(an_article("one"),)))
    with bench.open() as wh:
        assert known_articles(wh, [ONE, 2**64 - 1]) == {ONE: False}
        assert known_articles(wh, []) == {}


def test_the_longest_waiting_come_first_and_no_more_than_asked_for(bench: Bench) -> None:
    for hour, name in enumerate(("c", "a", "b")):
        bench.load(a_batch(f"b{hour}", hour, entries=(an_entry(name),)))
    with bench.open() as wh:
        assert [one.entry.guid for one in waiting_entries(wh, at(9), 2)] == ["c", "a"]


@pytest.mark.parametrize("owns", [None, lambda _: True], ids=["alone", "one of several"])
def test_a_feed_with_many_keeps_no_other_waiting(
    bench: Bench, owns: Callable[[str | None], bool] | None
) -> None:
    bench.load(a_batch("b0", 0, entries=tuple(an_entry(name) for name in "abcdef")))
    bench.load(a_batch("b1", 1, entries=(an_entry("x", feed=2), an_entry("y", feed=2))))
    with bench.open() as wh:
        taken = waiting_entries(wh, at(9), 4, owns)
    assert sorted(one.entry.feed_id for one in taken) == [1, 1, 2, 2]


@pytest.mark.parametrize("owns", [None, lambda _: True], ids=["alone", "one of several"])
def test_no_more_text_is_taken_at_once_than_memory_has_room_for(
    bench: Bench,
    owns: Callable[[str | None], bool] | None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(queue, "MOST_TEXT", 25_000)
    large = tuple(an_entry(name, content_html="x" * 10_000) for name in "abcdef")
    bench.load(a_batch("b0", 0, entries=(*large, an_entry("huge", feed=2, summary="y" * 30_000))))
    with bench.open() as wh:
        taken = [one.entry.guid for one in waiting_entries(wh, at(9), 100, owns)]
    assert 1 <= len(taken) <= 3


def test_ids_use_all_64_bits(bench: Bench) -> None:
    names = [f"n{number}" for number in range(50)]
    bench.load(a_batch("b1", entries=tuple(an_entry(name) for name in names)))
    stored = {entry for (entry,) in bench.rows("SELECT entry_id FROM entries")}
    assert stored == {entry_id(1, name) for name in names}
    assert any(isinstance(entry, int) and entry > 2**63 for entry in stored)


def test_a_worker_takes_only_the_entries_that_it_owns(bench: Bench) -> None:
    for hour, name in enumerate(("c", "a", "b", "d")):
        bench.load(a_batch(f"b{hour}", hour, entries=(an_entry(name),)))
    bench.load(a_batch("b9", outcomes=(an_outcome("d", EntryState.STORED, 5),)))
    links: list[str | None] = []

    def owns(link: str | None) -> bool:
        links.append(link)
        return len(links) != 2

    with bench.open() as wh:
        assert [one.entry.guid for one in waiting_entries(wh, at(9), 5, owns)] == ["c", "b"]
        assert len(links) == 3
        links.clear()
        assert [one.entry.guid for one in waiting_entries(wh, at(9), 1, owns)] == ["c"]


@pytest.mark.parametrize("state", [EntryState.OFF_TOPIC, EntryState.DEAD, EntryState.STORED])
def test_whatever_became_of_an_entry_a_version_of_it_is_looked_at(
    bench: Bench, state: EntryState
) -> None:
    entry = an_entry("one", published_at=at(0))
    bench.load(a_batch("b1", 0, entries=(entry,)))
    known = ONE if state is EntryState.STORED else None
    bench.load(a_batch("b2", 1, outcomes=(an_outcome("one", state, 1, article_id=known),)))
    again = replace(entry, title="Other", revised_at=at(2))
    bench.load(a_batch("b3", 2, entries=(replace(again, reread=True, title="Better"),)))
    assert bench.rows("SELECT title, state FROM entries") == [("Better", state)]
    bench.load(a_batch("b4", 3, entries=(replace(again, revised_at=at(3)),)))
    assert bench.rows("SELECT title, state, reason FROM entries") == [
        ("Other", "waiting", "updated")
    ]


def test_what_a_person_gave_up_stays_given_up(bench: Bench) -> None:
    bench.load(a_batch("b1", 0, entries=(an_entry("one"),)))
    dropped = an_outcome("one", EntryState.DEAD, 1, reason=DROPPED)
    bench.load(a_batch("b2", 1, outcomes=(dropped,)))
    bench.load(a_batch("b3", 2, entries=(an_entry("one", title="New", revised_at=at(2)),)))
    assert bench.rows(STATE) == [("dead", DROPPED)]


def test_what_can_find_nothing_is_not_asked(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """Most of what a small statement costs is its planning: a poll's new entries need a third fewer
    than what they need once something was decided about them."""
    asked: list[str] = []
    execute = Warehouse.execute

    def noted(wh: Warehouse, sql: str, params: Mapping[str, object] | None = None) -> list[Row]:
        asked.append(sql)
        return execute(wh, sql, params)

    def steps() -> set[str]:
        names = {name for name, sql in queries("loading/load").items() if sql in asked}
        asked.clear()
        return names

    with bench.open() as wh:
        monkeypatch.setattr(Warehouse, "execute", noted)
        bench.load_into(wh, a_batch("b1", entries=(an_entry("one"),)))
        new = steps()
        stored = an_outcome("one", EntryState.STORED, 1, article_id=ONE)
        bench.load_into(
            wh, a_batch("b2", entries=(an_entry("one", updated=2),), outcomes=(stored,))
        )
        known = steps()
    assert (
        {"settle_entries", "undecided_entries", "entries", "record_batch"}
        <= new
        <= known | {"no_verdicts"}
    )
    assert {"verdicts", "outcomes", "changed_entries", "drop_replaced_entries"} <= known - new
