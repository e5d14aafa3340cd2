"""What a run says while it works."""

from __future__ import annotations

import logging

import pytest

from flows.cli.output.progress import ProgressListener, WaitingListener
from flows.run.listener import Listener, LogListener


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
