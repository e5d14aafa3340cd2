"""Stored articles, for those who match them against other topics or look for a text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa

from parsers.records import Article, Fingerprint
from warehouse.database.warehouse import Warehouse
from warehouse.queries import queries, record


@dataclass(frozen=True, slots=True)
class SameText:
    """A stored article with the very text of one that was read under another address."""

    article_id: int
    canonical_url: str
    title: str | None
    published_at: datetime | None
    same_guid: bool
    """Whether its feed gave it the guid that it gives the other one."""


def same_texts(
    wh: Warehouse, read: Iterable[tuple[int, Article]]
) -> dict[int, tuple[SameText, ...]]:
    """Stored articles with the texts of those `read` (for which entries) that are not stored, by
    the ids of these; the one known longest first."""
    rows = [
        {"entry_id": entry, "article_id": article.article_id, "text_hash": print_.text_hash}
        for entry, article in read
        if (print_ := article.fingerprint) is not None
    ]
    schema = pa.schema([(name, pa.uint64()) for name in ("entry_id", "article_id", "text_hash")])
    found: dict[int, tuple[SameText, ...]] = {}
    with wh.registered("asked", pa.Table.from_pylist(rows, schema=schema)):
        for row in wh.records(queries("queue/articles")["same_texts"]) if rows else ():
            number = int(str(row.pop("asked_id")))
            found[number] = (*found.get(number, ()), record(SameText, row))
    return found


def renamed_articles(wh: Warehouse, links: Iterable[str]) -> dict[str, int]:
    """Which of `links` are edited addresses of stored articles, and of which."""
    with wh.registered("asked", pa.table({"link": pa.array(links, pa.string())})):
        rows = wh.execute(queries("queue/articles")["renamed"])
    return {str(link): int(str(article)) for link, article in rows}


def articles_for_matching(
    wh: Warehouse, topics_digest: str, limit: int = 1000
) -> tuple[Article, ...]:
    """At most `limit` stored articles that were matched against other topics.

    Match them and land them, `topics` replaced, in a batch that says its `topics_digest`: they
    stay the same revisions, get the new mentions, and are not handed out again. Their
    fingerprints hold the hash of the text only: its copies are known already.
    """
    rows = wh.records(
        queries("queue/articles")["for_matching"], {"topics_digest": topics_digest, "limit": limit}
    )
    return tuple(_article(row) for row in rows)


def _article(row: dict[str, object]) -> Article:
    fingerprint = Fingerprint(
        text_hash=int(str(row.pop("text_hash"))), bands=(), sketch="", shingle_count=0
    )
    return record(Article, {**row, "fingerprint": fingerprint})
