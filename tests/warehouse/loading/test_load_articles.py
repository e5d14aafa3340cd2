"""Articles, their revisions and mentions."""

from __future__ import annotations

import itertools
import random
from dataclasses import replace

import pytest

from parsers.copies.fingerprints import fingerprint
from parsers.records import Access
from tests.tiers import also_long
from tests.warehouse.builders import Bench, a_batch, an_article, an_outcome, at
from tests.warehouse.places import FILE_AND_LAKE
from warehouse.queue.articles import articles_for_matching
from warehouse.records import EntryState

pytestmark = FILE_AND_LAKE


TITLES = "SELECT title, first_seen_at, revisions FROM articles"
REVISIONS = "SELECT revision, title, changed, is_latest FROM article_revisions ORDER BY revision"
OTHER = " ".join(f"other{number}" for number in range(16))
SECOND_WORDS = " ".join(f"more{number}" for number in range(16))
WHOLE_WORDS = " ".join(f"all{number}" for number in range(16))


def test_an_article_comes_back_as_it_went_in(bench: Bench) -> None:
    article = an_article(
        "one",
        authors=("Ann",),
        tags=("a", "b"),
        published_at=at(0),
        access=Access.PAYWALLED,
        sources=(("title", "og"), ("authors", "json-ld")),
        removed=(("menu", 3),),
    )
    bench.load(a_batch("b1", articles=(article,)))
    with bench.open() as wh:
        (back,) = articles_for_matching(wh, "topics")
    assert replace(back, topics=article.topics, fingerprint=article.fingerprint) == article


def test_the_same_text_read_again_is_the_same_revision(bench: Bench) -> None:
    bench.load(a_batch("b1", articles=(an_article("one", read=1),)))
    report = bench.load(a_batch("b2", articles=(an_article("one", read=5, section="Tech"),)))
    assert (report.new_articles, report.new_revisions) == (0, 0)
    assert bench.rows(TITLES) == [("Title of one", at(1), 1)]
    assert bench.rows("SELECT fetched_at, section FROM articles") == [(at(5), "Tech")]


def test_a_changed_text_or_title_is_a_revision(bench: Bench) -> None:
    first = an_article("one", read=1)
    bench.load(
        a_batch("b1", articles=(first,)),
        a_batch("b2", articles=(replace(first, title="New", fetched_at=at(2)),)),
        a_batch("b3", articles=(an_article("one", OTHER, read=3, title="New"),)),
        a_batch("b4", articles=(an_article("one", read=4, title="Newer"),)),
    )
    assert bench.rows(TITLES) == [("Newer", at(1), 4)]
    assert bench.rows(REVISIONS) == [
        (1, "Title of one", None, False),
        (2, "New", "title", False),
        (3, "New", "text", False),
        (4, "Newer", "both", True),
    ]


def test_an_earlier_revision_loaded_later_goes_below(bench: Bench) -> None:
    bench.load(a_batch("b2", articles=(an_article("one", OTHER, read=2, title="New"),)))
    report = bench.load(a_batch("b1", articles=(an_article("one", read=1, topics=("Musk",)),)))
    assert report.new_revisions == 1
    assert bench.rows(TITLES) == [("New", at(1), 2)]
    assert bench.rows("SELECT topic FROM mentions WHERE is_latest") == [("OpenAI",)]


def test_a_text_that_returns_is_the_latest_again(bench: Bench) -> None:
    bench.load(a_batch("b1", articles=(an_article("one", read=1),)))
    bench.load(a_batch("b2", articles=(an_article("one", OTHER, read=2, title="New"),)))
    report = bench.load(a_batch("b3", articles=(an_article("one", read=3),)))
    bench.load(a_batch("b4", articles=(an_article("one", read=4),)))
    assert report.new_revisions == 1
    assert bench.rows(TITLES) == [("Title of one", at(1), 3)]
    assert bench.rows(REVISIONS) == [
        (1, "Title of one", None, False),
        (2, "New", "both", False),
        (3, "Title of one", "both", True),
    ]
    seen = bench.rows("SELECT first_seen_at, read_at FROM article_revisions ORDER BY revision")
    assert seen == [(at(1), at(1)), (at(2), at(2)), (at(3), at(4))]
    assert bench.rows("SELECT revision_seen_at FROM articles") == [(at(3),)]


@pytest.mark.parametrize("seed", [0, *also_long(1, 2)])
def test_which_text_stood_when_does_not_depend_on_the_order_of_batches(
    bench: Bench, seed: int
) -> None:
    chooser = random.Random(seed)
    said = [chooser.choice(("A", "A", "B", "C")) for _ in range(12)]
    readings = [
        a_batch(f"b{hour:02}", articles=(an_article("one", read=hour, title=title),))
        for hour, title in enumerate(said)
    ]
    chooser.shuffle(readings)
    for batch in readings:
        bench.load(batch)
    starts = [hour for hour in range(12) if hour == 0 or said[hour] != said[hour - 1]]
    assert bench.rows("SELECT title, first_seen_at FROM article_revisions ORDER BY revision") == [
        (said[hour], at(hour)) for hour in starts
    ]
    assert bench.rows("SELECT revisions, title, revision_seen_at FROM articles") == [
        (len(starts), said[-1], at(starts[-1]))
    ]


def test_mentions_belong_to_revisions(bench: Bench) -> None:
    """A later one that names a topic no more does not take it from the days before."""
    bench.load(a_batch("b1", articles=(an_article("one", read=1, topics=("OpenAI", "Musk")),)))
    assert bench.rows("SELECT count(*) FROM mentions") == [(2,)]
    bench.load(a_batch("b2", articles=(an_article("one", OTHER, read=2, topics=("Musk",)),)))
    latest = 'SELECT topic, alias, place, "offset", count FROM mentions WHERE is_latest'
    assert bench.rows(latest) == [("Musk", "Musk", "lead", 3, 2)]
    earlier = "SELECT topic FROM mentions WHERE NOT is_latest ORDER BY topic"
    assert bench.rows(earlier) == [("Musk",), ("OpenAI",)]
    assert bench.rows("SELECT topic, articles FROM coverage_daily ORDER BY ALL") == [
        ("Musk", 1),
        ("OpenAI", 1),
    ]
    assert bench.rows("SELECT topics, salience FROM articles") == [(["Musk"], 0.5)]


def test_an_article_filed_by_hand_was_read_when_the_batch_was_made(bench: Bench) -> None:
    bench.load(a_batch("b1", 7, "add", articles=(an_article("one", read=None, topics=()),)))
    assert bench.rows("SELECT read_at, fetched_at, topics FROM articles") == [(at(7), None, [])]


def test_matching_again_replaces_the_mentions_and_nothing_else(bench: Bench) -> None:
    outcome = an_outcome("one", EntryState.STORED, 1, topics_digest="old")
    article = an_article("one")
    bench.load(
        a_batch(
            "b1", outcomes=(replace(outcome, article_id=article.article_id),), articles=(article,)
        )
    )
    with bench.open() as wh:
        assert articles_for_matching(wh, "old") == ()
        (again,) = articles_for_matching(wh, "new")
        matched = replace(again, topics=an_article("one", topics=("Musk",)).topics)
        report = bench.load_into(wh, a_batch("b2", 9, articles=(matched,), topics_digest="new"))
        assert articles_for_matching(wh, "new") == ()
    assert report.new_revisions == 0
    assert bench.rows("SELECT topics, story_id = article_id FROM articles") == [(["Musk"], True)]
    assert bench.rows("SELECT topic FROM mentions") == [("Musk",)]
    assert bench.rows("SELECT count(*) FROM bands") == [(16,)]


def test_an_article_without_fingerprint_is_told_by_its_text(bench: Bench) -> None:
    plain = replace(an_article("one"), fingerprint=None)
    bench.load(a_batch("b1", articles=(plain,)), a_batch("b2", articles=(plain,)))
    bench.load(a_batch("b3", articles=(replace(plain, text="Changed", fetched_at=at(2)),)))
    assert bench.rows("SELECT revisions, text FROM articles") == [(2, "Changed")]


def test_hosts(bench: Bench) -> None:
    urn = replace(an_article("doc"), article_id=5, canonical_url="urn:sha256:abc")
    bench.load(a_batch("b1", articles=(an_article("one", host="www.News.example:8080"), urn)))
    rows = bench.rows("SELECT host FROM articles ORDER BY host NULLS LAST")
    assert rows == [("news.example",), (None,)]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_better_parse_replaces_the_reading_whichever_is_loaded_first(
    bench: Bench, order: tuple[int, int]
) -> None:
    batches = (
        a_batch("b1", articles=(an_article("one", OTHER, read=1),)),
        a_batch("b2", 5, "reparse", articles=(an_article("one", read=1, topics=("Musk",)),)),
    )
    for number in order:
        bench.load(batches[number])
    assert bench.rows("SELECT revisions, text, topics FROM articles") == [
        (1, an_article("one").text, ["Musk"])
    ]
    assert bench.rows("SELECT topic FROM mentions") == [("Musk",)]


FIRST = an_article("one", text_kind="part", pages_read=(1,))
SECOND = an_article("one", SECOND_WORDS, text_kind="part", pages_read=(2,))
WHOLE = an_article("one", WHOLE_WORDS, pages_read=(1, 2), page_count=2)
STANDS = "SELECT text, text_kind, pages_read, revisions, first_seen_at FROM articles"


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_a_better_parse_may_find_that_all_were_parts(bench: Bench, order: tuple[int, ...]) -> None:
    read = [an_article("one", read=1), an_article("one", OTHER, read=2)]
    parts = tuple(replace(article, text_kind="part", pages_read=(2,)) for article in read)
    batches = [a_batch(f"b{n}", n, articles=(article,)) for n, article in enumerate(read)]
    batches.append(a_batch("b3", 5, "reparse", articles=parts))
    for number in order:
        bench.load(batches[number])
    assert bench.rows(STANDS) == [(parts[1].text, "part", [2], 2, at(1))]


def test_a_better_parse_that_finds_a_part_leaves_what_was_read_whole(bench: Bench) -> None:
    """Else an earlier text would stand, of which not all is kept, and the batch be refused."""
    changed = an_article("one", OTHER, read=2)
    part = replace(changed, text_kind="part", pages_read=(1,))
    bench.load(a_batch("b1", articles=(an_article("one", read=1),)))
    bench.load(a_batch("b2", 2, articles=(changed,)))
    assert bench.load(a_batch("b3", 5, "reparse", articles=(part,))).quarantined == 0
    assert bench.rows(STANDS) == [(changed.text, "page", None, 2, at(1))]


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_the_whole_takes_the_place_of_its_pages_without_a_revision(
    bench: Bench, order: tuple[int, ...]
) -> None:
    read = [replace(FIRST, fetched_at=at(1)), replace(WHOLE, fetched_at=at(2))]
    read.append(replace(SECOND, fetched_at=at(3)))
    batches = [a_batch(f"b{n}", articles=(article,)) for n, article in enumerate(read)]
    bench.load(*(batches[n] for n in order))
    assert bench.rows(STANDS) == [(WHOLE.text, "page", [1, 2], 1, at(1))]
    assert bench.rows("SELECT text FROM superseded") == []


@pytest.mark.parametrize("later_first", [True, False])
def test_a_later_page_is_no_revision_of_the_first(bench: Bench, later_first: bool) -> None:
    batches = [
        a_batch("b1", articles=(replace(FIRST, fetched_at=at(1)),)),
        a_batch("b2", articles=(replace(SECOND, fetched_at=at(2)),)),
    ]
    bench.load(*(reversed(batches) if later_first else batches))
    assert bench.rows(STANDS) == [(FIRST.text, "part", [1], 1, at(1))]


def test_a_first_page_that_changed_is_a_revision(bench: Bench) -> None:
    changed = an_article("one", OTHER, read=2, text_kind="part", pages_read=(1,))
    bench.load(
        a_batch("b1", articles=(replace(FIRST, fetched_at=at(1)),)),
        a_batch("b2", articles=(changed,)),
    )
    assert bench.rows(STANDS) == [(changed.text, "part", [1], 2, at(1))]


def test_pages_go_before_what_a_feed_carried(bench: Bench) -> None:
    carried = an_article("one", OTHER, text_kind="feed", read=2)
    bench.load(
        a_batch("b1", articles=(carried,)),
        a_batch("b2", articles=(replace(FIRST, fetched_at=at(1)),)),
    )
    assert bench.rows(STANDS) == [(FIRST.text, "part", [1], 1, at(1))]


SEEN = [
    ("It fell by -5% to $5 million.", "It fell by 5% to €5 million."),
    ("He said “no” to 1.5 tons.", "He said no to 1.5 tons."),
    ("It cost 1.5 tons.", "It cost 15 tons."),
    ("Is it 5?", "Is it 5%?"),
]
SET_ANEW = [
    ("He said “no” – twice.", 'He  said "no" - twice.'),
    ("## A head\n\nThe text.", "A head\nThe text."),
    ("It is 5\u00a0tons … now", "IT IS 5 tons ... now"),
]


@pytest.mark.parametrize(
    ("texts", "revisions"), [*((texts, 2) for texts in SEEN), *((texts, 1) for texts in SET_ANEW)]
)
def test_a_revision_is_what_readers_see(
    bench: Bench, texts: tuple[str, str], revisions: int
) -> None:
    """Signs, currencies and quotation marks too, but not how a text is set."""
    for hour, text in enumerate(texts, start=1):
        article = replace(an_article("one", read=hour), text=text, fingerprint=fingerprint(text))
        bench.load(a_batch(f"b{hour}", articles=(article,)))
    assert bench.rows("SELECT revisions FROM articles") == [(revisions,)]
    assert bench.rows("SELECT count(*) FROM article_revisions") == [(revisions,)]
    changed = bench.rows("SELECT count(*) FROM diff('https://news.example/one')")
    assert changed == [(2 * (revisions - 1),)]
