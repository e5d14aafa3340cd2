"""Doing things side by side, where the first that fails ends the others and is raised itself."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

Result = TypeVar("Result")


async def together(work: Iterable[Coroutine[Any, Any, Result]]) -> list[Result]:
    """The results of all `work`, in its order. When one fails, or this is cancelled, the others
    are cancelled and waited for."""
    with first_error():
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(one) for one in work]
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
