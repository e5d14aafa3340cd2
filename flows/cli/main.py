"""The command line: one file a command group, errors turned into exit codes in one place.

Exit codes: 0 done · 1 failed, and the message says what to do · 2 wrong usage · 75 try again
later (EX_TEMPFAIL of sysexits: the warehouse is held, another run is at work) · 130 interrupted,
143 terminated.
"""

from __future__ import annotations

import asyncio
import importlib.metadata
import logging
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from flows.cli import (
    add,
    demo,
    export,
    failures,
    feeds,
    ingest,
    push,
    read,
    server,
    settings,
    trigger,
    warehouse,
)
from flows.cli.console import complain, say
from parsers.errors import PressclipError, Retry


class _Group(TyperGroup):
    """Ends a command that raised one of our errors with its message and exit code."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except PressclipError as error:
            complain(error.message)
            raise typer.Exit(75 if isinstance(error, Retry) else 1) from None
        except OSError as error:
            complain(
                f"{error.filename or 'the system'}: {error.strerror}. Mend that and try again."
            )
            raise typer.Exit(1) from None
        except (KeyboardInterrupt, asyncio.CancelledError) as stop:
            complain("stopped. What was collected is kept; the next run goes on from here.")
            raise typer.Exit(130 if isinstance(stop, KeyboardInterrupt) else 143) from None


app = typer.Typer(
    cls=_Group,
    name="pressclip",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
    help=(
        "A press-clipping desk in a DuckDB file: watches feeds, keeps the articles on your "
        "topics, folds the copies.\n\n"
        "Start with [bold]pressclip ingest[/bold], then [bold]pressclip clippings[/bold] or "
        '[bold]pressclip sql "select * from clippings"[/bold]. Every option that an environment '
        "variable sets is listed by [bold]pressclip settings[/bold]."
    ),
    epilog=(
        "Exit codes: 0 done, 1 failed (the message says what to do), 2 wrong usage, "
        "75 try again later, 130 interrupted, 143 terminated."
    ),
)


def _say_version(wanted: bool) -> None:
    if wanted:
        say(f"pressclip {importlib.metadata.version('pressclip')}")
        raise typer.Exit


@app.callback()
def _options(
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Log what happens.")] = False,
    version: Annotated[  # noqa: ARG001 - its callback has answered already
        bool,
        typer.Option(
            "--version", help="Which pressclip this is.", callback=_say_version, is_eager=True
        ),
    ] = False,
) -> None:
    logging.basicConfig(
        level=logging.INFO if verbose else logging.ERROR,
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
    )
    logging.getLogger("httpx").setLevel(logging.WARNING)
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)


app.command("ingest")(ingest.command)
app.command("add")(add.command)
app.command("clippings")(read.clippings)
app.command("export")(export.command)
app.command("sql")(read.sql)
app.command("status")(read.status)
app.add_typer(feeds.app, name="feeds")
app.add_typer(failures.app, name="failures")
app.add_typer(warehouse.app, name="warehouse")
app.command("maintain")(warehouse.maintain)
app.add_typer(push.app, name="push")
app.add_typer(server.app, name="server")
app.command("trigger")(trigger.command)
app.command("settings")(settings.command)
app.command("demo")(demo.command)
app.command("newsstand")(demo.newsstand)


def main() -> None:
    """The console script."""
    app()
