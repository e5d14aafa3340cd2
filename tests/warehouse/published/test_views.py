"""Views and macros for people."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from parsers.errors import Quarantine
from parsers.identity import article_id
from parsers.records import Credit, CreditRole
from tests.tiers import also_long
from tests.warehouse.builders import Bench, a_batch, an_article, an_entry, an_outcome, at
from tests.warehouse.history import a_history
from tests.warehouse.places import FILE_AND_LAKE
from warehouse.records import BACKFILLED, BY_HAND, EntryState, Feed, FeedHealth

pytestmark = FILE_AND_LAKE


WIRE = " ".join(f"w{number}" for number in range(16))
FUNNEL = "SELECT stage, reason, entries FROM funnel WHERE entries > 0"


def id_of(name: str, host: str = "news.example") -> int:
    return article_id(f"https://{host}/{name}")


@pytest.fixture
def desk(bench: Bench) -> Bench:
    """A story on two hosts, one article of its own, and entries in every state."""
    stored = EntryState.STORED
    names = ("one", "copy", "two", "dup", "off", "gone", "late", "new")
    bench.fill(
        a_batch("b1", 0, "poll", entries=tuple(an_entry(name) for name in names)),
        a_batch(
            "b2",
            1,
            articles=(
                an_article("one", WIRE, read=1, published_at=at(0)),
                an_article("copy", WIRE, host="copy.example", read=2, title="Grok lawsuit"),
                an_article("two", read=3, topics=("Musk", "OpenAI"), title="Second", language="id"),
            ),
            outcomes=(
                an_outcome("one", stored, 1, article_id=id_of("one")),
                an_outcome("copy", stored, 1, article_id=id_of("copy", "copy.example")),
                an_outcome("two", stored, 1, article_id=id_of("two")),
                an_outcome(
                    "dup", EntryState.DUPLICATE, 1, article_id=id_of("one"), reason="same_article"
                ),
                an_outcome("off", EntryState.OFF_TOPIC, 1, reason="no_alias"),
                an_outcome("gone", EntryState.DEAD, 1, reason="http_404"),
                an_outcome("late", EntryState.WAITING, 1, reason="timeout"),
            ),
        ),
    )
    return bench


def test_the_funnel_says_where_every_entry_is(desk: Bench) -> None:
    assert desk.rows(FUNNEL) == [
        ("seen", None, 8),
        ("waiting", "new", 1),
        ("waiting", "timeout", 1),
        ("dead", "http_404", 1),
        ("off_topic", "no_alias", 1),
        ("duplicate", "same_article", 1),
        ("stored", "new_story", 2),
        ("stored", "copy", 1),
    ]


def test_an_empty_funnel(bench: Bench) -> None:
    assert bench.rows("SELECT stage, entries FROM funnel") == [("seen", 0)]


@pytest.mark.parametrize("seed", [0, *also_long(1, 2)])
def test_the_funnel_adds_up_whatever_happened(bench: Bench, seed: int) -> None:
    """Seen = waiting + dead + off topic + duplicate + stored, and stored entries count
    articles."""
    bench.load(*a_history(seed, 6))
    ((seen, parts),) = bench.rows(
        "SELECT sum(entries) FILTER (stage = 'seen'), sum(entries) FILTER (stage <> 'seen')"
        " FROM funnel"
    )
    assert seen == parts
    assert bench.rows("SELECT count(*) FROM entries") == [(seen,)]
    ((entries, articles),) = bench.rows(
        "SELECT count(*), count(DISTINCT article_id) FROM entries WHERE state = 'stored'"
    )
    assert entries == articles


def test_clippings_are_stories_on_topic_the_newest_first(desk: Bench) -> None:
    rows = desk.rows("SELECT title, topics, outlet, language, copies, url FROM clippings")
    assert rows == [
        ("Second", ["Musk", "OpenAI"], "news.example", "id", 0, "https://news.example/two"),
        ("Title of one", ["OpenAI"], "news.example", "en", 1, "https://news.example/one"),
    ]


def test_a_story_off_topic_is_no_clipping(bench: Bench) -> None:
    bench.load(a_batch("b1", articles=(an_article("one", topics=()),)))
    assert bench.rows("SELECT * FROM clippings") == []


def test_coverage_counts_articles_and_stories_by_day_topic_and_language(desk: Bench) -> None:
    assert desk.rows(
        "SELECT day, topic, language, articles, stories, hosts FROM coverage_daily"
    ) == [
        (date(2026, 3, 1), "Musk", "id", 1, 1, 1),
        (date(2026, 3, 1), "OpenAI", "en", 2, 1, 2),
        (date(2026, 3, 1), "OpenAI", "id", 1, 1, 1),
    ]


@pytest.mark.parametrize(
    ("feed", "health"),
    [
        (Feed(1, "https://a.example/"), "new"),
        (Feed(1, "https://a.example/", health=FeedHealth.FAILING, polled_at=at(1)), "failing"),
        (Feed(1, "https://a.example/", health=FeedHealth.RETIRED, polled_at=at(1)), "retired"),
        (
            Feed(
                1,
                "https://a.example/",
                health=FeedHealth.OK,
                polled_at=at(24 * 29),
                succeeded_at=at(24 * 29),
            ),
            "ok",
        ),
        (
            Feed(
                1,
                "https://a.example/",
                health=FeedHealth.OK,
                polled_at=at(24 * 31),
                succeeded_at=at(24 * 31),
            ),
            "silent",
        ),
    ],
    ids=["new", "failing", "retired", "ok", "silent"],
)
def test_failing_and_silent_are_different(desk: Bench, feed: Feed, health: str) -> None:
    desk.load(a_batch("b9", 0, feeds=(feed,)))
    assert desk.rows("SELECT health, last_entry_at FROM sources") == [(health, at(0))]


def test_a_source_says_why_it_is_silent_failing_or_retired(bench: Bench) -> None:
    feeds = (
        Feed(1, "https://a.example/", title="Fine", health=FeedHealth.OK, polled_at=at(1),
             succeeded_at=at(1)),
        Feed(2, "https://b.example/", title="Silent", health=FeedHealth.OK, polled_at=at(24 * 40),
             succeeded_at=at(24 * 40), newest_at=at(0)),
        Feed(3, "https://c.example/", title="Failing", health=FeedHealth.FAILING, error="timeout",
             failures=3, polled_at=at(1), succeeded_at=at(0)),
        Feed(4, "https://d.example/", title="Gone", health=FeedHealth.RETIRED, error="http_410",
             polled_at=at(1)),
        Feed(5, "https://e.example:81/feed", title="Waiting", health=FeedHealth.OK,
             error="host_paused", polled_at=at(1), succeeded_at=at(1), next_poll_at=at(3)),
        Feed(6, "https://e.example:81/2", title="Waits too", health=FeedHealth.FAILING, failures=1,
             error="host_down", polled_at=at(1), next_poll_at=at(3)),
    )  # fmt: skip
    bench.load(a_batch("b1", feeds=feeds))
    waiting = "waiting for e.example:81 until 2026-03-01 09:00 UTC"
    assert bench.rows("SELECT title, health, reason, last_success_at FROM sources") == [
        ("Failing", "failing", "timeout, 3 times in a row", at(0)),
        ("Fine", "ok", None, at(1)),
        ("Gone", "retired", "http_410", None),
        ("Silent", "silent", "alive, but nothing new since 2026-03-01", at(24 * 40)),
        ("Waiting", "ok", waiting, at(1)),
        ("Waits too", "failing", f"{waiting}; failed once", None),
    ]


def test_what_a_source_brings(desk: Bench) -> None:
    desk.load(a_batch("b9", feeds=(Feed(1, "https://a.example/"), Feed(2, "https://b.example/"))))
    rows = desk.rows(
        "SELECT entries, stored, off_topic, duplicates, dead, waiting, duplicate_share FROM sources"
    )
    assert rows == [(8, 3, 1, 1, 1, 2, 0.5), (0, 0, 0, 0, 0, 0, None)]


def test_sources_add_up_to_the_funnel_with_what_came_from_no_feed(bench: Bench) -> None:
    removed = Feed(5, "https://e.example/", health=FeedHealth.RETIRED, error="removed")
    numbers = (BY_HAND, BACKFILLED, 5, 6)
    entries = tuple(an_entry("one", feed=feed) for feed in numbers)
    bench.load(a_batch("b1", feeds=(removed,), entries=entries))
    assert bench.rows("SELECT sum(entries) FROM sources") == bench.rows(
        "SELECT count(*) FROM entries"
    )
    assert bench.rows("SELECT feed_id, title, health FROM sources ORDER BY feed_id") == [
        (BY_HAND, "Filed by hand", None),
        (BACKFILLED, "Backfilled", None),
        (5, None, "removed"),
        (6, None, None),
    ]


def test_what_an_outlet_says_again_was_not_begun_elsewhere(bench: Bench) -> None:
    feeds = (Feed(1, "https://news.example/feed"), Feed(2, "https://news.example/section"))
    again = an_article("again", WIRE, read=9, published_at=at(8))
    bench.load(
        a_batch("b1", feeds=feeds, entries=(an_entry("one"), an_entry("one", feed=2))),
        a_batch(
            "b2",
            articles=(an_article("one", WIRE, read=1), again),
            outcomes=(
                an_outcome("one", EntryState.STORED, 1, article_id=id_of("one")),
                an_outcome("one", EntryState.DUPLICATE, 1, feed=2, article_id=id_of("one")),
            ),
        ),
    )
    assert bench.rows("SELECT duplicate_share FROM sources") == [(0.0,), (0.0,)]


def test_search_wants_all_words_and_puts_titles_first(desk: Bench) -> None:
    desk.load(
        a_batch("b3", articles=(an_article("three", read=9, standfirst="GROK in a lawsuit"),))
    )
    rows = desk.rows("SELECT title, in_title FROM search('grok  Lawsuit', days := 99999)")
    assert rows == [("Grok lawsuit", True), ("Title of three", False)]
    assert desk.rows("FROM search('grok llama', days := 99999)") == []
    assert desk.rows("FROM search('grok', days := 1)") == []
    assert len(desk.rows("FROM search('100%_', days := 99999)")) == 0


@pytest.mark.parametrize("by", ["url", "id of a copy"])
def test_a_story_by_any_of_its_articles(desk: Bench, by: str) -> None:
    copy = id_of("copy", "copy.example")
    given = "'https://news.example/one'" if by == "url" else str(copy)
    assert desk.rows(f"SELECT copy_kind, behind, article_id FROM story({given})") == [
        ("original", timedelta(0), id_of("one")),
        ("exact", timedelta(hours=2), copy),
    ]


@pytest.mark.parametrize(
    ("asked", "answers"),
    [
        ("SELECT c.title, count(*) FROM clippings AS c, story(story_id) GROUP BY ALL",
         [("Second", 1), ("Title of one", 2)]),
        ("SELECT c.title, count(*) FROM clippings AS c, story(c.url) GROUP BY ALL",
         [("Second", 1), ("Title of one", 2)]),
        ("SELECT s.articles, count(*) FROM stories AS s, story(s.story_id) GROUP BY ALL",
         [(1, 1), (2, 2)]),
        ("SELECT a.title, d.line FROM articles AS a, diff(a.article_id) AS d",
         [("Second", "Second"), ("Second", "Once")]),
        ("SELECT a.title, d.line FROM articles AS a, diff(canonical_url) AS d",
         [("Second", "Second"), ("Second", "Once")]),
        ("SELECT a.title, count(*) FROM articles AS a, search(a.title, days := 99999) GROUP BY ALL",
         [("Grok lawsuit", 1), ("Second", 1), ("Title of one", 1)]),
        ("SELECT n.days, count(*) FROM (VALUES (1), (99999)) AS n(days), search('of', days := days)"
         " GROUP BY ALL", [(99999, 1)]),
        ("SELECT m.topic, any_value(stories) FROM mentions AS m, timeline(topic) GROUP BY ALL",
         [("Musk", 1), ("OpenAI", 2)]),
    ],
)  # fmt: skip
def test_a_macro_may_be_asked_about_each_row_of_a_table(
    desk: Bench, asked: str, answers: list[tuple[object, ...]]
) -> None:
    """What is passed is not taken for a column of the macro's own tables."""
    once = an_article("two", read=0.5, topics=("Musk", "OpenAI"), title="Once", language="id")
    desk.load(a_batch("b0", 0, articles=(once,)))
    assert sorted(desk.rows(asked), key=repr) == sorted(answers, key=repr)


def test_why_an_article_is_in_a_story_and_how_like_the_original_it_is(bench: Bench) -> None:
    near = " ".join([*WIRE.split()[:8], *(f"n{number}" for number in range(8))])
    far = " ".join([*WIRE.split()[:2], *(f"f{number}" for number in range(6)), *near.split()[8:]])
    bench.load(
        a_batch(
            "b1",
            articles=(
                an_article("one", WIRE, host="one.example", read=1),
                an_article("two", WIRE, host="two.example", read=2),
                an_article("near", near, host="near.example", read=3),
                an_article("far", far, host="far.example", read=4),
                an_article("again", WIRE, host="again.example", read=1 + 20 * 24),
                an_article("alone", read=5),
            ),
        )
    )
    told = bench.rows(
        "SELECT reason, copy_kind, similarity > 0.4, behind > INTERVAL 14 DAY, site "
        "FROM story_copies ORDER BY story_id = $id, told_at".replace("$id", str(id_of("alone")))
    )
    assert told == [
        ("no_date", "original", True, False, "one.example"),
        ("same_text", "exact", True, False, "two.example"),
        ("near_text", "near", True, False, "near.example"),
        ("like_another_copy", "near", None, False, "far.example"),
        ("republication", "exact", True, True, "again.example"),
        ("alone", "original", True, False, "news.example"),
    ]
    asked = "SELECT reason FROM story('http://ONE.example/one/') LIMIT 3"
    assert bench.rows(asked) == [("no_date",), ("same_text",), ("near_text",)]


def test_who_wrote_what_with_the_part_that_each_had(bench: Bench) -> None:
    credited = an_article(
        "one",
        authors=("Ann Example", "Budi Example"),
        credits=(
            Credit("Ann Example", CreditRole.AUTHOR),
            Credit("Ann Example", CreditRole.PHOTOGRAPHER),
            Credit("Chloe Example", CreditRole.EDITOR),
            Credit("The Example Post", CreditRole.SOURCE),  # an outlet wrote nothing of it
        ),
    )
    bench.load(a_batch("b1", articles=(credited, an_article("two"))))
    named = bench.rows("SELECT name, role, place FROM authors ORDER BY article_id, place")
    assert named == [
        ("Ann Example", "author", 1),
        ("Budi Example", "author", 2),
        ("Ann Example", "photographer", 3),
        ("Chloe Example", "editor", 4),
    ]


def test_which_feeds_brought_an_article_and_their_categories(desk: Bench) -> None:
    known = Feed(1, "https://one.example/feed", "One", category="press", polled_at=at(1))
    desk.load(a_batch("b3", 3, "poll", feeds=(known,)))
    rows = desk.rows(
        "SELECT feed, category, brought FROM article_feeds WHERE article_id = "
        f"{id_of('one')} ORDER BY brought"
    )
    assert rows == [("One", "press", False), ("One", "press", True)]


def test_a_diff_shows_what_went_and_what_came(bench: Bench) -> None:
    words = WIRE.split()
    bench.load(
        a_batch("b1", articles=(an_article("one", WIRE, read=1),)),
        a_batch(
            "b2",
            articles=(an_article("one", " ".join(["w0", "x", *words[2:]]), read=2, title="T"),),
        ),
    )
    rows = bench.rows(f"SELECT revision, part, change, paragraph, line FROM diff({id_of('one')})")
    assert rows == [
        (2, "title", "-", None, "Title of one"),
        (2, "title", "+", None, "T"),
        (2, "text", "-", 2, "w1"),
        (2, "text", "+", 2, "x"),
    ]


def test_a_diff_tells_of_a_text_that_returned(bench: Bench) -> None:
    changed = WIRE.replace("w1 ", "x ")
    for hour, text in enumerate((WIRE, changed, WIRE), start=1):
        bench.load(a_batch(f"b{hour}", articles=(an_article("one", text, read=hour),)))
    rows = bench.rows(f"SELECT revision, first_seen_at, change, line FROM diff({id_of('one')})")
    assert rows == [
        (2, at(2), "-", "w1"),
        (2, at(2), "+", "x"),
        (3, at(3), "-", "x"),
        (3, at(3), "+", "w1"),
    ]


@pytest.mark.parametrize(
    ("before", "after", "changes"),
    [
        ("a b c d", "a c b d", [("~", 3, "b")]),
        ("a b c d", "b c d a", [("~", 4, "a")]),
        ("a b c d", "d a b c", [("~", 1, "d")]),
        ("a b", "a a b", [("+", 2, "a")]),
        ("a b a", "a b", [("-", 3, "a")]),
        ("a b c", "c x a b", [("~", 1, "c"), ("+", 2, "x")]),
    ],
)
def test_a_diff_shows_paragraphs_that_moved_or_were_repeated(
    bench: Bench, before: str, after: str, changes: list[tuple[str, int, str]]
) -> None:
    for hour, text in enumerate((before, after), start=1):
        article = replace(
            an_article("one", read=hour), text=text.replace(" ", "\n\n"), fingerprint=None
        )
        bench.load(a_batch(f"b{hour}", articles=(article,)))
    assert bench.rows(f"SELECT change, paragraph, line FROM diff({id_of('one')})") == changes


def test_an_article_is_also_known_by_where_it_was_read(bench: Bench) -> None:
    for hour, title in enumerate(("Old", "New"), start=1):
        read_at = replace(an_article("one", read=hour, title=title), url="https://amp.example/1")
        bench.load(a_batch(f"b{hour}", articles=(read_at,)))
    for url in ("https://amp.example/1", "https://news.example/one"):
        assert bench.rows(f"SELECT title FROM story('{url}')") == [("New",)]
        assert bench.rows(f"SELECT line FROM diff('{url}')") == [("Old",), ("New",)]


@pytest.mark.parametrize(
    ("query", "found"),
    [("munchen", True), ("MÜNCHEN", True), ("müsk", True), ("घोषणा", True), ("घषणा", False)],
)
def test_search_overlooks_accents_but_not_vowel_signs(
    bench: Bench, query: str, found: bool
) -> None:
    article = replace(an_article("one", title="Musk in München"), text="एक घोषणा की।")
    bench.load(a_batch("b1", articles=(article,)))
    assert len(bench.rows(f"FROM search('{query}', days := 99999)")) == found


def test_a_timeline_by_day(desk: Bench) -> None:
    assert desk.rows("SELECT day, stories, articles, headline FROM timeline('OpenAI')") == [
        (date(2026, 3, 1), 2, 3, "Title of one")
    ]
    assert desk.rows("FROM timeline('openai')") == desk.rows("FROM timeline('OpenAI')")
    for macro in ("timeline", "clippings_on"):
        with pytest.raises(Quarantine, match="no topic Nobody; there is Musk, OpenAI"):
            desk.rows(f"FROM {macro}('Nobody')")


def test_a_timeline_names_no_headline_where_the_story_of_its_url_has_none(bench: Bench) -> None:
    copied = (
        an_article("one", WIRE, read=1, title=None),
        an_article("copy", WIRE, host="copy.example", read=2),
    )
    bench.load(a_batch("b1", articles=(*copied, an_article("two", read=3))))
    assert bench.rows("SELECT headline, url FROM timeline('openai')") == [
        (None, "https://news.example/one")
    ]


def test_a_wide_space_parts_words_too(bench: Bench) -> None:
    article = replace(an_article("one", title="朝刊"), text="東京で図書室が開く。")
    bench.load(a_batch("b1", articles=(article,)))
    assert len(bench.rows("FROM search('　東京　図書室', days := 99999)")) == 1
