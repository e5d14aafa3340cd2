"""Searching the articles, best first: words from the index, the rest from the published copy."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from parsers.errors import Retry
from parsers.text.marks import without_marks
from parsers.text.search_words import Phrase, SearchQuery, snippet
from warehouse.desk import Desk
from warehouse.published.read import read
from warehouse.published.search_index import (
    DAMAGED,
    discard_index,
    index_path,
    opened_index,
    refresh_index,
)
from warehouse.queries import queries, record

NEWEST = 30_000
"""Documents of the index among which `best_articles` looks first."""


@dataclass(frozen=True, slots=True)
class FoundArticle:
    """An article that was found."""

    title: str | None
    outlet: str | None
    told_at: datetime
    snippet: str
    """Where in its text the words are."""
    topics: tuple[str, ...]
    language: str | None
    url: str
    score: float
    """By BM25; higher is better."""
    article_id: int
    story_id: int


def search_articles(  # noqa: PLR0913 - filters, by name
    desk: Desk,
    query: SearchQuery,
    *,
    count: int,
    topic: str | None = None,
    language: str | None = None,
    since: datetime | None = None,
    index_at: Path | None = None,
) -> tuple[FoundArticle, ...]:
    """The `count` best articles that `query` asks for: those with all of it in the title first,
    then by BM25, then the newest.

    The index must be there (`search_index.refresh_index`), at `index_at` if it is not with the
    desk's files. Raises Retry("search_index") where it can't be read.
    """
    if not query.phrases:
        return ()
    wanted = {
        **_words(query),
        "topic": topic,
        "language": language,
        "since": int(since.timestamp()) if since else None,
        "count": count,
        "after": 0,
    }
    ranks = _ranked(desk, index_at or index_path(desk), wanted)
    table = read(
        desk,
        queries("published/search")["shown"],
        {"article_ids": [int(article) for article in ranks]},
    )
    shown = {str(row[0]): dict(zip(table.columns, row, strict=True)) for row in table.rows}
    # The copy may have been swapped since: what it does not have yet is not shown.
    return tuple(
        _hit(shown[article], query, -rank) for article, rank in ranks.items() if article in shown
    )


def best_articles(index: Path, query: SearchQuery, count: int) -> tuple[str, ...]:
    """The ids of the `count` best articles that the index at `index` has, in that order: of the
    newest `NEWEST`, where these are as many, so that words which stand everywhere are found in no
    more time than others.

    Raises Retry where it can't be read.
    """
    if not query.phrases:
        return ()
    with opened_index(index) as known:
        ((documents,),) = known.execute(queries("published/search_index")["newest"]).fetchall()
    wanted = {**_words(query), **dict.fromkeys(("topic", "language", "since")), "count": count}
    newest = _ranks(index, {**wanted, "after": max(documents - NEWEST, 0)})
    enough = len(newest) >= count or documents <= NEWEST
    return tuple(newest if enough else _ranks(index, {**wanted, "after": 0}))


def _words(query: SearchQuery) -> dict[str, object]:
    wanted = " AND ".join(f"({_either(group)})" for group in query.groups)
    phrases = f"({wanted}) NOT ({_either(query.unwanted)})" if query.unwanted else wanted
    return {"phrases": phrases, "in_title": f"title : ({wanted})"}


def _either(phrases: Iterable[Phrase]) -> str:
    return " OR ".join(f'"{" ".join(phrase)}"' for phrase in phrases)


def _ranked(desk: Desk, path: Path, wanted: dict[str, object]) -> dict[str, float]:
    """The rank of each article found, best first. A damaged index is made anew."""
    try:
        return _ranks(path, wanted)
    except Retry as error:
        if error.name != DAMAGED:
            raise
    discard_index(path)
    refresh_index(desk, path=path)
    return _ranks(path, wanted)


def _ranks(path: Path, wanted: dict[str, object]) -> dict[str, float]:
    with opened_index(path) as index:
        found = index.execute(queries("published/search_index")["search"], wanted).fetchall()
    return {str(article): float(rank) for article, rank in found}


def _hit(row: dict[str, object], query: SearchQuery, score: float) -> FoundArticle:
    body, article = str(row.pop("body")), int(str(row.pop("article_id")))
    ours = {
        "article_id": article,
        "snippet": snippet(without_marks(body), query),
        "score": round(score, 3),
    }
    return record(FoundArticle, {**row, **ours})
