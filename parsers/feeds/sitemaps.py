"""Sitemaps and news sitemaps (https://www.sitemaps.org/protocol.html).

A sitemap lists pages, a sitemap index lists sitemaps, and a text sitemap is one address a line.
The news extension says what a feed would: title, publication date, language, keywords.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from lxml import etree

from parsers.errors import Quarantine
from parsers.feeds.text import absolute_link, language_tag, one_line
from parsers.feeds.xml_tree import local_name, text_of, xml_tree
from parsers.records import DateFlag
from parsers.text.dates import parse_date, parse_moment

MAX_ENTRIES = 50_000
"""The protocol's own limit of addresses in one file."""
_LOC_TAG = re.compile(rb"<(/?)(?:[\w.-]+:)?loc\b", re.IGNORECASE)
_LONGEST_LOC = 10_000
"""Bytes; longer addresses are none."""


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


@dataclass(frozen=True, slots=True)
class Sitemap:
    """What a sitemap says: pages, or other sitemaps, or (unusual) both."""

    entries: tuple[SitemapEntry, ...] = ()
    sitemaps: tuple[SitemapEntry, ...] = ()
    """Of a sitemap index: where the sitemaps are and when they changed."""


def parse_sitemap(body: bytes, *, url: str) -> Sitemap:
    """The sitemap that `url` answered with `body` (already unpacked), at most `MAX_ENTRIES`.

    Addresses are made absolute against `url`; those that are none are passed over, and each
    counts once.

    Raises Quarantine("not_xml") or Quarantine("not_sitemap") for anything else.
    """
    if not body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return _text_sitemap(body, url)
    root = xml_tree(body.removeprefix(b"\xef\xbb\xbf"), "sitemap")
    if local_name(root) not in {"urlset", "sitemapindex"}:
        raise Quarantine(
            "not_sitemap", f"{url} is no sitemap: it begins with <{local_name(root)}>."
        )
    cut_off = _cut_off(body, root)
    pages: dict[str, SitemapEntry] = {}
    maps: dict[str, SitemapEntry] = {}
    for child in root:
        into = {"url": pages, "sitemap": maps}.get(local_name(child))
        entry = _entry(child, url) if into is not None and child is not cut_off else None
        if into is not None and entry is not None and len(into) < MAX_ENTRIES:
            into.setdefault(entry.url, entry)
    return Sitemap(tuple(pages.values()), tuple(maps.values()))


def _cut_off(body: bytes, root: etree._Element) -> etree._Element | None:
    """The entry in whose address the document ends, if it does: what is there of the address is
    another address."""
    tags = _LOC_TAG.findall(body[-_LONGEST_LOC:])
    if not tags or tags[-1]:
        return None
    last = root
    while len(last):
        last = last[-1]
    entry = last.getparent()
    return entry if entry is not None and entry.getparent() is root else None


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


def _text_sitemap(body: bytes, url: str) -> Sitemap:
    lines = body.decode("utf-8-sig", "replace").split()
    links = dict.fromkeys(line for line in lines[:MAX_ENTRIES] if absolute_link(line, "") == line)
    if not links:
        raise Quarantine(
            "not_sitemap", f"{url} is no sitemap: it has neither XML nor addresses in it."
        )
    return Sitemap(tuple(SitemapEntry(link) for link in links))
