"""A worker process from within: how it starts, when it ends, what it sends back.

Workers are forked from a server process that has imported the parsers and has no threads, so a new
one costs no imports; and nobody else imports them, because that takes a second.
"""

from __future__ import annotations

import ctypes
import fcntl
import pickle
import resource
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from math import inf
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path
from typing import TypeVar

from lxml.etree import LxmlError

from parsers.errors import PressclipError, Quarantine

Result = TypeVar("Result")

ENOUGH_MEMORY = 300_000_000
"""Bytes in memory (code included) after which a worker takes no further page."""

ROOM = 120_000_000
"""Bytes that a worker must still be allowed to allocate to take a page. At its limit it could not
even read what it is asked, and nobody would learn that it had taken it."""

PIPE = 1 << 20
"""Bytes that may be on their way to a worker: as many as Linux gives to everybody."""

_PR_SET_PDEATHSIG = 1
"""From linux/prctl.h."""

_starting = threading.Lock()


class WorkerProcess(ForkServerProcess):
    """A process that does not import the program that started it, and ends when it has grown.

    A child of multiprocessing runs its parent's main module again; for a command line or a
    Prefect engine that is seconds of imports, and nothing of it is needed here.
    """

    def start(self) -> None:
        with _starting, _no_main_module():
            super().start()

    def run(self) -> None:
        _end_with_parent()
        _, channel = self._args  # type: ignore[attr-defined]  # what pebble's workers are given
        _widen(channel.reader.fileno())
        poll = channel.poll

        def poll_unless_grown(timeout: float | None = None) -> bool:
            if most_memory() > ENOUGH_MEMORY or room() < ROOM:
                # How pebble's workers learn that there is nothing more to do: they end quietly.
                raise EOFError
            return bool(poll(timeout))

        channel.poll = poll_unless_grown
        super().run()


def _widen(pipe: int) -> None:
    """Has a pipe take a page, or a few, at once. One of the usual size is filled and emptied in
    turn, 64 kB each time, which takes half as long again."""
    with suppress(OSError, AttributeError):  # where the system has other sizes, or none
        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, PIPE)  # type: ignore[attr-defined,unused-ignore]


def _end_with_parent() -> None:
    """Has the kernel end this process with the server that it was forked from, also in the midst of
    native code, where it hears no SIGTERM. `timeout` and systemd send that to all of a run's
    processes: the server ends, and then nobody is left who would know how to end its workers."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


class WorkerContext(ForkServerContext):
    """Multiprocessing with such processes."""

    Process = WorkerProcess


def most_memory() -> int:
    """Bytes that this process held in memory at most."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


def room() -> float:
    """Bytes that this process may still allocate, where the system tells."""
    limit, _ = resource.getrlimit(resource.RLIMIT_DATA)
    if limit == resource.RLIM_INFINITY or sys.platform != "linux":
        return inf
    data_pages = int(Path("/proc/self/statm").read_text("ascii").split()[5])
    return limit - data_pages * resource.getpagesize()


@contextmanager
def _no_main_module() -> Iterator[None]:
    main = sys.modules["__main__"]
    hidden = {name: getattr(main, name) for name in ("__spec__", "__file__") if hasattr(main, name)}
    for name in hidden:
        setattr(main, name, None)
    try:
        yield
    finally:
        for name, value in hidden.items():
            setattr(main, name, value)


def answer(what: str, function: Callable[..., Result], *args: object) -> Result:
    """What `function` returns. What it raises can be sent to the process that asked, which not
    every error of other libraries can; `what` is what the message calls what was parsed."""
    try:
        return function(*args)
    except (PressclipError, MemoryError):
        raise
    except BaseException as error:
        if not isinstance(error, LxmlError) and _can_be_sent(error):
            raise
        raise Quarantine(
            "parser_failed",
            f"Parsing {what} failed: {type(error).__name__}: {error}. The page is set aside.",
        ) from error


def _can_be_sent(error: BaseException) -> bool:
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301  # our own, a moment ago
    except Exception:  # noqa: BLE001  # whatever an error holds may refuse it in a way of its own
        return False
    return True
