"""Doing things side by side, where the first that fails ends the others and is raised itself;
and errors that may be kept."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterable, Iterator
from contextlib import contextmanager
from traceback import clear_frames
from typing import Any, TypeVar

Result = TypeVar("Result")


async def run_all(work: Iterable[Coroutine[Any, Any, Result]]) -> list[Result]:
    """The results of all `work`, in its order. When one fails, or this is cancelled, the others
    are cancelled and waited for."""
    with first_error():
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(coroutine) for coroutine in work]
    return [task.result() for task in tasks]


@contextmanager
def first_error() -> Iterator[None]:
    """Raises the first error of a group by itself: one error needs one message."""
    try:
        yield
    except BaseExceptionGroup as group:
        error: BaseException = group
        while isinstance(error, BaseExceptionGroup):
            error = error.exceptions[0]
        raise error from group


Error = TypeVar("Error", bound=BaseException)


def drop_traceback(error: Error) -> Error:
    """`error`, without anything that it and its causes hold of where they came from.

    Errors keep what was in hand when they were raised: their tracebacks hold the frames, and the
    frames hold pages. Kept in one of these frames itself, or in a future that one holds, an error
    is a circle that only the garbage collector finds, and that counts objects, not megabytes.
    """
    found: list[BaseException] = [error]
    for one in found:
        clear_frames(one.__traceback__)
        one.__traceback__ = None
        behind = (one.__cause__, one.__context__)
        found += [other for other in behind if other is not None and other not in found]
    return error
