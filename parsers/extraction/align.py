"""Finds the blocks of a page that the lines of an extractor came from."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from parsers.extraction.blocks import Block

_NOT_WORD = re.compile(r"[\W_]+")
_SHORT = 12
"""Squeezed lines below this length are too common to be searched backwards."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of extracted text and the blocks it came from."""

    text: str
    first: int | None = None
    """Index of its first block; None where the line is not found in the page."""
    last: int | None = None
    """Index of its last block, inclusive."""


def squeeze(text: str) -> str:
    """`text` with nothing but its letters and digits, case folded."""
    return _NOT_WORD.sub("", text).casefold()


def align(lines: Sequence[str], blocks: Sequence[Block]) -> list[Line]:
    """Place each line in the page; lines mostly follow each other, so the search goes forward."""
    squeezed = [squeeze(block.text) for block in blocks]
    page = "".join(squeezed)
    ends = list(accumulate(map(len, squeezed)))
    position = 0
    placed: list[Line] = []
    for text in lines:
        wanted = squeeze(text)
        start = page.find(wanted, position) if wanted else -1
        if start < 0 and len(wanted) >= _SHORT:
            start = page.find(wanted)
        if start < 0:
            placed.append(Line(text))
            continue
        position = start + len(wanted)
        placed.append(Line(text, bisect_right(ends, start), bisect_left(ends, position)))
    return placed
