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
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import islice

from htmldate import find_date
from lxml.html import HtmlElement

from parsers.metadata.facts import PageStatements, Sourced
from parsers.metadata.stated_times import modified_time, only_time, page_time, published_time
from parsers.metadata.surroundings import LinesAround, is_among_others
from parsers.metadata.visible_dates import (
    SaidDate,
    first_of,
    is_date_line,
    read_dateline_day,
    read_said_dates,
)
from parsers.records import DateFlag, Entry
from parsers.text.dates import Moment, impossible_day, parse_moment

logging.getLogger("htmldate").setLevel(logging.CRITICAL)

_LONGEST = 40
_FIRST_PARAGRAPHS = 20
_ONE_MINUTE, _ONE_DAY = timedelta(minutes=1), timedelta(days=1)
_MOST_BEHIND = timedelta(hours=12)
"""How far the clocks of the last zone are behind UTC."""
_DATED = re.compile(r"date|publi|issued|created")
_ASIDE = re.compile(
    r"(?:^|[\s_-])(?:comments?|comment-?list|komentar|kommentare?|comentarios|respond|disqus|related|"
    r"terkait|similar|recommend(?:ed|ations?)?|recent|popular|trending|most-?read|latest|upcoming|"
    r"read-?next|more-?(?:from|news|stories|articles))(?:$|[\s_-])|(?:^|\s)sidebar(?:$|\s)",
    re.IGNORECASE,
)
"""What holds dates of comments and of other articles."""
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
    modified = modified_time(facts)
    if modified is None and changed is not None and changed.moment is not None:
        modified = Sourced(changed.moment, "text")
    stated = published_time(tree, facts)
    if stated:
        shown = _shown_before(stated, said, modified)
        return Times(shown or _as_readers_see(stated, said), modified)
    if seen is not None and seen.moment is not None:
        return Times(_said_or_fed(seen.moment, hint), modified)
    stated = page_time(facts) or _fed(hint)
    if stated:
        return Times(stated, modified)
    released = _in_dateline(tree)
    if released:
        return Times(released, modified)
    searched = _searched(tree, url)
    unreadable = _impossible_day(tree, facts, searched)
    if unreadable is None:
        unreadable = next((one.text for one in said if one.moment is None), None)
    if unreadable:
        return Times(None, modified, unreadable)
    if changed is not None and changed.moment is not None:
        searched = Sourced(changed.moment, "text")
    return Times(only_time(tree) or searched, modified)


def _in_dateline(tree: HtmlElement) -> Sourced[Moment] | None:
    """The day in the dateline that a release opens with; later ones are of other releases."""
    for paragraph in islice(tree.iter("p"), _FIRST_PARAGRAPHS):
        day = read_dateline_day(" ".join(paragraph.text_content().split()))
        if day is not None and not is_among_others(paragraph):
            return Sourced(Moment(day, DateFlag.DAY), "text")
    return None


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


def _fed(hint: Entry | None) -> Sourced[Moment] | None:
    """What the feed's entry says, where that is a date."""
    if hint is None or hint.published_at is None or hint.date_flag in _UNTRUSTED:
        return None
    return Sourced(Moment(hint.published_at, hint.date_flag), "feed")


def _said_or_fed(seen: Moment, hint: Entry | None) -> Sourced[Moment]:
    """What readers see; or the feed's moment, where it tells more of the same day."""
    fed = _fed(hint)
    if fed is not None and seen.flag and abs(fed.value.at - seen.at) <= _ONE_DAY:
        return fed
    return Sourced(seen, "text")


def _shown_before(
    stated: Sourced[Moment], said: Sequence[SaidDate], modified: Sourced[Moment] | None
) -> Sourced[Moment] | None:
    """The only date alone in a line below the headline, where it is a day before `stated` in every
    zone: software that gets a page anew states that day, and readers see the first one. Where
    `stated` is the moment of the last change, too, a date that readers see as that of publication
    counts as much."""
    alone = [one.moment for one in said if one.moment and one.is_alone and one.kind != "changed"]
    called = [one.moment for one in said if one.moment and one.kind == "published"]
    is_changed = modified is not None and modified.value.at == stated.value.at
    for shown in (alone, called if is_changed else []):
        if len({moment.day for moment in shown}) != 1:
            continue
        first = shown[0]
        if first.day < (stated.value.at - _MOST_BEHIND).date():
            return Sourced(first, "text")
    return None


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


def _searched(tree: HtmlElement, url: str) -> Sourced[Moment] | None:
    try:
        found = find_date(
            _without_others(tree), url=url or None, original_date=True, extensive_search=False
        )
        day = date.fromisoformat(found) if found else None
    except (ValueError, TypeError, OverflowError, RecursionError, AttributeError):
        return None
    if day is None:
        return None
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return Sourced(Moment(midnight, DateFlag.DAY), "htmldate")


def _without_others(tree: HtmlElement) -> HtmlElement:
    """A copy of the page without what holds dates of comments and of other articles. The search
    for dates takes any date of a page, so one of these is worse than none."""
    copy = deepcopy(tree)
    for element in list(copy.iter("div", "section", "aside", "ul", "ol")):
        name = f"{element.get('class') or ''} {element.get('id') or ''}"
        is_other = _ASIDE.search(name) and element.find(".//h1") is None
        if is_other and element.getparent() is not None:
            element.drop_tree()
    return copy
