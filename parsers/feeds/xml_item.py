"""An item of RSS, RDF or Atom: from what feedparser made of it to a `FeedItem`."""

from __future__ import annotations

import html
import re
from typing import Any, cast

from parsers.feeds.items import FeedItem
from parsers.feeds.text import (
    absolute_link,
    absolute_links,
    language_tag,
    one_line,
    plain_text,
    resolve_references,
    without_drawings,
)
from parsers.records import Enclosure, ParsedFeed
from parsers.search_services import service_of_feed
from parsers.text.characters import without_controls

_LONGEST_NAME = 300
_ADDRESSED = re.compile(
    r"(?P<before>[^<@]*?)\s*<?[^\s<>()@]+@[^\s<>()@]+>?\s*(?:\((?P<after>.*)\))?"
)
_HTML = frozenset({"text/html", "application/xhtml+xml"})
_TAG = re.compile(r"<[^<>]*>")
_PARAGRAPH = re.compile(r"<(?:p|br|div|h\d|li)\b", re.IGNORECASE)
_FULL_TEXT, _FULL_PARAGRAPHS = 1200, 2
"""Characters from which a description is a whole article; half of them where it has paragraphs."""
_FILE_KEYS = ("medium", "type", "url", "href")
_FILM = re.compile(
    r"(?:^| )(?:video|audio)(?:/| |$)|shockwave|mpegurl|\.(?:mp[34]|m4[av]|mov|webm|ogg)(?:[?# ]|$)"
)


def read_item(entry: Any, feed: ParsedFeed, inherited: tuple[str, ...], url: str) -> FeedItem:
    """The item that `entry` is, in a feed at `url` whose authors are those `inherited`."""
    atom = feed.format.startswith("atom")
    summary = raw_field(entry, "summary")
    published, updated = raw_field(entry, "published"), raw_field(entry, "updated")
    changed = raw_field(entry, "dcterms_changed")
    if published is None and not atom:
        # RSS has no `updated`: this is Dublin Core's date, which RDF feeds publish with.
        published, updated = raw_field(entry, "created") or updated, None
    categories = (one_line(tag.get("label") or tag.get("term")) for tag in listed(entry, "tags"))
    plain_summary = plain_field(entry, "summary") if summary else _of_film(entry)
    outlet_url, outlet_name = _outlet(entry, url)
    return FeedItem(
        guid=one_line(raw_field(entry, "id")),
        # A feed proxy's own link counts clicks; the publisher's stands beside it.
        link=raw_field(entry, "feedburner_origlink") or _page_of(entry, atom=atom),
        known_by=raw_field(entry, "feedburner_origlink") or raw_field(entry, "link"),
        title=plain_field(entry, "title"),
        # Where there is no summary, feedparser gives the content again.
        summary=None if _repeats(summary, entry) else plain_summary,
        content_html=_content(entry, url, atom=atom),
        authors=authors_in(entry) or inherited,
        categories=tuple(dict.fromkeys(category for category in categories if category)),
        language=language_tag(raw_field(entry, "language"))
        or inherited_language(entry, "title")
        or feed.language,
        published=one_line(published),
        updated=one_line(updated or changed),
        enclosures=_enclosures(entry, url),
        outlet_url=outlet_url,
        outlet_name=outlet_name,
        said=_said(entry),
    )


def _outlet(entry: Any, url: str) -> tuple[str | None, str | None]:
    """Who published an item, by RSS 2.0's `source`, where the feed is that of a news search: other
    feeds may name whom they like."""
    if service_of_feed(url) is None:
        return None, None
    source = dict.get(entry, "source") or {}
    return absolute_link(raw_field(source, "href"), url), plain_text(raw_field(source, "title"))


def _page_of(entry: Any, *, atom: bool) -> str | None:
    """The address of the item's page: in Atom, of several alternates the first that is one. RSS has
    one link, and what feedparser found last is it."""
    pages = [
        link["href"]
        for link in listed(entry, "links")
        if raw_field(link, "href")
        and (raw_field(link, "rel") or "").rpartition("/")[2] == "alternate"
        and (raw_field(link, "type") or "").partition(";")[0].strip() in _HTML
    ]
    return (pages[0] if atom else pages[-1]) if pages else None


def _of_film(entry: Any) -> str | None:
    """The description that Media RSS gives of a film or a recording, which may be all that is said
    of the item. One of a picture is its caption, and tells of nothing else."""
    files = [*listed(entry, "media_content"), *listed(entry, "links")]
    shown = [file for file in files if file.get("rel", "enclosure") == "enclosure"]
    told = " ".join(file.get(key) or "" for file in shown for key in _FILE_KEYS)
    pictures = shown or entry.get("media_thumbnail")
    if pictures and not entry.get("media_player") and not _FILM.search(told.lower()):
        return None
    return plain_text(raw_field(entry, "media_caption"))


def _said(entry: Any) -> str:
    contents = (raw_field(part, "value") for part in listed(entry, "content"))
    parts = (raw_field(entry, "title"), raw_field(entry, "summary"), *contents)
    return "\n".join(filter(None, parts)).strip()


def _content(entry: Any, url: str, *, atom: bool) -> str | None:
    """The longest of the entry's contents, as HTML with absolute links; where it has none, its
    description, if that is the whole text."""
    parts = [*listed(entry, "content"), *_full_texts(entry)]
    if not parts and not atom and _is_article(entry):
        parts = [entry["summary_detail"]]
    found = (_as_html(part.get("value") or "", part, url) for part in parts)
    return without_controls(max(found, key=len, default="")).strip() or None


def _as_html(value: str, part: Any, url: str) -> str:
    kind = part.get("type") or ""
    if kind == "text/plain" or (part.get("lines") and not _TAG.search(value)):
        lines = html.escape(resolve_references(value) if part.get("lines") else value).split("\n")
        return "".join(f"<p>{line}</p>" for line in lines if line.strip())
    if kind not in _HTML:
        return ""
    return absolute_links(without_drawings(value), absolute_link(part.get("base"), url) or url)


def _full_texts(entry: Any) -> list[dict[str, Any]]:
    """The text that many outlets give in full for a news search (`yandex:full-text`)."""
    texts = (text for key, text in entry.items() if key.endswith("_full-text"))
    return [
        {"value": text, "type": "text/html", "lines": True}
        for text in texts
        if isinstance(text, str)
    ]


def _is_article(entry: Any) -> bool:
    """Whether a description is the whole text: RSS 2.0 lets an item be complete in itself."""
    value, detail = raw_field(entry, "summary") or "", entry.get("summary_detail") or {}
    if detail.get("type") not in _HTML or len(value) < _FULL_TEXT // 2:
        return False
    length = len(_TAG.sub("", value))
    paragraphs = len(_PARAGRAPH.findall(value))
    return length >= _FULL_TEXT or (length >= _FULL_TEXT // 2 and paragraphs >= _FULL_PARAGRAPHS)


def _repeats(summary: str | None, entry: Any) -> bool:
    return any(summary == part.get("value") for part in listed(entry, "content"))


def authors_in(thing: Any) -> tuple[str, ...]:
    """The names of the authors of an item or a feed."""
    people = listed(thing, "authors")
    names = [person.get("name") for person in people]
    if len(people) == 1:
        name = _addressed(raw_field(thing, "author") or "", people[0])
        names = names if name is None else [name]
    plain = (plain_text(name) for name in names)
    return tuple(dict.fromkeys(name for name in plain if name))


def _addressed(raw: str, person: Any) -> str | None:
    """The name beside a mail address in one text, as RSS asks for it.

    Empty where there is an address only, None where the text is no such thing.

    feedparser takes such texts apart too, but knows no address with a long ending. Where the
    feed keeps name and address apart (Atom), it joins them to `Name (address)`.
    """
    composed = f"{person.get('name')} ({person.get('email')})"
    match = _ADDRESSED.fullmatch(raw.strip()) if len(raw) <= _LONGEST_NAME else None
    if match is None or raw == composed:
        return None
    return match["after"] or match["before"] or ""


def _enclosures(entry: Any, url: str) -> tuple[Enclosure, ...]:
    found = []
    for enclosure in entry.get("enclosures", ()):
        link = absolute_link(enclosure.get("href"), url)
        if link:
            length = re.fullmatch(r"\d{1,18}", (enclosure.get("length") or "").strip())
            size = int(length[0]) or None if length else None
            found.append(Enclosure(link, one_line(enclosure.get("type")), size))
    return tuple(dict.fromkeys(found))


def plain_field(thing: Any, key: str) -> str | None:
    """Plain text of a text construct.

    Its type says whether tags are markup, but many feeds don't give it: closed tags are markup
    all the same. RSS has no types, and feedparser guesses.
    """
    detail = _detail(thing, key)
    value = raw_field(thing, key)
    return plain_text(
        value, tags=raw_field(detail, "type") != "text/plain" or "</" in (value or "")
    )


def inherited_language(thing: Any, key: str) -> str | None:
    """The language that the markup around a text construct states (`xml:lang`)."""
    return language_tag(raw_field(_detail(thing, key), "language"))


def _detail(thing: Any, key: str) -> Any:
    return dict.get(thing, f"{key}_detail") or {}


def listed(thing: Any, key: str) -> list[Any]:
    """What the feed has several of under `key`."""
    return cast("list[Any]", dict.get(thing, key) or [])


def raw_field(thing: Any, key: str) -> str | None:
    """What the feed has under `key` itself: feedparser answers for some keys with others."""
    return cast("str | None", dict.get(thing, key)) or None
