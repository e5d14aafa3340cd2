"""Which lines of a text close nothing, because its prose goes on below them in the page."""

from __future__ import annotations

from parsers.extraction.align import Line, PlacedText
from parsers.extraction.boilerplate import Inside
from parsers.text.lines import is_prose, normalise_lines

_HEADINGS = ("h2", "h3", "h4", "h5", "h6")
_SHORT = 60
"""What closes an article is a label of a few words."""


def lines_inside(text: PlacedText) -> Inside:
    """The short lines between paragraphs of one container: a heading right above prose is a
    subheading, whatever it says; the label of a box ends where the box does and prose goes on."""
    begin = next((at for at, line in enumerate(text.lines) if _is_paragraph(line, text)), None)
    subheadings, boxes = set(), set()
    for at in range(0 if begin is None else begin + 1, len(text.lines)):
        line = text.lines[at]
        if line.first is None or len(line.text) > _SHORT:
            continue
        if _heads_prose(line, text):
            subheadings.add(" ".join(normalise_lines(line.text)))
        elif _goes_on(text, at):
            boxes.add(" ".join(normalise_lines(line.text)))
    return Inside(frozenset(subheadings), frozenset(boxes))


def prose_chars(text: PlacedText) -> int:
    """The characters of prose in the container that holds most of the text."""
    return sum(len(line.text) for line in text.lines if _is_paragraph(line, text))


def _goes_on(text: PlacedText, at: int) -> bool:
    """Whether the next line below that is in no list is a paragraph of the text."""
    below = (
        line
        for line in text.lines[at + 1 :]
        if line.first is None or text.blocks[line.first].tag != "li"
    )
    return _is_paragraph(next(below, None), text)


def _is_paragraph(line: Line | None, text: PlacedText) -> bool:
    """Whether a line is prose in the container that holds most of the text."""
    return (
        line is not None
        and line.first is not None
        and text.blocks[line.first].container is text.path[-1]
        and is_prose(line.text)
    )


def _heads_prose(line: Line, text: PlacedText) -> bool:
    """Whether it is a heading in the container of the text, and a paragraph of it comes next."""
    if line.last is None or line.last + 1 not in text.covered or ":" in line.text:
        return False
    heading, below = text.blocks[line.last], text.blocks[line.last + 1]
    return (
        heading.tag in _HEADINGS
        and heading.container is text.path[-1]
        and below.container is text.path[-1]
        and is_prose(below.text)
    )
