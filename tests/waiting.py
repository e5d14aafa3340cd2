"""Waiting for what is to happen. How long is only a guard: on a busy machine everything takes ten
times what it takes on an idle one, and no verdict is to depend on that."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import TypeVar

from flows.fetch.client import HttpClient
from parsers.errors import Retry

Found = TypeVar("Found")
PATIENCE = 180.0
"""Seconds: far more than anything takes that a test waits for."""


def eventually(
    look: Callable[[], Found | None], what: str, patience: float = PATIENCE, every: float = 0.25
) -> Found:
    """What `look` returns once it is true; it is asked every so many seconds."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        found = look()
        if found:
            return found
        time.sleep(every)
    raise AssertionError(f"waited {patience:g} s in vain for {what}")


async def until(
    look: Callable[[], object], patience: float = PATIENCE, every: float = 0.01
) -> None:
    """Lets other tasks work until `look` is true; it is asked every so many seconds."""
    async with asyncio.timeout(patience):
        while not look():
            await asyncio.sleep(every)


async def until_answered(client: HttpClient, url: str) -> bytes:
    """The page at `url`; asked for again where the machine is so busy that a short time-out of the
    client's settings runs out."""
    while True:
        try:
            return (await client.get(url)).body
        except Retry as error:
            if error.name != "timeout":
                raise
