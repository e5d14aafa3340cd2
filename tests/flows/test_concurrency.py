"""What an error must not hold on to, and what the garbage collector leaves alone."""

from __future__ import annotations

import gc
import weakref
from concurrent.futures import Future

from flows.concurrency import drop_traceback
from flows.run.context import garbage_of_its_own


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


def test_a_run_leaves_frozen_what_was_frozen_before() -> None:
    gc.freeze()
    with garbage_of_its_own():
        assert gc.get_freeze_count()
    assert gc.get_freeze_count()
