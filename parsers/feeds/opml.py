"""OPML: lists of feeds, in and out (http://opml.org/spec2.opml).

Outlines inside outlines are folders; a feed's category is the path of its folders, and a feed
filed nowhere keeps its `category` attribute.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from lxml import etree

from parsers.errors import Quarantine
from parsers.feeds.text import absolute_link, language_tag, one_line
from parsers.feeds.xml_tree import local_name, xml_tree

_SEPARATOR = "/"
_DEEPEST = 20


@dataclass(frozen=True, slots=True)
class OpmlFeed:
    """A feed as a list of feeds names it."""

    url: str
    title: str | None = None
    site_url: str | None = None
    language: str | None = None
    category: str | None = None
    """The folders it is filed in, outermost first, separated by slashes: `Press/Indonesia`."""


def read_opml(body: bytes) -> tuple[OpmlFeed, ...]:
    """The feeds in an OPML document, in its order, each URL once.

    Outlines without a feed's address, or with one that is no http(s) URL, are passed over.

    Raises Quarantine("not_xml") where the bytes are no XML, and Quarantine("not_opml") where they
    are no OPML.
    """
    root = xml_tree(body, "OPML file")
    if local_name(root) != "opml":
        raise Quarantine(
            "not_opml",
            f"This is no OPML file: it begins with <{local_name(root)}>. Export one from a feed "
            "reader, or write one like seeds/feeds.opml.",
        )
    body_element = next((child for child in root if local_name(child) == "body"), root)
    feeds: dict[str, OpmlFeed] = {}
    _collect(body_element, (), feeds)
    return tuple(feeds.values())


def passed_over(body: bytes) -> tuple[str, ...]:
    """The addresses in an OPML document that `read_opml` has no feed for; raises like it."""
    outlines = (
        _attributes(outline)
        for outline in xml_tree(body, "OPML file").iter(etree.Element)
        if local_name(outline) == "outline"
    )
    return tuple(
        attributes["xmlurl"]
        for attributes in outlines
        if attributes.get("xmlurl", "").strip() and _feed(attributes) is None
    )


def write_opml(feeds: Iterable[OpmlFeed], title: str) -> bytes:
    """An OPML 2.0 document (UTF-8) with one folder for each category."""
    root = etree.Element("opml", version="2.0")
    head = etree.SubElement(root, "head")
    etree.SubElement(head, "title").text = _storable(title)
    body = etree.SubElement(root, "body")
    folders: dict[tuple[str, ...], etree._Element] = {(): body}
    for feed in feeds:
        path = tuple(filter(None, (feed.category or "").split(_SEPARATOR)))
        outline = etree.SubElement(_folder(folders, path), "outline")
        name = feed.title or feed.url
        attributes = {
            "type": "rss",
            "text": name,
            "title": name,
            "xmlUrl": feed.url,
            "htmlUrl": feed.site_url,
            "language": feed.language,
        }
        for key, value in attributes.items():
            if value:
                outline.set(key, _storable(value))
    etree.indent(root)
    return etree.tostring(root, xml_declaration=True, encoding="utf-8") + b"\n"


def _collect(parent: etree._Element, folders: tuple[str, ...], feeds: dict[str, OpmlFeed]) -> None:
    for outline in parent:
        if local_name(outline) != "outline":
            continue
        attributes = _attributes(outline)
        feed = _feed(attributes)
        if feed is not None:
            category = _SEPARATOR.join(folders) or _named_category(attributes)
            feeds.setdefault(feed.url, replace(feed, category=category))
        if len(folders) < _DEEPEST:
            name = one_line(attributes.get("text") or attributes.get("title"))
            # A slash in a folder's name would be read as two folders.
            inner = (name.replace(_SEPARATOR, "-"),) if name and feed is None else ()
            _collect(outline, (*folders, *inner), feeds)


def _attributes(outline: etree._Element) -> dict[str, str]:
    """By their names in small letters: writers of OPML do not agree on `xmlUrl`."""
    return {str(key).lower(): str(value) for key, value in outline.attrib.items()}


def _feed(attributes: dict[str, str]) -> OpmlFeed | None:
    url = absolute_link(_web_address(attributes.get("xmlurl", "")), "")
    if url is None:
        return None
    title = one_line(attributes.get("title")) or one_line(attributes.get("text"))
    return OpmlFeed(
        url=url,
        title=None if title == url else title,
        site_url=absolute_link(attributes.get("htmlurl"), ""),
        language=language_tag(attributes.get("language")),
    )


def _web_address(address: str) -> str:
    """`address` without the `feed:` that some readers put before it or in the scheme's place."""
    bare = re.sub(r"^\s*feed:(?://)?(?=https?://)", "", address, flags=re.IGNORECASE)
    return re.sub(r"^\s*feed://", "http://", bare, flags=re.IGNORECASE)


def _named_category(attributes: dict[str, str]) -> str | None:
    """The first of the comma-separated categories (OPML 2.0), as a path."""
    first = attributes.get("category", "").split(",")[0]
    return _SEPARATOR.join(filter(None, map(one_line, first.split(_SEPARATOR)))) or None


def _folder(
    folders: dict[tuple[str, ...], etree._Element], path: tuple[str, ...]
) -> etree._Element:
    if path not in folders:
        name = _storable(path[-1])
        folders[path] = etree.SubElement(
            _folder(folders, path[:-1]), "outline", text=name, title=name
        )
    return folders[path]


def _storable(text: str) -> str:
    """`text` without what XML can't hold."""
    return one_line(text) or ""
