"""One run of a step at a time on a machine: a lock that the kernel takes back from the dead."""

from __future__ import annotations

import asyncio
import fcntl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from flows.shards import Shard
from parsers.errors import Retry
from warehouse.database.locks import take, tries


@asynccontextmanager
async def alone(
    path: Path,
    step: str,
    *,
    wait: float,
    on_wait: Callable[[str], None],
    kind: int = fcntl.LOCK_EX,
) -> AsyncIterator[None]:
    """Holds the lock file `path` while `step` runs, waiting up to `wait` seconds for another run.

    Two runs of a step side by side would lose nothing, but would ask every page twice. The lock
    is flock(2): it ends with its process, however that ends. With LOCK_SH as its `kind`, runs
    share it, and only exclude one that would have it for itself. Raises Retry("already_running").
    """

    def refusal(holder: str) -> Retry:
        return Retry(
            "already_running",
            f"Another {step} is at work on this warehouse: {holder}. Let it finish, or end it; "
            "whatever it collected is kept.",
        )

    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+", encoding="utf-8") as file:
        for pause in tries(lambda: take(file, refusal, kind), wait=wait, on_wait=on_wait):
            await asyncio.sleep(pause)
        yield


@asynccontextmanager
async def alone_in_shard(
    path: Path, step: str, shard: Shard, *, wait: float, on_wait: Callable[[str], None]
) -> AsyncIterator[None]:
    """Like `alone`, but runs of the step for other shards may go on beside this one; one for the
    whole press may not."""
    own = path.with_suffix(f".{shard.number}-of-{shard.of}.lock")
    async with (
        alone(path, step, wait=wait, on_wait=on_wait, kind=fcntl.LOCK_SH),
        alone(own, f"{step} of shard {shard}", wait=wait, on_wait=on_wait),
    ):
        yield
