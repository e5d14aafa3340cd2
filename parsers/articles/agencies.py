"""The news agency that a text comes from, where it names one: in its dateline, in a credit below
it, or as its author. The agencies are data (`data/agencies.toml`). And the place that a dateline
says the text was written from: "JAKARTA (Antara) - …".

A mention in running text ("told Reuters") says nothing about where the text is from, so only these
places count, and only in the forms that credits have.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_HEAD = 160
_MAX_CREDIT = 110
_TAIL_LINES = 3
_DATELINE = re.compile(
    r"(?P<before>[^()（）\n]{0,70}?)[(（](?P<marks>[^()（）\n]{2,40})[)）]"
    r"(?P<after>\s*(?:[.:]\s?)?(?:[—–―:]|-{1,2}|\.-)|\s(?=\w))"
)
_PLACE = re.compile(r"\d|^\s*(?:[^\W\d_a-z][\w.'’\[\]-]*[\s,/]*){0,4}$")
"""What stands before the brackets of a dateline: a date, or nothing but names."""
_CREDIT = re.compile(
    r"^[\s(\[—–/*-]*(?:(?:source|sources|quelle|quellen|sumber|fuente|fonte|bron|kilde|źródło|zdroj|"
    r"kaynak|来源|來源|出典|источник|with|avec|con|com|mit material (?:von|der)|via|by|"
    r"con información de|com informações d[ae]|"
    r"riproduzione riservata|(?:©|\(c\)|copyright|hak cipta)(?:\W*(?:19|20)\d\d)?)[\s:：©]*)+"
    r"(?:by\s)?(?P<marks>[^\n]{2,60})$",
    re.IGNORECASE,
)
_BARE = re.compile(r"^[\s(\[（—–/*©-]*(?P<marks>[^\n]{2,40}?)[\s)\]）/.]*$")
_PARTS = re.compile(r"\s*(?:/|,|;|&|\+|\s(?:and|und|et|y|e|dan|with)\s)\s*")

_DASH = r"\s*(?:[–—]|-{1,2})\s+"
_PLACE_NAME = r"[^\W\d_a-z][\w.'’]*(?:[ -][^\W\d_a-z][\w.'’]*){0,3}"
_CAPITALS = re.compile(
    r"(?P<place>[^\W\d_a-z]{2}(?:[^\W\d_a-z]|['’ /-]|\.(?= )){1,38}?)"  # JAKARTA, NEW YORK
    r"(?:,\s[\w .]{2,30})?"  # WASHINGTON, Jan 9
    r"(?:\s*\([^()]{2,30}\))?" + _DASH  # (Reuters)
)
_DOMAIN = re.compile(  # EXAMPLE.COM, Jakarta -
    r"[\w-]+(?:\.\w{2,4})+,\s(?P<place>" + _PLACE_NAME + r")(?:\s*\([^()]{2,30}\))?" + _DASH
)
_AGENCY = re.compile(
    r"(?:[\w.]+(?:\s[\w.]+){0,2},\s)?(?P<place>" + _PLACE_NAME + r")\s*"
    r"(?:,\s[\w. ]{2,30}|\([^()]{2,30}\))" + _DASH
)


@dataclass(frozen=True, slots=True)
class WireOrigin:
    """A named agency, and where it is named."""

    agency: str
    place: str
    """`dateline`, `credit` or `author`."""


def read_wire(
    text: str, authors: Sequence[str] = (), removed_lines: Sequence[tuple[str, str]] = ()
) -> WireOrigin | None:
    """The agency that `text` says it comes from; of several, the first that it names.

    `removed_lines` are what cleaning took away, (class, line) pairs: credits are often among them.
    """
    head = text.lstrip()[:_HEAD].split("\n", 1)[0]
    agency = _opening(head)
    if agency:
        return WireOrigin(agency, "dateline")
    lines = [line.strip() for line in text.rsplit("\n", 2 * _TAIL_LINES)[-2 * _TAIL_LINES :]]
    below = [line for line in lines if line and line != head][-_TAIL_LINES:]
    cleared = (line for name, line in removed_lines if name == "copyright")
    agency = next(filter(None, map(_credited, (*below, *cleared))), None)
    if agency:
        return WireOrigin(agency, "credit")
    agency = next(filter(None, map(_signed, authors)), None)
    return WireOrigin(agency, "author") if agency else None


def _opening(head: str) -> str | None:
    for pattern, name in _agencies().opens:
        if pattern.match(head):
            return name
    found = _DATELINE.match(head)
    if found is None or not _PLACE.search(found["before"]):
        return None
    return _signed(found["marks"])


def _credited(line: str) -> str | None:
    if len(line) > _MAX_CREDIT:
        return None
    credit = _CREDIT.match(line)
    if credit and (agency := _first_words(credit["marks"])):
        return agency
    bare = _BARE.match(line)
    return _agencies().names.get(bare["marks"]) if bare else None


def _first_words(said: str) -> str | None:
    """The agency with whose mark `said` begins: "The Associated Press. All rights reserved"."""
    for mark, name in _agencies().names.items():
        if said.startswith(mark) and not said[len(mark) : len(mark) + 1].isalpha():
            return name
    return None


def _signed(said: str) -> str | None:
    """The agency that signs as `said`, alone or with others: "APA/dpa", "A. Name, Reuters"."""
    return next(filter(None, map(_agencies().names.get, _PARTS.split(said.strip()))), None)


@dataclass(frozen=True, slots=True)
class _Agencies:
    names: dict[str, str]
    """By mark, the longest first."""
    opens: tuple[tuple[re.Pattern[str], str], ...]


@cache
def _agencies() -> _Agencies:
    rows = agency_rows()
    marks = {mark: str(row["name"]) for row in rows for mark in row["marks"]}
    return _Agencies(
        names=dict(sorted(marks.items(), key=lambda item: -len(item[0]))),
        opens=tuple(
            (re.compile(pattern), str(row["name"]))
            for row in rows
            for pattern in row.get("opens", ())
        ),
    )


def agency_rows() -> list[dict[str, list[str]]]:
    """The rows of the file, as it has them."""
    source = files("parsers").joinpath("data/agencies.toml").read_text("utf-8")
    rows: list[dict[str, list[str]]] = tomllib.loads(source)["agency"]
    return rows


def read_dateline(text: str) -> str | None:
    """The place that the first line says it was written from; the text keeps it.

    Recognised are a place in capitals before a dash, and a place with an agency or outlet:
    "Jakarta, Example Post - …", "EXAMPLE.COM, Jakarta (Wire) – …".
    """
    first = text.lstrip()[:160].split("\n", 1)[0]
    match = _DOMAIN.match(first) or _CAPITALS.match(first) or _AGENCY.match(first)
    return match["place"].strip() if match else None
