"""Locks on hosts, between the processes that share a folder: one request at a time, then
the pause, whichever process asks.

Inside a process a host's pool keeps requests apart. Beside it there may be a poll and a harvest, or
somebody's `add`; and a redirect may lead from one shard's host to another's.

One file: a lock on a byte of it is a host's lock, and the kernel takes it back from the dead;
the numbers in it say when a host may be asked again. Losing the file costs one pause.
"""

from __future__ import annotations

import asyncio
import fcntl
import logging
import os
import struct
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from flows.fetch.pacing import Pace
from parsers.identity import stable_id

log = logging.getLogger(__name__)

_SLOTS = 1 << 16
"""Times in the file. Hosts that share one wait for each other's pause: needless, but harmless."""
_LOOK = 0.05
"""Seconds between two tries for a lock that another process has."""
_TIME = struct.Struct("<d")


class HostLocks:
    """The locks of all hosts; a context manager. `clock` must be that of the other processes."""

    def __init__(self, path: Path, clock: Callable[[], datetime]) -> None:
        """`path` is made where it does not exist; its folder must."""
        self._path = path
        self._clock = clock
        self._file = -1

    def __enter__(self) -> Self:
        self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        os.close(self._file)

    @asynccontextmanager
    async def hold(self, host: str, pace: Pace) -> AsyncIterator[None]:
        """Wait for the lock of `host` and for the pause after the last one, and hold it."""
        place = stable_id("turn", host) >> 2  # the kernel counts bytes with a sign
        while not self._taken(place):
            await asyncio.sleep(_LOOK)
        try:
            await asyncio.sleep(self._wait(place, pace.pause))
            yield
        finally:
            until = self._clock().timestamp() + pace.pause
            os.pwrite(self._file, _TIME.pack(until), place % _SLOTS * _TIME.size)
            fcntl.lockf(self._file, fcntl.LOCK_UN, 1, place)

    def _taken(self, place: int) -> bool:
        try:
            fcntl.lockf(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, place)
        except (BlockingIOError, PermissionError):  # POSIX allows either
            return False
        return True

    def _wait(self, place: int, pause: float) -> float:
        """Seconds until the host may be asked; bounded, because a clock may have jumped back."""
        found = os.pread(self._file, _TIME.size, place % _SLOTS * _TIME.size)
        if len(found) < _TIME.size:
            return 0.0
        (until,) = _TIME.unpack(found)
        # 0.0 first: also a file of garbage, read as no number at all, gives a number.
        return min(max(0.0, float(until) - self._clock().timestamp()), pause)
