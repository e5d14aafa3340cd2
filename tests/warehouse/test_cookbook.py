"""The cookbook: every query in it gives the answer it promises, on a small press."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from parsers.identity import article_id
from tests.warehouse.builders import Bench, a_batch, an_article, an_entry, an_outcome, at
from tests.warehouse.places import Places
from warehouse.publish import publish
from warehouse.reading import read
from warehouse.records import EntryState, Feed, FeedHealth

TEXT = (Path(__file__).parents[2] / "docs" / "cookbook.md").read_text(encoding="utf-8")
QUERIES = dict(re.findall(r"^## (\d+)\. .*?```sql\n(.*?)```", TEXT, re.DOTALL | re.MULTILINE))
WIRE = " ".join(f"w{number}" for number in range(16))
CHANGED = WIRE.replace("w1 ", "x ")
ONE = article_id("https://news.example/one")
OK = FeedHealth.OK

ANSWERS: dict[str, list[tuple[object, ...]]] = {
    "1": [
        (at(3), "Grok lawsuit", ["Musk", "OpenAI"], "news.example", 0, "https://news.example/two"),
        (at(0), "New title", ["OpenAI"], "news.example", 1, "https://news.example/one"),
    ],
    "2": [(ONE, "New title", "news.example", 1, timedelta(hours=2))],
    "3": [
        ("original", at(0), timedelta(0), "New title", "news.example", "en", ["OpenAI"]),
        ("near", at(2), timedelta(hours=2), "Salin", "salin.example", "id", ["OpenAI"]),
    ],
    "4": [("news.example", 2, 2, 0.0), ("salin.example", 1, 0, 1.0)],
    "5": [(date(2026, 3, 1), "Musk", 1, 1), (date(2026, 3, 1), "OpenAI", 3, 2)],
    "6": [(date(2026, 3, 1), 2, 3, "New title", "https://news.example/one")],
    "7": [(1, timedelta(hours=2))],
    "8": [(at(5), "New title", "both", "https://news.example/one")],
    "9": [
        (2, at(5), "title", "-", None, "Title of one"),
        (2, at(5), "title", "+", None, "New title"),
        (2, at(5), "text", "-", 2, "w1"),
        (2, at(5), "text", "+", 2, "x"),
    ],
    "10": [("Title of one", "New title", at(5))],
    "11": [("Broken", "failing", "http_503", 0, 0, None, "https://broken.example/")],
    "12": [
        (1, "seen", None, 2, 1.0),
        (5, "duplicate", "same_article", 1, 0.5),
        (6, "stored", "new_story", 1, 0.5),
    ],
    "13": [("Grok lawsuit", "news.example", "https://news.example/two")],
    "14": [(at(3), "Grok lawsuit", "news.example", "https://news.example/two")],
    "15": [("Musk", "Musk", "lead", 1, 2), ("OpenAI", "OpenAI", "lead", 3, 6)],
}


@pytest.fixture(scope="module", params=["file", "sqlite", "postgres"])
def press(
    request: pytest.FixtureRequest, places: Places, tmp_path_factory: pytest.TempPathFactory
) -> Bench:
    """Two feeds; a story, its Indonesian copy and its revision; another story."""
    bench = Bench(places.desk(request.param, tmp_path_factory.mktemp("cookbook")))
    broken = FeedHealth.FAILING
    bench.load(
        a_batch(
            "b1",
            feeds=(
                Feed(1, "https://good.example/", title="Good", health=OK, polled_at=at(0)),
                Feed(2, "https://broken.example/", title="Broken", health=broken, polled_at=at(0),
                     error="http_503"),
            ),
            entries=(an_entry("one"), an_entry("again")),
        ),
        a_batch(
            "b2",
            articles=(
                an_article("one", WIRE, read=1, published_at=at(0)),
                an_article("salin", WIRE, host="salin.example", read=2, title="Salin",
                           language="id"),
                an_article("two", read=3, topics=("Musk", "OpenAI"), title="Grok lawsuit"),
            ),
            outcomes=(
                an_outcome("one", EntryState.STORED, 1, article_id=ONE),
                an_outcome("again", EntryState.DUPLICATE, 1, article_id=ONE,
                           reason="same_article"),
            ),
        ),
        a_batch(
            "b3",
            articles=(
                an_article("one", CHANGED, read=5, published_at=at(0), title="New title"),
            ),
        ),
    )  # fmt: skip
    publish(bench.desk, now=at(9))
    return bench


def test_there_are_fifteen_questions_with_an_answer_each() -> None:
    assert list(QUERIES) == [str(number) for number in range(1, 16)] == list(ANSWERS)


@pytest.mark.parametrize("number", QUERIES)
def test_answers(press: Bench, number: str) -> None:
    expected = ANSWERS[number]
    width = len(expected[0])
    assert [row[:width] for row in read(press.desk, QUERIES[number]).rows] == expected
