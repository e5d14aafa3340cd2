"""Processes that outlive the command which started them, found again by a mark they carry.

Each is started with a mark in its environment that everything it starts inherits. So there is no
pid file that could be stale, lost in a crash, or lead to somebody else's process: what carries
the mark is ours, and what is ours carries it.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

MARK = "PRESSCLIP_UP"


@dataclass(frozen=True, slots=True)
class Process:
    """A process that carries a mark."""

    pid: int
    role: str
    leads: bool
    """Whether it is the one that was started for the role, not one that this one started."""


def start(
    role: str, mark: str, command: Sequence[str], env: Mapping[str, str], log: Path
) -> subprocess.Popen[bytes]:
    """Starts `command` in a session of its own, its output appended to `log`. On return it can be
    found by its mark, or has ended."""
    with log.open("ab") as out:
        started = subprocess.Popen(  # noqa: S603 - our own commands
            command,
            env={**env, MARK: f"{role}:{mark}"},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            start_new_session=True,
            cwd=log.parent,
        )
    # For a moment after a program has taken a process over, its environment looks empty.
    while started.poll() is None and started.pid not in {process.pid for process in marked(mark)}:
        time.sleep(0.01)
    return started


def marked(mark: str) -> tuple[Process, ...]:
    """Every living process that was started with `mark`, or by one that was."""
    found = []
    for process in psutil.process_iter(["environ"]):
        # None: another user's process, or one that ends while it is looked at.
        environment = process.info["environ"] or {}
        role, _, its_mark = environment.get(MARK, "").partition(":")
        if its_mark == mark and process.pid != os.getpid():
            found.append(Process(process.pid, role, leads=_leads(process.pid)))
    return tuple(found)


def _leads(pid: int) -> bool:
    with suppress(ProcessLookupError):
        return os.getsid(pid) == pid
    return False


def stop(mark: str, role: str, grace: float) -> int:
    """Ends what runs in `role` under `mark`: SIGTERM to the one that leads, which sees to those
    that it started, and after `grace` seconds SIGKILL to whatever is left. Returns how many
    processes there were."""
    processes = _in_role(mark, role)
    leaders = [process for process in processes if process.leads]
    for process in leaders or processes:
        _signal(process.pid, signal.SIGTERM)
    deadline = time.monotonic() + grace
    while time.monotonic() < deadline and _in_role(mark, role):
        time.sleep(0.1)
    while left := _in_role(mark, role):
        for process in left:
            _signal(process.pid, signal.SIGKILL)
        time.sleep(0.1)
    return len(processes)


def _in_role(mark: str, role: str) -> list[Process]:
    return [process for process in marked(mark) if process.role == role]


def _signal(pid: int, number: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, number)
