"""The prefilter: pages that come while workers are busy go on together, and none is forgotten."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

from flows.parser_pool.prefilter_queue import MOST_BYTES, MOST_PAGES, PrefilterQueue
from parsers.errors import Quarantine
from parsers.records import Entry, Page, Rejection, RejectionReason

Pages = Sequence[tuple[Page, Entry | None]]


def page(number: int, body: bytes = b"x") -> Page:
    url = f"http://one.example/{number}"
    return Page(url, url, 200, (), body, datetime(2026, 10, 1, tzinfo=UTC))


def verdict(one: Page) -> Rejection | None:
    """Every third page has to be parsed."""
    number = int(one.url.rpartition("/")[2])
    return Rejection(RejectionReason.OFF_TOPIC, one.url) if number % 3 else None


class Workers:
    """Takes tasks at once, and answers when it is told to."""

    def __init__(self) -> None:
        self.tasks: list[int] = []
        self.go = asyncio.Event()

    async def prefilter(self, pages: Pages) -> list[Rejection | None]:
        self.tasks.append(len(pages))
        await self.go.wait()
        return [verdict(one) for one, _ in pages]


def look(pages: Sequence[Page], at_once: int) -> tuple[list[int], list[Rejection | None]]:
    """The sizes of the tasks that `pages` made, and what was said of each."""

    async def run() -> tuple[list[int], list[Rejection | None]]:
        workers = Workers()
        queue = PrefilterQueue(workers.prefilter, at_once)
        looks = [asyncio.create_task(queue.look(one, None)) for one in pages]
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert workers.tasks == [1] * min(at_once, len(pages))
        workers.go.set()
        return workers.tasks, [await one for one in looks]

    return asyncio.run(run())


def test_pages_wait_for_each_other_only_while_all_workers_are_busy() -> None:
    pages = [page(number) for number in range(50)]
    tasks, found = look(pages, at_once=3)
    assert found == [verdict(one) for one in pages]
    assert sum(tasks) == 50
    assert tasks[:3] == [1, 1, 1]
    assert tasks[3] == MOST_PAGES


def test_what_goes_on_together_is_bounded() -> None:
    pages = [page(number, b"x" * (MOST_BYTES // 2)) for number in range(5)]
    tasks, _ = look(pages, at_once=1)
    assert tasks == [1, 2, 2]
    huge = [page(number, b"x" * (MOST_BYTES + 1)) for number in range(3)]
    assert look(huge, at_once=1)[0] == [1, 1, 1]


def test_pages_that_cannot_be_prefiltered_are_parsed_and_the_next_are_prefiltered() -> None:
    async def run() -> None:
        calls = 0

        async def prefilter(pages: Pages) -> list[Rejection | None]:
            nonlocal calls
            calls += 1
            if calls == 1:
                raise Quarantine("parser_died", "It died.")
            return [verdict(one) for one, _ in pages]

        queue = PrefilterQueue(prefilter, 1)
        first, second = await asyncio.gather(queue.look(page(1), None), queue.look(page(2), None))
        assert first is None
        assert second == verdict(page(2))

    asyncio.run(run())


def test_whoever_stops_waiting_holds_nobody_up() -> None:
    async def run() -> None:
        workers = Workers()
        queue = PrefilterQueue(workers.prefilter, 1)
        gone = asyncio.create_task(queue.look(page(1), None))
        stays = asyncio.create_task(queue.look(page(2), None))
        await asyncio.sleep(0)
        gone.cancel()
        workers.go.set()
        assert await stays == verdict(page(2))

    asyncio.run(run())
