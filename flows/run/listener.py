"""Who wants to know how a run gets on."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from flows.wording import how_many, now_followed

if TYPE_CHECKING:
    from flows.decisions.feed_state import Poll
    from warehouse.loading.load import LoadReport
    from warehouse.published.publish import Published
    from warehouse.records import EntryOutcome, Feed

log = logging.getLogger(__name__)


class Listener(Protocol):
    """Who wants to know how a run gets on: a progress bar, a log, a Prefect artifact."""

    tells: bool
    """Whether it tells others of new stories, which are kept for it until it has."""

    def feeds_due(self, count: int) -> None:
        """So many feeds are about to be asked."""

    def feed_polled(self, poll: Poll) -> None:
        """One of them answered, or failed to."""

    def entries_waiting(self, count: int) -> None:
        """So many entries are about to be harvested."""

    def entry_decided(self, outcome: EntryOutcome) -> None:
        """One of them has an outcome."""

    def batch_loaded(self, report: LoadReport) -> None:
        """Landed batches became rows."""

    def feeds_followed(self, feeds: Sequence[Feed]) -> None:
        """The desk has subscribed to these by itself, as its settings allow."""

    def copy_published(self, published: Published) -> None:
        """People read a newer copy from now on."""

    def held_up(self, message: str) -> None:
        """Something has to be waited for, and what. Each line is said once a run."""


class LogListener:
    """Tells a log what a run does."""

    tells = False

    def __init__(self, log: logging.Logger | logging.LoggerAdapter[logging.Logger] = log) -> None:
        self._log = log
        self._said: set[str] = set()

    def feeds_due(self, count: int) -> None:
        self._log.info("%s due", how_many(count, "feed"))

    def feed_polled(self, poll: Poll) -> None:
        if poll.failure:
            self._log.warning("%s", poll.failure.message)
        else:
            self._log.info("polled %s: %s", poll.feed.url, how_many(len(poll.entries), "entry"))

    def entries_waiting(self, count: int) -> None:
        self._log.info("%s waiting", how_many(count, "entry"))

    def entry_decided(self, outcome: EntryOutcome) -> None:
        self._log.debug("entry %d: %s %s", outcome.entry_id, outcome.state, outcome.reason or "")

    def batch_loaded(self, report: LoadReport) -> None:
        if report.batches:
            self._log.info(
                "loaded %s: %s, %s, %s",
                how_many(len(report.batches), "batch"),
                how_many(report.new_entries, "new entry"),
                how_many(report.new_articles, "new article"),
                how_many(report.new_revisions, "new revision"),
            )

    def feeds_followed(self, feeds: Sequence[Feed]) -> None:
        for feed in feeds:
            self._log.info("%s", now_followed(feed))

    def copy_published(self, published: Published) -> None:
        changes = how_many(published.changes, "change")
        self._log.info("published %s, %d bytes", changes, published.size)

    def held_up(self, message: str) -> None:
        if message not in self._said:
            self._said.add(message)
            self._log.warning("%s", message)
