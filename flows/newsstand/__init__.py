"""The made-up press of `seeds/newsstand/`, served over loopback HTTP for the demo and the tests.

    outlet.toml, articles/*.md                   sources.py
      ─▶ outlets, their feeds and articles       outlets.py, marks.py
      ─▶ entries of feeds, and the feeds         feeds.py
      ─▶ news searches; sitemaps                 searches.py, sitemaps.py
      ─▶ pages: templates, filled in             rendering.py
      ─▶ what each URL answers; the truth        press.py
    a request ─▶ a response                      responses.py
    a proxy on 127.0.0.1                         server.py

Everything a page shows is made from source files in which the article stands alone, so what an
extractor should find in a page is known by construction.
"""

from flows.newsstand.press import Press, load_press
from flows.newsstand.server import ServedPress, serve_in_thread

__all__ = ["Press", "ServedPress", "load_press", "serve_in_thread"]
