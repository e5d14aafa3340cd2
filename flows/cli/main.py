"""The command line: one file a command group, errors turned into exit codes in one place.

Exit codes: 0 done · 1 failed, and the message says what to do · 2 wrong usage · 75 try again
later (EX_TEMPFAIL of sysexits: the warehouse is held, another run is at work) · 130 interrupted,
143 terminated.
"""

from __future__ import annotations

import asyncio
import errno
import importlib
import importlib.metadata
import logging
import os
import signal
import sys
from types import FrameType
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from flows.cli.output.console import PlainLog, complain, say
from parsers.errors import PressclipError, Retry

_HELP_OPTIONS = {"help_option_names": ["-h", "--help"]}
_COMMANDS = {
    "ingest": "ingest:command",
    "add": "add:command",
    "backfill": "backfill:command",
    "reparse": "reparse:command",
    "clippings": "read:clippings",
    "search": "search:command",
    "export": "export:command",
    "sql": "read:sql",
    "status": "read:status",
    "feeds": "feeds:app",
    "outlets": "outlets:app",
    "failures": "failures:app",
    "warehouse": "warehouse:app",
    "maintain": "warehouse:maintain",
    "push": "push:app",
    "server": "server:app",
    "trigger": "trigger:command",
    "settings": "settings:command",
    "demo": "demo:command",
    "newsstand": "demo:newsstand",
}
"""Commands in the order of the help: the module of this package and what in it they are."""


class Terminated(BaseException):
    """SIGTERM, where nobody who listens to it is at work yet."""


def _terminate(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - what signals give
    raise Terminated


class _Group(TyperGroup):
    """Imports a command when it is asked for, because those that fetch and parse take a second
    to import; and ends one that raised one of our errors with its message and exit code."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        # Only the names: what Typer looks through for the one that was meant.
        self.commands = dict.fromkeys(_COMMANDS, typer.core.TyperCommand(None))

    def list_commands(self, ctx: Any) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in _COMMANDS:
            return None
        module, attribute = _COMMANDS[cmd_name].split(":")
        found = getattr(importlib.import_module(f"flows.cli.commands.{module}"), attribute)
        part = typer.Typer(rich_markup_mode="rich", context_settings=_HELP_OPTIONS)
        part.callback()(lambda: None)
        if isinstance(found, typer.Typer):
            part.add_typer(found, name=cmd_name)
        else:
            part.command(cmd_name)(found)
        return typer.main.get_group(part).commands[cmd_name]

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
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
            complain(f"{error.filename or 'the system'}: {error.strerror}. Fix this and try again.")
            raise typer.Exit(1) from None
        except (KeyboardInterrupt, asyncio.CancelledError, Terminated) as stop:
            complain("stopped. What was collected is kept; the next run goes on from here.")
            raise typer.Exit(130 if isinstance(stop, KeyboardInterrupt) else 143) from None


app = typer.Typer(
    cls=_Group,
    name="pressclip",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings=_HELP_OPTIONS,
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
