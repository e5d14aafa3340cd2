"""One request, and what comes back from it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass

import httpx

from flows.fetch.fetched import Headers
from flows.fetch.memory_budget import Reservation


@dataclass(frozen=True, slots=True)
class Response:
    """What came back from one request."""

    status: int
    headers: Headers
    """Names in lower case, in the order received."""
    body: bytes
    """Unpacked."""
    packed: bytes = b""
    """The body as it was sent, its content coding not undone."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request."""

    url: httpx.URL
    headers: Headers
    deadline: Deadline
    """Of the page, over all requests for it."""
    reservation: Reservation
    """What the page takes of the memory for all."""
    max_bytes: int | None
    """Instead of the settings' limits on the body, where given."""
    form: bytes | None = None
    """What is posted; None: it is a GET."""
    cut: bool = False
    """Whether of a body beyond the limit the beginning will do."""
    patient: bool = True
    """Whether a rest that its host asked for is waited for, if it is short."""


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
