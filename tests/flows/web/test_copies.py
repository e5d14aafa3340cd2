"""Questions from coroutines: side by side, bounded in time, given up without a trace."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from flows.web.answers import jsonable
from flows.web.app import web_app
from flows.web.copies import AT_ONCE, Copies
from tests.waiting import PATIENCE, until
from tests.warehouse.builders import Bench, a_batch, an_article, at
from warehouse.published.pages.asking import Connection
from warehouse.published.publish import publish


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    bench = Bench.in_folder(tmp_path_factory.mktemp("copies"))
    bench.load(a_batch("b1", articles=(an_article("a"),)))
    publish(bench.desk, now=at(2))
    return bench


def articles(connection: Connection) -> int:
    return int(connection.execute("SELECT count(*) FROM articles").fetchall()[0][0])


def endless(connection: Connection) -> object:
    return connection.execute("SELECT sum(i) FROM range(1000000000000000) r(i)").fetchall()


async def test_a_question_is_answered_and_says_how_fresh_that_is(bench: Bench) -> None:
    copies = Copies(bench.desk, seconds=PATIENCE)
    assert copies.fresh_at is None
    assert await copies.rows(articles) == 1
    assert copies.fresh_at == at(2)
    await copies.close()


@pytest.mark.parametrize("path", ["/stories.json", "/topics.json?days=36500", "/sources.json"])
async def test_a_page_that_was_asked_before_shows_a_new_copy(tmp_path: Path, path: str) -> None:
    """What is known of the copy before says nothing of the new one."""
    bench = Bench.in_folder(tmp_path)
    bench.load(a_batch("b1", articles=(an_article("a"),)))
    publish(bench.desk, now=at(2))
    copies = Copies(bench.desk, seconds=PATIENCE, look_every=0)
    transport = httpx.ASGITransport(web_app(copies))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        before = [(await client.get(path)).json() for _ in range(2)]
        bench.load(a_batch("b2", articles=(an_article("b"),)))
        publish(bench.desk, now=at(3))
        after = (await client.get(path)).json()
    assert [one["fresh_at"] for one in before] == [jsonable(at(2))] * 2
    assert after["fresh_at"] == jsonable(at(3))
    await copies.close()


@asynccontextmanager
async def no_thread_left() -> AsyncIterator[None]:
    """Waits until every thread that answers questions and was started in the block has ended."""
    before = _answering()
    yield
    await until(lambda: _answering() <= before)


def _answering() -> set[threading.Thread]:
    return {one for one in threading.enumerate() if one.name.startswith("copies")}


async def test_what_takes_too_long_is_ended_and_its_place_given_to_the_next(bench: Bench) -> None:
    async with no_thread_left():
        copies = Copies(bench.desk, seconds=0.2)
        for _ in range(2):
            asked = [copies.rows(endless) for _ in range(AT_ONCE)]
            ended = await asyncio.gather(*asked, return_exceptions=True)
            assert [type(one) for one in ended] == [TimeoutError] * AT_ONCE
        await copies.close()


async def test_a_reader_who_goes_away_ends_the_question(bench: Bench) -> None:
    async with no_thread_left():
        copies = Copies(bench.desk, seconds=PATIENCE)
        began = threading.Event()

        def ask(connection: Connection) -> object:
            began.set()
            return endless(connection)

        task = asyncio.create_task(copies.rows(ask))
        await until(began.is_set)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await copies.close()


async def test_an_error_of_a_question_is_its_own(bench: Bench) -> None:
    copies = Copies(bench.desk, seconds=PATIENCE)

    def fail(connection: Connection) -> object:
        raise KeyError("of a page")

    with pytest.raises(KeyError):
        await copies.rows(fail)
    assert await copies.rows(articles) == 1
    await copies.close()


async def test_the_copy_may_be_where_nothing_can_be_written(bench: Bench, tmp_path: Path) -> None:
    before = sorted(path.name for path in bench.desk.published.parent.rglob("*"))
    copies = Copies(bench.desk, seconds=PATIENCE)
    await copies.rows(articles)
    assert sorted(path.name for path in bench.desk.published.parent.rglob("*")) == before
    await copies.close()
