"""What a run has to tell: gathered while it works, told as events to the server."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from uuid import UUID

import httpx
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import FlowRun, State
from prefect.events import Event as PrefectEvent
from prefect.events import emit_event
from prefect.events.related import related_resources_from_run_context
from prefect.events.schemas.events import RelatedResource, Resource

from flows.run.context import Run
from flows.run.listener import LogListener
from flows.run.lock import alone
from flows.server.artifacts import show_progress
from flows.server.events import (
    MOST_RELATED,
    Event,
    articles_loaded,
    copy_published,
    entries_found,
    run_ended,
    story_found,
)
from parsers.errors import Retry
from warehouse.loading.load import LoadReport
from warehouse.published.publish import Published
from warehouse.queue.arrivals import (
    StoryNews,
    count_waiting,
    feeds_with_news,
    stories_in_news,
    topics_in_news,
    untold_stories,
)
from warehouse.records import EntryOutcome, Feed

STORIES_AT_ONCE = 20
"""Stories that are told in one go, and told again after a kill at the most."""
MOST = MOST_RELATED + 20
"""Related resources that an event names, those that say which run told it included."""
LONG = 50
"""Entries that take long enough for somebody to ask how far the harvest has come."""


def tell(events: Sequence[Event]) -> None:
    """Sends hints to the server, in the background: one that gets lost is made up for by the next
    schedule."""
    for event in events:
        emit_event(
            event.name,
            resource=dict(event.resource),
            related=[dict(resource) for resource in event.related],
            payload=dict(event.payload),
            id=event.event_id,
        )


async def tell_surely(events: Sequence[Event]) -> None:
    """Sends events that no schedule would make up for; once this returns, the server has them.

    Raises what Prefect's client raises where the server does not take them.
    """
    async with get_client() as client:
        teller = await related_resources_from_run_context(client)
        told = [
            PrefectEvent(
                event=event.name,
                resource=Resource(dict(event.resource)),
                related=[*(RelatedResource(dict(each)) for each in event.related), *teller][:MOST],
                payload=dict(event.payload),
                id=event.event_id,
            )
            for event in events
        ]
        await client.request("POST", "/events", json=[one.model_dump(mode="json") for one in told])


def tell_end(flow: object, flow_run: FlowRun, state: State) -> None:  # noqa: ARG001 - Prefect's form
    """A hook of Prefect's: tells that `flow_run` has ended in `state`.

    The server's own event of it is held back for a quarter of an hour where it follows one that the
    server has not seen, as after a restart, or for a run that was planned only minutes ago. Whoever
    waits for a heartbeat would take the run for lost meanwhile.
    """
    tell([run_ended(flow_run.id, flow_run.name, flow_run.tags, state.type.value)])


class Reporter(LogListener):
    """Listens to a run, keeps what its loads brought, and tells the server.

    Stories are told as they come, since somebody may be waiting for them; that there is something
    to harvest or to publish is told once, at the end of the run that made it so.
    """

    tells = True

    def __init__(self, log: logging.Logger | logging.LoggerAdapter[logging.Logger]) -> None:
        super().__init__(log)
        self.loaded = LoadReport()
        self.stories: tuple[StoryNews, ...] = ()
        """The stories on topic that began with what this run loaded."""
        self.followed: dict[str, str] = {}
        """The feeds that the desk subscribed to by itself, for a summary."""
        self._telling = asyncio.Lock()
        self._began = False
        """Whether stories began since the last telling."""
        self._planned = self._decided = 0
        self._progress: UUID | None = None
        self._showing = asyncio.Lock()

    def entries_waiting(self, count: int) -> None:
        super().entries_waiting(count)
        self._planned += count

    def entry_decided(self, outcome: EntryOutcome) -> None:
        super().entry_decided(outcome)
        self._decided += 1

    def batch_loaded(self, report: LoadReport) -> None:
        super().batch_loaded(report)
        self.loaded += report
        self._began |= bool(report.new_stories)

    def feeds_followed(self, feeds: Sequence[Feed]) -> None:
        super().feeds_followed(feeds)
        self.followed |= {f"subscribed to {each.url}": each.title or each.url for each in feeds}

    def copy_published(self, published: Published) -> None:
        """Tells of it at once: often it is a harvest that has replaced the copy, and the publish
        run after it finds nothing to do."""
        super().copy_published(published)
        tell([copy_published(str(published.path), size=published.size, changes=published.changes)])

    async def tell_progress(self, *, done: bool = False) -> None:
        """Shows how many of the entries have been harvested, if there are many; all of them once
        the harvest is `done`."""
        if self._planned < LONG:
            return
        # Chunks end side by side: one makes what is shown, and the latest number is the last.
        async with self._showing:
            share = 1.0 if done else min(1.0, self._decided / self._planned)
            self._progress = await show_progress(
                "harvest-progress",
                f"of the {self._planned} entries that wait",
                100.0 * share,
                self._progress,
            )

    async def tell_stories(self, run: Run, *, wait: bool = False) -> None:
        """Tells of every story that nobody has been told of yet, also of those that an earlier run
        left: a few at a time, and strikes them off once the server has them. A run that is killed
        in between tells those few again, under the ids that they had.

        Where another run is telling, that one tells ours too, unless we `wait` for it. What is old
        news (the first poll of a feed brings it) raises no alerts.
        """
        if not wait and (self._telling.locked() or not self._began):
            return
        self._began = False
        patience = run.settings.lock_wait if wait else 0.0
        path = run.desk.lock.with_suffix(".telling.lock")
        async with self._telling:
            try:
                async with alone(path, "telling", wait=patience, on_wait=self.held_up):
                    await self._tell_all(run)
            except Retry as error:
                self._log.info("%s", error.message)
            except (httpx.HTTPError, RuntimeError) as error:
                # Prefect tells of some as a RuntimeError.
                self.held_up(f"New stories could not be told: {error!r}. The next run tells them.")

    async def _tell_all(self, run: Run) -> None:
        async def after(told: Sequence[int]) -> dict[int, StoryNews | None]:
            return await run.in_warehouse(
                lambda wh: untold_stories(wh, told, run.now(), STORIES_AT_ONCE)
            )

        untold = await after(())
        while untold:
            news = [story for story in untold.values() if story and not story.backfill]
            if news:
                await tell_surely([story_found(story) for story in news])
            untold = await after(tuple(untold))

    async def tell_entries(self, run: Run) -> None:
        """Tells that entries wait, if any do: also those that an earlier event failed to start."""
        loaded = self.loaded
        feeds, waiting = await run.in_warehouse(
            lambda wh: (feeds_with_news(wh, loaded.batches), count_waiting(wh, run.now()))
        )
        if waiting:
            tell([entries_found(run.desk.name, loaded, feeds, waiting)])

    async def tell_articles(self, run: Run) -> None:
        """Tells that articles were loaded, if any were; their stories first."""
        await self.tell_stories(run, wait=True)
        loaded = self.loaded
        if not loaded.new_articles and not loaded.new_revisions:
            return
        topics, self.stories = await run.in_warehouse(
            lambda wh: (
                topics_in_news(wh, loaded.batches),
                stories_in_news(wh, loaded.new_stories),
            )
        )
        tell([articles_loaded(run.desk.name, loaded, topics)])
