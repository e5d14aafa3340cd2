"""The pages at work: over real sockets, in a process of their own, stopped and cut off."""

from __future__ import annotations

import asyncio
import os
import resource
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from h2.connection import H2Connection

from flows import listening
from flows.parser_pool.bounded import BoundedPool
from flows.settings import Settings
from flows.web.serving import open_door, serve_pages
from parsers.errors import Drop
from tests.servers.ports import free_port
from tests.settings import settings
from tests.waiting import PATIENCE, eventually
from tests.warehouse.builders import Bench, a_batch, an_article, at
from warehouse.published.publish import publish


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """A desk that is published."""
    bench = Bench.in_folder(tmp_path_factory.mktemp("web"))
    bench.load(a_batch("b1", articles=(an_article("a"),)))
    publish(bench.desk, now=at(2))
    return bench


@pytest.fixture
def desk(bench: Bench) -> Settings:
    return settings(bench.desk.published)


@asynccontextmanager
async def serving(given: Settings) -> AsyncIterator[tuple[str, int]]:
    stop = asyncio.Event()
    with open_door(given, "127.0.0.1", 0) as door:
        task = asyncio.create_task(serve_pages(given, door, stop.wait))
        try:
            yield door.getsockname()[:2]
        finally:
            stop.set()
            await task


async def everything(reader: asyncio.StreamReader) -> bytes:
    async with asyncio.timeout(PATIENCE):
        return await reader.read()


async def test_a_page_is_served(desk: Settings) -> None:
    async with serving(desk) as (host, port), httpx.AsyncClient(trust_env=False) as client:
        answer = await client.get(f"http://{host}:{port}/stories")
        assert answer.status_code == 200
        assert (await client.get(f"http://{host}:{port}/health/copy")).text == "ok\n"
        assert "Title of a" in answer.text
        assert "server" not in answer.headers
        assert "unsafe" not in answer.headers["content-security-policy"]


async def test_a_long_question_fits_into_a_link(desk: Settings) -> None:
    async with serving(desk) as (host, port), httpx.AsyncClient(trust_env=False) as client:
        asked = {"q": "SELEC 1 -- " + "ű" * 5000}
        answer = await client.get(f"http://{host}:{port}/ask.json", params=asked, timeout=PATIENCE)
        assert answer.status_code == 400
        assert answer.json()["data"]["sql"] == asked["q"]


async def test_where_nothing_is_published_yet_it_says_so(tmp_path: Path) -> None:
    given = settings(tmp_path)
    async with serving(given) as (host, port), httpx.AsyncClient(trust_env=False) as client:
        answer = await client.get(f"http://{host}:{port}/stories")
        assert answer.status_code == 503
        assert "pressclip ingest" in answer.text
        assert (await client.get(f"http://{host}:{port}/health")).status_code == 200
        copy = await client.get(f"http://{host}:{port}/health/copy")
        assert (copy.status_code, str(tmp_path) in copy.text) == (503, False)


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"GET /stories HTTP/1.1\r\nHost: 127.0.0.1\r\n",
        b"GET /stories HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    ],
    ids=["nothing", "half a head", "silent afterwards"],
)
async def test_who_says_no_more_is_cut_off(
    desk: Settings, sent: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Long enough for a request to arrive also where the machine is busy.
    monkeypatch.setattr(listening, "HEAD_SECONDS", 1.5 if sent.endswith(b"1\r\n\r\n") else 0.3)
    monkeypatch.setattr(listening, "SILENT_SECONDS", 3)
    async with serving(desk) as (host, port):
        reader, writer = await asyncio.open_connection(host, port)
        writer.write(sent)
        got = await everything(reader)
        assert (b" 200 " in got) == sent.endswith(b"1\r\n\r\n")
        writer.close()


async def test_a_head_that_drips_is_cut_off(
    desk: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listening, "HEAD_SECONDS", 0.3)
    async with serving(desk) as (host, port):
        reader, writer = await asyncio.open_connection(host, port)
        writer.write(b"GET /stories HTTP/1.1\r\n")
        closed = asyncio.create_task(everything(reader))
        while not closed.done():
            writer.write(b"A: a\r\n")
            await asyncio.wait({closed}, timeout=0.05)
        # On a busy machine the server may still have time to say that this is no request.
        assert closed.exception() or b" 200 " not in closed.result()
        writer.close()


@pytest.mark.parametrize("upgrade", [True, False])
async def test_http2_is_not_spoken(desk: Settings, upgrade: bool) -> None:
    """Over one connection it takes thousands of requests that are given up at once."""
    client = H2Connection()
    client.initiate_connection()
    first = (
        b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade, HTTP2-Settings\r\n"
        b"Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n"
    )
    async with serving(desk) as door:
        reader, writer = await asyncio.open_connection(*door)
        writer.write((first if upgrade else b"") + client.data_to_send())
        got = await everything(reader)
        assert got.startswith(b"HTTP/1.1 200" if upgrade else b"HTTP/1.1 405")
        assert b"h2c" not in got
        writer.close()


def test_there_are_fewer_connections_where_few_files_may_be_open(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept: list[tuple[int, int]] = []
    monkeypatch.setattr(resource, "setrlimit", lambda _, both: kept.append(both))
    for limits, most in (
        ((4096, 4096), 400),
        ((256, 1_000_000), 400),
        ((256, 256), 128),
        ((64, 64), 16),
        ((256, resource.RLIM_INFINITY), 400),
        ((resource.RLIM_INFINITY, resource.RLIM_INFINITY), 400),
    ):
        monkeypatch.setattr(resource, "getrlimit", lambda _, both=limits: both)
        assert listening.most_connections() == most
    assert kept[0] == (528, 1_000_000)


async def status(door: tuple[str, int]) -> int | None:
    """What a new connection is answered; None: it is closed."""
    try:
        async with httpx.AsyncClient(trust_env=False, timeout=PATIENCE) as client:
            return (await client.get(f"http://{door[0]}:{door[1]}/health")).status_code
    except httpx.TransportError:
        return None


@pytest.mark.parametrize(
    ("bound", "proxies", "held"),
    [("MOST_OF_ONE", (), 3), ("MOST_CONNECTIONS", (), 3), ("MOST_CONNECTIONS", ("127.0.0.1",), 3)],
)
async def test_connections_have_a_bound(
    desk: Settings,
    bound: str,
    proxies: tuple[str, ...],
    held: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Those of a trusted proxy count together with all only: it has a bound of its own for each
    of its readers."""
    monkeypatch.setattr(listening, "HEAD_SECONDS", PATIENCE)
    monkeypatch.setattr(listening, "MOST_OF_ONE", 1 if proxies else PATIENCE)
    monkeypatch.setattr(listening, bound, held)
    async with serving(replace(desk, web_trusted_proxies=proxies)) as door:
        kept = [await asyncio.open_connection(*door) for _ in range(held)]
        assert await status(door) is None
        _, writer = kept[0]
        writer.write(b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
        assert b" 200 " in await everything(kept[0][0])
        writer.close()
        async with asyncio.timeout(PATIENCE):
            while await status(door) != 200:
                await asyncio.sleep(0.05)
        for _, writer in kept[1:]:
            writer.close()


async def test_one_client_port_at_two_addresses_of_the_server_is_two_connections(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(listening, "MOST_OF_ONE", 2)
    connections = listening._Connections(lambda host: host, 10)
    for _ in range(3):
        pair = [listening._Taken(), listening._Taken()]
        assert [connections.take(taken, ("192.0.2.7", 5000)) for taken in pair] == [True, True]
        for taken in pair:
            taken.close()


async def test_a_body_that_never_comes_is_not_waited_for(desk: Settings) -> None:
    async with serving(desk) as (host, port):
        for head in (b"GET /stories", b"POST /stories"):
            reader, writer = await asyncio.open_connection(host, port)
            writer.write(head + b" HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9\r\n\r\nhalf")
            assert (await everything(reader)).startswith(b"HTTP/1.1 40")
            writer.close()


async def test_what_is_at_work_when_it_is_told_to_stop_is_answered(
    desk: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    came, run = asyncio.Event(), BoundedPool.run

    async def noted(self: BoundedPool, *args: Any) -> Any:
        came.set()
        return await run(self, *args)

    monkeypatch.setattr(BoundedPool, "run", noted)
    monkeypatch.setattr(listening, "LAST_SECONDS", PATIENCE)
    sql = "SELECT sum(range) FROM range(1000000000000)"
    async with httpx.AsyncClient(trust_env=False, timeout=PATIENCE) as client:
        async with serving(desk) as (host, port):
            ask = client.get(f"http://{host}:{port}/ask", params={"q": sql})
            asking = asyncio.create_task(ask)
            await came.wait()
        answer = await asking
    assert answer.status_code == 503
    assert "try again" in answer.text
    assert caplog.records == []


async def test_who_takes_nothing_keeps_it_not_from_stopping(
    desk: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(listening, "LAST_SECONDS", 0.2)
    monkeypatch.setattr(listening, "HEAD_SECONDS", PATIENCE)
    async with serving(desk) as (host, port):
        reader, writer = await asyncio.open_connection(host, port)
        writer.write(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
        await reader.read(1)
    await everything(reader)
    writer.close()
    assert caplog.records == []


def test_a_taken_port_is_a_message_and_so_is_an_address_that_is_not_ours(desk: Settings) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        with pytest.raises(Drop, match=f"Port {port} is taken"):
            open_door(desk, "127.0.0.1", port)
    exposed = settings(Path(desk.warehouse), web_password="secret")
    with pytest.raises(Drop, match=r"can't listen on 192\.0\.2\.1"):
        open_door(exposed, "192.0.2.1", 0)
    with pytest.raises(Drop, match="PRESSCLIP_WEB_PASSWORD"):
        open_door(desk, "0.0.0.0", 0)


@contextmanager
def command(*words: str, **env: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [str(Path(sys.executable).with_name("pressclip")), "web", *words],
        env={**os.environ, **env},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def test_it_prints_an_address_that_it_answers(bench: Bench) -> None:
    port = free_port()
    words = ("--host", "0.0.0.0", "--port", str(port), "--warehouse", bench.desk.name)
    with command(*words, PRESSCLIP_WEB_PASSWORD="secret") as process:
        assert process.stdout is not None
        assert f"http://127.0.0.1:{port}/" in process.stdout.readline()
        process.terminate()
        assert "Set PRESSCLIP_WEB_ROOT" in process.communicate(timeout=PATIENCE)[1]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_command_says_where_and_ends_clean(bench: Bench, number: signal.Signals) -> None:
    port = free_port()
    with command("--port", str(port), "--warehouse", bench.desk.name) as process:
        assert process.stdout is not None
        assert f"http://127.0.0.1:{port}/" in process.stdout.readline()
        answer = eventually(lambda: httpx.get(f"http://127.0.0.1:{port}/stories"), "an answer")
        assert answer.status_code == 200
        asked = httpx.get(f"http://127.0.0.1:{port}/ask.json?q=SELECT+1", timeout=PATIENCE)
        assert asked.json()["data"]["answer"]["rows"] == [[1]]
        process.send_signal(number)
        _, complaints = process.communicate(timeout=PATIENCE)
        assert (process.returncode, complaints) == (0, "")


def test_a_killed_server_leaves_nothing_behind(bench: Bench) -> None:
    folder = bench.desk.published.parent
    before = {path.name for path in folder.rglob("*")}
    port = free_port()
    with command("--port", str(port), "--warehouse", bench.desk.name) as process:
        assert process.stdout is not None
        process.stdout.readline()
        eventually(lambda: httpx.get(f"http://127.0.0.1:{port}/stories"), "an answer")
        process.kill()
    assert {path.name for path in folder.rglob("*")} == before
    with command("--port", str(port), "--warehouse", bench.desk.name) as process:
        assert process.stdout is not None
        assert str(port) in process.stdout.readline()
