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
    while started.poll() is None and started.pid not in {one.pid for one in marked(mark)}:
        time.sleep(0.01)
    return started


def marked(mark: str) -> tuple[Process, ...]:
    """Every living process that was started with `mark`, or by one that was."""
    found = _from_proc() if Path("/proc/self/environ").exists() else _from_ps()
    return tuple(
        Process(pid, role, leads=_leads(pid))
        for pid, (role, its_mark) in sorted(found.items())
        if its_mark == mark and pid != os.getpid()
    )


def _leads(pid: int) -> bool:
    with suppress(ProcessLookupError):
        return os.getsid(pid) == pid
    return False


def _from_proc() -> dict[int, tuple[str, str]]:
    found = {}
    wanted = f"{MARK}=".encode()
    for folder in Path("/proc").glob("[0-9]*"):
        # Other people's processes can't be read, and some end while they are looked at.
        with suppress(OSError):
            for line in (folder / "environ").read_bytes().split(b"\0"):
                if line.startswith(wanted):
                    role, _, mark = os.fsdecode(line[len(wanted) :]).partition(":")
                    found[int(folder.name)] = (role, mark)
    return found


def _from_ps() -> dict[int, tuple[str, str]]:
    """The same where there is no /proc, as on macOS."""
    done = subprocess.run(
        ["ps", "axeww", "-o", "pid=,command="],  # noqa: S607 - wherever the system keeps it
        capture_output=True,
        text=True,
        check=True,
    )
    found = {}
    for line in done.stdout.splitlines():
        pid, _, rest = line.strip().partition(" ")
        _, equals, value = rest.partition(f" {MARK}=")
        if equals:
            # A path may hold blanks; the next variable begins with capitals and an equals sign.
            words = value.split(" ")
            kept = [words[0]]
            for word in words[1:]:
                name, is_variable, _ = word.partition("=")
                if is_variable and name.isidentifier():
                    break
                kept.append(word)
            role, _, mark = " ".join(kept).partition(":")
            found[int(pid)] = (role, mark)
    return found


def stop(mark: str, role: str, grace: float) -> int:
    """Ends what runs in `role` under `mark`: SIGTERM to the one that leads, which sees to those
    that it started, and after `grace` seconds SIGKILL to whatever is left. Returns how many
    processes there were."""
    processes = [one for one in marked(mark) if one.role == role]
    leaders = [one for one in processes if one.leads]
    for process in leaders or processes:
        _signal(process.pid, signal.SIGTERM)
    deadline = time.monotonic() + grace
    while time.monotonic() < deadline and _left(mark, role):
        time.sleep(0.1)
    while left := _left(mark, role):
        for process in left:
            _signal(process.pid, signal.SIGKILL)
        time.sleep(0.1)
    return len(processes)


def _left(mark: str, role: str) -> list[Process]:
    return [one for one in marked(mark) if one.role == role]


def _signal(pid: int, number: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, number)
