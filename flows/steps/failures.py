"""What a person decides about failures: try again now, or give up. Decisions are batches like all
others: landed, then loaded."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from flows import clock
from flows.decisions.feed_state import believable_feed
from flows.settings import Settings
from flows.steps.subscriptions import land_and_load, publish_change, removed, revived
from parsers.records import Failure
from warehouse.database.locks import OnWait
from warehouse.database.open import open_warehouse
from warehouse.loading.landing import put_back
from warehouse.loading.load import load_landed
from warehouse.queue.failures import FailureFilter, OpenFailure, open_failures
from warehouse.queue.feeds import all_feeds
from warehouse.records import DROPPED, Batch, EntryOutcome, EntryState, Feed, new_batch_id

log = logging.getLogger(__name__)

ASKED_AGAIN = "asked_again"
"""The reason of an entry that waits because somebody wants it tried again."""


def retry(
    settings: Settings, choice: FailureFilter, on_wait: OnWait = log.warning
) -> tuple[OpenFailure, ...]:
    """Makes the failures of `choice` due now, also those given up; returns them. `on_wait` is told
    who is waited for."""
    desk, now = settings.desk(), clock.now()
    with open_warehouse(desk, wait=settings.lock_wait, on_wait=on_wait) as wh:
        chosen = open_failures(wh, choice)
        feeds = _feeds_of(chosen, all_feeds(wh))
        if batch := retried(chosen, feeds, now):
            land_and_load(wh, desk, batch)
        if [name for name in _unread(chosen) if put_back(desk, name)]:
            load_landed(wh, desk, loaded_at=now)
    publish_change(settings, now, on_wait)
    return chosen


def drop(
    settings: Settings, choice: FailureFilter, why: str, on_wait: OnWait = log.warning
) -> tuple[OpenFailure, ...]:
    """Gives up the failures of `choice` for good, and says why; returns them. `on_wait` is told who
    is waited for."""
    desk, now = settings.desk(), clock.now()
    with open_warehouse(desk, wait=settings.lock_wait, on_wait=on_wait) as wh:
        chosen = open_failures(wh, choice)
        feeds = _feeds_of(chosen, all_feeds(wh))
        if batch := dropped(chosen, feeds, now, why):
            land_and_load(wh, desk, batch)
    publish_change(settings, now, on_wait)
    return chosen


def retried(chosen: Iterable[OpenFailure], feeds: Iterable[Feed], now: datetime) -> Batch | None:
    """The batch that makes `chosen` entries and `feeds` due at `now`; None where there is none."""
    outcomes = tuple(
        EntryOutcome(failure.entry_id, EntryState.WAITING, now, ASKED_AGAIN, attempts=0)
        for failure in chosen
        if failure.entry_id is not None
    )
    due = tuple(replace(revived(believable_feed(feed, now)), changed_at=now) for feed in feeds)
    if not outcomes and not due:
        return None
    return Batch(new_batch_id(now), "failures", now, feeds=due, outcomes=outcomes)


def dropped(
    chosen: tuple[OpenFailure, ...], feeds: Iterable[Feed], now: datetime, why: str
) -> Batch | None:
    """The batch that gives up `chosen` entries and `feeds` for good; None where there is none."""
    if not chosen:
        return None
    outcomes = tuple(
        EntryOutcome(failure.entry_id, EntryState.DEAD, now, DROPPED, attempts=failure.attempts)
        for failure in chosen
        if failure.entry_id is not None
    )
    failures = tuple(
        Failure(
            stage=failure.stage,
            url=failure.url or "",
            error=DROPPED,
            message=f"Given up by hand: {why} (It failed with {failure.error}.)",
            next_step="drop",
            failed_at=now,
            attempts=failure.attempts,
            feed_id=failure.feed_id,
            entry_id=failure.entry_id,
        )
        for failure in chosen
    )
    gone = tuple(replace(removed(believable_feed(feed, now)), changed_at=now) for feed in feeds)
    return Batch(
        new_batch_id(now), "failures", now, feeds=gone, outcomes=outcomes, failures=failures
    )


def _feeds_of(chosen: Iterable[OpenFailure], feeds: Iterable[Feed]) -> tuple[Feed, ...]:
    """The feeds that themselves fail, not those whose entries do."""
    wanted = {failure.feed_id for failure in chosen if failure.entry_id is None}
    return tuple(feed for feed in feeds if feed.feed_id in wanted)


def _unread(chosen: Iterable[OpenFailure]) -> tuple[str, ...]:
    """The file names of batches that could not be read."""
    return tuple(failure.url for failure in chosen if failure.stage == "load" and failure.url)
