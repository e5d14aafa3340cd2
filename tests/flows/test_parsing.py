"""The pool of parsing processes: a page that hangs or kills its parser costs only itself."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import TypeVar

import pytest

from flows.parsing import ParserPool
from parsers.errors import Quarantine
from parsers.records import Page, Rejection
from parsers.topics import read_topics

TOPICS = read_topics(
    b'[[topic]]\nname = "musk"\ntitle = "Musk"\n'
    b'[[topic.alias]]\nstrength = "strong"\nnames = ["Elon Musk"]\n'
)
PAGE = Page("http://a.example/", "http://a.example/", 200, (), b"<p>Nothing</p>", datetime.now(UTC))
Result = TypeVar("Result")


def hang() -> None:
    time.sleep(60)


def die() -> None:
    os._exit(7)


def own_pid() -> int:
    return os.getpid()


def in_pool(
    work: Callable[[ParserPool], Awaitable[Result]], *, timeout: float = 30.0, tasks: int = 100
) -> Result:
    async def run() -> Result:
        async with ParserPool(TOPICS, workers=2, timeout=timeout, tasks=tasks) as pool:
            return await work(pool)

    return asyncio.run(run())


def test_pages_are_parsed_under_the_pools_topics() -> None:
    found = in_pool(lambda pool: pool.page(PAGE, None))
    assert isinstance(found, Rejection)
    assert found.reason.value == "off_topic"


def test_a_page_that_hangs_is_timed_out_and_the_next_is_parsed() -> None:
    async def work(pool: ParserPool) -> object:
        with pytest.raises(Quarantine, match="longer than 2 s") as caught:
            await pool.run("a page", hang)
        assert caught.value.name == "parse_timeout"
        return await pool.page(PAGE, None)

    assert isinstance(in_pool(work, timeout=2.0), Rejection)


def test_a_parser_that_dies_is_replaced() -> None:
    async def work(pool: ParserPool) -> object:
        with pytest.raises(Quarantine) as caught:
            await pool.run("a page", die)
        assert caught.value.name == "parser_died"
        return await pool.page(PAGE, None)

    assert isinstance(in_pool(work), Rejection)


def test_workers_are_replaced_after_a_number_of_pages() -> None:
    async def work(pool: ParserPool) -> set[int]:
        return {await pool.run("a page", own_pid) for _ in range(8)}

    assert len(in_pool(work, tasks=2)) > 2
    assert len(in_pool(work, tasks=100)) <= 2


def test_what_the_parser_raises_comes_through() -> None:
    async def work(pool: ParserPool) -> None:
        page = Page(
            "http://a.example/f", "http://a.example/f", 200, (), b"no feed", PAGE.fetched_at
        )
        with pytest.raises(Quarantine) as caught:
            await pool.feed(page, 1, page.fetched_at, 10)
        assert caught.value.name == "not_a_feed"

    in_pool(work)
