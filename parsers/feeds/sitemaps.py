"""Sitemaps and news sitemaps (https://www.sitemaps.org/protocol.html).

A sitemap lists pages, a sitemap index lists sitemaps, and a text sitemap is one address a line.
The news extension says what a feed would: title, publication date, language, keywords.

    a file, packed or not ─▶ pieces ─▶ <url> by <url> ─▶ what is recent of it ─▶ a feed's entries

One may be 50 MB large, so it is read piece by piece, and nothing of it is kept but the entries.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from heapq import nlargest
from itertools import chain
from typing import BinaryIO

from lxml import etree

from parsers.errors import NotAFeed, Quarantine
from parsers.feeds.items import FeedItem, entries_of
from parsers.feeds.text import absolute_link, language_tag, one_line
from parsers.feeds.xml_stream import children_of_root, local_name, text_of
from parsers.records import NEWS_SITEMAP, SITEMAP, DateFlag, ParsedFeed
from parsers.text.dates import parse_date, parse_moment

MAX_ENTRIES = 50_000
"""The protocol's own limit of addresses in one file."""
MAX_BYTES = 52_428_800
"""The protocol's own limit for one file, unpacked."""
NEWS_FOR = timedelta(days=2)
"""How long a page in a sitemap is news: a news sitemap lists two days."""
_PIECE = 65_536
_LOC_TAG = re.compile(rb"<(/?)(?:[\w.-]+:)?loc\b", re.IGNORECASE)
_LONGEST_LOC = 10_000
"""Bytes; longer addresses are none."""
_ROOTS = frozenset({"urlset", "sitemapindex"})
_ROOT = re.compile(
    rb"(?:\xef\xbb\xbf)?(?:\s|<\?.*?\?>|<!--.*?-->|<!doctype[^>\[]*>)*"
    rb"<(?:[\w.-]+:)?(?:urlset|sitemapindex)\b",
    re.IGNORECASE | re.DOTALL,
)
_GZIP = b"\x1f\x8b"
_BLANK = b"\xef\xbb\xbf \t\r\n"


@dataclass(frozen=True, slots=True)
class SitemapEntry:
    """A page that a sitemap lists."""

    url: str
    modified_at: datetime | None = None
    """`lastmod`, in UTC; a date alone is its midnight."""
    title: str | None = None
    published_at: datetime | None = None
    date_flag: DateFlag | None = None
    """What is missing from `published_at`."""
    language: str | None = None
    publication: str | None = None
    """The name of the paper, as its news sitemap gives it."""
    keywords: tuple[str, ...] = ()

    @property
    def told_at(self) -> datetime | None:
        """When it was published or changed, whichever was later."""
        return max(filter(None, (self.published_at, self.modified_at)), default=None)


@dataclass(frozen=True, slots=True)
class Sitemap:
    """What a sitemap says: pages, or other sitemaps, or (unusual) both."""

    entries: tuple[SitemapEntry, ...] = ()
    sitemaps: tuple[SitemapEntry, ...] = ()
    """Of a sitemap index: where the sitemaps are and when they changed."""
    listed: int = 0
    """How many pages it lists, recent or not."""
    dated: int = 0
    """Of these, how many have a date."""
    recent: int = 0
    """How many are dated recently: more than there are in `entries`, where those are too many."""
    news: bool = False
    """Whether it is a news sitemap, which gives titles."""


def may_be_sitemap(beginning: bytes) -> bool:
    """Whether a body that begins so may be a sitemap: what is packed may be anything."""
    return beginning.startswith(_GZIP) or _ROOT.match(beginning) is not None


def parse_sitemap(
    file: BinaryIO, *, url: str, since: datetime | None = None, most: int = MAX_ENTRIES
) -> Sitemap:
    """The sitemap that `url` answered with what is in `file`, packed or not: of the first
    `MAX_ENTRIES` pages those published or changed at or after `since`, or without a date; at `most`
    so many, the newest.

    Addresses are made absolute against `url`; those that are none are passed over, and each
    counts once.

    Raises Quarantine("not_xml") or Quarantine("not_sitemap") for anything else, and
    Quarantine("too_large") for more than `MAX_BYTES` unpacked.
    """
    reader = _Reader(url, since)
    pieces = _pieces(file, url)
    first = next(pieces, b"")
    if first.startswith(b"<") or first.startswith((b"\xff\xfe", b"\xfe\xff")):
        reader.read_xml(chain([first], pieces))
    else:
        reader.read_text(chain([first], pieces))
    return reader.sitemap(most)


def _pieces(file: BinaryIO, url: str) -> Iterator[bytes]:
    """What is in a file, unpacked, in pieces, without what is blank at its beginning."""
    begun, size = False, 0
    for piece in _unpacked(file, url):
        size += len(piece)
        if size > MAX_BYTES:
            raise Quarantine("too_large", f"{url} is larger than {MAX_BYTES} bytes unpacked.")
        if not begun:
            piece = piece.lstrip(_BLANK)  # noqa: PLW2901 - the rest of the same
            begun = bool(piece)
        if piece:
            yield piece


def _unpacked(file: BinaryIO, url: str) -> Iterator[bytes]:
    packed = file.read(2) == _GZIP
    file.seek(0)
    unpacker = zlib.decompressobj(16 + zlib.MAX_WBITS)
    while data := file.read(_PIECE):
        if not packed:
            yield data
            continue
        try:
            while data:
                yield unpacker.decompress(data, _PIECE)
                data = unpacker.unconsumed_tail
                if unpacker.eof:
                    # Several members in a row are one file; anything else is padding.
                    data = unpacker.unused_data
                    if not data.startswith(_GZIP):
                        return
                    unpacker = zlib.decompressobj(16 + zlib.MAX_WBITS)
        except zlib.error as error:
            raise Quarantine("not_sitemap", f"{url} can't be unpacked: {error}.") from error


@dataclass(slots=True)
class _Reader:
    """Reads one sitemap and keeps what is recent of it."""

    url: str
    since: datetime | None
    pages: dict[str, SitemapEntry] = field(default_factory=dict)
    maps: dict[str, SitemapEntry] = field(default_factory=dict)
    listed: int = 0
    dated: int = 0
    news: bool = False

    def sitemap(self, most: int) -> Sitemap:
        """What was read."""
        kept: Iterable[SitemapEntry] = self.pages.values()
        if len(self.pages) > most:
            kept = nlargest(most, kept, key=_age)
        return Sitemap(
            tuple(kept),
            tuple(self.maps.values()),
            self.listed,
            self.dated,
            sum(1 for page in self.pages.values() if page.told_at),
            self.news,
        )

    def read_text(self, pieces: Iterator[bytes]) -> None:
        """Reads a list of addresses, one a line."""
        rest = ""
        for piece in pieces:
            *lines, rest = (rest + piece.decode("utf-8", "replace")).split("\n")
            for line in lines:
                self._take_line(line)
            if len(rest) > _LONGEST_LOC or self.listed >= MAX_ENTRIES:
                break
        else:
            self._take_line(rest)
        if not self.listed:
            raise Quarantine(
                "not_sitemap",
                f"{self.url} is no sitemap: it has neither XML nor addresses in it.",
            )

    def _take_line(self, line: str) -> None:
        for link in line.split():
            if absolute_link(link, "") == link:
                self._take(SitemapEntry(link), self.pages)

    def read_xml(self, pieces: Iterator[bytes]) -> None:
        """Reads an XML document."""
        tail = _Tail(pieces)
        for element, whole in children_of_root(tail, _ROOTS, "sitemap"):
            # What is there of an address in which the document ends is another address.
            if whole or not (tail.ends_in_address() and _ends_in_part(element)):
                self._take_element(element)
            if self.listed >= MAX_ENTRIES or len(self.maps) >= MAX_ENTRIES:
                return

    def _take_element(self, element: etree._Element) -> None:
        into = {"url": self.pages, "sitemap": self.maps}.get(local_name(element))
        entry = _entry(element, self.url) if into is not None else None
        if into is not None and entry is not None:
            self._take(entry, into)

    def _take(self, entry: SitemapEntry, into: dict[str, SitemapEntry]) -> None:
        if into is self.pages:
            if self.listed >= MAX_ENTRIES:
                return
            self.listed += entry.url not in into
            self.dated += entry.told_at is not None
            self.news = self.news or entry.title is not None
        if self.since is None or entry.told_at is None or entry.told_at >= self.since:
            into.setdefault(entry.url, entry)


class _Tail:
    """The pieces of a document, and what the last of them end with."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = pieces
        self._tail = b""

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._pieces:
            self._tail = (self._tail + piece)[-_LONGEST_LOC:]
            yield piece

    def ends_in_address(self) -> bool:
        """Whether the last address that began has not ended."""
        tags = _LOC_TAG.findall(self._tail)
        return bool(tags) and not tags[-1]


def _ends_in_part(element: etree._Element) -> bool:
    """Whether an element ends in one of its own parts, not in one of a part's, such as the address
    of a picture."""
    return len(element) > 0 and len(element[-1]) == 0


def _age(page: SitemapEntry) -> datetime:
    return page.told_at or datetime.min.replace(tzinfo=UTC)


def _entry(element: etree._Element, base: str) -> SitemapEntry | None:
    fields = {local_name(child): child for child in element}
    url = absolute_link(text_of(fields.get("loc")), base)
    if url is None:
        return None
    news = {local_name(child): child for child in fields.get("news", ())}
    paper = {local_name(child): child for child in news.get("publication", ())}
    published = parse_moment(text_of(news.get("publication_date")))
    keywords = (one_line(word) for word in text_of(news.get("keywords")).split(","))
    return SitemapEntry(
        url=url,
        modified_at=parse_date(text_of(fields.get("lastmod"))),
        title=one_line(text_of(news.get("title"))),
        published_at=published.at if published else None,
        date_flag=published.flag if published else None,
        language=language_tag(text_of(paper.get("language"))),
        publication=one_line(text_of(paper.get("name"))),
        keywords=tuple(dict.fromkeys(word for word in keywords if word)),
    )


def feed_of_sitemap(
    found: Sitemap, *, url: str, feed_id: int, now: datetime, most: int
) -> ParsedFeed:
    """The pages that a sitemap calls recent, as a feed's entries. Where they are more than `most`,
    its dates tell nothing, and none of them is taken.

    Raises NotAFeed("not_a_feed") for a sitemap without dates: nothing in it tells what is new.
    """
    if found.listed and not found.dated:
        raise NotAFeed(
            "not_a_feed",
            f"{url} is a sitemap without dates, so nothing tells which of its pages are new. "
            "`pressclip backfill` takes its pages once.",
        )
    dated = [page for page in found.entries if page.told_at is not None]
    paper = next((page.publication for page in dated if page.publication), None)
    feed = ParsedFeed(NEWS_SITEMAP if found.news else SITEMAP, (), title=paper)
    if found.recent > most:
        return replace(feed, restamped=found.recent)
    entries = entries_of(
        [_item(page) for page in dated], feed_id=feed_id, base=url, now=now, max_entries=most
    )
    return replace(feed, entries=entries.kept)


def _item(page: SitemapEntry) -> FeedItem:
    return FeedItem(
        link=page.url,
        title=page.title,
        categories=page.keywords,
        language=page.language,
        published=_written(page.published_at, page.date_flag),
        updated=_written(page.modified_at),
        said=page.url,
    )


def _written(at: datetime | None, flag: DateFlag | None = None) -> str | None:
    if at is None:
        return None
    if flag is DateFlag.DAY:
        return f"{at:%Y-%m-%d}"
    return at.replace(tzinfo=None).isoformat() if flag is DateFlag.NO_ZONE else at.isoformat()
