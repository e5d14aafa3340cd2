"""Migrations and what the warehouse says about itself."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from parsers.copies.fingerprints import BAND_ROWS, PERMUTATIONS, fingerprint
from parsers.records import Fingerprint
from tests.warehouse.builders import Bench, at
from warehouse.database import migrate
from warehouse.database.migrate import Migration, migrations
from warehouse.upkeep.dictionary import data_dictionary

ROOT = Path(__file__).parents[3]


def test_migrations_are_numbered_without_gaps() -> None:
    assert [migration.version for migration in migrations()] == [
        number + 1 for number in range(len(migrations()))
    ]


def test_each_migration_is_recorded_once(bench: Bench) -> None:
    for _ in range(2):
        assert bench.rows("SELECT version, name FROM schema_migrations ORDER BY version") == [
            (migration.version, migration.name) for migration in migrations()
        ]


def test_a_migration_that_fails_changes_nothing(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.rows("SELECT 1")
    bad = Migration(migrations()[-1].version + 1, "bad.sql", "CREATE TABLE x (a INTEGER); FROM y;")
    monkeypatch.setattr(migrate, "migrations", lambda: (*migrations(), bad))
    with pytest.raises(Exception, match="y"):
        bench.rows("SELECT 1")
    monkeypatch.undo()
    assert bench.rows("SELECT count(*) FROM duckdb_tables() WHERE table_name = 'x'") == [(0,)]
    assert (bench.desk.backups / f"before-migration-from-{bad.version - 1}.duckdb").exists()


def only_the_first(count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Open warehouses with these migrations only. There were no definitions then."""
    early = migrations()[:count]
    monkeypatch.setattr(migrate, "migrations", lambda: early)
    monkeypatch.setattr(migrate, "define", lambda *_: None)


def test_bands_and_sketches_are_made_from_stored_signatures(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    long, short = (fingerprint(" ".join(map(str, range(count)))) for count in (200, 30))
    only_the_first(3, monkeypatch)
    with bench.open() as wh:
        for known in (long, short):
            wh.execute(
                "INSERT INTO fingerprints BY NAME SELECT 1 AS article_id, $text AS text_hash,"
                " DATE '2026-03-01' AS day, $signature AS signature",
                {"text": known.text_hash, "signature": signature_of(known)},
            )
            wh.execute(
                "INSERT INTO bands VALUES (7, 1, $text, '2026-03-01')", {"text": known.text_hash}
            )
    monkeypatch.undo()
    bands = bench.rows("SELECT band FROM bands ORDER BY rowid")
    assert [band for (band,) in bands] == [*early_bands(long), short.text_hash]
    sketches = bench.rows("SELECT sketch FROM fingerprints ORDER BY rowid")
    assert sketches == [(long.sketch[:PERMUTATIONS],), ("",)]


def test_stories_stay_together_whatever_joined_them(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pairs are not known of what was stored before they were kept."""
    only_the_first(11, monkeypatch)
    with bench.open() as wh:
        for article, kind in ((1, "original"), (2, "near"), (3, "exact")):
            wh.execute(
                OLD_ARTICLE,
                {"article": article, "published": at(article), "source": "json-ld", "kind": kind,
                 "revisions": 1, "seen": at(20), "read": at(20)},
            )  # fmt: skip
        wh.execute(
            "INSERT INTO stories BY NAME SELECT 1 AS story_id, $started AS started_at,"
            " 4 AS articles, 4 AS hosts",
            {"started": at(1)},
        )
    monkeypatch.undo()
    assert bench.rows("FROM copy_pairs ORDER BY ALL") == [(1, 2, 1, 1, None), (1, 3, 1, 1, None)]
    assert bench.rows("SELECT story_id, articles FROM stories") == [(1, 3)]


def signature_of(known: Fingerprint) -> list[int]:
    """The values that the bands were made of, as early versions stored them."""
    return [value for band in early_bands(known) for value in divmod(band, 2**32)]


def early_bands(known: Fingerprint) -> tuple[int, ...]:
    """Those of values; today's have some phrases besides."""
    return known.bands[: PERMUTATIONS // BAND_ROWS]


OLD_ARTICLE = """
INSERT INTO articles BY NAME
SELECT
    $article AS article_id, 'https://x.example/' || $article AS canonical_url, '' AS url,
    '' AS text, 'page' AS text_kind, 'free' AS access, $published AS published_at,
    MAP {'published_at': $source} AS sources, 1 AS story_id, $kind AS copy_kind,
    $revisions AS revisions, 1 AS text_hash, $seen AS first_seen_at, $seen AS revision_seen_at,
    $read AS read_at, 'b1' AS batch_id
"""
OLD_REVISION = """
INSERT INTO superseded BY NAME
SELECT
    2 AS article_id, 'Another' AS text, 2 AS text_hash, $seen AS revision_seen_at, $seen AS read_at,
    'b1' AS batch_id
"""


def test_what_was_stored_before_is_told_by_the_same_rules(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A day without a time is first no more, and a text that returned stands again."""
    only_the_first(9, monkeypatch)
    with bench.open() as wh:
        for article, published, source, kind, revisions in (
            (1, at(-6), "htmldate", "original", 1),
            (2, at(2), "json-ld", "exact", 2),
        ):
            wh.execute(
                OLD_ARTICLE,
                {"article": article, "published": published, "source": source, "kind": kind,
                 "revisions": revisions, "seen": at(20), "read": at(30)},
            )  # fmt: skip
        wh.execute(OLD_REVISION, {"seen": at(25)})
        wh.execute(
            "INSERT INTO stories BY NAME SELECT 1 AS story_id, $started AS started_at,"
            " 2 AS articles, 2 AS hosts",
            {"started": at(-6)},
        )
    monkeypatch.undo()
    assert bench.rows("SELECT story_id, original_id, started_at FROM stories") == [(1, 2, at(2))]
    assert bench.rows(
        "SELECT article_id, story_id, copy_kind, date_flag, told_at, revisions, revision_seen_at"
        " FROM articles ORDER BY article_id"
    ) == [
        (1, 1, "exact", "day", at(18) - timedelta(microseconds=1), 1, at(20)),
        (2, 1, "original", None, at(2), 3, at(30)),
    ]
    assert bench.rows(
        "SELECT revision, first_seen_at FROM article_revisions WHERE article_id = 2 ORDER BY ALL"
    ) == [(1, at(20)), (2, at(25)), (3, at(30))]


def test_big_tables_have_no_keys_or_indexes(bench: Bench) -> None:
    """DuckLake has none, and they cost more than they give (DuckDB issue 23788)."""
    assert bench.rows("SELECT count(*) FROM duckdb_indexes()") == [(0,)]
    kinds = bench.rows("SELECT DISTINCT constraint_type FROM duckdb_constraints()")
    assert kinds == [("NOT NULL",)]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT table_name FROM duckdb_tables() WHERE comment IS NULL AND database_name = 'wh'",
        "SELECT view_name FROM duckdb_views() WHERE comment IS NULL AND database_name = 'wh'"
        " AND NOT internal",
        "SELECT table_name, column_name FROM duckdb_columns() WHERE comment IS NULL"
        " AND database_name = 'wh' AND NOT internal",
        "SELECT function_name FROM duckdb_functions() WHERE comment IS NULL"
        " AND database_name = 'wh' AND NOT internal",
    ],
    ids=["tables", "views", "columns", "macros"],
)
def test_everything_has_a_comment(bench: Bench, sql: str) -> None:
    assert bench.rows(sql) == []


def test_the_data_dictionary_is_current(bench: Bench) -> None:
    with bench.open() as wh:
        current = data_dictionary(wh)
    written = (ROOT / "docs" / "data-dictionary.md").read_text(encoding="utf-8")
    assert written == current, (
        "run: python -m warehouse.upkeep.dictionary > docs/data-dictionary.md"
    )
