"""What a person sees: lines and messages, and nothing that could drive their terminal.

Titles and texts come from other people's servers; control characters in them are replaced before
anything is shown, so that a headline can't move the cursor or forge a line.
"""

from __future__ import annotations

import logging
import sys

from rich.console import Console
from rich.text import Text

from flows.cells import harmless

WIDE = 160
"""Columns of what is not shown on a terminal (a file, a pipe)."""


def console(*, to_stderr: bool = False) -> Console:
    """A console on standard output or error; without colour where NO_COLOR says so."""
    stream = sys.stderr if to_stderr else sys.stdout
    return Console(
        file=stream, width=None if stream.isatty() else WIDE, highlight=False, soft_wrap=False
    )


def say(message: str, *, style: str | None = None) -> None:
    """A line on standard output."""
    console().print(Text(harmless(message), style=style or ""), soft_wrap=True)


def remark(message: str) -> None:
    """A line about what was shown, or that there is nothing to show: among what is read on a
    terminal, beside what a program takes."""
    console(to_stderr=not sys.stdout.isatty()).print(Text(harmless(message)), soft_wrap=True)


def complain(message: str) -> None:
    """A line on standard error."""
    console(to_stderr=True).print(Text(harmless(f"pressclip: {message}")), soft_wrap=True)


class PlainLog(logging.Formatter):
    """Log lines that can't drive a terminal: addresses and error texts in them are strangers'."""

    def format(self, record: logging.LogRecord) -> str:
        return harmless(super().format(record))
