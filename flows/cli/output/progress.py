"""How far a run or a long command is: bars on a terminal, a line now and then where nobody watches;
and what a command says of a warehouse that another process holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from time import monotonic
from types import TracebackType
from typing import TYPE_CHECKING, Self

import typer
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    Task,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Column
from rich.text import Text

from flows.cells import in_one_line
from flows.cli.output.console import complain, console
from flows.run.listener import LogListener
from flows.wording import how_many, how_much_time, now_followed

if TYPE_CHECKING:
    from flows.decisions.feed_state import Poll
    from warehouse.loading.load import LoadReport
    from warehouse.published.publish import Published
    from warehouse.records import EntryOutcome, Feed


SECONDS_PER_LINE = 30.0
"""Where nobody watches."""


class _Counts(ProgressColumn):
    """How many are done, of how many, and how many a second."""

    def render(self, task: Task) -> Text:
        total = "?" if task.total is None else f"{task.total:.0f}"
        rate = f" {_rate(task.speed)}/s" if task.speed else ""
        return Text(f"{task.completed:.0f}/{total}{rate}", style="progress.download")


def _rate(speed: float) -> str:
    return f"{speed:.0f}" if speed >= 10 else f"{speed:.1f}"


class Bars:
    """What is at work, a bar for each; use as a context manager."""

    def __init__(self, *, transient: bool = False) -> None:
        self.screen = console(to_stderr=True)
        self._shown = Progress(
            TextColumn("{task.description:<9}"),
            BarColumn(bar_width=20),
            _Counts(),
            TimeRemainingColumn(compact=True, elapsed_when_finished=True),
            # It grows as a run goes on; it gets what the others leave, and squeezes none of them.
            TextColumn(
                "{task.fields[note]}",
                table_column=Column(ratio=1, no_wrap=True, overflow="ellipsis"),
            ),
            expand=True,
            transient=transient,
            console=self.screen,
            disable=not self.screen.is_terminal,
        )

    def __enter__(self) -> Self:
        self._shown.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._shown.stop()

    def bar(self, what: str, unit: str) -> Bar:
        """A new one, of `what` is done with things that are called `unit`, in the plural; it is
        shown once it is told anything."""
        task = self._shown.add_task(what, total=None, visible=False, note="")
        return Bar(self, task, what, unit)

    def line(self, message: str) -> None:
        """Said where there are no bars."""
        if not self.screen.is_terminal:
            self.screen.print(message, markup=False, soft_wrap=True)

    def update(self, task: TaskID, done: int, total: int, note: str) -> None:
        """What a bar of these shows now."""
        self._shown.update(task, completed=done, total=total, note=note, visible=True)


class Bar:
    """How far one thing is."""

    def __init__(self, bars: Bars, task: TaskID, what: str, unit: str) -> None:
        self._bars, self._task, self._what, self._unit = bars, task, what, unit
        self._began = self._said = monotonic()

    def tell(self, done: int, total: int, note: str = "") -> None:
        """So many are done, of so many, and what else is to be said."""
        self._bars.update(self._task, done, total, note)
        now = monotonic()
        if now - self._said >= SECONDS_PER_LINE:
            self._said = now
            told = course(done, total, self._unit, now - self._began)
            self._bars.line(f"{self._what}: {told}{note and f'; {note}'}")


def course(done: int, total: int, unit: str, seconds: float) -> str:
    """How far something is after so many `seconds`, in words."""
    said = f"{done} of {total} {unit}"
    if not done or seconds <= 0:
        return said
    rate = done / seconds
    left = how_much_time(max(0, total - done) / rate)
    return f"{said}, {_rate(rate)} a second, {left} left"


class ProgressListener:
    """Shows a run as it goes; use as a context manager."""

    tells = False

    def __init__(self) -> None:
        self.bars = Bars()
        self._poll = self.bars.bar("poll", "feeds")
        self._harvest = self.bars.bar("harvest", "entries")
        self._feeds = self._polled = self._new = self._entries = 0
        self._states: Counter[str] = Counter()
        self._said: set[str] = set()

    def __enter__(self) -> Self:
        self.bars.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.bars.__exit__(kind, error, trace)

    def feeds_due(self, count: int) -> None:
        self.bars.line(f"poll: {how_many(count, 'feed')} due")
        self._feeds += count
        self._show_poll()

    def feed_polled(self, poll: Poll) -> None:
        self._polled += 1
        self._new += len(poll.entries)
        self._show_poll()

    def _show_poll(self) -> None:
        self._poll.tell(self._polled, self._feeds, how_many(self._new, "entry"))

    def entries_waiting(self, count: int) -> None:
        self.bars.line(f"harvest: {how_many(count, 'entry')} waiting")
        self._entries += count
        self._show_harvest()

    def entry_decided(self, outcome: EntryOutcome) -> None:
        if self._entries:  # else it is of a crawl, which has a bar of its own
            self._states[outcome.state.value.replace("_", " ")] += 1
            self._show_harvest()

    def _show_harvest(self) -> None:
        # What was stored comes first: on a narrow screen the end of the note is cut.
        states = sorted(self._states.items(), key=lambda item: (item[0] != "stored", item[0]))
        note = " · ".join(f"{count} {state}" for state, count in states)
        self._harvest.tell(self._states.total(), self._entries, note)

    def batch_loaded(self, report: LoadReport) -> None:
        """Nothing: the bars tell how far the run is."""

    def feeds_followed(self, feeds: Sequence[Feed]) -> None:
        for feed in feeds:
            self.bars.screen.print(Text(in_one_line(now_followed(feed))), soft_wrap=True)

    def copy_published(self, published: Published) -> None:
        """Nothing: the summary tells where the copy is."""

    def held_up(self, message: str) -> None:
        if message not in self._said:
            self._said.add(message)
            text = Text(in_one_line(message), style="yellow")
            self.bars.screen.print(text, soft_wrap=True)


@contextmanager
def counted(what: str, unit: str) -> Iterator[Bar]:
    """A bar that is gone at the end."""
    with Bars(transient=True) as bars:
        yield bars.bar(what, unit)


@contextmanager
def busy(what: str) -> Iterator[None]:
    """Says on a terminal that `what` is being done, of which nobody knows how far it is."""
    screen = console(to_stderr=True)
    if not screen.is_terminal:
        yield
        return
    with screen.status(f"{what} …"):
        yield


def megabytes(size: int) -> int:
    """Whole megabytes, begun ones included."""
    return -(-size // 1_000_000)


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
