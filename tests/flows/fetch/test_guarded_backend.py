"""Names are resolved once, checked, and connected to by the address that was checked.

Only the system's resolver is replaced here: no real one lies on demand.
"""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator

import pytest

from flows.fetch.client import HttpClient
from parsers.errors import Drop, Retry
from tests.servers.site import Site, answer
from tests.settings import fetch_settings


class Resolver:
    """Gives the answers that a test prepares, in turn; the last one again and again."""

    def __init__(self) -> None:
        self.answers: dict[str, list[list[str]]] = {}
        self.asked: list[str] = []
        self.stuck = threading.Event()

    def __call__(self, host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        self.asked.append(host)
        if host.startswith("stuck"):
            self.stuck.wait(10)
        answers = self.answers[host]
        addresses = answers.pop(0) if len(answers) > 1 else answers[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (a, port)) for a in addresses]


@pytest.fixture
def resolver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Resolver]:
    found = Resolver()
    monkeypatch.setattr(socket, "getaddrinfo", found)
    yield found
    found.stuck.set()


async def test_a_name_that_changes_its_address_after_the_check_gains_nothing(
    resolver: Resolver,
) -> None:
    resolver.answers["rebind.example"] = [["127.0.0.1"], ["10.0.0.1"]]
    async with Site({"*": answer(body=b"checked")}) as site, HttpClient(fetch_settings()) as client:
        page = await client.get(f"http://rebind.example:{site.port}/")
    assert page.body == b"checked"
    assert resolver.asked == ["rebind.example"]
    assert site.log[0].headers["host"] == f"rebind.example:{site.port}"


async def test_a_name_with_private_addresses_only_is_refused(resolver: Resolver) -> None:
    resolver.answers["inside.example"] = [["10.0.0.1", "169.254.169.254"]]
    async with HttpClient(fetch_settings()) as client:
        with pytest.raises(Drop) as caught:
            await client.get("http://inside.example/")
    assert caught.value.name == "blocked_address"
    assert "10.0.0.1" in caught.value.message


async def test_the_next_address_is_tried_where_one_does_not_answer(resolver: Resolver) -> None:
    resolver.answers["two.example"] = [["127.0.0.77", "10.0.0.1", "127.0.0.1"]]
    async with Site({"*": answer(body=b"second")}) as site, HttpClient(fetch_settings()) as client:
        assert (await client.get(f"http://two.example:{site.port}/")).body == b"second"


async def test_a_name_server_that_does_not_answer_holds_up_no_other_host(
    resolver: Resolver,
) -> None:
    for n in range(20):
        resolver.answers[f"stuck{n}.example"] = [["127.0.0.1"]]
    resolver.answers["good.example"] = [["127.0.0.1"]]
    async with (
        Site({"*": answer()}) as site,
        HttpClient(fetch_settings(connect_timeout=5.0)) as client,
    ):
        stuck = [
            asyncio.create_task(client.get(f"http://stuck{n}.example:{site.port}/"))
            for n in range(20)
        ]
        assert (await client.get(f"http://good.example:{site.port}/")).status == 200
        assert not any(task.done() for task in stuck)
        errors = await asyncio.gather(*stuck, return_exceptions=True)
        resolver.stuck.set()
    assert {error.name for error in errors if isinstance(error, Retry)} == {"dns_failed"}
    assert len(errors) == 20
