"""RSS 0.9x to 2.0, RDF and Atom, read by feedparser.

    text ─▶ mended ─▶ cut to the newest items ─▶ made well-formed ─▶ feedparser ─▶ feed, items

feedparser never sees the network (it gets bytes, not an address), nor a document type, nor what is
not well-formed: its reader for that takes the square of the time
and knows less of what people mean.
"""

from __future__ import annotations

import io
import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from xml.sax import SAXException, make_parser
from xml.sax.handler import feature_external_ges, feature_namespaces
from xml.sax.xmlreader import InputSource

import feedparser
import feedparser.api

from parsers.errors import Quarantine
from parsers.feeds.items import FeedItem
from parsers.feeds.markup import change_markup
from parsers.feeds.repair import Mended, as_xml, mend_feed
from parsers.feeds.text import absolute_link, language_tag
from parsers.feeds.trim import Cut, cut_to_newest
from parsers.feeds.xml_item import (
    authors_in,
    inherited_language,
    plain_field,
    raw_field,
    read_item,
)
from parsers.records import ParsedFeed

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_PERIODS = {"hourly": 60, "daily": 1440, "weekly": 10_080, "monthly": 43_200, "yearly": 525_600}
"""Minutes (the RSS syndication module)."""

_NAMESPACE = re.compile(r"""xmlns:([\w.-]+)\s*=\s*["']([^"']*)""")
_MOST_NAMESPACES = 200
_PREFIXED = re.compile(
    r"<(?P<end>/?)(?P<prefix>[\w.-]+):(?P<name>description|modified|full-text)\b[^<>]*?(?P<empty>/?)>",
    re.IGNORECASE,
)
_NAMED_APART = re.compile(r":(?:description|modified|full-text)\b", re.IGNORECASE)
_APART = {
    "search.yahoo.com/mrss": {"description": "caption"},
    "purl.org/dc/terms": {"modified": "changed"},
    # The same name, without attributes: feedparser keeps those or the text of what it doesn't know.
    "news.yandex.ru": {"full-text": "full-text"},
}

# What feedparser has been seen to raise for strange input; all of it means the same to us.
_FAULTS = (ValueError, TypeError, LookupError, AttributeError, AssertionError, RecursionError)


def read_xml_feed(
    text: str, url: str, max_entries: int, known: Collection[str] = ()
) -> tuple[ParsedFeed, list[FeedItem], Cut]:
    """The feed (without entries), its items, and what was cut off unread; `known` are guids and
    links of items that were seen before.

    Raises Quarantine("not_a_feed") where there is no feed in `text`, and
    Quarantine("unreadable_feed") where feedparser gives up on it.
    """
    mended = mend_feed(text)
    cut = cut_to_newest(mended.text, max_entries, known)
    xml, fault = as_xml(cut.text, mended.lines_before)
    parsed = _parsed(_kept_apart(xml), mended, url)
    if not parsed.version and not parsed.entries:
        raise Quarantine("not_a_feed", f"{url} looks like a feed, but nothing of one is in it.")
    feed = _feed(parsed, url, text, mended.problem or fault)
    inherited = authors_in(parsed.feed) if feed.format.startswith("atom") else ()
    items = [read_item(entry, feed, inherited, url) for entry in parsed.entries]
    return feed, items, cut


class _Details(feedparser.FeedParserDict):  # type: ignore[misc] # it has no types
    """What feedparser notes of a text in hand, asks for at each piece of it, and copies: a quarter
    of its time. None of these keys has another name, so a plain dictionary answers the same."""

    __contains__ = dict.__contains__
    __getitem__ = dict.__getitem__
    __setitem__ = dict.__setitem__
    get = dict.get

    def __deepcopy__(self, memo: object) -> Any:
        return feedparser.FeedParserDict(self)


class _Reader(feedparser.api.StrictFeedParser):  # type: ignore[misc] # it has no types
    """feedparser's reader of what is well-formed, without its passes over HTML, which are nine
    tenths of the time (contents are read like pages, with no more trust), and without its dates:
    ours are read in more languages.

    It is not told where the feed is: it would join every element with that. We join what is a link,
    and what the feed itself says of its base is joined already.
    """

    resolve_relative_uris = False
    sanitize_html = False
    characters = feedparser.api.StrictFeedParser.handle_data

    def __init__(self) -> None:
        super().__init__("", None, "utf-8")
        self.contentparams = _Details()

    def push_content(self, *args: Any) -> None:
        super().push_content(*args)
        self.contentparams = _Details(self.contentparams)

    def _end_published(self) -> None:
        self.pop("published")

    def _end_updated(self) -> None:
        self.pop("updated")

    _end_issued = _end_pubdate = _end_published
    _end_modified = _end_lastbuilddate = _end_updated


@dataclass(frozen=True, slots=True)
class _Parsed:
    """What feedparser makes of a feed."""

    version: str
    feed: Any
    entries: list[Any]


def _parsed(text: str, mended: Mended, url: str) -> _Parsed:
    reader, source = _Reader(), InputSource()
    source.setByteStream(io.BytesIO(text.encode("utf-8", "replace")))
    parser = make_parser()  # noqa: S317 - there is no document type, so no entity
    parser.setFeature(feature_namespaces, True)
    parser.setFeature(feature_external_ges, False)
    parser.setContentHandler(reader)
    parser.setErrorHandler(reader)
    try:
        parser.parse(source)
    except (SAXException, *_FAULTS) as error:
        raise Quarantine(
            "unreadable_feed",
            f"{url} is a feed that can't be read: {type(error).__name__}: {error}",
        ) from error
    # The document type says which kind of feed it is.
    version = "rss091n" if "netscape" in mended.head.lower() else reader.version
    return _Parsed(version, reader.feeddata, reader.entries)


def _kept_apart(text: str) -> str:
    """`text` in which those elements have other names that feedparser would take for fields of the
    item: the caption of a picture for its summary, its last change for its publication.

    Raises Quarantine("unreadable_feed") for one with so many namespaces that feedparser, which goes
    through all of them at each element, would take minutes.
    """
    prefixes = {
        prefix: next((names for space, names in _APART.items() if space in uri.lower()), {})
        for prefix, uri in _NAMESPACE.findall(text)
    }
    if len(prefixes) > _MOST_NAMESPACES:
        raise Quarantine(
            "unreadable_feed", f"The feed has more than {_MOST_NAMESPACES} namespaces."
        )
    if not any(prefixes.values()) or not _NAMED_APART.search(text):
        return text

    def renamed(tag: re.Match[str]) -> str:
        name = prefixes.get(tag["prefix"], {}).get(tag["name"].lower())
        return f"<{tag['end']}{tag['prefix']}:{name}{tag['empty']}>" if name else tag[0]

    return change_markup(text, lambda markup: _PREFIXED.sub(renamed, markup))


def _feed(parsed: Any, url: str, text: str, problem: str | None) -> ParsedFeed:
    feed = parsed.feed
    return ParsedFeed(
        format=parsed.version or "unknown",
        entries=(),
        title=plain_field(feed, "title"),
        site_url=absolute_link(raw_field(feed, "link"), url),
        language=language_tag(raw_field(feed, "language")) or inherited_language(feed, "title"),
        self_url=_related(feed, "self", url),
        hub_url=_related(feed, "hub", url),
        ttl_minutes=_ttl(feed),
        skip_hours=_skip_hours(text),
        skip_days=_skip_days(text),
        problem=problem,
    )


def _ttl(feed: Any) -> int | None:
    """Minutes: RSS `ttl`, else the syndication module's period over its frequency."""
    ttl = re.fullmatch(r"\s*(\d{1,7})\s*", raw_field(feed, "ttl") or "")
    if ttl:
        return int(ttl[1]) or None
    period, frequency = raw_field(feed, "sy_updateperiod"), raw_field(feed, "sy_updatefrequency")
    if period is None and frequency is None:
        return None
    minutes = _PERIODS.get((period or "daily").strip().lower())
    times = re.fullmatch(r"\s*(\d{1,7})\s*", frequency or "1")
    if minutes is None or times is None:
        return None
    return max(1, minutes // max(1, int(times[1])))


def _skip_days(text: str) -> tuple[str, ...]:
    named = _block(text, "skipDays").lower()
    return tuple(day for day in _DAYS if day.lower() in named)


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


def _related(feed: Any, rel: str, url: str) -> str | None:
    links = (
        absolute_link(link.get("href"), url)
        for link in feed.get("links", ())
        if link.get("rel") == rel
    )
    return next((link for link in links if link), None)
