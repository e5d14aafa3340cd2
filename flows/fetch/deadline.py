"""The time that a page has to arrive, over all its redirects."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager


class Deadline:
    """Runs while we wait for the other side, and stands still while the other side waits for us."""

    def __init__(self, seconds: float) -> None:
        self.left = seconds
        self._timeout: asyncio.Timeout | None = None

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Raises TimeoutError when the time is up."""
        now = asyncio.get_running_loop().time
        started = now()
        try:
            async with asyncio.timeout(max(self.left, 0.0)) as self._timeout:
                yield
        finally:
            self.left -= now() - started
            self._timeout = None

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """Within `running`: what happens now takes no time."""
        timeout = self._timeout
        if timeout is None or (ends := timeout.when()) is None:
            raise RuntimeError("only what runs can be stopped")
        now = asyncio.get_running_loop().time
        started = now()
        timeout.reschedule(None)
        try:
            yield
        finally:
            took = now() - started
            self.left += took
            timeout.reschedule(ends + took)
