"""Which links are fetched, in which chunks: pure decisions."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from flows.decisions.plan import already_stored, link_article_id, plan_chunks
from parsers.records import Entry
from parsers.urls import host_of
from warehouse.records import EntryState, WaitingEntry

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)


def waiting(number: int, link: str | None, article_id: int | None = None) -> WaitingEntry:
    return WaitingEntry(Entry(number, 3, str(number), link), attempts=0, article_id=article_id)


@given(
    st.lists(st.tuples(st.integers(0, 12), st.integers(0, 40)), max_size=120), st.integers(1, 30)
)
def test_every_entry_is_in_one_chunk_and_every_host_too(
    links: list[tuple[int, int]], size: int
) -> None:
    entries = [
        waiting(number, f"https://h{host}.example/{page}")
        for number, (host, page) in enumerate(links)
    ]
    chunks = plan_chunks(entries, size)
    planned = [
        one for chunk in chunks for groups in chunk.hosts for group in groups for one in group
    ]
    assert sorted(one.entry.entry_id for one in planned) == list(range(len(links)))
    chunk_of_host = defaultdict(set)
    for index, chunk in enumerate(chunks):
        for groups in chunk.hosts:
            assert len({host_of(group[0].entry.link or "") for group in groups}) == 1
            assert all(len({one.entry.link for one in group}) == 1 for group in groups)
            chunk_of_host[host_of(groups[0][0].entry.link or "")].add(index)
        assert chunk.links <= size or len(chunk.hosts) == 1
    assert all(len(indexes) == 1 for indexes in chunk_of_host.values())


def test_spellings_of_one_link_are_fetched_once() -> None:
    links = ("https://h.example/a?utm_source=rss", "https://h.example/a#top", "https://h.example/a")
    (chunk,) = plan_chunks([waiting(i, link) for i, link in enumerate(links)], 10)
    assert [[len(group) for group in groups] for groups in chunk.hosts] == [[3]]


def test_entries_without_a_link_are_not_taken_for_one_another() -> None:
    (chunk,) = plan_chunks([waiting(1, None), waiting(2, None)], 10)
    assert [[len(group) for group in groups] for groups in chunk.hosts] == [[1, 1]]


def test_a_page_is_asked_for_by_its_own_site_as_long_as_only_a_feed_carried_it() -> None:
    link = "https://h.example/a"
    own = replace(waiting(1, link), feed_addresses=("https://feeds.h.example/rss",))
    stranger = replace(waiting(2, link), feed_addresses=("https://other.example/rss",))
    known = {link_article_id(own): True}
    to_fetch, outcomes = already_stored([own, stranger], known, now=NOW, digest="d")
    assert to_fetch == (own,)
    assert [outcome.entry_id for outcome in outcomes] == [2]


def test_the_spelling_of_the_own_site_is_the_one_that_is_asked_for() -> None:
    stranger = replace(
        waiting(1, "https://m.h.example/a/amp"), feed_addresses=("https://other.example/rss",)
    )
    own = replace(waiting(2, "https://h.example/a"), feed_addresses=("https://h.example/rss",))
    (chunk,) = plan_chunks([stranger, own], 10)
    assert [[one.entry.entry_id for one in group] for group in chunk.hosts[0]] == [[2, 1]]


def test_a_link_that_is_an_article_already_is_not_fetched_unless_its_entry_was_updated() -> None:
    link = "https://h.example/a"
    known = {link_article_id(waiting(1, link)): False}
    entries = [waiting(1, link), waiting(2, link, article_id=5), waiting(3, "https://h.example/b")]
    to_fetch, outcomes = already_stored(entries, known, now=NOW, digest="d")
    assert [one.entry.entry_id for one in to_fetch] == [2, 3]
    assert [(one.entry_id, one.state) for one in outcomes] == [(1, EntryState.DUPLICATE)]
    # As many as a duplicate within one harvest has: it must not show when a run was killed.
    assert [one.attempts for one in outcomes] == [1]
