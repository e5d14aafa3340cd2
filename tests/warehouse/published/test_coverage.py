"""What is told of topics, day by day: by what any article of a story mentions."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from tests.warehouse.builders import Bench, a_batch, an_article
from tests.warehouse.places import FILE_AND_LAKE

pytestmark = FILE_AND_LAKE
WIRE = " ".join(f"w{number}" for number in range(16))


@pytest.fixture
def press(bench: Bench) -> Bench:
    """A story whose original mentions no topic, but a copy a day later; two more stories."""
    bench.fill(
        a_batch(
            "b1",
            articles=(
                an_article("one", WIRE, read=1, topics=()),
                an_article("copy", WIRE, host="copy.example", read=30, title="Told by a copy"),
                an_article("both", read=80, topics=("OpenAI", "Musk")),
                an_article("id", read=81, language="id", topics=("Musk",)),
            ),
        )
    )
    return bench


def test_a_story_is_on_what_any_of_its_articles_mentions(press: Bench) -> None:
    """Every day from the first of a topic to its last is there."""
    rows = press.rows(
        "SELECT day, articles, stories, hosts, salience FROM coverage_daily WHERE topic = 'OpenAI'"
        " ORDER BY day"
    )
    assert rows == [
        (date(2026, 3, 1), 0, 1, 0, None),
        (date(2026, 3, 2), 1, 0, 1, 0.5),
        (date(2026, 3, 3), 0, 0, 0, None),
        (date(2026, 3, 4), 1, 1, 1, 0.5),
    ]


def test_nothing_is_counted_twice_in_total(press: Bench) -> None:
    rows = press.rows(
        "SELECT day, articles, stories, hosts, outlets FROM coverage_total ORDER BY day"
    )
    assert rows == [
        (date(2026, 3, 1), 0, 1, 0, 0),
        (date(2026, 3, 2), 1, 0, 1, 1),
        (date(2026, 3, 3), 0, 0, 0, 0),
        (date(2026, 3, 4), 2, 2, 1, 1),
    ]


def test_what_a_later_revision_says_no_more_was_said_that_day(bench: Bench) -> None:
    names = an_article("one", WIRE, read=1)
    silent = an_article("one", WIRE.replace("w15", "other"), read=40, topics=())
    bench.fill(a_batch("b1", articles=(names,)), a_batch("b2", 40, articles=(silent,)))
    told = [(date(2026, 3, 1), 1, 1)]
    assert bench.rows("SELECT day, articles, stories FROM coverage_daily") == told
    assert bench.rows("SELECT day, articles, stories FROM coverage_total") == told


def test_hours_where_somebody_lives(press: Bench) -> None:
    rows = press.rows(
        "SELECT since, language, stories FROM coverage('hour', zone := 'Asia/Jakarta')"
        " WHERE topic = 'Musk'"
    )
    assert rows == [
        (datetime(2026, 3, 4, 21), "en", 1),  # noqa: DTZ001 - what a clock shows
        (datetime(2026, 3, 4, 21), "id", 0),  # noqa: DTZ001
        (datetime(2026, 3, 4, 22), "en", 0),  # noqa: DTZ001
        (datetime(2026, 3, 4, 22), "id", 1),  # noqa: DTZ001
    ]


def test_nothing_yet_is_no_day(bench: Bench) -> None:
    assert bench.rows("SELECT * FROM coverage_daily") == []
    assert bench.rows("SELECT * FROM coverage_total") == []


def test_a_topic_tells_a_story_by_an_article_that_mentions_it(press: Bench) -> None:
    told = ("Told by a copy", "https://copy.example/copy")
    assert press.rows("SELECT headline, url FROM timeline('openai') LIMIT 1") == [told]
    assert press.rows("SELECT title, url FROM clippings_on('OPENAI') OFFSET 1") == [told]
    assert press.rows("SELECT title FROM clippings ORDER BY started_at LIMIT 1") == [
        ("Title of one",)
    ]
