"""What an error must not hold on to."""

from __future__ import annotations

import gc
import weakref
from concurrent.futures import Future

from flows.concurrency import drop_traceback


class Held:
    """A page, say."""


def test_an_error_lets_go_of_what_was_in_hand_without_the_garbage_collector() -> None:
    held: list[weakref.ref[Held]] = []

    def parse() -> None:
        page, future = Held(), Future[None]()
        held.append(weakref.ref(page))
        future.set_exception(OSError("the cause"))
        try:
            future.result()
        except OSError as error:
            raise ValueError("the error") from error

    gc.disable()
    try:
        try:
            parse()
        except ValueError as error:
            kept = drop_traceback(error)
        assert held[0]() is None
    finally:
        gc.enable()
    assert str(kept) == "the error"
    assert str(kept.__cause__) == "the cause"
