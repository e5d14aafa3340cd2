"""`pressclip backfill`: articles of the past, from crawls and sitemaps."""

from __future__ import annotations

import asyncio
import shutil
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli import options
from flows.cli.commands.ingest import stop_on_sigterm
from flows.cli.output.console import complain, say
from flows.cli.output.forms import print_json
from flows.cli.output.progress import Bars, ProgressListener, end_where_behind, megabytes
from flows.settings import Settings, read_file, read_settings
from flows.wording import how_many
from parsers.errors import Drop

if TYPE_CHECKING:
    from flows.run.context import Run
    from flows.steps.backfill.report import Backfilled

_SUFFIXES = (".warc", ".warc.gz")


def command(
    names: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE|FOLDER|-|URL",
            help="Files of crawls, folders of them, - for one that comes through a pipe, or links "
            "to sitemaps.",
        ),
    ],
    since: Annotated[
        datetime | None,
        options.since("Only pages recorded, changed or published since then (UTC)"),
    ] = None,
    topics: options.Topics = None,
    warehouse: options.Warehouse = None,
    json: options.Json = False,
) -> None:
    """Take articles of the past from crawls (WARC files) and sitemaps.

    They go the way of all articles, but raise no alerts. Pages of a crawl are not fetched; those
    of a sitemap are, as politely as ever, which takes its time. Stopped and started again, it goes
    on where it was; a second time adds nothing.

    Examples:
      pressclip backfill crawl.warc.gz --since 2026-01-01
      pressclip backfill https://example.com/sitemap.xml
      curl -s https://example.com/crawl.warc.gz | pressclip backfill -
    """
    settings = read_settings(warehouse=warehouse, topics=topics)
    for name in names:
        _check_name(name)
    reports, behind = asyncio.run(_backfill(settings, names, since))
    if json:
        print_json([{"from": name, **_facts(report)} for name, report in reports])
    else:
        for name, report in reports:
            _tell(name, report)
    end_where_behind(behind)


async def _backfill(
    settings: Settings, names: list[str], since: datetime | None
) -> tuple[list[tuple[str, Backfilled]], bool]:
    """What each of `names` brought, and whether some of it is landed only."""
    from flows.run.context import open_run
    from flows.steps.add import is_link
    from flows.steps.publish import publish_copy

    stop_on_sigterm()
    reports: list[tuple[str, Backfilled]] = []
    sitemaps = [name for name in names if is_link(name)]
    with ExitStack() as stack, ProgressListener() as shown:
        paths = [path for name in names if name not in sitemaps for path in _files(name, stack)]
        async with open_run(settings, shown) as run, run.alone("backfill"):
            if paths:
                reports += await _from_crawls(run, shown.bars, paths, since)
            for name in sitemaps:
                reports.append((name, await _from_sitemap(run, shown.bars, name, since)))
            if not run.behind:
                await publish_copy(run)
            return reports, run.behind


async def _from_crawls(
    run: Run, bars: Bars, paths: Sequence[Path], since: datetime | None
) -> list[tuple[str, Backfilled]]:
    from flows.steps.backfill.crawls import Done, backfill_crawls

    bar, began = bars.bar("crawl", "MB"), monotonic()

    def tell(done: Done) -> None:
        rate = done.pages / max(0.001, monotonic() - began)
        told = f"{how_many(done.pages, 'page')}, {rate:.0f}/s, {done.stored} kept"
        bar.tell(megabytes(done.read), megabytes(done.size), told)

    found = await backfill_crawls(run, paths, since, tell)
    return list(zip(map(str, paths), found, strict=True))


async def _from_sitemap(run: Run, bars: Bars, name: str, since: datetime | None) -> Backfilled:
    from flows.steps.backfill.sitemaps import backfill_sitemap

    bar = bars.bar("listed", "sitemaps")
    return await backfill_sitemap(
        run,
        name,
        since,
        lambda read, known, pages: bar.tell(read, known, how_many(pages, "page")),
    )


def _files(name: str, stack: ExitStack) -> list[Path]:
    """The files that a name stands for. What comes through a pipe is put into a file first: records
    are looked for in it from several places at once."""
    path = Path(name)
    if path.is_dir():
        return sorted(file for file in path.iterdir() if file.name.endswith(_SUFFIXES))
    if name != "-" and path.is_file():
        return [path]
    spool = Path(stack.enter_context(TemporaryDirectory()), "pipe.warc")
    with sys.stdin.buffer if name == "-" else path.open("rb") as pipe, spool.open("wb") as copy:
        shutil.copyfileobj(pipe, copy)
    return [spool]


def _check_name(name: str) -> None:
    """Raises Drop for what can't be read, before anything is."""
    from flows.steps.add import is_link

    if is_link(name) and name.lower().rstrip("/").endswith(_SUFFIXES):
        raise Drop("remote_warc", f"Download {name} first, and name the file.")
    path = Path(name)
    if is_link(name) or name == "-" or path.is_file() or path.is_fifo():
        return
    if not path.is_dir():
        read_file(path, "crawl")
    elif not any(file.name.endswith(_SUFFIXES) for file in path.iterdir()):
        raise Drop("not_warc", f"The folder {name} holds no .warc or .warc.gz file.")


def _facts(report: Backfilled) -> dict[str, object]:
    return {
        "pages": report.found,
        "known": report.known,
        "states": dict(report.states),
        "passed_over": dict(report.passed),
        "problems": report.problems,
    }


def _tell(name: str, report: Backfilled) -> None:
    states = [f"{count} {state.replace('_', ' ')}" for state, count in report.states.items()]
    passed = [f"{count} {reason}" for reason, count in report.passed.items()]
    say(
        f"{name}: {how_many(report.found, 'page')}, {report.known} known; "
        f"{', '.join(states) or 'nothing new'}."
    )
    if passed:
        say(f"  passed over: {', '.join(passed)}")
    for problem in report.problems:
        complain(problem)
