"""What a person sees: lines and messages, and nothing that could drive their terminal.

Titles and texts come from other people's servers; control characters in them are replaced before
anything is shown, so that a headline can't move the cursor or forge a line.
"""

from __future__ import annotations

import logging
import re
import sys

from rich.console import Console
from rich.text import Text

from parsers.text.characters import C0, C1

_CONTROL = re.compile(f"[{C0}{C1}\r\x85\u200e\u200f\u202a-\u202e\u2066-\u2069]")
WIDE = 160
"""Columns of what is not shown on a terminal (a file, a pipe)."""


def console(*, to_stderr: bool = False) -> Console:
    """A console on standard output or error; without colour where NO_COLOR says so."""
    stream = sys.stderr if to_stderr else sys.stdout
    return Console(
        file=stream, width=None if stream.isatty() else WIDE, highlight=False, soft_wrap=False
    )


def harmless(text: str) -> str:
    """`text` without what could drive a terminal; its line ends and tabs stay."""
    return _CONTROL.sub("�", text)


def one_line(text: str) -> str:
    """The same in one line."""
    return harmless(text).replace("\n", " ").replace("\t", " ")


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
