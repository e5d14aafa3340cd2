"""Feeds out: valid by the standards, and what is written is what a reader reads."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from parsers.feeds.parse import parse_feed
from parsers.feeds.write import (
    OutgoingFeed,
    OutgoingItem,
    lasting_id,
    shortened,
    write_atom,
    write_json_feed,
)
from parsers.records import ParsedFeed

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
SCHEMA = etree.RelaxNG(etree.parse(Path(__file__).with_name("atom.rng")))
FULL = OutgoingItem(
    item_id=lasting_id("story", "1"),
    url="https://e.example/läuft?a=1&b=<2>",
    title="Musk & OpenAI: 5 < 6 ]]> “done”",
    published_at=NOON,
    updated_at=NOON + timedelta(hours=3),
    summary="It's AT&T, a < b & c > d.",
    text="First <script>alert(1)</script> & last.\n\nمرحبا بالعالم — 日本語",
    authors=("Ann O'Hara", "Budi & Co"),
    topics=("musk", "openai"),
    language="en",
    outlet="The Ledger & Sons",
    site="e.example",
    home_url="https://e.example/",
)
BARE = OutgoingItem(lasting_id("story", "2"), "https://e.example/2", None, NOON, NOON)
FEED = OutgoingFeed(
    feed_id=lasting_id("feed", "all"),
    title="Clippings <of> all & sundry",
    items=(FULL, BARE),
    self_url="https://desk.example/all.atom",
    home_url="https://desk.example/",
)
EMPTY = OutgoingFeed(lasting_id("feed", "none"), "Nothing yet", ())


def check_atom(body: bytes) -> None:
    """Valid against the schema, and its ids are its own."""
    document = etree.fromstring(body)
    SCHEMA.assertValid(document)
    ids = document.xpath("//*[local-name()='id'][not(parent::*[local-name()='source'])]/text()")
    assert isinstance(ids, list)
    assert len(ids) == len(set(map(str, ids)))


def check_json_feed(body: bytes) -> None:
    """What https://www.jsonfeed.org/version/1.1/ requires."""
    document = json.loads(body)
    assert document["version"] == "https://jsonfeed.org/version/1.1"
    assert isinstance(document["title"], str)
    assert isinstance(document["items"], list)
    for item in document["items"]:
        assert isinstance(item["id"], str)
        assert item["id"]
        assert isinstance(item.get("content_html", item.get("content_text")), str)
        for moment in ("date_published", "date_modified"):
            assert datetime.fromisoformat(item[moment]).tzinfo
        assert all(author["name"] for author in item.get("authors", ()))
        assert all(isinstance(tag, str) for tag in item.get("tags", ()))
    assert None not in document.values()


def read_back(body: bytes, content_type: str) -> ParsedFeed:
    return parse_feed(
        body, url="https://desk.example/x", feed_id=1, content_type=content_type, now=NOON
    )


WRITTEN = [
    (write_atom, check_atom, "application/atom+xml"),
    (write_json_feed, check_json_feed, "application/feed+json"),
]


@pytest.mark.parametrize("feed", [FEED, EMPTY], ids=["full", "empty"])
def test_feeds_are_valid(feed: OutgoingFeed) -> None:
    check_atom(write_atom(feed))
    check_json_feed(write_json_feed(feed))


def test_the_schema_refuses_what_is_wrong() -> None:
    body = write_atom(FEED).decode()
    for good, bad in (
        ("<title>", '<title type="colour">'),
        ('rel="self"', 'rel="oneself"'),
        ("2026-03-01T12:00:00Z", "yesterday"),
        (lasting_id("feed", "all"), "no uri"),
        ("The Ledger &amp; Sons</title>", "The Ledger &amp; Sons</title><title>Other</title>"),
        (' <link rel="alternate" type="text/html" href="https://e.example/2"/>', ""),
    ):
        assert good in body
        assert not SCHEMA.validate(etree.fromstring(body.replace(good, bad).encode()))


def test_an_item_says_which_outlet_it_is_of() -> None:
    root = etree.fromstring(write_atom(FEED))
    said = root.xpath(
        "//a:source/a:title/text() | //a:source/a:link/@href",
        namespaces={"a": "http://www.w3.org/2005/Atom"},
    )
    assert said == ["The Ledger & Sons", "https://e.example/"]
    one, two = json.loads(write_json_feed(FEED))["items"]
    assert one["_source"] == {"title": "The Ledger & Sons", "url": "https://e.example/"}
    assert "_source" not in two


@pytest.mark.parametrize(("write", "_check", "content_type"), WRITTEN, ids=["atom", "json"])
def test_our_own_reader_reads_all_of_it(
    write: Callable[[OutgoingFeed], bytes], _check: object, content_type: str
) -> None:
    feed = read_back(write(FEED), content_type)
    assert (feed.problem, feed.title, feed.self_url) == (None, FEED.title, FEED.self_url)
    one, two = feed.entries
    assert one.guid == FULL.item_id
    assert one.link == FULL.url
    assert (one.title, one.summary) == (FULL.title, FULL.summary)
    assert (one.authors, one.categories, one.language) == (FULL.authors, FULL.topics, "en")
    assert (one.published_at, one.updated_at) == (FULL.published_at, FULL.updated_at)
    assert one.content_html is not None
    assert "<script>" not in one.content_html
    assert "<p>مرحبا بالعالم — 日本語</p>" in one.content_html
    assert (two.guid, two.link) == (BARE.item_id, BARE.url)


@pytest.mark.parametrize("text", [None, "The whole text."], ids=["summary", "text"])
def test_what_is_on_no_page_is_told_without_a_link(text: str | None) -> None:
    """RFC 4287, 4.1.2: an entry without an alternate link has content."""
    item = replace(FULL, url="urn:sha256:0123", text=text, authors=())
    feed = replace(FEED, items=(item, replace(BARE, url="urn:pressclip:entry:1")))
    check_atom(atom := write_atom(feed))
    check_json_feed(written := write_json_feed(feed))
    entries = etree.fromstring(atom).findall("{*}entry")
    assert [entry.find("{*}link") for entry in entries] == [None, None]
    assert all(entry.findtext("{*}content") for entry in entries)
    assert ["url" in one for one in json.loads(written)["items"]] == [False, False]


def test_what_is_too_long_for_readers_is_cut_and_says_so() -> None:
    long = replace(
        FULL, title="&" * 30_000, summary="word " * 4_000_000, text="<& " * 7_000_000,
        authors=("Ann " * 1_000,),
    )  # fmt: skip
    document = etree.fromstring(write_atom(replace(FEED, items=(long,))))
    name = "{http://www.w3.org/2005/Atom}"
    summary = document.findtext(f".//{name}summary") or ""
    assert summary == "word " * 199 + "word…"
    assert (document.findtext(f".//{name}content") or "").endswith("&lt;&amp;…</p>")
    assert len(document.findtext(f"{name}entry/{name}title") or "") == 500


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("just as long", "just as long"),
        ("one word too many", "one word…"),
        ("one\n\nparagraph", "one\n\nparagr…"),
        ("seven and\n\nmore", "seven and…"),
        ("没有空格的一句很长的话", "没有空格的一句很长的话"),
        ("没有空格的一句很长很长的话", "没有空格的一句很长很长…"),
    ],
)
def test_words_stay_whole_where_there_are_any(text: str, short: str) -> None:
    assert shortened(text, 12) == short


def test_ids_never_change() -> None:
    """Where this fails, every feed reader will show every story once more."""
    assert lasting_id("story", "1") == "urn:uuid:6a0db408-7ab4-5899-abf2-4daf191fdf4b"
    assert lasting_id("story", "2") != lasting_id("story", "1") != lasting_id("feed", "1")


texts = st.text(max_size=80)


@given(title=texts, summary=texts, text=texts, author=texts.filter(str.strip), language=texts)
def test_whatever_the_press_writes_the_feeds_stay_valid(
    title: str, summary: str, text: str, author: str, language: str
) -> None:
    item = OutgoingItem(
        BARE.item_id, BARE.url, title, NOON, NOON, summary, text, (author,), ("musk",), language
    )
    feed = OutgoingFeed(FEED.feed_id, "All", (item,))
    check_atom(write_atom(feed))
    check_json_feed(write_json_feed(feed))
    assert write_atom(feed) == write_atom(feed)
