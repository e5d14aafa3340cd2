"""Where a warehouse is: a DuckDB file, or a DuckLake named as DuckLake itself names it.

press.duckdb                                                    a file
ducklake:sqlite:/srv/press/catalogue.sqlite?data=/srv/press/data
ducklake:postgres:dbname=press host=db.example user=press?data=s3://press/clippings

A DuckLake is a catalogue (SQLite for one machine, PostgreSQL for many) and a folder or bucket of
Parquet files. `?data=` says where the files go; only the first who names a lake needs to, since
the catalogue remembers it.
"""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from parsers.errors import Drop
from warehouse.files import behind_links

_LAKE = "ducklake:"
_DATA = "?data="
_KINDS = ("sqlite", "postgres")
_SECRET = re.compile(r"\b(?:ssl)?passw(?:or)?d\s*=|://[^/?#]*@", re.IGNORECASE)
_REMOTE = re.compile(r"\w+://")


@dataclass(frozen=True, slots=True)
class Lake:
    """A DuckLake. Made by `read_location`, so that it never holds a password."""

    kind: str
    """Of the catalogue: `sqlite` or `postgres`."""
    catalogue: str
    """The path of the SQLite file, or what libpq wants to know to connect to PostgreSQL."""
    data: str | None = None
    """Where the Parquet files go; None: as the catalogue says."""
    s3_endpoint: str | None = None
    """The URL of the S3 service that has them, where it is not Amazon's. No part of the name."""

    def __str__(self) -> str:
        data = "" if self.data is None else f"{_DATA}{self.data}"
        return f"{self.attachable}{data}"

    @property
    def attachable(self) -> str:
        """What ATTACH takes."""
        return f"{_LAKE}{self.kind}:{self.catalogue}"

    @property
    def label(self) -> str:
        """A name for a folder: readable, and another one for every catalogue."""
        facts = sorted(self._facts())
        known = dict(fact.partition("=")[::2] for fact in facts)
        name = Path(self.catalogue).stem if self.kind == "sqlite" else known.get("dbname", "")
        digest = sha256("\n".join((self.kind, *facts)).encode()).hexdigest()
        return f"{re.sub(r'[^A-Za-z0-9_-]+', '-', name) or self.kind}-{digest[:8]}"

    def _facts(self) -> list[str]:
        return [self.catalogue] if self.kind == "sqlite" else shlex.split(self.catalogue)


def read_location(text: str | Path) -> Path | Lake:
    """The place that `text` names. Raises Drop("bad_warehouse") where it can't be one."""
    if isinstance(text, Path):
        return _file(text)
    if text.startswith(_LAKE):
        return _lake(text.removeprefix(_LAKE))
    if _REMOTE.match(text) or text.split(":")[0] in {*_KINDS, "postgresql", "mysql"}:
        raise _bad(f"it is neither a file nor begins with {_LAKE}")
    return _file(Path(text))


def _file(path: Path) -> Path:
    """The file itself where `path` is a link to it, so that both names mean one desk, and a publish
    swaps in the file that other readers open, not one in the place of the link."""
    path = _absolute(path)
    return behind_links(path) if path.is_symlink() else path


def _lake(text: str) -> Lake:
    rest, _, data = text.partition(_DATA)
    kind, _, catalogue = rest.partition(":")
    if _SECRET.search(rest):
        raise _bad(
            "it holds a password, which would be seen in process lists, logs and run parameters. "
            "Leave it out and set PGPASSWORD, or write a ~/.pgpass"
        )
    if kind not in _KINDS or not catalogue.strip():
        raise _bad("after ducklake: comes sqlite: with a path, or postgres: with dbname=… host=…")
    if "?" in rest or _REMOTE.match(catalogue):
        raise _bad(
            "its catalogue is named by a path or by keywords (dbname=… host=…), not by a URL"
        )
    if kind == "sqlite":
        catalogue = str(_absolute(Path(catalogue)))
    else:
        _check_keywords(catalogue)
    return Lake(kind, catalogue.strip(), _folder(data) if data else None)


def _check_keywords(catalogue: str) -> None:
    try:
        facts = shlex.split(catalogue)
    except ValueError:
        facts = [""]
    if not all("=" in fact for fact in facts):
        raise _bad(
            "what follows postgres: is a list of keyword=value, such as dbname=press host=db"
        )


def _folder(data: str) -> str:
    """A folder as DuckLake keeps it: absolute, whoever attaches it from wherever."""
    return f"{data if _REMOTE.match(data) else _absolute(Path(data))}".rstrip("/") + "/"


def _absolute(path: Path) -> Path:
    return path.expanduser().absolute()


def _bad(reason: str) -> Drop:
    """Without the text itself, which may hold a secret."""
    return Drop(
        "bad_warehouse",
        f"The warehouse that was named can't be opened: {reason}. Name a file (press.duckdb), "
        "ducklake:sqlite:PATH?data=FOLDER or ducklake:postgres:dbname=NAME host=HOST?data=FOLDER.",
    )
