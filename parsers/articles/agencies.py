"""Where a text comes from, by its own words: the agency that it names, the place of its dateline.

    its first line      "JAKARTA (Antara) - …"      ─▶ agency (dateline), place
    a credit below it   "Source: Reuters"           ─▶ agency (credit)
    its authors         "Jane Roe, Reuters"         ─▶ agency (author)

A mention in running text ("told Reuters") says nothing about where the text is from, so only these
places count, and only in the forms that datelines and credits have. The agencies are data
(`data/agencies.toml`).
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_HEAD = 160
"""Characters of the first line that a dateline stands in."""
_OPENING = 1000
"""Characters that a standfirst and the start of the line below it stand in."""

# Agencies: in the brackets of a dateline, in a credit, or alone in a line.
_IN_BRACKETS = re.compile(
    r"(?P<before>[^()（）\n]{0,70}?)[(（](?P<marks>[^()（）\n]{2,40})[)）]"
    r"(?P<after>\s*(?:[.:]\s?)?(?:[—–―:]|-{1,2}|\.-)|\s(?=\w))"
)
_BEFORE_BRACKETS = re.compile(r"\d|^\s*(?:[^\W\d_a-z][\w.'’\[\]-]*[\s,/]*){0,4}$")
"""A date, or nothing but names."""
_CREDIT = re.compile(
    r"^[\s(\[—–/*-]*(?:(?:source|sources|quelle|quellen|sumber|fuente|fonte|bron|kilde|źródło|zdroj|"
    r"kaynak|来源|來源|出典|источник|with|avec|con|com|mit material (?:von|der)|via|by|"
    r"con información de|com informações d[ae]|"
    r"riproduzione riservata|(?:©|\(c\)|copyright|hak cipta)(?:\W*(?:19|20)\d\d)?)[\s:：©]*)+"
    r"(?:by\s)?(?P<marks>[^\n]{2,60})$",
    re.IGNORECASE,
)
_ALONE = re.compile(r"^[\s(\[（—–/*©-]*(?P<marks>[^\n]{2,40}?)[\s)\]）/.]*$")
_JOINT = re.compile(r"\s*(?:/|,|;|&|\+|\s(?:and|und|et|y|e|dan|with)\s)\s*")
_CREDIT_CHARS = 110
_CREDIT_LINES = 3
"""Lines at the end of a text that a credit is looked for in."""

# Places: before a dash, with an agency or outlet beside them.
_DASH = r"\s*(?:[–—]|-{1,2})\s+"
_NAME = r"(?P<place>[^\W\d_a-z][\w.'’]*(?:[ -][^\W\d_a-z][\w.'’]*){0,3})"
_PLACE_AFTER_DOMAIN = re.compile(  # EXAMPLE.COM, Jakarta (Wire) -
    r"[\w-]+(?:\.\w{2,10})+,\s" + _NAME + r"(?:\s*\([^()]{2,30}\))?" + _DASH
)
_PLACE_IN_CAPITALS = re.compile(
    r"(?P<place>[^\W\d_a-z]{2}(?:[^\W\d_a-z]|['’ /-]|\.(?= )){1,38}?)"  # JAKARTA, NEW YORK
    r"(?:,\s[\w .]{2,30})?"  # WASHINGTON, Jan 9
    r"(?:\s*\([^()]{2,30}\))?" + _DASH  # (Reuters)
)
_PLACE_BESIDE_OUTLET = re.compile(  # Berlin (dpa) - and Jakarta, Example Post -
    r"(?:[\w.]+(?:\s[\w.]+){0,2},\s)?" + _NAME + r"\s*(?:,\s[\w. ]{2,30}|\([^()]{2,30}\))" + _DASH
)


@dataclass(frozen=True, slots=True)
class WireOrigin:
    """A named agency, and where it is named."""

    agency: str
    place: str
    """`dateline`, `credit` or `author`."""


def read_dateline(text: str) -> str | None:
    """The place that the first line says it was written from, or the second below a standfirst; the
    text keeps it.

    Recognised are a place in capitals before a dash, and a place with an agency or outlet:
    "Jakarta, Example Post - …", "EXAMPLE.COM, Jakarta (Wire) – …".
    """
    opening = [line[:_HEAD] for line in text.lstrip()[:_OPENING].split("\n") if line][:2]
    forms = (_PLACE_AFTER_DOMAIN, _PLACE_IN_CAPITALS, _PLACE_BESIDE_OUTLET)
    found = next(filter(None, (form.match(line) for line in opening for form in forms)), None)
    return found["place"].strip() if found else None


def read_wire(
    text: str, authors: Sequence[str] = (), removed_lines: Sequence[tuple[str, str]] = ()
) -> WireOrigin | None:
    """The agency that `text` says it comes from; of several, the first that it names.

    `removed_lines` are what cleaning took away, (class, line) pairs: credits are often among them.
    """
    first = _first_line(text)
    agency = _opening(first)
    if agency:
        return WireOrigin(agency, "dateline")
    # Twice as many, because an empty line stands between two paragraphs.
    lines = map(str.strip, text.rsplit("\n", 2 * _CREDIT_LINES)[-2 * _CREDIT_LINES :])
    below = [line for line in lines if line and line != first][-_CREDIT_LINES:]
    cleared = (line for name, line in removed_lines if name == "copyright")
    agency = next(filter(None, map(_credited, (*below, *cleared))), None)
    if agency:
        return WireOrigin(agency, "credit")
    agency = next(filter(None, map(_signed, authors)), None)
    return WireOrigin(agency, "author") if agency else None


def _first_line(text: str) -> str:
    return text.lstrip()[:_HEAD].split("\n", 1)[0]


def _opening(first: str) -> str | None:
    """The agency of a dateline, or of the form in which its texts begin."""
    for pattern, name in _agencies().opens:
        if pattern.match(first):
            return name
    found = _IN_BRACKETS.match(first)
    if found is None or not _BEFORE_BRACKETS.search(found["before"]):
        return None
    return _signed(found["marks"])


def _credited(line: str) -> str | None:
    """The agency with whose mark a credit begins ("The Associated Press. All rights reserved"),
    or that stands alone in a line."""
    if len(line) > _CREDIT_CHARS:
        return None
    credit = _CREDIT.match(line)
    said = credit["marks"] if credit else ""
    for mark, name in _agencies().names.items():
        if said.startswith(mark) and not said[len(mark) : len(mark) + 1].isalpha():
            return name
    alone = _ALONE.match(line)
    return _agencies().names.get(alone["marks"]) if alone else None


def _signed(said: str) -> str | None:
    """The agency that signs as `said`, alone or with others: "APA/dpa", "A. Name, Reuters"."""
    return next(filter(None, map(_agencies().names.get, _JOINT.split(said.strip()))), None)


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


def is_site_of(agency: str, site: str) -> bool:
    """Whether a site is the agency's own: by the list, or because it bears its name."""
    name = "".join(char for char in agency.lower() if unicodedata.category(char)[0] in "LN")
    return (agency, site) in _agency_sites() or site.replace("-", "").startswith(name)


@cache
def _agency_sites() -> frozenset[tuple[str, str]]:
    return frozenset(
        (str(row["name"]), site) for row in agency_rows() for site in row.get("sites", ())
    )


def agency_rows() -> list[dict[str, list[str]]]:
    """The rows of the file, as it has them."""
    source = files("parsers").joinpath("data/agencies.toml").read_text("utf-8")
    rows: list[dict[str, list[str]]] = tomllib.loads(source)["agency"]
    return rows
