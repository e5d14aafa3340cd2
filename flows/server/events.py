"""The events that pressclip tells a Prefect server, and the one it listens for.

Pure: what happened goes in, events come out. They are hints ("go now"): the truth is in the
warehouse, and what a lost event would have started is started by the next schedule.

`KINDS` documents them; docs/events.md is made from it, and a test compares.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

from warehouse.loading.load import LoadReport
from warehouse.queue.arrivals import FeedNews, StoryNews
from warehouse.queue.health import FailingFeed, LowVolume, OutletGap, WaitingBatches

MOST_RELATED = 80
"""Related resources an event names at most: the server takes a hundred, some of them its own."""

Resource = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, as the server is told of it."""

    name: str
    resource: Resource
    payload: Mapping[str, Any]
    related: tuple[Resource, ...] = ()
    fact: str | None = None
    """What it tells of, where telling of that again would be a repeat: the same fact has the same
    id. None: a hint, which is another one each time ("entries wait")."""

    @property
    def event_id(self) -> UUID:
        """The same for the same fact, from whichever machine and however often it is told: servers
        and receivers know a repeat by it."""
        return uuid4() if self.fact is None else uuid5(NAMESPACE_URL, f"{self.name}#{self.fact}")


@dataclass(frozen=True, slots=True)
class EventKind:
    """What one kind of event means; for the docs, and for the test that compares."""

    name: str
    when: str
    resource: str
    related: str
    payload: Mapping[str, str] = field(default_factory=dict)
    incoming: bool = False
    """Whether others send it, and pressclip listens."""


ENTRIES_FOUND = EventKind(
    "pressclip.entries.found",
    "once at the end of a poll after which entries wait to be harvested",
    "`pressclip.warehouse.NAME`",
    "`pressclip.feed.ID` of the feeds that brought them (role `feed`)",
    {
        "new_entries": "entries never seen before",
        "waiting": "entries that can be harvested now, older ones included",
        "feeds": "how many feeds brought entries",
        "batches": "ids of the batches that were loaded",
        "warehouse": "path of the published copy",
    },
)
ARTICLES_LOADED = EventKind(
    "pressclip.articles.loaded",
    "once at the end of a harvest, load or submit that stored articles or revisions",
    "`pressclip.warehouse.NAME`",
    "`pressclip.topic.NAME` of the topics they are on (role `topic`)",
    {
        "new_articles": "articles never seen before",
        "new_revisions": "changed texts of articles known before",
        "new_stories": "stories that began, on topic or not",
        "topics": "articles on each topic, by its name",
        "batches": "ids of the batches that were loaded",
        "warehouse": "path of the published copy",
    },
)
STORY_FOUND = EventKind(
    "pressclip.story.found",
    "once for each new story on topic, soon after it was loaded; never for a backfill",
    "`pressclip.story.ID`, named by its headline",
    "`pressclip.topic.NAME` of its topics (role `topic`)",
    {
        "title": "headline of the original",
        "url": "its canonical URL",
        "outlet": "who published it, if known",
        "language": "such as en or id, if known",
        "topics": "names of its topics",
        "published_at": "ISO 8601, if known",
        "salience": "how much it is about them, 0 to 1",
        "copies": "copies known already",
    },
)
PUBLISHED = EventKind(
    "pressclip.copy.published",
    "whenever a run, of publish or another, replaced the copy that people read",
    "`pressclip.warehouse.NAME`",
    "",
    {"path": "the copy", "size": "its bytes", "changes": "changes of the warehouse it holds"},
)
FEED_FAILING = EventKind(
    "pressclip.feed.failing",
    "at every watch run, for each feed that has failed for a day",
    "`pressclip.feed.ID`",
    "",
    {
        "title": "of the feed, or else its URL",
        "url": "where it is asked",
        "error": "short name of the last failure",
        "since": "ISO 8601: when it last answered well, or was added",
    },
)
VOLUME_LOW = EventKind(
    "pressclip.volume.low",
    "at every watch run, for each language or feed that brought far less yesterday than is usual "
    "on that day of the week",
    "`pressclip.volume.KIND.KEY`",
    "",
    {
        "kind": "language (of articles) or source (a feed's entries)",
        "key": "the language, or the feed's title",
        "day": "the day, ISO 8601",
        "observed": "how many came",
        "usual": "median of the same weekday in the six weeks before",
    },
)
OUTLET_GAP = EventKind(
    "pressclip.outlet.gap",
    "at every watch run, for each outlet whose own feed shows no more what it publishes, or whose "
    "pages can't be read any more",
    "`pressclip.outlet.SITE`",
    "",
    {
        "site": "the outlet",
        "name": "what it is called",
        "gap": "muted or unread",
        "since": "since when, ISO 8601",
        "headlines": "how many articles tell so",
        "reason": "the same in words",
    },
)
BATCHES_WAITING = EventKind(
    "pressclip.batches.waiting",
    "at every watch run that finds batches landed half an hour ago or more, and not loaded",
    "`pressclip.warehouse.NAME`",
    "",
    {
        "batches": "how many",
        "minutes": "how long the oldest has waited",
        "warehouse": "path of the published copy",
    },
)
RUN_ENDED = EventKind(
    "pressclip.run.ended",
    "by every run of ours that reaches its end, whichever; Prefect's own event may come much later",
    "`prefect.flow-run.ID`",
    "`prefect.tag.NAME` of its tags (role `tag`)",
    {"state": "type of its last state, such as COMPLETED"},
)
URL_SUBMITTED = EventKind(
    "pressclip.url.submitted",
    "sent by others: files the article at a link",
    "anything; `pressclip.url.submitted` will do",
    "",
    {"url": "the link, http or https"},
    incoming=True,
)


FEED_PUSHED = EventKind(
    "pressclip.feed.pushed",
    "when hubs pushed feeds (see push.md), by the receiver; starts a poll of them",
    "`pressclip.warehouse.NAME`",
    "`pressclip.feed.ID` of the feeds (role `feed`)",
    {
        "feeds": "ids of the feeds, as text: they do not fit a JSON number everywhere",
        "warehouse": "path of the published copy",
    },
)


def _warehouse(path: str) -> Resource:
    name = path.rpartition("/")[2].removesuffix(".duckdb")
    return {
        "prefect.resource.id": f"pressclip.warehouse.{name}",
        "prefect.resource.name": name,
        "pressclip.path": path,
    }


def _topics(names: Sequence[str]) -> tuple[Resource, ...]:
    return tuple(
        {
            "prefect.resource.id": f"pressclip.topic.{name}",
            "prefect.resource.role": "topic",
            "prefect.resource.name": name,
        }
        for name in names[:MOST_RELATED]
    )


def entries_found(
    warehouse: str, loaded: LoadReport, feeds: Sequence[FeedNews], waiting: int
) -> Event:
    """Entries wait to be harvested, some of them perhaps just loaded."""
    related = tuple(
        {
            "prefect.resource.id": f"pressclip.feed.{feed.feed_id}",
            "prefect.resource.role": "feed",
            "prefect.resource.name": feed.title,
            "pressclip.url": feed.url,
        }
        for feed in feeds[:MOST_RELATED]
    )
    payload = {
        "new_entries": loaded.new_entries,
        "waiting": waiting,
        "feeds": len(feeds),
        "batches": list(loaded.batches),
        "warehouse": warehouse,
    }
    return Event(ENTRIES_FOUND.name, _warehouse(warehouse), payload, related)


def articles_loaded(warehouse: str, loaded: LoadReport, topics: Mapping[str, int]) -> Event:
    """Articles or revisions became rows."""
    payload = {
        "new_articles": loaded.new_articles,
        "new_revisions": loaded.new_revisions,
        "new_stories": len(loaded.new_stories),
        "topics": dict(topics),
        "batches": list(loaded.batches),
        "warehouse": warehouse,
    }
    fact = " ".join(loaded.batches)
    return Event(
        ARTICLES_LOADED.name, _warehouse(warehouse), payload, _topics(tuple(topics)), fact or None
    )


def story_found(story: StoryNews) -> Event:
    """A story on topic began."""
    published_at = story.published_at.isoformat() if story.published_at else None
    payload = {
        "title": story.title,
        "url": story.url,
        "outlet": story.outlet,
        "language": story.language,
        "topics": list(story.topics),
        "published_at": published_at,
        "salience": story.salience,
        "copies": story.copies,
    }
    resource = {
        "prefect.resource.id": f"pressclip.story.{story.story_id}",
        "prefect.resource.name": story.title,
        "pressclip.url": story.url,
        "pressclip.language": story.language or "",
        "pressclip.outlet": story.outlet or "",
    }
    fact = f"{story.story_id} {story.url}"
    if story.warehouse:
        # Two desks on one server may find the same story.
        fact = f"{story.warehouse} {fact}"
    return Event(STORY_FOUND.name, resource, payload, _topics(story.topics), fact)


def copy_published(warehouse: str, *, size: int, changes: int) -> Event:
    """People read a newer copy from now on."""
    payload = {"path": warehouse, "size": size, "changes": changes}
    return Event(PUBLISHED.name, _warehouse(warehouse), payload, fact=f"{warehouse} {changes}")


def feed_failing(feed: FailingFeed) -> Event:
    """A feed has failed for long."""
    payload = {
        "title": feed.title,
        "url": feed.url,
        "error": feed.error,
        "since": feed.since.isoformat(),
    }
    resource = {
        "prefect.resource.id": f"pressclip.feed.{feed.feed_id}",
        "prefect.resource.name": feed.title,
        "pressclip.url": feed.url,
    }
    return Event(FEED_FAILING.name, resource, payload)


def volume_low(low: LowVolume) -> Event:
    """Far less came than usual."""
    payload = {
        "kind": low.kind,
        "key": low.key,
        "day": low.day.isoformat(),
        "observed": low.observed,
        "usual": low.usual,
    }
    resource = {
        "prefect.resource.id": f"pressclip.volume.{low.kind}.{low.key}",
        "prefect.resource.name": low.key,
    }
    return Event(VOLUME_LOW.name, resource, payload)


def outlet_gap(gap: OutletGap) -> Event:
    """Less is got of an outlet than it publishes."""
    payload = {
        "site": gap.site,
        "name": gap.outlet,
        "gap": gap.gap,
        "since": gap.since.isoformat(),
        "headlines": gap.headlines,
        "reason": gap.reason,
    }
    resource = {
        "prefect.resource.id": f"pressclip.outlet.{gap.site}",
        "prefect.resource.name": gap.outlet,
    }
    return Event(OUTLET_GAP.name, resource, payload)


def batches_waiting(warehouse: str, waiting: WaitingBatches) -> Event:
    """Nobody loads what was landed."""
    payload = {
        "batches": waiting.count,
        "minutes": int(waiting.oldest.total_seconds() // 60),
        "warehouse": warehouse,
    }
    return Event(BATCHES_WAITING.name, _warehouse(warehouse), payload)


def run_ended(run_id: object, name: str, tags: Sequence[str], state: str) -> Event:
    """A run is over: nobody need wait for another heartbeat of it."""
    resource = {
        "prefect.resource.id": f"prefect.flow-run.{run_id}",
        "prefect.resource.name": name,
    }
    related = tuple(
        {"prefect.resource.id": f"prefect.tag.{tag}", "prefect.resource.role": "tag"}
        for tag in tags[:MOST_RELATED]
    )
    return Event(RUN_ENDED.name, resource, {"state": state}, related, f"{run_id} {state}")


def feeds_pushed(warehouse: str, feeds: Mapping[int, str]) -> Event:
    """Hubs said that these feeds, by id and address, have something new; no more than
    `MOST_RELATED`, since each is to be polled."""
    related = tuple(
        {
            "prefect.resource.id": f"pressclip.feed.{feed_id}",
            "prefect.resource.role": "feed",
            "pressclip.url": url,
        }
        for feed_id, url in feeds.items()
    )
    payload = {"feeds": [str(feed_id) for feed_id in feeds], "warehouse": warehouse}
    return Event(FEED_PUSHED.name, _warehouse(warehouse), payload, related)


KINDS = (
    ENTRIES_FOUND,
    ARTICLES_LOADED,
    STORY_FOUND,
    PUBLISHED,
    FEED_FAILING,
    VOLUME_LOW,
    OUTLET_GAP,
    BATCHES_WAITING,
    FEED_PUSHED,
    RUN_ENDED,
    URL_SUBMITTED,
)
