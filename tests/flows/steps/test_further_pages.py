"""Articles on several pages: all of them come, in one go, or it is told what is missing."""

from __future__ import annotations

import gzip
from dataclasses import replace
from pathlib import Path

import pytest

from flows.decisions.plan import plan_chunks
from flows.decisions.reparse_diff import Change
from flows.run.context import Run, open_run
from flows.steps.add import file_articles
from flows.steps.backfill.crawls import backfill_crawl
from flows.steps.buffer import open_buffer
from flows.steps.harvest import harvest_chunk
from flows.steps.publish import publish_copy
from flows.steps.reparse import reparse
from tests.flows.archive.test_archive import response
from tests.flows.pages import HTML, entry
from tests.servers.site import Handler, Site, answer, redirect
from tests.settings import settings
from warehouse.published.read import read
from warehouse.records import WaitingEntry
from warehouse.upkeep.checks import check

MOST = 3
"""Pages of the article of these tests."""
ARTICLE = "SELECT text_kind, pages_read, page_count, revisions FROM articles"
ENTRIES = "SELECT state, reason, attempts FROM entries"


def text_of(number: int) -> str:
    """What page `number` tells, in two paragraphs."""
    return "".join(
        f"<p>Elon Musk came to the reading room at Port Alder for the {which} time on day {number} "
        f"and asked for book {number}{which}, which the librarian had lent to her brother.</p>"
        for which in ("first", "second", "third")
    )


def page(number: int, links: str = "", texts: str | None = None) -> bytes:
    pager = links or "".join(
        f'<a href="/read?page={n}">{n}</a>' for n in range(1, MOST + 1) if n != number
    )
    return (
        "<html><head><title>Musk reads</title></head><body><article><h1>Musk reads</h1>"
        f"{texts or text_of(number)}</article><nav>{pager}</nav></body></html>"
    ).encode()


def routes(*, links: str = "", **more: Handler) -> dict[str, Handler]:
    """A site with an article on three pages."""
    pages = {f"/read?page={n}": answer(200, HTML, page(n, links)) for n in range(1, MOST + 1)}
    return {"/read": answer(200, HTML, page(1, links)), **pages, **more}


async def harvest(run: Run, site: Site, *, attempts: int = 0) -> None:
    waiting = WaitingEntry(
        replace(entry(site, "/read"), title="Musk reads"),
        attempts=attempts,
        feed_addresses=(site.url("/feed"),),
    )
    await run.land(run.batch("poll", entries=(waiting.entry,)))
    (chunk,) = plan_chunks([waiting], 100)
    async with open_buffer(run) as buffer:
        await harvest_chunk(run, chunk, buffer)
    await run.load()


async def rows(run: Run, sql: str) -> tuple[tuple[object, ...], ...]:
    await publish_copy(run)
    assert (await run.in_warehouse(check))[1] == ()
    return read(run.desk, sql).rows


async def text(run: Run) -> str:
    ((found,),) = await rows(run, "SELECT text FROM articles")
    return str(found)


def assert_whole(found: str, most: int = MOST) -> None:
    """All pages in their order, each once."""
    told = [f"book {n}{which}" for n in range(1, most + 1) for which in ("first", "third")]
    places = [found.find(book) for book in told]
    assert -1 not in places
    assert places == sorted(places)
    assert all(found.count(book) == 1 for book in told)


async def test_all_pages_become_one_article_that_the_archive_gives_again(tmp_path: Path) -> None:
    async with Site(routes()) as site, open_run(settings(tmp_path)) as run:
        await harvest(run, site)
        assert site.asked == ["/robots.txt", "/read", "/read?page=2", "/read?page=3"]
        assert await rows(run, ARTICLE) == (("page", [1, 2, 3], 3, 1),)
        assert_whole(await text(run))
        again = await reparse(run, progress=lambda *_: None)
        assert (again.pages, dict(again.changes)) == (1, {Change.NONE: 1})


async def test_where_all_stands_on_one_page_that_page_is_asked(tmp_path: Path) -> None:
    links = '<a href="/read?page=2">2</a><a href="/read?page=all">Show all</a>'
    whole = page(1, links, text_of(1) + text_of(2) + text_of(3))
    more = {"/read?page=all": answer(200, HTML, whole)}
    async with Site(routes(links=links) | more) as site, open_run(settings(tmp_path)) as run:
        await harvest(run, site)
        assert site.asked == ["/robots.txt", "/read", "/read?page=all"]
        assert await rows(run, ARTICLE) == (("page", None, None, 1),)
        assert_whole(await text(run))
        again = await reparse(run, progress=lambda *_: None)
        assert dict(again.changes) == {Change.NONE: 1}


async def test_one_page_that_gives_no_more_than_the_first_is_not_believed(tmp_path: Path) -> None:
    links = "".join(f'<a href="/read?page={n}">{n}</a>' for n in (2, 3, "all"))
    more = {"/read?page=all": answer(200, HTML, page(1, links))}
    async with Site(routes(links=links) | more) as site, open_run(settings(tmp_path)) as run:
        await harvest(run, site)
        assert_whole(await text(run))


@pytest.mark.parametrize(
    "second",
    [
        redirect("/read"),
        answer(200, HTML, page(1)),
        answer(404),
        answer(200, HTML, b"<html><body><p>Nothing.</p></body></html>"),
    ],
)
async def test_a_page_that_is_not_there_is_missed_and_told(tmp_path: Path, second: Handler) -> None:
    async with (
        Site(routes() | {"/read?page=2": second}) as site,
        open_run(settings(tmp_path)) as run,
    ):
        await harvest(run, site)
        assert site.asked[1:3] == ["/read", "/read?page=2"]
        assert await rows(run, ARTICLE) == (("part", [1], 3, 1),)
        assert_whole(await text(run), 1)


async def test_another_site_has_no_page_of_the_article(tmp_path: Path) -> None:
    stranger = Site(routes(), host="127.0.0.2")
    async with stranger, Site(routes()) as site, open_run(settings(tmp_path)) as run:
        there = stranger.url("/read?page=2")
        site.routes["/read?page=2"] = redirect(there)
        site.routes["/read"] = answer(
            200, HTML, page(1, f'<a href="{there}">2</a><a href="?page=2">2</a>')
        )
        await harvest(run, site)
        assert site.asked[1:] == ["/read", "/read?page=2"]
        assert await rows(run, ARTICLE) == (("part", [1], 2, 1),)


async def test_pages_that_lead_back_end(tmp_path: Path) -> None:
    circle = {
        "/read?page=3": answer(200, HTML, page(3, '<a href="/read?page=4" rel="next">Next</a>')),
        "/read?page=4": redirect("/read?page=2"),
    }
    async with Site(routes() | circle) as site, open_run(settings(tmp_path)) as run:
        await harvest(run, site)
        assert len(site.asked) <= 7
        assert_whole(await text(run))


async def test_all_come_or_wait_together_and_the_last_try_takes_what_there_is(
    tmp_path: Path,
) -> None:
    site, given = Site(routes() | {"/read?page=3": answer(500)}), settings(tmp_path, max_attempts=2)
    async with site, open_run(given) as run:
        await harvest(run, site)
        assert await rows(run, ENTRIES) == (("waiting", "http_500", 1),)
        assert await rows(run, ARTICLE) == ()
        await harvest(run, site, attempts=1)
        assert await rows(run, ARTICLE) == (("part", [1, 2], 3, 1),)
        site.routes.update(routes())
        await harvest(run, site)
        # What was missing is no change that the publisher made.
        assert await rows(run, ARTICLE) == (("page", [1, 2, 3], 3, 1),)


async def test_a_host_without_time_has_the_article_wait(tmp_path: Path) -> None:
    site, given = Site(routes()), settings(tmp_path, host_pause=0.3, host_budget=0.2)
    async with site, open_run(given) as run:
        await harvest(run, site)
        assert await rows(run, ENTRIES) == (("waiting", "host_busy", 0),)
        assert await rows(run, ARTICLE) == ()


async def test_a_later_page_leads_to_the_first_and_never_takes_its_place(tmp_path: Path) -> None:
    canonical = {
        f"/read?page={n}": answer(
            200, HTML, page(n).replace(b"</head>", b'<link rel="canonical" href="/read"></head>')
        )
        for n in (2, 3)
    }
    async with Site(routes() | canonical) as site, open_run(settings(tmp_path)) as run:
        await file_articles(run, [site.url("/read?page=2")])
        assert await rows(run, ARTICLE) == (("page", [1, 2, 3], 3, 1),)
        assert_whole(await text(run))
        await file_articles(run, [site.url("/read"), site.url("/read?page=3")])
        assert await rows(run, ARTICLE) == (("page", [1, 2, 3], 3, 1),)


@pytest.mark.parametrize(
    ("pages", "found"),
    [
        ((3, 1, 2), ("page", [1, 2, 3], 3, 1)),
        ((1, 3), ("part", [1], 3, 1)),
        ((2, 3), ("part", [2, 3], 3, 1)),
    ],
)
async def test_a_crawl_gives_the_pages_that_it_has(
    tmp_path: Path, pages: tuple[int, ...], found: tuple[object, ...]
) -> None:
    first = b'<link rel="canonical" href="https://paper.example/read"></head>'
    records = []
    for n in pages:
        body = page(n).replace(b"</head>", first)
        records.append(
            gzip.compress(response(n, body=body, url=b"https://paper.example/read?page="))
        )
    crawl = tmp_path / "crawl.warc.gz"
    crawl.write_bytes(b"".join(records))
    async with open_run(settings(tmp_path)) as run:
        report = await backfill_crawl(run, crawl, None, lambda _: None)
        assert report.states.total() == len(pages)
        assert await rows(run, ARTICLE) == (found,)
        again = await backfill_crawl(run, crawl, None, lambda _: None)
        assert (again.known, again.states.total()) == (len(pages), 0)
