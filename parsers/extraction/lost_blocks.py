"""What of an article its extractor lost, told by where it stands in the page.

What stands between two lines of the text, directly in the container that holds most of it (or in a
list there), belongs to it. So does prose in other containers of the same kind: a text that adverts
or pictures cut into pieces stands in several, all with one class. What was extracted and is not
there any more was taken away on purpose.
"""

from __future__ import annotations

from collections.abc import Container, Sequence

from lxml.html import HtmlElement

from parsers.extraction.align import PlacedText
from parsers.extraction.blocks import Block
from parsers.extraction.furniture_rules import furniture_of
from parsers.text.lines import is_prose, squeeze

_TAGS = ("p", "li", "h2", "h3", "h4", "h5", "h6")
_MAX_LINK_SHARE = 0.4
_MAX_LINKS_OF_ITEM = 0.15
"""Items of a list that are links lead to other pages."""
_MAX_LINKS_OF_PART = 0.2
_MIN_PROSE_OF_PART = 0.5
_CLIMB = 3
"""Without an article around them, parts stand at most so many levels below one element …"""
_BEYOND = 2
"""… and those beyond what was found have so many paragraphs."""


def lost_blocks(text: PlacedText, extracted: Container[int]) -> list[int]:
    """Indices of the blocks that belong to the text and were not `extracted`, in reading order."""
    if not text.covered:
        return []
    first, last = min(text.covered), max(text.covered)
    parts = _parts(text)
    said = squeeze("".join(line.text for line in text.lines)) if parts else ""
    return [
        index
        for index, block in enumerate(text.blocks)
        if index not in extracted
        and (
            (first < index < last and _home(block) is text.path[-1])
            or (not parts.isdisjoint(block.path) and squeeze(block.text) not in said)
        )
        and _is_text(block, text.path)
    ]


def _home(block: Block) -> HtmlElement:
    """The container that a block belongs to: an item stands in a list, and the list there."""
    return block.path[-3:][0] if block.tag == "li" else block.container


def _is_text(block: Block, path: tuple[HtmlElement, ...]) -> bool:
    share = _MAX_LINKS_OF_ITEM if block.tag == "li" else _MAX_LINK_SHARE
    return (
        block.tag in _TAGS
        and block.link_chars <= share * len(block.text)
        and furniture_of(block, path) is None
    )


def _parts(text: PlacedText) -> frozenset[HtmlElement]:
    """The other containers of the text: those of the main one's tag and class, within the same
    article, that hold prose with few links."""
    at = next((i for i in range(len(text.path) - 1, 0, -1) if text.path[i].get("class")), None)
    if at is None or text.path[at].tag == "article":
        return frozenset()
    main = text.path[at]
    article = next((element for element in text.path[:at] if element.tag == "article"), None)
    root = text.path[max(0, at - _CLIMB)] if article is None else article
    held: dict[HtmlElement, list[int]] = {
        element: []
        for element in root.iter(str(main.tag))
        if element is not main and element.get("class") == main.get("class")
    }
    for index, block in enumerate(text.blocks if held else ()):
        for element in block.path:
            if element in held:
                held[element].append(index)
    return frozenset(
        element
        for element, indices in held.items()
        if _holds_prose(indices, text, bounded=article is not None)
    )


def _holds_prose(indices: Sequence[int], text: PlacedText, *, bounded: bool) -> bool:
    """Whether a container is of prose and not of links; beyond the ends of a text that no `article`
    marks, one paragraph is not enough: it may be about the author."""
    blocks = [text.blocks[index] for index in indices]
    chars = sum(len(block.text) for block in blocks)
    prose = [len(block.text) for block in blocks if is_prose(block.text)]
    links = sum(block.link_chars for block in blocks)
    beyond = bool(indices) and not min(text.covered) < indices[0] < max(text.covered)
    return (
        len(prose) >= (_BEYOND if beyond and not bounded else 1)
        and sum(prose) >= _MIN_PROSE_OF_PART * chars
        and links <= _MAX_LINKS_OF_PART * chars
    )
