"""DuckDB's extensions, from their wheels where there are any.

`pip install pressclip[lake]` brings them for the version of DuckDB that pressclip is locked to,
so that a machine without the internet has them too. Without the wheels DuckDB looks for what was
installed in the home folder, and then asks its own repository.

DuckDB works out a hash of each extension's file before it loads it, to check who signed it: 0.2 s
of a processor for each of the two that a lake needs, in each engine. What a wheel brought is a
part of the program, and pip has compared it with the lock; so that check is left out for it, and
for nothing else: an engine that was told to check again can't be told otherwise.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import duckdb

from parsers.errors import Drop


def trusting_engine() -> duckdb.DuckDBPyConnection:
    """A new engine that loads the wheels' extensions unchecked, until `check_signatures`."""
    return duckdb.connect(config={"allow_unsigned_extensions": True})


def check_signatures(connection: duckdb.DuckDBPyConnection) -> None:
    """From now on, and for good, the engine loads nothing new that DuckDB's makers have not
    signed."""
    connection.execute("SET allow_unsigned_extensions = false")


def load_extension(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """Load the extension `name`; one that is loaded already costs nothing.

    Raises Drop("no_extension") that says how to get it.
    """
    wheel = brought(name)
    try:
        if wheel:
            file = str(wheel).replace("'", "''")
            connection.execute(f"LOAD '{file}'")
        else:
            _install(connection, name)
    except duckdb.Error as error:
        raise Drop(
            "no_extension",
            f"DuckDB {duckdb.__version__} has no extension {name} here, and a DuckLake needs it: "
            f"pip install 'pressclip[lake]'. ({error})",
        ) from error


def brought(name: str) -> Path | None:
    """The extension's file in its wheel: one folder for the version of DuckDB it was made for."""
    spec = find_spec(f"duckdb_extension_{name}")
    for folder in (spec and spec.submodule_search_locations) or ():
        path = Path(folder, "extensions", f"v{duckdb.__version__}", f"{name}.duckdb_extension")
        if path.exists():
            return path
    return None


def _install(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    check_signatures(connection)
    try:
        connection.execute(f"LOAD {name}")
    except duckdb.Error:
        connection.execute(f"INSTALL {name}")
        connection.execute(f"LOAD {name}")
