"""What reading a feed costs beside `feedparser.parse` on the same bytes, feed by feed in one run.

    python -m tests.benchmarks.bench_feeds [FOLDER]

Prints the ratio for each kind of feed and of the total times. Without FOLDER, which holds recorded
feeds, the feeds are made up: short and long ones, well-formed and broken.
"""

from __future__ import annotations

import html
import io
import random
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import feedparser

from parsers.feeds.parse import parse_feed

_ROUNDS = 5
_NOW = datetime(2026, 11, 29, tzinfo=UTC)
_URL = "https://quay.example/feed"
_TEXT = "the tide turned at noon and nobody on the quay had counted gulls or barges since"
_RSS = (
    '<?xml version="1.0" encoding="utf-8"?><rss version="2.0" '
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/">'
    "<channel><title>Quay</title><link>https://quay.example/</link>{}</channel></rss>"
)
_ATOM = '<feed xmlns="http://www.w3.org/2005/Atom"><title>Quay</title>{}</feed>'
_BROKEN = {
    "raw ampersands": "<item><title>Q&A</title><link>https://quay.example/?a=1&copy=2</link></item>",
    "HTML's entities": "<item><title>a&nbsp;b</title><guid>x</guid></item>",
    "a tag too many": "<item><title>a</b></title><guid>x</guid></item>",
    "a prefix undeclared": "<item><title>a</title><guid>x</guid><z:y>1</z:y></item>",
}


def ours(body: bytes) -> None:
    parse_feed(body, url=_URL, feed_id=1, content_type="application/xml", now=_NOW)


def baseline(body: bytes) -> None:
    headers = {"content-type": "application/xml", "content-location": _URL}
    feedparser.parse(io.BytesIO(body), response_headers=headers)


def seconds(parse: Callable[[bytes], None], body: bytes) -> float:
    """Of processor time."""
    start = time.process_time()
    parse(body)
    return time.process_time() - start


def made_up() -> dict[str, bytes]:
    """Feeds by what is in them."""
    chosen = random.Random(7)

    def words(count: int) -> str:
        return " ".join(chosen.choices(_TEXT.split(), k=count))

    def item(number: int, paragraphs: int) -> str:
        content = "".join(f'<p>{words(60)} <a href="/{number}">{words(3)}</a></p>' * paragraphs)
        whole = f"<content:encoded>{html.escape(content)}</content:encoded>" if content else ""
        return (
            f"<item><title>{words(8)}</title><link>https://quay.example/{number}</link>"
            f"<guid>{number}</guid><pubDate>Sat, 28 Nov 2026 10:{number % 60:02}:00 GMT</pubDate>"
            f"<dc:creator>{words(2)}</dc:creator><category>{words(1)}</category>"
            f"<description>&lt;p&gt;{words(30)}&lt;/p&gt;</description>{whole}"
            f'<media:content url="https://quay.example/{number}.jpg" medium="image"/></item>'
        )

    def entry(number: int) -> str:
        inside = "".join(f"<p>{words(60)}</p>" for _ in range(8))
        return (
            f"<entry><id>{number}</id><title>{words(8)}</title><link href='/{number}'/>"
            f"<updated>2026-11-28T10:00:00Z</updated><content type='xhtml'>"
            f"<div xmlns='http://www.w3.org/1999/xhtml'>{inside}</div></content></entry>"
        )

    def rss(count: int, paragraphs: int, more: str = "") -> str:
        return _RSS.format("".join(item(number, paragraphs) for number in range(count)) + more)

    feeds = {
        "summaries": rss(50, 0),
        "full texts": rss(20, 12),
        "XHTML": _ATOM.format("".join(entry(number) for number in range(25))),
        **{name: rss(50, 2, fault) for name, fault in _BROKEN.items()},
    }
    return {name: text.encode() for name, text in feeds.items()}


def main() -> None:
    feeds = made_up()
    if len(sys.argv) > 1:
        feeds = {path.name: path.read_bytes() for path in sorted(Path(sys.argv[1]).iterdir())}
    totals = {ours: 0.0, baseline: 0.0}
    for name, body in feeds.items():
        spent = {ours: 0.0, baseline: 0.0}
        for turn in range(_ROUNDS):
            # The order alternates, so that caches and clock drift favour neither.
            for parse in (ours, baseline) if turn % 2 else (baseline, ours):
                spent[parse] += seconds(parse, body)
        for parse, time_spent in spent.items():
            totals[parse] += time_spent
        sys.stdout.write(f"{name:24} {spent[ours] / spent[baseline]:.2f}\n")
    sys.stdout.write(f"{'all':24} {totals[ours] / totals[baseline]:.2f}\n")


if __name__ == "__main__":
    main()
