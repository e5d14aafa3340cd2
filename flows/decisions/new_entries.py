"""What of a poll is news: how much of it is new, and what comes late or in bulk. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

from parsers.records import Entry
from warehouse.records import Feed

LATE = timedelta(days=2)
"""An entry that its feed shows so long after others of its date is no news: somebody filled up
the archive."""
BULK = 10
"""Entries from which on a change of most of them is an edit in bulk."""
_LATEST = 20
"""Entries that tell a feed's rhythm: how it was a year ago says nothing."""


@dataclass(frozen=True, slots=True)
class NewEntries:
    """What a poll brought beyond the one before."""

    new: int
    """Entries that the poll before had not."""
    shown: int
    """Entries in the feed."""

    @property
    def share(self) -> float:
        """New ones of all; where it is high, entries may have come and gone between two polls."""
        return self.new / self.shown if self.shown else 0.0


def told_at(entry: Entry) -> datetime | None:
    """The date of an entry: of publication, or else of its last change."""
    return entry.published_at or entry.updated_at


def newest_at(feed: Feed, entries: Sequence[Entry]) -> datetime | None:
    """The date of the newest entry that `feed` ever showed, `entries` included."""
    dates = [date for date in (feed.newest_at, *map(told_at, entries)) if date is not None]
    return max(dates, default=None)


def newest_entry(entries: Sequence[Entry]) -> Entry | None:
    """The newest of `entries` by date; where none has a date the first, as nearly all feeds list
    the newest first."""
    dated = [entry for entry in entries if told_at(entry) is not None]
    if dated:
        return max(dated, key=lambda entry: (told_at(entry), entry.entry_id))
    return entries[0] if entries else None


def new_entries(feed: Feed, entries: Sequence[Entry]) -> NewEntries:
    """What of `entries` is new since `feed` was read last: told by dates, or else by the place of
    the entry that was the newest then."""
    if feed.succeeded_at is None:
        return NewEntries(0, len(entries))
    if feed.newest_at is not None and any(map(told_at, entries)):
        new = sum(1 for one in entries if (date := told_at(one)) and date > feed.newest_at)
        return NewEntries(new, len(entries))
    ids = [entry.entry_id for entry in entries]
    known = feed.newest_entry_id in ids
    return NewEntries(ids.index(feed.newest_entry_id) if known else len(ids), len(ids))  # type: ignore[arg-type] # known says it is no None


def gap_of(entries: Sequence[Entry]) -> float | None:
    """Median seconds between the newest of `entries`; None where fewer than three have dates."""
    dates = sorted({date for date in map(told_at, entries) if date}, reverse=True)[:_LATEST]
    if len(dates) < 3:
        return None
    return median((later - earlier).total_seconds() for later, earlier in pairwise(dates))


def mark_backfill(feed: Feed, entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """`entries`, those marked that are no news even where they are new.

    These are all of a feed that is read for the first time; entries dated well before others that
    the feed has shown already; and where a feed was edited in bulk (new ids for old entries, or
    most of them stamped as updated) all it had before.
    """
    if feed.succeeded_at is None:
        return tuple(replace(entry, backfill=True) for entry in entries)
    ids = {entry.entry_id for entry in entries}
    gone = feed.newest_entry_id is not None and feed.newest_entry_id not in ids
    restamped = sum(1 for entry in entries if _is_restamped(entry, feed))
    edited = len(entries) >= BULK and (gone or restamped * 2 >= len(entries))
    return tuple(
        replace(entry, backfill=True) if _is_late(entry, feed, edited=edited) else entry
        for entry in entries
    )


def _is_late(entry: Entry, feed: Feed, *, edited: bool) -> bool:
    date = entry.published_at or (None if edited else entry.updated_at)
    if date is None or feed.newest_at is None:
        return edited
    return date <= feed.newest_at if edited else date < feed.newest_at - LATE


def _is_restamped(entry: Entry, feed: Feed) -> bool:
    """Whether an entry that the feed had before says that it was updated since the last poll."""
    if entry.updated_at is None or feed.succeeded_at is None or feed.newest_at is None:
        return False
    old = entry.published_at is None or entry.published_at <= feed.newest_at
    return old and entry.updated_at > feed.succeeded_at
