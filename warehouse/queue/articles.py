"""Stored articles, for those who match them against other topics."""

from __future__ import annotations

from parsers.records import Article, Fingerprint
from warehouse.database.warehouse import Warehouse
from warehouse.queries import queries, record


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
