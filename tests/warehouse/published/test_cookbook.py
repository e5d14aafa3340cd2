"""The cookbook: every query in it gives the answer it promises, on a small press."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from parsers.identity import article_id
from parsers.records import Article
from tests.tiers import also_long
from tests.warehouse.builders import Bench, a_batch, an_article, an_entry, an_outcome, at
from tests.warehouse.places import Places
from warehouse.published.publish import publish
from warehouse.published.read import read
from warehouse.records import Batch, EntryState, Feed, FeedHealth

TEXT = (Path(__file__).parents[3] / "docs" / "cookbook.md").read_text(encoding="utf-8")
QUERIES = dict(re.findall(r"^## (\d+)\. .*?```sql\n(.*?)```", TEXT, re.DOTALL | re.MULTILINE))
WIRE = " ".join(f"w{number}" for number in range(16))
SOME = " ".join(f"s{number}" for number in range(15))
TALK = " ".join(f"t{number}" for number in range(16))
ONE_URL = "https://wire-pacific.example/2026/10/12/openai-teachers-reading-room-port-alder"
TWO_URL = "https://the-meridian-post.example/technology/2026/10/openai-lantern-notebook.html"
ONE = article_id(ONE_URL)
OK = FeedHealth.OK
DAY = date(2026, 3, 1)
BOTH = ["musk", "openai"]

ANSWERS: dict[str, list[tuple[object, ...]]] = {
    "1": [
        (at(3), "New title", BOTH, "the-meridian-post.example", 0, TWO_URL),
        (at(0), "A reading room", ["openai"], "wire-pacific.example", 1, ONE_URL),
    ],
    "2": [(ONE, "A reading room", "wire-pacific.example", 1, 2, timedelta(hours=2))],
    "3": [
        ("original", at(0), timedelta(0), "A reading room", "wire-pacific.example", "en"),
        ("exact", at(2), timedelta(hours=2), "Salin", "salin.example", "id"),
    ],
    "4": [
        ("salin.example", "salin.example", None, 1, 0, 1.0),
        ("the-meridian-post.example", "the-meridian-post.example", None, 1, 1, 0.0),
        ("wire-pacific.example", "wire-pacific.example", None, 1, 1, 0.0),
    ],
    "5": [(DAY, "musk", 1, 1), (DAY, "openai", 3, 2)],
    "6": [(DAY, 2, 3, "A reading room", ONE_URL)],
    "7": [("openai", 1, timedelta(hours=2))],
    "8": [(at(5), "New title", "both", TWO_URL)],
    "9": [
        (2, at(5), "title", "-", None, "Lantern"),
        (2, at(5), "title", "+", None, "New title"),
        (2, at(5), "text", "-", 2, "t1"),
        (2, at(5), "text", "+", 2, "x"),
    ],
    "10": [("Lantern", "New title", at(5))],
    "11": [("Broken", "failing", "http_503", 0, 0, 0, None, "https://broken.example/")],
    "12": [
        (1, "seen", None, 2, 1.0),
        (5, "duplicate", "same_article", 1, 0.5),
        (6, "stored", "new_story", 1, 0.5),
    ],
    "13": [("New title", "the-meridian-post.example", TWO_URL)],
    "14": [(at(0), "A reading room", "wire-pacific.example", ONE_URL)],
    "15": [("musk", "musk", "lead", 1, 2), ("openai", "openai", "lead", 3, 6)],
}


def told(url: str, words: str, read: float, **fields: object) -> Article:
    """An article at `url`."""
    _, _, host, name = url.split("/", 3)
    known = {"topics": ("openai",), **fields}
    return an_article(name, words, host=host, read=read, **known)  # type: ignore[arg-type]


@pytest.fixture(scope="module", params=["file", "sqlite", *also_long("postgres")])
def press(
    request: pytest.FixtureRequest, places: Places, tmp_path_factory: pytest.TempPathFactory
) -> Bench:
    """Two feeds; a story and its Indonesian copy; another story, quietly changed, whose page has
    said all the time that it was modified."""
    bench = Bench(places.desk(request.param, tmp_path_factory.mktemp("cookbook")))
    feeds = (
        Feed(1, "https://good.example/", title="Good", health=OK, polled_at=at(0)),
        Feed(2, "https://broken.example/", title="Broken", health=FeedHealth.FAILING,
             polled_at=at(0), error="http_503"),
    )  # fmt: skip
    articles = (
        told(ONE_URL, WIRE, 1, published_at=at(0), title="A reading room"),
        told("https://salin.example/salin", WIRE, 2, title="Salin", language="id"),
        told(TWO_URL, TALK, 3, topics=("musk", "openai"), title="Lantern", modified_at=at(1)),
    )
    outcomes = (
        an_outcome("one", EntryState.STORED, 1, article_id=ONE),
        an_outcome("again", EntryState.DUPLICATE, 1, article_id=ONE, reason="same_article"),
    )
    changed = told(
        TWO_URL,
        TALK.replace("t1 ", "x "),
        5,
        topics=("musk", "openai"),
        title="New title",
        modified_at=at(1),
    )
    bench.load(
        a_batch("b1", feeds=feeds, entries=(an_entry("one"), an_entry("again"))),
        a_batch("b2", articles=articles, outcomes=outcomes),
        a_batch("b3", articles=(changed,)),
    )
    publish(bench.desk, now=at(9))
    return bench


def test_there_are_fifteen_questions_with_an_answer_each() -> None:
    assert list(QUERIES) == [str(number) for number in range(1, 16)] == list(ANSWERS)


@pytest.mark.parametrize("number", QUERIES)
def test_answers(press: Bench, number: str) -> None:
    expected = ANSWERS[number]
    width = len(expected[0])
    assert [row[:width] for row in read(press.desk, QUERIES[number]).rows] == expected


def asked(folder: Path, number: str, *batches: Batch) -> list[tuple[object, ...]]:
    """What the cookbook answers on a press of these batches."""
    bench = Bench.in_folder(folder)
    bench.load(*batches)
    publish(bench.desk, now=at(99))
    return list(read(bench.desk, QUERIES[number]).rows)


@pytest.mark.parametrize(
    ("readings", "quiet"),
    [
        ([(WIRE, 1), (TALK, 2), (WIRE, 2)], [3]),
        ([(WIRE, 1), (TALK, 1), (WIRE, 3)], [2]),
        ([(WIRE, None), (TALK, None)], [2]),
        ([(WIRE, 1), (WIRE, 2), (TALK, 2)], [3]),
        ([(WIRE, 1), (TALK, 2)], []),
    ],
    ids=["told, undone quietly", "quietly, undone and told", "never told", "touched", "told"],
)
def test_what_was_changed_quietly(
    tmp_path: Path, readings: list[tuple[str, float | None]], quiet: list[int]
) -> None:
    """Each text is read an hour after the one before, and says when it was modified."""
    batches = [
        a_batch(
            f"b{hour}",
            hour,
            articles=(told(ONE_URL, words, hour, modified_at=said and at(said)),),
        )
        for hour, (words, said) in enumerate(readings, start=1)
    ]
    assert [row[0] for row in asked(tmp_path, "8", *batches)] == [at(hour) for hour in quiet]


def test_a_median_lag_of_two_days_is_between_them(tmp_path: Path) -> None:
    articles = tuple(
        told(f"https://{language}.example/{number}", f"{language}{number} {SOME}", 40,
             language=language, published_at=at(hours))
        for number, (language, hours) in enumerate(
            [("en", 0.5), ("id", 3), ("en", 26), ("id", 25)]
        )
    )  # fmt: skip
    assert asked(tmp_path, "7", a_batch("b1", articles=articles)) == [
        ("openai", 2, timedelta(minutes=45))
    ]


def test_a_feed_whose_articles_another_was_faster_with_is_not_barren(tmp_path: Path) -> None:
    feeds = (
        Feed(1, "https://a.example/", title="Faster", health=OK, polled_at=at(0)),
        Feed(2, "https://b.example/", title="Slower", health=OK, polled_at=at(0)),
        Feed(3, "https://c.example/", title="Barren", health=OK, polled_at=at(0)),
        Feed(4, "https://d.example/", title="Removed", health=FeedHealth.RETIRED,
             polled_at=at(0), error="removed"),
    )  # fmt: skip
    outcomes = (
        an_outcome("one", EntryState.STORED, 1, article_id=ONE),
        an_outcome("one", EntryState.DUPLICATE, 1, feed=2, article_id=ONE, reason="same_article"),
    )
    rows = asked(
        tmp_path,
        "11",
        a_batch("b1", feeds=feeds, entries=(an_entry("one"), an_entry("one", feed=2))),
        a_batch("b2", articles=(told(ONE_URL, WIRE, 1),), outcomes=outcomes),
    )
    assert [row[0] for row in rows] == ["Barren"]


def test_two_topics_of_one_story_are_not_mentioned_at_once(tmp_path: Path) -> None:
    articles = (
        told(ONE_URL, WIRE, 1, topics=("musk",)),
        told("https://salin.example/salin", WIRE, 2, topics=("openai",)),
        told(TWO_URL, TALK, 3, topics=("musk", "openai"), title="Both"),
    )
    rows = asked(tmp_path, "13", a_batch("b1", articles=articles))
    assert [row[0] for row in rows] == ["Both"]
