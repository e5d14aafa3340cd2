"""The page of a story: who has it, in which order, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import duckdb

from parsers.errors import Drop
from warehouse.published.pages.asking import Connection, records_of, rows_of
from warehouse.queries import queries

MOST_TELLINGS = 300
"""Articles of a story that are shown."""
MOST_CHANGES = 100


@dataclass(frozen=True, slots=True)
class StoryFacts:
    """A row of stories."""

    story_id: str
    original_id: str
    started_at: datetime
    first_certain: bool | None
    articles: int
    outlets: int
    hosts: int
    languages: tuple[str, ...]
    topics: tuple[str, ...]
    salience: float | None
    wire: str | None


@dataclass(frozen=True, slots=True)
class Telling:
    """An article of the story."""

    article_id: str
    title: str | None
    outlet: str | None
    site: str | None
    country: str | None
    language: str | None
    url: str
    copy_kind: str
    may_be_first: bool | None
    told_at: datetime
    behind: timedelta
    """How long after the original it was told."""
    published_at: datetime | None
    published_day: date | None
    date_flag: str | None
    date_evidence: str | None
    not_shown_at: datetime | None
    first_seen_at: datetime
    wire: str | None
    syndication_url: str | None
    authors: tuple[str, ...]
    credited: tuple[str, ...]
    """Outlets that it says its news is from."""
    revisions: int
    access: str | None
    similarity: float | None
    """To the original, 0 to 1, where the two were compared."""
    reason: str
    """Why it counts as the original, or as a copy (see the view story_copies)."""


@dataclass(frozen=True, slots=True)
class StoryChange:
    """When one of its articles changed, and what."""

    article_id: str
    revision: int
    changed: str
    title: str | None
    """Since then."""
    first_seen_at: datetime


@dataclass(frozen=True, slots=True)
class ToldStory:
    """What the page shows."""

    story: StoryFacts
    tellings: tuple[Telling, ...]
    """The original first, then by when they were told."""
    changes: tuple[StoryChange, ...]


def asked_story(connection: Connection, asked: str) -> str:
    """The id of the story that an address, as it was pasted, or an id of it or of an article names.

    Raises Drop("unknown_story") where there is none.
    """
    try:
        rows = rows_of(connection, _queries()["asked"], {"asked": asked})
    except duckdb.InvalidInputException as error:
        # What the macro says of it.
        raise Drop("unknown_story", str(error).removeprefix("Invalid Input Error: ")) from error
    return str(rows[0]["story_id"])


def present_story(connection: Connection, story_id: str) -> str | None:
    """The id that the story has now which ever had `story_id`; None if none had."""
    rows = rows_of(connection, _queries()["present"], {"story_id": story_id})
    return str(rows[0]["story_id"]) if rows else None


def told_story(connection: Connection, story_id: str) -> ToldStory | None:
    """The story that has this id now."""
    texts = _queries()
    params: dict[str, object] = {"story_id": story_id, "most": MOST_TELLINGS}
    found = records_of(StoryFacts, connection, texts["story"], params)
    if not found:
        return None
    tellings = records_of(Telling, connection, texts["tellings"], params)
    changed = [int(one.article_id) for one in tellings if one.revisions > 1]
    if not changed:
        return ToldStory(found[0], tellings, ())
    params = {"article_ids": changed, "most": MOST_CHANGES}
    changes = records_of(StoryChange, connection, texts["changes"], params)
    return ToldStory(found[0], tellings, changes)


def _queries() -> dict[str, str]:
    return dict(queries("published/pages/story"))
