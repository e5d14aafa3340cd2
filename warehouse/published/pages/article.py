"""The page of an article: its text, what it is read from, and what it said before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from warehouse.published.pages.asking import Connection, records_of
from warehouse.queries import queries

LONGEST_TEXT = 200_000
"""Characters of a text that are shown."""
MOST_REVISIONS = 10


@dataclass(frozen=True, slots=True)
class Credited:
    """Whom the page names, and what for."""

    name: str
    role: str


@dataclass(frozen=True, slots=True)
class ArticleFacts:
    """An article as it stands."""

    article_id: str
    story_id: str
    canonical_url: str
    url: str
    host: str | None
    site: str | None
    outlet: str | None
    country: str | None
    title: str | None
    standfirst: str | None
    text: str
    characters: int
    """Of all of its text."""
    text_kind: str | None
    pages_read: tuple[int, ...] | None
    page_count: int | None
    authors: tuple[str, ...]
    credits: tuple[Credited, ...] | None
    dateline: str | None
    section: str | None
    tags: tuple[str, ...]
    language: str | None
    access: str | None
    access_evidence: str | None
    wire: str | None
    syndication_url: str | None
    published_at: datetime | None
    published_day: date | None
    published_offset: int | None
    date_flag: str | None
    date_evidence: str | None
    modified_at: datetime | None
    told_at: datetime
    first_seen_at: datetime
    fetched_at: datetime | None
    read_at: datetime | None
    sources: tuple[tuple[str, str], ...]
    """Where each field came from."""
    removed: tuple[tuple[str, int], ...]
    """Lines of boilerplate that were cut, by class."""
    topics: tuple[str, ...]
    salience: float | None
    copy_kind: str
    revisions: int
    story_articles: int | None
    story_outlets: int | None
    batch_id: str | None
    batch_kind: str | None
    batch_created_at: datetime | None


@dataclass(frozen=True, slots=True)
class FoundMention:
    """That an article mentions a topic, and where."""

    topic: str
    salience: float
    alias: str
    place: str
    at: int
    count: int


@dataclass(frozen=True, slots=True)
class ShownRevision:
    """What the article said from one moment to the next, without marks of form."""

    revision: int
    changed: str | None
    title: str | None
    standfirst: str | None
    text: str
    first_seen_at: datetime
    read_at: datetime
    is_latest: bool


@dataclass(frozen=True, slots=True)
class ShownBy:
    """What led to the article."""

    feed: str | None
    feed_id: str
    title: str | None
    state: str
    first_seen_at: datetime
    published_at: datetime | None


@dataclass(frozen=True, slots=True)
class ReadArticle:
    """What the page shows."""

    article: ArticleFacts
    mentions: tuple[FoundMention, ...]
    revisions: tuple[ShownRevision, ...]
    """The latest first, `MOST_REVISIONS` at most; empty where there is but one."""
    shown_by: tuple[ShownBy, ...]


def read_article(
    connection: Connection, article_id: str, until: int | None = None
) -> ReadArticle | None:
    """The article of this id, with its last revisions up to the one of the number `until`."""
    texts = queries("published/pages/article")
    params = {"article_id": article_id, "longest": LONGEST_TEXT, "most": MOST_REVISIONS}
    found = records_of(ArticleFacts, connection, texts["article"], params)
    if not found:
        return None
    changed = found[0].revisions > 1
    until = found[0].revisions if until is None else until
    return ReadArticle(
        article=found[0],
        mentions=records_of(FoundMention, connection, texts["mentions"], params),
        revisions=records_of(
            ShownRevision, connection, texts["revisions"], {**params, "until": until}
        )
        if changed
        else (),
        shown_by=records_of(ShownBy, connection, texts["shown_by"], params),
    )
