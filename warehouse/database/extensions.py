"""DuckDB's extensions, from their wheels where there are any.

`pip install pressclip[lake]` brings them for the version of DuckDB that pressclip is locked to,
so that a machine without the internet has them too. Without the wheels DuckDB looks for what was
installed in the home folder, and then asks its own repository.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import duckdb

from parsers.errors import Drop


def load_extension(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """Load the extension `name`; one that is loaded already costs nothing.

    Raises Drop("no_extension") that says how to get it.
    """
    wheel = _in_wheel(name)
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


def _in_wheel(name: str) -> Path | None:
    """The extension's file in its wheel: one folder for the version of DuckDB it was made for."""
    spec = find_spec(f"duckdb_extension_{name}")
    for folder in (spec and spec.submodule_search_locations) or ():
        path = Path(folder, "extensions", f"v{duckdb.__version__}", f"{name}.duckdb_extension")
        if path.exists():
            return path
    return None


def _install(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    try:
        connection.execute(f"LOAD {name}")
    except duckdb.Error:
        connection.execute(f"INSTALL {name}")
        connection.execute(f"LOAD {name}")
