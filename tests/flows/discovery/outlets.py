"""A news search and the outlets that it names, behind one proxy on loopback."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape
from pathlib import Path

from flows.run.context import Run, open_run
from flows.steps.ingest import ingest, poll
from flows.steps.subscriptions import subscribe
from parsers.feeds.opml import OpmlFeed
from tests.faults.hostile import rss
from tests.servers.site import Site, answer
from tests.settings import settings
from warehouse.published.read import read

SEARCH = "http://news.google.com/rss/search?q=OpenAI"
HIDDEN = "http://news.google.com/rss/articles/CBMi{}?oc=5"
NOW = datetime.now(UTC).replace(microsecond=0)
HTML = {"Content-Type": "text/html"}


def an_hour_ago(hours: float = 1.0) -> datetime:
    return NOW - timedelta(hours=hours)


def found(
    number: int,
    headline: str,
    outlet: str = "http://paper.example",
    name: str = "The Paper",
    *,
    at: datetime | None = None,
    source: bool = True,
) -> str:
    """An item of the search, as the service writes it."""
    named = f'<source url="{outlet}">{escape(name)}</source>' if source else ""
    guid = f"CBMi{number:04}AU_yqL"
    return (
        f"<item><title>{escape(headline)} - {escape(name)}</title>"
        f"<link>{HIDDEN.format(f'{number:04}AU_yqL')}</link>"
        f'<guid isPermaLink="false">{guid}</guid>'
        f"<pubDate>{format_datetime(at or an_hour_ago(), usegmt=True)}</pubDate>{named}</item>"
    )


def item(headline: str, link: str, at: datetime | None = None) -> str:
    """An item of an outlet's own feed."""
    dated = format_datetime(at or an_hour_ago(), usegmt=True)
    return (
        f"<item><title>{escape(headline)}</title><link>{link}</link><guid>{link}</guid>"
        f"<pubDate>{dated}</pubDate></item>"
    )


def news_sitemap(*pages: tuple[str, str, datetime]) -> bytes:
    """A sitemap with the news extension."""
    listed = "".join(
        f"<url><loc>{escape(url)}</loc><n:news><n:publication><n:name>P</n:name>"
        f"<n:language>en</n:language></n:publication><n:publication_date>{at.isoformat()}"
        f"</n:publication_date><n:title>{escape(title)}</n:title></n:news></url>"
        for url, title, at in pages
    )
    return (
        '<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        f'xmlns:n="http://www.google.com/schemas/sitemap-news/0.9">{listed}</urlset>'
    ).encode()


def sitemap(*pages: tuple[str, datetime | str]) -> bytes:
    """A sitemap as most sites have: addresses, and when each was changed."""
    listed = "".join(
        f"<url><loc>{escape(url)}</loc><lastmod>"
        f"{at if isinstance(at, str) else at.isoformat()}</lastmod></url>"
        for url, at in pages
    )
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{listed}</urlset>'.encode()


def index(*sitemaps: str) -> bytes:
    """A sitemap index."""
    listed = "".join(f"<sitemap><loc>{escape(url)}</loc></sitemap>" for url in sitemaps)
    return (
        f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{listed}</sitemapindex>'
    ).encode()


def article(headline: str, about: str = "OpenAI") -> bytes:
    told = f"{about} kept the harbour busy, as its warden wrote in the log of {headline}. " * 30
    return (
        f"<html><head><title>{escape(headline)}</title></head><body><article>"
        f"<h1>{escape(headline)}</h1><p>{told}</p></article></body></html>"
    ).encode()


def home_page(*feeds: str) -> bytes:
    links = "".join(
        f'<link rel="alternate" type="application/rss+xml" href="{feed}">' for feed in feeds
    )
    return f"<html><head><title>The Paper</title>{links}</head><body>Hello</body></html>".encode()


class Outlets:
    """A desk that watches one search; what the outlets answer is in `routes`."""

    def __init__(self, site: Site, folder: Path, **more: object) -> None:
        self.site = site
        self.settings = settings(folder, proxy=site.url(), **more)
        self._ahead = timedelta(0)
        self.watch(SEARCH)

    def watch(self, feed: str) -> None:
        subscribe(self.settings, [OpmlFeed(feed)])

    def answers(self, url: str, body: bytes, kind: str = "text/html", status: int = 200) -> None:
        self.site.routes[url] = answer(status, {"Content-Type": kind}, body)

    def has_article(self, url: str, headline: str) -> None:
        self.answers(url, article(headline))

    @property
    def now(self) -> datetime:
        """As of its last run."""
        return NOW + self._ahead

    async def ingest(self, *items: str, hours: float = 0.0) -> None:
        """A run in which the search shows `items`, so much later."""
        self.answers(SEARCH, rss(*items), "application/rss+xml")
        self._ahead += timedelta(hours=hours)
        async with open_run(self.settings, now=lambda: datetime.now(UTC) + self._ahead) as run:
            await ingest(run)

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        return list(read(self.settings.desk(), sql).rows)

    def states(self) -> list[tuple[object, ...]]:
        """What became of the headlines."""
        return self.rows(
            "SELECT state, reason FROM entries WHERE outlet_url IS NOT NULL ORDER BY guid"
        )

    def found(self) -> list[tuple[object, ...]]:
        """Where their articles were found."""
        return self.rows(
            "SELECT found_url, found_by, found_as FROM outcomes WHERE found_url IS NOT NULL "
            "ORDER BY found_url"
        )

    @property
    def asked(self) -> list[str]:
        """What was asked of outlets."""
        return [url for url in self.site.asked if "google" not in url]


class Named(Outlets):
    """Outlets that a search names three times each, whose articles nobody has looked for."""

    def has_only_a_sitemap(self, house: str) -> None:
        listed = news_sitemap((f"http://{house}.example/boat", "A boat", an_hour_ago()))
        named = f"Sitemap: http://{house}.example/news.xml\n".encode()
        self.answers(f"http://{house}.example/robots.txt", named)
        self.answers(f"http://{house}.example/", home_page())
        self.answers(f"http://{house}.example/news.xml", listed, "application/xml")

    async def see(
        self, *houses: str, more: Sequence[str] = (), later: timedelta = timedelta(0)
    ) -> None:
        """A poll of the search only."""
        shown = [
            found(
                10 * number + each,
                f"OpenAI opens harbour office {each} in {house}",
                f"http://{house}.example",
                house.title(),
            )
            for number, house in enumerate(houses)
            for each in range(3)
        ]
        self.answers(SEARCH, rss(*shown, *more), "application/rss+xml")
        async with self.run(later) as run:
            await poll(run)

    def run(self, later: timedelta = timedelta(0)) -> AbstractAsyncContextManager[Run]:
        return open_run(self.settings, now=lambda: datetime.now(UTC) + later)

    def has_feed(self, house: str, *more: str) -> None:
        entry = item("A boat", f"http://{house}.example/boat")
        self.answers(f"http://{house}.example/", home_page("/rss", *more))
        self.answers(f"http://{house}.example/rss", rss(entry), "application/rss+xml")
