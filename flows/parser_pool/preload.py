"""What parsers need is loaded here, once, by the process that the workers are forked from.

A worker that did so for itself would take two seconds of a processor to start, and it is replaced
now and then. The model of languages is a quarter of that; another one is what parsers make at the
first page that needs it: rules out of files, patterns, the search for the topics that ship.
"""

import gc
import logging
import os
from datetime import UTC, datetime
from importlib.resources import files

import py3langid

import parsers.feeds.parse  # noqa: F401 - imported to be there
from parsers.extraction.cheaper.replace import prepare
from parsers.parse import parse_page
from parsers.records import Page
from parsers.sites import site_of
from parsers.topics.topics import Topics, read_topics

_SHIPPED = read_topics(files("seeds").joinpath("topics.toml").read_bytes())
_URL = "https://press.example/opens/"
_PAGE = """<!doctype html><html lang="en"><head><title>The “bridge” is open again</title></head>
<body><h1>The “bridge” is open again</h1><p>By Jane Roe, 27 November 2026</p><article>
<p>The bridge over the river is open again, said Elon Musk – and every boat may pass below it.</p>
<p>It was closed for a year, “and a day”, while both of its towers were built anew. Whoever wanted
to go to the other bank meanwhile took the ferry, which goes every quarter of an hour.</p>
<p>The first to walk over it was a boy of nine years who had waited since the night before. He said
that he would walk back now, and come again with his sister on Sunday after lunch.</p>
</article></body></html>"""
"""Long enough for trafilatura to be content with what it finds first: what its last way makes takes
more memory than time."""


def shared(topics: Topics) -> Topics:
    """`topics`, the object for which searches are made already where they are those that ship."""
    return _SHIPPED if topics == _SHIPPED else topics


def _prepare() -> None:
    """Make what is made once: whatever pages need first, which is little for the next of them."""
    try:
        py3langid.classify("")
        site_of(_URL)
        prepare()
        _SHIPPED.prepare()
        page = Page(_URL, _URL, 200, (), _PAGE.encode(), datetime(2026, 11, 27, tzinfo=UTC))
        parse_page(page, hint=None, topics=_SHIPPED)
    except Exception:
        # It would end the process that workers are forked from, and with it every parser. Each
        # worker makes what is missing for itself, and tells of the page for which it can't.
        logging.getLogger(__name__).exception("Parsers start slowly: nothing could be made ahead.")
    # Workers need not look through all this for garbage, nor copy it for being looked at.
    gc.collect()
    gc.freeze()


_prepare()

# Arrow's own allocator sets a gigabyte aside before it writes the first row. What workers may
# allocate is limited, so that it would take all that is left for parsing.
os.putenv("ARROW_DEFAULT_MEMORY_POOL", "system")
