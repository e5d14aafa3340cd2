"""What a full parse costs beside trafilatura with metadata, page by page in one run.

    python -m tests.benchmarks.bench_parse [PAGES]

Each page is made to name a topic and walked from its bytes to its fingerprint (`parse_page`); as it
is, most name none and are rejected early, which is the second ratio. All in processor time, the
best of three for each page, none of which finds in a cache what the one before it worked out:
trafilatura looks for dates in texts, which it remembers. Trafilatura works as it comes, not as
`parsers.extraction.cheaper` makes it cheaper. The aims are at most 1.05 and .03.
Needs the evaluation pages.
"""

from __future__ import annotations

import logging
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.resources import files

import trafilatura
from htmldate.meta import reset_caches
from trafilatura import utils

from parsers.extraction.cheaper.replace import as_it_comes
from parsers.parse import parse_page
from parsers.records import Page, Rejection
from parsers.text.decode import decode_page
from parsers.topics.topics import read_topics
from tests.parsers.quality.evaluation import MISSING, available, load_truth, read_page

AIM, AIM_OFF_TOPIC = 1.05, 0.03
_WARM_UP = 20
_ROUNDS = 3
_TOPICS = read_topics(files("seeds").joinpath("topics.toml").read_bytes())
_NAME = b" OpenAI</p>"


def ours(body: bytes, url: str) -> bool:
    """Whether the page was read: not where its source names no topic."""
    page = Page(url, url, 200, (("content-type", "text/html"),), body, datetime.now(UTC))
    found = parse_page(page, hint=None, topics=_TOPICS)
    return not isinstance(found, Rejection) or found.extracted


def baseline(body: bytes, url: str) -> bool:
    html = decode_page(body, None)
    with as_it_comes():
        trafilatura.bare_extraction(html, url=url, with_metadata=True)
    return True


def seconds(parse: Callable[[bytes, str], bool], body: bytes, url: str) -> float:
    """Processor time of one parse of a page that was not parsed before."""
    reset_caches()
    for remembered in (utils.trim, utils.line_processing, utils.return_printables_and_spaces):
        remembered.cache_clear()
    start = time.process_time()
    parse(body, url)
    return time.process_time() - start


def measured(body: bytes, url: str) -> tuple[float, float]:
    """(our time, trafilatura's time) of a page, the best of some rounds that take turns."""
    rounds = [(seconds(ours, body, url), seconds(baseline, body, url)) for _ in range(_ROUNDS)]
    return min(our for our, _ in rounds), min(its for _, its in rounds)


def said(name: str, times: list[tuple[float, float]], aim: float) -> str:
    """One line about the pages of a kind."""
    if not times:
        return f"{name}: no pages\n"
    total = sum(our for our, _ in times) / sum(its for _, its in times)
    median = statistics.median(our / its for our, its in times)
    pages = f"{len(times)} pages"
    return f"{name}: {pages}, of all time {total:.3f}, median of pages {median:.3f} (aim {aim})\n"


def main() -> None:
    if not available():
        sys.exit(MISSING)
    logging.disable(logging.CRITICAL)
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    truths = load_truth()
    named, unread = [], []
    for index, truth in enumerate(truths[:: max(1, len(truths) // count)]):
        body = read_page(truth)
        on_topic = measured(body.replace(b"</p>", _NAME), truth.url)
        if index < _WARM_UP:
            continue
        if ours(body.replace(b"</p>", _NAME), truth.url):
            named.append(on_topic)
        if not ours(body, truth.url):
            unread.append(measured(body, truth.url))
    sys.stdout.write(said("on topic", named, AIM) + said("off topic", unread, AIM_OFF_TOPIC))


if __name__ == "__main__":
    main()
