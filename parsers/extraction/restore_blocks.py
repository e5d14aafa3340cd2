"""Puts back into extracted lines what the extractor lost inside the text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from lxml.html import HtmlElement

from parsers.extraction.align import Line
from parsers.extraction.blocks import Block
from parsers.extraction.furniture_rules import furniture_of

_TAGS = ("p", "h2", "h3", "h4", "h5", "h6")
_MAX_LINK_SHARE = 0.4


def covered(lines: Sequence[Line]) -> frozenset[int]:
    """Indices of the blocks that the lines came from."""
    return frozenset(
        index
        for line in lines
        if line.first is not None and line.last is not None
        for index in range(line.first, line.last + 1)
    )


def text_path(inside: Iterable[int], blocks: Sequence[Block]) -> tuple[HtmlElement, ...]:
    """The container that holds most of the text, and the elements around it, outermost first.

    `inside` are the indices of the blocks of the text; without any the path is empty.
    """
    chars: Counter[HtmlElement] = Counter()
    paths: dict[HtmlElement, tuple[HtmlElement, ...]] = {}
    for index in inside:
        block = blocks[index]
        chars[block.container] += len(block.text)
        paths[block.container] = block.path[:-1] or block.path
    return paths[chars.most_common(1)[0][0]] if chars else ()


def lost_blocks(
    lines: Sequence[Line],
    kept: Sequence[Line],
    blocks: Sequence[Block],
    path: tuple[HtmlElement, ...],
) -> list[int]:
    """Indices of subheadings and paragraphs that the extractor lost inside the text.

    What stands between two lines of the text, directly in the container that holds most of it
    (the last of `path`), belongs to it. `lines` are all that were extracted, `kept` those that
    are still there: what was taken away on purpose stays away.
    """
    inside = covered(kept)
    if not inside:
        return []
    known = covered(lines)
    return [
        index
        for index in range(min(inside), max(inside))
        if index not in known and _belongs(blocks[index], path)
    ]


def _belongs(block: Block, path: tuple[HtmlElement, ...]) -> bool:
    return (
        block.tag in _TAGS
        and block.container is path[-1]
        and block.link_chars <= _MAX_LINK_SHARE * len(block.text)
        and furniture_of(block, path) is None
    )


def insert_blocks(
    lines: Sequence[Line], indices: Sequence[int], blocks: Sequence[Block]
) -> list[Line]:
    """`lines` with the blocks at `indices` put where they stand in the page."""
    result = list(lines)
    for index in reversed(indices):
        at = next((i for i, line in enumerate(result) if (line.first or 0) > index), 0)
        result.insert(at, Line(blocks[index].text, index, index))
    return result
