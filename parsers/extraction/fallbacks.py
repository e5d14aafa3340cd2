"""Other ways to a page's text, for the few pages where trafilatura finds next to nothing.

Trafilatura knows containers by their names, so a name that misleads (an article inside
`nav_menu-8`) hides the text from it. Readability scores what containers hold, whatever they are
called. Trafilatura carries a copy of it: readability-lxml itself can't be installed beside
trafilatura by pip 23.0 to 23.2. JSON-LD may carry the text in full where the markup shows a
teaser, and so may what the page's scripts start with.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy

from lxml.etree import LxmlError
from lxml.html import HtmlElement
from trafilatura.readability_lxml import Document

from parsers.extraction.blocks import read_blocks
from parsers.extraction.script_state import state_lines
from parsers.extraction.tree import parse_html
from parsers.metadata.facts import PageStatements, unescape_twice
from parsers.text.lines import squeeze

ENOUGH_CHARS = 250
"""Texts of this length need no other way."""
_MAX_CHARS = 400_000
_TAG = re.compile(r"<[^<>]{1,300}>")
_CLEARLY_MORE = 2
"""Another way counts where it brings this many times the text."""


def lines_or_fallback(
    found: list[str], tree: HtmlElement, facts: PageStatements
) -> tuple[list[str], str]:
    """(lines, method): `found` itself where it is enough or nothing else brings clearly more."""
    chars = sum(map(len, found))
    stated = _stated_lines(facts)
    if len(found) == 1 < len(stated) and squeeze(found[0]) == squeeze("".join(stated)):
        # Trafilatura took it from JSON-LD too, and lost its paragraphs.
        return stated, "json-ld"
    if chars < ENOUGH_CHARS:
        enough = max(ENOUGH_CHARS, _CLEARLY_MORE * chars)
        for lines, method in _other_ways(tree, facts, stated):
            if sum(map(len, lines)) >= enough:
                return lines, method
    return found, "trafilatura" if found else "none"


def _other_ways(
    tree: HtmlElement, facts: PageStatements, stated: list[str]
) -> Iterator[tuple[list[str], str]]:
    yield _readability_lines(tree), "readability"
    yield stated, "json-ld"
    yield state_lines(tree, facts), "script"


def _stated_lines(facts: PageStatements) -> list[str]:
    body = facts.article.get("articleBody")
    text = _TAG.sub("\n", unescape_twice(body[:_MAX_CHARS])) if isinstance(body, str) else ""
    return [line.strip() for line in text.splitlines() if line.strip()]


def _readability_lines(tree: HtmlElement) -> list[str]:
    for document in (Document, _LenientDocument):
        try:
            summary = document(deepcopy(tree)).summary()  # it takes the tree apart
        except (LxmlError, ValueError, TypeError):
            continue
        found = parse_html(summary)
        lines = [block.text for block in read_blocks(found)] if found is not None else []
        if sum(map(len, lines)) >= ENOUGH_CHARS:
            return lines
    return []


class _LenientDocument(Document):
    """Readability's second try, for where names of containers mislead it too."""

    __slots__ = ()

    def remove_unlikely_candidates(self) -> None:
        """Keeps them."""
