"""No question compares everything with everything: how DuckDB goes about the views, the cookbook,
the command line's questions, the pages and the checks."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import duckdb
import pytest

from tests.warehouse.builders import Bench, at
from tests.warehouse.history import a_history
from tests.warehouse.published.test_cookbook import QUERIES
from warehouse.database.warehouse import Warehouse
from warehouse.published.pages.article import read_article
from warehouse.published.pages.asking import Connection
from warehouse.published.pages.sources import sources_view
from warehouse.published.pages.stories import StoryFilters, found_articles, story_list
from warehouse.published.pages.story import asked_story, present_story, told_story
from warehouse.published.pages.topic import TopicTime, topic_counts, topic_view
from warehouse.queries import queries

VIEWS = (
    "article_feeds",
    "article_revisions",
    "authors",
    "clippings",
    "coverage_daily",
    "coverage_total",
    "funnel",
    "gaps",
    "misses",
    "open_failures",
    "sources",
    "story_copies",
    "story_ids",
)
EACH = {
    "story": "FROM stories AS s, story(s.story_id)",
    "diff": "FROM articles AS a, diff(a.article_id)",
}
"""Macros asked about each row of a table."""
QUESTIONS = {
    **{f"each {name}": sql for name, sql in EACH.items()},
    **{f"view {name}": f"FROM {name}" for name in VIEWS},
    **{f"cookbook {number}": sql for number, sql in QUERIES.items()},
    **{f"command {name}": sql for name, sql in queries("published/read").items()},
    "failures shown": queries("queue/failures")["open_failures"],
    **{f"check {name}": sql for name, sql in queries("upkeep/checks").items()},
    **{f"feeds out, {name}": sql for name, sql in queries("published/outgoing").items()},
}
PAIRWISE = {"BLOCKWISE_NL_JOIN", "NESTED_LOOP_JOIN"}
PARAMETERS = {"count": 10, "full_text": True}
"""What a question needs before it can be planned; all others may be NULL."""


@pytest.fixture(scope="module")
def wh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    """A warehouse with something in every table."""
    bench = Bench.in_folder(tmp_path_factory.mktemp("plans"))
    bench.load(*a_history(1, 4))
    with bench.open() as opened:
        yield opened


def test_every_view_is_looked_at(wh: Warehouse) -> None:
    sql = "SELECT view_name FROM duckdb_views() WHERE database_name = 'wh' AND NOT internal"
    assert sorted(str(name) for (name,) in wh.execute(sql)) == list(VIEWS)


def test_a_pairwise_join_would_be_seen(wh: Warehouse) -> None:
    joined = "FROM entries AS e LEFT JOIN articles AS a ON a.title < e.title OR a.text = e.title"
    assert pairwise(wh, joined)


@pytest.mark.parametrize("question", QUESTIONS)
def test_no_question_compares_every_row_with_every_row(wh: Warehouse, question: str) -> None:
    assert pairwise(wh, QUESTIONS[question]) == []


def test_no_page_compares_every_row_with_every_row(wh: Warehouse) -> None:
    looking = Looking(wh.connection)
    connection = cast("Connection", looking)
    topics = [count.topic for count in topic_counts(connection, at(0), None)]
    for filters in (
        StoryFilters(),
        StoryFilters(language="en", outlet="a.example", country="us", salience=0.0),
        StoryFilters(topic=topics[0], salience=0.0),
    ):
        for found in (None, found_articles(connection, None, "the -of")):
            listed = story_list(connection, filters, found=found)
            assert filters.language or found == () or listed.stories
    (story_id, article_id), *_ = wh.execute(
        "SELECT story_id, article_id FROM articles WHERE revisions > 1 ORDER BY ALL"
    )
    assert present_story(connection, asked_story(connection, str(article_id))) == str(story_id)
    assert told_story(connection, str(story_id))
    assert read_article(connection, str(article_id))
    assert topic_view(connection, TopicTime(topics[0], None, None, other=topics[-1]))
    assert sources_view(connection).sources
    assert looking.pairwise == []
    assert len(looking.asked) > 20


@dataclass
class Looking:
    """A connection that looks at the plan of whatever it is asked, first."""

    connection: duckdb.DuckDBPyConnection
    asked: set[str] = field(default_factory=set)
    pairwise: list[str] = field(default_factory=list)

    def execute(self, sql: str, params: Mapping[str, object] | None = None) -> object:
        plan = self.connection.execute(f"EXPLAIN (FORMAT json) {sql}", params).fetchall()
        self.asked.add(sql)
        self.pairwise += pairwise_in(str(plan[0][1]))
        return self.connection.execute(sql, params)


def pairwise(wh: Warehouse, sql: str) -> list[str]:
    """The conditions for which DuckDB would compare all rows of two tables."""
    given = {name: PARAMETERS.get(name) for name in re.findall(r"\$(\w+)", sql)}
    ((_, plan),) = wh.execute(f"EXPLAIN (FORMAT json) {sql}", given or None)
    return pairwise_in(str(plan))


def pairwise_in(plan: str) -> list[str]:
    """The same in a plan. With a single value, such as a subquery brings, all rows may be
    compared. As JSON the operators have the same names in all versions, and none is cut short."""
    joins = [step for step in operators(json.loads(plan)) if step["name"] in PAIRWISE]
    return [
        str(join["extra_info"])
        for join in joins
        if "SUBQUERY" not in str(join["extra_info"]) and not any(map(single, join["children"]))
    ]


def single(operator: dict[str, Any]) -> bool:
    """Whether it brings the one value of a subquery, under a name that it was given."""
    while operator["name"] in {"FILTER", "PROJECTION"}:
        if "More than one row returned by a subquery" in str(operator["extra_info"]):
            return True
        (operator,) = operator["children"]
    return False


def operators(plan: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """All operators of a plan."""
    for operator in plan:
        yield operator
        yield from operators(operator["children"])
