"""News searches: each row of the table on its own."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime
from importlib.resources import files

import pytest

from parsers.feeds.parse import parse_feed
from parsers.search_services import SERVICES, service_of_feed, service_of_link
from parsers.urls import is_wrapper

ROWS = tomllib.loads(
    files("parsers").joinpath("data", "search_services.toml").read_text(encoding="utf-8")
)["services"]


@pytest.mark.parametrize("row", ROWS, ids=[row["name"] for row in ROWS])
def test_a_service_is_known_by_its_feeds_and_links(row: dict[str, str]) -> None:
    found = service_of_feed(row["example_feed"])
    assert found is not None
    assert found.name == row["name"]
    if "link" in row:
        assert service_of_link(row["example_link"]) == found
        assert is_wrapper(row["example_link"])


@pytest.mark.parametrize(
    "url",
    [
        "https://paper.example/rss?u=https://news.google.com/rss/search",
        "https://news.google.com.paper.example/rss/search?q=a",
        "https://news.google.com/",
        "https://paper.example/bing.com/news/search?q=a",
    ],
)
def test_whoever_only_looks_like_one_is_none(url: str) -> None:
    assert service_of_feed(url) is None


def test_a_link_that_holds_its_address_is_asked_there() -> None:
    old = "https://news.google.com/rss/articles/CBMiImh0dHBzOi8vd3d3LmV4YW1wbGUuY29tL25ld3Mvc3RvcnnSAQA?oc=5"
    assert not is_wrapper(old)


def test_only_a_search_may_name_an_outlet() -> None:
    feed = (
        b'<rss version="2.0"><channel><title>t</title><item><title>A - The Paper</title>'
        b"<link>https://news.google.com/rss/articles/CBMiX</link>"
        b'<source url="https://paper.example">The Paper</source></item></channel></rss>'
    )
    named = []
    for url in ("https://news.google.com/rss/search?q=a", "https://liar.example/rss"):
        parsed = parse_feed(
            feed, url=url, feed_id=1, content_type=None, now=datetime.now(UTC), max_entries=9
        )
        named.append((parsed.entries[0].outlet_url, parsed.entries[0].outlet_name))
    assert named == [("https://paper.example", "The Paper"), (None, None)]


def test_every_service_has_a_name_of_its_own() -> None:
    assert len({service.name for service in SERVICES}) == len(SERVICES)
