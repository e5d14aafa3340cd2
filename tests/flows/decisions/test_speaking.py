"""Whose word counts for an address."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from flows.decisions.redirects import permanent_target
from flows.decisions.speaking import (
    may_carry,
    not_shown,
    site_of_address,
    speaks_for,
    speaks_for_its_link,
)
from flows.fetch.fetched import Hop
from flows.steps.subscriptions import shipped_feeds
from parsers.identity import article_id, entry_urn
from parsers.records import Entry
from warehouse.records import BACKFILLED, BY_HAND, WaitingEntry


def waiting(link: str | None, *addresses: str, feed: int = 5) -> WaitingEntry:
    entry = Entry(1, feed, "guid", link, content_html="<p>Text</p>")
    return WaitingEntry(entry, attempts=0, feed_addresses=addresses)


@pytest.mark.parametrize(
    ("page", "feed", "own"),
    [
        ("https://www.press.example/a", "https://feeds.press.example/rss", True),
        ("https://press.co.uk/a", "https://other.co.uk/rss", False),
        ("https://press.example/a", "https://evil.example/press.example/rss", False),
        ("https://press.example.evil.example/a", "https://press.example/rss", False),
        ("https://alice.github.io/a", "https://bob.github.io/rss", False),
        ("https://press.example:8443/a", "https://press.example/rss", False),
        ("https://medium.com/@jane/a", "https://medium.com/feed/@jane", True),
        ("https://medium.com/@jane/a", "https://medium.com/feed/@joe", False),
        ("https://www.uni.example/~jane/a", "https://www.uni.example/~joe/rss", False),
        ("no address", "no address", False),
    ],
)
def test_a_feed_speaks_for_its_own_site(page: str, feed: str, own: bool) -> None:
    assert speaks_for(waiting(page, feed), page) is own


def test_the_operators_word_counts_everywhere() -> None:
    page = "https://press.example/a"
    assert speaks_for(waiting(page, "https://cdn.example/rss", "https://www.press.example/"), page)
    assert speaks_for(waiting(page, feed=BY_HAND), page)
    assert speaks_for(waiting(page, feed=BACKFILLED), page)


@pytest.mark.parametrize(
    ("link", "own"),
    [
        (None, True),
        ("https://www.google.com/alerts/a", True),
        # An address in a wrapper is that of another site.
        ("https://www.google.com/url?url=https://press.example/a", False),
        # What is behind one that hides it is not the wrapper's.
        ("https://news.google.com/rss/articles/CBMiAB", False),
    ],
)
def test_a_link_that_wraps_another(link: str | None, own: bool) -> None:
    assert speaks_for_its_link(waiting(link, "https://www.google.com/alerts/feeds/1/2")) is own


def test_a_stranger_carries_only_what_is_its_own_article_already() -> None:
    stranger = waiting("https://press.example/a", "https://other.example/rss")
    assert may_carry(stranger)
    assert may_carry(replace(stranger, article_id=article_id(entry_urn(1))))
    assert not may_carry(replace(stranger, article_id=article_id("https://press.example/a")))


def test_what_one_feed_of_a_site_showed_another_need_not_have_shown() -> None:
    link, stranger = "https://press.example/a", "https://other.example/rss"
    early, late = datetime(2026, 3, 1, 8, tzinfo=UTC), datetime(2026, 3, 1, 12, tzinfo=UTC)
    main, section = (
        replace(waiting(link, "https://press.example/rss"), not_shown_at=moment)
        for moment in (early, late)
    )
    never_read_before = replace(main, not_shown_at=None)
    assert not_shown([section, main]) == early
    assert not_shown([section, never_read_before]) is None
    assert not_shown([replace(waiting(link, stranger), not_shown_at=early)]) is None


def test_a_site_that_only_passes_a_feed_on_is_not_where_it_moved() -> None:
    """Else anybody's feed would take the name of a site that redirects to anywhere."""
    moved = Hop(301, "https://evil.example/rss", "https://press.example/go?to=evil")
    passed = Hop(302, "https://press.example/go?to=evil", "https://evil.example/rss2")
    assert permanent_target([moved]) == "https://press.example/go?to=evil"
    assert permanent_target([moved, passed]) is None


ELSEWHERE = {"feeds.bbci.co.uk": "bbc.com", "feeds.content.dowjones.io": "wsj.com"}
"""Feeds of the list that ships that are asked at another name than their articles have."""


def test_the_feeds_that_ship_name_their_sites() -> None:
    named = {
        site_of_address(feed.url): site_of_address(feed.site_url or "") for feed in shipped_feeds()
    }
    assert None not in named.values()
    foreign = {asked: site for asked, site in named.items() if asked != site}
    assert foreign == {
        site_of_address(f"https://{host}/"): (site, None) for host, site in ELSEWHERE.items()
    }
