"""Feeds that a page names: autodiscovery.

The `<link rel="alternate">` of the HTML standard (§4.6.7.1) comes first; a page without one may
still have a link that looks like a feed.
"""

from __future__ import annotations

import re

from lxml import etree
from lxml import html as lxml_html

from parsers.feeds.text import absolute_link
from parsers.text.decode import decode_page

_FEED_TYPES = frozenset(
    f"application/{name}" for name in ("rss+xml", "atom+xml", "rdf+xml", "feed+json", "rss", "atom")
) | {"text/rss+xml", "text/atom+xml", "application/x.atom+xml", "application/x-atom+xml"}
# Types of other things too: only where the address says feed.
_VAGUE_TYPES = frozenset({"application/json", "application/xml", "text/xml"})
_FEED_ADDRESS = re.compile(
    r"(?:^|[/._-])(?:feeds?|rss|atom|rdf)(?:$|[/._?-])|\.(?:rss|rdf|atom)$", re.IGNORECASE
)
_COMMENTS = re.compile(r"\bcomments?\b|\bkomentar\b", re.IGNORECASE)


def discover_feeds(html: str | bytes, base: str) -> tuple[str, ...]:
    """Absolute URLs of the feeds that a page at `base` names, the likeliest first.

    Feeds of comments come last: few who look for a site's feed want them.
    """
    text = html if isinstance(html, str) else decode_page(html, None)
    page = _page(text)
    if page is None:
        return ()
    declared = page.find(".//base[@href]")
    if declared is not None:
        base = absolute_link(declared.get("href"), base) or base
    named = _named(page, base) or _linked(page, base)
    # Stable: the page's own order stays among equals.
    ordered = sorted(named, key=lambda pair: _COMMENTS.search(" ".join(pair)) is not None)
    return tuple(dict.fromkeys(url for url, _ in ordered))


def _page(text: str) -> etree._Element | None:
    parser = lxml_html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False)
    try:
        return lxml_html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        return None


def _named(page: etree._Element, base: str) -> list[tuple[str, str]]:
    found = []
    for link in page.iter("link"):
        relations = (link.get("rel") or "").lower().split()
        if not {"alternate", "feed"} & set(relations):
            continue
        url = absolute_link(link.get("href"), base)
        kind = (link.get("type") or "").split(";")[0].strip().lower()
        if url and (
            kind in _FEED_TYPES
            or (kind in _VAGUE_TYPES and _FEED_ADDRESS.search(url))
            or (not kind and "feed" in relations)
        ):
            found.append((url, link.get("title") or ""))
    return found


def _linked(page: etree._Element, base: str) -> list[tuple[str, str]]:
    found = []
    for link in page.iter("a"):
        url = absolute_link(link.get("href"), base)
        if url and _FEED_ADDRESS.search(url.partition("#")[0]):
            found.append((url, link.get("title") or ""))
    return found
