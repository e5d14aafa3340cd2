"""Where a feed's hub is: in its headers, or else in itself."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from parsers.feeds.hubs import with_hub_of
from parsers.records import Page, ParsedFeed

INSIDE = ParsedFeed("rss20", (), hub_url="https://inside.example/", self_url="https://in/self")


def found(*headers: str) -> tuple[str | None, str | None]:
    """(hub, self) of a feed with these Link headers."""
    page = Page(
        "https://paper.example/feed",
        "https://paper.example/rss/feed",
        200,
        tuple(("link", header) for header in headers),
        b"",
        datetime(2026, 11, 22, tzinfo=UTC),
    )
    feed = with_hub_of(page, INSIDE)
    return feed.hub_url, feed.self_url


@pytest.mark.parametrize(
    ("headers", "hub", "own"),
    [
        ((), INSIDE.hub_url, INSIDE.self_url),
        (('<https://hub.example/>; rel="hub"',), "https://hub.example/", INSIDE.self_url),
        (("<https://hub.example/>;rel=hub", "<../f>; rel=self"), "https://hub.example/",
         "https://paper.example/f"),
        (('<https://a/>; rel="hub", <https://b/>; rel="hub", <https://s/>; rel="self"',),
         "https://a/", "https://s/"),
        (('<https://a/x,y;z>; title="a, b; rel=x"; rel="alternate HUB"',), "https://a/x,y;z",
         INSIDE.self_url),
        (('<https://a/>; rel="hub-ish"', '<https://b/>; rel="next"'), INSIDE.hub_url,
         INSIDE.self_url),
        (("<javascript:alert(1)>; rel=hub", "<mailto:a@b>; rel=self"), INSIDE.hub_url,
         INSIDE.self_url),
        (("<http://[bad>; rel=hub",), INSIDE.hub_url, INSIDE.self_url),
        (("<" * 100_000,), INSIDE.hub_url, INSIDE.self_url),
        (('<a>;"' + '\\"' * 50_000,), INSIDE.hub_url, INSIDE.self_url),
    ],
)  # fmt: skip
def test_headers_come_first(headers: tuple[str, ...], hub: str | None, own: str | None) -> None:
    assert found(*headers) == (hub, own)
