"""Publish: the copy that people read, the search index beside it, and the feeds that tell of it.

private file ─ copy ─▶ published copy ─▶ search index ─▶ feeds of new stories
"""

from __future__ import annotations

import asyncio
import logging

from flows.run.context import Run
from flows.steps.outgoing import write_feeds
from parsers.errors import PressclipError, Retry
from warehouse.desk import Desk
from warehouse.published.publish import Budget, Published, publish
from warehouse.published.read import named
from warehouse.published.search_index import refresh_index

log = logging.getLogger(__name__)

LOAD_PAUSE = 5.0
"""Seconds between two loads of a run at work: opening and closing the warehouse costs more than
merging a batch does, and what is landed is safe."""


async def load_and_publish(run: Run) -> None:
    """Loads what is landed, and lets readers see it, both now and then."""
    if await run.load(pause=LOAD_PAUSE):
        await publish_copy(run, pause=run.settings.publish_pause)


async def publish_copy(run: Run, pause: float = 0.0) -> Published | None:
    """Brings the copy that people read up to date; None where nothing changed or the last one
    is younger than `pause` seconds, or where someone else holds the warehouse: the next run
    publishes what this one loaded. The feeds that tell of new stories follow it."""
    try:
        published = await asyncio.to_thread(
            publish,
            run.desk,
            now=run.now(),
            budget=Budget(pause, run.settings.publish_share),
            wait=run.settings.lock_wait,
            on_wait=run.listener.held_up,
        )
    except Retry as error:
        run.listener.held_up(f"{error.message} The next run publishes what is loaded.")
        return None
    if published:
        run.listener.copy_published(published)
        await asyncio.to_thread(_index_for_search, run)
    await asyncio.to_thread(_tell_of_stories, run, fresh=published is not None)
    return published


async def publish_all(run: Run) -> Published | None:
    """Publishes until nothing was loaded meanwhile. On a server, what is loaded while a publish
    run is at work starts no other, and would be seen only after the next schedule."""
    latest = None
    while published := await publish_copy(run):
        latest = published
    return latest


def what_is_published(desk: Desk) -> str:
    """What people read where there was nothing to publish: often what a harvest has published."""
    try:
        totals = named(desk, "totals")
    except PressclipError as error:
        return error.message
    at = totals.rows[0][totals.columns.index("published_at")]
    return f"the copy of {at:%H:%M} UTC has it all" if at else "people read the lake itself"


def _index_for_search(run: Run) -> None:
    try:
        refresh_index(run.desk)
    except PressclipError as error:
        run.listener.held_up(f"{error} The next search brings it up to date.")


def _tell_of_stories(run: Run, *, fresh: bool) -> None:
    folder = run.settings.feeds_folder
    if folder is None or not (fresh or not any(folder.glob("*.atom"))):
        return
    try:
        write_feeds(run.desk, run.settings, run.topics.names)
    except Exception as error:  # the copy is published; only the feeds are behind
        if not isinstance(error, PressclipError | OSError):
            log.exception("writing the feeds in %s failed", folder)
        run.listener.held_up(
            f"The feeds in {folder} are not up to date: {error}. The next publish tries again."
        )
