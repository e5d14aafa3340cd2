"""Rows are found by their keys: what was loaded together stays together, and nothing else changes.

In a DuckLake (extension of DuckDB 1.5.5) rows that were inserted and then updated in one
transaction keep row ids that the next transaction gives again. Who looked for a row by its place
found strangers.
"""

from __future__ import annotations

from pathlib import Path

from tests.warehouse.builders import Bench, a_batch, an_article, stored_articles
from tests.warehouse.places import EVERYWHERE
from warehouse.queries import queries
from warehouse.upkeep.checks import check

WAREHOUSE = Path(__file__).parents[3] / "warehouse"
OF_SQLITE = {"search_index.sql", "search_index.py"}
"""SQLite's full-text search finds documents by no other name; the warehouse is not in that file."""


STRANGERS = """
SELECT count(*) FROM entries JOIN articles USING (article_id)
WHERE entries.link <> articles.canonical_url
"""


@EVERYWHERE
def test_what_is_loaded_later_takes_nothing_from_what_was_loaded_before(bench: Bench) -> None:
    bench.load(stored_articles("b1", 0, 60, copies=20))
    bench.load(stored_articles("b2", 60, 120))
    with bench.open() as wh:
        assert check(wh)[1] == ()
        assert wh.execute(STRANGERS) == [(0,)]
        assert wh.execute("SELECT count(*), sum(articles) FROM stories") == [(100, 120)]


@EVERYWHERE
def test_what_is_read_again_changes_nothing_else(bench: Bench) -> None:
    """Copies among new articles, then all of them again with another text, and unrelated ones."""
    bench.load(stored_articles("b1", 0, 60, copies=20), stored_articles("b2", 60, 120, copies=30))
    again = tuple(
        an_article(f"a{number}", " ".join(f"new{number}w{word}" for word in range(16)), read=200)
        for number in range(0, 120, 2)
    )
    bench.load(a_batch("b3", 200, articles=again), stored_articles("b4", 300, 360))
    with bench.open() as wh:
        assert check(wh)[1] == ()
        assert wh.execute(STRANGERS) == [(0,)]
        assert wh.execute("SELECT count(*), sum(revisions) FROM articles") == [(180, 240)]


def test_no_statement_names_a_row_by_its_place() -> None:
    for path in (*WAREHOUSE.rglob("*.sql"), *WAREHOUSE.rglob("*.py")):
        if path.name not in OF_SQLITE:
            assert "rowid" not in path.read_text("utf-8").lower(), path
    assert queries("published/search_index")
