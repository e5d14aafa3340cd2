"""Migrations and what the warehouse says about itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from parsers.fingerprints import fingerprint
from tests.warehouse.builders import Bench
from warehouse import migrate
from warehouse.dictionary import data_dictionary
from warehouse.migrate import Migration, migrations

ROOT = Path(__file__).parents[2]


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


def test_bands_are_made_anew_from_stored_signatures(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    long, short = (fingerprint(" ".join(map(str, range(count)))) for count in (200, 30))
    early = migrations()[:3]
    monkeypatch.setattr(migrate, "migrations", lambda: early)
    with bench.open() as wh:
        for one in (long, short):
            wh.execute(
                "INSERT INTO fingerprints BY NAME SELECT 1 AS article_id, $text AS text_hash,"
                " DATE '2026-03-01' AS day, $signature AS signature",
                {"text": one.text_hash, "signature": list(one.signature)},
            )
            wh.execute(
                "INSERT INTO bands VALUES (7, 1, $text, '2026-03-01')", {"text": one.text_hash}
            )
    monkeypatch.undo()
    bands = bench.rows("SELECT band FROM bands ORDER BY rowid")
    assert [band for (band,) in bands] == [*long.bands, short.text_hash]


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
    assert written == current, "run: python -m warehouse.dictionary > docs/data-dictionary.md"
