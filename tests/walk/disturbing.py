"""Disturbing `pressclip ingest` as a process of its own, and looking at what is left."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from flows.archive.reading import END_OF_TIME, RecordedPage, SkippedRecord, read_warc
from flows.archive.retention import archived
from flows.fetch.decompress import Limits
from flows.newsstand import ServedPress
from tests.walk.walking import Rows, rows
from warehouse.database.open import open_warehouse
from warehouse.desk import Desk
from warehouse.loading.landing import landed
from warehouse.upkeep.checks import check

PATIENCE = 180.0
"""Seconds that a run may take on a busy machine; one that hangs takes longer."""


class Victim(StrEnum):
    """Whom a SIGKILL hits."""

    GROUP = "group"
    """The run and its workers, as when a container is stopped."""
    PARENT = "parent"
    """The run alone; its workers have to notice."""
    WORKERS = "workers"
    """The workers alone, as when memory is short; the run has to go on."""


def start(newsstand: ServedPress, path: Path, **more: str) -> subprocess.Popen[bytes]:
    """`pressclip ingest` as a process group of its own; `more` is its environment."""
    env = os.environ | {
        "PRESSCLIP_PROXY": newsstand.proxy_url,
        "PRESSCLIP_HOST_PAUSE": "0",
        "PRESSCLIP_BATCH_SIZE": "7",
        "PRESSCLIP_WORKERS": "1",
        "PREFECT_API_URL": "",
        **more,
    }
    command = [str(Path(sys.executable).with_name("pressclip")), "ingest", "--warehouse", str(path)]
    return subprocess.Popen(
        command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True
    )


def finish(run: subprocess.Popen[bytes]) -> tuple[int, str]:
    """Waits for the end of a run: its exit code and what it said. One that hangs fails."""
    try:
        _, said = run.communicate(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        os.killpg(run.pid, signal.SIGKILL)
        _, said = run.communicate()
        raise AssertionError(f"the run hangs; it said: {said.decode()}") from None
    return run.returncode, said.decode()


def kill(run: subprocess.Popen[bytes], victim: Victim) -> bool:
    """SIGKILLs `victim` of the run; False where there was none to kill."""
    if run.poll() is not None:
        return False
    hits = {
        Victim.GROUP: lambda: group_of(run.pid),
        Victim.PARENT: lambda: [run.pid],
        Victim.WORKERS: lambda: workers_of(run),
    }
    hit = hits[victim]()
    for pid in hit:
        _kill(pid)
    return bool(hit)


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return  # it ended by itself


def workers_of(run: subprocess.Popen[bytes]) -> list[int]:
    """The processes that parse: those that the fork server of a run has forked."""
    members = group_of(run.pid)
    return [pid for pid in members if _stat(pid)[0] in members and _stat(pid)[0] != run.pid]


def group_of(leader: int) -> list[int]:
    """The living processes of a process group."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        parent_and_group = _stat(int(folder.name))
        if parent_and_group[1] == leader:
            found.append(int(folder.name))
    return found


def _stat(pid: int) -> tuple[int, int]:
    """(parent, process group) of a process; zeros for one that is gone or a zombie."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace")
    except (FileNotFoundError, ProcessLookupError):
        return 0, 0
    state, parent, group = text.rpartition(")")[2].split()[:3]
    return (0, 0) if state == "Z" else (int(parent), int(group))


def wait_until_gone(leader: int, seconds: float = 30.0) -> list[int]:
    """Waits for the rest of a process group to end by itself; who is left after `seconds`."""
    deadline = time.monotonic() + seconds
    while (left := group_of(leader)) and time.monotonic() < deadline:
        time.sleep(0.05)
    return left


def complaints(path: Path) -> list[str]:
    """What is wrong with the desk of `path` after its last run; nothing for one that is whole."""
    desk = Desk.at(path)
    with open_warehouse(desk, wait=PATIENCE) as wh:
        found = [f"{broken.name}: {broken.count}" for broken in check(wh)[1]]
    found += [f"still landed: {left.name}" for left in landed(desk)]
    return found + _archive_complaints(path, desk)


def _archive_complaints(path: Path, desk: Desk) -> list[str]:
    """Torn files, and pages that articles were read from and that are not kept."""
    found: list[str] = []
    kept: set[tuple[str, datetime]] = set()
    for file in archived(desk):
        with desk.raw.open(file.name) as opened:
            limits = Limits(20_000_000, 250.0)
            records = list(read_warc(opened, file.name, limits, latest=END_OF_TIME))
        found += [one.message for one in records if isinstance(one, SkippedRecord)]
        pages = (one.page for one in records if isinstance(one, RecordedPage))
        kept |= {(page.final_url, page.fetched_at) for page in pages}
    for url, at in _read_from_pages(path):
        if (url, at) not in kept:
            found.append(f"the page of {url} fetched at {at} is not in the archive")
    return found


def _read_from_pages(path: Path) -> Iterator[tuple[str, datetime]]:
    read: Rows = rows(path, "SELECT url, fetched_at FROM articles WHERE text_kind = 'page'")
    for url, at in read:
        yield str(url), at.astimezone(UTC)
