"""What a command says of a warehouse that another process holds, and how it ends then."""

from __future__ import annotations

import typer

from flows.cli.output.console import complain
from flows.tools import LogListener


class WaitingListener(LogListener):
    """For commands without a progress bar: says what is waited for, and leaves the rest to the
    log."""

    def held_up(self, message: str) -> None:
        complain(message)


def end_where_behind(behind: bool) -> None:
    """Ends a command whose batches wait to be loaded; its listener has said who is waited for."""
    if behind:
        raise typer.Exit(75)
