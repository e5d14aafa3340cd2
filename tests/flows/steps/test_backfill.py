"""Backfills: each page is an entry with an outcome, and a second time adds nothing."""

from __future__ import annotations

import gzip
import os
import signal
from datetime import UTC, datetime
from pathlib import Path

import pytest

from flows.run.context import Run, open_run
from flows.steps.backfill import crawls, stretches
from flows.steps.backfill.crawls import backfill_crawl
from flows.steps.backfill.report import Backfilled
from flows.steps.backfill.sitemaps import backfill_sitemap
from flows.steps.backfill.stretches import Stretch, Terms, Told, read_stretch
from flows.steps.publish import publish_copy
from parsers.errors import Drop, PressclipError, Quarantine
from parsers.records import Article, Page, Rejection
from parsers.topics.topics import Topics
from tests.flows.archive.test_archive import ARTICLE, response
from tests.flows.pages import CHALLENGE, HTML, OFF_TOPIC
from tests.servers.site import Site, answer
from tests.settings import settings
from tests.tiers import also_long
from warehouse.published.read import read
from warehouse.records import BACKFILLED
from warehouse.upkeep.checks import check

PICTURE = response(4).replace(b"text/html", b"image/jpg")
OTHER = ARTICLE.replace(b"Tides", b"Knots").replace(b"Port Alder", b"Saltmarket")
CRAWL = [
    response(0),
    response(1, body=OFF_TOPIC),
    response(2, body=CHALLENGE + b"<p>Elon Musk</p>"),
    response(3, kind=b"revisit"),
    PICTURE,
    response(5, body=OTHER),
    response(6, status=404),
]
STATES = (("dead", 1), ("off_topic", 1), ("stored", 2))


def crawl(folder: Path, *more: bytes) -> Path:
    path = folder / "crawl.warc.gz"
    path.write_bytes(b"".join(map(gzip.compress, [*CRAWL, *more])))
    return path


async def states(run: Run) -> tuple[tuple[object, ...], ...]:
    await publish_copy(run)
    assert (await run.in_warehouse(check))[1] == ()
    return read(run.desk, "SELECT state, count(*) FROM entries GROUP BY ALL ORDER BY 1").rows


async def crawled(run: Run, path: Path, since: datetime | None = None) -> Backfilled:
    return await backfill_crawl(run, path, since, lambda _: None)


async def mapped(run: Run, url: str, since: datetime | None = None) -> Backfilled:
    return await backfill_sitemap(run, url, since, lambda *_: None)


async def test_every_page_of_a_crawl_gets_an_outcome(tmp_path: Path) -> None:
    async with open_run(settings(tmp_path)) as run:
        report = await crawled(run, crawl(tmp_path))
        assert (report.found, report.known, report.states.total()) == (4, 0, 4)
        assert report.passed == {"revisit": 1, "not_html": 1, "http_404": 1}
        assert await states(run) == STATES
        rows = read(run.desk, "SELECT DISTINCT feed_id, backfill FROM entries").rows
        assert rows == ((BACKFILLED, True),)
        fetched = read(run.desk, "SELECT DISTINCT fetched_at FROM articles").rows
        assert fetched == ((datetime(2026, 10, 1, 10, tzinfo=UTC),),)


async def test_a_second_time_adds_nothing_and_a_longer_file_only_what_is_new(
    tmp_path: Path,
) -> None:
    async with open_run(settings(tmp_path)) as run:
        await crawled(run, crawl(tmp_path))
        again = await crawled(run, crawl(tmp_path))
        assert (again.found, again.known, again.states.total()) == (4, 4, 0)
        assert await states(run) == STATES
        assert read(run.desk, "SELECT count(*) FROM batches").rows == ((1,),)
        longer = await crawled(run, crawl(tmp_path, response(7, body=OFF_TOPIC)))
        assert (longer.known, dict(longer.states)) == (4, {"off_topic": 1})


async def test_what_is_broken_or_too_old_is_passed_over(tmp_path: Path) -> None:
    async with open_run(settings(tmp_path)) as run:
        path = crawl(tmp_path)
        path.write_bytes(path.read_bytes() + gzip.compress(response(8))[:-60])
        report = await crawled(run, path)
        assert report.passed["broken_record"] == 1
        assert "ends before its end" in report.problems[0]
        assert await states(run) == STATES
        late = await crawled(run, path, datetime(2026, 10, 2, tzinfo=UTC))
        assert late.passed["too_old"] == 4
        notes = tmp_path / "notes.txt"
        notes.write_text("no crawl")
        with pytest.raises(Drop, match="no WARC record"):
            await crawled(run, notes)


NOBODYS = {
    "bad_url": (
        "http://[::1",
        "http://clerk:s3cret@a.example/",
        "http://a..b/",
        "http://a.example:99999/",
        "http://a.example/\0",
    ),
    "blocked_address": (
        "http://10.0.0.1/",
        "http://[::1]/",
        "http://2130706434/",
        "http://printer.local/",
        "http://localhost/",
    ),
}


@pytest.mark.parametrize("reason", NOBODYS)
async def test_a_page_whose_address_can_be_nobody_s_is_passed_over(
    reason: str, tmp_path: Path
) -> None:
    more = [response(8, url=url.encode()) for url in NOBODYS[reason]]
    async with open_run(settings(tmp_path, allow_networks=())) as run:
        report = await crawled(run, crawl(tmp_path, *more))
        assert report.passed[reason] == len(more)
        assert await states(run) == STATES


async def test_changed_topics_judge_a_crawl_anew(tmp_path: Path) -> None:
    async with open_run(settings(tmp_path)) as run:
        await crawled(run, crawl(tmp_path))
    topics = tmp_path / "tea.toml"
    topics.write_text(
        '[[topic]]\nname = "tea"\ntitle = "Tea"\n'
        '[[topic.alias]]\nstrength = "strong"\nnames = ["tea house"]\n'
    )
    async with open_run(settings(tmp_path, topics=topics)) as run:
        report = await crawled(run, crawl(tmp_path))
        assert (report.known, dict(report.states)) == (3, {"stored": 1})
        assert await states(run) == (("dead", 1), ("stored", 3))


def sitemap(site: Site, *lines: str) -> bytes:
    urls = "".join(
        f"<url><loc>{site.url(path)}</loc>{f'<lastmod>{day}</lastmod>' if day else ''}</url>"
        for path, _, day in (line.partition(" ") for line in lines)
    )
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'.encode()


def index(site: Site, *paths: str) -> bytes:
    maps = "".join(f"<sitemap><loc>{site.url(path)}</loc></sitemap>" for path in paths)
    return f"<sitemapindex>{maps}</sitemapindex>".encode()


async def serve(site: Site) -> None:
    news = sitemap(site, "/story 2026-10-01", "/cups 2026-10-02", "/knots 2020-01-01", "/gone")
    site.routes |= {
        "/sitemap.xml": answer(200, {}, index(site, "/news.xml.gz", "/lost.xml", "/sitemap.xml")),
        "/news.xml.gz": answer(200, {"Content-Type": "application/gzip"}, gzip.compress(news)),
        "/story": answer(200, HTML, ARTICLE),
        "/knots": answer(200, HTML, OTHER),
        "/cups": answer(200, HTML, OFF_TOPIC),
    }


async def test_the_pages_of_a_sitemap_are_harvested(tmp_path: Path) -> None:
    async with Site() as site, open_run(settings(tmp_path)) as run:
        await serve(site)
        report = await mapped(run, site.url("/sitemap.xml"))
        assert (report.found, report.known) == (4, 0)
        assert report.passed == {"sitemap": 1}
        assert "lost.xml answered 404" in report.problems[0]
        assert await states(run) == STATES
        again = await mapped(run, site.url("/sitemap.xml"))
        assert (again.known, again.states.total()) == (4, 0)
        assert site.asked.count("/story") == 1


async def test_only_what_a_sitemap_says_is_recent(tmp_path: Path) -> None:
    async with Site() as site, open_run(settings(tmp_path)) as run:
        await serve(site)
        report = await mapped(run, site.url("/news.xml.gz"), datetime(2026, 1, 1, tzinfo=UTC))
        assert report.found == 3
        assert "/knots" not in site.asked


@pytest.mark.parametrize(
    ("path", "kind", "name"),
    [("/robots", Drop, "robots_disallowed"), ("/cups", Quarantine, "not_sitemap")],
)
async def test_a_sitemap_that_is_none_or_not_to_be_read_says_so(
    path: str, kind: type[PressclipError], name: str, tmp_path: Path
) -> None:
    async with Site() as site, open_run(settings(tmp_path)) as run:
        await serve(site)
        rules = b"User-agent: *\nDisallow: /robots\n"
        site.routes["/robots.txt"] = answer(200, {"Content-Type": "text/plain"}, rules)
        with pytest.raises(kind) as caught:
            await mapped(run, site.url(path))
        assert caught.value.name == name


def many(folder: Path, records: list[bytes], *, packed: bool = True) -> Path:
    """A file of records, some of which are as long as hundreds."""
    path = folder / "many.warc"
    path.write_bytes(b"".join(map(gzip.compress, records) if packed else records))
    return path


def story(number: int, *, name: bytes = b"Port Alder") -> bytes:
    return response(number, body=ARTICLE.replace(b"Port Alder", name + b"%d" % number))


@pytest.mark.parametrize("packed", [False, *also_long(True)])
async def test_a_file_gives_the_same_however_it_is_cut(
    packed: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = [story(n) if n % 3 else response(n, body=OFF_TOPIC) for n in range(40)]
    records += [story(7, name=b"Saltmarket"), *CRAWL[3:5]]
    path = many(tmp_path, records, packed=packed)
    found = []
    for size in (path.stat().st_size, 4_000):
        monkeypatch.setattr(crawls, "STRETCH", size)
        async with open_run(settings(tmp_path / str(size))) as run:
            report = await crawled(run, path)
            assert (report.found, report.states["stored"]) == (40, 26)
            assert report.passed == {"revisit": 1, "not_html": 1}
            await publish_copy(run)
            assert (await run.in_warehouse(check))[1] == ()
            sql = "SELECT canonical_url, text, title FROM articles ORDER BY ALL"
            found.append(read(run.desk, sql).rows)
    assert found[0] == found[1]


async def test_a_record_within_a_page_is_nobodys(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stretch may begin in the midst of a page that has been made to look like a record."""
    forged = response(1, body=ARTICLE, url=b"https://victim.example/")
    tea = b"<p>tea</p>" * 300
    files = {"plain": tmp_path / "plain.warc", "stored": tmp_path / "stored.warc.gz"}
    plain = [response(n, body=tea + forged + tea) for n in range(6)]
    files["plain"].write_bytes(b"".join(plain))
    # Pages that are packed already are stored in a packed file as they are.
    stored = [response(n, body=tea + gzip.compress(forged) + tea) for n in range(6)]
    files["stored"].write_bytes(b"".join(gzip.compress(r, compresslevel=0) for r in stored))
    for name, path in files.items():
        for size in (3_100,):
            monkeypatch.setattr(crawls, "STRETCH", size)
            async with open_run(settings(tmp_path / name / str(size))) as run:
                assert (await crawled(run, path)).found == 6
                await publish_copy(run)
                sql = "SELECT count(*) FROM entries WHERE link LIKE '%victim%'"
                assert read(run.desk, sql).rows == ((0,),)


def read_or_die(stretch: Stretch, terms: Terms, topics: Topics) -> Told:
    """`read_stretch` in a process that ends at a page of ours."""
    real = stretches.read_page

    def ends(page: Page, topics: Topics, seconds: float) -> Article | Rejection | PressclipError:
        if b"fatal" in page.body:
            os.kill(os.getpid(), signal.SIGALRM)
        return real(page, topics, seconds)

    stretches.read_page = ends
    return read_stretch(stretch, terms, topics)


async def test_a_page_that_ends_its_parser_costs_no_other_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crawls, "STRETCH", 3_000)
    monkeypatch.setattr(crawls, "read_stretch", read_or_die)
    records = [story(n, name=b"fatal" if n == 3 else b"Port") for n in range(8)]
    async with open_run(settings(tmp_path)) as run:
        report = await crawled(run, many(tmp_path, records))
        # Read alone, they do no harm here.
        assert (report.found, dict(report.states)) == (8, {"stored": 8})


async def test_killed_and_started_again_it_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crawls, "STRETCH", 2_000)
    path = many(tmp_path, [story(n) for n in range(20)])

    def stop(done: crawls.Done) -> None:
        if done.pages >= 8:
            raise Drop("stopped", "Stopped.")

    async with open_run(settings(tmp_path)) as run:
        with pytest.raises(Drop, match="Stopped"):
            await backfill_crawl(run, path, None, stop)
    async with open_run(settings(tmp_path)) as run:
        report = await crawled(run, path)
        assert report.found == 20
        assert report.known >= 8
        assert report.known + report.states["stored"] == 20
        assert await states(run) == (("stored", 20),)


@pytest.mark.parametrize(("size", "batches"), [(10_000_000, 1), (1, 20)])
async def test_what_is_read_within_seconds_is_landed_as_one(
    size: int, batches: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crawls, "STRETCH", 2_000)
    monkeypatch.setattr(crawls, "LAND_PAUSE", 3600)
    monkeypatch.setattr(crawls, "MOST_BYTES", size)
    records = [response(n, body=OFF_TOPIC + b" " * 3_000) for n in range(20)]
    path = many(tmp_path, records, packed=False)
    async with open_run(settings(tmp_path)) as run:
        assert (await crawled(run, path)).found == 20
        assert await states(run) == (("off_topic", 20),)
        rows = read(run.desk, "SELECT count(*) FROM batches WHERE entries > 0").rows
        assert rows == ((batches,),)


async def test_several_files_and_what_all_of_them_have_counts_once(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    paths = [many(tmp_path / "a", [story(n) for n in range(8)])]
    paths.append(many(tmp_path / "b", [story(n) for n in range(4, 12)]))
    async with open_run(settings(tmp_path)) as run:
        reports = await crawls.backfill_crawls(run, paths, None, lambda _: None)
        assert sum(report.states["stored"] for report in reports) == 12
        assert await states(run) == (("stored", 12),)
