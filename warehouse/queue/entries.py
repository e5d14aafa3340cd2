"""The queue: entries that wait, and articles they need not be fetched for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from types import MappingProxyType

import pyarrow as pa

from parsers.identity import feed_id
from parsers.records import Entry
from warehouse.database.warehouse import Row, Warehouse
from warehouse.queries import queries, record
from warehouse.records import BACKFILLED, WaitingEntry


@dataclass(frozen=True, slots=True)
class SeenEntry:
    """An entry as its feed showed it before, as far as it takes to know it again."""

    entry_id: int
    feed_id: int
    shown_by: int
    """The feed that is asked: its own, or the one that its own turned out to be."""
    guid: str | None
    link: str | None
    title: str | None
    summary: str | None
    published_at: datetime | None
    updated_at: datetime | None
    backfill: bool
    waits: bool
    """Whether it is still to be looked at, or to be looked at again."""


MOST_TEXT = 32_000_000
"""Bytes that the texts of the entries taken at once may have together, as their feeds gave them."""

_QUEUE = ("attempts", "article_id", "first_seen_at", "not_shown_at")
"""What is known of an entry in the queue, beside the entry."""


def waiting_entries(
    wh: Warehouse, now: datetime, limit: int, owns: Callable[[str | None], bool] | None = None
) -> tuple[WaitingEntry, ...]:
    """At most `limit` entries that may be harvested at `now`, the longest waiting of each feed;
    only those with a link that `owns` takes, where it is given. Fewer where they are large."""
    sql = queries("queue/entries")
    # What a worker of several owns is known here only, so it looks at all.
    links = wh.execute(sql["waiting"], {"now": now, "limit": None if owns else limit})
    with wh.registered("asked", _asked("entry_id", islice(_taken(links, owns), limit))):
        rows = wh.records(sql["waiting_of"])
    return tuple(waiting_entry(row) for row in rows)


def _taken(links: Iterable[Row], owns: Callable[[str | None], bool] | None) -> Iterator[object]:
    text = 0
    for entry_id, link, size in links:
        if text >= MOST_TEXT:
            return
        if owns is None or owns(str(link) if link else None):
            text += int(str(size))
            yield entry_id


def waiting_entry(row: dict[str, object]) -> WaitingEntry:
    """An entry and what is known of it in the queue."""
    queue = {name: row.pop(name) for name in _QUEUE if name in row}
    asked, former, site, page = (
        row.pop(name) for name in ("asked_at", "former_url", "named_site", "naming_page")
    )
    # Where a feed was known first is the operator's word, any other former place its own.
    first = former if former and feed_id(str(former)) == row["feed_id"] else None
    addresses = list(filter(None, (asked, first, site, page)))
    return record(WaitingEntry, {**queue, "feed_addresses": addresses, "entry": record(Entry, row)})


def seen_entries(
    wh: Warehouse, entries: Iterable[Entry], same: Mapping[int, int] = MappingProxyType({})
) -> tuple[SeenEntry, ...]:
    """What is stored that any of `entries` may be: with its id, its guid, its page, or its title
    and an address that differs in parameters; of the same feed always, or of one that is the same
    by now: those in `same` are about to be. The one first seen last comes first.

    Most are found by their ids, and have the guid and link that they had: only for the others their
    feeds are searched. A lake reads whole files each time, so there all are found in one go.
    """
    sql, left = queries("queue/entries"), list(entries)
    found: dict[int, dict[str, object]] = {}
    if left and wh.desk.lake is None:
        with wh.registered("shown", _shown(left)):
            found = {int(str(row["entry_id"])): row for row in wh.records(sql["same"])}
        left = [entry for entry in left if _differs(entry, found.get(entry.entry_id))]
    if left:
        kin = {"feed_id": list(same.keys()), "same_feed_id": list(same.values())}
        united = pa.table({name: pa.array(ids, pa.uint64()) for name, ids in kin.items()})
        with wh.registered("shown", _shown(left)), wh.registered("united", united):
            found |= {int(str(row["entry_id"])): row for row in wh.records(sql["seen"])}
    first_seen = {number: row.pop("first_seen_at") for number, row in found.items()}
    in_order = sorted(sorted(found), key=first_seen.__getitem__, reverse=True)  # type: ignore[arg-type] # times
    return tuple(record(SeenEntry, found[number]) for number in in_order)


def _shown(entries: Iterable[Entry]) -> pa.Table:
    names = ("entry_id", "feed_id", "guid", "link", "title")
    schema = pa.schema(
        [(name, pa.uint64() if name.endswith("_id") else pa.string()) for name in names]
    )
    rows = [{name: getattr(entry, name) for name in names} for entry in entries]
    return pa.Table.from_pylist(rows, schema=schema)


def _differs(entry: Entry, row: dict[str, object] | None) -> bool:
    return row is None or (row["guid"], row["link"]) != (entry.guid, entry.link)


def seen_names(wh: Warehouse, feed: int) -> frozenset[str]:
    """The guids and links of all entries that a feed ever showed."""
    rows = wh.execute(queries("queue/entries")["seen_names"], {"feed_id": feed})
    return frozenset(str(name) for (name,) in rows)


def known_articles(wh: Warehouse, article_ids: Sequence[int]) -> dict[int, bool]:
    """Which of these articles are stored already, and whether as a feed carried them: not as their
    page shows them."""
    with wh.registered("asked", _asked("article_id", article_ids)):
        rows = wh.execute(queries("queue/entries")["known_articles"])
    return {int(str(article)): bool(carried) for article, carried in rows}


def _asked(column: str, ids: Iterable[object]) -> pa.Table:
    """Ids to look for. As a table, because DuckDB takes long to bind a list of thousands."""
    return pa.table({column: pa.array(ids, pa.uint64())})


def requeue_off_topic(
    wh: Warehouse, topics_digest: str, since: datetime, formerly: Sequence[str] = ()
) -> int:
    """Put entries first seen at or after `since` back to waiting that were off topic under other
    topics than those of `topics_digest`, and of the digests that they had `formerly`; returns how
    many."""
    sql = queries("queue/entries")
    known = ",".join([topics_digest, *formerly])
    params = {
        "topics_digest": topics_digest,
        "known": known,
        "since": since,
        "backfilled": BACKFILLED,
    }
    count = {name: value for name, value in params.items() if name != "topics_digest"}
    if wh.execute(sql["count_off_topic"], count) == [(0,)]:
        return 0  # not even an empty change: nothing to publish

    def requeue() -> int:
        ((count,),) = wh.execute(sql["requeue_off_topic"], params)
        wh.execute(sql["apply_requeue"], params)
        return int(str(count))

    return wh.change(requeue)
