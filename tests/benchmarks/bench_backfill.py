"""`pressclip backfill` of a crawl against the program that an engineer writes in an hour: fastwarc,
a regular expression on the bytes, trafilatura, a process for each core.

    python -m tests.benchmarks.bench_backfill [--pages 4000] [--on-topic 20] [--rounds 3]

Makes a WARC file of recorded pages, every 20th of them on topic (1: all of them), and prints how
many times as many pages a second the backfill makes as the program does in the same round. The
program reads only, and writes its articles to a file of JSON lines; the backfill lands, loads and
publishes.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from itertools import cycle, islice
from pathlib import Path
from statistics import median
from time import perf_counter

from fastwarc.stream_io import GzipWriter
from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from parsers.extraction.cheaper.replace import as_it_comes
from tests.benchmarks.recorded_press import marked, recorded_pages

NAMES = re.compile(rb"elon musk|\bmusk\b|openai|open ai|chatgpt|sam altman", re.IGNORECASE)


def write_crawl(path: Path, pages: int, on_topic_every: int) -> None:
    """A file of so many pages, each under an address of its own."""
    source = list(recorded_pages())
    with path.open("wb") as file:
        writer = GzipWriter(file, compression_level=6)
        for number, (url, html) in enumerate(islice(cycle(source), pages)):
            body = marked(html) if number % on_topic_every == 0 else NAMES.sub(b"someone", html)
            record = WarcRecord()
            record.init_headers(WarcRecordType.response)
            record.headers["WARC-Date"] = "2026-11-01T10:00:00Z"
            record.headers["WARC-Target-URI"] = f"{url}{'&' if '?' in url else '?'}copy={number}"
            record.headers["Content-Type"] = "application/http; msgtype=response"
            record.set_bytes_content(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + body)
            record.write(writer, checksum_data=True)
            writer.finish()
        writer.close()


def simple(path: str, part: int, parts: int, to: str) -> int:
    """The engineer's program: one process of `parts`."""
    from trafilatura import bare_extraction  # noqa: PLC0415 - in the process that needs it

    kept = 0
    with Path(path).open("rb") as file, Path(f"{to}.{part}").open("w", encoding="utf-8") as out:
        for number, record in enumerate(
            ArchiveIterator(file, record_types=WarcRecordType.response, parse_http=True)
        ):
            if number % parts != part:
                continue
            body = record.reader.read()
            if not NAMES.search(body):
                continue
            with as_it_comes():
                found = bare_extraction(body, with_metadata=True)
            text = getattr(found, "text", None) or ""
            if NAMES.search(text.encode()):
                title = getattr(found, "title", None)
                out.write(json.dumps({"title": title, "text": text}) + "\n")
                kept += 1
    return kept


def time_simple(crawl: Path, folder: Path) -> tuple[float, int]:
    """Seconds that it takes, and the articles it keeps."""
    cores = os.cpu_count() or 1
    began = perf_counter()
    with ProcessPoolExecutor(cores) as pool:
        parts = [
            pool.submit(simple, str(crawl), part, cores, str(folder / "simple"))
            for part in range(cores)
        ]
        kept = sum(part.result() for part in parts)
    return perf_counter() - began, kept


def time_ours(crawl: Path, folder: Path) -> tuple[float, int]:
    """The same of ours, from the command's start to its end."""
    warehouse = tempfile.mkdtemp(dir=folder)
    pressclip = str(Path(sys.executable).with_name("pressclip"))
    began = perf_counter()
    done = subprocess.run(
        [pressclip, "backfill", "--json", str(crawl), "--warehouse", f"{warehouse}/press.duckdb"],
        capture_output=True,
        text=True,
        check=True,
    )
    seconds = perf_counter() - began
    return seconds, json.loads(done.stdout)[0]["states"].get("stored", 0)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--pages", type=int, default=4000)
    options.add_argument("--on-topic", type=int, default=20)
    options.add_argument("--rounds", type=int, default=3)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        crawl = folder / "crawl.warc.gz"
        write_crawl(crawl, given.pages, given.on_topic)
        ratios = []
        for _ in range(given.rounds):
            theirs, kept = time_simple(crawl, folder)
            ours, stored = time_ours(crawl, folder)
            ratios.append(theirs / ours)
            print(  # noqa: T201
                f"simple {given.pages / theirs:.0f} pages/s ({kept} kept), "
                f"backfill {given.pages / ours:.0f} pages/s ({stored} stored), "
                f"{theirs / ours:.2f} times",
                flush=True,
            )
        print(  # noqa: T201
            f"median {median(ratios):.2f}"
        )


if __name__ == "__main__":
    main()
