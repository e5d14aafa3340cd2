"""The flows on a real Prefect server with a real worker: tracked, deployed, triggered by hand.

Proves the lock file too: a server that the locked versions can't start fails here.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from flows.newsstand import ServedPress, load_press, serve_in_thread

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("server")]
ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
FEEDS = ROOT / "seeds" / "newsstand" / "feeds.opml"


@dataclass
class Server:
    """A Prefect server on loopback, and an environment that knows it."""

    api_url: str
    env: dict[str, str]

    def call(self, *command: str, cwd: Path = ROOT, code: int = 0, **env: str) -> str:
        """The output of a command that should end with `code`."""
        done = subprocess.run(
            [str(BIN / command[0]), *command[1:]],
            env=self.env | env,
            cwd=cwd,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        assert done.returncode == code, f"{command}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def find(self, what: str, **query: object) -> list[dict[str, Any]]:
        """Objects of the server's API, such as `flow_runs`."""
        answer = httpx.post(f"{self.api_url}/{what}/filter", json=query, timeout=30)
        answer.raise_for_status()
        found: list[dict[str, Any]] = answer.json()
        return found


@pytest.fixture(scope="module")
def newsstand() -> Iterator[ServedPress]:
    with serve_in_thread(load_press(1)) as served:
        yield served


@pytest.fixture(scope="module")
def server(newsstand: ServedPress, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home = tmp_path_factory.mktemp("prefect")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    api_url = f"http://127.0.0.1:{port}/api"
    env = {k: v for k, v in os.environ.items() if not k.startswith(("PREFECT_", "PRESSCLIP_"))} | {
        "PREFECT_HOME": str(home),
        "PREFECT_API_URL": api_url,
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "PREFECT_WORKER_QUERY_SECONDS": "2",
        "PRESSCLIP_PROXY": newsstand.proxy_url,
        "PRESSCLIP_HOST_PAUSE": "0",
    }
    log = (home / "server.log").open("wb")
    command = [str(BIN / "prefect"), "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    process = subprocess.Popen(command, env=env, stdout=log, stderr=log)
    try:
        _wait_for(f"{api_url}/health", process, home / "server.log")
        yield Server(api_url, env)
    finally:
        process.terminate()
        process.wait(30)


def _wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        assert process.poll() is None, f"the server ended:\n{log.read_text()[-3000:]}"
        try:
            if httpx.get(url, timeout=2).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.5)
    raise AssertionError(f"{url} did not answer in time:\n{log.read_text()[-3000:]}")


def clippings(server: Server, path: Path) -> int:
    out = server.call("pressclip", "clippings", "--json", "-w", str(path), "-n", "100")
    return len(json.loads(out))


def test_ingest_is_a_tracked_flow_run_where_a_server_is_configured(
    server: Server, tmp_path: Path
) -> None:
    path = tmp_path / "press.duckdb"
    server.call("pressclip", "ingest", "--feeds", str(FEEDS), "-w", str(path))
    (run,) = server.find("flow_runs", flows={"name": {"any_": ["ingest"]}})
    assert run["state_type"] == "COMPLETED"
    tasks = server.find("task_runs", flow_runs={"id": {"any_": [run["id"]]}})
    assert {task["name"].split(" ", 1)[1] for task in tasks} == {"feeds", "links"}
    assert len(tasks) < 10
    (artifact,) = server.find("artifacts", artifacts={"key": {"any_": ["ingest-summary"]}})
    assert "entries stored" in artifact["data"]
    assert clippings(server, path) > 5


@pytest.fixture(scope="module")
def worker(server: Server) -> Iterator[None]:
    server.call("prefect", "work-pool", "create", "--type", "process", "pressclip")
    server.call(
        "prefect", "--no-prompt", "deploy", "--all", "--prefect-file", "deploy/prefect.yaml"
    )
    process = subprocess.Popen(
        [str(BIN / "prefect"), "worker", "start", "--pool", "pressclip"],
        env=server.env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait(60)


@pytest.mark.usefixtures("worker")
def test_each_step_can_be_triggered_and_waited_for(server: Server, tmp_path: Path) -> None:
    path = tmp_path / "steps.duckdb"
    server.call("pressclip", "feeds", "import", str(FEEDS), "-w", str(path))
    for flow in ("poll", "harvest", "load", "publish"):
        out = server.call(
            "pressclip", "trigger", flow, "-p", f"warehouse={path}", "--wait", "--timeout", "120"
        )
        assert "COMPLETED" in out
    assert clippings(server, path) > 5
    keys = {artifact["key"] for artifact in server.find("artifacts")}
    assert {"poll-summary", "harvest-summary", "load-summary", "publish-summary"} <= keys


@pytest.mark.usefixtures("worker")
def test_deploying_twice_changes_nothing(server: Server) -> None:
    before = {one["id"] for one in server.find("deployments")}
    server.call(
        "prefect", "--no-prompt", "deploy", "--all", "--prefect-file", "deploy/prefect.yaml"
    )
    assert {one["id"] for one in server.find("deployments")} == before
    assert len(before) == 5


def test_an_unknown_deployment_is_named(server: Server) -> None:
    done = subprocess.run(
        [str(BIN / "pressclip"), "trigger", "sweep"],
        env=server.env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "no deployment sweep/sweep" in done.stderr


def test_a_server_that_does_not_answer_does_not_stop_the_desk(
    server: Server, tmp_path: Path
) -> None:
    path = tmp_path / "alone.duckdb"
    out = server.call(
        "pressclip",
        "ingest",
        "--feeds",
        str(FEEDS),
        "-w",
        str(path),
        PREFECT_API_URL="http://127.0.0.1:1/api",
    )
    assert "stored" in out
