"""The crate that a harvest fills, and lands as a batch whenever it is full."""

from __future__ import annotations

from collections import Counter

from flows.archive.writing import RawPage
from flows.outcomes import Harvested
from flows.tools import Tools

LOAD_PAUSE = 5.0
"""Seconds between two loads of a harvest: opening and closing the warehouse costs more than merging
a batch does, and what is landed is safe."""

MAX_RAW = 8_000_000
"""Bytes of raw pages that a crate holds: eight crates are filled at once."""


class Crate:
    """Collects what was harvested and lands it as a batch whenever it is full."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._held: list[Harvested] = []
        self._raw: list[RawPage] = []
        self._raw_size = 0
        self.counts: Counter[str] = Counter()

    async def add(self, harvested: Harvested, raw: RawPage | None = None) -> None:
        """Takes one outcome, and the page it was read from where that is to be kept; lands the
        crate where it is full now."""
        if raw:
            self._raw.append(raw)
            self._raw_size += len(raw.fetched.packed)
        self._held.append(harvested)
        self.counts[harvested.outcome.state.value] += 1
        self._tools.listener.entry_decided(harvested.outcome)
        full = len(self._held) >= self._tools.settings.batch_size
        if full or self._raw_size >= MAX_RAW:
            await self.empty()

    async def empty(self) -> None:
        """Lands whatever is in the crate; loads it, and lets readers see it, now and then."""
        if await self.land() and await self._tools.load(pause=LOAD_PAUSE):
            await self._tools.publish(pause=self._tools.settings.publish_pause)

    async def land(self) -> bool:
        """Makes whatever is in the crate durable; False where it is empty."""
        held, self._held = self._held, []
        raw, self._raw, self._raw_size = self._raw, [], 0
        if not held:
            return False
        await self._tools.land(
            self._tools.batch(
                "harvest",
                articles=tuple(one.article for one in held if one.article),
                outcomes=tuple(one.outcome for one in held),
                failures=tuple(one.failure for one in held if one.failure),
            ),
            raw,
        )
        return True
