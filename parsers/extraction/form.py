"""Puts the marks of form (`parsers.text.marks`) into a text, by where its lines stood in the page.

It comes last: nothing that judges lines ever meets a mark but the dash of an item, which the
extractor writes.
"""

from __future__ import annotations

import re
from collections.abc import Container, Sequence

from lxml.html import HtmlElement

from parsers.extraction.align import Line, PlacedText
from parsers.text.lines import is_prose, normalise_lines, squeeze
from parsers.text.marks import CELL, HEADING, ITEM, QUOTE, number

_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_AHEAD = 200
"""Lines that may have been taken away between two that stayed."""
_HAS_NUMBER = re.compile(r"\W*\d+\W")
_MAX_NUMBER = 999_999_999


def with_marks(paragraphs: Sequence[str], text: PlacedText, standfirst: Container[int]) -> str:
    """The paragraphs that stayed of `text`, each with its mark; rows of a table and lines of
    preformatted text have no blank lines between them. The blocks of the `standfirst` are no
    subheadings, whatever their elements."""
    parts: list[str] = []
    at, before = 0, None
    for paragraph in paragraphs:
        ahead = range(at, min(at + _AHEAD, len(text.lines)))
        found = next((i for i in ahead if _is_from(paragraph, text.lines[i])), None)
        marked, together = paragraph, None
        if found is not None:
            at = found + 1
            line = text.lines[found]
            if line.first not in standfirst:
                marked, together = _marked(paragraph, line, text)
        if parts:
            parts.append("\n" if together is not None and together is before else "\n\n")
        parts.append(marked)
        before = together
    return "".join(parts)


def _is_from(paragraph: str, line: Line) -> bool:
    """Whether a paragraph is the line, or what is left of it."""
    if line.text == paragraph:
        return True
    said = line.text.lstrip()
    return said[:1] == paragraph[:1] and " ".join(normalise_lines(said)).startswith(paragraph)


def _marked(paragraph: str, line: Line, text: PlacedText) -> tuple[str, HtmlElement | None]:
    """(the paragraph with its mark, the table or preformatted text whose line it is)."""
    if line.first is None:
        return paragraph, None
    block = text.blocks[line.first]
    inside = [element for element in block.path if element not in text.path]
    table = next((element for element in reversed(inside) if element.tag == "table"), None)
    if table is not None:
        return _row(paragraph), table
    if block.tag == "pre":
        return paragraph, block.element
    if block.tag in _HEADINGS:
        whole = len(squeeze(block.text)) <= len(squeeze(paragraph))
        heading = whole and not (is_prose(paragraph) and paragraph.endswith((".", "!", "…", "。")))
        return (HEADING + paragraph if heading else paragraph), None
    if paragraph.startswith(ITEM):
        paragraph = _item(paragraph.removeprefix(ITEM), inside)
    quoted = any(element.tag == "blockquote" for element in inside)
    return (QUOTE + paragraph if quoted else paragraph), None


def _row(paragraph: str) -> str:
    """A row as the extractor writes it, without the bars around it and its last empty cells."""
    if not paragraph.startswith("|"):
        return paragraph
    cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", paragraph.strip("| "))]
    return CELL.join(cells).replace("\\|", "|")


def _item(said: str, inside: Sequence[HtmlElement]) -> str:
    item = next((element for element in reversed(inside) if element.tag == "li"), None)
    around = item.getparent() if item is not None else None
    if item is None or around is None or around.tag != "ol" or _HAS_NUMBER.match(said):
        return ITEM + said
    place = _integer(around.get("start"), 1)
    for other in around.iterchildren("li"):
        place = _integer(other.get("value"), place)
        if other is item:
            break
        place += 1
    return (number(place) if 0 <= place <= _MAX_NUMBER else ITEM) + said


def _integer(value: str | None, otherwise: int) -> int:
    return int(value) if value and re.fullmatch(r"[0-9]{1,9}", value) else otherwise
