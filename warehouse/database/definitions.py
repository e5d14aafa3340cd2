"""Views, macros and comments: what they are now, a file a subject (`warehouse/definitions`).

A migration is a step and runs once. A definition has no steps: where those of a warehouse differ
from the ones here, it gets all of them anew, and what is here no longer goes. What bears another
name is somebody's own and stays.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files

from parsers.errors import Quarantine
from warehouse.database.warehouse import Warehouse
from warehouse.queries import queries

REVISION = 19
"""Raised by one with every change of a definition: a pressclip that knows a smaller number than the
warehouse is the older one, and puts nothing back. (A test keeps the list of their hashes.)"""

_CREATED = re.compile(r"^CREATE (VIEW|MACRO) (\w+)", re.MULTILINE)
_NOT_ON_LAKES = "\n-- not on DuckLake"


@dataclass(frozen=True, slots=True)
class Definitions:
    """All views, macros and comments."""

    revision: int
    hash: str
    sql: str
    portable: str
    """What DuckLake takes of it: of each file all that comes before a line which says so."""
    views: tuple[str, ...]
    macros: tuple[str, ...]


@cache
def definitions() -> Definitions:
    """Those that this version knows."""
    folder = files("warehouse").joinpath("definitions")
    names = sorted(path.name for path in folder.iterdir() if path.name.endswith(".sql"))
    texts = [folder.joinpath(name).read_text(encoding="utf-8") for name in names]
    return of_files(texts, REVISION)


def of_files(texts: list[str], revision: int) -> Definitions:
    """The definitions that are written in files."""
    sql = "\n".join(texts)
    created = _CREATED.findall(sql)
    return Definitions(
        revision=revision,
        hash=sha256(sql.encode()).hexdigest(),
        sql=sql,
        portable="\n".join(text.partition(_NOT_ON_LAKES)[0] for text in texts),
        views=tuple(name for kind, name in created if kind == "VIEW"),
        macros=tuple(name for kind, name in created if kind == "MACRO"),
    )


def define(wh: Warehouse, wanted: Definitions) -> None:
    """Put the definitions in the place of those that the warehouse has. In a transaction.

    Raises Quarantine("name_taken") where somebody has something else under one of their names.
    """
    sql = queries("database/definitions")
    for kind, name in wh.execute(sql["ours"]):
        wh.execute(f'DROP {kind} wh."{name}"')
    names: dict[str, object] = {"views": list(wanted.views), "macros": list(wanted.macros)}
    if taken := wh.execute(sql["taken"], names):
        raise _refusal(wh, [str(name) for (name,) in taken])
    ((kind,),) = wh.execute("SELECT type FROM duckdb_databases() WHERE database_name = 'wh'")
    wh.execute(wanted.sql if kind == "duckdb" else wanted.portable)
    wh.execute(sql["forget"])
    wh.execute(sql["remember"], names | {"revision": wanted.revision, "hash": wanted.hash})


def _refusal(wh: Warehouse, names: list[str]) -> Quarantine:
    return Quarantine(
        "name_taken",
        f"{wh.desk.name} has something of yours under a name that this pressclip needs for its "
        f"own: {', '.join(names)}. Rename it and try again; nothing was changed.",
    )
