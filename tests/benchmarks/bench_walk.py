"""The whole walk against bare extraction, in one run: `make bench`.

    python -m tests.benchmarks.bench_walk [--rounds N] [--memory [COPIES]]

The baseline is `trafilatura.bare_extraction` with metadata on the same pages with one process a
core and nothing else: no network, no matching, no loading. The walk is `flows.steps.ingest`
over a loopback proxy, from the first request to the published copy, worker start included. Absolute
times differ from machine to machine and minute to minute; the ratios are what counts.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path

import trafilatura

from flows.run.context import open_run
from flows.settings import Settings
from flows.steps.ingest import ingest
from flows.steps.subscriptions import subscribe
from parsers.extraction.cheaper.replace import as_it_comes
from parsers.feeds.opml import OpmlFeed
from tests.benchmarks.recorded_press import FEED_URL, marked, recorded_pages

WORKERS = Settings().workers
EVERYTHING = """
[[topic]]
name = "everything"
title = "Whatever is written about"

[[topic.alias]]
strength = "strong"
names = ["the", "der", "die", "le", "la", "les", "el", "de", "di", "e", "i", "is", "in", "yang"]
"""
"""Topics that nearly every page is on, in whichever language."""


def extract(html: bytes) -> bool:
    """The baseline's work on one page."""
    with as_it_comes():
        return trafilatura.bare_extraction(html, with_metadata=True) is not None


def baseline(pages: list[bytes]) -> float:
    """Pages a second of bare extraction with one process a core, warm."""
    with multiprocessing.get_context("spawn").Pool(WORKERS) as pool:
        pool.map(extract, pages[: 8 * WORKERS], chunksize=4)
        started = time.perf_counter()
        pool.map(extract, pages, chunksize=8)
        return len(pages) / (time.perf_counter() - started)


@contextmanager
def served(module: str, *arguments: str) -> Iterator[str]:
    """What a benchmark's module serves when it is run, in a process of its own, whose time is not
    counted: it prints its port first. Yields its address as a proxy."""
    command = [sys.executable, "-m", f"tests.benchmarks.{module}", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield f"http://127.0.0.1:{int(server.stdout.readline())}"
        finally:
            server.kill()


def press(copies: int, on_topic_every: int, monsters: int = 0) -> AbstractContextManager[str]:
    """The recorded press in a process of its own; yields its address as a proxy."""
    return served("recorded_press", str(copies), str(on_topic_every), str(monsters))


def walk(proxy: str, folder: Path, topics: str | None = None) -> tuple[int, int, float]:
    """One ingest into a new warehouse: (entries, stored, seconds)."""
    file = folder / "topics.toml"
    file.write_text(topics or "")
    settings = Settings(
        warehouse=str(folder / "bench.duckdb"),
        topics=file if topics else None,
        proxy=proxy,
        host_pause=0.0,
        respect_robots=False,
        max_entries=100_000,
    )
    subscribe(settings, [OpmlFeed(FEED_URL, "Recorded", None, None, None)])

    async def run() -> tuple[int, int]:
        async with open_run(settings) as run:
            report = await ingest(run)
        stored = report.harvested["stored"] if report.harvested else 0
        return report.entries_found, stored

    started = time.perf_counter()
    entries, stored = asyncio.run(run())
    return entries, stored, time.perf_counter() - started


def compare(
    label: str,
    every: int,
    pages: list[bytes],
    rounds: int,
    *,
    topics: str | None = None,
    copies: int = 1,
) -> None:
    """Prints the walk's speed over the baseline's, paired round by round."""
    ratios = []
    with press(copies, every) as proxy:
        for _ in range(rounds):
            alone = baseline(pages)
            with tempfile.TemporaryDirectory() as folder:
                entries, stored, seconds = walk(proxy, Path(folder), topics)
            ratios.append(entries / seconds / alone)
            print(  # noqa: T201
                f"{label}: {entries} entries, {stored} stored, {entries / seconds:.0f} pages/s; "
                f"bare extraction {alone:.0f} pages/s; ratio {ratios[-1]:.2f}",
                flush=True,
            )
    print(f"{label}: median ratio {statistics.median(ratios):.2f}")  # noqa: T201


def memory(copies: int) -> None:
    """Prints the peak memory of the parent and of its workers over thousands of entries, some of
    whose pages are made to blow a parser up."""
    stop, peaks = threading.Event(), dict[int, int]()
    watcher = threading.Thread(target=watch_workers, args=(stop, peaks))
    with press(copies, 20, monsters=5) as proxy, tempfile.TemporaryDirectory() as folder:
        watcher.start()
        entries, stored, seconds = walk(proxy, Path(folder))
        stop.set()
        watcher.join()
        raw = sum(path.stat().st_size for path in Path(folder).rglob("*.warc.gz"))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(  # noqa: T201
        f"memory: {entries} entries ({stored} stored) in {seconds:.0f} s, peak {peak:.0f} MB in "
        f"the parent, {max(peaks.values()) / 1024:.0f} MB in the largest of {len(peaks)} workers; "
        f"{raw / entries / 1000:.2f} MB of raw pages kept for 1,000 entries"
    )


def watch_workers(stop: threading.Event, peaks: dict[int, int]) -> None:
    """Notes the peak, in kB, of every process that a fork server has forked here."""
    while not stop.wait(0.2):
        for folder in Path("/proc").glob("[0-9]*"):
            with suppress(OSError, StopIteration):
                if b"forkserver" in (folder / "cmdline").read_bytes():
                    lines = (folder / "status").read_text().splitlines()
                    most = next(line for line in lines if line.startswith("VmHWM"))
                    if _is_below(folder):
                        peaks[int(folder.name)] = int(most.split()[1])


def _is_below(folder: Path) -> bool:
    """Whether a process is a child of a child of this one."""
    parent = (folder / "stat").read_text().rpartition(")")[2].split()[1]
    above = Path("/proc", parent, "stat").read_text().rpartition(")")[2].split()[1]
    return int(above) == os.getpid()


def main() -> None:
    """Reads the options and runs the benchmarks."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--memory",
        type=int,
        nargs="?",
        const=10,
        metavar="COPIES",
        help="only a run over so many copies of the recorded pages (10: about 10,000 entries)",
    )
    options = parser.parse_args()
    if options.memory:
        memory(options.memory)
        return
    pages = [html for _, html in recorded_pages()]
    compare("all on topic", 0, pages, options.rounds, topics=EVERYTHING)
    few = [marked(page) if number % 20 == 0 else page for number, page in enumerate(pages)]
    # Ten times over: it takes as long as the other, and the start of the workers counts as little.
    compare("5% on topic", 20, few, options.rounds, copies=10)


if __name__ == "__main__":
    main()
