"""What a page says to today's parsers against what is stored of it. Pure.

A page that is parsed again is the same page: what a better parser reads from it takes the place of
what was read from it before, and is no revision of the publisher's. Stored articles are never
deleted, and what has no stored reading to take the place of is left alone, but for pages that were
rejected and turn out to be articles.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from flows.decisions.outcomes import Harvested, as_copy, decide_entry
from flows.settings import Settings
from parsers.errors import PressclipError
from parsers.records import Article, Credit, Page, Rejection
from parsers.text.marks import without_marks
from warehouse.queue.revisions import KnownEntry, Reading
from warehouse.records import EntryState


class Change(StrEnum):
    """What parsing a page again would change."""

    NEW = "new article"
    TEXT = "text"
    FORM = "form of the text"
    """The same words with other marks or line ends (`parsers.text.marks`)."""
    TITLE = "title"
    METADATA = "metadata"
    REJECTED = "would be rejected; stays"
    MOVED = "would get another address; stays"
    NONE = "nothing"


@dataclass(frozen=True, slots=True)
class Difference:
    """What parsing a page again changes, and the rows it takes."""

    change: Change
    url: str
    before: str | None = None
    after: str | None = None
    article: Article | None = None
    """To be stored."""
    harvested: tuple[Harvested, ...] = ()
    """Of entries that become articles."""


@dataclass(frozen=True, slots=True)
class Today:
    """What the entries of a new article are judged by."""

    now: datetime
    digest: str
    settings: Settings


def compare(
    page: Page,
    found: Article | Rejection | PressclipError,
    entries: Sequence[KnownEntry],
    readings: Sequence[Reading],
    today: Today,
) -> Difference:
    """What `found` on `page` changes: `entries` are those it was fetched for, `readings` all stored
    revisions of their articles and of the one found."""
    articles = {known.waiting.article_id for known in entries}
    mine = next(
        (
            reading
            for reading in readings
            if reading.article_id in articles
            and reading.read_at == page.fetched_at
            and reading.text_kind in ("page", "part")
        ),
        None,
    )
    if not isinstance(found, Article):
        if mine is None or not mine.latest:
            return Difference(Change.NONE, page.final_url)
        why = found.reason.value if isinstance(found, Rejection) else found.name
        return Difference(Change.REJECTED, page.final_url, mine.title, why)
    if mine is None:
        return _new(page, found, entries, readings, today)
    if mine.article_id != found.article_id:
        return Difference(Change.MOVED, page.final_url, mine.title, found.canonical_url)
    return _changed(mine, found)


def _new(
    page: Page,
    found: Article,
    entries: Sequence[KnownEntry],
    readings: Sequence[Reading],
    today: Today,
) -> Difference:
    given_up = {EntryState.OFF_TOPIC, EntryState.DEAD}
    stored = any(reading.article_id == found.article_id for reading in readings)
    if stored or not entries or any(known.state not in given_up for known in entries):
        return Difference(Change.NONE, page.final_url)
    first, *others = (
        decide_entry(
            known.waiting, found, now=today.now, digest=today.digest, settings=today.settings
        )
        for known in entries
    )
    why = entries[0].state.value.replace("_", " ")
    harvested = (first, *map(as_copy, others))
    return Difference(Change.NEW, page.final_url, why, found.title, found, harvested)


def _changed(mine: Reading, found: Article) -> Difference:
    if mine.text != found.text:
        form = _words(mine.text) == _words(found.text) and mine.title == found.title
        before, after = _where_they_part(mine.text, found.text)
        return Difference(Change.FORM if form else Change.TEXT, found.url, before, after, found)
    if mine.title != found.title:
        return Difference(Change.TITLE, found.url, mine.title, found.title, found)
    for name in _compared(mine):
        was, is_now = getattr(mine, name), _of(found, name)
        if was != is_now:
            return Difference(
                Change.METADATA,
                found.url,
                f"{name}: {_shown(was)}",
                f"{name}: {_shown(is_now)}",
                found,
            )
    return Difference(Change.NONE, found.url)


def _words(text: str) -> list[str]:
    return without_marks(text).split()


def _of(article: Article, name: str) -> object:
    if name == "topics":
        return tuple(sorted(match.topic for match in article.topics))
    return getattr(article, name)


def _compared(mine: Reading) -> tuple[str, ...]:
    kept = ("text_kind", "standfirst", "published_at", "date_flag", "modified_at")
    local = ("published_offset", "published_day")
    more = ("authors", "credits", *local, "language", "section", "site_name", "topics")
    return kept + more if mine.latest else kept


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        value = tuple(
            f"{one.name} ({one.role})" if isinstance(one, Credit) else one for one in value
        )
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value or "–")


def _where_they_part(before: str, after: str, most: int = 60) -> tuple[str, str]:
    """What two texts say where they first differ."""
    pairs = enumerate(zip(before, after, strict=False))
    place = next((at for at, (one, other) in pairs if one != other), min(len(before), len(after)))
    start = max(0, place - 20)
    return before[start : start + most], after[start : start + most]
