"""Ending well when the system says so."""

from __future__ import annotations

import asyncio
import logging
import signal
import threading
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast

import httpx
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import State
from prefect.context import FlowRunContext
from prefect.states import Cancelled

from flows.server.reporting import tell_end

log = logging.getLogger(__name__)

_ANSWER = 5.0
"""Seconds that a run which has to end waits for the server."""

Args = ParamSpec("Args")
Result = TypeVar("Result")


@contextmanager
def cancelled_by_sigterm() -> Iterator[None]:
    """Within, SIGTERM cancels the task in hand, which then keeps what it has and ends.

    Prefect's own handler raises from wherever the program is, in the middle of the event loop
    too, which leaves nobody to land the batch in hand. A run that is cancelled this way is
    reported by Prefect's engine as crashed; see `cancellable`.
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


def cancellable(
    function: Callable[Args, Awaitable[Result]],
) -> Callable[Args, Coroutine[Any, Any, Result]]:
    """A flow's function that, stopped because a person cancelled its run, ends it as cancelled. As
    crashed it would be taken up again: that is what automations do with crashed runs."""

    @wraps(function)
    async def wrapped(*args: Args.args, **kwargs: Args.kwargs) -> Result:
        try:
            return await function(*args, **kwargs)
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task is None or not await _was_cancelled_by_a_person():
                raise
            task.uncancel()
            # A state that a flow returns is how its run ends; Prefect has no hook for this one.
            ended: State = Cancelled(message="What was collected before is kept.")
            context = FlowRunContext.get()
            if context and context.flow_run:
                tell_end(None, context.flow_run, ended)
            return cast(Result, ended)

    return wrapped


async def _was_cancelled_by_a_person() -> bool:
    """Whether the server says so; one that can't be asked does not keep a run from ending."""
    context = FlowRunContext.get()
    if context is None or context.flow_run is None:
        return False
    try:
        async with asyncio.timeout(_ANSWER), get_client() as client:
            state = (await client.read_flow_run(context.flow_run.id)).state
    except (httpx.HTTPError, OSError) as error:
        log.warning("the Prefect server can't be asked why this run was stopped: %r", error)
        return False
    return state is not None and state.is_cancelling()
