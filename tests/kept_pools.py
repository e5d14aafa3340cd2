"""Parser processes that outlive a run: to start some and have them read a first page takes a third
of a second of a processor. How they start, fail and end is tested in `flows/parser_pool/`."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

from pebble import ProcessPool

MOST = 3
"""Pools that wait for the next run; which of them has waited longest ends for another."""


@dataclass(eq=False)
class KeptPools:
    """Gives a run the pool of an earlier one that asked for the same."""

    _idle: list[Lent] = field(default_factory=list)

    def pool(self, **asked: Any) -> Lent:
        """Instead of `pebble.ProcessPool`."""
        same = {name: value for name, value in asked.items() if name != "context"}
        for lent in self._idle:
            if lent.asked == same:
                self._idle.remove(lent)
                return lent
        return Lent(ProcessPool(**asked), same, self._take_back)

    def end(self) -> None:
        """Ends those that wait."""
        while self._idle:
            self._idle.pop(0).end()

    def _take_back(self, lent: Lent) -> None:
        self._idle.append(lent)
        if len(self._idle) > MOST:
            self._idle.pop(0).end()


@dataclass(eq=False)
class Lent:
    """A pool as a run uses it. It is kept after the run where it has done all that it was given."""

    _pool: ProcessPool
    asked: dict[str, Any]
    _take_back: Callable[[Lent], None]
    _at_work: int = 0
    _done: int = 0
    _whole: bool = True
    _ended: bool = False

    @property
    def active(self) -> bool:
        """Whether it is at work; to ask starts it."""
        return bool(self._pool.active)

    def schedule(self, function: Callable[..., Any], **given: Any) -> Future[Any]:
        """As pebble's."""
        self._at_work += 1
        future: Future[Any] = self._pool.schedule(function, **given)
        future.add_done_callback(self._note)
        return future

    def _note(self, future: Future[Any]) -> None:
        self._at_work -= 1
        self._done += 1
        self._whole &= not future.cancelled() and future.exception() is None

    def stop(self) -> None:
        """The run ends."""
        if self._done and self._whole and not self._at_work:
            self._take_back(self)
        else:
            self._ended = True
            self._pool.stop()  # type: ignore[no-untyped-call]  # pebble has no types here

    def join(self) -> None:
        """Waits for the end, where it ends."""
        if self._ended:
            self._pool.join()

    def end(self) -> None:
        """Ends it for good."""
        self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()
