"""Loading landed batches: the only way anything gets into the warehouse."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

import duckdb

from parsers.errors import PressclipError, Quarantine, Retry, as_ours
from warehouse.database.sites import stage_sites
from warehouse.database.warehouse import Warehouse
from warehouse.desk import Desk
from warehouse.loading.articles import NO_ARTICLES, merge_articles
from warehouse.loading.entries import merge_entries
from warehouse.loading.landing import QUARANTINE, LandedBatch, landed, read_batch, set_aside
from warehouse.loading.outlets import merge_outlets
from warehouse.queries import queries


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What a load did."""

    batches: tuple[str, ...] = ()
    """Ids of the batches loaded."""
    repeated: int = 0
    """Batches that had been loaded before; their files were only removed."""
    quarantined: int = 0
    """Batches that could not be read or merged."""
    new_entries: int = 0
    new_articles: int = 0
    new_revisions: int = 0
    """Of articles known before."""
    new_stories: tuple[int, ...] = ()
    """Ids of the stories that began, on topic or not."""

    def __add__(self, other: LoadReport) -> LoadReport:
        """What both loads did together."""
        return LoadReport(
            self.batches + other.batches,
            self.repeated + other.repeated,
            self.quarantined + other.quarantined,
            self.new_entries + other.new_entries,
            self.new_articles + other.new_articles,
            self.new_revisions + other.new_revisions,
            self.new_stories + other.new_stories,
        )


BAD_BATCH = {"bad_batch", "bad_data", "unforeseen"}
"""Errors that lie in the batch: it is set aside, so that the next ones can be loaded."""


def load_landed(
    wh: Warehouse, desk: Desk, *, loaded_at: datetime, tells: bool = False
) -> LoadReport:
    """Load every landed batch, the earliest first, one transaction each.

    Where the caller `tells` somebody of new stories, they are kept as untold in the same
    transaction (`warehouse.queue.arrivals`): whoever tells next finds them.

    A batch goes from the landing folder only after its transaction is on disk. Raises Retry
    when the disk or memory is full, the warehouse busy or the landing folder out of reach,
    Quarantine("warehouse_error") when something is wrong with the warehouse itself: what was
    loaded stays loaded, the rest waits.
    """
    report = LoadReport()
    for stored in landed(desk):
        try:
            with _blamed_on(stored.name):
                batch = read_batch(desk.landing, stored.name)
                report = _load(wh, batch, loaded_at, report, tells=tells)
        except FileNotFoundError:
            continue  # another load took it in the meantime
        except Quarantine as error:
            if error.name not in BAD_BATCH:
                raise
            _report(wh, stored.name, error, loaded_at)
            set_aside(desk, stored.name)
            report = replace(report, quarantined=report.quarantined + 1)
        else:
            desk.landing.remove(stored.name)
    return report


@contextmanager
def _blamed_on(name: str) -> Iterator[None]:
    """What nobody foresaw while a batch was merged is taken for the batch's fault, or it would keep
    all later ones out for ever. Set aside, it can be put back once the fault is fixed.

    Whatever the warehouse, the disk or the machine has to do with says so by its kind.
    """
    try:
        yield
    except (PressclipError, duckdb.Error, OSError):
        raise
    except MemoryError as error:
        raise Retry("out_of_memory", f"Could not load {name}: out of memory.") from error
    except Exception as error:
        failed = as_ours(error, f"Loading {name}")
        raise Quarantine(
            failed.name,
            f"{failed.message}. It was kept in the landing folder's {QUARANTINE}; "
            "`pressclip failures retry --stage load` tries it again.",
        ) from error


def _load(
    wh: Warehouse, batch: LandedBatch, loaded_at: datetime, report: LoadReport, *, tells: bool
) -> LoadReport:
    def merge_once() -> LoadReport:
        if wh.execute(queries("loading/load")["is_loaded"], {"batch_id": batch.batch_id}) != [(0,)]:
            return replace(report, repeated=report.repeated + 1)
        merged = _merge(wh, batch, loaded_at)
        if tells and merged.new_stories:
            untold = {"stories": list(merged.new_stories), "batch_id": batch.batch_id}
            wh.execute(queries("loading/load")["keep_untold"], untold)
        return report + merged

    return wh.change(merge_once)


FEEDS = ("feeds_history", "feeds")
COUNTED = {
    "feeds": "feed",
    "entries": "entry",
    "articles": "article",
    "outcomes": "outcome",
    "failures": "failure",
}
"""The kinds of records that `batches` counts, by the name of the column."""


def _merge(wh: Warehouse, batch: LandedBatch, loaded_at: datetime) -> LoadReport:
    """Merge one batch, in the transaction in hand."""
    sql = queries("loading/load")
    entries, articles = 0, NO_ARTICLES
    with ExitStack() as stack:
        for kind in _read(batch):
            stack.enter_context(wh.registered(f"landed_{kind}", batch.tables[kind]))
        wh.execute(
            sql["batch"],
            {
                "batch_id": batch.batch_id,
                "kind": batch.kind,
                "created_at": batch.created_at,
                "topics_digest": batch.topics_digest,
                "clock_epoch": batch.clock_epoch,
                "loaded_at": loaded_at,
            },
        )
        wh.execute(queries("loading/outlets")["no_touched_sites"])
        if batch.tables["feed"].num_rows:
            _merge_feeds(wh)
        if batch.tables["entry"].num_rows or batch.tables["outcome"].num_rows:
            entries = merge_entries(wh, batch)
        if batch.tables["article"].num_rows:
            ids = batch.tables["article"]["article_id"]
            articles = merge_articles(wh, several=len(ids.unique()) < len(ids))
            _run(wh, "loading/outlets", ("sites_of_articles",))
        merge_outlets(wh, said=batch.tables["outlet"].num_rows > 0)
        if batch.tables["failure"].num_rows:
            wh.execute(sql["failures"])
        if batch.tables["listing"].num_rows:
            wh.execute(sql["listings"])
        counts = {column: batch.tables[kind].num_rows for column, kind in COUNTED.items()}
        wh.execute(sql["record_batch"], counts)
    return LoadReport(
        batches=(batch.batch_id,),
        new_entries=entries,
        new_articles=articles.articles,
        new_revisions=articles.revisions,
        new_stories=articles.stories,
    )


def _read(batch: LandedBatch) -> set[str]:
    """The kinds of records that are read: those that there are, and outcomes and entries beside
    each other and beside articles."""
    there = {kind for kind, table in batch.tables.items() if table.num_rows}
    return there | ({"entry", "outcome"} if there & {"entry", "outcome", "article"} else set())


def _merge_feeds(wh: Warehouse) -> None:
    """Merge the feeds of the batch in hand."""
    addresses = wh.execute(queries("loading/load")["feed_addresses"])
    stage_sites(wh, (address for (address,) in addresses))
    _run(wh, "loading/outlets", ("former_sites",))
    _run(wh, "loading/load", FEEDS)
    _run(wh, "loading/outlets", ("sites_of_feeds",))


def _run(wh: Warehouse, subject: str, steps: tuple[str, ...]) -> None:
    for step in steps:
        wh.execute(queries(subject)[step])


def _report(wh: Warehouse, name: str, error: Quarantine, failed_at: datetime) -> None:
    """Say in `failures` that a batch can't be read."""
    sql = queries("loading/load")

    def report() -> None:
        wh.execute(sql["forget_unreadable"], {"url": name})
        wh.execute(
            sql["report_unreadable"],
            {
                "url": name,
                "error": error.name,
                "message": error.message,
                "failed_at": failed_at,
            },
        )

    wh.change(report)
