"""What a full parse costs beside trafilatura with metadata, page by page in one run.

    python -m tests.benchmarks.bench_parse [PAGES]

Prints the ratio of the total times; the aim is at most 1.3. Needs the evaluation pages.
"""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable

import trafilatura

from parsers.articles.from_page import extract_article
from parsers.text.decode import decode_page
from tests.parsers.quality.evaluation import MISSING, available, load_truth, read_page

AIM = 1.3
_WARM_UP = 5


def ours(html: str, url: str) -> None:
    extract_article(html, url=url)


def baseline(html: str, url: str) -> None:
    trafilatura.bare_extraction(html, url=url, with_metadata=True)


def timed(parse: Callable[[str, str], None], html: str, url: str) -> float:
    """Seconds that one parse takes."""
    start = time.perf_counter()
    parse(html, url)
    return time.perf_counter() - start


def main() -> None:
    if not available():
        sys.exit(MISSING)
    logging.disable(logging.CRITICAL)
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    truths = load_truth()
    step = max(1, len(truths) // count)
    totals = {ours: 0.0, baseline: 0.0}
    for index, truth in enumerate(truths[::step]):
        html = decode_page(read_page(truth), None)
        # The order alternates, so that caches and clock drift favour neither.
        order = (ours, baseline) if index % 2 else (baseline, ours)
        for parse in order:
            seconds = timed(parse, html, truth.url)
            if index >= _WARM_UP:
                totals[parse] += seconds
    ratio = totals[ours] / totals[baseline]
    sys.stdout.write(
        f"ours {totals[ours]:.2f} s, trafilatura with metadata {totals[baseline]:.2f} s, "
        f"ratio {ratio:.2f} (aim {AIM})\n"
    )


if __name__ == "__main__":
    main()
