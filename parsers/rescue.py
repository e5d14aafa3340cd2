"""Another way to a page's text, for the few pages where trafilatura finds next to nothing.

Trafilatura knows containers by their names, so a name that misleads (an article inside
`nav_menu-8`) hides the text from it. Readability scores what containers hold, whatever they are
called.
"""

from __future__ import annotations

import logging

from lxml.etree import LxmlError
from lxml.html import HtmlElement, tostring
from readability import Document
from readability.readability import Unparseable

from parsers.blocks import read_blocks
from parsers.html import parse_html

logging.getLogger("readability").setLevel(logging.CRITICAL)

ENOUGH_CHARS = 250
"""Texts of this length need no rescue."""
_CLEARLY_MORE = 2
"""A rescue counts where it brings this many times the text."""


def rescued_lines(tree: HtmlElement, found: list[str]) -> tuple[list[str], str]:
    """(lines, method): `found` itself where it is enough or nothing else brings clearly more."""
    chars = sum(map(len, found))
    if chars < ENOUGH_CHARS:
        lines = _readability_lines(tree)
        if sum(map(len, lines)) >= max(ENOUGH_CHARS, _CLEARLY_MORE * chars):
            return lines, "readability"
    return found, "trafilatura" if found else "none"


def _readability_lines(tree: HtmlElement) -> list[str]:
    try:
        summary = Document(tostring(tree, encoding="unicode")).summary(html_partial=True)
    except (Unparseable, LxmlError, ValueError, TypeError):
        return []
    found = parse_html(summary)
    return [block.text for block in read_blocks(found)] if found is not None else []
