"""A desk that follows feeds of one site, poll after poll: over real HTTP."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from html import escape
from pathlib import Path

from flows.run.context import open_run
from flows.steps.ingest import ingest
from flows.steps.subscriptions import subscribe
from parsers.feeds.opml import OpmlFeed
from tests.faults.hostile import rss
from tests.servers.site import Site, answer
from tests.settings import settings
from warehouse.published.read import read

DAY, NEXT = "Fri, 20 Nov 2026 10:00:00 GMT", "Sat, 21 Nov 2026 10:00:00 GMT"


def page(about: str, number: int = 0) -> bytes:
    told = f"{about} kept the harbour busy on day {number}, as its warden wrote in the log. " * 30
    return f"<html><head><title>{about}</title></head><body><h1>{about}</h1><p>{told}</p>".encode()


def an_item(guid: str | None, title: str, link: str, date: str = DAY) -> str:
    named = "" if guid is None else f"<guid isPermaLink='false'>{guid}</guid>"
    return (
        f"<item>{named}<title>{title}</title><link>{escape(link)}</link>"
        f"<pubDate>{date}</pubDate></item>"
    )


class Walk:
    """A desk that ingests the feed of one site, its clock set on between the runs."""

    def __init__(self, site: Site, folder: Path, *feeds: str, **more: object) -> None:
        self.site, self.settings = site, settings(folder, respect_robots=False, **more)
        self._ahead = timedelta(0)
        for path in feeds or ("/feed",):
            self.watch(path)

    def watch(self, path: str, category: str | None = None) -> None:
        """One more feed."""
        subscribe(self.settings, [OpmlFeed(self.site.url(path), category=category)])

    async def ingest(self, *items: str, hours: float = 30.0) -> None:
        """A run in which `/feed` shows `items`."""
        self.site.routes["/feed"] = answer(200, {}, rss(*items))
        await self.run(hours)

    async def run(self, hours: float = 30.0) -> None:
        """A run, so much later."""
        self._ahead += timedelta(hours=hours)
        async with open_run(self.settings, now=lambda: datetime.now(UTC) + self._ahead) as run:
            await ingest(run)

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        return list(read(self.settings.desk(), sql).rows)

    @property
    def asked(self) -> list[str]:
        """The articles that were asked for."""
        return [target for target in self.site.asked if target not in {"/feed", "/"}]


HTML = {"Content-Type": "text/html"}
ABOUT, OFF = answer(200, HTML, page("OpenAI")), answer(200, HTML, page("Teacups"))
