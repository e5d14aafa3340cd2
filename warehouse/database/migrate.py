"""Bringing a warehouse up to date: numbered migrations, then the definitions.

migrations/0001_….sql ─▶ … ─▶ the last one, and with it all definitions
tables and data, once, each in one transaction     (definitions.py)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import duckdb

from parsers.errors import Quarantine
from warehouse.database.definitions import Definitions, define, definitions
from warehouse.database.published_state import refused
from warehouse.database.sites import stage_all_sites
from warehouse.database.warehouse import Warehouse

NEEDS_SITES = "Needs sites_of_addresses"
"""What a migration says that reads the temporary table of `warehouse.database.sites`."""


@dataclass(frozen=True, slots=True)
class Migration:
    """One file of `migrations/`, named like `0001_tables.sql`."""

    version: int
    name: str
    sql: str


@dataclass(frozen=True, slots=True)
class Schema:
    """What a warehouse has been given."""

    version: int
    """The number of its last migration; 0 for a new one."""
    revision: int = 0
    """That of its definitions; 0 while it has none, or those that early migrations made."""
    hash: str = ""
    """That of its definitions."""


@dataclass(frozen=True, slots=True)
class Upgrade:
    """What was done to bring a warehouse up to date."""

    before: Schema
    migrations: tuple[Migration, ...]
    definitions: Definitions | None
    """None where it had them."""
    tables: Sequence[str]
    """Those that it had before."""

    @property
    def nothing(self) -> bool:
        """Whether it was up to date."""
        return not self.migrations and self.definitions is None


@cache
def migrations() -> tuple[Migration, ...]:
    """All migrations this version knows, in order."""
    folder = files("warehouse").joinpath("migrations")
    names = sorted(path.name for path in folder.iterdir() if path.name.endswith(".sql"))
    return tuple(
        Migration(int(name[:4]), name, folder.joinpath(name).read_text(encoding="utf-8"))
        for name in names
    )


def newest() -> Schema:
    """What this version gives a warehouse."""
    wanted = definitions()
    return Schema(migrations()[-1].version, wanted.revision, wanted.hash)


def applied(wh: Warehouse, database: str = "wh") -> Schema:
    """What an attached database has been given."""
    return _schema(wh, wh.tables(database), database)


def _schema(wh: Warehouse, tables: Sequence[str], database: str) -> Schema:
    if "schema_migrations" not in tables:
        return Schema(0)
    version = f"SELECT max(version) FROM {database}.schema_migrations"  # noqa: S608 - our own name
    if "schema_definitions" not in tables:
        return Schema(int(str(wh.execute(version)[0][0])))
    ((number, revision, digest),) = wh.execute(
        f"SELECT ({version}), coalesce(max(revision), 0), coalesce(max(hash), '')"  # noqa: S608
        f" FROM {database}.schema_definitions"
    )
    return Schema(int(str(number)), int(str(revision)), str(digest))


def migrate(wh: Warehouse, *, before: Callable[[int], None] = lambda _: None) -> Upgrade:
    """Bring the warehouse up to date.

    `before` is called with the present version when a migration is about to change an existing
    warehouse. Raises Quarantine("newer_warehouse") when a newer version of the program made it,
    Quarantine("not_a_warehouse") when there are tables, but not ours, and as `define` does.
    """
    # One look: another machine may be making the tables right now.
    tables = wh.tables()
    if tables and "schema_migrations" not in tables:
        raise refused(wh.desk.name)
    schema = _schema(wh, tables, "wh")
    refuse_newer(schema, wh.desk.name)
    pending = tuple(step for step in migrations() if step.version > schema.version)
    if pending and schema.version:
        before(schema.version)
    for migration in pending:
        _apply(wh, migration)
    wanted = definitions()
    if not pending and _has(schema, wanted):
        return Upgrade(schema, (), None, tables)
    if not pending:
        _redefine(wh, wanted)
    return Upgrade(schema, pending, wanted, tables)


def _has(schema: Schema, wanted: Definitions) -> bool:
    return (schema.revision, schema.hash) == (wanted.revision, wanted.hash)


def refuse_newer(schema: Schema, name: str) -> None:
    """Raises Quarantine("newer_warehouse") for a schema that only a newer pressclip knows."""
    ours = newest()
    if schema.version > ours.version:
        known = f"its schema is {schema.version}, this one knows {ours.version}"
    elif schema.revision > ours.revision:
        known = f"its views are of revision {schema.revision}, this one knows {ours.revision}"
    else:
        return
    raise Quarantine(
        "newer_warehouse",
        f"{name} was made by a newer pressclip ({known}). Upgrade pressclip; nothing was changed.",
    )


def _apply(wh: Warehouse, migration: Migration) -> None:
    """One migration, and with the last one the definitions: who reads a lake meanwhile sees no
    view that does not fit its tables."""
    with _turn(wh) as schema:
        if schema.version >= migration.version:
            return
        if NEEDS_SITES in migration.sql:
            stage_all_sites(wh)
        if duckdb.extract_statements(migration.sql):
            wh.execute(migration.sql)
        wh.execute(
            "INSERT INTO schema_migrations VALUES ($version, $name, now())",
            {"version": migration.version, "name": migration.name},
        )
        if migration == migrations()[-1]:
            define(wh, definitions())


def _redefine(wh: Warehouse, wanted: Definitions) -> None:
    with _turn(wh) as schema:
        if not _has(schema, wanted):
            define(wh, wanted)
            # No row has changed, but the copy that people read is to be made anew.
            wh.execute("UPDATE writer_lock SET changes = changes + 1")


@contextmanager
def _turn(wh: Warehouse) -> Iterator[Schema]:
    """A transaction, and what the warehouse has been given when it begins: several machines may
    bring a lake up to date at once, and one finds that another was faster."""
    with wh.turn():
        wh.execute("BEGIN TRANSACTION")
        try:
            schema = applied(wh)
            refuse_newer(schema, wh.desk.name)
            if schema.version:
                wh.execute("UPDATE writer_lock SET changes = changes")
            yield schema
            wh.execute("COMMIT")
        except BaseException:
            wh.rollback()
            raise
