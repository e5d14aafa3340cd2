"""Home pages are asked what their outlets are called, within the manners of all requests."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from flows.run.context import Run, open_run
from flows.steps.outlets import ask_home_pages, name_outlet
from parsers.errors import Drop
from tests.servers.site import Handler, Site, answer, redirect
from tests.settings import settings
from tests.warehouse.builders import an_article
from warehouse.published.read import read
from warehouse.queue.outlets import unnamed_outlets

HTML = {"Content-Type": "text/html"}
HOME = (
    b'<html lang="id"><head><meta property="og:site_name" content="The Lamp"></head>'
    b"<body>News</body></html>"
)


async def store_article(run: Run, site: Site) -> None:
    """An article that was read at the site, and says that it is another's."""
    host = site.url().split("/")[2]
    article = replace(an_article("a", host=host, site_name="Else"), url=site.url("/a"))
    await run.land(run.batch("harvest", articles=(article,)))
    await run.load()


async def outlets(run: Run) -> list[tuple[object, ...]]:
    query = "SELECT name, name_source, language, error FROM outlets"
    return await run.in_warehouse(lambda wh: wh.execute(query))


async def would_be_asked(run: Run) -> bool:
    return bool(await run.in_warehouse(lambda wh: unnamed_outlets(wh, run.now(), 10)))


@pytest.mark.parametrize(
    ("handler", "expected"),
    [
        (answer(200, HTML, HOME), ("The Lamp", "home_page", "id", None)),
        (answer(200, HTML, b"<p>Nothing</p>"), ("127.0.0.1", "host", None, None)),
        (answer(404), ("127.0.0.1", "host", None, "http_404")),
        (answer(500), ("127.0.0.1", "host", None, "http_500")),
    ],
)
async def test_a_home_page_is_asked_once_whatever_it_answers(
    handler: Handler, expected: tuple[object, ...], tmp_path: Path
) -> None:
    async with Site({"/": handler}) as site, open_run(settings(tmp_path)) as run:
        await store_article(run, site)
        assert await would_be_asked(run)
        await ask_home_pages(run)
        await ask_home_pages(run)
        assert await outlets(run) == [expected]
        assert site.asked.count("/") == 1


async def test_robots_txt_keeps_us_from_asking(tmp_path: Path) -> None:
    rules = answer(200, {"Content-Type": "text/plain"}, b"User-agent: *\nDisallow: /")
    pages = {"/": answer(200, HTML, HOME), "/robots.txt": rules}
    async with Site(pages) as site, open_run(settings(tmp_path)) as run:
        await store_article(run, site)
        await ask_home_pages(run)
        assert await outlets(run) == [("127.0.0.1", "host", None, "robots_disallowed")]
        assert "/" not in site.asked


async def test_a_home_page_that_leads_to_another_site_names_nobody(tmp_path: Path) -> None:
    async with Site({"/": answer(200, HTML, HOME)}) as other:
        elsewhere = other.url().replace("127.0.0.1", "localhost")
        async with Site({"/": redirect(elsewhere)}) as site, open_run(settings(tmp_path)) as run:
            await store_article(run, site)
            await ask_home_pages(run)
            assert await outlets(run) == [("127.0.0.1", "host", None, "other_site")]


async def test_a_host_that_rests_is_asked_later(tmp_path: Path) -> None:
    busy = answer(429, {"Retry-After": "3600"})
    pages = {"/": answer(200, HTML, HOME), "/busy": busy}
    async with Site(pages) as site, open_run(settings(tmp_path)) as run:
        await store_article(run, site)
        await run.client.get(site.url("/busy"))
        await ask_home_pages(run)
        assert await would_be_asked(run)
        assert "/" not in site.asked


async def test_the_operators_name_stands_until_it_is_taken_back(tmp_path: Path) -> None:
    given = settings(tmp_path)
    query = "SELECT name, name_source FROM outlets"
    async with Site({"/": answer(200, HTML, HOME)}) as site, open_run(given) as run:
        await store_article(run, site)
        name_outlet(given, "127.0.0.1", "Our Lamp")
        assert read(run.desk, query).rows == (("Our Lamp", "operator"),)
        await ask_home_pages(run)
        assert "/" not in site.asked
        name_outlet(given, "127.0.0.1", None)
        await ask_home_pages(run)
        assert await outlets(run) == [("The Lamp", "home_page", "id", None)]
        with pytest.raises(Drop, match="outlets list"):
            name_outlet(given, "unheard.example", "Nobody")
