"""The text of an article, each line of it placed in the blocks of its page.

Extractors give lines; the place of a line tells what the passes over the page go by.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from lxml.html import HtmlElement

from parsers.extraction.blocks import Block
from parsers.text.lines import squeeze

_SHORT = 12
"""Squeezed lines below this length are too common to be searched backwards."""
_CELLS = frozenset(("td", "th", "tr"))


@dataclass(frozen=True, slots=True)
class Line:
    """A line of extracted text and the blocks it came from."""

    text: str
    first: int | None = None
    """Index of its first block; None where the line is not found in the page."""
    last: int | None = None
    """Index of its last block, inclusive."""

    @property
    def span(self) -> range:
        """Indices of all its blocks."""
        return (
            range(0)
            if self.first is None or self.last is None
            else range(self.first, self.last + 1)
        )


@dataclass(frozen=True, slots=True)
class PlacedText:
    """A text and its page, as one pass over the page hands them to the next."""

    blocks: Sequence[Block]
    """All of the page."""
    lines: tuple[Line, ...]
    covered: frozenset[int]
    """Indices of the blocks that the lines came from."""
    path: tuple[HtmlElement, ...]
    """The container that held most of the text when it was placed, and the elements around it,
    outermost first; empty where no line was found in the page."""

    def with_lines(self, lines: Sequence[Line]) -> PlacedText:
        """The same page with other lines."""
        return replace(self, lines=tuple(lines), covered=_covered(lines))

    def with_blocks(self, indices: Sequence[int]) -> PlacedText:
        """The same, and the blocks at `indices` as lines where they stand in the page."""
        lines = list(self.lines)
        for index in reversed(indices):
            at = next((i for i, line in enumerate(lines) if (line.first or 0) > index), 0)
            lines.insert(at, Line(self.blocks[index].text, index, index))
        return self.with_lines(lines)


def place_text(found: Sequence[str], blocks: Sequence[Block]) -> PlacedText:
    """The lines that an extractor `found`, placed; those that run over several blocks get their
    paragraphs back."""
    lines: list[Line] = []
    for line in align(found, blocks):
        if len(line.span) < 3 or any(blocks[index].tag in _CELLS for index in line.span):
            lines.append(line)
        else:
            lines.extend(Line(blocks[index].text, index, index) for index in line.span)
    covered = _covered(lines)
    return PlacedText(blocks, tuple(lines), covered, _path(covered, blocks))


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


def _covered(lines: Sequence[Line]) -> frozenset[int]:
    return frozenset(index for line in lines for index in line.span)


def _path(covered: frozenset[int], blocks: Sequence[Block]) -> tuple[HtmlElement, ...]:
    chars: Counter[HtmlElement] = Counter()
    paths: dict[HtmlElement, tuple[HtmlElement, ...]] = {}
    for index in covered:
        block = blocks[index]
        chars[block.container] += len(block.text)
        paths[block.container] = block.path[:-1] or block.path
    return paths[chars.most_common(1)[0][0]] if chars else ()
