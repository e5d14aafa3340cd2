"""Numbered migrations, each in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files

from parsers.errors import Quarantine
from warehouse.handle import Warehouse


@dataclass(frozen=True, slots=True)
class Migration:
    """One file of `migrations/`, named like `0001_tables.sql`."""

    version: int
    name: str
    sql: str

    @property
    def portable(self) -> bool:
        """Whether DuckLake takes it too."""
        return "\n-- not on DuckLake" not in self.sql


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
    Raises Quarantine("newer_warehouse") when a newer version of the program made it.
    """
    known = migrations()
    version = applied(wh)
    if version > known[-1].version:
        raise Quarantine(
            "newer_warehouse",
            f"{wh.desk.name} was made by a newer pressclip (its schema is {version}, this "
            f"one knows {known[-1].version}). Upgrade pressclip; nothing was changed.",
        )
    pending = tuple(migration for migration in known if migration.version > version)
    if pending and version:
        before(version)
    for migration in pending:
        _apply(wh, migration)
    return pending


def _apply(wh: Warehouse, migration: Migration) -> None:
    (kind,) = wh.execute("SELECT type FROM duckdb_databases() WHERE database_name = 'wh'")
    wh.execute("BEGIN TRANSACTION")
    try:
        if migration.portable or kind == ("duckdb",):
            wh.execute(migration.sql)
        wh.execute(
            "INSERT INTO schema_migrations VALUES ($version, $name, now())",
            {"version": migration.version, "name": migration.name},
        )
        wh.execute("COMMIT")
    except BaseException:
        wh.rollback()
        raise
