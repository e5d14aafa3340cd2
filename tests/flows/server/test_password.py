"""A server with a password, from the first command to the last event; and an end after a crash."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from flows.server.processes import marked
from tests.servers.ports import free_port
from tests.servers.prefect_server import Up
from tests.waiting import eventually

pytestmark = [pytest.mark.server, pytest.mark.long]
SECRET = "desk:correct-horse-battery"


@pytest.fixture(scope="module")
def locked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    """A station of its own, with a password."""
    path = tmp_path_factory.mktemp("locked") / "press.duckdb"
    desk = Up.at(path, PREFECT_SERVER_API_AUTH_STRING=SECRET)
    try:
        desk.call("pressclip", "server", "up", "--newsstand", "--port", str(free_port()))
        desk.pause_schedules()
        desk.settle()
        yield desk
    finally:
        desk.call("pressclip", "server", "down")


def test_the_whole_chain_works_with_a_password(locked: Up) -> None:
    """A scheduled poll may have come first; what follows it then is the same chain."""
    out = locked.call("pressclip", "trigger", "poll", "--wait", PREFECT_API_AUTH_STRING=SECRET)
    assert "COMPLETED" in out
    eventually(locked.path.exists, "the published copy")
    eventually(lambda: len(locked.clippings()) > 10, "clippings")


def test_without_it_the_server_says_no_and_we_say_why(locked: Up, tmp_path: Path) -> None:
    assert httpx.get(f"{locked.api_url}/admin/version", trust_env=False).status_code == 401
    stranger = Up.at(tmp_path / "press.duckdb", PREFECT_API_URL=locked.api_url)
    done = stranger.run("pressclip", "trigger", "poll", "--wait")
    assert done.returncode == 1
    assert "PREFECT_API_AUTH_STRING" in done.stderr
    assert "Traceback" not in done.stderr
    done = stranger.run(
        "pressclip", "ingest", "--feeds", str(stranger.feeds), PRESSCLIP_PROXY=locked.proxy_url
    )
    assert done.returncode == 0
    assert "PREFECT_API_AUTH_STRING" in done.stderr
    assert "stored" in done.stdout


def test_every_command_says_that_it_needs_the_password(locked: Up) -> None:
    there = {"PREFECT_SERVER_API_AUTH_STRING": "", "PREFECT_API_URL": locked.api_url}
    for command in (("deploy",), ("worker",)):
        done = locked.run("pressclip", "server", *command, **there)
        assert (done.returncode, done.stderr.count("\n")) == (1, 1)
        assert "PREFECT_API_AUTH_STRING" in done.stderr
    done = locked.run("pressclip", "server", "up", "--newsstand", PREFECT_SERVER_API_AUTH_STRING="")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "PREFECT_SERVER_API_AUTH_STRING" in done.stderr
    done = locked.run("pressclip", "server", "status", PREFECT_SERVER_API_AUTH_STRING="")
    assert done.returncode == 1
    assert "wants a password" in done.stdout


def test_the_password_is_in_no_log_and_no_command_line(locked: Up) -> None:
    secret = SECRET.partition(":")[2].encode()
    logs = [file for file in locked.home.rglob("*") if file.suffix in {".log", ".json"}]
    assert len(logs) >= 3
    assert not any(secret in file.read_bytes() for file in logs)
    for process in marked(str(locked.home)):
        assert secret not in Path(f"/proc/{process.pid}/cmdline").read_bytes()
    assert (locked.home.stat().st_mode & 0o777) == 0o700


def test_down_ends_everything_also_after_a_crash(locked: Up) -> None:
    for process in marked(str(locked.home)):
        if process.role == "worker" and process.leads:
            os.kill(process.pid, signal.SIGKILL)
    assert locked.run("pressclip", "server", "status").returncode == 1
    assert "server" in locked.call("pressclip", "server", "down")
    assert marked(str(locked.home)) == ()
    assert "Nothing was up" in locked.call("pressclip", "server", "down")
