"""Puts back into extracted lines what the extractor lost inside the text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from lxml.html import HtmlElement

from parsers.alignment import Line
from parsers.blocks import Block
from parsers.furniture import furniture_of

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


def lost_blocks(lines: Sequence[Line], kept: Sequence[Line], blocks: Sequence[Block]) -> list[int]:
    """Indices of subheadings and paragraphs that the extractor lost inside the text.

    What stands between two lines of the text, directly in the container that holds most of it,
    belongs to it. `lines` are all that were extracted, `kept` those that are still there: what
    was taken away on purpose stays away.
    """
    inside = sorted(covered(kept))
    chars: Counter[HtmlElement] = Counter()
    for index in inside:
        chars[blocks[index].container] += len(blocks[index].text)
    if not chars:
        return []
    container = chars.most_common(1)[0][0]
    known = covered(lines)
    return [
        index
        for index in range(inside[0], inside[-1])
        if index not in known and _belongs(blocks[index], container)
    ]


def _belongs(block: Block, container: HtmlElement) -> bool:
    return (
        block.tag in _TAGS
        and block.container is container
        and block.link_chars <= _MAX_LINK_SHARE * len(block.text)
        and furniture_of(block) is None
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
