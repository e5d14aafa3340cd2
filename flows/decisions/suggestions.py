"""Which outlets news searches name that nobody watches, and what of them could be watched. Pure.

    headlines of searches ─ by outlet, but for watched ones ─ which are on topic? ─▶ most first

An outlet of which the operator removed a feed is none of these: that was a decision.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from flows.decisions.speaking import site_of_address
from parsers.feeds.discovery import is_named_for_comments
from parsers.headlines.compare import headline_words, without_outlet
from parsers.topics.topics import Topics
from parsers.urls import plain_address
from warehouse.queue.outlets import SearchedHeadline
from warehouse.records import REMOVED, Feed, FeedHealth, Listing, ListingKind

MOST_FEEDS = 2
"""Feeds of an outlet that are suggested, the likeliest; and sitemaps."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An outlet that could be watched."""

    site: str
    outlet: str
    """Its name, as the searches call it, or its site."""
    headlines: int
    """How many on topic were its, each once however many searches showed it."""
    languages: tuple[str, ...]
    """Those of the searches that showed them, the most frequent first; its own before, if known."""
    home_url: str
    feeds: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()
    """Of news first."""

    @property
    def watchable(self) -> tuple[str, ...]:
        """What would be subscribed to: its feeds, or else what lists its news."""
        return self.feeds or self.sitemaps[:1]

    @property
    def hosts(self) -> frozenset[str]:
        """What a person may call it."""
        return frozenset({self.site, urlsplit(self.home_url).netloc.lower()})


def watched_sites(feeds: Iterable[Feed]) -> frozenset[str]:
    """The sites of which a feed is watched, or was until the operator removed it. What a feed says
    of itself is enough here: at worst an outlet is not suggested."""
    return frozenset(
        site[0]
        for feed in feeds
        if feed.health is not FeedHealth.RETIRED or feed.error == REMOVED
        for address in (feed.url, feed.former_url, feed.named_site, feed.site_url)
        if address and (site := site_of_address(address))
    )


def suggested(
    headlines: Iterable[SearchedHeadline], feeds: Sequence[Feed], topics: Topics
) -> tuple[Suggestion, ...]:
    """The outlets that the headlines are of and that nobody watches, those with most first."""
    taken = watched_sites(feeds)
    by_site: defaultdict[str, list[SearchedHeadline]] = defaultdict(list)
    for one in headlines:
        site = site_of_address(one.outlet_url)
        # A tenant of a shared site has no home page of its own that we could tell.
        if site is not None and site[0] not in taken and site[1] is None:
            by_site[site[0]].append(one)
    found = (_suggestion(site, ours, topics) for site, ours in by_site.items())
    return tuple(
        sorted((one for one in found if one.headlines), key=lambda one: (-one.headlines, one.site))
    )


def _suggestion(site: str, headlines: Sequence[SearchedHeadline], topics: Topics) -> Suggestion:
    names = Counter(one.outlet_name for one in headlines if one.outlet_name)
    on_topic = {
        headline_words(without_outlet(one.title, names)): one
        for one in headlines
        if one.on_topic or topics.match(one.title, "")
    }
    languages = Counter(one.language for one in on_topic.values() if one.language)
    homes = Counter(one.outlet_url for one in headlines)
    parts = urlsplit(_first(homes))
    return Suggestion(
        site=site,
        outlet=_first(names) if names else site,
        headlines=len(on_topic),
        languages=tuple(sorted(languages, key=lambda one: (-languages[one], one))),
        home_url=f"{parts.scheme}://{parts.netloc}/",
    )


def _first(counted: Counter[str]) -> str:
    """The most frequent; of several the first by name, so that it is the same each time."""
    return min(counted, key=lambda one: (-counted[one], one))


def with_listings(
    suggestion: Suggestion,
    listings: Iterable[Listing],
    feeds: Iterable[Feed],
    language: str | None = None,
) -> Suggestion:
    """`suggestion` with what of the outlet was found to list its pages, what listed most headlines
    first; never a feed that was known before, whatever became of it. `language` is what its home
    page states."""
    known = {plain_address(url) for feed in feeds for url in (feed.url, feed.former_url) if url}
    useful = sorted(
        (one for one in listings if one.pages and plain_address(one.url) not in known),
        key=lambda one: (one.kind is not ListingKind.NEWS_SITEMAP, -one.found, -one.pages, one.url),
    )
    own = [one.url for one in useful if one.kind is ListingKind.FEED]
    sitemaps = (ListingKind.NEWS_SITEMAP, ListingKind.SITEMAP)
    first = (language,) if language else ()
    return replace(
        suggestion,
        languages=tuple(dict.fromkeys((*first, *suggestion.languages))),
        feeds=tuple(url for url in own if not is_named_for_comments(url))[:MOST_FEEDS],
        sitemaps=tuple(one.url for one in useful if one.kind in sitemaps)[:MOST_FEEDS],
    )


def worth_following(
    suggestions: Iterable[Suggestion], languages: Sequence[str], fewest: int, *, known: bool
) -> tuple[Suggestion, ...]:
    """Those with enough headlines whose first language is one of these, if any is named. Where it
    must not be `known` yet, those of which it is not may be, too."""
    wanted = {language.lower() for language in languages}

    def speaks(one: Suggestion) -> bool:
        return one.languages[0].lower() in wanted if one.languages else not known

    return tuple(
        one for one in suggestions if one.headlines >= fewest and (not wanted or speaks(one))
    )


def is_its_own(suggestion: Suggestion, url: str) -> bool:
    """Whether a feed is at the outlet's own site."""
    site = site_of_address(url)
    return site is not None and site[0] == suggestion.site
