"""What becomes of headlines whose article was not found yet. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from flows.decisions.outcomes import Harvested, decide_entry
from flows.discovery.headlines import OpenHeadline
from flows.settings import Settings
from parsers.errors import Drop, PressclipError, Retry
from warehouse.records import EntryOutcome, EntryState

AWAITING_OUTLET = "awaiting_outlet"
"""The reason of a headline that waits until its outlet lists more."""
NOT_FOUND = "not_found_at_outlet"
FORBIDS = "outlet_forbids"
LISTED_FOR = timedelta(days=2)
"""For how long after a headline its article may come to be listed: news sitemaps hold two days."""
WORTH_ASKING = timedelta(days=14)
"""How old a headline may be for its outlet to be asked at all: feeds show no older ones."""
TRIES = 3
_PAUSES = (7200.0, 21_600.0)
"""Seconds until a headline's outlet is asked again, each time."""


@dataclass(slots=True)
class Visit:
    """What asking an outlet came to."""

    tried: list[str] = field(default_factory=list)
    """What was looked at, in words."""
    until: datetime | None = None
    """Where it was not asked: when it may be."""
    has_listings: bool = False
    """Whether it has anything that will list further pages."""
    forbidden: bool = False
    """Whether its robots.txt kept all of that from being asked."""
    error: PressclipError | None = None
    """What kept it from being asked, where that was not its robots.txt."""


def decide_headline(
    headline: OpenHeadline, visit: Visit, *, now: datetime, digest: str, settings: Settings
) -> Harvested:
    """What becomes of a headline whose article a visit did not find."""
    waiting = headline.waiting
    if visit.until is not None:
        return Harvested(
            EntryOutcome(
                waiting.entry.entry_id,
                EntryState.WAITING,
                now,
                AWAITING_OUTLET,
                attempts=waiting.attempts,
                next_try_at=visit.until,
                topics_digest=digest,
            )
        )
    error = _why(headline, visit, now)
    return decide_entry(waiting, error, now=now, digest=digest, settings=settings)


def _why(headline: OpenHeadline, visit: Visit, now: datetime) -> PressclipError:
    tried = "; ".join(visit.tried) or "nothing of it is known"
    told = f"The article “{headline.headline.text}” was not found at {headline.site}: {tried}."
    if visit.error is not None and not visit.has_listings:
        return visit.error
    if visit.forbidden and not visit.has_listings:
        return Drop(FORBIDS, f"{told} Its robots.txt allows no more.")
    tries = headline.waiting.attempts + 1
    over = headline.at is None or now - headline.at > LISTED_FOR
    if over or tries >= TRIES or not visit.has_listings:
        return Drop(NOT_FOUND, told)
    return Retry(AWAITING_OUTLET, f"{told} It is looked for again.", after=_PAUSES[tries - 1])
