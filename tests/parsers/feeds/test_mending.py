"""Feeds with faults: what the publisher meant is read, and a fault costs its own item at most."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime
from time import process_time

import pytest

from parsers.errors import Quarantine
from parsers.feeds.parse import parse_feed
from parsers.records import Entry, ParsedFeed

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ATOM = '<feed xmlns="http://www.w3.org/2005/Atom"><title>A</title>{}</feed>'


def parse(body: str | bytes, content_type: str | None = None) -> ParsedFeed:
    raw = body.encode() if isinstance(body, str) else body
    return parse_feed(
        raw, url="https://quay.example/feed", feed_id=1, content_type=content_type, now=NOW
    )


def rss(items: str) -> str:
    channel = f"<channel><title>Quay</title>{items}</channel>"
    return f'<?xml version="1.0"?>\n<rss version="2.0">{channel}</rss>'


def item(number: int, more: str = "") -> str:
    link = f"<link>https://quay.example/{number}</link>"
    return f"<item><guid>{number}</guid><title>Item {number}</title>{link}{more}</item>"


def only(body: str | bytes, content_type: str | None = None) -> Entry:
    (entry,) = parse(body, content_type).entries
    return entry


# --- Surrogates ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Kick-off &#55357;&#56832; now", "Kick-off 😀 now"),
        ("Rain &#xD83C;&#xDF27; ahead", "Rain 🌧 ahead"),
        ("<![CDATA[Tide &#55356;&#57098;]]>", "Tide 🌊"),
        ("Tide &amp;#xd83c;&amp;#xdf0a; again", "Tide 🌊 again"),
        ("Tide &#055356;&#057098;", "Tide 🌊"),
        ("Half &#55357; of one", "Half of one"),
        ("Number &#55000; is Korean", "Number 훘 is Korean"),
        ("Written as 😀 it is", "Written as 😀 it is"),
    ],
)
def test_two_references_to_surrogates_are_one_character(written: str, meant: str) -> None:
    """A feed with one of them lost every item that it had."""
    other = item(2)
    feed = parse(rss(f"<item><guid>1</guid><title>{written}</title></item>{other}"))
    assert [entry.title for entry in feed.entries] == [meant, "Item 2"]


def test_surrogates_in_json() -> None:
    items = [{"id": "1", "title": "a \ud83d\ude00", "content_html": "<p>b &#55357;&#56832;</p>"}]
    entry = only(json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": items}))
    assert (entry.title, entry.content_html) == ("a 😀", "<p>b 😀</p>")


# --- Ampersands and entities --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "link"),
    [
        ("https://q.example/s?a=1&lang=de&copy=2", "https://q.example/s?a=1&lang=de&copy=2"),
        ("https://q.example/s?reg=7&times=3&not=x", "https://q.example/s?reg=7&times=3&not=x"),
        ("https://q.example/s?a=1&amp;part=2", "https://q.example/s?a=1&part=2"),
        ("<![CDATA[https://q.example/s?a=1&sub=2]]>", "https://q.example/s?a=1&sub=2"),
        ("https://q.example/s?q=fish%26chips", "https://q.example/s?q=fish%26chips"),
    ],
)
def test_a_link_stays_as_it_was_typed(written: str, link: str) -> None:
    """A name without a semicolon is no entity: `&lang=` became an angle bracket, and the page that
    was asked for a 404."""
    broken = "<item><guid>0</guid><title>B&B</title></item>"
    feed = parse(rss(f"<item><guid>{written}</guid><link>{written}</link></item>{broken}"))
    assert (feed.entries[0].link, feed.entries[0].guid) == (link, link)
    assert only(ATOM.format(f'<entry><id>1</id><link href="{link}"/></entry>')).link == link


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("R&D at H&M", "R&D at H&M"),
        ("Q&A: 5 & more", "Q&A: 5 & more"),
        ("Profit&loss; up", "Profit&loss; up"),
        ("Caf&eacute; &amp; b&auml;r", "Café & bär"),
        ("&lt;b&gt;Fat&lt;/b&gt; &copy; 2026", "Fat © 2026"),
    ],
)
def test_a_title_stays_as_it_was_typed(written: str, title: str) -> None:
    assert only(rss(f"<item><guid>1</guid><title>{written}</title></item>")).title == title


@pytest.mark.parametrize(
    ("declared", "link"),
    [
        ('<!ENTITY home "https://quay.example">', "https://quay.example/1"),
        ("<!ENTITY home 'https://quay.example/&#37;7Eann'>", "https://quay.example/%7Eann/1"),
        ('<!ENTITY home "https://quay.example/?a=1&amp;b=">', "https://quay.example/?a=1&b=/1"),
        ('<!ENTITY other "x"><!ENTITY home "https://q.example">', "https://q.example/1"),
        ('<!ENTITY b "https://x.example"><!ENTITY home "&b;">', "https://quay.example/&home/1"),
        ('<!ENTITY home SYSTEM "file:///etc/hostname">', "https://quay.example/&home/1"),
        ('<!ENTITY home "<b>x</b>">', "https://quay.example/&home/1"),
    ],
)
def test_plain_entities_of_a_feeds_own_are_resolved_and_no_others(declared: str, link: str) -> None:
    entry = "<item><title>A</title><link>&home;/1</link><guid>1</guid></item>"
    body = rss(entry).replace("<rss", f"<!DOCTYPE rss [{declared}]><rss")
    assert only(body).link == link


def test_entities_that_xml_has_itself_mean_what_they_do_there() -> None:
    declared = '<!DOCTYPE rss [<!ENTITY amp "and"><!ENTITY home "https://quay.example">]>'
    body = rss("<item><title>Q&amp;A</title><link>&home;/1?a=1&amp;b=2</link></item>")
    entry = only(body.replace("<rss", f"{declared}<rss"))
    assert (entry.title, entry.link) == ("Q&A", "https://quay.example/1?a=1&b=2")


def test_what_entities_bring_is_bounded() -> None:
    bomb = f'<!DOCTYPE rss [<!ENTITY a "{"ha" * 100}">]>'
    body = rss(item(1, "<description>" + "&a;" * 50_000 + "</description>"))
    assert len(only(body.replace("<rss", f"{bomb}<rss")).summary or "") < 400_000


# --- Markup -------------------------------------------------------------------------------------

OPEN = "<description><![CDATA[It never ends</description>"


@pytest.mark.parametrize(
    ("items", "titles"),
    [
        (item(1, OPEN) + item(2) + item(3), ["Item 1", "Item 2", "Item 3"]),
        (
            item(1, OPEN) + item(2, "<description><![CDATA[Whole]]></description>"),
            ["Item 1", "Item 2"],
        ),
        (item(1) + item(2, OPEN), ["Item 1", "Item 2"]),
        (item(1, "<x:y>1</x:y>") + item(2, "<a z:b='c'/>"), ["Item 1", "Item 2"]),
        (item(1, "<b>bold") + item(2), ["Item 1", "Item 2"]),
        (item(1, "</b>") + item(2), ["Item 1", "Item 2"]),
        (item(1, "<a href=x y=>") + item(2), ["Item 1", "Item 2"]),
        (item(1, "<description>1 < 2</description>") + item(2), ["Item 1", "Item 2"]),
        (item(1, '<?xml version="1.0"?>') + item(2), ["Item 1", "Item 2"]),
        (item(1, "&#0;&#xFFFF;\x01") + item(2), ["Item 1", "Item 2"]),
    ],
)
def test_a_fault_costs_its_own_item_at_most(items: str, titles: list[str]) -> None:
    feed = parse(rss(items))
    assert [entry.title for entry in feed.entries] == titles
    assert [entry.link for entry in feed.entries] == [
        f"https://quay.example/{at}" for at in range(1, len(titles) + 1)
    ]
    assert feed.problem


def test_text_in_which_cdata_is_written_about_stays_whole() -> None:
    told = "<description><![CDATA[Write <![CDATA[ first, then your text]]></description>"
    feed = parse(rss(item(1, told) + item(2)))
    assert feed.entries[0].summary == "Write first, then your text"
    assert (len(feed.entries), feed.problem) == (2, None)


@pytest.mark.parametrize(
    "head",
    [
        '<?xml version="1.0" encoding="utf-8">',
        "<?xml version=1.0?>",
        '<?xml version="1.0" encoding="utf-16"?>',
        '<!DOCTYPE rss PUBLIC "-//x" ',
        "",
    ],
)
def test_a_broken_declaration_costs_nothing(head: str) -> None:
    body = rss(item(1) + item(2)).replace('<?xml version="1.0"?>\n', head)
    assert [entry.title for entry in parse(body).entries] == ["Item 1", "Item 2"]


@pytest.mark.parametrize(
    "root",
    [
        "<rss version=2.0 xmlns:media=http://search.yahoo.com/mrss/>",
        '<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/>',
        '<rss version="2.0" version="2.0">',
    ],
)
def test_a_broken_root_costs_no_item(root: str) -> None:
    body = rss(item(1) + item(2, "<media:title>x</media:title>"))
    feed = parse(body.replace('<rss version="2.0">', root))
    assert [entry.title for entry in feed.entries] == ["Item 1", "Item 2"]


def test_what_stands_behind_the_feed_is_no_part_of_it() -> None:
    feed = parse(rss(item(1)) + "\n<script>count()</script>")
    assert [entry.title for entry in feed.entries] == ["Item 1"]
    assert feed.problem == "not well-formed: junk after document element (line 3)"


def test_a_prefix_that_nobody_declared_means_what_it_usually_does() -> None:
    feed = parse(rss(item(1, "<dc:creator>Ann Example</dc:creator>")))
    assert feed.entries[0].authors == ("Ann Example",)
    assert "unbound prefix" in (feed.problem or "")


@pytest.mark.parametrize(
    ("end", "titles"),
    [
        ("<item><title>Half", ["Item 1"]),
        ("<item><title>Whole</title><link>https://quay.exam", ["Item 1"]),
        ("<item><title>Whole</title><guid>2</guid><link>https://quay.exam", ["Item 1", "Whole"]),
        ("<item><title>Whole</title><guid>2</guid></item>", ["Item 1", "Whole"]),
    ],
)
def test_an_item_cut_off_before_it_says_what_it_is_waits_for_the_next_poll(
    end: str, titles: list[str]
) -> None:
    body = rss(item(1))
    feed = parse(body[: body.index("</channel>")] + end)
    assert [entry.title for entry in feed.entries] == titles
    assert [entry.link for entry in feed.entries[1:]] == [None] * (len(titles) - 1)


def test_a_feed_of_nothing_but_namespaces_is_refused() -> None:
    prefixes = "".join(f"<p{number}:x/>" for number in range(5000))
    with pytest.raises(Quarantine, match="namespaces") as refused:
        parse(rss(item(1, prefixes)))
    assert refused.value.name == "unreadable_feed"
    few = "".join(f"<p{number}:x/>" for number in range(50))
    assert only(rss(item(1, few))).title == "Item 1"


# --- Encodings ----------------------------------------------------------------------------------


def test_a_few_broken_bytes_do_not_make_a_feed_latin1() -> None:
    body = rss(item(1, "<author>Šárka Ćosić</author>")).encode() + b"\xe9"
    pasted = body.replace(b"Item 1", b"caf\xe9 pr\xe8s")
    entry = only(pasted.replace(b'"1.0"?>', b'"1.0" encoding="utf-8"?>'), "text/xml; charset=UTF-8")
    assert (entry.title, entry.authors) == ("café près", ("Šárka Ćosić",))


@pytest.mark.parametrize(
    ("encoding", "declared", "header"),
    [
        ("latin-1", "utf-8", "application/xml; charset=utf-8"),
        ("latin-1", "iso-8859-1", "text/xml; charset=utf-8"),
        ("latin-1", "iso-8859-1", None),
        ("utf-8", "utf-8", None),
        ("utf-8", "iso-8859-1", None),
    ],
)
def test_what_the_bytes_prove_counts(encoding: str, declared: str, header: str | None) -> None:
    body = rss(item(1).replace("Item 1", "Où est la plage d'été ?"))
    body = body.replace('"1.0"?>', f'"1.0" encoding="{declared}"?>')
    assert only(body.encode(encoding), header).title == "Où est la plage d'été ?"


# --- Bounds -------------------------------------------------------------------------------------


HOSTILE = {
    "CDATA never ended": "<a><![CDATA[x</a>" * 60_000,
    "ampersands": "<item><b>&x" * 60_000,
    "stray ends": "<item>" + "<b>" * 60_000 + "</i>" * 60_000,
    "drawings never ended": "<item><title>" + "&lt;svg>" * 60_000,
    "surrogates": "<item><title>" + "&#55357;" * 60_000,
    "comments never ended": "<item><a><!-- x</a>" * 60_000,
    "sections never ended": "<item><title>a</title><![CDATA[" * 20_000,
    "attributes": "<item><a:b " + "c:d='e' " * 60_000,
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE.keys())
def test_mending_ends_in_bounded_time(body: str) -> None:
    started = process_time()
    with suppress(Quarantine):
        parse("<rss><channel>" + body)
    assert process_time() - started < 10
