"""Sitemaps, indexes of them, news sitemaps."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from time import process_time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.errors import Quarantine
from parsers.feeds.sitemaps import Sitemap, SitemapEntry
from parsers.feeds.sitemaps import parse_sitemap as parse_file
from parsers.records import DateFlag

URL = "https://paper.example/sitemap.xml"


def parse_sitemap(body: bytes, *, url: str, **more: Any) -> Sitemap:
    """What is read of `body`."""
    return parse_file(BytesIO(body), url=url, **more)


NEWS = """<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
        xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"
        xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
  <url>
    <loc> https://paper.example/2026/11/dock </loc>
    <lastmod>2026-11-03T17:05:09+01:00</lastmod>
    <image:image><image:loc>https://paper.example/dock.jpg</image:loc></image:image>
    <news:news>
      <news:publication>
        <news:name>The Paper</news:name><news:language>en</news:language>
      </news:publication>
      <news:publication_date>2026-11-03</news:publication_date>
      <news:title>Dock opens &amp; fills</news:title>
      <news:keywords>port, ships,, port</news:keywords>
    </news:news>
  </url>
  <url><loc>/relative</loc><lastmod>yesterday</lastmod></url>
  <url><loc>https://paper.example/relative</loc></url>
  <url><loc>javascript:x</loc></url>
  <url/>
</urlset>"""


def test_news_sitemap() -> None:
    day = datetime(2026, 11, 3, tzinfo=UTC)
    assert parse_sitemap(NEWS.encode(), url=URL) == Sitemap(
        entries=(
            SitemapEntry(
                url="https://paper.example/2026/11/dock",
                modified_at=day.replace(hour=16, minute=5, second=9),
                title="Dock opens & fills",
                published_at=day,
                date_flag=DateFlag.DAY,
                language="en",
                publication="The Paper",
                keywords=("port", "ships"),
            ),
            SitemapEntry("https://paper.example/relative"),
        ),
        listed=2,
        dated=1,
        recent=1,
        news=True,
    )


def test_index() -> None:
    body = b"""<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
      <sitemap><loc>https://paper.example/a.xml.gz</loc><lastmod>2026-11-03</lastmod></sitemap>
      <sitemap><loc>https://paper.example/b.xml.gz</loc></sitemap></sitemapindex>"""
    sitemap = parse_sitemap(body, url=URL)
    assert sitemap.entries == ()
    assert [entry.url[-8:] for entry in sitemap.sitemaps] == ["a.xml.gz", "b.xml.gz"]
    assert sitemap.sitemaps[0].modified_at == datetime(2026, 11, 3, tzinfo=UTC)


@pytest.mark.parametrize("namespace", ["", ' xmlns="http://www.google.com/schemas/sitemap/0.84"'])
def test_old_and_missing_namespaces(namespace: str) -> None:
    body = f"<urlset{namespace}><url><loc>https://paper.example/a</loc></url></urlset>"
    assert parse_sitemap(body.encode(), url=URL).entries == (
        SitemapEntry("https://paper.example/a"),
    )


def test_text_sitemap() -> None:
    body = b"\xef\xbb\xbfhttps://paper.example/a\r\nhttps://paper.example/b\n/not-absolute\n"
    assert [e.url[-1] for e in parse_sitemap(body, url=URL).entries] == ["a", "b"]


def test_cut_off() -> None:
    body = NEWS.encode()[: NEWS.index("javascript")]
    assert len(parse_sitemap(body, url=URL).entries) == 2


@pytest.mark.parametrize("closing", ["", "<", "</loc", "</loc></url>"])
@pytest.mark.parametrize("kind", ["url", "sitemap"])
def test_an_address_that_was_cut_off_is_none(kind: str, closing: str) -> None:
    body = f"<urlset><{kind}><loc>{URL}/a</loc></{kind}><{kind}><loc>{URL}/bcd{closing}"
    sitemap = parse_sitemap(body.encode(), url=URL)
    whole = [one.url[len(URL) :] for one in sitemap.entries + sitemap.sitemaps]
    assert whole == (["/a", "/bcd"] if closing.startswith("</loc") else ["/a"])


def test_a_picture_whose_address_was_cut_off_costs_no_page() -> None:
    body = NEWS.encode()[: NEWS.index("dock.jpg")]
    assert [one.url[-4:] for one in parse_sitemap(body, url=URL).entries] == ["dock"]


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (b"", "not_sitemap"),
        (b"no addresses here", "not_sitemap"),
        (b"<html><body/></html>", "not_sitemap"),
        (b"<rss/>", "not_sitemap"),
        (b"<", "not_xml"),
        (b'<!DOCTYPE u [<!ENTITY a "b">]><urlset><url><loc>&a;</loc></url></urlset>', "not_xml"),
    ],
)
def test_anything_else_is_a_named_error(body: bytes, name: str) -> None:
    with pytest.raises(Quarantine, match=r"no sitemap|entities") as refused:
        parse_sitemap(body, url=URL)
    assert refused.value.name == name


def test_hostile_sitemaps_end_in_bounded_time() -> None:
    started = process_time()
    assert parse_sitemap(b"<urlset>" + b"<url>" * 200_000, url=URL).entries == ()
    many = b"".join(b"<url><loc>https://p.example/%d</loc></url>" % n for n in range(60_000))
    assert len(parse_sitemap(b"<urlset>" + many + b"</urlset>", url=URL).entries) == 50_000
    assert process_time() - started < 10


@given(st.binary(max_size=200))
def test_any_bytes_are_a_sitemap_or_a_named_error(body: bytes) -> None:
    for document in (body, b"<urlset><url><loc>" + body):
        try:
            assert isinstance(parse_sitemap(document, url=URL), Sitemap)
        except Quarantine as refused:
            if refused.name not in {"not_xml", "not_sitemap"}:
                raise
