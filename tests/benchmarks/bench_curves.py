"""How processor time grows with pages, feeds and articles, drawn for docs/capacity.md.

    python -m tests.benchmarks.bench_curves [--pages 1000,4000,20000] [--feeds 100,500,2000]
        [--articles 10000,100000] [--folder FOLDER]

Processor time is that of all processes of ours, whatever else the machine does; 0 for a list leaves
its curve, and its picture, as it is. Crawls and warehouses stay in FOLDER for the next time.
"""

from __future__ import annotations

import argparse
import asyncio
import ctypes
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import matplotlib as mpl
from fastwarc.warc import ArchiveIterator
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, NullLocator

from flows.steps.subscriptions import subscribe
from parsers.feeds.opml import OpmlFeed
from tests.benchmarks.bench_backfill import write_crawl
from tests.benchmarks.bench_capacity import (
    ask_bare,
    feeds_served,
    poll_all,
    processor,
    settings_for,
)
from tests.benchmarks.bench_warehouse import NEW, Press, build, measured

PICTURES = Path(__file__).parents[2] / "docs/pictures"
ON_TOPIC_EVERY = 20
ROUNDS = 3
_ADOPT_ORPHANS = 36
"""PR_SET_CHILD_SUBREAPER of prctl(2): workers whose parent is gone are waited for by us, and so are
counted among our children."""

Curve = dict[int, float]
"""Milliseconds of processor, by size."""


def pages(sizes: Sequence[int], folder: Path) -> Curve:
    """A page of a backfill, one in twenty of them on topic, from the command's start to its end."""
    found: Curve = {}
    whole = folder / f"{max(sizes)}-pages.warc.gz"
    if not whole.exists():
        write_crawl(whole, max(sizes), ON_TOPIC_EVERY)
    for size in sizes:
        with tempfile.TemporaryDirectory(dir=folder) as scratch:
            crawl = Path(scratch) / "crawl.warc.gz"
            with whole.open("rb") as file, crawl.open("wb") as part:
                ends = (record.stream_pos for record in ArchiveIterator(file))
                end = next(islice(ends, size, None), whole.stat().st_size)
                file.seek(0)
                part.write(file.read(end))
            begun = processor()
            backfill(crawl, Path(scratch))
            found[size] = 1000 * (processor() - begun) / size
        say("pages", size, found[size])
    return found


def backfill(crawl: Path, folder: Path) -> None:
    """`pressclip backfill`, until all of its processes have ended."""
    ctypes.CDLL(None).prctl(_ADOPT_ORPHANS, 1, 0, 0, 0)
    command = [str(Path(sys.executable).with_name("pressclip")), "backfill", str(crawl)]
    command += ["--json", "--warehouse", f"{folder}/press.duckdb"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    if not json.loads(done.stdout)[0]["states"].get("stored"):
        raise AssertionError("nothing was stored")
    try:
        while True:
            os.wait()
    except ChildProcessError:
        pass


def feeds(sizes: Sequence[int]) -> tuple[Curve, Curve]:
    """A feed of a poll that all answer with 304, each on a host of its own; and the same requests
    with httpx in a bare loop."""
    polled: Curve = {}
    bare: Curve = {}
    for size in sizes:
        with feeds_served() as proxy, tempfile.TemporaryDirectory() as folder:
            settings = settings_for(folder, proxy)
            subscribe(settings, [OpmlFeed(f"http://feed-{n}.example/rss") for n in range(size)])
            asyncio.run(poll_all(settings, timedelta(0)))
            rounds = []
            for number in range(1, ROUNDS + 2):
                begun = processor()
                asyncio.run(poll_all(settings, timedelta(hours=13 * number)))
                asked = processor()
                asyncio.run(ask_bare(proxy, size))
                rounds.append((asked - begun, processor() - asked))
        # The first round loads modules, too.
        for curve, seconds in zip((polled, bare), zip(*rounds[1:], strict=True), strict=True):
            curve[size] = 1000 * statistics.median(seconds) / size
        say("feeds", size, polled[size], bare[size])
    return polled, bare


def articles(sizes: Sequence[int], folder: Path) -> tuple[Curve, Curve]:
    """A load of 1,000 new articles, opening and closing the warehouse included, and a publish of
    it, by the articles in it."""
    press = Press()
    build(folder, press, list(sizes))
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        spent = measured(Path(scratch), folder, press, list(sizes), ROUNDS)
    loads = {size: of_size.median("cpu") for size, of_size in spent.items()}
    publishes = {size: of_size.median("publish_cpu") for size, of_size in spent.items()}
    for size in sizes:
        say("articles", size, loads[size], publishes[size])
    return loads, publishes


def say(what: str, size: int, *milliseconds: float) -> None:
    """One point of a curve."""
    shown = ", ".join(f"{one:.2f}" for one in milliseconds)
    sys.stdout.write(f"{what} {size}: {shown} ms of processor\n")
    sys.stdout.flush()


def draw(name: str, title: str, curves: dict[str, Curve]) -> None:
    """The curves from zero, so that what is flat looks flat; each with its name at its end."""
    settings: Any = {"svg.fonttype": "none", "svg.hashsalt": "pressclip", "font.size": 10}
    with mpl.rc_context(settings):
        figure = Figure(figsize=(7.2, 3.2), layout="constrained")
        field = figure.subplots()
        for (label, curve), colour in zip(curves.items(), ("#0b5a99", "#a63f06"), strict=False):
            field.plot(list(curve), list(curve.values()), "o-", color=colour, label=label)
        sizes = sorted({size for curve in curves.values() for size in curve})
        field.set_xscale("log")
        field.xaxis.set_major_locator(FixedLocator(sizes))
        field.xaxis.set_minor_locator(NullLocator())
        field.set_xticks(sizes, [f"{size:,}" for size in sizes])
        field.set_ylim(0, 1.25 * max(max(curve.values()) for curve in curves.values()))
        field.set_title(title, loc="left", fontsize=10)
        field.grid(axis="y", color="#dedad2")
        field.spines[["top", "right"]].set_visible(False)
        if len(curves) > 1:
            field.legend(frameon=False, loc="upper left", ncols=2)
        figure.savefig(PICTURES / f"{name}.svg", metadata={"Date": None, "Title": title})


def main() -> None:
    """Measures, prints and draws."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--pages", default="1000,4000,20000")
    parser.add_argument("--feeds", default="100,500,2000")
    parser.add_argument("--articles", default="10000,30000,100000")
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    of_pages, of_feeds, of_articles = (
        [int(size) for size in sizes.split(",") if int(size)]
        for sizes in (options.pages, options.feeds, options.articles)
    )
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.folder or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        if of_feeds:
            polled, bare = feeds(of_feeds)
            draw(
                "growth-feeds",
                "Processor ms for a feed that answers 304, by feeds of the poll",
                {"pressclip poll": polled, "the same requests with httpx alone": bare},
            )
        if of_articles:
            loads, publishes = articles(of_articles, folder)
            draw(
                "growth-articles",
                f"Processor ms of a load of {NEW:,} articles, by articles in the warehouse",
                {"load": loads, "publish after it": publishes},
            )
        if of_pages:
            draw(
                "growth-pages",
                "Processor ms for a page of a backfill, one in twenty on topic, by pages",
                {"pressclip backfill": pages(of_pages, folder)},
            )


if __name__ == "__main__":
    main()
