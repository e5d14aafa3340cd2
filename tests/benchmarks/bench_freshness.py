"""How long an article takes from the feed that first shows it to readers, while a backfill runs.

    python -m tests.benchmarks.bench_freshness [--articles 70000] [--minutes 10] [--on-topic 20]
        [--alone] [--folder FOLDER]

A made-up site has a new article every ten seconds. `pressclip ingest` asks it again and again, each
time in a process of its own, as a schedule would, while `pressclip backfill` reads a crawl into the
same warehouse, one file after another (`--alone`: while nothing else runs). What is printed is what
`pressclip status` computes from stored times. 70,000 articles are a warehouse of 300 MB; one that
was built stays in FOLDER for the next time.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from tests.benchmarks.bench_backfill import write_crawl
from tests.benchmarks.bench_warehouse import Press, build, kept
from warehouse.desk import Desk
from warehouse.files import clone

EVERY = 10.0
"""Seconds between two new articles."""
PAUSE = 5.0
"""Seconds between two polls."""
FEED = "http://fresh.example/rss"
BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
PRESSCLIP = str(Path(sys.executable).with_name("pressclip"))


async def serve() -> None:
    """Serves the site until the process ends; prints the port."""
    began = time.monotonic()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while head := await reader.readuntil(b"\r\n\r\n"):
                path = head.split(b" ", 2)[1].decode("latin-1").rpartition("/")[2]
                there = int((time.monotonic() - began) / EVERY) + 1
                body = page(int(path)) if path.isdigit() else feed(there)
                kind = "text/html" if path.isdigit() else "application/rss+xml"
                writer.write(
                    f"HTTP/1.1 {'404 None' if path == 'robots.txt' else '200 OK'}\r\n"
                    f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
                    + body
                )
                await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


def feed(there: int) -> bytes:
    """The newest fifty articles."""
    items = "".join(
        f"<item><title>{title(number)}</title><link>http://fresh.example/{number}</link></item>"
        for number in range(max(0, there - 50), there)
    )
    return f'<rss version="2.0"><channel><title>Fresh</title>{items}</channel></rss>'.encode()


def title(number: int) -> str:
    """Of one of the articles."""
    return f"OpenAI opens its office number {number}"


def page(number: int) -> bytes:
    """One of the articles, like no other."""
    words = random.Random(number)
    sentences = (
        "OpenAI said that " + " ".join(f"{words.getrandbits(30):x}" for _ in range(14)) + "."
        for _ in range(24)
    )
    text = "</p><p>".join(" ".join(part) for part in zip(*[iter(sentences)] * 3, strict=True))
    head = f"<title>{title(number)}</title>"
    article = f"<article><h1>{title(number)}</h1><p>{text}</p></article>"
    return f"<html lang=en><head>{head}</head><body>{article}</body></html>".encode()


@contextmanager
def site() -> Iterator[str]:
    """The site in a process of its own; yields its address as a proxy."""
    command = [sys.executable, "-m", "tests.benchmarks.bench_freshness", "--serve"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield f"http://127.0.0.1:{int(server.stdout.readline())}"
        finally:
            server.kill()


@contextmanager
def backfill(folder: Path, on_topic: int, env: dict[str, str]) -> Iterator[None]:
    """A backfill of crawls of 4,000 pages, without an end. Each file holds other addresses."""
    program = (
        "import sys\nfrom tests.benchmarks.bench_freshness import fill\n"
        f"fill({str(folder)!r}, {on_topic})"
    )
    with subprocess.Popen([sys.executable, "-c", program], env=env, start_new_session=True) as work:
        try:
            yield
        finally:
            os.killpg(work.pid, 15)


def fill(folder: str, on_topic: int) -> None:
    """Backfills until it is killed."""
    for number in count():
        crawl = Path(folder, f"crawl-{number}.warc.gz")
        if not crawl.exists():
            write_crawl(crawl, 4000, on_topic, first=number * 4000)
        command = [PRESSCLIP, "backfill", "--json", str(crawl)]
        subprocess.run(command, stdout=subprocess.DEVNULL, check=True)


def measure(folder: Path, env: dict[str, str], minutes: float) -> None:
    """Polls for so many minutes, and prints what `status` then tells."""
    until = time.monotonic() + 60 * minutes
    while time.monotonic() < until:
        done = subprocess.run([PRESSCLIP, "ingest"], env=env, capture_output=True, text=True)  # noqa: PLW1510
        if done.returncode:
            print(done.stdout[-500:], done.stderr[-500:])  # noqa: T201
        time.sleep(PAUSE)
    told = subprocess.run(
        [PRESSCLIP, "status", "--json"], env=env, check=True, capture_output=True, text=True
    )
    facts = json.loads(told.stdout)
    size = (folder / "press.duckdb").stat().st_size / 1e6
    print(  # noqa: T201
        f"{facts['articles_timed']} articles into {size:.0f} MB: half within "
        f"{facts['seconds_to_readers_half']:.0f} s, 19 of 20 within "
        f"{facts['seconds_to_readers_p95']:.0f} s"
    )


def main() -> None:
    """Reads the options and measures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=70_000)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--on-topic", type=int, default=20)
    parser.add_argument("--alone", action="store_true")
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        asyncio.run(serve())
        return
    with ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=options.folder)))
        folder = options.folder or scratch
        build(folder, Press(), [options.articles])
        desk = Desk.at(scratch / "press.duckdb")
        desk.create()
        clone(kept(folder, options.articles), desk.private)
        env = os.environ | {
            "PRESSCLIP_WAREHOUSE": str(scratch / "press.duckdb"),
            "PRESSCLIP_PROXY": stack.enter_context(site()),
            "PRESSCLIP_HOST_PAUSE": "0",
            "PRESSCLIP_POLL_INTERVAL": "1",
        }
        subprocess.run([PRESSCLIP, "feeds", "add", FEED], env=env, check=True, capture_output=True)
        if not options.alone:
            stack.enter_context(backfill(folder, options.on_topic, env))
        measure(scratch, env, options.minutes)


if __name__ == "__main__":
    main()
