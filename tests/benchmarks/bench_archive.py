"""What keeping raw pages costs beside extracting them, in CPU time of one run.

    python -m tests.benchmarks.bench_archive

Pages come packed, as most servers send them, and unpacked.
"""

from __future__ import annotations

import gzip
import tempfile
import time
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import trafilatura

from flows.archive.reading import read_warc
from flows.archive.retention import archived
from flows.archive.writing import RawPage, archive
from flows.fetch.decompress import Limits
from flows.fetch.fetched import Fetched
from parsers.extraction.cheaper.replace import as_it_comes
from parsers.records import Page
from tests.benchmarks.recorded_press import recorded_pages
from warehouse.desk import Desk
from warehouse.records import Batch

PAGES = 100
NOW = datetime(2026, 11, 22, tzinfo=UTC)
SENT = (("Host", "paper.example"), ("User-Agent", "pressclip/1"), ("Accept", "text/html"))


def raw_page(url: str, html: bytes, coding: str) -> RawPage:
    """A page as it would have come over the wire."""
    headers = [("content-type", "text/html")] + [("content-encoding", coding)] * bool(coding)
    body = gzip.compress(html, 5) if coding else html
    page = Page(url, url, 200, tuple(headers), html, NOW)
    return RawPage(Fetched(page, (), SENT, body), (1,))


def main() -> None:
    """Prints the cost of both, and their ratio."""
    pages = list(islice(recorded_pages(), PAGES))
    started = time.process_time()
    with as_it_comes():
        for _, html in pages:
            trafilatura.bare_extraction(html, with_metadata=True)
    extracting = (time.process_time() - started) / len(pages) * 1000
    for coding in ("gzip", ""):
        raw = [raw_page(url, html, coding) for url, html in pages]
        with tempfile.TemporaryDirectory() as folder:
            desk = Desk.at(Path(folder) / "bench.duckdb")
            started = time.process_time()
            name = archive(desk, Batch("b1", "harvest", NOW), raw, software="pressclip/1")
            writing = (time.process_time() - started) / len(pages) * 1000
            started = time.process_time()
            with desk.raw.open(name) as file:
                limits = Limits(20_000_000, 250.0)
                count = sum(1 for _ in read_warc(file, name, limits, latest=NOW))
            reading = (time.process_time() - started) / count * 1000
            (kept,) = archived(desk)
            size = kept.size / len(pages)
        print(  # noqa: T201
            f"{coding or 'unpacked'}: writing {writing:.2f} ms a page, reading {reading:.2f} ms, "
            f"extracting {extracting:.1f} ms (ratio {writing / extracting:.3f}); "
            f"{size / 1000:.1f} MB for 1,000 pages"
        )


if __name__ == "__main__":
    main()
