"""Outcomes: what becomes of an entry, given what was found at its link. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from flows.decisions.poll_times import jitter
from flows.decisions.speaking import named_by_page, speaks_for
from flows.settings import Settings
from parsers.errors import Drop, PressclipError, Quarantine, Retry
from parsers.records import Article, Failure, Rejection, RejectionReason
from warehouse.records import (
    BACKFILLED,
    BY_HAND,
    EntryOutcome,
    EntryState,
    Feed,
    WaitingEntry,
)

LONGEST_PAUSE = 86_400.0
"""Seconds."""


@dataclass(frozen=True, slots=True)
class Harvested:
    """What became of one entry."""

    outcome: EntryOutcome
    article: Article | None = None
    failure: Failure | None = None
    feed: Feed | None = None
    """What the page said of the entry's feed."""


def decide_entry(
    waiting: WaitingEntry,
    found: Article | Rejection | PressclipError,
    *,
    now: datetime,
    digest: str,
    settings: Settings,
) -> Harvested:
    """What becomes of an entry, given what was found at its link."""
    outcome = EntryOutcome(
        entry_id=waiting.entry.entry_id,
        state=EntryState.STORED,
        decided_at=now,
        attempts=waiting.attempts + 1,
        topics_digest=digest,
        **waiting.found_fields(),
    )
    if isinstance(found, Article):
        # What a stranger's feed did not show says nothing.
        seen = waiting.not_shown_at if speaks_for(waiting, found.url) else None
        article = replace(found, not_shown_at=seen)
        feed = named_by_page(waiting, found)
        return Harvested(replace(outcome, article_id=found.article_id), article, feed=feed)
    if isinstance(found, Rejection):
        if found.reason is RejectionReason.OFF_TOPIC:
            reason = "mentions_nothing" if found.extracted else "names_nothing"
            return Harvested(replace(outcome, state=EntryState.OFF_TOPIC, reason=reason))
        kind = Retry if found.reason in _PASSING else Drop
        found = kind(found.reason.value, found.detail)
    spread = jitter(waiting.entry.entry_id)
    retry_at = next_try(found, outcome.attempts, now, settings, spread=spread)
    if retry_at is None and outcome.attempts < settings.max_attempts:
        retry_at = _when_it_may_be_there(waiting, found, outcome.attempts, now, spread=spread)
    outcome = replace(
        outcome,
        state=EntryState.WAITING if retry_at else EntryState.DEAD,
        reason=found.name,
        next_try_at=retry_at,
    )
    return Harvested(outcome, failure=_failure(waiting, found, outcome))


_PASSING = frozenset({RejectionReason.ERROR_PAGE})
"""What is in an article's place for a while only."""
WHILE_PARSED = frozenset({"parser_died", "parsers_lost"})
"""Errors that pass and have nothing to do with fetching."""


def _failure(waiting: WaitingEntry, error: PressclipError, outcome: EntryOutcome) -> Failure:
    given_up = isinstance(error, Retry) and outcome.state is EntryState.DEAD
    return Failure(
        stage="parse" if isinstance(error, Quarantine) or error.name in WHILE_PARSED else "fetch",
        url=waiting.entry.link or "",
        error=error.name,
        message=error.message,
        next_step="drop" if given_up else "retry" if outcome.next_try_at else error.next_step,
        failed_at=outcome.decided_at,
        attempts=outcome.attempts,
        next_try_at=outcome.next_try_at,
        feed_id=waiting.entry.feed_id,
        entry_id=waiting.entry.entry_id,
    )


_ANNOUNCED = timedelta(days=1)
"""How long after its feed first showed it a page may come to be there."""
_ANNOUNCED_LATE = timedelta(days=14)
"""How old what a feed shows for the first time may be for that."""
_NOT_THERE_YET = (300.0, 1800.0, 10_800.0)
"""Seconds after which a page that is not there yet is asked for again, each time."""


def _when_it_may_be_there(
    waiting: WaitingEntry, error: PressclipError, attempts: int, now: datetime, *, spread: float
) -> datetime | None:
    """When a page that was just announced and is not found is asked for again: caches and
    publishing queues take minutes. None for a page that should be there, or was asked for often
    enough."""
    seen, published = waiting.first_seen_at, waiting.entry.published_at
    if error.name != "http_404" or seen is None or attempts > len(_NOT_THERE_YET):
        return None
    if now - seen > _ANNOUNCED or (published is not None and seen - published > _ANNOUNCED_LATE):
        return None
    if waiting.entry.feed_id in {BY_HAND, BACKFILLED}:
        return None
    return now + timedelta(seconds=_NOT_THERE_YET[attempts - 1] * (1 + spread))


NOT_ASKED = frozenset({"host_paused", "host_down"})
"""Errors of an entry's host, not of its page: that was not even asked for."""
_NOT_ITS_FAULT = NOT_ASKED | {"parsers_lost"}
"""Errors that tell nothing of the entry: who stopped the parsers stopped all they held."""
PATIENCE = 5
"""How many times as many tries an entry has that is not at fault."""


def next_try(
    error: PressclipError, attempts: int, now: datetime, settings: Settings, *, spread: float = 0.0
) -> datetime | None:
    """When to try again: later with each attempt, never sooner than the host asked, all of it
    longer by the share `spread`; None where it would not help or was tried often enough."""
    if not isinstance(error, Retry):
        return None
    patience = PATIENCE if error.name in _NOT_ITS_FAULT else 1
    if attempts >= settings.max_attempts * patience:
        return None
    asked = error.after or 0.0
    if error.name in NOT_ASKED:
        return now + timedelta(seconds=min(asked, LONGEST_PAUSE) * (1 + spread))
    pause = settings.retry_pause * 2 ** (attempts - 1)
    return now + timedelta(seconds=min(max(pause, asked), LONGEST_PAUSE) * (1 + spread))


def as_copy(harvested: Harvested) -> Harvested:
    """The outcome of a further entry with the same link: a duplicate, where the first is stored."""
    outcome = harvested.outcome
    if outcome.state is not EntryState.STORED:
        return harvested
    return Harvested(replace(outcome, state=EntryState.DUPLICATE, reason="same_article"))


def batched(harvested: Sequence[Harvested]) -> dict[str, Any]:
    """What `harvested` came to, by the fields of a batch."""
    return {
        "feeds": tuple(each.feed for each in harvested if each.feed),
        "articles": tuple(each.article for each in harvested if each.article),
        "outcomes": tuple(each.outcome for each in harvested),
        "failures": tuple(each.failure for each in harvested if each.failure),
    }
