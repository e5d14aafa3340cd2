"""The page of sources: how each feed is doing, what it brings, and what was not got."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from warehouse.published.pages.asking import Connection, records_of
from warehouse.queries import queries

MOST_SOURCES = 200
MOST_COUNTED = 100_000
MOST_MISSES = 60


@dataclass(frozen=True, slots=True)
class Source:
    """A feed, or what people filed, or what a backfill brought."""

    feed_id: str
    title: str | None
    outlet: str | None
    site: str | None
    health: str | None
    reason: str | None
    error: str | None
    failures: int | None
    url: str | None
    language: str | None
    category: str | None
    last_success_at: datetime | None
    last_poll_at: datetime | None
    next_poll_at: datetime | None
    last_entry_at: datetime | None
    last_article_at: datetime | None
    entries: int
    stored: int
    off_topic: int
    duplicates: int
    dead: int
    waiting: int
    duplicate_share: float | None
    proposed_url: str | None
    poll_every: float | None
    """Seconds."""
    entry_gap: float | None
    """Seconds."""
    rests: bool | None
    """Whether its host is left alone, until next_poll_at."""


@dataclass(frozen=True, slots=True)
class HealthCount:
    """How many feeds are like that."""

    health: str
    feeds: int


@dataclass(frozen=True, slots=True)
class FunnelStep:
    """How many entries ended so, or wait."""

    stage: str
    reason: str | None
    entries: int
    share: float | None


@dataclass(frozen=True, slots=True)
class Gap:
    """A feed that shows less than its outlet publishes, or nothing that can be read."""

    outlet: str
    site: str
    gap: str
    since: datetime
    headlines: int
    reason: str


@dataclass(frozen=True, slots=True)
class Miss:
    """Headlines of an outlet that were not got for one reason."""

    outlet: str
    reason: str
    state: str
    headlines: int
    first_seen_at: datetime
    last_seen_at: datetime
    last_title: str | None
    last_link: str | None


@dataclass(frozen=True, slots=True)
class SourcesView:
    """What the page shows."""

    sources: tuple[Source, ...]
    """Those in trouble first: `MOST_SOURCES` of them."""
    page: int
    """Which of them, from 1."""
    pages: int
    healths: tuple[HealthCount, ...]
    funnel: tuple[FunnelStep, ...]
    gaps: tuple[Gap, ...]
    misses: tuple[Miss, ...]


def sources_view(connection: Connection, page: int = 1) -> SourcesView:
    """How all sources are doing."""
    texts = queries("published/pages/sources")
    few: dict[str, object] = {"most": MOST_MISSES}
    sources = records_of(Source, connection, texts["sources"], {"most": MOST_COUNTED})
    healths = Counter(one.health or "none" for one in sources)
    return SourcesView(
        sources=sources[(page - 1) * MOST_SOURCES : page * MOST_SOURCES],
        page=page,
        pages=max(1, math.ceil(len(sources) / MOST_SOURCES)),
        healths=tuple(HealthCount(health, feeds) for health, feeds in sorted(healths.items())),
        funnel=records_of(FunnelStep, connection, texts["funnel"], {}),
        gaps=records_of(Gap, connection, texts["gaps"], few),
        misses=records_of(Miss, connection, texts["misses"], few),
    )
