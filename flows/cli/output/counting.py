"""How far something long is, where somebody watches."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from flows.cli.output.console import console


@contextmanager
def counted(what: str) -> Iterator[Callable[[int, int], None]]:
    """What is told how many are done, of how many; the bar is gone at the end. On no terminal it
    shows nothing."""
    screen = console(to_stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(bar_width=20), MofNCompleteColumn())
    with Progress(
        *columns,
        TimeRemainingColumn(),
        console=screen,
        transient=True,
        disable=not screen.is_terminal,
    ) as bars:
        bar = bars.add_task(what, total=None, visible=False)
        yield lambda done, total: bars.update(bar, completed=done, total=total, visible=True)
