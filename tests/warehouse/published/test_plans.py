"""No question compares everything with everything: how DuckDB goes about the views, the cookbook,
the command line's questions and the checks."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.warehouse.builders import Bench
from tests.warehouse.history import a_history
from tests.warehouse.published.test_cookbook import QUERIES
from warehouse.database.warehouse import Warehouse
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


def pairwise(wh: Warehouse, sql: str) -> list[str]:
    """The conditions for which DuckDB would compare all rows of two tables. With a single value,
    such as a subquery brings, all rows may be compared."""
    given = {name: PARAMETERS.get(name) for name in re.findall(r"\$(\w+)", sql)}
    # As JSON the operators have the same names in all versions, and none is cut short.
    ((_, plan),) = wh.execute(f"EXPLAIN (FORMAT json) {sql}", given or None)
    joins = [step for step in operators(json.loads(str(plan))) if step["name"] in PAIRWISE]
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
