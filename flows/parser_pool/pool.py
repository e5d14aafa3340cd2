"""Parsing in worker processes: as many pages at once as there are cores, and a page that hangs
or kills its parser costs that page and nothing else.

Workers hold the topics from their start, and are replaced after a number of pages, or after one
that took much memory, because extraction leaks it (trafilatura issues 216 and 704).
"""

from __future__ import annotations

import asyncio
import itertools
import resource
import signal
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import TimeoutError as PoolTimeout
from contextlib import nullcontext
from datetime import datetime
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import ParamSpec, Self, TypeVar

from pebble import ProcessExpired, ProcessPool

from flows.parser_pool.prefilter_queue import PrefilterQueue
from flows.parser_pool.process import WorkerContext, answer
from flows.parser_pool.workers import Workers, WorkersLost
from parsers.errors import PressclipError, Quarantine, Retry, as_ours
from parsers.feeds.sitemaps import MAX_ENTRIES, Sitemap, parse_sitemap
from parsers.records import Article, Entry, Page, ParsedFeed, Rejection
from parsers.topics.topics import Topics

Args = ParamSpec("Args")
Result = TypeVar("Result")

MAX_DATA = 480_000_000
"""Bytes that a worker may allocate (RLIMIT_DATA, of which stacks and spare room take a hundred
million and are not in memory); a page that needs more is set aside."""

LARGE = 4_000_000
"""Bytes of a page that is parsed while no other such is: the trees of a few at once would take
more memory than all else that a run holds."""

KILLED = {-signal.SIGKILL, -signal.SIGTERM, 255}
"""Exit codes of workers that somebody else ended; 255 where nobody is left to tell the code."""


class ParserPool:
    """Runs the functions of `parsers` in worker processes; use as an async context manager.

    Every method raises Quarantine("parse_timeout") where the parser took longer than `timeout`
    seconds, Quarantine("parser_died") where its process ended and that of a second try too, but
    Retry("parser_died") where both were killed, Retry("parsers_lost"),
    Quarantine("too_much_memory"), Quarantine("parser_failed") for errors of libraries and
    Quarantine("unforeseen") for those of our own, beside what `parsers` raises on purpose.
    """

    def __init__(self, topics: Topics, *, workers: int, timeout: float, tasks: int) -> None:
        self._timeout = timeout
        context = WorkerContext()
        context.set_forkserver_preload([__name__, "flows.parser_pool.preload"])
        new_pool = partial(
            ProcessPool,
            max_workers=workers,
            max_tasks=tasks,
            initializer=_hold_topics,
            initargs=(topics,),
            context=context,
        )
        self._workers = Workers(new_pool, count=workers, timeout=timeout)
        self._queue = PrefilterQueue(self._prefilter_pages, workers + 1)
        self._one_large = asyncio.Lock()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._workers.stop()

    async def page(
        self,
        page: Page,
        hint: Entry | None,
        *,
        keep_off_topic: bool = False,
        stranger: str | None = None,
    ) -> Article | Rejection:
        """`parsers.parse.parse_page` under the pool's topics."""
        async with self._one_large if len(page.body) > LARGE else nullcontext():
            if not keep_off_topic:
                unread = await self._queue.look(page, hint)
                if unread is not None:
                    return unread
            return await self.run(page.final_url, _page, page, hint, keep_off_topic, stranger)

    async def _prefilter_pages(
        self, pages: Sequence[tuple[Page, Entry | None]]
    ) -> Sequence[Rejection | None]:
        return await self.run("pages", _prefilter, pages)

    async def joined(self, parts: Sequence[Article]) -> Article:
        """`parsers.parse.parse_joined` under the pool's topics."""
        return await self.run(parts[0].url, _joined, parts)

    async def content(
        self, entry: Entry, fetched_at: datetime, carrier: str | None = None
    ) -> Article | Rejection:
        """`parsers.parse.parse_entry_content` under the pool's topics."""
        name = entry.link or str(entry.entry_id)
        return await self.run(name, _content, entry, fetched_at, carrier)

    async def document(self, body: bytes, name: str) -> Article | Rejection:
        """`parsers.parse.parse_document` under the pool's topics."""
        return await self.run(name, _document, body, name)

    async def feed(
        self,
        page: Page,
        feed_id: int,
        now: datetime,
        max_entries: int,
        known: frozenset[str] = frozenset(),
    ) -> ParsedFeed:
        """`parsers.feeds.parse.parse_feed` on what a feed's URL answered."""
        return await self.run(page.final_url, _feed, page, feed_id, now, max_entries, known)

    async def sitemap(
        self, file: Path, url: str, since: datetime | None = None, most: int = MAX_ENTRIES
    ) -> Sitemap:
        """`parsers.feeds.sitemaps.parse_sitemap` on a file with what `url` answered."""
        return await self.run(url, _sitemap, file, url, since, most)

    async def under_topics(
        self, what: str, function: Callable[..., Result], *args: object
    ) -> Result:
        """The result of a function whose last argument is the topics, which workers have."""
        return await self.run(what, _under_topics, function, *args)

    async def run(
        self,
        what: str,
        function: Callable[Args, Result],
        *args: Args.args,
        **_: Args.kwargs,
    ) -> Result:
        """The result of a module's function of whatever arguments can be pickled; `what` is what
        the error messages call it."""
        try:
            return await self._workers.run(answer, (what, function, *args))
        except PressclipError:
            raise
        except Exception as error:
            raise self._named(error, what) from error

    def _named(self, error: Exception, what: str) -> PressclipError:
        """The error of ours for what parsing `what` came to."""
        if isinstance(error, PoolTimeout):
            return Quarantine(
                "parse_timeout",
                f"Parsing {what} took longer than {self._timeout:g} s and was stopped. "
                "Raise PRESSCLIP_PARSE_TIMEOUT if the page is worth it.",
            )
        if isinstance(error, ProcessExpired) and error.exitcode in KILLED:
            return Retry(
                "parser_died",
                f"The process that parsed {what} was killed, twice (exit code {error.exitcode}), "
                "which the system does where memory is short. It is tried again.",
            )
        if isinstance(error, ProcessExpired):
            return Quarantine(
                "parser_died",
                f"The process that parsed {what} ended, twice (exit code {error.exitcode}). "
                "It was replaced; the page is set aside.",
            )
        if isinstance(error, WorkersLost):
            return Retry(
                "parsers_lost",
                f"The processes that parse pages were lost while they parsed {what}, {error}. "
                "It is tried again.",
            )
        if isinstance(error, MemoryError):
            return Quarantine(
                "too_much_memory",
                f"Parsing {what} would take more than {MAX_DATA // 1_000_000} MB of memory. "
                "The page is set aside.",
            )
        return as_ours(error, f"Parsing {what}")


_topics: list[Topics] = []
"""The topics of this worker process: set once by `_hold_topics`."""


def _hold_topics(topics: Topics) -> None:
    from flows.parser_pool.preload import shared

    _topics[:] = [shared(topics)]
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_DATA, (MAX_DATA, MAX_DATA))


def _under_topics(function: Callable[..., Result], *args: object) -> Result:
    return function(*args, _topics[0])


PAGES_PER_RELEASE = 200
"""Pages after which a worker empties the caches that extraction fills and never empties."""
_pages = itertools.count(1)


def _page(
    page: Page, hint: Entry | None, keep_off_topic: bool, stranger: str | None
) -> Article | Rejection:
    from parsers.parse import parse_page

    release_now_and_then()
    topics = _topics[0]
    return parse_page(
        page, hint=hint, topics=topics, keep_off_topic=keep_off_topic, stranger=stranger
    )


def release_now_and_then() -> None:
    """To be called for each page that a worker parses: empties the caches for some of them."""
    from parsers.extraction.extract import release_caches

    if next(_pages) % PAGES_PER_RELEASE == 0:
        release_caches()


def _prefilter(pages: Sequence[tuple[Page, Entry | None]]) -> list[Rejection | None]:
    from parsers.parse import prefilter_page

    return [prefilter_page(page, hint=hint, topics=_topics[0]) for page, hint in pages]


def _joined(parts: Sequence[Article]) -> Article:
    from parsers.parse import parse_joined

    return parse_joined(parts, topics=_topics[0])


def _content(entry: Entry, fetched_at: datetime, carrier: str | None) -> Article | Rejection:
    from parsers.parse import parse_entry_content

    return parse_entry_content(entry, topics=_topics[0], fetched_at=fetched_at, carrier=carrier)


def _sitemap(path: Path, url: str, since: datetime | None, most: int) -> Sitemap:
    with path.open("rb") as file:
        return parse_sitemap(file, url=url, since=since, most=most)


def _document(body: bytes, name: str) -> Article | Rejection:
    from parsers.parse import parse_document

    return parse_document(body, name=name, topics=_topics[0])


def _feed(
    page: Page, feed_id: int, now: datetime, max_entries: int, known: frozenset[str]
) -> ParsedFeed:
    from parsers.feeds.parse import parse_feed

    return parse_feed(
        page.body,
        url=page.final_url,
        feed_id=feed_id,
        content_type=page.header("content-type"),
        now=now,
        max_entries=max_entries,
        known=known,
    )
