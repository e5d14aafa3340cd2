"""Waiting for the warehouse, and saying for whom.

DuckDB's own lock keeps other processes out while the file is open. It does not cover two
threads of one process, nor the moment when `publish` copies the closed file, so whoever works
on the private file holds `writer.lock` as well.
"""

from __future__ import annotations

import fcntl
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from parsers.errors import Retry

T = TypeVar("T")

OnWait = Callable[[str], None]
_OTHERS = {"warehouse_locked", "warehouse_busy"}
"""Errors that pass when others are done."""


@contextmanager
def held(lock: Path, *, wait: float, on_wait: OnWait | None = None) -> Iterator[None]:
    """Hold the lock file, waiting for it up to `wait` seconds.

    Raises Retry("warehouse_locked") that names who has it.
    """
    with lock.open("a+", encoding="utf-8") as file:
        patiently(lambda: _take(file.fileno(), lock), wait=wait, on_wait=on_wait)
        file.truncate(0)
        command = " ".join(part.rpartition("/")[2] for part in sys.argv[:2])
        file.write(f"process {os.getpid()} ({command or 'python'})")
        file.flush()
        yield


def patiently(act: Callable[[], T], *, wait: float, on_wait: OnWait | None = None) -> T:
    """What `act` returns, tried again for up to `wait` seconds while the warehouse is locked, or
    while others change it at the same time.

    `on_wait` is told once who is waited for.
    """
    deadline = time.monotonic() + wait
    pause = 0.02
    told = False
    while True:
        try:
            return act()
        except Retry as error:
            if error.name not in _OTHERS or time.monotonic() >= deadline:
                raise
            if on_wait and not told:
                on_wait(error.message)
                told = True
        time.sleep(min(pause, max(0.0, deadline - time.monotonic())))
        pause = min(pause * 1.5, 0.5)


def _take(descriptor: int, lock: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        holder = lock.read_text(encoding="utf-8", errors="replace") or "another process"
        raise Retry(
            "warehouse_locked",
            f"The warehouse in {lock.parent} is at work for {holder}. Nothing is lost; wait for "
            "it to finish, or try again later.",
        ) from error
