"""When it was published and changed.

JSON-LD first (it carries time and offset), then meta and marked `time` elements, then the feed's
entry, then a page's only `time`, then what htmldate finds in the page's text and address, which
is a day without a time.
"""

from __future__ import annotations

import logging
import re
from datetime import UTC, date, datetime

from htmldate import find_date
from lxml.html import HtmlElement

from parsers.metadata.facts import PageStatements, Sourced
from parsers.records import DateFlag, Entry
from parsers.text.dates import Moment, impossible_day

logging.getLogger("htmldate").setLevel(logging.CRITICAL)

_PUBLISHED = (
    "article:published_time",
    "og:article:published_time",
    "og:published_time",
    "datepublished",
    "parsely-pub-date",
    "sailthru.date",
    "dc.date.issued",
    "dcterms.created",
    "dcterms.date",
    "dc.date",
    "pubdate",
    "publishdate",
    "publish-date",
    "publish_date",
    "date",
    "cxenseparse:recs:publishtime",
)
_MODIFIED = (
    "article:modified_time",
    "og:article:modified_time",
    "og:updated_time",
    "datemodified",
    "lastmod",
    "last-modified",
    "dcterms.modified",
)
_OFFSET = re.compile(r"([+-]\d{2})(\d{2})$")
_FRACTION = re.compile(r"\.(\d+)")
_EARLIEST = 1995
_LONGEST = 40
_DATED = re.compile(r"date|publi|issued|created")
_ENTRY_DATE = re.compile(r"\b(?:entry|post)-date\b")
_CHANGED = re.compile(r"updated|modified")
_UNTRUSTED = {DateFlag.FUTURE, DateFlag.UNPARSED}


def read_published(
    tree: HtmlElement, facts: PageStatements, url: str, hint: Entry | None = None
) -> Sourced[Moment] | None:
    """When the article was first published."""
    stated = _stated(facts, ("datePublished", "dateCreated"), _PUBLISHED) or _marked(tree)
    if stated:
        return stated
    if hint is not None and hint.published_at is not None and hint.date_flag not in _UNTRUSTED:
        return Sourced(Moment(hint.published_at, hint.date_flag), "feed")
    if read_impossible_day(tree, facts, url):
        return None
    return _only_time(tree) or _searched(tree, url)


def read_impossible_day(tree: HtmlElement, facts: PageStatements, url: str) -> str | None:
    """A day that no calendar has and that the page states as its date, such as 2026-02-30. A search
    for dates would read the first of that month from it."""
    stated = [facts.article.get(key) for key in ("datePublished", "dateCreated")]
    stated += [
        value for name, values in facts.meta.items() if _DATED.search(name) for value in values
    ]
    stated += [element.get("datetime") for element in tree.iter("time")]
    for value in stated:
        if isinstance(value, str) and len(value) <= _LONGEST and impossible_day(value.strip()):
            return value.strip()
    # In running text only what a search for dates would take for one.
    searched = _searched(tree, url)
    if searched is None or searched.value.at.day != 1:
        return None
    found = impossible_day(tree.text_content())
    return found if found and str(searched.value.at.year) in found else None


def read_modified(facts: PageStatements) -> Sourced[datetime] | None:
    """When the page says it was changed last, in UTC."""
    found = _stated(facts, ("dateModified",), _MODIFIED)
    return Sourced(found.value.at, found.source) if found else None


def _stated(
    facts: PageStatements, keys: tuple[str, ...], names: tuple[str, ...]
) -> Sourced[Moment] | None:
    for key in keys:
        moment = read_moment(facts.article.get(key))
        if moment:
            return Sourced(moment, "json-ld")
    for name in names:
        for value in facts.meta.get(name, ()):
            moment = read_moment(value)
            if moment:
                return Sourced(moment, name)
    return None


def _marked(tree: HtmlElement) -> Sourced[Moment] | None:
    """The `time` element that is marked up as the date of publication.

    By its own attributes first, then by WordPress's class names, of it or its wrapper. Those mark
    every post that a page lists, also in its menu, so they count below the headline only.
    """
    entry_date: Moment | None = None
    below_headline = False
    for element in tree.iter("h1", "time"):
        moment = read_moment(element.get("datetime"))
        if element.tag == "h1":
            below_headline = True
        elif moment is not None:
            name, around = _name(element), _name(element.getparent())
            if element.get("pubdate") is not None or "publish" in name:
                return Sourced(moment, "time")
            if below_headline and not entry_date and _ENTRY_DATE.search(f"{name} {around}"):
                entry_date = moment
    return Sourced(entry_date, "time") if entry_date else None


def _only_time(tree: HtmlElement) -> Sourced[Moment] | None:
    """The page's one `time`, unless it says that it is when the page was changed."""
    elements = [(element, read_moment(element.get("datetime"))) for element in tree.iter("time")]
    moments = {moment for _, moment in elements if moment}
    if len(moments) != 1 or any(_CHANGED.search(_name(element)) for element, _ in elements):
        return None
    return Sourced(moments.pop(), "time")


def _name(element: HtmlElement | None) -> str:
    """What the author of the page calls an element."""
    if element is None:
        return ""
    return f"{element.get('itemprop') or ''} {element.get('class') or ''}".lower()


def read_moment(value: object) -> Moment | None:
    """An ISO 8601 time or day; without an offset it is taken for UTC. None for anything else."""
    if not isinstance(value, str) or not 8 <= len(value.strip()) <= _LONGEST:
        return None
    text = _OFFSET.sub(r"\1:\2", value.strip().replace("Z", "+00:00"))
    text = _FRACTION.sub(lambda match: "." + match[1][:6].ljust(6, "0"), text)
    try:
        stated = datetime.fromisoformat(text)
        moment = (stated if stated.tzinfo else stated.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    flag = None if stated.tzinfo else DateFlag.DAY if _is_day(text) else DateFlag.NO_ZONE
    return Moment(moment, flag) if moment.year >= _EARLIEST else None


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _searched(tree: HtmlElement, url: str) -> Sourced[Moment] | None:
    try:
        found = find_date(tree, url=url or None, original_date=True, extensive_search=False)
        day = date.fromisoformat(found) if found else None
    except (ValueError, TypeError, OverflowError, RecursionError, AttributeError):
        return None
    if day is None:
        return None
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return Sourced(Moment(midnight, DateFlag.DAY), "htmldate")
