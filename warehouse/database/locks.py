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
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO, TypeVar

from parsers.errors import Retry

T = TypeVar("T")

OnWait = Callable[[str], None]
_OTHERS = {"warehouse_locked", "warehouse_busy", "already_running"}
"""Errors that pass when others are done."""


@contextmanager
def held(lock: Path, *, wait: float, on_wait: OnWait | None = None) -> Iterator[None]:
    """Hold the lock file, waiting for it up to `wait` seconds.

    Raises Retry("warehouse_locked") that names who has it.
    """

    def refusal(holder: str) -> Retry:
        return Retry(
            "warehouse_locked",
            f"The warehouse in {lock.parent} is at work for {holder}. Nothing is lost; wait for "
            "it to finish, or try again later.",
        )

    with lock.open("a+", encoding="utf-8") as file:
        patiently(lambda: take(file, refusal), wait=wait, on_wait=on_wait)
        yield


def take(file: TextIO, refusal: Callable[[str], Retry], kind: int = fcntl.LOCK_EX) -> None:
    """Lock an open file with flock(2), which ends with the process, and write into it who we are.

    Raises the `refusal` of who has it already.
    """
    try:
        fcntl.flock(file.fileno(), kind | fcntl.LOCK_NB)
    except BlockingIOError as error:
        file.seek(0)
        raise refusal(file.read().strip() or "another process") from error
    file.truncate(0)
    file.write(f"process {os.getpid()} ({command_line()})")
    file.flush()


def command_line() -> str:
    """What this process was started as, for others to recognise it."""
    return " ".join(part.rpartition("/")[2] for part in sys.argv[:2]) or "python"


def patiently(act: Callable[[], T], *, wait: float, on_wait: OnWait | None = None) -> T:
    """What `act` returns, tried again for up to `wait` seconds while the warehouse is locked, or
    while others change it at the same time.

    `on_wait` is told once who is waited for.
    """
    trying = tries(act, wait=wait, on_wait=on_wait)
    while True:
        try:
            pause = next(trying)
        except StopIteration as done:
            result: T = done.value
            return result
        time.sleep(pause)


def tries(
    act: Callable[[], T], *, wait: float, on_wait: OnWait | None = None
) -> Generator[float, None, T]:
    """The same for whoever has another way to sleep: tries `act`, and yields the seconds until the
    next try, each time longer, until it is done."""
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
        yield min(pause, max(0.0, deadline - time.monotonic()))
        pause = min(pause * 1.5, 0.5)
