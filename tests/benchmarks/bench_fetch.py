"""Requests a second of our client beside plain httpx, in one run against one server.

    python -m tests.benchmarks.bench_fetch [REQUESTS]

The server runs in a process of its own; the requests go to many loopback addresses, as a
harvest goes to many hosts. Ratios travel between machines, the numbers themselves do not.
"""

from __future__ import annotations

import asyncio
import gzip
import multiprocessing
import random
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection

import httpx

from flows.fetch.client import HttpClient
from flows.fetch.settings import FetchSettings

HOSTS = 200
IN_FLIGHT = 64

Get = Callable[[str], Awaitable[bytes]]


def article() -> bytes:
    """About 60 kB of HTML that packs to a quarter, as news pages do."""
    words = [f"word{n}" for n in range(2000)]
    chooser = random.Random(1)
    return b"".join(
        f"<p class=text>{' '.join(chooser.choices(words, k=50))}</p>\n".encode() for _ in range(150)
    )


async def _serve(port: Connection) -> None:
    body = gzip.compress(article())
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(body)}\r\n\r\n"
    whole = head.encode() + body

    async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                await reader.readuntil(b"\r\n\r\n")
                writer.write(whole)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(converse, "0.0.0.0")
    port.send(server.sockets[0].getsockname()[1])
    async with server:
        await server.serve_forever()


def serve(port: Connection) -> None:
    """Answer every request with the article; sends its port through `port`."""
    asyncio.run(_serve(port))


@dataclass(frozen=True)
class Measured:
    """One client's run."""

    per_second: float
    cpu_ms: float
    """Of the client, for a request."""


async def measure(get: Get, urls: list[str]) -> Measured:
    """Fetch all of `urls`, at most `IN_FLIGHT` at once."""
    queue = iter(urls)

    async def work() -> None:
        for url in queue:
            body = await get(url)
            if len(body) < 10_000:
                raise RuntimeError(f"{url} answered {len(body)} bytes only")

    wall, cpu = time.perf_counter(), time.process_time()
    await asyncio.gather(*(work() for _ in range(IN_FLIGHT)))
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return Measured(len(urls) / wall, 1000 * cpu / len(urls))


async def ours(urls: list[str]) -> Measured:
    """Our client without pauses."""
    settings = FetchSettings(
        allowed_networks=("127.0.0.0/8",), host_pause=0.0, max_connections=IN_FLIGHT
    )
    async with HttpClient(settings) as client:

        async def get(url: str) -> bytes:
            return (await client.get(url)).body

        return await measure(get, urls)


async def plain(urls: list[str]) -> Measured:
    """httpx as it comes, one client for everything."""
    limits = httpx.Limits(max_connections=IN_FLIGHT, max_keepalive_connections=IN_FLIGHT)
    async with httpx.AsyncClient(limits=limits, trust_env=False) as client:

        async def get(url: str) -> bytes:
            return (await client.get(url)).content

        return await measure(get, urls)


def main() -> None:
    """Run both, twice in turn, and print the better run of each."""
    requests = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    near, far = multiprocessing.Pipe()
    server = multiprocessing.Process(target=serve, args=(far,), daemon=True)
    server.start()
    port = near.recv()
    urls = [
        f"http://127.3.{n % HOSTS // 250}.{n % HOSTS % 250 + 1}:{port}/" for n in range(requests)
    ]
    runs = [(asyncio.run(plain(urls)), asyncio.run(ours(urls))) for _ in range(2)]
    server.terminate()
    theirs = max((run[0] for run in runs), key=lambda m: m.per_second)
    best = max((run[1] for run in runs), key=lambda m: m.per_second)
    for name, run in (("httpx", theirs), ("pressclip", best)):
        sys.stdout.write(
            f"{name:10} {run.per_second:7.0f} requests/s {run.cpu_ms:6.2f} ms CPU each\n"
        )
    sys.stdout.write(f"ratio      {best.per_second / theirs.per_second:7.2f}\n")


if __name__ == "__main__":
    main()
