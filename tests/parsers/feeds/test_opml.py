"""Lists of feeds, in and out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.errors import Quarantine
from parsers.feeds import opml
from parsers.feeds.opml import OpmlFeed, categories_of, read_list, read_opml, write_opml

NESTED = b"""<?xml version="1.0" encoding="UTF-8"?>
<opml version="1.0">
  <head><title>My reading</title></head>
  <body>
    <outline text="Press">
      <outline text="Indonesia">
        <outline type="rss" text="Kabar" title="Kabar Pagi" xmlUrl="https://kabar.example/rss"
                 htmlUrl="https://kabar.example/" language="id"/>
      </outline>
      <outline text="Courier" xmlUrl="https://courier.example/feed"/>
    </outline>
    <outline text="Filed by attribute" category="/Blogs/Rockets,Other" xmlurl="https://rockets.example/atom.xml"/>
    <outline text="Filed nowhere" xmlUrl=" https://alone.example/feed "/>
    <outline text="Twice" xmlUrl="https://courier.example/feed"/>
    <outline text="No address" xmlUrl=""/>
    <outline text="Wrong address" xmlUrl="feed.xml"/>
    <outline text="Not the web" xmlUrl="ftp://old.example/feed"/>
  </body>
</opml>
"""


def test_nested_outlines_are_categories() -> None:
    assert read_opml(NESTED) == (
        OpmlFeed(
            "https://kabar.example/rss",
            "Kabar Pagi",
            "https://kabar.example/",
            "id",
            "Press/Indonesia",
        ),
        OpmlFeed("https://courier.example/feed", "Courier", category="Press"),
        OpmlFeed(
            "https://rockets.example/atom.xml", "Filed by attribute", category="Blogs/Rockets"
        ),
        OpmlFeed("https://alone.example/feed", "Filed nowhere"),
    )


def test_what_is_read_is_written_and_read_again() -> None:
    feeds = read_opml(NESTED)
    written = write_opml(feeds, "My reading")
    assert sorted(read_opml(written), key=str) == sorted(feeds, key=str)
    assert b"<title>My reading</title>" in written
    assert written.count(b'text="Press"') == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1"])
def test_encodings(encoding: str) -> None:
    text = (
        f'<?xml version="1.0" encoding="{encoding}"?><opml><body>'
        '<outline text="Zürich" xmlUrl="https://z.example/"/></body></opml>'
    )
    (feed,) = read_opml(text.encode(encoding))
    assert feed.title == "Zürich"


@pytest.mark.parametrize(
    ("address", "url"),
    [
        ("feed://f.example/rss", "http://f.example/rss"),
        ("feed:https://f.example/rss", "https://f.example/rss"),
        ("feed://https://f.example/rss", "https://f.example/rss"),
        ("HTTPS://f.example/rss", "HTTPS://f.example/rss"),
    ],
)
def test_addresses_as_readers_write_them(address: str, url: str) -> None:
    (feed,) = read_opml(f'<opml><body><outline xmlUrl="{address}"/></body></opml>'.encode())
    assert feed.url == url


def test_what_is_cut_off_is_read_as_far_as_it_goes() -> None:
    feeds = read_opml(NESTED[: NESTED.index(b'<outline text="Filed nowhere"') + 20])
    assert [feed.title for feed in feeds] == ["Kabar Pagi", "Courier", "Filed by attribute"]


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (b"", "not_xml"),
        (b"plain words", "not_xml"),
        (b"\x00\x01\x02", "not_xml"),
        (b"\xff\xfe\x00", "not_xml"),
        (b"{}", "not_xml"),
        (b"<html><body/></html>", "not_opml"),
        (b"<rss/>", "not_opml"),
    ],
)
def test_anything_else_is_a_named_error(body: bytes, name: str) -> None:
    with pytest.raises(Quarantine, match="no OPML file") as refused:
        read_opml(body)
    assert refused.value.name == name


def test_hostile_lists() -> None:
    assert read_opml(b"<opml><body>" + b"<outline text='a'>" * 100_000) == ()
    external = b'<!DOCTYPE opml SYSTEM "file:///etc/passwd"><opml><body/></opml>'
    assert read_opml(external) == ()


def test_entities_of_a_lists_own_are_not_expanded() -> None:
    declared = '<!DOCTYPE opml [<!ENTITY a "bbb"><!ENTITY f SYSTEM "file:///etc/hostname">]>'
    outline = '<outline text="[&a;&f;]" xmlUrl="https://paper.example/feed"/>'
    (feed,) = read_opml(f"{declared}<opml><body>{outline}</body></opml>".encode())
    assert feed.title == "[&a;&f;]"


def listing(*outlines: str, encoding: str = "utf-8") -> bytes:
    return f'<opml version="2.0"><body>{"".join(outlines)}</body></opml>'.encode(encoding)


@pytest.mark.parametrize(
    ("text", "address", "title", "url"),
    [
        ("M&A", "https://p.example/rss?a=1&sect=2", "M&A", "https://p.example/rss?a=1&sect=2"),
        ("Q&A &copy", "https://p.example/?id=4&para=5", "Q&A &copy", "https://p.example/?id=4&para=5"),
        ("Tom &amp; Ann", "https://p.example/?a=1&amp;b=2", "Tom & Ann", "https://p.example/?a=1&b=2"),
        ("D&uuml;n&ntilde;a", "https://p.example/x", "Dünña", "https://p.example/x"),
        ("r&eacute;sum&eacute;&hellip;", "https://p.example/x", "résumé…", "https://p.example/x"),
        ("Sea < shore", "https://p.example/x", "Sea < shore", "https://p.example/x"),
        ("5 &lt; 6 &#233;", "https://p.example/x", "5 < 6 é", "https://p.example/x"),
    ],
)  # fmt: skip
def test_what_people_typed_is_what_is_read(text: str, address: str, title: str, url: str) -> None:
    """A raw `&lang=` in an address became another letter, and the feed another feed."""
    (feed,) = read_opml(listing(f'<outline text="{text}" xmlUrl="{address}"/>'))
    assert (feed.title, feed.url) == (title, url)


@pytest.mark.parametrize("word", ["Nachrichten für Köln", "Año nuevo", "crème brûlée"])
def test_latin1_that_nobody_declared(word: str) -> None:
    outline = f'<outline text="{word}" xmlUrl="https://p.example/x"/>'
    (feed,) = read_opml(listing(outline, encoding="latin-1"))
    assert feed.title == word


def test_a_feed_in_several_folders_has_the_categories_of_all() -> None:
    courier = '<outline text="Courier" xmlUrl="https://courier.example/feed"/>'
    again = '<outline text="C." xmlUrl="HTTPS://Courier.example:443/feed"/>'
    folders = (
        f'<outline text="{name}">{feed}</outline>'
        for name, feed in (("Press", courier), ("Sea; shore", again), ("Press", again))
    )
    feeds = read_opml(listing(courier, *folders))
    assert feeds == (
        OpmlFeed("https://courier.example/feed", "Courier", category="Press; Sea, shore"),
    )
    assert read_opml(write_opml(feeds, "mine")) == feeds


@pytest.mark.parametrize("depth", [25, 300, 5000])
def test_folders_in_folders_are_read_however_deep(depth: int) -> None:
    inner = '<outline text="Deep" xmlUrl="https://deep.example/feed"/>'
    (feed,) = read_opml(listing('<outline text="f">' * depth + inner + "</outline>" * depth))
    assert (feed.url, feed.category) == ("https://deep.example/feed", "/".join(["f"] * 20))


def test_what_is_listed_as_a_feed_and_has_no_address_is_told_by_its_name() -> None:
    body = listing('<outline type="rss" text="Lost"/>', '<outline text="A folder"/>')
    assert read_list(body).passed_over == ("Lost",)


@pytest.mark.parametrize(
    "fault",
    [
        "<outline text='x'",
        "<b>",
        "</outline></body>",
        "<outline text=unquoted xmlUrl=>",
        "<![CDATA[",
    ],
)
def test_a_broken_line_costs_no_other(fault: str) -> None:
    before, after = (
        f'<outline text="{name}" xmlUrl="https://{name}.example/feed"/>' for name in ("one", "two")
    )
    body = f'<opml version="2.0"><body>{before}{fault}\n{after}</body></opml>'.encode()
    assert read_opml(body)[0].title == "one"
    if fault != "<![CDATA[":
        assert [feed.title for feed in read_opml(body)] == ["one", "two"]


_names = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
_feeds = st.builds(
    OpmlFeed,
    url=st.from_regex(r"https://[a-z]{1,8}\.example/[a-z?=&]{0,8}", fullmatch=True),
    title=_names,
    language=st.sampled_from([None, "en", "id", "zh-Hant"]),
    category=st.lists(_names, max_size=3).map("/".join),
)


@given(st.lists(_feeds, max_size=6, unique_by=lambda feed: feed.url), _names)
def test_round_trip(feeds: list[OpmlFeed], title: str) -> None:
    once = read_opml(write_opml(feeds, title))
    assert {feed.url for feed in once} == {feed.url for feed in feeds}
    assert {feed.url: feed.language for feed in once} == {f.url: f.language for f in feeds}
    assert read_opml(write_opml(once, title)) == once


@given(st.binary(max_size=200))
def test_any_bytes_are_feeds_or_a_named_error(body: bytes) -> None:
    for document in (body, b"<opml><body>" + body):
        try:
            assert isinstance(read_opml(document), tuple)
        except Quarantine as refused:
            if refused.name not in {"not_xml", "not_opml"}:
                raise


def test_addresses_that_no_feed_can_have_are_told() -> None:
    """They were left out without a word."""
    assert read_list(NESTED).passed_over == ("feed.xml", "ftp://old.example/feed")


def test_a_list_of_too_many_feeds_is_cut_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opml, "MOST_FEEDS", 500)
    outlines = (f'<outline xmlUrl="https://p.example/{number}"/>' for number in range(2000))
    listed = read_list(listing(*outlines))
    assert len(listed.feeds) == 500
    assert listed.beyond == 1500
    assert listed.feeds[-1].url == "https://p.example/499"


def test_a_feed_that_is_filed_10_000_times_has_some_of_the_folders() -> None:
    """The time for each folder grew with the number of folders before it."""
    feed = '<outline xmlUrl="https://p.example/x"/>'
    folders = (f'<outline text="c{number}">{feed}</outline>' for number in range(10_000))
    (one,) = read_opml(listing(*folders))
    assert categories_of(one.category) == tuple(f"c{number}" for number in range(50))


@pytest.mark.parametrize("attribute", ["a{}='x'", "a{}", "a{}:b='x'"])
def test_an_outline_with_100_000_attributes_is_read(attribute: str) -> None:
    many = " ".join(attribute.format(number) for number in range(100_000))
    assert len(read_opml(listing(f'<outline xmlUrl="https://p.example/x" {many}/>'))) == 1
