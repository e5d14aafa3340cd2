"""The made-up press of `seeds/newsstand/`, served over loopback HTTP for the demo and the tests.

    source files ──▶ load_press ──▶ Press ──▶ Newsstand / serve_in_thread ──▶ anyone who asks
                                      └─────▶ truth, entries, feeds: what should come out

Everything a page shows is made from source files in which the article stands alone, so what an
extractor should find in a page is known by construction.
"""

from flows.newsstand.articles import (
    ExpectedArticle,
    ExpectedEntry,
    ExpectedFeed,
    Reply,
    RequestLine,
)
from flows.newsstand.press import Press, load_press
from flows.newsstand.server import Newsstand, ServedPress, serve_in_thread

__all__ = [
    "ExpectedArticle",
    "ExpectedEntry",
    "ExpectedFeed",
    "Newsstand",
    "Press",
    "Reply",
    "RequestLine",
    "ServedPress",
    "load_press",
    "serve_in_thread",
]
