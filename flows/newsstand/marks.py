"""The marks in a manuscript's blocks: `## subheading`, `> quotation`, *emphasis*, [link](URL)."""

from __future__ import annotations

import re
from html import escape

_LINK = re.compile(r"\[([^\]]+)\]\(([^)]+)\)")
_EMPHASIS = re.compile(r"\*([^*]+)\*")


def unmarked(block: str) -> str:
    """A block as a reader sees it, without marks."""
    return _EMPHASIS.sub(r"\1", _LINK.sub(r"\1", block.removeprefix("## ").removeprefix("> ")))


def as_html(block: str) -> str:
    """A block as one HTML element."""
    mark = next(mark for mark in _ELEMENTS if block.startswith(mark))
    linked = _LINK.sub(r'<a href="\2">\1</a>', escape(block.removeprefix(mark), quote=False))
    return _ELEMENTS[mark].format(_EMPHASIS.sub(r"<em>\1</em>", linked))


_ELEMENTS = {
    "## ": "<h2>{}</h2>",
    "> ": "<blockquote><p>{}</p></blockquote>",
    "": "<p>{}</p>",
}
