"""Feeds with more in them than anyone reads: cut before they are parsed.

Reading 20,000 items takes many seconds, finding their dates a few tenths of one. And each element
takes time, so a feed that is nothing but tags could take minutes. What a text has of escaped tags
is text, and costs nothing.
"""

from __future__ import annotations

import html
import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice

from parsers.errors import Quarantine
from parsers.feeds.markup import without_verbatim
from parsers.feeds.repair import item_places
from parsers.text.dates import parse_date

MOST_MARKUP = 100_000
"""Tags in one item, or ahead of the first: the longest texts of real feeds have a tenth."""
MOST_MARKUP_IN_ALL = 250_000
"""Tags in all items kept: five seconds of the parser's time at the worst."""

_ITEM = re.compile(r"<((?:[\w.-]+:)?(?:item|entry))(?=[\s>])", re.IGNORECASE)
_DATE = re.compile(
    r"<(?:[\w.-]+:)?(?:pubDate|published|issued|date|updated|modified)\b[^<>]*>"
    r"\s*(?:<!\[CDATA\[)?([^<>\]]{1,80})[<\]]",
    re.IGNORECASE,
)
_NAME = re.compile(
    r"<(?:guid|id|link)\b(?:[^<>]*?\shref\s*=\s*[\"']([^\"'<>]*))?[^<>]*>"
    r"(?:<!\[CDATA\[([^\]]{1,2000})\]\]>|([^<]{1,2000})<)?",
    re.IGNORECASE,
)
_LIGHT = 1000
"""Tags that are not worth counting any better."""
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


def cut_to_newest(text: str, most: int, known: Collection[str] = ()) -> Cut:
    """`text` with at most `most` items, in their order, and those slim enough to read: first those
    whose guid and link are not `known`, then the newest.

    Items without a date count as oldest, and among those the first in the feed as newest.
    Raises Quarantine("unreadable_feed") where it is the feed's head that has too much markup.
    """
    items = item_places(text)
    head = items[0][0] if items else len(text)
    if _markup(text, 0, head) > MOST_MARKUP:
        raise Quarantine(
            "unreadable_feed", f"The feed has more than {MOST_MARKUP} tags ahead of its items."
        )
    out = _oldest(text, items, most, known)
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


def _oldest(text: str, items: list[tuple[int, int]], most: int, known: Collection[str]) -> set[int]:
    if len(items) <= most:
        return set()
    texts = [text[start:end] for start, end in items]
    ranks = [(not _is_seen(item, known), _date(item), -at) for at, item in enumerate(texts)]
    by_worth = sorted(range(len(items)), key=ranks.__getitem__)
    return set(by_worth[: len(items) - most])


def _is_seen(item: str, known: Collection[str]) -> bool:
    if not known:
        return False
    names = (name[1] or name[2] or name[3] for name in _NAME.finditer(item))
    return any(html.unescape(name.strip()) in known for name in names if name)


def _date(item: str) -> datetime:
    found = _DATE.search(item)
    return (parse_date(found[1]) if found else None) or _UNKNOWN


def _markup(text: str, start: int, end: int) -> int:
    """Tags between two places; those in CDATA are text."""
    tags = text.count("<", start, end)
    return tags if tags <= _LIGHT else without_verbatim(text[start:end]).count("<")
