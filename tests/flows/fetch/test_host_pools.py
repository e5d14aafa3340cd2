"""Politeness and parallelism, measured in the servers' logs."""

from __future__ import annotations

import asyncio
from itertools import pairwise

import httpx
import pytest

from flows.fetch.client import HttpClient
from flows.fetch.pacing import DOWN_FOR, MAX_UNANSWERED, MAX_UNREACHED
from flows.fetch.robots import Robots
from parsers.errors import PressclipError, Retry
from tests.servers.site import Request, Site, answer, raw, redirect
from tests.settings import fetch_settings
from tests.waiting import until, until_answered


class Together:
    """Answers nobody until so many ask at once; counts how many did."""

    def __init__(self, number: int) -> None:
        self.all_here = asyncio.Barrier(number)
        self.active = self.most = 0

    async def __call__(self, request: Request, writer: asyncio.StreamWriter) -> None:
        self.active += 1
        self.most = max(self.most, self.active)
        await self.all_here.wait()
        self.active -= 1
        await answer()(request, writer)


def gaps(site: Site) -> list[float]:
    """Seconds between the starts of requests to a site."""
    return [later.at - earlier.at for earlier, later in pairwise(site.log)]


async def test_one_host_is_asked_one_by_one_with_pauses() -> None:
    active = most = 0

    async def count(request: Request, writer: asyncio.StreamWriter) -> None:
        nonlocal active, most
        active += 1
        most = max(most, active)
        await asyncio.sleep(0.05)
        active -= 1
        await answer()(request, writer)

    async with Site({"*": count}) as site, HttpClient(fetch_settings(host_pause=0.2)) as client:
        await asyncio.gather(*(client.get(site.url(f"/{n}")) for n in range(4)))
    assert most == 1
    assert site.connections == 1, "the connection is used again"
    assert min(gaps(site)) >= 0.24, "the pause counts from the end of a request"


async def test_redirects_on_one_host_wait_for_its_turn_too() -> None:
    routes = {"/": redirect("/b"), "/b": redirect("/c"), "/c": answer()}
    async with Site(routes) as site, HttpClient(fetch_settings(host_pause=0.2)) as client:
        await client.get(site.url())
    assert min(gaps(site)) >= 0.19


async def test_more_connections_to_a_host_where_the_settings_say_so() -> None:
    handler = Together(4)
    async with (
        Site({"*": handler}) as site,
        HttpClient(fetch_settings(connections_per_host=4)) as client,
    ):
        await asyncio.gather(*(client.get(site.url(f"/{n}")) for n in range(8)))
    assert handler.most == 4
    assert site.connections == 4


async def test_hosts_are_asked_in_parallel() -> None:
    handler = Together(50)
    async with Site({"*": handler}, host="0.0.0.0") as site, HttpClient(fetch_settings()) as client:
        hosts = [f"127.0.1.{n}" for n in range(1, 51)]
        await asyncio.gather(*(client.get(f"http://{host}:{site.port}/") for host in hosts))
    assert handler.most == len(site.log) == 50


async def test_the_number_of_requests_in_flight_is_bounded() -> None:
    active = most = 0

    async def count(request: Request, writer: asyncio.StreamWriter) -> None:
        nonlocal active, most
        active += 1
        most = max(most, active)
        await asyncio.sleep(0.05)
        active -= 1
        await answer()(request, writer)

    async with (
        Site({"*": count}, host="0.0.0.0") as site,
        HttpClient(fetch_settings(max_connections=5)) as client,
    ):
        urls = [f"http://127.0.2.{n}:{site.port}/" for n in range(1, 31)]
        await asyncio.gather(*(client.get(url) for url in urls))
    assert most == 5


async def test_a_dead_host_does_not_delay_the_others() -> None:
    async def dead(_: Request, __: asyncio.StreamWriter) -> None:
        await asyncio.sleep(60)

    settings = fetch_settings(first_byte_timeout=60.0, max_connections=4)
    async with (
        Site({"*": dead}, host="127.0.3.1") as grave,
        Site({"*": answer()}, host="127.0.3.2") as alive,
        HttpClient(settings) as client,
    ):
        lost = [asyncio.create_task(client.get(grave.url(f"/{n}"))) for n in range(20)]
        await until(lambda: grave.log)
        for n in range(20):
            assert (await client.get(alive.url(f"/{n}"))).status == 200
        assert not any(task.done() for task in lost)
        for task in lost:
            task.cancel()
        await asyncio.gather(*lost, return_exceptions=True)


async def test_429_pauses_the_whole_host_for_as_long_as_it_asks() -> None:
    routes = {"/busy": answer(429, {"Retry-After": "1"}), "/other": answer()}
    async with Site(routes) as site, HttpClient(fetch_settings()) as client:
        assert (await client.get(site.url("/busy"))).status == 429
        assert (await client.get(site.url("/other"))).status == 200
    assert gaps(site)[0] > 0.95


async def test_a_long_rest_is_reported_instead_of_waited_for() -> None:
    routes = {"/busy": answer(429, {"Retry-After": "600"}), "/other": answer()}
    async with Site(routes) as site, HttpClient(fetch_settings()) as client:
        await client.get(site.url("/busy"))
        with pytest.raises(Retry) as caught:
            await client.get(site.url("/other"))
    assert caught.value.name == "host_paused"
    assert 400 < (caught.value.after or 0) <= 600, "what is left of them"
    assert site.asked == ["/busy"]


async def test_short_rests_are_waited_for_but_not_again_and_again() -> None:
    busy = answer(429, {"Retry-After": "1"})
    async with Site({"*": busy}) as site, HttpClient(fetch_settings(patience=2.5)) as client:
        for n in range(3):
            await client.get(site.url(f"/{n}"))
        with pytest.raises(Retry) as caught:
            await client.get(site.url("/3"))
    assert caught.value.name == "host_paused"
    assert site.asked == ["/0", "/1", "/2"]


async def test_who_is_not_patient_waits_for_no_rest() -> None:
    async with (
        Site({"*": answer(429, {"Retry-After": "1"})}) as site,
        HttpClient(fetch_settings()) as client,
    ):
        await client.get(site.url())
        with pytest.raises(Retry) as caught:
            await client.get_traced(site.url(), patient=False)
    assert caught.value.name == "host_paused"
    assert len(site.log) == 1


async def test_a_503_holds_up_nothing_but_its_own_address() -> None:
    routes = {"/busy": answer(503, {"Retry-After": "600"}), "/other": answer()}
    async with Site(routes) as site, HttpClient(fetch_settings()) as client:
        assert (await client.get(site.url("/busy"))).header("retry-after") == "600"
        assert (await client.get(site.url("/other"))).status == 200


async def test_a_crawl_delay_slows_a_host_down_within_bounds() -> None:
    settings = fetch_settings(host_pause=0.1, max_crawl_delay=0.3)
    async with Site({"*": answer()}) as site, HttpClient(settings) as client:
        client.slow_down(httpx.URL(site.url()), 3600)
        for n in range(3):
            await client.get(site.url(f"/{n}"))
    assert min(gaps(site)) >= 0.28


async def test_a_crawl_delay_holds_from_robots_txt_on() -> None:
    rules = answer(body=b"User-agent: *\nCrawl-delay: 1\n")
    routes = {"/robots.txt": rules, "*": answer()}
    async with Site(routes) as site, HttpClient(fetch_settings(host_pause=0.1)) as client:
        await Robots(client).check(site.url("/page"))
        await client.get(site.url("/page"))
    assert gaps(site)[0] > 0.9


async def test_connections_to_many_hosts_do_not_pile_up() -> None:
    async with (
        Site({"*": answer()}, host="0.0.0.0") as site,
        HttpClient(fetch_settings()) as client,
    ):
        for n in range(400):
            await client.get(f"http://127.1.{n // 250}.{n % 250 + 1}:{site.port}/")
        assert site.connections == 400
        await until(lambda: site.open_connections < 300)


async def test_a_rest_outlives_the_closing_of_its_lane() -> None:
    async with (
        Site({"*": answer()}, host="0.0.0.0") as site,
        HttpClient(fetch_settings()) as client,
    ):
        site.routes["/busy"] = answer(429, {"Retry-After": "600"})
        await client.get(f"http://127.2.9.9:{site.port}/busy")
        for n in range(300):
            await client.get(f"http://127.2.{n // 250}.{n % 250 + 1}:{site.port}/")
        with pytest.raises(PressclipError) as caught:
            await client.get(f"http://127.2.9.9:{site.port}/other")
    assert caught.value.name == "host_paused"


async def test_a_host_that_cannot_be_reached_is_left_alone_soon() -> None:
    async with Site() as site:
        gone = site.url()
    async with HttpClient(fetch_settings()) as client:
        errors = []
        for _ in range(MAX_UNREACHED + 5):
            with pytest.raises(Retry) as caught:
                await client.get(gone)
            errors.append(caught.value.name)
    assert errors == ["connect_failed"] * MAX_UNREACHED + ["host_down"] * 5
    assert DOWN_FOR - 120 < (caught.value.after or 0) <= DOWN_FOR


async def test_a_host_that_never_answers_is_left_alone_after_a_while() -> None:
    async with Site({"*": raw(b"")}) as site, HttpClient(fetch_settings()) as client:
        errors = []
        for _ in range(MAX_UNANSWERED + 5):
            with pytest.raises(Retry) as caught:
                await client.get(site.url())
            errors.append(caught.value.name)
    assert errors == ["connection_lost"] * MAX_UNANSWERED + ["host_down"] * 5
    assert DOWN_FOR - 120 < (caught.value.after or 0) <= DOWN_FOR


async def drip(_: Request, writer: asyncio.StreamWriter) -> None:
    """Headers, and then a body that never ends."""
    writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
    while not writer.is_closing():
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.02)


@pytest.mark.parametrize(
    ("error", "limits"),
    [("too_slow", {"rate_grace": 0.05}), ("timeout", {"total_timeout": 0.08})],
)
async def test_a_host_that_never_comes_to_an_end_is_left_alone_after_a_while(
    error: str, limits: dict[str, float]
) -> None:
    async with Site({"*": drip}) as site, HttpClient(fetch_settings(**limits)) as client:
        errors = []
        for _ in range(MAX_UNANSWERED + 2):
            with pytest.raises(Retry) as caught:
                await client.get(site.url())
            errors.append(caught.value.name)
    assert errors == [error] * MAX_UNANSWERED + ["host_down"] * 2


async def test_a_host_is_not_blamed_for_the_time_that_a_redirect_to_it_took() -> None:
    async def slowly_elsewhere(_: Request, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.15)
        await redirect(innocent.url("/slow"))(_, writer)

    async def slow_page(_: Request, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(60)

    async with (
        Site({"*": slowly_elsewhere}) as slow,
        Site({"/slow": slow_page, "*": answer(body=b"good")}, host="127.0.0.2") as innocent,
        HttpClient(fetch_settings(total_timeout=0.3)) as client,
    ):
        for _ in range(MAX_UNANSWERED + 1):
            with pytest.raises(Retry, match="did not finish"):
                await client.get(slow.url())
        assert await until_answered(client, innocent.url("/page")) == b"good"


async def test_broken_pages_do_not_keep_the_good_ones_of_their_host_from_us() -> None:
    cut_short = raw(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf")
    routes = {"*": raw(b""), "/cut": cut_short, "/good": answer(body=b"good")}
    async with Site(routes) as site, HttpClient(fetch_settings()) as client:
        for _ in range(3):
            for n in range(MAX_UNANSWERED - 1):
                with pytest.raises(Retry):
                    await client.get(site.url(f"/{n}"))
            for _ in range(MAX_UNANSWERED + 1):
                with pytest.raises(Retry) as caught:
                    await client.get(site.url("/cut"))
                assert caught.value.name == "truncated"
            assert (await client.get(site.url("/good"))).body == b"good"


async def test_a_port_of_its_own_is_a_server_of_its_own() -> None:
    async with (
        Site({"*": answer(429, {"Retry-After": "600"})}) as busy,
        Site({"*": answer()}) as other,
        HttpClient(fetch_settings()) as client,
    ):
        await client.get(busy.url())
        assert (await client.get(other.url())).status == 200
        with pytest.raises(Retry, match="left alone"):
            await client.get(busy.url("/other"))
