"""The feeds we ship: well-formed, complete, each once. Whether they answer, only asking tells."""

from __future__ import annotations

from collections import Counter
from importlib.resources import files

import pytest

from parsers.feeds.opml import OpmlFeed, read_opml, write_opml
from parsers.urls import canonical_url, host_of

BODY = files("seeds").joinpath("feeds.opml").read_bytes()
FEEDS = read_opml(BODY)
TITLE = "Pressclip: feeds to start from"


def in_category(start: str) -> list[OpmlFeed]:
    return [feed for feed in FEEDS if (feed.category or "").startswith(start)]


def test_enough_of_each_kind() -> None:
    assert len(FEEDS) >= 40
    assert len(in_category("Press/Indonesia")) >= 12
    assert len(in_category("Press/Technology")) >= 10
    assert len(in_category("Press/Business")) >= 5
    assert len(in_category("Companies")) >= 5
    assert len({feed.language for feed in FEEDS}) >= 10


@pytest.mark.parametrize("topic", ["Elon Musk", "OpenAI"])
def test_each_topic_is_searched_for_in_many_languages(topic: str) -> None:
    searches = in_category(f"Search/{topic}")
    assert len({feed.language for feed in searches}) >= 10
    assert len({host_of(feed.url) for feed in searches}) >= 2


@pytest.mark.parametrize("feed", FEEDS, ids=lambda feed: feed.title)
def test_each_feed_is_complete(feed: OpmlFeed) -> None:
    assert feed.title
    assert feed.language
    assert feed.category
    assert feed.site_url
    assert feed.url.startswith("https://")
    assert feed.url.isascii()
    assert "#" not in feed.url


def test_each_feed_is_there_once() -> None:
    urls = Counter(canonical_url(feed.url) for feed in FEEDS)
    titles = Counter((feed.title, feed.language) for feed in FEEDS)
    assert [name for counter in (urls, titles) for name, n in counter.items() if n > 1] == []


def test_the_file_is_as_we_would_write_it() -> None:
    assert write_opml(FEEDS, TITLE) == BODY
