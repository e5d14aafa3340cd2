"""Failures that still matter: what is tried again, and what was given up."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from warehouse.database.warehouse import Warehouse
from warehouse.desk import Desk
from warehouse.published.read import Table, read
from warehouse.queries import queries, record


@dataclass(frozen=True, slots=True)
class OpenFailure:
    """An entry or a feed that fails or was given up, or a batch that could not be read."""

    state: str
    """`waiting` or `dead`."""
    error: str
    url: str | None
    message: str | None
    stage: str
    attempts: int
    next_try_at: datetime | None = None
    failed_at: datetime | None = None
    feed_id: int | None = None
    """Of a feed, or the one that an entry came from."""
    entry_id: int | None = None


@dataclass(frozen=True, slots=True)
class FailureFilter:
    """Which of them; what is None does not matter."""

    state: str | None = None
    stage: str | None = None
    error: str | None = None
    host: str | None = None
    """Its subdomains too."""
    urls: tuple[str, ...] | None = None

    @property
    def params(self) -> dict[str, object]:
        """As the query takes them."""
        return asdict(self) | {"urls": list(self.urls) if self.urls else None}


def open_failures(wh: Warehouse, choice: FailureFilter) -> tuple[OpenFailure, ...]:
    """The open failures of `choice`, the newest first."""
    rows = wh.records(queries("queue/failures")["open_failures"], choice.params)
    return tuple(record(OpenFailure, row) for row in rows)


def shown_failures(desk: Desk, choice: FailureFilter, limit: int | None = None) -> Table:
    """The same as a table, out of the published copy; raises as `read` does."""
    return read(desk, queries("queue/failures")["open_failures"], choice.params, limit)
