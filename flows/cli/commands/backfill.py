"""`pressclip backfill`: articles of the past, from crawls and sitemaps."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli import options
from flows.cli.commands.ingest import stop_on_sigterm
from flows.cli.output.console import complain, console, print_json, say
from flows.cli.output.progress import WaitingListener, end_where_behind
from flows.settings import Settings, read_file, read_settings
from flows.wording import how_many
from parsers.errors import Drop

if TYPE_CHECKING:
    from flows.steps.backfill.report import Backfilled


def command(
    names: Annotated[
        list[str],
        typer.Argument(metavar="FILE.warc.gz|URL…", help="Files of crawls, or links to sitemaps."),
    ],
    since: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"],
            metavar="DAY",
            help="Only pages recorded, changed or published since then (UTC).",
        ),
    ] = None,
    topics: options.Topics = None,
    warehouse: options.Warehouse = None,
    json: options.Json = False,
) -> None:
    """Take articles of the past from crawls (WARC files) and sitemaps.

    They go the way of all articles, but raise no alerts. Pages of a crawl are not fetched; those
    of a sitemap are, as politely as ever, which takes its time. Stopped and started again, it goes
    on where it was; a second time adds nothing.
    """
    settings = read_settings(warehouse=warehouse, topics=topics)
    for name in names:
        _check_name(name)
    start = since.replace(tzinfo=UTC) if since else None
    reports, behind = asyncio.run(_backfill(settings, names, start))
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
    from flows.steps.backfill.crawls import backfill_crawl
    from flows.steps.backfill.sitemaps import backfill_sitemap
    from flows.steps.publish import publish_copy

    stop_on_sigterm()
    reports = []
    with console(to_stderr=True).status("Reading …") as shown:
        listener = WaitingListener()
        async with open_run(settings, listener) as run, run.alone("backfill"):
            for name in names:
                if is_link(name):
                    report = await backfill_sitemap(run, name, since, shown.update)
                else:
                    report = await backfill_crawl(run, Path(name), since, shown.update)
                reports.append((name, report))
            if not run.behind:
                await publish_copy(run)
            return reports, run.behind


def _check_name(name: str) -> None:
    """Raises Drop for what can't be read, before anything is."""
    from flows.steps.add import is_link

    if is_link(name) and name.lower().rstrip("/").endswith((".warc", ".warc.gz")):
        raise Drop("remote_warc", f"Download {name} first, and name the file.")
    if not is_link(name) and not Path(name).is_file():
        read_file(Path(name), "crawl")


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
