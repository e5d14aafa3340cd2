"""The page of stories: the newest, and how many there are of what."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from itertools import islice, product
from pathlib import Path
from typing import Any

from parsers.errors import Retry
from parsers.text.marks import without_marks
from parsers.text.search_words import Phrase, read_query, snippet
from warehouse.published.pages.asking import Connection, records_of, rows_of
from warehouse.published.search import best_articles
from warehouse.queries import queries, record

log = logging.getLogger(__name__)

PAGE = 50
"""Stories on one page."""
MOST_FOUND = 2_000
"""Articles that a search finds."""
MOST_SCANS = 8
"""Ways to take one of each group of a search, that texts are looked through for."""
LONGEST_SEARCHED = 6_000
"""Characters of a text in which a snippet is looked for."""
OF_ARTICLES = {"language": "languages", "outlet": "outlets", "country": "countries"}
"""Filters that ask for one value of an article, and what the list calls those to choose from."""
MOST_FACETS = 12
"""Values of one filter that are offered."""
ALL_FACETS = 400
"""The same, where somebody asks for more."""


@dataclass(frozen=True, slots=True)
class StoryFilters:
    """Which stories are wanted: those that have an article like that; None: any."""

    topic: str | None = None
    language: str | None = None
    outlet: str | None = None
    """A site; the country is that of the outlet."""
    country: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    """Stories that began at this moment are out."""
    salience: float | None = None
    """Of the topic asked for, or else of any: at least this much."""

    @property
    def of_articles(self) -> bool:
        """Whether anything is asked of their articles."""
        return (self.language, self.outlet, self.country, self.salience) != (None,) * 4

    def each_left_out(self) -> dict[str, StoryFilters]:
        """For each of OF_ARTICLES that is at work, all but that one."""
        return {kind: replace(self, **{kind: None}) for kind in OF_ARTICLES if getattr(self, kind)}


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
    first_outlet: str | None
    """Who was first, where another article tells the story here."""
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
    of_kind: Mapping[str, int]
    """How many topics, languages, outlets and countries there are to choose from."""
    found: int | None
    """Articles that the search found, MOST_FOUND at most; None where there was none."""


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
    found: dict[str, None] = {}
    for phrases in islice(product(*query.groups), MOST_SCANS):
        unwanted = {
            one for phrase in query.unwanted for one in _scanned(connection, (*phrases, phrase))
        }
        found |= dict.fromkeys(one for one in _scanned(connection, phrases) if one not in unwanted)
    return tuple(found)[:MOST_FOUND]


def _scanned(connection: Connection, phrases: Sequence[Phrase]) -> list[str]:
    words = " ".join(f'"{" ".join(phrase)}"' for phrase in phrases)
    params = {"words": words, "count": MOST_FOUND}
    rows = rows_of(connection, queries("published/pages/stories")["scanned"], params)
    return [str(row["article_id"]) for row in rows]


def story_list(  # noqa: PLR0913 - by name
    connection: Connection,
    filters: StoryFilters,
    *,
    behind: Behind | None = None,
    found: Sequence[str] | None = None,
    words: str = "",
    more_of: str | None = None,
) -> StoryList:
    """The stories that `filters` let through, those behind a place where one is given; of the
    articles `found` by a search for `words` only, in their order, where there was a search. Of one
    kind of filters, `more_of`, more values are offered. Without a search, of a filter that is at
    work only its value is: `with_choices` adds the others."""
    texts = queries("published/pages/stories")
    params: dict[str, object] = {
        **asdict(filters),
        "spelled": topic_spellings(connection, filters.topic) if filters.topic else None,
        "count": PAGE + 1,
        "before": behind.before if behind else None,
        "behind": behind.story_id if behind else None,
        "found": ",".join(found or ()),
        "most": MOST_FACETS,
        "all": ALL_FACETS,
        "kind": more_of,
        "narrow": found is None,
    }
    by_kind: dict[str, list[dict[str, object]]] = {}
    for row in rows_of(connection, _counted(texts, filters, found), params):
        by_kind.setdefault(str(row["kind"]), []).append(row)
    if filters.topic:
        by_kind["topic"] = rows_of(connection, texts["topics"], params)
    picked = by_kind.get("story", [])
    return StoryList(
        stories=_shown(connection, picked[:PAGE], words),
        older=len(picked) > PAGE,
        total=int(str(by_kind["all"][0]["stories"])),
        topics=_facets(by_kind, "topic"),
        languages=_facets(by_kind, "language"),
        outlets=_facets(by_kind, "outlet"),
        countries=_facets(by_kind, "country"),
        of_kind={
            kind: int(str(by_kind[kind][0]["of_kind"])) if kind in by_kind else 0
            for kind in ("topic", *OF_ARTICLES)
        },
        found=None if found is None else len(found),
    )


def with_choices(listed: StoryList, others: Mapping[str, StoryList]) -> StoryList:
    """`listed` with what can be chosen instead of each filter at work; `others` are the lists
    without it, by its kind (`StoryFilters.each_left_out`)."""
    of_kind: dict[str, int] = {**listed.of_kind}
    choices: dict[str, Any] = {}
    for kind, other in others.items():
        (chosen,) = getattr(listed, OF_ARTICLES[kind])
        offered: tuple[Facet, ...] = getattr(other, OF_ARTICLES[kind])
        if chosen.value not in {facet.value for facet in offered}:
            offered = (*offered, chosen)
        by_stories = sorted(offered, key=lambda facet: (-(facet.stories or 0), facet.value))
        choices[OF_ARTICLES[kind]] = tuple(by_stories)
        of_kind[kind] = other.of_kind[kind] + (0 if chosen.stories else 1)
    return replace(listed, of_kind=of_kind, **choices)


def _facets(by_kind: Mapping[str, list[dict[str, object]]], kind: str) -> tuple[Facet, ...]:
    return tuple(
        record(Facet, {name: row[name] for name in ("value", "name", "stories")})
        for row in by_kind.get(kind, ())
    )


def _shown(
    connection: Connection, picked: Sequence[Mapping[str, object]], words: str
) -> tuple[ListedStory, ...]:
    texts = queries("published/pages/stories")
    moments = [
        moment
        for row in picked
        for name in ("started_at", "first_told_at", "last_told_at")
        if isinstance(moment := row[name], datetime)
    ]
    params: dict[str, object] = {
        "article_ids": [int(str(row["name"])) for row in picked],
        "first": min(moments, default=None),
        "last": max(moments, default=None),
        "longest": LONGEST_SEARCHED,
    }
    stories = records_of(ListedStory, connection, texts["shown"], params)
    if not words:
        return stories
    return _with_snippets(stories, rows_of(connection, texts["texts"], params), words)


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


def _counted(texts: Mapping[str, str], filters: StoryFilters, found: Sequence[str] | None) -> str:
    told, by_topic = "of_stories", "by_story"
    if filters.topic:
        told, by_topic = "on_topic", "by_none"
    elif filters.of_articles:
        by_topic = "by_article"
    if found is not None:
        told = "found"
        by_topic = "by_none" if filters.topic else "by_article"
    counted = texts["counted"].replace("{by_topic}", texts[by_topic])
    return f"WITH told AS ({texts[told]}) {counted}"
