"""Where a page stands among the pages of its article.

A link counts where its address is the page's own but for the number of the page, and where it looks
like a link to that page: it shows the number, says "next" or has rel=next. That relation alone says
little: blogs give it to the next article.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from itertools import islice
from typing import cast
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from lxml.etree import XPath
from lxml.html import HtmlElement

from parsers.records import Paging
from parsers.urls import same_site

_RULES = tomllib.loads(files("parsers").joinpath("data/paging.toml").read_text("utf-8"))
_PARAMETERS = frozenset(_RULES["parameters"])
_ALL_VALUES = frozenset(_RULES["all_values"])
_ALL_PARAMETERS = frozenset(_RULES["all_parameters"])
_NO_VALUES = frozenset(_RULES["no_values"])
_ALL_PATHS = frozenset(_RULES["all_paths"])
_NEXT = re.compile("|".join(map(re.escape, _RULES["next_words"])), re.IGNORECASE)
_OTHER_BOX = re.compile("|".join(map(re.escape, _RULES["other_boxes"])), re.IGNORECASE)
_NUMBERED_PATH = re.compile(
    rf"(?P<rest>.+?)(?:/(?:(?:{'|'.join(_RULES['path_words'])})[/-]?)?|-p|[_,]p?)(?P<number>[1-9]\d?)"
    r"(?P<end>\.[a-z]{3,5})?",
    re.IGNORECASE,
)
"""`/story/2`, `/story/page/2`, `/story-p2.html`."""
MOST_PAGES = 20
"""Of an article; what has more is a list."""
_DIGITS = 2
"""Of the number of a page: larger numbers are those of articles."""
_MOST_LINKS = 1000
_LINKS = XPath(
    "//link[contains(@rel, 'next') and @href]"
    "|//a[contains(@href, $stem) or starts-with(@href, '?')]"
)
_MOST_ANCESTORS = 8
_LONGEST_TEXT = 60
"""Characters of a link's text in which it says "next"."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Which page of what an address is."""

    name: str
    """What the addresses of all pages have in common."""
    number: int
    """0 for all on one."""


@dataclass(frozen=True, slots=True)
class _Link:
    address: str
    leads_on: bool
    """Whether it looks like a link to the page that its address says it leads to."""
    numbered: bool
    """Whether it shows the number of that page."""
    place: _Place


def paging_of(tree: HtmlElement, url: str) -> Paging | None:
    """Where the page at `url` stands among several; None for an article on one page."""
    places = _places(url)
    if not places:
        return None
    links = tuple(_links(tree, url, places))
    for by_path, own in enumerate(places):
        found = _paging(url, own, [link for link in links if link.place.name == own.name])
        # A number at the end of a path may be the article's: its own links tell.
        if found and (found.number == 1 or not by_path or found.first_page):
            return replace(found, first_page=found.first_page or _first(url, own))
    return None


def _paging(url: str, own: _Place, links: Sequence[_Link]) -> Paging | None:
    number = max(own.number, 1)
    following = (link for link in links if link.place.number == number + 1 and link.leads_on)
    next_page = next((link.address for link in following), None)
    if own.number == 0 or (next_page is None and number == 1):
        return None
    shown = {link.place.number for link in links if link.numbered}
    if max(number, *shown, 0) > MOST_PAGES:
        return None
    firsts = (link.address for link in links if link.place.number == 1 and link.address != url)
    return Paging(
        number=number,
        count=max(number, *shown) if shown else None,
        next_page=next_page,
        one_page=next((link.address for link in links if link.place.number == 0), None),
        first_page=next(firsts, None) if number > 1 else None,
    )


def _first(url: str, own: _Place) -> str | None:
    """The address of the first page, where no link says it: without the number."""
    return urljoin(url, own.name) if own.number > 1 else None


def _links(tree: HtmlElement, url: str, places: Sequence[_Place]) -> Iterator[_Link]:
    """The links to pages of the same article."""
    names = {place.name for place in places}
    found = cast("list[HtmlElement]", _LINKS(tree, stem=_stem(places[-1].name)))
    for element in found[:_MOST_LINKS]:
        is_next = "next" in (element.get("rel") or "").lower().split()
        address = _absolute(url, element.get("href").strip())
        place = next((place for place in _places(address) if place.name in names), None)
        if place is None or address == url or not same_site(address, url) or _elsewhere(element):
            continue
        text = " ".join(element.text_content().split()) or element.get("aria-label") or ""
        numbered = text == str(place.number)
        leads_on = is_next or numbered or bool(_NEXT.search(text[:_LONGEST_TEXT]))
        yield _Link(address, leads_on, numbered, place)


def _absolute(url: str, href: str) -> str:
    try:
        return urljoin(url, href).partition("#")[0]
    except ValueError:
        return ""


def _places(url: str) -> tuple[_Place, ...]:
    """What an address may be a page of: by its query, and then by its path."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ()
    path, query, number = parts.path.rstrip("/"), [], 1
    for name, value in parse_qsl(parts.query, keep_blank_values=True):
        asked = _asked(name.lower(), value.lower())
        if asked is None:
            query.append((name, value))
        else:
            number = asked
    if not path and not query:
        return ()
    rest = f"?{urlencode(query)}" if query else ""
    places = [_Place(f"{path or '/'}{rest}", number)]
    before, _, last = path.rpartition("/")
    if found := _NUMBERED_PATH.fullmatch(path):
        name = f"{found['rest']}{found['end'] or ''}{rest}"
        places.append(_Place(name, int(found["number"])))
    elif before and last.lower() in _ALL_PATHS:
        places.append(_Place(f"{before}{rest}", 0))
    return tuple(places)


def _asked(name: str, value: str) -> int | None:
    """The number of the page that a parameter asks for, 0 for all; None where it is another's."""
    if name in _ALL_PARAMETERS:
        return None if value in _NO_VALUES else 0
    if name not in _PARAMETERS:
        return None
    if value in _ALL_VALUES:
        return 0
    return int(value) if value.isdecimal() and 1 <= len(value) <= _DIGITS and int(value) else None


def _stem(name: str) -> str:
    """What every link to a page of this name has in it."""
    last = name.partition("?")[0].rpartition("/")[2]
    return last.rpartition(".")[0] or last or name


def _elsewhere(element: HtmlElement) -> bool:
    """Whether a link is in a box whose pages are not the article's: comments have pages too."""
    boxes = islice(element.iterancestors(), _MOST_ANCESTORS)
    return any(
        _OTHER_BOX.search(f"{box.get('class') or ''} {box.get('id') or ''}") for box in boxes
    )


def may_be_of_several(url: str) -> bool:
    """Whether an address may be that of a further page of an article, or of all on one."""
    return any(place.number != 1 for place in _places(url))
