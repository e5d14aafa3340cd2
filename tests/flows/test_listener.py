"""What a run says while it works."""

from __future__ import annotations

import logging
from datetime import UTC, datetime

import pytest

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


def test_a_load_that_decided_nothing_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    listener = ProgressListener()
    for entry in (1, 2):
        listener.entry_decided(EntryOutcome(entry, EntryState.DEAD, datetime.now(UTC)))
        listener.batch_loaded(LoadReport())
        listener.batch_loaded(LoadReport())
    lines = capsys.readouterr().err.splitlines()
    assert lines == ["harvest: 1 entry decided", "harvest: 2 entries decided"]
