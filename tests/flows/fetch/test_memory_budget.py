"""Room for large bodies: bounded, for everyone in turn, and never stuck."""

from __future__ import annotations

import asyncio
import gzip
import random

import pytest

from flows.fetch.client import HttpClient
from flows.fetch.memory_budget import FREE, MemoryBudget, Reservation
from parsers.errors import Retry
from tests.servers.site import Handler, Request, Site, answer
from tests.settings import fetch_settings
from tests.waiting import PATIENCE, until

MB = 1_000_000


async def soon(work: asyncio.Task[None]) -> bool:
    """Whether `work` is done without waiting for anybody."""
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    return work.done()


async def test_small_bodies_take_no_room_and_large_ones_what_they_are() -> None:
    budget = MemoryBudget(10 * MB, 5 * MB)
    with budget.reservation() as small, budget.reservation() as large:
        await small.grow(FREE, 3 * MB)
        await large.grow(FREE + 1, FREE + MB)
        assert (small.taken, large.taken) == (0, MB), "what is likely"
        await large.grow(FREE + MB + 1, FREE + MB)
        assert large.taken == 5 * MB - FREE, "what is possible"
        large.shrink(FREE + 2 * MB)
        assert large.taken == 2 * MB, "what it is"
    assert (small.taken, large.taken) == (0, 0)


async def test_who_meets_no_room_waits_in_turn_until_there_is_some() -> None:
    budget = MemoryBudget(6 * MB, 5 * MB)
    shares = [budget.reservation() for _ in range(4)]
    await shares[0].grow(FREE + MB, FREE + MB)
    await shares[1].grow(FREE + 4 * MB, FREE + 4 * MB)  # the last one that is let in
    waiting = [
        asyncio.create_task(reservation.grow(FREE + MB, FREE + MB)) for reservation in shares[2:]
    ]
    assert not await soon(waiting[0])
    assert budget.wanted
    assert shares[1].contested
    assert not shares[2].contested
    shares[0].close()
    assert not await soon(waiting[0]), "what was kept back is not there again"
    shares[1].close()
    assert await soon(waiting[0])
    assert await soon(waiting[1])
    assert not budget.wanted


async def test_bodies_that_grow_side_by_side_never_wait_for_each_other() -> None:
    most, largest = 8 * MB, 5 * MB
    budget, held, peak = MemoryBudget(most, largest), dict[int, int](), 0
    chance = random.Random(3)

    async def page(number: int) -> None:
        nonlocal peak
        with budget.reservation() as reservation:
            likely = chance.randrange(FREE, largest)
            for size in range(FREE, chance.randrange(FREE, largest), MB // 4):
                await reservation.grow(size, likely)
                held[number] = size - FREE
                peak = max(peak, sum(held.values()))
                await asyncio.sleep(0)
            await asyncio.sleep(chance.random() / 1000)
            held[number] = 0

    await asyncio.wait_for(asyncio.gather(*(page(number) for number in range(200))), PATIENCE)
    assert peak <= most


async def test_who_no_longer_waits_is_in_nobodys_way() -> None:
    budget = MemoryBudget(2 * MB, 2 * MB)
    first, second, third = budget.reservation(), budget.reservation(), budget.reservation()
    await first.grow(FREE + MB, FREE + MB)
    work = (reservation.grow(FREE + MB, FREE + MB) for reservation in (second, third))
    tasks = [asyncio.create_task(one) for one in work]
    assert not await soon(tasks[0])
    tasks[0].cancel()
    first.close()  # in the same moment
    assert await soon(tasks[1])
    assert (second.taken, third.taken) == (0, MB)


def growing(start: int, piece: int, pause: float) -> Handler:
    """A page that begins with `start` bytes and never ends."""

    async def handle(_: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * start)
        while not writer.is_closing():
            writer.write(b"x" * piece)
            await writer.drain()
            await asyncio.sleep(pause)

    return handle


async def test_slow_large_pages_keep_no_room_from_honest_ones() -> None:
    """Audit: four hosts that dripped held all places, and every honest page timed out."""
    drip = growing(1_200_000, 400, 0.1)
    good = answer(body=b"<p>good</p>" * 200_000)
    sizes = {"memory_budget": 4 * MB, "max_wire_bytes": 2_500_000, "max_unpacked_bytes": 2_500_000}
    settings = fetch_settings(**sizes, rate_grace=0.5)
    async with (
        Site({"*": drip}, host="0.0.0.0") as slow,
        Site({"*": good}, host="0.0.0.0") as sites,
        HttpClient(settings) as client,
    ):
        drips = [
            asyncio.create_task(client.get(f"http://127.6.0.{n}:{slow.port}/")) for n in range(1, 9)
        ]
        await asyncio.sleep(0.2)
        urls = [f"http://127.6.1.{n}:{sites.port}/" for n in range(1, 6)]
        pages = await asyncio.gather(*(client.get(url) for url in urls))
        given_up = {one for one in drips if one.done()}
        for one in drips:
            one.cancel()
        errors = await asyncio.gather(*given_up, return_exceptions=True)
        await asyncio.gather(*drips, return_exceptions=True)
    assert {len(page.body) for page in pages} == {2_200_000}
    assert {error.name for error in errors if isinstance(error, Retry)} == {"too_slow"}
    assert all(isinstance(error, Retry) for error in errors)
    assert not client.budget.wanted


async def test_waiting_for_room_takes_none_of_a_pages_time_nor_a_small_ones_place() -> None:
    body = b"x" * 1_500_000
    sizes = {"memory_budget": MB, "max_wire_bytes": 3 * MB, "max_unpacked_bytes": 3 * MB}
    settings = fetch_settings(**sizes, total_timeout=3.0, max_connections=1)
    routes = {"/large": answer(body=body), "/small": answer(body=b"small")}
    async with Site(routes, host="0.0.0.0") as site, HttpClient(settings) as client:
        with client.budget.reservation() as held:
            await held.grow(3 * MB)
            waits = asyncio.create_task(client.get(f"http://127.6.2.1:{site.port}/large"))
            await until(lambda: client.budget.wanted)
            assert (await client.get(f"http://127.6.2.2:{site.port}/small")).body == b"small"
            await asyncio.sleep(3.3)
            assert not waits.done()
        assert (await waits).body == body


async def test_a_page_is_in_hand_until_its_share_is_closed() -> None:
    packed = gzip.compress(random.Random(1).randbytes(1_500_000))
    routes = {
        "/page": answer(headers={"Content-Encoding": "gzip"}, body=packed),
        "/plain": answer(body=packed),
    }
    async with Site(routes) as site, HttpClient(fetch_settings()) as client:
        reservation = client.budget.reservation()
        fetched = await client.get_traced(site.url("/page"), reservation=reservation)
        assert reservation.taken == len(fetched.packed) + len(fetched.page.body) - FREE
        reservation.close()
        fetched = await client.get_traced(site.url("/plain"), reservation=reservation)
        assert reservation.taken == len(fetched.page.body) - FREE, "as sent and as read are one"
        assert fetched.packed is fetched.page.body


@pytest.mark.parametrize("ending", [b"", b"garbage that is no gzip"])
async def test_a_page_that_fails_takes_no_room(ending: bytes) -> None:
    packed = gzip.compress(random.Random(2).randbytes(3_000_000))[:-1000] + ending
    site = Site({"*": answer(headers={"Content-Encoding": "gzip"}, body=packed)})
    async with site, HttpClient(fetch_settings()) as client:
        reservation: Reservation = client.budget.reservation()
        with pytest.raises(Retry):
            await client.get_traced(site.url(), reservation=reservation)
        assert reservation.taken == 0


async def test_a_page_that_bursts_open_waits_before_it_is_unpacked_further() -> None:
    """Some kilobytes may unpack to megabytes; only pieces of that are made without room."""
    body = gzip.compress(b"x" * 20 * MB)
    settings = fetch_settings(memory_budget=MB, max_unpack_ratio=2000.0, max_unpacked_bytes=30 * MB)
    site = Site({"*": answer(headers={"Content-Encoding": "gzip"}, body=body)})
    async with site, HttpClient(settings) as client:
        with client.budget.reservation() as held, client.budget.reservation() as reservation:
            await held.grow(5 * MB)
            waits = asyncio.create_task(client.get_traced(site.url(), reservation=reservation))
            await until(lambda: client.budget.wanted)
            assert reservation.taken == 0
            held.close()
            assert len((await waits).page.body) == 20 * MB
