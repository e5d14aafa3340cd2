"""Rejudge: when the topics change, look again at what was judged by the old ones.

Stored articles are matched again from their text, which costs no request; entries that were off
topic, and not too long ago, are put back into the queue, since their text was not kept.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from flows.run.context import Run
from parsers.records import Article
from parsers.topics.topics import Topics
from warehouse.database.warehouse import Warehouse
from warehouse.queue.articles import articles_for_matching
from warehouse.queue.entries import requeue_off_topic


async def rematch_topics(run: Run) -> None:
    """Applies the topics of this run to everything judged by others; does nothing where there is
    none. Raises Retry("warehouse_locked")."""
    since = run.now() - timedelta(days=run.settings.rejudge_days)
    digest = run.topics.digest

    def look(wh: Warehouse) -> tuple[Article, ...]:
        requeue_off_topic(wh, digest, since, run.topics.formerly)
        return articles_for_matching(wh, digest)

    done: set[int] = set()
    while articles := await run.in_warehouse(look):
        if done & {article.article_id for article in articles}:
            # Their batch was set aside: whoever looks at it decides, not an endless loop.
            return
        done.update(article.article_id for article in articles)
        matched = await asyncio.to_thread(rematch, articles, run.topics)
        await run.land(run.batch("rejudge", articles=matched, topics_digest=digest))
        if await run.load() is None:
            return


def rematch(articles: Sequence[Article], topics: Topics) -> tuple[Article, ...]:
    """`articles` with the topics that their texts are on; the rest of each stays."""
    return tuple(
        replace(article, topics=topics.match(article.title, article.text, article.standfirst))
        for article in articles
    )
