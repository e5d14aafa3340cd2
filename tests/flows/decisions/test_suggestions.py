"""Which outlets could be watched: those that searches name, most headlines first."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from flows.decisions.suggestions import (
    Suggestion,
    is_its_own,
    suggested,
    watched_sites,
    with_listings,
    worth_following,
)
from parsers.topics.topics import read_topics
from warehouse.queue.outlets import SearchedHeadline
from warehouse.records import REMOVED, Feed, FeedHealth, Listing, ListingKind

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
TOPICS = read_topics(
    b"""
    [[topic]]
    name = "tempeh"
    title = "Tempeh"
    [[topic.alias]]
    strength = "strong"
    names = ["tempeh"]
    """
)
PAPER = Suggestion("paper.example", "The Paper", 4, ("en",), "https://paper.example/")


def shown(
    title: str,
    url: str = "https://paper.example",
    name: str | None = "The Paper",
    *,
    on_topic: bool = False,
    language: str | None = "en",
) -> SearchedHeadline:
    return SearchedHeadline(url, name, title, on_topic, language)


def listed(url: str, kind: ListingKind, *, pages: int = 9, found: int = 0) -> Listing:
    return Listing(PAPER.site, url, kind, NOW, pages, found)


def test_headlines_on_topic_are_counted_once_and_the_most_come_first() -> None:
    found = suggested(
        [
            shown("Tempeh is back - The Paper"),
            shown("TEMPEH is back - The Paper", "https://www.paper.example", language="id"),
            shown("Soy is back - The Paper"),
            shown("A page about it - The Paper", on_topic=True),
            shown("Tempeh a - Daily", "https://daily.example", "Daily"),
            shown("Tempeh b - Daily", "https://daily.example", "Daily"),
            shown("Tempeh c - Daily", "https://daily.example", "Daily"),
            shown("Soy - Other", "https://other.example", "Other"),
        ],
        (),
        TOPICS,
    )
    assert [(one.site, one.outlet, one.headlines) for one in found] == [
        ("daily.example", "Daily", 3),
        ("paper.example", "The Paper", 2),
    ]
    assert found[1].home_url == "https://paper.example/"
    assert found[1].hosts == {"paper.example"}


@pytest.mark.parametrize(
    "feed",
    [
        Feed(1, "https://feeds.paper.example/rss"),
        Feed(1, "https://far.example/rss", named_site="https://paper.example/"),
        Feed(1, "https://far.example/rss", site_url="https://www.paper.example/news"),
        Feed(1, "https://paper.example/rss", health=FeedHealth.RETIRED, error=REMOVED),
        Feed(1, "https://paper.example/rss", health=FeedHealth.FAILING),
    ],
)
def test_what_is_watched_or_was_removed_is_not_suggested(feed: Feed) -> None:
    assert suggested([shown("Tempeh - The Paper")], (feed,), TOPICS) == ()


def test_an_outlet_whose_only_feed_is_gone_may_be_suggested() -> None:
    gone = Feed(1, "https://paper.example/rss", health=FeedHealth.RETIRED, error="http_410")
    assert watched_sites((gone,)) == frozenset()
    assert len(suggested([shown("Tempeh - The Paper")], (gone,), TOPICS)) == 1


@pytest.mark.parametrize("url", ["javascript:alert(1)", "https://", "https://medium.com/@cook", ""])
def test_what_is_no_outlets_address_suggests_nothing(url: str) -> None:
    assert suggested([shown("Tempeh", url)], (), TOPICS) == ()


def test_listings_are_ordered_by_use_and_never_known_ones() -> None:
    gone = Feed(1, "https://paper.example/gone", former_url="https://paper.example/old")
    found = with_listings(
        PAPER,
        [
            listed("https://paper.example/", ListingKind.HOME_PAGE),
            listed("https://paper.example/comments/feed", ListingKind.FEED, pages=99),
            listed("https://paper.example/a", ListingKind.FEED),
            listed("https://paper.example/b", ListingKind.FEED, found=2),
            listed("https://paper.example/empty", ListingKind.FEED, pages=0),
            listed("https://PAPER.example:443/gone", ListingKind.FEED),
            listed("https://paper.example/old", ListingKind.FEED),
            listed("https://paper.example/s.xml", ListingKind.SITEMAP, found=5),
            listed("https://paper.example/news.xml", ListingKind.NEWS_SITEMAP),
        ],
        (gone,),
        language="id",
    )
    assert found.feeds == ("https://paper.example/b", "https://paper.example/a")
    assert found.sitemaps == ("https://paper.example/news.xml", "https://paper.example/s.xml")
    assert found.watchable == found.feeds
    assert found.languages == ("id", "en")


def test_without_a_feed_the_best_sitemap_is_watchable() -> None:
    news = listed("https://paper.example/news.xml", ListingKind.NEWS_SITEMAP)
    assert with_listings(PAPER, [news], ()).watchable == (news.url,)
    assert with_listings(PAPER, [], ()).watchable == ()


def test_languages_and_numbers_decide_what_is_worth_following() -> None:
    unknown = Suggestion("quiet.example", "Quiet", 9, (), "https://quiet.example/")
    both = (PAPER, unknown)
    assert worth_following(both, (), 3, known=True) == both
    assert worth_following(both, ("EN",), 3, known=True) == (PAPER,)
    assert worth_following(both, ("id",), 3, known=True) == ()
    assert worth_following(both, ("id",), 3, known=False) == (unknown,)
    assert worth_following(both, (), 5, known=True) == (unknown,)


def test_a_feed_elsewhere_is_not_an_outlets_own() -> None:
    assert is_its_own(PAPER, "https://feeds.paper.example/rss")
    assert not is_its_own(PAPER, "https://victim.example/rss")
