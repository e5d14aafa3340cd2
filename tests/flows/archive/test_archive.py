"""Raw pages in WARC files: whole, readable by others, free of secrets, and as they came."""

from __future__ import annotations

import gzip
import itertools
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

from flows.archive.choice import RawPages
from flows.archive.reading import RecordedPage, SkippedRecord, read_warc
from flows.archive.retention import ArchiveFile, archived, outdated, prune
from flows.decisions.plan import plan_chunks
from flows.fetch.decompress import Limits
from flows.run.context import open_run
from flows.steps.add import file_articles
from flows.steps.buffer import open_buffer
from flows.steps.harvest import harvest_chunk
from flows.steps.publish import publish_copy
from parsers.errors import Drop
from tests.flows.pages import CHALLENGE, HTML, OFF_TOPIC, STORY, entry
from tests.servers.proxy import Proxy
from tests.servers.site import Handler, Site, answer, redirect
from tests.settings import settings
from tests.small_disk import mounted
from warehouse.desk import Desk
from warehouse.published.read import read
from warehouse.records import WaitingEntry

LIMITS = Limits(1_000_000, 250.0)
LATEST = datetime(2027, 1, 1, tzinfo=UTC)
ARTICLE = (
    f"<html><head><title>Tides</title></head><body><article><h1>Tides</h1><p>{STORY}</p>"
    f"<p>{STORY}</p></article></body></html>"
).encode()
PACKED = answer(200, HTML | {"Content-Encoding": "gzip"}, gzip.compress(ARTICLE, mtime=0))


def chunked(body: bytes) -> Handler:
    text = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)

    async def handle(_: object, writer: Any) -> None:
        head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
        writer.write(head + text)

    return handle


SITE = {
    "/story": PACKED,
    "/moved": redirect("/chunked"),
    "/chunked": chunked(ARTICLE),
    "/wall": answer(200, HTML, CHALLENGE + b"<p>Elon Musk</p>"),
    "/cups": answer(200, HTML, OFF_TOPIC),
    "/paper": answer(200, {"Content-Type": "application/pdf"}, b"%PDF Elon Musk"),
    "/gone": answer(404, HTML, b"Elon Musk is not here"),
}


def path_of(desk: Desk, kept: ArchiveFile) -> Path:
    return desk.folder / "raw" / kept.name


def read_back(path: Path) -> list[RecordedPage | SkippedRecord]:
    with path.open("rb") as file:
        return list(read_warc(file, str(path), LIMITS, latest=LATEST))


def pages(desk: Desk) -> list[RecordedPage]:
    found = [page for kept in archived(desk) for page in read_back(path_of(desk, kept))]
    assert not [page for page in found if isinstance(page, SkippedRecord)]
    return [page for page in found if isinstance(page, RecordedPage)]


async def harvested(folder: Path, **more: object) -> tuple[Desk, Site]:
    """A desk that harvested everything at the site."""
    async with Site(SITE) as site, open_run(settings(folder, **more)) as run:
        found = (replace(entry(site, path), title=None) for path in SITE)
        waiting = [WaitingEntry(one, attempts=0) for one in found]
        await run.land(run.batch("poll", entries=tuple(one.entry for one in waiting)))
        (chunk,) = plan_chunks(waiting, 100)
        async with open_buffer(run) as buffer:
            await harvest_chunk(run, chunk, buffer)
        await run.load()
        await publish_copy(run)
        return run.desk, site


def paths(found: list[RecordedPage]) -> list[str]:
    return sorted(page.page.final_url.rsplit("/", 1)[1] for page in found)


async def test_pages_that_name_a_topic_are_kept_as_they_came(tmp_path: Path) -> None:
    desk, site = await harvested(tmp_path)
    found = pages(desk)
    assert paths(found) == ["chunked", "chunked", "story", "wall"]
    bodies = {page.page.final_url.rsplit("/", 1)[1]: page.page.body for page in found}
    assert bodies["story"] == bodies["chunked"] == ARTICLE
    known = read(desk, "SELECT entry_id, link FROM entries").rows
    links = {int(str(number)): str(link) for number, link in known}
    asked = {links[number] for page in found for number in page.entry_ids}
    assert asked == {site.url(path) for path in ("/story", "/moved", "/chunked", "/wall")}
    fetched = read(desk, "SELECT url, fetched_at FROM articles").rows
    moments = {(page.page.final_url, page.page.fetched_at) for page in found}
    assert {(url, at) for url, at in fetched if isinstance(at, datetime)} <= moments


async def test_another_reader_finds_nothing_amiss(tmp_path: Path, capsys: Any) -> None:
    desk, site = await harvested(tmp_path)
    (kept,) = archived(desk)

    class Options:
        inputs = (str(path_of(desk, kept)),)
        verbose = True

    checker = Checker(Options())
    checker.process_all()
    assert checker.exit_value == 0
    assert "digest not present" not in capsys.readouterr().out
    with path_of(desk, kept).open("rb") as file:
        records = [
            (record.rec_type, record.http_headers, record.content_stream().read())
            for record in ArchiveIterator(file, verify_http=True)
        ]
    assert [kind for kind, _, _ in records] == ["warcinfo"] + [
        "request",
        "response",
        "metadata",
    ] * 4
    assert b"WARC File Format 1.1" in records[0][2]
    stories = [body for kind, _, body in records if kind == "response"]
    assert stories.count(ARTICLE) == 3
    asked = next(headers for kind, headers, _ in records if kind == "request")
    assert (asked.protocol, asked.statusline) == ("GET", "/story HTTP/1.1")
    assert asked.get_header("user-agent").startswith("pressclip/")
    answered = next(headers for kind, headers, _ in records if kind == "response")
    assert answered.statusline == "200 OK"
    via = [body for kind, _, body in records if kind == "metadata" and b"via" in body]
    assert [site.url("/moved").encode() in body for body in via] == [True]


@pytest.mark.parametrize(
    ("choice", "kept"),
    [("all", ["chunked", "chunked", "cups", "paper", "story", "wall"]), ("none", [])],
)
async def test_all_pages_or_none_where_the_setting_says_so(
    choice: str, kept: list[str], tmp_path: Path
) -> None:
    desk, _ = await harvested(tmp_path, raw_pages=RawPages(choice))
    assert paths(pages(desk)) == kept


async def test_a_full_archive_costs_raw_pages_and_no_article(tmp_path: Path) -> None:
    with mounted(tmp_path / "raw", 1) as small:
        (small / "others").write_bytes(bytes(1 << 20))
        given = settings(tmp_path, raw_pages=RawPages.ALL, raw_folder=str(small))
        async with Site(SITE) as site, open_run(given) as run:
            await file_articles(run, [site.url("/story")])
            await run.load()
            await publish_copy(run)
    assert read(run.desk, "SELECT title FROM articles").rows == (("Tides",),)
    (lost,) = read(run.desk, "SELECT stage, error, message FROM open_failures").rows
    assert lost[:2] == ("archive", "disk_full")
    assert "1 raw pages were not kept" in str(lost[2])


async def test_no_secret_is_kept(tmp_path: Path) -> None:
    async with Site(SITE) as site, Proxy(site) as proxy:
        with_secret = proxy.url.replace("//", "//clerk:s3cret@")
        async with open_run(settings(tmp_path, proxy=with_secret, raw_pages=RawPages.ALL)) as run:
            await file_articles(run, ["http://paper.example/story"])
        assert [request.headers.get("proxy-authorization") for request in proxy.log]
    (kept,) = archived(run.desk)
    text = gzip.decompress(path_of(run.desk, kept).read_bytes())
    assert b"paper.example/story" in text
    assert b"s3cret" not in text
    assert b"authorization" not in text.lower()


async def test_a_page_filed_by_hand_is_kept(tmp_path: Path) -> None:
    async with Site(SITE) as site, open_run(settings(tmp_path)) as run:
        await file_articles(run, [site.url("/cups")])
        assert paths(pages(run.desk)) == ["cups"]


def broken(whole: bytes, members: list[bytes]) -> dict[str, bytes]:
    first, second, rest = members[0], members[1], b"".join(members[2:])
    torn = bytearray(second)
    torn[60:90] = b"\xff" * 30
    return {
        "torn": first + bytes(torn) + rest,
        "cut": first + second[:100] + rest,
        "junk": first + second[:0] + b"junk between the records" + rest,
        "ended": whole[:-60],
    }


def response(
    number: int,
    *,
    headers: bytes = b"",
    body: bytes = ARTICLE,
    kind: bytes = b"response",
    status: int = 200,
    url: bytes = b"http://a.example/",
) -> bytes:
    """A record as crawlers write it, plain."""
    block = b"HTTP/1.1 %d X\r\nContent-Type: text/html\r\n%s\r\n%s" % (status, headers, body)
    return (
        b"WARC/1.0\r\nWARC-Type: %s\r\nWARC-Record-ID: <urn:uuid:%032d>\r\n"
        b"WARC-Date: 2026-10-01T10:00:00Z\r\nWARC-Target-URI: %s%d\r\n"
        b"Content-Type: application/http; msgtype=response\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n"
    ) % (kind, number, url, number, len(block), block)


@pytest.mark.parametrize("fault", ["torn", "cut", "junk", "ended"])
def test_what_is_broken_is_named_and_the_rest_is_read(fault: str, tmp_path: Path) -> None:
    members = [gzip.compress(response(number)) for number in range(5)]
    path = tmp_path / "crawl.warc.gz"
    path.write_bytes(broken(b"".join(members), members)[fault])
    found = read_back(path)
    wrong = [one for one in found if isinstance(one, SkippedRecord)]
    assert [one.reason for one in wrong] == ["broken_record"]
    whole = {one.page.url[-1] for one in found if isinstance(one, RecordedPage)}
    assert whole == (set("0123") if fault == "ended" else set("0234"))


@pytest.mark.parametrize("packed", [True, False])
def test_only_what_is_broken_is_lost_however_often(packed: bool, tmp_path: Path) -> None:
    records = [response(number) for number in range(10)]
    members = [gzip.compress(record) if packed else record for record in records]
    for number in (2, 6):
        members[number] = b"?" * 40 + members[number][40:]
    path = tmp_path / "crawl.warc"
    path.write_bytes(b"".join(members))
    found = read_back(path)
    places = list(itertools.accumulate(map(len, members), initial=0))
    whole = [one for one in found if isinstance(one, RecordedPage)]
    assert "".join(one.page.url[-1] for one in whole) == "01345789"
    assert [one.position for one in whole] == [places[int(one.page.url[-1])] for one in whole]


def test_records_as_crawlers_write_them(tmp_path: Path) -> None:
    packed = b"Content-Encoding: gzip\r\n"
    records = [
        response(0, headers=packed, body=gzip.compress(ARTICLE)),
        response(1, headers=b"Transfer-Encoding: chunked\r\n", body=b"5\r\nhello\r\n0\r\n\r\n"),
        # Both codings undone by the crawler, and their headers left.
        response(2, headers=packed + b"Transfer-Encoding: chunked\r\n"),
        response(3, kind=b"revisit"),
        response(4, status=404),
        response(5, url=b"dns:a.example/"),
        response(6, headers=packed, body=gzip.compress(b"x" * 2_000_000)),
        response(7, body=b"y" * 2_000_000),
    ]
    for name, data in {
        "plain.warc": b"".join(records),
        "members.warc.gz": b"".join(map(gzip.compress, records)),
        "whole.warc.gz": gzip.compress(b"".join(records)),
    }.items():
        path = tmp_path / name
        path.write_bytes(data)
        found = read_back(path)
        bodies = [one.page.body for one in found if isinstance(one, RecordedPage)]
        assert bodies == [ARTICLE, b"hello", ARTICLE]
        assert sorted(one.reason for one in found if isinstance(one, SkippedRecord)) == [
            "http_404",
            "not_http",
            "revisit",
            "too_large",
            "unpack_bomb",
        ]
        ones = [one for one in found if isinstance(one, RecordedPage)]
        assert ones[0].page.fetched_at == datetime(2026, 10, 1, 10, tzinfo=UTC)


@pytest.mark.parametrize("data", [b"", b"no archive at all\n" * 9, b"\x1f\x8b\x08nonsense"])
def test_what_is_no_archive_is_said_to_be_none(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_bytes(data)
    with pytest.raises(Drop, match="holds no WARC record"):
        read_back(path)


def test_the_oldest_go_first(tmp_path: Path) -> None:
    today = date(2026, 11, 22)
    files = tuple(
        ArchiveFile(str(age), today - timedelta(days=age), 100) for age in (9, 5, 5, 2, 0)
    )
    gone = outdated(files, today=today, days=6, most=250)
    assert [int(kept.name) for kept in gone] == [9, 5, 5]
    assert outdated(files, today=today, days=30, most=1000) == ()


def test_files_and_empty_folders_are_deleted(tmp_path: Path) -> None:
    desk = Desk.at(tmp_path / "press.duckdb")
    raw = desk.folder / "raw"
    for day in ("2026-11-01", "2026-11-22"):
        (raw / day).mkdir(parents=True)
        (raw / day / "a.warc.gz").write_bytes(b"x" * 10)
    (raw / "notes").mkdir()
    now = datetime(2026, 11, 22, 12, tzinfo=UTC)
    assert prune(desk, now=now, days=7, most=1000) == 1
    assert sorted(path.name for path in raw.iterdir()) == ["2026-11-22", "notes"]
