"""How far a run or a long command is: bars on a terminal, a few plain lines where nobody watches;
and what a command says of a warehouse that another process holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from types import TracebackType
from typing import TYPE_CHECKING, Self

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Column
from rich.text import Text

from flows.cli.output.console import complain, console, one_line
from flows.run.listener import LogListener
from flows.wording import how_many

if TYPE_CHECKING:
    from flows.decisions.feed_state import Poll
    from warehouse.loading.load import LoadReport
    from warehouse.published.publish import Published
    from warehouse.records import EntryOutcome


SECONDS_PER_LINE = 30.0
"""Where nobody watches."""


class ProgressListener:
    """Shows a run as it goes; use as a context manager."""

    tells = False

    def __init__(self) -> None:
        self._console: Console = console(to_stderr=True)
        self._bars = Progress(
            TextColumn("{task.description:<9}"),
            BarColumn(bar_width=20),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            # It grows as a run goes on; it gets what the others leave, and squeezes none of them.
            TextColumn(
                "{task.fields[note]}",
                table_column=Column(ratio=1, no_wrap=True, overflow="ellipsis"),
            ),
            expand=True,
            console=self._console,
            disable=not self._console.is_terminal,
        )
        self._poll: TaskID | None = None
        self._harvest: TaskID | None = None
        self._new = 0
        self._states: Counter[str] = Counter()
        self._said: set[str] = set()

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bars.stop()

    def feeds_due(self, count: int) -> None:
        self._line(f"poll: {how_many(count, 'feed')} due")
        self._poll = self._bars.add_task("poll", total=count, note="")

    def feed_polled(self, poll: Poll) -> None:
        self._new += len(poll.entries)
        if self._poll is not None:
            self._bars.update(self._poll, advance=1, note=how_many(self._new, "entry"))

    def entries_waiting(self, count: int) -> None:
        self._line(f"harvest: {how_many(count, 'entry')} waiting")
        if self._harvest is None:
            self._harvest = self._bars.add_task("harvest", total=0, note="")
        total = self._bars.tasks[self._bars.task_ids.index(self._harvest)].total or 0
        self._bars.update(self._harvest, total=total + count)

    def entry_decided(self, outcome: EntryOutcome) -> None:
        self._states[outcome.state.value.replace("_", " ")] += 1
        # What was stored comes first: on a narrow screen the end of the note is cut.
        states = sorted(self._states.items(), key=lambda item: (item[0] != "stored", item[0]))
        note = " · ".join(f"{count} {state}" for state, count in states)
        if self._harvest is not None:
            self._bars.update(self._harvest, advance=1, note=note)

    def batch_loaded(self, report: LoadReport) -> None:
        if decided := self._states.total():
            self._line_once(f"harvest: {how_many(decided, 'entry')} decided")

    def copy_published(self, published: Published) -> None:
        """Nothing: the summary tells where the copy is."""

    def held_up(self, message: str) -> None:
        if message in self._said:
            return
        self._said.add(message)
        self._console.print(Text(one_line(message), style="yellow"), soft_wrap=True)

    def _line_once(self, message: str) -> None:
        if message not in self._said:
            self._said.add(message)
            self._line(message)

    def _line(self, message: str) -> None:
        if not self._console.is_terminal:
            self._console.print(message)


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


@contextmanager
def reading(what: str) -> Iterator[Callable[[int, int, int, int], None]]:
    """What is told how many bytes are read, of how many, how many pages that were and how many
    articles were kept. A bar on a terminal, a line now and then elsewhere."""
    screen, began, said = console(to_stderr=True), monotonic(), monotonic()
    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=20),
        TaskProgressColumn(),
        TextColumn("{task.fields[told]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=screen, transient=True, disable=not screen.is_terminal) as bars:
        bar = bars.add_task(what, total=None, told="")

        def tell(done: int, total: int, pages: int, kept: int) -> None:
            nonlocal said
            rate = pages / max(0.001, monotonic() - began)
            told = f"{how_many(pages, 'page')}, {rate:.0f} a second, {kept} kept"
            bars.update(bar, completed=done, total=total, told=told)
            if not screen.is_terminal and monotonic() - said >= SECONDS_PER_LINE:
                said = monotonic()
                screen.print(f"{done / max(1, total):.0%} read: {told}")

        yield tell


class WaitingListener(LogListener):
    """For commands without a progress bar: says what is waited for, and leaves the rest to the
    log."""

    def held_up(self, message: str) -> None:
        if message not in self._said:
            self._said.add(message)
            complain(message)


def end_where_behind(behind: bool) -> None:
    """Ends a command whose batches wait to be loaded; its listener has said who is waited for."""
    if behind:
        raise typer.Exit(75)
