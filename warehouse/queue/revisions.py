"""What is stored of a page that is parsed again: its entries, and the revisions read from it."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from parsers.records import Credit, DateFlag
from warehouse.database.warehouse import Warehouse
from warehouse.queries import queries, record
from warehouse.queue.entries import waiting_entry
from warehouse.records import BACKFILLED, EntryState, WaitingEntry


@dataclass(frozen=True, slots=True)
class KnownEntry:
    """An entry and what became of it."""

    waiting: WaitingEntry
    """With the article that it is stored as, or a duplicate of."""
    state: EntryState
    topics_digest: str | None = None
    """The topics that it was judged by."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A stored revision, and which page it was read from."""

    article_id: int
    read_at: datetime
    """When that page was fetched."""
    latest: bool
    """Whether readers see it; of earlier revisions only the text and its dates are kept."""
    title: str | None
    text: str
    text_kind: str
    standfirst: str | None = None
    authors: tuple[str, ...] = ()
    credits: tuple[Credit, ...] = ()
    published_at: datetime | None = None
    published_offset: int | None = None
    published_day: date | None = None
    date_flag: DateFlag | None = None
    modified_at: datetime | None = None
    language: str | None = None
    section: str | None = None
    site_name: str | None = None
    topics: tuple[str, ...] = ()


def known_entries(wh: Warehouse, entry_ids: Sequence[int]) -> dict[int, KnownEntry]:
    """Those of these entries that there are, by id."""
    rows = wh.records(queries("queue/revisions")["entries"], {"entry_ids": list(entry_ids)})
    found = {}
    for row in rows:
        state = EntryState(str(row.pop("state")))
        digest = row.pop("topics_digest")
        waiting = waiting_entry(row)
        found[waiting.entry.entry_id] = KnownEntry(waiting, state, str(digest) if digest else None)
    return found


def readings_of(wh: Warehouse, article_ids: Sequence[int]) -> tuple[Reading, ...]:
    """Every stored revision of these articles."""
    rows = wh.records(queries("queue/revisions")["readings"], {"article_ids": list(article_ids)})
    return tuple(record(Reading, row) for row in rows)


def settled_backfills(wh: Warehouse, topics_digest: str) -> array[int]:
    """The sorted ids of entries that a backfill under these topics need not decide again."""
    params = {"backfilled": BACKFILLED, "topics_digest": topics_digest}
    return _ids(wh.execute(queries("queue/revisions")["settled_backfills"], params))


def whole_articles(wh: Warehouse) -> array[int]:
    """The sorted ids of articles that are stored as their page shows them."""
    return _ids(wh.execute(queries("queue/revisions")["whole_articles"]))


def _ids(rows: Iterable[tuple[object, ...]]) -> array[int]:
    return array("Q", (int(str(number)) for (number,) in rows))
