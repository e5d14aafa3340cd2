"""What just came in, as events tell it."""

from __future__ import annotations

from parsers.identity import article_id
from tests.warehouse.builders import Bench, a_batch, an_article, an_entry, an_outcome, at
from warehouse.loading.landing import land
from warehouse.loading.load import load_landed
from warehouse.queue.arrivals import (
    count_waiting,
    feeds_with_news,
    stories_in_news,
    topics_in_news,
    untold_stories,
)
from warehouse.records import EntryState, Feed


def story(name: str) -> int:
    return article_id(f"https://news.example/{name}")


def test_feeds_are_told_with_the_entries_they_brought(bench: Bench) -> None:
    feeds = tuple(Feed(number, f"https://{number}.example/feed") for number in (1, 2, 3))
    entries = (an_entry("a", feed=1), an_entry("b", feed=2), an_entry("c", feed=2))
    bench.load(a_batch("b1", 0, "poll", feeds=feeds, entries=entries))
    bench.load(a_batch("b2", 1, "poll", entries=(an_entry("d", feed=3),)))
    with bench.open() as wh:
        found = feeds_with_news(wh, ["b1"])
        assert [(one.feed_id, one.entries) for one in found] == [(2, 2), (1, 1)]
        assert count_waiting(wh, at(2)) == 4


def test_entries_that_are_to_be_tried_later_do_not_count_yet(bench: Bench) -> None:
    bench.load(a_batch("b1", 0, "poll", entries=(an_entry("a"), an_entry("b"))))
    later = an_outcome("a", EntryState.WAITING, 1, reason="timeout", next_try_at=at(5))
    bench.load(a_batch("b2", 1, outcomes=(later,)))
    with bench.open() as wh:
        assert count_waiting(wh, at(2)) == 1
        assert count_waiting(wh, at(6)) == 2


def test_topics_are_counted_over_the_articles_of_the_batches(bench: Bench) -> None:
    bench.load(a_batch("b1", 1, articles=(an_article("a"), an_article("b", topics=("Musk",)))))
    bench.load(a_batch("b2", 2, articles=(an_article("c", topics=("Musk", "OpenAI")),)))
    with bench.open() as wh:
        assert topics_in_news(wh, ["b1", "b2"]) == {"Musk": 2, "OpenAI": 2}
        assert topics_in_news(wh, ["b2"]) == {"Musk": 1, "OpenAI": 1}


def test_stories_on_topic_are_told_and_backfills_marked(bench: Bench) -> None:
    names = ("news", "old", "off")
    entries = tuple(an_entry(name, backfill=name == "old") for name in names)
    outcomes = tuple(
        an_outcome(name, EntryState.STORED, 1, article_id=story(name)) for name in names
    )
    articles = (an_article("news"), an_article("old"), an_article("off", topics=()))
    bench.load(a_batch("b1", 0, "poll", entries=entries))
    report = bench.load(a_batch("b2", 1, articles=articles, outcomes=outcomes))
    assert set(report.new_stories) == {story(name) for name in names}
    with bench.open() as wh:
        found = {one.title: one.backfill for one in stories_in_news(wh, report.new_stories)}
        assert found == {"Title of news": False, "Title of old": True}
        assert stories_in_news(wh, ()) == ()


def test_an_untold_story_names_its_warehouse_unless_an_earlier_version_loaded_it(
    bench: Bench,
) -> None:
    article = an_article("a", topics=("openai",))
    with bench.open() as wh:
        land(bench.desk, a_batch("b1", articles=(article,)))
        load_landed(wh, bench.desk, loaded_at=at(1), tells=True)
        (number,), told = untold_stories(wh, (), at(1), 10), {}
        for when in (at(2), at(0)):
            wh.execute(
                "UPDATE schema_migrations SET applied_at = $when WHERE version IN (1, 26)",
                {"when": when},
            )
            (news,) = untold_stories(wh, (), at(1), 10).values()
            assert news is not None
            told[when] = news.warehouse
        assert told == {at(2): None, at(0): str(int(at(0).timestamp() * 1_000_000))}
        # Once it was told, nobody tells it again.
        assert untold_stories(wh, (number,), at(1), 10) == {}
        assert [one.warehouse for one in stories_in_news(wh, (number,))] == [None]
