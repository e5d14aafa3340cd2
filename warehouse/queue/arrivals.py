"""What just came in, as the events and artifacts of a run tell it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from warehouse.database.warehouse import Warehouse
from warehouse.queries import queries, record

NEWS_FOR_DAYS = 2
"""How long a story may wait to be told: later it is no news."""


@dataclass(frozen=True, slots=True)
class FeedNews:
    """A feed that brought entries."""

    feed_id: int
    title: str
    url: str
    entries: int
    """Entries that wait because of it."""


@dataclass(frozen=True, slots=True)
class StoryNews:
    """A story on topic, told by its original."""

    story_id: int
    title: str
    url: str
    outlet: str | None
    language: str | None
    topics: tuple[str, ...]
    published_at: datetime | None
    salience: float | None
    copies: int
    backfill: bool = False
    """Whether it came as no news: with the first poll of a feed, or with a feed's bulk edit."""
    warehouse: str | None = None
    """What tells the warehouse from others, while nobody has been told of the story; None where a
    version may have told of it that named no warehouse."""


def feeds_with_news(wh: Warehouse, batches: Sequence[str]) -> tuple[FeedNews, ...]:
    """The feeds whose entries these batches brought or updated, most entries first."""
    rows = wh.records(queries("queue/arrivals")["feeds"], {"batches": list(batches)})
    return tuple(record(FeedNews, row) for row in rows)


def count_waiting(wh: Warehouse, now: datetime) -> int:
    """How many entries may be harvested at `now`."""
    ((count,),) = wh.execute(queries("queue/arrivals")["waiting"], {"now": now})
    return int(str(count))


def topics_in_news(wh: Warehouse, batches: Sequence[str]) -> dict[str, int]:
    """How many articles on each topic these batches brought or revised."""
    rows = wh.execute(queries("queue/arrivals")["topics"], {"batches": list(batches)})
    return {str(topic): int(str(count)) for topic, count in rows}


def stories_in_news(wh: Warehouse, stories: Sequence[int]) -> tuple[StoryNews, ...]:
    """Those of `stories` that are on topic, the most salient first."""
    if not stories:
        return ()
    rows = wh.records(queries("queue/arrivals")["stories"], {"stories": list(stories)})
    return tuple(record(StoryNews, row) for row in rows)


def untold_stories(
    wh: Warehouse, told: Sequence[int], now: datetime, most: int
) -> dict[int, StoryNews | None]:
    """At most `most` of the stories that nobody has been told of, the earliest first, after those
    in `told` were struck off; None where a story is on no topic, or is part of another by now.

    What waits for longer than it is news is struck off, too.
    """
    sql = queries("queue/arrivals")
    # Not a change that readers would see: it needs no new copy.
    struck = {"told": list(told), "before": now - timedelta(NEWS_FOR_DAYS)}
    wh.execute_in_turn(sql["strike_off"], struck)
    ids = [int(str(number)) for (number,) in wh.execute(sql["untold"], {"most": most})]
    news = {story.story_id: story for story in stories_in_news(wh, ids)}
    return {number: news.get(number) for number in ids}
