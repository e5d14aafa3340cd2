"""Every format, every common fault: what a feed said, or a named refusal.

The feeds are in `feeds/`, each with the records expected of it in the TOML file beside it.
"""

from __future__ import annotations

import io
import json
import tomllib
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from time import process_time
from typing import Any

import feedparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.errors import Quarantine
from parsers.feeds import xml_feed
from parsers.feeds.parse import parse_feed
from parsers.feeds.repair import Mended
from parsers.identity import entry_id
from parsers.records import ParsedFeed

FEEDS = Path(__file__).parent / "samples"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
URL = "https://fetched.example/feeds/all"


def parse(
    body: str | bytes, content_type: str | None = None, max_entries: int = 2000, url: str = URL
) -> ParsedFeed:
    raw = body if isinstance(body, bytes) else body.encode()
    return parse_feed(
        raw, url=url, feed_id=1, content_type=content_type, now=NOW, max_entries=max_entries
    )


def rss(items: str, head: str = "<title>Feed</title>") -> str:
    return f'<rss version="2.0"><channel>{head}{items}</channel></rss>'


# --- One file for each format and each fault ----------------------------------------------------


@pytest.mark.parametrize("expected", sorted(FEEDS.glob("*.toml")), ids=lambda path: path.stem)
def test_feed_file(expected: Path) -> None:
    table = tomllib.loads(expected.read_text(encoding="utf-8"))
    (feed_file,) = (path for path in FEEDS.glob(f"{expected.stem}.*") if path != expected)
    feed = parse(feed_file.read_bytes(), table.get("content_type"))
    assert told(feed, {"entries"}) == table["feed"]
    entries = [told(entry, {"entry_id", "feed_id"}) for entry in feed.entries]
    assert entries == table.get("entries", [])


def test_every_feed_file_has_its_expectation() -> None:
    feeds = {path.stem for path in FEEDS.iterdir() if path.suffix != ".toml"}
    assert feeds == {path.stem for path in FEEDS.glob("*.toml")}
    assert len(feeds) >= 20


def told(record: Any, without: set[str]) -> dict[str, Any]:
    """What a record says, in the form the TOML files have; what it doesn't know is left out."""
    values = {field.name: getattr(record, field.name) for field in fields(record)}
    return {
        name: plain(value)
        for name, value in values.items()
        if name not in without and value not in (None, (), 0)
    }


def plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [plain(each) for each in value]
    return told(value, set()) if hasattr(value, "__slots__") and hasattr(value, "url") else value


# --- Identity -----------------------------------------------------------------------------------


def test_identity_is_the_guid_else_the_link() -> None:
    feed = parse(rss("<item><guid>a</guid><link>https://e.example/a</link></item>"))
    assert feed.entries[0].entry_id == entry_id(1, "a")
    feed = parse(rss("<item><link>https://e.example/a</link></item>"))
    assert feed.entries[0].entry_id == entry_id(1, "https://e.example/a")


def test_identity_does_not_depend_on_where_the_feed_lives() -> None:
    body = rss("<item><guid>12</guid><title>a</title></item><item><title>only words</title></item>")
    moved = parse(body, url="http://moved.example/rss")
    assert [e.entry_id for e in parse(body).entries] == [e.entry_id for e in moved.entries]


def test_an_edited_title_is_the_same_entry() -> None:
    before, after = (
        parse(rss(f"<item><guid>a</guid><title>{title}</title></item>")).entries[0]
        for title in ("Fire in port", "Fire in port put out")
    )
    assert before.entry_id == after.entry_id


# --- Rhythm -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("head", "minutes"),
    [
        ("<ttl>60</ttl>", 60),
        ("<ttl> 15 </ttl>", 15),
        ("<ttl>0</ttl>", None),
        ("<ttl>-5</ttl>", None),
        ("<sy:updatePeriod>daily</sy:updatePeriod>", 1440),
        ("<sy:updateFrequency>4</sy:updateFrequency>", 360),
        (
            "<sy:updatePeriod> hourly </sy:updatePeriod><sy:updateFrequency>1</sy:updateFrequency>",
            60,
        ),
        ("<sy:updatePeriod>sometimes</sy:updatePeriod>", None),
        ("<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>0</sy:updateFrequency>", 60),
    ],
)
def test_rhythm(head: str, minutes: int | None) -> None:
    body = (
        '<rss version="2.0" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">'
        f"<channel><title>t</title>{head}</channel></rss>"
    )
    assert parse(body).ttl_minutes == minutes


# --- Too long, too heavy ------------------------------------------------------------------------


def numbered(count: int, first_day: int = 1) -> str:
    days = (1 + (number * 7) % 28 for number in range(count))
    return "".join(
        f"<item><guid>{number}</guid><title>t</title><pubDate>{day:02} Oct 2026</pubDate></item>"
        for number, day in enumerate(days)
    )


def test_of_too_many_entries_the_newest_stay_in_their_order() -> None:
    everything = parse(rss(numbered(20)))
    feed = parse(rss(numbered(20)), max_entries=5)
    newest = sorted(everything.entries, key=lambda e: e.published_raw or "", reverse=True)[:5]
    assert set(feed.entries) == set(newest)
    assert list(feed.entries) == [entry for entry in everything.entries if entry in newest]
    assert feed.entries_dropped == 15


def test_without_dates_the_first_stay() -> None:
    items = "".join(f"<item><guid>{number}</guid></item>" for number in range(9))
    feed = parse(rss(items), max_entries=4)
    assert [entry.guid for entry in feed.entries] == ["0", "1", "2", "3"]
    assert feed.entries_dropped == 5


def test_too_many_entries_of_a_json_feed() -> None:
    items = [{"id": str(at), "date_published": f"2026-10-{at + 1:02}"} for at in range(9)]
    body = json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": items})
    feed = parse(body, max_entries=2)
    assert [entry.guid for entry in feed.entries] == ["7", "8"]
    assert feed.entries_dropped == 7


def repeating(links: str, guid: str = "post") -> str:
    return "".join(
        f"<item><guid isPermaLink='false'>{guid}</guid><link>https://e.example/{link}</link></item>"
        for link in links.split()
    )


def test_a_guid_that_several_pages_have_identifies_none_of_them() -> None:
    """Audit: fifty items with one guid were one entry, and nobody was told."""
    feed = parse(rss(repeating(" ".join(map(str, range(50)))) + repeating("own", "own")))
    assert len(feed.entries) == 51
    assert feed.entries_by_link == 50
    first, own = feed.entries[0], feed.entries[-1]
    assert first.entry_id == entry_id(1, "https://e.example/0")
    assert own.entry_id == entry_id(1, "own")
    again = parse(rss(repeating("7 3")))
    assert {entry.entry_id for entry in again.entries} <= {e.entry_id for e in feed.entries}


def test_a_guid_repeated_for_one_page_is_one_entry() -> None:
    feed = parse(rss(repeating("a a a?utm_source=feed a#top")))
    assert [entry.entry_id for entry in feed.entries] == [entry_id(1, "post")]
    assert feed.entries_by_link == 0


@pytest.mark.parametrize(
    ("items", "read", "problem"),
    [
        ({"0": {"id": "a"}, "2": {"id": "b"}}, 2, "its items are an object, not a list"),
        ({"id": "a"}, 0, "its items are an object, not a list"),
        (None, 0, "it has no list of items"),
        ("a", 0, "it has no list of items"),
        ([], 0, None),
        ([None, 5, {"id": "a"}, "x"], 1, "items that are no objects (3)"),
    ],
)
def test_items_of_a_json_feed_that_are_no_list(
    items: object, read: int, problem: str | None
) -> None:
    feed = parse(json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": items}))
    assert (len(feed.entries), feed.problem) == (read, problem)


@pytest.mark.parametrize(
    "description",
    [
        "&lt;i>word&lt;/i> " * 60_000,
        "<![CDATA[" + "<i>word</i> " * 60_000 + "]]>",
        "<i>word</i> " * 40_000,
    ],
    ids=["escaped", "CDATA", "elements"],
)
def test_a_long_text_is_kept_however_much_markup_is_in_it(description: str) -> None:
    item = f"<item><guid>h</guid><description>{description}</description></item>"
    feed = parse(rss(item))
    assert (feed.problem, feed.items_slimmed) == (None, 0)
    assert (feed.entries[0].summary or "").startswith("word word")


def test_an_item_that_is_nothing_but_elements_keeps_its_name() -> None:
    heavy = "<item><guid>h</guid><link>https://e.example/h</link><title>Heavy</title>"
    heavy += "<description>" + "<b>x</b>" * 60_000 + "</description></item>"
    feed = parse(rss(heavy + "<item><guid>l</guid><title>Light</title></item>"))
    assert [(entry.guid, entry.title) for entry in feed.entries] == [("h", "Heavy"), ("l", "Light")]
    assert feed.entries[0].link == "https://e.example/h"
    assert (feed.problem, feed.items_slimmed) == (None, 1)


HOSTILE = {
    "nested elements": "<rss><channel><item>" + "<a>" * 100_000,
    "open tags": "<rss><channel><item><title>" + "<a " * 100_000,
    "angle brackets": "<rss><channel><item><title>" + "<" * 300_000,
    "items never closed": "<rss><channel>" + "<item>" * 60_000,
    "items with nothing in them": rss("<item></item>" * 30_000),
    "comments never closed": "<rss>" + "<!--" * 100_000,
    "document types": "<!DOCTYPE x [" * 30_000 + "<rss>",
    "instructions": "<?x " * 100_000 + "<rss>",
    "one attribute of 5 MB": "<rss><channel a='" + "x" * 5_000_000,
    "nested markup in CDATA": rss("<item><description><![CDATA[" + "<p><table><td>" * 30_000),
    "scripts never closed": rss("<item><title>" + "&lt;script " * 60_000),
    "unclosed in many items": rss(("<item><title>a</title>" + "<b>" * 3_000 + "</item>") * 15),
    "nested lists of JSON": '{"version":"https://jsonfeed.org/version/1","items":' + "[" * 500_000,
    "a number of 100,000 digits": '{"version":"jsonfeed.org","items":[{"id":'
    + "9" * 100_000
    + "}]}",
    "text without a space": rss("<item><guid>" + "x" * 2_000_000 + "</guid></item>"),
    "big entity, often used": '<!DOCTYPE r [<!ENTITY a "'
    + "x" * 100_000
    + '">]>'
    + rss("<item><title>" + "&a;" * 50_000 + "</title></item>"),
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_feeds_end_in_bounded_time(body: str) -> None:
    started = process_time()
    try:
        feed = parse(body)
    except Quarantine as refused:
        outcome: object = refused.name in {"not_a_feed", "unreadable_feed"}
    else:
        outcome = isinstance(feed, ParsedFeed)
    assert outcome
    assert process_time() - started < 10


# --- Not a feed ---------------------------------------------------------------------------------


@pytest.mark.parametrize("body", [b"", b"  \n", b"\xef\xbb\xbf", b"\0\0\0"])
def test_empty(body: bytes) -> None:
    with pytest.raises(Quarantine, match="nothing at all") as refused:
        parse(body)
    assert refused.value.name == "not_a_feed"


def test_a_page_names_its_feeds() -> None:
    page = """<!DOCTYPE html><html><head><title>Front page</title>
      <link rel="alternate" type="application/atom+xml" href="/news.atom"></head></html>"""
    with pytest.raises(Quarantine, match=r"https://fetched\.example/news\.atom") as refused:
        parse(page, "application/rss+xml")
    assert refused.value.name == "not_a_feed"


@pytest.mark.parametrize(
    "body",
    [
        "plain words",
        "<?xml version='1.0'?><note/>",
        '{"error": "gone"}',
        "[1, 2]",
        "{broken",
        "\x7fELF",
    ],
)
def test_no_feed_at_all(body: str) -> None:
    with pytest.raises(Quarantine) as refused:
        parse(body)
    assert refused.value.name == "not_a_feed"


# --- Any bytes ----------------------------------------------------------------------------------

_PIECES = r"""
    <rss version='2.0'> | <channel> | <item> | </item> | <title> | </title> | <guid> |
    </guid> | <link> | </link> | <entry> | <feed xmlns='http://www.w3.org/2005/Atom'> | <id> |
    <content type='xhtml'> | </content> | <![CDATA[ | ]]> | <!-- | --> | <!DOCTYPE x [ |
    <!ENTITY a 'b'> | ]> | &a; | &lt;b&gt; | &amp;amp; | &#0; | &#xD800; | http://[::1 | //x |
    /y | <pubDate> | 3 Nov 2026 | </pubDate> | xml:base='http://[x' | <dc:date> |
    <content:encoded> | <enclosure url='x' length='-1'/> | <author>a@b (c |
    {"version": "jsonfeed.org", | "items": [ | {"id": 1e999} | é
"""
_words = st.sampled_from([piece.strip() for piece in _PIECES.split("|")])
_odd = st.sampled_from(["\x00", "\u2028", "\ud7ff", "é"])


@settings(max_examples=200)
@given(
    st.lists(_words | _odd | st.text(max_size=5), max_size=40), st.sampled_from(["utf-8", "utf-16"])
)
def test_any_text_is_a_feed_or_a_named_error(words: list[str], codec: str) -> None:
    body = "".join(words).encode(codec, "replace")
    checked(body)
    checked(rss("".join(words)).encode(codec, "replace"))


@settings(max_examples=100)
@given(st.binary(max_size=300))
def test_any_bytes_are_a_feed_or_a_named_error(body: bytes) -> None:
    checked(body)
    checked(b"<rss><channel><item><title>" + body)


def checked(body: bytes) -> None:
    try:
        feed = parse(body)
    except Quarantine as refused:
        names = {"not_a_feed", "unreadable_feed"}
        if refused.name not in names:
            raise
        return
    ids = [entry.entry_id for entry in feed.entries]
    assert len(ids) == len(set(ids))
    for entry in feed.entries:
        assert entry.link is None or entry.link.startswith(("http://", "https://"))
        for text in (entry.guid, entry.link, entry.title, entry.summary, entry.content_html):
            assert text is None or text.encode("utf-8").strip() != b""


def test_what_an_entry_keeps_has_bounds_and_its_identity_does_not_change() -> None:
    link = "https://p.example/" + "x" * 5_000
    item = (
        f"<item><title>{'t' * 5_000}</title><link>{link}</link>"
        f"<description>{'s' * 50_000}</description>"
        + "".join(f"<category>c{number}</category>" for number in range(5_000))
        + "</item>"
    )
    (entry,) = parse(rss(item)).entries
    assert entry.link is None
    assert (len(entry.title or ""), len(entry.summary or "")) == (1_000, 10_000)
    assert (entry.title or "").endswith("…")
    assert len(entry.categories) == 100
    assert entry.entry_id == entry_id(1, link)
    short = "https://p.example/" + "x" * 1_900
    (kept,) = parse(rss(f"<item><title>A</title><link>{short}</link></item>")).entries
    assert (kept.link, kept.title) == (short, "A")


RICH = (
    '<rss version="2.0" xml:lang="en" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Quay</title>'
    "<item><title>A &amp;amp; <![CDATA[<b>B</b>]]></title><guid>1</guid>"
    "<dc:date>2026-11-20</dc:date>"
    "<description>&lt;p&gt;one&lt;/p&gt;</description><content:encoded>two</content:encoded>"
    "<pubDate>Fri, 20 Nov 2026 10:00:00 GMT</pubDate><author>a@quay.example (Ann)</author></item>"
    "</channel></rss>",
    '<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://quay.example/"><title>Quay</title>'
    '<entry xml:lang="id"><id>1</id><title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">'
    "A <em>B</em></div></title><link href='a'/><updated>2026-11-20T10:00:00Z</updated>"
    "<content type='application/octet-stream' mode='base64'>b25l</content>"
    "<summary type='text'>1 &lt; 2</summary></entry></feed>",
)


@pytest.mark.parametrize("text", RICH)
def test_our_reader_reads_what_feedparser_reads_but_for_the_dates(text: str) -> None:
    ours = xml_feed._parsed(text, Mended(text), "https://quay.example/feed")
    theirs = feedparser.parse(
        io.BytesIO(text.encode()),
        response_headers={"content-type": "application/xml; charset=utf-8"},
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    told = [
        {key: value for key, value in entry.items() if not key.endswith("_parsed")}
        for entry in theirs.entries
    ]
    assert (ours.version, ours.entries) == (theirs.version, told)
    assert all("published" in entry or "updated" in entry for entry in ours.entries)
