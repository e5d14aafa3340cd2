"""Ending well when the system says so."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def cancelled_by_sigterm() -> Iterator[None]:
    """Within, SIGTERM cancels the task in hand, which then keeps what it has and ends.

    Prefect's own handler raises from wherever the program is, in the middle of the event loop
    too, which leaves nobody to land the batch in hand. A run that is cancelled this way is
    reported by Prefect's engine as crashed, or as cancelled where a person asked for it.
    """
    task = asyncio.current_task()
    if task is None or threading.current_thread() is not threading.main_thread():
        yield
        return
    loop, before = asyncio.get_running_loop(), signal.getsignal(signal.SIGTERM)
    loop.add_signal_handler(signal.SIGTERM, task.cancel)
    try:
        yield
    finally:
        loop.remove_signal_handler(signal.SIGTERM)
        signal.signal(signal.SIGTERM, before)
