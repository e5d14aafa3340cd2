"""Outlets that searches name: suggested with what lists their pages, and watched by themselves."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from flows.decisions.suggestions import Suggestion
from flows.discovery.suggest import look_up, unwatched
from flows.steps.ingest import poll
from flows.steps.outlets import follow_outlets
from flows.steps.subscriptions import change_feed, removed
from tests.faults.hostile import rss
from tests.flows.discovery.outlets import (
    SEARCH,
    Named,
    found,
    home_page,
    item,
)
from tests.servers.site import Site
from warehouse.published.publish import publish

HOUSES = ("paper", "daily", "late")


class Watching(Named):
    """The same, and what comes of looking at them."""

    async def suggestions(self, *, later: timedelta = timedelta(0)) -> list[Suggestion]:
        async with self.run(later) as run:
            known = await unwatched(run)
            return list(await look_up(run, known.outlets, known.feeds))

    async def follow(self, *, later: timedelta = timedelta(0)) -> list[str]:
        """What is watched after a look for feeds."""
        async with self.run(later) as run:
            await follow_outlets(run)
        publish(self.settings.desk(), now=datetime.now(UTC), wait=5)
        rows = self.rows(
            "SELECT url FROM feeds WHERE health <> 'retired' AND site <> 'google.com' ORDER BY url"
        )
        return [str(url) for (url,) in rows]


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with Site() as site:
        yield site


async def test_outlets_are_suggested_with_what_they_list(site: Site, tmp_path: Path) -> None:
    desk = Watching(site, tmp_path)
    desk.has_feed("paper", "/comments/feed")
    desk.has_only_a_sitemap("daily")
    await desk.see(*HOUSES)
    suggestions = await desk.suggestions()
    assert [(one.site, one.headlines, one.feeds, one.sitemaps) for one in suggestions] == [
        ("daily.example", 3, (), ("http://daily.example/news.xml",)),
        ("late.example", 3, (), ()),
        ("paper.example", 3, ("http://paper.example/rss",), ()),
    ]
    asked = len(site.asked)
    again = await desk.suggestions()
    assert [one.watchable for one in again] == [one.watchable for one in suggestions]
    assert len(site.asked) == asked, "what was asked is known"


async def test_a_home_page_that_was_asked_for_headlines_is_asked_for_feeds(
    site: Site, tmp_path: Path
) -> None:
    """The headlines stood on it, so nobody looked further."""
    desk = Watching(site, tmp_path)
    desk.has_feed("paper")
    headline = "OpenAI opens harbour office 0 in paper"
    linked = f'<a href="/office-0">{headline}</a></body>'.encode()
    page = home_page("/rss").replace(b"</body>", linked)
    desk.answers("http://paper.example/", page)
    desk.has_article("http://paper.example/office-0", headline)
    await desk.ingest(found(0, headline))
    assert [one.watchable for one in await desk.suggestions()] == [()]
    (later,) = await desk.suggestions(later=timedelta(hours=2))
    assert later.watchable == ("http://paper.example/rss",)


async def test_no_more_new_outlets_are_asked_than_a_day_allows(site: Site, tmp_path: Path) -> None:
    desk = Watching(site, tmp_path, new_outlets=1)
    for house in HOUSES:
        desk.has_feed(house)
    await desk.see(*HOUSES)
    assert [bool(one.feeds) for one in await desk.suggestions()] == [True, False, False]
    assert {url.split("/")[2] for url in desk.asked} == {"daily.example"}


async def test_robots_and_private_networks_hold_as_everywhere(site: Site, tmp_path: Path) -> None:
    desk = Watching(site, tmp_path)
    desk.has_feed("paper")
    desk.answers("http://paper.example/robots.txt", b"User-agent: *\nDisallow: /\n")
    inside = found(99, "OpenAI opens an office inside", "http://10.0.0.1", "Inside")
    desk.answers(SEARCH, rss(inside), "application/rss+xml")
    async with desk.run() as run:
        await poll(run)
    await desk.see("paper", later=timedelta(hours=12))
    suggestions = {one.site: one.watchable for one in await desk.suggestions()}
    assert suggestions == {"paper.example": (), "10.0.0.1": ()}
    assert desk.asked == ["http://paper.example/robots.txt"]


async def test_nothing_is_followed_unless_the_settings_say_so(site: Site, tmp_path: Path) -> None:
    desk = Watching(site, tmp_path)
    desk.has_feed("paper")
    await desk.see("paper")
    assert await desk.follow() == []
    assert desk.asked == []


async def test_so_many_are_followed_once_a_day(
    site: Site, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    desk = Watching(site, tmp_path, follow_outlets=1)
    for house in ("paper", "daily"):
        desk.has_feed(house)
    await desk.see("paper", "daily")
    with caplog.at_level("INFO"):
        assert await desk.follow() == ["http://daily.example/rss"]
    assert "Subscribed to Feed, which searches name: http://daily.example/rss" in caplog.text
    assert desk.rows("SELECT category, language FROM feeds WHERE url LIKE '%daily%'") == [
        ("Found in searches", None)
    ]
    assert await desk.follow(later=timedelta(hours=22)) == ["http://daily.example/rss"]
    both = ["http://daily.example/rss", "http://paper.example/rss"]
    assert await desk.follow(later=timedelta(hours=24)) == both


async def test_what_an_operator_removed_stays_removed(site: Site, tmp_path: Path) -> None:
    desk = Watching(site, tmp_path, follow_outlets=5)
    desk.has_feed("paper")
    await desk.see("paper")
    assert await desk.follow() == ["http://paper.example/rss"]
    change_feed(desk.settings, "http://paper.example/rss", removed)
    desk.has_feed("paper", "/another")
    desk.answers("http://paper.example/another", rss(item("B", "http://paper.example/b")))
    assert await desk.follow(later=timedelta(days=2)) == []
    assert await desk.suggestions() == []


async def test_only_a_feed_of_the_outlets_own_site_is_followed(site: Site, tmp_path: Path) -> None:
    desk = Watching(site, tmp_path, follow_outlets=5)
    desk.answers("http://paper.example/", home_page("http://victim.example/rss"))
    entry = item("A", "http://victim.example/a")
    desk.answers("http://victim.example/rss", rss(entry), "application/rss+xml")
    await desk.see("paper")
    assert await desk.follow() == []


async def test_only_outlets_of_the_languages_wanted_are_followed(
    site: Site, tmp_path: Path
) -> None:
    desk = Watching(site, tmp_path, follow_outlets=5, follow_languages=("id",))
    for house in ("paper", "daily"):
        desk.has_feed(house)
    said = home_page("/rss").replace(b"<html>", b'<html lang="id">')
    desk.answers("http://paper.example/", said)
    await desk.see("paper", "daily")
    assert await desk.follow() == ["http://paper.example/rss"]
