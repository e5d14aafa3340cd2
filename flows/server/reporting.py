"""What a run has to tell: gathered while it works, told as events to the server."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from uuid import UUID

from prefect.client.schemas.objects import FlowRun, State
from prefect.events import emit_event

from flows.run.context import Run
from flows.run.listener import LogListener
from flows.server.artifacts import show_progress
from flows.server.events import (
    Event,
    articles_loaded,
    copy_published,
    entries_found,
    run_ended,
    story_found,
)
from warehouse.loading.load import LoadReport
from warehouse.published.publish import Published
from warehouse.queue.arrivals import (
    StoryNews,
    count_waiting,
    feeds_with_news,
    stories_in_news,
    topics_in_news,
)
from warehouse.records import EntryOutcome

LONG = 50
"""Entries that take long enough for somebody to ask how far the harvest has come."""


def tell(events: Sequence[Event]) -> None:
    """Sends events to the server, in the background."""
    for event in events:
        emit_event(
            event.name,
            resource=dict(event.resource),
            related=[dict(resource) for resource in event.related],
            payload=dict(event.payload),
        )


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

    def __init__(self, log: logging.Logger | logging.LoggerAdapter[logging.Logger]) -> None:
        super().__init__(log)
        self.loaded = LoadReport()
        self.stories: list[StoryNews] = []
        """The stories on topic that began."""
        self._told = 0
        self._planned = self._decided = 0
        self._progress: UUID | None = None

    def entries_waiting(self, count: int) -> None:
        super().entries_waiting(count)
        self._planned += count

    def entry_decided(self, outcome: EntryOutcome) -> None:
        super().entry_decided(outcome)
        self._decided += 1

    def batch_loaded(self, report: LoadReport) -> None:
        super().batch_loaded(report)
        self.loaded += report

    def copy_published(self, published: Published) -> None:
        """Tells of it at once: often it is a harvest that has replaced the copy, and the publish
        run after it finds nothing to do."""
        super().copy_published(published)
        tell([copy_published(str(published.path), size=published.size, changes=published.changes)])

    async def tell_progress(self) -> None:
        """Shows how many of the entries have been harvested, if there are many."""
        if self._planned >= LONG:
            self._progress = await show_progress(
                "harvest-progress",
                f"of the {self._planned} entries that wait",
                min(100.0, 100.0 * self._decided / self._planned),
                self._progress,
            )

    async def tell_stories(self, run: Run) -> None:
        """Tells of the stories that began since the last time, unless they are old news: what the
        first poll of a feed brings raises no alerts."""
        untold = self.loaded.new_stories[self._told :]
        if not untold:
            return
        stories = await run.in_warehouse(lambda wh: stories_in_news(wh, untold))
        self._told += len(untold)
        self.stories.extend(stories)
        tell([story_found(story) for story in stories if not story.backfill])

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
        await self.tell_stories(run)
        loaded = self.loaded
        if not loaded.new_articles and not loaded.new_revisions:
            return
        topics = await run.in_warehouse(lambda wh: topics_in_news(wh, loaded.batches))
        tell([articles_loaded(run.desk.name, loaded, topics)])
