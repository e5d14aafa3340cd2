"""Feeds that a page names: autodiscovery.

The `<link rel="alternate">` of the HTML standard (§4.6.7.1) comes first; a page without one may
still have a link that looks like a feed.
"""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

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
    r"(?:^|[/._])(?:feeds?|rss2?|atom|rdf)(?:$|[/._?-])|(?<!about)(?<!help)-(?:feeds?|rss2?|atom)(?:$|[/._?])"
    r"|\.(?:rss|rdf|atom)(?:$|\?)"
    r"|rss\.(?:xml|php|aspx?)(?:$|\?)"
    r"|[?&](?:feed|format|type|output|alt|mode)=(?:rss2?|atom|rdf|feed|xml|json-?feed)(?:$|[&_-])",
    re.IGNORECASE,
)
_CALLED_FEED = re.compile(
    r"\W*(?:subscribe(?: (?:to|via))?\W+)?(?:our )?(?:rss|atom|xml|web|news)?\W*"
    r"(?:rss|atom|feeds?|json feed|newsfeed)\W*(?:2\.0|1\.0)?\W*",
    re.IGNORECASE,
)
"""What a link says that leads to a feed and not to a page about feeds."""
_NAMES_FEED = re.compile(r"\brss\b", re.IGNORECASE)
_MOST_WORDS = 4
_TELLS_OF_FEEDS = re.compile(
    r"\?|\b(?:about|what|how|why|help|info|readers?|über|was|qué|cos|co|apa|que)\b", re.IGNORECASE
)
"""What a link says that leads to a page about feeds."""
_FEED_HOST = re.compile(r"https?://(?:feeds?\d?|rss)\.[^/]+/.", re.IGNORECASE)
_PAGE_ADDRESS = re.compile(r"\.(?:html?|pdf|jpe?g|png|gif|svg|zip|mp3)(?:$|\?)", re.IGNORECASE)
_COMMENTS = re.compile(
    r"\b(?:comment(?:s|aires?|i)?|comentarios?|comentários?|comentaris|komm?entar(?:e|er|z|ze|y|i)?|"
    r"kommentit|reacties?|yorum(?:lar)?|komentář(?:e|ů)?|σχόλια|svar|vélemények|hozzászólások)"
    r"(?![a-z])|bình luận|комм?ентари|каментар|תגובות|تعليقات|نظرات|टिप्पणी|মন্তব্য|ความคิดเห็น|"
    r"コメント|评论|評論|留言|回應|댓글",
    re.IGNORECASE,
)
"""In an address or a title."""
_POST = re.compile(r"(?:^|\s)(?:single|single-post|postid-\d+)(?:\s|$)", re.IGNORECASE)
"""How WordPress marks the page of one post."""
_POST_ADDRESS = re.compile(r"/\d{4}/|/\d{4,}|/[^/?]*-[^/?]*-[^/?]*/?$|[?&]p=\d")
"""Addresses of single posts: dates, numbers, titles in words."""


def discover_feeds(html: str | bytes, base: str) -> tuple[str, ...]:
    """Absolute URLs of the feeds that a page at `base` names, the likeliest first.

    Feeds of comments come last, those on one post too: few who look for a site's feed want them.
    """
    text = html if isinstance(html, str) else decode_page(html, None)
    page = _page(text)
    if page is None:
        return ()
    post = base if _POST_ADDRESS.search(base) or _is_post(page) else None
    declared = page.find(".//base[@href]")
    if declared is not None:
        base = absolute_link(declared.get("href"), base) or base
    named = _named(page, base) or _linked(page, base)
    # Stable: the page's own order stays among equals.
    ordered = sorted(named, key=lambda pair: _is_of_comments(pair[0], pair[1], post))
    return tuple(dict.fromkeys(url for url, _ in ordered))


def feeds_of_head(page: etree._Element, url: str) -> tuple[str, ...]:
    """The feeds that a page at `url` names in its head, where only its makers write."""
    head = page.find(".//head")
    return tuple(feed for feed, _ in _named(head, url)) if head is not None else ()


def is_named_for_comments(url: str) -> bool:
    """Whether the address of a feed says that it is one of comments."""
    return _COMMENTS.search(unquote(url)) is not None


def _is_of_comments(url: str, title: str, post: str | None) -> bool:
    """Whether a feed is one of comments. That of one post lies in the post's own address, whatever
    language its title is in."""
    if is_named_for_comments(url) or _COMMENTS.search(title):
        return True
    return post is not None and _lies_in(url, post)


def _lies_in(url: str, page: str) -> bool:
    """Whether an address is one of the things that belong to `page`."""
    inner, outer = urlsplit(url), urlsplit(page)
    if inner.netloc != outer.netloc:
        return False
    if outer.query and set(outer.query.split("&")) <= set(inner.query.split("&")):
        return inner.path.startswith(outer.path)
    return bool(outer.path.strip("/")) and inner.path.startswith(outer.path.rstrip("/") + "/")


def _is_post(page: etree._Element) -> bool:
    """Whether a page is that of one post, and no front page or section."""
    if page.find(".//meta[@property='article:published_time']") is not None:
        return True
    kind = page.find(".//meta[@property='og:type']")
    body = page.find(".//body")
    return (kind is not None and (kind.get("content") or "").lower() == "article") or (
        body is not None and _POST.search(body.get("class") or "") is not None
    )


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


def _leads_to_feed(url: str, told: str) -> bool:
    if _PAGE_ADDRESS.search(url):
        return False
    address = url.partition("://")[2].partition("/")[2]
    if _FEED_ADDRESS.search(address) or _FEED_HOST.match(url) or _CALLED_FEED.fullmatch(told):
        return True
    if told.lower() == "xml":
        return address.lower().endswith(".xml")
    short = len(told.split()) <= _MOST_WORDS
    return bool(short and _NAMES_FEED.search(told) and not _TELLS_OF_FEEDS.search(told))


def _linked(page: etree._Element, base: str) -> list[tuple[str, str]]:
    found = []
    for link in page.iter("a"):
        url = absolute_link(link.get("href"), base)
        pictured = (picture.get("alt") or "" for picture in link.iter("img"))
        told = " ".join(" ".join(["".join(map(str, link.itertext())), *pictured]).split())
        kind = (link.get("type") or "").split(";")[0].strip().lower()
        if url and (kind in _FEED_TYPES or _leads_to_feed(url.partition("#")[0], told)):
            found.append((url, link.get("title") or told))
    return found
