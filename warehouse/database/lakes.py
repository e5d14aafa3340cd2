"""Opening a DuckLake (see `warehouse.location` for what one is).

Loading the extensions takes a DuckDB half a second of work, mostly for checking their signatures.
So the engine that was used for one lake is kept for the next (`warehouse.database.engines`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from parsers.errors import Drop, PressclipError, Quarantine, Retry
from warehouse.database.bounds import Bounds, bind
from warehouse.database.engines import Idle, is_used, keep_engine, settings_of, take_engine
from warehouse.database.errors import mapped, no_warehouse
from warehouse.database.extensions import check_signatures, load_extension, trusting_engine
from warehouse.location import Lake

_CATALOGUES = {"sqlite": "sqlite_scanner", "postgres": "postgres_scanner"}
"""The extension that opens each kind of catalogue."""
_PATIENCE = "META_BUSY_TIMEOUT 10000"
"""Milliseconds that a lock of an SQLite catalogue is waited for."""
_SIDE_BY_SIDE = "META_JOURNAL_MODE 'WAL'"
"""So that readers and a writer of an SQLite catalogue don't keep each other out
(sqlite.org/wal.html)."""
_DISTRUST = "SET disabled_optimizers = 'statistics_propagation'"
"""A transaction that writes a column first as NULLs only and then with values makes DuckLake 1.0
forget the values' range, and the next one records a range that leaves them out: WHERE finds none
of them, and GROUP BY fails. Without this step DuckDB does not use those ranges (DuckLake pull
request 1397 fixes it after 1.0; tests/warehouse/database/test_lakes.py shows it)."""
_MISSING = re.compile(r"creating a new DuckLake is explicitly disabled|unable to open database")
_SIGNS: tuple[tuple[str, type[PressclipError], str, str], ...] = (
    (
        "data_path is not set",
        Drop,
        "no_data_folder",
        "there is no lake yet, and it was not said where a new one is to keep its files. Add "
        "?data=FOLDER or ?data=s3://BUCKET/FOLDER to its name.",
    ),
    (
        "does not match existing data path",
        Drop,
        "other_data_folder",
        "it keeps its files elsewhere. Leave ?data= out of its name.",
    ),
    (
        "Unable to connect to Postgres",
        Retry,
        "catalogue_unreachable",
        "its catalogue can't be reached. Check that the server is up, and that PGPASSWORD or "
        "~/.pgpass lets you in.",
    ),
    (
        "Failed to initialize DuckLake",
        Retry,
        "warehouse_busy",
        "someone else is making it at the same time, or it can't be made.",
    ),
    (
        "file is not a database",
        Quarantine,
        "not_a_warehouse",
        "its catalogue is no SQLite file; it was left alone. Name another one.",
    ),
)
"""How DuckDB says what people can fix, and what to tell them."""

_idle: Idle = []


@contextmanager
def open_lake(  # noqa: PLR0913 - all but the lake by name
    lake: Lake,
    name: str,
    *,
    read_only: bool = False,
    own: bool = False,
    locked: bool = False,
    bounds: Bounds | None = None,
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection with the lake as its current database, called `name`, times in UTC; `locked`,
    it reads the lake's files and nothing else, within `bounds`; an engine of its
    `own` served nobody before and serves nobody after.

    One for writing makes the lake where there is none. Raises Quarantine("no_warehouse") where
    one for reading finds none, Retry where the catalogue does not answer, Drop where the
    extensions are missing or the lake keeps its files elsewhere.
    """
    # What is locked is so for good, and an engine that was at work may hold more than its bounds.
    own = own or locked
    engine = take_engine([] if own else _idle, trusting_engine)
    try:
        with engine.cursor() as connection:
            connection.execute("SET GLOBAL TimeZone = 'UTC'")
            attach_lake(connection, lake, name, read_only=read_only)
            connection.execute(f"USE {name}")
            if locked:
                if bounds:
                    bind(connection, bounds)
                lock(connection, _data_folder(connection, name))
            before = settings_of(engine) if read_only and not own else None
            yield connection
            connection.execute("USE memory")
            connection.execute(f"DETACH {name}")
    except BaseException:
        engine.close()
        raise
    # Who writes is told all settings anew, what readers ask may be anything.
    if own or (before is not None and (settings_of(engine) != before or is_used(engine))):
        engine.close()
    else:
        keep_engine(engine, _idle)


def lock(connection: duckdb.DuckDBPyConnection, *folders: str) -> None:
    """Let the engine of `connection` reach no files but those that it has open and those in
    `folders`, for good."""
    allowed = ", ".join(f"'{_escaped(folder)}'" for folder in folders)
    connection.execute(f"SET allowed_directories = [{allowed}]")
    # Else a name that no table has is looked for among the variables of our own program.
    connection.execute("SET python_enable_replacements = false")
    connection.execute("SET autoinstall_known_extensions = false")
    connection.execute("SET autoload_known_extensions = false")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")


def _data_folder(connection: duckdb.DuckDBPyConnection, name: str) -> str:
    """Where the lake attached as `name` keeps its files."""
    ((data,),) = connection.execute(
        "SELECT data_path FROM ducklake_settings($name)", {"name": name}
    ).fetchall()
    return str(data)


def attach_lake(
    connection: duckdb.DuckDBPyConnection, lake: Lake, name: str, *, read_only: bool
) -> None:
    """Attach the lake as `name`; raises as `open_lake` does."""
    load_extension(connection, _CATALOGUES[lake.kind])
    load_extension(connection, "ducklake")
    connection.execute(_DISTRUST)
    if "://" in (lake.data or ""):
        # A new lake looks at its folder while it is made.
        _reach_storage(connection, lake)
    # From here on DuckDB loads by itself what it finds that it needs.
    check_signatures(connection)
    if lake.kind == "sqlite" and not read_only:
        Path(lake.catalogue).parent.mkdir(parents=True, exist_ok=True)
    try:
        connection.execute(
            f"ATTACH '{_escaped(lake.attachable)}' AS {name} ({_options(lake, read_only)})"
        )
        data = _data_folder(connection, name)
    except duckdb.Error as error:
        raise _refused(lake, error) from error
    if "://" in data:
        _reach_storage(connection, lake)


def _reach_storage(connection: duckdb.DuckDBPyConnection, lake: Lake) -> None:
    """Let DuckDB read and write the lake's files where they are not on a disk. Keys and region it
    takes from the environment itself; services other than Amazon's seldom give each bucket a host
    name."""
    load_extension(connection, "httpfs")
    if lake.s3_endpoint is None:
        return
    scheme, _, host = lake.s3_endpoint.rstrip("/").rpartition("://")
    connection.execute(f"SET s3_endpoint = '{_escaped(host)}'")
    connection.execute(f"SET s3_use_ssl = {scheme != 'http'}")
    connection.execute("SET s3_url_style = 'path'")


def _options(lake: Lake, read_only: bool) -> str:
    options = ["READ_ONLY" if read_only else "READ_WRITE"]
    if lake.kind == "sqlite":
        options += [_PATIENCE] if read_only else [_PATIENCE, _SIDE_BY_SIDE]
    if lake.data is not None and not read_only:
        options.append(f"DATA_PATH '{_escaped(lake.data)}'")
    return ", ".join(options)


def _escaped(text: str) -> str:
    return text.replace("'", "''")


def _refused(lake: Lake, error: duckdb.Error) -> PressclipError:
    """What it means that the lake could not be attached."""
    text = str(error).strip()
    if _MISSING.search(text):
        return no_warehouse(str(lake))
    for sign, kind, name, message in _SIGNS:
        if sign in text:
            return kind(name, f"{lake}: {message} ({text})")
    return mapped(error, f"open {lake}")
