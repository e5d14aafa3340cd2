"""The time that one host may take of a run, so that none keeps the others' news waiting for hours.

What a slow host, or one that asks for long pauses, has no time left for is put off to later runs,
as much to each as this one managed. That is no failure and costs no attempt.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flows.decisions.outcomes import LONGEST_PAUSE, Harvested
from flows.decisions.plan import Group
from warehouse.records import EntryOutcome, EntryState

HOST_BUSY = "host_busy"
"""The reason of an entry that waits because its host's time was over."""


@dataclass(slots=True)
class HostBudget:
    """What one host has had of a harvest."""

    left: float
    """Seconds."""
    asked: int = 0
    """Pages."""
    put_off: int = 0


def put_off(
    groups: Sequence[Group], time: HostBudget, *, now: datetime, pause: float, digest: str
) -> Iterator[Harvested]:
    """The outcomes of entries that there was no time for: to be tried after `pause` seconds, but no
    more of them at once than were asked for in this run. Otherwise each run would decide about all
    of them anew."""
    for group in groups:
        later = pause * (1 + time.put_off // max(1, time.asked))
        time.put_off += 1
        for waiting in group:
            yield Harvested(
                EntryOutcome(
                    waiting.entry.entry_id,
                    EntryState.WAITING,
                    now,
                    HOST_BUSY,
                    attempts=waiting.attempts,
                    next_try_at=now + timedelta(seconds=min(later, LONGEST_PAUSE)),
                    topics_digest=digest,
                    **waiting.found_fields(),
                )
            )
