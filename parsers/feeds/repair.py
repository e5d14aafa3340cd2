"""Feeds with faults that a reader can be sure about, mended before they are parsed.

A warning of the server ahead of the document, characters that XML forbids, declarations of
entities: all of these are common, and none of them is worth losing a feed or a host for.
"""

from __future__ import annotations

import re

from parsers.text.characters import without_forbidden

_ROOT = re.compile(r"<(?:[\w.-]+:)?(?:rss|feed|rdf|channel)\b", re.IGNORECASE)
_PAGE = re.compile(r"<(?:html|head|body)\b", re.IGNORECASE)
_DECLARATION = re.compile(r"<\?xml\s|<!DOCTYPE\b", re.IGNORECASE)
_MISC = re.compile(r"<!--.*?(?:-->|$)|<\?.*?(?:\?>|$)", re.DOTALL)
_SUBSET = re.compile(r"<!DOCTYPE[^\[<>]*\[", re.IGNORECASE)
_GUID = re.compile(r"<((?:[\w.-]+:)?(?:guid|id))((?:\s[^<>]*?)?)(/?)>", re.IGNORECASE)
_PERMALINK = re.compile(r"""\sisPermaLink\s*=\s*("[^"]*"|'[^']*')""", re.IGNORECASE)


def looks_like_feed(text: str) -> bool:
    """Whether `text` has the root of a feed in it, and not that of a page before it."""
    root = _ROOT.search(text)
    page = _PAGE.search(text)
    return root is not None and (page is None or root.start() < page.start())


def mend_feed(text: str) -> tuple[str, str | None]:
    """`text` with the faults taken out that a reader can be sure about, and their name."""
    root = _ROOT.search(text)
    head_end = root.start() if root else 0
    declaration = _DECLARATION.search(text, 0, head_end)
    start = declaration.start() if declaration else head_end
    problem = None
    if _MISC.sub("", text[:start]).strip("\ufeff \t\r\n"):
        problem = "text before the feed's beginning"
    mended = _without_subset(text[start:head_end]) + text[head_end:]
    allowed = without_forbidden(mended)
    if len(allowed) != len(mended):
        problem = problem or "characters that XML forbids"
    return _GUID.sub(_opaque_guid, allowed), problem


def _without_subset(head: str) -> str:
    """`head` without the declarations inside its document type: no entity is ever defined."""
    opening = _SUBSET.search(head)
    if opening is None:
        return head
    return head[: opening.end() - 1] + head[max(head.rfind("]") + 1, opening.end()) :]


def _opaque_guid(match: re.Match[str]) -> str:
    """A guid that feedparser leaves as it is.

    By default it resolves guids against the feed's address, and they would change with it.
    """
    attributes = _PERMALINK.sub("", match[2])
    return f'<{match[1]}{attributes} isPermaLink="false"{match[3]}>'
