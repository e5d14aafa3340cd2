"""Sitemaps are watched like feeds: what is new in them is harvested, what was there before not."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from flows.steps.subscriptions import subscribe
from parsers.feeds.opml import OpmlFeed
from tests.flows.discovery.outlets import (
    NOW,
    Outlets,
    an_hour_ago,
    index,
    news_sitemap,
    sitemap,
)
from tests.servers.site import Request, Site, answer

NEWS = "http://paper.example/news-sitemap.xml"
PLAIN = "http://paper.example/sitemap.xml"
XML = "application/xml"
ENTRIES = "SELECT link, state, reason, backfill FROM entries ORDER BY link"
FEED = "SELECT format, health, error FROM feeds WHERE url NOT LIKE '%google%'"


def page(number: int | str) -> str:
    return f"http://paper.example/2026/{number}"


async def test_a_news_sitemap_is_read_as_a_feed(tmp_path: Path) -> None:
    """Its first poll is that of any feed: what it shows comes as no news, but for what is older
    than news in a sitemap ever is."""
    old, new = ("OpenAI opens a harbour", "OpenAI closes a harbour")
    listed = [(page(1), old, an_hour_ago(3)), (page("old"), old, an_hour_ago(80))]
    async with Site() as site:
        desk = Outlets(site, tmp_path)
        desk.watch(NEWS)
        desk.answers(NEWS, news_sitemap(*listed), XML)
        desk.has_article(page(1), old)
        desk.has_article(page(2), new)
        await desk.ingest()
        assert desk.rows(ENTRIES) == [(page(1), "stored", None, True)]
        assert desk.rows(FEED) == [("news_sitemap", "ok", None)]
        desk.answers(NEWS, news_sitemap((page(2), new, NOW + timedelta(hours=4)), *listed), XML)
        await desk.ingest(hours=6)
        assert desk.rows(ENTRIES)[1:] == [(page(2), "stored", None, False)]
        assert desk.rows("SELECT title FROM articles ORDER BY title") == [(new,), (old,)]
        assert desk.asked.count(page("old")) == 0


async def test_a_sitemap_that_has_not_changed_is_not_sent_again(tmp_path: Path) -> None:
    async def handle(request: Request, writer: object) -> None:
        same = request.headers.get("if-none-match") == '"1"'
        body = b"" if same else news_sitemap((page(1), "Tea", an_hour_ago()))
        await answer(304 if same else 200, {"ETag": '"1"'}, body)(request, writer)  # type: ignore[arg-type]

    async with Site({NEWS: handle}) as site:
        desk = Outlets(site, tmp_path)
        desk.watch(NEWS)
        desk.has_article(page(1), "Tea")
        await desk.ingest()
        await desk.ingest(hours=6)
        sent = [one.headers.get("if-none-match") for one in site.log if one.target == NEWS]
        assert sent == [None, '"1"']
        assert desk.rows(FEED) == [("news_sitemap", "ok", None)]
        assert len(desk.rows(ENTRIES)) == 1


@pytest.mark.parametrize("packed", [False, True])
async def test_what_a_plain_sitemap_had_before_brings_nothing(
    tmp_path: Path, *, packed: bool
) -> None:
    """Nor does its first poll ask a page; larger than any page may be, it is read all the same."""

    def written(*pages: tuple[str, object]) -> bytes:
        body = sitemap(*pages)  # type: ignore[arg-type] # moments and days
        return gzip.compress(body) if packed else body

    archive = [(page(f"of-long-ago-{n}"), an_hour_ago(100 + n)) for n in range(2000)]
    listed = [*archive, (page("today"), f"{NOW:%Y-%m-%d}"), (page("hour"), an_hour_ago())]
    later = NOW + timedelta(hours=5)
    async with Site() as site:
        desk = Outlets(site, tmp_path, max_body=100_000)
        desk.watch(PLAIN)
        desk.answers(PLAIN, written(*listed), XML)
        await desk.ingest()
        known = [(page("hour"), "dead", "backlog", True), (page("today"), "dead", "backlog", True)]
        assert desk.rows(ENTRIES) == known
        assert desk.rows("SELECT count(*) FROM open_failures") == [(0,)]
        assert desk.rows(FEED) == [("sitemap", "ok", None)]
        assert page("today") not in desk.asked
        desk.answers(PLAIN, written((page(1), later), (page("tea"), later), *listed), XML)
        desk.has_article(page(1), "OpenAI opens a harbour")
        desk.answers(page("tea"), b"<html><title>Tea</title><p>Tea.</p></html>")
        await desk.ingest(hours=6)
        assert desk.rows(ENTRIES) == [
            (page(1), "stored", None, False),
            known[0],
            (page("tea"), "off_topic", "names_nothing", False),
            known[1],
        ]
        desk.answers(PLAIN, written((page("today"), later + timedelta(hours=2)), *listed), XML)
        desk.has_article(page("today"), "OpenAI opens a harbour again")
        await desk.ingest(hours=6)
        assert (page("today"), "stored", None, True) in desk.rows(ENTRIES), "it has changed"


async def test_an_index_is_watched_and_its_sitemaps_asked_news_first(tmp_path: Path) -> None:
    """The index itself stays the same for ever, as many do. Pages of other sites count where their
    robots.txt names the sitemap."""
    host = "http://maps.example"
    theirs, strangers = "http://named.example/a", "http://victim.example/a"
    async with Site() as site:
        desk = Outlets(site, tmp_path)
        desk.watch(PLAIN)
        archives = [f"http://paper.example/archive-{n}.xml" for n in range(9)]
        desk.answers(PLAIN, index(*archives, f"{host}/news.xml"), XML)
        desk.answers(f"{host}/news.xml", news_sitemap(), XML)
        desk.answers(archives[0], sitemap((page("old"), an_hour_ago(90))), XML)
        desk.answers("http://named.example/robots.txt", f"Sitemap: {host}/news.xml\n".encode())
        await desk.ingest()
        assert desk.rows(FEED) == [("sitemap_index", "ok", None)]
        assert desk.asked.index(f"{host}/news.xml") < desk.asked.index(archives[0])
        assert len([url for url in desk.asked if "archive-" in url]) == 3
        fresh = [
            (url, f"OpenAI opens harbour {n}", NOW + timedelta(hours=4))
            for n, url in enumerate((page(1), theirs, strangers))
        ]
        desk.answers(f"{host}/news.xml", news_sitemap(*fresh), XML)
        desk.has_article(page(1), "OpenAI opens harbour 0")
        desk.has_article(theirs, "OpenAI opens harbour 1")
        desk.has_article(strangers, "OpenAI opens harbour 2")
        await desk.ingest(hours=6)
        assert desk.rows(ENTRIES) == [
            (theirs, "stored", None, False),
            (page(1), "stored", None, False),
        ]
        archives = [url for url in desk.asked if "archive-" in url]
        assert len(archives) == 3, "not asked again, since there is news"
        assert "http://victim.example/robots.txt" in desk.asked
        assert strangers not in desk.asked
        assert desk.rows("SELECT DISTINCT error FROM failures") == [("unvouched_pages",)]


async def test_a_sitemap_elsewhere_is_of_the_site_that_the_operator_names(tmp_path: Path) -> None:
    elsewhere = "http://bucket.example/news.xml"
    async with Site() as site:
        desk = Outlets(site, tmp_path)
        subscribe(desk.settings, [OpmlFeed(elsewhere, site_url="http://paper.example/")])
        desk.answers(elsewhere, news_sitemap((page(1), "OpenAI opens", an_hour_ago())), XML)
        desk.has_article(page(1), "OpenAI opens")
        await desk.ingest()
        assert desk.rows(ENTRIES) == [(page(1), "stored", None, True)]


async def test_a_sitemap_that_calls_everything_new_brings_nothing(tmp_path: Path) -> None:
    async with Site() as site:
        desk = Outlets(site, tmp_path, max_entries=100)
        desk.watch(PLAIN)
        for hours in (0, 6):
            pages = [(page(n), NOW + timedelta(hours=hours)) for n in range(101)]
            desk.answers(PLAIN, sitemap(*pages), XML)
            await desk.ingest(hours=hours)
        assert desk.rows(ENTRIES) == []
        assert desk.rows(FEED) == [("sitemap", "ok", None)]
        told = desk.rows("SELECT DISTINCT error, contains(message, '101 pages') FROM failures")
        assert told == [("restamped_sitemap", True)]


def nested(url: str) -> bytes:
    """An index that lists another one like it, and so on."""
    return index(f"{url}-further", f"{url}-more")


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (lambda _: gzip.compress(b"<urlset>" + b" " * 60_000_000 + b"</urlset>"), "too_large"),
        (lambda _: b"<urlset>\x00\x01 \xff<url><loc></urlset", None),
        (lambda _: gzip.compress(b"<html>"), "not_sitemap"),
        (lambda _: b'<!DOCTYPE urlset [<!ENTITY a "b">]><urlset>&a;</urlset>', "not_a_feed"),
        (lambda _: b"<urlset><!DOCTYPE [<!ENTITY a 'b'>]>&a;</urlset>", None),
        (lambda _: sitemap((page(1), ""), (page(2), "")), "not_a_feed"),
        (nested, "not_a_feed"),
    ],
    ids=["bomb", "rubbish", "packed rubbish", "entities", "misplaced", "no dates", "nesting"],
)
async def test_a_hostile_sitemap_is_named_and_costs_little(
    tmp_path: Path, body: Callable[[str], bytes], error: str | None
) -> None:
    async def any_of_it(request: Request, writer: object) -> None:
        await answer(200, {"Content-Type": XML}, body(request.target))(request, writer)  # type: ignore[arg-type]

    async with Site({"*": any_of_it}) as site:
        desk = Outlets(site, tmp_path)
        desk.watch(PLAIN)
        desk.answers("http://paper.example/robots.txt", b"")
        await desk.ingest()
        expected = [("failing", error)] if error else [("ok", None)]
        assert desk.rows(FEED.replace("format, ", "")) == expected
        assert desk.rows(ENTRIES) == []
        assert len([url for url in desk.asked if url.startswith(PLAIN)]) <= 5
        assert list(desk.settings.desk().folder.glob(".*")) == []
