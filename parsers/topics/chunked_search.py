"""Searching a text for many needles at once, a slice at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import AnyStr

SLICE = 1 << 15
"""Characters or bytes."""

Hit = tuple[int, int, int]
"""Number of the needle, where it starts, where it ends."""


def hits_in(text: AnyStr, search: Callable[[AnyStr], list[Hit]], *, longest: int) -> Iterator[Hit]:
    """What `search` finds in `text`, in the order of the ends; `longest` is how long needles are at
    most.

    A page of millions of hits would else fill the memory while native code has the word, and that
    knows no other way out than to end the process.
    """
    for begin in range(0, len(text), SLICE):
        first = max(0, begin - longest + 1)
        for number, start, end in search(text[first : begin + SLICE]):
            if first + end > begin:
                yield number, first + start, first + end
