"""Reparse: today's parsers over the archive of raw pages.

    WARC files ─ pages ─ parse ─ compare with what is stored ─▶ staged batches ─ agreed ─▶ landing

Nothing is landed before somebody has seen what would change: the batches wait in a folder of their
own. From then on they are batches like any other.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

from flows.archive.reading import (
    END_OF_TIME,
    RecordedPage,
    SkippedRecord,
    gather,
    next_chunk,
    read_warc,
)
from flows.archive.retention import ArchiveFile, archived
from flows.concurrency import run_all
from flows.decisions.reparse_diff import Change, Difference, Today, compare
from flows.decisions.speaking import address_of, speaks_for
from flows.fetch.decompress import Limits
from flows.run.context import Run
from parsers.errors import PressclipError
from parsers.records import Article, Rejection
from warehouse.desk import Desk
from warehouse.loading.landing import commit_staged, land, stage
from warehouse.queue.revisions import KnownEntry, known_entries, readings_of
from warehouse.records import BY_HAND

EXAMPLES = 5


@dataclass(slots=True)
class Reparsed:
    """What parsing the archive again would change."""

    staged: Desk
    pages: int = 0
    passed: Counter[str] = field(default_factory=Counter)
    """Records that could not be read, by reason."""
    changes: Counter[Change] = field(default_factory=Counter)
    examples: list[Difference] = field(default_factory=list)
    """Some of each kind, without their rows."""

    @property
    def to_commit(self) -> int:
        """Articles that would be stored anew."""
        kinds = (Change.NEW, Change.TEXT, Change.FORM, Change.TITLE, Change.METADATA)
        return sum(self.changes[kind] for kind in kinds)


async def reparse(
    run: Run, since: datetime | None = None, *, progress: Callable[[int, int, int], None]
) -> Reparsed:
    """Parses every page of the archive fetched at or after `since` again and stages what changes;
    `commit` lands it. `progress` is told how many bytes of the archive are read, of how many, and
    how many pages that were."""
    report = Reparsed(await asyncio.to_thread(stage, run.desk))
    files = await asyncio.to_thread(archived, run.desk, since.date() if since else None)
    size, left = sum(file.size for file in files), [*reversed(files)]
    pages = _pages(run, left, since, report)
    while chunk := await asyncio.to_thread(next_chunk, pages):
        report.pages += len(chunk)
        await _reparse_chunk(run, chunk, report)
        progress(size - sum(file.size for file in left), size, report.pages)
    return report


async def commit(run: Run, report: Reparsed) -> int:
    """Lands and loads what was staged; returns how many batches."""
    count = await asyncio.to_thread(commit_staged, report.staged, run.desk)
    await run.load()
    return count


def _pages(
    run: Run, left: list[ArchiveFile], since: datetime | None, report: Reparsed
) -> Iterator[RecordedPage]:
    """The pages of the files that are `left`, the last one first; a file leaves them when it is
    opened."""
    limits = Limits(run.settings.max_body, run.settings.fetch().max_unpack_ratio)
    while left:
        file = left.pop()
        # Another run may have deleted it meanwhile: it was old enough.
        with suppress(FileNotFoundError), run.desk.raw.open(file.name) as opened:
            for record in gather(read_warc(opened, file.name, limits, latest=END_OF_TIME)):
                if isinstance(record, SkippedRecord):
                    report.passed[record.reason] += 1
                elif since is None or record.page.fetched_at >= since:
                    yield record


async def _reparse_chunk(run: Run, chunk: Sequence[RecordedPage], report: Reparsed) -> None:
    ids = sorted({number for recorded in chunk for number in recorded.entry_ids})
    known = await run.in_warehouse(lambda wh: known_entries(wh, ids))
    entries = [
        [known[number] for number in recorded.entry_ids if number in known] for recorded in chunk
    ]
    found = await run_all(
        _parse(run, recorded, of) for recorded, of in zip(chunk, entries, strict=True)
    )
    articles = {one.waiting.article_id for of in entries for one in of} - {None}
    articles |= {one.article_id for one in found if isinstance(one, Article)}
    wanted = [number for number in articles if number is not None]
    readings = await run.in_warehouse(lambda wh: readings_of(wh, wanted))
    today = Today(run.now(), run.topics.digest, run.settings)
    differences = [
        compare(recorded.page, result, of, readings, today)
        for recorded, result, of in zip(chunk, found, entries, strict=True)
    ]
    _note(report, differences)
    await _stage(run, report.staged, differences, today)


async def _parse(
    run: Run, recorded: RecordedPage, entries: Sequence[KnownEntry]
) -> Article | Rejection | PressclipError:
    url = recorded.page.final_url
    own = next((known for known in entries if speaks_for(known.waiting, url)), None)
    led = own or (entries[0] if entries else None)
    if led is None or led.waiting.entry.feed_id == BY_HAND:
        hint, stranger = None, None
    else:
        hint, stranger = led.waiting.entry, None if own else address_of(led.waiting)
    try:
        found = await run.pool.page(
            recorded.page, hint, keep_off_topic=led is not None and hint is None, stranger=stranger
        )
        if isinstance(found, Rejection) or not recorded.further:
            return found
        others = [await run.pool.page(page, None, keep_off_topic=True) for page in recorded.further]
        return await run.pool.joined([found, *(o for o in others if isinstance(o, Article))])
    except PressclipError as error:
        return error


def _note(report: Reparsed, differences: Sequence[Difference]) -> None:
    for difference in differences:
        report.changes[difference.change] += 1
        if difference.change is not Change.NONE and report.changes[difference.change] <= EXAMPLES:
            report.examples.append(
                Difference(difference.change, difference.url, difference.before, difference.after)
            )


async def _stage(run: Run, staged: Desk, differences: Sequence[Difference], today: Today) -> None:
    articles = tuple(difference.article for difference in differences if difference.article)
    if not articles:
        return
    batch = run.batch(
        "reparse",
        at=today.now,
        articles=articles,
        outcomes=tuple(each.outcome for difference in differences for each in difference.harvested),
        topics_digest=today.digest,
    )
    await asyncio.to_thread(land, staged, batch)
