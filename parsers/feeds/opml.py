"""OPML: lists of feeds, in and out (http://opml.org/spec2.opml).

Outlines inside outlines are folders; a feed's category is the path of its folders, and a feed
filed nowhere keeps its `category` attribute. What people typed into such lists is mended as feeds
are: raw ampersands, names of HTML's entities, tags that do not end.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from lxml import etree

from parsers.errors import Quarantine
from parsers.feeds.encoding import decode_feed
from parsers.feeds.markup import balance, mend_markup
from parsers.feeds.text import absolute_link, language_tag, one_line
from parsers.urls import plain_address

_SEPARATOR = "/"
_ALSO = ";"
"""Between the categories of a feed that is in several folders."""
_DEEPEST = 20
"""Folders that a category names; those further inside are read too."""
MOST_FEEDS = 50_000
"""Feeds of one list; the polls of more would not end within a day."""
_MOST_CATEGORIES = 50
"""Of one feed, however often it is listed."""
_FIRST_TAG = re.compile(r"<([a-zA-Z_][\w:.-]*)")


@dataclass(frozen=True, slots=True)
class OpmlFeed:
    """A feed as a list of feeds names it."""

    url: str
    title: str | None = None
    site_url: str | None = None
    language: str | None = None
    category: str | None = None
    """The folders it is filed in, outermost first, separated by slashes: `Press/Indonesia`. All of
    them where it is filed in several places: `Press; Music`."""


@dataclass(frozen=True, slots=True)
class FeedList:
    """What an OPML document lists."""

    feeds: tuple[OpmlFeed, ...]
    """In its order, each once, at most `MOST_FEEDS`: one that is listed in several folders has the
    categories of all."""
    passed_over: tuple[str, ...] = ()
    """What is listed as a feed and has no http(s) address: the addresses, or else the names."""
    beyond: int = 0
    """How many more feeds it lists, which were left out."""


def read_opml(body: bytes) -> tuple[OpmlFeed, ...]:
    """The feeds in an OPML document; raises as `read_list` does."""
    return read_list(body).feeds


def read_list(body: bytes) -> FeedList:
    """The feeds in an OPML document, and what was passed over.

    Raises Quarantine("not_xml") where the bytes are no XML, and Quarantine("not_opml") where they
    are no OPML.
    """
    feeds: dict[str, OpmlFeed] = {}
    categories: dict[str, dict[str, None]] = {}
    passed_over: list[str] = []
    beyond: set[str] = set()
    for folders, attributes in _outlines(_tree(body)):
        feed = _feed(attributes)
        if feed is None:
            if _is_listed(attributes):
                named = one_line(attributes.get("xmlurl")) or one_line(attributes.get("text"))
                passed_over.append(named or "?")
            continue
        key = plain_address(feed.url)
        if key not in feeds and len(feeds) >= MOST_FEEDS:
            beyond.add(key)
            continue
        feeds.setdefault(key, feed)
        filed = categories.setdefault(key, {})
        category = _SEPARATOR.join(folders) or _named_category(attributes)
        if len(filed) < _MOST_CATEGORIES:
            filed.update(dict.fromkeys(categories_of(category)))
    return FeedList(
        tuple(replace(feed, category=_joined(categories[key])) for key, feed in feeds.items()),
        tuple(passed_over),
        len(beyond),
    )


def _is_listed(attributes: dict[str, str]) -> bool:
    """Whether an outline is meant to be a feed."""
    kind = attributes.get("type", "").strip().lower()
    return bool(attributes.get("xmlurl", "").strip()) or kind in {"rss", "atom"}


def categories_of(category: str | None) -> tuple[str, ...]:
    """The folders that a feed is in, one or several."""
    return tuple(filter(None, map(one_line, (category or "").split(_ALSO))))


def joined_categories(*categories: str | None) -> str | None:
    """All folders that a feed is in, each once."""
    return _joined(dict.fromkeys(name for each in categories for name in categories_of(each)))


def _joined(names: Iterable[str]) -> str | None:
    return f"{_ALSO} ".join(names) or None


def write_opml(feeds: Iterable[OpmlFeed], title: str) -> bytes:
    """An OPML 2.0 document (UTF-8) with one folder for each category."""
    root = etree.Element("opml", version="2.0")
    head = etree.SubElement(root, "head")
    etree.SubElement(head, "title").text = _storable(title)
    body = etree.SubElement(root, "body")
    folders: dict[tuple[str, ...], etree._Element] = {(): body}
    for feed in feeds:
        name = feed.title or feed.url
        attributes = {
            "type": "rss",
            "text": name,
            "title": name,
            "xmlUrl": feed.url,
            "htmlUrl": feed.site_url,
            "language": feed.language,
        }
        for category in categories_of(feed.category) or ("",):
            path = tuple(filter(None, category.split(_SEPARATOR)))
            outline = etree.SubElement(_folder(folders, path), "outline")
            for key, value in attributes.items():
                if value:
                    outline.set(key, _storable(value))
    etree.indent(root)
    return etree.tostring(root, xml_declaration=True, encoding="utf-8") + b"\n"


def _tree(body: bytes) -> Element:
    """The root of an OPML document, read as far as it goes, whatever is wrong with it."""
    text = decode_feed(body, None)
    first = _FIRST_TAG.search(text)
    if first is None:
        raise Quarantine("not_xml", "This is no OPML file: there is no XML in it.")
    name = first[1].rpartition(":")[2]
    if name.lower() != "opml":
        raise Quarantine(
            "not_opml",
            f"This is no OPML file: it begins with <{name}>. Export one from a feed reader, or "
            "write one like seeds/feeds.opml.",
        )
    listed = mend_markup(text[first.start() :])[0]
    for mended in (listed, f"<opml>{balance(listed)}</opml>"):
        with suppress(ElementTree.ParseError):
            # There is no document type left in the text, so no entities.
            return ElementTree.fromstring(mended)  # noqa: S314
    raise Quarantine("not_xml", "This is no OPML file: its tags can't be made out.")


def _outlines(root: Element) -> Iterator[tuple[tuple[str, ...], dict[str, str]]]:
    """Every outline with the folders around it. Its own stack, because nobody bounds how deep
    folders are nested."""
    stack: list[tuple[Iterator[Element], tuple[str, ...]]] = [(iter(root), ())]
    while stack:
        outlines, folders = stack[-1]
        outline = next(outlines, None)
        if outline is None:
            stack.pop()
            continue
        attributes = _attributes(outline)
        is_outline = outline.tag.rpartition("}")[2].lower() == "outline"
        if is_outline:
            yield folders, attributes
        name = one_line(attributes.get("text") or attributes.get("title")) if is_outline else None
        if name and not attributes.get("xmlurl") and len(folders) < _DEEPEST:
            # A slash in a folder's name would be read as two folders.
            folders = (*folders, name.replace(_SEPARATOR, "-").replace(_ALSO, ","))
        stack.append((iter(outline), folders))


def _attributes(outline: Element) -> dict[str, str]:
    """By their names in small letters: writers of OPML do not agree on `xmlUrl`."""
    return {key.lower(): value for key, value in outline.attrib.items()}


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
