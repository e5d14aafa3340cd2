"""`pressclip reparse`: today's parsers over the archive of raw pages."""

from __future__ import annotations

import asyncio
import sys
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli import options
from flows.cli.commands.ingest import stop_on_sigterm
from flows.cli.output.console import complain, say
from flows.cli.output.forms import print_json
from flows.cli.output.progress import WaitingListener, counted, end_where_behind, megabytes
from flows.cli.output.tables import columns, show
from flows.settings import read_settings
from flows.wording import how_many

if TYPE_CHECKING:
    from flows.run.context import Run
    from flows.steps.reparse import Reparsed

Since = Annotated[
    datetime | None,
    options.since("Only pages fetched since then (UTC)"),
]


def command(
    since: Since = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would change, and change nothing.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Commit without asking.")] = False,
    topics: options.Topics = None,
    warehouse: options.Warehouse = None,
    json: options.Json = False,
) -> None:
    """Parse the archived pages again with today's parsers and topics.

    Shows what would change before anything does, and asks. A better text of the same page takes
    the place of the one before: it is no revision of the publisher's. Nothing stored is deleted.

    Examples:
      pressclip reparse --dry-run
      pressclip reparse --since 2026-03-01 --yes
    """
    from flows.run.context import open_run
    from flows.steps.reparse import reparse

    settings = read_settings(warehouse=warehouse, topics=topics)
    asks = not dry_run and not yes
    if asks and not sys.stdin.isatty():
        complain("nobody can be asked here: say --dry-run to look, or --yes to commit.")
        raise typer.Exit(2)

    async def work() -> bool:
        stop_on_sigterm()
        listener = WaitingListener()
        async with open_run(settings, listener) as run, run.alone("reparse"):
            with counted("archive", "MB") as bar:
                report = await reparse(
                    run,
                    since,
                    progress=lambda done, size, pages: bar.tell(
                        megabytes(done), megabytes(size), how_many(pages, "page")
                    ),
                )
            _show(report, json=json)
            agreed = yes or (asks and report.to_commit and typer.confirm("Commit this?"))
            await _end(run, report, agreed=not dry_run and bool(agreed), json=json)
            return run.behind

    end_where_behind(asyncio.run(work()))


async def _end(run: Run, report: Reparsed, *, agreed: bool, json: bool) -> None:
    from flows.steps.publish import publish_copy
    from flows.steps.reparse import commit

    if agreed and report.to_commit:
        await commit(run, report)
        if not run.behind:
            await publish_copy(run)
    if not json:
        committed = "Landed" if run.behind else "Committed"
        done = committed if agreed and report.to_commit else "Nothing was changed"
        say(f"{done}. {report.to_commit} articles differ, of {how_many(report.pages, 'page')}.")


def _show(report: Reparsed, *, json: bool) -> None:
    from flows.decisions.reparse_diff import Change

    kinds = [(kind.value, report.changes[kind]) for kind in Change]
    examples = [
        (example.change.value, example.url, example.before, example.after)
        for example in report.examples
    ]
    if json:
        rows = [
            {"change": change, "url": url, "before": before, "after": after}
            for change, url, before, after in examples
        ]
        broken = dict(report.passed)
        print_json(
            {"pages": report.pages, "unread": broken, "changes": dict(kinds), "examples": rows}
        )
        return
    show(columns(("change", "pages"), kinds))
    if examples:
        show(columns(("change", "page", "before", "after"), examples))
    for reason, count in report.passed.items():
        complain(f"{how_many(count, 'record')} of the archive could not be read: {reason}")
