"""Workers that are lost: every task ends, in time, and by name."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from typing import Any, cast

import pytest
from pebble import ProcessExpired, ProcessPool

from flows.parser_pool.workers import CREWS_PER_TASK, Workers, WorkersLost
from tests.waiting import PATIENCE


def fine() -> str:
    return "done"


class Pool:
    """A pool as pebble's, with a fault that lasts as long as it does."""

    def __init__(self, fault: str = "") -> None:
        self.fault = fault
        self.ended = False
        self.waiting: list[Future[Any]] = []

    @property
    def active(self) -> bool:
        if self.fault == "no start":
            raise BrokenProcessPool
        return self.fault != "down"

    def schedule(self, function: Callable[[], Any], **_: object) -> Future[Any]:
        if self.fault == "down":
            raise RuntimeError("Unexpected error within the Pool")
        future: Future[Any] = Future()
        if self.fault == "deadly":
            future.set_exception(ProcessExpired("Abnormal termination", -9))  # type: ignore[no-untyped-call]
        elif self.fault == "broken":
            future.set_exception(BrokenProcessPool())
        elif not self.fault:
            future.set_result(function())
        self.waiting.append(future)
        return future

    def stop(self) -> None:
        self.ended = True

    def join(self) -> None:
        assert self.ended


def workers(pools: list[Pool], *, timeout: float = 0.05) -> Workers:
    coming = iter(pools)
    return Workers(lambda: cast(ProcessPool, next(coming)), count=2, timeout=timeout, margin=0.05)


async def done(pools: list[Pool], tasks: int = 1) -> list[str]:
    crew = workers(pools)
    await crew.start()
    found = await asyncio.gather(*(crew.run(fine, ()) for _ in range(tasks)))
    await crew.stop()
    return found


FAULTS = ["no start", "down", "broken", "lost task"]


@pytest.mark.parametrize("fault", FAULTS)
def test_another_crew_takes_the_place_of_one_that_is_lost(fault: str) -> None:
    pools = [Pool(fault), Pool(), Pool()]
    assert asyncio.run(done(pools, tasks=9)) == ["done"] * 9
    assert [pool.ended for pool in pools] == [True, True, False]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_task_that_no_crew_sees_through_ends_all_the_same(fault: str) -> None:
    pools = [Pool(fault) for _ in range(CREWS_PER_TASK + 2)]
    with pytest.raises(WorkersLost):
        asyncio.run(done(pools))
    assert sum(pool.ended for pool in pools) <= CREWS_PER_TASK + 1


def test_tasks_of_a_crew_that_is_given_up_go_to_the_next_at_once() -> None:
    lost = Pool("lost task")

    async def work() -> list[str]:
        crew = workers([lost, Pool()], timeout=60)
        tasks = [asyncio.create_task(crew.run(fine, ())) for _ in range(4)]
        while len(lost.waiting) < 4:
            await asyncio.sleep(0.01)
        lost.waiting[2].set_exception(BrokenProcessPool())
        async with asyncio.timeout(30):
            found = await asyncio.gather(*tasks)
        await crew.stop()
        return found

    assert asyncio.run(work()) == ["done"] * 4


def test_a_task_gets_a_second_try_where_its_worker_dies_and_no_third() -> None:
    pool = Pool("deadly")
    with pytest.raises(ProcessExpired):
        asyncio.run(done([pool]))
    assert len(pool.waiting) == 2


def test_a_task_that_waits_for_workers_that_are_stopped_calls_no_others() -> None:
    """A run that got SIGTERM while pages were prefiltered started workers that nobody ended, and
    waited for them for good."""
    pools = [Pool("lost task"), Pool(), Pool()]

    async def stopped_at_work() -> None:
        crew = workers(pools, timeout=60)
        asked = asyncio.create_task(crew.run(fine, ()))
        while not pools[0].waiting:
            await asyncio.sleep(0)
        await crew.stop()
        with pytest.raises(WorkersLost):
            await asked
        with pytest.raises(WorkersLost):
            await crew.run(fine, ())

    asyncio.run(stopped_at_work())
    assert [pool.ended for pool in pools] == [True, False, False]


async def test_who_is_told_to_stop_while_a_crew_starts_gives_it_no_task() -> None:
    """It would take the task, and never answer."""
    asked, go = threading.Event(), threading.Event()

    class Starting(Pool):
        @property
        def active(self) -> bool:
            asked.set()
            return go.wait(PATIENCE)

    pool = Starting("silent")
    at_work = workers([pool])
    task = asyncio.create_task(at_work.run(fine, ()))
    await asyncio.to_thread(asked.wait, PATIENCE)
    stopping = asyncio.create_task(at_work.stop())
    await asyncio.sleep(0)
    go.set()
    with pytest.raises(WorkersLost):
        await task
    await stopping
    assert pool.waiting == []
