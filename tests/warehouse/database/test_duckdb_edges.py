"""What the warehouse relies on DuckDB for, in small: to be read when a version breaks it."""

from __future__ import annotations

import sys
from typing import ClassVar

import duckdb
import pytest

from tests.warehouse.builders import Bench


@pytest.mark.parametrize(
    ("sql", "answer"),
    [
        # feeds: what describes a feed skips what is unknown, what states it does not.
        ("SELECT arg_min(a, n) FROM (VALUES (NULL, 1), ('x', 2)) AS t(a, n)", "x"),
        ("SELECT arg_min_null(a, n) FROM (VALUES (NULL, 1), ('x', 2)) AS t(a, n)", None),
        # entry_states: rows compare as a whole, NULL with NULL as equal.
        ("SELECT (1, NULL) IS DISTINCT FROM (1, NULL)", False),
        ("SELECT (1, NULL) IS DISTINCT FROM (1, 2)", True),
        # entries: of versions seen at the same time the smaller batch id counts.
        ("SELECT (now(), 'a') < (now(), 'b')", True),
        # settle_articles: revisions without a title are one revision.
        (
            "SELECT max(n) FROM (SELECT row_number() OVER (PARTITION BY a) AS n"
            " FROM (VALUES (NULL), (NULL)) AS t(a))",
            2,
        ),
        # edges: sketches are compared letter by letter, the longer one cut.
        ("SELECT hamming('0Ao'[: 2], '0Bo'[: 2])", 1),
        # Days are UTC days whatever the session's time zone is.
        ("SELECT CAST(timezone('UTC', '2026-03-01 23:30:00-05'::TIMESTAMPTZ) AS DATE)::VARCHAR",
         "2026-03-02"),
        # Ids use all 64 bits.
        ("SELECT max(i) FROM (SELECT unnest([1, 18446744073709551615]::UBIGINT[]) AS i)",
         2**64 - 1),
        ("SELECT md5_number_lower('a text without fingerprint')", 4574677863859549295),
    ],
)  # fmt: skip
def test_answers_it_relies_on(sql: str, answer: object) -> None:
    with duckdb.connect() as connection:
        assert connection.execute(sql).fetchall() == [(answer,)]


def test_row_ids_found_first_name_the_rows_read_later_in_a_transaction(bench: Bench) -> None:
    with bench.open() as wh:
        wh.execute("CREATE TABLE t AS SELECT i, 'text ' || i AS text FROM range(50000) AS r(i)")
        wh.execute("DELETE FROM t WHERE i < 20000")
        wh.execute("CHECKPOINT wh")
        with wh.transaction():
            wh.execute("DELETE FROM t WHERE i = 30000")
            wh.execute("CREATE TEMP TABLE found AS SELECT rowid AS place FROM t WHERE i % 9999 = 0")
            rows = wh.execute("SELECT text FROM t WHERE rowid IN (SELECT place FROM found)")
    assert sorted(rows) == [("text 29997",), ("text 39996",), ("text 49995",)]


def test_nobody_looks_for_pandas(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """DuckDB tries to import it for each value that is bound: a search of all folders each time."""

    class Finder:
        asked: ClassVar[list[str]] = []

        @classmethod
        def find_spec(cls, name: str, *_: object) -> None:
            cls.asked.append(name)

    # Behind whatever says at once that there is none, before what looks into folders.
    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path[:-1], Finder, sys.meta_path[-1]])
    with bench.open() as wh:
        wh.execute("SELECT unnest($values::VARCHAR[])", {"values": ["one", "two", "three"]})
    assert "pandas" not in Finder.asked
