"""Feeds with more in them than anyone reads: cut before they are parsed.

Reading 20,000 items takes many seconds, finding their dates a few tenths of one. And the time
that a feed's parser takes grows with the square of the markup in one item, so a single item can
hold it for hours.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice

from parsers.errors import Quarantine
from parsers.text.dates import parse_date

MOST_MARKUP = 4_000
"""Tags in one item, or ahead of the first: three times what a long article has."""
MOST_MARKUP_IN_ALL = 250_000
"""Tags in all items kept: five seconds of the parser's time at the worst."""

_ITEM = re.compile(r"<((?:[\w.-]+:)?(?:item|entry))(?=[\s>])", re.IGNORECASE)
_DATE = re.compile(
    r"<(?:[\w.-]+:)?(?:pubDate|published|issued|date|updated|modified)\b[^<>]*>\s*([^<>]{1,80})<",
    re.IGNORECASE,
)
_UNKNOWN = datetime.min.replace(tzinfo=UTC)
_ESSENTIAL = re.compile(
    r"<((?:[\w.-]+:)?(?:title|link|guid|id|pubDate|published|issued|date|updated|modified))\b"
    r"[^<>]*(?:/>|>(?:<!\[CDATA\[[^\]]{0,2000}\]\]>|[^<]{0,2000})</\1\s*>)",
    re.IGNORECASE,
)
_MOST_ESSENTIALS = 20


@dataclass(frozen=True, slots=True)
class Cut:
    """A feed's text that its parser can read in bounded time."""

    text: str
    dropped: int = 0
    """Items beyond the cap, cut out."""
    slimmed: int = 0
    """Items with too much markup, left with their title, link, guid and dates."""


def cut_to_newest(text: str, most: int) -> Cut:
    """`text` with only its `most` newest items, in their order, and those slim enough to read.

    Items without a date count as oldest, and among those the first in the feed as newest.
    Raises Quarantine("unreadable_feed") where it is the feed's head that has too much markup.
    """
    items = _items(text)
    head = items[0][0] if items else len(text)
    if _markup(text, 0, head) > MOST_MARKUP:
        raise Quarantine(
            "unreadable_feed", f"The feed has more than {MOST_MARKUP} tags ahead of its items."
        )
    out = _oldest(text, items, most)
    weights = {at: _markup(text, *items[at]) for at in range(len(items)) if at not in out}
    fair = MOST_MARKUP_IN_ALL // max(1, len(weights))
    limit = MOST_MARKUP if sum(weights.values()) <= MOST_MARKUP_IN_ALL else min(fair, MOST_MARKUP)
    heavy = {at for at, weight in weights.items() if weight > limit}
    pieces: list[str] = []
    position = 0
    for at in sorted(out | heavy):
        start, end = items[at]
        pieces.append(text[position:start])
        pieces.append(_slim(text[start:end]) if at in heavy else "")
        position = end
    pieces.append(text[position:])
    return Cut("".join(pieces), dropped=len(out), slimmed=len(heavy))


def _slim(item: str) -> str:
    """`item` with nothing in it but what identifies it."""
    name = _ITEM.match(item)
    essentials = islice(_ESSENTIAL.finditer(item), _MOST_ESSENTIALS)
    inside = "".join(essential[0] for essential in essentials)
    return f"<{name[1]}>{inside}</{name[1]}>" if name else ""


def _items(text: str) -> list[tuple[int, int]]:
    """Where each item begins and ends; one that is never closed ends where the next begins."""
    openings = list(_ITEM.finditer(text))
    limits = [*(opening.start() for opening in openings[1:]), len(text)]
    items = []
    for opening, limit in zip(openings, limits[: len(openings)], strict=True):
        closing = f"</{opening[1]}>"
        at = text.find(closing, opening.end(), limit)
        items.append((opening.start(), at + len(closing) if at >= 0 else limit))
    return items


def _oldest(text: str, items: list[tuple[int, int]], most: int) -> set[int]:
    if len(items) <= most:
        return set()
    dates = [_date(text[start:end]) for start, end in items]
    by_age = sorted(range(len(items)), key=lambda at: (dates[at], -at))
    return set(by_age[: len(items) - most])


def _date(item: str) -> datetime:
    found = _DATE.search(item)
    return (parse_date(found[1]) if found else None) or _UNKNOWN


def _markup(text: str, start: int, end: int) -> int:
    return text.count("<", start, end) + text.count("&lt;", start, end)
