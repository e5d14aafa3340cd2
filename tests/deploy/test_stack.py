"""What the compose file starts, as processes on loopback with exactly its environment: Postgres,
Redis, two API servers, one process of services, two workers; the chain of events through them.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from flows.newsstand import ServedPress, load_press, serve_in_thread
from tests.deploy.files import compose
from tests.servers.ports import free_port

pytestmark = pytest.mark.server
BIN = Path(sys.executable).parent
FEEDS = Path(__file__).parents[2] / "seeds" / "newsstand" / "feeds.opml"
LOGIN = ("desk", "word")


def postgres_folder() -> Path:
    """Where Postgres's programs are; skips where there are none."""
    found = [path.parent for path in sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))]
    if not found:
        pytest.skip("Postgres is not installed here (Debian: postgresql)")
    return found[-1]


def redis_server() -> str:
    found = shutil.which("redis-server")
    if not found:
        pytest.skip("Redis is not installed here (Debian: redis-server)")
    return found


def until(done: Callable[[], object], what: str, seconds: float = 180) -> None:
    deadline = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < deadline, what
        time.sleep(0.5)


@dataclass
class Stack:
    """Processes with the compose file's environment, its hosts on loopback."""

    folder: Path
    press: ServedPress
    postgres: int = field(default_factory=free_port)
    redis: int = field(default_factory=free_port)
    servers: tuple[int, int] = field(default_factory=lambda: (free_port(), free_port()))

    def env(self, service: str, server: int = 0) -> dict[str, str]:
        """The environment of a service of the compose file, as it is here."""
        here = {
            "@postgres:5432": f"@127.0.0.1:{self.postgres}",
            "@redis:6379": f"@127.0.0.1:{self.redis}",
            "server:4200": f"127.0.0.1:{self.servers[server]}",
            "/tmp/prefect": str(self.folder / f"prefect-{service}-{server}"),
            "/data/": f"{self.folder}/data/",
        }
        env = {k: v for k, v in os.environ.items() if not k.startswith(("PREFECT_", "PRESSCLIP_"))}
        for name, value in compose()["services"][service]["environment"].items():
            text = str(value)
            for composed, local in here.items():
                text = text.replace(composed, local)
            env[name] = text
        return env | {
            "PRESSCLIP_PROXY": self.press.proxy_url,
            "PRESSCLIP_HOST_PAUSE": "0",
            "PREFECT_WORKER_QUERY_SECONDS": "2",
        }

    def call(self, service: str, *command: str, server: int = 0) -> str:
        """The output of a command, run to its end as part of `service`."""
        done = self.run(service, *command, server=server)
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def run(self, service: str, *command: str, server: int = 0) -> subprocess.CompletedProcess[str]:
        """A command, run to whatever end as part of `service`."""
        return subprocess.run(
            [str(BIN / command[0]), *command[1:]],
            env=self.env(service, server),
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    @contextmanager
    def running(self, service: str, *command: str, server: int = 0) -> Iterator[None]:
        """A program of `service` at work, its log in the folder."""
        log = self.folder / f"{service}-{server}.log"
        with log.open("wb") as file:
            process = subprocess.Popen(
                [str(BIN / command[0]), *command[1:]],
                env=self.env(service, server),
                cwd=self.folder,
                stdout=file,
                stderr=file,
            )
            try:
                yield
                assert process.poll() is None, log.read_text()[-3000:]
            finally:
                process.terminate()
                process.wait(60)

    def find(self, what: str, **query: object) -> list[dict[str, Any]]:
        """Objects of the second server's API: whatever the first was told."""
        url = f"http://127.0.0.1:{self.servers[1]}/api/{what}/filter"
        answer = httpx.post(url, json=query, auth=LOGIN, timeout=30).raise_for_status()
        found: list[dict[str, Any]] = answer.json()
        return found

    def answers(self, server: int) -> bool:
        try:
            url = f"http://127.0.0.1:{self.servers[server]}/api/health"
            return httpx.get(url, timeout=3).status_code == 200
        except httpx.TransportError:
            return False


@contextmanager
def postgres(stack: Stack, programs: Path) -> Iterator[None]:
    """Postgres with the compose file's user and database; not as root, which it refuses."""
    user = "postgres" if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="pressclip-postgres-"))
    environment = compose()["services"]["postgres"]["environment"]
    (folder / "word").write_text(environment["POSTGRES_PASSWORD"])
    if user:
        for path in (folder, folder / "word"):
            shutil.chown(path, user)
    data = str(folder / "data")
    name = environment["POSTGRES_USER"]
    login = [f"--username={name}", f"--pwfile={folder / 'word'}", "--auth=scram-sha-256"]
    try:
        subprocess.run(
            [programs / "initdb", f"--pgdata={data}", "--no-sync", *login],
            user=user,
            check=True,
            capture_output=True,
        )
        process = subprocess.Popen(
            [
                str(programs / "postgres"),
                "-D",
                data,
                "-p",
                str(stack.postgres),
                "-k",
                str(folder),
                "-h",
                "127.0.0.1",
                "-F",
            ],
            user=user,
            stderr=subprocess.DEVNULL,
        )
        try:
            ready = [str(programs / "pg_isready"), "-h", "127.0.0.1", "-p", str(stack.postgres)]
            until(
                lambda: not subprocess.run(ready, capture_output=True, check=False).returncode,
                "Postgres did not start",
            )
            subprocess.run(
                [
                    str(programs / "createdb"),
                    "-h",
                    "127.0.0.1",
                    "-p",
                    str(stack.postgres),
                    "-U",
                    name,
                    environment["POSTGRES_DB"],
                ],
                env=os.environ | {"PGPASSWORD": environment["POSTGRES_PASSWORD"]},
                check=True,
            )
            yield
        finally:
            process.terminate()
            process.wait(30)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def redis(stack: Stack, program: str) -> Iterator[None]:
    """Redis with the compose file's own command line, on another port."""
    command = [str(part) for part in compose()["services"]["redis"]["command"]]
    process = subprocess.Popen(
        [
            program,
            *command[1:],
            "--port",
            str(stack.redis),
            "--bind",
            "127.0.0.1",
            "--dir",
            str(stack.folder),
        ],
        stdout=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait(30)


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    programs, program = postgres_folder(), redis_server()
    with ExitStack() as at_work:
        press = at_work.enter_context(serve_in_thread(load_press(1)))
        one = Stack(tmp_path_factory.mktemp("stack"), press)
        at_work.enter_context(postgres(one, programs))
        at_work.enter_context(redis(one, program))
        services = compose()["services"]
        one.call("migrate", *services["migrate"]["command"])
        serving = [part for part in services["server"]["command"] if part != "4200"]
        for number, port in enumerate(one.servers):
            command = [part.replace("0.0.0.0", "127.0.0.1") for part in serving]
            at_work.enter_context(one.running("server", *command, str(port), server=number))
            # One after the other: two that are the first on a database register the same blocks,
            # and one of them ends (it is well when it is started again).
            until(partial(one.answers, number), f"server {number} does not answer")
        at_work.enter_context(one.running("services", *services["services"]["command"]))
        yield one


def test_the_walk_through_two_servers_and_two_workers(stack: Stack) -> None:
    services = compose()["services"]
    stack.call("deploy", *services["deploy"]["command"])
    (stack.folder / "data").mkdir()
    stack.call("worker", "pressclip", "feeds", "import", str(FEEDS))
    with ExitStack() as workers:
        for number in range(2):
            command = services["worker"]["command"]
            workers.enter_context(stack.running("worker", *command, server=number))

        def polled() -> bool:
            # Cancelled while a scheduled one is at work, which may have come a moment before.
            poll = ("pressclip", "trigger", "poll", "--wait", "--timeout", "240")
            done = stack.run("worker", *poll)
            assert "COMPLETED" in done.stdout or "CANCELLED" in done.stdout, done.stderr
            return done.returncode == 0

        until(polled, "no poll by hand came to its end", 400)

        def clippings() -> int:
            found = stack.call("worker", "pressclip", "clippings", "--json", "-n", "100")
            return len(json.loads(found))

        # The poll's event goes through one server, Redis and the services to a worker.
        until(lambda: clippings() > 5, "no harvest followed the poll", 400)
    runs = stack.find("flow_runs")
    assert {"poll", "harvest"} <= {run["name"].split()[0] for run in runs}
    # A docket in memory would have scheduled every run twice, once a server.
    scheduled = Counter(
        (run["deployment_id"], run["expected_start_time"]) for run in runs if run["auto_scheduled"]
    )
    assert scheduled
    assert set(scheduled.values()) == {1}


def test_a_server_asks_for_the_password(stack: Stack) -> None:
    url = f"http://127.0.0.1:{stack.servers[0]}/api/flow_runs/filter"
    assert httpx.post(url, json={}, timeout=30).status_code == 401
    assert httpx.post(url, json={}, auth=LOGIN, timeout=30).status_code == 200
