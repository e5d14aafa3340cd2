"""The page of stories: the newest, and how many there are of what."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from pathlib import Path

from parsers.errors import Retry
from parsers.text.marks import without_marks
from parsers.text.search_words import read_query, snippet
from warehouse.published.pages.asking import Connection, records_of, rows_of
from warehouse.published.search import best_articles
from warehouse.queries import queries, record

log = logging.getLogger(__name__)

PAGE = 50
"""Stories on one page."""
MOST_FOUND = 500
"""Articles that a search finds."""
LONGEST_SEARCHED = 6_000
"""Characters of a text in which a snippet is looked for."""
MOST_FACETS = 12
"""Values of one filter that are offered."""


@dataclass(frozen=True, slots=True)
class StoryFilters:
    """Which stories are wanted; None: all."""

    topic: str | None = None
    language: str | None = None
    outlet: str | None = None
    """A site."""
    country: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    """Stories of this moment are out."""
    salience: float | None = None
    """Of the topic asked for, or else of any: at least this much."""


@dataclass(frozen=True, slots=True)
class Behind:
    """A place in the order of stories: behind this one."""

    before: datetime
    story_id: str


@dataclass(frozen=True, slots=True)
class ListedStory:
    """A story as the list shows it, by the article that tells it. Ids are texts: programs round
    numbers beyond 2^53."""

    story_id: str
    article_id: str
    started_at: datetime
    title: str | None
    outlet: str | None
    site: str | None
    country: str | None
    language: str | None
    url: str
    standfirst: str
    published_at: datetime | None
    published_day: date | None
    date_flag: str | None
    date_evidence: str | None
    first_seen_at: datetime
    topics: tuple[str, ...]
    salience: float | None
    copies: int
    outlets: int
    wire: str | None
    first_certain: bool | None
    revisions: int
    access: str | None
    snippet: str | None = None
    """Where in the text the words of a search are."""


@dataclass(frozen=True, slots=True)
class Facet:
    """A value that stories can be filtered by, and how many there are then."""

    value: str
    name: str
    stories: int | None
    """None where nobody counted."""


@dataclass(frozen=True, slots=True)
class StoryList:
    """What the page shows."""

    stories: tuple[ListedStory, ...]
    older: bool
    """Whether there are more behind them."""
    total: int
    topics: tuple[Facet, ...]
    languages: tuple[Facet, ...]
    outlets: tuple[Facet, ...]
    countries: tuple[Facet, ...]


def found_articles(connection: Connection, index: Path | None, words: str) -> tuple[str, ...]:
    """The articles that have all of `words`, the best first; where the index is not to be had, the
    newest of a year."""
    query = read_query(words)
    try:
        if index is not None:
            return best_articles(index, query, MOST_FOUND)
    except Retry as error:
        log.warning("%s", error)
    if not query.phrases:
        return ()
    params = {"words": words, "count": MOST_FOUND}
    rows = rows_of(connection, queries("published/pages/stories")["scanned"], params)
    return tuple(str(row["article_id"]) for row in rows)


def story_list(
    connection: Connection,
    filters: StoryFilters,
    *,
    behind: Behind | None = None,
    found: Sequence[str] | None = None,
    words: str = "",
) -> StoryList:
    """The stories that `filters` let through, those behind a place where one is given; of the
    articles `found` by a search for `words` only, in their order, where there was a search."""
    texts = queries("published/pages/stories")
    params: dict[str, object] = {
        **asdict(filters),
        "spelled": topic_spellings(connection, filters.topic) if filters.topic else None,
        "count": PAGE + 1,
        "before": behind.before if behind else None,
        "behind": behind.story_id if behind else None,
        "article_ids": None if found is None else [int(one) for one in found],
        "most": MOST_FACETS,
    }
    by_kind: dict[str, list[Facet]] = {}
    moments: list[datetime] = []
    for row in rows_of(connection, _asked(texts[_told(filters, found)], texts["counted"]), params):
        by_kind.setdefault(str(row["kind"]), []).append(
            record(Facet, {name: row[name] for name in ("value", "name", "stories")})
        )
        if isinstance(moment := row["told_at"], datetime):
            moments.append(moment)
    picked = [int(one.name) for one in by_kind.get("story", ())]
    shown: dict[str, object] = {
        "article_ids": picked[:PAGE],
        "first": min(moments, default=None),
        "last": max(moments, default=None),
        "longest": LONGEST_SEARCHED,
    }
    stories = records_of(ListedStory, connection, texts["shown"], shown)
    if words:
        stories = _with_snippets(stories, rows_of(connection, texts["texts"], shown), words)
    return StoryList(
        stories=stories,
        older=len(picked) > PAGE,
        total=by_kind["all"][0].stories or 0,
        topics=records_of(Facet, connection, texts["topics"], params)
        if filters.topic
        else tuple(by_kind.get("topic", ())),
        languages=tuple(by_kind.get("language", ())),
        outlets=tuple(by_kind.get("outlet", ())),
        countries=tuple(by_kind.get("country", ())),
    )


def _with_snippets(
    stories: Sequence[ListedStory], rows: Sequence[Mapping[str, object]], words: str
) -> tuple[ListedStory, ...]:
    query = read_query(words)
    texts = {str(row["article_id"]): str(row["text"]) for row in rows}
    return tuple(
        replace(one, snippet=snippet(without_marks(texts.get(one.article_id, "")), query))
        for one in stories
    )


def topic_spellings(connection: Connection, topic: str) -> list[str]:
    """How `topic` is spelled by those who mention it; none does, where there is no spelling."""
    rows = rows_of(connection, queries("published/pages/stories")["spelled"], {"topic": topic})
    return sorted(str(row["topic"]) for row in rows)


def _told(filters: StoryFilters, found: Sequence[str] | None) -> str:
    if found is not None:
        return "told_by_found"
    return "told_on_topic" if filters.topic else "told_by_originals"


def _asked(told: str, query: str) -> str:
    return f"WITH told AS ({told}) {query}"
