"""Processes that outlive the command which started them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from flows.server import processes
from flows.server.processes import marked, start, stop
from tests.waiting import PATIENCE


def test_what_was_started_is_found_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a busy machine one in a hundred was not, since the system shows no environment of a
    process that a program is just taking over; and `server up` said that it had ended."""
    empty_looks = [(), (), ()]
    monkeypatch.setattr(
        processes, "marked", lambda mark: empty_looks.pop() if empty_looks else marked(mark)
    )
    started = start("sleeper", str(tmp_path), ["/bin/sleep", "60"], os.environ, tmp_path / "log")
    assert empty_looks == []
    assert stop(str(tmp_path), "sleeper", grace=10) == 1
    started.wait(timeout=PATIENCE)


def test_what_ended_at_once_is_not_waited_for(tmp_path: Path) -> None:
    start("nobody", str(tmp_path), ["/bin/true"], os.environ, tmp_path / "log").wait()
    assert marked(str(tmp_path)) == ()


def test_stopping_ends_those_of_a_role_only(tmp_path: Path) -> None:
    mark, log = str(tmp_path), tmp_path / "log"
    server = start("server", mark, ["/bin/sleep", "60"], os.environ, log)
    worker = start("worker", mark, ["/bin/sleep", "60"], os.environ, log)
    assert stop(mark, "server", grace=10) == 1
    assert [process.pid for process in marked(mark)] == [worker.pid]
    assert server.wait(timeout=PATIENCE) < 0
    assert stop(mark, "worker", grace=10) == 1
    worker.wait(timeout=PATIENCE)


def test_a_mark_may_be_any_path(tmp_path: Path) -> None:
    """A folder's name may hold blanks, and what looks like another variable, or like a role."""
    mark = str(tmp_path / "My desk" / "A=b: c")
    started = start("sleeper", mark, ["/bin/sleep", "60"], os.environ, tmp_path / "log")
    assert [(process.pid, process.role, process.leads) for process in marked(mark)] == [
        (started.pid, "sleeper", True)
    ]
    assert stop(mark, "sleeper", grace=10) == 1
    started.wait(timeout=PATIENCE)
