"""Errors keep what was in hand when they were raised: their tracebacks hold the frames, and the
frames hold pages. Kept in one of these frames itself, or in a future that one holds, an error is a
circle that only the garbage collector finds, and that counts objects, not megabytes."""

from __future__ import annotations

from traceback import clear_frames
from typing import TypeVar

Error = TypeVar("Error", bound=BaseException)


def let_go(error: Error) -> Error:
    """`error`, without anything that it and its causes hold of where they came from."""
    found: list[BaseException] = [error]
    for one in found:
        clear_frames(one.__traceback__)
        one.__traceback__ = None
        behind = (one.__cause__, one.__context__)
        found += [other for other in behind if other is not None and other not in found]
    return error
