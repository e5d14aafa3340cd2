"""The walk of one page or document, from bytes to an article or to why it is none."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from importlib.resources import files

import pytest

from parsers.articles.from_document import is_binary
from parsers.parse import parse_document, parse_page
from parsers.records import Article, DateFlag, Entry, Page, Rejection, RejectionReason
from parsers.topics.topics import read_topics

TOPICS = read_topics(files("seeds").joinpath("topics.toml").read_bytes())
STORY = "OpenAI lent the harbour library a reading machine, and the librarian lent it a name. " * 5
HTML = f"<html><head><title>A Loan</title></head><body><h1>A Loan</h1><p>{STORY}</p></body></html>"
PAGE = Page(
    "https://paper.example/loan",
    "https://paper.example/loan",
    200,
    (("content-type", "text/html; charset=utf-8"),),
    HTML.encode(),
    datetime(2026, 11, 1, tzinfo=UTC),
)
CHALLENGE = b"<html><title>Just a moment...</title><body>Checking your browser.</body></html>"


def test_a_page_on_topic_becomes_an_article_with_its_evidence() -> None:
    article = parse_page(PAGE, hint=None, topics=TOPICS)
    assert isinstance(article, Article)
    assert [match.topic for match in article.topics] == ["openai"]
    assert article.fingerprint is not None
    assert article.fetched_at == PAGE.fetched_at


def test_a_date_that_lies_ahead_is_kept_and_marked() -> None:
    ahead = '<meta property="article:published_time" content="2062-11-01"><title>'
    page = replace(PAGE, body=PAGE.body.replace(b"<title>", ahead.encode()))
    article = parse_page(page, hint=None, topics=TOPICS)
    assert isinstance(article, Article)
    assert article.published_at == datetime(2062, 11, 1, tzinfo=UTC)
    assert article.date_flag is DateFlag.FUTURE


def test_a_page_that_names_no_topic_is_not_even_read() -> None:
    page = replace(PAGE, body=HTML.replace("OpenAI", "The town").encode())
    found = parse_page(page, hint=None, topics=TOPICS)
    assert isinstance(found, Rejection)
    assert (found.reason, found.extracted) == (RejectionReason.OFF_TOPIC, False)
    assert isinstance(parse_page(page, hint=None, topics=TOPICS, keep_off_topic=True), Article)


UNREAD = (
    "<script>var tags = ['OpenAI']</script>",
    "<style>#openai-chat { color: teal }</style>",
    "<p class='tag-openai'>A tag</p>",
    "<a href='/openai-lends-a-machine'>Read also</a>",
)
READ = (
    "<meta name='description' content='OpenAI lends'>",
    "<script type='application/ld+json'>{'headline': 'OpenAI lends'}</script>",
    "<p>OpenAI lends</p>",
    "<p>Ope<b>n</b>AI lends</p>",
    "<p>Open&shy;AI lends</p>",
)


@pytest.mark.parametrize("where", UNREAD + READ)
def test_a_topic_where_no_text_is_read_from_does_not_call_for_an_extraction(where: str) -> None:
    page = replace(
        PAGE, body=HTML.replace("OpenAI", "They").replace("<h1>", where + "<h1>").encode()
    )
    assert TOPICS.may_mention(page.body, None)
    found = parse_page(page, hint=None, topics=TOPICS)
    extracted = isinstance(found, Article) or found.extracted
    assert extracted is (where in READ)


def test_a_page_whose_entry_names_a_topic_is_called_what_it_is() -> None:
    hint = Entry(1, 1, "g", PAGE.url, title="OpenAI lends a machine")
    page = replace(PAGE, body=CHALLENGE)
    found = parse_page(page, hint=hint, topics=TOPICS)
    assert isinstance(found, Rejection)
    assert found.reason is RejectionReason.BOT_CHALLENGE


@pytest.mark.parametrize("content_type", ["application/rss+xml", "text/html; charset=utf-8"])
def test_a_feed_is_no_page(content_type: str) -> None:
    """A link of "#top" leads back to the feed, and all its titles and links were one article."""
    feed = f'<?xml version="1.0"?><rss><channel><title>A Loan</title><item><description>{STORY}'
    page = replace(PAGE, headers=(("content-type", content_type),), body=feed.encode())
    found = parse_page(page, hint=None, topics=TOPICS)
    assert isinstance(found, Rejection)
    assert found.reason is RejectionReason.NOT_HTML
    assert "is a feed" in found.detail


@pytest.mark.parametrize(
    ("asked", "final", "led_home"),
    [
        ("https://paper.example/loan", "https://paper.example/", True),
        ("https://m.paper.example/?p=17", "https://www.paper.example", True),
        ("https://paper.example/loan", "https://paper.example/?p=17", False),
        ("https://paper.example/loan", "https://paper.example/2026/loan", False),
        ("https://paper.example/", "https://paper.example/", False),
        ("https://short.example/x7", "https://the-loan.example/", False),
    ],
)
def test_a_link_that_ends_at_its_sites_home_page_has_lost_its_article(
    asked: str, final: str, led_home: bool
) -> None:
    """The home page was stored in its place, under the home page's address."""
    found = parse_page(replace(PAGE, url=asked, final_url=final), hint=None, topics=TOPICS)
    assert isinstance(found, Rejection) is led_home
    if isinstance(found, Rejection):
        assert found.reason is RejectionReason.SOFT_404


def test_what_is_no_page_of_text_is_named() -> None:
    page = replace(PAGE, headers=(("content-type", "application/pdf"),))
    found = parse_page(page, hint=None, topics=TOPICS)
    assert isinstance(found, Rejection)
    assert found.reason is RejectionReason.NOT_HTML


@pytest.mark.parametrize(
    "body",
    [b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", b"\x89PNG\r\n\x1a\n\x00\x00", b"PK\x03\x04\x00"],
)
def test_a_binary_file_is_no_document(body: bytes) -> None:
    found = parse_document(body, name="file", topics=TOPICS)
    assert isinstance(found, Rejection)
    assert found.reason is RejectionReason.NOT_HTML


def test_a_fragment_of_a_saved_page_is_html() -> None:
    article = parse_document(
        f"<article><h1>A Loan</h1><p>{STORY}</p></article>".encode(), name="a.txt", topics=TOPICS
    )
    assert isinstance(article, Article)
    assert "<" not in article.text
    assert article.text_kind == "document"


@pytest.mark.parametrize(
    "body",
    [
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj OpenAI",
        b"\x89PNG\r\n\x1a\n\x00\x00 OpenAI",
        b"<p>OpenAI</p>" + bytes(range(256)) * 40,
    ],
    ids=["PDF", "PNG", "noise"],
)
def test_what_is_called_a_page_and_is_no_text_is_none(body: bytes) -> None:
    hint = Entry(1, 1, "g", PAGE.url, title="OpenAI lends a machine")
    found = parse_page(replace(PAGE, body=body), hint=hint, topics=TOPICS)
    assert isinstance(found, Rejection)
    assert found.reason is RejectionReason.NOT_HTML


@pytest.mark.parametrize("body", [b"<p>" + b"<" * 9000, b"<ul>" + b"<li>OpenAI" * 500])
def test_a_text_without_letters_or_with_one_word_for_ever_is_none(body: bytes) -> None:
    found = parse_page(
        replace(PAGE, body=b"<title>OpenAI</title>" + body), hint=None, topics=TOPICS
    )
    assert isinstance(found, Rejection)
    assert found.reason is RejectionReason.NO_TEXT


@pytest.mark.parametrize("codec", ["utf-8", "utf-16", "utf-16-le", "utf-16-be"])
def test_text_in_any_coding_is_no_noise(codec: str) -> None:
    page = "<html><p>OpenAI opened its reading room at Port Alder \0 on Monday.</p></html>"
    assert not is_binary(page.encode(codec))
    assert not is_binary("<p>港が開く。OpenAI</p>".encode(codec))
