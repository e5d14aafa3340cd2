"""What the cheap test costs beside extracting the same pages, in one run.

    python -m tests.benchmarks.bench_prefilter [PAGES]

Prints milliseconds of CPU a page for the test, for matching the extracted text and for
trafilatura with metadata, the ratios to the last, and the share of off-topic pages that the
test lets through. The aims: at most 2% of an extraction, at most 10% let through. Needs the
evaluation pages.
"""

from __future__ import annotations

import logging
import sys
import time
from dataclasses import dataclass
from importlib.resources import files

import trafilatura
from trafilatura.settings import Document

from parsers.extraction.cheaper.replace import as_it_comes
from parsers.text.decode import decode_page
from parsers.topics.topics import Topics, read_topics
from tests.parsers.quality.evaluation import MISSING, available, load_truth, read_page

_WARM_UP = 5


@dataclass(slots=True)
class Totals:
    """CPU seconds and counts over all pages."""

    pages: int = 0
    off_topic: int = 0
    let_through: int = 0
    testing: float = 0.0
    matching: float = 0.0
    extracting: float = 0.0


def measure(body: bytes, topics: Topics, totals: Totals) -> None:
    """Adds one page."""
    started = time.process_time()
    may = topics.may_mention(body, None)
    tested = time.process_time()
    with as_it_comes():
        document = trafilatura.bare_extraction(decode_page(body, None), with_metadata=True)
    extracted = time.process_time()
    assert document is None or isinstance(document, Document)
    matches = topics.match(document.title, document.text or "") if document else ()
    totals.matching += time.process_time() - extracted
    totals.extracting += extracted - tested
    totals.testing += tested - started
    totals.pages += 1
    totals.off_topic += not matches
    totals.let_through += may and not matches


def main() -> None:
    if not available():
        sys.exit(MISSING)
    logging.disable(logging.CRITICAL)
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    truths = load_truth()
    topics = read_topics(files("seeds").joinpath("topics.toml").read_bytes())
    totals = Totals()
    bodies = [read_page(truth) for truth in truths[:: max(1, len(truths) // count)]]
    for body in bodies[:_WARM_UP]:
        measure(body, topics, Totals())
    for body in bodies:
        measure(body, topics, totals)
    for name in ("testing", "matching", "extracting"):
        seconds = getattr(totals, name)
        sys.stdout.write(
            f"{name:<11}{seconds / totals.pages * 1000:8.2f} ms a page"
            f"{seconds / totals.extracting:8.1%} of an extraction\n"
        )
    sys.stdout.write(
        f"let through {totals.let_through / totals.off_topic:.1%} of {totals.off_topic}"
        " off-topic pages\n"
    )


if __name__ == "__main__":
    main()
