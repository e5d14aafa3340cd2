"""What strangers write costs what it stands in at most, and is never unforeseen."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from parsers.feeds.parse import parse_feed
from parsers.parse import parse_page
from parsers.records import Article, Page
from parsers.topics.topics import read_topics

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
URL = "https://paper.example/a"
TOPICS = read_topics(
    b'[[topic]]\nname = "openai"\ntitle = "OpenAI"\n'
    b'[[topic.alias]]\nstrength = "strong"\nnames = ["OpenAI"]\n'
)
STORY = "".join(
    f"<p>OpenAI told the harbour master on Monday that barge {number} would wait for the tide and "
    "that nobody on the quay had to do anything about it before noon.</p>"
    for number in range(8)
)
NUMBER = "9" * 5000
REFERENCE = f"&#{NUMBER};"
ESCAPED = f"&amp;#{NUMBER};"
LONG = "data:image/png;base64," + "A" * 5000


def beginning(text: str) -> str:
    """What names a test of a very long text."""
    return text[:40]


def title_of(body: str) -> str | None:
    html = f"<html><head><title>OpenAI waits</title></head><body><article>{body}</article></body>"
    page = Page(URL, URL, 200, (("content-type", "text/html"),), html.encode(), NOW)
    found = parse_page(page, hint=None, topics=TOPICS)
    assert isinstance(found, Article), found
    return found.title


@pytest.mark.parametrize(
    "tag",
    [
        f'<img {{% if wide %}} src="{LONG}">',
        f'<img {{...props}} src="{LONG}">',
        f'<div data-state=\'{{"t":"don\'t {{x}}"}}\' {{"a":1}} data-b="{LONG}"></div>',
        f'<a href="/x"" {{{{attr}}}} style="{LONG}">x</a>',
        f"<img {{{'a' * 5000}}} alt='{LONG}'>",
        "<p {foo} {% bar %} {}>OpenAI again, said the harbour master.</p>",
        f"<p>{REFERENCE} and {ESCAPED} and &#{'0' * 5000}65;</p>",
        f"<img alt='{ESCAPED}' title='{REFERENCE}'>",
        '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "OpenAI waits",'
        f'"wordCount": {NUMBER}, "articleBody": "{ESCAPED} {"word " * 200} {REFERENCE}"}}</script>',
    ],
    ids=beginning,
)
def test_no_markup_costs_a_page_its_article(tag: str) -> None:
    assert title_of(f"<h1>OpenAI waits</h1>{tag}{STORY}") == "OpenAI waits"


@pytest.mark.parametrize(
    "item",
    [
        f"<title>{REFERENCE}</title>",
        f"<title>{ESCAPED}</title>",
        f"<title>&amp;amp;#{NUMBER};</title>",
        f"<title>t</title><description>{ESCAPED}</description>",
        f'<description>&lt;a href="/{ESCAPED}"&gt;x&lt;/a&gt;</description>',
        f"<title><![CDATA[{REFERENCE}]]></title><pubDate>{NUMBER}</pubDate>",
        f'<enclosure url="https://paper.example/{REFERENCE}" length="{NUMBER}"/>',
    ],
    ids=beginning,
)
def test_no_item_costs_a_feed_its_others(item: str) -> None:
    body = (
        "<rss version='2.0'><channel><title>Harbour</title>"
        f"<item>{item}<link>{URL}/odd</link></item>"
        f"<item><title>OpenAI waits</title><link>{URL}</link></item></channel></rss>"
    )
    feed = parse_feed(body.encode(), url=URL, feed_id=1, content_type=None, now=NOW)
    assert [entry.link for entry in feed.entries] == [f"{URL}/odd", URL]


@pytest.mark.parametrize(
    "odd",
    [f'"title": "&#{NUMBER};"', f'"title": "\\u0026#{NUMBER};"', f'"size": {NUMBER}'],
    ids=beginning,
)
def test_no_item_costs_a_json_feed_its_others(odd: str) -> None:
    good = json.dumps({"id": "2", "url": URL, "title": "OpenAI waits"})
    body = (
        '{"version": "https://jsonfeed.org/version/1.1", "title": "Harbour", "items": '
        f'[{{"id": "1", "url": "{URL}/odd", {odd}}}, {good}]}}'
    )
    feed = parse_feed(body.encode(), url=URL, feed_id=1, content_type=None, now=NOW)
    assert feed.problem is None
    assert [entry.guid for entry in feed.entries] == ["1", "2"]
