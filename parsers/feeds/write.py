"""Feeds out: stories as Atom (RFC 4287) and as JSON Feed 1.1, for any feed reader.

Records in, bytes out: the same stories always give the same bytes, so that whoever writes them can
tell whether anything changed. Whatever the press wrote, the markup stays whole: texts are escaped,
and characters that XML can't hold are left out of both forms.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from uuid import NAMESPACE_URL, uuid5

from lxml import etree

from parsers.text.marks import HEADING, QUOTE

_ATOM = "http://www.w3.org/2005/Atom"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_UNSTORABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What is no character of XML 1.0 (production 2)."""
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
"""A language tag as RFC 3066 spells it, which RFC 4287 names."""
SUMMARY = 1_000
"""Characters of a summary: more than any paragraph that somebody wrote as one."""
TEXT = 1_000_000
"""The same of a whole text, a thick book: libxml2, with which most readers read, refuses ten
megabytes in one element, and escaping makes five of a character at the worst."""
NAME = 500
"""The same of a title, or of an author's name."""
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
"""When a feed without items was updated: Atom wants a time."""


@dataclass(frozen=True, slots=True)
class OutgoingItem:
    """A story as a feed tells it."""

    item_id: str
    """A URI that stays the same whatever becomes of the story."""
    url: str
    """What names its page; for a text that is on no page, a file for instance, a `urn:`."""
    title: str | None
    published_at: datetime
    updated_at: datetime
    summary: str | None = None
    """Plain text."""
    text: str | None = None
    """The full text, paragraphs separated by one blank line; None for a feed of summaries."""
    authors: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    language: str | None = None
    outlet: str | None = None
    """Who published it, by name."""
    site: str | None = None
    """The outlet's registered name, and its home page, where one is known."""
    home_url: str | None = None

    @property
    def page(self) -> str | None:
        """Where people can read it, if anywhere."""
        return self.url if self.url.lower().startswith(("http://", "https://")) else None


@dataclass(frozen=True, slots=True)
class OutgoingFeed:
    """A feed to be written."""

    feed_id: str
    """A URI that stays the same."""
    title: str
    items: tuple[OutgoingItem, ...]
    self_url: str | None = None
    """Where the feed will be fetched from, where that is known."""
    home_url: str | None = None
    """A page for people beside it."""

    @property
    def updated_at(self) -> datetime:
        """When its latest item was updated."""
        return max((item.updated_at for item in self.items), default=_NEVER)


def lasting_id(kind: str, key: str) -> str:
    """The URI of a thing of ours: `urn:uuid:` (RFC 9562, version 5), since it needs no domain."""
    return uuid5(NAMESPACE_URL, f"pressclip:{kind}:{key}").urn


def write_atom(feed: OutgoingFeed) -> bytes:
    """`feed` as an Atom document in UTF-8."""
    # The stubs don't know a namespace without a prefix.
    root = etree.Element(_tag("feed"), nsmap={None: _ATOM})  # type: ignore[dict-item]
    _add(root, "id", feed.feed_id)
    _add(root, "title", feed.title)
    _add(root, "updated", _moment(feed.updated_at))
    _add(etree.SubElement(root, _tag("author")), "name", "pressclip")
    _add(root, "generator", "pressclip")
    if feed.self_url:
        _link(root, "self", feed.self_url, "application/atom+xml")
    if feed.home_url:
        _link(root, "alternate", feed.home_url, "text/html")
    for item in feed.items:
        _entry(root, _clean(item))
    etree.indent(root)
    body: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True)
    return body + b"\n"


def write_json_feed(feed: OutgoingFeed) -> bytes:
    """`feed` as a JSON Feed document in UTF-8."""
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": _storable(feed.title),
        "home_page_url": feed.home_url,
        "feed_url": feed.self_url,
        "items": [_json_item(_clean(item)) for item in feed.items],
    }
    return (json.dumps(_known(document), ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def _clean(item: OutgoingItem) -> OutgoingItem:
    """The item without characters that can't be stored, without what is empty then, and without
    what is too long to be read."""
    return replace(
        item,
        title=shortened(_storable(item.title or ""), NAME),
        summary=shortened(_storable(item.summary or ""), SUMMARY) or None,
        text=_html(shortened(item.text or "", TEXT)) or None,
        authors=tuple(shortened(name, NAME) for name in map(_storable, item.authors) if name),
        topics=tuple(filter(None, map(_storable, item.topics))),
        outlet=shortened(_storable(item.outlet or ""), NAME) or None,
    )


def shortened(text: str, most: int) -> str:
    """`text`, or its beginning and an ellipsis where it has more than `most` characters: whole
    words, unless there are none in half of that."""
    if len(text) <= most:
        return text
    head = text[:most]
    end = max(head.rfind(" "), head.rfind("\n"))
    return head[: end if end > most // 2 else most - 1].rstrip() + "…"


def _entry(root: etree._Element, item: OutgoingItem) -> None:
    entry = etree.SubElement(root, _tag("entry"))
    if item.language and _LANGUAGE.fullmatch(item.language):
        entry.set(_LANG, item.language)
    _add(entry, "id", item.item_id)
    _add(entry, "title", item.title or "")
    _add(entry, "published", _moment(item.published_at))
    _add(entry, "updated", _moment(item.updated_at))
    if item.page:
        _link(entry, "alternate", item.page, "text/html")
    for name in item.authors:
        _add(etree.SubElement(entry, _tag("author")), "name", name)
    for topic in item.topics:
        etree.SubElement(entry, _tag("category"), term=topic)
    if item.outlet:
        _source(entry, item, item.outlet)
    _contents(entry, item)


def _source(entry: etree._Element, item: OutgoingItem, outlet: str) -> None:
    """RFC 4287, 4.2.11: where the entry comes from, with an id, a title and when it was updated."""
    source = etree.SubElement(entry, _tag("source"))
    _add(source, "id", lasting_id("outlet", item.site or outlet))
    _add(source, "title", outlet)
    _add(source, "updated", _moment(item.updated_at))
    if item.home_url:
        _link(source, "alternate", item.home_url, "text/html")


def _contents(entry: etree._Element, item: OutgoingItem) -> None:
    """RFC 4287, 4.1.1: an entry without content has a summary where its link is not the content
    itself, and readers show the title then; one without a link has content."""
    if not item.text:
        brief = item.summary or item.title or item.url
        _add(entry, "summary" if item.page else "content", brief)
        return
    if item.summary:
        _add(entry, "summary", item.summary)
    _add(entry, "content", item.text).set("type", "html")


def _json_item(item: OutgoingItem) -> dict[str, object]:
    return _known(
        {
            "id": item.item_id,
            "url": item.page,
            "title": item.title,
            "summary": item.summary,
            "content_html": item.text,
            # One of the two contents is required.
            "content_text": None if item.text else item.summary or item.title or item.url,
            "date_published": _moment(item.published_at),
            "date_modified": _moment(item.updated_at),
            "authors": [{"name": name} for name in item.authors],
            "tags": list(item.topics),
            "language": item.language,
            # The standard has no member for it; those of others begin with an underscore.
            "_source": item.outlet and _known({"title": item.outlet, "url": item.home_url}),
        }
    )


def _known(document: Mapping[str, object]) -> dict[str, object]:
    """Without what is not known: members may be left out but not be empty."""
    kept = {"items"}
    return {name: value for name, value in document.items() if value or name in kept}


def _html(text: str) -> str:
    paragraphs = (html.escape(_storable(part), quote=False) for part in text.split("\n\n"))
    return "\n".join(map(_element, filter(None, paragraphs)))


def _element(paragraph: str) -> str:
    """A paragraph in HTML, in which marks of form are elements."""
    if paragraph.startswith(HEADING):
        return f"<h2>{paragraph.removeprefix(HEADING)}</h2>"
    quote = html.escape(QUOTE)
    if paragraph.startswith(quote):
        return f"<blockquote><p>{paragraph.removeprefix(quote)}</p></blockquote>"
    return f"<p>{paragraph}</p>".replace("\n", "<br>\n")


def _tag(name: str) -> str:
    return f"{{{_ATOM}}}{name}"


def _add(parent: etree._Element, name: str, text: str) -> etree._Element:
    element = etree.SubElement(parent, _tag(name))
    element.text = _storable(text)
    return element


def _link(parent: etree._Element, relation: str, url: str, media_type: str) -> None:
    etree.SubElement(parent, _tag("link"), rel=relation, type=media_type, href=_storable(url))


def _moment(time: datetime) -> str:
    """RFC 3339 in UTC, to the second."""
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _storable(text: str) -> str:
    """`text` without what XML can't hold."""
    return _UNSTORABLE.sub("", text).strip()
