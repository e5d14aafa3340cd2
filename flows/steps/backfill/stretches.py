"""One stretch of a crawl's file, read, tested and parsed in a parser's process.

    records ─ may they name a topic? ─ parse ─ decide ─▶ one batch, staged ─▶ what came of it

Pages never leave the process: nineteen of twenty of a crawl are off topic, and carrying them to
another process takes longer than testing them. A batch is staged, not landed: whether a record
begins where a stretch was cut is known only to whoever read the file up to there.
"""

from __future__ import annotations

import mmap
import re
import signal
import struct
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic

from fastwarc.warc import WarcRecord

from flows.archive.reading import RecordedPage, SkippedRecord, pages_of
from flows.archive.recorded_pages import BrokenRecord, first_record, warc_records
from flows.decisions.outcomes import Harvested, batched, decide_entry
from flows.decisions.plan import already_stored, link_article_id
from flows.fetch.addresses import AddressRules
from flows.fetch.client import read_url
from flows.fetch.decompress import Limits
from flows.parser_pool.pool import release_now_and_then
from flows.settings import Settings
from flows.steps.backfill.report import Backfilled, backfill_entry
from parsers.articles.paging import may_be_of_several
from parsers.errors import Drop, PressclipError, Quarantine, Retry, as_ours
from parsers.feeds.sitemaps import SitemapEntry
from parsers.parse import is_readable, parse_page, prefilter_page
from parsers.records import Article, Page, Rejection
from parsers.topics.topics import Topics
from warehouse.desk import Desk
from warehouse.loading.landing import land
from warehouse.records import Batch, WaitingEntry, new_batch_id

CLOCKS_APART = timedelta(days=1)
"""How far a crawler's clock may be ahead of ours."""
_ID = struct.Struct("=Q")
_PLAIN_URL = re.compile(
    r"https?://(?!xn--)(?=[^/]{,253}(?:/|\Z))((?:[a-z0-9-]+\.)+[a-z]{2,40})(?:/[!-~]{,1000})?"
)
"""Most addresses: those that `read_url` need not take apart for their host to be known."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """The records of a file that begin from `start` on, and before `end`."""

    path: Path
    start: int
    end: int
    exact: bool
    """Whether a record is known to begin at `start`; else the first that can be found counts."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What all stretches of a backfill are read by."""

    settings: Settings
    since: datetime | None
    now: datetime
    """One moment for all: an outcome older than its entry would have it looked at again."""
    digest: str
    """Of the topics."""
    clock_epoch: int
    settled: Path
    """Entries that an earlier backfill decided, a file of sorted ids."""
    stored: Path
    """Articles that are stored whole, the same."""
    staged: Desk


@dataclass(slots=True)
class Told:
    """What came of a stretch, or of a part of it."""

    first: int | None
    """Where its first record begins; None where there is none."""
    upto: int | None = None
    """Where the next record begins; None at the end of the file."""
    records: int = 0
    report: Backfilled = field(default_factory=Backfilled)
    batch: str | None = None
    """The staged batch."""
    entry_ids: bytes = b""
    """Of the entries in it, eight bytes each."""
    several: list[tuple[WaitingEntry, Article]] = field(default_factory=list)
    """Articles on several pages: their turn comes when the whole crawl was read."""
    places: dict[str, int] = field(default_factory=dict)
    """Where the pages are that may be further pages of an article."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A page to read, and its entry."""

    waiting: WaitingEntry
    recorded: RecordedPage


@dataclass(frozen=True, slots=True)
class Patience:
    """After what a stretch is told as far as it was read: the rest of it is another."""

    seconds: float | None = None
    pages: int | None = None
    texts: int | None = None
    """Characters of articles."""


def read_stretch(stretch: Stretch, terms: Terms, topics: Topics) -> Told:
    """Reads a stretch, for some seconds, and stages what it brings. A page that takes half of what
    a parser may take ends the process: nothing else ends native code."""
    half = terms.settings.parse_timeout / 2
    reader = Reader(stretch, terms, Patience(min(8.0, half), 4000, 20_000_000))
    start: int | None = stretch.start
    with stretch.path.open("rb") as file:
        if not stretch.exact:
            start = first_record(file, stretch.start, stretch.end)
        if start is None:
            return Told(None)
        records = reader.within(warc_records(file, str(stretch.path), start))
        for item in pages_of(records, reader.limits, latest=terms.now + CLOCKS_APART):
            if wanted := reader.wanted(item):
                reader.decide(wanted, read_page(wanted.recorded.page, topics, half))
    return reader.told(start)


class Reader:
    """What is made of one stretch: which records are pages to read, and what becomes of them."""

    def __init__(self, stretch: Stretch, terms: Terms, patience: Patience) -> None:
        fetch = terms.settings.fetch()
        self.limits = Limits(terms.settings.max_body, fetch.max_unpack_ratio)
        self._rules = AddressRules.read(fetch.allowed_networks, fetch.allowed_hosts)
        self._stretch, self._terms, self._patience = stretch, terms, patience
        self._began = monotonic()
        self._settled, self._stored = SortedIds(terms.settled), SortedIds(terms.stored)
        self._upto: int | None = None
        self._seen: set[int] = set()
        self._texts = 0
        self._decided: list[tuple[WaitingEntry, Harvested]] = []
        self._told = Told(stretch.start)

    def within(
        self, records: Iterator[tuple[WarcRecord, int] | BrokenRecord]
    ) -> Iterator[tuple[WarcRecord, int] | BrokenRecord]:
        """The records of the stretch, for as long as there is patience."""
        for item in records:
            if isinstance(item, tuple):
                # One is always read, so that there is an end to it.
                over = self._told.records and self._is_enough()
                if over or item[1] >= self._stretch.end:
                    self._upto = item[1]
                    return
                self._told.records += 1
            yield item

    def _is_enough(self) -> bool:
        most, seconds = self._patience, monotonic() - self._began
        return (
            (most.seconds is not None and seconds > most.seconds)
            or (most.pages is not None and len(self._seen) >= most.pages)
            or (most.texts is not None and self._texts >= most.texts)
        )

    def wanted(self, item: RecordedPage | SkippedRecord) -> Wanted | None:
        """The page of a record that is to be read; None where it is none, or settled."""
        report = self._told.report
        if isinstance(item, SkippedRecord):
            report.pass_over(item.reason, item.message if item.reason == "broken_record" else None)
            return None
        if why := passed_over(item.page, self._rules, self._terms.since):
            report.pass_over(why)
            return None
        waiting = WaitingEntry(backfill_entry(SitemapEntry(item.page.final_url)), attempts=0)
        number = waiting.entry.entry_id
        if number in self._seen:
            return None
        self._seen.add(number)
        report.found += 1
        if may_be_of_several(item.page.final_url):
            self._told.places[item.page.final_url] = item.position
        if number in self._settled:
            report.known += 1
            return None
        article = link_article_id(waiting)
        if article not in self._stored:
            return Wanted(waiting, item)
        known, now, digest = {article: False}, self._terms.now, self._terms.digest
        _, outcomes = already_stored([waiting], known, now=now, digest=digest)
        self._decided += ((waiting, Harvested(outcome)) for outcome in outcomes)
        return None

    def decide(self, wanted: Wanted, found: Article | Rejection | PressclipError) -> None:
        """Decides what becomes of a page, given what was found on it."""
        waiting = wanted.waiting
        if isinstance(found, Article) and found.paging:
            self._told.several.append((waiting, found))
            self._told.places[wanted.recorded.page.final_url] = wanted.recorded.position
            return
        if isinstance(found, Article):
            self._texts += len(found.text)
        terms = self._terms
        decided = decide_entry(
            waiting, found, now=terms.now, digest=terms.digest, settings=terms.settings
        )
        self._decided.append((waiting, decided))

    def told(self, first: int | None = None) -> Told:
        """What came of the stretch since this was asked last, its batch staged."""
        told, self._told = self._told, Told(self._stretch.start)
        decided, self._decided = self._decided, []
        told.first, told.upto = first if first is not None else told.first, self._upto
        if not decided:
            return told
        harvested = [each for _, each in decided]
        told.report.states.update(each.outcome.state.value for each in harvested)
        batch = Batch(
            batch_id=new_batch_id(self._terms.now),
            kind="backfill",
            created_at=self._terms.now,
            clock_epoch=self._terms.clock_epoch,
            entries=tuple(waiting.entry for waiting, _ in decided),
            **batched(harvested),
        )
        told.batch = land(self._terms.staged, batch)
        told.entry_ids = b"".join(_ID.pack(waiting.entry.entry_id) for waiting, _ in decided)
        return told


def read_page(page: Page, topics: Topics, seconds: float) -> Article | Rejection | PressclipError:
    """The article on a page, as `ParserPool.page` finds it. A page that takes longer than `seconds`
    ends the process: nothing else ends native code."""
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        if unread := prefilter_page(page, hint=None, topics=topics):
            return unread
        release_now_and_then()
        return parse_page(page, hint=None, topics=topics)
    except Retry as error:
        # Tried again, it would be asked of its site, and its page is here.
        return Quarantine(error.name, error.message)
    except PressclipError as error:
        return error
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - as_ours logs what nobody foresaw
        return as_ours(error, f"Parsing {page.final_url}")
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def passed_over(page: Page, rules: AddressRules, since: datetime | None) -> str | None:
    """Why a page brings no entry; None where it does."""
    try:
        # As behind a proxy: nobody looks the name up, so its form has to tell.
        plain = _PLAIN_URL.fullmatch(page.url)
        rules.check_host(plain[1] if plain else read_url(page.url).host, proxied=True)
    except Drop as error:
        return error.name
    if not is_readable(page):
        return "not_html"
    return "too_old" if since is not None and page.fetched_at < since else None


class SortedIds:
    """Ids in a file, eight bytes each, that are found without reading all of them."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file, suppress(ValueError):  # an empty file has no pages
            self._ids: Sequence[int] = memoryview(
                mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            ).cast("Q")
            return
        self._ids = ()

    def __contains__(self, number: int) -> bool:
        place = bisect_left(self._ids, number)
        return place < len(self._ids) and self._ids[place] == number


def unpacked_ids(packed: bytes) -> Iterator[int]:
    """The ids that `Told.entry_ids` holds."""
    return (number for (number,) in _ID.iter_unpack(packed))
