"""When it was published and changed.

JSON-LD first (it carries time and offset), then meta and marked `time` elements, then what readers
see beside the headline, then the feed's entry, then a page's only `time`, then what htmldate finds
in the page's text and address, which is a day without a time. What readers see also tells the zone,
and a time where only a day is stated.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from htmldate import find_date
from lxml.html import HtmlElement

from parsers.metadata.facts import Node, PageStatements, Sourced
from parsers.metadata.surroundings import LinesAround, is_among_others
from parsers.metadata.visible_dates import (
    SaidDate,
    first_of,
    is_date_line,
    read_said_dates,
)
from parsers.records import DateFlag, Entry
from parsers.text.dates import Moment, impossible_day, parse_moment

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
    "published",
    "published_date",
    "published-date",
    "published_at",
    "publication_date",
    "publication-date",
    "article.published",
    "citation_publication_date",
    "citation_online_date",
    "rnews:datepublished",
    "article:published",
    "created",
    "datecreated",
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
_EARLIEST, _LATEST = 1995, 2200
_LONGEST = 40
_LONGEST_WORDS = 80
_LAST_EPOCH = 10**13
_ONE_MINUTE, _ONE_DAY = timedelta(minutes=1), timedelta(days=1)
_MOST_BEHIND = timedelta(hours=12)
"""How far the clocks of the last zone are behind UTC."""
_DATED = re.compile(r"date|publi|issued|created")
_ENTRY_DATE = re.compile(r"\b(?:entry|post)-date\b")
_CHANGED = re.compile(r"updated|modified")
_TWO_WAYS = re.compile(r"(?<!\d)(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?!\d)")
_DAY_IN_ADDRESS = re.compile(r"/(\d{4})/([a-z]{3,9}|\d{1,2})/(\d{1,2})(?![^/-])", re.IGNORECASE)
_UNTRUSTED = {DateFlag.FUTURE, DateFlag.UNPARSED}


@dataclass(frozen=True, slots=True)
class Times:
    """When the article was published and changed."""

    published: Sourced[Moment] | None = None
    modified: Sourced[Moment] | None = None
    unreadable: str | None = None
    """What the page states as a date and is none, or could be two; only where nothing was found."""


def read_times(
    tree: HtmlElement,
    facts: PageStatements,
    around: LinesAround,
    url: str,
    hint: Entry | None = None,
) -> Times:
    """When the article was first published, and when it was changed last."""
    said = [
        one if one.moment else _told_by_address(one, url)
        for one in read_said_dates(around, facts.html_lang, facts.html_title or "")
    ]
    seen = first_of(said, "published", "date")
    changed = first_of(said, "changed")
    modified = _stated(facts, ("dateModified",), _MODIFIED) or _of_node(
        facts.page, ("dateModified",), facts.html_lang
    )
    if modified is None and changed is not None and changed.moment is not None:
        modified = Sourced(changed.moment, "text")
    stated = _stated(facts, ("datePublished", "dateCreated"), _PUBLISHED) or _marked(tree)
    if stated:
        return Times(_shown_before(stated, said) or _as_readers_see(stated, said), modified)
    if seen is not None and seen.moment is not None:
        return Times(_said_or_fed(seen.moment, hint), modified)
    stated = _of_node(facts.page, ("datePublished", "dateCreated"), facts.html_lang)
    if stated:
        return Times(stated, modified)
    if hint is not None and hint.published_at is not None and hint.date_flag not in _UNTRUSTED:
        return Times(Sourced(Moment(hint.published_at, hint.date_flag), "feed"), modified)
    searched = _searched(tree, url)
    unreadable = _impossible_day(tree, facts, searched)
    if unreadable is None:
        unreadable = next((one.text for one in said if one.moment is None), None)
    if unreadable:
        return Times(None, modified, unreadable)
    if changed is not None and changed.moment is not None:
        searched = Sourced(changed.moment, "text")
    return Times(_only_time(tree) or searched, modified)


def _told_by_address(said: SaidDate, url: str) -> SaidDate:
    """A day that is written so that it could be two, in a line that holds nothing else, where the
    address of the page has one of them: "03/10/2030" at `…/2030/october/03/…`."""
    numbers, address = _TWO_WAYS.search(said.text), _DAY_IN_ADDRESS.search(url)
    if numbers is None or address is None or not is_date_line(said.text, words=0):
        return said
    first, second, year = map(int, numbers.groups())
    form = "{0}-{1}-{2}" if address[2].isdecimal() else "{2} {1} {0}"
    told = parse_moment(form.format(*address.groups()))
    stated = (told.at.year, {told.at.month, told.at.day}) if told else None
    return replace(said, moment=told) if stated == (year, {first, second}) else said


def _said_or_fed(seen: Moment, hint: Entry | None) -> Sourced[Moment]:
    """What readers see; or the feed's moment, where it tells more of the same day."""
    fed = hint.published_at if hint is not None and hint.date_flag not in _UNTRUSTED else None
    if fed is not None and hint is not None and seen.flag and abs(fed - seen.at) <= _ONE_DAY:
        return Sourced(Moment(fed, hint.date_flag), "feed")
    return Sourced(seen, "text")


def _shown_before(stated: Sourced[Moment], said: Sequence[SaidDate]) -> Sourced[Moment] | None:
    """The only date alone in a line below the headline, where it is a day before `stated` in every
    zone: software that gets a page anew states that day, and readers see the first one."""
    shown = [one.moment for one in said if one.moment and one.is_alone and one.kind != "changed"]
    if len({moment.day for moment in shown}) != 1:
        return None
    first = shown[0]
    return Sourced(first, "text") if first.day < (stated.value.at - _MOST_BEHIND).date() else None


def _as_readers_see(stated: Sourced[Moment], said: Sequence[SaidDate]) -> Sourced[Moment]:
    """`stated`, with the time and the zone that readers see where it tells less than they do."""
    told = stated.value
    for one in said:
        seen = one.moment
        if seen is None or one.kind == "changed":
            continue
        clock = seen.at + timedelta(minutes=seen.offset or 0)
        if told.flag is DateFlag.DAY and seen.flag is not DateFlag.DAY and clock.date() == told.day:
            return Sourced(seen, "text")
        if told.flag is DateFlag.NO_ZONE and seen.offset is not None:
            if abs(clock - told.at) < _ONE_MINUTE:
                return Sourced(seen, "text")
        elif told.flag is None and not told.offset and seen.flag is not DateFlag.DAY:
            ahead = seen.offset
            if ahead is None or abs(seen.at - told.at) >= _ONE_MINUTE:
                ahead = _minutes_ahead(clock, told.at)
            if ahead is not None:
                return Sourced(Moment(told.at, None, ahead), stated.source)
    return stated


def _minutes_ahead(clock: datetime, at: datetime) -> int | None:
    """How far ahead of UTC a clock is that shows `clock` at the moment `at`; None where there is no
    such zone."""
    minutes = round((clock - at.replace(second=0, microsecond=0)).total_seconds() / 60)
    return minutes if minutes % 15 == 0 and -12 * 60 <= minutes <= 14 * 60 else None


def _impossible_day(
    tree: HtmlElement, facts: PageStatements, searched: Sourced[Moment] | None
) -> str | None:
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
    if searched is None or searched.value.at.day != 1:
        return None
    found = impossible_day(tree.text_content())
    return found if found and str(searched.value.at.year) in found else None


def _stated(
    facts: PageStatements, keys: tuple[str, ...], names: tuple[str, ...]
) -> Sourced[Moment] | None:
    language = facts.html_lang
    found = _of_node(facts.article, keys, language)
    if found:
        return found
    for name in names:
        for value in facts.meta.get(name, ()):
            moment = read_moment(value, language)
            if moment:
                return Sourced(moment, name)
    return None


def _of_node(node: Node, keys: tuple[str, ...], language: str | None) -> Sourced[Moment] | None:
    moments = (read_moment(node.get(key), language) for key in keys)
    found = next(filter(None, moments), None)
    return Sourced(found, "json-ld") if found else None


def _marked(tree: HtmlElement) -> Sourced[Moment] | None:
    """The `time` element that is marked up as the date of publication.

    By its own attributes first, then by WordPress's class names, of it or its wrapper. Those mark
    every post that a page lists, also in its menu, so they count below the headline only.
    """
    entry_date: Moment | None = None
    below_headline = False
    for element in tree.iter("h1", "time"):
        moment = read_moment(element.get("datetime")) or _in_words(element)
        if element.tag == "h1":
            below_headline = True
        elif moment is not None and not is_among_others(element):
            name, around = _name(element), _name(element.getparent())
            if element.get("pubdate") is not None or "publish" in name:
                return Sourced(moment, "time")
            if below_headline and not entry_date and _ENTRY_DATE.search(f"{name} {around}"):
                entry_date = moment
    return Sourced(entry_date, "time") if entry_date else None


def _only_time(tree: HtmlElement) -> Sourced[Moment] | None:
    """The page's one `time`, unless it says that it is when the page was changed."""
    elements = [
        (element, read_moment(element.get("datetime")))
        for element in tree.iter("time")
        if not is_among_others(element)
    ]
    moments = {moment for _, moment in elements if moment}
    if len(moments) != 1 or any(_CHANGED.search(_name(element)) for element, _ in elements):
        return None
    return Sourced(moments.pop(), "time")


def _in_words(element: HtmlElement) -> Moment | None:
    return parse_moment(element.text_content()) if "publish" in _name(element) else None


def _name(element: HtmlElement | None) -> str:
    """What the author of the page calls an element."""
    if element is None:
        return ""
    return f"{element.get('itemprop') or ''} {element.get('class') or ''}".lower()


def read_moment(value: object, language: str | None = None) -> Moment | None:
    """A time or day as pages state it for machines: in ISO 8601, as feeds do, in words, or as
    seconds since 1970. Without an offset it is taken for UTC. None for anything else."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(int(value)) if abs(value) < _LAST_EPOCH else None
    if not isinstance(value, str) or not 8 <= len(value.strip()) <= _LONGEST_WORDS:
        return None
    moment = _iso(value.strip()) or parse_moment(value.strip(), language)
    return moment if moment and _EARLIEST <= moment.at.year <= _LATEST else None


def _iso(value: str) -> Moment | None:
    text = _OFFSET.sub(r"\1:\2", value.replace("Z", "+00:00"))
    text = _FRACTION.sub(lambda match: "." + match[1][:6].ljust(6, "0"), text)
    try:
        stated = datetime.fromisoformat(text)
        moment = (stated if stated.tzinfo else stated.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    if moment.year > _LATEST:
        return None
    offset = stated.utcoffset()
    flag = None if stated.tzinfo else DateFlag.DAY if _is_day(text) else DateFlag.NO_ZONE
    return Moment(moment, flag, None if offset is None else int(offset.total_seconds()) // 60)


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
