"""Locks on hosts between processes, measured in the server's log."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

import pytest

from flows import clock
from flows.fetch.host_locks import HostLocks
from flows.fetch.pacing import Pace
from tests.servers.site import Request, Site, answer
from tests.waiting import PATIENCE

ASK = """
import asyncio, sys
from pathlib import Path
from flows import clock
from flows.fetch.client import HttpClient
from flows.fetch.host_locks import HostLocks
from tests.settings import fetch_settings

async def ask(path, *urls):
    with HostLocks(Path(path), clock.now) as locks:
        async with HttpClient(fetch_settings(host_pause=0.1), locks=locks) as client:
            print("ready", flush=True)
            sys.stdin.readline()
            for url in urls:
                await client.get(url)

asyncio.run(ask(*sys.argv[1:]))
"""
HOLD = """
import asyncio, sys
from pathlib import Path
from flows import clock
from flows.fetch.pacing import Pace
from flows.fetch.host_locks import HostLocks

async def hold(path):
    with HostLocks(Path(path), clock.now) as locks:
        async with locks.hold("example.com", Pace(0.0)):
            print("ready", flush=True)
            await asyncio.sleep(60)

asyncio.run(hold(sys.argv[1]))
"""
ROOT = Path(__file__).parents[3]


async def start(script: str, *arguments: str) -> asyncio.subprocess.Process:
    """A Python process that has said that it is ready."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        script,
        *arguments,
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert await process.stdout.readline() == b"ready\n"
    return process


async def test_two_processes_ask_a_host_one_after_the_other(tmp_path: Path) -> None:
    spans: list[tuple[float, float]] = []

    async def slow(request: Request, writer: asyncio.StreamWriter) -> None:
        began = time.monotonic()
        await asyncio.sleep(0.05)
        spans.append((began, time.monotonic()))
        await answer()(request, writer)

    async with Site({"*": slow}) as site:
        processes = [
            await start(ASK, str(tmp_path / "turns"), *(site.url(f"/{p}/{n}") for n in range(4)))
            for p in range(2)
        ]
        for process in processes:
            assert process.stdin is not None
            process.stdin.write(b"go\n")
        assert [await process.wait() for process in processes] == [0, 0]
    assert len(spans) == 8
    assert min(later[0] - earlier[1] for earlier, later in pairwise(sorted(spans))) > 0.08
    asked = [target.split("/")[1] for target in site.asked]
    assert sum(a != b for a, b in pairwise(asked)) > 1, "neither waits for the other's end"


async def test_the_turn_of_a_killed_process_is_free_at_once(tmp_path: Path) -> None:
    process = await start(HOLD, str(tmp_path / "turns"))
    with HostLocks(tmp_path / "turns", clock.now) as locks:
        waiting = locks.hold("example.com", Pace(0.0))
        taken = asyncio.create_task(waiting.__aenter__())
        await asyncio.sleep(0.2)
        assert not taken.done()
        async with asyncio.timeout(PATIENCE):
            async with locks.hold("another.example", Pace(0.0)):
                pass
        os.kill(process.pid, signal.SIGKILL)
        await process.wait()
        async with asyncio.timeout(PATIENCE):
            await taken
        await waiting.__aexit__(None, None, None)


@pytest.mark.parametrize("byte", [b"\x7f", b"\xff"])
async def test_a_time_from_a_clock_gone_wrong_costs_one_pause_at_most(
    byte: bytes, tmp_path: Path
) -> None:
    (tmp_path / "turns").write_bytes(byte * (1 << 19))
    with HostLocks(tmp_path / "turns", clock.now) as locks:
        # A pause, not the years that the file tells of.
        async with asyncio.timeout(PATIENCE), locks.hold("example.com", Pace(0.2)):
            pass
