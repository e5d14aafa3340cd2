"""JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/).

Readers are asked to be lenient: a number for an id, a null or a missing field, a single author
are all taken. Of a document cut off in the middle, the items before the cut are read.
"""

from __future__ import annotations

import html
import json
import re
from typing import Any

from parsers.errors import Quarantine
from parsers.feeds.items import FeedItem
from parsers.feeds.text import (
    absolute_link,
    absolute_links,
    language_tag,
    one_line,
    plain_text,
    without_drawings,
)
from parsers.records import Enclosure, ParsedFeed
from parsers.text.characters import without_controls

_ITEMS = re.compile(r'"items"\s*:\s*\[')
_LONGEST_NUMBER = 100
"""Digits."""
_SEPARATOR = re.compile(r"[\s,]*")


def read_json_feed(text: str, url: str) -> tuple[ParsedFeed, list[FeedItem]]:
    """The feed (without entries) and its items.

    Raises Quarantine("not_a_feed") for JSON that is no JSON Feed.
    """
    document, problem = _load(text)
    version = str(document.get("version") or "")
    items, odd = _listed(document.get("items"))
    if "jsonfeed.org" not in version and not (isinstance(items, list) and document.get("title")):
        raise Quarantine(
            "not_a_feed",
            f"{url} answered JSON that is no JSON Feed (it has no jsonfeed.org version).",
        )
    feed = ParsedFeed(
        format="json11" if version.rstrip("/").endswith("1.1") else "json10",
        entries=(),
        title=plain_text(_text(document.get("title")), tags=False),
        site_url=absolute_link(_text(document.get("home_page_url")), url),
        language=language_tag(_text(document.get("language"))),
        self_url=absolute_link(_text(document.get("feed_url")), url),
        hub_url=_hub(document, url),
        problem=problem or odd,
    )
    authors = _authors(document)
    entries = [_item(item, feed, authors, url) for item in _objects(items)]
    return feed, entries


def _listed(items: Any) -> tuple[Any, str | None]:
    """The items as a list, and what is wrong with them. Some languages write a list with gaps as an
    object."""
    if isinstance(items, dict):
        return list(items.values()), "its items are an object, not a list"
    if not isinstance(items, list):
        return items, "it has no list of items"
    odd = sum(not isinstance(item, dict) for item in items)
    return items, f"items that are no objects ({odd})" if odd else None


def _load(text: str) -> tuple[dict[str, Any], str | None]:
    try:
        document = json.loads(text, parse_int=_number)
    except (ValueError, RecursionError) as error:
        return _salvaged(text), f"not well-formed JSON: {error}"
    return (document if isinstance(document, dict) else {}), None


def _number(digits: str) -> int | str:
    """What JSON writes as a whole number. Python makes none of thousands of digits: they are an id,
    or nothing."""
    return int(digits) if len(digits) <= _LONGEST_NUMBER else digits


def _salvaged(text: str) -> dict[str, Any]:
    """What stands before the fault: the fields ahead of the items, and all whole items."""
    start = _ITEMS.search(text)
    if start is None:
        return {}
    decoder = json.JSONDecoder(parse_int=_number)
    try:
        document = json.loads(text[: start.end()] + "]}")
    except (ValueError, RecursionError):
        document = {"version": "jsonfeed.org" if "jsonfeed.org" in text[: start.start()] else ""}
    items: list[Any] = []
    position = start.end()
    while True:
        gap = _SEPARATOR.match(text, position)
        position = gap.end() if gap else position
        try:
            item, position = decoder.raw_decode(text, position)
        except (ValueError, RecursionError):
            break
        items.append(item)
    return {**document, "items": items}


def _item(item: dict[str, Any], feed: ParsedFeed, authors: tuple[str, ...], url: str) -> FeedItem:
    # `external_url` is what a linkblog's item is about; its own page is `url`.
    link = absolute_link(_text(item.get("url")) or _text(item.get("external_url")), url)
    content = _text(item.get("content_html"))
    plain = _text(item.get("content_text"))
    if content is None and plain is not None:
        content = "".join(
            f"<p>{html.escape(part)}</p>" for part in plain.split("\n") if part.strip()
        )
    return FeedItem(
        guid=one_line(_text(item.get("id"))),
        link=link,
        title=plain_text(_text(item.get("title")), tags=False),
        summary=plain_text(_text(item.get("summary")), tags=False),
        content_html=absolute_links(without_drawings(without_controls(content)), link or url)
        if content
        else None,
        authors=_authors(item) or authors,
        categories=_texts(item.get("tags")),
        language=language_tag(_text(item.get("language"))) or feed.language,
        published=one_line(_text(item.get("date_published"))),
        updated=one_line(_text(item.get("date_modified"))),
        enclosures=_enclosures(item, url),
        said="\n".join(filter(None, (_text(item.get("title")), content))).strip(),
    )


def _authors(thing: dict[str, Any]) -> tuple[str, ...]:
    """Version 1.1 has a list of authors, 1.0 one author; a name may be missing."""
    people = [*_objects(thing.get("authors")), *_objects([thing.get("author")])]
    names = (one_line(_text(person.get("name"))) for person in people)
    return tuple(dict.fromkeys(name for name in names if name))


def _enclosures(item: dict[str, Any], url: str) -> tuple[Enclosure, ...]:
    found = []
    for attachment in _objects(item.get("attachments")):
        link = absolute_link(_text(attachment.get("url")), url)
        if link:
            size = attachment.get("size_in_bytes")
            media_type = one_line(_text(attachment.get("mime_type")))
            whole = isinstance(size, int) and 0 < size < 2**63
            found.append(Enclosure(link, media_type, size if whole else None))
    return tuple(found)


def _hub(document: dict[str, Any], url: str) -> str | None:
    hubs = (
        absolute_link(_text(hub.get("url")), url)
        for hub in _objects(document.get("hubs"))
        if (_text(hub.get("type")) or "").lower() == "websub"
    )
    return next((hub for hub in hubs if hub), None)


def _objects(value: Any) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list):
        return ()
    texts = (one_line(_text(each)) for each in value)
    return tuple(dict.fromkeys(text for text in texts if text))


def _text(value: Any) -> str | None:
    """Texts as they are, numbers as texts (ids of version 1.0), nothing else."""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
