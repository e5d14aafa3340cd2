"""Other ways to a page's text, for the few pages where trafilatura finds next to nothing.

Readability scores containers where trafilatura knows their names, so it often finds the text of
a page whose names say nothing. JSON-LD may carry the text where the markup builds it by script.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator

from lxml.etree import LxmlError
from lxml.html import HtmlElement, tostring
from readability import Document
from readability.readability import Unparseable

from parsers.blocks import read_blocks
from parsers.html import parse_html
from parsers.metadata.facts import Facts, unescape_twice

logging.getLogger("readability").setLevel(logging.CRITICAL)

ENOUGH_CHARS = 250
"""Texts of this length need no rescue."""
_CLEARLY_MORE = 2
"""A rescue counts where it brings this many times the text."""
_MAX_CHARS = 400_000
_TAG = re.compile(r"<[^<>]{1,300}>")


def rescued_lines(tree: HtmlElement, facts: Facts, found: list[str]) -> tuple[list[str], str]:
    """(lines, method): `found` itself where it is enough or nothing else brings clearly more."""
    chars = sum(map(len, found))
    if chars >= ENOUGH_CHARS:
        return found, "trafilatura"
    for lines, method in _others(tree, facts):
        if sum(map(len, lines)) >= max(ENOUGH_CHARS, _CLEARLY_MORE * chars):
            return lines, method
    return found, "trafilatura" if found else "none"


def _others(tree: HtmlElement, facts: Facts) -> Iterator[tuple[list[str], str]]:
    yield _readability_lines(tree), "readability"
    body = facts.article.get("articleBody")
    text = _TAG.sub("\n", unescape_twice(body[:_MAX_CHARS])) if isinstance(body, str) else ""
    yield [line for line in text.splitlines() if line.strip()], "json-ld"


def _readability_lines(tree: HtmlElement) -> list[str]:
    try:
        summary = Document(tostring(tree, encoding="unicode")).summary(html_partial=True)
    except (Unparseable, LxmlError, ValueError, TypeError):
        return []
    found = parse_html(summary)
    return [block.text for block in read_blocks(found)] if found is not None else []
