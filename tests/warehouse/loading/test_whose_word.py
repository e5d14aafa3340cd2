"""Whose text an article is, and which dates prove something."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from itertools import permutations
from pathlib import Path

import duckdb
import pytest

from parsers.identity import feed_id
from parsers.records import Article, DateFlag
from tests.warehouse.builders import Bench, a_batch, an_article, an_entry, at
from tests.warehouse.record import replay
from warehouse.queue.entries import waiting_entries
from warehouse.records import Batch, Feed
from warehouse.upkeep.checks import check

KEPT = "SELECT text_kind, title, revisions FROM articles"
REVISIONS = "SELECT revision, title, read_at FROM article_revisions ORDER BY revision"
DATES = "SELECT published_at, told_at = first_seen_at, date_evidence FROM articles"
STAYS = """
SELECT article_id, canonical_url, title, text, published_at, told_at, revisions, story_id, copy_kind
FROM articles ORDER BY article_id
"""
WAITING = "SELECT entry_id, next_try_at FROM entries WHERE state = 'waiting' ORDER BY entry_id"
ORIGINALS = "SELECT title FROM articles WHERE copy_kind = 'original'"
ABOUT_STORIES = {"stories_tell_of_their_articles", "originals_are_first"}
WORDS = " ".join(f"wire{number}" for number in range(16))


def test_a_text_read_from_the_page_is_never_replaced_by_a_feeds(tmp_path: Path) -> None:
    page = an_article("a", read=2, title="Page")
    before = an_article("a", WORDS, read=1, title="Feed", text_kind="feed")
    after = replace(before, fetched_at=at(3))
    batches = (
        a_batch("b1", articles=(page,)),
        a_batch("b2", articles=(before,)),
        a_batch("b3", articles=(after,)),
    )
    for number, order in enumerate(permutations(batches)):
        folder = tmp_path / str(number)
        folder.mkdir()
        bench = Bench.in_folder(folder)
        with bench.open() as wh:
            for batch in order:
                bench.load_into(wh, batch)
            assert wh.execute(KEPT) == [("page", "Page", 2)]
            assert wh.execute(REVISIONS) == [(1, "Feed", at(1)), (2, "Page", at(2))]


def test_a_later_revision_does_not_move_the_date_back(tmp_path: Path) -> None:
    bench = Bench.in_folder(tmp_path)
    first = an_article("a", read=10, published_at=at(9))
    bench.load(a_batch("b1", articles=(first,)))
    bench.load(a_batch("b2", articles=(replace(first, fetched_at=at(12), published_at=at(1)),)))
    stands = "SELECT published_at, told_at, backdated_to FROM articles"
    assert bench.rows(stands) == [(at(9), at(9), at(1))]
    edited = an_article("a", WORDS, read=14, published_at=at(2))
    bench.load(a_batch("b3", articles=(edited,)))
    assert bench.rows(stands) == [(at(9), at(9), at(2))]
    said = "SELECT published_at FROM article_revisions ORDER BY revision"
    assert bench.rows(said) == [(at(1),), (at(2),)]
    corrected = replace(edited, fetched_at=at(16), published_at=at(9.5))
    bench.load(a_batch("b4", articles=(corrected,)))
    assert bench.rows(stands) == [(at(9.5), at(9), None)]


def test_a_day_that_is_told_to_the_minute_later_has_not_moved_back(tmp_path: Path) -> None:
    """A day of the far east begins while it is still the day before in UTC."""
    bench = Bench.in_folder(tmp_path)
    day = an_article("a", read=20, published_at=at(18), date_flag=DateFlag.DAY)
    told = replace(day, fetched_at=at(22), published_at=at(10), date_flag=None)
    bench.load(a_batch("b1", articles=(day,)), a_batch("b2", articles=(told,)))
    assert bench.rows("SELECT published_at, date_flag FROM articles") == [(at(10), None)]


def test_a_better_parsers_date_of_the_same_page_counts(tmp_path: Path) -> None:
    misread = an_article("a", read=10, published_at=at(9))
    batches = (
        a_batch("b1", articles=(misread,)),
        a_batch("b2", kind="reparse", articles=(replace(misread, published_at=at(7)),)),
    )
    for number, order in enumerate(permutations(batches)):
        folder = tmp_path / str(number)
        folder.mkdir()
        bench = Bench.in_folder(folder)
        for batch in order:
            bench.load(batch)
        assert bench.rows("SELECT published_at, told_at FROM articles") == [(at(7), at(7))]


@pytest.mark.parametrize(
    ("published", "not_shown", "uncertain", "evidence"),
    [
        (at(5), at(49), True, "refuted"),
        (at(48.5), at(49), False, "sight"),
        (at(12), at(11), False, "poll"),
        (at(12), None, False, "word"),
        (at(40), None, False, "sight"),
        (datetime(1980, 1, 1, tzinfo=UTC), None, True, "none"),
        (datetime(2001, 1, 1, tzinfo=UTC), None, True, "none"),
    ],
)
def test_what_bears_out_a_date(
    tmp_path: Path, published: datetime, not_shown: datetime | None, uncertain: bool, evidence: str
) -> None:
    """Read two days into the made-up time. What speaks against a date moves only the moment by
    which it was out for certain."""
    bench = Bench.in_folder(tmp_path)
    article = an_article("a", read=50, published_at=published, not_shown_at=not_shown)
    bench.load(a_batch("b1", articles=(article,)))
    assert bench.rows(DATES) == [(published, uncertain, evidence)]


def test_what_a_stranger_carries_begins_no_story(tmp_path: Path) -> None:
    """Neither by its date, which is what it says of another's page, nor by first sight."""
    carried = an_article(
        "c", WORDS, read=2, host="aggregator.example", text_kind="carried", published_at=at(1)
    )
    page = an_article("p", WORDS, read=30, host="press.example", published_at=at(29))
    bench = Bench.in_folder(tmp_path)
    bench.load(a_batch("b1", articles=(carried,)), a_batch("b2", articles=(page,)))
    rows = bench.rows("SELECT host, copy_kind, told_at FROM articles ORDER BY host")
    assert rows == [("aggregator.example", "exact", at(2)), ("press.example", "original", at(29))]


@pytest.mark.parametrize("seen", [10.01, 9.99, 200])
def test_a_backdated_copy_takes_no_story(tmp_path: Path, seen: float) -> None:
    def copy(host: str, read: float, published: float) -> Article:
        return an_article("a", WORDS, host=host, read=read, published_at=at(published), title=host)

    bench = Bench.in_folder(tmp_path)
    bench.load(
        a_batch("b1", articles=(copy("honest.example", 10, 8),)),
        a_batch("b2", articles=(copy("late.example", seen, seen - 28 * 24),)),
    )
    assert bench.rows(ORIGINALS) == [("honest.example",)]
    assert bench.rows("SELECT started_at, articles FROM stories") == [(at(8), 2)]
    with bench.open() as wh:
        assert not [rule.name for rule in check(wh)[1] if rule.name in ABOUT_STORIES]


def test_an_old_date_that_a_poll_bears_out_keeps_its_story(tmp_path: Path) -> None:
    """As after two days without a run: its feed was read on the day before, and did not show it."""
    waited = an_article("a", WORDS, read=60, published_at=at(10), not_shown_at=at(0), title="first")
    copied = an_article(
        "b", WORDS, read=60.1, published_at=at(40), host="copy.example", title="copy"
    )
    bench = Bench.in_folder(tmp_path)
    bench.load(a_batch("b1", articles=(waited, copied)))
    assert bench.rows(ORIGINALS) == [("first",)]


def test_of_old_texts_alone_the_older_is_the_original(tmp_path: Path) -> None:
    """As a backfill brings them: nothing bears out any of their dates."""
    later = an_article("a", WORDS, read=60, published_at=at(-900), title="later")
    older = replace(later, article_id=7, canonical_url="https://old.example/a", title="older")
    bench = Bench.in_folder(tmp_path)
    bench.load(
        a_batch("b1", articles=(later, replace(older, published_at=at(-950), fetched_at=at(61))))
    )
    assert bench.rows(ORIGINALS) == [("older",)]


def test_what_an_early_version_took_from_a_stranger_stays_until_the_page_is_read(
    bench: Bench,
) -> None:
    """It is the same article in the same story, and no entry of it waits again; then the page's own
    text takes its place, and keeps it."""
    bench.desk.create()
    replay(15, bench.desk.private)
    with duckdb.connect(bench.desk.private) as old:
        old.execute("UPDATE articles SET text_kind = 'feed'")
        before = old.execute(STAYS).fetchall()
        queue = old.execute(WAITING).fetchall()
        ((name, number),) = old.execute(
            "SELECT canonical_url, article_id FROM articles ORDER BY article_id LIMIT 1"
        ).fetchall()
    assert bench.rows(STAYS) == before
    assert bench.rows(WAITING) == queue
    page = an_article(name.rsplit("/", 1)[1], read=2000, title="Page")
    assert page.article_id == number
    carried = replace(page, fetched_at=at(2001), text_kind="feed", title="Forged again")
    report = bench.load(a_batch("b1", articles=(page,)), a_batch("b2", articles=(carried,)))
    assert (report.new_articles, report.new_revisions) == (0, 1)
    stands = f"SELECT title, text_kind FROM articles WHERE article_id = {number}"
    assert bench.rows(stands) == [("Page", "page")]


def test_a_feeds_addresses_are_those_at_which_the_entry_was_seen(bench: Bench) -> None:
    """A feed that pretends to have moved to another's site takes that name for nothing it said
    before, nor where it is looked for in its former place again."""
    here, there = "https://evil.example/rss", "https://press.example/rss"
    number = feed_id(here)

    def poll(hours: float, url: str, former: str | None, *entries: str) -> Batch:
        feed = Feed(number, url, former_url=former, polled_at=at(hours), succeeded_at=at(hours))
        found = tuple(an_entry(name, feed=number) for name in entries)
        return a_batch(f"b{hours:03}", hours, "poll", feeds=(feed,), entries=found)

    named = Feed(number, here, naming_page="https://ally.example/page")
    bench.load(
        a_batch("a", feeds=(Feed(number, here, named_site="https://site.example/"),)),
        poll(1, here, None, "before"),
        poll(2, there, here, "moved"),
        poll(3, here, there, "back"),
        a_batch("z", 4, feeds=(named,)),
    )
    with bench.open() as wh:
        found = {
            one.entry.guid: (set(one.feed_addresses), one.not_shown_at)
            for one in waiting_entries(wh, at(9), 10)
        }
    told = {"https://site.example/", "https://ally.example/page"}
    assert found == {
        "before": ({here} | told, None),
        "moved": ({there, here} | told, at(1)),
        "back": ({here} | told, at(2)),
    }
