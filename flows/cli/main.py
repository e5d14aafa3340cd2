"""The command line: all commands in a table, errors turned into exit codes in one place.

Exit codes: 0 done · 1 failed, and the message says what to do · 2 wrong usage · 75 try again
later (EX_TEMPFAIL of sysexits: the warehouse is held, another run is at work) · 130 interrupted,
143 terminated.
"""

from __future__ import annotations

import asyncio
import errno
import importlib.metadata
import logging
import os
import signal
import sys
from types import FrameType
from typing import Annotated, Any

import typer

from flows.cli.groups import HELP_OPTIONS, Commands, Entry
from flows.cli.output.console import PlainLog, complain, say
from parsers.errors import PressclipError, Retry


class Terminated(BaseException):
    """SIGTERM, where nobody who listens to it is at work yet."""


def _terminate(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - what signals give
    raise Terminated


_COLLECT, _READ = "Collect", "Read"
_CHOOSE, _KEEP = "Choose and mend", "Keep running"


def _what_is_wrong(error: OSError) -> str:
    """What keeps a file from being read or written, and what to do."""
    path = error.filename or "the system"
    if isinstance(error, FileNotFoundError):
        return f"there is no {path}. Check the path."
    if isinstance(error, IsADirectoryError):
        return f"{path} is a folder. Name a file in it."
    if isinstance(error, NotADirectoryError | FileExistsError):
        return f"{path} needs a folder where a file stands. Name another place."
    return f"{path}: {error.strerror}. Fix this and try again."


class _Commands(Commands):
    """All of them, in the order of the help; and how they end that raise one of our errors."""

    entries = {  # noqa: RUF012 - as its base says
        "ingest": Entry(
            "ingest:command", "Poll feeds, fetch what is new, load, publish.", _COLLECT
        ),
        "add": Entry("add:command", "File single links, saved pages and documents.", _COLLECT),
        "backfill": Entry("backfill:command", "Take articles from crawls and sitemaps.", _COLLECT),
        "reparse": Entry("reparse:command", "Parse archived pages again.", _COLLECT),
        "demo": Entry("demo:command", "See it all at work on a made-up press.", _COLLECT),
        "newsstand": Entry("demo:newsstand", "Serve the made-up press to a browser.", _COLLECT),
        "clippings": Entry("read:clippings", "Show the newest stories on your topics.", _READ),
        "story": Entry("read:story", "Tell one story: who was first, and who has it.", _READ),
        "search": Entry("search:command", "Find articles by their words, best first.", _READ),
        "sql": Entry("read:sql", "Answer a query from the published copy.", _READ),
        "status": Entry("read:status", "Tell whether anything is lost or stale.", _READ),
        "export": Entry("export:command", "Write tables and feeds to files.", _READ),
        "web": Entry("read:web", "Show the desk in a browser.", _READ),
        "feeds": Entry("feeds:app", "List, add, move, remove and check feeds.", _CHOOSE),
        "outlets": Entry("outlets:app", "List outlets, and name them.", _CHOOSE),
        "failures": Entry("failures:app", "List what fails, retry it, drop it.", _CHOOSE),
        "server": Entry("server:app", "Run on a Prefect server, by schedule.", _KEEP),
        "push": Entry("push:app", "Take pushes of feeds that tell what is new.", _KEEP),
        "maintain": Entry("warehouse:maintain", "Check the warehouse and tidy it up.", _KEEP),
        "warehouse": Entry("warehouse:app", "Check, back up, restore and move it.", _KEEP),
        "settings": Entry("settings:command", "Show every setting and its value.", _KEEP),
        # As it was called before it joined the server's.
        "trigger": Entry("trigger:command", "Start a deployment on the Prefect server.", None),
    }

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except typer.BadParameter as error:
            # Typer tells of a wrong choice in the words of Pydantic.
            error.message = error.message.removeprefix("Value error, ")
            raise
        except PressclipError as error:
            complain(error.message)
            raise typer.Exit(75 if isinstance(error, Retry) else 1) from None
        except BrokenPipeError:
            # Whoever read our output has seen enough; Python must not try to flush the rest.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(141) from None
        except OSError as error:
            if error.errno in {errno.ENOSPC, errno.EDQUOT}:
                complain("the disk is full. Free some space and try again; nothing is lost.")
                raise typer.Exit(75) from None
            complain(_what_is_wrong(error))
            raise typer.Exit(1) from None
        except (KeyboardInterrupt, asyncio.CancelledError, Terminated) as stop:
            complain("stopped. What was collected is kept; the next run goes on from here.")
            raise typer.Exit(130 if isinstance(stop, KeyboardInterrupt) else 143) from None


app = typer.Typer(
    cls=_Commands,
    name="pressclip",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings=HELP_OPTIONS,
    help=(
        "A press-clipping desk in a DuckDB file: watches feeds, keeps the articles on your "
        "topics, folds the copies.\n\n"
        "Start with `pressclip ingest`, then `pressclip clippings` or "
        '`pressclip sql "select * from clippings"`. Every option that an environment '
        "variable sets is listed by `pressclip settings`."
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
    to_stderr = logging.StreamHandler()
    to_stderr.setFormatter(PlainLog("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.INFO if verbose else logging.ERROR, handlers=[to_stderr])
    logging.getLogger("httpx").setLevel(logging.WARNING)
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)


def main() -> None:
    """The console script."""
    # A command takes a second to import and may wait for a lock before its own run begins.
    signal.signal(signal.SIGTERM, _terminate)
    app()
