"""Numbered migrations, each in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files

import duckdb

from parsers.errors import Quarantine
from warehouse.database.published_state import refused
from warehouse.database.warehouse import Warehouse


@dataclass(frozen=True, slots=True)
class Migration:
    """One file of `migrations/`, named like `0001_tables.sql`."""

    version: int
    name: str
    sql: str

    @property
    def portable(self) -> str:
        """What DuckLake takes of it: all that comes before a line which says so."""
        return self.sql.partition("\n-- not on DuckLake")[0]


def migrations() -> tuple[Migration, ...]:
    """All migrations this version knows, in order."""
    folder = files("warehouse").joinpath("migrations")
    names = sorted(path.name for path in folder.iterdir() if path.name.endswith(".sql"))
    return tuple(
        Migration(int(name[:4]), name, folder.joinpath(name).read_text(encoding="utf-8"))
        for name in names
    )


def applied(wh: Warehouse) -> int:
    """The number of the last migration the warehouse has seen; 0 for a new one."""
    known = wh.execute(
        "SELECT 1 FROM duckdb_tables() WHERE table_name = 'schema_migrations'"
        " AND database_name = current_database()"
    )
    if not known:
        return 0
    return int(str(wh.execute("SELECT max(version) FROM schema_migrations")[0][0]))


def migrate(
    wh: Warehouse, *, before: Callable[[int], None] = lambda _: None
) -> tuple[Migration, ...]:
    """Bring the warehouse up to date; returns what was applied.

    `before` is called with the present version when an existing warehouse is about to change.
    Raises Quarantine("newer_warehouse") when a newer version of the program made it,
    Quarantine("not_a_warehouse") when there are tables, but not ours.
    """
    # One look: another machine may be making the tables right now.
    tables = wh.execute("SELECT table_name FROM duckdb_tables() WHERE database_name = 'wh'")
    if tables and ("schema_migrations",) not in tables:
        raise refused(wh.desk.name)
    version = applied(wh)
    refuse_newer(version, wh.desk.name)
    pending = tuple(migration for migration in migrations() if migration.version > version)
    if pending and version:
        before(version)
    for migration in pending:
        _apply(wh, migration)
    return pending


def refuse_newer(version: int, name: str) -> None:
    """Raises Quarantine("newer_warehouse") for a schema that only a newer pressclip knows."""
    newest = migrations()[-1].version
    if version > newest:
        raise Quarantine(
            "newer_warehouse",
            f"{name} was made by a newer pressclip (its schema is {version}, this one knows "
            f"{newest}). Upgrade pressclip; nothing was changed.",
        )


def _apply(wh: Warehouse, migration: Migration) -> None:
    (kind,) = wh.execute("SELECT type FROM duckdb_databases() WHERE database_name = 'wh'")
    wh.execute("BEGIN TRANSACTION")
    try:
        # Several machines may bring a lake up to date at once: this one finds that another was
        # faster, or one of them fails at the commit.
        if applied(wh) < migration.version:
            if migration.version > 1:
                wh.execute("UPDATE writer_lock SET changes = changes")
            sql = migration.sql if kind == ("duckdb",) else migration.portable
            if duckdb.extract_statements(sql):
                wh.execute(sql)
            wh.execute(
                "INSERT INTO schema_migrations VALUES ($version, $name, now())",
                {"version": migration.version, "name": migration.name},
            )
        wh.execute("COMMIT")
    except BaseException:
        wh.rollback()
        raise
