"""What an outlet lists of its pages: the items of a feed, the addresses of a sitemap, the links on
its home page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from lxml import html as lxml_html

from parsers.extraction.tree import parse_html
from parsers.feeds.discovery import discover_feeds
from parsers.feeds.parse import parse_feed
from parsers.feeds.sitemaps import Sitemap, SitemapEntry
from parsers.feeds.text import absolute_link, one_line
from parsers.metadata.site_name import HomePage, read_home_page
from parsers.records import DateFlag, Page
from parsers.text.decode import decode_page
from parsers.urls import direct_link

_FEWEST_LETTERS = 20
"""Of a link that may be a headline."""


@dataclass(frozen=True, slots=True)
class ListedPage:
    """A page that an outlet lists."""

    url: str
    title: str | None = None
    """None in a sitemap that gives addresses only."""
    at: datetime | None = None
    """When it was published; None where the listing does not say so."""
    day_only: bool = False
    """Whether `at` is but a day."""
    changed_at: datetime | None = None
    """When it was changed last, where that is all that is said."""


@dataclass(frozen=True, slots=True)
class FrontPage:
    """What a home page tells."""

    said: HomePage
    feeds: tuple[str, ...]
    pages: tuple[ListedPage, ...]
    """The links on it that read like headlines."""


def pages_of_feed(page: Page, now: datetime, most: int) -> tuple[ListedPage, ...]:
    """The pages that a feed lists; raises what `parse_feed` raises."""
    feed = parse_feed(
        page.body,
        url=page.final_url,
        feed_id=0,
        content_type=page.header("content-type"),
        now=now,
        max_entries=most,
        known=frozenset(),
    )
    return tuple(
        ListedPage(
            direct_link(entry.link),
            entry.title,
            entry.published_at,
            entry.date_flag is DateFlag.DAY,
        )
        for entry in feed.entries
        if entry.link and entry.title
    )


def pages_of_sitemap(found: Sitemap) -> tuple[ListedPage, ...]:
    """The pages that a sitemap lists, the newest first."""
    newest = sorted(found.entries, key=lambda page: _seconds(page.told_at), reverse=True)
    return tuple(map(_listed, newest))


def _seconds(at: datetime | None) -> float:
    return at.timestamp() if at else 0.0


def _listed(page: SitemapEntry) -> ListedPage:
    return ListedPage(
        page.url,
        page.title,
        page.published_at,
        page.date_flag is DateFlag.DAY,
        page.modified_at,
    )


def front_page(page: Page, site: str) -> FrontPage:
    """What the home page of `site` tells."""
    text = decode_page(page.body, page.header("content-type"))
    tree = parse_html(text)
    if tree is None:
        return FrontPage(HomePage(None, None), (), ())
    return FrontPage(
        read_home_page(tree, url=page.final_url, site=site),
        discover_feeds(text, page.final_url),
        tuple(_linked(tree, page.final_url)),
    )


def _linked(tree: lxml_html.HtmlElement, base: str) -> Iterable[ListedPage]:
    for link in tree.iter("a"):
        said = one_line(" ".join(map(str, link.itertext())))
        url = absolute_link(link.get("href"), base)
        if url and said and len(said) >= _FEWEST_LETTERS:
            yield ListedPage(url, said)
