"""What a feed, a page and a run cost in processor time: the numbers of docs/capacity.md.

    python -m tests.benchmarks.bench_capacity [--feeds 1000] [--server [--rounds 3]]

Feeds are made up (20 entries each, every one on a host of its own) and served by a process of their
own, whose time is not counted; pages are the recorded ones. Processor time is that of our process
and its workers, so that what else the machine does counts little; it includes starting the workers.
With `--server`, runs of the flow `poll` with nothing to do are tracked by a Prefect server on
SQLite, and the server's own time is read from /proc; then the flow `harvest` of all recorded pages
runs in turn on that server and without one, each in a process of its own on a copy of one desk,
and what is compared is the clock's time from its first line to its last.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import resource
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Coroutine, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx

from flows import clock
from flows.run.context import open_run
from flows.settings import Settings
from flows.steps.ingest import harvest, poll
from flows.steps.subscriptions import subscribe
from parsers.feeds.opml import OpmlFeed
from tests.benchmarks.bench_walk import EVERYTHING, press, served
from tests.benchmarks.recorded_press import FEED_URL

SERVER_RUNS = 10
POLL = "import asyncio; from flows.prefect_flows import poll; asyncio.run(poll())"
HARVEST = """
import asyncio
from time import perf_counter
from flows.prefect_flows import harvest

work = harvest.fn

async def timed(**given):
    began = perf_counter()
    await work(**given)
    print(perf_counter() - began)

harvest.fn = timed
asyncio.run(harvest())
"""
"""Prints the seconds from the flow's first line to its last."""
HARVEST_ALONE = """
import asyncio
from time import perf_counter
from flows.run.context import open_run
from flows.settings import read_settings
from flows.steps.ingest import harvest

async def work():
    began = perf_counter()
    async with open_run(read_settings()) as run:
        await harvest(run)
    print(perf_counter() - began)

asyncio.run(work())
"""
"""The same of the step that the flow is made of."""


def processor() -> float:
    """Seconds that this process and its ended children have computed."""
    parts = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(part.ru_utime + part.ru_stime for part in parts)


def report(label: str, units: int, of: str, work: Coroutine[Any, Any, object]) -> None:
    """Does `work` and prints what each of `units` took."""
    cpu, wall = processor(), time.perf_counter()
    asyncio.run(work)
    cpu, wall = processor() - cpu, time.perf_counter() - wall
    print(  # noqa: T201
        f"{label}: {units} {of}, {1000 * cpu / units:.1f} ms of processor each "
        f"({cpu:.1f} s in all), {units / wall:.0f}/s by the clock",
        flush=True,
    )


async def serve_feeds() -> None:
    """Serves a feed at every address until the process ends; prints the port."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                url = head.split(b" ", 2)[1].decode("latin-1")
                known = b"if-none-match" in head.lower() and b"?new" not in head
                body = b"" if known else feed(url)
                status = b"304 Not Modified" if known else b"200 OK"
                writer.write(
                    b'HTTP/1.1 %s\r\nETag: "1"\r\nContent-Type: application/rss+xml\r\n'
                    b"Content-Length: %d\r\n\r\n%s" % (status, len(body), body)
                )
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


def feed(url: str) -> bytes:
    """An RSS feed of 20 entries, about 10 KB."""
    text = "The ferry was late again, and the harbour master said so twice. " * 6
    items = "".join(
        f"<item><title>Story {n} of {url}</title><link>{url}/{n}</link><guid>{url}/{n}</guid>"
        f"<pubDate>Sun, 22 Nov 2026 {n:02}:00:00 GMT</pubDate><description>{text}</description>"
        "</item>"
        for n in range(20)
    )
    return f'<rss version="2.0"><channel><title>{url}</title>{items}</channel></rss>'.encode()


def feeds_served() -> AbstractContextManager[str]:
    """The feeds in a process of their own; yields its address as a proxy."""
    return served("bench_capacity", "--serve")


def settings_for(folder: str, proxy: str, **more: object) -> Settings:
    """Settings without pauses: what is measured is work, not politeness."""
    given: dict[str, object] = {
        "warehouse": f"{folder}/capacity.duckdb",
        "proxy": proxy,
        "host_pause": 0.0,
        "respect_robots": False,
        "max_entries": 100_000,
    }
    return Settings(**(given | more))  # type: ignore[arg-type]  # the names are right


async def poll_all(settings: Settings, later: timedelta) -> None:
    """One poll, so much later than now."""
    async with open_run(settings, now=lambda: clock.now() + later) as run:
        await poll(run)


async def harvest_all(settings: Settings) -> None:
    """One harvest of everything that waits."""
    async with open_run(settings) as run:
        await harvest(run)


def feeds(count: int) -> None:
    """What feeds cost that have all their entries new, or nothing new."""
    with feeds_served() as proxy, tempfile.TemporaryDirectory() as folder:
        settings = settings_for(folder, proxy)
        subscribe(settings, [OpmlFeed(f"http://feed-{n}.example/rss") for n in range(count)])
        report("polled, 20 new entries", count, "feeds", poll_all(settings, timedelta(0)))
        report("polled, unchanged (304)", count, "feeds", poll_all(settings, timedelta(hours=13)))
        report("the same requests in a bare loop", count, "feeds", ask_bare(proxy, count))


async def ask_bare(proxy: str, count: int) -> None:
    """What a poll of unchanged feeds is measured by: the same requests with httpx, nothing else."""
    gate = asyncio.Semaphore(16)
    async with httpx.AsyncClient(proxy=proxy) as client:

        async def ask(number: int) -> None:
            async with gate:
                known = {"if-none-match": '"1"'}
                answer = await client.get(f"http://feed-{number}.example/rss", headers=known)
                assert answer.status_code == 304

        await asyncio.gather(*(ask(number) for number in range(count)))


def pages(label: str, topics: str) -> None:
    """What pages cost, from the fetch to the row."""
    with press(1, 0) as proxy, tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "topics.toml"
        file.write_text(topics)
        settings = settings_for(folder, proxy, topics=file)
        subscribe(settings, [OpmlFeed(FEED_URL)])
        asyncio.run(poll_all(settings, timedelta(0)))
        report(label, 258, "pages", harvest_all(settings))


@contextmanager
def prefect_server(folder: str) -> Iterator[tuple[int, dict[str, str]]]:
    """A Prefect server on SQLite: its process, and the environment of what runs on it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    url = f"http://127.0.0.1:{port}/api"
    env = os.environ | {
        "PREFECT_HOME": folder,
        "PREFECT_API_URL": url,
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PRESSCLIP_WAREHOUSE": f"{folder}/capacity.duckdb",
    }
    command = [str(Path(sys.executable).with_name("prefect")), "server", "start", "--port", port]
    with subprocess.Popen(
        command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT
    ) as process:
        try:
            wait_for(f"{url}/health")
            yield process.pid, env
        finally:
            process.terminate()


def tracked(pid: int, env: dict[str, str]) -> None:
    """What a run costs a Prefect server, and what it costs the worker."""
    run = [sys.executable, "-c", POLL]
    subprocess.run(run, env=env, check=True, capture_output=True)
    before, mine = computed(pid), processor()
    for _ in range(SERVER_RUNS):
        subprocess.run(run, env=env, check=True, capture_output=True)
    theirs = computed(pid) - before
    print(  # noqa: T201
        f"tracked: {SERVER_RUNS} runs, {theirs / SERVER_RUNS:.2f} s of the server's "
        f"processor each, {(processor() - mine) / SERVER_RUNS:.2f} s of the worker's"
    )


def harvested_on_it(env: dict[str, str], folder: Path, rounds: int) -> None:
    """How much longer a harvest takes on a server than without one."""
    alone = {name: value for name, value in env.items() if name != "PREFECT_API_URL"}
    ratios = []
    with press(1, 0) as proxy:
        topics = folder / "topics.toml"
        topics.write_text(EVERYTHING)
        polled = settings_for(str(folder / "polled"), proxy)
        subscribe(polled, [OpmlFeed(FEED_URL)])
        asyncio.run(poll_all(polled, timedelta(0)))
        given = {
            "PRESSCLIP_PROXY": proxy,
            "PRESSCLIP_TOPICS": str(topics),
            "PRESSCLIP_HOST_PAUSE": "0",
            "PRESSCLIP_RESPECT_ROBOTS": "false",
            "PRESSCLIP_MAX_ENTRIES": "100000",
        }
        for number in range(rounds):
            seconds = []
            for name, outer, program in (("a", alone, HARVEST_ALONE), ("b", env, HARVEST)):
                desk = folder / f"{name}{number}"
                shutil.copytree(folder / "polled", desk)
                own = {"PRESSCLIP_WAREHOUSE": f"{desk}/capacity.duckdb"}
                done = subprocess.run(
                    [sys.executable, "-c", program],
                    env=outer | given | own,
                    check=True,
                    capture_output=True,
                    text=True,
                )
                seconds.append(float(done.stdout.split()[-1]))
            ratios.append(seconds[1] / seconds[0])
            print(  # noqa: T201
                f"harvest: {seconds[1]:.1f} s on a server, {seconds[0]:.1f} s without, "
                f"{ratios[-1]:.3f} times",
                flush=True,
            )
    print(f"harvest: median {statistics.median(ratios):.3f} times")  # noqa: T201


def server(rounds: int) -> None:
    """All that is measured with a Prefect server."""
    with tempfile.TemporaryDirectory() as folder, prefect_server(folder) as (pid, env):
        tracked(pid, env)
        harvested_on_it(env, Path(folder), rounds)


def wait_for(url: str) -> None:
    """Until a server answers."""
    while True:
        try:
            urllib.request.urlopen(url, timeout=2).close()
        except OSError:
            time.sleep(0.5)
        else:
            return


def computed(pid: int) -> float:
    """Seconds that another process has computed so far."""
    parts = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(parts[11]) + int(parts[12])) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Reads the options and measures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--feeds", type=int, default=1000)
    parser.add_argument("--server", action="store_true", help="only what runs cost a server")
    parser.add_argument("--rounds", type=int, default=3, help="harvests with a server and without")
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        asyncio.run(serve_feeds())
    elif options.server:
        server(options.rounds)
    else:
        feeds(options.feeds)
        pages("harvested, every page on topic", EVERYTHING)
        never = '[[topic]]\nname = "n"\ntitle = "N"\n[[topic.alias]]\nstrength = "strong"\n'
        pages("harvested, no page on topic", never + 'names = ["quzzlewumpit"]\n')


if __name__ == "__main__":
    main()
