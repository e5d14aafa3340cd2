"""What a run says while it works."""

from __future__ import annotations

import logging
from datetime import UTC, datetime

import pytest

from flows.cli.output import progress
from flows.cli.output.progress import ProgressListener, WaitingListener
from flows.run.listener import Listener, LogListener
from warehouse.loading.load import LoadReport
from warehouse.records import EntryOutcome, EntryState


@pytest.mark.parametrize("kind", [LogListener, ProgressListener, WaitingListener])
def test_one_line_is_said_once(
    kind: type[Listener],
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    listener = kind()
    with caplog.at_level(logging.INFO):
        for message in ("a.example rests.", "b.example rests.", "a.example rests."):
            listener.held_up(message)
    said = capsys.readouterr().err + caplog.text
    assert (said.count("a.example"), said.count("b.example")) == (1, 1)


def test_a_log_gets_a_line_now_and_then(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 100.0
    monkeypatch.setattr(progress, "monotonic", lambda: now)
    with ProgressListener() as listener:
        listener.entries_waiting(600)
        for entry in range(90):
            now += 0.5
            listener.entry_decided(EntryOutcome(entry, EntryState.DEAD, datetime.now(UTC)))
            listener.batch_loaded(LoadReport())
    assert capsys.readouterr().err.splitlines() == [
        "harvest: 600 entries waiting",
        "harvest: 60 of 600 entries, 2.0 a second, 4 min left; 60 dead",
    ]


@pytest.mark.parametrize(
    ("done", "seconds", "said"),
    [
        (0, 5.0, "0 of 8000 pages"),
        (40, 4.0, "40 of 8000 pages, 10 a second, 13 min left"),
        (10, 30.0, "10 of 8000 pages, 0.3 a second, 6 h 40 min left"),
        (8000, 100.0, "8000 of 8000 pages, 80 a second, 0 s left"),
    ],
)
def test_how_far_it_is_comes_with_rate_and_time_left(done: int, seconds: float, said: str) -> None:
    assert progress.course(done, 8000, "pages", seconds) == said
