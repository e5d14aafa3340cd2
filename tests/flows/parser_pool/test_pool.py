"""The pool of parsing processes: a page that hangs or kills its parser costs only itself."""

from __future__ import annotations

import asyncio
import itertools
import mmap
import os
import resource
import signal
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from multiprocessing import forkserver
from pathlib import Path
from typing import TypeVar

import pytest
from lxml.etree import fromstring

from flows.concurrency import run_all
from flows.parser_pool.pool import ParserPool
from flows.parser_pool.process import ROOM, room
from parsers.errors import Quarantine, Retry
from parsers.extraction.tree import parse_html
from parsers.records import Page, Rejection
from parsers.topics.topics import read_topics
from tests.waiting import until

TOPICS = read_topics(
    b'[[topic]]\nname = "musk"\ntitle = "Musk"\n'
    b'[[topic.alias]]\nstrength = "strong"\nnames = ["Elon Musk"]\n'
)
PAGE = Page("http://a.example/", "http://a.example/", 200, (), b"<p>Nothing</p>", datetime.now(UTC))
Result = TypeVar("Result")


def hang() -> None:
    time.sleep(60)


def nap(seconds: float) -> str:
    time.sleep(seconds)
    return "rested"


def stick() -> None:
    """Never ends, and never looks for signals."""
    sum(itertools.repeat(0))


def is_at_work(pid: int) -> bool:
    """Whether a process runs, and is not just waiting to be buried."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    return False


def die() -> None:
    os._exit(7)


def be_killed() -> None:
    """As the kernel does it where memory is short."""
    os.kill(os.getpid(), signal.SIGKILL)


def own_pid() -> int:
    return os.getpid()


def swallow(megabytes: int) -> int:
    return len(b"x" * (megabytes * 1_000_000))


def room_beside_parquet(path: str) -> float:
    """What a worker may still allocate once it has written a file of Parquet."""
    import pyarrow as pa  # noqa: PLC0415 - as the worker does it: when it lands something
    import pyarrow.parquet as pq  # noqa: PLC0415

    pq.write_table(pa.table({"name": ["a page"] * 1000}), path)
    return room()


def hold(megabytes: int) -> int:
    """Sets memory aside, and keeps it without using it."""
    HELD.append(mmap.mmap(-1, megabytes * 1_000_000, flags=mmap.MAP_PRIVATE))
    return os.getpid()


HELD: list[mmap.mmap] = []


def kill_worker(pid: int) -> None:
    """As the kernel does where memory is short."""
    os.kill(pid, signal.SIGKILL)


class Demanding(Exception):  # noqa: N818
    """Can be pickled, and not be made again from that."""

    def __init__(self, one: str, other: str) -> None:
        super().__init__(one + other)


def fail(error: str) -> None:
    if error == "lxml":
        fromstring(b"<a/>").xpath("nothing()")
    raise Demanding("a", "b") if error == "demanding" else ValueError("never heard of it")


def grow_a_tree(breaks: int) -> bool:
    """Whether a page of so many elements has a tree, where there is little memory."""
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (250_000_000, hard))
    return parse_html("<p>a" + "<br>" * breaks) is not None


def in_pool(
    work: Callable[[ParserPool], Awaitable[Result]],
    *,
    timeout: float = 30.0,
    tasks: int = 100,
    workers: int = 2,
) -> Result:
    async def run() -> Result:
        async with ParserPool(TOPICS, workers=workers, timeout=timeout, tasks=tasks) as pool:
            return await work(pool)

    return asyncio.run(run())


def test_pages_are_parsed_under_the_pools_topics() -> None:
    found = in_pool(lambda pool: pool.page(PAGE, None))
    assert isinstance(found, Rejection)
    assert found.reason.value == "off_topic"


def test_a_page_that_hangs_is_timed_out_and_the_next_is_parsed() -> None:
    async def work(pool: ParserPool) -> object:
        with pytest.raises(Quarantine, match="longer than 4 s") as caught:
            await pool.run("a page", hang)
        assert caught.value.name == "parse_timeout"
        return await pool.page(PAGE, None)

    assert isinstance(in_pool(work, timeout=4.0), Rejection)


def test_a_parser_that_dies_is_replaced() -> None:
    async def work(pool: ParserPool) -> object:
        with pytest.raises(Quarantine) as caught:
            await pool.run("a page", die)
        assert caught.value.name == "parser_died"
        return await pool.page(PAGE, None)

    assert isinstance(in_pool(work), Rejection)


def test_a_page_whose_parsers_are_killed_may_be_tried_again() -> None:
    async def work(pool: ParserPool) -> object:
        with pytest.raises(Retry) as caught:
            await pool.run("a page", be_killed)
        assert caught.value.name == "parser_died"
        return await pool.page(PAGE, None)

    assert isinstance(in_pool(work), Rejection)


def test_a_forkserver_that_is_gone_is_started_anew() -> None:
    async def work(pool: ParserPool) -> list[object]:
        found: list[object] = []
        for _ in range(2):
            pid = await pool.run("a page", own_pid)
            kill_worker(forkserver._forkserver._forkserver_pid)  # type: ignore[attr-defined]
            kill_worker(pid)
            found += await asyncio.gather(*(pool.page(PAGE, None) for _ in range(20)))
        return found

    assert all(isinstance(one, Rejection) for one in in_pool(work))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a process with its parent")
def test_a_worker_in_native_code_ends_with_the_server_that_it_was_forked_from() -> None:
    """`timeout 60 pressclip ingest` left workers behind that were at a page without end."""

    async def work(pool: ParserPool) -> None:
        pid = await pool.run("a page", own_pid)
        stuck = asyncio.create_task(pool.run("a page", stick))
        await asyncio.sleep(0.5)
        os.kill(forkserver._forkserver._forkserver_pid, signal.SIGTERM)  # type: ignore[attr-defined]
        await until(lambda: not is_at_work(pid))
        stuck.cancel()

    in_pool(work, workers=1)


def test_workers_are_replaced_after_a_number_of_pages() -> None:
    async def work(pool: ParserPool) -> set[int]:
        return {await pool.run("a page", own_pid) for _ in range(8)}

    assert len(in_pool(work, tasks=2)) > 2
    assert len(in_pool(work, tasks=100)) <= 2


def test_one_very_large_page_is_parsed_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """The trees of a few at once would take more memory than all else that a run holds."""
    monkeypatch.setattr("flows.parser_pool.pool.LARGE", len(PAGE.body))
    at_work: list[int] = []
    most: dict[int, int] = {}

    async def parse(pool: ParserPool, url: str, work: object, page: Page, *more: object) -> None:
        at_work.append(len(page.body))
        await asyncio.sleep(0)
        most[len(page.body)] = max(most.get(len(page.body), 0), at_work.count(len(page.body)))
        at_work.remove(len(page.body))

    monkeypatch.setattr(ParserPool, "run", parse)
    larger = replace(PAGE, body=PAGE.body * 2)

    pages = [PAGE, larger] * 3
    in_pool(lambda pool: run_all(pool.page(page, None, keep_off_topic=True) for page in pages))
    assert most == {len(PAGE.body): 3, len(larger.body): 1}


def test_what_the_parser_raises_comes_through() -> None:
    async def work(pool: ParserPool) -> None:
        page = Page(
            "http://a.example/f", "http://a.example/f", 200, (), b"no feed", PAGE.fetched_at
        )
        with pytest.raises(Quarantine) as caught:
            await pool.feed(page, 1, page.fetched_at, 10)
        assert caught.value.name == "not_a_feed"

    in_pool(work)


@pytest.mark.parametrize(
    ("error", "name"),
    [("lxml", "parser_failed"), ("demanding", "parser_failed"), ("other", "unforeseen")],
)
def test_whatever_a_parser_raises_has_a_name(error: str, name: str) -> None:
    async def work(pool: ParserPool) -> object:
        with pytest.raises(Quarantine, match="Parsing a page") as caught:
            await pool.run("a page", fail, error)
        assert caught.value.name == name
        return await pool.page(PAGE, None)

    assert isinstance(in_pool(work), Rejection)


@pytest.mark.skipif(sys.platform != "linux", reason="memory is limited on Linux only")
def test_a_page_whose_tree_would_fill_the_memory_is_said_to_do_so() -> None:
    async def work(pool: ParserPool) -> object:
        with pytest.raises(Quarantine) as caught:
            await pool.run("a page", grow_a_tree, 3_000_000)
        assert caught.value.name == "too_much_memory"
        return await pool.page(PAGE, None)

    assert isinstance(in_pool(work), Rejection)


def test_a_page_that_names_a_topic_millions_of_times_ends_in_no_panic(
    capfd: pytest.CaptureFixture[str],
) -> None:
    page = replace(PAGE, body=b"Elon Musk " * 1_900_000)
    with suppress(Quarantine):
        found = in_pool(lambda pool: pool.page(page, None))
        assert isinstance(found, Rejection)
    told = capfd.readouterr().err
    assert "panicked" not in told
    assert "allocation" not in told


def test_a_worker_killed_while_it_waits_costs_no_page() -> None:
    async def work(pool: ParserPool) -> list[object]:
        found: list[object] = []
        for _ in range(3):
            kill_worker(await pool.run("a page", own_pid))
            await asyncio.sleep(0.3)
            found.append(await pool.page(PAGE, None))
        return found

    assert all(isinstance(one, Rejection) for one in in_pool(work))


def test_a_worker_killed_at_work_costs_no_page() -> None:
    async def work(pool: ParserPool) -> str:
        pid = await pool.run("a page", own_pid)
        slow = asyncio.create_task(pool.run("a page", nap, 1.0))
        await asyncio.sleep(0.5)
        kill_worker(pid)
        return await slow

    assert in_pool(work, workers=1) == "rested"


def test_a_page_that_takes_too_much_memory_is_set_aside() -> None:
    async def work(pool: ParserPool) -> object:
        with pytest.raises(Quarantine) as caught:
            await pool.run("a page", swallow, 600)
        assert caught.value.name == "too_much_memory"
        return await pool.page(PAGE, None)

    assert isinstance(in_pool(work), Rejection)


def test_a_worker_that_has_grown_is_replaced() -> None:
    async def work(pool: ParserPool) -> list[int]:
        before = await pool.run("a page", own_pid)
        await pool.run("a page", swallow, 180)
        return [before, await pool.run("a page", own_pid), await pool.run("a page", own_pid)]

    before, after, later = in_pool(work, workers=1)
    assert before != after == later


def test_a_worker_without_room_for_a_page_is_replaced() -> None:
    """It could not read what it is asked, and the page would wait for the longest time there is."""

    async def work(pool: ParserPool) -> list[int]:
        return [await pool.run("a page", hold, 160), await pool.run("a page", own_pid)]

    before, after = in_pool(work, workers=1)
    assert before != after


def test_writing_parquet_leaves_room_for_pages(tmp_path: Path) -> None:
    async def work(pool: ParserPool) -> float:
        return await pool.run("a page", room_beside_parquet, str(tmp_path / "some.parquet"))

    assert in_pool(work, workers=1) > ROOM
