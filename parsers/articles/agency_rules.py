"""The agencies and the words of credits that `data/agencies.toml` has, compiled."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import chain
from typing import Any


@dataclass(frozen=True, slots=True)
class Agencies:
    """The agencies, and the words of credits."""

    names: dict[str, str]
    """By mark, the longest first."""
    mark: re.Pattern[str]
    """Any of them, as a word."""
    shared: frozenset[str]
    """Marks that mean something else, too."""
    opens: tuple[tuple[re.Pattern[str], str], ...]
    closes: tuple[tuple[re.Pattern[str], str], ...]
    ends: tuple[tuple[re.Pattern[str], str], ...]
    credit_words: frozenset[str]


@cache
def agencies() -> Agencies:
    """All of the file."""
    rows = agency_rows()
    marks = {mark: str(row["name"]) for row in rows for mark in row["marks"]}
    longest = sorted(marks, key=len, reverse=True)
    return Agencies(
        names={mark: marks[mark] for mark in longest},
        mark=re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest))})(?!\w)"),
        shared=frozenset(chain.from_iterable(row.get("home", ()) for row in rows)),
        opens=_forms(rows, "opens"),
        closes=_forms(rows, "closes"),
        ends=_forms(rows, "ends"),
        credit_words=frozenset(chain.from_iterable(_data()["credit_words"].values())),
    )


def _forms(rows: list[dict[str, Any]], field: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple(
        (re.compile(pattern), str(row["name"])) for row in rows for pattern in row.get(field, ())
    )


def agency_rows() -> list[dict[str, Any]]:
    """The rows of the file, as it has them."""
    rows: list[dict[str, Any]] = _data()["agency"]
    return rows


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(files("parsers").joinpath("data/agencies.toml").read_text("utf-8"))
