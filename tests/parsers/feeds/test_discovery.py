"""Feeds that a page names."""

from __future__ import annotations

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.feeds.discovery import discover_feeds

BASE = "https://site.example/news/"


def head(*links: str) -> str:
    return f"<!DOCTYPE html><html><head>{''.join(links)}</head><body></body></html>"


def alternate(kind: str, href: str, title: str = "") -> str:
    return f'<link rel="alternate" type="{kind}" href="{href}" title="{title}">'


@pytest.mark.parametrize(
    "kind",
    [
        "application/rss+xml",
        "application/atom+xml",
        "application/rdf+xml",
        "application/feed+json",
        "Application/RSS+XML; charset=utf-8",
        "text/rss+xml",
    ],
)
def test_types_of_feeds(kind: str) -> None:
    assert discover_feeds(head(alternate(kind, "/all")), BASE) == ("https://site.example/all",)


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        (alternate("text/html", "/print"), ()),
        (alternate("application/json", "/wp-json/posts/1"), ()),
        (alternate("application/json", "/feed.json"), ("https://site.example/feed.json",)),
        (alternate("text/xml", "/rss.xml"), ("https://site.example/rss.xml",)),
        (alternate("application/rss+xml", ""), ()),
        (alternate("application/rss+xml", "javascript:x"), ()),
        (alternate("application/rss+xml", "http://[::"), ()),
        ('<link rel="feed" href="latest">', ("https://site.example/news/latest",)),
        ('<link rel="stylesheet" type="application/rss+xml" href="/all">', ()),
        ("<LINK TYPE=application/rss+xml REL=ALTERNATE HREF=/all>", ("https://site.example/all",)),
    ],
)
def test_what_counts(link: str, expected: tuple[str, ...]) -> None:
    assert discover_feeds(head(link), BASE) == expected


def test_the_pages_own_base_counts() -> None:
    page = head('<base href="//cdn.example/x/">', alternate("application/rss+xml", "rss"))
    assert discover_feeds(page, BASE) == ("https://cdn.example/x/rss",)


def test_order_of_the_page_comments_last_each_once() -> None:
    page = head(
        alternate("application/rss+xml", "/comments/feed", "Site » Comments Feed"),
        alternate("application/rss+xml", "/feed", "Site » Feed"),
        alternate("application/atom+xml", "/atom"),
        alternate("application/rss+xml", "/feed"),
    )
    names = ["feed", "atom", "comments/feed"]
    assert discover_feeds(page, BASE) == tuple(f"https://site.example/{name}" for name in names)


def test_links_that_look_like_feeds_where_the_head_names_none() -> None:
    page = (
        "<p><a href='/about'>About</a><a href='/feedback'>Feedback</a>"
        "<a href='/rss/tech'>RSS</a><a href='/story#feed'>x</a><a href='/a.rss'>y</a></p>"
    )
    assert discover_feeds(page, BASE) == (
        "https://site.example/rss/tech",
        "https://site.example/a.rss",
    )
    assert discover_feeds(head(alternate("application/rss+xml", "/f")) + page, BASE) == (
        "https://site.example/f",
    )


@pytest.mark.parametrize(
    ("href", "told"),
    [
        ("/newsRSS.xml", "News"),
        ("/blog/?feed=atom", "x"),
        ("/external.php?forum=4&type=RSS2", "x"),
        ("/index.php?format=feed&type=rss", "x"),
        ("/latest.xml", "RSS feed"),
        ("/syndication", "Subscribe to our feed"),
        ("/export/9", "Atom"),
    ],
)
def test_plain_links_to_feeds_are_known_by_their_address_or_by_what_they_say(
    href: str, told: str
) -> None:
    page = f"<p><a href='/about'>About us</a><a href='{href}'>{told}</a></p>"
    assert discover_feeds(page, BASE) == (f"https://site.example{href}",)


@pytest.mark.parametrize(
    ("href", "told"),
    [
        ("/how-rss-works", "How RSS works"),
        ("/story?type=feature", "Feature"),
        ("/rss-explained.html", "RSS"),
        ("/?feedback=1", "Tell us"),
        ("/atomic-energy", "Atomic energy"),
        ("https://rss.example/", "A reader that we like"),
    ],
)
def test_links_that_only_look_like_feeds(href: str, told: str) -> None:
    assert discover_feeds(f"<p><a href='{href}'>{told}</a></p>", BASE) == ()


@pytest.mark.parametrize(
    ("page", "comments", "title"),
    [
        ("https://site.example/2026/11/low-tide/", "/2026/11/low-tide/feed/", "Blað » Umræður"),
        ("https://site.example/?p=12", "/?feed=rss2&p=12", "Sitio » Marea baja"),
        ("https://site.example/", "/comments/feed/", "x"),
        ("https://site.example/", "/kala/", "Lehti » Kommentit"),
        ("https://site.example/", "/all/", "サイト » コメントフィード"),
    ],
)
def test_feeds_of_comments_come_last_in_any_language(page: str, comments: str, title: str) -> None:
    links = head(
        alternate("application/rss+xml", comments.replace("&", "&amp;"), title),
        alternate("application/rss+xml", "/feed/", "Site"),
    )
    assert discover_feeds(links, page) == (
        "https://site.example/feed/",
        f"https://site.example{comments}",
    )


@pytest.mark.parametrize(
    ("page", "own", "title"),
    [
        ("https://site.example/harbour/", "/harbour/feed/", "Harbour"),
        ("https://site.example/", "/commentary/feed/", "Commentary"),
    ],
)
def test_the_feed_of_a_section_is_none_of_comments(page: str, own: str, title: str) -> None:
    links = head(
        alternate("application/rss+xml", own, title),
        alternate("application/rss+xml", "/feed/", "Site"),
    )
    assert discover_feeds(links, page)[0] == f"https://site.example{own}"


def test_bytes_in_any_encoding() -> None:
    page = head(alternate("application/rss+xml", "/ü"))
    expected = ("https://site.example/ü",)
    assert discover_feeds(page.encode(), BASE) == expected
    assert discover_feeds(page.encode("utf-16"), BASE) == expected


@pytest.mark.parametrize(
    "page", ["<div>" * 100_000, "<link " * 100_000, "<a href='" + "x" * 3_000_000, "<!--" * 100_000]
)
def test_hostile_pages_end_in_bounded_time(page: str) -> None:
    started = process_time()
    assert discover_feeds(page, BASE) == ()
    assert process_time() - started < 5


@given(st.text(max_size=200) | st.binary(max_size=200))
def test_any_input_gives_links(page: str | bytes) -> None:
    assert all(url.startswith("http") for url in discover_feeds(page, BASE))


@pytest.mark.parametrize(
    ("link", "found"),
    [
        ('<a href="https://feeds.quay.example/tide">Follow us</a>', True),
        ('<a href="/tide.xml" type="application/rss+xml">Tide</a>', True),
        ('<a href="/tide.xml"><img src="/i.png" alt="RSS"></a>', True),
        ('<a href="/tide.xml">XML</a>', True),
        ('<a href="/abo/7">RSS-Feed abonnieren</a>', True),
        ('<a href="/suivre">Flux RSS</a>', True),
        ('<a href="/xml-guide">XML</a>', False),
        ('<a href="/help/7">What is RSS?</a>', False),
        ('<a href="/about-rss">Our readers</a>', False),
        ('<a href="/story">How RSS came to the harbour of our town</a>', False),
        ('<a href="/seafeed/">Seafeed</a>', False),
    ],
)
def test_a_plain_link_is_known_by_its_address_or_by_what_it_says(link: str, found: bool) -> None:
    assert len(discover_feeds(f"<p>{link}</p>", "https://quay.example/")) == found
