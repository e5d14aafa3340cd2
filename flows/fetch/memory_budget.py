"""Memory for bodies: how many bytes of them are in hand at once, however large pages are.

What is small (`FREE`) takes no part, and never waits. A larger body takes what it will likely need
before it grows further, and keeps what it really needs until its page is parsed. Where there is no
memory left it waits for others to be done, and as long as anybody waits, those that come slowly are
given up (`flows.fetch.bodies`): none can keep the memory by dripping.

Our own, because asyncio's semaphores and anyio's limiters hand out one unit at a time: holders that
need more before they can give anything back would wait for each other for ever.
"""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass
from types import TracebackType
from typing import Self

FREE = 1_000_000
"""Bytes that each body may have for nothing."""


@dataclass(frozen=True, slots=True, eq=False)
class _Waiting:
    reservation: Reservation
    bytes: int
    granted: asyncio.Future[None]


class MemoryBudget:
    """The bytes that all large bodies may have together.

    A body may need more than was likely while it holds what it has, so all of them could wait for
    each other. That can't happen here: a part as large as any body is kept back, and whoever meets
    an empty budget first may use it up. That one can always come to its end, and then there is
    memory for the next.
    """

    def __init__(self, most: int, largest: int) -> None:
        """`most` is all there is, `largest` what one body may take."""
        self.largest = largest
        self._left = max(0, most - largest)
        self._last: Reservation | None = None
        """Who took what was kept back."""
        self._waiting: deque[_Waiting] = deque()

    @property
    def wanted(self) -> bool:
        """Whether anybody waits for memory."""
        return bool(self._waiting)

    def reservation(self) -> Reservation:
        """What one page may reserve, with nothing in it yet."""
        return Reservation(self)

    async def take(self, reservation: Reservation, size: int) -> None:
        """Give `reservation` so many bytes more, first come, first served, but for the one that has
        begun to use what was kept back: the others wait for it."""
        if self._last is not reservation and (self._waiting or self._left < 0):
            waiting = _Waiting(reservation, size, asyncio.get_running_loop().create_future())
            self._waiting.append(waiting)
            try:
                await waiting.granted
            finally:
                # Cancelled before it was granted; what came before is in the reservation.
                if waiting in self._waiting:
                    self._waiting.remove(waiting)
        else:
            self._give(reservation, size)

    def give_back(self, size: int) -> None:
        """There is so much memory again."""
        self._left += size
        if self._left >= 0:
            self._last = None
        while self._waiting and self._left >= 0:
            waiting = self._waiting.popleft()
            if not waiting.granted.done():  # cancelled just now
                self._give(waiting.reservation, waiting.bytes)
                waiting.granted.set_result(None)

    def _give(self, reservation: Reservation, size: int) -> None:
        self._left -= size
        reservation.taken += size
        if self._left < 0:
            self._last = reservation


class Reservation:
    """What one page has of the memory; a context manager, or `close` it."""

    def __init__(self, budget: MemoryBudget) -> None:
        self._budget = budget
        self.taken = 0

    def covers(self, size: int) -> bool:
        """Whether a body of `size` bytes has all it needs."""
        return size <= FREE + self.taken

    @property
    def contested(self) -> bool:
        """Whether others wait for memory while this one has some."""
        return self.taken > 0 and self._budget.wanted

    async def grow(self, size: int, likely: int = 0) -> None:
        """Wait until there is memory for a body of `size` bytes by now, and `likely` so many in the
        end: for that many at once, or where it is more already, for as many as it could become."""
        if not self.covers(size):
            needed = likely if size <= likely else max(size, self._budget.largest)
            await self._budget.take(self, needed - FREE - self.taken)

    def shrink(self, size: int) -> None:
        """Keep no more than a body of `size` bytes needs."""
        spare = self.taken - max(0, size - FREE)
        if spare > 0:
            self.taken -= spare
            self._budget.give_back(spare)

    def close(self) -> None:
        """The page is no longer in hand."""
        self.shrink(0)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()
