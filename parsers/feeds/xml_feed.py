"""RSS 0.9x to 2.0, RDF and Atom, read by feedparser.

    text ─▶ mended ─▶ cut to the newest items ─▶ feedparser ─▶ feed, items

feedparser never sees the network (it gets bytes, not an address) nor a document type with
declarations in it: entities are not expanded, whatever they are made of.
"""

from __future__ import annotations

import html
import io
import re
from typing import Any, cast

import feedparser

from parsers.errors import Quarantine
from parsers.feeds.items import FeedItem
from parsers.feeds.repair import mend_feed
from parsers.feeds.text import (
    absolute_link,
    absolute_links,
    language_tag,
    one_line,
    plain_text,
)
from parsers.feeds.trim import cut_to_newest
from parsers.records import Enclosure, ParsedFeed
from parsers.text.characters import without_controls

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_LONGEST_NAME = 300
_ADDRESSED = re.compile(
    r"(?P<before>[^<@]*?)\s*<?[^\s<>()@]+@[^\s<>()@]+>?\s*(?:\((?P<after>.*)\))?"
)
_PERIODS = {"hourly": 60, "daily": 1440, "weekly": 10_080, "monthly": 43_200, "yearly": 525_600}
"""Minutes (the RSS syndication module)."""

# What feedparser has been seen to raise for strange input; all of it means the same to us.
_FAULTS = (ValueError, TypeError, LookupError, AttributeError, AssertionError, RecursionError)


def read_xml_feed(text: str, url: str, max_entries: int) -> tuple[ParsedFeed, list[FeedItem], int]:
    """The feed (without entries), its items, and how many items were cut off unread.

    Raises Quarantine("not_a_feed") where there is no feed in `text`, and
    Quarantine("unreadable_feed") where feedparser gives up on it.
    """
    mended, problem = mend_feed(text)
    cut = cut_to_newest(mended, max_entries)
    if cut.slimmed:
        problem = problem or f"too much markup: content left out of items ({cut.slimmed})"
    try:
        parsed = feedparser.parse(
            io.BytesIO(cut.text.encode("utf-8", "replace")),
            response_headers={
                "content-type": "application/xml; charset=utf-8",
                "content-location": url,
            },
            # Nine tenths of the time for nothing: contents are read like pages, with no more trust.
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except _FAULTS as error:
        raise Quarantine(
            "unreadable_feed",
            f"{url} is a feed that can't be read: {type(error).__name__}: {error}",
        ) from error
    if not parsed.version and not parsed.entries:
        raise Quarantine("not_a_feed", f"{url} looks like a feed, but nothing of one is in it.")
    feed = _feed(parsed, url, text, problem)
    inherited = _authors(parsed.feed) if feed.format.startswith("atom") else ()
    items = [_item(entry, feed, inherited, url) for entry in parsed.entries]
    return feed, items, cut.dropped


def _feed(parsed: Any, url: str, text: str, problem: str | None) -> ParsedFeed:
    feed = parsed.feed
    return ParsedFeed(
        format=parsed.version or "unknown",
        entries=(),
        title=_plain(feed, "title"),
        site_url=absolute_link(_raw(feed, "link"), url),
        language=language_tag(_raw(feed, "language")) or _inherited_language(feed, "title"),
        self_url=_related(feed, "self", url),
        hub_url=_related(feed, "hub", url),
        ttl_minutes=_ttl(feed),
        skip_hours=_skip_hours(text),
        skip_days=tuple(day for day in _DAYS if day.lower() in _block(text, "skipDays").lower()),
        problem=problem or _problem(parsed),
    )


def _problem(parsed: Any) -> str | None:
    if not parsed.bozo:
        return None
    error = parsed.get("bozo_exception")
    where = getattr(error, "getLineNumber", lambda: None)()
    reason = getattr(error, "getMessage", lambda: str(error))()
    return f"not well-formed: {reason}" + (f" (line {where})" if where else "")


def _ttl(feed: Any) -> int | None:
    """Minutes: RSS `ttl`, else the syndication module's period over its frequency."""
    ttl = re.fullmatch(r"\s*(\d{1,7})\s*", _raw(feed, "ttl") or "")
    if ttl:
        return int(ttl[1]) or None
    period, frequency = _raw(feed, "sy_updateperiod"), _raw(feed, "sy_updatefrequency")
    if period is None and frequency is None:
        return None
    minutes = _PERIODS.get((period or "daily").strip().lower())
    times = re.fullmatch(r"\s*(\d{1,7})\s*", frequency or "1")
    if minutes is None or times is None:
        return None
    return max(1, minutes // max(1, int(times[1])))


def _skip_hours(text: str) -> tuple[int, ...]:
    """RSS 2.0 counts from 0 to 23, RSS 0.91 from 1 to 24: 24 is 0 in both."""
    hours = re.findall(r"<hour\b[^<>]*>\s*(\d{1,2})\s*<", _block(text, "skipHours"), re.IGNORECASE)
    return tuple(sorted({int(hour) % 24 for hour in hours if int(hour) <= 24}))


def _block(text: str, name: str) -> str:
    """What stands in the first element `name`; feedparser keeps only its last child."""
    opening = re.search(rf"<{name}\b[^<>]*>", text, re.IGNORECASE)
    if opening is None:
        return ""
    inside = text[opening.end() : opening.end() + 2000]
    return re.split(rf"</{name}\b", inside, maxsplit=1, flags=re.IGNORECASE)[0]


def _item(entry: Any, feed: ParsedFeed, inherited: tuple[str, ...], url: str) -> FeedItem:
    content = _content(entry, url)
    summary = _raw(entry, "summary")
    published, updated = _raw(entry, "published"), _raw(entry, "updated")
    if published is None and not feed.format.startswith("atom"):
        # RSS has no `updated`: this is Dublin Core's date, which RDF feeds publish with.
        published, updated = _raw(entry, "created") or updated, None
    categories = (one_line(tag.get("label") or tag.get("term")) for tag in entry.get("tags", ()))
    return FeedItem(
        guid=one_line(_raw(entry, "id")),
        # A feed proxy's own link counts clicks; the publisher's stands beside it.
        link=_raw(entry, "feedburner_origlink") or _raw(entry, "link"),
        title=_plain(entry, "title"),
        # Where there is no summary, feedparser gives the content again.
        summary=None if _repeats(summary, entry) else _plain(entry, "summary"),
        content_html=content,
        authors=_authors(entry) or inherited,
        categories=tuple(dict.fromkeys(category for category in categories if category)),
        language=language_tag(_raw(entry, "language"))
        or _inherited_language(entry, "title")
        or feed.language,
        published=one_line(published),
        updated=one_line(updated),
        enclosures=_enclosures(entry, url),
        said=_said(entry),
    )


def _said(entry: Any) -> str:
    contents = (part.get("value") for part in entry.get("content", ()))
    parts = (_raw(entry, "title"), _raw(entry, "summary"), *contents)
    return "\n".join(filter(None, parts)).strip()


def _content(entry: Any, url: str) -> str | None:
    """The longest of the entry's contents, as HTML with absolute links."""
    found = []
    for part in entry.get("content", ()):
        value, kind = part.get("value") or "", part.get("type") or ""
        if kind == "text/plain":
            value = "".join(
                f"<p>{html.escape(line)}</p>" for line in value.split("\n") if line.strip()
            )
        elif kind in {"text/html", "application/xhtml+xml"}:
            value = absolute_links(value, part.get("base") or url)
        else:
            continue
        found.append(value)
    return without_controls(max(found, key=len, default="")).strip() or None


def _repeats(summary: str | None, entry: Any) -> bool:
    return any(summary == part.get("value") for part in entry.get("content", ()))


def _authors(thing: Any) -> tuple[str, ...]:
    people = thing.get("authors", ())
    names = [person.get("name") for person in people]
    if len(people) == 1:
        name = _addressed(_raw(thing, "author") or "", people[0])
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


def _related(feed: Any, rel: str, url: str) -> str | None:
    links = (
        absolute_link(link.get("href"), url)
        for link in feed.get("links", ())
        if link.get("rel") == rel
    )
    return next((link for link in links if link), None)


def _plain(thing: Any, key: str) -> str | None:
    """Plain text of a text construct.

    Its type says whether tags are markup, but many feeds don't give it: closed tags are markup
    all the same. RSS has no types, and feedparser guesses.
    """
    detail = thing.get(f"{key}_detail") or {}
    value = _raw(thing, key)
    return plain_text(value, tags=detail.get("type") != "text/plain" or "</" in (value or ""))


def _inherited_language(thing: Any, key: str) -> str | None:
    return language_tag((thing.get(f"{key}_detail") or {}).get("language"))


def _raw(thing: Any, key: str) -> str | None:
    """What the feed has under `key` itself: feedparser answers for some keys with others."""
    return cast("str | None", dict.get(thing, key)) or None
